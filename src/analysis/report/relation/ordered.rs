//! Two ordered variables: Spearman's rho of two positions, Kendall's tau-b where a side has points.

use super::super::against;
use super::super::types::TestName;
use super::super::variable::Values;
use super::{Both, Direction, Outcome};
use crate::analysis::stats::ranks::{kendall, spearman};
use crate::analysis::stats::tell::smallest_rho;

const MINIMUM: u32 = 20;
/// Sizes that are called small by convention: 0.1 for rho, and for tau as much less as tau is smaller than rho.
const SMALL_RHO: f64 = 0.1;
const SMALL_TAU: f64 = 0.1 / 1.5;

pub(super) fn test(both: Both<'_>) -> Option<Outcome> {
    let (x, y) = (both.numbers(both.a), both.numbers(both.b));
    let positions = matches!((&both.a.values, &both.b.values), (Values::Slider(_), Values::Slider(_)));
    let found = if positions { spearman::spearman(&x, &y)? } else { kendall::kendall(&x, &y)? };
    let drawn = both.is_drawn().then(|| {
        let (shuffle, seed, draws) = (both.shuffle(), &both.seed, both.testing.draws);
        match positions {
            true => spearman::spearman_permutation(&x, &y, &shuffle, seed, draws),
            false => kendall::kendall_permutation(&x, &y, &shuffle, seed, draws),
        }
    });
    let drawn = drawn.flatten();
    Some(Outcome {
        test: if positions { TestName::Spearman } else { TestName::KendallTauB },
        statistic: found.statistic,
        p: Some(drawn.map_or(found.p, |d| d.p)),
        draws: drawn.map(|d| d.draws),
        effect: (if positions { "spearman-rho" } else { "kendall-tau-b" }, found.effect, found.interval),
        small: Some(if positions { SMALL_RHO } else { SMALL_TAU }),
        minimum: MINIMUM,
        detectable: smallest_rho(both.participants, 0.05, 0.8).map(|rho| if positions { rho } else { rho / 1.5 }),
        sides: Some(against::of_ordered(&x, &y, found.effect)),
        direction: Some(Direction::Ends { together: found.effect >= 0.0 }),
        sampled: false,
        participants: both.participants,
        rows: both.rows,
    })
}
