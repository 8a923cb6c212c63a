//! Triads as compositions: the Aitchison centre and its ilr region (Aitchison 1986; Egozcue et al. 2003), zero replacement
//! (Martín-Fernández, Barceló-Vidal and Pawlowsky-Glahn 2003), and how much the centre depends on it.
//!
//! This is the second opinion beside the plane: near an edge a log-ratio says more about the width of a finger than
//! about a story, so a centre is told with the range that the choice for zeros gives it.

use super::ellipse::{Ellipse, moments};

/// What replaces a zero part unless told otherwise: 0.65 of the smallest share that is recorded (0.01).
pub const DELTA: f64 = 0.0065;
/// A part this small is a zero that rounding has touched.
const ZERO: f64 = 1e-9;
/// Centres that differ more than this in a part: some dots in the corners pull one of them.
const PULL: f64 = 0.05;
/// Most rows with a zero part for the Aitchison centre to be told without its range.
const FEW_ZEROS: f64 = 0.05;
/// The range looks at so many values for zeros, evenly spaced on a log scale.
const STEPS: i32 = 12;

/// Parts made to sum to 1; they must be at least 0 with a sum above 0.
fn close(parts: [f64; 3]) -> [f64; 3] {
    let sum: f64 = parts.iter().sum();
    parts.map(|p| p / sum)
}

fn is_zero(part: &f64) -> bool {
    *part <= ZERO
}

/// Shares with each zero part replaced by `delta` and the others made smaller in proportion, so that they sum to 1.
/// `delta` is above 0 and below 1/2.
pub fn replace_zeros(shares: [f64; 3], delta: f64) -> [f64; 3] {
    let shares = close(shares);
    let zeros = shares.iter().filter(|s| is_zero(s)).count();
    let shrink = 1.0 - delta * zeros as f64;
    close(shares.map(|s| if is_zero(&s) { delta } else { s * shrink }))
}

/// Centred log-ratios of shares without zeros.
pub fn clr(shares: [f64; 3]) -> [f64; 3] {
    let logs = shares.map(f64::ln);
    let mean = logs.iter().sum::<f64>() / 3.0;
    logs.map(|l| l - mean)
}

/// Isometric log-ratios (ln a - ln b) / √2 and (ln a + ln b - 2 ln c) / √6 of shares a, b, c (top, left, right)
/// without zeros. Distances between them are Aitchison distances.
pub fn ilr(shares: [f64; 3]) -> [f64; 2] {
    let [a, b, c] = shares.map(f64::ln);
    [(a - b) / 2_f64.sqrt(), (a + b - 2.0 * c) / 6_f64.sqrt()]
}

/// The shares with these isometric log-ratios.
pub fn ilr_inverse([z1, z2]: [f64; 2]) -> [f64; 3] {
    let (u, v) = (z1 / 2_f64.sqrt(), z2 / 6_f64.sqrt());
    let logs = [u + v, v - u, -2.0 * v];
    // The largest is taken off first, so that none overflows.
    let top = logs.iter().copied().fold(f64::MIN, f64::max);
    close(logs.map(|l| (l - top).exp()))
}

/// Aitchison distance between shares without zeros.
pub fn aitchison_distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    super::plane::distance(&ilr(a), &ilr(b))
}

/// Mean of the shares; none of nothing.
pub fn arithmetic_centre(shares: &[[f64; 3]]) -> Option<[f64; 3]> {
    let n = shares.len() as f64;
    (!shares.is_empty()).then(|| [0, 1, 2].map(|i| shares.iter().map(|s| s[i]).sum::<f64>() / n))
}

/// Geometric means of the parts, made to sum to 1, after zeros are replaced by `delta`; none of nothing.
pub fn aitchison_centre(shares: &[[f64; 3]], delta: f64) -> Option<[f64; 3]> {
    let n = shares.len() as f64;
    let mut sums = [0.0; 3];
    for s in shares {
        let logs = replace_zeros(*s, delta).map(f64::ln);
        sums = [0, 1, 2].map(|i| sums[i] + logs[i]);
    }
    (!shares.is_empty()).then(|| close(sums.map(|s| (s / n).exp())))
}

/// Sum of the variances (divisor n - 1) of the centred log-ratios, after zeros are replaced; none of fewer than 2.
pub fn total_variance(shares: &[[f64; 3]], delta: f64) -> Option<f64> {
    let points: Vec<_> = shares.iter().map(|s| ilr(replace_zeros(*s, delta))).collect();
    // ilr coordinates are an orthonormal view of the centred log-ratios, so their variances sum to the same.
    moments(&points).map(|(_, c)| c[0] + c[2])
}

