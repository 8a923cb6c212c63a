//! Where there is nothing, hardly ever anything is called clear (ground rules G1 and G3): run by `make proof`.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde_json::{Map, Value};

use super::simulated::{Plan, every_kind, noise, reported, shape, studies};
use super::{FIXTURE, read};
use crate::analysis::record::{StoryRecord, StudyShape};
use crate::analysis::report::study::LayerName;
use crate::analysis::report::types::Contrast;
use crate::analysis::report::types::EvidenceClass::{self, Clear, TooFew};
use crate::analysis::report::{Report, Section, Settings};

const PAIRS: [Section; 2] = [Section::Pairs, Section::Contrasts];
const ALL: [Section; 4] = [Section::Pairs, Section::Contrasts, Section::Changes, Section::Perspectives];

fn settings(sections: &[Section], pool: bool) -> Settings {
    Settings { sections: sections.iter().copied().collect(), permutations: 1_999, pool, ..Settings::default() }
}

/// Every family of the report, and whether something in it is called clear.
fn families(report: &Report) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    let mut note = |family: String, evidence: EvidenceClass| {
        if evidence != TooFew {
            *found.entry(family).or_default() |= evidence == Clear;
        }
    };
    let layer = |l: &LayerName| format!("{} {}", l.wave.as_deref().unwrap_or("all"), l.perspective.as_deref().unwrap_or("all"));
    report.pairs.iter().for_each(|p| note(format!("pairs {}", layer(&p.relation.layer)), p.relation.evidence));
    report.contrasts.iter().for_each(|c| note(format!("contrasts {}", layer(&c.relation.layer)), c.relation.evidence));
    report.changes.iter().for_each(|c| note(format!("changes {} {}-{}", c.perspective, c.from, c.to), c.evidence));
    report.perspectives.iter().for_each(|g| note(format!("perspectives {}", g.wave), g.evidence));
    let states = &report.states;
    let of_states = |c: &Contrast| note(format!("states contrasts {}", layer(&c.relation.layer)), c.relation.evidence);
    states.contrasts.iter().for_each(of_states);
    states.changes.iter().for_each(|c| note(format!("states changes {} {}-{}", c.perspective, c.from, c.to), c.evidence));
    states.perspectives.iter().for_each(|g| note(format!("states perspectives {}", g.wave), g.evidence));
    found
}

/// Counts false alarms by family: of 200 studies 18 at most, where 10 are to be expected of a test that is exactly right
/// (2.6 standard deviations more).
fn prove(
    name: &str,
    shape: &StudyShape,
    settings: &Settings,
    families_expected: usize,
    make: impl Fn(u64) -> Vec<StoryRecord> + Sync,
) {
    let n = studies();
    let each = (0..u64::from(n)).into_par_iter().map(|seed| families(&reported(shape, make(seed), settings)));
    let mut alarms: BTreeMap<String, u32> = BTreeMap::new();
    for (family, clear) in each.collect::<Vec<_>>().into_iter().flatten() {
        *alarms.entry(family).or_default() += u32::from(clear);
    }
    let mean = 0.05 * f64::from(n);
    let most = (mean + 2.6 * (0.95 * mean).sqrt()).floor() as u32;
    println!("{name}: studies of {n} with something clear, at most {most}: {alarms:?}");
    assert_eq!(alarms.len(), families_expected, "{alarms:?}");
    assert!(alarms.values().all(|clear| *clear <= most), "{name}: {alarms:?}");
}

const TWICE: Plan = Plan { people: 48, waves: &["1", "2"], perspectives: &["candidate", "coach"], own: 0.5 };

#[test]
#[ignore = "a proof: `make proof`"]
fn noise_of_few_people_is_not_called_clear() {
    let shape = shape(TWICE.waves, every_kind(), Value::Array(Vec::new()));
    prove("48 people", &shape, &settings(&ALL, false), 12, |seed| noise(seed, &TWICE));
}

#[test]
#[ignore = "a proof: `make proof`"]
fn noise_of_more_people_is_not_called_clear() {
    let plan = Plan { people: 90, ..TWICE };
    let shape = shape(plan.waves, every_kind(), Value::Array(Vec::new()));
    prove("90 people", &shape, &settings(&ALL, false), 12, |seed| noise(1_000_000 + seed, &plan));
}

#[test]
#[ignore = "a proof: `make proof`"]
fn people_who_tell_three_stories_count_once() {
    let plan = Plan { people: 40, waves: &["1", "2", "3"], perspectives: &["candidate"], own: 0.7 };
    let shape = shape(plan.waves, every_kind(), Value::Array(Vec::new()));
    prove("40 people, 3 stories each", &shape, &settings(&PAIRS, true), 2, |seed| noise(2_000_000 + seed, &plan));
}

/// The study of the fixture, with each answer given to somebody else in the same layer: real margins, no links.
fn dealt(records: &[StoryRecord], seed: u64) -> Vec<StoryRecord> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut layers: BTreeMap<(String, String), Vec<StoryRecord>> = BTreeMap::new();
    for record in records {
        layers.entry((record.wave.clone(), record.perspective.clone())).or_default().push(record.clone());
    }
    let keys: Vec<&str> =
        FIXTURE["framework"]["signifiers"].as_array().unwrap().iter().map(|s| s["key"].as_str().unwrap()).collect();
    for layer in layers.values_mut() {
        let mut facts: Vec<Value> = layer.iter().map(|r| serde_json::from_str(&r.facts).unwrap()).collect();
        let mut dealt = vec![Map::new(); layer.len()];
        for key in &keys {
            let mut column: Vec<Value> = facts.iter().map(|f| f["placements"][key].clone()).collect();
            column.shuffle(rng);
            let given = dealt.iter_mut().zip(column).filter(|(_, answer)| !answer.is_null());
            given.for_each(|(to, answer)| drop(to.insert((*key).to_owned(), answer)));
        }
        for ((record, facts), dealt) in layer.iter_mut().zip(&mut facts).zip(dealt) {
            facts["placements"] = dealt.into();
            record.facts = facts.to_string();
        }
    }
    layers.into_values().flatten().collect()
}

#[test]
#[ignore = "a proof: `make proof`"]
fn answers_dealt_out_anew_are_not_called_clear() {
    let read = read(&FIXTURE["framework"], FIXTURE["table"].as_str().unwrap());
    prove("dealt out anew", &read.shape, &settings(&PAIRS, false), 15, |seed| dealt(&read.records, seed));
}
