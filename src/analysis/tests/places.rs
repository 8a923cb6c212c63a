//! Dots and bins show what the summaries count, and nothing that those withhold.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::property::random_lens;
use super::study::{PERSPECTIVES, WAVES, answered, random_records, record, snapshot, viewer};
use crate::analysis::cells::Columns;
use crate::analysis::layout::UNIT;
use crate::analysis::record::StoryRecord;
use crate::analysis::select::select;
use crate::analysis::snapshot::Snapshot;
use crate::analysis::summary::{Places, PlacesAnswer, places, summarise};
use crate::domain::framework::SignifierKind;
use crate::domain::lens::Lens;
use crate::domain::role::Audience;

const AUDIENCES: [Audience; 3] = [Audience::Researcher, Audience::ExternalResearcher, Audience::Workgroup];

fn ask(snapshot: &Snapshot, lens: Value, audience: Audience, most: usize) -> PlacesAnswer {
    let lens: Lens = serde_json::from_value(lens).unwrap();
    places(snapshot, &lens, viewer(audience), None, most)
}

fn of<'a>(answer: &'a PlacesAnswer, key: &str) -> &'a Places {
    answer.plots.iter().find(|p| p.signifier == key).unwrap()
}

/// Candidates with an own place each.
fn told(people: u32) -> Vec<StoryRecord> {
    let story = |person: u32| {
        let at = f64::from(person) / f64::from(people);
        let placements = json!({
            "tri": answered(json!({"shares": [1.0 - at, at, 0.0]})),
            "dy": answered(json!({"position": 1.0 - at})),
            "cv": answered(json!({"stones": [{"key": "two", "x": at, "y": 0.25}]})),
        });
        let mut story = record(person, placements);
        story.attributes = vec![("group".into(), "a".into())];
        story
    };
    (0..people).map(story).collect()
}

#[test]
fn a_researcher_gets_every_dot_with_its_story_in_one_order() {
    let answer = ask(&snapshot(told(4)), json!({}), Audience::Researcher, 10);
    let ids: Vec<Option<Uuid>> = (0..4u128).map(|person| Some(Uuid::from_u128(person << 64))).collect();
    let (triad, dyad) = (of(&answer, "tri"), of(&answer, "dy"));
    assert_eq!((triad.ids.as_ref(), dyad.ids.as_ref()), (Some(&ids), Some(&ids)));
    assert_eq!(triad.dots.as_ref().unwrap()[1], [0.75, 0.25, 0.0]);
    assert_eq!(dyad.dots.as_ref().unwrap().concat(), [1.0, 0.75, 0.5, 0.25]);
    let stones: Vec<_> = answer.plots.iter().filter(|p| p.signifier == "cv").collect();
    assert_eq!(stones.iter().map(|p| (p.stone.as_deref().unwrap(), p.n.unwrap())).collect::<Vec<_>>(), [("one", 0), ("two", 4)]);
    assert_eq!(stones[1].dots.as_ref().unwrap()[3], [0.75, 0.25]);
}

#[test]
fn a_workgroup_gets_dots_in_an_order_that_tells_nothing() {
    let answer = ask(&snapshot(told(12)), json!({}), Audience::Workgroup, 100);
    for key in ["tri", "dy"] {
        let dots = of(&answer, key).dots.clone().unwrap();
        assert!(dots.is_sorted_by(|a, b| a.partial_cmp(b).unwrap().is_le()), "{key}: {dots:?}");
        assert!(of(&answer, key).ids.as_ref().unwrap().iter().all(Option::is_some), "released and permitted");
    }
}

#[test]
fn a_workgroup_opens_only_what_it_may_read_and_nothing_while_it_selects_by_an_attribute() {
    let mut records = told(12);
    (records[0].released, records[1].permitted) = (false, false);
    records.extend((20..32).map(|person| {
        let mut other = record(person, json!({"dy": answered(json!({"position": 0.5}))}));
        other.attributes = vec![("group".into(), "b".into())];
        other
    }));
    (records.iter_mut()).for_each(|r| r.attributes.push(("phase".into(), "early".into())));
    let snapshot = snapshot(records).published();
    let closed = |answer: &PlacesAnswer| of(answer, "tri").ids.as_ref().unwrap().iter().filter(|id| id.is_none()).count();
    assert_eq!(closed(&ask(&snapshot, json!({}), Audience::Workgroup, 100)), 2);
    assert_eq!(closed(&ask(&snapshot, json!({}), Audience::Researcher, 100)), 0);
    let by_group = json!({"attributes": {"group": ["a"]}});
    let answer = ask(&snapshot, by_group.clone(), Audience::Workgroup, 100);
    assert_eq!((answer.suppressed, of(&answer, "tri").n, closed(&answer)), (None, Some(12), 12));
    assert_eq!(closed(&ask(&snapshot, by_group, Audience::Researcher, 100)), 0);
}

