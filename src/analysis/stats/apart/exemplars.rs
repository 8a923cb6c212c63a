//! Stories that show what a group is like: the one in the middle (medoid, Kaufman and Rousseeuw 1990) and two unlike each
//! other from the inner half (farthest point, Gonzalez 1985); and stories between two groups.

use super::distances::Distances;
use super::silhouette::Fit;

/// A story with a silhouette no farther from 0 than this is between two groups.
pub const BETWEEN: f64 = 0.05;

/// Distances closer than this are equal; the earlier row is taken then.
const TIE: f64 = 1e-12;

/// The row with the smallest mean distance to the others of `rows`. Only scored rows that can be compared with at least
/// half of the others are in question; none when there is no such row. Of equal ones the first in `rows`: give rows in an
/// order of their own, by story id.
pub fn medoid(distances: &Distances, rows: &[usize]) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for &row in rows.iter().filter(|&&row| distances.is_scored(row)) {
        let known: Vec<f64> = rows.iter().filter(|&&other| other != row).filter_map(|&o| distances.get(row, o)).collect();
        if 2 * known.len() + 1 < rows.len() {
            continue;
        }
        let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
        if best.is_none_or(|(so_far, _)| mean < so_far - TIE) {
            best = Some((mean, row));
        }
    }
    best.map(|(_, row)| row)
}

/// The medoid of `rows` and up to `more` (usually 2) others from the half of the rows nearest to it, each as far as can be
/// from those taken before. Empty without a medoid; no row is given twice and none that equals one taken before.
pub fn exemplars(distances: &Distances, rows: &[usize], more: usize) -> Vec<usize> {
    let Some(middle) = medoid(distances, rows) else { return Vec::new() };
    let mut inner: Vec<(f64, usize)> =
        rows.iter().filter(|&&row| row != middle).filter_map(|&row| Some((distances.get(middle, row)?, row))).collect();
    inner.sort_by(|a, b| a.0.total_cmp(&b.0));
    // As far out as the one in the middle of the list, and all that are equally far.
    let Some(&(border, _)) = inner.get(inner.len().saturating_sub(1) / 2) else { return vec![middle] };
    inner.retain(|&(distance, _)| distance <= border + TIE);
    let mut taken = vec![middle];
    for _ in 0..more {
        let mut farthest: Option<(f64, usize)> = None;
        // In the order of `rows`, which decides between equals.
        for &row in rows.iter().filter(|&&row| inner.iter().any(|&(_, of)| of == row)) {
            let gap = taken.iter().map(|&by| distances.get(row, by).unwrap_or(0.0)).fold(f64::INFINITY, f64::min);
            if gap > farthest.map_or(0.0, |(so_far, _)| so_far) + TIE {
                farthest = Some((gap, row));
            }
        }
        let Some((_, row)) = farthest else { break };
        taken.push(row);
    }
    taken
}

/// Rows between two groups, the most between first, at most `most`: their silhouette is at most .05 from 0 and they are not
/// alone in their group (the silhouette of such a one is 0 by definition).
pub fn bridges(fits: &[Option<Fit>], groups: &[Option<usize>], most: usize) -> Vec<usize> {
    let size = |group: usize| groups.iter().flatten().filter(|&&of| of == group).count();
    let mut between: Vec<(f64, usize)> = fits
        .iter()
        .zip(groups)
        .enumerate()
        .filter_map(|(row, (fit, group))| {
            let gap = (*fit)?.value.abs();
            (gap <= BETWEEN && size((*group)?) > 1).then_some((gap, row))
        })
        .collect();
    between.sort_by(|a, b| a.0.total_cmp(&b.0));
    between.truncate(most);
    between.into_iter().map(|(_, row)| row).collect()
}
