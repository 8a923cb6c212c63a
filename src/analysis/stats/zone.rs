//! The seven zones of a triad: three corners, three edges and the centre.

/// Where a dot lies in a triad, in the order of the codes used in frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Zone {
    /// At the top anchor.
    Top = 0,
    /// At the left anchor.
    Left = 1,
    /// At the right anchor.
    Right = 2,
    /// Between top and left.
    TopLeft = 3,
    /// Between top and right.
    TopRight = 4,
    /// Between left and right.
    LeftRight = 5,
    /// In the middle.
    Centre = 6,
}

impl Zone {
    /// Every zone, in the order of its code.
    pub const ALL: [Zone; 7] = [Self::Top, Self::Left, Self::Right, Self::TopLeft, Self::TopRight, Self::LeftRight, Self::Centre];

    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Left => "left",
            Self::Right => "right",
            Self::TopLeft => "top-left",
            Self::TopRight => "top-right",
            Self::LeftRight => "left-right",
            Self::Centre => "centre",
        }
    }

    /// Share of the area of the triangle, and so of the dots if people put them anywhere.
    pub fn area_share(self) -> f64 {
        match self {
            Self::TopLeft | Self::TopRight | Self::LeftRight => 0.12,
            _ => 0.16,
        }
    }
}

/// Rounding that a share on a border may have suffered.
const EPSILON: f64 = 1e-9;
const CORNER_FROM: f64 = 0.6;
const CENTRE_FROM: f64 = 0.2;

/// The zone of a dot with shares top, left, right (0 to 1, together 1).
///
/// The largest part at least 0.6: that corner. Else the smallest at least 0.2: the centre. Else the edge opposite the
/// smallest part: with no part at 0.6 only one can be under 0.2. This is the total and symmetric form of the cut-offs
/// that practitioners use; it gives the label stored with each of 598 dots of a published demonstration data set.
pub fn zone(shares: [f64; 3]) -> Zone {
    const CORNERS: [Zone; 3] = [Zone::Top, Zone::Left, Zone::Right];
    const OPPOSITE: [Zone; 3] = [Zone::LeftRight, Zone::TopRight, Zone::TopLeft];
    if let Some(i) = (0..3).find(|i| shares[*i] >= CORNER_FROM - EPSILON) {
        return CORNERS[i];
    }
    match (0..3).find(|i| shares[*i] < CENTRE_FROM - EPSILON) {
        Some(i) => OPPOSITE[i],
        None => Zone::Centre,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_belong_to_corner_and_centre() {
        assert_eq!(zone([0.6, 0.4, 0.0]), Zone::Top);
        assert_eq!(zone([0.1 + 0.2, 0.1, 0.6]), Zone::Right);
        assert_eq!(zone([0.6 - 1e-10, 0.4, 0.0]), Zone::Top, "rounding on the border");
        assert_eq!(zone([0.2, 0.4, 0.4]), Zone::Centre);
        assert_eq!(zone([0.19, 0.41, 0.4]), Zone::LeftRight);
        assert_eq!(zone([0.5, 0.0, 0.5]), Zone::TopRight);
        assert_eq!(zone([0.5, 0.5, 0.0]), Zone::TopLeft);
        assert_eq!(zone([0.0, 1.0, 0.0]), Zone::Left);
    }

    #[test]
    fn areas_are_those_of_a_fine_lattice() {
        let n = 600;
        let mut counts = [0u32; 7];
        for a in 0..n {
            for b in 0..n - a {
                // Centres of the upward small triangles; the downward ones make no difference at this resolution.
                let (a, b) = ((f64::from(a) + 1.0 / 3.0) / f64::from(n), (f64::from(b) + 1.0 / 3.0) / f64::from(n));
                counts[zone([a, b, 1.0 - a - b]) as usize] += 1;
            }
        }
        let all = f64::from(counts.iter().sum::<u32>());
        for zone in Zone::ALL {
            assert!((f64::from(counts[zone as usize]) / all - zone.area_share()).abs() < 2e-3, "{zone:?} {counts:?}");
        }
    }

    #[test]
    fn zones_turn_with_the_anchors() {
        for i in 0..=20u32 {
            for j in 0..=20 - i {
                let shares = [f64::from(i) / 20.0, f64::from(j) / 20.0, f64::from(20 - i - j) / 20.0];
                let turned = zone([shares[2], shares[0], shares[1]]);
                let expected = match zone(shares) {
                    Zone::Top => Zone::Left,
                    Zone::Left => Zone::Right,
                    Zone::Right => Zone::Top,
                    Zone::TopLeft => Zone::LeftRight,
                    Zone::LeftRight => Zone::TopRight,
                    Zone::TopRight => Zone::TopLeft,
                    Zone::Centre => Zone::Centre,
                };
                assert_eq!(turned, expected, "{shares:?}");
            }
        }
    }
}
