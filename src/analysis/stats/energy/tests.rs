use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use super::super::shuffle::Shuffle;
use super::*;

#[derive(Deserialize)]
struct Case {
    points: Vec<[f64; 2]>,
    groups: Vec<u32>,
    f: f64,
    r2: f64,
    p: Option<f64>,
    permutations: u32,
}

#[derive(Deserialize)]
struct Fixture {
    discos: Vec<Case>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str::<Fixture>(include_str!("../../../../tests/oracles/shapes.json")).unwrap().discos
}

#[expect(clippy::ptr_arg, reason = "permuters take a Vec")]
fn any_order(labels: &mut Vec<u32>, rng: &mut ChaCha8Rng) {
    labels.shuffle(rng);
}

const ALL: Draws = Draws { most: 9_999, stop_at: None };

fn seed() -> Seed {
    Seed::of([&b"energy"[..]])
}

#[test]
fn another_program_agrees() {
    for case in cases() {
        let ours = disco(&case.points, &case.groups).unwrap();
        assert!((ours.f.unwrap() / case.f - 1.0).abs() < 1e-9, "{ours:?} {}", case.f);
        assert!((ours.r2 / case.r2 - 1.0).abs() < 1e-9, "{ours:?} {}", case.r2);
        if let Some(p) = case.p {
            let ours = disco_test(&case.points, &case.groups, &seed(), ALL, any_order).unwrap().p;
            let bound = 4.0 * (p * (1.0 - p) * (1.0 / 9_999.0 + 1.0 / f64::from(case.permutations))).sqrt();
            assert!((ours.p - p).abs() <= bound, "{ours:?} {p} {bound}");
        }
    }
}

#[test]
fn polarised_and_balanced_are_told_apart() {
    let case = cases().remove(0);
    let test = disco_test(&case.points, &case.groups, &seed(), ALL, any_order).unwrap();
    assert_eq!(test.p.p, 1e-4);
}

#[test]
fn row_order_and_names_of_groups_do_not_matter() {
    for case in cases() {
        let ours = disco(&case.points, &case.groups).unwrap();
        let points: Vec<_> = case.points.iter().rev().copied().collect();
        let groups: Vec<_> = case.groups.iter().rev().map(|g| 1_000 - g).collect();
        let other = disco(&points, &groups).unwrap();
        assert!((ours.r2 - other.r2).abs() < 1e-12 && ours.groups == other.groups, "{ours:?} {other:?}");
    }
}

#[test]
fn two_groups_by_the_short_way_are_what_the_long_way_gives() {
    let points: Vec<[f64; 2]> = (0..40).map(|i| [f64::from(i * 7 % 11) / 10.0, f64::from(i * i % 13) / 12.0]).collect();
    let all: Vec<usize> = (0..40).collect();
    for small in [0, 1, 5, 20] {
        let codes: Vec<u32> = (0..40).map(|i| u32::from(i < small)).collect();
        let divided = |groups| Divided::new(Places::of(&points, &all), groups).within(&codes, &mut Space::default());
        let short = divided(2);
        // A third group that nobody is in takes the general way.
        let long = divided(3);
        assert!((short - long).abs() < 1e-12, "{small}: {short} {long}");
    }
}

#[test]
fn chance_gives_the_r2_that_is_told() {
    let case = cases().remove(3);
    let ours = disco(&case.points, &case.groups).unwrap();
    let mut sum = 0.0;
    for draw in 0..2_000 {
        let mut groups = case.groups.clone();
        any_order(&mut groups, &mut seed().rng(draw));
        sum += disco(&case.points, &groups).unwrap().r2;
    }
    assert!((sum / 2_000.0 - ours.r2_by_chance).abs() < 0.002, "{} {ours:?}", sum / 2_000.0);
}

#[test]
fn nothing_to_compare_is_none() {
    let points = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
    assert_eq!(disco(&points, &[1, 1, 1]), None);
    assert_eq!(disco(&points, &[1, 2, 3]), None);
    assert_eq!(disco(&points, &[1, 2]), None);
    assert_eq!(disco(&[[0.5, 0.5]; 3], &[1, 1, 2]), None);
    assert_eq!(disco(&[], &[]), None);
    let apart = disco(&[[0.1, 0.3], [0.1, 0.3], [0.9, 0.2], [0.9, 0.2]], &[1, 1, 2, 2]).unwrap();
    assert_eq!((apart.f, apart.r2), (None, 1.0));
}

#[test]
fn many_rows_are_sampled_and_it_is_told() {
    let points: Vec<[f64; 2]> = (0..3_000).map(|i| [f64::from(i % 97) / 96.0, f64::from(i % 89) / 88.0]).collect();
    let groups: Vec<u32> = (0..3_000).map(|i| i % 3).collect();
    let rows = Rows { groups: &groups, units: None };
    let few = Draws { most: 19, stop_at: None };
    let test = |rows| disco_of(&points, rows, &seed(), few, |_| any_order).unwrap();
    let sampled = test(rows);
    assert_eq!((sampled.sampled, sampled.disco.n), (Some(1_998), 1_998));
    assert_eq!(test(rows), sampled);
    let units: Vec<u32> = (0..3_000).map(|i| i / 3).collect();
    assert_eq!(test(Rows { units: Some(&units), ..rows }).sampled, Some(1_998));
    let all = disco_of(&points[..90], Rows { groups: &groups[..90], units: None }, &seed(), few, |kept| {
        assert_eq!(kept.len(), 90);
        any_order
    });
    assert_eq!(all.unwrap().sampled, None);
}

#[test]
fn the_permuters_of_reports_move_rows_and_not_their_labels() {
    let case = cases().remove(0);
    let shuffle = Shuffle::rows(case.groups.len());
    let permute = |order: &mut Vec<u32>, rng: &mut ChaCha8Rng| shuffle.permute(order, rng);
    assert_eq!(disco_test(&case.points, &case.groups, &seed(), ALL, permute).unwrap().p.p, 1e-4);
    // Whoever cannot change places cannot be compared.
    let still = Shuffle::within(&(0..case.groups.len() as u32).collect::<Vec<_>>());
    let permute = |order: &mut Vec<u32>, rng: &mut ChaCha8Rng| still.permute(order, rng);
    assert_eq!(disco_test(&case.points, &case.groups, &seed(), ALL, permute).unwrap().p.p, 1.0);
}
