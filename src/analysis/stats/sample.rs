//! Fewer rows where a method looks at all pairs: which rows are kept is drawn from a seed, and told in the result.

use rand::seq::{SliceRandom, index};

use super::chance::Seed;

/// Most rows whose pairs are all looked at.
pub const MOST: usize = 2_000;
/// A group keeps so many rows, if it has them, however large the others are.
const LEAST_OF_A_GROUP: usize = 10;

/// The rows whose pairs are all looked at, ascending, and how many they are when they are not all: whole participants where
/// `units` tells whose row is whose, else a part of each of the `groups`. The same seed keeps the same rows.
pub fn kept(seed: &Seed, groups: &[u32], units: Option<&[u32]>) -> (Vec<usize>, Option<u32>) {
    let seed = seed.child("sample");
    let found = match units {
        Some(units) => whole_units(&seed, units, MOST),
        None => stratified(&seed, groups, MOST),
    };
    let sampled = found.as_ref().map(|rows| rows.len() as u32);
    (found.unwrap_or_else(|| (0..groups.len()).collect()), sampled)
}

/// Rows to keep, ascending, when there are more than `most`; none when all can be kept. `strata` has the group of each row:
/// each group keeps its part of the whole (at least 10 rows), so `most` may be passed by some rows in many small groups.
/// Rows must come in an order that does not depend on how the data were stored.
pub fn stratified(seed: &Seed, strata: &[u32], most: usize) -> Option<Vec<usize>> {
    if strata.len() <= most {
        return None;
    }
    let mut order: Vec<usize> = (0..strata.len()).collect();
    order.sort_by_key(|row| strata[*row]);
    let mut kept = Vec::with_capacity(most);
    for members in order.chunk_by(|a, b| strata[*a] == strata[*b]) {
        let part = most * members.len() / strata.len();
        let amount = part.max(LEAST_OF_A_GROUP).min(members.len());
        let mut rng = seed.rng(u64::from(strata[members[0]]));
        kept.extend(index::sample(&mut rng, members.len(), amount).iter().map(|i| members[i]));
    }
    kept.sort_unstable();
    Some(kept)
}

/// Rows to keep, ascending, when there are more than `most`; none when all can be kept. `units` has the participant of each
/// row: participants are kept or left as a whole, in a drawn order, until the next would pass `most`.
pub fn whole_units(seed: &Seed, units: &[u32], most: usize) -> Option<Vec<usize>> {
    if units.len() <= most {
        return None;
    }
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|row| units[*row]);
    let mut groups: Vec<&[usize]> = order.chunk_by(|a, b| units[*a] == units[*b]).collect();
    groups.shuffle(&mut seed.rng(0));
    let mut kept = Vec::with_capacity(most);
    for rows in groups {
        if kept.len() + rows.len() > most {
            break;
        }
        kept.extend_from_slice(rows);
    }
    kept.sort_unstable();
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_their_part_and_small_ones_ten() {
        let strata: Vec<u32> = (0..10_000).map(|i| if i < 30 { 7 } else { (i % 4 == 0).into() }).collect();
        let seed = Seed::of([&b"sample"[..]]);
        let kept = stratified(&seed, &strata, 2_000).unwrap();
        let of = |group| kept.iter().filter(|row| strata[**row] == group).count();
        assert_eq!(of(7), 10);
        assert!(of(0).abs_diff(1_496) <= 2 && of(1).abs_diff(499) <= 2, "{} {}", of(0), of(1));
        assert!(kept.is_sorted() && kept.windows(2).all(|w| w[0] != w[1]));
        assert_eq!(stratified(&seed, &strata, 2_000), Some(kept));
        assert_eq!(stratified(&seed, &strata, 10_000), None);
    }

    #[test]
    fn participants_are_kept_whole() {
        let units: Vec<u32> = (0..3_000).map(|i| i % 1_000).collect();
        let kept = whole_units(&Seed::of([]), &units, 2_000).unwrap();
        assert_eq!(kept.len(), 1_998);
        let mut told = vec![0; 1_000];
        kept.iter().for_each(|row| told[units[*row] as usize] += 1);
        assert!(told.iter().all(|n| [0, 3].contains(n)));
    }
}
