//! duiding: an open backend for narrative sensemaking research.
//!
//! Modules in reading order: the rules of the field, where things are kept, what the analysis answers, files in
//! and out, and the HTTP interface that wires them together.

pub mod domain;
pub mod exchange;
