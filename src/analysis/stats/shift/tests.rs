use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Case {
    moves: Vec<[f64; 2]>,
    t2: f64,
    f: f64,
    p: f64,
    flip: f64,
    draws: u32,
}

#[derive(Deserialize)]
struct Fixture {
    shifts: Vec<Case>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str::<Fixture>(include_str!("../../../../tests/oracles/shapes.json")).unwrap().shifts
}

const ALL: Draws = Draws { most: 9_999, stop_at: None };

fn seed() -> Seed {
    Seed::of([&b"shift"[..]])
}

#[test]
fn another_program_agrees() {
    for case in cases() {
        let ours = hotelling(&case.moves).unwrap();
        assert!((ours.t2 / case.t2 - 1.0).abs() < 1e-9 && (ours.f / case.f - 1.0).abs() < 1e-9, "{ours:?} {}", case.t2);
        assert!((ours.p / case.p - 1.0).abs() < 1e-8, "{ours:?} {}", case.p);
        let p = case.flip;
        let flip = sign_flip(&seed(), ALL, &case.moves).unwrap();
        let bound = 4.0 * (p * (1.0 - p) * (1.0 / 9_999.0 + 1.0 / f64::from(case.draws))).sqrt();
        assert!((flip.p - p).abs() <= bound, "{flip:?} {p} {bound}");
    }
}

#[test]
fn row_order_does_not_matter_nor_turning_for_t2() {
    for case in cases() {
        let back: Vec<_> = case.moves.iter().rev().copied().collect();
        assert_eq!(sign_flip(&seed(), ALL, &back), sign_flip(&seed(), ALL, &case.moves));
        let (sin, cos) = 1.1_f64.sin_cos();
        let turned: Vec<_> = back.iter().map(|[x, y]| [x * cos - y * sin, x * sin + y * cos]).collect();
        let [ours, other] = [hotelling(&case.moves).unwrap(), hotelling(&turned).unwrap()];
        assert!((ours.t2 - other.t2).abs() < 1e-10 * ours.t2.max(1.0));
    }
}

#[test]
fn moves_are_counted_to_the_corner_that_gains_most() {
    let from = [[0.2, 0.4, 0.4]; 6];
    let to = [[0.8, 0.1, 0.1], [0.25, 0.4, 0.35], [0.0, 0.5, 0.5], [0.1, 0.8, 0.1], [0.1, 0.3, 0.6], [0.2, 0.4, 0.4]];
    let found = towards(&from, &to);
    assert_eq!(found, Towards { corners: [1, 1, 1], edge: 1, still: 2 });
    assert_eq!(found.n(), 6);
}

#[test]
fn moves_in_different_ways_have_a_short_arrow() {
    let moves = displacements(&[[0.5, 0.5]; 2], &[[0.8, 0.9], [0.2, 0.1]]);
    let found = arrow(&moves).unwrap();
    assert!(found.length < 1e-12 && (found.mean_length - 0.5).abs() < 1e-12 && found.n == 2);
    assert_eq!(arrow(&[]), None);
}

#[test]
fn moves_on_a_line_are_none() {
    assert_eq!(hotelling(&[[0.0, 0.0]; 9]), None);
    assert_eq!(hotelling(&[[0.1, 0.2], [0.2, 0.4], [0.3, 0.6], [0.2, 0.4]]), None);
    assert_eq!(sign_flip(&seed(), ALL, &[[0.1, 0.2], [0.2, 0.4], [0.3, 0.6]]), None);
    // On a line beside nothing: no covariance to divide by, but coins can still be tossed.
    let up: Vec<[f64; 2]> = (0..10).map(|i| [f64::from(i % 5) / 10.0 - 0.2, 0.3]).collect();
    assert_eq!(hotelling(&up), None);
    assert!(sign_flip(&seed(), ALL, &up).unwrap().p < 0.01);
}
