//! The Wilson score interval of a share (Wilson 1927; Brown, Cai and DasGupta 2001).

/// Standard normal quantile at 0.975.
pub const Z: f64 = 1.959963984540054;

/// A share with its 95 % interval, all 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// count / n.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Share `count` of `n` with its Wilson interval; none of nothing. `count` is at most `n`.
pub fn share(count: u32, n: u32) -> Option<Share> {
    if n == 0 {
        return None;
    }
    let (x, n_) = (f64::from(count), f64::from(n));
    let share = x / n_;
    let shrink = 1.0 + Z * Z / n_;
    let centre = (share + Z * Z / (2.0 * n_)) / shrink;
    let half = Z / shrink * (share * (1.0 - share) / n_ + Z * Z / (4.0 * n_ * n_)).sqrt();
    // At the ends one limit is exactly 0 or 1; rounding would leave 1e-17 or 0.9999999999999999.
    let low = if count == 0 { 0.0 } else { (centre - half).clamp(0.0, 1.0) };
    let high = if count == n { 1.0 } else { (centre + half).clamp(0.0, 1.0) };
    Some(Share { share, low, high })
}
