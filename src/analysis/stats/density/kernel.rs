//! Densities by kernels that stay inside their bounds: the Dirichlet kernel on triads (Aitchison and Lauder 1985;
//! Ouimet and Tolosana-Delgado 2022), the Beta kernel on sliders (Chen 1999) and its product on stones.
//!
//! The kernel at node s with bandwidth b is the Dirichlet (Beta) density with parameters s / b + 1, so each dot adds a
//! product of powers of its shares. The exponents at the nodes are multiples of one step: a table of powers per dot
//! replaces an exponential per dot and node. A share of 0 to the power 0 is 1, so dots on edges need no replacement.

use statrs::function::gamma::ln_gamma;

use super::lattice::{Lattice, SLIDER_STEPS, STONE_STEPS, TRIAD_STEPS, triad_index};
use super::{Dot, Kind, level_dot};

/// More dots than this are first spread over a fine lattice.
pub const EXACT_UP_TO: usize = 2_000;
/// Steps of the fine lattice of triads: at the smallest bandwidth the density of dots that crowd at a corner is off by
/// up to 4 % of its peak, elsewhere by far less. 60 steps were off by 6 %; more cost time for every uniform sample.
pub const FINE_TRIAD: usize = 80;
/// Steps of the fine grid of stones.
pub const FINE_STONE: usize = 200;

/// Products of powers below this are nothing at any node, as no scale is above 1e62. Three of them are still normal
/// numbers; subnormal ones are slow.
const NOTHING: f64 = 1e-100;

const TRIAD_SIDE: usize = TRIAD_STEPS + 1;
const STONE_SIDE: usize = STONE_STEPS + 1;
const LEVELS: usize = SLIDER_STEPS + 1;
const FINE_SIDE: usize = FINE_STONE + 1;

/// The bandwidth for `n` dots: 0.25 n^(-1/3) within 0.015 to 0.12; sliders 0.25 n^(-2/5) within 0.005 to 0.1.
pub fn bandwidth(kind: Kind, n: usize) -> f64 {
    let n = n.max(1) as f64;
    match kind {
        Kind::Triad | Kind::Stone => (0.25 * n.powf(-1.0 / 3.0)).clamp(0.015, 0.12),
        Kind::Slider => (0.25 * n.powf(-0.4)).clamp(0.005, 0.1),
    }
}

/// A kernel on the lattice of its kind: how it is scaled, and its exact spread when dots are placed anywhere alike.
#[derive(Debug)]
pub struct Kernel {
    kind: Kind,
    bandwidth: f64,
    scale: Vec<f64>,
    deviation: Vec<f64>,
}

