//! Rank tests against SciPy, pingouin and definitions over all pairs or orders (tests/oracles/ranks.py), and against
//! themselves turned around.

use std::sync::LazyLock;

use rand::seq::SliceRandom;
use serde_json::Value;

use super::super::chance::{DrawnP, Draws, Seed};
use super::super::shuffle::Shuffle;
use super::brunner_munzel::brunner_munzel;
use super::cliff::Placed;
use super::friedman::{friedman, friedman_permutation};
use super::hodges_lehmann::{hodges_lehmann, shift_interval};
use super::kendall::{kendall, kendall_permutation};
use super::kruskal::{kruskal, kruskal_permutation};
use super::mann_whitney::{mann_whitney, mann_whitney_permutation};
use super::page::{page, page_permutation};
use super::skillings_mack::{skillings_mack, skillings_mack_permutation};
use super::spearman::{spearman, spearman_permutation};
use super::wilcoxon::{differences, rank_biserial, wilcoxon};

static ORACLE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../tests/oracles/ranks.json")).unwrap());

fn cases(name: &str) -> &'static [Value] {
    ORACLE[name].as_array().unwrap()
}

fn numbers(case: &Value, name: &str) -> Vec<f64> {
    case[name].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn names(case: &Value, name: &str) -> Vec<u32> {
    numbers(case, name).into_iter().map(|v| v as u32).collect()
}

/// Equal within a relative tolerance; exactly where the other says 0 but for what floats leave.
fn near(ours: f64, case: &Value, name: &str, tolerance: f64) {
    let theirs = case[name].as_f64().unwrap_or_else(|| panic!("no {name} in {case}"));
    assert!((ours - theirs).abs() <= tolerance * theirs.abs().max(1e-6), "{name}: {ours} is not {theirs} in {case}");
}

/// Rows in another order.
fn shuffled(n: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(&mut Seed::of([&b"order"[..]]).rng(n as u64));
    order
}

fn pick<T: Copy>(values: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|row| values[*row]).collect()
}

fn negated(values: &[f64]) -> Vec<f64> {
    values.iter().map(|v| -v).collect()
}

#[test]
fn correlations_are_those_of_scipy() {
    for case in cases("correlations") {
        let (x, y) = (numbers(case, "x"), numbers(case, "y"));
        let (rho, tau) = (spearman(&x, &y).unwrap(), kendall(&x, &y).unwrap());
        near(rho.statistic, case, "rho", 1e-9);
        near(rho.p, case, "rhoP", 1e-8);
        near(tau.statistic, case, "tau", 1e-9);
        near(tau.p, case, "tauP", 1e-8);
        let order = shuffled(x.len());
        let (x2, y2) = (pick(&x, &order), pick(&y, &order));
        assert_eq!((spearman(&x2, &y2), kendall(&x2, &y2)), (Some(rho), Some(tau)));
        assert_eq!(spearman(&y, &x), Some(rho));
        let swapped = kendall(&y, &x).unwrap();
        assert!((swapped.effect - tau.effect).abs() < 1e-15 && (swapped.p - tau.p).abs() < 1e-14);
        let turned = spearman(&negated(&x), &y).unwrap();
        assert_eq!((turned.effect, turned.p), (-rho.effect, rho.p));
        let cubed: Vec<f64> = x.iter().map(|v| v.powi(3)).collect();
        assert_eq!((spearman(&cubed, &y), kendall(&cubed, &y)), (Some(rho), Some(tau)), "only order counts");
        for test in [rho, tau] {
            if let Some(i) = test.interval {
                assert!(-1.0 <= i.low && i.low <= test.effect && test.effect <= i.high && i.high <= 1.0, "{test:?}");
            }
        }
    }
}

