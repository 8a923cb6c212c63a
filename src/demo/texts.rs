//! The words of a story: a seed that fits its placements, with the slots filled in.

use std::collections::{BTreeMap, BTreeSet};

use rand_chacha::ChaCha20Rng;
use serde::Deserialize;

use super::draw::{chance, pick, weighted};
use super::people::Person;

/// A story to be: `[a|b]` takes one of the parts, `<a|b>` the form for a man or a woman, `{slot}` a word.
#[derive(Debug, Deserialize)]
pub(super) struct Seed {
    pub(super) tone: String,
    pub(super) needs: Vec<String>,
    title: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct Slots {
    marker: String,
    months: Vec<String>,
    days: Vec<String>,
    buses: Vec<String>,
    job: Vec<String>,
    learning: Vec<String>,
    he: [String; 2],
    his: [String; 2],
    him: [String; 2],
}

#[derive(Debug, Deserialize)]
struct OutlierText {
    key: String,
    title: String,
    text: String,
}

/// All texts, by group and language.
#[derive(Debug)]
pub(super) struct Library {
    seeds: BTreeMap<&'static str, Vec<Seed>>,
    slots: BTreeMap<String, Slots>,
    closings: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    outliers: Vec<OutlierText>,
}

/// What a text has to fit.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// `candidate.nl` and the like: the group and the language.
    pub(super) group: &'a str,
    pub(super) language: &'a str,
    pub(super) tone: &'a str,
    pub(super) flags: BTreeSet<&'static str>,
    pub(super) person: Option<&'a Person>,
    pub(super) month: u32,
}

/// Which seeds and texts were used, so that few stories resemble each other.
#[derive(Debug, Default)]
pub(super) struct Used {
    seeds: BTreeMap<(String, usize), u32>,
    by_person: BTreeSet<(String, usize, usize)>,
    texts: BTreeSet<String>,
}

impl Library {
    /// The texts that come with the program.
    pub(super) fn load() -> Self {
        Self {
            seeds: BTreeMap::from([
                ("candidate.nl", parsed(include_str!("texts/candidate.nl.json"))),
                ("candidate.en", parsed(include_str!("texts/candidate.en.json"))),
                ("candidate.ar", parsed(include_str!("texts/candidate.ar.json"))),
                ("candidate.pl", parsed(include_str!("texts/candidate.pl.json"))),
                ("professional.nl", parsed(include_str!("texts/professional.nl.json"))),
                ("own.nl", parsed(include_str!("texts/own.nl.json"))),
            ]),
            slots: parsed(include_str!("texts/slots.json")),
            closings: parsed(include_str!("texts/closings.nl.json")),
            outliers: parsed(include_str!("texts/outliers.json")),
        }
    }

    /// Title and text of an outlier story.
    pub(super) fn outlier(&self, key: &str) -> (&str, String) {
        let found = self.outliers.iter().find(|outlier| outlier.key == key).expect("every outlier has a text");
        (&found.title, format!("{} {}", found.text, self.slots["nl"].marker))
    }

    /// The seeds of a group in a language.
    #[cfg(test)]
    pub(super) fn seeds(&self, group: &str) -> &[Seed] {
        &self.seeds[group]
    }

    /// A title and a text that fit, not used before if it can be helped.
    pub(super) fn compose(&self, wanted: &Wanted, used: &mut Used, rng: &mut ChaCha20Rng) -> (String, String) {
        let mut told = self.attempt(wanted, used, rng);
        for _ in 0..8 {
            if !used.texts.contains(&told.2) {
                break;
            }
            told = self.attempt(wanted, used, rng);
        }
        let (seed, title, text) = told;
        used.note(wanted, seed, &text);
        (title, text)
    }

    fn attempt(&self, wanted: &Wanted, used: &Used, rng: &mut ChaCha20Rng) -> (usize, String, String) {
        let seeds = &self.seeds[wanted.group];
        let weights: Vec<f64> = seeds.iter().enumerate().map(|(i, seed)| used.weight(wanted, i, seed)).collect();
        let index = weighted(rng, &weights);
        let slots = &self.slots[wanted.language];
        let words = words(slots, wanted, rng);
        let title = filled(&seeds[index].title, &words, wanted.person, rng);
        let text = filled(&seeds[index].text, &words, wanted.person, rng);
        (index, title, format!("{text}{} {}", self.closing(wanted, rng), slots.marker))
    }

