//! What an import says about a file: errors of one row, and warnings that count rows.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::problem::{FieldError, MAX_MESSAGE, MAX_PATH, Problems, brief};

/// Something that is wrong with one row, so that its story was not read. The rows around it are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RowError {
    /// Number of the row, 1 = the header (of the line, for JSON lines). A cell with line breaks is in one row; empty
    /// lines are not counted.
    #[schema(minimum = 1, example = 17)]
    pub row: u64,
    /// Name of the column, where one is to blame (a JSON path, for JSON lines).
    #[schema(example = "confidence")]
    pub column: Option<String>,
    /// Stable, machine-readable code.
    #[schema(example = "notANumber")]
    pub code: String,
    /// What is wrong, in English, for a person. Never repeats the cell: it may be personal.
    #[schema(example = "this cell must hold a number")]
    pub message: String,
}

impl RowError {
    /// An error in one column, or in the row as a whole.
    pub fn new(row: u64, column: Option<&str>, code: &str, message: impl Into<String>) -> Self {
        let column = column.map(|name| brief(name.to_owned(), MAX_PATH));
        Self { row, column, code: code.to_owned(), message: brief(message.into(), MAX_MESSAGE) }
    }

    /// The problems of a story as errors of its row; `column_of` finds the column for a JSON path.
    pub fn from_problems(row: u64, problems: Problems, column_of: impl Fn(&str) -> Option<String>) -> Vec<Self> {
        let convert = |e: FieldError| {
            let column = column_of(&e.path);
            let message = if column.is_some() { e.message } else { format!("{}: {}", e.path, e.message) };
            Self::new(row, column.as_deref(), &e.code, message)
        };
        problems.0.into_iter().map(convert).collect()
    }
}

/// Something that an import changed, computed or left out, without refusing a story for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// Stable, machine-readable code.
    #[schema(example = "shareBelowZero")]
    pub code: String,
    /// What happened, in English, for a person.
    #[schema(example = "a share slightly below zero was taken as zero")]
    pub message: String,
    /// Name of the column or of the question in the file.
    #[schema(example = "confidence")]
    pub column: Option<String>,
    /// In how many rows; 0 when it does not depend on rows.
    #[schema(minimum = 0, example = 3)]
    pub rows: u64,
}

/// More kinds of warning than this are not kept apart: a file with thousands of unknown columns has one mistake.
const MAX_KINDS: usize = 500;

/// Counts rows per warning, in the order in which the warnings first came up.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    warnings: Vec<Warning>,
    places: HashMap<(&'static str, Option<String>), usize>,
}

impl Tally {
    /// Notes something that does not depend on rows.
    pub fn note(&mut self, code: &'static str, column: Option<&str>, message: impl Into<String>) {
        self.entry(code, column, || message.into());
    }

    /// Counts one row.
    pub fn count(&mut self, code: &'static str, column: Option<&str>, message: impl FnOnce() -> String) {
        if let Some(at) = self.entry(code, column, message) {
            self.warnings[at].rows += 1;
        }
    }

    fn entry(&mut self, code: &'static str, column: Option<&str>, message: impl FnOnce() -> String) -> Option<usize> {
        let key = (code, column.map(|name| brief(name.to_owned(), MAX_PATH)));
        if let Some(at) = self.places.get(&key) {
            return Some(*at);
        }
        if self.warnings.len() > MAX_KINDS {
            return None;
        }
        let warning = if self.warnings.len() == MAX_KINDS {
            Warning { code: "moreWarnings".into(), message: "there are more warnings than these".into(), column: None, rows: 0 }
        } else {
            let message = brief(message(), MAX_MESSAGE);
            self.places.insert(key.clone(), self.warnings.len());
            Warning { code: code.to_owned(), message, column: key.1, rows: 0 }
        };
        let is_last = self.warnings.len() == MAX_KINDS;
        self.warnings.push(warning);
        (!is_last).then(|| self.warnings.len() - 1)
    }

    /// All warnings so far.
    pub fn warnings(&self) -> Vec<Warning> {
        self.warnings.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_counts_rows_per_column() {
        let mut tally = Tally::default();
        for column in ["a", "b", "a"] {
            tally.count("shareZero", Some(column), || "zero".into());
        }
        tally.note("notMapped", None, "photo");
        let found: Vec<_> = tally.warnings().into_iter().map(|w| (w.code, w.column, w.rows)).collect();
        let expected = [("shareZero", Some("a"), 2), ("shareZero", Some("b"), 1), ("notMapped", None, 0)];
        assert_eq!(found, expected.map(|(code, column, rows)| (code.to_owned(), column.map(str::to_owned), rows)));
    }

    #[test]
    fn thousands_of_unknown_columns_make_a_bounded_report() {
        let mut tally = Tally::default();
        for i in 0..20_000 {
            tally.count("unknownColumn", Some(&format!("c{i}")), || "unknown".into());
        }
        assert_eq!(tally.warnings().len(), MAX_KINDS + 1);
        assert_eq!(tally.warnings()[MAX_KINDS].code, "moreWarnings");
    }
}
