//! Dots (triads and stones): with groups by DISCO, with anything else by distance correlation.

use rand_chacha::ChaCha8Rng;

use super::super::types::TestName;
use super::super::variable::Variable;
use super::{Both, Outcome};
use crate::analysis::stats::chance::Draws;
use crate::analysis::stats::distance_correlation::distance_correlation;
use crate::analysis::stats::energy::{Rows, disco_of};
use crate::analysis::stats::shuffle::Shuffle;

/// Fewest people in a group, and for a distance correlation.
const LEAST: u32 = 10;
const MINIMUM: u32 = 20;
/// No draw is made: the statistic alone is wanted.
const NO_DRAWS: Draws = Draws { most: 0, stop_at: None };

/// Groups on dots.
pub(super) fn groups(both: Both<'_>, groups: &Variable, values: &Variable) -> (Option<Outcome>, Vec<u32>) {
    let (both, levels) = both.large_enough(groups, LEAST);
    if levels.len() < 2 {
        return (None, levels);
    }
    (between(both, groups, values), levels)
}

/// Groups that all stories are in.
pub(super) fn between(both: Both<'_>, groups: &Variable, values: &Variable) -> Option<Outcome> {
    let (places, codes) = (both.places(values), both.codes(groups));
    let units = both.is_repeated().then_some(&both.people[..]);
    let draws = if both.testing.asymptotic { NO_DRAWS } else { both.testing.draws };
    let permuter = |kept: &[usize]| {
        let shuffle = shuffle_of(units, kept);
        move |order: &mut Vec<u32>, rng: &mut ChaCha8Rng| shuffle.permute(order, rng)
    };
    let found = disco_of(&places, Rows { groups: &codes, units }, &both.seed, draws, permuter)?;
    Some(Outcome {
        test: TestName::Energy,
        statistic: found.disco.f?,
        p: (!both.testing.asymptotic).then_some(found.p.p),
        draws: (!both.testing.asymptotic).then_some(found.p.draws),
        effect: ("energy-r-squared", found.disco.r2, None),
        // There is no convention for its size: it is ranked only.
        small: None,
        minimum: 2 * LEAST,
        detectable: None,
        sides: None,
        direction: None,
        sampled: found.sampled.is_some(),
        participants: both.participants,
        rows: both.rows,
    })
}

/// Dots with dots or with ordered values. A p by formula is the screen of Shen, Panda and Vogelstein (2022).
pub(super) fn together(both: Both<'_>) -> Option<Outcome> {
    let (a, b) = (both.places(both.a), both.places(both.b));
    let units = both.is_repeated().then_some(&both.people[..]);
    let draws = (!both.testing.asymptotic).then_some(both.testing.draws);
    let permuter = |kept: &[usize]| {
        let shuffle = shuffle_of(units, kept);
        move |order: &mut Vec<u32>, rng: &mut ChaCha8Rng| shuffle.permute(order, rng)
    };
    let found = distance_correlation(&a, &b, units, &both.seed, draws, permuter)?;
    Some(Outcome {
        test: TestName::DistanceCorrelation,
        statistic: found.squared,
        p: Some(found.p.map_or(found.screen_p, |d| d.p)),
        draws: found.p.map(|d| d.draws),
        effect: ("distance-correlation-squared", found.shown(), None),
        small: None,
        minimum: MINIMUM,
        detectable: None,
        sides: None,
        direction: None,
        sampled: found.sampled.is_some(),
        participants: both.participants,
        rows: both.rows,
    })
}

/// Who may change places among the rows that are kept.
pub(super) fn shuffle_of(units: Option<&[u32]>, kept: &[usize]) -> Shuffle {
    match units {
        Some(units) => Shuffle::clusters(&kept.iter().map(|i| units[*i]).collect::<Vec<_>>()),
        None => Shuffle::rows(kept.len()),
    }
}
