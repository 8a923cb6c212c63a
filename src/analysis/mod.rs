//! What the analysis answers: stories become columns, a lens selects rows, and each question is one file.
//!
//! Knows `domain` only. Nothing outside this module names polars, and nothing in it knows where records come from.

pub mod stats;
