//! A story as the cells of its row, typed, for every file type.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io;

use chrono::SecondsFormat;

use super::{Column, Content, StoryRow, columns, state_name, value_columns};
use crate::domain::framework::{Framework, Signifier};
use crate::domain::placement::{AnswerState, Placement, PlacementValue};

/// What one cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// A number.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(Cow<'a, str>),
}

impl<'a> Cell<'a> {
    fn text(text: Option<&'a str>) -> Self {
        text.filter(|t| !t.is_empty()).map_or(Cell::Empty, |t| Cell::Text(Cow::Borrowed(t)))
    }

    fn flag(flag: bool) -> Self {
        Cell::Integer(flag.into())
    }
}

/// Turns stories into cells, for the columns of some framework versions.
pub struct Cells<'f> {
    columns: Vec<Column>,
    places: HashMap<String, usize>,
    layouts: BTreeMap<i32, Vec<Layout<'f>>>,
}

/// Where the answers to one signifier stand in one framework version.
struct Layout<'f> {
    signifier: &'f Signifier,
    values: Vec<usize>,
    state: usize,
}

impl<'f> Cells<'f> {
    /// Prepares the columns.
    pub fn new(frameworks: &'f [(i32, Framework)]) -> Self {
        let columns = columns(frameworks);
        let places: HashMap<String, usize> = columns.iter().enumerate().map(|(i, c)| (c.name.clone(), i)).collect();
        let layout = |signifier: &'f Signifier| Layout {
            signifier,
            values: value_columns(signifier).iter().map(|(name, ..)| places[name]).collect(),
            state: places[&state_name(&signifier.key)],
        };
        let layouts = frameworks.iter().map(|(v, f)| (*v, f.signifiers.iter().map(layout).collect())).collect();
        Self { columns, places, layouts }
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The cells of a story, one per column. An attribute of the participant that no framework version knows has no
    /// column. Errors: the story answers a framework version, or a question of it, that is not among the columns; an
    /// export must not lose it without a word.
    pub fn of<'a>(&self, row: &'a StoryRow) -> io::Result<Vec<Cell<'a>>> {
        let body = &row.body;
        let layouts = self.layouts.get(&body.framework_version).ok_or_else(|| missing(row, "framework version"))?;
        let mut cells = vec![Cell::Empty; self.columns.len()];
        for (cell, column) in cells.iter_mut().zip(&self.columns) {
            *cell = single(row, column);
        }
        for key in body.permissions.keys().map(|k| format!("permission.{k}")).chain(body.attributes.keys().cloned()) {
            if !self.places.contains_key(&key) {
                return Err(missing(row, "consent or attribute"));
            }
        }
        let mut placed = 0;
        for layout in layouts {
            let list = if layout.signifier.background { &body.background } else { &body.placements };
            if let Some(placement) = list.get(&layout.signifier.key) {
                layout.fill(placement, &mut cells);
                placed += 1;
            }
        }
        if placed < body.placements.len() + body.background.len() {
            return Err(missing(row, "question"));
        }
        Ok(cells)
    }
}

fn missing(row: &StoryRow, what: &str) -> io::Error {
    io::Error::other(format!("the columns lack a {what} of story {}", row.id))
}

/// The cell of a column that has one value per story.
fn single<'a>(row: &'a StoryRow, column: &Column) -> Cell<'a> {
    let body = &row.body;
    let key = column.key.as_deref().unwrap_or_default();
    match column.content {
        Content::StoryId => Cell::Text(row.id.to_string().into()),
        Content::FrameworkVersion => Cell::Integer(body.framework_version.into()),
        Content::Wave => Cell::text(Some(&body.wave)),
        Content::Participant => Cell::text(body.participant.as_deref()),
        Content::Teller => Cell::text(body.teller.as_deref()),
        Content::Perspective => Cell::text(Some(&body.perspective)),
        Content::Language => Cell::text(Some(&body.language)),
        Content::ToldOn => body.told_on.map_or(Cell::Empty, |d| Cell::Text(d.to_string().into())),
        Content::ReceivedAt => {
            row.received_at.map_or(Cell::Empty, |t| Cell::Text(t.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()))
        }
        Content::Prompt => Cell::text(body.prompt.as_deref()),
        Content::Title => Cell::text(body.title.as_deref()),
        Content::Text => Cell::text(body.text.as_deref()),
        Content::Permission => body.permissions.get(key).map_or(Cell::Empty, |given| Cell::flag(*given)),
        Content::Attribute => {
            Cell::text(body.attributes.get(key).or_else(|| row.participant_attributes.get(key)).map(String::as_str))
        }
        _ => Cell::Empty,
    }
}

impl Layout<'_> {
    fn fill<'a>(&self, placement: &'a Placement, cells: &mut [Cell<'a>]) {
        match (placement.state, &placement.value) {
            (AnswerState::Skipped, _) => {}
            (AnswerState::Answered, Some(value)) => {
                let found = self.value(value);
                // An empty text is an answer too; an empty cell alone would say that the question was skipped.
                if found.iter().all(|c| *c == Cell::Empty) {
                    cells[self.state] = Cell::text(Some(AnswerState::Answered.name()));
                }
                for (at, cell) in self.values.iter().zip(found) {
                    cells[*at] = cell;
                }
            }
            (state, _) => cells[self.state] = Cell::text(Some(state.name())),
        }
    }

    /// The cells of a value, in the order of [`value_columns`].
    fn value<'a>(&self, value: &'a PlacementValue) -> Vec<Cell<'a>> {
        if let Some(shares) = &value.shares {
            return shares.iter().map(|s| Cell::Number(*s)).collect();
        }
        if let Some(stones) = &value.stones {
            let stone = |key: &str| stones.iter().find(|s| s.key == key);
            let both = |key: &str| stone(key).map_or([Cell::Empty, Cell::Empty], |s| [Cell::Number(s.x), Cell::Number(s.y)]);
            return self.signifier.stones.iter().flat_map(|s| both(&s.key)).collect();
        }
        if let Some(options) = value.options.as_ref().filter(|_| self.signifier.multiple) {
            return self.signifier.options.iter().map(|o| Cell::flag(options.contains(&o.key))).collect();
        }
        let point = |key: &String| self.signifier.point_number(key).map_or(Cell::Empty, |n| Cell::Integer(n.into()));
        let position = value.position.map(Cell::Number);
        let option = || value.options.as_ref().map(|o| Cell::text(o.first().map(String::as_str)));
        let text = || value.text.as_deref().map(|t| Cell::text(Some(t)));
        let only = position.or_else(|| value.point.as_ref().map(point)).or_else(option).or_else(text);
        only.into_iter().collect()
    }
}
