//! `duiding import` and `duiding export`.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use uuid::Uuid;

use crate::config::Config;
use crate::db::audit::{Event, record};
use crate::db::{Conn, DbError, frameworks, projects, read_tx, write_tx};
use crate::domain::framework::lint::{Severity, lint};
use crate::domain::{framework, json};
use crate::exchange::table::WriterOptions;
use crate::http::new_project;
use crate::transfer::{
    ImportReport, Selection, SensemakerFiles, TransferError, import_sensemaker, import_table, write_codebook_csv, write_package,
    write_story_lines, write_table,
};

/// What to import.
#[derive(Subcommand)]
pub enum ImportCommand {
    /// A raw SenseMaker export: framework (JSON) and data (CSV).
    Sensemaker {
        /// The framework, JSON.
        #[arg(long)]
        definition: PathBuf,
        /// The data, raw CSV.
        #[arg(long)]
        data: PathBuf,
        /// Project to import into; a new one when absent.
        #[arg(long)]
        project: Option<Uuid>,
        /// Key of the wave that the stories belong to.
        #[arg(long, default_value = "1")]
        wave: String,
    },
    /// Our own stories table (CSV).
    Stories {
        /// The table.
        file: PathBuf,
        /// Project to import into.
        #[arg(long)]
        project: Uuid,
    },
    /// Our own framework document (JSON), published as the next version.
    Framework {
        /// The document.
        file: PathBuf,
        /// Project to import into; a new one when absent.
        #[arg(long)]
        project: Option<Uuid>,
    },
}

