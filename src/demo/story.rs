//! One told story as the body that a phone would send.

use chrono::SecondsFormat;
use rand_chacha::ChaCha20Rng;
use serde_json::{Map, Value, json};

use super::DemoStory;
use super::answers::Scene;
use super::calendar::{Times, had_time_to_release, recent_month, times, wave_key};
use super::draw::{between, chance, demo_uuid, pick, weighted};
use super::flags::{flags, tone};
use super::frame::{Frame, View};
use super::people::Person;
use super::placements::{background, permissions, placements};
use super::texts::{Library, Used, Wanted};

/// What stories are made with.
#[derive(Debug)]
pub(super) struct Desk<'a> {
    pub(super) frame: &'a Frame,
    pub(super) library: &'a Library,
    pub(super) used: Used,
}

/// Who tells, and how.
#[derive(Debug)]
struct Telling {
    language: &'static str,
    mode: &'static str,
    interpreter: bool,
    times: Times,
}

/// Writes one story of this teller; `first` stories of a candidate carry the background questions.
pub(super) fn story(desk: &mut Desk, scene: &Scene, teller: &str, first: bool, rng: &mut ChaCha20Rng) -> DemoStory {
    let id = demo_uuid(rng);
    let telling = telling(desk.frame, scene, rng);
    let placements = placements(desk.frame, scene, rng);
    let (title, text) = words(desk, scene, &placements, &telling, rng);
    let asked = scene.person.filter(|_| first && scene.view == View::Candidate);
    let background = asked.map(|person| background(desk.frame, person, rng)).unwrap_or_default();
    let received = telling.times.received;
    let released = chance(rng, if had_time_to_release(scene.wave, received) { 0.96 } else { 0.2 });
    let body = json!({
        "schema": 1,
        "frameworkVersion": 1,
        "wave": wave_key(scene.wave),
        "teller": teller,
        "participant": scene.person.map(|person| person.code.as_str()),
        "perspective": desk.frame.perspective(scene.view),
        "mode": telling.mode,
        "prompt": prompt(desk.frame, rng),
        "title": title,
        "text": text,
        "language": telling.language,
        "interpreter": telling.interpreter,
        "placements": placements,
        "background": background,
        "permissions": permissions(desk.frame, telling.mode == "onSite", rng),
        "consent": consent(desk.frame, &telling, rng),
        "collectedBy": format!("synthetic facilitator {}", between(rng, 1, 7)),
        "device": device(&telling.times),
        "attachments": [],
    });
    DemoStory { id, received_at: received, body, released }
}

fn telling(frame: &Frame, scene: &Scene, rng: &mut ChaCha20Rng) -> Telling {
    let candidate = scene.person.filter(|_| scene.view == View::Candidate);
    let language = if scene.outlier.is_some() { "nl" } else { candidate.map_or("nl", |person| person.tells_in) };
    let mode = mode(candidate.is_some(), rng);
    let interpreter = chance(rng, candidate.map_or(0.0, |person| interpreter_chance(frame, person, language)));
    Telling { language, mode, interpreter, times: times(scene.wave, mode == "onSite", rng) }
}

/// Professionals mostly write themselves, candidates mostly sit together with a facilitator.
fn mode(candidate: bool, rng: &mut ChaCha20Rng) -> &'static str {
    let weights = if candidate { [0.72, 0.12, 0.05, 0.11] } else { [0.2, 0.1, 0.1, 0.6] };
    ["onSite", "phone", "video", "self"][weighted(rng, &weights)]
}

fn interpreter_chance(frame: &Frame, person: &Person, language: &str) -> f64 {
    match (frame.languages.iter().any(|l| l == language), person.newcomer()) {
        (false, _) => 0.85,
        (true, true) if language == "nl" => 0.35,
        _ => 0.0,
    }
}

fn words(
    desk: &mut Desk,
    scene: &Scene,
    placements: &Map<String, Value>,
    telling: &Telling,
    rng: &mut ChaCha20Rng,
) -> (String, String) {
    if let Some(outlier) = scene.outlier {
        let (title, text) = desk.library.outlier(outlier.key);
        return (title.to_owned(), text);
    }
    let group = match (scene.view, scene.person) {
        (View::Candidate, _) => format!("candidate.{}", telling.language),
        (_, Some(_)) => "professional.nl".to_owned(),
        (_, None) => "own.nl".to_owned(),
    };
    let wanted = Wanted {
        group: &group,
        language: telling.language,
        tone: tone(desk.frame, placements),
        flags: flags(desk.frame, scene, placements),
        person: scene.person,
        month: recent_month(telling.times.started, rng),
    };
    desk.library.compose(&wanted, &mut desk.used, rng)
}

fn prompt(frame: &Frame, rng: &mut ChaCha20Rng) -> Option<String> {
    if frame.prompts.is_empty() { None } else { Some(pick(rng, &frame.prompts).clone()) }
}

/// Consent is asked in a language that the framework has, through the interpreter where that is another one.
fn consent(frame: &Frame, telling: &Telling, rng: &mut ChaCha20Rng) -> Value {
    let offered = frame.languages.iter().find(|language| *language == telling.language);
    let way = match telling.mode {
        "onSite" => *pick(rng, &["spoken", "written", "written", "tapped"]),
        "self" => "tapped",
        _ => "spoken",
    };
    let at = telling.times.started.to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({"version": "1", "language": offered.unwrap_or(&frame.default_language), "way": way, "at": at})
}

fn device(times: &Times) -> Value {
    let [started, finished, sent] =
        [times.started, times.finished, times.sent].map(|t| t.to_rfc3339_opts(SecondsFormat::Secs, true));
    json!({"startedAt": started, "finishedAt": finished, "sentAt": sent, "appVersion": "demo"})
}
