//! Cells of a column while it is filled, and finished columns as slices.

use polars::prelude::{Column, DataFrame, Float64Chunked, IntoColumn, NamedFrom, Series};

use super::dictionary::NO_CODE;

/// 'No value' in a byte column.
pub const NO_BYTE: u8 = u8::MAX;
/// The state of a question that was not asked, beside the five of [`crate::domain::placement::AnswerState`].
pub const NOT_ASKED: u8 = 5;
/// In a `said` column only: a background question that is not mentioned in this story.
pub const ABSENT: u8 = 6;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// State of an answer: position in `AnswerState::ALL`, or [`NOT_ASKED`].
    State,
    /// As a state, or [`ABSENT`].
    Said,
    /// A small number, [`NO_BYTE`] for none.
    Byte,
    /// A dictionary or option code, [`NO_CODE`] for none.
    Code,
    /// A code of people, or a row number.
    Count,
    /// 0 to 1, null for none.
    Number,
}

/// Cells of one column of some rows.
#[derive(Debug, Clone)]
pub enum Cells {
    /// States and small numbers.
    Bytes(Vec<u8>),
    /// Codes.
    Codes(Vec<u16>),
    /// Counts.
    Counts(Vec<u32>),
    /// Numbers; NaN stands for null until the column is finished, and no answer can be NaN (JSON has none).
    Numbers(Vec<f64>),
}

impl Cells {
    /// As many cells without a value.
    pub fn empty(kind: CellKind, rows: usize) -> Self {
        match kind {
            CellKind::State => Self::Bytes(vec![NOT_ASKED; rows]),
            CellKind::Said => Self::Bytes(vec![NOT_ASKED; rows]),
            CellKind::Byte => Self::Bytes(vec![NO_BYTE; rows]),
            CellKind::Code => Self::Codes(vec![NO_CODE; rows]),
            CellKind::Count => Self::Counts(vec![0; rows]),
            CellKind::Number => Self::Numbers(vec![f64::NAN; rows]),
        }
    }

    /// Sets a byte. A cell of another kind is left alone: the layout decides both sides.
    pub fn set_byte(&mut self, row: usize, value: u8) {
        if let Self::Bytes(cells) = self {
            cells[row] = value;
        }
    }

    /// Sets a code.
    pub fn set_code(&mut self, row: usize, value: u16) {
        if let Self::Codes(cells) = self {
            cells[row] = value;
        }
    }

    /// Sets a number.
    pub fn set_number(&mut self, row: usize, value: f64) {
        if let Self::Numbers(cells) = self {
            cells[row] = value;
        }
    }

    /// Parts of one column, joined in their order and finished.
    pub fn join<'a>(name: &str, parts: impl Iterator<Item = &'a Cells> + Clone) -> Column {
        match parts.clone().next() {
            Some(Self::Codes(_)) => column(name, gather(parts, |c| if let Self::Codes(v) = c { v } else { &[] })),
            Some(Self::Counts(_)) => column(name, gather(parts, |c| if let Self::Counts(v) = c { v } else { &[] })),
            Some(Self::Numbers(_)) => {
                let all: Vec<f64> = gather(parts, |c| if let Self::Numbers(v) = c { v } else { &[] });
                numbers(name, &all)
            }
            Some(Self::Bytes(_)) | None => column(name, gather(parts, |c| if let Self::Bytes(v) = c { v } else { &[] })),
        }
    }
}

fn gather<'a, T: Copy + 'a>(parts: impl Iterator<Item = &'a Cells>, cells: impl Fn(&'a Cells) -> &'a [T]) -> Vec<T> {
    parts.flat_map(|p| cells(p).iter().copied()).collect()
}

/// A finished column.
pub fn column<T>(name: &str, cells: Vec<T>) -> Column
where
    Series: NamedFrom<Vec<T>, [T]>,
{
    Series::new(name.into(), cells).into_column()
}

fn numbers(name: &str, cells: &[f64]) -> Column {
    let nullable = cells.iter().map(|v| (!v.is_nan()).then_some(*v));
    let column: Float64Chunked = nullable.collect();
    column.with_name(name.into()).into_column()
}

/// Columns of a frame as slices. A column that the layout names is there, of its kind and in one piece; the
/// functions panic where that is broken.
pub trait Columns {
    /// A column of states or small numbers.
    fn bytes(&self, name: &str) -> &[u8];
    /// A column of codes.
    fn codes(&self, name: &str) -> &[u16];
    /// A column of counts.
    fn counts(&self, name: &str) -> &[u32];
    /// A column of numbers with nulls.
    fn numbers(&self, name: &str) -> &Float64Chunked;
}

const MISSING: &str = "the layout names the columns of the frame";

impl Columns for DataFrame {
    fn bytes(&self, name: &str) -> &[u8] {
        self.column(name).and_then(|c| c.u8()).and_then(|c| c.cont_slice()).expect(MISSING)
    }

    fn codes(&self, name: &str) -> &[u16] {
        self.column(name).and_then(|c| c.u16()).and_then(|c| c.cont_slice()).expect(MISSING)
    }

    fn counts(&self, name: &str) -> &[u32] {
        self.column(name).and_then(|c| c.u32()).and_then(|c| c.cont_slice()).expect(MISSING)
    }

    fn numbers(&self, name: &str) -> &Float64Chunked {
        self.column(name).and_then(|c| c.f64()).expect(MISSING)
    }
}
