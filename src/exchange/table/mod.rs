//! Our own stories table: one row per story, one or more columns per question, the same in every file type.
//!
//! Columns, in order: the fixed ones, `permission.<consent>`, attributes with their state, and per signifier the
//! columns that its kind needs, then `<signifier>.state`. An empty state means answered when there is a value, else
//! skipped: a question passed over and a question without placement look the same. What the table does not hold
//! (the raw point in a triad, the input method, the rotation, consent record, device times, attachments, the order in
//! which options were ticked) is in the JSON lines. Whatever is in the table is the same after export and import.

mod cells;
#[cfg(test)]
mod properties;
mod read;
mod row;
#[cfg(test)]
mod tests;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use cells::{Cell, Cells};
pub use read::{TableReader, read_table};
pub use write::{Writer, WriterOptions};
pub(crate) use write::{csv_writer, finish};

use crate::domain::framework::check::PERMISSION;
use crate::domain::framework::{Framework, Signifier, SignifierKind};
use crate::domain::story::StoryBody;

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryRow {
    /// Id of the story.
    pub id: Uuid,
    /// The story.
    pub body: StoryBody,
    /// Attributes of the participant and of the participation in this wave.
    pub participant_attributes: BTreeMap<String, String>,
    /// When the server had the story.
    pub received_at: Option<DateTime<Utc>>,
}

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header.
    pub name: String,
    /// What its cells hold.
    pub content: Content,
    /// Key of the consent, attribute or signifier; absent for the fixed columns.
    pub key: Option<String>,
    /// Key of the anchor, stone or option.
    pub part: Option<String>,
    /// Framework versions that have it, ascending.
    pub versions: Vec<i32>,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// UUID of the story.
    StoryId,
    /// Number of the framework version.
    FrameworkVersion,
    /// Key of the wave.
    Wave,
    /// Code of the participant.
    Participant,
    /// Code of the teller.
    Teller,
    /// Key of the perspective.
    Perspective,
    /// BCP-47 tag.
    Language,
    /// Date on which the story was told.
    ToldOn,
    /// Instant at which the story was received.
    ReceivedAt,
    /// Key of the prompt.
    Prompt,
    /// Title of the story.
    Title,
    /// Text of the story.
    Text,
    /// 1 or 0.
    Permission,
    /// Key of an option of an attribute.
    Attribute,
    /// State of an attribute: always empty today.
    AttributeState,
    /// Share of an anchor of a triad, 0 to 1.
    Share,
    /// Position on a dyad, 0 (left) to 1 (right).
    Position,
    /// Where a stone lies, 0 (left) to 1 (right).
    StoneX,
    /// Where a stone lies, 0 (bottom) to 1 (top).
    StoneY,
    /// Number of a scale point, 1 = lowest.
    Point,
    /// Key of the option of a single choice.
    Choice,
    /// Whether an option of a multiple choice was taken, 1 or 0.
    Chosen,
    /// Free text.
    Answer,
    /// State of the answer.
    State,
    /// Different in different framework versions; the row's version says what it is.
    Mixed,
}

/// The fixed columns, in order.
const FIXED: [(&str, Content); 12] = [
    ("story_id", Content::StoryId),
    ("framework_version", Content::FrameworkVersion),
    ("wave", Content::Wave),
    ("participant", Content::Participant),
    ("teller", Content::Teller),
    ("perspective", Content::Perspective),
    ("language", Content::Language),
    ("told_on", Content::ToldOn),
    ("received_at", Content::ReceivedAt),
    ("prompt", Content::Prompt),
    ("title", Content::Title),
    ("text", Content::Text),
];

/// Columns that an import cannot do without.
const REQUIRED: [&str; 4] = ["story_id", "wave", "participant", "perspective"];

