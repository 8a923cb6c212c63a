//! Against scipy, numpy and diptest (tests/oracles/density.py), and known answers of the literature.

use rand::RngExt;
use rand::seq::SliceRandom;
use serde::Deserialize;

use super::super::chance::Seed;
use super::dip::{dip, dip_of_sorted, jittered_dip};
use super::kernel::{Fine, Kernel, Masses, bandwidth, spread};
use super::lattice::Lattice;
use super::modes::modes;
use super::ordinal::consensus;
use super::scan::{critical, uniform};
use super::spots::{Spots, slider_spots, stone_spots, triad_spots};
use super::{Dot, Kind, bucket, slider_dot};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fixture {
    densities: Vec<DensityCase>,
    critical_values: Vec<CriticalCase>,
    dips: Vec<DipCase>,
    tested: Vec<TestedCase>,
    consensus: Vec<ConsensusCase>,
}

#[derive(Deserialize)]
struct DensityCase {
    kind: String,
    dots: Vec<Vec<f64>>,
    bandwidth: f64,
    every: usize,
    nodes: Vec<Vec<f64>>,
    density: Vec<f64>,
    z: Vec<f64>,
    peaks: Vec<PeakCase>,
}

#[derive(Deserialize)]
struct PeakCase {
    at: Vec<f64>,
    density: f64,
    saddle: f64,
}

#[derive(Deserialize)]
struct CriticalCase {
    kind: String,
    n: usize,
    low: f64,
    high: f64,
}

#[derive(Deserialize)]
struct DipCase {
    values: Vec<f64>,
    dip: f64,
}

#[derive(Deserialize)]
struct TestedCase {
    name: String,
    values: Vec<f64>,
    dip: f64,
    p: f64,
}

#[derive(Deserialize)]
struct ConsensusCase {
    counts: Vec<u32>,
    consensus: f64,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../../../../tests/oracles/density.json")).unwrap()
}

fn kind(name: &str) -> Kind {
    [Kind::Triad, Kind::Slider, Kind::Stone].into_iter().find(|kind| kind.name() == name).unwrap()
}

fn dot(values: &[f64]) -> Dot {
    [0, 1, 2].map(|i| values.get(i).copied().unwrap_or(0.0))
}

impl DensityCase {
    fn dots(&self) -> Vec<Dot> {
        let slider = self.kind == "slider";
        self.dots.iter().map(|d| if slider { slider_dot(d[0]) } else { dot(d) }).collect()
    }
}

fn close(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance * expected.abs().max(1.0)
}

#[test]
fn densities_scores_and_peaks_are_those_of_scipy() {
    for case in fixture().densities {
        let (kind, dots) = (kind(&case.kind), case.dots());
        let kernel = Kernel::new(kind, case.bandwidth);
        let density = kernel.density(&dots);
        let z = kernel.z(&density, dots.len());
        let lattice = Lattice::of(kind);
        assert_eq!(case.density.len(), density.len().div_ceil(case.every));
        for (i, expected) in case.density.iter().enumerate() {
            let node = i * case.every;
            assert!(kind.distance(lattice.dots()[node], dot(&case.nodes[i])) < 1e-12);
            assert!(close(density[node], *expected, 1e-9), "{kind:?} {node} {} {expected}", density[node]);
            assert!(close(z[node], case.z[i], 1e-9), "{kind:?} {node} {} {}", z[node], case.z[i]);
        }
        let found = modes(lattice, &density).peaks;
        assert_eq!(found.len(), case.peaks.len(), "{kind:?} {found:?}");
        for (peak, expected) in found.iter().zip(&case.peaks) {
            assert!(kind.distance(lattice.dots()[peak.node], dot(&expected.at)) < 1e-12, "{kind:?} {peak:?} {:?}", expected.at);
            assert!(close(peak.density, expected.density, 1e-9) && close(peak.saddle, expected.saddle, 1e-9));
        }
    }
}

