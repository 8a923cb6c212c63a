//! `duiding analyse`: the summaries of a stories table, without a server.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use serde_json::json;

use super::transfer::read;
use crate::analysis::protect::Viewer;
use crate::analysis::record::{StoryRecord, StudyShape};
use crate::analysis::snapshot::Snapshot;
use crate::analysis::summary::summarise;
use crate::domain::disclosure::Thresholds;
use crate::domain::framework;
use crate::domain::json as strict;
use crate::domain::lens::Lens;
use crate::domain::role::Audience;
use crate::exchange::table::read_table;

/// What to analyse.
#[derive(clap::Args)]
pub struct AnalyseArgs {
    /// The framework document (JSON).
    #[arg(long)]
    framework: PathBuf,
    /// The stories table (CSV).
    #[arg(long)]
    stories: PathBuf,
    /// A lens (JSON); all stories when absent.
    #[arg(long)]
    lens: Option<PathBuf>,
    /// File to write the report to; standard output when absent.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Summarises a stories table. Errors: everything that is wrong with a file, by row and column.
pub fn analyse(args: &AnalyseArgs) -> anyhow::Result<()> {
    let wrong = |path: &PathBuf, p: &dyn std::fmt::Display| anyhow::anyhow!("{}:\n{p}", path.display());
    let document = strict::parse(&read(&args.framework)?).map_err(|p| wrong(&args.framework, &p))?;
    let framework = framework::parse(&document).map_err(|p| wrong(&args.framework, &p))?;
    let frameworks = vec![(1, framework)];
    let (records, waves) = read_records(&frameworks, &args.stories)?;
    let lens = match &args.lens {
        None => Lens::default(),
        Some(path) => {
            let value = strict::parse(&read(path)?).map_err(|p| wrong(path, &p))?;
            Lens::read(&value, &frameworks[0].1, &waves).map_err(|p| wrong(path, &p))?
        }
    };
    let shape = StudyShape { frameworks: frameworks.into_iter().map(|(v, f)| (v, Arc::new(f))).collect(), waves, published: 0 };
    let snapshot = Snapshot::build(0, shape, records)?;
    let viewer = Viewer { audience: Audience::Researcher, thresholds: Thresholds::default() };
    let answer = summarise(&snapshot, &lens, viewer, None);
    let report = json!({
        "schema": 1, "stories": answer.stories, "participants": answer.participants, "settings": {"lens": answer.lens},
        "summaries": answer.summaries
    });
    let text = serde_json::to_string_pretty(&report)? + "\n";
    match &args.out {
        Some(path) => std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display())),
        None => {
            print!("{text}");
            Ok(())
        }
    }
}

type Records = (Vec<StoryRecord>, Vec<String>);

fn read_records(frameworks: &[(i32, framework::Framework)], path: &PathBuf) -> anyhow::Result<Records> {
    let file = std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let reader =
        read_table(frameworks, std::io::BufReader::new(file)).map_err(|p| anyhow::anyhow!("{}:\n{p}", path.display()))?;
    let (mut records, mut waves, mut errors) = (Vec::new(), BTreeMap::new(), Vec::new());
    for read in reader {
        match read {
            Ok(row) => {
                waves.insert(row.body.wave.clone(), ());
                records.push(StoryRecord {
                    id: row.id,
                    framework_version: row.body.framework_version,
                    wave: row.body.wave.clone(),
                    perspective: row.body.perspective.clone(),
                    participant: row.body.participant.clone(),
                    teller: row.body.teller.clone(),
                    language: row.body.language.clone(),
                    released: true,
                    published: true,
                    attributes: row.participant_attributes.into_iter().collect(),
                    facts: serde_json::to_string(&row.body.facts())?,
                });
            }
            Err(found) => errors.extend(found),
        }
    }
    if !errors.is_empty() {
        let line = |e: &crate::exchange::RowError| {
            let column = e.column.as_deref().unwrap_or("");
            format!("  row {} {column}: {}", e.row, e.message)
        };
        let lines: Vec<String> = errors.iter().take(200).map(line).collect();
        anyhow::bail!("{}: {} errors\n{}", path.display(), errors.len(), lines.join("\n"));
    }
    Ok((records, waves.into_keys().collect()))
}