#[test]
fn the_interval_of_a_correlation_is_fishers() {
    let x: Vec<f64> = (1..=10).map(f64::from).collect();
    let test = spearman(&x, &[2.0, 5.0, 6.0, 1.0, 3.0, 10.0, 4.0, 8.0, 7.0, 9.0]).unwrap();
    let interval = test.interval.unwrap();
    let half = 0.5 * (interval.high.atanh() - interval.low.atanh());
    assert!((half - 1.959963984540054 * (1.06_f64 / 7.0).sqrt()).abs() < 1e-12);
    assert!((0.5 * (interval.high.atanh() + interval.low.atanh()) - test.effect.atanh()).abs() < 1e-12);
    let alike = spearman(&x, &x).unwrap();
    assert_eq!((alike.effect, alike.p), (1.0, 0.0));
    assert_eq!(alike.interval.map(|i| (i.low, i.high)), Some((1.0, 1.0)));
}

#[test]
fn two_groups_are_those_of_scipy_and_of_all_pairs() {
    for case in cases("twoGroups") {
        let (x, y) = (numbers(case, "x"), numbers(case, "y"));
        let test = mann_whitney(&x, &y).unwrap();
        near(test.statistic, case, "u", 1e-9);
        near(test.p, case, "p", 1e-8);
        near(test.effect, case, "delta", 1e-9);
        let interval = test.interval.unwrap();
        if !case["low"].is_null() {
            near(interval.low, case, "low", 1e-9);
            near(interval.high, case, "high", 1e-9);
        }
        near(hodges_lehmann(&x, &y).unwrap(), case, "shift", 1e-9);
        match shift_interval(&x, &y) {
            Some(interval) => {
                near(interval.low, case, "shiftLow", 1e-9);
                near(interval.high, case, "shiftHigh", 1e-9);
                let back = shift_interval(&y, &x).unwrap();
                assert_eq!((back.low, back.high), (0.0 - interval.high, 0.0 - interval.low));
            }
            None => assert!(case["shiftLow"].is_null(), "{case}"),
        }
        match brunner_munzel(&x, &y) {
            Some(test) => {
                near(test.statistic, case, "w", 1e-9);
                near(test.p, case, "wP", 1e-8);
            }
            None => assert!(case["w"].is_null(), "{case}"),
        }
        let order = (shuffled(x.len()), shuffled(y.len()));
        let (x2, y2) = (pick(&x, &order.0), pick(&y, &order.1));
        assert_eq!(mann_whitney(&x2, &y2), Some(test));
        assert_eq!(brunner_munzel(&x2, &y2), brunner_munzel(&x, &y));
        assert_eq!(hodges_lehmann(&y2, &x2), hodges_lehmann(&x, &y).map(|v| 0.0 - v));
        let other = mann_whitney(&y, &x).unwrap();
        assert_eq!((other.effect, other.p), (-test.effect, test.p));
        let back = other.interval.unwrap();
        assert!((back.low + interval.high).abs() < 1e-12 && (back.high + interval.low).abs() < 1e-12);
    }
}

#[test]
fn groups_that_do_not_overlap_have_an_interval() {
    let (low, high): (Vec<f64>, Vec<f64>) = ((0..10).map(f64::from).collect(), (20..50).map(f64::from).collect());
    let placed = Placed::of(&high, &low).unwrap();
    let interval = placed.interval().unwrap();
    assert_eq!((placed.delta(), interval.high), (1.0, 1.0));
    let z2 = 1.959963984540054_f64.powi(2);
    assert!((interval.low - (10.0 - z2) / (10.0 + z2)).abs() < 1e-12);
    assert_eq!(brunner_munzel(&high, &low), None);
    assert_eq!(Placed::of(&[1.0], &[2.0, 3.0]).unwrap().interval(), None);
}

#[test]
fn several_groups_are_those_of_scipy() {
    for case in cases("severalGroups") {
        let (values, groups) = (numbers(case, "values"), names(case, "groups"));
        let test = kruskal(&values, &groups).unwrap();
        near(test.statistic, case, "h", 1e-9);
        near(test.p, case, "p", 1e-8);
        assert!((test.effect - test.statistic / (values.len() - 1) as f64).abs() < 1e-12);
        let order = shuffled(values.len());
        let renamed: Vec<u32> = pick(&groups, &order).iter().map(|g| 900 - 7 * g).collect();
        assert_eq!(kruskal(&pick(&values, &order), &renamed), Some(test));
    }
}

