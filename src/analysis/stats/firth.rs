//! Logistic regression with Firth's penalty (1993), for few events: estimates are finite even where a group has none
//! (Heinze and Schemper 2002). Intervals and p-values come from the profile of the penalised likelihood, never from
//! standard errors.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::Interval;
use super::dense::Cholesky;
use super::root::crossing;

/// 95 % point of chi-squared with one degree of freedom.
const BAR: f64 = 3.841458820694124;
/// Steps of one maximisation.
const MAX_STEPS: usize = 500;
const MAX_HALVINGS: usize = 40;
/// Done when the next step is so small a part of a standard error, squared.
const DONE: f64 = 1e-24;
/// Also done when steps do not get smaller any more and are such a part: the rest is rounding.
const ROUNDING: f64 = 1e-14;
/// Largest change of a coefficient in one step, in standard errors, so that no step runs away.
const LONGEST: f64 = 5.0;

/// One coefficient: a difference in log odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// Log odds for one more of the predictor; for the intercept the log odds where all predictors are 0.
    pub estimate: f64,
    /// 95 % profile interval; none where an end was not found.
    pub interval: Option<Interval>,
    /// Penalised likelihood ratio, chi-squared with one degree of freedom.
    pub statistic: f64,
    /// Its p-value, 0 to 1.
    pub p: f64,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Firth {
    /// The intercept, then one coefficient for each predictor.
    pub coefficients: Vec<Coefficient>,
    /// Log likelihood with its penalty at the estimates.
    pub log_likelihood: f64,
    /// How many have the outcome.
    pub events: u32,
    /// How many have not.
    pub others: u32,
}

/// Fits whether each row has the outcome on its predictors (an intercept is added; one row a person, predictors of
/// about unit size). None when lengths differ, a value is not finite, all or none have the outcome, predictors depend
/// on each other or are constant, or no maximum was found.
pub fn firth(predictors: &[Vec<f64>], outcome: &[bool]) -> Option<Firth> {
    let events = outcome.iter().filter(|y| **y).count();
    let width = predictors.first()?.len();
    let is_fine = predictors.iter().all(|row| row.len() == width && row.iter().all(|v| v.is_finite()));
    if predictors.len() != outcome.len() || !is_fine || events == 0 || events == outcome.len() {
        return None;
    }
    let model = Model {
        rows: predictors.iter().map(|row| std::iter::once(1.0).chain(row.iter().copied()).collect()).collect(),
        outcome: outcome.iter().map(|y| f64::from(u8::from(*y))).collect(),
        size: width + 1,
    };
    let best = model.maximise(vec![0.0; model.size], None)?;
    let coefficients = (0..model.size).map(|j| model.coefficient(&best, j)).collect::<Option<Vec<_>>>()?;
    let others = (outcome.len() - events) as u32;
    Some(Firth { coefficients, log_likelihood: best.log_likelihood, events: events as u32, others })
}

struct Model {
    rows: Vec<Vec<f64>>,
    outcome: Vec<f64>,
    size: usize,
}

/// The penalised likelihood at some coefficients.
struct Place {
    at: Vec<f64>,
    log_likelihood: f64,
    score: Vec<f64>,
    information: Vec<f64>,
}

impl Model {
    fn look(&self, at: Vec<f64>) -> Option<Place> {
        let linear: Vec<f64> = self.rows.iter().map(|row| row.iter().zip(&at).map(|(x, b)| x * b).sum()).collect();
        let chance: Vec<f64> = linear.iter().map(|eta: &f64| 1.0 / (1.0 + (-eta).exp())).collect();
        // e / (1 + e)² keeps its digits where chance is all but 1.
        let weight: Vec<f64> = linear
            .iter()
            .map(|eta| {
                let e = (-eta.abs()).exp();
                e / ((1.0 + e) * (1.0 + e))
            })
            .collect();
        let mut information = vec![0.0; self.size * self.size];
        for (row, w) in self.rows.iter().zip(&weight) {
            for i in 0..self.size {
                for j in 0..self.size {
                    information[i * self.size + j] += w * row[i] * row[j];
                }
            }
        }
        let parts = Cholesky::of(&information, self.size)?;
        let mut score = vec![0.0; self.size];
        let mut log_likelihood = 0.5 * parts.ln_determinant();
        for (i, row) in self.rows.iter().enumerate() {
            let leverage = weight[i] * parts.squared_length(row);
            let pull = self.outcome[i] - chance[i] + leverage * (0.5 - chance[i]);
            score.iter_mut().zip(row).for_each(|(s, x)| *s += pull * x);
            let towards = if self.outcome[i] > 0.5 { linear[i] } else { -linear[i] };
            log_likelihood -= if towards > 0.0 { (-towards).exp().ln_1p() } else { towards.exp().ln_1p() - towards };
        }
        log_likelihood.is_finite().then_some(Place { at, log_likelihood, score, information })
    }

