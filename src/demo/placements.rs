//! Which signifiers get an answer, and the `placements` and `background` members of a story.

use std::collections::BTreeMap;

use rand_chacha::ChaCha20Rng;
use serde_json::{Map, Value, json};

use super::answers::{Scene, value};
use super::draw::{chance, weighted};
use super::frame::{Frame, Kind, Signifier, View};
use super::people::{Leanings, Person, background_option};
use super::planted::{FITTING_NOT_ABOUT, MANAGER_UNKNOWN};

/// How much of the state of a story comes from the person, the wave, the teller; the rest is the story's own.
const CANDIDATE_PARTS: [f64; 3] = [0.6, 0.35, 0.0];
const PROFESSIONAL_PARTS: [f64; 3] = [0.45, 0.3, 0.25];
const OWN_WORK_PARTS: [f64; 3] = [0.0, 0.0, 0.25];

/// The state of one story: standard normal again, and alike for stories of one person, wave and teller.
pub(super) fn mixed(view: View, person: Option<&Leanings>, wave: &Leanings, teller: &Leanings, own: &Leanings) -> Leanings {
    let parts = match (view, person) {
        (_, None) => OWN_WORK_PARTS,
        (View::Candidate, _) => CANDIDATE_PARTS,
        _ => PROFESSIONAL_PARTS,
    };
    let rest = (1.0 - parts.iter().map(|part| part * part).sum::<f64>()).sqrt();
    let of = |leanings: Option<&Leanings>, key: &str, index: usize| leanings.and_then(|l| l.get(key)).map_or(0.0, |z| z[index]);
    let mix = |key: &str, index: usize| {
        let shared =
            parts[0] * of(person, key, index) + parts[1] * of(Some(wave), key, index) + parts[2] * of(Some(teller), key, index);
        shared + rest * of(Some(own), key, index)
    };
    own.keys().map(|key| (key.clone(), std::array::from_fn(|index| mix(key, index)))).collect()
}

/// The answers to all signifiers that this perspective is asked, in the order of the framework.
pub(super) fn placements(frame: &Frame, scene: &Scene, rng: &mut ChaCha20Rng) -> Map<String, Value> {
    let perspective = frame.perspective(scene.view);
    let journeys = frame.options("transport");
    let asked = frame.signifiers.iter().filter(|s| !s.background && s.asked_of(&perspective));
    let mut placed: Map<String, Value> = Map::new();
    for signifier in asked {
        let state = state(signifier, scene, &placed, rng);
        let method = input_method(&signifier.kind, rng);
        let placement = match state {
            "answered" => json!({"state": state, "value": value(signifier, scene, journeys), "inputMethod": method}),
            _ => json!({"state": state}),
        };
        placed.insert(signifier.key.clone(), placement);
    }
    placed
}

/// The background questions, asked once of a candidate.
pub(super) fn background(frame: &Frame, person: &Person, rng: &mut ChaCha20Rng) -> Map<String, Value> {
    let perspective = frame.perspective(View::Candidate);
    let asked = frame.signifiers.iter().filter(|s| s.background && s.asked_of(&perspective));
    let answer = |signifier: &Signifier| {
        let option = background_option(frame, person, &signifier.key, rng);
        let declined = signifier.may_decline && chance(rng, 0.04);
        let skipped = !signifier.required && chance(rng, 0.02);
        let placement = match option {
            _ if declined => json!({"state": "declined"}),
            Some(option) if !skipped => json!({"state": "answered", "value": {"options": [option]}, "inputMethod": "tap"}),
            _ => json!({"state": "skipped"}),
        };
        (signifier.key.clone(), placement)
    };
    asked.map(answer).collect()
}

/// Draws the state of an answer: most often answered.
fn state(signifier: &Signifier, scene: &Scene, before: &Map<String, Value>, rng: &mut ChaCha20Rng) -> &'static str {
    let drawn = chances(signifier, scene);
    let index = weighted(rng, &drawn);
    if scene.spot(&signifier.key).is_some() {
        return "answered";
    }
    if signifier.key == "transport-effort" && no_journey(before) {
        return "notApplicable";
    }
    ["notApplicable", "unknown", "declined", "skipped", "answered"][index]
}

/// The chances of notApplicable, unknown, declined, skipped and answered.
fn chances(signifier: &Signifier, scene: &Scene) -> [f64; 5] {
    let evasive = scene.person.map_or(1.0, |person| person.evasive);
    let professional = scene.view != View::Candidate;
    let unknown = if professional && signifier.may_not_know { unknown_chance(&signifier.key, scene) } else { 0.0 };
    let not_about = (not_about_chance(&signifier.key, scene) * evasive).min(0.6) + extra_not_about(&signifier.key, scene);
    let declined = if signifier.may_decline { 0.06 } else { 0.0 };
    let skipped = if signifier.required { 0.0 } else { 0.05 };
    [not_about, unknown, declined, skipped, 1.0 - not_about - unknown - declined - skipped]
}

fn not_about_chance(key: &str, scene: &Scene) -> f64 {
    let own_work = if scene.person.is_none() { 0.3 } else { 0.0 };
    let usual = match key {
        "whose" => return 0.0,
        "tone" | "how-common" | "who-should-hear" => return 0.015,
        "money" | "confidence" => 0.05,
        "culture" => 0.13,
        "language-around" => 0.11,
        "health" => 0.06,
        "transport" | "transport-effort" => 0.05,
        _ => 0.08,
    };
    usual + own_work
}

fn extra_not_about(key: &str, scene: &Scene) -> f64 {
    let learning = scene.person.is_some_and(|person| !person.temporary);
    if key == "fitting-work" && learning { FITTING_NOT_ABOUT.size } else { 0.0 }
}

fn unknown_chance(key: &str, scene: &Scene) -> f64 {
    match key {
        "whose" => 0.0,
        "transport-effort" if scene.view == View::Manager => 0.06 + MANAGER_UNKNOWN.size,
        "meaningful-days" | "culture" => 0.09,
        "tone" | "who-should-hear" => 0.01,
        _ => 0.05,
    }
}

/// Whether there was no way to go: then the effort of it is not about this story.
fn no_journey(before: &Map<String, Value>) -> bool {
    let Some(transport) = before.get("transport") else { return false };
    let needed_none = transport["value"]["options"][0].as_str().is_some_and(|option| option.contains("not-needed"));
    needed_none || transport["state"] == "notApplicable"
}

fn input_method(kind: &Kind, rng: &mut ChaCha20Rng) -> &'static str {
    let figure = matches!(kind, Kind::Triad | Kind::Dyad | Kind::Stones(_));
    let weights = if figure { [0.68, 0.22, 0.06, 0.04] } else { [0.0, 0.93, 0.07, 0.0] };
    ["drag", "tap", "keyboard", "number"][weighted(rng, &weights)]
}

/// The permissions of a story by consent key. Only what was recorded can be kept until it is typed out.
pub(super) fn permissions(frame: &Frame, on_site: bool, rng: &mut ChaCha20Rng) -> BTreeMap<String, bool> {
    let recorded = chance(rng, 0.15) && on_site;
    let mut given = |scope: &str| match scope {
        "recording" => recorded,
        "archive" => chance(rng, 0.6) && recorded,
        "quote" => chance(rng, 0.74),
        _ => chance(rng, 0.9),
    };
    frame.permissions.iter().map(|(key, scope)| (key.clone(), given(scope))).collect()
}
