//! Whether counts fit given shares, such as the areas of the zones of a triad.

use rand::RngExt;

use super::super::chance::{DrawnP, Draws, Seed, permutation_p};
use super::chi_squared::{DENSE, upper};

/// A test of fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Pearson's chi-squared.
    pub statistic: f64,
    /// Degrees of freedom: categories with a share, less one.
    pub df: u32,
    /// P-value by the chi-squared distribution, 0 to 1.
    pub asymptotic: f64,
    /// P-value by draws; there when some expected count is under 5, and then the one to use.
    pub drawn: Option<DrawnP>,
}

impl Fit {
    /// The p-value to use, 0 to 1.
    pub fn p(&self) -> f64 {
        self.drawn.map_or(self.asymptotic, |drawn| drawn.p)
    }
}

/// Tests whether counts of independent answers fit `shares` (0 or more; they are made to sum to 1). Drawn when some
/// expected count is under 5. None when the two differ in length, nothing was counted, less than two shares are above
/// 0, or something was counted where the share is 0.
pub fn goodness_of_fit(counts: &[u32], shares: &[f64], seed: &Seed, draws: Draws) -> Option<Fit> {
    let n: u32 = counts.iter().sum();
    let whole: f64 = shares.iter().sum();
    let is_share = |share: &f64| share.is_finite() && *share >= 0.0;
    let is_possible = counts.iter().zip(shares).all(|(count, share)| *share > 0.0 || *count == 0);
    if counts.len() != shares.len() || n == 0 || !shares.iter().all(is_share) || !is_possible {
        return None;
    }
    let (counts, expected): (Vec<u32>, Vec<f64>) = (counts.iter().zip(shares))
        .filter(|(_, share)| **share > 0.0)
        .map(|(count, share)| (*count, f64::from(n) * share / whole))
        .unzip();
    let df = (counts.len() as u32).checked_sub(1)?;
    let statistic = distance(&counts, &expected);
    let asymptotic = upper(statistic, df)?;
    let is_sparse = expected.iter().any(|e| *e < DENSE);
    let drawn = is_sparse.then(|| draw(n, statistic, &expected, seed, draws));
    Some(Fit { statistic, df, asymptotic, drawn })
}

fn distance(counts: &[u32], expected: &[f64]) -> f64 {
    counts.iter().zip(expected).map(|(o, e)| (f64::from(*o) - e).powi(2) / e).sum()
}

fn draw(n: u32, statistic: f64, expected: &[f64], seed: &Seed, draws: Draws) -> DrawnP {
    let upto: Vec<f64> = expected
        .iter()
        .scan(0.0, |sum, e| {
            *sum += e / f64::from(n);
            Some(*sum)
        })
        .collect();
    let last = expected.len() - 1;
    permutation_p(
        seed,
        draws,
        statistic,
        || vec![0u32; expected.len()],
        |counts, rng| {
            counts.fill(0);
            for _ in 0..n {
                let at: f64 = rng.random();
                counts[upto.partition_point(|u| *u <= at).min(last)] += 1;
            }
            distance(counts, expected)
        },
    )
}
