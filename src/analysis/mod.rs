//! What the analysis answers: stories become columns, a lens selects rows, and each question is one file.
//!
//! Knows `domain` only. Nothing outside this module names polars, and nothing in it knows where records come from.
//! In reading order: [`record`] is what comes in, [`layout`] decides the columns, [`frame`] fills them, [`snapshot`]
//! and [`cache`] keep them, [`select`], [`region`], [`blocks`] and [`protect`] apply a lens for a viewer, [`summary`] answers.

pub mod background;
pub mod blocks;
pub mod cache;
pub mod cells;
pub mod dictionary;
pub mod frame;
pub mod layout;
pub mod protect;
pub mod reading;
pub mod record;
pub mod report;
pub mod region;
pub mod select;
pub mod snapshot;
pub mod stats;
pub mod summary;
pub mod told;
pub mod units;

#[cfg(test)]
mod tests;
