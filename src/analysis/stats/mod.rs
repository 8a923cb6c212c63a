//! Pure functions over numbers: no frame, no domain.

pub mod agreement;
pub mod apart;
pub mod bootstrap;
pub mod chance;
pub mod composition;
pub mod dense;
pub mod density;
pub mod dispersion;
pub mod distance_correlation;
pub mod ellipse;
pub mod energy;
pub mod evidence;
pub mod firth;
pub mod grid;
pub mod multiple;
mod places;
pub mod plane;
pub mod ranks;
pub mod root;
pub mod sample;
pub mod shift;
pub mod shuffle;
pub mod spatial_median;
pub mod spread;
pub mod tables;
pub mod tell;
pub mod wilson;
pub mod zone;

/// Two ends of a 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A test statistic with its p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// The statistic, named by the function.
    pub statistic: f64,
    /// Two-sided p-value unless the function says otherwise, 0 to 1.
    pub p: f64,
}
