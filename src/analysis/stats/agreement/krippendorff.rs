//! Krippendorff's alpha (2004): agreement of any number of coders, with missing values.

use rand::RngExt;
use rayon::prelude::*;

use super::super::Interval;
use super::super::chance::Seed;

/// How far two values are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The same or not.
    Nominal,
    /// By how many values lie between.
    Ordinal,
    /// By the square of the difference.
    Interval,
}

/// Alpha of units, each with the values that its coders gave (who is missing is left out; the order of coders does not
/// matter): 1 is full agreement, 0 what chance would give, below 0 worse than that. None when no unit has two values
/// or all values are the same: without variation there is nothing to agree on.
///
/// This is 1 - D_o / D_e of the coincidence matrix. An ordinal distance is the difference of mid-ranks among all
/// values that can be paired, so that no matrix is needed, however many values there are.
pub fn krippendorff(units: &[Vec<f64>], level: Level) -> Option<f64> {
    let views: Vec<&[f64]> = units.iter().map(Vec::as_slice).collect();
    alpha(&views, level)
}

/// A 95 % interval of alpha by drawing units again with replacement (percentiles; Zapf and others 2016). None when
/// alpha is not defined, or not in half of the draws.
///
/// Units are put in an order of their own first, so the order in which they are given does not matter.
pub fn krippendorff_interval(units: &[Vec<f64>], level: Level, seed: &Seed, draws: u32) -> Option<Interval> {
    krippendorff(units, level)?;
    let mut sorted: Vec<Vec<f64>> = units.iter().filter(|unit| unit.len() > 1).cloned().collect();
    sorted.iter_mut().for_each(|unit| unit.sort_by(f64::total_cmp));
    sorted.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.iter().map(|v| v.to_bits()).cmp(b.iter().map(|v| v.to_bits()))));
    let again = |draw: u32| {
        let mut rng = seed.rng(u64::from(draw));
        let units: Vec<&[f64]> = (0..sorted.len()).map(|_| sorted[rng.random_range(0..sorted.len())].as_slice()).collect();
        alpha(&units, level)
    };
    let mut values: Vec<f64> = (0..draws).into_par_iter().filter_map(again).collect();
    if values.is_empty() || values.len() < draws.div_ceil(2) as usize {
        return None;
    }
    values.sort_by(f64::total_cmp);
    Some(Interval { low: quantile(&values, 0.025), high: quantile(&values, 0.975) })
}

fn alpha(units: &[&[f64]], level: Level) -> Option<f64> {
    let units: Vec<&[f64]> = units.iter().copied().filter(|unit| unit.len() > 1).collect();
    let mut values: Vec<f64> = units.iter().flat_map(|unit| unit.iter().copied()).collect();
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let (expected, observed) = match level {
        Level::Nominal => {
            let same: f64 = values.chunk_by(|a, b| a == b).map(|run| (run.len() as f64).powi(2)).sum();
            (n * n - same, disagreement(&units, |a, b| f64::from(u8::from(a != b))))
        }
        Level::Ordinal => {
            let rank = |value: f64| {
                let below = values.partition_point(|v| *v < value);
                let upto = values.partition_point(|v| *v <= value);
                0.5 * (below + upto) as f64
            };
            let ranks: Vec<Vec<f64>> = units.iter().map(|unit| unit.iter().map(|v| rank(*v)).collect()).collect();
            let ranks: Vec<&[f64]> = ranks.iter().map(Vec::as_slice).collect();
            let all: Vec<f64> = values.iter().map(|v| rank(*v)).collect();
            (spread(&all), disagreement(&ranks, squared))
        }
        Level::Interval => (spread(&values), disagreement(&units, squared)),
    };
    let is_varied = values.first() != values.last();
    is_varied.then(|| 1.0 - (n - 1.0) * observed / expected)
}

fn squared(a: f64, b: f64) -> f64 {
    (a - b).powi(2)
}

/// Sum of squared differences over all ordered pairs.
fn spread(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    2.0 * n * values.iter().map(|v| squared(*v, mean)).sum::<f64>()
}

/// Sum of distances over all ordered pairs inside units, where a unit of m values counts 1 / (m - 1).
fn disagreement(units: &[&[f64]], distance: impl Fn(f64, f64) -> f64) -> f64 {
    let inside = |unit: &&[f64]| {
        let pairs = unit.iter().enumerate().flat_map(|(i, a)| unit[..i].iter().map(move |b| (*a, *b)));
        2.0 * pairs.map(|(a, b)| distance(a, b)).sum::<f64>() / (unit.len() - 1) as f64
    };
    units.iter().map(inside).sum()
}

/// Type 7 quantile of sorted values.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let at = part * (sorted.len() - 1) as f64;
    let (low, high) = (at.floor() as usize, at.ceil() as usize);
    sorted[low] + (at - at.floor()) * (sorted[high] - sorted[low])
}