/// Skye lavas (Aitchison 1986): density 0.00534369 at the corner of the second part, with bandwidth 0.05.
#[test]
fn skye_has_its_known_density() {
    let case = fixture().densities.remove(0);
    let density = Kernel::new(Kind::Triad, 0.05).density(&case.dots());
    let corner = density[Lattice::of(Kind::Triad).nearest([0.0, 1.0, 0.0])];
    assert!((corner - 0.00534369).abs() < 5e-9, "{corner}");
}

#[test]
fn bandwidths_are_clamped() {
    assert!((bandwidth(Kind::Triad, 1000) - 0.025).abs() < 1e-15);
    assert_eq!([1, 5_000].map(|n| bandwidth(Kind::Stone, n)), [0.12, 0.015]);
    assert_eq!([1, 20_000].map(|n| bandwidth(Kind::Slider, n)), [0.1, 0.005]);
}

#[test]
fn critical_values_are_those_of_numpy() {
    for case in fixture().critical_values {
        let found = critical(kind(&case.kind), case.n).unwrap();
        assert!(found > case.low && found < case.high, "{} {} {found} {} {}", case.kind, case.n, case.low, case.high);
    }
    assert_eq!(critical(Kind::Slider, 1), None);
}

#[test]
fn buckets_are_within_three_percent() {
    assert_eq!([2, 59, 60].map(|n| bucket(n, 5_000)), [2, 59, 60]);
    for n in 61..5_000 {
        assert!((bucket(n, 5_000) as f64 / n as f64 - 1.0).abs() < 0.033, "{n} {}", bucket(n, 5_000));
    }
    assert_eq!(bucket(1_000_000, 5_000), bucket(5_000, 5_000));
}

/// The fine lattice stands in for single dots within a few parts in a hundred of the highest density, in the worst case:
/// half of the dots crowd at a corner and the bandwidth is near its smallest.
#[test]
fn spreading_many_dots_changes_little() {
    for (kind, n, most) in [(Kind::Triad, 1_500, 0.04), (Kind::Stone, 1_500, 0.02)] {
        let mut rng = Seed::of([kind.name().as_bytes()]).rng(0);
        let dots: Vec<Dot> = (0..n)
            .map(|i| {
                let d = uniform(kind, &mut rng);
                // Half of them on a corner, where the kernel is steepest.
                if i % 2 == 0 {
                    d
                } else {
                    [d[0] * 0.1, d[1] * 0.1, if kind == Kind::Triad { 1.0 - 0.1 * (d[0] + d[1]) } else { 0.0 }]
                }
            })
            .collect();
        let kernel = Kernel::new(kind, 0.02);
        let exact = kernel.density(&dots);
        let fine = Fine::new(&kernel);
        let mut weights = vec![0.0; fine.places()];
        dots.iter().for_each(|d| spread(kind, *d).iter().for_each(|(place, share)| weights[*place] += share));
        assert!((weights.iter().sum::<f64>() - n as f64).abs() < 1e-6);
        let near = fine.density(&kernel, &weights);
        let top = exact.iter().copied().fold(0.0, f64::max);
        let off = exact.iter().zip(&near).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off < most * top, "{kind:?} {off} {top}");
        assert_eq!(Masses::new(&kernel, &dots).density(&vec![1.0; n]), exact);
    }
}

/// Marsaglia-free Dirichlet with whole parameters: sums of exponentials.
fn dirichlet(alpha: [u32; 3], rng: &mut impl RngExt) -> Dot {
    let g = alpha.map(|a| (0..a).map(|_| -(1.0 - rng.random::<f64>()).ln()).sum::<f64>());
    let sum: f64 = g.iter().sum();
    g.map(|x| x / sum)
}

fn seed() -> Seed {
    Seed::of([&b"spots"[..]])
}

fn people(n: usize) -> Vec<u32> {
    (0..n as u32).collect()
}

