//! Dense groups of stories with sparse ground between them: HDBSCAN (Campello, Moulavi and Sander 2013).

use hdbscan::{DistanceMetric, Hdbscan, HdbscanHyperParams};

use super::distances::Distances;

/// Smallest group looked for.
pub const SMALLEST: usize = 5;

/// Stories that must be near for a place to be dense, the story itself among them.
pub const NEAR: usize = 5;

/// Share of the stories a group must hold.
pub const SHARE: f64 = 0.03;

/// Distances below this count as this. A pile of equal stories has no limit to its density, and with two of those the
/// method would subtract infinities.
const FINEST: f64 = 1e-3;

/// Smallest group to look for among so many scored stories: 3 % of them, at least 5.
pub fn smallest(scored: usize) -> usize {
    // A product such as 0.03 * 100 may be a hair above the whole number it stands for.
    ((SHARE * scored as f64 - 1e-9).ceil() as usize).max(SMALLEST)
}

/// Dense groups of the scored rows, the group with the row that comes first in `order` first, rows within in that order;
/// rows of no group are in none. `order` lists scored rows; which of equally near rows are joined first follows it, so give
/// [`Distances::own_order`]. A pair that is left out counts as far as can be. Empty when there are fewer rows than two
/// groups need.
pub fn groups(distances: &Distances, order: &[usize], smallest: usize, near: usize) -> Vec<Vec<usize>> {
    let (smallest, near) = (smallest.max(2), near.max(1));
    if order.len() < (2 * smallest).max(near) {
        return Vec::new();
    }
    let apart = |a: usize, b: usize| if a == b { 0.0 } else { distances.or_far(a, b).max(FINEST) };
    let matrix: Vec<Vec<f64>> = order.iter().map(|&a| order.iter().map(|&b| apart(a, b)).collect()).collect();
    let plan = HdbscanHyperParams::builder()
        .dist_metric(DistanceMetric::Precalculated)
        .min_cluster_size(smallest)
        .min_samples(near)
        .build();
    // It refuses an empty matrix or one with numbers that are not finite: neither comes here, and no group is the answer.
    let Ok(labels) = Hdbscan::new(&matrix, plan).cluster() else { return Vec::new() };
    let mut groups: Vec<(i32, Vec<usize>)> = Vec::new();
    for (&row, label) in order.iter().zip(labels).filter(|(_, label)| *label >= 0) {
        match groups.iter_mut().find(|(of, _)| *of == label) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((label, vec![row])),
        }
    }
    groups.into_iter().map(|(_, rows)| rows).collect()
}