impl Kernel {
    /// The kernel of a kind with bandwidth `bandwidth`, above 0.
    pub fn new(kind: Kind, bandwidth: f64) -> Self {
        let nodes = Lattice::of(kind).dots();
        let parts = |s: &Dot| match kind {
            Kind::Triad => vec![s.to_vec()],
            Kind::Slider => vec![vec![s[0], 1.0 - s[0]]],
            Kind::Stone => vec![vec![s[0], 1.0 - s[0]], vec![s[1], 1.0 - s[1]]],
        };
        let over = |s: &Dot, f: &dyn Fn(&[f64]) -> f64| parts(s).iter().map(|p| f(p)).sum::<f64>();
        let scale = nodes.iter().map(|s| (-over(s, &|p| ln_beta(p, 1.0 / bandwidth))).exp());
        let deviation = nodes.iter().map(|s| {
            // The integral of the squared kernel is B(2 alpha - 1) / B(alpha)^2.
            let squared = over(s, &|p| ln_beta(p, 2.0 / bandwidth) - 2.0 * ln_beta(p, 1.0 / bandwidth)).exp();
            let mean = kind.uniform();
            (mean * squared - mean * mean).max(0.0).sqrt()
        });
        Self { kind, bandwidth, scale: scale.collect(), deviation: deviation.collect() }
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The bandwidth.
    pub fn bandwidth(&self) -> f64 {
        self.bandwidth
    }

    /// The density of `dots` at each node of the lattice: exact up to 2,000 dots, through a fine lattice above that
    /// (sliders are always exact, on their 101 levels). All 0 without dots.
    pub fn density(&self, dots: &[Dot]) -> Vec<f64> {
        Masses::new(self, dots).density(&vec![1.0; dots.len()])
    }

    /// How many standard deviations a density of `n` dots lies above dots placed anywhere alike, at each node. The mean
    /// and variance are exact (for sliders: of positions that are not rounded).
    pub fn z(&self, density: &[f64], n: usize) -> Vec<f64> {
        let root = (n as f64).sqrt();
        density
            .iter()
            .zip(&self.deviation)
            .map(|(f, sd)| if *sd > 0.0 { (f - self.kind.uniform()) * root / sd } else { 0.0 })
            .collect()
    }

    /// Numbers in the table of one dot.
    fn width(&self) -> usize {
        match self.kind {
            Kind::Triad => 3 * TRIAD_SIDE,
            Kind::Slider => LEVELS,
            Kind::Stone => 2 * STONE_SIDE,
        }
    }

    /// Appends the table of a dot: for a triad the powers of each share (those of right backwards, so that one runs
    /// along with left), for a slider its unscaled kernel at every node, for a stone that of x and of y.
    fn tabulate(&self, dot: Dot, table: &mut Vec<f64>) {
        match self.kind {
            Kind::Triad => {
                let at = table.len();
                for share in dot {
                    powers(share, self.bandwidth, TRIAD_STEPS, table);
                }
                table[at + 2 * TRIAD_SIDE..].reverse();
            }
            Kind::Slider => both_ways(dot[0], self.bandwidth, SLIDER_STEPS, table),
            Kind::Stone => {
                both_ways(dot[0], self.bandwidth, STONE_STEPS, table);
                both_ways(dot[1], self.bandwidth, STONE_STEPS, table);
            }
        }
    }

    /// Adds a dot with this table and weight to an unscaled density.
    fn add(&self, table: &[f64], weight: f64, into: &mut [f64]) {
        match self.kind {
            Kind::Triad => {
                let (top, rest) = table.split_at(TRIAD_SIDE);
                let (left, right) = rest.split_at(TRIAD_SIDE);
                let mut start = 0;
                for (i, top) in top.iter().enumerate() {
                    let (w, len) = (weight * top, TRIAD_SIDE - i);
                    if w > NOTHING {
                        for ((f, l), r) in into[start..start + len].iter_mut().zip(&left[..len]).zip(&right[i..]) {
                            *f += w * l * r;
                        }
                    }
                    start += len;
                }
            }
            Kind::Slider => into.iter_mut().zip(table).for_each(|(f, k)| *f += weight * k),
            Kind::Stone => {
                let (x, y) = table.split_at(STONE_SIDE);
                for (row, y) in into.chunks_exact_mut(STONE_SIDE).zip(y) {
                    let w = weight * y;
                    row.iter_mut().zip(x).for_each(|(f, x)| *f += w * x);
                }
            }
        }
    }

    fn scaled(&self, mut unscaled: Vec<f64>, total: f64) -> Vec<f64> {
        let over = if total > 0.0 { 1.0 / total } else { 0.0 };
        unscaled.iter_mut().zip(&self.scale).for_each(|(f, c)| *f *= c * over);
        unscaled
    }
}

/// ln B(s * over + 1) for shares `s` that sum to 1.
fn ln_beta(shares: &[f64], over: f64) -> f64 {
    shares.iter().map(|s| ln_gamma(s * over + 1.0)).sum::<f64>() - ln_gamma(over + shares.len() as f64)
}

/// share^(k / steps / bandwidth) for k = 0 ..= steps.
fn powers(share: f64, bandwidth: f64, steps: usize, table: &mut Vec<f64>) {
    let step = share.max(0.0).powf(1.0 / (steps as f64 * bandwidth));
    let mut power = 1.0;
    for _ in 0..=steps {
        table.push(power);
        power *= step;
        if power < NOTHING {
            power = 0.0;
        }
    }
}

/// share^(s / b) (1 - share)^((1 - s) / b) for s = k / steps.
fn both_ways(share: f64, bandwidth: f64, steps: usize, table: &mut Vec<f64>) {
    let at = table.len();
    powers(share, bandwidth, steps, table);
    let mut back = Vec::with_capacity(steps + 1);
    powers(1.0 - share, bandwidth, steps, &mut back);
    table[at..].iter_mut().zip(back.iter().rev()).for_each(|(p, q)| *p *= q);
}

/// The tables of a fine lattice, on which many dots are spread.
#[derive(Debug)]
pub(super) struct Fine {
    tables: Vec<f64>,
    places: usize,
}

impl Fine {
    /// The fine lattice of a kernel.
    pub fn new(kernel: &Kernel) -> Self {
        let mut tables = Vec::new();
        let places = match kernel.kind {
            Kind::Triad => {
                for top in 0..=FINE_TRIAD {
                    for left in 0..=FINE_TRIAD - top {
                        let share = |k: usize| k as f64 / FINE_TRIAD as f64;
                        kernel.tabulate([share(top), share(left), share(FINE_TRIAD - top - left)], &mut tables);
                    }
                }
                tables.len() / kernel.width()
            }
            Kind::Slider => {
                (0..LEVELS).for_each(|level| kernel.tabulate(level_dot(level), &mut tables));
                LEVELS
            }
            Kind::Stone => {
                for k in 0..FINE_SIDE {
                    both_ways(k as f64 / FINE_STONE as f64, kernel.bandwidth, STONE_STEPS, &mut tables);
                }
                FINE_SIDE * FINE_SIDE
            }
        };
        Self { tables, places }
    }

