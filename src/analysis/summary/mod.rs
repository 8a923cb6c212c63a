//! Summaries: how people placed the stories that a lens selects, one signifier at a time (analysis.md, section 1).

mod answer;
mod bins;
mod detail;
mod kinds;
mod places;
mod stones;

pub use answer::*;
pub use detail::*;
pub use places::*;

use std::collections::BTreeSet;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::cells::{Columns, NOT_ASKED};
use super::layout::{SignifierColumns, UNIT};
use super::protect::{MIN_FOR_MEDIAN, Viewer};
use super::select::{Selection, select};
use super::snapshot::Snapshot;
use super::units::distinct;
use crate::domain::disclosure::Suppressed;
use crate::domain::framework::SignifierKind;
use crate::domain::lens::Lens;
use crate::domain::placement::AnswerState;

/// Summaries of the stories that `lens` selects, as `viewer` may see them; of the signifiers `only` if given (keys that
/// do not exist are passed over), else of all, background questions included.
///
/// The lens is taken as checked ([`Lens::check`]): what does not exist selects nothing. See [`super::protect`] for what
/// is withheld.
pub fn summarise(snapshot: &Snapshot, lens: &Lens, viewer: Viewer, only: Option<&[String]>) -> SummaryAnswer {
    let viewed = Viewed::of(snapshot, lens, viewer, only, &[]);
    SummaryAnswer {
        change: snapshot.change,
        stories: viewed.stories(),
        participants: viewed.participants(),
        suppressed: viewed.selection.is_none().then_some(Suppressed::SmallCell),
        repeated: viewed.selection.as_ref().map(|s| s.participants < s.stories),
        summaries: viewed.signifiers.par_iter().map(|s| summary(s, viewed.selected(s))).collect(),
        lens: viewed.lens,
    }
}

/// What a viewer may see of the stories that a lens selects.
struct Viewed<'a> {
    /// In canonical form.
    lens: Lens,
    /// The signifiers that were asked for.
    signifiers: Vec<&'a SignifierColumns>,
    /// How many were selected; none if the group is too small to be shown.
    selection: Option<Selection>,
    selected: Option<Selected>,
    /// The groups of perspectives, of those that some questions are only asked of, that are too small.
    unseen: BTreeSet<&'a BTreeSet<String>>,
    sees_sensitive: bool,
}

impl<'a> Viewed<'a> {
    /// Selects the stories with the columns of the signifiers and `others`.
    fn of(snapshot: &'a Snapshot, lens: &Lens, viewer: Viewer, only: Option<&[String]>, others: &[&'a str]) -> Self {
        let lens = lens.clone().canonical();
        let is_wanted = |s: &&SignifierColumns| only.is_none_or(|keys| keys.contains(&s.key));
        let signifiers: Vec<&SignifierColumns> = snapshot.layout.signifiers.iter().filter(is_wanted).collect();
        let sees_sensitive = viewer.may_see_sensitive(&lens);
        if !viewer.may_see(snapshot, &lens) {
            return Self { lens, signifiers, selection: None, selected: None, unseen: BTreeSet::new(), sees_sensitive };
        }
        let unseen = unseen(snapshot, &lens, viewer, &signifiers);
        let selection = select(snapshot, &lens, viewer.released_only());
        let names: Vec<&str> = others.iter().copied().chain(column_names(&signifiers)).collect();
        let data = selection.columns(snapshot, &names);
        let selected = Selected { data, units: snapshot.dictionaries.units.len(), is_protected: viewer.is_protected() };
        Self { lens, signifiers, selection: Some(selection), selected: Some(selected), unseen, sees_sensitive }
    }

    fn stories(&self) -> Option<u32> {
        self.selection.as_ref().map(|s| s.stories)
    }

    fn participants(&self) -> Option<u32> {
        self.selection.as_ref().map(|s| s.participants)
    }

    /// The selected stories, if the answers to this signifier may be seen.
    fn selected(&self, signifier: &SignifierColumns) -> Option<&Selected> {
        let is_seen = signifier.asked_of.as_ref().is_none_or(|a| !self.unseen.contains(a))
            && (self.sees_sensitive || !signifier.definition().sensitive);
        self.selected.as_ref().filter(|_| is_seen)
    }
}

