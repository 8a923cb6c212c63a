//! Broken files give an error, never a panic, and whatever can be read gives a report of numbers and nulls.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::super::study::{answered, random_records, shape, viewer};
use super::FIXTURE;
use crate::analysis::record::StoryRecord;
use crate::analysis::report::{Report, Section, Settings, report};
use crate::analysis::snapshot::Snapshot;
use crate::cli::tabled::tabled;
use crate::domain::role::Audience;

fn settings(asymptotic: bool, pool: bool) -> Settings {
    let slow = [Section::Densities, Section::Clusters];
    let sections = Section::ALL.into_iter().filter(|s| !slow.contains(s)).collect();
    Settings { sections, permutations: 19, asymptotic, pool, ..Settings::default() }
}

/// Numbers that JSON has no words for are written as null, so they are looked for before that; p and q are chances.
fn check(report: &Report) -> Result<(), TestCaseError> {
    // A wave may be called so: that is a text and no number.
    let written = format!("{report:?}").replace("\"NaN\"", "").replace("\"inf\"", "");
    let word = written.split(|c: char| !c.is_alphanumeric()).find(|w| *w == "NaN" || *w == "inf");
    prop_assert!(word.is_none(), "{word:?} in {written}");
    let json = serde_json::to_value(report).unwrap();
    for section in ["pairs", "contrasts", "changes", "trends", "perspectives"] {
        for entry in json[section].as_array().unwrap() {
            let chances = ["p", "q"].map(|name| entry[name].as_f64().unwrap_or(0.5));
            prop_assert!(chances.iter().all(|p| (0.0..=1.0).contains(p)), "{entry}");
            prop_assert!(entry["q"].is_null() || chances[0] <= chances[1] + 1e-12, "{entry}");
        }
    }
    Ok(())
}

/// The first stories of the fixture.
fn lines() -> Vec<String> {
    FIXTURE["table"].as_str().unwrap().lines().take(16).map(str::to_owned).collect()
}

/// Reads both files and reports on what could be read.
fn run(framework: &[u8], table: &[u8]) -> Result<(), TestCaseError> {
    let Ok(read) = tabled(framework, table) else { return Ok(()) };
    let Ok(snapshot) = Snapshot::build(0, read.shape, read.records) else { return Ok(()) };
    check(&report(&snapshot, &settings(true, false), viewer(Audience::Researcher), None))
}

/// Puts another value somewhere in a document.
fn put(document: &mut Value, path: &[Index], value: Value) {
    match (document, path.split_first()) {
        (Value::Array(items), Some((first, rest))) if !items.is_empty() => {
            let at = first.index(items.len());
            put(&mut items[at], rest, value);
        }
        (Value::Object(members), Some((first, rest))) if !members.is_empty() => {
            let at = first.index(members.len());
            put(members.values_mut().nth(at).unwrap(), rest, value);
        }
        (place, _) => *place = value,
    }
}

fn odd_value() -> impl Strategy<Value = Value> {
    select(vec![
        json!(null),
        json!(""),
        json!("a"),
        json!(-1),
        json!(1e308),
        json!([]),
        json!({}),
        json!(true),
        json!([null]),
        json!({"key": "a", "label": {"en": "a"}}),
        json!("triad"),
        json!("choice"),
        json!("stones"),
        json!("scale"),
        json!([[], []]),
    ])
}

