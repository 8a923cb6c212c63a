//! Permutations of rows that respect who told them: single rows, whole participants, or only inside a participant.
//!
//! Values x stay where they are and values y move. When a participant tells several stories these are not independent,
//! so a permutation must move a participant's values together (Field and Welsh 2007), or, when what is compared lies
//! inside participants, only there.

use std::collections::HashMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::chance::{self, DrawnP, Draws, Seed};

/// Units of as many rows each that may change places with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Class {
    /// Where its rows begin.
    start: usize,
    /// How many units.
    units: usize,
    /// How many rows a unit has.
    size: usize,
}

/// Which rows may take each other's place. Draws follow the order of rows, so put rows in an order that does not depend
/// on how they arrived; names of clusters and blocks do not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shuffle {
    rows: Vec<u32>,
    classes: Vec<Class>,
    len: usize,
}

impl Shuffle {
    /// Every one of `n` rows may take every place: rows are independent.
    pub fn rows(n: usize) -> Self {
        Self { rows: (0..n as u32).collect(), classes: classes([Class { start: 0, units: n, size: 1 }]), len: n }
    }

    /// Rows of one cluster move together, to the place of another cluster with as many rows: its first row to the first
    /// row there, and so on. `cluster` names the cluster of every row. A cluster that is alone in its size stays.
    pub fn clusters(cluster: &[u32]) -> Self {
        let mut groups = gathered(cluster);
        // A stable sort: inside a size the order of first rows stays.
        groups.sort_by_key(Vec::len);
        let mut start = 0;
        let found = groups.chunk_by(|a, b| a.len() == b.len()).map(|same| {
            let class = Class { start, units: same.len(), size: same[0].len() };
            start += class.units * class.size;
            class
        });
        let classes = classes(found);
        Self { rows: groups.concat(), classes, len: cluster.len() }
    }

