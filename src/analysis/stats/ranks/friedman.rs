//! The test of Friedman (1937) of repeated answers, with ties, and Kendall's W (Kendall and Babington Smith 1939).

use rand::seq::SliceRandom;

use super::super::Tested;
use super::super::chance::{self, DrawnP, Draws, Seed};
use super::midranks::Ranks;
use super::{RankTest, tails};

/// Ranks inside every person's row.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Twice the ranks, row after row.
    pub doubled: Vec<u32>,
    /// Answers a row.
    pub k: usize,
    /// Σ over rows and ties of t³ − t.
    pub tie_sum: u128,
}

impl Rows {
    /// Ranks inside rows of `k` values; `values` holds row after row. None for `k` below 2, no rows, or a last row that is
    /// not full.
    pub fn of(values: &[f64], k: usize) -> Option<Self> {
        if k < 2 || values.is_empty() || !values.len().is_multiple_of(k) {
            return None;
        }
        let (mut doubled, mut tie_sum) = (Vec::with_capacity(values.len()), 0);
        for row in values.chunks_exact(k) {
            let ranks = Ranks::of(row);
            doubled.extend_from_slice(ranks.doubled());
            tie_sum += ranks.tie_sum();
        }
        Some(Self { doubled, k, tie_sum })
    }

    /// Number of rows.
    pub fn n(&self) -> usize {
        self.doubled.len() / self.k
    }

    /// Σ over columns of (doubled rank sum − its mean)²; a whole number.
    fn between(&self, doubled: &[u32], sums: &mut Vec<i64>) -> f64 {
        sums.clear();
        sums.resize(self.k, -(self.n() as i64 * (self.k as i64 + 1)));
        for row in doubled.chunks_exact(self.k) {
            sums.iter_mut().zip(row).for_each(|(sum, rank)| *sum += i64::from(*rank));
        }
        sums.iter().map(|sum| i128::from(*sum).pow(2)).sum::<i128>() as f64
    }
}

/// Friedman's test with the small-sample F of Iman and Davenport (1980).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Friedman {
    /// Statistic is chi-squared corrected for ties, p its tail with k − 1 degrees, n the rows, effect Kendall's W, 0 (no
    /// agreement on an order) to 1 (all rows order alike); no interval.
    pub test: RankTest,
    /// F = (n − 1) χ² / (n (k − 1) − χ²) with its upper tail; none for one row, and when all rows order alike.
    pub iman_davenport: Option<Tested>,
}

/// Friedman's test of `values`, row after row of `k` answers of one person. None for a table that [`Rows::of`] refuses and
/// when nobody's answers differ.
pub fn friedman(values: &[f64], k: usize) -> Option<Friedman> {
    let rows = Rows::of(values, k)?;
    let (n, k_) = (rows.n() as f64, k as f64);
    // n k (k² − 1) less ties: 12 times the variance that ranks have.
    let spread = n * k_ * (k_ * k_ - 1.0) - rows.tie_sum as f64;
    if spread <= 0.0 {
        return None;
    }
    let between = 0.25 * rows.between(&rows.doubled, &mut Vec::new());
    let chi = 12.0 * between * (k_ - 1.0) / spread;
    let most = n * (k_ - 1.0);
    let effect = (chi / most).min(1.0);
    let left = most - chi;
    let iman_davenport = (rows.n() > 1 && left > 1e-12 * most).then(|| {
        let f = (n - 1.0) * chi / left;
        Tested { statistic: f, p: tails::fisher_upper(f, k_ - 1.0, (n - 1.0) * (k_ - 1.0)) }
    });
    let test = RankTest { statistic: chi, p: tails::chi_squared_upper(chi, k - 1), n: rows.n(), effect, interval: None };
    Some(Friedman { test, iman_davenport })
}

/// Permutation p-value of Friedman's chi-squared: every person's answers change places among themselves. None where
/// [`friedman`] is none.
pub fn friedman_permutation(values: &[f64], k: usize, seed: &Seed, draws: Draws) -> Option<DrawnP> {
    friedman(values, k)?;
    let rows = Rows::of(values, k)?;
    let observed = rows.between(&rows.doubled, &mut Vec::new());
    let space = || (Vec::new(), Vec::new());
    Some(chance::permutation_p(seed, draws, observed, space, |(drawn, sums), rng| {
        drawn.clone_from(&rows.doubled);
        drawn.chunks_exact_mut(k).for_each(|row| row.shuffle(rng));
        rows.between(drawn, sums)
    }))
}
