//! The test of Mann and Whitney (1947) of two groups, with ties.

use super::super::chance::{DrawnP, Draws, Seed};
use super::super::shuffle::Shuffle;
use super::cliff::Placed;
use super::kruskal::group_distance;
use super::midranks::Ranks;
use super::{RankTest, tails};

/// Mann and Whitney's test of two independent groups. Statistic is U of the first group; p is normal with ties and a
/// continuity of one half; effect is Cliff's delta with the interval of Feng and Cliff (2004), above 0 when the first
/// group is higher. None when a group is empty or all values are equal. It is no test of medians.
pub fn mann_whitney(first: &[f64], second: &[f64]) -> Option<RankTest> {
    Placed::of(first, second).and_then(|placed| mann_whitney_of(&placed))
}

/// [`mann_whitney`] of groups whose places are known.
pub fn mann_whitney_of(placed: &Placed) -> Option<RankTest> {
    if placed.pooled.constant() {
        return None;
    }
    let n = placed.pooled.len() as f64;
    let u = 0.5 * placed.doubled_u as f64;
    let variance = placed.pairs() / 12.0 * (n + 1.0 - placed.pooled.tie_sum() as f64 / (n * (n - 1.0)));
    // SciPy may give a p above 1 here before it cuts: a U nearer than one half is no evidence at all.
    let z = ((u - 0.5 * placed.pairs()).abs() - 0.5).max(0.0) / variance.sqrt();
    Some(RankTest {
        statistic: u,
        p: tails::normal_two_sided(z),
        n: placed.pooled.len(),
        effect: placed.delta(),
        interval: placed.interval(),
    })
}

/// Two-sided permutation p-value of U: the marks of who is in the first group move over `values` as `shuffle` allows, and
/// the distance of U to its mean over all permutations counts. None when a group is empty, all values are equal, lengths
/// differ or `shuffle` is of other rows.
pub fn mann_whitney_permutation(
    values: &[f64],
    in_first: &[bool],
    shuffle: &Shuffle,
    seed: &Seed,
    draws: Draws,
) -> Option<DrawnP> {
    let ranks = Ranks::of(values);
    let n = values.len();
    let of_first = in_first.iter().filter(|first| **first).count();
    if n != in_first.len() || n != shuffle.len() || of_first == 0 || of_first == n || ranks.constant() {
        return None;
    }
    let group: Vec<u32> = in_first.iter().map(|first| u32::from(!first)).collect();
    Some(group_distance(&ranks, &group, 2, shuffle, seed, draws))
}
