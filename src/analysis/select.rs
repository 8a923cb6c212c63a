//! Which stories a lens selects.

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::cells::Columns;
use super::layout::{PERSPECTIVE, RELEASED, UNIT, WAVE};
use super::region;
use super::snapshot::Snapshot;
use super::units::distinct;
use crate::domain::lens::Lens;

/// One condition of a lens: a column, and the codes that it wants there.
#[derive(Debug)]
pub struct Condition<'a> {
    /// The column.
    pub codes: &'a [u16],
    /// By code, whether it is wanted.
    pub wanted: Vec<bool>,
}

impl Condition<'_> {
    /// Whether a story with this code is selected; one without a value never is.
    pub fn admits(&self, code: u16) -> bool {
        self.wanted.get(usize::from(code)).copied().unwrap_or(false)
    }

    /// How many values the condition wants, of those that there are.
    pub fn values(&self) -> usize {
        self.wanted.iter().filter(|w| **w).count()
    }
}

/// The conditions of a lens on who told what when, without its regions: an empty list is none. What does not exist selects nothing.
pub fn conditions<'a>(snapshot: &'a Snapshot, lens: &Lens) -> Vec<Condition<'a>> {
    let data = &snapshot.frame.data;
    let mut conditions = Vec::new();
    for (column, dictionary, keys) in [
        (WAVE, &snapshot.dictionaries.waves, &lens.waves),
        (PERSPECTIVE, &snapshot.dictionaries.perspectives, &lens.perspectives),
    ] {
        if !keys.is_empty() {
            let codes = keys.iter().filter_map(|k| dictionary.code(k)).filter_map(|c| usize::try_from(c).ok());
            conditions.push(Condition { codes: data.codes(column), wanted: table(codes) });
        }
    }
    for (key, options) in lens.attributes.iter().filter(|(_, options)| !options.is_empty()) {
        let condition = match snapshot.layout.lens_column(key) {
            Some(column) => {
                let codes = options.iter().filter_map(|o| column.code(o)).map(usize::from);
                Condition { codes: data.codes(&column.column), wanted: table(codes) }
            }
            None => Condition { codes: data.codes(WAVE), wanted: Vec::new() },
        };
        conditions.push(condition);
    }
    conditions
}

fn table(codes: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut wanted = Vec::new();
    for code in codes {
        wanted.resize(wanted.len().max(code + 1), false);
        wanted[code] = true;
    }
    wanted
}

/// Which rows are selected.
#[derive(Debug)]
pub struct Selection {
    /// By row.
    pub rows: Vec<bool>,
    /// How many stories.
    pub stories: u32,
    /// How many units (participants).
    pub participants: u32,
}

/// The rows that the lens selects, of the released ones only if so asked.
pub fn select(snapshot: &Snapshot, lens: &Lens, released_only: bool) -> Selection {
    let data = &snapshot.frame.data;
    let mut rows: Vec<bool> = match released_only {
        true => data.bytes(RELEASED).iter().map(|r| *r == 1).collect(),
        false => vec![true; data.height()],
    };
    for condition in conditions(snapshot, lens) {
        rows.iter_mut().zip(condition.codes).for_each(|(row, code)| *row &= condition.admits(*code));
    }
    if let Some(inside) = region::inside(snapshot, lens) {
        rows.iter_mut().zip(inside).for_each(|(row, inside)| *row &= inside);
    }
    let stories = rows.iter().filter(|r| **r).count() as u32;
    let units = data.counts(UNIT).iter().zip(&rows).filter(|(_, r)| **r).map(|(u, _)| *u);
    let participants = distinct(units, snapshot.dictionaries.units.len());
    Selection { rows, stories, participants }
}

impl Selection {
    /// Columns of the selected rows, still in the order of story ids.
    pub fn columns(&self, snapshot: &Snapshot, names: &[&str]) -> DataFrame {
        let columns = snapshot.frame.data.select(names.iter().copied()).expect("the layout names the columns of the frame");
        if self.stories as usize == self.rows.len() {
            return columns;
        }
        let mask = BooleanChunked::from_slice("selected".into(), &self.rows);
        columns.filter(&mask).expect("a mask as long as the frame")
    }
}
