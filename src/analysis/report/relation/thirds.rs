//! Which way dots go with an ordered figure: where they lie on average for those who answered low, in between and high.

use super::super::closer::{Part, Third};
use super::super::variable::{Values, Variable};
use super::Both;
use super::both::count;

/// Fewest people for a mean place.
const LEAST: u32 = 10;

/// The mean dot of each third of the ordered side; nothing where the sides are not dots and an ordered figure. Thirds are of
/// the figure, not of the people; a point of a scale counts as the middle of its part of the line.
pub(super) fn thirds(both: &Both<'_>) -> Vec<Third> {
    let (dots, line) = if both.a.values.is_ordered() { (both.b, both.a) } else { (both.a, both.b) };
    if !line.values.is_ordered() || !matches!(dots.values, Values::Triad(_) | Values::Stone(_)) {
        return Vec::new();
    }
    let mut told: [(Vec<u32>, Vec<Vec<f64>>); 3] = Default::default();
    for (row, person) in both.rows.iter().zip(&both.people) {
        if let (Some(part), Some(dot)) = (third_of(line, *row), dot(dots, *row)) {
            told[part].0.push(*person);
            told[part].1.push(dot);
        }
    }
    let third = |(part, (people, dots)): (Part, (Vec<u32>, Vec<Vec<f64>>))| Third {
        part,
        n: dots.len() as u32,
        mean: if count(&people) < LEAST { None } else { mean(&dots) },
    };
    [Part::Low, Part::Middle, Part::High].into_iter().zip(told).map(third).collect()
}

/// 0 low, 1 in between, 2 high.
fn third_of(line: &Variable, row: usize) -> Option<usize> {
    let at = match &line.values {
        Values::Ordinal { levels, points } => (f64::from(points[row]?) - 0.5) / f64::from((*levels).max(1)),
        values => values.number(row)?,
    };
    Some((at * 3.0).floor().clamp(0.0, 2.0) as usize)
}

fn dot(dots: &Variable, row: usize) -> Option<Vec<f64>> {
    match &dots.values {
        Values::Triad(shares) => shares[row].map(|s| s.to_vec()),
        values => values.place(row).map(|p| p.to_vec()),
    }
}

fn mean(dots: &[Vec<f64>]) -> Option<Vec<f64>> {
    let parts = dots.first()?.len();
    Some((0..parts).map(|i| dots.iter().map(|d| d[i]).sum::<f64>() / dots.len() as f64).collect())
}