/// The columns for these framework versions: the union of all, in the order in which the oldest version that has them
/// has them. Columns of one question stay together.
pub fn columns(frameworks: &[(i32, Framework)]) -> Vec<Column> {
    let versions = ascending(frameworks);
    let mut union = Union::default();
    for (name, content) in FIXED {
        union.add(versions.iter().map(|(v, _)| *v), name.to_owned(), content, None, None);
    }
    for (version, framework) in &versions {
        for consent in &framework.consents {
            let name = format!("{PERMISSION}.{}", consent.key);
            union.add([*version], name, Content::Permission, Some(&consent.key), None);
        }
    }
    for key in keys(&versions, |f| f.attributes.iter().map(|a| a.key.as_str()).collect()) {
        for (version, _) in versions.iter().filter(|(_, f)| f.attribute(key).is_some()) {
            union.add([*version], key.to_owned(), Content::Attribute, Some(key), None);
            union.add([*version], state_name(key), Content::AttributeState, Some(key), None);
        }
    }
    for key in keys(&versions, |f| f.signifiers.iter().map(|s| s.key.as_str()).collect()) {
        let having = || versions.iter().filter_map(|(v, f)| Some((*v, f.signifier(key)?)));
        for (version, signifier) in having() {
            for (name, content, part) in value_columns(signifier) {
                union.add([version], name, content, Some(key), part.as_deref());
            }
        }
        union.add(having().map(|(v, _)| v), state_name(key), Content::State, Some(key), None);
    }
    union.columns
}

/// The frameworks by version, the oldest first.
fn ascending(frameworks: &[(i32, Framework)]) -> Vec<(i32, &Framework)> {
    let mut versions: Vec<_> = frameworks.iter().map(|(v, f)| (*v, f)).collect();
    versions.sort_by_key(|(v, _)| *v);
    versions
}

/// Keys of all versions, each once, in order of first appearance.
fn keys<'a>(versions: &[(i32, &'a Framework)], list: impl Fn(&'a Framework) -> Vec<&'a str>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    versions.iter().flat_map(|(_, f)| list(f)).filter(|k| seen.insert(*k)).collect()
}

#[derive(Default)]
struct Union {
    columns: Vec<Column>,
    places: BTreeMap<String, usize>,
}

impl Union {
    fn add(
        &mut self,
        versions: impl IntoIterator<Item = i32>,
        name: String,
        content: Content,
        key: Option<&str>,
        part: Option<&str>,
    ) {
        let columns = &mut self.columns;
        let at = *self.places.entry(name.clone()).or_insert_with(|| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            columns.push(Column { name, content, key: owned(key), part: owned(part), versions: Vec::new() });
            columns.len() - 1
        });
        let column = &mut columns[at];
        if column.content != content {
            column.content = Content::Mixed;
        }
        column.versions.extend(versions);
    }
}

/// Name of the column of the state of a question or attribute.
fn state_name(key: &str) -> String {
    format!("{key}.state")
}

/// The columns for the value of a signifier: name, content and key of the part.
fn value_columns(signifier: &Signifier) -> Vec<(String, Content, Option<String>)> {
    let key = &signifier.key;
    let whole = |content| vec![(key.clone(), content, None)];
    let part = |part: &str, content| (format!("{key}.{part}"), content, Some(part.to_owned()));
    match signifier.kind {
        SignifierKind::Triad => signifier.anchors.iter().map(|a| part(&a.key, Content::Share)).collect(),
        SignifierKind::Dyad => whole(Content::Position),
        SignifierKind::Scale => whole(Content::Point),
        SignifierKind::Text => whole(Content::Answer),
        SignifierKind::Choice if signifier.multiple => signifier.options.iter().map(|o| part(&o.key, Content::Chosen)).collect(),
        SignifierKind::Choice => whole(Content::Choice),
        SignifierKind::Stones => {
            let axis = |stone: &str, axis: &str, content| (format!("{key}.{stone}.{axis}"), content, Some(stone.to_owned()));
            let both = |stone: &str| [axis(stone, "x", Content::StoneX), axis(stone, "y", Content::StoneY)];
            signifier.stones.iter().flat_map(|s| both(&s.key)).collect()
        }
    }
}
