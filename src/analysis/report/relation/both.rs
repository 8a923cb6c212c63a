//! The stories that answered both sides of a relation.

use std::collections::BTreeMap;

use super::super::study::{Layer, Study};
use super::super::variable::{Values, Variable};
use super::{DRAWN_BELOW, Geometry, Testing};
use crate::analysis::stats::chance::Seed;
use crate::analysis::stats::composition::{DELTA, ilr, replace_zeros};
use crate::analysis::stats::shuffle::Shuffle;

/// The stories that answered both sides.
#[derive(Clone)]
pub(crate) struct Both<'a> {
    pub a: &'a Variable,
    pub b: &'a Variable,
    /// Rows of the study.
    pub rows: Vec<usize>,
    /// By position in `rows` who told.
    pub people: Vec<u32>,
    pub participants: u32,
    pub seed: Seed,
    pub testing: Testing,
}

impl<'a> Both<'a> {
    /// The stories of a layer with both answers. `question` is the name of the question in the report, for the seed.
    pub fn of(study: &Study, layer: &Layer, (a, b): (&'a Variable, &'a Variable), testing: Testing, question: &str) -> Self {
        let rows: Vec<usize> = layer.rows.iter().map(|r| *r as usize).filter(|r| a.values.has(*r) && b.values.has(*r)).collect();
        let people: Vec<u32> = rows.iter().map(|r| study.people[*r]).collect();
        let layer_name = format!("{:?}", layer.name);
        let seed = study.seed.child(question).child(&layer_name).child(&a.name).child(&b.name);
        Self { a, b, participants: count(&people), rows, people, seed, testing }
    }

    /// Whether somebody told more than one of the stories.
    pub fn is_repeated(&self) -> bool {
        (self.participants as usize) < self.rows.len()
    }

    /// Whether p-values are drawn: few people, or people with several stories, who must be moved as a whole.
    pub fn is_drawn(&self) -> bool {
        !self.testing.asymptotic && (self.participants < DRAWN_BELOW || self.is_repeated())
    }

    /// Who may change places.
    pub fn shuffle(&self) -> Shuffle {
        if self.is_repeated() { Shuffle::clusters(&self.people) } else { Shuffle::rows(self.rows.len()) }
    }

    /// Numbers of an ordered variable.
    pub fn numbers(&self, variable: &Variable) -> Vec<f64> {
        self.rows.iter().filter_map(|r| variable.values.number(*r)).collect()
    }

    /// Categories of a variable.
    pub fn codes(&self, variable: &Variable) -> Vec<u32> {
        self.rows.iter().filter_map(|r| variable.values.code(*r)).collect()
    }

    /// Places of dots, in the plane or as log-ratios.
    pub fn places(&self, variable: &Variable) -> Vec<[f64; 2]> {
        match (&variable.values, self.testing.geometry) {
            (Values::Triad(shares), Geometry::Aitchison) => {
                self.rows.iter().filter_map(|r| shares[*r]).map(|s| ilr(replace_zeros(s, DELTA))).collect()
            }
            _ => self.rows.iter().filter_map(|r| variable.values.place(*r)).collect(),
        }
    }

    /// Keeps the stories for which `keep` holds, by position.
    pub fn only(self, keep: impl Fn(usize) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.rows.len()).filter(|i| keep(*i)).collect();
        let people: Vec<u32> = kept.iter().map(|i| self.people[*i]).collect();
        let participants = count(&people);
        Self { rows: kept.iter().map(|i| self.rows[*i]).collect(), people, participants, ..self }
    }

    /// Keeps the stories with these categories of `variable`.
    pub fn at(self, variable: &Variable, levels: &[u32]) -> Self {
        let rows = self.rows.clone();
        self.only(|i| variable.values.code(rows[i]).is_some_and(|c| levels.contains(&c)))
    }

    /// Two of the groups alone, as a question of its own.
    pub fn two(&self, groups: &Variable, first: u32, second: u32) -> Self {
        let seed = self.seed.child(&format!("{first}:{second}"));
        Self { seed, ..self.clone() }.at(groups, &[first, second])
    }

    /// Keeps the stories whose category of `variable` has at least `least` people; which categories those are.
    pub fn large_enough(self, variable: &Variable, least: u32) -> (Self, Vec<u32>) {
        let mut people: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (i, row) in self.rows.iter().enumerate() {
            if let Some(code) = variable.values.code(*row) {
                people.entry(code).or_default().push(self.people[i]);
            }
        }
        let levels: Vec<u32> = people.into_iter().filter(|(_, p)| count(p) >= least).map(|(code, _)| code).collect();
        (self.at(variable, &levels), levels)
    }
}

/// How many different people.
pub(super) fn count(people: &[u32]) -> u32 {
    let mut people = people.to_vec();
    people.sort_unstable();
    people.dedup();
    people.len() as u32
}
