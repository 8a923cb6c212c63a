//! Every number of people in a report that a workgroup may ask for is that of a permitted population, and no two of them
//! differ by a few people.
//!
//! Everybody in these studies answers the one question that is asked of all, so every n of the report is a number of
//! people who told somewhere: a population, known by the types of people in it.

use std::collections::BTreeMap;

use serde_json::json;

use super::attacker::{Kind, Person, Plan, Question, questions, study, types};
use super::study::{PERSPECTIVES, WAVES, viewer};
use crate::analysis::report::types::TestName;
use crate::analysis::report::{Report, Section, Settings, report};
use crate::analysis::snapshot::Snapshot;
use crate::analysis::summary::summarise;
use crate::domain::disclosure::Thresholds;
use crate::domain::role::Audience;

/// A number of people in an answer, and which types of people it counts.
pub struct Published {
    /// Where it stands.
    pub what: String,
    /// The number.
    pub n: u32,
    /// Whether it counts people of a type.
    pub is_in: Kind,
}

fn asked(snapshot: &Snapshot, question: &Question) -> Report {
    use Section::{Changes, Contrasts, Pairs, Perspectives, Trends};
    let sections = [Pairs, Contrasts, Changes, Trends, Perspectives, Section::Retention, Section::Outliers].into();
    let lens = serde_json::from_value(question.lens.clone()).unwrap();
    let settings = Settings { sections, asymptotic: true, permutations: 19, lens, ..Settings::default() };
    report(snapshot, &settings, viewer(Audience::Workgroup), None)
}

fn at(list: &[&str], key: &str) -> usize {
    list.iter().position(|k| *k == key).unwrap()
}

/// The populations that a report tells the size of.
fn of_report(plan: Plan, question: &Question, report: &Report) -> Vec<Published> {
    let mut found: Vec<Published> = Vec::new();
    let admitted: Vec<Person> = types(plan).into_iter().filter(|t| question.admits(t)).collect();
    let mut add = |what: String, n: u32, told: Box<dyn Fn(u32) -> bool>| {
        let admitted = admitted.clone();
        let what = format!("{what} of {}", question.lens);
        found.push(Published { what, n, is_in: Box::new(move |t| told(t.told) && admitted.contains(t)) });
    };
    let place = |wave: &str, perspective: &str| 1u32 << (at(&WAVES, wave) * plan.perspectives + at(&PERSPECTIVES, perspective));
    for layer in &report.layers {
        let (wave, perspective) = (layer.layer.wave.as_ref().unwrap(), layer.layer.perspective.as_ref().unwrap());
        let here = place(wave, perspective);
        add(format!("layer {wave} {perspective}"), layer.participants, Box::new(move |told| told & here != 0));
    }
    for c in report.all_changes() {
        let (from, to) = (place(&c.from, &c.perspective), place(&c.to, &c.perspective));
        let what = format!("{} {}-{} {}", c.signifier, c.from, c.to, c.perspective);
        add(what.clone(), c.n, Box::new(move |told| told & from != 0 && told & to != 0));
        add(format!("{what}, only before"), c.only_before, Box::new(move |told| told & from != 0 && told & to == 0));
        add(format!("{what}, before"), c.all_who_answered.n_from, Box::new(move |told| told & from != 0));
        add(format!("{what}, after"), c.all_who_answered.n_to, Box::new(move |told| told & to != 0));
    }
    for t in &report.trends {
        let waves: u32 = t.waves.iter().map(|w| place(w, &t.perspective)).sum();
        let least = if t.test == Some(TestName::SkillingsMack) { 2 } else { t.waves.len() as u32 };
        add(format!("trend {:?}", t.test), t.n, Box::new(move |told| (told & waves).count_ones() >= least));
    }
    for g in report.all_perspectives() {
        let (a, b) = (place(&g.wave, &g.a), place(&g.wave, &g.b));
        add(format!("gap {} {}-{}", g.wave, g.a, g.b), g.n, Box::new(move |told| told & a != 0 && told & b != 0));
    }
    found
}

