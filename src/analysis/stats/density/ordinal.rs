//! Ordered options: how much people agree (Tastle and Wierman 2007), and the two highest and lowest options.

use super::super::wilson::{Share, share};

/// Consensus on ordered options with these counts, lowest option first, options one step apart: 1 when all chose the
/// same, 0 when half chose the lowest and half the highest. None of nothing or with fewer than two options.
pub fn consensus(counts: &[u32]) -> Option<f64> {
    let n: u64 = counts.iter().map(|c| u64::from(*c)).sum();
    if n == 0 || counts.len() < 2 {
        return None;
    }
    let share = |count: u32| f64::from(count) / n as f64;
    let sum: u64 = counts.iter().enumerate().map(|(i, c)| i as u64 * u64::from(*c)).sum();
    let (mean, width) = (sum as f64 / n as f64, (counts.len() - 1) as f64);
    let terms = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    // An option that was chosen is never a whole width from the mean, so the logarithm is finite.
    let lost: f64 = terms.map(|(i, count)| share(*count) * (-(i as f64 - mean).abs() / width).ln_1p()).sum();
    Some((1.0 + lost / std::f64::consts::LN_2).clamp(0.0, 1.0))
}

/// Shares of the two lowest and the two highest options.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boxes {
    /// The two lowest.
    pub bottom: Share,
    /// The two highest.
    pub top: Share,
}

/// The two lowest and two highest of ordered options, lowest first. None of nothing or with fewer than four options
/// (the two would overlap).
pub fn boxes(counts: &[u32]) -> Option<Boxes> {
    let n = counts.iter().try_fold(0u32, |n, c| n.checked_add(*c))?;
    let [first, second, .., next, last] = counts else { return None };
    Some(Boxes { bottom: share(first + second, n)?, top: share(next + last, n)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_consensus() {
        assert_eq!(consensus(&[0, 0, 7, 0, 0]), Some(1.0));
        assert_eq!(consensus(&[5, 0, 0, 0, 5]), Some(0.0));
        assert_eq!(consensus(&[7, 0]), Some(1.0));
        assert_eq!((consensus(&[]), consensus(&[3]), consensus(&[0, 0])), (None, None, None));
    }

    #[test]
    fn consensus_turns_with_the_scale() {
        let (up, down) = (consensus(&[1, 4, 9, 2, 6]).unwrap(), consensus(&[6, 2, 9, 4, 1]).unwrap());
        assert!((up - down).abs() < 1e-12);
    }

    #[test]
    fn boxes_are_the_outer_two() {
        let found = boxes(&[1, 2, 3, 4, 10]).unwrap();
        assert_eq!((found.bottom.share, found.top.share), (0.15, 0.7));
        assert_eq!((boxes(&[1, 2, 3]), boxes(&[0; 5])), (None, None));
    }
}
