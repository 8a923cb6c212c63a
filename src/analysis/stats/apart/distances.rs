//! Distances of all pairs of stories, each pair kept once.

use std::cmp::Ordering;

/// Distances of all pairs of `stories()` rows. Some pairs may be left out, some stories not be scored.
#[derive(Debug, Clone)]
pub struct Distances {
    scored: Vec<bool>,
    /// Pairs (0,1), (0,2), ... (1,2), ...; NaN where a pair is left out, which never leaves this file.
    pairs: Vec<f64>,
    /// What a pair that is left out counts as where a method needs a number: as far as can be.
    far: f64,
}

impl Distances {
    /// Distances by a function of two row indexes, the smaller first; none, infinite or negative leaves the pair out. All
    /// rows are scored.
    pub fn by(stories: usize, distance: impl Fn(usize, usize) -> Option<f64>) -> Self {
        let mut pairs = Vec::with_capacity(stories * stories.saturating_sub(1) / 2);
        for a in 0..stories {
            for b in a + 1..stories {
                pairs.push(distance(a, b).filter(|d| d.is_finite() && *d >= 0.0).unwrap_or(f64::NAN));
            }
        }
        let far = pairs.iter().copied().filter(|d| !d.is_nan()).fold(1.0, f64::max);
        Self { scored: vec![true; stories], pairs, far }
    }

    /// Distances 0 to 1 in the order of `pairs`, NaN where left out.
    pub(super) fn of_gower(scored: Vec<bool>, pairs: Vec<f64>) -> Self {
        Self { scored, pairs, far: 1.0 }
    }

    /// Number of rows, scored or not.
    pub fn stories(&self) -> usize {
        self.scored.len()
    }

    /// Rows that are scored, ascending.
    pub fn scored(&self) -> Vec<usize> {
        (0..self.stories()).filter(|&row| self.scored[row]).collect()
    }

    /// Whether this row is there and scored.
    pub fn is_scored(&self, row: usize) -> bool {
        self.scored.get(row) == Some(&true)
    }

    /// Distance of two rows, at least 0, and 0 of a row to itself; none when the pair is left out or a row is not there.
    pub fn get(&self, a: usize, b: usize) -> Option<f64> {
        let n = self.stories();
        if a >= n || b >= n {
            return None;
        }
        match a.cmp(&b) {
            Ordering::Equal => Some(0.0),
            Ordering::Less => Some(self.pair(a, b)).filter(|d| !d.is_nan()),
            Ordering::Greater => Some(self.pair(b, a)).filter(|d| !d.is_nan()),
        }
    }

    /// As `get`; the largest distance there can be for a pair that is left out, so that such stories are not put together
    /// without a reason.
    pub fn or_far(&self, a: usize, b: usize) -> f64 {
        self.get(a, b).unwrap_or(self.far)
    }

    /// Distances among these rows, in this order, all scored that are so here.
    pub fn among(&self, rows: &[usize]) -> Self {
        let mut among = Self::by(rows.len(), |a, b| self.get(rows[a], rows[b]));
        among.scored = rows.iter().map(|&row| self.is_scored(row)).collect();
        among.far = self.far;
        among
    }

    /// Scored rows in an order that does not depend on the order of the rows: by their sorted distances to all others.
    /// Rows alike in that (mostly of equal answers) come in the order of `tie`, then of their index.
    pub fn own_order(&self, tie: impl Fn(usize) -> u64) -> Vec<usize> {
        let mut rows: Vec<(Vec<f64>, usize)> = self
            .scored()
            .into_iter()
            .map(|row| {
                let mut profile: Vec<f64> = (0..self.stories()).filter_map(|other| self.get(row, other)).collect();
                profile.sort_unstable_by(f64::total_cmp);
                (profile, row)
            })
            .collect();
        rows.sort_by(|(a, x), (b, y)| {
            let unlike = a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
            unlike.unwrap_or(a.len().cmp(&b.len())).then_with(|| tie(*x).cmp(&tie(*y))).then(x.cmp(y))
        });
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn pair(&self, a: usize, b: usize) -> f64 {
        // Rows before a hold (n - 1) + (n - 2) + ... pairs.
        self.pairs[a * (2 * self.stories() - a - 1) / 2 + b - a - 1]
    }
}
