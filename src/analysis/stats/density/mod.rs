//! Where dots lie densely: kernel densities on lattices, hotspots against chance, the dip test, and the simpler
//! summaries of sliders and ordered scales.
//!
//! Dots are arrays of three numbers inside this folder: (top, left, right) of a triad, (x, y, 0) of a stone,
//! (x, 0, 0) of a slider. `spots` has the functions for callers, with a type for each kind.

pub mod dip;
pub mod kernel;
pub mod lattice;
pub mod modes;
pub mod ordinal;
pub mod scan;
pub mod slider;
pub mod spots;

#[cfg(test)]
mod tests;

/// What people placed their dots on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A triangle with three anchors; shares top, left, right (0 to 1, together 1).
    Triad,
    /// A line; the position is read as a whole number of hundredths.
    Slider,
    /// A square canvas; x and y, 0 to 1.
    Stone,
}

/// A dot in the form used inside this folder.
pub type Dot = [f64; 3];

impl Kind {
    /// Density of dots placed anywhere alike: 1 over the area (triads are measured in two of their shares).
    pub fn uniform(self) -> f64 {
        match self {
            Self::Triad => 2.0,
            Self::Slider | Self::Stone => 1.0,
        }
    }

    /// Distance of two dots: 1 is the side of the triangle, the length of the line or the side of the canvas.
    pub fn distance(self, p: Dot, q: Dot) -> f64 {
        let d = [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
        let sum = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        match self {
            Self::Triad => (sum / 2.0).sqrt(),
            Self::Slider | Self::Stone => sum.sqrt(),
        }
    }

    /// A short name, stable: seeds are made of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Triad => "triad",
            Self::Slider => "slider",
            Self::Stone => "stone",
        }
    }
}

/// The dot of a slider position (0 to 1): the middle of its hundredth, of 101. Whole hundredths themselves would put
/// dots exactly on the ends, where the kernel is unbounded as the bandwidth shrinks.
pub fn slider_dot(position: f64) -> Dot {
    level_dot(usize::from(super::grid::hundredths(position)))
}

/// The dot of a whole number of hundredths, 0 to 100.
pub(super) fn level_dot(level: usize) -> Dot {
    [(level as f64 + 0.5) / 101.0, 0.0, 0.0]
}

/// Sizes for which chance is simulated: up to 60 each size its own, above that steps of 5 %, and none above `cap`.
/// A critical value changes by less than its own simulation error within a step, and few values serve all sizes.
pub(super) fn bucket(n: usize, cap: usize) -> usize {
    if n <= 60 {
        return n;
    }
    let steps = ((n.min(cap) as f64 / 60.0).ln() / 1.05f64.ln()).round();
    ((60.0 * 1.05f64.powf(steps)).round() as usize).min(cap)
}
