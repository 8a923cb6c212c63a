//! Cliff's delta of two groups (Cliff 1993) with the interval of Feng and Cliff (2004), without going over all pairs.

use super::super::wilson::Z;
use super::Interval;
use super::midranks::Ranks;

/// How the values of two groups lie among each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Ranks of both groups together, those of the first group first.
    pub pooled: Ranks,
    /// Values in the first group.
    pub first: usize,
    /// Values in the second group.
    pub second: usize,
    /// Twice Mann and Whitney's U of the first group: pairs in which it is higher count 2, equal pairs 1.
    pub doubled_u: u64,
    /// Σ over the first group of (placement − its mean)², a placement being lower values in the other group plus half of
    /// equal ones.
    pub spread_first: f64,
    /// The same of the second group.
    pub spread_second: f64,
    /// Pairs with equal values.
    equal: u128,
}

impl Placed {
    /// Two groups among each other; none when one is empty.
    pub fn of(first: &[f64], second: &[f64]) -> Option<Self> {
        if first.is_empty() || second.is_empty() {
            return None;
        }
        let pooled = Ranks::of(&[first, second].concat());
        let (own_first, own_second) = (Ranks::of(first), Ranks::of(second));
        let (all_first, all_second) = pooled.doubled().split_at(first.len());
        // A rank among all less the rank among the own group counts the other group.
        let placed = |all: &[u32], own: &Ranks| all.iter().zip(own.doubled()).map(|(a, o)| a - o).collect::<Vec<u32>>();
        let (in_second, in_first) = (placed(all_first, &own_first), placed(all_second, &own_second));
        let doubled_u = in_second.iter().map(|p| u64::from(*p)).sum();
        let equal = (pooled.tied_pairs() - own_first.tied_pairs() - own_second.tied_pairs()) / 2;
        Some(Self {
            first: first.len(),
            second: second.len(),
            doubled_u,
            spread_first: spread(&in_second),
            spread_second: spread(&in_first),
            equal,
            pooled,
        })
    }

    /// Pairs of a value of each group.
    pub fn pairs(&self) -> f64 {
        self.first as f64 * self.second as f64
    }

    /// Cliff's delta, -1 to 1: share of pairs in which the first group is higher less that in which it is lower.
    pub fn delta(&self) -> f64 {
        let pairs = self.first as i128 * self.second as i128;
        (i128::from(self.doubled_u) - pairs) as f64 / pairs as f64
    }

    /// 95 % interval of delta (Feng and Cliff 2004). Groups that do not overlap at all have no variance: the end that is
    /// not -1 or 1 is then that of the Wilson interval of the smaller group, all of whose values are on one side. None for
    /// a group of fewer than 2.
    pub fn interval(&self) -> Option<Interval> {
        if self.first < 2 || self.second < 2 {
            return None;
        }
        let (delta, z2) = (self.delta(), Z * Z);
        let left = (1.0 - delta) * (1.0 + delta);
        if left <= 0.0 {
            let n = self.first.min(self.second) as f64;
            let end = delta * (n - z2) / (n + z2);
            return Some(Interval { low: delta.min(end), high: delta.max(end) });
        }
        let variance = self.variance().max(left / (self.pairs() - 1.0));
        let (centre, bottom) = (delta * left, left + z2 * variance);
        let half = Z * (variance * (left * left + z2 * variance)).sqrt();
        Some(Interval { low: ((centre - half) / bottom).max(-1.0), high: ((centre + half) / bottom).min(1.0) })
    }

    /// Unbiased variance of delta; may be below 0.
    fn variance(&self) -> f64 {
        let (n1, n2, pairs, delta) = (self.first as f64, self.second as f64, self.pairs(), self.delta());
        let unequal = pairs - self.equal as f64;
        // A row mean of signs is 2 placement / n2 - 1, so n2² times its squares is 4 times those of placements.
        let rows = 4.0 * (self.spread_first + self.spread_second);
        (rows - (unequal - pairs * delta * delta)) / (pairs * (n1 - 1.0) * (n2 - 1.0))
    }
}

/// Cliff's delta of the first group and its interval; see [`Placed::delta`] and [`Placed::interval`].
pub fn cliff(first: &[f64], second: &[f64]) -> Option<(f64, Option<Interval>)> {
    Placed::of(first, second).map(|placed| (placed.delta(), placed.interval()))
}

/// Sum of squares around the mean of halved whole numbers; exact but for the last division.
fn spread(doubled: &[u32]) -> f64 {
    let (sum, squares) = doubled.iter().fold((0_u128, 0_u128), |(s, q), d| (s + u128::from(*d), q + u128::from(*d).pow(2)));
    let n = doubled.len() as u128;
    (n * squares - sum * sum) as f64 / (4.0 * n as f64)
}
