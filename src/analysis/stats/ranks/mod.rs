//! Statistics that know only which value is larger: Spearman, Kendall, Mann-Whitney, Kruskal-Wallis, Wilcoxon, Friedman.
//!
//! Values are finite numbers. Ranks are kept doubled, as whole numbers, so sums of them are exact and no result depends
//! on the order of rows.

pub mod brunner_munzel;
pub mod cliff;
pub mod friedman;
pub mod hodges_lehmann;
pub mod kendall;
pub mod kruskal;
pub mod mann_whitney;
pub mod midranks;
pub mod page;
pub mod skillings_mack;
pub mod spearman;
pub mod tails;
pub mod wilcoxon;

#[cfg(test)]
mod tests;

use super::Interval;

/// A rank test: what it found, how likely that is by chance, how strong it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankTest {
    /// The statistic, named by the function.
    pub statistic: f64,
    /// Two-sided asymptotic p-value, 0 to 1.
    pub p: f64,
    /// Rows that were used.
    pub n: usize,
    /// The effect, named by the function.
    pub effect: f64,
    /// 95 % interval of the effect; none where no sound formula is known or n is too small for it.
    pub interval: Option<Interval>,
}
