//! `duiding audit`: the trail of a project or of the server as a file, and the check that nothing in it was changed.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use uuid::Uuid;

use crate::app;
use crate::config::Config;
use crate::db::audit::{Event, record};
use crate::db::audit_chain::{self, Check, FaultKind, SERVER};
use crate::db::{Conn, DbError, projects, read_tx, write_tx};
use crate::domain::chain::{Noted, read_noted};
use crate::transfer::trail::{TrailFormat, write_trail};
use crate::upkeep;

/// What to do with the audit trail.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Write a trail to a file, oldest event first; that of the server when no project is named.
    Export {
        /// The project.
        #[arg(long)]
        project: Option<Uuid>,
        /// File to write; standard output when absent.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Write a table instead of JSON lines.
        #[arg(long)]
        csv: bool,
    },
    /// Check all trails, or one, from the first event to the last. Exit code 0 when nothing was changed.
    Verify {
        /// Only that of this project.
        #[arg(long)]
        project: Option<Uuid>,
        /// A place that was noted earlier, as `17:HASH`; of the project, or of the server.
        #[arg(long, value_parser = read_noted)]
        noted: Option<Noted>,
    },
}

/// Runs one of the commands.
pub fn run(command: AuditCommand, config: &Config) -> anyhow::Result<()> {
    match command {
        AuditCommand::Export { project, out, csv } => {
            export(config, project, out, if csv { TrailFormat::Csv } else { TrailFormat::Jsonl })
        }
        AuditCommand::Verify { project, noted } => verify(config, project, noted),
    }
}

fn export(config: &Config, project: Option<Uuid>, out: Option<PathBuf>, format: TrailFormat) -> anyhow::Result<()> {
    let db = app::open_database(config)?;
    let chain = project.map_or(SERVER.to_owned(), |id| id.to_string());
    db.run_blocking(|conn| {
        write_tx(conn, |conn| {
            find(conn, project)?;
            let project = project.map(|id| id.to_string());
            let event = Event {
                project_id: project.as_deref(),
                actor: "command",
                action: "export.auditEvents",
                subject: None,
                detail: "",
            };
            record(conn, &event)
        })
    })?;
    app::run(upkeep::seal_all(&db))?;
    let mut target: Box<dyn Write> = match &out {
        Some(path) => {
            Box::new(BufWriter::new(File::create_new(path).with_context(|| format!("cannot make {}", path.display()))?))
        }
        None => Box::new(BufWriter::new(std::io::stdout())),
    };
    let count = db.run_blocking(|conn| read_tx(conn, |conn| write_trail(conn, &chain, format, &mut target)))?;
    target.flush()?;
    if let Some(path) = out {
        println!("{count} events are in {}", path.display());
    }
    Ok(())
}

fn find(conn: &mut Conn, project: Option<Uuid>) -> Result<(), DbError> {
    match project {
        Some(id) => projects::by_id(conn, &id.to_string())?.map(|_| ()).ok_or(DbError::NotFound),
        None => Ok(()),
    }
}

fn verify(config: &Config, project: Option<Uuid>, noted: Option<Noted>) -> anyhow::Result<()> {
    let db = app::open_database(config)?;
    app::run(upkeep::seal_all(&db))?;
    let checks = db.run_blocking(|conn| {
        read_tx(conn, |conn| {
            let chains = match project {
                Some(id) => vec![id.to_string()],
                None => audit_chain::heads(conn)?.into_iter().map(|head| head.chain).collect(),
            };
            let wanted = project.map_or(SERVER.to_owned(), |id| id.to_string());
            let one = |chain: String| audit_chain::check(conn, &chain, noted.as_ref().filter(|_| chain == wanted));
            chains.into_iter().map(one).collect::<Result<Vec<_>, DbError>>()
        })
    })?;
    checks.iter().for_each(tell);
    let broken = checks.iter().filter(|c| c.found > 0).count();
    anyhow::ensure!(broken == 0, "{broken} of {} trails were changed", checks.len());
    Ok(())
}

fn tell(check: &Check) {
    let name = if check.head.chain == SERVER { "server" } else { &check.head.chain };
    println!("{name}: {} events, last {}:{}", check.head.sequence, check.head.sequence, check.head.hash);
    for fault in &check.faults {
        let what = match fault.kind {
            FaultKind::Missing => "events before it are missing",
            FaultKind::Changed => "was changed",
            FaultKind::Unlinked => "does not follow the event before it",
            FaultKind::End => "the last event is not the one that was last",
            FaultKind::Noted => "is not what was noted",
        };
        println!("  event {}: {what}", fault.sequence);
    }
    if check.found > check.faults.len() {
        println!("  and {} more", check.found - check.faults.len());
    }
}
