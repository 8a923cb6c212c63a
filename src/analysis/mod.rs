//! What the analysis answers: stories become columns, a lens selects rows, and each question is one file.
//!
//! Knows `domain` only. Nothing outside this module names polars, and nothing in it knows where records come from.

pub mod background;
pub mod cache;
pub mod cells;
pub mod dictionary;
pub mod frame;
pub mod layout;
pub mod reading;
pub mod record;
pub mod snapshot;
pub mod stats;
pub mod told;
pub mod units;
