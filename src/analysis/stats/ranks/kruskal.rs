//! The test of Kruskal and Wallis (1952) of several groups, with ties.

use std::collections::HashMap;

use super::super::chance::{self, DrawnP, Draws, Seed};
use super::super::shuffle::Shuffle;
use super::midranks::Ranks;
use super::{RankTest, tails};

/// Kruskal and Wallis' test of independent groups; `groups` names the group of every value. Statistic is H corrected for
/// ties, p of chi-squared with one degree less than groups, effect epsilon squared = H / (n - 1), 0 to 1 (Tomczak and
/// Tomczak 2014), without interval. None for unequal lengths, fewer than 2 groups or equal values only.
pub fn kruskal(values: &[f64], groups: &[u32]) -> Option<RankTest> {
    let (ranks, group, k) = prepared(values, groups)?;
    let n = values.len() as f64;
    let mut sums = vec![(0_u64, 0_u64); k];
    for (rank, group) in ranks.doubled().iter().zip(&group) {
        sums[*group as usize].0 += u64::from(*rank);
        sums[*group as usize].1 += 1;
    }
    // Sorted, so that the name or the order of groups does not change the last digit.
    sums.sort_unstable();
    // Distances to the expected sum, not squares of sums: the same number with less rounding.
    let between: f64 =
        sums.iter().map(|(sum, size)| (0.5 * *sum as f64 - 0.5 * *size as f64 * (n + 1.0)).powi(2) / *size as f64).sum();
    let untied = 1.0 - ranks.tie_sum() as f64 / (n * n * n - n);
    let h = 12.0 / (n * (n + 1.0)) * between / untied;
    let p = tails::chi_squared_upper(h, k - 1);
    Some(RankTest { statistic: h, p, n: values.len(), effect: (h / (n - 1.0)).min(1.0), interval: None })
}

/// Permutation p-value of H: names of groups move over `values` as `shuffle` allows. Where not every row can go everywhere,
/// rank sums are compared with their means over all permutations. None where [`kruskal`] is none, or `shuffle` is of other
/// rows.
pub fn kruskal_permutation(values: &[f64], groups: &[u32], shuffle: &Shuffle, seed: &Seed, draws: Draws) -> Option<DrawnP> {
    let (ranks, group, k) = prepared(values, groups)?;
    (values.len() == shuffle.len()).then(|| group_distance(&ranks, &group, k, shuffle, seed, draws))
}

/// Ranks, groups numbered from 0, and their number.
fn prepared(values: &[f64], groups: &[u32]) -> Option<(Ranks, Vec<u32>, usize)> {
    if values.len() != groups.len() {
        return None;
    }
    let mut number: HashMap<u32, u32> = HashMap::new();
    let group: Vec<u32> = groups
        .iter()
        .map(|name| {
            let next = number.len() as u32;
            *number.entry(*name).or_insert(next)
        })
        .collect();
    let ranks = Ranks::of(values);
    (number.len() > 1 && !ranks.constant()).then_some((ranks, group, number.len()))
}

/// Permutation p-value of Σ (rank sum − its mean)² / size over `k` groups, numbered from 0 and none empty. For two groups
/// it orders draws as the distance of U to its mean does.
pub(super) fn group_distance(ranks: &Ranks, group: &[u32], k: usize, shuffle: &Shuffle, seed: &Seed, draws: Draws) -> DrawnP {
    let ranks: Vec<f64> = ranks.centred().map(|rank| rank as f64).collect();
    let member = |j: usize| group.iter().map(|g| f64::from(u8::from(*g as usize == j))).collect::<Vec<f64>>();
    let aims: Vec<(f64, f64)> = (0..k)
        .map(|j| {
            let member = member(j);
            (shuffle.expected_product(&ranks, &member), member.iter().sum())
        })
        .collect();
    // Sums of whole numbers, so exact; a fixed scale keeps the statistic near 1 for the tolerance of ties.
    let scale = ranks.iter().map(|r| r * r).sum::<f64>();
    let distance =
        |sums: &[f64]| sums.iter().zip(&aims).map(|(sum, (mean, size))| (sum - mean).powi(2) / size).sum::<f64>() / scale;
    let add = |sums: &mut Vec<f64>, at: &mut dyn Iterator<Item = u32>| {
        sums.clear();
        sums.resize(k, 0.0);
        at.zip(&ranks).for_each(|(group, rank)| sums[group as usize] += rank);
        distance(sums)
    };
    let observed = add(&mut Vec::new(), &mut group.iter().copied());
    chance::permutation_p(
        seed,
        draws,
        observed,
        || (Vec::new(), Vec::new()),
        |(order, sums), rng| {
            shuffle.permute(order, rng);
            add(sums, &mut order.iter().map(|row| group[*row as usize]))
        },
    )
}
