use serde::Deserialize;

use super::super::chance::Seed;
use super::intraclass::intraclass;
use super::krippendorff::{Level, krippendorff, krippendorff_interval};
use super::limits::limits;

#[derive(Deserialize)]
struct Fixture {
    intraclasses: Vec<Rated>,
    limits: Vec<Paired>,
    alphas: Vec<Coded>,
}

#[derive(Deserialize)]
struct Rated {
    ratings: Vec<Vec<f64>>,
    icc: f64,
    f: f64,
    p: f64,
    low: f64,
    high: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paired {
    pairs: Vec<[f64; 2]>,
    bias: f64,
    bias_interval: [f64; 2],
    sd: f64,
    limits: [f64; 2],
    error: f64,
}

#[derive(Deserialize)]
struct Coded {
    units: Vec<Vec<f64>>,
    nominal: f64,
    ordinal: f64,
    interval: f64,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../../../../tests/oracles/tables.json")).unwrap()
}

fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs().max(1e-3)
}

#[test]
fn intraclass_agrees_with_pingouin() {
    let cases = fixture().intraclasses;
    assert!(near(intraclass(&cases[0].ratings).unwrap().icc, 0.289764, 2e-6), "Shrout and Fleiss");
    for case in cases {
        let ours = intraclass(&case.ratings).unwrap();
        let (interval, test) = (ours.interval.unwrap(), ours.test.unwrap());
        assert!(near(ours.icc, case.icc, 1e-9) && near(test.statistic, case.f, 1e-9), "{ours:?}");
        assert!((test.p - case.p).abs() <= 1e-8 * case.p, "{ours:?} {}", case.p);
        assert!(
            near(interval.low, case.low, 1e-8) && near(interval.high, case.high, 1e-8),
            "{ours:?} {} {}",
            case.low,
            case.high
        );
        let turned: Vec<Vec<f64>> = case.ratings.iter().rev().map(|row| row.iter().rev().copied().collect()).collect();
        let turned = intraclass(&turned).unwrap();
        assert!(near(turned.icc, ours.icc, 1e-12) && near(turned.interval.unwrap().low, interval.low, 1e-9));
    }
}

#[test]
fn raters_who_agree_fully_or_never_vary() {
    let full = intraclass(&[vec![0.1, 0.1], vec![0.7, 0.7], vec![0.3, 0.3]]).unwrap();
    assert_eq!((full.icc, full.interval, full.test), (1.0, None, None));
    let shifted = intraclass(&[vec![0.1, 0.2], vec![0.7, 0.8], vec![0.3, 0.4]]).unwrap();
    assert!(shifted.icc < 1.0 && shifted.test.is_none(), "{shifted:?}");
    assert_eq!(intraclass(&[vec![0.4, 0.4], vec![0.4, 0.4]]), None);
    assert_eq!(intraclass(&[vec![0.4, 0.5]]), None);
    assert_eq!(intraclass(&[vec![0.4], vec![0.5]]), None);
    assert_eq!(intraclass(&[vec![0.4, 0.1], vec![0.5]]), None);
    assert_eq!(intraclass(&[]), None);
    assert_eq!(intraclass(&[vec![0.0, 1.0], vec![1.0, 0.0]]), None, "nothing to divide by");
    let opposed = intraclass(&[vec![0.0, 1.0], vec![1.0, 0.0], vec![0.2, 0.8], vec![0.8, 0.2]]).unwrap();
    assert!(opposed.icc < -0.9 && opposed.interval.is_none_or(|i| i.low <= opposed.icc), "{opposed:?}");
}

#[test]
fn limits_of_agreement_are_those_of_numpy() {
    for case in fixture().limits {
        let ours = limits(&case.pairs).unwrap();
        let inside = ours.bias_interval.unwrap();
        assert!(near(ours.bias, case.bias, 1e-9) && near(ours.sd, case.sd, 1e-9) && near(ours.limit_error, case.error, 1e-9));
        assert!(near(inside.low, case.bias_interval[0], 1e-8) && near(inside.high, case.bias_interval[1], 1e-8), "{ours:?}");
        assert!(near(ours.limits.low, case.limits[0], 1e-9) && near(ours.limits.high, case.limits[1], 1e-9));
    }
    assert_eq!(limits(&[[0.1, 0.2]]), None);
    assert_eq!(limits(&[[0.5, 0.25], [0.5, 0.25]]).unwrap().bias_interval, None);
}

#[test]
fn alpha_agrees_with_krippendorff() {
    let cases = fixture().alphas;
    let known = [(Level::Nominal, 0.743421), (Level::Ordinal, 0.815388), (Level::Interval, 0.849107)];
    for (level, expected) in known {
        assert!((krippendorff(&cases[0].units, level).unwrap() - expected).abs() < 1e-6);
    }
    for case in cases {
        let expected = [(Level::Nominal, case.nominal), (Level::Ordinal, case.ordinal), (Level::Interval, case.interval)];
        let turned: Vec<Vec<f64>> = case.units.iter().rev().map(|u| u.iter().rev().copied().collect()).collect();
        for (level, expected) in expected {
            let ours = krippendorff(&case.units, level).unwrap();
            assert!(near(ours, expected, 1e-9), "{level:?} {ours} {expected}");
            assert!(near(krippendorff(&turned, level).unwrap(), ours, 1e-12));
        }
    }
}

#[test]
fn alpha_needs_variation() {
    for level in [Level::Nominal, Level::Ordinal, Level::Interval] {
        assert_eq!(krippendorff(&[], level), None);
        assert_eq!(krippendorff(&[vec![1.0], vec![2.0]], level), None);
        assert_eq!(krippendorff(&[vec![1.0, 1.0], vec![1.0, 1.0], vec![2.0]], level), None);
        assert_eq!(krippendorff(&[vec![1.0, 1.0], vec![3.0, 3.0]], level), Some(1.0));
    }
}

#[test]
fn the_interval_of_alpha_does_not_depend_on_order() {
    let seed = Seed::of([&b"alpha"[..]]);
    for case in fixture().alphas {
        let ours = krippendorff_interval(&case.units, Level::Ordinal, &seed, 500).unwrap();
        assert!(ours.low < case.ordinal && case.ordinal < ours.high, "{ours:?} {}", case.ordinal);
        let turned: Vec<Vec<f64>> = case.units.iter().rev().map(|u| u.iter().rev().copied().collect()).collect();
        assert_eq!(krippendorff_interval(&turned, Level::Ordinal, &seed, 500), Some(ours));
    }
    assert_eq!(krippendorff_interval(&[vec![1.0, 1.0]], Level::Nominal, &seed, 100), None);
}
