//! Whether the same people answered differently the second time: square tables, first answer by row.

use super::super::dense::Cholesky;
use super::Table;
use super::chi_squared::upper;
use super::exact::binomial;

/// A test of a square table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SquareTest {
    /// Chi-squared.
    pub statistic: f64,
    /// Degrees of freedom, at least 1.
    pub df: u32,
    /// P-value by the chi-squared distribution, 0 to 1.
    pub p: f64,
}

/// McNemar's test (1947), exact: people who went from no to yes against those who went from yes to no. 1 when nobody
/// changed.
pub fn mcnemar_exact(up: u32, down: u32) -> f64 {
    binomial(up, up + down, 0.5).unwrap_or(1.0)
}

/// McNemar's test (1947) by formula, without correction for continuity: (up - down)² / (up + down) with one degree of
/// freedom. None when nobody changed.
pub fn mcnemar(up: u32, down: u32) -> Option<SquareTest> {
    let (up, down) = (f64::from(up), f64::from(down));
    let statistic = (up - down).powi(2) / (up + down);
    if up + down > 0.0 { Some(SquareTest { statistic, df: 1, p: upper(statistic, 1)? }) } else { None }
}

/// Bowker's test (1948) that moves between each two categories are as many in both directions. Two categories that
/// nobody moved between tell nothing and give no degree of freedom. None when the table is not square or nobody moved.
pub fn bowker(table: &Table) -> Option<SquareTest> {
    let size = square(table)?;
    let (mut statistic, mut df) = (0.0, 0);
    for i in 0..size {
        for j in 0..i {
            let (there, back) = (f64::from(table.at(i, j)), f64::from(table.at(j, i)));
            if there + back > 0.0 {
                statistic += (there - back).powi(2) / (there + back);
                df += 1;
            }
        }
    }
    Some(SquareTest { statistic, df, p: upper(statistic, df)? })
}

/// The test of Stuart (1955) and Maxwell (1970) that each category has as many answers the second time. None when the
/// table is not square or nobody moved.
///
/// The covariance of the changes is singular once for every set of categories that nobody moved in or out of, so one
/// category of each such set is left out: of the whole table as usual, and all of a category without any move.
pub fn stuart_maxwell(table: &Table) -> Option<SquareTest> {
    let size = square(table)?;
    let moved = |i: usize, j: usize| f64::from(table.at(i, j)) + f64::from(table.at(j, i));
    let kept: Vec<usize> = (sets(size, |i, j| moved(i, j) > 0.0).into_iter().enumerate())
        .filter(|(category, first)| category != first)
        .map(|(category, _)| category)
        .collect();
    let df = kept.len();
    let (rows, columns) = (table.row_sums(), table.column_sums());
    let change: Vec<f64> = kept.iter().map(|i| columns[*i] as f64 - rows[*i] as f64).collect();
    let covariance: Vec<f64> = (kept.iter().flat_map(|i| kept.iter().map(move |j| (*i, *j))))
        .map(|(i, j)| match i == j {
            true => (0..size).filter(|k| *k != i).map(|k| moved(i, k)).sum(),
            false => -moved(i, j),
        })
        .collect();
    let statistic = Cholesky::of(&covariance, df)?.squared_length(&change);
    Some(SquareTest { statistic, df: df as u32, p: upper(statistic, df as u32)? })
}

fn square(table: &Table) -> Option<usize> {
    (table.width() == table.height()).then_some(table.width())
}

/// The first category of the set that each category belongs to, where `is_linked` says which two belong together.
fn sets(size: usize, is_linked: impl Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut first: Vec<usize> = (0..size).collect();
    for i in 0..size {
        for j in 0..i {
            let (a, b) = (first[i].min(first[j]), first[i].max(first[j]));
            if a != b && is_linked(i, j) {
                first.iter_mut().filter(|f| **f == b).for_each(|f| *f = a);
            }
        }
    }
    first
}