/// Both centres of a triad, and whether they can be trusted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Centres {
    /// Rows.
    pub n: u32,
    /// Mean of the shares: where an average dot lies on the screen.
    pub arithmetic: [f64; 3],
    /// Aitchison centre with the asked value for zeros.
    pub aitchison: [f64; 3],
    /// Smallest and largest value of each part of the Aitchison centre, with values for zeros from delta / 10 to 3 delta.
    pub range: [[f64; 2]; 3],
    /// Share of rows with a part that is zero, 0 to 1.
    pub zero_share: f64,
    /// Whether more than 5 % of rows have a zero part: then tell the Aitchison centre only with its range.
    pub needs_range: bool,
    /// Whether a part of the centres differs by more than 5 points: pulled by dots in the corners.
    pub is_pulled: bool,
    /// Sum of the variances of the centred log-ratios; none of one row.
    pub total_variance: Option<f64>,
}

/// Both centres of `shares` (top, left, right) with `delta` for zeros; none of nothing, and when `delta` is not above 0
/// and below 1/6 (three times as much must fit twice in a whole).
pub fn centres(shares: &[[f64; 3]], delta: f64) -> Option<Centres> {
    if !(delta > 0.0 && delta < 1.0 / 6.0) {
        return None;
    }
    let arithmetic = arithmetic_centre(shares)?;
    let aitchison = aitchison_centre(shares, delta)?;
    let zeros = shares.iter().filter(|s| close(**s).iter().any(is_zero)).count();
    let mut range = aitchison.map(|part| [part, part]);
    if zeros > 0 {
        // Not only the ends: with zeros in several parts a coordinate can turn on the way.
        for step in 0..=STEPS {
            let tried = delta / 10.0 * 30_f64.powf(f64::from(step) / f64::from(STEPS));
            let centre = aitchison_centre(shares, tried)?;
            range = [0, 1, 2].map(|i| [range[i][0].min(centre[i]), range[i][1].max(centre[i])]);
        }
    }
    let zero_share = zeros as f64 / shares.len() as f64;
    Some(Centres {
        n: shares.len() as u32,
        arithmetic,
        aitchison,
        range,
        zero_share,
        needs_range: zero_share > FEW_ZEROS,
        is_pulled: arithmetic.iter().zip(aitchison).any(|(a, b)| (a - b).abs() > PULL),
        total_variance: total_variance(shares, delta),
    })
}