#[test]
fn one_blob_is_one_spot_and_two_corners_are_two() {
    let mut rng = seed().rng(1);
    let blob: Vec<Dot> = (0..100).map(|_| dirichlet([5, 5, 5], &mut rng)).collect();
    let found = triad_spots(&blob, &people(100), &seed()).unwrap();
    assert_eq!(found.spots.len(), 1);
    assert!(Kind::Triad.distance(found.spots[0].at, [1.0 / 3.0; 3]) < 0.15);

    let mut corners: Vec<Dot> = (0..60).map(|_| dirichlet([10, 1, 1], &mut rng)).collect();
    corners.extend((0..40).map(|_| dirichlet([1, 1, 10], &mut rng)));
    let found = triad_spots(&corners, &people(100), &seed()).unwrap();
    let [first, second] = &found.spots[..] else { panic!("{found:?}") };
    assert!(first.at[0] > 0.7 && second.at[2] > 0.7);
    assert!(first.rows.iter().filter(|r| **r < 60).count() >= 57 && second.rows.iter().filter(|r| **r >= 60).count() >= 37);
    for spot in &found.spots {
        let off: Vec<f64> = spot.rows.iter().map(|r| Kind::Triad.distance(corners[*r], spot.at)).collect();
        assert!(off.is_sorted() && spot.rows.contains(&spot.medoid) && spot.stability >= 0.8 && spot.z > found.critical.unwrap());
        assert_eq!(spot.participants, spot.rows.len());
    }
}

#[test]
fn two_humps_of_a_slider_and_a_blob_of_stones() {
    let mut rng = seed().rng(2);
    let mut about = |at: f64, wide: f64| (at + wide * ((0..4).map(|_| rng.random::<f64>()).sum::<f64>() - 2.0)).clamp(0.0, 1.0);
    let positions: Vec<f64> = (0..200).map(|i| about(if i % 2 == 0 { 0.2 } else { 0.8 }, 0.15)).collect();
    let found = slider_spots(&positions, &people(200), &seed()).unwrap();
    let mut at: Vec<f64> = found.spots.iter().map(|s| s.at).collect();
    at.sort_by(f64::total_cmp);
    assert!(at.len() == 2 && (at[0] - 0.2).abs() < 0.08 && (at[1] - 0.8).abs() < 0.08, "{at:?}");

    let points: Vec<[f64; 2]> = (0..60).map(|_| [about(0.3, 0.2), about(0.6, 0.2)]).collect();
    let found = stone_spots(&points, &people(60), &seed()).unwrap();
    assert!(found.spots.len() == 1 && (found.spots[0].at[0] - 0.3).abs() < 0.12 && (found.spots[0].at[1] - 0.6).abs() < 0.12);
}

#[test]
fn edge_cases() {
    let same = vec![[0.2, 0.3, 0.5]; 25];
    let found = triad_spots(&same, &people(25), &seed()).unwrap();
    assert_eq!((found.spots.len(), found.critical, found.spots[0].at, found.spots[0].rows.len()), (1, None, same[0], 25));
    assert_eq!(slider_spots(&[1.0; 20], &people(20), &seed()).unwrap().spots[0].at, 1.0);
    assert_eq!(triad_spots(&same[..19], &people(19), &seed()), None);
    assert_eq!(triad_spots(&same, &[0; 25], &seed()), None, "one participant");
    assert_eq!(triad_spots(&same, &people(24), &seed()), None);
    assert_eq!(triad_spots(&[[0.5, 0.6, 0.7]; 25], &people(25), &seed()), None);
    assert_eq!(slider_spots(&[f64::NAN; 25], &people(25), &seed()), None);
    assert_eq!(triad_spots(&[], &[], &seed()), None);
}

/// The same spots, with rows named by where they went.
fn moved<P: Clone>(found: Spots<P>, back: &[usize]) -> Spots<P> {
    let mut found = found;
    for spot in &mut found.spots {
        spot.rows.iter_mut().for_each(|r| *r = back[*r]);
        spot.medoid = back[spot.medoid];
    }
    found
}

