//! What is told beside a relation that stands out, on studies of which it is known what is true.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::super::study::{answered, viewer};
use super::simulated::{dyad, every_kind, reported, shape, story};
use crate::analysis::record::StoryRecord;
use crate::analysis::report::closer::{Geometry, Measure, Part};
use crate::analysis::report::types::Of;
use crate::analysis::report::types::{Caveat, Contrast, EvidenceClass, TestName};
use crate::analysis::report::{Report, Section, Settings, report};
use crate::analysis::snapshot::Snapshot;
use crate::domain::role::Audience;

const TRACKS: [&str; 3] = ["x", "y", "z"];

fn settings() -> Settings {
    let sections = [Section::Pairs, Section::Contrasts].into();
    Settings { sections, permutations: 999, ..Settings::default() }
}

/// Every other three people are in group a, so that each track has as many of both.
fn is_a(person: u32) -> bool {
    (person / 3).is_multiple_of(2)
}

/// A study of one wave: what each person answers; person `i` is in track `i % 3`.
fn told(people: u32, seed: u64, answers: impl Fn(&mut ChaCha8Rng, u32) -> Value) -> Vec<StoryRecord> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let one = |i: u32| {
        let groups = [if is_a(i) { "a" } else { "b" }, TRACKS[i as usize % 3]];
        let placements = answers(rng, i);
        story(u64::from(i), i, ("1", "candidate"), groups, placements)
    };
    (0..people).map(one).collect()
}

fn of(records: Vec<StoryRecord>) -> Report {
    reported(&shape(&["1"], every_kind(), json!([])), records, &settings())
}

fn contrast<'a>(report: &'a Report, signifier: &str, attribute: &str) -> &'a Contrast {
    let is_it = |c: &&Contrast| c.signifier == signifier && c.attribute == attribute && c.of == Of::Answer;
    report.contrasts.iter().find(is_it).unwrap()
}

fn position(at: f64) -> Value {
    answered(json!({"position": at.clamp(0.0, 1.0)}))
}

fn option(key: &str) -> Value {
    answered(json!({"options": [key]}))
}

fn triad(shares: [f64; 3]) -> Value {
    answered(json!({"shares": shares}))
}

/// A dot near the top (0), the left (1) or the right (2).
fn near(rng: &mut ChaCha8Rng, corner: usize) -> Value {
    let mut shares = [rng.random_range(0.0..0.15), rng.random_range(0.0..0.15), 0.0];
    shares[2] = 1.0 - shares[0] - shares[1];
    shares.swap(2, corner);
    triad(shares)
}

#[test]
fn of_three_groups_the_one_that_differs_is_named() {
    // Who is in z is higher, chooses w and puts the dot on top.
    let report = of(told(120, 1, |rng, i| {
        let z = i % 3 == 2;
        let at = if z { 0.6 } else { 0.1 } + rng.random_range(0.0..0.4);
        let one = if z && rng.random_bool(0.8) { "w" } else { ["u", "v"][rng.random_range(0..2)] };
        let corner = if z { 0 } else { rng.random_range(1..3) };
        json!({"first": position(at), "one": option(one), "tri": near(rng, corner)})
    }));
    for (signifier, test, pair) in [
        ("first", TestName::KruskalWallis, TestName::MannWhitney),
        ("one", TestName::ChiSquared, TestName::ChiSquared),
        ("tri", TestName::Energy, TestName::Energy),
    ] {
        let found = &contrast(&report, signifier, "track").relation;
        assert_eq!((found.test, found.evidence), (Some(test), EvidenceClass::Clear), "{signifier}");
        let pairs: Vec<(&str, &str)> = found.between.iter().map(|b| (&*b.a, &*b.b)).collect();
        assert_eq!(pairs, [("x", "y"), ("x", "z"), ("y", "z")], "{signifier}");
        let holm: Vec<f64> = found.between.iter().map(|b| b.holm).collect();
        assert!(holm[0] > 0.05 && holm[1] < 0.01 && holm[2] < 0.01, "{signifier}: {holm:?}");
        assert!(found.between.iter().all(|b| b.holm >= b.p && b.difference.is_some()), "{signifier}: {found:#?}");
        // Without a third category in either group Fisher's test of two by two remains.
        assert!(found.between[1..].iter().all(|b| b.test == pair), "{signifier}: {:?}", found.between);
    }
    let shift = contrast(&report, "first", "track").relation.between[1].difference.as_ref().unwrap();
    assert!(shift.measure == Measure::HodgesLehmann && (shift.value.unwrap() + 0.5).abs() < 0.1, "{shift:?}");
    let cells = &contrast(&report, "one", "track").relation.cells;
    let most = cells.iter().find(|c| (&*c.a, &*c.b) == ("w", "z")).unwrap();
    assert!(most.residual > 3.0 && f64::from(most.count) > most.expected, "{cells:?}");
    let zones = &contrast(&report, "tri", "track").relation.cells;
    assert!(zones.iter().any(|c| (&*c.a, &*c.b) == ("top", "z") && c.residual > 3.0), "{zones:?}");
    assert!(zones.iter().all(|c| c.residual.abs() >= 3.0));
    let noise = contrast(&report, "first", "group");
    assert!(noise.relation.between.is_empty() && noise.relation.cells.is_empty(), "{noise:#?}");
}