/// What to export.
#[derive(clap::Args)]
pub struct ExportArgs {
    /// What to write.
    what: Export,
    /// Project to export.
    #[arg(long)]
    project: Uuid,
    /// File to write (a folder for `package`); standard output when absent.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Language of the code book (BCP 47).
    #[arg(long, default_value = "en")]
    language: String,
    /// Leave texts that look like formulas as they are, for statistics tools.
    #[arg(long)]
    raw: bool,
    /// Version of the framework; the newest published one when absent.
    #[arg(long)]
    version: Option<i32>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Export {
    /// The stories table (CSV).
    Stories,
    /// All stories with versions and translations (JSON lines).
    Lines,
    /// The code book of the stories table (CSV).
    Codebook,
    /// A published framework (JSON).
    Framework,
    /// Everything as a Frictionless Data Package (a folder).
    Package,
}

/// Runs an import.
pub fn import(command: ImportCommand, config: &Config) -> anyhow::Result<()> {
    let db = crate::app::open_database(config)?;
    let done = db.run_blocking(|conn| {
        write_tx(conn, |conn| -> Result<(String, Option<ImportReport>), TransferError> {
            match &command {
                ImportCommand::Sensemaker { definition, data, project, wave } => {
                    let definition = read(definition)?;
                    let name = data.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
                    let project = project_or_new(conn, *project, &format!("SenseMaker import {name}"))?;
                    let files = SensemakerFiles { definition: &definition, data: open(data)?, wave };
                    let report = import_sensemaker(conn, &project, files, "command")?;
                    note(conn, &project, "import.sensemaker")?;
                    Ok((project, Some(report)))
                }
                ImportCommand::Stories { file, project } => {
                    let project = project_or_new(conn, Some(*project), "")?;
                    let report = import_table(conn, &project, open(file)?, "command")?;
                    note(conn, &project, "import.stories")?;
                    Ok((project, Some(report)))
                }
                ImportCommand::Framework { file, project } => {
                    let document = json::parse(&read(file)?)?;
                    let framework = framework::parse(&document)?;
                    refuse_lint_errors(&framework)?;
                    let project = project_or_new(conn, *project, framework.title.get("en"))?;
                    let draft = frameworks::begin_draft(conn, &project, &document.to_string())?;
                    frameworks::publish(conn, &project, draft.version)?;
                    projects::next_rebuild(conn, &project)?;
                    note(conn, &project, "framework.publish")?;
                    println!("published version {} of the framework in project {project}", draft.version);
                    Ok((project, None))
                }
            }
        })
    });
    let (project, report) = done.map_err(|e| explain(e, &command))?;
    if let Some(report) = report {
        print_report(&project, &report);
    }
    Ok(())
}

fn refuse_lint_errors(framework: &framework::Framework) -> Result<(), TransferError> {
    let mut problems = crate::domain::problem::Problems::default();
    for finding in lint(framework).into_iter().filter(|f| f.severity == Severity::Error) {
        problems.add(finding.path, &finding.code, finding.message);
    }
    Ok(problems.or_ok(())?)
}

/// Reads a whole file. Errors: with its name.
pub fn read(path: &Path) -> Result<Vec<u8>, TransferError> {
    std::fs::read(path).map_err(|e| name_file(e, path))
}

fn open(path: &Path) -> Result<BufReader<File>, TransferError> {
    File::open(path).map(BufReader::new).map_err(|e| name_file(e, path))
}

fn name_file(e: std::io::Error, path: &Path) -> TransferError {
    TransferError::Io(std::io::Error::new(e.kind(), format!("{}: {e}", path.display())))
}

fn project_or_new(conn: &mut Conn, id: Option<Uuid>, title: &str) -> Result<String, TransferError> {
    match id {
        Some(id) => Ok(projects::by_id(conn, &id.to_string())?.ok_or(DbError::NotFound)?.id),
        None => {
            let project = new_project(title, "");
            projects::insert(conn, &project)?;
            Ok(project.id)
        }
    }
}

fn note(conn: &mut Conn, project_id: &str, action: &str) -> Result<(), DbError> {
    record(conn, &Event { project_id: Some(project_id), actor: "command", action, subject: None, detail: "" })
}

/// The error with the name of the file, and every row and column.
fn explain(e: TransferError, command: &ImportCommand) -> anyhow::Error {
    let file = match command {
        ImportCommand::Sensemaker { data, .. } => data,
        ImportCommand::Stories { file, .. } | ImportCommand::Framework { file, .. } => file,
    };
    match e {
        TransferError::Rows(errors, count) => {
            let line = |e: &crate::exchange::RowError| {
                let column = e.column.as_deref().map_or(String::new(), |c| format!(", column {c}"));
                format!("  row {}{column}: {} ({})", e.row, e.message, e.code)
            };
            let lines: Vec<String> = errors.iter().map(line).collect();
            anyhow::anyhow!("{}: {count} errors; nothing was imported\n{}", file.display(), lines.join("\n"))
        }
        TransferError::File(problems) => anyhow::anyhow!("{}: nothing was imported\n{problems}", file.display()),
        TransferError::Db(DbError::NotFound) => anyhow::anyhow!("--project: there is no such project"),
        other => other.into(),
    }
}

fn print_report(project: &str, report: &ImportReport) {
    println!("project {project}, framework version {}", report.framework_version);
    println!("{} stories: {} new, {} there already", report.stories, report.added, report.unchanged);
    println!("made: {} waves, {} participants, {} tellers", report.waves_made, report.participants_made, report.tellers_made);
    println!("\n{:<40} {:<8} {:>9} {:>15} {:>7}", "signifier", "kind", "answered", "not applicable", "other");
    let mut triads = 0;
    for p in &report.placements {
        println!("{:<40} {:<8} {:>9} {:>15} {:>7}", p.signifier, p.kind.name(), p.answered, p.not_applicable, p.other);
        if p.kind == framework::SignifierKind::Triad {
            triads += p.answered;
        }
    }
    println!("{triads} triad placements");
    for w in &report.warnings {
        let column = w.column.as_deref().map_or(String::new(), |c| format!(" [{c}]"));
        println!("warning: {} rows: {}{column} ({})", w.rows, w.message, w.code);
    }
}

/// Runs an export.
pub fn export(args: &ExportArgs, config: &Config) -> anyhow::Result<()> {
    let db = crate::app::open_database(config)?;
    let project = args.project.to_string();
    let options = WriterOptions { defuse: !args.raw };
    let rows = db
        .run_blocking(|conn| {
            write_tx(conn, |conn| note(conn, &project, "export.command"))?;
            read_tx(conn, |conn| write(conn, &project, args, options))
        })
        .map_err(|e| match e {
            TransferError::Db(DbError::NotFound) => anyhow::anyhow!("there is no such project, or no such framework version"),
            other => other.into(),
        })?;
    eprintln!("{rows} rows written");
    Ok(())
}

fn write(conn: &mut Conn, project: &str, args: &ExportArgs, options: WriterOptions) -> Result<u64, TransferError> {
    projects::by_id(conn, project)?.ok_or(DbError::NotFound)?;
    if args.what == Export::Package {
        let folder = args.out.clone().unwrap_or_else(|| PathBuf::from("export"));
        return write_package(conn, project, &folder, &args.language, options);
    }
    let mut out = output(args.out.as_deref())?;
    let rows = match args.what {
        Export::Stories => write_table(conn, project, Selection::All, options, &mut out)?.1.rows,
        Export::Lines => write_story_lines(conn, project, &mut out)?.1.rows,
        Export::Codebook => write_codebook_csv(conn, project, &args.language, options, &mut out)?.1.rows,
        Export::Framework | Export::Package => {
            let all = frameworks::list(conn, project)?;
            let wanted =
                |f: &&frameworks::FrameworkRow| f.state == frameworks::PUBLISHED && args.version.is_none_or(|v| v == f.version);
            let found = all.iter().rev().find(wanted).ok_or(DbError::NotFound)?;
            out.write_all(found.document.as_bytes())?;
            1
        }
    };
    out.flush()?;
    Ok(rows)
}

fn output(path: Option<&Path>) -> Result<Box<dyn Write>, TransferError> {
    Ok(match path {
        Some(path) => Box::new(BufWriter::new(File::create(path).map_err(|e| name_file(e, path))?)),
        None => Box::new(BufWriter::new(std::io::stdout().lock())),
    })
}
