//! Who may see an answer: what is counted of a population, and of what can be subtracted from it.
//!
//! [`crate::domain::disclosure`] decides; this counts. For the workgroup:
//! - the participants (units) that the lens selects;
//! - every parent (the lens with one condition left out) and every child (with one of several values of a condition left
//!   out): the difference in participants, and beside it the participants who have a story in the difference. The two
//!   are not the same: if everybody told in wave 1 and two of them again in wave 2, then 'all waves' has no more
//!   participants than 'wave 1', yet subtracting the answers lays bare those two;
//! - whether it selects whole blocks, so that nothing small follows from several answers ([`super::blocks`]);
//! - per perspective in the selection the tellers, a story without one counting by its unit.
//!
//! All of it is counted of published stories alone, because a workgroup's snapshot has no others
//! ([`Snapshot::published`]).
//!
//! A question that only some perspectives are asked is about the population of those: it is withheld where the lens
//! with just those perspectives would be ([`Viewer::may_see_asked`]).
//!
//! Regions are about answers, so they are no part of a population. They stand beside a permitted one, never beside an
//! attribute or on a question that is sensitive or about the person, and need participants inside ([`Viewer::may_see`]).
//! What somebody placed where is easily known to who sat beside, so behind a region sensitive answers stay closed
//! ([`Viewer::may_see_sensitive`]).
//!
//! Inside a permitted population a distribution is withheld if almost everybody gave the same answer
//! ([`MIN_OUTSIDE`]), and a median or quartile if few answered ([`MIN_FOR_MEDIAN`]). External researchers see released
//! stories only, researchers all; neither is held to thresholds.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::is_whole;
use super::cells::{Columns, NO_BYTE};
use super::dictionary::NO_TELLER;
use super::layout::{PERSPECTIVE, TELLER, UNIT};
use super::select::{Condition, conditions, select};
use super::snapshot::Snapshot;
use super::units::UnitSet;
use crate::domain::disclosure::{Population, Thresholds, is_permitted};
use crate::domain::lens::Lens;
use crate::domain::role::Audience;

/// For whom an answer is, and the thresholds of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// For whom.
    pub audience: Audience,
    /// Thresholds for the workgroup.
    pub thresholds: Thresholds,
}

/// Fewest participants outside a category: with fewer, what the category says is said of everybody in the group, and
/// the few others know of each other (group disclosure).
pub const MIN_OUTSIDE: usize = 3;
/// Fewest participants who answered for a median or quartile: it is the answer of one or two of them.
pub const MIN_FOR_MEDIAN: u32 = 10;

impl Viewer {
    /// Whether the viewer is protected against small groups.
    pub fn is_protected(&self) -> bool {
        self.audience == Audience::Workgroup
    }

    /// Whether only released stories count.
    pub fn released_only(&self) -> bool {
        self.audience == Audience::ExternalResearcher
    }

    /// Whether the viewer may see answers about the stories that the lens (in canonical form) selects.
    pub fn may_see(&self, snapshot: &Snapshot, lens: &Lens) -> bool {
        !self.is_protected()
            || is_permitted(&population(snapshot, lens), self.thresholds)
                && is_whole(snapshot, lens, self.thresholds.cell)
                && self.may_ask_regions(snapshot, lens)
    }

    /// Whether the regions of a lens on a permitted population may be asked of.
    fn may_ask_regions(&self, snapshot: &Snapshot, lens: &Lens) -> bool {
        lens.regions.is_empty()
            || lens.attributes.is_empty()
                && lens.regions.iter().all(|r| self.may_ask_of(snapshot, lens, &r.signifier))
                && select(snapshot, lens, self.released_only()).participants >= self.thresholds.cell
    }

    /// Whether a region may be on this signifier: to have an answer says of which perspectives a story is, if only some
    /// are asked.
    fn may_ask_of(&self, snapshot: &Snapshot, lens: &Lens, signifier: &str) -> bool {
        let frameworks = &mut snapshot.shape.frameworks.values();
        let is_closed = frameworks.any(|f| f.signifier(signifier).is_some_and(|s| s.sensitive || s.background));
        let population = Lens { regions: Vec::new(), ..lens.clone() };
        let asked_of = snapshot.layout.signifier(signifier).and_then(|s| s.asked_of.as_ref());
        !is_closed && asked_of.is_none_or(|group| self.may_see_asked(snapshot, &population, group))
    }

    /// Whether the viewer may see answers to sensitive questions under this lens.
    pub fn may_see_sensitive(&self, lens: &Lens) -> bool {
        !self.is_protected() || lens.regions.is_empty()
    }

    /// Whether the viewer, who may see the whole selection, may see what only these perspectives were asked.
    pub fn may_see_asked(&self, snapshot: &Snapshot, lens: &Lens, perspectives: &BTreeSet<String>) -> bool {
        let is_asked = |p: &String| lens.perspectives.is_empty() || lens.perspectives.contains(p);
        let asked: Vec<String> = perspectives.iter().filter(|p| is_asked(p)).cloned().collect();
        // Nobody was asked, or nobody else is selected: then there is nothing to hold back, or it was decided already.
        asked.is_empty() || asked == lens.perspectives || self.may_see(snapshot, &Lens { perspectives: asked, ..lens.clone() })
    }
}

