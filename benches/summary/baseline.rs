//! What the summaries are compared with: one thread, the parsed stories in memory, a loop per signifier.

use std::collections::{BTreeMap, HashSet};

use duiding::analysis::record::StoryRecord;
use duiding::analysis::stats::{grid, spatial_median::spatial_median, wilson, zone};
use duiding::analysis::summary::SummaryAnswer;
use duiding::domain::framework::{Signifier, SignifierKind};
use duiding::domain::lens::Lens;
use duiding::domain::placement::{AnswerState, PlacementValue};
use duiding::domain::story::Facts;

use crate::generate;

/// Counts and values of one signifier.
#[derive(Debug, Default, PartialEq)]
pub struct Plain {
    n: u32,
    participants: u32,
    states: [u32; 5],
    counts: Vec<u32>,
    shares: Vec<Option<wilson::Share>>,
    values: Vec<f64>,
}

pub fn parse(records: &[StoryRecord]) -> Vec<(StoryRecord, Facts)> {
    let facts = |r: &StoryRecord| serde_json::from_str(&r.facts).expect("facts of the domain");
    records.iter().map(|r| (r.clone(), facts(r))).collect()
}

pub fn summarise(stories: &[(StoryRecord, Facts)], lens: &Lens) -> BTreeMap<String, Plain> {
    let any = |list: &Vec<String>, value: &String| list.is_empty() || list.contains(value);
    let meets = |(r, _): &&(StoryRecord, Facts)| {
        let attribute = |(key, list): (&String, &Vec<String>)| r.attributes.iter().any(|(k, v)| k == key && list.contains(v));
        any(&lens.waves, &r.wave) && any(&lens.perspectives, &r.perspective) && lens.attributes.iter().all(attribute)
    };
    let selected: Vec<_> = stories.iter().filter(meets).collect();
    let shape = generate::shape();
    shape.frameworks[&1].signifiers.iter().map(|s| (s.key.clone(), signifier(s, &selected))).collect()
}

fn signifier(signifier: &Signifier, stories: &[&(StoryRecord, Facts)]) -> Plain {
    let mut plain = Plain::default();
    let (mut people, mut values): (HashSet<&str>, Vec<&PlacementValue>) = Default::default();
    for (record, facts) in stories.iter().filter(|(r, _)| signifier.is_asked_of(&r.perspective)) {
        let Some(placement) = facts.placements.get(&signifier.key) else {
            plain.states[AnswerState::Skipped as usize] += 1;
            continue;
        };
        plain.states[placement.state as usize] += 1;
        if let Some(value) = &placement.value {
            values.push(value);
            people.insert(record.participant.as_deref().unwrap_or_default());
        }
    }
    (plain.n, plain.participants) = (values.len() as u32, people.len() as u32);
    kinds(signifier, &values, &mut plain);
    plain.shares = plain.counts.iter().map(|c| wilson::share(*c, plain.n)).collect();
    plain
}

fn kinds(signifier: &Signifier, values: &[&PlacementValue], plain: &mut Plain) {
    match signifier.kind {
        SignifierKind::Triad => {
            let (mut sums, mut zeros) = ([0.0; 3], 0.0);
            plain.counts = vec![0; 7];
            for shares in values.iter().filter_map(|v| v.shares.as_ref()) {
                plain.counts[zone::zone([shares[0], shares[1], shares[2]]) as usize] += 1;
                (0..3).for_each(|i| sums[i] += shares[i]);
                zeros += f64::from(u8::from(shares.contains(&0.0)));
            }
            plain.values = sums.iter().chain([&zeros]).map(|s| s / f64::from(plain.n)).collect();
        }
        SignifierKind::Dyad => {
            let mut positions: Vec<f64> = values.iter().filter_map(|v| v.position).collect();
            positions.sort_unstable_by(f64::total_cmp);
            plain.counts = vec![0; grid::BINS];
            positions.iter().for_each(|p| plain.counts[usize::from(grid::bin(*p))] += 1);
            let at = |q: f64| {
                let at = q * (positions.len() - 1) as f64;
                let (low, high) = (positions[at.floor() as usize], positions[at.ceil() as usize]);
                low + (high - low) * (at - at.floor())
            };
            plain.values = [0.25, 0.5, 0.75].map(at).to_vec();
        }
        SignifierKind::Stones => {
            for stone in &signifier.stones {
                let placed = values.iter().flat_map(|v| v.stones.iter().flatten()).filter(|s| s.key == stone.key);
                let points: Vec<[f64; 2]> = placed.map(|s| [s.x, s.y]).collect();
                let mut cells = [0; grid::CELLS];
                points.iter().for_each(|p| cells[usize::from(grid::cell(p[0], p[1]))] += 1);
                plain.counts.extend(cells);
                plain.values.extend([0, 1].map(|d| points.iter().map(|p| p[d]).sum::<f64>() / points.len() as f64));
                plain.values.extend(spatial_median(&points).into_iter().flatten());
            }
        }
        SignifierKind::Scale => {
            plain.counts = vec![0; signifier.points.len()];
            for point in values.iter().filter_map(|v| v.point.as_ref()) {
                plain.counts[signifier.point_number(point).expect("a point") as usize - 1] += 1;
            }
        }
        SignifierKind::Choice => {
            plain.counts = vec![0; signifier.options.len()];
            for option in values.iter().flat_map(|v| v.options.iter().flatten()) {
                plain.counts[signifier.options.iter().position(|o| o.key == *option).expect("an option")] += 1;
            }
        }
        SignifierKind::Text => {}
    }
}

/// The comparison is fair only if both say the same.
pub fn assert_same(answer: &SummaryAnswer, plain: &BTreeMap<String, Plain>) {
    for summary in &answer.summaries {
        let plain = &plain[&summary.signifier];
        assert_eq!((summary.n, summary.participants), (Some(plain.n), Some(plain.participants)), "{}", summary.signifier);
        let mut counts: Vec<Option<u32>> = Vec::new();
        counts.extend(summary.triad.iter().flat_map(|t| &t.zones).map(|z| z.counted.count));
        counts.extend(summary.dyad.iter().flat_map(|d| d.histogram.iter().flatten()).map(|c| Some(*c)));
        counts.extend(summary.stones.iter().flat_map(|s| &s.stones).flat_map(|s| s.grid.iter().flatten()).map(|c| Some(*c)));
        counts.extend(summary.scale.iter().flat_map(|s| &s.options).map(|o| o.counted.count));
        counts.extend(summary.choice.iter().flat_map(|c| &c.options).map(|o| o.counted.count));
        assert_eq!(counts, plain.counts.iter().map(|c| Some(*c)).collect::<Vec<_>>(), "{}", summary.signifier);
        if let Some(dyad) = &summary.dyad {
            assert_eq!([dyad.q1, dyad.median, dyad.q3].map(Option::unwrap_or_default).to_vec(), plain.values);
        }
    }
}
