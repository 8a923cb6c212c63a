//! What statsmodels, numpy and SciPy say (`tests/oracles/summary.py`).

use serde::Deserialize;
use serde_json::{Value, json};

use super::study::{answered, ask, of, record, snapshot};
use crate::analysis::stats::{spatial_median::spatial_median, wilson};
use crate::domain::role::Audience;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Oracles {
    wilson: Vec<Wilson>,
    quartiles: Vec<Quartiles>,
    spatial_medians: Vec<Median>,
}

#[derive(Deserialize)]
struct Wilson {
    count: u32,
    n: u32,
    low: f64,
    high: f64,
}

#[derive(Deserialize)]
struct Quartiles {
    values: Vec<f64>,
    q1: f64,
    median: f64,
    q3: f64,
    histogram: Vec<u32>,
}

#[derive(Deserialize)]
struct Median {
    points: Vec<[f64; 2]>,
    median: [f64; 2],
    sum: f64,
}

fn oracles() -> Oracles {
    serde_json::from_str(include_str!("../../../tests/oracles/summary.json")).unwrap()
}

fn assert_near(got: f64, expected: f64) {
    assert!((got - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{got} {expected}");
}

#[test]
fn shares_have_the_intervals_of_statsmodels() {
    for case in oracles().wilson {
        let share = wilson::share(case.count, case.n).unwrap();
        assert_near(share.low, case.low.max(0.0));
        assert_near(share.high, case.high.min(1.0));
        assert!(share.low <= share.share && share.share <= share.high);
    }
    let (none, all) = (wilson::share(0, 20).unwrap(), wilson::share(20, 20).unwrap());
    assert_eq!((none.low, all.high), (0.0, 1.0), "exactly");
    assert_eq!(wilson::share(0, 0), None);
}

#[test]
fn quartiles_and_bins_are_those_of_numpy() {
    for case in oracles().quartiles {
        let records =
            case.values.iter().enumerate().map(|(i, v)| record(i as u32, json!({"dy": answered(json!({"position": v}))})));
        let answer = ask(&snapshot(records.collect()), json!({}), Audience::Researcher);
        let dyad = of(&answer, "dy").dyad.clone().unwrap();
        assert_near(dyad.q1.unwrap(), case.q1);
        assert_near(dyad.median.unwrap(), case.median);
        assert_near(dyad.q3.unwrap(), case.q3);
        assert_eq!(dyad.histogram.unwrap(), case.histogram);
    }
}

#[test]
fn spatial_medians_are_those_of_a_trust_region_search() {
    for case in oracles().spatial_medians {
        let [x, y] = spatial_median(&case.points).unwrap();
        assert!((x - case.median[0]).abs() < 1e-8 && (y - case.median[1]).abs() < 1e-8, "{x} {y} {:?}", case.median);
        let sum: f64 = case.points.iter().map(|p| (p[0] - x).hypot(p[1] - y)).sum();
        assert_near(sum, case.sum);
    }
}

#[test]
fn an_empty_selection_has_nulls_and_no_nan() {
    let answer = ask(&snapshot(Vec::new()), json!({}), Audience::Researcher);
    assert_eq!((answer.stories, answer.participants, answer.repeated), (Some(0), Some(0), Some(false)));
    let dyad = of(&answer, "dy").dyad.clone().unwrap();
    assert_eq!((dyad.median, dyad.at_start, dyad.histogram), (None, Some(0), Some(vec![0; 20])));
    let triad = json!(of(&answer, "tri"))["triad"].clone();
    assert_eq!(
        triad["zones"][0],
        json!({"zone": "top", "count": 0, "share": null, "low": null, "high": null, "areaShare": 0.16})
    );
    assert_eq!((&triad["arithmeticCentre"], &triad["zeroShare"]), (&Value::Null, &Value::Null));
}
