//! Small groups of stories that are alike, kept only when they are stable (Hennig 2007) and closer together than chance
//! makes groups of the same answers.
//!
//! Stability: participants are drawn again with replacement, groups are looked for among the stories of those drawn (each
//! story once), and the best overlap (Jaccard) with the group is noted. As fewer stories are there, the sizes the method
//! works with shrink along. Chance: each signifier is dealt anew over the stories, which keeps what was answered and
//! removes how answers go together; the best group of each dealing says how good a group of chance is.

use rand::RngExt;
use rayon::prelude::*;

use super::super::chance::Seed;
use super::density::{NEAR, groups, smallest};
use super::distances::Distances;
use super::gower;
use super::silhouette::{average, fits};
use super::table::Table;

/// A group with a stability of at least this is accepted.
pub const STABLE: f64 = 0.75;

/// A group with a stability of at least this, and below `STABLE`, is loose.
pub const LOOSE: f64 = 0.6;

/// Fewest scored stories to look for groups in.
pub const FEWEST: usize = 20;

/// How much chance is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Draws of participants for the stability, 50 to 100.
    pub resamples: u32,
    /// Dealings of the answers for the silhouette by chance.
    pub dealings: u32,
}

impl Default for Plan {
    fn default() -> Self {
        Self { resamples: 100, dealings: 99 }
    }
}

/// What a group is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Stable and closer than chance makes it.
    Accepted,
    /// Closer than chance makes it, a little less stable.
    Loose,
    /// Not stable, or no closer than chance makes it.
    Rejected,
}

/// A group of alike stories.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its rows, ascending.
    pub rows: Vec<usize>,
    /// Mean silhouette of its stories against the other groups and all that is in no group, -1 to 1; none when they cannot
    /// be compared.
    pub silhouette: Option<f64>,
    /// Mean best overlap over the draws that held a story of it, 0 to 1; none without such draws.
    pub stability: Option<f64>,
    /// What it is worth.
    pub verdict: Verdict,
}

/// Groups found, and what they were judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// Groups, the largest first.
    pub clusters: Vec<Cluster>,
    /// Scored rows that are in no group, ascending.
    pub outside: Vec<usize>,
    /// Smallest size that was looked for.
    pub smallest: usize,
    /// 95 % quantile of the silhouette of the best group that chance made; -1 when chance made a group in fewer than 5 % of
    /// the dealings. None when no group was found (nothing is dealt then) or fewer than 19 dealings were asked.
    pub chance: Option<f64>,
}

/// Groups among the stories of `table`, `distances` being [`gower::distances`] of it and `participants[row]` the number of
/// who told it. None with fewer than 20 scored stories or a participant too few. Work grows with the square of the stories,
/// 200 times: give at most about 2,000 and say so when they are a sample.
pub fn find(table: &Table, distances: &Distances, participants: &[u64], plan: Plan, seed: &Seed) -> Option<Clusters> {
    if participants.len() != table.stories() || distances.stories() != table.stories() {
        return None;
    }
    let order = distances.own_order(|row| participants[row]);
    if order.len() < FEWEST {
        return None;
    }
    // From here on rows are places in their own order: the order they were given in has no say.
    let (table, distances) = (table.rows(&order), distances.among(&order));
    let people: Vec<u64> = order.iter().map(|&row| participants[row]).collect();
    let all: Vec<usize> = (0..order.len()).collect();
    let smallest = smallest(order.len());
    let found = groups(&distances, &all, smallest, NEAR);
    let silhouettes = silhouettes(&distances, &found);
    let (stabilities, chance) = if found.is_empty() {
        (Vec::new(), None)
    } else {
        let stabilities = stabilities(&distances, &found, &people, plan.resamples, &seed.child("stability"));
        (stabilities, chance(&table, plan.dealings, &seed.child("dealings")))
    };
    let mut clusters: Vec<Cluster> = found
        .iter()
        .zip(silhouettes)
        .zip(stabilities)
        .map(|((group, silhouette), stability)| Cluster {
            rows: sorted(group.iter().map(|&place| order[place])),
            silhouette,
            stability,
            verdict: verdict(silhouette, stability, chance),
        })
        .collect();
    clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.rows.len()));
    let outside = sorted(all.iter().filter(|place| !found.iter().any(|g| g.contains(place))).map(|&place| order[place]));
    Some(Clusters { clusters, outside, smallest, chance })
}

