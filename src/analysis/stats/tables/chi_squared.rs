//! Whether two questions go together (Pearson 1900), and where (Haberman 1973).

use statrs::distribution::{ChiSquared as Distribution, ContinuousCDF, Normal};

use super::Table;

/// Below this expected count the chi-squared distribution is not to be trusted.
pub const DENSE: f64 = 5.0;

/// Pearson's test that rows and columns are independent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    /// Chi-squared, without correction for continuity.
    pub statistic: f64,
    /// Degrees of freedom, at least 1.
    pub df: u32,
    /// P-value by the chi-squared distribution, 0 to 1.
    pub p: f64,
    /// The smallest count expected in a cell if rows and columns are independent.
    pub smallest_expected: f64,
}

impl ChiSquared {
    /// Whether all expected counts are at least 5, so that the p-value may be trusted.
    pub fn is_dense(&self) -> bool {
        self.smallest_expected >= DENSE
    }
}

/// Pearson's chi-squared of a table, where empty rows and columns do not count; none when less than two rows or
/// columns are left.
pub fn chi_squared(table: &Table) -> Option<ChiSquared> {
    let table = table.without_empty()?;
    let expected = expected(&table);
    let statistic = (table.counts().iter().zip(&expected)).map(|(o, e)| (f64::from(*o) - e).powi(2) / e).sum();
    let df = ((table.height() - 1) * (table.width() - 1)) as u32;
    let smallest_expected = expected.iter().copied().fold(f64::INFINITY, f64::min);
    Some(ChiSquared { statistic, df, p: upper(statistic, df)?, smallest_expected })
}

/// How likely a chi-squared of at least `statistic` is with `df` degrees of freedom; none without degrees of freedom.
pub(super) fn upper(statistic: f64, df: u32) -> Option<f64> {
    Some(Distribution::new(f64::from(df)).ok()?.sf(statistic.max(0.0)).clamp(0.0, 1.0))
}

/// The counts to expect if rows and columns are independent, row by row; noughts in a table of nothing.
pub fn expected(table: &Table) -> Vec<f64> {
    let n = (table.total() as f64).max(1.0);
    let columns = table.column_sums();
    let row = |sum: u64| columns.iter().map(move |column| sum as f64 * *column as f64 / n).collect::<Vec<_>>();
    table.row_sums().into_iter().flat_map(row).collect()
}

/// Haberman's adjusted residual of each cell, row by row: how many standard errors the count is above (or below) what
/// is expected. None in a row or column that is empty or holds everything.
pub fn adjusted_residuals(table: &Table) -> Vec<Option<f64>> {
    let n = table.total() as f64;
    let (rows, columns) = (table.row_sums(), table.column_sums());
    let residual = |(i, (count, expected)): (usize, (&u32, f64))| {
        let rest = |sum: u64| (n - sum as f64) / n;
        let spread = expected * rest(rows[i / table.width()]) * rest(columns[i % table.width()]);
        (spread > 0.0).then(|| (f64::from(*count) - expected) / spread.sqrt())
    };
    table.counts().iter().zip(expected(table)).enumerate().map(residual).collect()
}

/// How large (at least 3) an adjusted residual must be before its cell is pointed at, among `cells` cells: so that
/// chance points at any of them in at most 5 % of tables (Bonferroni).
pub fn residual_bar(cells: usize) -> f64 {
    let one_in = 0.05 / (2.0 * cells.max(1) as f64);
    (-Normal::standard().inverse_cdf(one_in)).max(3.0)
}