#[test]
fn more_stories_than_were_asked_for_are_counted_in_bins() {
    let answer = ask(&snapshot(told(40)), json!({}), Audience::Workgroup, 39);
    for plot in answer.plots.iter().filter(|p| p.n == Some(40)) {
        let bins = plot.bins.as_ref().unwrap();
        assert_eq!((bins.iter().map(|b| b.count).sum::<u32>(), plot.dots.as_ref(), plot.ids.as_ref()), (40, None, None));
        assert!(plot.bin_size.is_some_and(|size| size > 0.0 && size < 0.1));
    }
    assert_eq!(answer.plots.iter().filter(|p| p.bins.is_some()).count(), 3);
}

/// What a summary says of the figure that is drawn: how many placed it, and whether it is withheld.
fn expected(snapshot: &Snapshot, lens: &Lens, audience: Audience) -> Vec<(String, Option<String>, Option<u32>, bool)> {
    let answer = summarise(snapshot, lens, viewer(audience), None);
    let drawn = answer.summaries.into_iter().flat_map(|s| match (s.kind, s.stones) {
        (SignifierKind::Triad | SignifierKind::Dyad, _) => vec![(s.signifier, None, s.n, s.suppressed.is_some())],
        (SignifierKind::Stones, Some(stones)) => {
            let one = |stone: crate::analysis::summary::StoneSummary| {
                (s.signifier.clone(), Some(stone.key), stone.n, s.suppressed.is_some() || stone.suppressed.is_some())
            };
            stones.stones.into_iter().map(one).collect()
        }
        _ => Vec::new(),
    });
    drawn.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_a_summary_withholds_is_not_drawn_and_what_it_counts_is(seed: u64, stories in 0usize..60, most in 0usize..40) {
        let (snapshot, lens) = (snapshot(random_records(seed, stories)), random_lens(seed));
        for audience in AUDIENCES {
            let answer = places(&snapshot, &lens, viewer(audience), None, most);
            let summary = summarise(&snapshot, &lens, viewer(audience), None);
            prop_assert_eq!((answer.stories, answer.participants, answer.suppressed), (summary.stories, summary.participants, summary.suppressed));
            let drawn: Vec<_> =
                answer.plots.iter().map(|p| (p.signifier.clone(), p.stone.clone(), p.n, p.suppressed.is_some())).collect();
            prop_assert_eq!(drawn, expected(&snapshot, &lens, audience));
            for plot in &answer.plots {
                let shown = plot.dots.as_ref().map(|d| d.len() as u32).or(plot.bins.as_ref().map(|b| b.iter().map(|b| b.count).sum()));
                prop_assert_eq!(shown, plot.n.filter(|_| plot.suppressed.is_none()));
                prop_assert_eq!(plot.ids.as_ref().map(Vec::len), plot.dots.as_ref().map(Vec::len));
            }
        }
    }

    /// Stories that no answer tells apart are of enough people.
    #[test]
    fn dots_of_all_lenses_together_single_out_no_few_people(seed: u64, stories in 0usize..300) {
        for people in told_apart(&snapshot(random_records(seed, stories)).published()) {
            prop_assert!(people >= viewer(Audience::Workgroup).thresholds.cell as usize, "{people} people");
        }
    }
}

/// How many people are in each group of stories that a workgroup can tell apart: whoever asks for the dots of one lens after the
/// other learns of every story which of them select it.
fn told_apart(snapshot: &Snapshot) -> Vec<usize> {
    let chosen = |names: &[&str], bits: usize| -> Vec<String> {
        names.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1).map(|(_, name)| (*name).to_owned()).collect()
    };
    let mut told = vec![Vec::new(); snapshot.stories()];
    for (waves, perspectives) in (0..8).flat_map(|waves| (0..4).map(move |perspectives| (waves, perspectives))) {
        let lens = Lens { waves: chosen(&WAVES, waves), perspectives: chosen(&PERSPECTIVES, perspectives), ..Lens::default() };
        if viewer(Audience::Workgroup).may_see(snapshot, &lens) {
            let rows = select(snapshot, &lens, false).rows;
            told.iter_mut().zip(rows).for_each(|(known, inside)| known.push(inside));
        }
    }
    let units = snapshot.frame.data.counts(UNIT);
    let mut alike: BTreeMap<&[bool], BTreeSet<u32>> = BTreeMap::new();
    for (row, known) in told.iter().enumerate().filter(|(_, known)| known.contains(&true)) {
        alike.entry(known).or_default().insert(units[row]);
    }
    alike.values().map(BTreeSet::len).collect()
}

#[test]
fn in_a_large_study_a_workgroup_tells_waves_and_perspectives_apart() {
    let groups = told_apart(&snapshot(random_records(1, 2000)).published());
    assert!(groups.len() > 1, "or the property above would hold of nothing: {groups:?}");
}
