//! Random studies: the frame says what plain loops say.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::naive::Naive;
use super::study::{WAVES, pick, random_records, shape as study_shape, snapshot, viewer};
use crate::analysis::blocks::is_whole;
use crate::analysis::protect::population;
use crate::analysis::summary::{SummaryAnswer, summarise};
use crate::domain::disclosure::{Thresholds, is_permitted};
use crate::domain::lens::Lens;
use crate::domain::problem::Problems;
use crate::domain::role::Audience;
use crate::domain::shape;

pub fn random_lens(seed: u64) -> Lens {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 0x1e45);
    let mut lens = json!({"waves": [], "perspectives": [], "attributes": {}});
    let lists = [("/waves", &WAVES[..]), ("/perspectives", &["candidate", "coach"])];
    for (path, values) in lists {
        if rng.random_bool(0.4) {
            *lens.pointer_mut(path).unwrap() = some(rng, values);
        }
    }
    for (key, values) in
        [("group", &["a", "b", "c"][..]), ("phase", &["early", "late"]), ("place", &["in", "out"]), ("age", &["young", "old"])]
    {
        if rng.random_bool(0.25) {
            lens["attributes"][key] = some(rng, values);
        }
    }
    serde_json::from_value::<Lens>(lens).unwrap().canonical()
}

fn some(rng: &mut ChaCha8Rng, values: &[&str]) -> Value {
    let first = *pick(rng, values);
    json!(values.iter().filter(|v| **v == first || rng.random_bool(0.5)).collect::<Vec<_>>())
}

/// Equal but for rounding in the last digits.
fn assert_close(got: &Value, expected: &Value, path: &str) {
    match (got, expected) {
        (Value::Object(a), Value::Object(b)) => {
            assert_eq!(a.len(), b.len(), "{path}: {a:?} {b:?}");
            a.iter().for_each(|(k, v)| assert_close(v, b.get(k).unwrap_or(&Value::Null), &format!("{path}.{k}")));
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{path}");
            a.iter().zip(b).enumerate().for_each(|(i, (v, w))| assert_close(v, w, &format!("{path}[{i}]")));
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= 1e-9, "{path}: {a} {b}");
        }
        _ => assert_eq!(got, expected, "{path}"),
    }
}

/// Takes the spatial medians out of an answer, after a check that no other place is nearer to all points.
fn check_medians(answer: &mut SummaryAnswer, naive: &Naive<'_>, lens: &Lens) {
    for summary in &mut answer.summaries {
        for stone in summary.stones.iter_mut().flat_map(|s| &mut s.stones) {
            let points = naive.stone(&summary.signifier, &stone.key, lens);
            let Some(median) = stone.median.take() else {
                assert!(points.is_empty());
                continue;
            };
            let sum = |at: [f64; 2]| points.iter().map(|p| (p[0] - at[0]).hypot(p[1] - at[1])).sum::<f64>();
            let at = [median[0], median[1]];
            let around = [[1e-4, 0.0], [-1e-4, 0.0], [0.0, 1e-4], [0.0, -1e-4]].map(|d| [at[0] + d[0], at[1] + d[1]]);
            for other in points.iter().copied().chain(around) {
                assert!(sum(at) <= sum(other) + 1e-9, "{at:?} {other:?} of {points:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn summaries_are_those_of_plain_loops(seed: u64, stories in 0usize..60) {
        let (study, records, lens) = (study_shape(), random_records(seed, stories), random_lens(seed));
        let snapshot = snapshot(records.clone());
        let naive = Naive::of(&study, &records);
        let mut answer = summarise(&snapshot, &lens, viewer(Audience::Researcher), None);
        prop_assert_eq!(shape::check::<SummaryAnswer>(&json!(answer)), Problems::default(), "as documented");
        check_medians(&mut answer, &naive, &lens);
        assert_close(&json!(answer), &naive.summarise(&lens, false), "$");
        let external = summarise(&snapshot, &lens, viewer(Audience::ExternalResearcher), None);
        let mut external = json!(external);
        for stone in external["summaries"][2]["stones"]["stones"].as_array_mut().unwrap() {
            stone["median"] = Value::Null;
        }
        assert_close(&external, &naive.summarise(&lens, true), "$");
    }

    #[test]
    fn published_stories_are_a_study_of_their_own(seed: u64, stories in 0usize..60, published in 0u8..=4) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 0x9b);
        let mut records = random_records(seed, stories);
        records.iter_mut().for_each(|r| r.published = rng.random_range(0..4) < published);
        let lens = random_lens(seed);
        let (all, alone) = (snapshot(records.clone()), snapshot(records.into_iter().filter(|r| r.published).collect()));
        prop_assert_eq!(all.published().participants, alone.participants);
        prop_assert_eq!(population(&all.published(), &lens), population(&alone, &lens));
        for audience in [Audience::Researcher, Audience::ExternalResearcher, Audience::Workgroup] {
            let of_all = summarise(&all.published(), &lens, viewer(audience), None);
            prop_assert_eq!(of_all, summarise(&alone, &lens, viewer(audience), None));
        }
    }

    #[test]
    fn populations_are_those_of_plain_loops(seed: u64, stories in 0usize..80) {
        let (study, records, lens) = (study_shape(), random_records(seed, stories), random_lens(seed));
        let snapshot = snapshot(records.clone());
        let mut counted = population(&snapshot, &lens);
        counted.neighbours.sort_unstable();
        let expected = Naive::of(&study, &records).population(&lens);
        prop_assert_eq!(&counted, &expected);
        let answer = summarise(&snapshot, &lens, viewer(Audience::Workgroup), None);
        prop_assert_eq!(shape::check::<SummaryAnswer>(&json!(answer)), Problems::default(), "as documented");
        let is_shown = is_permitted(&expected, Default::default()) && is_whole(&snapshot, &lens, Thresholds::default().cell);
        prop_assert_eq!(answer.suppressed.is_none(), is_shown);
    }
}
