//! Small-cell protection: which populations may be shown to whom.
//!
//! Attributes, wave and perspective identify people; answer positions do not. So the rule is about the
//! population that the former select, counted in participants; inside a permitted population answers are
//! shown whole. The complement rule is static: it looks at what the neighbouring questions would reveal,
//! not at who asked what before (SDC Handbook, chapters 4 and 5).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Thresholds of a project for the workgroup, in participants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Thresholds {
    /// Smallest population that is shown.
    #[schema(minimum = 3, maximum = 1000, example = 10)]
    pub population: u32,
    /// Smallest difference between a population and a neighbouring one.
    #[schema(minimum = 3, maximum = 1000, example = 5)]
    pub cell: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { population: 10, cell: 5 }
    }
}

impl Thresholds {
    /// Whether any threshold is lower than in `other`: then a researcher has to agree.
    pub fn is_lower_than(&self, other: &Self) -> bool {
        self.population < other.population || self.cell < other.cell
    }
}

/// Fewest tellers of one perspective: with one or two, a professional recognises the other.
pub const MIN_TELLERS: u32 = 3;
/// Below this many participants only one attribute may be selected by at a time.
pub const ONE_ATTRIBUTE_BELOW: u32 = 100;
/// At most this many attributes at once.
pub const MAX_ATTRIBUTES: usize = 5;

/// Why an answer is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Suppressed {
    /// The group, or its difference from a neighbouring group, is too small.
    SmallCell,
}

/// What is counted of a population, and of its neighbours, to judge it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Population {
    /// Participants selected.
    pub participants: u32,
    /// Participants of the whole project.
    pub all: u32,
    /// Attributes selected by.
    pub attributes: usize,
    /// Distinct tellers of the perspective that has fewest in the selection.
    pub fewest_tellers: u32,
    /// Participants of each parent (one condition left out) and of each child (one of several values of a
    /// condition left out).
    pub neighbours: Vec<u32>,
}

/// Whether a population may be shown under these thresholds.
pub fn is_permitted(population: &Population, thresholds: Thresholds) -> bool {
    let attributes_allowed = if population.all < ONE_ATTRIBUTE_BELOW { 1 } else { MAX_ATTRIBUTES };
    let apart = |n: &u32| {
        let difference = n.abs_diff(population.participants);
        difference == 0 || difference >= thresholds.cell
    };
    population.participants >= thresholds.population
        && population.fewest_tellers >= MIN_TELLERS
        && population.attributes <= attributes_allowed
        && population.neighbours.iter().all(apart)
}

/// Whether what the workgroup reads is renewed with the stories of `waiting` people that are not yet published: not
/// for so few that they could be told apart by asking before and after.
pub fn is_renewal_due(waiting: u32, was_published: bool, thresholds: Thresholds) -> bool {
    waiting >= if was_published { thresholds.cell } else { thresholds.population }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population(participants: u32, neighbours: &[u32]) -> Population {
        Population { participants, all: 45, attributes: 1, fewest_tellers: 5, neighbours: neighbours.to_vec() }
    }

    #[test]
    fn a_small_group_is_withheld() {
        let thresholds = Thresholds::default();
        assert!(!is_permitted(&population(9, &[]), thresholds));
        assert!(is_permitted(&population(10, &[]), thresholds));
    }

    #[test]
    fn a_group_is_withheld_when_its_complement_is_small() {
        let thresholds = Thresholds::default();
        assert!(!is_permitted(&population(41, &[45]), thresholds), "four people outside");
        assert!(is_permitted(&population(40, &[45]), thresholds), "five people outside");
        assert!(is_permitted(&population(45, &[45]), thresholds), "nobody outside");
    }

    #[test]
    fn a_publication_waits_for_ten_people_at_first_and_for_five_after_that() {
        let is_due = |waiting, was_published| is_renewal_due(waiting, was_published, Thresholds::default());
        assert_eq!([0, 9, 10].map(|n| is_due(n, false)), [false, false, true]);
        assert_eq!([0, 4, 5].map(|n| is_due(n, true)), [false, false, true]);
    }

    #[test]
    fn few_tellers_or_many_attributes_are_withheld() {
        let thresholds = Thresholds::default();
        assert!(!is_permitted(&Population { fewest_tellers: 2, ..population(20, &[]) }, thresholds));
        assert!(!is_permitted(&Population { attributes: 2, ..population(20, &[]) }, thresholds));
        assert!(is_permitted(&Population { attributes: 2, all: 100, ..population(20, &[]) }, thresholds));
    }
}
