//! Stories that stand apart and small groups of stories that are alike (analysis.md, section 5). Apart is not wrong.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::sentences;
use super::study::{Layer, LayerName, Study};
use super::types::{Caveat, Wording};
use super::variable::{Values, Variable};
use super::words::Words;
use crate::analysis::stats::apart::clusters::{self, Plan, Verdict};
use crate::analysis::stats::apart::exemplars::exemplars;
use crate::analysis::stats::apart::gower;
use crate::analysis::stats::apart::lof;
use crate::analysis::stats::apart::neighbours::{explained, nearest, neighbourhood, standings};
use crate::analysis::stats::apart::table::{Column, Table, Weighted};
use crate::analysis::stats::chance::Seed;
use crate::analysis::stats::sample;
use crate::domain::framework::SignifierKind;

/// Most stories of a layer that are compared with each other; of more a seeded sample is taken, and said so.
const MOST: usize = 2_000;
/// Signifiers named as the reason why a story stands apart.
const REASONS: usize = 3;
/// Neighbours of the second opinion.
const LOF: usize = 20;

/// A signifier on which a story stands apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// Key of the signifier.
    #[schema(example = "confidence")]
    pub signifier: String,
    /// Its part of the score; all parts add up to the score.
    #[schema(minimum = 0, example = 0.08)]
    pub contribution: f64,
}

/// A story that stands apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Outlier {
    /// Id of the story.
    pub story: Uuid,
    /// Wave and perspective.
    pub layer: LayerName,
    /// Mean Gower distance to the stories most like it, 0 to 1.
    #[schema(minimum = 0, maximum = 1, example = 0.34)]
    pub score: f64,
    /// Robust standard score of its logarithm; above 3.5 it stands apart.
    #[schema(example = 4.1)]
    pub z: Option<f64>,
    /// Local outlier factor among 20, as a second opinion; null where too many stories are equal.
    #[schema(example = 1.6)]
    pub lof: Option<f64>,
    /// Where the score comes from: the signifiers with the largest parts.
    pub because: Vec<Reason>,
    /// What to know beside it.
    pub caveats: Vec<Caveat>,
    /// The finding in words.
    pub sentence: Wording,
}

/// A small group of stories that are alike and unlike the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinorityCluster {
    /// Wave and perspective.
    pub layer: LayerName,
    /// Its stories.
    pub stories: Vec<Uuid>,
    /// People behind them.
    #[schema(minimum = 0, example = 8)]
    pub participants: u32,
    /// Mean silhouette, -1 to 1.
    #[schema(minimum = -1, maximum = 1, example = 0.41)]
    pub silhouette: Option<f64>,
    /// Mean Jaccard overlap with the group when people are drawn again, 0 to 1 (Hennig 2007).
    #[schema(minimum = 0, maximum = 1, example = 0.82)]
    pub stability: Option<f64>,
    /// Whether it is loose: stable in 60 to 75 % only.
    pub loose: bool,
    /// The story in its middle.
    pub medoid: Option<Uuid>,
    /// Two more examples that differ.
    pub examples: Vec<Uuid>,
    /// What to know beside it.
    pub caveats: Vec<Caveat>,
    /// The finding in words.
    pub sentence: Wording,
}

/// Stories that stand apart in each of these layers, farthest first.
pub fn outliers(study: &Study, layers: &[&Layer], words: Words<'_>) -> Vec<Outlier> {
    layers.par_iter().flat_map_iter(|layer| Compared::of(study, layer).map(|c| c.outliers(words)).unwrap_or_default()).collect()
}

/// Small groups that are accepted or loose, in each of these layers.
pub fn minority_clusters(study: &Study, layers: &[&Layer]) -> Vec<MinorityCluster> {
    layers.iter().flat_map(|layer| Compared::of(study, layer).map(|c| c.clusters()).unwrap_or_default()).collect()
}

/// The stories of a layer compared on all signifiers.
struct Compared<'a> {
    study: &'a Study,
    layer: &'a Layer,
    rows: Vec<u32>,
    sampled: bool,
    keys: Vec<&'a str>,
    table: Table,
    distances: crate::analysis::stats::apart::distances::Distances,
    seed: Seed,
}

impl<'a> Compared<'a> {
    fn of(study: &'a Study, layer: &'a Layer) -> Option<Self> {
        let seed = study.seed.child("apart").child(&format!("{:?}", layer.name));
        let people: Vec<u32> = layer.rows.iter().map(|r| study.people[*r as usize]).collect();
        let kept = sample::whole_units(&seed.child("sample"), &people, MOST);
        let sampled = kept.is_some();
        let rows: Vec<u32> = kept.map_or_else(|| layer.rows.clone(), |k| k.iter().map(|i| layer.rows[*i]).collect());
        let (columns, keys) = columns(study, &rows);
        let table = Table::new(columns).ok()?;
        let distances = gower::distances(&table);
        Some(Self { study, layer, rows, sampled, keys, table, distances, seed })
    }

    fn id(&self, row: usize) -> Uuid {
        self.study.ids[self.rows[row] as usize]
    }

    fn caveats(&self) -> Vec<Caveat> {
        if self.sampled { vec![Caveat::Sampled] } else { Vec::new() }
    }