#[test]
fn signed_ranks_are_those_of_scipy_and_of_all_signs() {
    for case in cases("signed") {
        let d = numbers(case, "d");
        let test = wilcoxon(&d).unwrap();
        near(test.r_plus, case, "rPlus", 1e-9);
        // SciPy gives z of the smaller sum.
        near(-test.z.abs(), case, "z", 1e-9);
        near(test.asymptotic_p, case, "p", 1e-8);
        near(test.effect, case, "rbc", 1e-9);
        if !case["exact"].is_null() {
            near(test.exact_p.unwrap(), case, "exact", 1e-9);
        }
        assert_eq!(wilcoxon(&pick(&d, &shuffled(d.len()))), Some(test));
        let back = wilcoxon(&negated(&d)).unwrap();
        assert_eq!((back.z, back.exact_p, back.effect), (-test.z, test.exact_p, -test.effect));
        assert_eq!((back.up, back.same, back.down), (test.down, test.same, test.up));
    }
}

#[test]
fn the_signed_ranks_of_the_specification() {
    let test = wilcoxon(&[0.0, 0.0, 1.0, -1.0, 2.0, 3.0, 3.0, -4.0, 5.0, 6.0, 0.0, 2.0]).unwrap();
    assert!((test.z - 1.7070752).abs() < 5e-8 && (test.asymptotic_p - 0.0878081).abs() < 5e-8);
    assert_eq!(test.exact_p, Some(0.0859375));
    assert_eq!((test.up, test.same, test.down, test.n(), test.p()), (7, 3, 2, 12, 0.0859375));
    let tenths = differences(&[0.1, 0.2, 0.7], &[0.2, 0.3, 0.6]);
    assert!(tenths[0] == tenths[1] && tenths[0] == -tenths[2], "{tenths:?}");
    // 100 steps of one size: the exact p is that of a sign test, 2 P(X ≤ 40).
    let d: Vec<f64> = (0..100).map(|i| if i < 40 { -1.0 } else { 1.0 }).collect();
    assert!((wilcoxon(&d).unwrap().exact_p.unwrap() - 0.05688793364098088).abs() < 1e-12);
}

#[test]
fn repeated_answers_are_those_of_scipy() {
    for case in cases("repeated") {
        let (values, k) = (numbers(case, "values"), case["k"].as_u64().unwrap() as usize);
        let test = friedman(&values, k).unwrap();
        near(test.test.statistic, case, "chi", 1e-9);
        near(test.test.p, case, "p", 1e-8);
        near(test.test.effect, case, "w", 1e-9);
        if let Some(f) = test.iman_davenport {
            near(f.statistic, case, "f", 1e-9);
            near(f.p, case, "fP", 1e-8);
        }
        let trend = page(&values, k).unwrap();
        near(trend.l, case, "l", 1e-9);
        near(trend.asymptotic_rise_p, case, "pageP", 1e-8);
        if !case["pageExact"].is_null() {
            near(trend.exact_rise_p.unwrap(), case, "pageExact", 1e-9);
        }
        if !case["meanRho"].is_null() {
            near(trend.effect, case, "meanRho", 1e-9);
            // Without ties or missing answers the two tests are one.
            let full: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
            near(skillings_mack(&full, k).unwrap().statistic, case, "chi", 1e-9);
        }
        if let Some(both) = case["pageAll"].as_array() {
            let (fall, rise) = (both[0].as_f64().unwrap(), both[1].as_f64().unwrap());
            assert!((trend.exact_rise_p.unwrap() - rise).abs() < 1e-12, "{case}");
            assert!((trend.exact_p.unwrap() - (2.0 * fall.min(rise)).min(1.0)).abs() < 1e-12, "{case}");
        }
        let rows = pick(&values.chunks_exact(k).collect::<Vec<_>>(), &shuffled(values.len() / k)).concat();
        assert_eq!((friedman(&rows, k), page(&rows, k)), (Some(test), Some(trend)));
        // Columns the other way round: the same disagreement, the opposite trend.
        let back: Vec<f64> = values.chunks_exact(k).flat_map(|row| row.iter().rev().copied()).collect();
        assert_eq!(friedman(&back, k), Some(test));
        let fall = page(&back, k).unwrap();
        assert!((fall.z + trend.z).abs() < 1e-12 && (fall.effect + trend.effect).abs() < 1e-12);
        assert!(fall.exact_p.zip(trend.exact_p).is_none_or(|(a, b)| (a - b).abs() < 1e-12));
    }
}