const CELLS: [&str; 18] = [
    "",
    "NaN",
    "inf",
    "-0.0",
    "1e999",
    "0",
    "1",
    "0.5",
    "-0.004",
    "answered",
    "notApplicable",
    "skipped",
    "home",
    "\"",
    "\u{feff}",
    "=1+1",
    "999999999999999999999",
    "candidate",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_framework_with_something_odd_in_it_is_no_panic(
        edits in prop::collection::vec((prop::collection::vec(any::<Index>(), 1..6), odd_value()), 1..3)
    ) {
        let mut framework = FIXTURE["framework"].clone();
        for (path, value) in edits {
            put(&mut framework, &path, value);
        }
        run(framework.to_string().as_bytes(), lines().join("\r\n").as_bytes())?;
    }

    #[test]
    fn bytes_that_are_lost_or_changed_are_no_panic(at: Index, until: Index, byte: u8, of_table: bool) {
        let mut files = [FIXTURE["framework"].to_string().into_bytes(), lines().join("\r\n").into_bytes()];
        let file = &mut files[usize::from(of_table)];
        let (at, until) = (at.index(file.len()), until.index(file.len()));
        file[at] = byte;
        file.drain(at.min(until)..until.min(at + 40).max(at.min(until)));
        run(&files[0], &files[1])?;
    }

    #[test]
    fn a_table_with_odd_cells_is_no_panic(
        edits in prop::collection::vec((any::<Index>(), any::<Index>(), select(&CELLS[..])), 1..6), twice: bool
    ) {
        let mut lines = lines();
        for (row, column, cell) in edits {
            let row = row.index(lines.len());
            let mut cells: Vec<&str> = lines[row].split(',').collect();
            let column = column.index(cells.len());
            cells[column] = cell;
            lines[row] = cells.join(",");
        }
        if twice {
            lines.push(lines[1].clone());
        }
        run(FIXTURE["framework"].to_string().as_bytes(), lines.join("\r\n").as_bytes())?;
    }
}

/// What makes a study poor.
#[derive(Debug, Clone, Copy)]
enum Poor {
    Nothing,
    OneAnswer,
    NothingApplies,
    OneWave,
    OneLevel,
    OnePerson,
}

fn impoverish(records: &mut [StoryRecord], poor: Poor) {
    let constant = json!({"placements": {
        "tri": answered(json!({"shares": [0.2, 0.3, 0.5]})), "dy": answered(json!({"position": 0.1})),
        "cv": answered(json!({"stones": [{"key": "one", "x": 1.0, "y": 0.0}]})), "sc": answered(json!({"point": "1"})),
        "single": answered(json!({"options": ["x"]})), "multi": answered(json!({"options": ["p"]}))}, "attributes": {}});
    let nothing = json!({"placements": {"tri": {"state": "notApplicable"}, "dy": {"state": "notApplicable"}}, "attributes": {}});
    for record in records {
        match poor {
            Poor::Nothing => {}
            Poor::OneAnswer => record.facts = constant.to_string(),
            Poor::NothingApplies => record.facts = nothing.to_string(),
            Poor::OneWave => (record.wave, record.perspective) = ("1".into(), "candidate".into()),
            Poor::OneLevel => record.attributes = vec![("group".into(), "a".into())],
            Poor::OnePerson => record.participant = Some("person".into()),
        }
    }
}

const POOR: [Poor; 6] = [Poor::Nothing, Poor::OneAnswer, Poor::NothingApplies, Poor::OneWave, Poor::OneLevel, Poor::OnePerson];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_small_or_empty_study_has_a_report_without_nan(
        seed: u64, stories in 0..=40usize, poor in prop::collection::vec(select(&POOR[..]), 1..3), asymptotic: bool, pool: bool
    ) {
        let mut records = random_records(seed, stories);
        poor.into_iter().for_each(|p| impoverish(&mut records, p));
        let snapshot = Snapshot::build(0, shape(), records).unwrap();
        check(&report(&snapshot, &settings(asymptotic, pool), viewer(Audience::Researcher), None))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn the_slow_parts_have_no_nan_either(seed: u64, stories in 0..=40usize, poor in select(&POOR[..])) {
        let mut records = random_records(seed, stories);
        impoverish(&mut records, Poor::OneWave);
        impoverish(&mut records, poor);
        let snapshot = Snapshot::build(0, shape(), records).unwrap();
        let settings = Settings { permutations: 19, ..Settings::default() };
        check(&report(&snapshot, &settings, viewer(Audience::Researcher), None))?;
    }
}
