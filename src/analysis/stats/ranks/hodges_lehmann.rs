//! The shift between two groups of Hodges and Lehmann (1963): the median of all differences, and its interval.

use super::super::wilson::Z;
use super::Interval;

/// Median of all differences of a value of the first and one of the second group, in the unit of the values. It is found
/// without making the differences, in O(n log n). None when a group is empty or a value is not finite.
pub fn hodges_lehmann(first: &[f64], second: &[f64]) -> Option<f64> {
    let (first, second) = sorted(first, second)?;
    let pairs = first.len() as u64 * second.len() as u64;
    let high = smallest(&first, &second, pairs / 2 + 1);
    let low = if pairs.is_multiple_of(2) { smallest(&first, &second, pairs / 2) } else { high };
    // Halves first: the sum of two large values might be infinite. Adding 0 makes 0 of -0.
    let middle = 0.5 * low + 0.5 * high + 0.0;
    middle.is_finite().then_some(middle)
}

/// 95 % interval of the shift, in the unit of the values: the differences that are as far from either end as Mann and
/// Whitney's U is at its 2.5 % point, by the normal formula and rounded outwards (Hollander and Wolfe 1973, section 4.3).
/// With ties it is rather too wide. None for groups of fewer than 5, where the formula is rough, and where
/// [`hodges_lehmann`] is none.
pub fn shift_interval(first: &[f64], second: &[f64]) -> Option<Interval> {
    const LEAST: usize = 5;
    let (first, second) = sorted(first, second)?;
    if first.len() < LEAST || second.len() < LEAST {
        return None;
    }
    let (m, n) = (first.len() as f64, second.len() as f64);
    let rank = (m * n / 2.0 - Z * (m * n * (m + n + 1.0) / 12.0).sqrt()).floor().max(1.0) as u64;
    let pairs = first.len() as u64 * second.len() as u64;
    let [low, high] = [rank, pairs + 1 - rank].map(|r| smallest(&first, &second, r) + 0.0);
    (low.is_finite() && high.is_finite()).then_some(Interval { low, high })
}

/// Both groups ascending; none when one is empty or a value is not finite.
fn sorted(first: &[f64], second: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
    if first.is_empty() || second.is_empty() || first.iter().chain(second).any(|v| !v.is_finite()) {
        return None;
    }
    let ascending = |values: &[f64]| {
        let mut values = values.to_vec();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    Some((ascending(first), ascending(second)))
}

/// The `rank`-th smallest difference, ranks from 1: bisection over floats as whole numbers, so the answer is exact.
fn smallest(first: &[f64], second: &[f64], rank: u64) -> f64 {
    let (mut low, mut high) = (key(first[0] - second[second.len() - 1]), key(first[first.len() - 1] - second[0]));
    while low < high {
        let middle = low + (high - low) / 2;
        if at_most(first, second, value(middle)) >= rank {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    value(low)
}

/// Number of differences of at most `bound`; both lists are sorted.
fn at_most(first: &[f64], second: &[f64], bound: f64) -> u64 {
    let (mut from, mut count) = (0, 0);
    for x in first {
        while from < second.len() && x - second[from] > bound {
            from += 1;
        }
        count += (second.len() - from) as u64;
    }
    count
}

/// A whole number in the order of floats.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The float of a [`key`].
fn value(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}