#[test]
fn the_trend_of_the_specification() {
    let docs = &cases("repeated")[0];
    assert_eq!(page(&numbers(docs, "values"), 3).unwrap().l, 133.5);
    // SciPy's exact p takes no notice of ties: it is that of the next lower L that a table without ties can have.
    let values = [[2.0, 1.0, 3.0].repeat(7), [1.0, 2.0, 3.0].repeat(3)].concat();
    let test = page(&values, 3).unwrap();
    assert_eq!(test.l, 133.0);
    assert!((test.exact_rise_p.unwrap() - 0.00181911619).abs() < 5e-12, "{test:?}");
}

#[test]
fn incomplete_tables_are_those_of_the_moore_penrose_inverse() {
    for (at, case) in cases("incomplete").iter().enumerate() {
        let k = case["k"].as_u64().unwrap() as usize;
        let values: Vec<Option<f64>> = case["values"].as_array().unwrap().iter().map(Value::as_f64).collect();
        let test = skillings_mack(&values, k).unwrap();
        near(test.statistic, case, "t", 1e-9);
        near(test.p, case, "p", 1e-8);
        assert_eq!(test.degrees as u64, case["degrees"].as_u64().unwrap());
        if at == 0 {
            assert!((test.statistic - 15.4930488).abs() < 5e-8 && (test.p - 0.00144030).abs() < 5e-9, "as published");
            let drawn = skillings_mack_permutation(&values, k, &seed(), ALL).unwrap();
            assert!(drawn.p < 0.001, "the chi-squared tail is conservative here: {drawn:?}");
        }
        let rows = pick(&values.chunks_exact(k).collect::<Vec<_>>(), &shuffled(values.len() / k)).concat();
        assert_eq!(skillings_mack(&rows, k), Some(test));
        let back: Vec<Option<f64>> = values.chunks_exact(k).flat_map(|row| row.iter().rev().copied()).collect();
        assert!((skillings_mack(&back, k).unwrap().statistic - test.statistic).abs() < 1e-9 * test.statistic);
    }
}

const ALL: Draws = Draws { most: 9_999, stop_at: None };

fn seed() -> Seed {
    Seed::of([&b"ranks"[..]])
}

/// Within four standard errors of the p over all permutations, and one draw for the observed one.
fn drawn(ours: Option<DrawnP>, case: &Value, name: &str) {
    let (ours, p) = (ours.unwrap(), case[name].as_f64().unwrap());
    let error = (p * (1.0 - p) / f64::from(ours.draws)).sqrt();
    assert!((ours.p - p).abs() <= 4.0 * error + 1e-4, "{name}: {ours:?} is not {p}");
}