    /// Rows change places only inside their block (a participant, or a participant's wave). `block` names the block of
    /// every row.
    pub fn within(block: &[u32]) -> Self {
        let groups = gathered(block);
        let mut start = 0;
        let found = groups.iter().map(|rows| {
            let class = Class { start, units: rows.len(), size: 1 };
            start += class.units;
            class
        });
        let classes = classes(found);
        Self { rows: groups.concat(), classes, len: block.len() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether anything can change places; when not, every permutation p-value is 1 and says nothing.
    pub fn moves(&self) -> bool {
        !self.classes.is_empty()
    }

    /// Writes a random permutation: `order[row]` is the row whose value comes to `row`. What was in `order` is lost.
    pub fn permute(&self, order: &mut Vec<u32>, rng: &mut ChaCha8Rng) {
        order.clear();
        order.extend(0..self.len as u32);
        for class in &self.classes {
            // Fisher and Yates over units; rows of two units are exchanged one by one.
            for i in (1..class.units).rev() {
                let j = rng.random_range(0..=i as u32) as usize;
                let (a, b) = (class.start + i * class.size, class.start + j * class.size);
                for offset in 0..class.size {
                    order.swap(self.rows[a + offset] as usize, self.rows[b + offset] as usize);
                }
            }
        }
    }

    /// Mean of the sum of x times permuted y over all permutations: what chance alone is expected to give. Two-sided
    /// permutation tests measure how far they are from it; it is not simply n times the means when rows cannot go
    /// everywhere. `x` and `y` have [`Self::len`] values.
    pub fn expected_product(&self, x: &[f64], y: &[f64]) -> f64 {
        let mut moving = vec![false; self.len];
        let mut total = 0.0;
        for class in &self.classes {
            for offset in 0..class.size {
                let rows = || (0..class.units).map(|unit| self.rows[class.start + unit * class.size + offset] as usize);
                rows().for_each(|row| moving[row] = true);
                let (sum_x, sum_y) = rows().fold((0.0, 0.0), |(a, b), row| (a + x[row], b + y[row]));
                total += sum_x * sum_y / class.units as f64;
            }
        }
        total + (0..self.len).filter(|row| !moving[*row]).map(|row| x[row] * y[row]).sum::<f64>()
    }

    /// Permutation p-value of a statistic of the order of rows (see [`Self::permute`]), large when extreme.
    pub fn p(&self, seed: &Seed, draws: Draws, observed: f64, statistic: impl Fn(&[u32]) -> f64 + Sync + Send) -> DrawnP {
        chance::permutation_p(seed, draws, observed, Vec::new, |order, rng| {
            self.permute(order, rng);
            statistic(order)
        })
    }
}

/// Classes in which something can move.
fn classes(found: impl IntoIterator<Item = Class>) -> Vec<Class> {
    found.into_iter().filter(|class| class.units > 1).collect()
}

/// Rows by name, names in the order in which they first occur, so that renaming changes nothing.
fn gathered(names: &[u32]) -> Vec<Vec<u32>> {
    let mut place: HashMap<u32, usize> = HashMap::new();
    let mut groups: Vec<Vec<u32>> = Vec::new();
    for (row, name) in names.iter().enumerate() {
        let at = *place.entry(*name).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[at].push(row as u32);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(shuffle: &Shuffle, draw: u64) -> Vec<u32> {
        let mut order = vec![7; 3];
        shuffle.permute(&mut order, &mut Seed::of([&b"shuffle"[..]]).rng(draw));
        order
    }

    fn is_permutation(order: &[u32]) -> bool {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        sorted.iter().copied().eq(0..order.len() as u32)
    }

    #[test]
    fn rows_go_everywhere_equally_often() {
        let shuffle = Shuffle::rows(3);
        let mut seen: HashMap<Vec<u32>, u32> = HashMap::new();
        (0..6000).for_each(|i| *seen.entry(draw(&shuffle, i)).or_default() += 1);
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|count| (880..1120).contains(count)), "{seen:?}");
    }

    #[test]
    fn clusters_move_as_a_whole_between_equal_sizes() {
        let cluster = [5, 5, 1, 9, 1, 9, 2, 7, 7, 7];
        let shuffle = Shuffle::clusters(&cluster);
        let mut seen = std::collections::HashSet::new();
        for i in 0..200 {
            let order = draw(&shuffle, i);
            assert!(is_permutation(&order));
            assert_eq!(order[6..], [6, 7, 8, 9], "alone in their size");
            let moved: Vec<u32> = order.iter().map(|row| cluster[*row as usize]).collect();
            assert!(moved[0] == moved[1] && moved[2] == moved[4] && moved[3] == moved[5]);
            assert!(order[0] < order[1] && order[2] < order[4] && order[3] < order[5], "order inside stays");
            seen.insert(moved);
        }
        assert_eq!(seen.len(), 6);
        let renamed: Vec<u32> = cluster.iter().map(|c| 100 - c).collect();
        assert_eq!(draw(&shuffle, 3), draw(&Shuffle::clusters(&renamed), 3));
    }

    #[test]
    fn blocks_keep_their_rows() {
        let block = [1, 2, 1, 2, 3, 1];
        let shuffle = Shuffle::within(&block);
        let seen: std::collections::HashSet<_> = (0..300).map(|i| draw(&shuffle, i)).collect();
        assert!(seen.iter().all(|o| is_permutation(o) && (0..6).all(|row| block[o[row] as usize] == block[row])));
        assert_eq!(seen.len(), 12);
    }

    #[test]
    fn what_cannot_move_says_so() {
        assert!(!Shuffle::rows(1).moves() && !Shuffle::within(&[1, 2, 3]).moves() && !Shuffle::clusters(&[1, 1, 2]).moves());
        assert!(Shuffle::rows(0).is_empty() && Shuffle::clusters(&[1, 2]).moves());
        let drawn = Shuffle::within(&[1, 2, 3]).p(&Seed::of([]), Draws { most: 99, stop_at: None }, 1.0, |o| f64::from(o[1]));
        assert_eq!((drawn.p, drawn.reached), (1.0, 99));
    }

    #[test]
    fn the_expected_product_is_the_mean_over_all_permutations() {
        let (x, y) = ([1.0, 4.0, 2.0, 8.0, 5.0, 7.0], [3.0, 1.0, 4.0, 1.0, 5.0, 9.0]);
        for shuffle in [Shuffle::rows(6), Shuffle::within(&[1, 1, 2, 2, 2, 3]), Shuffle::clusters(&[1, 1, 2, 2, 3, 4])] {
            let total: f64 =
                (0..20_000).map(|i| draw(&shuffle, i).iter().zip(x).map(|(row, x)| x * y[*row as usize]).sum::<f64>()).sum();
            let expected = shuffle.expected_product(&x, &y);
            assert!((total / 20_000.0 - expected).abs() < 0.5, "{} {expected}", total / 20_000.0);
        }
        assert!((Shuffle::rows(6).expected_product(&x, &y) - 27.0 * 23.0 / 6.0).abs() < 1e-12);
    }
}
