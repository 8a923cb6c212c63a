//! The case managers and job coaches, and the telling of all stories.

use std::collections::BTreeMap;

use super::DemoStory;
use super::answers::Scene;
use super::calendar::WAVES;
use super::draw::{chance, stream};
use super::frame::{Frame, View};
use super::people::{COACHES, Leanings, MANAGERS, Person, leanings};
use super::placements::mixed;
use super::plan::{Fate, may_be_told_about, professional_tells};
use super::planted::{OUTLIERS, Outlier};
use super::story::{Desk, story};
use super::texts::{Library, Used};
use crate::domain::code::new_code;

/// A case manager or job coach.
#[derive(Debug)]
pub(super) struct Professional {
    pub(super) code: String,
    pub(super) view: View,
    number: usize,
    leanings: Leanings,
}

impl Professional {
    /// Whether this professional guides the participant, and may tell about that person.
    pub(super) fn guides(&self, person: &Person) -> bool {
        let guide = if self.view == View::Coach { person.coach } else { person.manager };
        guide == self.number && person.fate != Fate::Withdrawn
    }
}

/// Everybody who guides participants.
pub(super) fn professionals(frame: &Frame, seed: u64) -> Vec<Professional> {
    let managers = (0..MANAGERS).map(|number| (View::Manager, number));
    let coaches = (0..COACHES).map(|number| (View::Coach, number));
    let professional = |(view, number): (View, u32)| {
        let rng = &mut stream(seed, if view == View::Coach { 600 } else { 500 } + u64::from(number));
        Professional { code: new_code(rng), view, number: number as usize, leanings: leanings(frame, rng) }
    };
    managers.chain(coaches).map(professional).collect()
}

/// Where the outlier stories are told: by person, wave and view.
type Planned = BTreeMap<(usize, usize, View), &'static Outlier>;

/// All stories of the study, wave after wave.
pub(super) fn tell(frame: &Frame, people: &[Person], professionals: &[Professional], seed: u64) -> Vec<DemoStory> {
    let library = Library::load();
    let mut desk = Desk { frame, library: &library, used: Used::default() };
    let planned = planned_outliers(people);
    let mut stories = Vec::new();
    for wave in 0..WAVES {
        stories.extend(people.iter().filter_map(|person| candidate_story(&mut desk, person, wave, &planned, seed)));
        for professional in professionals {
            let guided = people.iter().filter(|person| professional.guides(person));
            stories.extend(guided.filter_map(|person| told_about(&mut desk, professional, person, wave, &planned, seed)));
            stories.extend(own_work(&mut desk, professional, wave, seed));
        }
    }
    stories
}

/// An outlier story is told by or about somebody who tells in Dutch and has no part in a planted drop-out.
fn planned_outliers(people: &[Person]) -> Planned {
    let mut planned = Planned::new();
    let mut fit = people.iter().filter(|p| p.fate == Fate::Stays && p.tells_in == "nl" && !p.newcomer() && !p.becomes_coach);
    for outlier in OUTLIERS {
        let view = if outlier.by_coach { View::Coach } else { View::Candidate };
        if let Some(person) = fit.find(|person| person.states[outlier.wave] == "completed") {
            planned.insert((person.index, outlier.wave, view), outlier);
        }
    }
    planned
}

fn candidate_story(desk: &mut Desk, person: &Person, wave: usize, planned: &Planned, seed: u64) -> Option<DemoStory> {
    if person.states[wave] != "completed" {
        return None;
    }
    let outlier = planned.get(&(person.index, wave, View::Candidate)).copied();
    let rng = &mut stream(seed, story_stream(person, wave, View::Candidate));
    let own = leanings(desk.frame, rng);
    let at_wave = wave_leanings(desk.frame, person, wave, seed);
    let state = mixed(View::Candidate, Some(&person.leanings), &at_wave, &Leanings::new(), &own);
    let scene = Scene { view: View::Candidate, person: Some(person), wave, state, outlier };
    let first = person.states.iter().position(|state| *state == "completed") == Some(wave);
    Some(story(desk, &scene, &person.teller, first, rng))
}

fn told_about(
    desk: &mut Desk,
    teller: &Professional,
    person: &Person,
    wave: usize,
    planned: &Planned,
    seed: u64,
) -> Option<DemoStory> {
    let outlier = planned.get(&(person.index, wave, teller.view)).copied();
    let rng = &mut stream(seed, story_stream(person, wave, teller.view));
    let tells = professional_tells(teller.view == View::Coach, wave, rng) && may_be_told_about(person.states[wave]);
    if !tells && outlier.is_none() {
        return None;
    }
    let own = leanings(desk.frame, rng);
    let at_wave = wave_leanings(desk.frame, person, wave, seed);
    let state = mixed(teller.view, Some(&person.leanings), &at_wave, &teller.leanings, &own);
    let scene = Scene { view: teller.view, person: Some(person), wave, state, outlier };
    Some(story(desk, &scene, &teller.code, false, rng))
}

/// Now and then a professional tells about the own work, without a participant.
fn own_work(desk: &mut Desk, teller: &Professional, wave: usize, seed: u64) -> Option<DemoStory> {
    let offset = if teller.view == View::Coach { 50 } else { 0 };
    let rng = &mut stream(seed, 20_000 + 100 * wave as u64 + offset + teller.number as u64);
    if !chance(rng, 0.35) {
        return None;
    }
    let own = leanings(desk.frame, rng);
    let state = mixed(teller.view, None, &Leanings::new(), &teller.leanings, &own);
    let scene = Scene { view: teller.view, person: None, wave, state, outlier: None };
    Some(story(desk, &scene, &teller.code, false, rng))
}

/// How somebody is in one wave, the same for everybody who tells about it.
fn wave_leanings(frame: &Frame, person: &Person, wave: usize, seed: u64) -> Leanings {
    leanings(frame, &mut stream(seed, 10_000 + 10 * person.index as u64 + wave as u64))
}

fn story_stream(person: &Person, wave: usize, view: View) -> u64 {
    100_000 + 100 * person.index as u64 + 10 * wave as u64 + view as u64
}
