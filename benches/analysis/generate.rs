//! Studies of any size from a seeded stream: one layer, one story a participant, all kinds of signifiers, one answer in
//! twenty absent. Some signifiers share a cause, so that there is something to find.

use std::collections::BTreeMap;
use std::sync::Arc;

use duiding::analysis::record::{StoryRecord, StudyShape};
use duiding::domain::framework::{self, SignifierKind};
use duiding::domain::placement::{AnswerState, Placement, PlacementValue, StonePoint, close_shares};
use duiding::domain::story::Facts;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use uuid::Uuid;

/// The kinds of signifiers, in turn: as many dyads as anything else together with triads.
const KINDS: [SignifierKind; 7] = [
    SignifierKind::Dyad,
    SignifierKind::Triad,
    SignifierKind::Scale,
    SignifierKind::Choice,
    SignifierKind::Dyad,
    SignifierKind::Triad,
    SignifierKind::Stones,
];
const OPTIONS: [&str; 4] = ["u", "v", "w", "z"];
const POINTS: [&str; 5] = ["1", "2", "3", "4", "5"];

/// The answers to one signifier; numbers are 1 for a position or point, 2 for a place, 3 for shares, 1 for an option.
pub struct Answers {
    pub key: String,
    pub kind: SignifierKind,
    pub values: Vec<Option<[f64; 3]>>,
}

pub fn answers(stories: usize, signifiers: usize) -> Vec<Answers> {
    let rng = &mut ChaCha8Rng::seed_from_u64(7);
    let cause: Vec<f64> = (0..stories).map(|_| rng.random()).collect();
    (0..signifiers)
        .map(|i| {
            let kind = KINDS[i % KINDS.len()];
            // One in three follows the common cause, more or less.
            let pull = if i % 3 == 0 { 0.4 } else { 0.0 };
            let value = |c: &f64| rng.random_bool(0.95).then(|| one(rng, kind, *c, pull));
            Answers { key: format!("s{i:02}"), kind, values: cause.iter().map(value).collect() }
        })
        .collect()
}

fn one(rng: &mut ChaCha8Rng, kind: SignifierKind, cause: f64, pull: f64) -> [f64; 3] {
    let mut near = || pull * cause + (1.0 - pull) * rng.random::<f64>();
    match kind {
        SignifierKind::Triad => {
            let parts = [near(), near() * (1.0 - pull), near() * (1.0 - pull)].map(|u| -(1.0 - u * 0.999_999).ln() + 1e-9);
            close_shares(parts.map(|p| p / parts.iter().sum::<f64>()))
        }
        SignifierKind::Stones => [near(), near(), 0.0],
        SignifierKind::Dyad => [near(), 0.0, 0.0],
        SignifierKind::Scale => [(near() * 5.0).floor().min(4.0), 0.0, 0.0],
        _ => [(near() * 4.0).floor().min(3.0), 0.0, 0.0],
    }
}

fn parts(keys: &[&str]) -> Value {
    keys.iter().map(|k| json!({"key": k, "label": {"en": k}})).collect()
}

fn signifier(answers: &Answers) -> Value {
    let axis = json!({"start": {"en": "-"}, "end": {"en": "+"}});
    let mut signifier = match answers.kind {
        SignifierKind::Triad => json!({"kind": "triad", "anchors": parts(&["t", "l", "r"])}),
        SignifierKind::Stones => json!({"kind": "stones", "axes": {"x": axis, "y": axis}, "stones": parts(&["s"])}),
        SignifierKind::Dyad => json!({"kind": "dyad", "anchors": parts(&["low", "high"])}),
        SignifierKind::Scale => json!({"kind": "scale", "points": parts(&POINTS)}),
        _ => json!({"kind": "choice", "options": parts(&OPTIONS)}),
    };
    signifier["key"] = json!(answers.key);
    signifier["question"] = json!({"en": "?"});
    signifier
}

pub fn shape(answers: &[Answers]) -> StudyShape {
    let document = json!({
        "schema": 1, "key": "bench", "title": {"en": "Bench"}, "languages": ["en"], "defaultLanguage": "en",
        "perspectives": parts(&["candidate"]), "prompts": [{"key": "p", "text": {"en": "?"}}],
        "attributes": [{"key": "group", "label": {"en": "g"}, "of": "participant", "options": parts(&["a", "b", "c"])}],
        "signifiers": answers.iter().map(signifier).collect::<Vec<_>>()
    });
    let framework = framework::parse(&document).unwrap_or_else(|p| panic!("{p}"));
    StudyShape { frameworks: BTreeMap::from([(1, Arc::new(framework))]), waves: vec!["1".into()], published: 0 }
}

pub fn records(answers: &[Answers], stories: usize) -> Vec<StoryRecord> {
    (0..stories).map(|row| record(answers, row)).collect()
}

fn record(answers: &[Answers], row: usize) -> StoryRecord {
    let placements = answers.iter().map(|a| (a.key.clone(), placement(a, row))).collect();
    let facts = Facts { placements, attributes: BTreeMap::new() };
    StoryRecord {
        id: Uuid::from_u128(row as u128 + 1),
        framework_version: 1,
        wave: "1".into(),
        perspective: "candidate".into(),
        participant: Some(format!("person-{row}")),
        teller: None,
        language: "en".into(),
        released: true,
        permitted: true,
        published: true,
        attributes: vec![("group".into(), ["a", "b", "c"][row % 3].into())],
        facts: serde_json::to_string(&facts).expect("facts are JSON"),
    }
}

fn placement(answers: &Answers, row: usize) -> Placement {
    let value = answers.values[row].map(|value| placed(answers.kind, value));
    let state = if value.is_some() { AnswerState::Answered } else { AnswerState::NotApplicable };
    Placement { state, value, input_method: None, rotation: None }
}

fn placed(kind: SignifierKind, value: [f64; 3]) -> PlacementValue {
    let empty = PlacementValue::default();
    let index = value[0] as usize;
    match kind {
        SignifierKind::Triad => PlacementValue { shares: Some(value.to_vec()), ..empty },
        SignifierKind::Stones => {
            PlacementValue { stones: Some(vec![StonePoint { key: "s".into(), x: value[0], y: value[1] }]), ..empty }
        }
        SignifierKind::Dyad => PlacementValue { position: Some(value[0]), ..empty },
        SignifierKind::Scale => PlacementValue { point: Some(POINTS[index].into()), ..empty },
        _ => PlacementValue { options: Some(vec![OPTIONS[index].into()]), ..empty },
    }
}
