//! Names as small numbers: what a code column of the frame means.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use super::record::{StoryRecord, StudyShape};

/// Code of 'no value' in a code column.
pub const NO_CODE: u16 = u16::MAX;
/// Code of 'no teller'.
pub const NO_TELLER: u32 = u32::MAX;

/// Names with their codes. Only grows, so that a code keeps its meaning in later snapshots.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    names: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
}

impl Dictionary {
    /// A dictionary that begins with these names, in this order.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut dictionary = Self::default();
        names.into_iter().for_each(|n| {
            dictionary.code_or_add(n);
        });
        dictionary
    }

    /// The code of a name.
    pub fn code(&self, name: &str) -> Option<u32> {
        self.codes.get(name).copied()
    }

    /// The code of a name, a new one if it has none.
    pub fn code_or_add(&mut self, name: &str) -> u32 {
        if let Some(code) = self.codes.get(name) {
            return *code;
        }
        let code = self.names.len() as u32;
        let shared: Arc<str> = name.into();
        self.names.push(shared.clone());
        self.codes.insert(shared, code);
        code
    }

    /// The name of a code.
    pub fn name(&self, code: u32) -> Option<&str> {
        self.names.get(code as usize).map(|n| &**n)
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no names.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// The dictionaries of a snapshot.
///
/// Codes of units, tellers and languages are given in order of arrival: compare people by code, never order by it.
#[derive(Debug, Clone, Default)]
pub struct Dictionaries {
    /// Wave keys, in the order of the study.
    pub waves: Dictionary,
    /// Perspective keys, newest framework first.
    pub perspectives: Dictionary,
    /// Languages (BCP 47).
    pub languages: Dictionary,
    /// Tellers by opaque id.
    pub tellers: Dictionary,
    /// Units of independence, see [`UnitKind`].
    pub units: Dictionary,
}

/// Who stands for one independent observation: the participant; without one (a professional's story of the own
/// work) the teller; without either the story itself, which then counts as one person more often than it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum UnitKind {
    /// The participant whom the story is about.
    Participant = 0,
    /// The teller of a story about no participant.
    Teller = 1,
    /// The story: nobody is known.
    Story = 2,
}

impl Dictionaries {
    /// Dictionaries of an empty study.
    pub fn of(shape: &StudyShape) -> Self {
        let newest_first = shape.frameworks.values().rev();
        let perspectives = newest_first.flat_map(|f| f.perspectives.iter().map(|p| p.key.as_str()));
        Self {
            waves: Dictionary::of(shape.waves.iter().map(String::as_str)),
            perspectives: Dictionary::of(perspectives),
            ..Self::default()
        }
    }

    /// Code and kind of the unit that a story belongs to.
    pub fn unit(&mut self, record: &StoryRecord) -> (u32, UnitKind) {
        let (kind, name) = unit_name(record.id, record.participant.as_deref(), record.teller.as_deref());
        (self.units.code_or_add(&name), kind)
    }

    /// The opaque id of the participant that a unit is; none of a teller or story.
    pub fn participant(&self, unit: u32) -> Option<&str> {
        self.units.name(unit)?.strip_prefix('p')
    }

    /// Code of the teller of a story, [`NO_TELLER`] if not known.
    pub fn teller(&mut self, record: &StoryRecord) -> u32 {
        record.teller.as_deref().map_or(NO_TELLER, |t| self.tellers.code_or_add(t))
    }
}

/// The kind comes first in the name, so that a participant and a teller with the same id stay two units.
fn unit_name(story: Uuid, participant: Option<&str>, teller: Option<&str>) -> (UnitKind, String) {
    match (participant, teller) {
        (Some(id), _) => (UnitKind::Participant, format!("p{id}")),
        (None, Some(id)) => (UnitKind::Teller, format!("t{id}")),
        (None, None) => (UnitKind::Story, format!("s{story}")),
    }
}

/// A dictionary code as the cell of a code column; a code too large for it has no value there.
pub fn cell(code: u32) -> u16 {
    u16::try_from(code).unwrap_or(NO_CODE)
}
