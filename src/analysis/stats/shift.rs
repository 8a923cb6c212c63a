//! Did people move, and where to: the mean displacement of paired points in the plane, Hotelling's T² for it (Hotelling 1931)
//! and a test that flips the direction of each person's move.
//!
//! Directions are not averaged, vectors are: an average of angles has no meaning.

use rand::Rng;

use super::chance::{DrawnP, Draws, Seed, permutation_p};
use super::ellipse::moments;
use super::plane;

/// Moves shorter than this (in sides of the triangle) count as staying.
pub const STILL: f64 = 0.1;
/// Rounding that a comparison of parts may have suffered.
const EPSILON: f64 = 1e-9;

/// The move of each pair of places.
pub fn displacements(from: &[[f64; 2]], to: &[[f64; 2]]) -> Vec<[f64; 2]> {
    from.iter().zip(to).map(|(a, b)| [b[0] - a[0], b[1] - a[1]]).collect()
}

/// The mean move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrow {
    /// Pairs.
    pub n: u32,
    /// Mean of the moves.
    pub mean: [f64; 2],
    /// Its length.
    pub length: f64,
    /// Mean length of the moves, whatever their direction: much longer than `length` when people went different ways.
    pub mean_length: f64,
}

/// The mean of `moves`; none of nothing.
pub fn arrow(moves: &[[f64; 2]]) -> Option<Arrow> {
    let mean = plane::mean(moves)?;
    let length = |m: &[f64; 2]| plane::distance(m, &[0.0, 0.0]);
    let mean_length = moves.iter().map(length).sum::<f64>() / moves.len() as f64;
    Some(Arrow { n: moves.len() as u32, mean, length: length(&mean), mean_length })
}

/// How many people moved to each corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Towards {
    /// People whose largest gain is in top, left, right.
    pub corners: [u32; 3],
    /// People with an equal largest gain in two parts: towards an edge.
    pub edge: u32,
    /// People who moved less than 0.1 of a side.
    pub still: u32,
}

impl Towards {
    /// Everyone.
    pub fn n(&self) -> u32 {
        self.corners.iter().sum::<u32>() + self.edge + self.still
    }
}

/// Where people moved to, from their shares (top, left, right) before and after.
pub fn towards(from: &[[f64; 3]], to: &[[f64; 3]]) -> Towards {
    let mut found = Towards::default();
    for (a, b) in from.iter().zip(to) {
        let gain = [0, 1, 2].map(|i| b[i] - a[i]);
        let most = gain.iter().copied().fold(f64::MIN, f64::max);
        let mut leading = (0..3).filter(|i| gain[*i] >= most - EPSILON);
        match (leading.next(), leading.next()) {
            _ if plane::shares_distance(a, b) < STILL - EPSILON => found.still += 1,
            (Some(corner), None) => found.corners[corner] += 1,
            _ => found.edge += 1,
        }
    }
    found
}

/// Hotelling's test that the mean move is nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hotelling {
    /// n mean' S⁻¹ mean.
    pub t2: f64,
    /// The F statistic with 2 and n - 2 degrees of freedom.
    pub f: f64,
    /// Its p-value.
    pub p: f64,
}

/// Solves the covariance [xx, xy, yy] for the mean: mean' C⁻¹ mean. None when the points lie on a line.
fn length_in([x, y]: [f64; 2], [xx, xy, yy]: [f64; 3]) -> Option<f64> {
    let det = xx * yy - xy * xy;
    // Against the whole extent, so that turning the plane does not change what is called a line.
    let is_line = det.is_nan() || det <= 1e-12 * (xx + yy) * (xx + yy);
    (!is_line).then(|| (yy * x * x - 2.0 * xy * x * y + xx * y * y) / det)
}

/// T², F and p of `moves`. None of fewer than 3, and when all moves less their mean lie on one line.
pub fn hotelling(moves: &[[f64; 2]]) -> Option<Hotelling> {
    if moves.len() < 3 {
        return None;
    }
    let n = moves.len() as f64;
    let (mean, covariance) = moments(moves)?;
    let t2 = n * length_in(mean, covariance)?;
    let f = (n - 2.0) / (2.0 * (n - 1.0)) * t2;
    // With 2 degrees of freedom above, the F distribution has a closed form.
    let p = (-(n - 2.0) / 2.0 * (2.0 * f / (n - 2.0)).ln_1p()).exp();
    (t2.is_finite()).then_some(Hotelling { t2, f, p })
}

/// How often T² is reached when each person's move is turned around by the toss of a coin. Needs no shape of the moves, only
/// that forth and back are as likely. Does not depend on the order of rows. None of fewer than 3 moves and when all moves
/// lie on one line through nothing.
///
/// Turning moves around leaves M = sum of d d' / n as it is, and T² = (n - 1) q / (1 - q) with q = mean' M⁻¹ mean: so draws
/// compare q, which needs a sum only and stays finite.
pub fn sign_flip(seed: &Seed, draws: Draws, moves: &[[f64; 2]]) -> Option<DrawnP> {
    if moves.len() < 3 {
        return None;
    }
    let mut moves = moves.to_vec();
    moves.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let n = moves.len() as f64;
    let second = [(0, 0), (0, 1), (1, 1)].map(|(i, j)| moves.iter().map(|m| m[i] * m[j]).sum::<f64>() / n);
    let observed = length_in(plane::mean(&moves)?, second)?;
    let p = permutation_p(
        seed,
        draws,
        observed,
        || (),
        |(), rng| {
            let mut sum = [0.0; 2];
            for some in moves.chunks(64) {
                let mut coins = rng.next_u64();
                for m in some {
                    let sign = if coins & 1 == 0 { 1.0 } else { -1.0 };
                    sum = [sum[0] + sign * m[0], sum[1] + sign * m[1]];
                    coins >>= 1;
                }
            }
            length_in(sum.map(|s| s / n), second).unwrap_or(0.0)
        },
    );
    Some(p)
}

#[cfg(test)]
mod tests;
