//! Ellipses that show how sure a centre in the plane is.

/// Upper 5 % point of chi-squared with 2 degrees of freedom: -2 ln 0.05.
pub const CHI2_2: f64 = 5.991_464_547_107_979;

/// An ellipse in the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipse {
    /// Its middle.
    pub centre: [f64; 2],
    /// Half its length and half its width, the longer first, in units of the plane; the second may be 0.
    pub semi_axes: [f64; 2],
    /// Direction of the longer axis in radians, anticlockwise from the first coordinate, above -π/2, at most π/2; 0 for
    /// a circle.
    pub angle: f64,
}

impl Ellipse {
    /// The points x with (x - centre)' C⁻¹ (x - centre) at most `radius2`, for covariance C as [xx, xy, yy]. None when C has
    /// no extent, is no covariance, or anything is not finite.
    pub fn of_covariance(centre: [f64; 2], [xx, xy, yy]: [f64; 3], radius2: f64) -> Option<Self> {
        let half_gap = (xx - yy) / 2.0;
        let spread = (half_gap * half_gap + xy * xy).sqrt();
        let middle = (xx + yy) / 2.0;
        // Rounding may leave a very small negative variance across a line.
        let semi_axes = [middle + spread, (middle - spread).max(0.0)].map(|variance| (variance * radius2).sqrt());
        let is_finite = centre.iter().chain(&semi_axes).all(|v| v.is_finite());
        let angle = if spread <= 1e-12 * middle { 0.0 } else { f64::atan2(xy, half_gap) / 2.0 };
        let angle = if angle <= -std::f64::consts::FRAC_PI_2 { -angle } else { angle };
        (is_finite && semi_axes[0] > 0.0).then_some(Self { centre, semi_axes, angle })
    }

    /// `n` points on the ellipse, anticlockwise from the end of the longer axis, to draw it.
    pub fn outline(&self, n: usize) -> Vec<[f64; 2]> {
        let (sin, cos) = self.angle.sin_cos();
        (0..n)
            .map(|i| {
                let (v, u) = (std::f64::consts::TAU * i as f64 / n as f64).sin_cos();
                let (u, v) = (self.semi_axes[0] * u, self.semi_axes[1] * v);
                [self.centre[0] + u * cos - v * sin, self.centre[1] + u * sin + v * cos]
            })
            .collect()
    }
}

/// Mean and covariance [xx, xy, yy] (divisor n - 1) of points; none of fewer than 2 points.
pub fn moments(points: &[[f64; 2]]) -> Option<([f64; 2], [f64; 3])> {
    if points.len() < 2 {
        return None;
    }
    let mean = super::plane::mean(points)?;
    let mut sums = [0.0; 3];
    for p in points {
        let (x, y) = (p[0] - mean[0], p[1] - mean[1]);
        sums = [sums[0] + x * x, sums[1] + x * y, sums[2] + y * y];
    }
    Some((mean, sums.map(|s| s / (points.len() - 1) as f64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_and_angle_are_those_of_the_covariance() {
        // Variances 9 along 30 degrees and 4 across.
        let (sin, cos) = (std::f64::consts::PI / 6.0).sin_cos();
        let c = [9.0 * cos * cos + 4.0 * sin * sin, 5.0 * sin * cos, 9.0 * sin * sin + 4.0 * cos * cos];
        let e = Ellipse::of_covariance([1.0, 2.0], c, 1.0).unwrap();
        assert!((e.semi_axes[0] - 3.0).abs() < 1e-12 && (e.semi_axes[1] - 2.0).abs() < 1e-12);
        assert!((e.angle - std::f64::consts::PI / 6.0).abs() < 1e-12);
        let det = c[0] * c[2] - c[1] * c[1];
        for p in e.outline(12) {
            let (x, y) = (p[0] - 1.0, p[1] - 2.0);
            let q = (c[2] * x * x - 2.0 * c[1] * x * y + c[0] * y * y) / det;
            assert!((q - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn what_has_no_extent_is_none() {
        assert_eq!(Ellipse::of_covariance([0.0; 2], [0.0; 3], 1.0), None);
        assert_eq!(Ellipse::of_covariance([f64::NAN, 0.0], [1.0, 0.0, 1.0], 1.0), None);
        let circle = Ellipse::of_covariance([0.0; 2], [1.0, 0.0, 1.0], CHI2_2).unwrap();
        assert!(circle.angle == 0.0 && circle.semi_axes[0] == circle.semi_axes[1]);
        let upright = Ellipse::of_covariance([0.0; 2], [0.0, -0.0, 1.0], 1.0).unwrap();
        assert_eq!(upright.angle, std::f64::consts::FRAC_PI_2);
        assert_eq!(moments(&[[0.0, 0.0]]), None);
    }
}
