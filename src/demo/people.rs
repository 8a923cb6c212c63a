//! The latent people: what is fixed about each participant and decides on all that is told about that person.

use std::collections::BTreeMap;

use rand_chacha::ChaCha20Rng;

use super::calendar::{WAVES, month_after};
use super::draw::{between, chance, normal, stream, weighted};
use super::frame::{Frame, Kind, band};
use super::plan::{Fate, everybody, states};
use super::planted::{COMPETENCE_TIME, COMPETENCE_WORK};
use crate::domain::code::new_code;

/// How many case managers and job coaches guide the participants.
pub(super) const MANAGERS: u32 = 8;
/// See [`MANAGERS`].
pub(super) const COACHES: u32 = 6;
/// Fewer years in the country than this makes a newcomer in the planted pattern.
const NEWCOMER_YEARS: u32 = 5;

/// Standard normal leanings per signifier, several per signifier because a figure has more than one direction.
pub(super) type Leanings = BTreeMap<String, [f64; 6]>;

/// The corner of the competence triad where somebody's stories lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Corner {
    Work,
    Time,
    Between,
}

/// One participant.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) index: usize,
    pub(super) code: String,
    pub(super) teller: String,
    pub(super) entry: usize,
    pub(super) fate: Fate,
    pub(super) states: [&'static str; WAVES],
    pub(super) temporary: bool,
    pub(super) tells_in: &'static str,
    pub(super) native: bool,
    pub(super) years: Option<u32>,
    pub(super) feminine: bool,
    pub(super) months_before: u32,
    pub(super) transport: [Option<usize>; WAVES],
    pub(super) corner: Corner,
    pub(super) adapts_alone: bool,
    pub(super) evasive: f64,
    pub(super) place: usize,
    pub(super) bus: usize,
    pub(super) manager: usize,
    pub(super) coach: usize,
    pub(super) becomes_coach: bool,
    pub(super) exit_month: Option<String>,
    pub(super) leanings: Leanings,
}

impl Person {
    /// Whether this person is fewer than five years in the country.
    pub(super) fn newcomer(&self) -> bool {
        self.years.is_some_and(|years| years < NEWCOMER_YEARS)
    }

    /// Whether this person left the study with reason stopped.
    pub(super) fn stopped(&self) -> bool {
        matches!(self.fate, Fate::Leaves { reason: "stopped", .. })
    }

    /// Months in the track at this wave.
    pub(super) fn months(&self, wave: usize) -> u32 {
        self.months_before + 6 * (wave - self.entry) as u32
    }
}

/// Leanings for every signifier of the framework.
pub(super) fn leanings(frame: &Frame, rng: &mut ChaCha20Rng) -> Leanings {
    let asked = frame.signifiers.iter().filter(|signifier| !signifier.background);
    asked.map(|signifier| (signifier.key.clone(), std::array::from_fn(|_| normal(rng)))).collect()
}

/// Everybody whom the study follows.
pub(super) fn people(frame: &Frame, seed: u64) -> Vec<Person> {
    let plan = everybody(&mut stream(seed, 1));
    let mut people: Vec<Person> =
        plan.into_iter().enumerate().map(|(i, (entry, fate))| person(frame, seed, i, entry, fate)).collect();
    let told_last = people.iter_mut().filter(|p| p.fate == Fate::Stays && p.states[WAVES - 1] == "completed" && p.entry == 0);
    told_last.take(4).for_each(|person| person.becomes_coach = true);
    people
}

fn person(frame: &Frame, seed: u64, index: usize, entry: usize, fate: Fate) -> Person {
    let rng = &mut stream(seed, 1_000 + index as u64);
    let (code, teller) = (new_code(rng), new_code(rng));
    let for_work = matches!(fate, Fate::Leaves { reason: "work", .. });
    let temporary = chance(rng, if for_work { 0.75 } else { 0.48 });
    let native = chance(rng, 0.48);
    let years = years(native, rng);
    let habit = 0.25 + 0.5 * between(rng, 0, 100) as f64 / 100.0;
    Person {
        index,
        code,
        teller,
        entry,
        fate,
        states: states(entry, fate, habit, rng),
        temporary,
        tells_in: language(native, years, rng),
        native,
        years,
        feminine: chance(rng, 0.5),
        months_before: if entry == 0 { between(rng, 0, 10) } else { between(rng, 0, 4) },
        transport: journeys(frame, rng),
        corner: corner(rng),
        adapts_alone: chance(rng, 0.6),
        evasive: 0.4 + 1.2 * f64::from(between(rng, 0, 100)) / 100.0,
        place: between(rng, 0, 6) as usize,
        bus: between(rng, 0, 5) as usize,
        manager: between(rng, 0, MANAGERS - 1) as usize,
        coach: between(rng, 0, COACHES - 1) as usize,
        becomes_coach: false,
        exit_month: exit_month(fate, rng),
        leanings: leanings(frame, rng),
    }
}

