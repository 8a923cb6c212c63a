//! How a slider was used: ends, start position, five zones and heaping on round numbers.

use super::super::grid::{END_TOLERANCE, hundredths};
use super::super::wilson::{Share, share};

/// What is expected of multiples of 10 among 0 to 100 when no number is preferred.
pub const TENS_EXPECTED: f64 = 11.0 / 101.0;
/// What is expected of multiples of 25.
pub const QUARTERS_EXPECTED: f64 = 5.0 / 101.0;

/// Use of a slider; shares are of all positions given, with 95 % intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SliderUse {
    /// Positions.
    pub n: u32,
    /// At the start of the line (0), to half of a hundredth.
    pub at_start: Share,
    /// At its end (1), to half of a hundredth.
    pub at_end: Share,
    /// At most 0.05.
    pub low: Share,
    /// At least 0.95.
    pub high: Share,
    /// Where the handle stood at first, to half of a hundredth; none when that is not known. Whether it was left
    /// untouched cannot be seen from positions.
    pub at_handle: Option<Share>,
    /// Zones: to 0.2, above 0.2 to 0.4, to 0.6, to 0.8, above 0.8.
    pub zones: [Share; 5],
    /// Whole hundredths that are multiples of 10; 11 / 101 expected.
    pub tens: Share,
    /// Multiples of 25; 5 / 101 expected.
    pub quarters: Share,
}

/// How a slider with `positions` (0 to 1) was used; `handle` is where it stood before it was touched. None of nothing.
pub fn slider_use(positions: &[f64], handle: Option<f64>) -> Option<SliderUse> {
    /// Rounding that a position on a border may have suffered.
    const EPSILON: f64 = 1e-9;
    let n = u32::try_from(positions.len()).ok()?;
    let count = |is: &dyn Fn(f64) -> bool| share(positions.iter().filter(|p| is(**p)).count() as u32, n);
    let near = |p: f64, at: f64| (p - at).abs() <= END_TOLERANCE;
    let multiple = |of: u8| count(&|p| hundredths(p).is_multiple_of(of));
    let zone = |i: u32| {
        let (from, to) = (f64::from(i) / 5.0 + EPSILON, f64::from(i + 1) / 5.0 + EPSILON);
        count(&|p| (p > from || i == 0) && (p <= to || i == 4))
    };
    Some(SliderUse {
        n,
        at_start: count(&|p| near(p, 0.0))?,
        at_end: count(&|p| near(p, 1.0))?,
        low: count(&|p| p <= 0.05 + EPSILON)?,
        high: count(&|p| p >= 0.95 - EPSILON)?,
        at_handle: handle.and_then(|at| count(&|p| near(p, at))),
        zones: [zone(0)?, zone(1)?, zone(2)?, zone(3)?, zone(4)?],
        tens: multiple(10)?,
        quarters: multiple(25)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hundredth_once() {
        let positions: Vec<f64> = (0..=100).map(|v| f64::from(v) / 100.0).collect();
        let found = slider_use(&positions, Some(0.5)).unwrap();
        let counts = |s: Share| (s.share * 101.0).round() as u32;
        assert_eq!((counts(found.at_start), counts(found.at_end), counts(found.low), counts(found.high)), (1, 1, 6, 6));
        assert_eq!(found.zones.map(counts), [21, 20, 20, 20, 20]);
        assert_eq!(found.at_handle.map(counts), Some(1));
        assert!((found.tens.share - TENS_EXPECTED).abs() < 1e-15 && (found.quarters.share - QUARTERS_EXPECTED).abs() < 1e-15);
    }

    #[test]
    fn nothing_has_no_use_and_no_handle_no_share() {
        assert_eq!(slider_use(&[], None), None);
        assert_eq!(slider_use(&[0.5], None).unwrap().at_handle, None);
    }

    #[test]
    fn borders_survive_rounding() {
        let found = slider_use(&[0.1 + 0.1, 0.1 + 0.2 + 0.3, 1.0 - 0.95, 0.3 + 0.65], None).unwrap();
        assert_eq!(found.zones.map(|s| (s.share * 4.0).round() as u32), [2, 0, 1, 0, 1]);
        assert_eq!((found.low.share, found.high.share), (0.25, 0.25));
    }
}
