//! A synthetic study to show and to test with: nobody in it exists, every text says that it is made up.
//!
//! What is planted in it, and what is noise, is listed in [`planted`].

mod answers;
mod calendar;
mod draw;
mod flags;
mod frame;
mod people;
mod placements;
mod plan;
pub mod planted;
mod professionals;
mod story;
mod texts;

#[cfg(test)]
mod pattern_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use calendar::{WAVES, wave_key, waves};
use frame::{Frame, View, band};
use people::{Person, people};
use plan::Fate;
use professionals::{Professional, professionals, tell};

/// A whole study: who takes part, who tells, and what was told.
#[derive(Clone, Debug)]
pub struct DemoStudy {
    /// The measurement moments in order.
    pub waves: Vec<DemoWave>,
    /// Whom the study follows.
    pub participants: Vec<DemoParticipant>,
    /// Who tells: every participant with a teller's code, then the professionals.
    pub tellers: Vec<DemoTeller>,
    /// The stories by time of arrival.
    pub stories: Vec<DemoStory>,
}

/// A measurement moment.
#[derive(Clone, Debug)]
pub struct DemoWave {
    /// `1`, `2`, `3`.
    pub key: String,
    /// Dutch name.
    pub label_nl: String,
    /// English name.
    pub label_en: String,
    /// First day of the window.
    pub opens_on: NaiveDate,
    /// Last day of the window.
    pub closes_on: NaiveDate,
    /// `closed` or `open`.
    pub state: &'static str,
}

/// Somebody whom the study follows.
#[derive(Clone, Debug)]
pub struct DemoParticipant {
    /// Pseudonym.
    pub code: String,
    /// Key of the wave of entry.
    pub first_wave: String,
    /// `active`, `exited` or `withdrawn`.
    pub status: &'static str,
    /// `work`, `education`, `other-track`, `stopped` or `unknown` for who exited.
    pub exit_reason: Option<&'static str>,
    /// `YYYY-MM` for who exited.
    pub exit_month: Option<String>,
    /// Attributes of the participant by key.
    pub attributes: BTreeMap<String, String>,
    /// One for each wave.
    pub participations: Vec<DemoParticipation>,
}

/// A participant in a wave.
#[derive(Clone, Debug)]
pub struct DemoParticipation {
    /// Key of the wave.
    pub wave: String,
    /// `notApplicable`, `expected`, `started`, `completed`, `missed`, `declined` or `withdrawn`.
    pub state: &'static str,
    /// Attributes of the participation by key.
    pub attributes: BTreeMap<String, String>,
}

/// Somebody who tells stories.
#[derive(Clone, Debug)]
pub struct DemoTeller {
    /// Own code, another one than the participant's.
    pub code: String,
    /// Key of the perspective.
    pub perspective: String,
    /// The participant whom a candidate is.
    pub participant: Option<String>,
    /// The participants about whom a professional tells.
    pub about: Vec<String>,
}

/// A told story as it was delivered.
#[derive(Clone, Debug)]
pub struct DemoStory {
    /// The identifier that the device made.
    pub id: Uuid,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// The body as in the file format.
    pub body: Value,
    /// Whether a researcher released it.
    pub released: bool,
}

/// Pure, deterministic: same seed and framework, same study, byte for byte.
pub fn study(framework: &Value, seed: u64) -> DemoStudy {
    let frame = Frame::read(framework);
    let people = people(&frame, seed);
    let professionals = professionals(&frame, seed);
    let mut stories = tell(&frame, &people, &professionals, seed);
    stories.sort_by_key(|story| (story.received_at, story.id));
    DemoStudy {
        waves: waves(),
        participants: people.iter().map(|person| participant(&frame, person)).collect(),
        tellers: tellers(&frame, &people, &professionals),
        stories,
    }
}

fn participant(frame: &Frame, person: &Person) -> DemoParticipant {
    let (status, exit_reason) = match person.fate {
        Fate::Stays => ("active", None),
        Fate::Leaves { reason, .. } => ("exited", Some(reason)),
        Fate::Withdrawn => ("withdrawn", None),
    };
    DemoParticipant {
        code: person.code.clone(),
        first_wave: wave_key(person.entry),
        status,
        exit_reason,
        exit_month: person.exit_month.clone(),
        attributes: trajectory(frame, person).into_iter().collect(),
        participations: (0..WAVES).map(|wave| participation(frame, person, wave)).collect(),
    }
}

fn trajectory(frame: &Frame, person: &Person) -> Option<(String, String)> {
    let options = frame.attribute("trajectory");
    let by_word = options.iter().find(|key| key.contains("temporary") == person.temporary);
    by_word.map(|key| ("trajectory".to_owned(), key.clone()))
}

fn participation(frame: &Frame, person: &Person, wave: usize) -> DemoParticipation {
    let state = person.states[wave];
    let there = !matches!(state, "notApplicable" | "withdrawn");
    let attributes = if there { participation_attributes(frame, person, wave) } else { BTreeMap::new() };
    DemoParticipation { wave: wave_key(wave), state, attributes }
}

fn participation_attributes(frame: &Frame, person: &Person, wave: usize) -> BTreeMap<String, String> {
    let coach = person.becomes_coach && wave == WAVES - 1;
    let role = frame.attribute("role").iter().find(|key| key.contains("coach") == coach).cloned();
    let months = band(frame.attribute("months-in-track"), Some(person.months(wave)));
    let named = [("role", role), ("months-in-track", months)];
    named.into_iter().filter_map(|(key, option)| Some((key.to_owned(), option?))).collect()
}

fn tellers(frame: &Frame, people: &[Person], professionals: &[Professional]) -> Vec<DemoTeller> {
    let candidate = |person: &Person| DemoTeller {
        code: person.teller.clone(),
        perspective: frame.perspective(View::Candidate),
        participant: Some(person.code.clone()),
        about: Vec::new(),
    };
    let professional = |teller: &Professional| DemoTeller {
        code: teller.code.clone(),
        perspective: frame.perspective(teller.view),
        participant: None,
        about: people.iter().filter(|person| teller.guides(person)).map(|person| person.code.clone()).collect(),
    };
    people.iter().map(candidate).chain(professionals.iter().map(professional)).collect()
}
