use rand::seq::SliceRandom;
use serde::Deserialize;

use super::super::plane;
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

fn centred(points: &[[f64; 2]]) -> Option<Centred> {
    Centred::new(&Distances::between(points, plane::distance)?)
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
        let [x, y] = [centred(&case.x).unwrap(), centred(&case.y).unwrap()];
        let ours = squared(&x, &y).unwrap();
        assert!((ours - case.squared).abs() < 1e-9 * case.squared.abs().max(1e-3), "{ours} {}", case.squared);
        let screen = screen_p(ours, case.x.len());
        assert!((screen / case.screen - 1.0).abs() < 1e-8, "{screen} {}", case.screen);
        if let Some(p) = case.p {
            let ours = permutation(&x, &y, &seed(), ALL, any_order).unwrap();
            let bound = 4.0 * (p * (1.0 - p) * (1.0 / 9_999.0 + 1.0 / f64::from(case.permutations))).sqrt();
            assert!((ours.p - p).abs() <= bound, "{ours:?} {p} {bound}");
        }
    }
}

#[test]
fn row_order_and_scale_do_not_matter() {
    for case in cases() {
        let ours = squared(&centred(&case.x).unwrap(), &centred(&case.y).unwrap()).unwrap();
        let back = |points: &[[f64; 2]]| points.iter().rev().map(|p| [3.0 * p[1], -3.0 * p[0]]).collect::<Vec<_>>();
        let other = squared(&centred(&back(&case.x)).unwrap(), &centred(&back(&case.y)).unwrap()).unwrap();
        assert!((ours - other).abs() < 1e-12, "{ours} {other}");
        let swapped = squared(&centred(&case.y).unwrap(), &centred(&case.x).unwrap()).unwrap();
        assert!((ours - swapped).abs() < 1e-12);
        let itself = squared(&centred(&case.x).unwrap(), &centred(&case.x).unwrap()).unwrap();
        assert!((itself - 1.0).abs() < 1e-12);
    }
}

#[test]
fn what_does_not_vary_is_none() {
    assert_eq!(centred(&[[0.3, 0.4]; 10]), None);
    assert_eq!(centred(&[[0.1, 0.2], [0.3, 0.4], [0.7, 0.1]]), None);
    // Ten choices, each made once: everyone is as far from everyone.
    let rows: Vec<u32> = (0..10).collect();
    let all_apart = Distances::between(&rows, |a, b| if a == b { 0.0 } else { 0.1 }).unwrap();
    assert_eq!(Centred::new(&all_apart), None);
    let [four, five] = [4, 5].map(|n| centred(&(0..n).map(|i| [f64::from(i * i), 0.0]).collect::<Vec<_>>()).unwrap());
    assert_eq!(squared(&four, &five), None);
}

#[test]
fn a_p_value_of_nothing_is_one() {
    assert_eq!(screen_p(-0.5, 10), 1.0);
    assert!(screen_p(-0.05, 10) > 0.4 && screen_p(1.0, 1_000) < 1e-100);
}

#[test]
fn many_rows_are_sampled_and_it_is_told() {
    let line: Vec<f64> = (0..2_500).map(|i| f64::from(i * 37 % 101) / 100.0).collect();
    let points: Vec<[f64; 2]> = (0..2_500).map(|i| [f64::from(i * 37 % 101) / 100.0, f64::from(i % 7)]).collect();
    let run = |draws| {
        let a = Answers { of: &line[..], distance: plane::line_distance };
        let b = Answers { of: &points[..], distance: plane::distance };
        distance_correlation(a, b, None, &seed(), draws, |_| any_order).unwrap()
    };
    let found = run(None);
    assert_eq!((found.n, found.sampled, found.p), (2_500, Some(2_000), None));
    assert!(found.squared > 0.0 && found.shown() == found.squared);
    let tested = run(Some(Draws { most: 19, stop_at: None }));
    assert_eq!((tested.squared, tested.p.unwrap().p), (found.squared, 0.05));
}