#[test]
fn order_of_rows_and_names_of_participants_do_not_matter() {
    let mut rng = seed().rng(3);
    let dots: Vec<Dot> = (0..90).map(|i| dirichlet(if i < 50 { [6, 1, 1] } else { [1, 5, 2] }, &mut rng)).collect();
    let who: Vec<u32> = (0..90).map(|i| i % 60).collect();
    let found = triad_spots(&dots, &who, &seed()).unwrap();
    assert!(!found.spots.is_empty());
    let mut order: Vec<usize> = (0..90).collect();
    order.shuffle(&mut rng);
    let shuffled: Vec<Dot> = order.iter().map(|r| dots[*r]).collect();
    let renamed: Vec<u32> = order.iter().map(|r| (who[*r] * 37 + 11) % 61).collect();
    assert_eq!(moved(triad_spots(&shuffled, &renamed, &seed()).unwrap(), &order), found);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(pool.install(|| triad_spots(&dots, &who, &seed())).unwrap(), found);
}

#[test]
fn anchors_may_be_exchanged() {
    let mut rng = seed().rng(4);
    let dots: Vec<Dot> = (0..80).map(|i| dirichlet(if i < 50 { [6, 1, 1] } else { [1, 5, 1] }, &mut rng)).collect();
    let turned: Vec<Dot> = dots.iter().map(|d| [d[2], d[0], d[1]]).collect();
    let (a, b) = (triad_spots(&dots, &people(80), &seed()).unwrap(), triad_spots(&turned, &people(80), &seed()).unwrap());
    assert_eq!(a.spots.len(), b.spots.len());
    for (a, b) in a.spots.iter().zip(&b.spots) {
        assert_eq!(([a.at[2], a.at[0], a.at[1]], a.medoid), (b.at, b.medoid));
        assert!((a.density - b.density).abs() < 1e-9 && (a.z - b.z).abs() < 1e-9);
    }
}

/// Spots in dots placed anywhere alike are rare: at most 5 % by the critical value alone, fewer by the other rules.
#[test]
#[ignore = "takes some seconds"]
fn chance_alone_makes_few_spots() {
    let alarms = (0..60)
        .filter(|draw| {
            let mut rng = seed().child("chance").rng(*draw);
            let dots: Vec<Dot> = (0..40).map(|_| uniform(Kind::Triad, &mut rng)).collect();
            !triad_spots(&dots, &people(40), &seed()).unwrap().spots.is_empty()
        })
        .count();
    assert!(alarms <= 9, "{alarms} of 60");
}

#[test]
#[ignore = "prints times"]
fn times() {
    for kind in [Kind::Triad, Kind::Slider, Kind::Stone] {
        for n in [40, 500, 2_000, 5_000] {
            let start = std::time::Instant::now();
            let value = critical(kind, n);
            println!("critical {kind:?} {n} {value:?} {:?}", start.elapsed());
        }
        for n in [500, 2_000, 50_000] {
            let mut rng = seed().rng(9);
            let dots: Vec<Dot> = (0..n)
                .map(|i| if i % 2 == 0 { dirichlet([5, 5, 5], &mut rng) } else { dirichlet([9, 1, 1], &mut rng) })
                .collect();
            critical(kind, n);
            let start = std::time::Instant::now();
            let found = match kind {
                Kind::Triad => triad_spots(&dots, &people(n), &seed()).unwrap().spots.len(),
                Kind::Slider => {
                    slider_spots(&dots.iter().map(|d| d[0]).collect::<Vec<_>>(), &people(n), &seed()).unwrap().spots.len()
                }
                Kind::Stone => {
                    stone_spots(&dots.iter().map(|d| [d[0], d[1]]).collect::<Vec<_>>(), &people(n), &seed()).unwrap().spots.len()
                }
            };
            println!("spots {kind:?} {n} {found} {:?}", start.elapsed());
        }
    }
    for n in [40, 500, 5_000] {
        let start = std::time::Instant::now();
        let values: Vec<f64> = (0..n).map(f64::from).collect();
        dip(&values);
        println!("dip {n} {:?}", start.elapsed());
    }
}

