//! Where dots lie: the plane of the drawn triangle and of the canvas, and distances in it.
//!
//! The plane is how an answer was given: the error of a finger is the same everywhere, there is no trouble with zero
//! parts, and distances are bounded.

/// Height of an equilateral triangle with side 1: half the square root of 3.
pub const HEIGHT: f64 = 0.866_025_403_784_438_6;

/// The place of shares top, left, right (0 to 1, together 1) in an equilateral triangle with side 1: left at (0, 0),
/// right at (1, 0), top at (1/2, `HEIGHT`).
pub fn place([top, _, right]: [f64; 3]) -> [f64; 2] {
    [right + top / 2.0, top * HEIGHT]
}

/// The shares top, left, right of a place in the triangle: the inverse of `place`. Places outside have a negative share.
pub fn shares([x, y]: [f64; 2]) -> [f64; 3] {
    let top = y / HEIGHT;
    let right = x - top / 2.0;
    [top, 1.0 - top - right, right]
}

/// Straight distance between two places. In a triangle with side 1 it is 0 to 1, and equal to the distance between
/// the shares divided by the square root of 2.
pub fn distance(a: &[f64; 2], b: &[f64; 2]) -> f64 {
    // Not hypot: places are near 1, so nothing can overflow, and this is several times faster.
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    (x * x + y * y).sqrt()
}

/// Distance between two dots of a triad given as shares, 0 (the same) to 1 (two corners).
pub fn shares_distance(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    let [x, y, z] = [0, 1, 2].map(|i| a[i] - b[i]);
    ((x * x + y * y + z * z) / 2.0).sqrt()
}

/// Distance between two stones on a canvas with side 1, as a part of its diagonal: 0 to 1.
pub fn canvas_distance(a: &[f64; 2], b: &[f64; 2]) -> f64 {
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    ((x * x + y * y) / 2.0).sqrt()
}

/// The mean of places; none of nothing.
pub fn mean(places: &[[f64; 2]]) -> Option<[f64; 2]> {
    let n = places.len() as f64;
    (!places.is_empty()).then(|| [0, 1].map(|d| places.iter().map(|p| p[d]).sum::<f64>() / n))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORNERS: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

    #[test]
    fn corners_are_one_side_apart() {
        for (i, a) in CORNERS.iter().enumerate() {
            for b in &CORNERS[..i] {
                assert!((distance(&place(*a), &place(*b)) - 1.0).abs() < 1e-15);
                assert!((shares_distance(a, b) - 1.0).abs() < 1e-15);
            }
        }
        assert_eq!(place(CORNERS[1]), [0.0, 0.0]);
        assert_eq!(canvas_distance(&[0.0, 0.0], &[1.0, 1.0]), 1.0);
    }

    #[test]
    fn distance_in_the_plane_is_distance_of_shares() {
        let dots = [[0.2, 0.3, 0.5], [0.98, 0.01, 0.01], [0.9998, 0.0001, 0.0001], [0.0, 0.4, 0.6], [1.0 / 3.0; 3]];
        for a in dots {
            for b in dots {
                let [x, y] = [place(a), place(b)];
                assert!((distance(&x, &y) - shares_distance(&a, &b)).abs() < 1e-15, "{a:?} {b:?}");
            }
            let back = shares(place(a));
            assert!(back.iter().zip(a).all(|(s, t)| (s - t).abs() < 1e-15), "{a:?} {back:?}");
        }
        // Visually the same dot, although their log-ratios are as far apart as a corner and the centre.
        assert!((shares_distance(&dots[1], &dots[2]) - 0.017).abs() < 5e-4);
    }

    #[test]
    fn a_mean_needs_a_place() {
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[[0.0, 1.0], [1.0, 0.0]]), Some([0.5, 0.5]));
    }
}
