//! `duiding analyse`: the report on a stories table, without a server.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::tabled::{Tabled, Wrong, tabled};
use super::transfer::read;
use crate::analysis::protect::Viewer;
use crate::analysis::report::retention::Roster;
use crate::analysis::report::{Section, Settings, report};
use crate::analysis::snapshot::Snapshot;
use crate::domain::disclosure::Thresholds;
use crate::domain::json as strict;
use crate::domain::lens::Lens;
use crate::domain::role::Audience;

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
    /// Keep only so many findings, the most telling.
    #[arg(long)]
    top: Option<usize>,
    /// Who was expected (CSV: participant, wave, perspective, state, and if known exit_reason).
    #[arg(long)]
    participants: Option<PathBuf>,
    /// Every p-value by formula, to compare with other programs.
    #[arg(long)]
    asymptotic: bool,
    /// Most draws of a permutation test.
    #[arg(long, default_value_t = 9_999, value_parser = clap::value_parser!(u32).range(1..=9_999_999))]
    permutations: u32,
    /// Fixes another stream of random numbers.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Treat all stories as one layer, for tables without waves.
    #[arg(long)]
    pool: bool,
    /// Parts of the report, comma-separated: summaries, densities, pairs, contrasts, changes, trends, perspectives,
    /// outliers, clusters, retention; all when absent.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Threads; all cores when absent.
    #[arg(long)]
    threads: Option<usize>,
}

/// Analyses a stories table. Errors: everything that is wrong with a file, by row and column.
pub fn analyse(args: &AnalyseArgs) -> anyhow::Result<()> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = args.threads {
        pool = pool.num_threads(threads.max(1));
    }
    pool.build()?.install(|| analyse_here(args))
}

fn analyse_here(args: &AnalyseArgs) -> anyhow::Result<()> {
    let start = std::time::Instant::now();
    let sections = sections(&args.only)?;
    let file = std::fs::File::open(&args.stories).with_context(|| format!("cannot read {}", args.stories.display()))?;
    let Tabled { shape, records, warnings } =
        tabled(&read(&args.framework)?, std::io::BufReader::new(file)).map_err(|wrong| match wrong {
            Wrong::Framework(p) => anyhow::anyhow!("{}:\n{p}", args.framework.display()),
            Wrong::Stories(p) => anyhow::anyhow!("{}:\n{p}", args.stories.display()),
        })?;
    for warning in warnings {
        eprintln!("duiding: {}: {} ({} rows)", warning.column.unwrap_or_default(), warning.message, warning.rows);
    }
    let lens = match &args.lens {
        None => Lens::default(),
        Some(path) => {
            let wrong = |p: &dyn std::fmt::Display| anyhow::anyhow!("{}:\n{p}", path.display());
            let value = strict::parse(&read(path)?).map_err(|p| wrong(&p))?;
            Lens::read(&value, &shape.frameworks[&1], &shape.waves).map_err(|p| wrong(&p))?
        }
    };
    let roster = args.participants.as_deref().map(read_roster).transpose()?;
    let read_in = start.elapsed();
    let snapshot = Snapshot::build(0, shape, records)?;
    let viewer = Viewer { audience: Audience::Researcher, thresholds: Thresholds::default() };
    let settings = Settings {
        sections,
        asymptotic: args.asymptotic,
        permutations: args.permutations,
        pool: args.pool,
        seed: args.seed,
        lens,
        ..Settings::default()
    };
    let mut report = report(&snapshot, &settings, viewer, roster.as_ref());
    if let Some(top) = args.top {
        report.findings.truncate(top);
    }
    let text = serde_json::to_string_pretty(&report)? + "\n";
    let all = start.elapsed();
    eprintln!("duiding: read in {:.2} s, analysed in {:.2} s", read_in.as_secs_f64(), (all - read_in).as_secs_f64());
    match &args.out {
        Some(path) => std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display())),
        None => {
            print!("{text}");
            Ok(())
        }
    }
}

/// The sections with these names; all for none. Errors: every name that is no section.
fn sections(names: &[String]) -> anyhow::Result<BTreeSet<Section>> {
    let unknown: Vec<&str> = names.iter().filter(|n| Section::named(n).is_none()).map(String::as_str).collect();
    anyhow::ensure!(unknown.is_empty(), "--only: not a part of the report: {}", unknown.join(", "));
    let named: BTreeSet<Section> = names.iter().filter_map(|n| Section::named(n)).collect();
    Ok(if named.is_empty() { Section::ALL.into_iter().collect() } else { named })
}

/// Who was expected, by wave and perspective: everybody but those to whom a wave does not apply; and why people left, if
/// the file has `exit_reason`. Errors: the file cannot be
/// read, or lacks a column.
fn read_roster(path: &Path) -> anyhow::Result<Roster> {
    let mut reader = csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
    let headers = reader.headers()?.clone();
    let at = |name: &str| headers.iter().position(|h| h.trim_start_matches('\u{feff}') == name);
    let columns = ["participant", "wave", "perspective", "state"];
    let missing: Vec<&str> = columns.into_iter().filter(|c| at(c).is_none()).collect();
    anyhow::ensure!(missing.is_empty(), "{}: columns are missing: {}", path.display(), missing.join(", "));
    let [participant, wave, perspective, state] = columns.map(|c| at(c).unwrap_or_default());
    let exit = at("exit_reason");
    let mut roster = Roster::default();
    let mut people: BTreeSet<(String, String, String)> = BTreeSet::new();
    for (i, record) in reader.records().enumerate() {
        let record = record.with_context(|| format!("{}: row {}", path.display(), i + 2))?;
        let cell = |column: usize| record.get(column).unwrap_or_default().to_owned();
        if let Some(why) = exit.map(cell).filter(|why| !why.is_empty()) {
            roster.exits.insert(cell(participant), why);
        }
        if cell(state) != "notApplicable" {
            people.insert((cell(wave), cell(perspective), cell(participant)));
        }
    }
    for (wave, perspective, _) in people {
        *roster.expected.entry((wave, perspective)).or_default() += 1;
    }
    Ok(roster)
}
