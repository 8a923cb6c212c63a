//! Stories for the reference framework from a seeded stream: three waves, three perspectives on each participant.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use duiding::analysis::record::{StoryRecord, StudyShape};
use duiding::domain::framework::{Anchor, Framework, REFERENCE, Signifier, SignifierKind};
use duiding::domain::placement::{AnswerState, InputMethod, Placement, PlacementValue, StonePoint, close_shares};
use duiding::domain::story::Facts;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

static FRAMEWORK: LazyLock<Arc<Framework>> =
    LazyLock::new(|| Arc::new(serde_json::from_str(REFERENCE).expect("the reference framework")));

pub fn shape() -> StudyShape {
    StudyShape {
        frameworks: BTreeMap::from([(1, FRAMEWORK.clone())]),
        waves: ["1", "2", "3"].map(String::from).into(),
        published: 1,
    }
}

pub fn signifiers() -> usize {
    FRAMEWORK.signifiers.len()
}

pub fn records(stories: usize) -> Vec<StoryRecord> {
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    (0..stories).map(|i| record(rng, i)).collect()
}

fn record(rng: &mut ChaCha8Rng, i: usize) -> StoryRecord {
    let (participant, wave, perspective) = (i / 9, i / 3 % 3, ["candidate", "case-manager", "job-coach"][i % 3]);
    let teller = if perspective == "candidate" { participant } else { 1_000_000 * (i % 3) + participant / 15 };
    let is_asked = |s: &&Signifier| s.is_asked_of(perspective) && (!s.background || wave == 0);
    let placements = FRAMEWORK.signifiers.iter().filter(is_asked).map(|s| (s.key.clone(), placement(rng, s))).collect();
    let facts = Facts { placements, attributes: BTreeMap::new() };
    let trajectory = ["temporary-job", "work-learning"][participant % 2];
    let months = ["months-0-3", "months-4-6", "months-7-12", "months-over-12"][(participant + wave) % 4];
    StoryRecord {
        id: Uuid::from_u128(rng.random()),
        framework_version: 1,
        wave: (wave + 1).to_string(),
        perspective: perspective.into(),
        participant: Some(Uuid::from_u128(participant as u128).to_string()),
        teller: Some(Uuid::from_u128(teller as u128).to_string()),
        language: ["nl", "nl", "en", "ar"][rng.random_range(0..4)].into(),
        released: rng.random_bool(0.8),
        permitted: true,
        published: true,
        attributes: vec![("trajectory".into(), trajectory.into()), ("months-in-track".into(), months.into())],
        facts: serde_json::to_string(&facts).expect("facts are JSON"),
    }
}

fn placement(rng: &mut ChaCha8Rng, signifier: &Signifier) -> Placement {
    let state = match rng.random_range(0..20) {
        0 => AnswerState::NotApplicable,
        1 => AnswerState::Unknown,
        2 => AnswerState::Skipped,
        _ => AnswerState::Answered,
    };
    let value = (state == AnswerState::Answered).then(|| value(rng, signifier));
    Placement { state, value, input_method: Some(InputMethod::Drag), rotation: None }
}

fn value(rng: &mut ChaCha8Rng, signifier: &Signifier) -> PlacementValue {
    let empty = PlacementValue::default();
    match signifier.kind {
        SignifierKind::Triad => {
            let parts: [f64; 3] = [0; 3].map(|_| -rng.random_range(1e-6..1.0f64).ln());
            let sum: f64 = parts.iter().sum();
            PlacementValue { shares: Some(close_shares(parts.map(|p| p / sum)).to_vec()), ..empty }
        }
        SignifierKind::Dyad => PlacementValue { position: Some(rng.random()), ..empty },
        SignifierKind::Stones => {
            let stones = signifier.stones.iter();
            let placed = stones.map(|s| StonePoint { key: s.key.clone(), x: rng.random(), y: rng.random() }).collect();
            PlacementValue { stones: Some(placed), ..empty }
        }
        SignifierKind::Scale => PlacementValue { point: Some(one(rng, &signifier.points)), ..empty },
        SignifierKind::Choice if signifier.multiple => {
            let taken: Vec<String> = signifier.options.iter().filter(|_| rng.random_bool(0.4)).map(|o| o.key.clone()).collect();
            let taken = if taken.is_empty() { vec![one(rng, &signifier.options)] } else { taken };
            PlacementValue { options: Some(taken), ..empty }
        }
        SignifierKind::Choice => PlacementValue { options: Some(vec![one(rng, &signifier.options)]), ..empty },
        SignifierKind::Text => PlacementValue { text: Some("A few words about it.".into()), ..empty },
    }
}

fn one(rng: &mut ChaCha8Rng, parts: &[Anchor]) -> String {
    parts[rng.random_range(0..parts.len())].key.clone()
}
