//! What is called detectable is found: an effect of that size in at least 75 of 100 studies, when the question was
//! planned (80 by the formula). Run by `make proof`.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF, Normal};

use super::super::study::answered;
use super::simulated::{dyad, reported, shape, story, studies};
use crate::analysis::record::StoryRecord;
use crate::analysis::report::types::{EvidenceClass, Relation};
use crate::analysis::report::{Section, Settings};
use crate::analysis::stats::tell::{smallest_delta, smallest_rho};

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    Normal::standard().inverse_cdf(rng.random_range(1e-9..1.0))
}

/// A position on a dyad, in the same order as `at`.
fn position(at: f64) -> Value {
    answered(json!({"position": Normal::standard().cdf(at)}))
}

fn settings(section: Section) -> Settings {
    Settings { sections: [section].into(), permutations: 999, ..Settings::default() }
}

/// The share of studies in which the relation is found, and what is called detectable.
fn found(of: impl Fn(u64) -> Relation + Sync + Send) -> (f64, f64) {
    let n = u64::from(studies());
    let each: Vec<Relation> = (0..n).into_par_iter().map(of).collect();
    let clear = each.iter().filter(|r| r.evidence == EvidenceClass::Clear).count();
    (clear as f64 / n as f64, each[0].detectable.unwrap())
}

/// Few studies are a rough count: what chance may take off.
fn least() -> f64 {
    if studies() >= 200 { 0.75 } else { 0.75 - 2.0 * (0.16 / f64::from(studies())).sqrt() }
}

fn linked(seed: u64, people: u32, rho: f64) -> Vec<StoryRecord> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    // The correlation of normal numbers that have this rank correlation.
    let r = 2.0 * (std::f64::consts::PI * rho / 6.0).sin();
    let one = |person| {
        let x = normal(rng);
        let y = r * x + (1.0 - r * r).sqrt() * normal(rng);
        story(rng.random(), person, ("1", "candidate"), ["a", "x"], json!({"one": position(x), "two": position(y)}))
    };
    (0..people).map(one).collect()
}

#[test]
#[ignore = "a proof: `make proof`"]
fn a_detectable_link_is_found() {
    for people in [40, 100] {
        let rho = smallest_rho(people, 0.05, 0.8).unwrap();
        let shape = shape(&["1"], vec![dyad("one"), dyad("two")], json!([]));
        let settings = settings(Section::Pairs);
        let (share, detectable) = found(|seed| reported(&shape, linked(seed, people, rho), &settings).pairs.remove(0).relation);
        println!("{people} people, rho {rho:.2}: found in {:.1} %", 100.0 * share);
        assert!((detectable - rho).abs() < 1e-9 && share >= least(), "{people} people: {share}");
    }
}

/// Eleven dyads, of which the first differs between the groups.
fn apart(seed: u64, sizes: [u32; 2], delta: f64) -> Vec<StoryRecord> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let shift = 2f64.sqrt() * Normal::standard().inverse_cdf(0.5 * (delta + 1.0));
    let one = |person| {
        let first = person < sizes[0];
        let mut placements = json!({"dyad-0": position(normal(rng) + if first { shift } else { 0.0 })});
        for i in 1..=10 {
            placements[format!("dyad-{i}")] = position(normal(rng));
        }
        let track = ["x", "y", "z"][person as usize % 3];
        story(rng.random(), person, ("1", "candidate"), [if first { "a" } else { "b" }, track], placements)
    };
    (0..sizes[0] + sizes[1]).map(one).collect()
}

#[test]
#[ignore = "a proof: `make proof`"]
fn a_detectable_difference_is_found_when_planned() {
    let settings = settings(Section::Contrasts);
    let share_of = |sizes: [u32; 2], planned: Value| {
        let delta = smallest_delta(sizes[0], sizes[1], 0.05, 0.8).unwrap();
        let shape = shape(&["1"], (0..=10).map(|i| dyad(&format!("dyad-{i}"))).collect(), planned.clone());
        let (share, detectable) = found(|seed| {
            let contrasts = reported(&shape, apart(seed, sizes, delta), &settings).contrasts;
            contrasts.into_iter().find(|c| c.signifier == "dyad-0" && c.attribute == "group").unwrap().relation
        });
        println!("groups of {sizes:?}, delta {delta:.2}, planned {planned}: found in {:.1} %", 100.0 * share);
        assert!((detectable - delta).abs() < 1e-9);
        share
    };
    let planned = json!([{"signifier": "dyad-0", "comparison": "groups", "attribute": "group"}]);
    for sizes in [[20, 20], [25, 50], [40, 40]] {
        let share = share_of(sizes, planned.clone());
        assert!(share >= least(), "{sizes:?}: {share}");
        // Among 22 comparisons that nobody planned it mostly drowns: what planning is for.
        assert!(share_of(sizes, json!([])) < share);
    }
}
