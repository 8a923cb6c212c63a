//! Answer states compared (ground rule G2): who said 'not about this' or 'I don't know', apart from what was answered. They
//! are scans of their own, with families of their own, so that a list of contrasts or changes holds answers alone.

use serde::Serialize;
use utoipa::ToSchema;

use super::Report;
use super::over_time::{Change, PerspectiveGap};
use super::types::{Contrast, Relation};

/// Comparisons of answer states; member `of` tells which state.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatesCompared {
    /// Between groups of an attribute.
    pub contrasts: Vec<Contrast>,
    /// Between two waves.
    pub changes: Vec<Change>,
    /// Between two perspectives on the same participant.
    pub perspectives: Vec<PerspectiveGap>,
}

impl Report {
    /// Puts comparisons of answer states in a list of their own.
    pub(super) fn with_states_apart(mut self) -> Self {
        self.states.contrasts.extend(self.contrasts.extract_if(.., |c| !c.of.is_answer()));
        self.states.changes.extend(self.changes.extract_if(.., |c| !c.of.is_answer()));
        self.states.perspectives.extend(self.perspectives.extract_if(.., |g| !g.of.is_answer()));
        self
    }

    /// Contrasts of answers, then of answer states.
    pub fn all_contrasts(&self) -> impl Iterator<Item = &Contrast> {
        self.contrasts.iter().chain(&self.states.contrasts)
    }

    /// Changes of answers, then of answer states.
    pub fn all_changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().chain(&self.states.changes)
    }

    /// Gaps in answers, then in answer states.
    pub fn all_perspectives(&self) -> impl Iterator<Item = &PerspectiveGap> {
        self.perspectives.iter().chain(&self.states.perspectives)
    }

    /// Every relation of two variables.
    pub(super) fn relations_mut(&mut self) -> impl Iterator<Item = &mut Relation> {
        let contrasts = self.contrasts.iter_mut().chain(&mut self.states.contrasts);
        self.pairs.iter_mut().map(|p| &mut p.relation).chain(contrasts.map(|c| &mut c.relation))
    }
}
