//! Limits of agreement of two ways to answer (Bland and Altman 1986, 1999).

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::super::Interval;
use super::super::wilson::Z;

/// How far two answers about the same thing are apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Mean of first less second.
    pub bias: f64,
    /// 95 % interval of the bias (Student's t); none when all differences are the same.
    pub bias_interval: Option<Interval>,
    /// Standard deviation of the differences.
    pub sd: f64,
    /// Between these lie 95 % of differences if they are normal: bias less and plus 1.96 standard deviations.
    pub limits: Interval,
    /// Standard error of each limit.
    pub limit_error: f64,
}

/// Bias and limits of agreement of pairs, first less second; none of less than two pairs.
pub fn limits(pairs: &[[f64; 2]]) -> Option<Limits> {
    if pairs.len() < 2 {
        return None;
    }
    let n = pairs.len() as f64;
    let bias = pairs.iter().map(|[a, b]| a - b).sum::<f64>() / n;
    let squares: f64 = pairs.iter().map(|[a, b]| (a - b - bias).powi(2)).sum();
    let sd = (squares / (n - 1.0)).sqrt();
    let t = StudentsT::new(0.0, 1.0, n - 1.0).ok()?.inverse_cdf(0.975);
    let around = |half: f64| Interval { low: bias - half, high: bias + half };
    Some(Limits {
        bias,
        bias_interval: (sd > 0.0).then(|| around(t * sd / n.sqrt())),
        sd,
        limits: around(Z * sd),
        limit_error: sd * (1.0 / n + Z * Z / (2.0 * (n - 1.0))).sqrt(),
    })
}
