//! An attacker asks everything that he may ask in small studies, and solves for every small group.
//!
//! Unknown is how many people there are of each *type*: options of the attributes, and in which waves and perspectives
//! somebody told about them. Numbers of stories and of participants are sums over types. For every group below the
//! threshold that an attribute, a wave and a perspective select, linear programming finds the fewest and most people that
//! agree with all answers together: they must be at least the threshold apart.

use std::collections::BTreeSet;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use uuid::Uuid;

use super::attacker_report::{Published, published};
use super::simplex::Program;
use super::study::{PERSPECTIVES, WAVES, answered, record, snapshot, viewer};
use crate::analysis::record::StoryRecord;
use crate::analysis::snapshot::Snapshot;
use crate::analysis::summary::summarise;
use crate::domain::disclosure::{ONE_ATTRIBUTE_BELOW, Thresholds};
use crate::domain::role::Audience;

const GROUPS: [&str; 3] = ["a", "b", "c"];
const PHASES: [&str; 2] = ["early", "late"];

/// How a study is made.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub people: usize,
    pub groups: usize,
    pub phases: usize,
    pub waves: usize,
    pub perspectives: usize,
    pub drop_out: bool,
}

/// Somebody: group, phase, and by wave and perspective whether there is a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    pub group: usize,
    pub phase: usize,
    pub told: u32,
}

/// Whether somebody is of a kind.
pub type Kind = Box<dyn Fn(&Person) -> bool>;

/// A study and everybody in it.
pub fn study(plan: Plan, seed: u64) -> (Vec<Person>, Snapshot) {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let people = people(plan, rng);
    let study = snapshot(records(plan, &people, rng));
    (people, study)
}

/// Every type that somebody may be.
pub fn types(plan: Plan) -> Vec<Person> {
    let places = plan.waves * plan.perspectives;
    let told = move |group, phase| (1..1u32 << places).map(move |told| Person { group, phase, told });
    (0..plan.groups).flat_map(|group| (0..plan.phases).flat_map(move |phase| told(group, phase))).collect()
}

fn people(plan: Plan, rng: &mut ChaCha8Rng) -> Vec<Person> {
    let skew: f64 = rng.random_range(0.3..0.9);
    let one = |rng: &mut ChaCha8Rng| {
        let drawn =
            |rng: &mut ChaCha8Rng, options: usize| (0..options - 1).find(|_| rng.random_bool(skew)).unwrap_or(options - 1);
        let (group, phase) = (drawn(rng, plan.groups), drawn(rng, plan.phases));
        let mut told = 0;
        for wave in 0..plan.waves {
            if plan.drop_out && rng.random_bool(0.2) && wave > 0 {
                break;
            }
            for perspective in 0..plan.perspectives {
                if perspective == 0 || rng.random_bool(0.8) {
                    told |= 1 << (wave * plan.perspectives + perspective);
                }
            }
        }
        Person { group, phase, told }
    };
    (0..plan.people).map(|_| one(rng)).collect()
}

fn records(plan: Plan, people: &[Person], rng: &mut ChaCha8Rng) -> Vec<StoryRecord> {
    let mut records = Vec::new();
    for (i, person) in people.iter().enumerate() {
        for place in (0..plan.waves * plan.perspectives).filter(|p| person.told & 1 << p != 0) {
            let option = ["x", "y", "z"][rng.random_range(0..3)];
            let position = answered(json!({"position": rng.random_range(0.0..1.0)}));
            let placements = json!({"single": answered(json!({"options": [option]})), "dy": position});
            let mut story = record(i as u32, placements);
            story.id = Uuid::from_u128(rng.random());
            story.wave = WAVES[place / plan.perspectives].into();
            story.perspective = PERSPECTIVES[place % plan.perspectives].into();
            story.teller = Some(format!("teller-{place}-{i}"));
            story.attributes = vec![("group".into(), GROUPS[person.group].into()), ("phase".into(), PHASES[person.phase].into())];
            records.push(story);
        }
    }
    records
}

/// Every subset but the empty one.
fn subsets(count: usize) -> Vec<Vec<usize>> {
    (1..1usize << count).map(|bits| (0..count).filter(|i| bits & 1 << i != 0).collect()).collect()
}

/// What a lens selects: places, groups and phases.
pub struct Question {
    pub lens: Value,
    pub places: u32,
    groups: BTreeSet<usize>,
    phases: BTreeSet<usize>,
}

