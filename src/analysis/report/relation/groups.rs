//! Groups on an ordered variable: Mann-Whitney for two, Kruskal-Wallis for more.

use super::super::against;
use super::super::types::TestName;
use super::super::variable::Variable;
use super::{Both, Direction, Outcome};
use crate::analysis::stats::ranks::{kruskal, mann_whitney, midranks::Ranks};
use crate::analysis::stats::tell::smallest_delta;

/// Fewest people in a group.
const LEAST: u32 = 10;
/// Sizes that are called small by convention (Romano 2006; Tomczak and Tomczak 2014).
const SMALL_DELTA: f64 = 0.147;
const SMALL_EPSILON: f64 = 0.01;

pub(super) fn test(both: Both<'_>, groups: &Variable, values: &Variable) -> (Option<Outcome>, Vec<u32>) {
    let (both, levels) = both.large_enough(groups, LEAST);
    let outcome = match levels.as_slice() {
        [first, second] => two(both, groups, values, *first, *second),
        [_, _, _, ..] => more(both, groups, values),
        _ => None,
    };
    (outcome, levels)
}

/// Two groups, which all stories are in.
pub(super) fn two(both: Both<'_>, groups: &Variable, values: &Variable, first: u32, second: u32) -> Option<Outcome> {
    let (numbers, codes) = (both.numbers(values), both.codes(groups));
    let of = |code: u32| numbers.iter().zip(&codes).filter(|(_, c)| **c == code).map(|(v, _)| *v).collect::<Vec<_>>();
    let (x, y) = (of(first), of(second));
    let found = mann_whitney::mann_whitney(&x, &y)?;
    let in_first: Vec<bool> = codes.iter().map(|c| *c == first).collect();
    let permute = || mann_whitney::mann_whitney_permutation(&numbers, &in_first, &both.shuffle(), &both.seed, both.testing.draws);
    let drawn = if both.is_drawn() { permute() } else { None };
    let (high, low) = if found.effect >= 0.0 { (first, second) } else { (second, first) };
    let picks = (50.0 * (found.effect.abs() + 1.0)).round() as u32;
    Some(Outcome {
        test: TestName::MannWhitney,
        statistic: found.statistic,
        p: Some(drawn.map_or(found.p, |d| d.p)),
        draws: drawn.map(|d| d.draws),
        effect: ("cliff-delta", found.effect, found.interval),
        small: Some(SMALL_DELTA),
        minimum: 2 * LEAST,
        detectable: smallest_delta(x.len() as u32, y.len() as u32, 0.05, 0.8),
        sides: Some(against::of_groups(&numbers, &codes, low, high)),
        direction: Some(Direction::Group { code: high, picks: Some(picks) }),
        sampled: false,
        participants: both.participants,
        rows: both.rows,
    })
}

fn more(both: Both<'_>, groups: &Variable, values: &Variable) -> Option<Outcome> {
    let (numbers, codes) = (both.numbers(values), both.codes(groups));
    let found = kruskal::kruskal(&numbers, &codes)?;
    let permute = || kruskal::kruskal_permutation(&numbers, &codes, &both.shuffle(), &both.seed, both.testing.draws);
    let drawn = if both.is_drawn() { permute() } else { None };
    let (low, high) = ends(&numbers, &codes)?;
    Some(Outcome {
        test: TestName::KruskalWallis,
        statistic: found.statistic,
        p: Some(drawn.map_or(found.p, |d| d.p)),
        draws: drawn.map(|d| d.draws),
        effect: ("epsilon-squared", found.effect, None),
        small: Some(SMALL_EPSILON),
        minimum: 2 * LEAST,
        detectable: None,
        sides: Some(against::of_groups(&numbers, &codes, low, high)),
        direction: Some(Direction::Group { code: high, picks: None }),
        sampled: false,
        participants: both.participants,
        rows: both.rows,
    })
}

/// The groups with the lowest and the highest mean rank.
fn ends(numbers: &[f64], codes: &[u32]) -> Option<(u32, u32)> {
    let ranks = Ranks::of(numbers);
    let mut sums: std::collections::BTreeMap<u32, (f64, f64)> = Default::default();
    for (rank, code) in ranks.doubled().iter().zip(codes) {
        let sum = sums.entry(*code).or_default();
        *sum = (sum.0 + f64::from(*rank), sum.1 + 1.0);
    }
    let means: Vec<(u32, f64)> = sums.into_iter().map(|(code, (sum, n))| (code, sum / n)).collect();
    let low = means.iter().min_by(|a, b| a.1.total_cmp(&b.1))?.0;
    let high = means.iter().max_by(|a, b| a.1.total_cmp(&b.1))?.0;
    Some((low, high))
}
