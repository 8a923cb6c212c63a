//! The test of Brunner and Munzel (2000): two groups that may differ in spread.

use super::cliff::Placed;
use super::{RankTest, tails};

/// Brunner and Munzel's test. Statistic is W with the sign of SciPy and R: above 0 when the second group is higher; p is of
/// Student's t with Satterthwaite's degrees; effect and interval are Cliff's delta of the first group, as in
/// [`super::mann_whitney::mann_whitney`]. None for a group of fewer than 2, and when W has no variance, as when groups do
/// not overlap: permute then.
pub fn brunner_munzel(first: &[f64], second: &[f64]) -> Option<RankTest> {
    if first.len() < 2 || second.len() < 2 {
        return None;
    }
    let placed = Placed::of(first, second)?;
    let (n1, n2) = (first.len() as f64, second.len() as f64);
    let (a, b) = (n1 * placed.spread_first / (n1 - 1.0), n2 * placed.spread_second / (n2 - 1.0));
    if a + b <= 0.0 {
        return None;
    }
    let w = -placed.delta() * placed.pairs() / (2.0 * (a + b).sqrt());
    let degrees = (a + b).powi(2) / (a * a / (n1 - 1.0) + b * b / (n2 - 1.0));
    Some(RankTest {
        statistic: w,
        p: tails::student_two_sided(degrees / (degrees + w * w), degrees),
        n: first.len() + second.len(),
        effect: placed.delta(),
        interval: placed.interval(),
    })
}
