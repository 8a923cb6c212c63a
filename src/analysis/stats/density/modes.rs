//! Peaks of a density on a lattice by 0-dimensional persistence (Edelsbrunner, Letscher and Zomorodian 2002): nodes are
//! taken from high to low; a node without higher neighbours is born as a peak, and where two peaks meet (the saddle)
//! the lower one ends.

use super::lattice::Lattice;

/// A peak stands for itself when its saddle is at most this part of its height.
pub const SADDLE_MOST: f64 = 0.75;

/// A peak that stands for itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Node of the lattice.
    pub node: usize,
    /// Density there.
    pub density: f64,
    /// Density where the peak meets a higher one; 0 for the highest.
    pub saddle: f64,
}

/// Peaks and whose slopes each node is on.
#[derive(Debug, Clone, PartialEq)]
pub struct Modes {
    /// Peaks whose saddle is at most 0.75 of their height, highest first.
    pub peaks: Vec<Peak>,
    /// For each node the index in `peaks` of where steepest ascent from it leads. Ascent that ends on a minor peak goes
    /// on from the one that the minor peak meets.
    pub basins: Vec<usize>,
}

/// Peaks of `density`, one number at each node of the lattice. Of equal nodes the one with the lower index counts as
/// higher. No peaks (and no basins) when the density is 0 everywhere.
pub fn modes(lattice: &Lattice, density: &[f64]) -> Modes {
    let nodes = density.len();
    let mut order: Vec<usize> = (0..nodes).collect();
    order.sort_by(|a, b| density[*b].total_cmp(&density[*a]).then(a.cmp(b)));
    let mut rank = vec![0; nodes];
    order.iter().enumerate().for_each(|(r, node)| rank[*node] = r);

    // The highest node that each node's component has, and the peak that steepest ascent ends on.
    let mut parent: Vec<usize> = (0..nodes).collect();
    let mut ends: Vec<usize> = (0..nodes).collect();
    // Where each peak ends, and in which peak.
    let mut met: Vec<Option<(f64, usize)>> = vec![None; nodes];
    for node in &order {
        let higher = || lattice.neighbours(*node).iter().copied().filter(|next| rank[*next] < rank[*node]);
        let Some(steepest) = higher().min_by_key(|next| rank[*next]) else { continue };
        ends[*node] = ends[steepest];
        for next in higher() {
            let (own, other) = (root(&mut parent, *node), root(&mut parent, next));
            if own == *node {
                parent[own] = other;
            } else if own != other {
                let (above, below) = if rank[own] < rank[other] { (own, other) } else { (other, own) };
                parent[below] = above;
                met[below] = Some((density[*node], above));
            }
        }
    }

    let (mut peaks, mut number) = (Vec::new(), vec![usize::MAX; nodes]);
    for node in order.into_iter().filter(|node| ends[*node] == *node && density[*node] > 0.0) {
        let saddle = met[node].map_or(0.0, |(saddle, _)| saddle);
        match met[node] {
            Some((saddle, above)) if saddle > SADDLE_MOST * density[node] => number[node] = number[above],
            _ => {
                number[node] = peaks.len();
                peaks.push(Peak { node, density: density[node], saddle });
            }
        }
    }
    // A node at 0 beside nothing higher belongs nowhere in particular; the highest peak takes it.
    let basins = if peaks.is_empty() {
        Vec::new()
    } else {
        ends.into_iter().map(|end| if number[end] < peaks.len() { number[end] } else { 0 }).collect()
    };
    Modes { peaks, basins }
}

/// The highest node of a component, with the way there made short.
fn root(parent: &mut [usize], mut node: usize) -> usize {
    while parent[node] != node {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    node
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    /// A density on the slider's line: straight between these corners.
    fn line(corners: &[(usize, f64)]) -> Vec<f64> {
        (0..101)
            .map(|k| {
                let next = corners.iter().position(|(at, _)| *at >= k).unwrap().max(1);
                let ((a, f), (b, g)) = (corners[next - 1], corners[next]);
                f + (g - f) * (k - a) as f64 / (b - a) as f64
            })
            .collect()
    }

    #[test]
    fn peaks_saddles_and_basins_of_a_line() {
        let density = line(&[(0, 0.1), (20, 2.0), (40, 1.0), (50, 1.2), (60, 0.4), (80, 1.0), (100, 0.2)]);
        let found = modes(Lattice::of(Kind::Slider), &density);
        // The bump at 50 meets the one at 20 at 1.0 of 1.2: minor.
        let expected = vec![Peak { node: 20, density: 2.0, saddle: 0.0 }, Peak { node: 80, density: 1.0, saddle: density[60] }];
        assert_eq!(found.peaks, expected);
        assert_eq!((found.basins[0], found.basins[50], found.basins[59], found.basins[61]), (0, 0, 0, 1));
    }

    #[test]
    fn flat_is_one_peak_and_nothing_is_none() {
        let lattice = Lattice::of(Kind::Stone);
        assert_eq!(modes(lattice, &vec![1.0; 1681]).peaks, vec![Peak { node: 0, density: 1.0, saddle: 0.0 }]);
        assert_eq!(modes(lattice, &vec![0.0; 1681]), Modes { peaks: vec![], basins: vec![] });
    }
}