impl Question {
    /// Whether its attributes select somebody.
    pub fn admits(&self, t: &Person) -> bool {
        self.groups.contains(&t.group) && self.phases.contains(&t.phase)
    }
}

pub fn questions(plan: Plan) -> Vec<Question> {
    let mut questions = Vec::new();
    let named = |names: &[&str], chosen: &[usize]| chosen.iter().map(|i| names[*i].to_owned()).collect::<Vec<_>>();
    for waves in subsets(plan.waves) {
        for perspectives in subsets(plan.perspectives) {
            let places = waves.iter().flat_map(|w| perspectives.iter().map(move |p| 1u32 << (w * plan.perspectives + p))).sum();
            let (all_groups, all_phases) = ((0..plan.groups).collect::<Vec<_>>(), (0..plan.phases).collect::<Vec<_>>());
            let mut asked = vec![(json!({}), all_groups.clone(), all_phases.clone())];
            asked.extend(subsets(plan.groups).into_iter().map(|g| (json!({"group": named(&GROUPS, &g)}), g, all_phases.clone())));
            asked.extend(subsets(plan.phases).into_iter().map(|p| (json!({"phase": named(&PHASES, &p)}), all_groups.clone(), p)));
            if plan.people >= ONE_ATTRIBUTE_BELOW as usize && plan.phases > 1 {
                for groups in subsets(plan.groups) {
                    let both = |phases: Vec<usize>| {
                        (json!({"group": named(&GROUPS, &groups), "phase": named(&PHASES, &phases)}), groups.clone(), phases)
                    };
                    asked.extend(subsets(plan.phases).into_iter().map(both));
                }
            }
            for (attributes, groups, phases) in asked {
                // Naming all of a list is another lens than naming none of it.
                let mut lens = json!({"attributes": attributes});
                let lists =
                    [("waves", named(&WAVES, &waves), plan.waves), ("perspectives", named(&PERSPECTIVES, &perspectives), 2)];
                for (name, list, of) in lists {
                    if list.len() < of || waves.len() % 2 == 0 {
                        lens[name] = json!(list);
                    }
                }
                let (groups, phases) = (groups.into_iter().collect(), phases.into_iter().collect());
                questions.push(Question { lens, places, groups, phases });
            }
        }
    }
    questions
}

/// What the attacker found: groups below the threshold, how wide the range of the narrowest is, and answers he got.
struct Found {
    small: usize,
    answers: usize,
    narrow: Vec<String>,
}

fn attack(plan: Plan, seed: u64, learned: impl Fn(Plan, &Snapshot) -> Vec<Published>) -> Found {
    let ((people, study), types) = (self::study(plan, seed), types(plan));
    let mut program = Program::new(types.len());
    let mut answers = 0;
    for question in questions(plan) {
        let lens = serde_json::from_value(question.lens.clone()).unwrap();
        let answer = summarise(&study, &lens, viewer(Audience::Workgroup), Some(&["single".to_owned()]));
        let Some((stories, participants)) = answer.stories.zip(answer.participants) else { continue };
        let told = |t: &Person| if question.admits(t) { (t.told & question.places).count_ones() } else { 0 };
        let by_option: u32 = answer.summaries[0].choice.iter().flat_map(|c| &c.options).filter_map(|o| o.counted.count).sum();
        assert!(by_option == stories || answer.summaries[0].suppressed.is_some());
        program.equal(types.iter().map(|t| f64::from(told(t))).collect(), f64::from(stories));
        program.equal(types.iter().map(|t| f64::from(told(t).min(1))).collect(), f64::from(participants));
        answers += 1;
    }
    for wanted in learned(plan, &study) {
        program.equal(types.iter().map(|t| f64::from(u8::from((wanted.is_in)(t)))).collect(), f64::from(wanted.n));
    }
    let threshold = Thresholds::default().cell;
    let mut found = Found { small: 0, answers, narrow: Vec::new() };
    program.reduce();
    for (what, is_in) in targets(plan) {
        let size = people.iter().filter(|p| is_in(p)).count() as u32;
        if size == 0 || size >= threshold {
            continue;
        }
        found.small += 1;
        let target: Vec<f64> = types.iter().map(|t| f64::from(u8::from(is_in(t)))).collect();
        let (least, most) = program.range(&target);
        assert!(least <= f64::from(size) + 1e-6 && most >= f64::from(size) - 1e-6, "the truth is possible: {plan:?} {seed}");
        if most - least < f64::from(threshold) - 1e-6 {
            found.narrow.push(format!("{plan:?} seed {seed}: {what} has {size}, known to be {least} to {most}"));
        }
    }
    found
}

