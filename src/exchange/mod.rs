//! File formats in and out: our own tables, JSON lines, code book and data package, and what other tools export.
//!
//! Every reader is an iterator over stories that goes on after a bad row, every writer streams. Knows `domain` and
//! nothing else: where stories come from and go to is the caller's business.

pub mod access;
pub mod codebook;
mod digest;
pub(crate) mod guard;
pub mod jsonl;
mod keys;
pub mod package;
pub mod plain_text;
pub mod readable;
mod report;
mod rows;
pub mod sensemaker;
pub mod table;

pub use digest::FileDigest;
pub use report::{RowError, Warning};
pub use rows::MAX_COLUMNS;
