//! Tests of two answers of the same people: before and after, or two perspectives on the same participant.

use super::followed::Answer;
use super::relation::Testing;
use super::types::{Effect, TestName};
use super::variable::Values;
use crate::analysis::stats::Interval;
use crate::analysis::stats::bootstrap;
use crate::analysis::stats::chance::{Draws, Seed};
use crate::analysis::stats::energy::{Rows, disco_of};
use crate::analysis::stats::evidence::Judged;
use crate::analysis::stats::plane;
use crate::analysis::stats::ranks::wilcoxon::{differences, rank_biserial, wilcoxon};
use crate::analysis::stats::shift;
use crate::analysis::stats::shuffle::Shuffle;
use crate::analysis::stats::tables::Table;
use crate::analysis::stats::tables::paired::{mcnemar, mcnemar_exact, stuart_maxwell};

/// Draws of an interval.
const INTERVAL_DRAWS: u32 = 1_999;
/// Conventions for |rank-biserial correlation| as for Cliff's delta.
const SMALL: f64 = 0.147;
/// Rounding that the length of a move may have suffered.
const EPSILON: f64 = 1e-9;

/// What a test of pairs found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moved {
    pub test: Option<TestName>,
    pub statistic: Option<f64>,
    pub p: Option<f64>,
    pub draws: Option<u32>,
    pub effect: Effect,
    pub up: Option<u32>,
    pub same: Option<u32>,
    pub down: Option<u32>,
    pub towards: Option<Vec<u32>>,
    pub towards_shares: Option<Vec<f64>>,
    pub arrow: Option<Vec<f64>>,
    small: Option<f64>,
    has_sign: bool,
}

impl Moved {
    /// What the class is judged by; none when there is no p-value.
    pub fn judged(&self, n: u32, minimum: u32, is_post_hoc: bool) -> Option<Judged> {
        let p = self.p?;
        let interval = self.effect.low.zip(self.effect.high).map(|(low, high)| Interval { low, high });
        let interval = interval.filter(|_| self.has_sign);
        Some(Judged { n, minimum, p, q: p, effect: self.effect.value?, small: self.small, interval, is_post_hoc })
    }
}

/// The tests that fit these values, of pairs in the order of people; none where nothing changed.
pub fn moved(values: &Values, both: &[(u32, Answer, Answer)], seed: &Seed, testing: Testing) -> Vec<Moved> {
    match values {
        Values::Slider(_) | Values::Ordinal { .. } => ordered(both, seed, testing).into_iter().collect(),
        Values::Category { keys, .. } => categories(both, keys.len(), seed, testing).into_iter().collect(),
        Values::Triad(_) | Values::Stone(_) => {
            [mean_moved(both, seed, testing), spread_moved(both, seed, testing)].into_iter().flatten().collect()
        }
    }
}

fn ordered(both: &[(u32, Answer, Answer)], seed: &Seed, testing: Testing) -> Option<Moved> {
    let (from, to): (Vec<f64>, Vec<f64>) = both.iter().filter_map(|(_, a, b)| Some((a.number()?, b.number()?))).unzip();
    let moves = differences(&from, &to);
    let Some(found) = wilcoxon(&moves) else { return Some(nobody(both.len())) };
    let pick = |rows: &[usize]| rank_biserial(&rows.iter().map(|r| moves[*r]).collect::<Vec<_>>());
    let interval = bootstrap::interval(&seed.child("interval"), INTERVAL_DRAWS, moves.len(), pick).interval();
    let p = if testing.asymptotic { found.asymptotic_p } else { found.exact_p.unwrap_or(found.asymptotic_p) };
    Some(Moved {
        test: Some(TestName::WilcoxonPratt),
        statistic: Some(found.r_plus),
        p: Some(p),
        effect: effect("rank-biserial", found.effect, interval),
        up: Some(found.up as u32),
        same: Some(found.same as u32),
        down: Some(found.down as u32),
        small: Some(SMALL),
        has_sign: true,
        ..Moved::default()
    })
}

/// Everybody gave the same answer twice: there is nothing to test, and that is worth saying.
fn nobody(n: usize) -> Moved {
    Moved { up: Some(0), same: Some(n as u32), down: Some(0), ..Moved::default() }
}

fn effect(name: &str, value: f64, interval: Option<Interval>) -> Effect {
    Effect { name: name.to_owned(), value: Some(value), low: interval.map(|i| i.low), high: interval.map(|i| i.high) }
}

fn categories(both: &[(u32, Answer, Answer)], options: usize, seed: &Seed, testing: Testing) -> Option<Moved> {
    let pairs: Vec<(u32, u32)> = both.iter().filter_map(|(_, a, b)| Some((a.code()?, b.code()?))).collect();
    let same = pairs.iter().filter(|(a, b)| a == b).count() as u32;
    if options == 2 {
        return Some(two_categories(&pairs, same, seed, testing));
    }
    let mut counts = vec![0u32; options * options];
    for (a, b) in &pairs {
        counts[*a as usize * options + *b as usize] += 1;
    }
    let n = pairs.len() as f64;
    let Some(found) = Table::new(options, counts).and_then(|t| stuart_maxwell(&t)) else {
        return Some(Moved { same: Some(same), ..Moved::default() });
    };
    Some(Moved {
        test: Some(TestName::StuartMaxwell),
        statistic: Some(found.statistic),
        p: Some(found.p),
        effect: effect("share-changed", (n - f64::from(same)) / n, None),
        same: Some(same),
        ..Moved::default()
    })
}

