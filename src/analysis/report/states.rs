//! 'Not about this' and 'I don't know' as answers of their own (analysis.md, section 1.6): a group that says so more often
//! than another is a pattern, whatever the others answered.

use super::closer::{GroupCount, Subject};
use super::relation::keys_of;
use super::study::Layer;
use super::variable::{Values, Variable};
use crate::analysis::cells::{Columns, NOT_ASKED};
use crate::analysis::layout::SignifierColumns;
use crate::analysis::snapshot::Snapshot;
use crate::domain::framework::SignifierKind;
use crate::domain::placement::AnswerState;

/// Fewest stories that say so, and that do not, in a layer: with fewer no test could find anything.
const LEAST: usize = 5;

/// How a signifier was answered, by row of the study.
#[derive(Debug, Clone, PartialEq)]
pub struct States {
    signifier: String,
    kind: SignifierKind,
    is_sensitive: bool,
    /// Positions in `AnswerState::ALL`, or that it was not asked.
    states: Vec<u8>,
}

impl States {
    /// The states of a signifier for these rows of the snapshot; none of background questions and texts, which no patterns are
    /// looked for in.
    pub fn of(snapshot: &Snapshot, columns: &SignifierColumns, rows: &[u32]) -> Option<Self> {
        let definition = columns.definition();
        if definition.background || definition.kind == SignifierKind::Text {
            return None;
        }
        let states = snapshot.frame.data.bytes(&columns.state);
        Some(Self {
            signifier: columns.key.clone(),
            kind: definition.kind,
            is_sensitive: definition.sensitive,
            states: rows.iter().map(|r| states[*r as usize]).collect(),
        })
    }

    /// Whether each story says this, of those in which the question was asked: a variable with two categories, of which the
    /// second is to say so. None where too few say so or do not.
    pub fn variable(&self, subject: Subject, layers: &[&Layer]) -> Option<Variable> {
        let wanted = match subject {
            Subject::Answers => return None,
            Subject::NotApplicable => AnswerState::NotApplicable as u8,
            Subject::Unknown => AnswerState::Unknown as u8,
        };
        if !layers.iter().any(|layer| self.is_enough(wanted, layer)) {
            return None;
        }
        let codes = self.states.iter().map(|s| (*s != NOT_ASKED).then(|| u32::from(*s == wanted))).collect();
        Some(Variable {
            name: self.signifier.clone(),
            signifier: self.signifier.clone(),
            kind: Some(self.kind),
            part: None,
            is_sensitive: self.is_sensitive,
            is_background: false,
            values: Values::Category { keys: vec!["otherwise".to_owned(), subject.name().to_owned()], codes },
        })
    }

    fn is_enough(&self, wanted: u8, layer: &Layer) -> bool {
        let asked = || layer.rows.iter().map(|r| self.states[*r as usize]).filter(|s| *s != NOT_ASKED);
        let said = asked().filter(|s| *s == wanted).count();
        said >= LEAST && asked().count() - said >= LEAST
    }
}

/// Whether enough stories of a layer say so, and do not.
pub fn is_said(layer: &Layer, variable: &Variable) -> bool {
    let count = |code: u32| layer.rows.iter().filter(|r| variable.values.code(**r as usize) == Some(code)).count();
    count(1) >= LEAST && count(0) >= LEAST
}

/// How many of each of these groups say so.
pub fn counts(layer: &Layer, variable: &Variable, attribute: &Variable, levels: &[u32]) -> Vec<GroupCount> {
    let of_group = |(level, group): (&u32, String)| {
        let rows = layer.rows.iter().map(|r| *r as usize).filter(|r| attribute.values.code(*r) == Some(*level));
        let said: Vec<u32> = rows.filter_map(|r| variable.values.code(r)).collect();
        GroupCount { group, count: said.iter().filter(|c| **c == 1).count() as u32, n: said.len() as u32 }
    };
    levels.iter().zip(keys_of(attribute, levels)).map(of_group).collect()
}
