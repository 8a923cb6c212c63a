//! The nodes where densities are evaluated: a triangular lattice for triads, a line for sliders, a square grid for
//! stones, each with its neighbours.

use std::sync::OnceLock;

use super::{Dot, Kind};

/// Steps along a side of the triangle.
pub const TRIAD_STEPS: usize = 40;
/// Steps along a slider.
pub const SLIDER_STEPS: usize = 100;
/// Steps along a side of a canvas.
pub const STONE_STEPS: usize = 40;

/// Nodes with neighbours. Triads: 861 nodes with up to 6 neighbours, the share of top grows slowest and then that of
/// left. Sliders: 101 nodes from start to end. Stones: 41 x 41 nodes with up to 8 neighbours, row by row from y = 0.
#[derive(Debug)]
pub struct Lattice {
    kind: Kind,
    dots: Vec<Dot>,
    neighbours: Vec<Vec<usize>>,
}

impl Lattice {
    /// The lattice of a kind; made once.
    pub fn of(kind: Kind) -> &'static Self {
        static ALL: [OnceLock<Lattice>; 3] = [const { OnceLock::new() }; 3];
        ALL[kind as usize].get_or_init(|| match kind {
            Kind::Triad => Self::triad(),
            Kind::Slider => Self::slider(),
            Kind::Stone => Self::stone(),
        })
    }

    /// Positions of the nodes. Those of a slider are on the scale of the kernel: node k is at k / 100.
    pub fn dots(&self) -> &[Dot] {
        &self.dots
    }

    /// Neighbours of a node.
    pub fn neighbours(&self, node: usize) -> &[usize] {
        &self.neighbours[node]
    }

    /// The node nearest to a dot inside the triangle, line or canvas.
    pub fn nearest(&self, dot: Dot) -> usize {
        let step = |x: f64, steps: usize| (x * steps as f64).round().clamp(0.0, steps as f64) as usize;
        match self.kind {
            Kind::Triad => {
                let (top, left) = round_shares(dot, TRIAD_STEPS);
                triad_index(top, left, TRIAD_STEPS)
            }
            Kind::Slider => step(dot[0], SLIDER_STEPS),
            Kind::Stone => step(dot[1], STONE_STEPS) * (STONE_STEPS + 1) + step(dot[0], STONE_STEPS),
        }
    }

    fn triad() -> Self {
        let n = TRIAD_STEPS;
        let (mut dots, mut neighbours) = (Vec::new(), Vec::new());
        for top in 0..=n {
            for left in 0..=n - top {
                let share = |steps: usize| steps as f64 / n as f64;
                dots.push([share(top), share(left), share(n - top - left)]);
                // Moving one step from one anchor to another: six ways.
                let ways = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)];
                let near = ways.into_iter().filter_map(|(dt, dl)| {
                    let (t, l) = (top.checked_add_signed(dt)?, left.checked_add_signed(dl)?);
                    (t + l <= n).then(|| triad_index(t, l, n))
                });
                neighbours.push(near.collect());
            }
        }
        Self { kind: Kind::Triad, dots, neighbours }
    }

    fn slider() -> Self {
        let n = SLIDER_STEPS;
        let dots = (0..=n).map(|k| [k as f64 / n as f64, 0.0, 0.0]).collect();
        let near = |k: usize| [k.checked_sub(1), Some(k + 1).filter(|k| *k <= n)].into_iter().flatten().collect();
        Self { kind: Kind::Slider, dots, neighbours: (0..=n).map(near).collect() }
    }

    fn stone() -> Self {
        let side = STONE_STEPS + 1;
        let (mut dots, mut neighbours) = (Vec::new(), Vec::new());
        for y in 0..side {
            for x in 0..side {
                dots.push([x as f64 / STONE_STEPS as f64, y as f64 / STONE_STEPS as f64, 0.0]);
                let mut near = Vec::new();
                for v in y.saturating_sub(1)..=(y + 1).min(side - 1) {
                    for u in x.saturating_sub(1)..=(x + 1).min(side - 1) {
                        if (u, v) != (x, y) {
                            near.push(v * side + u);
                        }
                    }
                }
                neighbours.push(near);
            }
        }
        Self { kind: Kind::Stone, dots, neighbours }
    }
}

/// Index of the node with so many steps of top and left, in a lattice with `steps` along a side.
pub(super) fn triad_index(top: usize, left: usize, steps: usize) -> usize {
    // Rows before this one have steps + 1, steps, ... nodes.
    top * (2 * (steps + 1) + 1 - top) / 2 + left
}

/// Steps of top and left of the node nearest in the plane: round each share, then let the one that was rounded most
/// make the sum right, as is done for hexagons.
fn round_shares(dot: Dot, steps: usize) -> (usize, usize) {
    let scaled = dot.map(|share| share * steps as f64);
    let mut near = scaled.map(|x| x.round().clamp(0.0, steps as f64));
    let off = [0, 1, 2].map(|i| (near[i] - scaled[i]).abs());
    let most = if off[0] >= off[1] && off[0] >= off[2] {
        0
    } else if off[1] >= off[2] {
        1
    } else {
        2
    };
    let others: f64 = (0..3).filter(|i| *i != most).map(|i| near[i]).sum();
    near[most] = (steps as f64 - others).max(0.0);
    let top = (near[0] as usize).min(steps);
    (top, (near[1] as usize).min(steps - top))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_neighbourhoods() {
        for (kind, nodes, most, links) in [
            (Kind::Triad, 861, 6, 2 * 3 * 820),
            (Kind::Slider, 101, 2, 200),
            (Kind::Stone, 1681, 8, 2 * (2 * 41 * 40 + 2 * 1600)),
        ] {
            let lattice = Lattice::of(kind);
            assert_eq!(lattice.dots().len(), nodes);
            assert_eq!((0..nodes).map(|i| lattice.neighbours(i).len()).max(), Some(most));
            assert_eq!((0..nodes).map(|i| lattice.neighbours(i).len()).sum::<usize>(), links);
            for node in 0..nodes {
                for next in lattice.neighbours(node) {
                    assert!(lattice.neighbours(*next).contains(&node));
                    let d = kind.distance(lattice.dots()[node], lattice.dots()[*next]);
                    let side = if kind == Kind::Slider { 0.01 } else { 0.025 };
                    assert!(d < side * 1.4143 && d > side * 0.9999, "{kind:?} {d}");
                }
            }
        }
    }

    #[test]
    fn nearest_is_nearest() {
        for kind in [Kind::Triad, Kind::Slider, Kind::Stone] {
            let lattice = Lattice::of(kind);
            for (node, dot) in lattice.dots().iter().enumerate() {
                assert_eq!(lattice.nearest(*dot), node);
            }
            for i in 0..300 {
                let (u, v) = ((i as f64 * 0.754_877_666).fract(), (i as f64 * 0.569_840_291).fract());
                let dot = match kind {
                    Kind::Triad if u + v > 1.0 => [1.0 - u, 1.0 - v, u + v - 1.0],
                    Kind::Triad => [u, v, 1.0 - u - v],
                    Kind::Slider => [u, 0.0, 0.0],
                    Kind::Stone => [u, v, 0.0],
                };
                let best = lattice.dots().iter().map(|d| kind.distance(*d, dot)).fold(f64::INFINITY, f64::min);
                let found = kind.distance(lattice.dots()[lattice.nearest(dot)], dot);
                assert!(found <= best + 1e-12, "{kind:?} {dot:?}");
            }
        }
    }
}
