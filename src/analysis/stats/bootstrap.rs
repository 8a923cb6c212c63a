//! How sure a number is, by drawing people again (Efron 1979): percentile and BCa intervals (Efron 1987) and an ellipse for
//! a mean place.
//!
//! What is drawn are units: participants, each with all of their stories (Field and Welsh 2007).

use rand::RngExt;
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal};

use super::Interval;
use super::chance::Seed;
use super::ellipse::{CHI2_2, Ellipse, moments};

/// Draws for an interval.
pub const DRAWS: u32 = 9_999;
/// Draws for an ellipse.
pub const ELLIPSE_DRAWS: u32 = 2_000;
/// Fewest units for BCa.
const LEAST: usize = 20;
/// Above so many units leaving each out once takes too long, and the correction is next to nothing.
const MOST: usize = 5_000;
/// Largest share of draws in which a statistic may be undefined.
const UNDEFINED: f64 = 0.05;

/// The statistic of `draws` samples of `units` units with replacement, in the order of the draws; samples where it is
/// undefined are left out. `statistic` gets the numbers of the drawn units (0 to units - 1), ascending, with repeats. The
/// result does not depend on threads; it depends on the order of units, so they must come in an order of their own.
pub fn replicates<T: Send>(
    seed: &Seed,
    draws: u32,
    units: usize,
    statistic: impl Fn(&[usize]) -> Option<T> + Sync + Send,
) -> Vec<T> {
    if units == 0 {
        return Vec::new();
    }
    (0..draws)
        .into_par_iter()
        .map_init(
            || (vec![0_u32; units], Vec::with_capacity(units)),
            |(counts, indices), draw| {
                let mut rng = seed.rng(u64::from(draw));
                counts.fill(0);
                (0..units).for_each(|_| counts[rng.random_range(0..units)] += 1);
                // Ascending, so that a sample has one sum whatever the order it was drawn in.
                indices.clear();
                indices.extend(counts.iter().enumerate().flat_map(|(i, n)| std::iter::repeat_n(i, *n as usize)));
                statistic(indices)
            },
        )
        .flatten_iter()
        .collect()
}

/// The statistic with each unit left out once; samples where it is undefined are left out.
pub fn jackknife(units: usize, statistic: impl Fn(&[usize]) -> Option<f64> + Sync + Send) -> Vec<f64> {
    (0..units)
        .into_par_iter()
        .map_init(Vec::new, |indices, out| {
            indices.clear();
            indices.extend((0..units).filter(|i| *i != out));
            statistic(indices)
        })
        .flatten_iter()
        .collect()
}

/// The quantile (type 7) of ascending values at 0 to 1; none of nothing.
fn quantile(sorted: &[f64], at: f64) -> Option<f64> {
    let place = at * (sorted.len().checked_sub(1)?) as f64;
    let (below, part) = (place.floor(), place.fract());
    let low = *sorted.get(below as usize)?;
    let high = sorted.get(below as usize + 1).copied().unwrap_or(low);
    Some(low + part * (high - low))
}

/// Ascending; none when there is nothing to take an interval of: no values, one that is not finite, or all equal.
fn ascending(values: &[f64]) -> Option<Vec<f64>> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let [first, last] = [*sorted.first()?, *sorted.last()?];
    let varies = last - first > 1e-12 * first.abs().max(last.abs()).max(1.0);
    (first.is_finite() && last.is_finite() && varies).then_some(sorted)
}

/// The middle 95 % of replicates; none when all are equal.
pub fn percentile(replicates: &[f64]) -> Option<Interval> {
    let sorted = ascending(replicates)?;
    Some(Interval { low: quantile(&sorted, 0.025)?, high: quantile(&sorted, 0.975)? })
}

/// How fast the standard error changes with the statistic, from its jackknife values; none when all are equal.
pub fn acceleration(jackknife: &[f64]) -> Option<f64> {
    let mean = jackknife.iter().sum::<f64>() / jackknife.len() as f64;
    let power = |k: i32| jackknife.iter().map(|v| (mean - v).powi(k)).sum::<f64>();
    let a = power(3) / (6.0 * power(2).powf(1.5));
    ascending(jackknife).and(a.is_finite().then_some(a))
}

