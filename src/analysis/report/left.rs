//! Those who left against those who stayed, on one signifier: ordered values by ranks, dots and stones by distances.

use super::relation::Testing;
use super::types::{Effect, TestName};
use super::variable::{Values, Variable};
use crate::analysis::stats::chance::{Draws, Seed};
use crate::analysis::stats::energy::{Rows, disco_of};
use crate::analysis::stats::evidence::Judged;
use crate::analysis::stats::ranks::mann_whitney::{mann_whitney, mann_whitney_permutation};
use crate::analysis::stats::shuffle::Shuffle;

/// Fewest who left, and who stayed, for a contrast.
const LEAST: usize = 5;
/// Below so many people p-values of ranks are drawn.
const DRAWN_BELOW: usize = 60;
/// What is called a small delta by convention (Romano 2006).
const SMALL: f64 = 0.147;

/// One story a person of the earlier wave, and who of them left.
pub struct Told<'a> {
    pub variable: &'a Variable,
    /// Rows of the study.
    pub here: &'a [usize],
    /// By position in `here` whether the person left.
    pub left: &'a [bool],
    pub testing: Testing,
    pub seed: &'a Seed,
}

/// What the contrast found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub stayed: u32,
    pub left: u32,
    pub test: TestName,
    pub effect: Effect,
    pub shift: Option<Vec<f64>>,
    pub p: Option<f64>,
}

impl Told<'_> {
    /// The contrast, and what its class is judged by (nothing without a p-value); none of categories, and with fewer than 5
    /// leavers or stayers.
    pub fn found(&self) -> Option<(Found, Option<Judged>)> {
        match self.variable.values {
            Values::Slider(_) | Values::Ordinal { .. } => self.by_rank(),
            Values::Triad(_) | Values::Stone(_) => self.by_distance(),
            Values::Category { .. } => None,
        }
    }

    /// Answers of those who gave one, and who of them left; none with too few of either.
    fn answers<T>(&self, of: impl Fn(usize) -> Option<T>) -> Option<(Vec<T>, Vec<bool>)> {
        let answered = self.here.iter().zip(self.left).filter_map(|(row, left)| Some((of(*row)?, *left)));
        let (values, left): (Vec<T>, Vec<bool>) = answered.unzip();
        let leavers = left.iter().filter(|l| **l).count();
        (leavers.min(left.len() - leavers) >= LEAST).then_some((values, left))
    }

    fn judged(&self, n: usize, p: f64, effect: &Effect, small: Option<f64>) -> Option<Judged> {
        let interval = effect.low.zip(effect.high).map(|(low, high)| crate::analysis::stats::Interval { low, high });
        let (n, minimum, is_post_hoc) = (n as u32, 2 * LEAST as u32, self.testing.is_exploratory);
        Some(Judged { n, minimum, p, q: p, effect: effect.value?, small, interval, is_post_hoc })
    }

    fn by_rank(&self) -> Option<(Found, Option<Judged>)> {
        let (values, left) = self.answers(|row| self.variable.values.number(row))?;
        let of = |who: bool| values.iter().zip(&left).filter(|(_, l)| **l == who).map(|(v, _)| *v).collect::<Vec<_>>();
        let (leavers, stayers) = (of(true), of(false));
        let found = mann_whitney(&leavers, &stayers)?;
        let drawn = (!self.testing.asymptotic && values.len() < DRAWN_BELOW).then(|| {
            let seed = self.seed.child(&self.variable.name);
            mann_whitney_permutation(&values, &left, &Shuffle::rows(values.len()), &seed, self.testing.draws)
        });
        let p = drawn.flatten().map_or(found.p, |d| d.p);
        let effect = Effect {
            name: "cliff-delta".to_owned(),
            value: Some(found.effect),
            low: found.interval.map(|i| i.low),
            high: found.interval.map(|i| i.high),
        };
        let judged = self.judged(values.len(), p, &effect, Some(SMALL));
        let (stayed, left) = (stayers.len() as u32, leavers.len() as u32);
        Some((Found { stayed, left, test: TestName::MannWhitney, effect, shift: None, p: Some(p) }, judged))
    }

    /// DISCO (Rizzo and Székely 2010): its p-value is drawn, so there is none where every p-value is to be by formula.
    fn by_distance(&self) -> Option<(Found, Option<Judged>)> {
        let (rows, left) = self.answers(|row| self.variable.values.has(row).then_some(row))?;
        let places: Vec<[f64; 2]> = rows.iter().filter_map(|row| self.variable.values.place(*row)).collect();
        let groups: Vec<u32> = left.iter().map(|l| u32::from(*l)).collect();
        let draws = if self.testing.asymptotic { Draws { most: 0, stop_at: None } } else { self.testing.draws };
        let permuter = |kept: &[usize]| {
            let shuffle = Shuffle::rows(kept.len());
            move |order: &mut Vec<u32>, rng: &mut rand_chacha::ChaCha8Rng| shuffle.permute(order, rng)
        };
        let seed = self.seed.child(&self.variable.name);
        let found = disco_of(&places, Rows { groups: &groups, units: None }, &seed, draws, permuter)?;
        let p = (!self.testing.asymptotic).then_some(found.p.p);
        let effect = Effect { name: "energy-r-squared".to_owned(), value: Some(found.disco.r2), low: None, high: None };
        let judged = p.and_then(|p| self.judged(rows.len(), p, &effect, None));
        let leavers = left.iter().filter(|l| **l).count() as u32;
        let stayed = left.len() as u32 - leavers;
        let shift = shift(&self.variable.values, &rows, &left);
        Some((Found { stayed, left: leavers, test: TestName::Energy, effect, shift, p }, judged))
    }
}

/// Mean of those who left less mean of those who stayed, in the numbers of the figure.
fn shift(values: &Values, rows: &[usize], left: &[bool]) -> Option<Vec<f64>> {
    let numbers = |row: usize| match values {
        Values::Triad(shares) => shares[row].map(|s| s.to_vec()),
        Values::Stone(places) => places[row].map(|p| p.to_vec()),
        _ => None,
    };
    let mean = |who: bool| {
        let of: Vec<Vec<f64>> = rows.iter().zip(left).filter(|(_, l)| **l == who).filter_map(|(row, _)| numbers(*row)).collect();
        let n = of.len() as f64;
        let at = |i: usize| of.iter().map(|v| v[i]).sum::<f64>() / n;
        of.first().map(|first| (0..first.len()).map(at).collect::<Vec<f64>>())
    };
    Some(mean(true)?.iter().zip(mean(false)?).map(|(a, b)| a - b).collect())
}
