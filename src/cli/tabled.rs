//! A study read from two files: a framework document and a stories table. What `analyse` works on, without a server.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use crate::analysis::record::{StoryRecord, StudyShape};
use crate::domain::framework::{self, Framework};
use crate::domain::json as strict;
use crate::exchange::table::read_table;
use crate::exchange::{RowError, Warning};

/// Errors of a table that are told one by one.
const TOLD: usize = 200;

/// What the two files hold.
#[derive(Debug)]
pub struct Tabled {
    /// The framework, as version 1, and the waves in their order.
    pub shape: StudyShape,
    /// The stories, in the order of the table.
    pub records: Vec<StoryRecord>,
    /// What the reader must know about the table, such as columns that were not read.
    pub warnings: Vec<Warning>,
}

/// Which of the two files is wrong, and everything that is wrong with it.
#[derive(Debug)]
pub enum Wrong {
    /// The framework document.
    Framework(String),
    /// The stories table, by row and column.
    Stories(String),
}

/// Reads a framework document (JSON) and a stories table (CSV). Errors: all that is wrong with the first file that is wrong.
pub fn tabled(framework: &[u8], stories: impl Read) -> Result<Tabled, Wrong> {
    let wrong = |p: &dyn std::fmt::Display| Wrong::Framework(p.to_string());
    let document = strict::parse(framework).map_err(|p| wrong(&p))?;
    let frameworks = vec![(1, framework::parse(&document).map_err(|p| wrong(&p))?)];
    let (records, warnings) = read_records(&frameworks, stories)?;
    let waves = in_order(&records);
    let frameworks: BTreeMap<i32, Arc<Framework>> = frameworks.into_iter().map(|(v, f)| (v, Arc::new(f))).collect();
    Ok(Tabled { shape: StudyShape { frameworks, waves, published: 0 }, records, warnings })
}

/// The waves of a table, which does not tell their order: numbers by their value, so that 10 comes after 9, then names.
fn in_order(records: &[StoryRecord]) -> Vec<String> {
    let key = |wave: &String| (wave.parse().unwrap_or(u64::MAX), wave.clone());
    let waves: BTreeMap<_, _> = records.iter().map(|r| (key(&r.wave), r.wave.clone())).collect();
    waves.into_values().collect()
}

fn read_records(frameworks: &[(i32, Framework)], stories: impl Read) -> Result<(Vec<StoryRecord>, Vec<Warning>), Wrong> {
    let mut reader = read_table(frameworks, stories).map_err(|p| Wrong::Stories(p.to_string()))?;
    let (mut records, mut errors) = (Vec::new(), Vec::new());
    for read in reader.by_ref() {
        match read {
            Ok(row) => records.push(StoryRecord {
                id: row.id,
                framework_version: row.body.framework_version,
                facts: serde_json::to_string(&row.body.facts()).map_err(|e| Wrong::Stories(e.to_string()))?,
                wave: row.body.wave,
                perspective: row.body.perspective,
                participant: row.body.participant,
                teller: row.body.teller,
                language: row.body.language,
                released: true,
                permitted: true,
                published: true,
                attributes: row.participant_attributes.into_iter().collect(),
            }),
            Err(found) => errors.extend(found),
        }
    }
    match errors.is_empty() {
        true => Ok((records, reader.warnings())),
        false => Err(Wrong::Stories(told(&errors))),
    }
}

fn told(errors: &[RowError]) -> String {
    let line = |e: &RowError| format!("  row {} {}: {}", e.row, e.column.as_deref().unwrap_or(""), e.message);
    let lines: Vec<String> = errors.iter().take(TOLD).map(line).collect();
    format!("{} errors\n{}", errors.len(), lines.join("\n"))
}