    fn outliers(&self, words: Words<'_>) -> Vec<Outlier> {
        let scored = (0..self.rows.len()).filter(|r| self.distances.is_scored(*r)).count();
        let k = neighbourhood(scored);
        let factors = lof::factors(&self.distances, LOF);
        let mut found: Vec<Outlier> = standings(&self.distances, k)
            .into_iter()
            .enumerate()
            .filter(|(_, s)| s.apart)
            .filter_map(|(row, standing)| {
                let because = self.reasons(row, k)?;
                let questions: Vec<Wording> = because.iter().map(|r| self.question(&r.signifier, words)).collect();
                Some(Outlier {
                    story: self.id(row),
                    layer: self.layer.name.clone(),
                    score: standing.score?,
                    z: standing.z,
                    lof: factors.as_ref().and_then(|f| f[row]),
                    because,
                    caveats: self.caveats(),
                    sentence: sentences::apart(&questions),
                })
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.story.cmp(&b.story)));
        found
    }

    fn reasons(&self, row: usize, k: usize) -> Option<Vec<Reason>> {
        let near = nearest(&self.distances, row, k)?;
        let parts = explained(&self.table, row, &near, k)?;
        let mut reasons: Vec<Reason> = parts
            .into_iter()
            .enumerate()
            .map(|(i, contribution)| Reason { signifier: self.keys[i].to_owned(), contribution })
            .collect();
        reasons.sort_by(|a, b| b.contribution.total_cmp(&a.contribution).then(a.signifier.cmp(&b.signifier)));
        reasons.truncate(REASONS);
        Some(reasons)
    }

    fn question(&self, key: &str, words: Words<'_>) -> Wording {
        let variable = self.study.variables.iter().find(|v| v.signifier == key);
        variable.map(|v| words.question(&Variable { part: None, ..v.clone() })).unwrap_or_default()
    }

    fn clusters(&self) -> Vec<MinorityCluster> {
        let people: Vec<u64> = self.rows.iter().map(|r| u64::from(self.study.people[*r as usize])).collect();
        let found = clusters::find(&self.table, &self.distances, &people, Plan::default(), &self.seed.child("clusters"));
        let half = self.rows.len() / 2;
        let group = |cluster: clusters::Cluster| {
            let loose = match cluster.verdict {
                Verdict::Accepted => false,
                Verdict::Loose => true,
                Verdict::Rejected => return None,
            };
            let examples = exemplars(&self.distances, &cluster.rows, 2);
            let rows: Vec<u32> = cluster.rows.iter().map(|r| self.rows[*r]).collect();
            let n = cluster.rows.len();
            // The larger part of the stories is no minority.
            (n <= half).then(|| MinorityCluster {
                layer: self.layer.name.clone(),
                stories: cluster.rows.iter().map(|r| self.id(*r)).collect(),
                participants: self.study.count_people(&rows),
                silhouette: cluster.silhouette,
                stability: cluster.stability,
                loose,
                medoid: examples.first().map(|r| self.id(*r)),
                examples: examples.iter().skip(1).map(|r| self.id(*r)).collect(),
                caveats: self.caveats(),
                sentence: sentences::small_group(n as u32, self.rows.len() as u32, loose),
            })
        };
        found.into_iter().flat_map(|f| f.clusters).filter_map(group).collect()
    }
}

/// The answers of these rows, each signifier counting once, and the keys of the signifiers.
fn columns<'a>(study: &'a Study, rows: &[u32]) -> (Vec<Weighted>, Vec<&'a str>) {
    let mut keys: Vec<&str> = Vec::new();
    let mut columns: Vec<Weighted> = Vec::new();
    let variables: Vec<&Variable> = study.signified().filter(|v| rows.iter().any(|r| v.values.has(*r as usize))).collect();
    for chunk in variables.chunk_by(|a, b| a.signifier == b.signifier) {
        let signifier = keys.len();
        keys.push(&chunk[0].signifier);
        if chunk[0].kind == Some(SignifierKind::Choice) && chunk[0].part.is_some() {
            columns.push(Weighted { column: multiple(chunk, rows), weight: 1.0, signifier });
            continue;
        }
        let weight = 1.0 / chunk.len() as f64;
        columns.extend(chunk.iter().map(|v| Weighted { column: column(&v.values, rows), weight, signifier }));
    }
    (columns, keys)
}

/// A question with several answers as one column of bits.
fn multiple(options: &[&Variable], rows: &[u32]) -> Column {
    let bits = |row: &u32| {
        let taken = |(i, v): (usize, &&Variable)| Some(u128::from(v.values.code(*row as usize)?) << i.min(127));
        options.iter().enumerate().map(taken).sum::<Option<u128>>()
    };
    Column::Multiple(rows.iter().map(bits).collect())
}

fn column(values: &Values, rows: &[u32]) -> Column {
    let at = |r: &u32| *r as usize;
    match values {
        Values::Slider(v) => Column::Slider(rows.iter().map(|r| v[at(r)]).collect()),
        Values::Ordinal { levels, points } => {
            Column::Ordinal { levels: (*levels).max(2), values: rows.iter().map(|r| points[at(r)].map(|p| p - 1)).collect() }
        }
        Values::Category { codes, .. } => Column::Single(rows.iter().map(|r| codes[at(r)]).collect()),
        Values::Triad(v) => Column::Triad(rows.iter().map(|r| v[at(r)]).collect()),
        Values::Stone(v) => Column::Stone(rows.iter().map(|r| v[at(r)]).collect()),
    }
}