    /// One sentence more, for Dutch stories about a participant.
    fn closing(&self, wanted: &Wanted, rng: &mut ChaCha20Rng) -> String {
        let group = wanted.group.strip_suffix(".nl").and_then(|group| self.closings.get(group));
        let sentences = group.and_then(|group| group.get(wanted.tone));
        let added = sentences.filter(|_| chance(rng, 0.55)).map(|sentences| pick(rng, sentences));
        added.map_or_else(String::new, |sentence| format!(" {sentence}"))
    }
}

impl Used {
    /// A seed must fit; one that fits closely is likelier, one that was used is less likely.
    fn weight(&self, wanted: &Wanted, index: usize, seed: &Seed) -> f64 {
        let fits = seed.tone == wanted.tone && seed.needs.iter().all(|need| wanted.flags.contains(need.as_str()));
        if !fits {
            return 0.0;
        }
        let times = self.seeds.get(&(wanted.group.to_owned(), index)).copied().unwrap_or(0);
        let by_person = |p: &Person| self.by_person.contains(&(wanted.group.to_owned(), index, p.index));
        let again = if wanted.person.is_some_and(by_person) { 0.001 } else { 1.0 };
        again * (1.0 + seed.needs.len() as f64) / f64::from((1 + times) * (1 + times))
    }

    fn note(&mut self, wanted: &Wanted, seed: usize, text: &str) {
        *self.seeds.entry((wanted.group.to_owned(), seed)).or_default() += 1;
        if let Some(person) = wanted.person {
            self.by_person.insert((wanted.group.to_owned(), seed, person.index));
        }
        self.texts.insert(text.to_owned());
    }
}

fn parsed<T: for<'a> Deserialize<'a>>(text: &str) -> T {
    serde_json::from_str(text).expect("the texts of the demo study are well formed")
}

/// The words for the slots. What belongs to a person (place, bus line) stays the same over stories.
fn words(slots: &Slots, wanted: &Wanted, rng: &mut ChaCha20Rng) -> Vec<(&'static str, String)> {
    let places = if wanted.person.is_some_and(|person| person.temporary) { &slots.job } else { &slots.learning };
    let place = wanted.person.map_or(0, |person| person.place) % places.len();
    let bus = wanted.person.map_or(0, |person| person.bus) % slots.buses.len();
    let form = form(wanted.person);
    vec![
        ("place", places[place].clone()),
        ("bus", slots.buses[bus].clone()),
        ("month", slots.months[wanted.month as usize - 1].clone()),
        ("day", pick(rng, &slots.days).clone()),
        ("he", slots.he[form].clone()),
        ("his", slots.his[form].clone()),
        ("him", slots.him[form].clone()),
    ]
}

fn form(person: Option<&Person>) -> usize {
    usize::from(person.is_some_and(|person| person.feminine))
}

fn filled(template: &str, words: &[(&'static str, String)], person: Option<&Person>, rng: &mut ChaCha20Rng) -> String {
    let chosen = alternatives(template, ('[', ']'), |parts| pick(rng, parts).to_string());
    let formed = alternatives(&chosen, ('<', '>'), |parts| parts.get(form(person)).unwrap_or(&parts[0]).to_string());
    words.iter().fold(formed, |text, (slot, word)| {
        let capital = format!("{{{}}}", capitalised(slot));
        text.replace(&format!("{{{slot}}}"), word).replace(&capital, &capitalised(word))
    })
}

/// Replaces every `[a|b]` by what is chosen of its parts.
fn alternatives(text: &str, (open, close): (char, char), mut choose: impl FnMut(&[&str]) -> String) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        let (inside, behind) = after.split_once(close).unwrap_or((after, ""));
        written.push_str(before);
        written.push_str(&choose(&inside.split('|').collect::<Vec<&str>>()));
        rest = behind;
    }
    written + rest
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
