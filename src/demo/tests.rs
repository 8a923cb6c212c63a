//! The study is well formed, repeatable and looks like life.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::texts::Library;
use super::{DemoParticipant, DemoStory, DemoStudy, study};

/// How many studies the tests look at, with seeds from 1 on.
pub(super) const SAMPLES: u64 = 6;

/// The reference framework.
pub(super) fn framework() -> Value {
    serde_json::from_str(include_str!("../domain/templates/reference.json")).expect("the template is JSON")
}

/// A study under the reference framework, made once for all tests.
pub(super) fn sample(seed: u64) -> &'static DemoStudy {
    static MADE: LazyLock<Vec<DemoStudy>> = LazyLock::new(|| (1..=SAMPLES).map(|seed| study(&framework(), seed)).collect());
    &MADE[seed as usize - 1]
}

/// Text of a member of a story's body.
pub(super) fn member<'a>(story: &'a DemoStory, name: &str) -> &'a str {
    story.body[name].as_str().unwrap_or_default()
}

fn told(study: &DemoStudy, perspective: &str) -> usize {
    study.stories.iter().filter(|story| member(story, "perspective") == perspective).count()
}

fn all_placements(study: &DemoStudy) -> impl Iterator<Item = (&String, &Value)> {
    study.stories.iter().flat_map(|story| story.body["placements"].as_object().expect("placements"))
}

fn by_code(study: &DemoStudy) -> BTreeMap<&str, &DemoParticipant> {
    study.participants.iter().map(|participant| (participant.code.as_str(), participant)).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let bytes = |study: &DemoStudy| format!("{study:?}") + &study.stories.iter().map(|s| s.body.to_string()).collect::<String>();
    assert_eq!(bytes(sample(2)), bytes(&study(&framework(), 2)));
    assert_ne!(bytes(sample(2)), bytes(sample(3)));
}

#[test]
fn the_study_is_as_large_as_planned() {
    for seed in 1..=5 {
        let study = sample(seed);
        assert_eq!(study.participants.len(), 126);
        assert_eq!(study.tellers.len(), 126 + 14);
        assert!((600..=750).contains(&study.stories.len()), "{} stories", study.stories.len());
        for perspective in ["candidate", "case-manager", "job-coach"] {
            assert!((160..=270).contains(&told(study, perspective)), "{perspective}");
        }
        let own_work = study.stories.iter().filter(|s| s.body["participant"].is_null()).count();
        assert!((4..=30).contains(&own_work), "{own_work} stories of own work");
    }
}

#[test]
fn codes_and_ids_are_unique_and_well_formed() {
    let study = sample(1);
    let tellers = study.tellers.iter().map(|teller| teller.code.as_str());
    let codes: Vec<&str> = study.participants.iter().map(|p| p.code.as_str()).chain(tellers).collect();
    let distinct: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(distinct.len(), codes.len());
    assert!(codes.iter().all(|code| code.len() == 9 && code.as_bytes()[4] == b'-'));
    let ids: BTreeSet<uuid::Uuid> = study.stories.iter().map(|story| story.id).collect();
    assert_eq!(ids.len(), study.stories.len());
    assert!(ids.iter().all(|id| id.get_version_num() == 4));
}

#[test]
fn nobody_tells_two_stories_in_a_wave_about_the_same_participant() {
    let study = sample(1);
    let layer =
        |s: &DemoStory| (member(s, "participant").to_owned(), member(s, "wave").to_owned(), member(s, "perspective").to_owned());
    let about: Vec<_> = study.stories.iter().filter(|s| s.body["participant"].is_string()).map(layer).collect();
    assert_eq!(about.iter().collect::<BTreeSet<_>>().len(), about.len());
}

#[test]
fn candidates_tell_exactly_when_their_participation_is_completed() {
    let study = sample(2);
    let mut told = BTreeSet::new();
    for story in study.stories.iter().filter(|story| member(story, "perspective") == "candidate") {
        told.insert((member(story, "participant"), member(story, "wave")));
    }
    for participant in &study.participants {
        for there in &participant.participations {
            assert_eq!(there.state == "completed", told.contains(&(participant.code.as_str(), there.wave.as_str())));
        }
    }
}

