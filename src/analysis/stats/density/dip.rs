//! The dip test of Hartigan and Hartigan (1985): how far a sample is from every distribution with one hump.
//!
//! The dip is found as in their section 3 (the algorithm published as AS 217, P. Hartigan 1985): the modal interval is
//! narrowed by the greatest convex minorant from the left and the least concave majorant from the right, until they are
//! no further apart than what lies outside it. Its smallest value is 1 / (2 n), as Maechler's correction has it. The
//! p-value comes from uniform samples of the same size, because among distributions with one hump the uniform one has
//! the largest dips.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rand::RngExt;
use rayon::prelude::*;

use super::super::Tested;
use super::super::chance::Seed;
use super::bucket;

/// Uniform samples behind a p-value.
pub const SAMPLES: u64 = 2_000;
/// Fewer values than this are not tested.
pub const LEAST: usize = 20;
const JITTERS: u64 = 31;
/// Sizes above this use its samples: the square root of n times the dip has reached its limit.
const CAP: usize = 5_000;

/// The dip of values in ascending order, 1 / (2 n) to 1/4; 0 when all values are the same. None of nothing, of values
/// that are not numbers or not in order.
pub fn dip_of_sorted(sorted: &[f64]) -> Option<f64> {
    let (first, last) = (sorted.first()?, sorted.last()?);
    if !sorted.is_sorted() || !first.is_finite() || !last.is_finite() {
        return None;
    }
    if first == last {
        return Some(0.0);
    }
    let (mut low, mut high) = (0, sorted.len() - 1);
    // Distances are counted in steps of the empirical distribution; one step is what a single value jumps.
    let mut dip = 1.0f64;
    loop {
        let minorant = hull(sorted, low, high, false);
        let majorant = hull(sorted, low, high, true);
        let widest = widest(sorted, &minorant, &majorant);
        if widest.gap <= dip {
            break;
        }
        dip = dip.max(outside(sorted, &minorant, widest.low, false)).max(outside(sorted, &majorant, widest.high, true));
        if (low, high) == (widest.low, widest.high) || widest.low >= widest.high {
            break;
        }
        (low, high) = (widest.low, widest.high);
    }
    Some(dip / (2.0 * sorted.len() as f64))
}

/// Corners of the greatest convex minorant (or, `above`, the least concave majorant) of the points (value, index) from
/// `low` to `high`. Of equal values the lowest (highest) index is the corner.
fn hull(x: &[f64], low: usize, high: usize, above: bool) -> Vec<usize> {
    let mut corners: Vec<usize> = Vec::new();
    for i in low..=high {
        while let [.., a, b] = corners[..] {
            // The turn at b on the way from a to i.
            let turn = (x[b] - x[a]) * (i - b) as f64 - (b - a) as f64 * (x[i] - x[b]);
            if if above { turn >= 0.0 } else { turn <= 0.0 } {
                corners.pop();
            } else {
                break;
            }
        }
        corners.push(i);
    }
    corners
}

/// Height of the line through two corners at a value between theirs.
fn height(x: &[f64], from: usize, to: usize, at: f64) -> f64 {
    if x[to] > x[from] { from as f64 + (to - from) as f64 * ((at - x[from]) / (x[to] - x[from])) } else { from as f64 }
}

struct Widest {
    gap: f64,
    low: usize,
    high: usize,
}

/// Where minorant and majorant are furthest apart (it is at a corner of one), with the corner of the one and the next
/// corner of the other as the new modal interval. The minorant is of the distribution just before each value and the
/// majorant of that at it: one step more than the indices say.
fn widest(x: &[f64], minorant: &[usize], majorant: &[usize]) -> Widest {
    let mut best = Widest { gap: f64::NEG_INFINITY, low: minorant[0], high: majorant[majorant.len() - 1] };
    let mut next = 1;
    for g in minorant {
        while next + 1 < majorant.len() && x[majorant[next]] < x[*g] {
            next += 1;
        }
        let gap = height(x, majorant[next - 1], majorant[next], x[*g]) - *g as f64 + 1.0;
        if gap > best.gap {
            best = Widest { gap, low: *g, high: majorant[next] };
        }
    }
    let mut next = 1;
    for l in majorant {
        while next + 1 < minorant.len() && x[minorant[next]] <= x[*l] {
            next += 1;
        }
        let gap = *l as f64 - height(x, minorant[next - 1], minorant[next], x[*l]) + 1.0;
        if gap > best.gap {
            best = Widest { gap, low: minorant[next - 1], high: *l };
        }
    }
    best
}

