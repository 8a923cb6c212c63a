//! Dominant spots: places with more dots than chance puts there, and the rows behind each.
//!
//! A peak of the density is a dominant spot when its standard score passes the critical value of the scan, its saddle
//! is at most 0.75 of its height, its basin holds at least 5 participants and 10 % of them, its density is at least
//! 1.5 times that of dots placed anywhere alike, and a peak is within 0.1 of it in at least 80 % of 200 resamples of
//! participants. The parts are standard (Dirichlet kernel, persistence, Monte Carlo of the highest score, cluster
//! bootstrap of Field and Welsh 2007); counting peaks alone finds three in uniform dots.
//!
//! The scan takes rows as independent: meant for one wave and perspective, with one row a participant. With several
//! rows a participant only the last rule allows for it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rand::RngExt;
use rayon::prelude::*;

use super::super::chance::Seed;
use super::super::spatial_median::spatial_median;
use super::kernel::{Kernel, Masses, bandwidth};
use super::lattice::Lattice;
use super::modes::{Peak, modes};
use super::scan::critical;
use super::{Dot, Kind, slider_dot};

/// Fewer participants than this are shown as dots only.
pub const PARTICIPANTS_LEAST: usize = 20;
const BASIN_LEAST: usize = 5;
const TIMES_UNIFORM: f64 = 1.5;
const RESAMPLES: u64 = 200;
const NEAR: f64 = 0.1;
const STABLE: f64 = 0.8;
/// Above so many rows the medoid is the row nearest to the spatial median.
const MEDOID_EXACT: usize = 2_000;

/// A dominant spot; `P` is a place: shares (top, left, right), a slider position or (x, y), all 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot<P> {
    /// The peak: a node of the lattice, or the one place where all dots are.
    pub at: P,
    /// Density there; dots placed anywhere alike have 2 on a triad and 1 on a slider or canvas.
    pub density: f64,
    /// Standard score of the density.
    pub z: f64,
    /// Density of the saddle to a higher peak as a part of this density, 0 to 0.75; 0 for the highest.
    pub saddle: f64,
    /// Participants with a row in the basin.
    pub participants: usize,
    /// Rows in the basin, nearest to the peak first.
    pub rows: Vec<usize>,
    /// The row with the smallest mean distance to the others of the basin (above 2,000 rows: the row nearest to their
    /// spatial median).
    pub medoid: usize,
    /// Share of resamples in which a peak is near this one, 0.8 to 1.
    pub stability: f64,
}

/// What a scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct Spots<P> {
    /// Rows.
    pub n: usize,
    /// Participants.
    pub participants: usize,
    /// Bandwidth of the kernel.
    pub bandwidth: f64,
    /// Critical value of the standard score; none when all dots are in one place, which is a spot by definition.
    pub critical: Option<f64>,
    /// Dominant spots, highest density first; none when the dots are spread out.
    pub spots: Vec<Spot<P>>,
}

/// Dominant spots of a triad. `dots` are shares top, left, right (0 to 1, together 1); `who` names the participant of
/// each row, with any numbers. None with fewer than 20 participants, or when lengths differ or a dot is not a triad's.
pub fn triad_spots(dots: &[[f64; 3]], who: &[u32], seed: &Seed) -> Option<Spots<[f64; 3]>> {
    let inside = |d: &[f64; 3]| d.iter().all(|s| (0.0..=1.0).contains(s)) && (d.iter().sum::<f64>() - 1.0).abs() < 1e-6;
    dots.iter().all(inside).then(|| find(Kind::Triad, dots, who, seed, |dot| dot))?
}

/// Dominant spots of a slider. `positions` are 0 to 1, read as whole hundredths. See [`triad_spots`].
pub fn slider_spots(positions: &[f64], who: &[u32], seed: &Seed) -> Option<Spots<f64>> {
    if !positions.iter().all(|p| (0.0..=1.0).contains(p)) {
        return None;
    }
    let dots: Vec<Dot> = positions.iter().map(|p| slider_dot(*p)).collect();
    // Node k of the kernel's scale stands for k hundredths.
    let place = |dot: Dot| Lattice::of(Kind::Slider).nearest(dot) as f64 / 100.0;
    find(Kind::Slider, &dots, who, seed, place)
}

