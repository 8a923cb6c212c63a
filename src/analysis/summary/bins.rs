//! Counting dots in small parts of a figure, where there are too many to draw.

use std::collections::BTreeMap;

use super::places::Bin;

/// Bins along a side of a triangle or canvas: small enough to show a shape, large enough for a finger.
pub const SIDES: u32 = 24;
/// Bins along a slider.
pub const COLUMNS: u32 = 50;

/// Hexagons around the points of a triangular grid, whose shares are whole numbers of [`SIDES`]: every dot belongs to the point
/// that is nearest to it in the drawn triangle.
pub fn hexagons<'a>(dots: impl Iterator<Item = &'a [f64]>) -> Vec<Bin> {
    let middle = |point: [i64; 3]| point.map(|p| p as f64 / f64::from(SIDES)).into();
    counted(dots.filter_map(|dot| Some(nearest([*dot.first()?, *dot.get(1)?, *dot.get(2)?]))), middle)
}

/// The nearest point of the grid: every share is rounded, and the one that was rounded most makes the sum right.
fn nearest(shares: [f64; 3]) -> [i64; 3] {
    let total: f64 = shares.iter().sum();
    let exact = shares.map(|s| if total > 0.0 { s / total * f64::from(SIDES) } else { f64::from(SIDES) / 3.0 });
    let mut rounded = exact.map(|e| e.round() as i64);
    let off = [0, 1, 2].map(|i| (rounded[i] as f64 - exact[i]).abs());
    let most = (0..3).max_by(|a, b| off[*a].total_cmp(&off[*b])).unwrap_or(0);
    rounded[most] += i64::from(SIDES) - rounded.iter().sum::<i64>();
    rounded
}

/// Squares of a canvas.
pub fn squares<'a>(dots: impl Iterator<Item = &'a [f64]>) -> Vec<Bin> {
    let middle = |[x, y]: [i64; 2]| vec![middle_of(x, SIDES), middle_of(y, SIDES)];
    counted(dots.filter_map(|dot| Some([part(*dot.first()?, SIDES), part(*dot.get(1)?, SIDES)])), middle)
}

/// Columns of a slider.
pub fn columns<'a>(dots: impl Iterator<Item = &'a [f64]>) -> Vec<Bin> {
    counted(dots.filter_map(|dot| Some(part(*dot.first()?, COLUMNS))), |c| vec![middle_of(c, COLUMNS)])
}

/// In which of so many parts a position lies; the end belongs to the last.
fn part(position: f64, parts: u32) -> i64 {
    ((position * f64::from(parts)) as i64).clamp(0, i64::from(parts) - 1)
}

fn middle_of(part: i64, parts: u32) -> f64 {
    (part as f64 + 0.5) / f64::from(parts)
}

fn counted<K: Ord + Copy>(keys: impl Iterator<Item = K>, middle: impl Fn(K) -> Vec<f64>) -> Vec<Bin> {
    let mut counts: BTreeMap<K, u32> = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts.into_iter().map(|(key, count)| Bin { at: middle(key), count }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plane([top, _, right]: [f64; 3]) -> [f64; 2] {
        [right + top / 2.0, top * 3f64.sqrt() / 2.0]
    }

    fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
        let ([ax, ay], [bx, by]) = (plane(a), plane(b));
        (ax - bx).hypot(ay - by)
    }

    #[test]
    fn corners_and_ends_have_bins_of_their_own() {
        let dots = [vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0], vec![0.0, 0.0, 1.0], vec![0.999, 0.0, 0.001]];
        let bins = hexagons(dots.iter().map(Vec::as_slice));
        assert_eq!(bins.iter().map(|b| b.count).collect::<Vec<_>>(), [1, 1, 2]);
        let ends = columns([[0.0], [1.0], [0.019]].iter().map(<[f64; 1]>::as_slice));
        assert_eq!(ends, [Bin { at: vec![0.01], count: 2 }, Bin { at: vec![0.99], count: 1 }]);
        let corner = squares([[1.0, 0.0]].iter().map(<[f64; 2]>::as_slice));
        assert_eq!(corner[0].count, 1);
        assert!((corner[0].at[0] - 47.0 / 48.0).abs() < 1e-12 && (corner[0].at[1] - 1.0 / 48.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn every_dot_is_counted_once_in_the_nearest_hexagon(a in 0.0..1.0f64, b in 0.0..1.0f64) {
            let shares = if a + b <= 1.0 { [a, b, 1.0 - a - b] } else { [1.0 - a, 1.0 - b, a + b - 1.0] };
            let bins = hexagons(std::iter::once(shares.as_slice()));
            prop_assert_eq!(bins.len(), 1);
            let at: [f64; 3] = bins[0].at.clone().try_into().unwrap();
            prop_assert!((at.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(at.iter().all(|s| *s > -1e-9), "{:?}", at);
            let side = f64::from(SIDES);
            let grid = (0..=SIDES).flat_map(|i| (0..=SIDES - i).map(move |j| [i, j, SIDES - i - j].map(|p| f64::from(p) / side)));
            let best = grid.map(|g| distance(g, shares)).fold(f64::INFINITY, f64::min);
            prop_assert!(distance(at, shares) <= best + 1e-9);
        }
    }
}
