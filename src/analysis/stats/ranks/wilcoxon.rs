//! The signed-rank test of Wilcoxon (1945) with zeros after Pratt (1959).

use super::midranks::Ranks;
use super::tails;

/// Most differences for which the exact p-value is made whenever there are many ties.
const EXACT_WITH_TIES: usize = 200;
/// Most differences for which the exact p-value is always made.
const EXACT: usize = 25;

/// A signed-rank test of paired differences, beside the counts it must be told with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wilcoxon {
    /// Sum of ranks of differences above 0; ranks count zeros, which are then dropped (Pratt).
    pub r_plus: f64,
    /// Standardised `r_plus`, above 0 when more goes up; without continuity.
    pub z: f64,
    /// Two-sided p of the normal approximation.
    pub asymptotic_p: f64,
    /// Two-sided p over all signs of the differences that are not 0; for at most 25 differences, or at most 200 of which
    /// fewer than half have a size of their own.
    pub exact_p: Option<f64>,
    /// Matched-pairs rank-biserial correlation without zeros, -1 to 1 (see [`rank_biserial`]).
    pub effect: f64,
    /// Differences above 0.
    pub up: usize,
    /// Differences of 0.
    pub same: usize,
    /// Differences below 0.
    pub down: usize,
}

impl Wilcoxon {
    /// The exact p-value where there is one, else the asymptotic.
    pub fn p(&self) -> f64 {
        self.exact_p.unwrap_or(self.asymptotic_p)
    }

    /// Number of differences, zeros included.
    pub fn n(&self) -> usize {
        self.up + self.same + self.down
    }
}

/// What changed from `from` to `to`, pair by pair, rounded to 1e-9: 0.3 − 0.2 and 0.2 − 0.1 are the same change, which
/// floats deny. Pairs beyond the shorter list are left out.
pub fn differences(from: &[f64], to: &[f64]) -> Vec<f64> {
    from.iter().zip(to).map(|(from, to)| ((to - from) * 1e9).round() / 1e9).collect()
}

/// Wilcoxon's signed-rank test with Pratt's zeros. None when every difference is 0, there is none, or one is not finite.
pub fn wilcoxon(differences: &[f64]) -> Option<Wilcoxon> {
    let effect = rank_biserial(differences)?;
    let count = |test: fn(&f64) -> bool| differences.iter().filter(|d| test(d)).count();
    let (up, same, down) = (count(|d| *d > 0.0), count(|d| *d == 0.0), count(|d| *d < 0.0));
    let ranks = sizes(differences);
    let doubled: u64 = signed(&ranks, differences).filter(|(_, up)| *up).map(|(rank, _)| u64::from(rank)).sum();
    let r_plus = 0.5 * doubled as f64;
    let (n, zeros) = (differences.len() as f64, same as f64);
    // Zeros are the lowest tie; it is no tie among those that count.
    let tied = ranks.tie_sum() as f64 - (zeros.powi(3) - zeros);
    let mean = (n * (n + 1.0) - zeros * (zeros + 1.0)) / 4.0;
    let all = n * (n + 1.0) * (2.0 * n + 1.0) - zeros * (zeros + 1.0) * (2.0 * zeros + 1.0);
    let z = (r_plus - mean) / ((all - 0.5 * tied) / 24.0).sqrt();
    let own_size = ranks.ties().len() - usize::from(same > 0);
    let exact = differences.len() <= EXACT || (differences.len() <= EXACT_WITH_TIES && 2 * own_size < up + down);
    Some(Wilcoxon {
        r_plus,
        z,
        asymptotic_p: tails::normal_two_sided(z),
        exact_p: exact.then(|| exact_p(&signed(&ranks, differences).map(|(rank, _)| rank).collect::<Vec<_>>(), doubled)),
        effect,
        up,
        same,
        down,
    })
}

/// Matched-pairs rank-biserial correlation (Kerby 2014): sum of ranks of what went up less that of what went down, over
/// both, with zeros left out before ranking; -1 to 1. It has no closed interval: the one of its variance without change on
/// Fisher's scale covered 59 to 94 % in simulations, least for strong changes. Resample the differences. None when every difference is 0, there is none, or one is not finite.
pub fn rank_biserial(differences: &[f64]) -> Option<f64> {
    if differences.iter().any(|d| !d.is_finite()) {
        return None;
    }
    let changed: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    let ranks = sizes(&changed);
    let (above, below) = signed(&ranks, &changed).fold((0_i64, 0_i64), |(above, below), (rank, up)| {
        if up { (above + i64::from(rank), below) } else { (above, below + i64::from(rank)) }
    });
    (!changed.is_empty()).then(|| (above - below) as f64 / (above + below) as f64)
}

/// Ranks of sizes of differences.
fn sizes(differences: &[f64]) -> Ranks {
    Ranks::of(&differences.iter().map(|d| d.abs()).collect::<Vec<_>>())
}

/// Doubled ranks of differences that are not 0, and whether each is above it.
fn signed<'a>(ranks: &'a Ranks, differences: &'a [f64]) -> impl Iterator<Item = (u32, bool)> + 'a {
    ranks.doubled().iter().zip(differences).filter(|(_, d)| **d != 0.0).map(|(rank, d)| (*rank, *d > 0.0))
}

/// Chance that a sum of these doubled ranks, each with a fair coin, is as far from its mean as `observed`. Chances of all
/// sums are built rank by rank; those of 25 ranks are exact in floats.
fn exact_p(doubled: &[u32], observed: u64) -> f64 {
    let total: u64 = doubled.iter().map(|rank| u64::from(*rank)).sum();
    let tail = observed.min(total - observed) as usize;
    // Sums above the tail are never needed: a rank only adds.
    let mut chance = vec![0.0; tail + 1];
    chance[0] = 1.0;
    let mut reach = 0;
    // Order does not matter but for rounding, which must not depend on the order of rows.
    let mut sorted = doubled.to_vec();
    sorted.sort_unstable();
    for rank in sorted.into_iter().map(|rank| rank as usize) {
        reach = (reach + rank).min(tail);
        for sum in (0..=reach).rev() {
            chance[sum] = 0.5 * (chance[sum] + if sum < rank { 0.0 } else { chance[sum - rank] });
        }
    }
    (2.0 * chance.iter().sum::<f64>()).min(1.0)
}
