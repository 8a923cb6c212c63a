//! Tests of the report as a whole: against other programs, against itself in another order, on noise and on nonsense.

mod closely;
mod demo;
mod invariance;
mod noise;
mod nonsense;
mod oracle;
mod planted;
mod planted_demo;
mod simulated;

use std::sync::LazyLock;

use serde_json::Value;

use super::study::viewer;
use crate::analysis::report::{Report, Settings, report};
use crate::analysis::snapshot::Snapshot;
use crate::cli::tabled::{Tabled, tabled};
use crate::domain::role::Audience;

/// The study of `tests/oracles/report.py`, as the two files that `analyse` reads, and what must be found in it.
static FIXTURE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../tests/oracles/report.json")).unwrap());

fn read(framework: &Value, table: &str) -> Tabled {
    tabled(framework.to_string().as_bytes(), table.as_bytes()).unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

/// The whole path of `analyse`: from two files to the report.
fn report_of(framework: &Value, table: &str, settings: &Settings) -> Report {
    let read = read(framework, table);
    let snapshot = Snapshot::build(0, read.shape, read.records).unwrap();
    report(&snapshot, settings, viewer(Audience::Researcher), None)
}