/// The populations of every report that may be asked for: of all, and of every choice of options.
pub fn published(plan: Plan, snapshot: &Snapshot) -> Vec<Published> {
    let everywhere = (1u32 << (plan.waves * plan.perspectives)) - 1;
    let all = questions(plan).into_iter().filter(|q| q.places == everywhere);
    all.flat_map(|q| of_report(plan, &q, &asked(snapshot, &q))).collect()
}

/// The participants of every summary that may be asked for.
fn of_summaries(plan: Plan, snapshot: &Snapshot) -> Vec<Published> {
    let mut found = Vec::new();
    for question in questions(plan) {
        let lens = serde_json::from_value(question.lens.clone()).unwrap();
        let answer = summarise(snapshot, &lens, viewer(Audience::Workgroup), Some(&["single".to_owned()]));
        if let Some(n) = answer.participants {
            let what = format!("summary of {}", question.lens);
            let is_in = Box::new(move |t: &Person| question.admits(t) && t.told & question.places != 0);
            found.push(Published { what, n, is_in });
        }
    }
    found
}

#[test]
fn every_number_of_people_is_of_a_population_and_no_two_differ_by_a_few() {
    let thresholds = Thresholds::default();
    let (mut numbers, mut wrong) = (BTreeMap::<&str, u32>::new(), Vec::new());
    for seed in 0..2 {
        for people in [18, 30, 60] {
            for (groups, waves, perspectives) in [(1, 2, 1), (2, 2, 1), (3, 3, 1), (2, 1, 2), (2, 2, 2)] {
                let plan = Plan { people, groups, phases: 1, waves, perspectives, drop_out: true };
                let (everybody, snapshot) = study(plan, 7_000 + seed * 100 + people as u64);
                let of_report = published(plan, &snapshot);
                let first = |p: &Published| p.what.split(' ').next().unwrap() == "gap";
                *numbers.entry("gaps").or_default() += of_report.iter().filter(|p| first(p)).count() as u32;
                *numbers.entry("all").or_default() += of_report.len() as u32;
                let of = |p: &Published| types(plan).iter().map(|t| (p.is_in)(t)).collect::<Vec<bool>>();
                let mut populations: BTreeMap<Vec<bool>, (u32, String)> = BTreeMap::new();
                for p in of_report.into_iter().chain(of_summaries(plan, &snapshot)) {
                    let true_n = everybody.iter().filter(|t| (p.is_in)(t)).count() as u32;
                    let is_rest = p.what.contains("only before");
                    let least = if is_rest { thresholds.cell } else { thresholds.population };
                    if p.n != true_n || (p.n < least && !(is_rest && p.n == 0)) {
                        wrong.push(format!("{plan:?} {}: {}, in truth {true_n}", p.what, p.n));
                    }
                    populations.entry(of(&p)).or_insert((p.n, p.what));
                }
                for (inner, (few, what)) in &populations {
                    for (outer, (many, whole)) in &populations {
                        let is_part = inner.iter().zip(outer).all(|(a, b)| !a || *b);
                        if is_part && *many != *few && many - few < thresholds.cell {
                            wrong.push(format!("{plan:?} seed {seed}: {whole} less {what} is {}", many - few));
                        }
                    }
                }
            }
        }
    }
    assert!(numbers["all"] > 200 && numbers["gaps"] > 2, "{numbers:?}: a test of nothing");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
}

#[test]
fn what_is_for_researchers_only_is_not_in_the_report() {
    let plan = Plan { people: 60, groups: 1, phases: 1, waves: 2, perspectives: 1, drop_out: false };
    let (_, snapshot) = study(plan, 1);
    let question = questions(plan).into_iter().next_back().unwrap();
    let found = asked(&snapshot, &question);
    assert!(!found.changes.is_empty() && found.changes.iter().all(|c| c.transitions.is_none()));
    let told = json!(found);
    assert!(["outliers", "clusters", "retention", "leaving"].iter().all(|part| told[part] == json!([])));
}