/// The groups of perspectives, of those that some questions are only asked of, that are too small to be seen.
fn unseen<'a>(
    snapshot: &Snapshot,
    lens: &Lens,
    viewer: Viewer,
    signifiers: &[&'a SignifierColumns],
) -> BTreeSet<&'a BTreeSet<String>> {
    let groups: BTreeSet<&BTreeSet<String>> = signifiers.iter().filter_map(|s| s.asked_of.as_ref()).collect();
    groups.into_iter().filter(|group| !viewer.may_see_asked(snapshot, lens, group)).collect()
}

/// The columns that are needed, so that a lens filters no others.
fn column_names<'a>(signifiers: &[&'a SignifierColumns]) -> Vec<&'a str> {
    let of_signifier = |s: &'a SignifierColumns| std::iter::once(s.state.as_str()).chain(s.values.iter().map(String::as_str));
    std::iter::once(UNIT).chain(signifiers.iter().flat_map(|s| of_signifier(s))).collect()
}

/// The stories that were selected.
struct Selected {
    data: DataFrame,
    /// Unit codes are below this.
    units: usize,
    /// Whether distributions and medians of few people are withheld.
    is_protected: bool,
}

/// The answers to one signifier, for the file of its kind.
struct Answers<'a> {
    columns: &'a SignifierColumns,
    selected: &'a Selected,
    /// Stories with an answer.
    n: u32,
    /// Whether a median may be shown.
    median: bool,
}

impl Answers<'_> {
    fn bytes(&self, value: usize) -> &[u8] {
        self.selected.data.bytes(&self.columns.values[value])
    }

    fn numbers(&self, value: usize) -> &polars::prelude::Float64Chunked {
        self.selected.data.numbers(&self.columns.values[value])
    }

    fn units(&self) -> &[u32] {
        self.selected.data.counts(UNIT)
    }

    fn is_protected(&self) -> bool {
        self.selected.is_protected
    }
}

/// How often each byte occurs.
fn tally(bytes: &[u8]) -> [u32; 256] {
    let mut counts = [0; 256];
    bytes.iter().for_each(|b| counts[usize::from(*b)] += 1);
    counts
}

/// The summary of one signifier; of no stories: the same shape without a number.
fn summary(columns: &SignifierColumns, selected: Option<&Selected>) -> SignifierSummary {
    let definition = columns.definition();
    let states = selected.map(|s| tally(s.data.bytes(&columns.state)));
    let state = |code: u8| states.map(|s| s[usize::from(code)]);
    let n = state(AnswerState::Answered as u8);
    let participants = selected.map(|s| people(s, columns));
    let median = |s: &Selected| !s.is_protected || participants.is_some_and(|p| p >= MIN_FOR_MEDIAN);
    let answers = selected.map(|s| Answers { columns, selected: s, n: n.unwrap_or(0), median: median(s) });
    let too_alike = answers.as_ref().is_some_and(|a| a.is_protected() && kinds::is_too_alike(a));
    let shown = answers.as_ref().filter(|_| !too_alike);
    SignifierSummary {
        signifier: columns.key.clone(),
        kind: definition.kind,
        indicator: definition.indicator.clone(),
        n,
        participants,
        not_applicable: state(AnswerState::NotApplicable as u8),
        unknown: state(AnswerState::Unknown as u8),
        declined: state(AnswerState::Declined as u8),
        skipped: state(AnswerState::Skipped as u8),
        not_asked: state(NOT_ASKED),
        suppressed: (too_alike || selected.is_none()).then_some(Suppressed::SmallCell),
        triad: (definition.kind == SignifierKind::Triad).then(|| kinds::triad(shown)),
        dyad: (definition.kind == SignifierKind::Dyad).then(|| kinds::dyad(shown)),
        stones: (definition.kind == SignifierKind::Stones).then(|| stones::stones(definition, shown)),
        scale: (definition.kind == SignifierKind::Scale).then(|| kinds::scale(definition, shown)),
        choice: (definition.kind == SignifierKind::Choice).then(|| kinds::choice(definition, shown)),
    }
}

/// Units with an answer.
fn people(selected: &Selected, columns: &SignifierColumns) -> u32 {
    let states = selected.data.bytes(&columns.state);
    let answered = selected.data.counts(UNIT).iter().zip(states).filter(|(_, s)| **s == AnswerState::Answered as u8);
    distinct(answered.map(|(unit, _)| *unit), selected.units)
}