#[test]
#[ignore = "takes some seconds"]
fn chance_alone_makes_few_spots_of_any_kind() {
    for n in [40, 100] {
        let mut alarms = [0; 3];
        for draw in 0..200 {
            let mut rng = seed().child("more chance").rng(draw);
            let triad: Vec<Dot> = (0..n).map(|_| uniform(Kind::Triad, &mut rng)).collect();
            let slider: Vec<f64> = (0..n).map(|_| f64::from(rng.random_range(0..101)) / 100.0).collect();
            let stone: Vec<[f64; 2]> = (0..n).map(|_| [rng.random(), rng.random()]).collect();
            alarms[0] += usize::from(!triad_spots(&triad, &people(n), &seed()).unwrap().spots.is_empty());
            alarms[1] += usize::from(!slider_spots(&slider, &people(n), &seed()).unwrap().spots.is_empty());
            alarms[2] += usize::from(!stone_spots(&stone, &people(n), &seed()).unwrap().spots.is_empty());
        }
        println!("n {n}: false alarms of 200 {alarms:?}");
        assert!(alarms.iter().all(|count| *count <= 26), "{n} {alarms:?}");
    }
}

#[test]
fn dips_are_those_of_diptest() {
    for case in fixture().dips {
        let mut values = case.values.clone();
        values.sort_by(f64::total_cmp);
        let found = dip_of_sorted(&values).unwrap();
        assert!(close(found, case.dip, 1e-12), "{:?} {found} {}", values, case.dip);
        let turned: Vec<f64> = values.iter().rev().map(|v| -v).collect();
        assert!(close(dip_of_sorted(&turned).unwrap(), found, 1e-12));
    }
}

/// Old Faithful waiting times 0.0414368873 (p 0.002), galaxies 0.0353595233 (p 0.67).
#[test]
fn known_dips() {
    for (case, known) in fixture().tested.iter().zip([0.0414368873, 0.0353595233]) {
        let found = dip(&case.values).unwrap();
        assert!((found.statistic - known).abs() < 1e-10 && (found.statistic - case.dip).abs() < 1e-12, "{} {found:?}", case.name);
        let allowed = 4.0 * (case.p * (1.0 - case.p) * (1.0 / 2000.0 + 1.0 / 10_000.0)).sqrt();
        assert!((found.p - case.p).abs() <= allowed.max(0.003), "{} {found:?} {}", case.name, case.p);
    }
}

#[test]
fn jitter_mends_the_dip_of_steps() {
    let values = |counts: [usize; 5]| -> Vec<f64> { (0..5).flat_map(|v| vec![v as f64; counts[v]]).collect() };
    let bell = values([10, 20, 40, 20, 10]);
    let raw = dip(&bell).unwrap();
    assert!((raw.statistic - 0.1).abs() < 1e-12 && raw.p < 0.001, "{raw:?}");
    let mut found = jittered_dip(&bell, 1.0).unwrap();
    assert!(found.p > 0.2, "{found:?}");
    let mut shuffled = bell;
    shuffled.shuffle(&mut seed().rng(5));
    assert_eq!(jittered_dip(&shuffled, 1.0), Some(found));
    found = jittered_dip(&values([35, 10, 10, 10, 35]), 1.0).unwrap();
    assert!(found.p < 0.05, "{found:?}");
}

#[test]
fn dip_edge_cases() {
    assert_eq!(dip(&[0.5; 19]), None);
    let same = dip(&[0.5; 30]).unwrap();
    assert_eq!((same.statistic, same.p), (0.0, 1.0));
    assert_eq!(dip(&[f64::NAN; 30]), None);
    assert_eq!(jittered_dip(&[0.5; 30], 0.0), None);
    assert_eq!((dip_of_sorted(&[]), dip_of_sorted(&[2.0, 1.0])), (None, None));
}

#[test]
fn consensus_is_that_of_the_formula() {
    for case in fixture().consensus {
        assert!(close(consensus(&case.counts).unwrap(), case.consensus, 1e-12), "{:?}", case.counts);
    }
}
