//! How strongly two questions go together: Cramer's V without its bias (Bergsma 2013).

use statrs::distribution::{Discrete, Poisson};
use statrs::function::gamma::ln_gamma;

use super::super::Interval;
use super::super::root::crossing;
use super::Table;
use super::chi_squared::{ChiSquared, chi_squared};

/// Half of what a 95 % interval leaves out.
const TAIL: f64 = 0.025;
/// A weight that adds nothing that is seen.
const NOUGHT: f64 = 1e-20;

/// Bias-corrected V with its 95 % interval, all 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CramerV {
    /// The bias-corrected V; 0 when chi-squared is not above what chance gives.
    pub v: f64,
    /// The values of V under which a chi-squared as observed is not unlikely (noncentral chi-squared). V cannot be
    /// negative, so this includes 0 just when the one-sided p is over 0.025: take a test for whether there is a link.
    pub interval: Interval,
}

/// Bergsma's V of a table, where empty rows and columns do not count; none when less than two rows or columns are left
/// or there are so few answers that V is not defined.
pub fn cramer_v(table: &Table) -> Option<CramerV> {
    let table = table.without_empty()?;
    let test = chi_squared(&table)?;
    let n = table.total() as f64;
    let most = largest_phi_squared(&table, n)?;
    let v = |phi_squared: f64| (phi_squared.max(0.0) / most).sqrt().min(1.0);
    let [low, high] = noncentrality(&test).map(|lambda| v(lambda / n));
    let point = v(test.statistic / n - f64::from(test.df) / (n - 1.0));
    // The correction of the point and the interval are from different arguments, and may be a hair apart.
    Some(CramerV { v: point, interval: Interval { low: low.min(point), high: high.max(point) } })
}

/// What phi squared is divided by: the smaller of the corrected numbers of rows and columns, less one.
fn largest_phi_squared(table: &Table, n: f64) -> Option<f64> {
    let corrected = |levels: usize| {
        let k = levels as f64;
        k - (k - 1.0).powi(2) / (n - 1.0)
    };
    let most = corrected(table.height()).min(corrected(table.width())) - 1.0;
    (n > 1.0 && most > 1e-12).then_some(most)
}

/// The smallest V that is called small by convention for so many rows and columns: 0.1 over the root of the smaller
/// number less one. None under two rows or columns.
pub fn small(rows: usize, columns: usize) -> Option<f64> {
    let df = rows.min(columns).checked_sub(1).filter(|df| *df > 0)?;
    Some(0.1 / (df as f64).sqrt())
}

/// The noncentralities under which the observed chi-squared is at the upper and the lower 2.5 %.
fn noncentrality(test: &ChiSquared) -> [f64; 2] {
    let observed = Noncentral::at(test.statistic, f64::from(test.df));
    // So far up that the observed value is surely in the lower tail.
    let most = 4.0 * test.statistic + 10.0 * f64::from(test.df) + 100.0;
    [1.0 - TAIL, TAIL].map(|part| crossing(0.0, most, |lambda| observed.cdf(lambda) - part).unwrap_or(0.0))
}

/// The noncentral chi-squared distribution function at one place, for any noncentrality: central ones with 2 more
/// degrees of freedom each, weighted by a Poisson distribution.
struct Noncentral {
    central: Vec<f64>,
}

impl Noncentral {
    fn at(x: f64, df: f64) -> Self {
        let (half, a) = (x / 2.0, df / 2.0);
        // Beyond this so many degrees of freedom that the place is out of reach.
        let count = (half + 12.0 * half.sqrt() + 60.0) as usize;
        let mut central = vec![0.0; count + 1];
        if x > 0.0 {
            // From the top down each is the one above and a positive term, so no digits are lost.
            for j in (0..count).rev() {
                let k = a + j as f64;
                central[j] = central[j + 1] + (k * half.ln() - half - ln_gamma(k + 1.0)).exp();
            }
        }
        Self { central }
    }

    fn cdf(&self, lambda: f64) -> f64 {
        let mean = lambda / 2.0;
        let peak = mean as u64;
        let Ok(weights) = Poisson::new(mean) else { return self.central[0] };
        let at_peak = weights.pmf(peak);
        let central = |j: u64| self.central.get(j as usize).copied().unwrap_or(0.0);
        let mut sum = at_peak * central(peak);
        let mut weight = at_peak;
        for j in peak + 1..self.central.len() as u64 {
            weight *= mean / j as f64;
            sum += weight * central(j);
            if weight < NOUGHT {
                break;
            }
        }
        weight = at_peak;
        for j in (0..peak).rev() {
            weight *= (j + 1) as f64 / mean;
            sum += weight * central(j);
            if weight < NOUGHT {
                break;
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noncentral_distribution_is_that_of_scipy() {
        #[derive(serde::Deserialize)]
        struct Fixture {
            ncx2: Vec<[f64; 4]>,
        }
        let fixture: Fixture = serde_json::from_str(include_str!("../../../../tests/oracles/tables.json")).unwrap();
        for [x, df, lambda, expected] in fixture.ncx2 {
            let ours = Noncentral::at(x, df).cdf(lambda);
            assert!((ours - expected).abs() <= 1e-9 * expected, "{x} {df} {lambda}: {ours} {expected}");
        }
    }
}