    /// The highest penalised likelihood from a start, with coefficient `fixed` left as it is. The penalty is that of
    /// the whole model, also when one coefficient is fixed (Heinze and Schemper).
    fn maximise(&self, start: Vec<f64>, fixed: Option<usize>) -> Option<Place> {
        let free: Vec<usize> = (0..self.size).filter(|j| Some(*j) != fixed).collect();
        let mut here = self.look(start)?;
        let mut last = f64::INFINITY;
        for _ in 0..MAX_STEPS {
            let all = &here.information;
            let information: Vec<f64> = free.iter().flat_map(|i| free.iter().map(move |j| all[i * self.size + j])).collect();
            let score: Vec<f64> = free.iter().map(|j| here.score[*j]).collect();
            let parts = Cholesky::of(&information, free.len())?;
            let length = parts.squared_length(&score);
            if length <= DONE || (length <= ROUNDING && length >= last) {
                return Some(here);
            }
            last = length;
            let step = parts.solve(&score);
            let part = (LONGEST / length.sqrt()).min(1.0);
            match self.climb(&here, &free, &step, part) {
                Some(next) => here = next,
                None => return (length <= ROUNDING).then_some(here),
            }
        }
        None
    }

    fn climb(&self, here: &Place, free: &[usize], step: &[f64], part: f64) -> Option<Place> {
        (0..MAX_HALVINGS).find_map(|halving| {
            let mut at = here.at.clone();
            free.iter().zip(step).for_each(|(j, s)| at[*j] += s * part * 0.5f64.powi(halving as i32));
            // Equal but for rounding counts as higher: near the top the slope knows better than the height.
            let bar = here.log_likelihood - 1e-13 * here.log_likelihood.abs();
            self.look(at).filter(|there| there.log_likelihood >= bar)
        })
    }

    fn coefficient(&self, best: &Place, j: usize) -> Option<Coefficient> {
        let mut unit = vec![0.0; self.size];
        unit[j] = 1.0;
        // How the others move along when this one is moved by its standard error.
        let column = Cholesky::of(&best.information, self.size)?.solve(&unit);
        let error = column[j].sqrt();
        let drop = |errors: f64| {
            let start: Vec<f64> = best.at.iter().zip(&column).map(|(b, c)| b + errors * c / error).collect();
            let there = self.maximise(start, Some(j))?;
            Some((2.0 * (best.log_likelihood - there.log_likelihood)).max(0.0))
        };
        let statistic = drop(-best.at[j] / error)?;
        let p = ChiSquared::new(1.0).ok()?.sf(statistic).clamp(0.0, 1.0);
        let end = |side: f64| profile_end(|errors| drop(side * errors)).map(|errors| best.at[j] + side * errors * error);
        let interval = end(-1.0).zip(end(1.0)).map(|(low, high)| Interval { low, high });
        Some(Coefficient { estimate: best.at[j], interval, statistic, p })
    }
}

/// How many standard errors out the likelihood has dropped to the bar; `drop` is none where it cannot be known.
fn profile_end(drop: impl Fn(f64) -> Option<f64>) -> Option<f64> {
    let excess = |errors: f64| drop(errors).map_or(f64::INFINITY, |d| d - BAR);
    let mut out = 2.0;
    while excess(out) < 0.0 {
        out *= 2.0;
    }
    // Where it cannot be known nothing crosses.
    crossing(0.0, out, excess).filter(|end| excess(*end).abs() < 1e-6)
}

#[cfg(test)]
mod tests;
