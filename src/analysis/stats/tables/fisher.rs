//! Fisher's exact test (1935): two by two in full, larger tables by drawing tables with the same sums.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::super::chance::{DrawnP, Draws, Seed, permutation_p};
use super::Table;
use super::exact::two_sided;

/// Two-sided p-value of a table of two rows and two columns, row by row; 1 when a row or column is empty.
pub fn fisher_exact([a, b, c, d]: [u32; 4]) -> f64 {
    let [a, b, c, d] = [a, b, c, d].map(u64::from);
    let (row, column, n) = (a + b, a + c, a + b + c + d);
    let ratio = |k: u64| {
        let stay = |whole: u64| (whole - k) as f64;
        stay(row) * stay(column) / ((k + 1) as f64 * (n + k + 1 - row - column) as f64)
    };
    two_sided((row + column).saturating_sub(n), row.min(column), a, ratio)
}

/// Fisher's test of a table of any size by draws that shuffle all answers alike; right when answers are independent.
/// None when less than two rows or columns are not empty. The order of the answers cannot matter: the table is all
/// that is looked at.
pub fn fisher_drawn(table: &Table, seed: &Seed, draws: Draws) -> Option<DrawnP> {
    let table = table.without_empty()?;
    let (mut rows, mut columns) = (Vec::new(), Vec::new());
    for (i, count) in table.counts().iter().enumerate() {
        for _ in 0..*count {
            rows.push((i / table.width()) as u32);
            columns.push((i % table.width()) as u32);
        }
    }
    fisher_permuted(&rows, &columns, seed, draws, |order, rng| order.shuffle(rng))
}

/// Fisher's test where `permute` says which answers may change places: it is given the numbers 0 to n - 1 in order and
/// puts them in another, so that answer i gets the column label of answer `order[i]`. Large when the table is
/// unlikely given its sums. None when the labels differ in number or less than two rows or columns are not empty.
/// Answers must be given in an order of their own (sorted by content), because draws move places, not contents.
pub fn fisher_permuted(
    rows: &[u32],
    columns: &[u32],
    seed: &Seed,
    draws: Draws,
    permute: impl Fn(&mut Vec<u32>, &mut ChaCha8Rng) + Sync + Send,
) -> Option<DrawnP> {
    let table = Table::of_labels(rows, columns)?;
    table.without_empty()?;
    let width = table.width();
    let factorials = ln_factorials(rows.len());
    let space = || (Vec::with_capacity(rows.len()), vec![0u32; table.counts().len()]);
    let statistic = |(order, counts): &mut (Vec<u32>, Vec<u32>), rng: &mut ChaCha8Rng| {
        order.clear();
        order.extend(0..rows.len() as u32);
        permute(order, rng);
        counts.fill(0);
        for (row, from) in rows.iter().zip(order.iter()) {
            counts[*row as usize * width + columns[*from as usize] as usize] += 1;
        }
        unlikeliness(counts, &factorials)
    };
    Some(permutation_p(seed, draws, unlikeliness(table.counts(), &factorials), space, statistic))
}

/// Minus the logarithm of the chance of a table, but for a constant of its sums.
fn unlikeliness(counts: &[u32], factorials: &[f64]) -> f64 {
    counts.iter().map(|count| factorials[*count as usize]).sum()
}

fn ln_factorials(n: usize) -> Vec<f64> {
    let mut all = vec![0.0; n + 1];
    for k in 2..=n {
        all[k] = all[k - 1] + (k as f64).ln();
    }
    all
}