#[test]
fn nothing_is_left_of_withdrawn_people() {
    let study = sample(1);
    let withdrawn: Vec<&str> = study.participants.iter().filter(|p| p.status == "withdrawn").map(|p| p.code.as_str()).collect();
    assert_eq!(withdrawn.len(), 5);
    assert!(study.stories.iter().all(|story| !withdrawn.contains(&member(story, "participant"))));
    assert!(study.tellers.iter().all(|teller| teller.about.iter().all(|code| !withdrawn.contains(&code.as_str()))));
}

#[test]
fn professionals_tell_only_about_whom_they_guide_while_those_are_there() {
    let study = sample(3);
    let participants = by_code(study);
    let tellers: BTreeMap<&str, &Vec<String>> = study.tellers.iter().map(|t| (t.code.as_str(), &t.about)).collect();
    for story in study.stories.iter().filter(|s| member(s, "perspective") != "candidate" && s.body["participant"].is_string()) {
        let code = member(story, "participant");
        assert!(tellers[member(story, "teller")].iter().any(|about| about == code));
        let there = participants[code].participations.iter().find(|p| p.wave == member(story, "wave")).expect("a wave");
        assert!(!matches!(there.state, "notApplicable" | "declined" | "withdrawn"), "{}", there.state);
    }
}

#[test]
fn leaving_late_joining_missing_and_declining_all_occur() {
    let study = sample(1);
    let exits: BTreeSet<_> = study.participants.iter().filter_map(|p| p.exit_reason).collect();
    assert_eq!(exits, BTreeSet::from(["work", "education", "other-track", "stopped", "unknown"]));
    assert!(study.participants.iter().all(|p| (p.status == "exited") == p.exit_month.is_some()));
    for wave in ["2", "3"] {
        assert!(study.participants.iter().filter(|p| p.first_wave == wave).count() > 10);
    }
    let states: BTreeSet<_> = study.participants.iter().flat_map(|p| &p.participations).map(|p| p.state).collect();
    assert_eq!(states.len(), 7, "{states:?}");
    let open = study.participants.iter().map(|p| p.participations[2].state);
    assert!(open.clone().filter(|state| *state == "expected").count() > 3 && open.clone().all(|state| state != "missed"));
    let coaches = study
        .participants
        .iter()
        .flat_map(|p| &p.participations)
        .filter(|p| p.attributes.get("role").is_some_and(|r| r == "coach"));
    assert_eq!(coaches.count(), 4);
}

#[test]
fn every_signifier_asked_of_a_perspective_is_there_and_no_other() {
    let framework = framework();
    let study = sample(1);
    for story in &study.stories {
        let perspective = member(story, "perspective");
        let asked = framework["signifiers"].as_array().expect("signifiers").iter().filter(|s| s["background"] != true);
        let asked = asked.filter(|s| s["askedOf"].as_array().is_none_or(|of| of.iter().any(|p| p == perspective)));
        let keys: Vec<&str> = asked.filter_map(|s| s["key"].as_str()).collect();
        let placed: Vec<&str> = story.body["placements"].as_object().expect("placements").keys().map(String::as_str).collect();
        assert_eq!(placed, keys);
    }
}

#[test]
fn background_is_asked_once_of_each_candidate() {
    let study = sample(1);
    let mut asked: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for story in study.stories.iter().filter(|s| member(s, "perspective") == "candidate") {
        asked.entry(member(story, "participant")).or_default().push(story.body["background"]["gender"].is_object());
    }
    assert!(asked.values().all(|told| told[0] && told[1..].iter().all(|later| !later)));
}

#[test]
fn values_are_in_range_and_shares_add_up() {
    for (key, placement) in all_placements(sample(4)) {
        let value = &placement["value"];
        assert_eq!(placement["state"] == "answered", value.is_object(), "{key}");
        if let Some(shares) = value["shares"].as_array() {
            let shares: Vec<f64> = shares.iter().map(|share| share.as_f64().expect("a number")).collect();
            assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)) && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
        if let Some(position) = value.get("position") {
            assert!(position.as_f64().is_some_and(|at| (0.0..=1.0).contains(&at)), "{key}");
        }
        for stone in value["stones"].as_array().into_iter().flatten() {
            assert!(["x", "y"].iter().all(|axis| stone[axis].as_f64().is_some_and(|at| (0.0..=1.0).contains(&at))));
        }
    }
}