/// Largest distance between the empirical distribution and the minorant left of the modal interval (or the majorant
/// right of it), in steps.
fn outside(x: &[f64], corners: &[usize], end: usize, above: bool) -> f64 {
    let mut most = 1.0f64;
    for pair in corners.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let counted = if above { a >= end } else { b <= end };
        if counted && b - a > 1 && x[b] > x[a] {
            for i in a..=b {
                let line = height(x, a, b, x[i]);
                let off = if above { line - i as f64 } else { i as f64 - line };
                most = most.max(off + 1.0);
            }
        }
    }
    most
}

/// The dip and its p-value for values that are not rounded (few ties). None for fewer than 20 values or a value that is
/// not a number. All values the same: dip 0, p 1.
///
/// The p-value is (b + 1) / 2,001 with b of 2,000 uniform samples at least as far (as root n times dip; sizes above 60
/// share samples in steps of 5 %). On rounded or ordinal values it is far too small: use [`jittered_dip`].
pub fn dip(values: &[f64]) -> Option<Tested> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    tested(&sorted)
}

/// The dip test of values on steps of `step` (1 for ordered options, 0.01 for a slider): each value is moved by chance
/// within its step, 31 times; the medians of dip and p. A distribution on steps has one hump if and only if it has one
/// when each step is spread out. None for fewer than 20 values, a value that is not a number, or a step not above 0.
pub fn jittered_dip(values: &[f64], step: f64) -> Option<Tested> {
    if values.len() < LEAST || !step.is_finite() || step <= 0.0 || values.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let seed = Seed::of([&b"dip jitter"[..]]);
    let all: Option<Vec<Tested>> = (0..JITTERS)
        .into_par_iter()
        .map(|draw| {
            let mut rng = seed.rng(draw);
            let mut moved: Vec<f64> = sorted.iter().map(|v| v + (rng.random::<f64>() - 0.5) * step).collect();
            moved.sort_by(f64::total_cmp);
            tested(&moved)
        })
        .collect();
    let all = all?;
    let median = |of: &dyn Fn(&Tested) -> f64| {
        let mut values: Vec<f64> = all.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Some(Tested { statistic: median(&|t| t.statistic), p: median(&|t| t.p) })
}

fn tested(sorted: &[f64]) -> Option<Tested> {
    if sorted.len() < LEAST {
        return None;
    }
    let statistic = dip_of_sorted(sorted)?;
    let chance = uniform_dips(sorted.len());
    let bar = statistic * (sorted.len() as f64).sqrt();
    let below = chance.partition_point(|d| *d < bar - 1e-12 * bar.max(1.0));
    Some(Tested { statistic, p: (chance.len() - below + 1) as f64 / (chance.len() + 1) as f64 })
}

/// Root n times the dip of uniform samples, ascending.
fn uniform_dips(n: usize) -> Arc<Vec<f64>> {
    static KNOWN: LazyLock<Mutex<HashMap<usize, Arc<Vec<f64>>>>> = LazyLock::new(Mutex::default);
    let n = bucket(n, CAP);
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(dips) = known().get(&n) {
        return dips.clone();
    }
    let seed = Seed::of([&b"dip"[..], &(n as u64).to_le_bytes()[..]]);
    let one = |draw: u64| {
        let mut rng = seed.rng(draw);
        // Sums of exponential steps are uniform values in order, up to scale, and the dip has no scale.
        let mut at = 0.0;
        let values: Vec<f64> = (0..n)
            .map(|_| {
                at -= (1.0 - rng.random::<f64>()).ln();
                at
            })
            .collect();
        dip_of_sorted(&values).unwrap_or(0.0) * (n as f64).sqrt()
    };
    let mut dips: Vec<f64> = (0..SAMPLES).into_par_iter().map(one).collect();
    dips.sort_by(f64::total_cmp);
    // Found outside the lock, see the critical values of the scan.
    known().entry(n).or_insert_with(|| Arc::new(dips)).clone()
}
