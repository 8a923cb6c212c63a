//! The shift between two groups of Hodges and Lehmann (1963): the median of all differences.

/// Median of all differences of a value of the first and one of the second group, in the unit of the values. It is found
/// without making the differences, in O(n log n). None when a group is empty or a value is not finite.
pub fn hodges_lehmann(first: &[f64], second: &[f64]) -> Option<f64> {
    if first.is_empty() || second.is_empty() || first.iter().chain(second).any(|v| !v.is_finite()) {
        return None;
    }
    let sorted = |values: &[f64]| {
        let mut values = values.to_vec();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    let (first, second) = (sorted(first), sorted(second));
    let pairs = first.len() as u64 * second.len() as u64;
    let high = smallest(&first, &second, pairs / 2 + 1);
    let low = if pairs.is_multiple_of(2) { smallest(&first, &second, pairs / 2) } else { high };
    // Halves first: the sum of two large values might be infinite. Adding 0 makes 0 of -0.
    let middle = 0.5 * low + 0.5 * high + 0.0;
    middle.is_finite().then_some(middle)
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
