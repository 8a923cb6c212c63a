//! The local outlier factor (Breunig, Kriegel, Ng and Sander 2000), the second opinion on stories that stand apart.

use super::distances::Distances;
use super::neighbours::{Neighbour, nearest};

/// Number of neighbours of the factor.
pub const NEIGHBOURS: usize = 20;

/// With a larger share of stories that equal another one, densities are without limit and the factor says nothing.
pub const DUPLICATES: f64 = 0.1;

/// Keeps the density of a pile of equal stories finite, as scikit-learn does.
const SOFT: f64 = 1e-10;

/// Local outlier factors by row, about 1 for a story amid others like it, larger for one that stands alone. All stories
/// equally far at the k-th place are neighbours, as in the paper (scikit-learn takes exactly k). `k` is cut to one less
/// than the stories. A row that cannot be compared with k others has none; nothing at all with fewer than three stories or
/// when more than 10 % of them equal another.
pub fn factors(distances: &Distances, k: usize) -> Option<Vec<Option<f64>>> {
    let (rows, hoods) = hoods(distances, k)?;
    let equal = hoods.iter().filter(|hood| hood[0].distance == 0.0).count();
    if equal as f64 > DUPLICATES * rows.len() as f64 {
        return None;
    }
    let reach = |hood: &[Neighbour]| -> f64 {
        let reached = hood.iter().map(|n| n.distance.max(radius(&hoods[n.row])));
        reached.sum::<f64>() / hood.len() as f64
    };
    let densities: Vec<f64> = hoods.iter().map(|hood| 1.0 / (reach(hood) + SOFT)).collect();
    let mut factors = vec![None; distances.stories()];
    for ((row, hood), own) in rows.iter().zip(&hoods).zip(&densities) {
        let around = hood.iter().map(|n| densities[n.row]).sum::<f64>() / hood.len() as f64;
        factors[*row] = Some(around / own);
    }
    Some(factors)
}

/// Rows that can be compared with k others of them, and the neighbours of each by their place in this list. Who has too
/// few goes, which may leave others with too few.
fn hoods(distances: &Distances, k: usize) -> Option<(Vec<usize>, Vec<Vec<Neighbour>>)> {
    let mut rows = distances.scored();
    loop {
        if rows.len() < 3 {
            return None;
        }
        let k = k.clamp(1, rows.len() - 1);
        let among = distances.among(&rows);
        let hoods: Vec<Option<Vec<Neighbour>>> = (0..rows.len()).map(|row| nearest(&among, row, k)).collect();
        if hoods.iter().all(Option::is_some) {
            return Some((rows, hoods.into_iter().flatten().collect()));
        }
        rows = rows.into_iter().zip(hoods).filter(|(_, hood)| hood.is_some()).map(|(row, _)| row).collect();
    }
}

/// Distance of the k-th neighbour.
fn radius(hood: &[Neighbour]) -> f64 {
    hood.last().map_or(0.0, |n| n.distance)
}