fn sorted(rows: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut rows: Vec<usize> = rows.collect();
    rows.sort_unstable();
    rows
}

fn verdict(silhouette: Option<f64>, stability: Option<f64>, chance: Option<f64>) -> Verdict {
    match (silhouette, stability, chance) {
        (Some(silhouette), Some(stability), Some(chance)) if silhouette > chance && stability >= LOOSE => {
            if stability >= STABLE {
                Verdict::Accepted
            } else {
                Verdict::Loose
            }
        }
        _ => Verdict::Rejected,
    }
}

/// Mean silhouette of each group; what is in no group stands together as one more.
fn silhouettes(distances: &Distances, found: &[Vec<usize>]) -> Vec<Option<f64>> {
    let mut labels: Vec<Option<usize>> =
        (0..distances.stories()).map(|row| distances.is_scored(row).then_some(found.len())).collect();
    for (at, group) in found.iter().enumerate() {
        group.iter().for_each(|&row| labels[row] = Some(at));
    }
    let fits = fits(distances, &labels);
    found.iter().map(|group| average(group.iter().map(|&row| fits[row]))).collect()
}

/// Mean best overlap of each group with the groups among the stories of participants drawn again.
fn stabilities(distances: &Distances, found: &[Vec<usize>], people: &[u64], draws: u32, seed: &Seed) -> Vec<Option<f64>> {
    let mut everyone: Vec<u64> = Vec::new();
    let mut person: Vec<usize> = Vec::with_capacity(people.len());
    let mut places = std::collections::HashMap::new();
    for &id in people {
        let place = *places.entry(id).or_insert_with(|| {
            everyone.push(id);
            everyone.len() - 1
        });
        person.push(place);
    }
    let one = |draw: u32| -> Vec<Option<f64>> {
        let mut rng = seed.rng(u64::from(draw));
        let mut drawn = vec![false; everyone.len()];
        (0..everyone.len()).for_each(|_| drawn[rng.random_range(0..everyone.len() as u64) as usize] = true);
        let rows: Vec<usize> = (0..people.len()).filter(|&row| drawn[person[row]]).collect();
        let scaled = |size: usize| ((size * rows.len()).div_ceil(people.len())).max(3);
        let again = groups(distances, &rows, scaled(smallest(people.len())), scaled(NEAR));
        let overlap = |group: &Vec<usize>| {
            let here: Vec<usize> = group.iter().copied().filter(|&row| drawn[person[row]]).collect();
            (!here.is_empty()).then(|| again.iter().map(|other| jaccard(&here, other)).fold(0.0, f64::max))
        };
        found.iter().map(overlap).collect()
    };
    let draws: Vec<Vec<Option<f64>>> = (0..draws).into_par_iter().map(one).collect();
    let mean = |group: usize| {
        let overlaps: Vec<f64> = draws.iter().filter_map(|draw| draw[group]).collect();
        (!overlaps.is_empty()).then(|| overlaps.iter().sum::<f64>() / overlaps.len() as f64)
    };
    (0..found.len()).map(mean).collect()
}

/// Shared over all rows of two ascending lists.
fn jaccard(a: &[usize], b: &[usize]) -> f64 {
    let shared = a.iter().filter(|row| b.binary_search(row).is_ok()).count();
    shared as f64 / (a.len() + b.len() - shared) as f64
}

/// 95 % quantile of the silhouette of the best group over dealings of the answers: the value that so many of the dealings
/// and the observed one together leave 5 % above.
fn chance(table: &Table, dealings: u32, seed: &Seed) -> Option<f64> {
    let one = |draw: u32| -> f64 {
        let distances = gower::distances(&table.shuffled(&mut seed.rng(u64::from(draw))));
        let rows = distances.scored();
        let found = groups(&distances, &rows, smallest(rows.len()), NEAR);
        silhouettes(&distances, &found).into_iter().flatten().fold(-1.0, f64::max)
    };
    let mut values: Vec<f64> = (0..dealings).into_par_iter().map(one).collect();
    values.sort_unstable_by(f64::total_cmp);
    let place = (95 * (u64::from(dealings) + 1)).div_ceil(100) as usize;
    values.get(place.checked_sub(1)?).copied()
}
