//! A small study with every kind of signifier and two framework versions, and records for it.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::analysis::protect::Viewer;
use crate::analysis::record::{StoryRecord, StudyShape};
use crate::analysis::snapshot::Snapshot;
use crate::analysis::summary::{SignifierSummary, SummaryAnswer, summarise};
use crate::domain::disclosure::Thresholds;
use crate::domain::framework::{self, Framework};
use crate::domain::lens::Lens;
use crate::domain::role::Audience;

pub const PERSPECTIVES: [&str; 2] = ["candidate", "coach"];
pub const WAVES: [&str; 3] = ["1", "2", "3"];

/// The newest version has every kind; the older one has other parts, other kinds and a signifier of its own.
pub fn shape() -> StudyShape {
    static SHAPE: LazyLock<StudyShape> = LazyLock::new(|| {
        let frameworks = BTreeMap::from([(1, framework(old())), (2, framework(new()))]);
        StudyShape { frameworks, waves: WAVES.map(String::from).into(), published: 1 }
    });
    SHAPE.clone()
}

fn new() -> Value {
    json!([
        {"key": "tri", "kind": "triad", "anchors": parts(&["t", "l", "r"]), "allow": ["unknown", "declined"]},
        {"key": "dy", "kind": "dyad", "anchors": parts(&["low", "high"]), "indicator": "courage"},
        {"key": "cv", "kind": "stones", "axes": {"x": axis(), "y": axis()}, "stones": parts(&["one", "two"])},
        {"key": "sc", "kind": "scale", "points": parts(&["1", "2", "3", "4", "5"])},
        {"key": "single", "kind": "choice", "options": parts(&["x", "y", "z"])},
        {"key": "multi", "kind": "choice", "multiple": true, "options": parts(&["p", "q", "r"])},
        {"key": "follow", "kind": "dyad", "anchors": parts(&["a", "b"]),
         "showIf": [{"signifier": "single", "options": ["x"]}]},
        {"key": "deeper", "kind": "scale", "points": parts(&["1", "2"]),
         "showIf": [{"signifier": "multi", "options": ["p", "q"], "perspectives": ["candidate"]}]},
        {"key": "gate", "kind": "choice", "options": parts(&["yes", "no"]),
         "showIf": [{"signifier": "single", "options": ["x", "y"]}]},
        {"key": "behind", "kind": "scale", "points": parts(&["1", "2"]), "showIf": [{"signifier": "gate", "options": ["yes"]}]},
        {"key": "coach-only", "kind": "scale", "points": parts(&["1", "2", "3"]), "askedOf": ["coach"]},
        {"key": "words", "kind": "text"},
        {"key": "age", "kind": "choice", "options": parts(&["young", "old"]), "background": true, "askedOf": ["candidate"]},
        {"key": "secret", "kind": "choice", "options": parts(&["s1", "s2"]), "background": true, "sensitive": true}
    ])
}

fn old() -> Value {
    json!([
        {"key": "gone", "kind": "dyad", "anchors": parts(&["a", "b"])},
        {"key": "tri", "kind": "triad", "anchors": parts(&["l", "r", "t"])},
        {"key": "dy", "kind": "dyad", "anchors": parts(&["high", "low"])},
        {"key": "cv", "kind": "stones", "axes": {"x": axis(), "y": axis()}, "stones": parts(&["three", "one"])},
        {"key": "sc", "kind": "scale", "points": parts(&["0", "1", "3"])},
        {"key": "single", "kind": "choice", "multiple": true, "options": parts(&["x", "w", "y"])},
        {"key": "multi", "kind": "choice", "multiple": true, "options": parts(&["q", "p", "other"])},
        {"key": "coach-only", "kind": "dyad", "anchors": parts(&["a", "b"])},
        {"key": "age", "kind": "choice", "options": parts(&["old", "young"]), "background": true}
    ])
}

fn framework(mut signifiers: Value) -> Arc<Framework> {
    for signifier in signifiers.as_array_mut().unwrap() {
        signifier["question"] = json!({"en": "?"});
    }
    let document = json!({
        "schema": 1, "key": "small", "title": {"en": "Small"}, "languages": ["en"], "defaultLanguage": "en",
        "perspectives": parts(&PERSPECTIVES), "indicators": parts(&["courage"]),
        "attributes": [
            {"key": "group", "label": {"en": "g"}, "of": "participant", "options": parts(&["a", "b", "c"])},
            {"key": "phase", "label": {"en": "p"}, "of": "participation", "options": parts(&["early", "late"])},
            {"key": "place", "label": {"en": "p"}, "of": "story", "options": parts(&["in", "out"])}],
        "prompts": [{"key": "p", "text": {"en": "?"}}], "signifiers": signifiers
    });
    Arc::new(framework::parse(&document).unwrap_or_else(|p| panic!("{p}")))
}

fn parts(keys: &[&str]) -> Value {
    keys.iter().map(|k| json!({"key": k, "label": {"en": k}})).collect()
}

fn axis() -> Value {
    json!({"start": {"en": "-"}, "end": {"en": "+"}})
}