/// Dominant spots of one stone on a canvas. `points` are x and y, 0 to 1. See [`triad_spots`].
pub fn stone_spots(points: &[[f64; 2]], who: &[u32], seed: &Seed) -> Option<Spots<[f64; 2]>> {
    if !points.iter().flatten().all(|p| (0.0..=1.0).contains(p)) {
        return None;
    }
    let dots: Vec<Dot> = points.iter().map(|p| [p[0], p[1], 0.0]).collect();
    find(Kind::Stone, &dots, who, seed, |dot| [dot[0], dot[1]])
}

fn order(a: &Dot, b: &Dot) -> Ordering {
    a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

/// Rows in an order that does not depend on how they came: by dot, then participant, then row.
struct Rows {
    dots: Vec<Dot>,
    who: Vec<u32>,
    row: Vec<usize>,
    /// Indices of the rows of each participant; participants in the order of their dots, whatever their numbers.
    participants: Vec<Vec<usize>>,
}

impl Rows {
    fn new(dots: &[Dot], who: &[u32]) -> Self {
        let mut row: Vec<usize> = (0..dots.len()).collect();
        row.sort_by(|a, b| order(&dots[*a], &dots[*b]).then(who[*a].cmp(&who[*b])).then(a.cmp(b)));
        let sorted: Vec<Dot> = row.iter().map(|r| dots[*r]).collect();
        let sorted_who: Vec<u32> = row.iter().map(|r| who[*r]).collect();
        let mut of = BTreeMap::<u32, Vec<usize>>::new();
        sorted_who.iter().enumerate().for_each(|(i, who)| of.entry(*who).or_default().push(i));
        let mut participants: Vec<Vec<usize>> = of.into_values().collect();
        let dots_of = |rows: &[usize]| rows.iter().map(|i| sorted[*i]).collect::<Vec<_>>();
        participants.sort_by(|a, b| {
            let (p, q) = (dots_of(a), dots_of(b));
            let first = p.iter().zip(&q).map(|(x, y)| order(x, y)).find(|o| o.is_ne());
            first.unwrap_or_else(|| p.len().cmp(&q.len()))
        });
        Self { dots: sorted, who: sorted_who, row, participants }
    }

    /// Participants with a row among these indices.
    fn people(&self, members: &[usize]) -> usize {
        let mut who: Vec<u32> = members.iter().map(|i| self.who[*i]).collect();
        who.sort_unstable();
        who.dedup();
        who.len()
    }
}

fn find<P>(kind: Kind, dots: &[Dot], who: &[u32], seed: &Seed, place: impl Fn(Dot) -> P) -> Option<Spots<P>> {
    if dots.len() != who.len() {
        return None;
    }
    let rows = Rows::new(dots, who);
    let (n, participants) = (dots.len(), rows.participants.len());
    if participants < PARTICIPANTS_LEAST {
        return None;
    }
    let kernel = Kernel::new(kind, bandwidth(kind, n));
    let lattice = Lattice::of(kind);
    let masses = Masses::new(&kernel, &rows.dots);
    let density = masses.density(&vec![1.0; n]);
    let z = kernel.z(&density, n);
    let done = |critical, spots| Some(Spots { n, participants, bandwidth: kernel.bandwidth(), critical, spots });

    if rows.dots.first() == rows.dots.last() {
        let (at, node) = (rows.dots[0], lattice.nearest(rows.dots[0]));
        let peak = Peak { node, density: density[node], saddle: 0.0 };
        let spot = spot(kind, &rows, peak, at, place(at), &(0..n).collect::<Vec<_>>(), z[node], 1.0);
        return done(None, vec![spot]);
    }

    let critical = critical(kind, n)?;
    let found = modes(lattice, &density);
    let mut members = vec![Vec::new(); found.peaks.len()];
    for (i, dot) in rows.dots.iter().enumerate() {
        members[found.basins[lattice.nearest(*dot)]].push(i);
    }
    let stands_out = |(peak, members): &(Peak, Vec<usize>)| {
        let people = rows.people(members);
        z[peak.node] > critical
            && peak.density >= TIMES_UNIFORM * kind.uniform()
            && people >= BASIN_LEAST
            && 10 * people >= participants
    };
    let candidates: Vec<(Peak, Vec<usize>)> = found.peaks.into_iter().zip(members).filter(stands_out).collect();
    let peaks: Vec<Peak> = candidates.iter().map(|(peak, _)| *peak).collect();
    let stability = stability(&masses, kind, &rows, &peaks, seed);
    let spots = candidates.into_iter().zip(stability).filter(|(_, stable)| *stable >= STABLE);
    let spots = spots.map(|((peak, members), stable)| {
        let at = lattice.dots()[peak.node];
        // The place of a slider's node on the scale of its dots, so that distances compare like with like.
        let from = if kind == Kind::Slider { super::level_dot(peak.node) } else { at };
        spot(kind, &rows, peak, from, place(at), &members, z[peak.node], stable)
    });
    done(Some(critical), spots.collect())
}

/// Share of resamples of participants in which a peak that stands for itself is near each of `peaks`.
fn stability(masses: &Masses, kind: Kind, rows: &Rows, peaks: &[Peak], seed: &Seed) -> Vec<f64> {
    if peaks.is_empty() {
        return Vec::new();
    }
    let seed = seed.child("density stability");
    let (people, lattice) = (rows.participants.len(), Lattice::of(kind));
    let seen = |draw: u64| -> Vec<u32> {
        let mut rng = seed.rng(draw);
        let mut weights = vec![0.0; rows.dots.len()];
        for _ in 0..people {
            rows.participants[rng.random_range(0..people)].iter().for_each(|i| weights[*i] += 1.0);
        }
        let again = modes(lattice, &masses.density(&weights)).peaks;
        let near = |peak: &Peak| {
            let at = lattice.dots()[peak.node];
            again.iter().any(|other| kind.distance(at, lattice.dots()[other.node]) <= NEAR + 1e-9)
        };
        peaks.iter().map(|peak| u32::from(near(peak))).collect()
    };
    let add = |a: Vec<u32>, b: Vec<u32>| a.iter().zip(&b).map(|(x, y)| x + y).collect();
    let seen = (0..RESAMPLES).into_par_iter().map(seen).reduce(|| vec![0; peaks.len()], add);
    seen.into_iter().map(|count| f64::from(count) / RESAMPLES as f64).collect()
}

#[allow(clippy::too_many_arguments)]
fn spot<P>(kind: Kind, rows: &Rows, peak: Peak, from: Dot, at: P, members: &[usize], z: f64, stability: f64) -> Spot<P> {
    let mut sorted: Vec<(f64, usize)> = members.iter().map(|i| (kind.distance(rows.dots[*i], from), *i)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let sorted: Vec<usize> = sorted.into_iter().map(|(_, i)| i).collect();
    Spot {
        at,
        density: peak.density,
        z,
        saddle: peak.saddle / peak.density,
        participants: rows.people(members),
        medoid: rows.row[medoid(kind, &rows.dots, &sorted)],
        rows: sorted.into_iter().map(|i| rows.row[i]).collect(),
        stability,
    }
}

/// The member with the smallest total distance to the others; of equals the first, so the one nearest to the peak.
/// `members` is not empty.
fn medoid(kind: Kind, dots: &[Dot], members: &[usize]) -> usize {
    let least = |cost: &dyn Fn(usize) -> f64| {
        let mut best = (f64::INFINITY, members[0]);
        for i in members {
            let cost = cost(*i);
            // Totals that differ by rounding only are equal.
            if cost < best.0 - 1e-12 * best.0.min(1e300) {
                best = (cost, *i);
            }
        }
        best.1
    };
    if members.len() <= MEDOID_EXACT {
        return least(&|i| members.iter().map(|j| kind.distance(dots[i], dots[*j])).sum());
    }
    let plane = |d: Dot| match kind {
        Kind::Triad => [d[2] + d[0] / 2.0, d[0] * 3f64.sqrt() / 2.0],
        Kind::Slider | Kind::Stone => [d[0], d[1]],
    };
    let points: Vec<[f64; 2]> = members.iter().map(|i| plane(dots[*i])).collect();
    match spatial_median(&points) {
        Some(m) => least(&|i| (plane(dots[i])[0] - m[0]).hypot(plane(dots[i])[1] - m[1])),
        None => members[0],
    }
}
