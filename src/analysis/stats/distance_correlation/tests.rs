use rand::seq::SliceRandom;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Case {
    x: Vec<[f64; 2]>,
    y: Vec<[f64; 2]>,
    squared: f64,
    screen: f64,
    p: Option<f64>,
    permutations: u32,
}

#[derive(Deserialize)]
struct Fixture {
    correlations: Vec<Case>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str::<Fixture>(include_str!("../../../../tests/oracles/shapes.json")).unwrap().correlations
}

fn compared(a: &[[f64; 2]], b: &[[f64; 2]], draws: Option<Draws>) -> Option<DistanceCorrelation> {
    distance_correlation(a, b, None, &seed(), draws, |_| any_order)
}

fn squared(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
    compared(a, b, None).unwrap().squared
}

#[expect(clippy::ptr_arg, reason = "permuters take a Vec")]
fn any_order(rows: &mut Vec<u32>, rng: &mut ChaCha8Rng) {
    rows.shuffle(rng);
}

const ALL: Draws = Draws { most: 9_999, stop_at: None };

fn seed() -> Seed {
    Seed::of([&b"distance correlation"[..]])
}

#[test]
fn another_program_agrees() {
    for case in cases() {
        let found = compared(&case.x, &case.y, case.p.map(|_| ALL)).unwrap();
        assert!((found.squared - case.squared).abs() < 1e-9 * case.squared.abs().max(1e-3), "{found:?} {}", case.squared);
        assert!((found.screen_p / case.screen - 1.0).abs() < 1e-8, "{found:?} {}", case.screen);
        if let (Some(ours), Some(p)) = (found.p, case.p) {
            let bound = 4.0 * (p * (1.0 - p) * (1.0 / 9_999.0 + 1.0 / f64::from(case.permutations))).sqrt();
            assert!((ours.p - p).abs() <= bound, "{ours:?} {p} {bound}");
        }
    }
}

#[test]
fn row_order_and_scale_do_not_matter() {
    for case in cases() {
        let ours = squared(&case.x, &case.y);
        let back = |points: &[[f64; 2]]| points.iter().rev().map(|p| [3.0 * p[1], -3.0 * p[0]]).collect::<Vec<_>>();
        let other = squared(&back(&case.x), &back(&case.y));
        assert!((ours - other).abs() < 1e-12, "{ours} {other}");
        assert!((ours - squared(&case.y, &case.x)).abs() < 1e-12);
        assert!((squared(&case.x, &case.x) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn an_order_counts_as_if_the_answers_had_come_in_it() {
    let dots: Vec<[f64; 2]> = (0..23).map(|i| [f64::from(i * 7 % 11), f64::from(i * i % 13)]).collect();
    let line: Vec<[f64; 2]> = (0..23).map(|i| [f64::from(i * 5 % 9), 0.0]).collect();
    let order: Vec<u32> = (0..23).map(|i| i * 9 % 23).collect();
    let all: Vec<usize> = (0..23).collect();
    for moving in [&dots, &line] {
        let there: Vec<[f64; 2]> = order.iter().map(|row| moving[*row as usize]).collect();
        let (fixed, moved) = (Fixed::new(&Places::of(&dots, &all)), Places::of(moving, &all));
        let products = products(&fixed, &moved, &order, &mut Places::default());
        let sums = Sums::of(&Places::of(&dots, &all), &Places::of(&there, &all)).unwrap();
        assert!((products / sums.products - 1.0).abs() < 1e-12, "{products} {}", sums.products);
    }
}

#[test]
fn what_does_not_vary_is_none() {
    let some: Vec<[f64; 2]> = (0..10).map(|i| [f64::from(i * i), f64::from(i % 3)]).collect();
    assert_eq!(compared(&[[0.3, 0.4]; 10], &some, None), None);
    assert_eq!(compared(&some, &[[0.3, 0.0]; 10], Some(ALL)), None);
    assert_eq!(compared(&some[..3], &some[..3], None), None);
    assert_eq!(compared(&some[..5], &some[..4], None), None);
    assert_eq!(compared(&[[0.1, f64::NAN], [0.2, 0.1], [0.0, 0.0], [1.0, 0.5]], &some[..4], None), None);
}

#[test]
fn a_p_value_of_nothing_is_one() {
    assert_eq!(screen_p(-0.5, 10), 1.0);
    assert!(screen_p(-0.05, 10) > 0.4 && screen_p(1.0, 1_000) < 1e-100);
}

#[test]
fn many_rows_are_sampled_and_it_is_told() {
    let line: Vec<[f64; 2]> = (0..2_500).map(|i| [f64::from(i * 37 % 101) / 100.0, 0.0]).collect();
    let points: Vec<[f64; 2]> = (0..2_500).map(|i| [f64::from(i * 37 % 101) / 100.0, f64::from(i % 7)]).collect();
    let run = |draws| compared(&line, &points, draws).unwrap();
    let found = run(None);
    assert_eq!((found.n, found.sampled, found.p), (2_500, Some(2_000), None));
    assert!(found.squared > 0.0 && found.shown() == found.squared);
    let tested = run(Some(Draws { most: 19, stop_at: None }));
    assert_eq!((tested.squared, tested.p.unwrap().p), (found.squared, 0.05));
}
