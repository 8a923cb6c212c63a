//! What so many answers can tell: the smallest difference or link that a test would probably find.

use statrs::distribution::{ContinuousCDF, Normal};

use super::wilson;

/// Variance of the Fisher z of a Spearman correlation, times n - 3 (Fieller, Hartley and Pearson 1957).
const SPEARMAN_VARIANCE: f64 = 1.06;

/// The smallest |rho| of Spearman (0 to 1) that a two-sided test at `alpha` finds in a share `power` of surveys with
/// `n` pairs of answers. None when `n` is under 4, or when `alpha` or `power` is not between 0 and 1.
pub fn smallest_rho(n: u32, alpha: f64, power: f64) -> Option<f64> {
    let reach = reach(alpha, power)?;
    (n > 3).then(|| (reach * (SPEARMAN_VARIANCE / f64::from(n - 3)).sqrt()).tanh())
}

/// The smallest |Cliff's delta| (0 to 1) that a two-sided Mann-Whitney test at `alpha` finds in a share `power` of
/// surveys with groups of `n1` and `n2` (Noether 1987: the spread without a difference is used throughout).
/// None when not even complete separation would be found so often, with an empty group, or when `alpha` or `power` is
/// not between 0 and 1.
pub fn smallest_delta(n1: u32, n2: u32, alpha: f64, power: f64) -> Option<f64> {
    let reach = reach(alpha, power)?;
    let (n1, n2) = (f64::from(n1), f64::from(n2));
    let spread = ((n1 + n2 + 1.0) / (3.0 * n1 * n2)).sqrt();
    Some(reach * spread).filter(|delta| *delta < 1.0)
}

/// Half the width of the 95 % interval of a share of one half among `n` (0 to 0.5); none of nothing.
pub fn half_width(n: u32) -> Option<f64> {
    (n > 0).then(|| wilson::Z / (2.0 * (f64::from(n) + wilson::Z * wilson::Z).sqrt()))
}

/// How many standard errors a difference must be from nothing; none when it need not be on its own side of nothing.
fn reach(alpha: f64, power: f64) -> Option<f64> {
    let is_part = |v: f64| v > 0.0 && v < 1.0;
    if !is_part(alpha) || !is_part(power) {
        return None;
    }
    let normal = Normal::standard();
    let reach = normal.inverse_cdf(power) - normal.inverse_cdf(alpha / 2.0);
    (reach > 0.0).then_some(reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half of the people in each group; the rows of the specification, which come from simulation.
    const TABLE: [(u32, f64, f64, Option<f64>, f64); 6] = [
        (20, 0.72, 0.60, None, 0.20),
        (40, 0.51, 0.44, Some(0.83), 0.15),
        (60, 0.42, 0.36, Some(0.68), 0.12),
        (100, 0.32, 0.28, Some(0.53), 0.10),
        (200, 0.23, 0.20, Some(0.37), 0.07),
        (500, 0.14, 0.13, Some(0.24), 0.04),
    ];

    #[test]
    fn the_table_of_simulations_is_followed() {
        for (n, delta, rho, strict, half) in TABLE {
            let near = |a: f64, b: f64| (a - b).abs() < 0.03;
            let ours = smallest_delta(n / 2, n / 2, 0.05, 0.8).unwrap();
            assert!(near(ours, delta), "delta {ours} at {n}");
            let ours = smallest_rho(n, 0.05, 0.8).unwrap();
            assert!(near(ours, rho), "rho {ours} at {n}");
            match (smallest_delta(n / 2, n / 2, 0.05 / 253.0, 0.8), strict) {
                (Some(a), Some(b)) => assert!(near(a, b), "strict {a} at {n}"),
                (a, b) => assert_eq!(a, b, "strict at {n}"),
            }
            let ours = half_width(n).unwrap();
            assert!((ours - half).abs() < 0.006, "half {ours} at {n}");
            let share = wilson::share(n / 2, n).unwrap();
            assert!((ours - (share.high - share.low) / 2.0).abs() < 1e-12);
        }
    }

    #[test]
    fn what_cannot_be_said_is_none() {
        assert_eq!(smallest_rho(3, 0.05, 0.8), None);
        assert_eq!(smallest_delta(0, 10, 0.05, 0.8), None);
        assert_eq!(smallest_delta(0, 0, 0.05, 0.8), None);
        assert_eq!(smallest_delta(2, 2, 0.05, 0.8), None);
        assert_eq!(smallest_rho(40, 0.0, 0.8), None);
        assert_eq!(smallest_rho(40, f64::NAN, 0.8), None);
        assert_eq!(smallest_rho(40, 0.05, 0.01), None, "less often than by chance");
        assert_eq!(half_width(0), None);
    }

    #[test]
    fn groups_of_unequal_size_tell_less() {
        let equal = smallest_delta(20, 20, 0.05, 0.8).unwrap();
        assert!(smallest_delta(10, 30, 0.05, 0.8).unwrap() > equal);
        assert_eq!(smallest_delta(10, 30, 0.05, 0.8), smallest_delta(30, 10, 0.05, 0.8));
    }
}
