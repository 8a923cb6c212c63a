use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Case {
    values: Vec<f64>,
    statistic: String,
    jackknife: Vec<f64>,
    acceleration: f64,
    bca: [f64; 2],
    percentile: [f64; 2],
}

#[derive(Deserialize)]
struct Given {
    observed: f64,
    replicates: Vec<f64>,
    jackknife: Vec<f64>,
    low: f64,
    high: f64,
}

#[derive(Deserialize)]
struct Fixture {
    bootstraps: Vec<Case>,
    given: Vec<Given>,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../../../../tests/oracles/shapes.json")).unwrap()
}

fn seed() -> Seed {
    Seed::of([&b"bootstrap"[..]])
}

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    values.clone().sum::<f64>() / values.count() as f64
}

fn statistic<'a>(name: &'a str, values: &'a [f64]) -> impl Fn(&[usize]) -> Option<f64> + Sync + Send + 'a {
    move |drawn| {
        let chosen = drawn.iter().map(|i| values[*i]);
        let middle = mean(chosen.clone());
        let n = drawn.len() as f64;
        match name {
            "mean" => Some(middle),
            "share" => Some(mean(chosen.map(|v| f64::from(u8::from(v > 0.5))))),
            _ => (n > 1.0).then(|| mean(chosen.map(|v| (v - middle) * (v - middle))) * n / (n - 1.0)),
        }
    }
}

#[test]
fn another_program_agrees() {
    for case in fixture().bootstraps {
        let of = statistic(&case.statistic, &case.values);
        let left = jackknife(case.values.len(), &of);
        assert!(left.iter().zip(&case.jackknife).all(|(a, b)| (a - b).abs() < 1e-12));
        assert!((acceleration(&left).unwrap() - case.acceleration).abs() < 1e-12);
        let draws = replicates(&seed(), DRAWS, case.values.len(), &of);
        let Bootstrapped::Bca(ours) = interval(&seed(), DRAWS, case.values.len(), &of) else { panic!() };
        let plain = percentile(&draws).unwrap();
        for (ours, theirs) in [(ours, case.bca), (plain, case.percentile)] {
            // Steps of a share are 1 / n, so an end can be one off.
            let slack = if case.statistic == "share" { 1.0 / case.values.len() as f64 + 1e-9 } else { 0.02 };
            assert!((ours.low - theirs[0]).abs() <= slack && (ours.high - theirs[1]).abs() <= slack, "{ours:?} {theirs:?}");
        }
    }
}

#[test]
fn the_same_replicates_have_the_same_interval() {
    for case in fixture().given {
        let ours = bca(case.observed, &case.replicates, &case.jackknife).unwrap();
        assert!(
            (ours.low - case.low).abs() < 1e-9 && (ours.high - case.high).abs() < 1e-9,
            "{ours:?} {} {}",
            case.low,
            case.high
        );
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let values: Vec<f64> = (0..30).map(|i| f64::from(i * i % 17)).collect();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| interval(&seed(), 500, values.len(), statistic("mean", &values)))
    };
    assert_eq!(run(1), run(4));
}

#[test]
fn what_cannot_be_drawn_has_no_interval() {
    let same = [0.3; 25];
    assert_eq!(interval(&seed(), 99, 25, statistic("mean", &same)), Bootstrapped::Degenerate);
    assert_eq!(interval(&seed(), 99, 0, |_| Some(1.0)), Bootstrapped::Undefined);
    assert_eq!(interval(&seed(), 99, 5, |_| None), Bootstrapped::Undefined);
    let often_undefined = |drawn: &[usize]| (drawn.contains(&0)).then_some(drawn[1] as f64);
    assert_eq!(interval(&seed(), 99, 25, often_undefined), Bootstrapped::Undefined);
    assert_eq!(bca(9.0, &[1.0, 2.0, 3.0], &[1.0, 2.0]), None);
    assert_eq!(bca(2.0, &[1.0, 2.0, 3.0], &[1.0, 1.0]), None);
    assert_eq!((percentile(&[]), percentile(&[2.0, f64::NAN]), acceleration(&[])), (None, None, None));
    assert!(matches!(interval(&seed(), 99, 6, statistic("mean", &[1.0, 2.0, 4.0, 3.0, 9.0, 5.0])), Bootstrapped::Percentile(_)));
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    // Means of 30 uniform values: the truth is a half.
    let held = (0..300)
        .filter(|study| {
            let mut rng = seed().child("study").rng(*study);
            let values: Vec<f64> = (0..30).map(|_| rng.random::<f64>()).collect();
            let found = interval(&seed().child("draws"), 399, 30, statistic("mean", &values)).interval().unwrap();
            found.low <= 0.5 && 0.5 <= found.high
        })
        .count();
    assert!((270..=297).contains(&held), "{held} of 300");
}

#[test]
fn an_ellipse_is_that_of_the_standard_error() {
    let points: Vec<[f64; 2]> = (0..60).map(|i| [f64::from(i * 7 % 60) / 60.0, f64::from(i * i % 11) / 11.0]).collect();
    let units: Vec<u32> = (0..60).collect();
    let e = mean_ellipse(&seed(), 4_000, &points, &units).unwrap();
    let (middle, covariance) = moments(&points).unwrap();
    let exact = Ellipse::of_covariance(middle, covariance.map(|c| c / 60.0 * 59.0 / 60.0), CHI2_2).unwrap();
    assert!(e.centre.iter().zip(middle).all(|(a, b)| (a - b).abs() < 1e-12));
    assert!(e.semi_axes.iter().zip(exact.semi_axes).all(|(a, b)| (a / b - 1.0).abs() < 0.06), "{e:?} {exact:?}");
}

#[test]
fn people_with_many_stories_are_drawn_whole() {
    // Everyone tells three times the same: a third of the stories knows as much.
    let people: Vec<[f64; 2]> = (0..40).map(|i| [f64::from(i * 7 % 40) / 40.0, f64::from(i * i % 11) / 11.0]).collect();
    let once: Vec<u32> = (0..40).collect();
    let thrice: Vec<u32> = (0..120).map(|i| i % 40).collect();
    let stories: Vec<[f64; 2]> = thrice.iter().map(|i| people[*i as usize]).collect();
    let [a, b] = [mean_ellipse(&seed(), 500, &people, &once), mean_ellipse(&seed(), 500, &stories, &thrice)].map(Option::unwrap);
    assert!(a.semi_axes.iter().zip(b.semi_axes).all(|(a, b)| (a - b).abs() < 1e-12), "{a:?} {b:?}");
    assert_eq!(mean_ellipse(&seed(), 99, &stories, &[7; 120]), None);
    assert_eq!(mean_ellipse(&seed(), 99, &[[0.5, 0.5]; 40], &once), None);
    assert_eq!(mean_ellipse(&seed(), 99, &people, &[1]), None);
}
