use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Fixture {
    firths: Vec<Fitted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fitted {
    predictors: Vec<Vec<f64>>,
    outcome: Vec<bool>,
    log_likelihood: f64,
    estimates: Vec<f64>,
    p: Vec<f64>,
    ends: Vec<[f64; 2]>,
}

fn cases() -> Vec<Fitted> {
    serde_json::from_str::<Fixture>(include_str!("../../../../tests/oracles/tables.json")).unwrap().firths
}

fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs().max(1e-3)
}

#[test]
fn models_agree_with_firthmodels() {
    for case in cases() {
        let ours = firth(&case.predictors, &case.outcome).unwrap();
        assert!(near(ours.log_likelihood, case.log_likelihood, 1e-9), "{ours:?}");
        assert_eq!(ours.coefficients.len(), case.estimates.len());
        for (j, one) in ours.coefficients.iter().enumerate() {
            let interval = one.interval.unwrap();
            assert!(near(one.estimate, case.estimates[j], 1e-8), "{one:?} {}", case.estimates[j]);
            assert!(near(one.p, case.p[j], 1e-7), "{one:?} {}", case.p[j]);
            assert!(near(interval.low, case.ends[j][0], 1e-7), "{one:?} {:?}", case.ends[j]);
            assert!(near(interval.high, case.ends[j][1], 1e-7), "{one:?} {:?}", case.ends[j]);
        }
    }
}

#[test]
fn a_group_without_events_adds_a_half_to_every_cell() {
    let predictors: Vec<Vec<f64>> = (0..24).map(|i| vec![f64::from(u8::from(i >= 12))]).collect();
    let outcome: Vec<bool> = (0..24).map(|i| i >= 19).collect();
    let ours = firth(&predictors, &outcome).unwrap();
    let expected = [(0.5f64 / 12.5).ln(), 2.908720897];
    for (one, expected) in ours.coefficients.iter().zip(expected) {
        assert!((one.estimate - expected).abs() < 1e-9, "{one:?}");
    }
    assert_eq!((ours.events, ours.others), (5, 19));
}

#[test]
fn order_of_rows_and_names_of_groups_do_not_matter() {
    for case in cases() {
        let ours = firth(&case.predictors, &case.outcome).unwrap();
        let rows: Vec<Vec<f64>> = case.predictors.iter().rev().cloned().collect();
        let outcome: Vec<bool> = case.outcome.iter().rev().copied().collect();
        let turned = firth(&rows, &outcome).unwrap();
        let opposite = firth(&rows, &outcome.iter().map(|y| !y).collect::<Vec<_>>()).unwrap();
        for ((one, two), other) in ours.coefficients.iter().zip(&turned.coefficients).zip(&opposite.coefficients) {
            assert!(
                near(one.estimate, two.estimate, 1e-9) && near(one.estimate, -other.estimate, 1e-9),
                "{one:?} {two:?} {other:?}"
            );
            assert!(near(one.interval.unwrap().low, -other.interval.unwrap().high, 1e-8), "{one:?} {other:?}");
            assert!(near(one.p, other.p, 1e-8));
        }
    }
}

#[test]
fn what_cannot_be_fitted_is_none() {
    let x: Vec<Vec<f64>> = (0..10).map(|i| vec![f64::from(i) / 10.0]).collect();
    let y: Vec<bool> = (0..10).map(|i| i % 3 == 0).collect();
    assert!(firth(&x, &y).is_some());
    assert_eq!(firth(&x, &[true; 10]), None);
    assert_eq!(firth(&x, &y[..9]), None);
    assert_eq!(firth(&[], &[]), None);
    let constant: Vec<Vec<f64>> = x.iter().map(|row| vec![row[0], 0.3]).collect();
    assert_eq!(firth(&constant, &y), None);
    let twice: Vec<Vec<f64>> = x.iter().map(|row| vec![row[0], 2.0 * row[0]]).collect();
    assert_eq!(firth(&twice, &y), None);
    let gone: Vec<Vec<f64>> = x.iter().map(|row| vec![row[0] / 0.0]).collect();
    assert_eq!(firth(&gone, &y), None);
}

#[test]
fn full_separation_has_finite_answers() {
    let x: Vec<Vec<f64>> = (0..20).map(|i| vec![f64::from(i) / 20.0]).collect();
    let y: Vec<bool> = (0..20).map(|i| i >= 10).collect();
    let ours = firth(&x, &y).unwrap();
    assert!(ours.coefficients[1].estimate.is_finite() && ours.coefficients[1].p < 0.001, "{ours:?}");
}
