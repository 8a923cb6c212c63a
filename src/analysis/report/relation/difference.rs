//! By how much two groups differ, in units of the figure (analysis.md, section 3.1).

use super::super::closer::{Difference, Measure, OptionDifference};
use super::super::variable::{Values, Variable};
use super::{Both, finite, keys_of};
use crate::analysis::stats::Interval;
use crate::analysis::stats::bootstrap::{ELLIPSE_DRAWS, ellipse, replicates};
use crate::analysis::stats::plane;
use crate::analysis::stats::ranks::hodges_lehmann::{hodges_lehmann, shift_interval};
use crate::analysis::stats::tables::two_by_two::share_difference;

/// Of more stories the differences of all pairs take too long; their number is no surprise then.
const MOST: usize = 100_000;

/// Group `first` less group `second` of `groups` on `values`; all stories are in one of the two. `sure` draws the ellipse of
/// dots.
pub(super) fn difference(
    both: &Both<'_>,
    (groups, values): (&Variable, &Variable),
    (first, second): (u32, u32),
    sure: bool,
) -> Option<Difference> {
    let codes = both.codes(groups);
    let is_first: Vec<bool> = codes.iter().map(|c| *c == first).collect();
    let key = |code: u32| keys_of(groups, &[code]).pop().unwrap_or_default();
    let base = |measure| Difference {
        a: key(first),
        b: key(second),
        measure,
        value: None,
        low: None,
        high: None,
        options: Vec::new(),
        arrow: None,
        ellipse: None,
    };
    match &values.values {
        Values::Slider(_) => medians(both, values, &is_first, 1.0, base(Measure::HodgesLehmann)),
        Values::Ordinal { levels, .. } => {
            let steps = f64::from(levels.saturating_sub(1).max(1));
            medians(both, values, &is_first, steps, base(Measure::HodgesLehmann))
        }
        Values::Category { keys, .. } => shares(both, values, keys, &is_first, base(Measure::Share)),
        Values::Triad(_) | Values::Stone(_) => centres(both, values, &is_first, sure, base(Measure::Centre)),
    }
}

fn medians(both: &Both<'_>, values: &Variable, is_first: &[bool], steps: f64, base: Difference) -> Option<Difference> {
    let numbers = both.numbers(values);
    if numbers.len() > MOST {
        return None;
    }
    let of = |which: bool| numbers.iter().zip(is_first).filter(|(_, f)| **f == which).map(|(v, _)| v / steps).collect::<Vec<_>>();
    let (x, y) = (of(true), of(false));
    let interval = if both.is_repeated() { None } else { shift_interval(&x, &y) };
    Some(with_interval(Difference { value: hodges_lehmann(&x, &y).and_then(finite), ..base }, interval))
}

fn with_interval(difference: Difference, interval: Option<Interval>) -> Difference {
    Difference { low: interval.map(|i| i.low), high: interval.map(|i| i.high), ..difference }
}

fn shares(both: &Both<'_>, values: &Variable, keys: &[String], is_first: &[bool], base: Difference) -> Option<Difference> {
    let codes = both.codes(values);
    let n = |which: bool| is_first.iter().filter(|f| **f == which).count() as u32;
    let (n1, n2) = (n(true), n(false));
    let of_option = |(option, key): (usize, &String)| {
        let count = |which: bool| codes.iter().zip(is_first).filter(|(c, f)| **c == option as u32 && **f == which).count() as u32;
        let found = share_difference(count(true), n1, count(false), n2)?;
        let interval = (!both.is_repeated()).then_some(found.interval);
        Some(OptionDifference {
            key: key.clone(),
            value: found.difference,
            low: interval.map(|i| i.low),
            high: interval.map(|i| i.high),
        })
    };
    // Of two categories the second says it all: taken, or said so.
    if keys.len() == 2 {
        let second = of_option((1, &keys[1]))?;
        return Some(Difference { value: Some(second.value), low: second.low, high: second.high, ..base });
    }
    let occurs = |option: usize| codes.contains(&(option as u32));
    let options = keys.iter().enumerate().filter(|(option, _)| occurs(*option)).filter_map(of_option).collect();
    Some(Difference { options, ..base })
}

fn centres(both: &Both<'_>, values: &Variable, is_first: &[bool], sure: bool, base: Difference) -> Option<Difference> {
    let places = both.places(values);
    let sums = sums_by_person(&both.people, &places, is_first);
    let whole: Vec<usize> = (0..sums.len()).collect();
    let shift = shift(&sums, &whole)?;
    let draws = || replicates(&both.seed.child("shift"), ELLIPSE_DRAWS, sums.len(), |drawn| self::shift(&sums, drawn));
    let around = if sure { ellipse(shift, &draws()) } else { None };
    Some(Difference {
        value: Some(plane::distance(&shift, &[0.0, 0.0])),
        arrow: Some(shift.to_vec()),
        ellipse: around.map(|e| vec![e.centre[0], e.centre[1], e.semi_axes[0], e.semi_axes[1], e.angle]),
        ..base
    })
}

/// By person, in the order of the stories: sums of the places in the first group and in the second, each with how many.
fn sums_by_person(people: &[u32], places: &[[f64; 2]], is_first: &[bool]) -> Vec<[[f64; 3]; 2]> {
    let mut order: Vec<usize> = (0..people.len()).collect();
    order.sort_by_key(|i| people[*i]);
    let mut sums = Vec::new();
    for of_person in order.chunk_by(|a, b| people[*a] == people[*b]) {
        let mut sum = [[0.0; 3]; 2];
        for i in of_person {
            let group = &mut sum[usize::from(!is_first[*i])];
            *group = [group[0] + places[*i][0], group[1] + places[*i][1], group[2] + 1.0];
        }
        sums.push(sum);
    }
    sums
}

/// Mean place of the first group less that of the second, of the people drawn; none when a group has none of them.
fn shift(sums: &[[[f64; 3]; 2]], drawn: &[usize]) -> Option<[f64; 2]> {
    let mean = |group: usize| {
        let add = |s: [f64; 3], t: [f64; 3]| [s[0] + t[0], s[1] + t[1], s[2] + t[2]];
        let [x, y, n] = drawn.iter().map(|i| sums[*i][group]).fold([0.0; 3], add);
        (n > 0.0).then(|| [x / n, y / n])
    };
    let (first, second) = (mean(0)?, mean(1)?);
    Some([first[0] - second[0], first[1] - second[1]])
}
