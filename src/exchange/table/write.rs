//! The stories table as CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Cell, Cells, Column, StoryRow};
use crate::domain::framework::Framework;
use crate::exchange::digest::{DigestWriter, FileDigest};
use crate::exchange::guard::guard;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriterOptions {
    /// Set an apostrophe before texts that a spreadsheet would run as a formula. The reader of this table takes it
    /// off again; switch it off for statistics tools.
    pub defuse: bool,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self { defuse: true }
    }
}

/// Writes the table row by row (CSV UTF-8, RFC 4180). Column names are keys and never look like a formula.
pub struct Writer<'f, W: Write> {
    cells: Cells<'f>,
    csv: csv::Writer<DigestWriter<W>>,
    options: WriterOptions,
    rows: u64,
}

impl<'f, W: Write> Writer<'f, W> {
    /// Begins a table with the columns of these framework versions, and writes the header.
    pub fn new(out: W, frameworks: &'f [(i32, Framework)], options: WriterOptions) -> io::Result<Self> {
        let cells = Cells::new(frameworks);
        let mut csv = csv_writer(out);
        csv.write_record(cells.columns().iter().map(|c| &c.name))?;
        Ok(Self { cells, csv, options, rows: 0 })
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        self.cells.columns()
    }

    /// Writes one story. Errors: the output fails, or the story does not fit the columns.
    pub fn write(&mut self, row: &StoryRow) -> io::Result<()> {
        for cell in self.cells.of(row)? {
            self.csv.write_field(written(&cell, self.options).as_bytes())?;
        }
        self.csv.write_record(None::<&[u8]>)?;
        self.rows += 1;
        Ok(())
    }

    /// Ends the table and says what it holds.
    pub fn finish(self) -> io::Result<(W, FileDigest)> {
        finish(self.csv, self.rows)
    }
}

/// A CSV writer that takes the digest of what it writes.
pub(crate) fn csv_writer<W: Write>(out: W) -> csv::Writer<DigestWriter<W>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(DigestWriter::new(out))
}

/// The end of a CSV file.
pub(crate) fn finish<W: Write>(csv: csv::Writer<DigestWriter<W>>, rows: u64) -> io::Result<(W, FileDigest)> {
    csv.into_inner().map_err(|e| e.into_error())?.finish(rows)
}

fn written<'a>(cell: &'a Cell<'_>, options: WriterOptions) -> Cow<'a, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Integer(n) => Cow::Owned(n.to_string()),
        Cell::Number(n) => Cow::Owned(number_text(*n)),
        Cell::Text(text) => guard(text, options.defuse),
    }
}

/// The shortest text that is read back as the same number; very small numbers with an exponent.
fn number_text(number: f64) -> String {
    if number == 0.0 {
        "0".to_owned() // never "-0"
    } else if number.abs() < 1e-5 {
        format!("{number:e}")
    } else {
        number.to_string()
    }
}
