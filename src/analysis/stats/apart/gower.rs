//! The distance of two stories over all their answers (Gower 1971), each kind of answer on its own fixed range, so that
//! a distance does not change with the filter that chose the stories.
//!
//! Slider: difference of places. Scale: difference of steps over (levels - 1). One choice: 0 or 1. Several choices: one
//! minus shared over all options named (Jaccard), two empty answers are equal. Triad: distance in the drawn triangle of
//! side 1. Stone: distance over the diagonal of the square. What one of both left out counts for neither.

use rayon::prelude::*;

use super::distances::Distances;
use super::table::{Column, Table, Weighted};

/// Share of all weight that a story, and two stories together, must have answered to be compared.
pub const ANSWERED: f64 = 0.5;

/// Weights such as a third add up to a little less than a half.
const ROUNDING: f64 = 1e-12;

/// Distances over the answers both gave, and the weight of these answers.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    apart: f64,
    shared: f64,
}

/// Distances of all pairs of stories, 0 to 1. A story that answered less than half (by weight) is not scored; a pair that
/// shares less than half is left out.
pub fn distances(table: &Table) -> Distances {
    let stories = table.stories();
    let enough = (ANSWERED - ROUNDING) * table.weight();
    let scored: Vec<bool> = (0..stories).map(|row| table.answered(row) >= enough).collect();
    let rows: Vec<Vec<f64>> = (0..stories)
        .into_par_iter()
        .map(|row| {
            let mut sums = vec![Sum::default(); stories - row - 1];
            for column in table.columns() {
                add_row(column, row, &mut sums);
            }
            sums.iter()
                .enumerate()
                .map(|(at, sum)| {
                    let compared = scored[row] && scored[row + 1 + at] && sum.shared >= enough;
                    if compared { sum.apart / sum.shared } else { f64::NAN }
                })
                .collect()
        })
        .collect();
    Distances::of_gower(scored, rows.concat())
}

/// Where the distance of two stories comes from: by signifier, adding up to the distance. None when the pair is left out.
pub fn explained(table: &Table, a: usize, b: usize) -> Option<Vec<f64>> {
    let enough = (ANSWERED - ROUNDING) * table.weight();
    let mut shared = 0.0;
    let mut parts = vec![0.0; table.signifiers()];
    for column in table.columns() {
        if let Some(apart) = column.column.distance(a, b) {
            shared += column.weight;
            parts[column.signifier] += column.weight * apart;
        }
    }
    if shared < enough {
        return None;
    }
    parts.iter_mut().for_each(|part| *part /= shared);
    Some(parts)
}

impl Column {
    /// How far two answers are apart, 0 to 1; none when one is missing.
    pub fn distance(&self, a: usize, b: usize) -> Option<f64> {
        fn both<T>(values: &[Option<T>], a: usize, b: usize, apart: impl Fn(&T, &T) -> f64) -> Option<f64> {
            Some(apart(values.get(a)?.as_ref()?, values.get(b)?.as_ref()?))
        }
        match self {
            Self::Slider(values) => both(values, a, b, slider),
            Self::Ordinal { levels, values } => both(values, a, b, |x, y| ordinal(*levels, x, y)),
            Self::Single(values) => both(values, a, b, single),
            Self::Multiple(values) => both(values, a, b, multiple),
            Self::Triad(values) => both(values, a, b, euclid),
            Self::Stone(values) => both(values, a, b, euclid),
        }
    }
}

/// Adds what a column says about `row` and every later row. One match a row and not a pair keeps the inner loop short.
fn add_row(column: &Weighted, row: usize, sums: &mut [Sum]) {
    fn each<T>(values: &[Option<T>], row: usize, weight: f64, sums: &mut [Sum], apart: impl Fn(&T, &T) -> f64) {
        let Some(own) = &values[row] else { return };
        for (other, sum) in values[row + 1..].iter().zip(sums) {
            if let Some(other) = other {
                sum.apart += weight * apart(own, other);
                sum.shared += weight;
            }
        }
    }
    let weight = column.weight;
    match &column.column {
        Column::Slider(values) => each(values, row, weight, sums, slider),
        Column::Ordinal { levels, values } => each(values, row, weight, sums, |x, y| ordinal(*levels, x, y)),
        Column::Single(values) => each(values, row, weight, sums, single),
        Column::Multiple(values) => each(values, row, weight, sums, multiple),
        Column::Triad(values) => each(values, row, weight, sums, euclid),
        Column::Stone(values) => each(values, row, weight, sums, euclid),
    }
}

fn slider(x: &f64, y: &f64) -> f64 {
    (x - y).abs()
}

fn ordinal(levels: u32, x: &u32, y: &u32) -> f64 {
    f64::from(x.abs_diff(*y)) / f64::from(levels - 1)
}

fn single(x: &u32, y: &u32) -> f64 {
    f64::from(u8::from(x != y))
}

fn multiple(x: &u128, y: &u128) -> f64 {
    let named = (x | y).count_ones();
    if named == 0 { 0.0 } else { 1.0 - f64::from((x & y).count_ones()) / f64::from(named) }
}

/// Over the square root of 2, the largest there is: of three shares as of two places in a unit square. Rounding of the
/// shares must not lift it above 1.
fn euclid<const N: usize>(x: &[f64; N], y: &[f64; N]) -> f64 {
    let squares: f64 = x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum();
    (squares / 2.0).sqrt().min(1.0)
}
