//! Are groups of dots spread differently (PERMDISP; Anderson 2006): the distance of every dot to the centre of its group,
//! compared by an analysis of variance.
//!
//! It stands beside DISCO ([`super::energy`]), which sees any difference: where this one sees something too, the groups
//! differ in spread, and not only in where they lie. As there, plain distances count as the squares: those of the space in
//! which the square roots of the distances are straight lines.

use rand_chacha::ChaCha8Rng;

use super::chance::{DrawnP, Draws, Seed, permutation_p};
use super::energy::dense;
use super::places::Places;
use super::spread::{Anova, anova};

/// How groups are spread.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispersion {
    /// F of the distances to the centres.
    pub f: f64,
    /// Mean distance to the centre, by group in the order of its code.
    pub means: Vec<f64>,
    /// How often chance alone reaches F.
    pub p: DrawnP,
}

/// PERMDISP of `groups` (a code for each of `places`). What is permuted by `permute` are the distances to the centres
/// less the mean of their group (residuals; Anderson 2006), so that groups which lie apart but are spread alike are not
/// called different. None with fewer than 2 groups, when the lengths differ, and when all distances in every group are equal.
pub fn dispersion(
    places: &[[f64; 2]],
    groups: &[u32],
    seed: &Seed,
    draws: Draws,
    permute: impl Fn(&mut Vec<u32>, &mut ChaCha8Rng) + Sync + Send,
) -> Option<Dispersion> {
    let (codes, k) = dense(groups);
    if places.len() != codes.len() || k < 2 {
        return None;
    }
    let z = to_centres(places, &codes, k);
    let Anova { f, means, within, .. } = anova(&z, &codes, k)?;
    let residuals: Vec<f64> = z.iter().zip(&codes).map(|(z, code)| z - means[*code as usize]).collect();
    let mut sizes = vec![0.0; k];
    codes.iter().for_each(|code| sizes[*code as usize] += 1.0);
    let (above, below) = ((k - 1) as f64, (codes.len() - k) as f64);
    let rows: Vec<u32> = (0..codes.len() as u32).collect();
    let p = permutation_p(
        seed,
        draws,
        f,
        || (rows.clone(), vec![0.0; k]),
        |(order, sums), rng| {
            order.clone_from(&rows);
            permute(order, rng);
            sums.fill(0.0);
            order.iter().zip(&codes).for_each(|(row, code)| sums[*code as usize] += residuals[*row as usize]);
            // Residuals sum to 0, and their squares to what was within the groups.
            let between: f64 = sums.iter().zip(&sizes).map(|(sum, size)| sum * sum / size).sum();
            between / above / ((within - between).max(f64::MIN_POSITIVE) / below)
        },
    );
    Some(Dispersion { f, means, p })
}

/// Distance of each row to the centre of its group.
fn to_centres(places: &[[f64; 2]], codes: &[u32], k: usize) -> Vec<f64> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); k];
    codes.iter().enumerate().for_each(|(row, code)| members[*code as usize].push(row));
    let mut squares = vec![0.0; codes.len()];
    for rows in &members {
        let size = rows.len() as f64;
        let sums = Places::of(places, rows).row_sums();
        // Every pair is counted from both ends.
        let middle = sums.iter().sum::<f64>() / (2.0 * size * size);
        rows.iter().zip(&sums).for_each(|(row, sum)| squares[*row] = sum / size - middle);
    }
    // A dot on its centre is at 0, whatever rounding made of it.
    squares.into_iter().map(|s| if s < 1e-15 { 0.0 } else { s.sqrt() }).collect()
}

#[cfg(test)]
mod tests {
    use rand::seq::SliceRandom;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        points: Vec<[f64; 2]>,
        groups: Vec<u32>,
        /// F of `skbio.stats.distance.permdisp` about centroids, on square roots of distances; none where it is infinite.
        dispersion: Option<f64>,
        /// p of permuted residuals, written out with numpy.
        spread_p: Option<f64>,
        permutations: u32,
    }

    #[derive(Deserialize)]
    struct Fixture {
        discos: Vec<Case>,
    }

    fn cases() -> Vec<Case> {
        serde_json::from_str::<Fixture>(include_str!("../../../tests/oracles/shapes.json")).unwrap().discos
    }

    fn of(points: &[[f64; 2]], groups: &[u32]) -> Option<Dispersion> {
        let draws = Draws { most: 4_999, stop_at: None };
        dispersion(points, groups, &Seed::of([&b"spread"[..]]), draws, |order, rng| order.shuffle(rng))
    }

    #[test]
    fn another_program_agrees() {
        for case in cases() {
            let (ours, Some(f)) = (of(&case.points, &case.groups), case.dispersion) else {
                assert!(case.dispersion.is_none());
                continue;
            };
            let ours = ours.unwrap();
            assert!((ours.f - f).abs() <= 1e-9 * f.max(1e-3), "{ours:?} {f}");
            if let Some(p) = case.spread_p {
                let bound = 4.0 * (p * (1.0 - p) * (1.0 / 4_999.0 + 1.0 / f64::from(case.permutations))).sqrt() + 1e-3;
                assert!((ours.p.p - p).abs() <= bound, "{ours:?} {p} {bound}");
            }
        }
    }

    #[test]
    fn a_shift_alone_is_no_difference_in_spread() {
        let dots: Vec<[f64; 2]> = (0..40).map(|i| [f64::from(i % 8) / 40.0, f64::from(i / 8) / 40.0]).collect();
        let moved: Vec<[f64; 2]> = dots.iter().map(|[x, y]| [x + 0.5, *y]).collect();
        let wide: Vec<[f64; 2]> = dots.iter().map(|[x, y]| [4.0 * x, 4.0 * y]).collect();
        let groups: Vec<u32> = (0..80).map(|i| u32::from(i >= 40)).collect();
        assert!(of(&[dots.clone(), moved].concat(), &groups).unwrap().p.p > 0.5);
        let found = of(&[dots.clone(), wide].concat(), &groups).unwrap();
        assert!(found.p.p < 0.001 && found.means[1] > found.means[0], "{found:?}");
        assert_eq!(of(&dots, &[3; 40]), None);
        assert_eq!(of(&[[0.2, 0.3]; 6], &[0, 0, 0, 1, 1, 1]), None);
    }
}
