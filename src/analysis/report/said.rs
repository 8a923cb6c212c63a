//! 'Not about this' and 'I don't know' as answers of their own (ground rule G2; analysis.md, section 1.6): of those who
//! were asked, who said so.

use super::closer::GroupCount;
use super::followed::{Answer, Followed};
use super::relation::keys_of;
use super::study::{Layer, Study};
use super::types::Of;
use super::variable::{Values, Variable};
use crate::analysis::cells::{Columns, NOT_ASKED};
use crate::analysis::layout::SignifierColumns;
use crate::analysis::snapshot::Snapshot;
use crate::domain::framework::SignifierKind;
use crate::domain::placement::AnswerState;

/// Fewest people who said so on one of two occasions for a comparison, and fewest stories of a layer that say so and that do
/// not.
pub const COMMON: usize = 5;

/// Who said so, as a variable of two categories, of which the second is to say so, of all who were asked.
#[derive(Debug, Clone)]
pub struct StateVariable {
    /// What was said.
    pub of: Of,
    /// By row whether it was said; none where it was not asked. Named after the signifier.
    pub variable: Variable,
}

/// Both variables of every signifier that patterns are looked for in, for these rows of the snapshot.
pub fn state_variables(snapshot: &Snapshot, rows: &[u32]) -> Vec<StateVariable> {
    let is_wanted = |s: &&SignifierColumns| !s.definition().background && s.kind() != SignifierKind::Text;
    let of_signifier = |s: &SignifierColumns| {
        [(Of::NotApplicable, AnswerState::NotApplicable), (Of::Unknown, AnswerState::Unknown)]
            .map(|(of, state)| StateVariable { of, variable: state_variable(snapshot, s, rows, (of, state)) })
    };
    snapshot.layout.signifiers.iter().filter(is_wanted).flat_map(of_signifier).collect()
}

fn state_variable(snapshot: &Snapshot, columns: &SignifierColumns, rows: &[u32], (of, wanted): (Of, AnswerState)) -> Variable {
    let states = snapshot.frame.data.bytes(&columns.state);
    let said = |row: &u32| {
        let state = states[*row as usize];
        (state != NOT_ASKED).then(|| u32::from(state == wanted as u8))
    };
    Variable {
        name: columns.key.clone(),
        signifier: columns.key.clone(),
        kind: Some(columns.kind()),
        part: None,
        is_sensitive: columns.definition().sensitive,
        is_background: false,
        values: Values::Category {
            keys: vec!["otherwise".to_owned(), of.name().to_owned()],
            codes: rows.iter().map(said).collect(),
        },
    }
}

/// What may be compared over occasions: the answers themselves, and what was said instead of an answer.
pub fn with_states<'a>(study: &'a Study, variables: &[&'a Variable]) -> Vec<(Of, &'a Variable)> {
    let answers = variables.iter().map(|v| (Of::Answer, *v));
    answers.chain(study.said.iter().map(|s| (s.of, &s.variable))).collect()
}

/// Whether it was said often enough on one of two occasions by the same people; answers always are.
pub fn is_common(of: Of, both: &[(u32, Answer, Answer)]) -> bool {
    let said = |answers: &mut dyn Iterator<Item = &Answer>| answers.filter(|a| a.code() == Some(1)).count() >= COMMON;
    of == Of::Answer || said(&mut both.iter().map(|b| &b.1)) || said(&mut both.iter().map(|b| &b.2))
}

/// Whether anybody said so at all: of most questions nobody says 'I don't know'.
pub fn is_said(of: Of, followed: &Followed) -> bool {
    of == Of::Answer || followed.answers.iter().flatten().flatten().any(|a| a.code() == Some(1))
}

/// Whether enough stories of a layer say so, and do not.
pub fn is_said_in(layer: &Layer, variable: &Variable) -> bool {
    let count = |code: u32| layer.rows.iter().filter(|r| variable.values.code(**r as usize) == Some(code)).count();
    count(1) >= COMMON && count(0) >= COMMON
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
