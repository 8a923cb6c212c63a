//! The same stories give the same bytes, however they came in and whoever counts.

use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::study::{ask, random_records, shape, snapshot};
use crate::analysis::snapshot::Snapshot;
use crate::domain::role::Audience;

fn bytes(snapshot: &Snapshot) -> String {
    let lenses = [json!({}), json!({"waves": ["1", "2"], "attributes": {"age": ["old"]}})];
    let ask = |lens| serde_json::to_string(&ask(snapshot, lens, Audience::Researcher)).unwrap();
    lenses.map(ask).concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_order_of_the_records_does_not_matter(seed: u64) {
        let mut records = random_records(seed, 80);
        let expected = bytes(&snapshot(records.clone()));
        records.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        prop_assert_eq!(bytes(&snapshot(records)), expected);
    }

    #[test]
    fn an_extended_snapshot_is_the_one_built_anew(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let records = random_records(seed, 80);
        let mut waiting = records.clone();
        waiting.shuffle(rng);
        let mut kept = Snapshot::build(0, shape(), Vec::new()).unwrap();
        while !waiting.is_empty() {
            let mut part = waiting.split_off(waiting.len() - rng.random_range(1..=waiting.len()));
            // Some stories come with other content first, and are corrected later.
            for record in &mut part {
                if rng.random_bool(0.9) {
                    continue;
                }
                let mut first = random_records(rng.random(), 1).remove(0);
                first.id = record.id;
                waiting.insert(0, std::mem::replace(record, first));
            }
            kept = kept.extend(1, part).unwrap();
        }
        let built = snapshot(records);
        prop_assert_eq!(&kept.frame.ids, &built.frame.ids);
        prop_assert_eq!(kept.participants, built.participants);
        prop_assert_eq!(bytes(&kept), bytes(&built));
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let records = random_records(7, 3000);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bytes(&snapshot(records.clone())))
    };
    assert_eq!(on(1), on(4));
}

#[test]
fn of_records_with_the_same_id_the_last_one_counts() {
    let mut records = random_records(3, 2);
    records[1].id = records[0].id;
    records[1].wave = "3".into();
    let answer = ask(&snapshot(records), json!({"waves": ["3"]}), Audience::Researcher);
    assert_eq!(answer.stories, Some(1));
}