#[test]
fn some_answers_are_missing_and_most_are_given() {
    let study = sample(5);
    let all: Vec<&str> = all_placements(study).filter_map(|(_, placement)| placement["state"].as_str()).collect();
    let share = |state: &str| all.iter().filter(|s| **s == state).count() as f64 / all.len() as f64;
    assert!((0.05..=0.12).contains(&share("notApplicable")), "{}", share("notApplicable"));
    assert!(share("unknown") > 0.01 && share("skipped") > 0.003 && share("declined") > 0.0005);
    let candidate = study.stories.iter().filter(|s| member(s, "perspective") == "candidate");
    assert!(candidate.flat_map(|s| s.body["placements"].as_object()).flatten().all(|(_, p)| p["state"] != "unknown"));
}

#[test]
fn every_text_says_that_it_is_made_up_and_has_no_open_slots() {
    let markers =
        ["(verzonnen voorbeeldverhaal)", "(made-up example story)", "(قصة مثال مختلقة)", "(zmyślona historia przykładowa)"];
    for story in &sample(6).stories {
        let text = member(story, "text");
        assert!(markers.iter().any(|marker| text.ends_with(marker)), "{text}");
        assert!(!format!("{text}{}", member(story, "title")).contains(['{', '}', '[', ']', '<', '>', '|']), "{text}");
        assert!(member(story, "collectedBy").starts_with("synthetic"));
    }
}

#[test]
fn few_stories_are_the_same_and_all_languages_occur() {
    let study = sample(1);
    let texts: BTreeSet<&str> = study.stories.iter().map(|story| member(story, "text")).collect();
    assert!(texts.len() + 5 > study.stories.len(), "{} texts", texts.len());
    let languages: BTreeSet<&str> = study.stories.iter().map(|story| member(story, "language")).collect();
    assert_eq!(languages, BTreeSet::from(["ar", "en", "nl", "pl"]));
}

#[test]
fn every_group_of_texts_has_a_seed_that_always_fits() {
    let library = Library::load();
    let least = [
        ("candidate.nl", 60),
        ("professional.nl", 30),
        ("candidate.en", 15),
        ("candidate.ar", 10),
        ("candidate.pl", 10),
        ("own.nl", 6),
    ];
    for (group, seeds) in least {
        assert!(library.seeds(group).len() >= seeds, "{group}");
        for tone in ["low", "mid", "high"] {
            let fits = library.seeds(group).iter().filter(|seed| seed.tone == tone);
            let always = fits.clone().any(|seed| seed.needs.is_empty());
            assert!(always, "{group} has no seed for a {tone} story that fits everybody");
        }
    }
}

#[test]
fn stories_arrive_in_order_and_not_before_they_are_told() {
    let study = sample(1);
    assert!(study.stories.is_sorted_by_key(|story| story.received_at));
    for story in &study.stories {
        let wave = study.waves.iter().find(|wave| wave.key == member(story, "wave")).expect("a wave of the study");
        let told: chrono::DateTime<chrono::Utc> = member_at(story, "startedAt");
        assert!(told.date_naive() >= wave.opens_on - chrono::Duration::days(2) && told.date_naive() <= wave.closes_on);
        assert!(told < member_at(story, "finishedAt") && member_at(story, "sentAt") < story.received_at);
    }
    let waiting = study.stories.iter().filter(|story| !story.released).count();
    assert!((20..=120).contains(&waiting), "{waiting} stories wait for release");
}

fn member_at(story: &DemoStory, name: &str) -> chrono::DateTime<chrono::Utc> {
    story.body["device"][name].as_str().and_then(|at| at.parse().ok()).expect("a time")
}

#[test]
fn another_framework_still_gives_a_study() {
    let small: Value = serde_json::json!({
        "perspectives": [{"key": "teller"}],
        "signifiers": [{"key": "mood", "kind": "scale", "points": [{"key": "a"}, {"key": "b"}]}, {"key": "why", "kind": "text"}]
    });
    let study = study(&small, 1);
    assert!(study.stories.len() > 500);
    assert!(study.stories.iter().all(|story| story.body["placements"]["mood"].is_object()));
}