/// The groups that must not be found out: an option in a place, and with two attributes two options in a place.
fn targets(plan: Plan) -> Vec<(String, Kind)> {
    let mut targets: Vec<(String, Kind)> = Vec::new();
    for place in 0..plan.waves * plan.perspectives {
        let told = move |t: &Person| t.told & 1 << place != 0;
        for group in 0..plan.groups {
            targets.push((format!("place {place}, group {group}"), Box::new(move |t| told(t) && t.group == group)));
            for phase in (0..plan.phases).filter(|_| plan.people >= ONE_ATTRIBUTE_BELOW as usize && plan.phases > 1) {
                let is_in = move |t: &Person| told(t) && t.group == group && t.phase == phase;
                targets.push((format!("place {place}, group {group} in phase {phase}"), Box::new(is_in)));
            }
        }
        for phase in 0..plan.phases {
            targets.push((format!("place {place}, phase {phase}"), Box::new(move |t| told(t) && t.phase == phase)));
        }
    }
    targets
}

#[test]
fn no_small_group_follows_from_everything_that_a_workgroup_may_ask() {
    let (mut small, mut answers, mut narrow) = (0, 0, Vec::new());
    for seed in 0..4 {
        for people in [12, 18, 25, 33, 45, 60] {
            for (groups, phases) in [(2, 1), (3, 1), (3, 2)] {
                for (waves, perspectives) in [(1, 1), (2, 1), (3, 1), (1, 2), (2, 2)] {
                    for drop_out in [false, true] {
                        if drop_out && waves == 1 {
                            continue;
                        }
                        let plan = Plan { people, groups, phases, waves, perspectives, drop_out };
                        let found = attack(plan, seed * 1000 + people as u64, |_, _| Vec::new());
                        (small, answers) = (small + found.small, answers + found.answers);
                        narrow.extend(found.narrow);
                    }
                }
            }
        }
    }
    assert!(small > 300 && answers > 1000, "{small} small groups, {answers} answers: a test of nothing");
    assert!(narrow.is_empty(), "{} of {small}:\n{}", narrow.len(), narrow[..narrow.len().min(40)].join("\n"));
}

#[test]
fn no_small_group_of_two_attributes_follows_either() {
    let (mut small, mut answers, mut narrow) = (0, 0, Vec::new());
    for seed in 0..6 {
        for people in [100, 130] {
            for (waves, perspectives) in [(1, 1), (2, 1)] {
                let plan = Plan { people, groups: 3, phases: 2, waves, perspectives, drop_out: true };
                let found = attack(plan, seed * 1000 + people as u64, |_, _| Vec::new());
                (small, answers) = (small + found.small, answers + found.answers);
                narrow.extend(found.narrow);
            }
        }
    }
    assert!(small > 10 && answers > 100, "{small} small groups, {answers} answers: a test of nothing");
    assert!(narrow.is_empty(), "{} of {small}:\n{}", narrow.len(), narrow[..narrow.len().min(40)].join("\n"));
}

#[test]
fn no_small_group_follows_with_the_report_beside_it() {
    let (mut small, mut learned, mut narrow) = (0, 0, Vec::new());
    for seed in 0..3 {
        for people in [25, 45, 70] {
            for (waves, perspectives) in [(2, 1), (3, 1), (1, 2), (2, 2)] {
                let plan = Plan { people, groups: 3, phases: 1, waves, perspectives, drop_out: true };
                let count = std::cell::Cell::new(0);
                let found = attack(plan, seed * 1000 + people as u64, |plan, study| {
                    let all = published(plan, study);
                    count.set(all.len());
                    all
                });
                (small, learned) = (small + found.small, learned + count.get());
                narrow.extend(found.narrow);
            }
        }
    }
    assert!(small > 10 && learned > 100, "{small} small groups, {learned} populations: a test of nothing");
    assert!(narrow.is_empty(), "{} of {small}:\n{}", narrow.len(), narrow[..narrow.len().min(40)].join("\n"));
}