/// The 95 % confidence region of the Aitchison centre in ilr coordinates: n (m - z)' S⁻¹ (m - z) at most
/// 2 (n - 1) / (n - 2) times the F quantile with 2 and n - 2 degrees of freedom. None of fewer than 10 rows, or when all
/// lie in one place. `ilr_inverse` of its outline draws it in the triangle.
pub fn region(shares: &[[f64; 3]], delta: f64) -> Option<Ellipse> {
    const LEAST: usize = 10;
    if shares.len() < LEAST {
        return None;
    }
    let points: Vec<_> = shares.iter().map(|s| ilr(replace_zeros(*s, delta))).collect();
    let (mean, covariance) = moments(&points)?;
    let n = points.len() as f64;
    // With 2 degrees of freedom above, the F distribution has a closed form.
    let f = (n - 2.0) / 2.0 * (0.05_f64.powf(-2.0 / (n - 2.0)) - 1.0);
    Ellipse::of_covariance(mean, covariance, 2.0 * (n - 1.0) / (n * (n - 2.0)) * f)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        shares: Vec<[f64; 3]>,
        delta: f64,
        replaced: Vec<[f64; 3]>,
        ilr: Vec<[f64; 2]>,
        clr: Vec<[f64; 3]>,
        centre: [f64; 3],
        variance: Option<f64>,
        low: Option<[f64; 3]>,
        high: Option<[f64; 3]>,
        /// Determinant and trace of the shape of the T² ellipse: squares of the semi-axes.
        region: Option<[f64; 2]>,
    }

    #[derive(Deserialize)]
    struct Fixture {
        compositions: Vec<Case>,
        skye: Vec<[f64; 3]>,
    }

    fn fixture() -> Fixture {
        serde_json::from_str(include_str!("../../../tests/oracles/shapes.json")).unwrap()
    }

    fn near<const N: usize>(a: [f64; N], b: [f64; N], tolerance: f64) -> bool {
        a.iter().zip(b).all(|(x, y)| (x - y).abs() <= tolerance * y.abs().max(1.0))
    }

    #[test]
    fn another_program_agrees() {
        for case in fixture().compositions {
            for (i, s) in case.shares.iter().enumerate() {
                let replaced = replace_zeros(*s, case.delta);
                assert!(near(replaced, case.replaced[i], 1e-13), "{s:?}");
                assert!(near(ilr(replaced), case.ilr[i], 1e-10), "{s:?}");
                assert!(near(clr(replaced), case.clr[i], 1e-10), "{s:?}");
                assert!(near(ilr_inverse(case.ilr[i]), case.replaced[i], 1e-12), "{s:?}");
            }
            let centres = centres(&case.shares, case.delta).unwrap();
            assert!(near(centres.aitchison, case.centre, 1e-10));
            match (centres.total_variance, case.variance) {
                (Some(ours), Some(theirs)) => assert!(near([ours], [theirs], 1e-10)),
                (ours, theirs) => assert_eq!(ours, theirs),
            }
            if let (Some(low), Some(high)) = (case.low, case.high) {
                assert!(near(centres.range.map(|r| r[0]), low, 1e-6) && near(centres.range.map(|r| r[1]), high, 1e-6));
            }
            if let Some([det, trace]) = case.region {
                let e = region(&case.shares, case.delta).unwrap();
                let [a, b] = e.semi_axes.map(|s| s * s);
                // Against the trace: in one case all rows lie on a line and the determinant is rounding.
                let is_near = (a * b - det).abs() < 1e-12 * trace * trace && ((a + b) / trace - 1.0).abs() < 1e-9;
                assert!(is_near, "{a} {b} {det} {trace}");
            }
        }
    }

    #[test]
    fn lavas_of_skye_have_their_known_centre() {
        let rows = fixture().skye;
        let centres = centres(&rows, DELTA).unwrap();
        assert_eq!(rows.len(), 23);
        assert!(near(centres.aitchison, [0.258542, 0.566507, 0.174951], 5e-7), "{centres:?}");
        assert!((centres.total_variance.unwrap() - 0.581846).abs() < 5e-7);
        assert!(centres.zero_share == 0.0 && !centres.needs_range && !centres.is_pulled);
    }

    #[test]
    fn the_value_for_zeros_makes_the_centre() {
        let mut rows = vec![[1.0, 0.0, 0.0]; 20];
        rows.extend(vec![[0.2, 0.4, 0.4]; 80]);
        for (delta, top) in [(1e-7, 0.88), (1e-5, 0.74), (1e-3, 0.54), (0.0065, 0.44), (0.01, 0.42)] {
            let centre = aitchison_centre(&rows, delta).unwrap();
            // The known figures are of 80 dots scattered around this place (mean 36, 33, 31), not all on it.
            assert!((centre[0] - top).abs() < 0.015, "{delta} {centre:?}");
        }
        let centres = centres(&rows, DELTA).unwrap();
        assert!(near(centres.arithmetic, [0.36, 0.32, 0.32], 1e-12));
        assert!(centres.needs_range && centres.is_pulled && centres.zero_share == 0.2);
        assert!(centres.range[0][1] - centres.range[0][0] > 0.15, "{centres:?}");
    }

    #[test]
    fn the_same_dot_can_be_far_in_ratios() {
        let [p, q] = [[0.98, 0.01, 0.01], [0.9998, 0.0001, 0.0001]];
        assert!((aitchison_distance(p, q) - 3.78).abs() < 0.005);
        assert!((aitchison_distance(p, [1.0 / 3.0; 3]) - 3.74).abs() < 0.005);
    }

    #[test]
    fn row_order_and_turning_the_triangle_do_not_matter() {
        let rows: Vec<[f64; 3]> = (0..57)
            .map(|i| {
                let top = f64::from(i % 11) / 10.0;
                let left = (1.0 - top) * f64::from(i % 7) / 6.0;
                [top, left, 1.0 - top - left]
            })
            .collect();
        let ours = centres(&rows, DELTA).unwrap();
        let back: Vec<_> = rows.iter().rev().copied().collect();
        let turned: Vec<_> = rows.iter().map(|[a, b, c]| [*b, *c, *a]).collect();
        assert!(near(centres(&back, DELTA).unwrap().aitchison, ours.aitchison, 1e-12));
        let [a, b, c] = ours.aitchison;
        let other = centres(&turned, DELTA).unwrap();
        assert!(near(other.aitchison, [b, c, a], 1e-12));
        assert!(near([other.total_variance.unwrap()], [ours.total_variance.unwrap()], 1e-12));
    }

    #[test]
    fn undefined_is_none() {
        assert_eq!(centres(&[], DELTA), None);
        assert_eq!(centres(&[[0.2, 0.3, 0.5]], 0.2), None);
        assert_eq!(centres(&[[0.2, 0.3, 0.5]], f64::NAN), None);
        assert_eq!(centres(&[[0.2, 0.3, 0.5]], DELTA).unwrap().total_variance, None);
        assert_eq!(region(&[[0.2, 0.3, 0.5]; 9], DELTA), None);
    }
}