fn exit_month(fate: Fate, rng: &mut ChaCha20Rng) -> Option<String> {
    match fate {
        Fate::Leaves { after, .. } => Some(month_after(after, rng)),
        _ => None,
    }
}

/// Years in the country, `None` for a whole life.
fn years(native: bool, rng: &mut ChaCha20Rng) -> Option<u32> {
    match (native, chance(rng, 0.5)) {
        (true, _) => None,
        (false, true) => Some(between(rng, 0, 4)),
        (false, false) => Some(between(rng, 5, 24)),
    }
}

/// The language somebody tells in; who is here longer tells in Dutch more often.
fn language(native: bool, years: Option<u32>, rng: &mut ChaCha20Rng) -> &'static str {
    let weights = match (native, years) {
        (true, _) => [1.0, 0.0, 0.0, 0.0],
        (false, Some(0..=4)) => [0.25, 0.25, 0.27, 0.23],
        (false, _) => [0.50, 0.14, 0.20, 0.16],
    };
    ["nl", "en", "ar", "pl"][weighted(rng, &weights)]
}

fn corner(rng: &mut ChaCha20Rng) -> Corner {
    let rest = 1.0 - COMPETENCE_WORK.size - COMPETENCE_TIME.size;
    let drawn = weighted(rng, &[COMPETENCE_WORK.size, COMPETENCE_TIME.size, rest]);
    [Corner::Work, Corner::Time, Corner::Between][drawn]
}

/// The way to get there in each wave, as an index of the option: mostly the same as before.
fn journeys(frame: &Frame, rng: &mut ChaCha20Rng) -> [Option<usize>; WAVES] {
    let weights: Vec<f64> = frame.options("transport").iter().map(|key| journey_weight(key)).collect();
    let mut usual = None;
    std::array::from_fn(|_| {
        if !weights.is_empty() && (usual.is_none() || chance(rng, 0.15)) {
            usual = Some(weighted(rng, &weights));
        }
        usual
    })
}

/// Words in an option key that make it more or less usual.
fn journey_weight(key: &str) -> f64 {
    let words =
        [("public", 0.34), ("e-bike", 0.07), ("bike", 0.24), ("walk", 0.12), ("car", 0.10), ("ride", 0.06), ("needed", 0.03)];
    words.iter().find(|(word, _)| key.contains(word)).map_or(0.04, |(_, weight)| *weight)
}

/// What somebody answers on the background questions: option keys by signifier, noise where nothing is known.
pub(super) fn background_option(frame: &Frame, person: &Person, key: &str, rng: &mut ChaCha20Rng) -> Option<String> {
    let signifier = frame.signifiers.iter().find(|signifier| signifier.key == key)?;
    let Kind::Choice { options, .. } = &signifier.kind else { return None };
    match key {
        "years-in-country" => band(options, person.years),
        "age-band" => band(options, Some(between(rng, 20, 62))),
        "home-language" => home_language(options, person, rng),
        "gender" => gender(options, person, rng),
        "time-without-work" => band(options, Some(between(rng, 0, 13)).filter(|_| !chance(rng, 0.1))),
        _ => options.get(weighted(rng, &humped(options.len()))).cloned(),
    }
}

fn home_language(options: &[String], person: &Person, rng: &mut ChaCha20Rng) -> Option<String> {
    let fits: Vec<&String> = options.iter().filter(|key| key.contains("another") != person.native).collect();
    let usual = if person.native || !person.newcomer() { [0.85, 0.15] } else { [0.1, 0.9] };
    let drawn = weighted(rng, &usual);
    fits.get(drawn).or(fits.first()).map(|key| (*key).clone())
}

fn gender(options: &[String], person: &Person, rng: &mut ChaCha20Rng) -> Option<String> {
    let other = chance(rng, 0.02);
    let word = if person.feminine { "woman" } else { "man" };
    let by_word = options.iter().find(|key| key.as_str() == word);
    by_word.filter(|_| !other).or(options.last()).cloned()
}

/// Weights that are highest in the middle.
fn humped(options: usize) -> Vec<f64> {
    (0..options).map(|i| 1.0 + i.min(options - 1 - i) as f64).collect()
}
