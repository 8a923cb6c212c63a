//! Triads, dyads, scales and choices. Each function takes the answers, or none: then they are withheld, and the answer
//! has the same shape with nulls.

use polars::prelude::{ChunkAgg, ChunkCompareEq, ChunkQuantile, Float64Chunked, QuantileMethod};

use super::answer::*;
use super::{Answers, tally};
use crate::analysis::protect;
use crate::analysis::stats::grid::{BINS, END_TOLERANCE};
use crate::analysis::stats::zone::Zone;
use crate::domain::framework::{Anchor, Signifier, SignifierKind};

/// Whether the distribution is withheld in a protected answer: fewer than three people outside one of its categories
/// (zone, bin, point or option). Stones are judged one by one, see [`super::stones`].
pub fn is_too_alike(answers: &Answers<'_>) -> bool {
    let multiple = answers.columns.definition().multiple;
    match answers.columns.kind() {
        SignifierKind::Triad => protect::is_too_alike(answers.units(), answers.bytes(3)),
        SignifierKind::Dyad => protect::is_too_alike(answers.units(), answers.bytes(1)),
        SignifierKind::Choice if multiple => (0..answers.columns.values.len()).any(|o| is_taken_by_nearly_all(answers, o)),
        SignifierKind::Scale | SignifierKind::Choice => protect::is_too_alike(answers.units(), answers.bytes(0)),
        SignifierKind::Stones | SignifierKind::Text => false,
    }
}

/// Of several options only a taken one says something about everybody; that nobody took one is no secret.
fn is_taken_by_nearly_all(answers: &Answers<'_>, option: usize) -> bool {
    let told = || answers.units().iter().zip(answers.bytes(option));
    told().any(|(_, taken)| *taken == 1) && protect::has_few(told().filter(|(_, taken)| **taken == 0).map(|(unit, _)| *unit))
}

/// The seven zones, the mean dot and the dots on the border.
pub fn triad(answers: Option<&Answers<'_>>) -> TriadSummary {
    let counts = answers.map(|a| tally(a.bytes(3)));
    let n = answers.map_or(0, |a| a.n);
    let zones = Zone::ALL.map(|zone| ZoneShare {
        zone: zone.into(),
        counted: CountedShare::of(counts.map(|c| c[zone as usize]), n),
        area_share: zone.area_share(),
    });
    TriadSummary {
        zones: zones.into(),
        arithmetic_centre: answers.and_then(|a| (0..3).map(|i| a.numbers(i).mean()).collect()),
        zero_share: answers.filter(|a| a.n > 0).map(|a| f64::from(on_border(a)) / f64::from(a.n)),
        detail: None,
    }
}

/// Stories with some part exactly zero; shares are stored closed, so a zero is a zero.
fn on_border(answers: &Answers<'_>) -> u32 {
    let [top, left, right] = [0, 1, 2].map(|i| answers.numbers(i).equal(0.0));
    (&(&top | &left) | &right).sum().unwrap_or(0)
}

/// Median and quartiles (type 7), ends and histogram.
pub fn dyad(answers: Option<&Answers<'_>>) -> DyadSummary {
    let [q1, median, q3] = answers.filter(|a| a.median).map_or([None; 3], |a| quartiles(a.numbers(0)));
    let counts = answers.map(|a| tally(a.bytes(1)));
    let count =
        |is_counted: fn(f64) -> bool| answers.map(|a| a.numbers(0).iter().flatten().filter(|p| is_counted(*p)).count() as u32);
    DyadSummary {
        median,
        q1,
        q3,
        at_start: count(|p| p <= END_TOLERANCE),
        at_end: count(|p| p >= 1.0 - END_TOLERANCE),
        histogram: counts.map(|c| c[..BINS].to_vec()),
        detail: None,
    }
}

fn quartiles(numbers: &Float64Chunked) -> [Option<f64>; 3] {
    let found = numbers.quantiles(&[0.25, 0.5, 0.75], QuantileMethod::Linear).expect("quantiles between 0 and 1");
    [0, 1, 2].map(|i| found.get(i).copied().flatten())
}

/// How often each point was given, and the median point.
pub fn scale(definition: &Signifier, answers: Option<&Answers<'_>>) -> ScaleSummary {
    let counts: Option<Vec<u32>> = answers.map(|a| tally(a.bytes(0))[1..=definition.points.len()].to_vec());
    ScaleSummary {
        options: options(&definition.points, counts.as_deref(), answers.map_or(0, |a| a.n)),
        median: answers.filter(|a| a.median).and(counts.as_deref()).and_then(median_point),
        consensus: None,
        dip: None,
    }
}

/// How often each option was taken.
pub fn choice(definition: &Signifier, answers: Option<&Answers<'_>>) -> ChoiceSummary {
    let taken = |a: &Answers<'_>, option: usize| tally(a.bytes(option))[1];
    let counts: Option<Vec<u32>> = answers.map(|a| match definition.multiple {
        true => (0..definition.options.len()).map(|o| taken(a, o)).collect(),
        false => tally(a.bytes(0))[..definition.options.len()].to_vec(),
    });
    ChoiceSummary { options: options(&definition.options, counts.as_deref(), answers.map_or(0, |a| a.n)) }
}

fn options(parts: &[Anchor], counts: Option<&[u32]>, n: u32) -> Vec<OptionShare> {
    let share =
        |(i, part): (usize, &Anchor)| OptionShare { key: part.key.clone(), counted: CountedShare::of(counts.map(|c| c[i]), n) };
    parts.iter().enumerate().map(share).collect()
}

/// Median of the numbers 1, 2, ... that occur this often: the middle one, or the mean of the middle two.
fn median_point(counts: &[u32]) -> Option<f64> {
    let n: u32 = counts.iter().sum();
    let at = |rank: u32| {
        let mut below = 0;
        let found = counts.iter().position(|c| {
            below += c;
            below > rank
        });
        found.map(|i| i as f64 + 1.0)
    };
    (n > 0).then(|| Some((at((n - 1) / 2)? + at(n / 2)?) / 2.0)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_point_is_the_middle_one_or_halfway() {
        assert_eq!(median_point(&[0, 0, 0]), None);
        assert_eq!(median_point(&[0, 1, 0]), Some(2.0));
        assert_eq!(median_point(&[1, 0, 1]), Some(2.0));
        assert_eq!(median_point(&[2, 1, 1]), Some(1.5));
        assert_eq!(median_point(&[1, 5, 1]), Some(2.0));
    }
}
