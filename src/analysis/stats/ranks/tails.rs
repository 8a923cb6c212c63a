//! Tails of distributions, and the interval of a correlation after Fisher's transformation (Fisher 1915).

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor};
use statrs::function::beta::beta_reg;
use statrs::function::erf::erfc;

use super::super::wilson::Z;
use super::Interval;

/// Chance of a standard normal value at least as far from 0 as `z`.
pub fn normal_two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2).min(1.0)
}

/// Chance of a standard normal value of at least `z`.
pub fn normal_upper(z: f64) -> f64 {
    0.5 * erfc(z / std::f64::consts::SQRT_2)
}

/// Chance that a value of Student's t is at least as far from 0 as one whose degrees / (degrees + t²) is `remainder`
/// (0 to 1). `degrees` is above 0.
pub fn student_two_sided(remainder: f64, degrees: f64) -> f64 {
    beta_reg(0.5 * degrees, 0.5, remainder.clamp(0.0, 1.0)).clamp(0.0, 1.0)
}

/// Chance of a chi-squared value of at least `value`. Not for 0 degrees: that is 1.
pub fn chi_squared_upper(value: f64, degrees: usize) -> f64 {
    ChiSquared::new(degrees as f64).map_or(1.0, |chi| chi.sf(value.max(0.0)))
}

/// Chance of a value of Fisher's F of at least `value`; 1 where a degree is 0.
pub fn fisher_upper(value: f64, between: f64, within: f64) -> f64 {
    FisherSnedecor::new(between, within).map_or(1.0, |f| f.sf(value.max(0.0)))
}

/// 95 % interval of a correlation whose inverse hyperbolic tangent has this variance. At -1 and 1 both ends are the
/// correlation itself.
pub fn fisher_interval(correlation: f64, variance: f64) -> Interval {
    // The transform of 1 is infinite and comes back as 1.
    let (centre, half) = (correlation.clamp(-1.0, 1.0).atanh(), Z * variance.sqrt());
    Interval { low: (centre - half).tanh(), high: (centre + half).tanh() }
}
