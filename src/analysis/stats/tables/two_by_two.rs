//! Sizes of a difference between two shares.

use super::super::Interval;
use super::super::wilson::{self, Z};

/// Phi of a table of two rows and two columns, row by row: the correlation of two yes-or-no answers, -1 to 1. None
/// when a row or column is empty.
pub fn phi([a, b, c, d]: [u32; 4]) -> Option<f64> {
    let [a, b, c, d] = [a, b, c, d].map(f64::from);
    let spread = ((a + b) * (c + d) * (a + c) * (b + d)).sqrt();
    (spread > 0.0).then(|| (a * d - b * c) / spread)
}

/// The logarithm of an odds ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogOdds {
    /// Natural logarithm of the odds ratio ad / bc.
    pub ln_ratio: f64,
    /// 95 % interval (Woolf 1955).
    pub interval: Interval,
    /// Whether one half was added to every cell because one was empty (Haldane 1956).
    pub is_shifted: bool,
}

/// The log odds ratio of a table of two rows and two columns, row by row; none when a row or column is empty.
pub fn log_odds(cells: [u32; 4]) -> Option<LogOdds> {
    phi(cells)?;
    let is_shifted = cells.contains(&0);
    let [a, b, c, d] = cells.map(|count| f64::from(count) + if is_shifted { 0.5 } else { 0.0 });
    let ln_ratio = (a.ln() + d.ln()) - (b.ln() + c.ln());
    let half = Z * (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
    Some(LogOdds { ln_ratio, interval: Interval { low: ln_ratio - half, high: ln_ratio + half }, is_shifted })
}

/// A difference of two shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareDifference {
    /// The first share less the second, -1 to 1.
    pub difference: f64,
    /// 95 % interval from the two Wilson intervals (Newcombe 1998, method 10).
    pub interval: Interval,
}

/// Share `count1` of `n1` less share `count2` of `n2`, of different people; none when a group is empty. Counts are at
/// most n.
pub fn share_difference(count1: u32, n1: u32, count2: u32, n2: u32) -> Option<ShareDifference> {
    let (one, two) = (wilson::share(count1, n1)?, wilson::share(count2, n2)?);
    let difference = one.share - two.share;
    let down = (one.share - one.low).hypot(two.high - two.share);
    let up = (one.high - one.share).hypot(two.share - two.low);
    Some(ShareDifference { difference, interval: Interval { low: difference - down, high: difference + up } })
}