#[test]
fn permutations_draw_from_all_permutations() {
    let case = &cases("permutations")[0];
    let (x, y, groups) = (numbers(case, "x"), numbers(case, "y"), names(case, "groups"));
    let first: Vec<bool> = case["inFirst"].as_array().unwrap().iter().map(|v| v.as_bool().unwrap()).collect();
    let (rows, seed) = (Shuffle::rows(8), seed());
    drawn(spearman_permutation(&x, &y, &rows, &seed, ALL), case, "spearman");
    drawn(kendall_permutation(&x, &y, &rows, &seed, ALL), case, "kendall");
    drawn(mann_whitney_permutation(&x, &first, &rows, &seed, ALL), case, "mannWhitney");
    drawn(kruskal_permutation(&x, &groups, &rows, &seed, ALL), case, "kruskal");
    let clusters = Shuffle::clusters(&[4, 4, 7, 7, 1, 1, 2, 2]);
    drawn(spearman_permutation(&x, &y, &clusters, &seed, ALL), case, "spearmanClusters");
    drawn(mann_whitney_permutation(&x, &first, &clusters, &seed, ALL), case, "mannWhitneyClusters");
    let within = Shuffle::within(&[1, 1, 1, 1, 2, 2, 2, 2]);
    drawn(spearman_permutation(&x, &y, &within, &seed, ALL), case, "spearmanWithin");
    drawn(mann_whitney_permutation(&x, &first, &within, &seed, ALL), case, "mannWhitneyWithin");
    let case = &cases("permutations")[1];
    let values = numbers(case, "values");
    drawn(friedman_permutation(&values, 3, &seed, ALL), case, "friedman");
    drawn(page_permutation(&values, 3, &seed, ALL), case, "page");
}

#[test]
fn nothing_is_said_of_what_cannot_be_compared() {
    let (flat, rise) = ([2.0; 5], [1.0, 2.0, 3.0, 4.0, 5.0]);
    assert!(spearman(&flat, &rise).is_none() && spearman(&rise, &flat).is_none() && spearman(&rise, &rise[1..]).is_none());
    assert!(kendall(&flat, &rise).is_none() && kendall(&rise[..2], &rise[..2]).is_none());
    assert!(mann_whitney(&flat, &flat).is_none() && mann_whitney(&[], &rise).is_none());
    assert!(brunner_munzel(&rise[..1], &rise).is_none() && hodges_lehmann(&[], &rise).is_none());
    assert!(hodges_lehmann(&[f64::NAN], &rise).is_none() && hodges_lehmann(&[-0.0], &[0.0]) == Some(0.0));
    assert!(kruskal(&rise, &[1; 5]).is_none() && kruskal(&flat, &[1, 2, 1, 2, 1]).is_none());
    assert!(wilcoxon(&[0.0; 4]).is_none() && wilcoxon(&[]).is_none() && wilcoxon(&[f64::NAN]).is_none());
    assert!(rank_biserial(&[]).is_none() && rank_biserial(&[0.0, -2.0]) == Some(-1.0));
    assert!(friedman(&flat, 2).is_none() && friedman(&[1.0; 6], 3).is_none() && friedman(&[], 3).is_none());
    assert!(page(&[1.0; 6], 3).is_none() && page(&[1.0, 2.0], 2).is_none());
    let alike = friedman(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3).unwrap();
    assert_eq!((alike.test.effect, alike.iman_davenport), (1.0, None));
    assert!(skillings_mack(&[Some(1.0), None, None, Some(2.0)], 2).is_none());
    assert!(skillings_mack(&[Some(1.0), Some(1.0), None, Some(2.0)], 2).is_none());
    let (shuffle, seed) = (Shuffle::rows(4), seed());
    assert!(spearman_permutation(&rise, &rise, &shuffle, &seed, ALL).is_none());
    assert!(mann_whitney_permutation(&rise, &[true; 5], &Shuffle::rows(5), &seed, ALL).is_none());
}

#[test]
fn a_million_rows_do_not_overflow() {
    let x: Vec<f64> = (0..1_000_000).map(|i| f64::from(i * 7 % 1_000_003)).collect();
    let y: Vec<f64> = (0..1_000_000).map(|i| f64::from(i * 7 % 1_000_003 % 10)).collect();
    let all = [
        spearman(&x, &y),
        kendall(&x, &x),
        mann_whitney(&x, &y),
        kruskal(&x, &(0..1_000_000).map(|i| i % 3).collect::<Vec<_>>()),
    ];
    for test in all {
        let test = test.unwrap();
        assert!(test.statistic.is_finite() && (0.0..=1.0).contains(&test.p) && test.effect.abs() <= 1.0, "{test:?}");
    }
    assert_eq!(all[1].map(|tau| tau.effect), Some(1.0));
    assert!(hodges_lehmann(&x, &y).is_some());
}
