//! Pure functions over numbers: no frame, no domain.

pub mod grid;
pub mod spatial_median;
pub mod wilson;
pub mod zone;
