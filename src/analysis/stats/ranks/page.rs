//! Page's test (1963) of an order that was foretold: do answers rise from the first column to the last?

use std::collections::HashMap;

use rand::seq::SliceRandom;

use super::super::chance::{self, DrawnP, Draws, Seed};
use super::friedman::Rows;
use super::tails;

/// Most answers a row for which all orders of a row are gone through.
const EXACT_K: usize = 8;
/// Most steps to build the exact distribution.
const EXACT_STEPS: usize = 50_000_000;

/// Page's test of a rise over columns. The direction must have been chosen before looking for the one-sided p-values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page {
    /// L = Σ j · (rank sum of column j), columns from 1.
    pub l: f64,
    /// Standardised L, above 0 for a rise; without continuity or ties, so too small where there are ties.
    pub z: f64,
    /// Two-sided p of the normal approximation.
    pub asymptotic_p: f64,
    /// One-sided p of the normal approximation, for a rise.
    pub asymptotic_rise_p: f64,
    /// Two-sided p over all orders of answers inside rows, ties as they are: twice the smaller tail, at most 1. None for
    /// more than 8 answers a row or many rows: permute then.
    pub exact_p: Option<f64>,
    /// One-sided exact p for a rise.
    pub exact_rise_p: Option<f64>,
    /// Rows.
    pub n: usize,
    /// Mean over rows of Spearman's rho (without its correction for ties) between answers and the foretold order, -1 to 1.
    pub effect: f64,
}

impl Page {
    /// The exact two-sided p-value where there is one, else the asymptotic.
    pub fn p(&self) -> f64 {
        self.exact_p.unwrap_or(self.asymptotic_p)
    }
}

/// Page's test of `values`, row after row of `k` answers of one person in the foretold order. None for fewer than 3
/// columns, a table that [`Rows::of`] refuses, or when nobody's answers differ.
pub fn page(values: &[f64], k: usize) -> Option<Page> {
    let rows = usable(values, k)?;
    let (n, k_) = (rows.n() as f64, k as f64);
    let doubled = weighted(&rows.doubled, k);
    let l = 0.5 * doubled as f64;
    let mean = n * k_ * (k_ + 1.0) * (k_ + 1.0) / 4.0;
    let variance = n * k_ * k_ * (k_ + 1.0) * (k_ * k_ - 1.0) / 144.0;
    let z = (l - mean) / variance.sqrt();
    let exact = tails_of(&rows, doubled);
    Some(Page {
        l,
        z,
        asymptotic_p: tails::normal_two_sided(z),
        asymptotic_rise_p: tails::normal_upper(z),
        exact_p: exact.map(|(fall, rise)| (2.0 * fall.min(rise)).min(1.0)),
        exact_rise_p: exact.map(|(_, rise)| rise),
        n: rows.n(),
        effect: 12.0 * (l - mean) / (n * k_ * (k_ * k_ - 1.0)),
    })
}

/// Two-sided permutation p-value of L: every person's answers change places among themselves. None where [`page`] is none.
pub fn page_permutation(values: &[f64], k: usize, seed: &Seed, draws: Draws) -> Option<DrawnP> {
    let rows = usable(values, k)?;
    let mean = (rows.n() * k * (k + 1) * (k + 1) / 2) as i64;
    let far = |doubled: &[u32]| (weighted(doubled, k) as i64 - mean).abs() as f64;
    Some(chance::permutation_p(seed, draws, far(&rows.doubled), Vec::new, |drawn, rng| {
        drawn.clone_from(&rows.doubled);
        drawn.chunks_exact_mut(k).for_each(|row| row.shuffle(rng));
        far(drawn)
    }))
}

/// Ranks of a table in which somebody's answers differ.
fn usable(values: &[f64], k: usize) -> Option<Rows> {
    let rows = Rows::of(values, k).filter(|_| k > 2)?;
    rows.doubled.iter().any(|rank| *rank as usize != k + 1).then_some(rows)
}

/// Twice L.
fn weighted(doubled: &[u32], k: usize) -> usize {
    doubled.chunks_exact(k).map(weighted_row).sum()
}

fn weighted_row(row: &[u32]) -> usize {
    row.iter().enumerate().map(|(j, rank)| (j + 1) * *rank as usize).sum()
}

/// Chances of at most and of at least `observed` (twice L) when all orders inside rows are as likely; none when too many.
fn tails_of(rows: &Rows, observed: usize) -> Option<(f64, f64)> {
    let k = rows.k;
    // Twice L of one row spans at most k (k² − 1) / 3.
    let span = k * (k * k - 1) / 3;
    if k > EXACT_K || rows.n() * rows.n() * span * span > 2 * EXACT_STEPS {
        return None;
    }
    let mut kinds: HashMap<Vec<u32>, (usize, Vec<f64>)> = HashMap::new();
    let mut sorted: Vec<Vec<u32>> = rows.doubled.chunks_exact(k).map(<[u32]>::to_vec).collect();
    sorted.iter_mut().for_each(|row| row.sort_unstable());
    // Rounding must not depend on the order of rows.
    sorted.sort_unstable();
    let (mut lowest, mut chance) = (0, vec![1.0]);
    for row in sorted {
        let (low, of_row) = kinds.entry(row).or_insert_with_key(|row| row_chances(row));
        lowest += *low;
        chance = added(&chance, of_row);
    }
    let at = observed - lowest;
    Some((chance[..=at].iter().sum::<f64>().min(1.0), chance[at..].iter().sum::<f64>().min(1.0)))
}

/// Lowest value of twice L over all orders of a row, and the chance of it and of those above it.
fn row_chances(row: &[u32]) -> (usize, Vec<f64>) {
    // By the set of ranks that stand in the first columns: which order they have does not matter for what follows.
    let all = 1_usize << row.len();
    let most: usize = row.len() * row.iter().map(|rank| *rank as usize).sum::<usize>();
    let mut counts = vec![vec![0.0_f64; most + 1]; all];
    counts[0][0] = 1.0;
    for set in 1..all {
        let column = set.count_ones() as usize;
        for (place, rank) in row.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1) {
            let (before, step) = (set & !(1 << place), column * *rank as usize);
            for sum in step..=most {
                counts[set][sum] += counts[before][sum - step];
            }
        }
    }
    let last = &counts[all - 1];
    let orders: f64 = last.iter().sum();
    let reached = |count: &f64| *count > 0.0;
    let low = last.iter().position(reached).unwrap_or(0);
    let high = last.iter().rposition(reached).unwrap_or(0);
    (low, last[low..=high].iter().map(|count| count / orders).collect())
}

/// The chances of a sum of two independent values.
fn added(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; a.len() + b.len() - 1];
    for (i, a) in a.iter().enumerate() {
        for (j, b) in b.iter().enumerate() {
            sum[i + j] += a * b;
        }
    }
    sum
}
