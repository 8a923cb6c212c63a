//! The same screen written with pandas and SciPy, run in this run on the same answers.

use std::path::Path;
use std::process::Command;

use duiding::analysis::report::Report;
use duiding::analysis::report::types::Caveat;
use duiding::domain::framework::SignifierKind;
use serde::Deserialize;

use crate::generate::Answers;

/// How far statistics and p-values may differ, as a part of the value.
const TOLERANCE: f64 = 1e-7;

/// What the other program took and found.
pub struct Screen {
    /// Seconds, without reading the files.
    pub seconds: f64,
    /// How much was compared, in words.
    pub compared: String,
}

#[derive(Deserialize)]
struct Answer {
    seconds: f64,
    pairs: usize,
    compared: usize,
    largest: f64,
}

/// Runs the screen. Errors: why there is no baseline. Panics when it found something else.
pub fn python(answers: &[Answers], report: &Report) -> Result<Screen, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    write(folder.path(), answers, report).map_err(|e| e.to_string())?;
    let python = std::env::var("BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/analysis/screen.py");
    let run = Command::new(&python).arg(script).arg(folder.path()).output().map_err(|e| format!("{python}: {e}"))?;
    let answer: Answer = serde_json::from_slice(&run.stdout).map_err(|_| {
        let told = String::from_utf8_lossy(&run.stderr).trim().to_owned();
        format!("{python} (set BENCH_PYTHON to one with numpy, pandas, scipy): {}", told.lines().last().unwrap_or_default())
    })?;
    assert!(answer.largest < TOLERANCE, "{} of {} numbers differ by up to {:e}", python, answer.compared, answer.largest);
    let sampled = report.pairs.iter().filter(|p| p.relation.caveats.contains(&Caveat::Sampled)).count();
    let sampled = if sampled > 0 { format!(", but for {sampled} pairs each of its own sample") } else { String::new() };
    let compared = format!("{} numbers of {} pairs agree to {:.0e}{sampled}", answer.compared, answer.pairs, answer.largest);
    Ok(Screen { seconds: answer.seconds, compared })
}

/// The answers as a table with a column for every part, and the pairs as we found them.
fn write(folder: &Path, answers: &[Answers], report: &Report) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_path(folder.join("answers.csv"))?;
    let columns = answers.iter().flat_map(|a| (0..parts(a.kind)).map(move |i| (a, i)));
    let header = |(a, i): (&Answers, usize)| format!("{}|{}|{i}", a.key, name(a.kind));
    table.write_record(columns.clone().map(header))?;
    for row in 0..answers.first().map_or(0, |a| a.values.len()) {
        let cell = |(a, i): (&Answers, usize)| a.values[row].map_or_else(String::new, |v| v[i].to_string());
        table.write_record(columns.clone().map(cell))?;
    }
    table.flush()?;
    Ok(std::fs::write(folder.join("pairs.json"), serde_json::to_vec(&report.pairs)?)?)
}

fn parts(kind: SignifierKind) -> usize {
    match kind {
        SignifierKind::Triad => 3,
        SignifierKind::Stones => 2,
        _ => 1,
    }
}

fn name(kind: SignifierKind) -> &'static str {
    match kind {
        SignifierKind::Triad => "triad",
        SignifierKind::Stones => "stones",
        SignifierKind::Dyad => "dyad",
        SignifierKind::Scale => "scale",
        _ => "choice",
    }
}

/// The most memory this process had so far, in MiB.
pub fn most_resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let kib: f64 = line.and_then(|l| l.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0.0);
    kib / 1024.0
}
