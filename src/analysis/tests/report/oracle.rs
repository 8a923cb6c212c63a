//! What SciPy, statsmodels, pingouin, dcor and scikit-bio say about the same two files (`tests/oracles/report.py`).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use super::{FIXTURE, read, report_of};
use crate::analysis::report::{Section, Settings};

/// Our report on the study of the fixture.
static REPORT: LazyLock<Value> = LazyLock::new(|| {
    use Section::*;
    let sections = BTreeSet::from([Summaries, Pairs, Contrasts, Changes, Trends, Perspectives]);
    let settings = Settings { sections, asymptotic: true, ..Settings::default() };
    serde_json::to_value(report_of(&FIXTURE["framework"], FIXTURE["table"].as_str().unwrap(), &settings)).unwrap()
});

/// What of one of our findings goes by this name in the fixture.
fn ours(entry: &Value, name: &str) -> Value {
    let layer = &entry["layer"];
    match name {
        "layer" => format!("{}/{}", layer["wave"].as_str().unwrap(), layer["perspective"].as_str().unwrap()).into(),
        "effect" | "gap" | "agreement" => entry[name]["value"].clone(),
        "low" | "high" => entry["effect"][name].clone(),
        "answeredBefore" => (entry["n"].as_u64().unwrap() + entry["onlyBefore"].as_u64().unwrap()).into(),
        "states" => ["notApplicable", "unknown", "declined", "skipped"].map(|s| entry[s].clone()).to_vec().into(),
        "moved" => ["moved", "up", "down"]
            .iter()
            .filter_map(|m| Some(entry["noticeable"].get(m)?.clone()))
            .filter(|v| !v.is_null())
            .collect(),
        "moves" => {
            entry["transitions"]["counts"].as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap().clone()).collect()
        }
        "symmetry" | "homogeneity" => ["statistic", "p"].map(|m| entry["transitions"][name][m].clone()).to_vec().into(),
        "went" => entry["transitions"]["shares"].as_array().unwrap().iter().map(went).collect(),
        "figures" => figures(entry),
        "counts" => counts(entry),
        _ => entry[name].clone(),
    }
}

/// Shares of one row with their intervals, one after the other.
fn went(row: &Value) -> Value {
    let of = |p: &Value| ["share", "low", "high"].map(|m| p[m].clone());
    row.as_array().map_or(Value::Null, |row| row.iter().flat_map(of).collect())
}

fn figures(entry: &Value) -> Value {
    let of_stone = |s: &Value| s["centroid"].as_array().unwrap().clone();
    match entry["kind"].as_str().unwrap() {
        "dyad" => ["q1", "median", "q3"].map(|q| entry["dyad"][q].clone()).to_vec().into(),
        "triad" => entry["triad"]["arithmeticCentre"].clone(),
        _ => entry["stones"]["stones"].as_array().unwrap().iter().flat_map(of_stone).collect(),
    }
}

fn counts(entry: &Value) -> Value {
    let kind = entry["kind"].as_str().unwrap();
    let (list, of) = match kind {
        "triad" => ("zones", "count"),
        "stones" => ("stones", "n"),
        _ => ("options", "count"),
    };
    entry[kind][list].as_array().unwrap().iter().map(|c| c[of].clone()).collect()
}

/// Whether two values agree: numbers up to rounding, which is larger where a distribution function is behind them.
fn agree(name: &str, ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agree(name, a, b)),
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            let tolerance = if matches!(name, "p" | "q" | "symmetry" | "homogeneity") { 1e-8 } else { 1e-9 };
            // About nothing only the rounding of terms of size 1 is left.
            (a - b).abs() <= tolerance * b.abs() + 1e-13
        }
        (a, b) => a == b,
    }
}

/// Compares a section, of which these members tell which finding it is.
fn compare(section: &str, key: &[&str]) {
    let (fixture, report) = (&*FIXTURE, &*REPORT);
    // What was answered, then who said 'not about this' or 'I don't know'.
    let mut found = report[section].as_array().unwrap().clone();
    found.extend(report["states"][section].as_array().cloned().unwrap_or_default());
    let columns: Vec<&str> = fixture[section]["columns"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    let rows = fixture[section]["rows"].as_array().unwrap();
    let mut wrong = Vec::new();
    for row in rows {
        let theirs = |name: &str| &row[columns.iter().position(|c| *c == name).unwrap()];
        let called: Vec<String> = key.iter().map(|k| theirs(k).to_string()).collect();
        let mut same = found.iter().filter(|e| key.iter().all(|k| ours(e, k) == *theirs(k)));
        let (Some(entry), None) = (same.next(), same.next()) else {
            wrong.push(format!("{called:?}: not there exactly once"));
            continue;
        };
        for name in columns.iter().filter(|name| !key.contains(name) && !theirs(name).is_null()) {
            if !agree(name, &ours(entry, name), theirs(name)) {
                wrong.push(format!("{called:?} {name}: {} is not {}", ours(entry, name), theirs(name)));
            }
        }
        // Without a p-value there is no q-value, and without a test neither.
        for name in ["test", "p", "q"].into_iter().filter(|n| columns.contains(n) && theirs(n).is_null()) {
            if !ours(entry, name).is_null() {
                wrong.push(format!("{called:?} {name}: {} is not null", ours(entry, name)));
            }
        }
    }
    if found.len() != rows.len() {
        wrong.push(format!("{} findings, not {}", found.len(), rows.len()));
    }
    assert!(wrong.is_empty(), "{section}: {} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_table_is_read_without_a_remark() {
    let read = read(&FIXTURE["framework"], FIXTURE["table"].as_str().unwrap());
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
    assert_eq!(read.shape.waves, ["1", "2", "3"]);
}

#[test]
fn pairs_are_those_of_other_programs() {
    compare("pairs", &["a", "b", "layer"]);
}

#[test]
fn contrasts_are_those_of_other_programs() {
    compare("contrasts", &["signifier", "attribute", "of", "layer"]);
}

#[test]
fn changes_are_those_of_other_programs() {
    compare("changes", &["signifier", "of", "perspective", "from", "to", "test"]);
}

#[test]
fn trends_are_those_of_other_programs() {
    compare("trends", &["signifier", "perspective", "test"]);
}

#[test]
fn perspectives_are_those_of_other_programs() {
    compare("perspectives", &["signifier", "of", "wave"]);
}

#[test]
fn summaries_are_those_of_other_programs() {
    compare("summaries", &["signifier", "layer"]);
}