/// What is counted of the population that the lens (in canonical form) selects.
pub fn population(snapshot: &Snapshot, lens: &Lens) -> Population {
    let conditions = conditions(snapshot, lens);
    let failed = Failed::of(snapshot, &conditions);
    let units = snapshot.frame.data.counts(UNIT);
    let codes = snapshot.dictionaries.units.len();
    let mut inside = UnitSet::new(codes);
    failed.inside().for_each(|row| {
        inside.insert(units[row]);
    });
    let participants = inside.len();
    let mut neighbours = Vec::new();
    for (i, condition) in conditions.iter().enumerate() {
        let (mut parent, mut between) = (inside.clone(), UnitSet::new(codes));
        for row in failed.only(i) {
            parent.insert(units[row]);
            between.insert(units[row]);
        }
        neighbours.extend([parent.len(), participants + between.len()]);
        if condition.values() > 1 {
            let told: Vec<(u32, u16)> = failed.inside().map(|row| (units[row], condition.codes[row])).collect();
            children(told, condition, participants, &mut neighbours);
        }
    }
    Population {
        participants,
        all: snapshot.participants,
        attributes: lens.attributes.len(),
        fewest_tellers: fewest_tellers(snapshot, &failed),
        neighbours,
    }
}

/// Per row how many conditions it fails (0: selected; 1: in the parent without that condition) and the last of them.
struct Failed {
    rows: Vec<(u8, u16)>,
}

impl Failed {
    fn of(snapshot: &Snapshot, conditions: &[Condition<'_>]) -> Self {
        let mut rows = vec![(0u8, 0u16); snapshot.stories()];
        for (i, condition) in conditions.iter().enumerate() {
            for (row, code) in rows.iter_mut().zip(condition.codes) {
                if !condition.admits(*code) {
                    *row = (row.0.saturating_add(1), i as u16);
                }
            }
        }
        Self { rows }
    }

    fn inside(&self) -> impl Iterator<Item = usize> + '_ {
        self.rows.iter().enumerate().filter(|(_, (failed, _))| *failed == 0).map(|(row, _)| row)
    }

    fn only(&self, condition: usize) -> impl Iterator<Item = usize> + '_ {
        let wanted = (1, condition as u16);
        self.rows.iter().enumerate().filter(move |(_, failed)| **failed == wanted).map(|(row, _)| row)
    }
}

/// Adds the neighbours that leave out one value of a condition. `told`: unit and value of every selected story.
fn children(mut told: Vec<(u32, u16)>, condition: &Condition<'_>, participants: u32, neighbours: &mut Vec<u32>) {
    told.sort_unstable();
    told.dedup();
    let values = condition.wanted.len();
    let (mut with, mut with_only) = (vec![0; values], vec![0; values]);
    for of_unit in told.chunk_by(|a, b| a.0 == b.0) {
        of_unit.iter().for_each(|(_, value)| with[usize::from(*value)] += 1);
        if let [(_, value)] = of_unit {
            with_only[usize::from(*value)] += 1;
        }
    }
    for value in (0..values).filter(|v| condition.wanted[*v]) {
        neighbours.extend([participants - with_only[value], participants - with[value]]);
    }
}

/// Tellers of the perspective that has fewest among the selected stories; none of no stories.
fn fewest_tellers(snapshot: &Snapshot, failed: &Failed) -> u32 {
    let data = &snapshot.frame.data;
    let (perspectives, tellers, units) = (data.codes(PERSPECTIVE), data.counts(TELLER), data.counts(UNIT));
    let known = snapshot.dictionaries.tellers.len();
    let people = known + snapshot.dictionaries.units.len();
    let mut by_perspective: BTreeMap<u16, UnitSet> = Default::default();
    for row in failed.inside() {
        let person = if tellers[row] == NO_TELLER { known as u32 + units[row] } else { tellers[row] };
        by_perspective.entry(perspectives[row]).or_insert_with(|| UnitSet::new(people)).insert(person);
    }
    by_perspective.values().map(UnitSet::len).min().unwrap_or(0)
}

/// Whether too few units are outside one of the categories that occur: then the distribution is withheld.
pub fn is_too_alike(units: &[u32], categories: &[u8]) -> bool {
    let answered = || units.iter().zip(categories).filter(|(_, c)| **c != NO_BYTE);
    let mut seen = [false; 256];
    answered().for_each(|(_, c)| seen[usize::from(*c)] = true);
    let present = (0..NO_BYTE).filter(|c| seen[usize::from(*c)]);
    present.into_iter().any(|category| has_few(answered().filter(|(_, c)| **c != category).map(|(u, _)| *u)))
}

/// Whether fewer than [`MIN_OUTSIDE`] different units occur. Stops at the third, so it is cheap where it is not so.
pub fn has_few(units: impl Iterator<Item = u32>) -> bool {
    let mut found = Vec::with_capacity(MIN_OUTSIDE);
    for unit in units {
        if !found.contains(&unit) {
            found.push(unit);
            if found.len() >= MIN_OUTSIDE {
                return false;
            }
        }
    }
    true
}
