//! The same report whatever the order of the rows, the number of threads, the codes of participants and the corner of a
//! triad that is on top.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::{FIXTURE, report_of};
use crate::analysis::report::{Section, Settings};

fn table() -> &'static str {
    FIXTURE["table"].as_str().unwrap()
}

/// Everything, or without the parts that take seconds.
fn settings(all: bool) -> Settings {
    let slow = [Section::Densities, Section::Clusters];
    let sections = Section::ALL.into_iter().filter(|s| all || !slow.contains(s)).collect();
    Settings { sections, permutations: 199, ..Settings::default() }
}

fn bytes(table: &str, all: bool) -> String {
    serde_json::to_string(&report_of(&FIXTURE["framework"], table, &settings(all))).unwrap()
}

fn shuffled(seed: u64) -> String {
    let (header, rows) = table().split_once("\r\n").unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    format!("{header}\r\n{}\r\n", rows.join("\r\n"))
}

#[test]
fn rows_in_another_order_give_the_same_bytes() {
    let expected = bytes(table(), false);
    for seed in 0..2 {
        assert!(bytes(&shuffled(seed), false) == expected, "seed {seed}");
    }
}

#[test]
fn one_thread_and_four_give_the_same_bytes() {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bytes(table(), false))
    };
    assert!(on(1) == on(4));
}

#[test]
#[ignore = "slow without optimisation; `make proof` runs it"]
fn rows_and_threads_do_not_matter_for_the_slow_parts_either() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert!(pool.install(|| bytes(table(), true)) == bytes(&shuffled(3), true));
}

#[test]
fn participants_under_other_codes_give_the_same_bytes() {
    // Codes in the opposite order, of other lengths.
    let renamed = (0..60).fold(table().to_owned(), |t, i| t.replace(&format!(",P{i:02},"), &format!(",Q{},", 1000 - 7 * i)));
    assert!(!renamed.contains(",P0") && renamed != table());
    assert!(bytes(&renamed, false) == bytes(table(), false));
}

/// The framework with the anchors of its triad one corner further; the table names its columns by their keys.
fn rotated() -> Value {
    let mut framework = FIXTURE["framework"].clone();
    let signifiers = framework["signifiers"].as_array_mut().unwrap();
    let triad = signifiers.iter_mut().find(|s| s["kind"] == "triad").unwrap();
    triad["anchors"].as_array_mut().unwrap().rotate_left(1);
    framework
}

/// Numbers up to rounding, of arrays and members too.
fn near(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= 1e-9 * b.abs() + 1e-12
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b)),
        (Value::Object(a), Value::Object(b)) => a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|w| near(v, w))),
        (a, b) => a == b,
    }
}

/// p-values by formula agree, drawn ones up to what chance makes of so many draws.
fn p_agree(a: &Value, b: &Value) -> bool {
    let (Some(draws), Some(draws_b)) = (a["draws"].as_f64(), b["draws"].as_f64()) else { return near(&a["p"], &b["p"]) };
    let (p, p_b) = (a["p"].as_f64().unwrap(), b["p"].as_f64().unwrap());
    let mean = (0.5 * (p + p_b)).max(1.0 / draws.min(draws_b));
    (p - p_b).abs() <= 4.0 * (mean * (1.0 - mean) * (1.0 / draws + 1.0 / draws_b)).sqrt()
}

#[test]
fn a_rotated_triad_gives_rotated_results() {
    let of = |framework: &Value| serde_json::to_value(report_of(framework, table(), &settings(false))).unwrap();
    let (before, after) = (of(&FIXTURE["framework"]), of(&rotated()));
    for section in ["pairs", "contrasts", "changes", "trends", "perspectives"] {
        let (before, after) = (before[section].as_array().unwrap(), after[section].as_array().unwrap());
        assert!(before.len() == after.len() && !before.is_empty());
        for (a, b) in before.iter().zip(after) {
            for name in ["a", "b", "signifier", "layer", "test", "statistic", "n", "up", "same", "down", "contradicting"] {
                assert!(near(&a[name], &b[name]), "{section} {name}\n{a}\n{b}");
            }
            assert!(near(&a["effect"]["value"], &b["effect"]["value"]) && p_agree(a, b), "{section}\n{a}\n{b}");
            if let Some(mut towards) = a["towards"].as_array().cloned() {
                towards.rotate_left(1);
                assert_eq!(Value::from(towards), b["towards"]);
            }
        }
    }
    let stories = |r: &Value| r["outliers"].as_array().unwrap().iter().map(|o| o["story"].clone()).collect::<Vec<_>>();
    assert_eq!(stories(&before), stories(&after));
    let triads = |r: &Value| -> Vec<Value> {
        let all = r["summaries"].as_array().unwrap().iter();
        all.filter(|s| s["kind"] == "triad").map(|s| s["triad"].clone()).collect()
    };
    for (a, b) in triads(&before).iter().zip(triads(&after)) {
        let mut centre = a["arithmeticCentre"].as_array().unwrap().clone();
        centre.rotate_left(1);
        assert!(near(&Value::from(centre), &b["arithmeticCentre"]));
        let counts = |t: &Value| t["zones"].as_array().unwrap().iter().map(|z| z["count"].as_u64().unwrap()).collect::<Vec<_>>();
        let (a, b) = (counts(a), counts(&b));
        // Zones: top, left, right, top-left, top-right, left-right, centre; what was left is now on top.
        assert_eq!([a[1], a[2], a[0], a[5], a[3], a[4], a[6]], b[..]);
    }
}
