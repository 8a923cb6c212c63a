//! Do groups differ in spread, and what does a test say that allows for it?

use rand_chacha::ChaCha8Rng;

use super::super::closer::{Geometry, SecondTest};
use super::super::types::TestName;
use super::super::variable::Variable;
use super::{Both, dots};
use crate::analysis::stats::dispersion::dispersion;
use crate::analysis::stats::ranks::brunner_munzel::brunner_munzel;
use crate::analysis::stats::ranks::mann_whitney::mann_whitney_permutation;
use crate::analysis::stats::sample;
use crate::analysis::stats::spread::brown_forsythe;

/// From this p of a test of spreads on groups are called spread differently.
const DIFFERENT: f64 = 0.05;
/// Among more people the class is by size and interval, and Cliff's delta allows for spread already.
const MOST: usize = 5_000;

/// Brunner and Munzel's test of two groups on ordered values, where their spreads differ by the test of Brown and Forsythe
/// (1974). Groups that do not overlap have no variance to test with: there the p-value is drawn. None where people told
/// several stories, which it takes for independent ones.
pub(super) fn brunner_munzel_beside(
    both: &Both<'_>,
    (groups, values): (&Variable, &Variable),
    (first, second): (u32, u32),
) -> Option<SecondTest> {
    if both.is_repeated() || both.rows.len() > MOST {
        return None;
    }
    let (numbers, codes) = (both.numbers(values), both.codes(groups));
    let of = |code: u32| numbers.iter().zip(&codes).filter(|(_, c)| **c == code).map(|(v, _)| *v).collect::<Vec<_>>();
    let (x, y) = (of(first), of(second));
    if brown_forsythe(&x, &y)?.p > DIFFERENT {
        return None;
    }
    let (statistic, p, draws) = match brunner_munzel(&x, &y) {
        Some(found) => (Some(found.statistic), found.p, None),
        None => {
            let in_first: Vec<bool> = codes.iter().map(|c| *c == first).collect();
            let drawn = mann_whitney_permutation(&numbers, &in_first, &both.shuffle(), &both.seed, both.testing.draws)?;
            (None, drawn.p, Some(drawn.draws))
        }
    };
    let statistic = statistic.filter(|s| s.is_finite());
    p.is_finite().then_some(SecondTest { test: TestName::BrunnerMunzel, geometry: None, statistic, p, draws, evidence: None })
}

/// PERMDISP of groups of dots: whether they differ in spread. Above 2,000 stories of a sample, as the energy test.
pub(super) fn permdisp_beside(both: &Both<'_>, groups: &Variable, values: &Variable) -> Option<(SecondTest, bool)> {
    let (places, codes) = (both.places(values), both.codes(groups));
    let units = both.is_repeated().then_some(&both.people[..]);
    let (kept, _) = sample::kept(&both.seed, &codes, units);
    let places: Vec<[f64; 2]> = kept.iter().map(|i| places[*i]).collect();
    let codes: Vec<u32> = kept.iter().map(|i| codes[*i]).collect();
    let shuffle = dots::shuffle_of(units, &kept);
    let permute = |order: &mut Vec<u32>, rng: &mut ChaCha8Rng| shuffle.permute(order, rng);
    let found = dispersion(&places, &codes, &both.seed.child("spread"), both.testing.draws, permute)?;
    let test = SecondTest {
        test: TestName::Permdisp,
        geometry: Some(Geometry::Plane),
        statistic: Some(found.f),
        p: found.p.p,
        draws: Some(found.p.draws),
        evidence: None,
    };
    Some((test, found.p.p <= DIFFERENT))
}
