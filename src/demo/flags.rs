//! What can be said of a story, read from its placements, so that its text tells the same.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::answers::Scene;
use super::frame::{Frame, View};

/// Low, mid or high: how pleasant the story is.
pub(super) fn tone(frame: &Frame, placements: &Map<String, Value>) -> &'static str {
    match height(frame, placements, "tone") {
        Some(low) if low < 0.4 => "low",
        Some(high) if high > 0.6 => "high",
        _ => "mid",
    }
}

/// The flags that the seeds of texts ask for.
pub(super) fn flags(frame: &Frame, scene: &Scene, placements: &Map<String, Value>) -> BTreeSet<&'static str> {
    let mut flags = of_person(scene);
    flags.extend(of_scales(frame, placements));
    flags.extend(of_dyads(placements));
    flags.extend(of_triads(placements));
    flags.extend(of_stones(placements));
    flags.extend(of_journey(placements));
    flags
}

fn of_person(scene: &Scene) -> BTreeSet<&'static str> {
    let person = scene.person;
    let when = [
        ("late", scene.wave > person.map_or(0, |p| p.entry)),
        ("job", person.is_some_and(|p| p.temporary)),
        ("learning", person.is_some_and(|p| !p.temporary)),
        ("newcomer", person.is_some_and(|p| !p.native)),
        ("coachrole", person.is_some_and(|p| p.becomes_coach) && scene.wave == 2),
        ("jobcoach", scene.view == View::Coach),
        ("casemanager", scene.view == View::Manager),
    ];
    true_ones(&when)
}

fn of_scales(frame: &Frame, placements: &Map<String, Value>) -> BTreeSet<&'static str> {
    let pairs = [("money", "moneyworry", "moneyok"), ("home", "homehard", "homeeasy"), ("transport-effort", "effort", "easy")];
    let flag = |(key, low, high): (&str, &'static str, &'static str)| match height(frame, placements, key) {
        Some(at) if at < 0.4 => Some(low),
        Some(at) if at > 0.6 => Some(high),
        _ => None,
    };
    pairs.into_iter().filter_map(flag).collect()
}

fn of_dyads(placements: &Map<String, Value>) -> BTreeSet<&'static str> {
    let at = |key: &str| placements.get(key).and_then(|p| p["value"]["position"].as_f64());
    let within = |key: &str, low: f64, high: f64| at(key).is_some_and(|at| at >= low && at < high);
    true_ones(&[
        ("unsure", within("confidence", 0.0, 0.40)),
        ("bold", within("confidence", 0.48, 1.1)),
        ("langhard", within("language-around", 0.0, 0.33)),
        ("langok", within("language-around", 0.36, 0.66)),
        ("langchild", within("language-around", 0.70, 1.1)),
        ("alone", within("culture", 0.0, 0.35)),
        ("both", within("culture", 0.45, 0.85)),
    ])
}

/// The corners that a dot leans to clearly, by their place: top, left, right.
fn of_triads(placements: &Map<String, Value>) -> BTreeSet<&'static str> {
    let corners = [
        ("competence", ["task", "people", "time"]),
        ("meaningful-days", ["rhythm", "others", "choice"]),
        ("fitting-work", ["fitcan", "fitwant", "fitlife"]),
    ];
    let leaning = |(key, names): (&str, [&'static str; 3])| {
        let share = |part: usize| placements.get(key).and_then(|p| p["value"]["shares"][part].as_f64()).unwrap_or_default();
        let largest = (0..3).max_by(|a, b| share(*a).total_cmp(&share(*b)))?;
        (share(largest) >= 0.43).then_some(names[largest])
    };
    corners.into_iter().filter_map(leaning).collect()
}

fn of_stones(placements: &Map<String, Value>) -> BTreeSet<&'static str> {
    let names = [("body", "bodybad", "bodygood"), ("mind", "mindbad", "mindgood"), ("contact", "contactbad", "contactgood")];
    let stones = placements.get("health").and_then(|p| p["value"]["stones"].as_array());
    let flag = |stone: &Value| {
        let (_, bad, good) = names.iter().find(|(word, ..)| stone["key"].as_str().is_some_and(|key| key.contains(word)))?;
        match stone["x"].as_f64()? {
            x if x < 0.42 => Some(*bad),
            x if x > 0.62 => Some(*good),
            _ => None,
        }
    };
    stones.into_iter().flatten().filter_map(flag).collect()
}

fn of_journey(placements: &Map<String, Value>) -> BTreeSet<&'static str> {
    let option = placements.get("transport").and_then(|p| p["value"]["options"][0].as_str()).unwrap_or_default();
    true_ones(&[
        ("pt", option.contains("public")),
        ("bike", option.ends_with("bike")),
        ("lift", option.contains("ride-along") || option.contains("brought")),
    ])
}

/// How high the chosen point is on its scale, from 0 to 1.
fn height(frame: &Frame, placements: &Map<String, Value>, key: &str) -> Option<f64> {
    let point = placements.get(key)?["value"]["point"].as_str()?;
    let points = frame.options(key);
    let index = points.iter().position(|p| p == point)?;
    Some(index as f64 / (points.len().max(2) - 1) as f64)
}

fn true_ones(flags: &[(&'static str, bool)]) -> BTreeSet<&'static str> {
    flags.iter().filter(|(_, holds)| *holds).map(|(name, _)| *name).collect()
}