/// The 95 % interval, corrected for bias and for a standard error that changes with the statistic. None when all replicates
/// are equal, when `observed` lies beyond them all, and when the jackknife values are all equal.
pub fn bca(observed: f64, replicates: &[f64], jackknife: &[f64]) -> Option<Interval> {
    let sorted = ascending(replicates)?;
    let a = acceleration(jackknife)?;
    let normal = Normal::new(0.0, 1.0).ok()?;
    // Replicates equal to what is observed, but for rounding, count for half.
    let slack = 1e-12 * observed.abs().max(1.0);
    let under = sorted.partition_point(|v| *v < observed - slack);
    let up_to = sorted.partition_point(|v| *v <= observed + slack);
    let share = (under + up_to) as f64 / (2 * sorted.len()) as f64;
    if !(share > 0.0 && share < 1.0) {
        return None;
    }
    let z0 = normal.inverse_cdf(share);
    let end = |z: f64| {
        let moved = z0 + z;
        let stretched = 1.0 - a * moved;
        // At and past this pole the correction has no meaning.
        if stretched <= 0.0 { None } else { quantile(&sorted, normal.cdf(z0 + moved / stretched)) }
    };
    Some(Interval { low: end(-super::wilson::Z)?, high: end(super::wilson::Z)? })
}

/// An interval, and how it was made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bootstrapped {
    /// Corrected for bias and skewness.
    Bca(Interval),
    /// The middle 95 % of replicates.
    Percentile(Interval),
    /// Every sample gives the same: tell the number only.
    Degenerate,
    /// The statistic is undefined for this data or for more than 5 % of samples.
    Undefined,
}

impl Bootstrapped {
    /// The interval, if there is one.
    pub fn interval(self) -> Option<Interval> {
        match self {
            Self::Bca(interval) | Self::Percentile(interval) => Some(interval),
            Self::Degenerate | Self::Undefined => None,
        }
    }
}

/// The 95 % interval of a smooth `statistic` of `units` units: BCa for 20 to 5,000 units, percentile otherwise and where
/// BCa is undefined.
pub fn interval(
    seed: &Seed,
    draws: u32,
    units: usize,
    statistic: impl Fn(&[usize]) -> Option<f64> + Sync + Send,
) -> Bootstrapped {
    let whole: Vec<usize> = (0..units).collect();
    let Some(observed) = statistic(&whole) else { return Bootstrapped::Undefined };
    let replicates = replicates(seed, draws, units, &statistic);
    let missing = draws as usize - replicates.len();
    if replicates.iter().any(|v| !v.is_finite()) || missing as f64 > UNDEFINED * f64::from(draws) || replicates.is_empty() {
        return Bootstrapped::Undefined;
    }
    let corrected = (LEAST..=MOST).contains(&units).then(|| bca(observed, &replicates, &jackknife(units, &statistic))).flatten();
    match (corrected, percentile(&replicates)) {
        (Some(interval), _) => Bootstrapped::Bca(interval),
        (None, Some(interval)) => Bootstrapped::Percentile(interval),
        (None, None) => Bootstrapped::Degenerate,
    }
}

/// The 95 % ellipse of a mean place from the means of replicates: their covariance, around `centre`. None of fewer than 3
/// replicates and when they are all the same.
pub fn ellipse(centre: [f64; 2], replicates: &[[f64; 2]]) -> Option<Ellipse> {
    if replicates.len() < 3 {
        return None;
    }
    let (_, covariance) = moments(replicates)?;
    // Equal means differ by rounding only.
    let is_point = covariance[0] + covariance[2] <= 1e-24;
    if is_point { None } else { Ellipse::of_covariance(centre, covariance, CHI2_2) }
}

/// The 95 % ellipse of the mean of `points`, drawing participants with all their points; `units` has the participant of each
/// point. None of nothing, of one participant, when all means are the same, and when the lengths differ.
pub fn mean_ellipse(seed: &Seed, draws: u32, points: &[[f64; 2]], units: &[u32]) -> Option<Ellipse> {
    if points.len() != units.len() {
        return None;
    }
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_key(|row| units[*row]);
    let sums: Vec<[f64; 3]> = order
        .chunk_by(|a, b| units[*a] == units[*b])
        .map(|rows| rows.iter().fold([0.0; 3], |s, row| [s[0] + points[*row][0], s[1] + points[*row][1], s[2] + 1.0]))
        .collect();
    let mean = |chosen: &mut dyn Iterator<Item = &[f64; 3]>| {
        let s = chosen.fold([0.0; 3], |s, t| [s[0] + t[0], s[1] + t[1], s[2] + t[2]]);
        [s[0] / s[2], s[1] / s[2]]
    };
    if sums.len() < 2 {
        return None;
    }
    let means = replicates(seed, draws, sums.len(), |drawn| Some(mean(&mut drawn.iter().map(|i| &sums[*i]))));
    ellipse(mean(&mut sums.iter()), &means)
}

#[cfg(test)]
mod tests;