/// McNemar's test: exact, or by its formula where every p-value is to be by formula.
fn two_categories(pairs: &[(u32, u32)], same: u32, seed: &Seed, testing: Testing) -> Moved {
    let up = pairs.iter().filter(|(a, b)| a < b).count() as u32;
    let down = pairs.len() as u32 - same - up;
    let step: Vec<f64> = pairs.iter().map(|(a, b)| f64::from(*b) - f64::from(*a)).collect();
    let mean = |rows: &[usize]| Some(rows.iter().map(|r| step[*r]).sum::<f64>() / rows.len() as f64);
    let interval = bootstrap::interval(&seed.child("interval"), INTERVAL_DRAWS, step.len(), mean).interval();
    let (statistic, p) = match (testing.asymptotic, mcnemar(up, down)) {
        (true, Some(found)) => (found.statistic, found.p),
        (true, None) => (0.0, 1.0),
        (false, _) => (f64::from(up.min(down)), mcnemar_exact(up, down)),
    };
    Moved {
        test: Some(TestName::Mcnemar),
        statistic: Some(statistic),
        p: Some(p),
        effect: effect("share-difference", (f64::from(up) - f64::from(down)) / pairs.len() as f64, interval),
        up: Some(up),
        same: Some(same),
        down: Some(down),
        has_sign: true,
        ..Moved::default()
    }
}

type Places = (Vec<[f64; 2]>, Vec<[f64; 2]>);

fn places(both: &[(u32, Answer, Answer)]) -> Places {
    both.iter().filter_map(|(_, a, b)| Some((a.place()?, b.place()?))).unzip()
}

/// How many stayed about where they were. A move of a tenth is a move, whatever rounding made of it.
fn still(moves: &[[f64; 2]]) -> u32 {
    moves.iter().filter(|m| plane::distance(m, &[0.0, 0.0]) < shift::STILL - EPSILON).count() as u32
}

/// Whether the middle of the dots moved.
fn mean_moved(both: &[(u32, Answer, Answer)], seed: &Seed, testing: Testing) -> Option<Moved> {
    let (from, to) = places(both);
    let moves = shift::displacements(&from, &to);
    let arrow = shift::arrow(&moves)?;
    let still = still(&moves);
    let shares: (Vec<[f64; 3]>, Vec<[f64; 3]>) = both.iter().filter_map(|(_, a, b)| Some((a.shares()?, b.shares()?))).unzip();
    let towards = (!shares.0.is_empty()).then(|| shift::towards(&shares.0, &shares.1));
    let of_all = |towards: shift::Towards| towards.corners.map(|c| f64::from(c) / f64::from(towards.n())).to_vec();
    let hotelling = shift::hotelling(&moves);
    let drawn = if testing.asymptotic { None } else { shift::sign_flip(seed, testing.draws, &moves) };
    Some(Moved {
        test: Some(TestName::SignFlip),
        statistic: hotelling.map(|h| h.t2),
        p: drawn.map(|d| d.p).or(hotelling.map(|h| h.p)),
        draws: drawn.map(|d| d.draws),
        effect: effect("mean-shift", arrow.length, None),
        same: Some(still),
        towards: towards.map(|t| t.corners.to_vec()),
        towards_shares: towards.map(of_all),
        arrow: Some(arrow.mean.to_vec()),
        ..Moved::default()
    })
}

/// Whether the dots are spread otherwise, for example to the corners, though their middle may be where it was.
fn spread_moved(both: &[(u32, Answer, Answer)], seed: &Seed, testing: Testing) -> Option<Moved> {
    let (from, to) = places(both);
    let n = from.len();
    let moves = shift::displacements(&from, &to);
    let still = still(&moves);
    let all: Vec<[f64; 2]> = from.into_iter().chain(to).collect();
    let groups: Vec<u32> = (0..2 * n).map(|i| u32::from(i >= n)).collect();
    let people: Vec<u32> = (0..2 * n).map(|i| (i % n) as u32).collect();
    let draws = if testing.asymptotic { Draws { most: 0, stop_at: None } } else { testing.draws };
    let permuter = |kept: &[usize]| {
        let shuffle = Shuffle::within(&kept.iter().map(|i| people[*i]).collect::<Vec<_>>());
        move |order: &mut Vec<u32>, rng: &mut rand_chacha::ChaCha8Rng| shuffle.permute(order, rng)
    };
    let rows = Rows { groups: &groups, units: Some(&people) };
    let found = disco_of(&all, rows, &seed.child("energy"), draws, permuter)?;
    Some(Moved {
        test: Some(TestName::Energy),
        statistic: found.disco.f,
        p: (!testing.asymptotic).then_some(found.p.p),
        draws: (!testing.asymptotic).then_some(found.p.draws),
        effect: effect("energy-r-squared", found.disco.r2, None),
        same: Some(still),
        ..Moved::default()
    })
}