#[test]
fn groups_are_those_that_were_compared() {
    // Four people of z only: too few to compare.
    let mut records =
        told(90, 2, |rng, i| json!({"one": option(["u", "v"][(i / 3 % 2) as usize]), "first": position(rng.random())}));
    let mut seen = 0;
    records.retain(|r| {
        let z = r.attributes.iter().any(|(_, v)| v == "z");
        seen += u32::from(z);
        !z || seen <= 4
    });
    let report = of(records);
    for signifier in ["one", "first"] {
        assert_eq!(contrast(&report, signifier, "track").groups, ["x", "y"], "{signifier}");
        assert_eq!(contrast(&report, signifier, "group").groups, ["a", "b"], "{signifier}");
    }
}

#[test]
fn two_groups_of_other_spread_have_a_test_that_allows_for_it() {
    let spread = |wide: f64| {
        of(told(120, 3, move |rng, i| {
            let a = is_a(i);
            let width = if a { wide } else { 0.1 };
            json!({"first": position(0.45 + 0.1 * f64::from(u8::from(a)) + width * (rng.random::<f64>() - 0.5)),
                "tri": if a { let corner = rng.random_range(0..3); near(rng, corner) } else { triad([0.3, 0.3, 0.4]) }})
        }))
    };
    let wide = spread(0.8);
    let found = &contrast(&wide, "first", "group").relation;
    assert_eq!(found.beside.iter().map(|b| b.test).collect::<Vec<_>>(), [TestName::BrunnerMunzel]);
    assert!(found.caveats.contains(&Caveat::SpreadsDiffer) && found.beside[0].statistic.is_some());
    let alike = spread(0.1);
    let found = &contrast(&alike, "first", "group").relation;
    assert!(found.beside.is_empty() && !found.caveats.contains(&Caveat::SpreadsDiffer), "{found:#?}");
    // In the corners or in the middle: the same centre, another spread.
    let dots = &contrast(&wide, "tri", "group").relation;
    let permdisp = dots.beside.iter().find(|b| b.test == TestName::Permdisp).unwrap();
    assert!(permdisp.p < 0.01 && dots.caveats.contains(&Caveat::SpreadsDiffer), "{dots:#?}");
}

#[test]
fn groups_that_do_not_overlap_have_a_drawn_test() {
    let report = of(told(80, 4, |rng, i| {
        let a = is_a(i);
        json!({"first": position(if a { 0.5 + 0.5 * rng.random::<f64>() } else { 0.1 + 0.05 * rng.random::<f64>() })})
    }));
    let found = &contrast(&report, "first", "group").relation;
    let beside = &found.beside[0];
    assert_eq!((beside.test, beside.statistic), (TestName::BrunnerMunzel, None));
    assert!(beside.draws.is_some() && beside.p <= 0.01, "{beside:?}");
}

