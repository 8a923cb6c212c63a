//! duiding: an open backend for narrative sensemaking research.
//!
//! Modules in reading order: the rules of the field, where things are kept, what the analysis answers, files in
//! and out, and the HTTP interface that wires them together.

pub mod domain;
pub mod config;
pub mod secrets;
pub mod origin;
pub mod db;
pub mod analysis;
pub mod exchange;
pub mod transfer;
pub mod limits;
pub mod live;
pub mod files;
pub mod erasures;
pub mod oidc;
pub mod http;
pub mod webhooks;
pub mod upkeep;
pub mod app;
pub mod backup;
pub mod telemetry;
pub mod metrics;
pub mod demo;
pub mod cli;

/// Taking in stories and testing permutations is much small memory on many threads, which this allocator is made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
