//! How far a story stands from the stories most like it: the mean distance to its k nearest (Ramaswamy, Rastogi and Shim
//! 2000; Angiulli and Pizzuti 2002), flagged by a robust z-score (Iglewicz and Hoaglin 1993).

use super::distances::Distances;
use super::gower;
use super::table::Table;

/// A robust z above this stands apart (Iglewicz and Hoaglin 1993).
pub const APART: f64 = 3.5;

/// At most this share of the scored stories is flagged.
pub const MOST: f64 = 0.05;

/// Scores below this count as this in the logarithm: closer than answers are placed, and the logarithm of 0 is no number.
const FINEST: f64 = 1e-3;

/// Makes the median absolute deviation of normal values their standard deviation.
const NORMAL: f64 = 1.4826;

/// Distances closer than this are equal.
const TIE: f64 = 1e-12;

/// A story and how far it stands from those most like it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Mean distance to the k nearest stories, at least 0; none when it is not scored or has fewer than k to compare with.
    pub score: Option<f64>,
    /// (ln score - median) / (1.4826 MAD) over all stories; none without a score or where half of the scores are equal.
    pub z: Option<f64>,
    /// Whether it stands apart: z above 3.5 and among the 5 % farthest. Stories equal at that border are all left out.
    pub apart: bool,
}

/// One of the nearest stories.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Its row.
    pub row: usize,
    /// Its distance.
    pub distance: f64,
    /// What it counts for, above 0, at most 1, together k: stories equally far at the k-th place share what is left, so
    /// that no order of rows decides between them.
    pub weight: f64,
}

/// Number of neighbours to look at among so many scored stories: the rounded square root, 5 to 30.
pub fn neighbourhood(scored: usize) -> usize {
    ((scored as f64).sqrt().round() as usize).clamp(5, 30)
}

/// The `k` nearest scored stories, nearest first, more when several are equally far; none with fewer than k (or k of 0) or
/// for a row that is not scored.
pub fn nearest(distances: &Distances, row: usize, k: usize) -> Option<Vec<Neighbour>> {
    if k == 0 || !distances.is_scored(row) {
        return None;
    }
    let mut others: Vec<(f64, usize)> = (0..distances.stories())
        .filter(|&other| other != row && distances.is_scored(other))
        .filter_map(|other| Some((distances.get(row, other)?, other)))
        .collect();
    others.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let last = others.get(k - 1)?.0;
    let inner = others.partition_point(|&(distance, _)| distance < last - TIE);
    let tied = others.partition_point(|&(distance, _)| distance <= last + TIE) - inner;
    let share = (k - inner) as f64 / tied as f64;
    let weigh = |(at, &(distance, row)): (usize, &(f64, usize))| Neighbour {
        row,
        distance,
        weight: if at < inner { 1.0 } else { share },
    };
    Some(others[..inner + tied].iter().enumerate().map(weigh).collect())
}

/// The standing of every row, with `k` from [`neighbourhood`].
pub fn standings(distances: &Distances, k: usize) -> Vec<Standing> {
    let scores: Vec<Option<f64>> = (0..distances.stories())
        .map(|row| Some(nearest(distances, row, k)?.iter().map(|n| n.weight * n.distance).sum::<f64>() / k as f64))
        .collect();
    let logs: Vec<f64> = scores.iter().flatten().map(|score| score.max(FINEST).ln()).collect();
    let centre = median(logs.clone());
    let spread = centre.and_then(|centre| median(logs.iter().map(|log| (log - centre).abs()).collect()));
    let z = |score: f64| match (centre, spread) {
        (Some(centre), Some(spread)) if spread > TIE => Some((score.max(FINEST).ln() - centre) / (NORMAL * spread)),
        _ => None,
    };
    let mut standings: Vec<Standing> =
        scores.into_iter().map(|score| Standing { score, z: score.and_then(z), apart: false }).collect();
    flag(&mut standings);
    standings
}

/// Where the score of a story comes from: by signifier, adding up to the score. `nearest` are its neighbours and `k` their
/// number as for the score; none when one of them cannot be compared with it.
pub fn explained(table: &Table, row: usize, nearest: &[Neighbour], k: usize) -> Option<Vec<f64>> {
    if k == 0 {
        return None;
    }
    let mut parts = vec![0.0; table.signifiers()];
    for neighbour in nearest {
        for (part, add) in parts.iter_mut().zip(gower::explained(table, row, neighbour.row)?) {
            *part += neighbour.weight * add / k as f64;
        }
    }
    Some(parts)
}

fn flag(standings: &mut [Standing]) {
    let mut scores: Vec<f64> = standings.iter().filter_map(|s| s.score).collect();
    scores.sort_unstable_by(|a, b| b.total_cmp(a));
    let most = (MOST * scores.len() as f64 + TIE).floor() as usize;
    // The first story that is one too many: whoever is as near as that one is not flagged.
    let Some(border) = scores.get(most).copied() else { return };
    for standing in standings {
        standing.apart = standing.z.is_some_and(|z| z > APART) && standing.score.is_some_and(|s| s > border + TIE);
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    let upper = *values.get(half)?;
    Some(if values.len() % 2 == 1 { upper } else { 0.5 * (values[half - 1] + upper) })
}
