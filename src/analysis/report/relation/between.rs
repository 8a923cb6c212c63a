//! Which of more than two groups differ: every two of them by the test that fits two, corrected by Holm (ground rule G3). It
//! follows an overall test that stands out; alone it would look for differences until it found some.

use super::super::closer::Between;
use super::super::types::Effect;
use super::super::variable::Variable;
use super::{Both, Levels, Outcome, categories, difference, dots, finite, groups, keys_of};
use crate::analysis::stats::multiple::holm;

/// With more groups nobody reads every two of them.
const MOST: usize = 12;

/// Every two of the groups of `groups` on `values`, of stories that are in one of `levels` (both sides of the relation, of
/// which the groups are side `side`). Nothing for two groups: the relation itself compares them. `with_difference` adds by
/// how much they differ.
pub(super) fn between(
    both: &Both<'_>,
    (groups, values): (&Variable, &Variable),
    levels: &Levels,
    side: usize,
    with_difference: bool,
) -> Vec<Between> {
    let of_groups = &levels[side];
    if !(3..=MOST).contains(&of_groups.len()) {
        return Vec::new();
    }
    let mut found: Vec<(Between, f64)> = Vec::new();
    for (i, first) in of_groups.iter().enumerate() {
        for second in &of_groups[i + 1..] {
            let two = both.two(groups, *first, *second);
            let by_how_much = with_difference.then(|| difference::difference(&two, (groups, values), (*first, *second), false));
            let Some(outcome) = test(two, (groups, values), levels, side, (*first, *second)) else { continue };
            if let Some(p) = outcome.p.and_then(finite) {
                let between = described(outcome, groups, (*first, *second), p);
                found.push((Between { difference: by_how_much.flatten(), ..between }, p));
            }
        }
    }
    let adjusted = holm(&found.iter().map(|(_, p)| *p).collect::<Vec<_>>());
    found.into_iter().zip(adjusted).map(|((between, _), holm)| Between { holm, ..between }).collect()
}

fn test(
    two: Both<'_>,
    (groups, values): (&Variable, &Variable),
    levels: &Levels,
    side: usize,
    (first, second): (u32, u32),
) -> Option<Outcome> {
    if values.values.is_category() {
        let mut levels = levels.clone();
        levels[side] = vec![first, second];
        return categories::found(two, &levels[0], &levels[1]);
    }
    match values.values.is_ordered() {
        true => groups::two(two, groups, values, first, second),
        false => dots::between(two, groups, values),
    }
}

fn described(outcome: Outcome, groups: &Variable, (first, second): (u32, u32), p: f64) -> Between {
    let (name, value, interval) = outcome.effect;
    let key = |code: u32| keys_of(groups, &[code]).pop().unwrap_or_default();
    Between {
        a: key(first),
        b: key(second),
        test: outcome.test,
        effect: Effect {
            name: name.to_owned(),
            value: finite(value),
            low: interval.map(|i| i.low),
            high: interval.map(|i| i.high),
        },
        p,
        holm: p,
        draws: outcome.draws,
        difference: None,
    }
}