#[test]
fn two_groups_are_told_by_how_much_they_differ() {
    let report = of(told(120, 5, |rng, i| {
        let a = is_a(i);
        let more = |share: f64| if a { share } else { 0.0 };
        let taken: Vec<&str> =
            [("m", 0.3 + more(0.5)), ("n", 0.5)].iter().filter(|(_, p)| rng.random_bool(*p)).map(|(k, _)| *k).collect();
        let (corner, point) = (if a { 0 } else { 1 }, rng.random_range(1..=3) + if a { 2 } else { 0 });
        json!({"first": position(more(0.3) + 0.5 * rng.random::<f64>()), "points": answered(json!({"point": point.to_string()})),
            "some": if taken.is_empty() { json!({"state": "skipped"}) } else { answered(json!({"options": taken})) },
            "one": option(["u", "v", "w"][rng.random_range(0..3)]), "tri": near(rng, corner)})
    }));
    let difference = |signifier| contrast(&report, signifier, "group").difference.as_ref().unwrap();
    let within = |signifier, least: f64, most: f64| {
        let d = difference(signifier);
        let value = d.value.unwrap();
        assert!(value >= least && value <= most, "{d:?}");
        assert!(d.low.is_none_or(|low| low <= value) && d.high.is_none_or(|high| value <= high), "{d:?}");
        d
    };
    assert!(within("first", 0.2, 0.4).low.unwrap() > 0.0);
    // Two of four steps between the points.
    assert_eq!(within("points", 0.4, 0.6).measure, Measure::HodgesLehmann);
    assert!(within("some/m", 0.1, 0.8).measure == Measure::Share);
    let dots = within("tri", 0.7, 1.0);
    let (arrow, ellipse) = (dots.arrow.as_ref().unwrap(), dots.ellipse.as_ref().unwrap());
    assert!(arrow[0] > 0.3 && arrow[1] > 0.6, "from the left to the top: {arrow:?}");
    assert!(ellipse[..2] == arrow[..] && ellipse[2] >= ellipse[3] && ellipse[2] < 0.1, "{ellipse:?}");
    let chosen = difference("one");
    assert!(chosen.value.is_none() && chosen.options.len() == 3);
    assert!(chosen.options.iter().map(|o| o.value).sum::<f64>().abs() < 1e-12);
}

#[test]
fn dots_are_followed_along_an_ordered_figure() {
    let report = of(told(90, 6, |rng, _| {
        let at: f64 = rng.random();
        let top = 0.1 + 0.7 * at;
        let rest = (1.0 - top) * rng.random_range(0.3..0.7);
        let stone = answered(json!({"stones": [{"key": "s", "x": 0.9 - 0.8 * at, "y": rng.random::<f64>()}]}));
        json!({"first": position(at), "tri": triad([top, rest, 1.0 - top - rest]), "second": position(rng.random()), "field": stone})
    }));
    let pair = report.pairs.iter().find(|p| (&*p.a, &*p.b) == ("tri", "first")).unwrap();
    let thirds = &pair.relation.thirds;
    assert_eq!(thirds.iter().map(|t| t.part).collect::<Vec<_>>(), [Part::Low, Part::Middle, Part::High]);
    assert_eq!(thirds.iter().map(|t| t.n).sum::<u32>(), 90);
    let tops: Vec<f64> = thirds.iter().map(|t| t.mean.as_ref().unwrap()[0]).collect();
    assert!(tops[0] < 0.3 && (0.35..0.55).contains(&tops[1]) && tops[2] > 0.6, "{tops:?}");
    let said = &pair.relation.sentence.en;
    assert!(said.ends_with("With 'high' the dots lie on average closer to 't' than with 'low'."), "{said}");
    let stones = report.pairs.iter().find(|p| (&*p.a, &*p.b) == ("first", "field/s")).unwrap();
    assert!(stones.relation.thirds[0].mean.as_ref().unwrap()[0] > 0.6);
    let said = &stones.relation.sentence.en;
    assert!(said.ends_with("With 'high' the dots lie on average closer to '-' than with 'low'."), "{said}");
    let unrelated = report.pairs.iter().find(|p| (&*p.a, &*p.b) == ("tri", "second")).unwrap();
    assert!(unrelated.relation.thirds.is_empty());
}

#[test]
fn a_hairs_breadth_at_the_edge_is_a_pattern_by_log_ratios_only() {
    // Most dots lie at the top, those of group b nearer to the corner than a finger can put them; some lie farther off.
    let report = of(told(120, 7, |rng, i| {
        let a = is_a(i);
        let small = if a { 0.006 } else { 0.0006 };
        let one = |rng: &mut ChaCha8Rng| small * rng.random_range(0.8..1.2);
        let outlying = if rng.random_bool(0.5) { 0.4 * rng.random::<f64>() } else { 0.0 };
        let (left, right) = (one(rng) + outlying, one(rng));
        json!({"tri": triad([1.0 - left - right, left, right])})
    }));
    let found = &contrast(&report, "tri", "group").relation;
    let other = found.beside.iter().find(|b| b.geometry == Some(Geometry::Aitchison)).unwrap();
    assert_eq!((other.test, other.evidence), (TestName::Energy, Some(EvidenceClass::Clear)));
    assert!(found.evidence < EvidenceClass::Clear && found.caveats.contains(&Caveat::DependsOnEdges), "{found:#?}");
    // In the middle of the triangle the two ways agree.
    let report = of(told(120, 8, |rng, i| {
        let top = if is_a(i) { 0.2 } else { 0.4 } + 0.1 * rng.random::<f64>();
        json!({"tri": triad([top, 0.3, 0.7 - top])})
    }));
    let found = &contrast(&report, "tri", "group").relation;
    assert_eq!(found.beside.iter().filter(|b| b.geometry == Some(Geometry::Aitchison)).count(), 1);
    assert!(found.evidence == EvidenceClass::Clear && !found.caveats.contains(&Caveat::DependsOnEdges), "{found:#?}");
}