/// A candidate's story of the newest version in wave 1 about participant `person`, with these placements.
pub fn record(person: u32, placements: Value) -> StoryRecord {
    StoryRecord {
        id: Uuid::from_u128(u128::from(person) << 64),
        framework_version: 2,
        wave: "1".into(),
        perspective: "candidate".into(),
        participant: Some(format!("person-{person}")),
        teller: Some(format!("person-{person}")),
        language: "en".into(),
        released: true,
        permitted: true,
        published: true,
        attributes: Vec::new(),
        facts: json!({"placements": placements, "attributes": {}}).to_string(),
    }
}

/// A placement with a value.
pub fn answered(value: Value) -> Value {
    json!({"state": "answered", "value": value})
}

/// A study of `stories` random stories about few people, with everything that may go wrong in it.
pub fn random_records(seed: u64, stories: usize) -> Vec<StoryRecord> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let people = rng.random_range(1..=stories.max(1) as u32);
    (0..stories).map(|_| random_record(rng, people)).collect()
}

fn random_record(rng: &mut ChaCha8Rng, people: u32) -> StoryRecord {
    let version = *pick(rng, &[1, 2, 2]);
    let perspective = *pick(rng, &PERSPECTIVES);
    let person = rng.random_range(0..people);
    let framework = shape().frameworks[&version].clone();
    let mut placements = Map::new();
    for signifier in framework.signifiers.iter().filter(|s| s.is_asked_of(perspective)) {
        if rng.random_bool(0.85) {
            placements.insert(signifier.key.clone(), random_placement(rng, signifier));
        }
    }
    let group = ["a", "b", "c"][person as usize % 3];
    let attributes = [("group", group), ("phase", *pick(rng, &["early", "late"]))];
    let keep = rng.random_range(0..=2);
    StoryRecord {
        id: Uuid::from_u128(rng.random()),
        framework_version: version,
        wave: (*pick(rng, &WAVES)).into(),
        perspective: perspective.into(),
        participant: rng.random_bool(0.9).then(|| format!("person-{person}")),
        teller: rng.random_bool(0.8).then(|| format!("teller-{}", person / 2)),
        language: (*pick(rng, &["en", "nl"])).into(),
        released: rng.random_bool(0.7),
        permitted: true,
        published: true,
        attributes: attributes[..keep].iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
        facts: json!({"placements": placements, "attributes": {"place": pick(rng, &["in", "out"])}}).to_string(),
    }
}

fn random_placement(rng: &mut ChaCha8Rng, signifier: &framework::Signifier) -> Value {
    use framework::SignifierKind::*;
    let state = *pick(rng, &["answered", "answered", "answered", "answered", "notApplicable", "unknown", "declined", "skipped"]);
    if state != "answered" {
        return json!({"state": state});
    }
    let position = |rng: &mut ChaCha8Rng| f64::from(rng.random_range(0..=20u32)) / 20.0;
    let keys = |list: &[framework::Anchor]| list.iter().map(|a| a.key.clone()).collect::<Vec<_>>();
    answered(match signifier.kind {
        Triad => {
            let (a, b) = (rng.random_range(0..=10u32), rng.random_range(0..=10u32));
            let (a, b) = (a.min(b), a.abs_diff(b));
            let part = |n: u32| f64::from(n) / 10.0;
            json!({"shares": [part(a), part(b), part(10 - a - b)]})
        }
        Dyad => json!({"position": position(rng)}),
        Stones => {
            let placed = signifier.stones.iter().filter(|_| rng.random_bool(0.8)).collect::<Vec<_>>();
            json!({"stones": placed.iter().map(|s| json!({"key": s.key, "x": position(rng), "y": position(rng)})).collect::<Vec<_>>()})
        }
        Scale => json!({"point": pick(rng, &keys(&signifier.points))}),
        Choice if signifier.multiple => {
            let taken: Vec<_> = keys(&signifier.options).into_iter().filter(|_| rng.random_bool(0.5)).collect();
            if taken.is_empty() { json!({"options": [signifier.options[0].key]}) } else { json!({"options": taken}) }
        }
        Choice => json!({"options": [pick(rng, &keys(&signifier.options))]}),
        Text => json!({"text": "some \"words\" that are passed over"}),
    })
}

pub fn pick<'a, T>(rng: &mut impl Rng, list: &'a [T]) -> &'a T {
    &list[rng.random_range(0..list.len())]
}

pub fn snapshot(records: Vec<StoryRecord>) -> Snapshot {
    Snapshot::build(1, shape(), records).unwrap()
}

pub fn viewer(audience: Audience) -> Viewer {
    Viewer { audience, thresholds: Thresholds::default() }
}

pub fn ask(snapshot: &Snapshot, lens: Value, audience: Audience) -> SummaryAnswer {
    let lens: Lens = serde_json::from_value(lens).unwrap();
    summarise(snapshot, &lens, viewer(audience), None)
}

pub fn of<'a>(answer: &'a SummaryAnswer, key: &str) -> &'a SignifierSummary {
    answer.summaries.iter().find(|s| s.signifier == key).unwrap()
}
