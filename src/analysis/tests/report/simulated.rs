//! Studies made by chance, of which it is known what is true.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::study::{answered, pick, viewer};
use crate::analysis::record::{StoryRecord, StudyShape};
use crate::analysis::report::{Report, Settings, report};
use crate::analysis::snapshot::Snapshot;
use crate::domain::framework;
use crate::domain::role::Audience;

/// What a simulated study looks like.
pub struct Plan {
    pub people: u32,
    pub waves: &'static [&'static str],
    pub perspectives: &'static [&'static str],
    /// How much of an answer is the person's own, the same at every telling: 0 none, 1 all.
    pub own: f64,
}

fn parts(keys: &[&str]) -> Value {
    keys.iter().map(|k| json!({"key": k, "label": {"en": k}})).collect()
}

/// The shape of a study with these signifiers and planned questions.
pub fn shape(waves: &[&str], signifiers: Vec<Value>, planned: Value) -> StudyShape {
    let asked = |mut s: Value| {
        s["question"] = json!({"en": "?"});
        s
    };
    let document = json!({
        "schema": 1, "key": "simulated", "title": {"en": "Simulated"}, "languages": ["en"], "defaultLanguage": "en",
        "perspectives": parts(&["candidate", "coach"]), "prompts": [{"key": "p", "text": {"en": "?"}}], "planned": planned,
        "attributes": [
            {"key": "group", "label": {"en": "g"}, "of": "participant", "options": parts(&["a", "b"])},
            {"key": "track", "label": {"en": "t"}, "of": "participant", "options": parts(&["x", "y", "z"])}],
        "signifiers": signifiers.into_iter().map(asked).collect::<Vec<_>>()
    });
    let framework = Arc::new(framework::parse(&document).unwrap_or_else(|p| panic!("{p}")));
    let waves = waves.iter().map(|w| (*w).to_owned()).collect();
    StudyShape { frameworks: BTreeMap::from([(1, framework)]), waves, published: 0 }
}

/// A dyad.
pub fn dyad(key: &str) -> Value {
    json!({"key": key, "kind": "dyad", "anchors": parts(&["low", "high"])})
}

/// One signifier of every kind that patterns are looked for in.
pub fn every_kind() -> Vec<Value> {
    let axis = json!({"start": {"en": "-"}, "end": {"en": "+"}});
    vec![
        json!({"key": "tri", "kind": "triad", "anchors": parts(&["t", "l", "r"])}),
        dyad("first"),
        dyad("second"),
        json!({"key": "points", "kind": "scale", "points": parts(&["1", "2", "3", "4", "5"])}),
        json!({"key": "one", "kind": "choice", "options": parts(&["u", "v", "w"])}),
        json!({"key": "some", "kind": "choice", "multiple": true, "options": parts(&["m", "n"])}),
        json!({"key": "field", "kind": "stones", "axes": {"x": axis, "y": axis}, "stones": parts(&["s"])}),
    ]
}

/// A story of this participant.
pub fn story(id: u64, person: u32, layer: (&str, &str), groups: [&str; 2], placements: Value) -> StoryRecord {
    StoryRecord {
        id: Uuid::from_u128(u128::from(id) + 1),
        framework_version: 1,
        wave: layer.0.into(),
        perspective: layer.1.into(),
        participant: Some(format!("person-{person}")),
        teller: None,
        language: "en".into(),
        released: true,
        permitted: true,
        published: true,
        attributes: vec![("group".into(), groups[0].into()), ("track".into(), groups[1].into())],
        facts: json!({"placements": placements, "attributes": {}}).to_string(),
    }
}

/// A study of every kind of signifier in which nothing has to do with anything but the person: no answer with another, with
/// a group, with the wave or with the perspective.
pub fn noise(seed: u64, plan: &Plan) -> Vec<StoryRecord> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut records = Vec::new();
    for person in 0..plan.people {
        let groups = [*pick(rng, &["a", "b"]), *pick(rng, &["x", "y", "z"])];
        let own: Vec<f64> = (0..20).map(|_| rng.random()).collect();
        for wave in plan.waves {
            for perspective in plan.perspectives {
                if rng.random_bool(0.05) {
                    continue;
                }
                let placements = answers(rng, &own, plan.own);
                records.push(story(rng.random(), person, (wave, perspective), groups, placements));
            }
        }
    }
    records
}

fn answers(rng: &mut ChaCha8Rng, own: &[f64], share: f64) -> Value {
    // Uniform, and with what is the person's own the same again: the person's number in a share of the answers.
    let mut at = own.iter().map(|own| if rng.random_bool(share) { *own } else { rng.random() }).collect::<Vec<f64>>().into_iter();
    let mut next = || at.next().unwrap();
    let (a, b) = (next(), next());
    let (low, high) = (a.min(b), a.max(b));
    let (points, one) = (next(), next());
    let one = ["u", "v", "w"][(3.0 * one) as usize];
    let taken = [("m", next() < 0.5), ("n", next() < 0.5)];
    let taken: Vec<&str> = taken.iter().filter(|(_, is)| *is).map(|(key, _)| *key).collect();
    let some = if taken.is_empty() { json!({"state": "skipped"}) } else { answered(json!({"options": taken})) };
    json!({
        "tri": answered(json!({"shares": [low, high - low, 1.0 - high]})),
        "first": answered(json!({"position": next()})),
        "second": answered(json!({"position": (20.0 * next()).round() / 20.0})),
        "points": answered(json!({"point": (1 + (5.0 * points * points) as u32).to_string()})),
        "one": answered(json!({"options": [one]})),
        "some": some,
        "field": answered(json!({"stones": [{"key": "s", "x": next(), "y": next()}]})),
    })
}

/// The report for a researcher.
pub fn reported(shape: &StudyShape, records: Vec<StoryRecord>, settings: &Settings) -> Report {
    let snapshot = Snapshot::build(0, shape.clone(), records).unwrap();
    report(&snapshot, settings, viewer(Audience::Researcher), None)
}

/// How many studies a proof looks at: PROOF_STUDIES, or 200.
pub fn studies() -> u32 {
    std::env::var("PROOF_STUDIES").ok().and_then(|n| n.parse().ok()).unwrap_or(200)
}