/// Group b says 'not about this' far more often; of group a `few` do.
fn silence(few: u32) -> Snapshot {
    let mut shape = shape(&["1"], vec![dyad("first"), dyad("second")], json!([]));
    shape.published = 1;
    let records = told(120, 9, |rng, i| {
        let a = is_a(i);
        let says = if a { i / 6 < few && i % 3 == 0 } else { i % 3 > 0 };
        let first = if says { json!({"state": "notApplicable"}) } else { position(rng.random()) };
        json!({"first": first, "second": position(0.5 + if a { 0.4 } else { 0.0 } * rng.random::<f64>())})
    });
    Snapshot::build(0, shape, records).unwrap()
}

fn for_audience(snapshot: &Snapshot, audience: Audience) -> Report {
    report(snapshot, &settings(), viewer(audience), None)
}

#[test]
fn silence_is_compared_among_those_who_were_asked() {
    let report = for_audience(&silence(4), Audience::Researcher);
    let silent: Vec<&Contrast> = report.states.contrasts.iter().filter(|c| c.of == Of::NotApplicable).collect();
    assert_eq!(
        silent.iter().map(|c| (&*c.signifier, &*c.attribute)).collect::<Vec<_>>(),
        [("first", "group"), ("first", "track")]
    );
    let counts: Vec<(u32, u32)> = silent[0].counts.iter().map(|g| (g.count, g.n)).collect();
    assert_eq!((counts, silent[0].relation.evidence), (vec![(4, 60), (40, 60)], EvidenceClass::Clear));
    assert!((silent[0].difference.as_ref().unwrap().value.unwrap() + 36.0 / 60.0).abs() < 1e-12);
    assert!(report.all_contrasts().all(|c| c.of != Of::Unknown), "nobody said so");
    assert!(report.contrasts.iter().all(|c| c.of == Of::Answer), "they are in a list of their own");
}

#[test]
fn a_workgroup_sees_no_counts_of_nearly_nobody_and_no_margins() {
    let shown = |few| {
        let report = for_audience(&silence(few), Audience::Workgroup);
        assert!(!report.contrasts.is_empty());
        let all = || report.pairs.iter().map(|p| &p.relation).chain(report.all_contrasts().map(|c| &c.relation));
        assert!(all().all(|r| r.cells.is_empty() && r.thirds.is_empty()));
        report.states.contrasts.iter().any(|c| c.of == Of::NotApplicable && c.attribute == "group")
    };
    assert!(shown(3) && !shown(2), "with two of a group that said so, the two know of each other");
    let choice = |rng: &mut ChaCha8Rng, i: u32| {
        let a = is_a(i);
        let one = if rng.random_bool(0.8) == a { "u" } else { "v" };
        json!({"one": option(one), "first": position(if a { 0.3 } else { 0.0 } + 0.5 * rng.random::<f64>())})
    };
    let mut shape = shape(&["1"], every_kind(), json!([]));
    shape.published = 1;
    let snapshot = Snapshot::build(0, shape, told(120, 10, choice)).unwrap();
    let (researcher, workgroup) = (for_audience(&snapshot, Audience::Researcher), for_audience(&snapshot, Audience::Workgroup));
    let one = |report: &Report| contrast(report, "one", "group").clone();
    assert!(one(&researcher).difference.is_some() && !one(&researcher).relation.cells.is_empty());
    assert!(one(&workgroup).difference.is_none() && one(&workgroup).relation.cells.is_empty());
    assert!(one(&workgroup).relation.p.is_some());
    assert!(contrast(&workgroup, "first", "group").difference.is_some(), "a difference of medians of two permitted groups");
}
