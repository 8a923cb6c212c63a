//! Do two answers of any shape go together: bias-corrected distance correlation (Székely and Rizzo 2013), with a fast and
//! careful p-value for large n (Shen, Panda and Vogelstein 2022).

use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::chance::{DrawnP, Draws, Seed, permutation_p};
use super::distances::Distances;
use super::sample;

/// Fewest rows for which the bias can be corrected.
const LEAST: usize = 4;

/// U-centred distances of one answer: made once, used for every pair the answer is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Centred {
    n: usize,
    values: Vec<f64>,
    /// Sum of the squares of the values over pairs i < j; above 0.
    squares: f64,
}

impl Centred {
    /// Distances less the means of their row and column, with the divisors that make sums unbiased. None of fewer than 4 rows,
    /// and when all rows are equally far from each other (so also when all are the same).
    pub fn new(distances: &Distances) -> Option<Self> {
        let n = distances.n();
        if n < LEAST {
            return None;
        }
        let n_ = n as f64;
        let means: Vec<f64> = (0..n).map(|i| distances.row_sum(i) / (n_ - 2.0)).collect();
        let mean = means.iter().sum::<f64>() / (n_ - 1.0);
        let mut values = vec![0.0; n * n];
        let (mut squares, mut raw) = (0.0, 0.0);
        for i in 0..n {
            let line = distances.row(i);
            for j in 0..i {
                let value = line[j] - means[i] - means[j] + mean;
                values[i * n + j] = value;
                values[j * n + i] = value;
                squares += value * value;
                raw += line[j] * line[j];
            }
        }
        // What is left of equal distances is rounding.
        (squares > 1e-24 * raw).then_some(Self { n, values, squares })
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.n..(i + 1) * self.n]
    }
}

/// Sum of products over pairs i < j, with the rows of the second table taken in this order.
fn product(a: &Centred, b: &Centred, order: &[u32]) -> f64 {
    (1..a.n)
        .map(|i| {
            let (left, right) = (&a.row(i)[..i], b.row(order[i] as usize));
            // Four sums side by side: one would wait for every addition to end.
            let (lefts, left_rest) = left.as_chunks::<4>();
            let (orders, order_rest) = order[..i].as_chunks::<4>();
            let mut sums = [0.0; 4];
            for (four, places) in lefts.iter().zip(orders) {
                for k in 0..4 {
                    sums[k] += four[k] * right[places[k] as usize];
                }
            }
            let rest: f64 = left_rest.iter().zip(order_rest).map(|(l, place)| l * right[*place as usize]).sum();
            sums.iter().sum::<f64>() + rest
        })
        .sum()
}

fn identity(n: usize) -> Vec<u32> {
    (0..n as u32).collect()
}

/// The bias-corrected squared distance correlation of two answers of the same rows: about 0 when they have nothing to do
/// with each other (then also below 0), at most 1. None when the numbers of rows differ.
pub fn squared(a: &Centred, b: &Centred) -> Option<f64> {
    (a.n == b.n).then(|| (product(a, b, &identity(a.n)) / (a.squares.sqrt() * b.squares.sqrt())).clamp(-1.0, 1.0))
}

/// A p-value without permutations, one-sided: P(chi-squared with 1 degree of freedom >= n squared + 1). At levels up to 0.05
/// it is careful (rather too large than too small), so what passes is worth a permutation test.
pub fn screen_p(squared: f64, n: usize) -> f64 {
    let at = n as f64 * squared + 1.0;
    if at <= 0.0 {
        return 1.0;
    }
    ChiSquared::new(1.0).map_or(1.0, |chi| chi.sf(at)).clamp(0.0, 1.0)
}

/// How often chance alone reaches the squared distance correlation. `permute` puts row numbers in another order that is
/// as likely when the answers have nothing to do with each other. None when the numbers of rows differ.
pub fn permutation(
    a: &Centred,
    b: &Centred,
    seed: &Seed,
    draws: Draws,
    permute: impl Fn(&mut Vec<u32>, &mut ChaCha8Rng) + Sync + Send,
) -> Option<DrawnP> {
    let observed = squared(a, b)?;
    let scale = a.squares.sqrt() * b.squares.sqrt();
    let rows = identity(a.n);
    Some(permutation_p(
        seed,
        draws,
        observed,
        || rows.clone(),
        |order, rng| {
            order.clone_from(&rows);
            permute(order, rng);
            product(a, b, order) / scale
        },
    ))
}

/// Two answers compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistanceCorrelation {
    /// Rows with both answers.
    pub n: u32,
    /// Bias-corrected squared distance correlation, at most 1, negative by chance.
    pub squared: f64,
    /// The p-value of `screen_p`.
    pub screen_p: f64,
    /// The permutation p-value, when it was asked for.
    pub p: Option<DrawnP>,
    /// Rows that were looked at, when not all were.
    pub sampled: Option<u32>,
}

impl DistanceCorrelation {
    /// What is shown: below 0 there is nothing to show.
    pub fn shown(&self) -> f64 {
        self.squared.max(0.0)
    }
}

/// One answer of every row, with its distance.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a, T, D> {
    /// The answers.
    pub of: &'a [T],
    /// Distance between two answers.
    pub distance: D,
}

impl<T: Clone + Sync, D: Fn(&T, &T) -> f64 + Sync> Answers<'_, T, D> {
    fn centred(&self, kept: &[usize]) -> Option<Centred> {
        let rows: Vec<T> = kept.iter().map(|row| self.of[*row].clone()).collect();
        Centred::new(&Distances::between(&rows, &self.distance)?)
    }
}

/// The distance correlation of two answers of the same rows, with a permutation test if `draws` are given. Of more than
/// 2,000 rows a seeded sample is used and `sampled` tells how many (whole participants when `units` tells whose row is
/// whose). `permuter` makes the permuter for the rows that are kept. None when an answer does not vary, with fewer than
/// 4 rows, and when the lengths differ. Rows must come in an order that does not depend on how the data were stored.
pub fn distance_correlation<A, B, DA, DB, P>(
    a: Answers<A, DA>,
    b: Answers<B, DB>,
    units: Option<&[u32]>,
    seed: &Seed,
    draws: Option<Draws>,
    permuter: impl FnOnce(&[usize]) -> P,
) -> Option<DistanceCorrelation>
where
    A: Clone + Sync,
    B: Clone + Sync,
    DA: Fn(&A, &A) -> f64 + Sync,
    DB: Fn(&B, &B) -> f64 + Sync,
    P: Fn(&mut Vec<u32>, &mut ChaCha8Rng) + Sync + Send,
{
    let all = a.of.len();
    if b.of.len() != all || units.is_some_and(|units| units.len() != all) {
        return None;
    }
    let seed_of_sample = seed.child("sample");
    let kept = match units {
        Some(units) => sample::whole_units(&seed_of_sample, units, sample::MOST),
        None => sample::stratified(&seed_of_sample, &vec![0; all], sample::MOST),
    };
    let sampled = kept.as_ref().map(|kept| kept.len() as u32);
    let kept = kept.unwrap_or_else(|| (0..all).collect());
    let [a, b] = [a.centred(&kept)?, b.centred(&kept)?];
    let squared = squared(&a, &b)?;
    let p = match draws {
        Some(draws) => Some(permutation(&a, &b, seed, draws, permuter(&kept))?),
        None => None,
    };
    Some(DistanceCorrelation { n: all as u32, squared, screen_p: screen_p(squared, kept.len()), p, sampled })
}

#[cfg(test)]
mod tests;
