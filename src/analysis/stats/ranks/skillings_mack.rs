//! The test of Skillings and Mack (1981): Friedman's test when some answers are missing.

use rand::seq::SliceRandom;

use super::super::chance::{self, DrawnP, Draws, Seed};
use super::midranks::Ranks;
use super::tails;

/// What the test found. There is no effect with a plain meaning; show the answers by wave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkillingsMack {
    /// T; equal to Friedman's chi-squared for a full table without ties.
    pub statistic: f64,
    /// Upper tail of chi-squared. With ties T is a little too small, so this is too large: permute.
    pub p: f64,
    /// Degrees of freedom: columns with answers less groups of columns that no row connects.
    pub degrees: usize,
    /// Rows with two answers or more, which are those that count.
    pub n: usize,
}

/// The test of `values`, row after row of `k` answers of one person, none where an answer is missing. None for a last row
/// that is not full, no row with two answers, or when nobody's answers differ.
pub fn skillings_mack(values: &[Option<f64>], k: usize) -> Option<SkillingsMack> {
    let table = Table::of(values, k)?;
    let statistic = table.statistic(&table.doubled, &mut Vec::new());
    let degrees = table.kept.len();
    Some(SkillingsMack { statistic, p: tails::chi_squared_upper(statistic, degrees), degrees, n: table.rows.len() })
}

/// Permutation p-value of T: every person's answers change places among the places that person answered. None where
/// [`skillings_mack`] is none.
pub fn skillings_mack_permutation(values: &[Option<f64>], k: usize, seed: &Seed, draws: Draws) -> Option<DrawnP> {
    let table = Table::of(values, k)?;
    let observed = table.statistic(&table.doubled, &mut Vec::new());
    let space = || (Vec::new(), Vec::new());
    Some(chance::permutation_p(seed, draws, observed, space, |(drawn, sums), rng| {
        drawn.clone_from(&table.doubled);
        let mut rest = &mut drawn[..];
        for row in &table.rows {
            let (own, after) = rest.split_at_mut(row.len());
            own.shuffle(rng);
            rest = after;
        }
        table.statistic(drawn, sums)
    }))
}

/// Ranks of answers and the covariance of column sums.
struct Table {
    k: usize,
    /// Columns that each row answered; at least two.
    rows: Vec<Vec<u32>>,
    /// Doubled ranks of the answers of all rows.
    doubled: Vec<u32>,
    /// Columns that the covariance is kept of: all with answers but the last of every connected group, which follows from
    /// the others.
    kept: Vec<usize>,
    /// Lower triangle of Cholesky of that covariance, row after row.
    root: Vec<Vec<f64>>,
}

impl Table {
    fn of(values: &[Option<f64>], k: usize) -> Option<Self> {
        if k < 2 || !values.len().is_multiple_of(k) {
            return None;
        }
        let (mut rows, mut doubled, mut differs) = (Vec::new(), Vec::new(), false);
        let mut together = vec![vec![0.0_f64; k]; k];
        for row in values.chunks_exact(k) {
            let (columns, answers): (Vec<u32>, Vec<f64>) =
                row.iter().enumerate().filter_map(|(j, value)| value.map(|value| (j as u32, value))).unzip();
            if columns.len() < 2 {
                continue;
            }
            let ranks = Ranks::of(&answers);
            differs |= !ranks.constant();
            doubled.extend_from_slice(ranks.doubled());
            for a in &columns {
                columns.iter().filter(|b| *b != a).for_each(|b| together[*a as usize][*b as usize] += 1.0);
            }
            rows.push(columns);
        }
        let kept = kept(&together);
        let root = cholesky(&kept, &together)?;
        differs.then_some(Self { k, rows, doubled, kept, root })
    }

    /// T of these doubled ranks, which lie as the answers of the table do. `sums` is work space.
    fn statistic(&self, doubled: &[u32], sums: &mut Vec<i64>) -> f64 {
        // Whole numbers by how many were answered: the weights are irrational, so their sums would know the order of rows.
        let k = self.k;
        sums.clear();
        sums.resize((k + 1) * k, 0);
        let mut from = 0;
        for row in &self.rows {
            let size = row.len();
            for (column, rank) in row.iter().zip(&doubled[from..]) {
                sums[size * k + *column as usize] += i64::from(*rank) - (size as i64 + 1);
            }
            from += size;
        }
        let adjusted =
            |j: usize| (2..=k).map(|size| 0.5 * (12.0 / (size as f64 + 1.0)).sqrt() * sums[size * k + j] as f64).sum::<f64>();
        // T is the squared length of the solution of root · y = A.
        let mut solved: Vec<f64> = Vec::with_capacity(self.kept.len());
        for (row, column) in self.root.iter().zip(&self.kept) {
            let known: f64 = row.iter().zip(&solved).map(|(l, y)| l * y).sum();
            solved.push((adjusted(*column) - known) / row[solved.len()]);
        }
        solved.iter().map(|y| y * y).sum()
    }
}

/// All columns that were answered beside another, but the last of every connected group.
fn kept(together: &[Vec<f64>]) -> Vec<usize> {
    let k = together.len();
    let mut last: Vec<usize> = (0..k).collect();
    // The highest column that each can reach, spread until nothing changes; k is small.
    for _ in 0..k {
        for (a, row) in together.iter().enumerate() {
            for (b, count) in row.iter().enumerate() {
                if *count > 0.0 {
                    last[a] = last[a].max(last[b]);
                }
            }
        }
    }
    (0..k).filter(|j| last[*j] != *j).collect()
}

/// Cholesky's lower triangle of the covariance of `kept` columns; none when it is empty.
fn cholesky(kept: &[usize], together: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let mut root: Vec<Vec<f64>> = Vec::new();
    for (i, a) in kept.iter().enumerate() {
        let mut row: Vec<f64> = Vec::with_capacity(i + 1);
        for (j, b) in kept[..=i].iter().enumerate() {
            let covariance = if i == j { together[*a].iter().sum::<f64>() } else { -together[*a][*b] };
            let above = if i == j { &row } else { &root[j] };
            let left = covariance - row.iter().zip(above).take(j).map(|(x, y)| x * y).sum::<f64>();
            row.push(if i == j { left.max(0.0).sqrt() } else { left / root[j][j] });
        }
        if row[i] <= 0.0 {
            return None;
        }
        root.push(row);
    }
    (!root.is_empty()).then_some(root)
}