    /// Number of places on the fine lattice.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Density of weights on the fine lattice.
    pub fn density(&self, kernel: &Kernel, weights: &[f64]) -> Vec<f64> {
        let mut f = vec![0.0; kernel.scale.len()];
        match kernel.kind {
            Kind::Triad | Kind::Slider => {
                for (table, weight) in self.tables.chunks_exact(kernel.width()).zip(weights) {
                    if *weight > 0.0 {
                        kernel.add(table, *weight, &mut f);
                    }
                }
            }
            Kind::Stone => {
                // The kernel is a product: first along x in every row, then along y.
                for (row, y) in weights.chunks_exact(FINE_SIDE).zip(self.tables.chunks_exact(STONE_SIDE)) {
                    let mut along = [0.0; STONE_SIDE];
                    for (weight, x) in row.iter().zip(self.tables.chunks_exact(STONE_SIDE)) {
                        if *weight > 0.0 {
                            along.iter_mut().zip(x).for_each(|(a, x)| *a += weight * x);
                        }
                    }
                    for (f, y) in f.chunks_exact_mut(STONE_SIDE).zip(y) {
                        f.iter_mut().zip(&along).for_each(|(f, a)| *f += a * y);
                    }
                }
            }
        }
        kernel.scaled(f, weights.iter().sum())
    }
}

/// A dot as weights on places of the fine lattice, together 1: barycentric in the small triangle around it, bilinear in
/// the small square, or its own level.
pub(super) fn spread(kind: Kind, dot: Dot) -> [(usize, f64); 4] {
    match kind {
        Kind::Triad => {
            let steps = FINE_TRIAD as f64;
            let (t, l) = ((dot[0] * steps).clamp(0.0, steps), (dot[1] * steps).clamp(0.0, steps));
            let (i, j) = (t.floor(), l.floor());
            let (u, v) = (t - i, l - j);
            let (i, j) = (i as usize, j as usize);
            // Rounding may put a corner with no weight outside the triangle.
            let index = |i: usize, j: usize| {
                let i = i.min(FINE_TRIAD);
                triad_index(i, j.min(FINE_TRIAD - i), FINE_TRIAD)
            };
            if u + v <= 1.0 {
                [(index(i, j), 1.0 - u - v), (index(i + 1, j), u), (index(i, j + 1), v), (0, 0.0)]
            } else {
                [(index(i + 1, j + 1), u + v - 1.0), (index(i, j + 1), 1.0 - u), (index(i + 1, j), 1.0 - v), (0, 0.0)]
            }
        }
        Kind::Slider => [(Lattice::of(kind).nearest(dot), 1.0), (0, 0.0), (0, 0.0), (0, 0.0)],
        Kind::Stone => {
            let steps = FINE_STONE as f64;
            let place = |x: f64| {
                let x = (x * steps).clamp(0.0, steps);
                let low = x.floor().min(steps - 1.0);
                (low as usize, x - low)
            };
            let ((i, u), (j, v)) = (place(dot[0]), place(dot[1]));
            let at = j * FINE_SIDE + i;
            let (w, up) = ((1.0 - u) * (1.0 - v), at + FINE_SIDE);
            [(at, w), (at + 1, u * (1.0 - v)), (up, (1.0 - u) * v), (up + 1, u * v)]
        }
    }
}

/// Dots made ready to be weighed again and again.
#[derive(Debug)]
pub(super) struct Masses<'k> {
    kernel: &'k Kernel,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    Each(Vec<f64>),
    Spread(Fine, Vec<[(usize, f64); 4]>),
}

impl<'k> Masses<'k> {
    /// Makes ready: exactly up to 2,000 dots, spread on the fine lattice above.
    pub fn new(kernel: &'k Kernel, dots: &[Dot]) -> Self {
        let kept = if dots.len() > EXACT_UP_TO || kernel.kind == Kind::Slider {
            Kept::Spread(Fine::new(kernel), dots.iter().map(|dot| spread(kernel.kind, *dot)).collect())
        } else {
            let mut tables = Vec::with_capacity(dots.len() * kernel.width());
            dots.iter().for_each(|dot| kernel.tabulate(*dot, &mut tables));
            Kept::Each(tables)
        };
        Self { kernel, kept }
    }

    /// The density when each dot has this weight (0 or more).
    pub fn density(&self, weights: &[f64]) -> Vec<f64> {
        match &self.kept {
            Kept::Each(tables) => {
                let mut f = vec![0.0; self.kernel.scale.len()];
                for (table, weight) in tables.chunks_exact(self.kernel.width()).zip(weights) {
                    if *weight > 0.0 {
                        self.kernel.add(table, *weight, &mut f);
                    }
                }
                self.kernel.scaled(f, weights.iter().sum())
            }
            Kept::Spread(fine, dots) => {
                let mut on = vec![0.0; fine.places()];
                for (dot, weight) in dots.iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
                    dot.iter().for_each(|(place, share)| on[*place] += weight * share);
                }
                fine.density(self.kernel, &on)
            }
        }
    }
}
