//! A division of stories around k of them (medoids): BUILD (Kaufman and Rousseeuw 1990) and the eager swaps of FasterPAM
//! (Schubert and Rousseeuw 2021), written from the papers.

use super::distances::Distances;
use super::silhouette::{average, fits};

/// A swap must lower the loss by more than this share of it, or rounding could swap for ever.
const GAIN: f64 = 1e-12;

/// Stories divided around some of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Division {
    /// The row in the middle of each group.
    pub medoids: Vec<usize>,
    /// Group of each row as an index of `medoids`; none for a row that is not scored.
    pub groups: Vec<Option<usize>>,
    /// Sum of the distances of stories to the medoid of their group.
    pub loss: f64,
}

/// The nearest and second nearest medoid of a story.
#[derive(Debug, Clone, Copy)]
struct Near {
    first: usize,
    d1: f64,
    d2: f64,
}

/// The scored stories divided in `k` groups. A pair that is left out counts as far as can be. Groups are in order of size,
/// the largest first. None unless there are more than `k` scored stories and `k` is at least 1.
pub fn divide(distances: &Distances, k: usize) -> Option<Division> {
    // In an order of their own: which of several equal divisions is found does not depend on the order of the rows.
    let rows = distances.own_order(|_| 0);
    if k == 0 || rows.len() <= k {
        return None;
    }
    let n = rows.len();
    let matrix: Vec<f64> = rows.iter().flat_map(|&a| rows.iter().map(move |&b| distances.or_far(a, b))).collect();
    let mut medoids = build(&matrix, n, k);
    swap(&matrix, n, &mut medoids);
    Some(describe(distances.stories(), &rows, &matrix, &medoids))
}

/// The division in 2 to `most` (at least 2, usually 8) groups with the largest average silhouette, with that; the one with
/// fewer groups of two equal ones. None with fewer than three scored stories.
pub fn best(distances: &Distances, most: usize) -> Option<(Division, f64)> {
    let mut best: Option<(Division, f64)> = None;
    for k in 2..=most.max(2) {
        let Some(division) = divide(distances, k) else { break };
        let Some(silhouette) = average(fits(distances, &division.groups)) else { continue };
        if best.as_ref().is_none_or(|(_, so_far)| silhouette > so_far + GAIN) {
            best = Some((division, silhouette));
        }
    }
    best
}

/// Medoids one by one, each the story that lowers the loss most.
fn build(matrix: &[f64], n: usize, k: usize) -> Vec<usize> {
    let mut medoids = Vec::with_capacity(k);
    let mut nearest = vec![f64::INFINITY; n];
    for _ in 0..k {
        let loss = |candidate: usize| -> f64 {
            nearest.iter().zip(&matrix[candidate * n..][..n]).map(|(near, distance)| near.min(*distance)).sum()
        };
        let candidates = (0..n).filter(|candidate| !medoids.contains(candidate));
        let Some((_, added)) = candidates.map(|c| (loss(c), c)).min_by(|a, b| a.0.total_cmp(&b.0)) else { break };
        medoids.push(added);
        nearest.iter_mut().zip(&matrix[added * n..][..n]).for_each(|(near, distance)| *near = near.min(*distance));
    }
    medoids
}

/// Swaps a medoid for another story as soon as that lowers the loss, until no swap does.
fn swap(matrix: &[f64], n: usize, medoids: &mut [usize]) {
    let mut near = nearest_two(matrix, n, medoids);
    let mut losses = removal_losses(&near, medoids.len());
    let (mut candidate, mut since) = (0, 0);
    let mut change = vec![0.0; medoids.len()];
    while since < n {
        if !medoids.contains(&candidate) {
            let total: f64 = near.iter().map(|near| near.d1).sum();
            let (gain, out) = best_swap(matrix, n, candidate, &near, &losses, &mut change);
            if gain < -GAIN * total {
                medoids[out] = candidate;
                near = nearest_two(matrix, n, medoids);
                losses = removal_losses(&near, medoids.len());
                since = 0;
            }
        }
        candidate = (candidate + 1) % n;
        since += 1;
    }
}

/// Change of the loss when `candidate` takes the place of the best medoid to give up, and which that is. The gain of the
/// candidate that does not depend on who goes is summed apart from what does.
fn best_swap(matrix: &[f64], n: usize, candidate: usize, near: &[Near], losses: &[f64], change: &mut [f64]) -> (f64, usize) {
    change.copy_from_slice(losses);
    let mut always = 0.0;
    for (near, &distance) in near.iter().zip(&matrix[candidate * n..][..n]) {
        if distance < near.d1 {
            always += distance - near.d1;
            change[near.first] += near.d1 - near.d2;
        } else if distance < near.d2 {
            change[near.first] += distance - near.d2;
        }
    }
    let out = (0..change.len()).min_by(|&a, &b| change[a].total_cmp(&change[b])).unwrap_or(0);
    (change[out] + always, out)
}

/// What the loss grows by when a medoid goes and nothing comes.
fn removal_losses(near: &[Near], k: usize) -> Vec<f64> {
    let mut losses = vec![0.0; k];
    near.iter().for_each(|near| losses[near.first] += near.d2 - near.d1);
    losses
}

/// With a single medoid the second is as far as anything is, which makes every change of the loss right: the same sum
/// goes in and out.
fn nearest_two(matrix: &[f64], n: usize, medoids: &[usize]) -> Vec<Near> {
    let farthest = matrix.iter().copied().fold(0.0, f64::max);
    let near = |row: usize| {
        let mut near = Near { first: 0, d1: f64::INFINITY, d2: f64::INFINITY };
        for (at, &medoid) in medoids.iter().enumerate() {
            let distance = matrix[medoid * n + row];
            if distance < near.d1 {
                near = Near { first: at, d1: distance, d2: near.d1 };
            } else if distance < near.d2 {
                near.d2 = distance;
            }
        }
        Near { d2: near.d2.min(farthest), ..near }
    };
    (0..n).map(near).collect()
}

fn describe(stories: usize, rows: &[usize], matrix: &[f64], medoids: &[usize]) -> Division {
    let near = nearest_two(matrix, rows.len(), medoids);
    let mut sizes = vec![0_usize; medoids.len()];
    near.iter().for_each(|near| sizes[near.first] += 1);
    let mut order: Vec<usize> = (0..medoids.len()).collect();
    order.sort_by_key(|&group| (std::cmp::Reverse(sizes[group]), medoids[group]));
    let mut place = vec![0; medoids.len()];
    order.iter().enumerate().for_each(|(to, &from)| place[from] = to);
    let mut groups = vec![None; stories];
    rows.iter().zip(&near).for_each(|(&row, near)| groups[row] = Some(place[near.first]));
    let medoids = order.iter().map(|&group| rows[medoids[group]]).collect();
    Division { medoids, groups, loss: near.iter().map(|near| near.d1).sum() }
}
