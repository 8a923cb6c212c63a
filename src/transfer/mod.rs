//! Moving whole studies in and out: joins the file formats to the database, for the command line and for HTTP.

mod asked;
mod export;
mod import;
mod people;
pub mod trail;
pub mod workshops;

pub use export::{Selection, describe_package, write_codebook_csv, write_package, write_story_lines, write_table};
pub use import::{ImportReport, PlacementCount, SensemakerFiles, import_sensemaker, import_table};

use crate::db::{Conn, DbError, TransactionError, frameworks};
use crate::domain::framework::{self, Framework};
use crate::domain::problem::Problems;
use crate::exchange::RowError;

/// Why a transfer was not made. Nothing is kept of an import that fails.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The file as a whole is wrong.
    #[error("{0}")]
    File(Problems),
    /// Rows are wrong; the first of them, and how many errors there are.
    #[error("{} errors in the file; the first: row {}: {}", .1, .0.first().map_or(0, |e| e.row), .0.first().map_or("", |e| &e.message))]
    Rows(Vec<RowError>, u64),
    /// The database could not do it.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<Problems> for TransferError {
    fn from(problems: Problems) -> Self {
        Self::File(problems)
    }
}

impl From<TransactionError> for TransferError {
    fn from(e: TransactionError) -> Self {
        Self::Db(e.into())
    }
}

/// The published frameworks of a project, oldest first.
pub fn published(conn: &mut Conn, project_id: &str) -> Result<Vec<(i32, Framework)>, TransferError> {
    let rows = frameworks::list(conn, project_id)?;
    let read = |row: frameworks::FrameworkRow| {
        let broken = |e: String| DbError::Internal(format!("a stored framework is invalid: {e}"));
        let document = serde_json::from_str(&row.document).map_err(|e| broken(e.to_string()))?;
        let framework = framework::parse(&document).map_err(|p| broken(p.to_string()))?;
        Ok((row.version, framework))
    };
    rows.into_iter().filter(|f| f.state == frameworks::PUBLISHED).map(read).collect()
}
