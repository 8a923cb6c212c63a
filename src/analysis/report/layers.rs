//! Summaries layer by layer, with the parts that take longer (analysis.md, section 1).

use rayon::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::repeated;
use super::sentences;
use super::study::{Layer, LayerName, Study};
use super::types::Wording;
use super::variable::{Values, Variable};
use super::words::Words;
use crate::analysis::protect::Viewer;
use crate::analysis::snapshot::Snapshot;
use crate::analysis::stats::chance::{Draws, Seed};
use crate::analysis::stats::composition::centres;
use crate::analysis::stats::density::spots::{Spots, slider_spots, stone_spots, triad_spots};
use crate::analysis::stats::density::{dip::jittered_dip, ordinal::consensus, slider::slider_use};
use crate::analysis::stats::ellipse::{CHI2_2, Ellipse, moments};
use crate::analysis::stats::plane;
use crate::analysis::stats::tables::fit::goodness_of_fit;
use crate::analysis::stats::zone::Zone;
use crate::analysis::summary::{
    CountedShare, Dip, DyadSummary, Hotspot, SignifierSummary, SliderDetail, TriadDetail, ZoneName, summarise,
};
use crate::domain::lens::Lens;

/// Stories listed with a hotspot.
const LISTED: usize = 20;
/// What a zero share of a triad is replaced by: 0.65 of one hundredth (Martín-Fernández and others 2003).
const ZERO: f64 = 0.0065;
/// Fewest people for the ellipse of a centre.
const ELLIPSE: usize = 10;

/// The summary of one signifier in one layer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LayerSummary {
    /// Wave and perspective.
    pub layer: LayerName,
    /// The summary.
    #[serde(flatten)]
    pub summary: SignifierSummary,
    /// What stands out, in words; null where nothing can be said.
    pub sentence: Option<Wording>,
}

/// The lens that selects one layer.
pub fn lens_of(lens: &Lens, layer: &LayerName) -> Lens {
    let mut lens = lens.clone();
    if let Some(wave) = &layer.wave {
        lens.waves = vec![wave.clone()];
    }
    if let Some(perspective) = &layer.perspective {
        lens.perspectives = vec![perspective.clone()];
    }
    lens
}

/// Summaries of these layers; `slow` adds hotspots, dip tests and second centres.
pub fn summaries(
    snapshot: &Snapshot,
    study: &Study,
    lens: &Lens,
    viewer: Viewer,
    layers: &[&Layer],
    slow: bool,
    words: Words<'_>,
) -> Vec<LayerSummary> {
    layers
        .iter()
        .flat_map(|layer| {
            let answer = summarise(snapshot, &lens_of(lens, &layer.name), viewer, None);
            let asked = answer.summaries.into_iter().filter(|s| s.n.is_none_or(|n| n > 0) || s.not_asked < answer.stories);
            let asked: Vec<SignifierSummary> = asked.collect();
            asked.into_par_iter().map(|summary| one(study, layer, summary, slow, words)).collect::<Vec<_>>()
        })
        .collect()
}

fn one(study: &Study, layer: &Layer, mut summary: SignifierSummary, slow: bool, words: Words<'_>) -> LayerSummary {
    let variables: Vec<&Variable> = study.variables.iter().filter(|v| v.signifier == summary.signifier).collect();
    if slow && summary.suppressed.is_none() {
        for variable in &variables {
            add_detail(study, layer, variable, &mut summary);
        }
    }
    if layer.is_repeated() {
        repeated::widen_shares(study, layer, &variables, &mut summary);
    }
    let sentence = sentence(&summary, &variables, words);
    LayerSummary { layer: layer.name.clone(), summary, sentence }
}

/// Answers of a layer with who gave them.
pub struct Told<T> {
    /// Rows of the study.
    pub rows: Vec<u32>,
    /// By position in `rows` who told.
    pub people: Vec<u32>,
    /// By position in `rows` the answer.
    pub answers: Vec<T>,
}

impl<T> Told<T> {
    /// The stories of the layer with an answer.
    pub fn of(study: &Study, layer: &Layer, of: impl Fn(usize) -> Option<T>) -> Self {
        let mut told = Self { rows: Vec::new(), people: Vec::new(), answers: Vec::new() };
        for row in &layer.rows {
            if let Some(answer) = of(*row as usize) {
                told.rows.push(*row);
                told.people.push(study.people[*row as usize]);
                told.answers.push(answer);
            }
        }
        told
    }
}

fn add_detail(study: &Study, layer: &Layer, variable: &Variable, summary: &mut SignifierSummary) {
    let seed = study.seed.child("summaries").child(&format!("{:?}", layer.name)).child(&variable.name);
    match &variable.values {
        Values::Triad(shares) => {
            let told = Told::of(study, layer, |r| shares[r]);
            let counts: Vec<u32> = summary.triad.iter().flat_map(|t| &t.zones).filter_map(|z| z.counted.count).collect();
            if let Some(triad) = &mut summary.triad {
                triad.detail = Some(triad_detail(study, &told, &counts, &seed));
            }
        }
        Values::Slider(positions) => {
            let told = Told::of(study, layer, |r| positions[r]);
            if let Some(dyad) = &mut summary.dyad {
                dyad.detail = Some(slider_detail(study, &told, &seed));
            }
        }
        Values::Stone(places) => {
            let told = Told::of(study, layer, |r| places[r]);
            let stone = summary.stones.iter_mut().flat_map(|s| &mut s.stones).find(|s| Some(&s.key) == variable.part.as_ref());
            if let Some(stone) = stone.filter(|s| s.suppressed.is_none()) {
                let found = stone_spots(&told.answers, &told.people, &seed);
                stone.hotspots = found.map(|f| hotspots(study, &told.rows, f, |at| at.to_vec()));
            }
        }
        Values::Ordinal { points, .. } => {
            let told = Told::of(study, layer, |r| points[r]);
            if let Some(scale) = &mut summary.scale {
                let counts: Option<Vec<u32>> = scale.options.iter().map(|o| o.counted.count).collect();
                scale.consensus = counts.and_then(|c| consensus(&c));
                let values: Vec<f64> = told.answers.iter().map(|p| f64::from(*p)).collect();
                scale.dip = jittered_dip(&values, 1.0).map(|d| Dip { statistic: d.statistic, p: d.p });
            }
        }
        Values::Category { .. } => {}
    }
}

fn hotspots<P>(study: &Study, rows: &[u32], found: Spots<P>, at: impl Fn(&P) -> Vec<f64>) -> Vec<Hotspot> {
    let id = |i: &usize| -> Option<Uuid> { study.ids.get(*rows.get(*i)? as usize).copied() };
    let spot = |spot: crate::analysis::stats::density::spots::Spot<P>| Hotspot {
        at: at(&spot.at),
        density: spot.density,
        z: Some(spot.z).filter(|z| z.is_finite()),
        participants: spot.participants as u32,
        stability: spot.stability,
        exemplar: id(&spot.medoid),
        stories: spot.rows.iter().take(LISTED).filter_map(id).collect(),
    };
    found.spots.into_iter().map(spot).collect()
}

fn triad_detail(study: &Study, told: &Told<[f64; 3]>, counts: &[u32], seed: &Seed) -> TriadDetail {
    let both = centres(&told.answers, ZERO);
    let areas: Vec<f64> = Zone::ALL.iter().map(|z| z.area_share()).collect();
    let draws = Draws { most: 9_999, stop_at: Some(20) };
    let zones = if counts.len() == areas.len() { goodness_of_fit(counts, &areas, &seed.child("zones"), draws) } else { None };
    let places: Vec<[f64; 2]> = told.answers.iter().map(|s| plane::place(*s)).collect();
    TriadDetail {
        aitchison_centre: both.map(|c| c.aitchison.to_vec()),
        aitchison_range: both.map(|c| c.range.iter().map(|r| r.to_vec()).collect()),
        is_pulled: both.map(|c| c.is_pulled),
        ellipse: ellipse(&places, &told.people, seed),
        zones_p: zones.map(|z| z.p()),
        hotspots: triad_spots(&told.answers, &told.people, seed).map(|f| hotspots(study, &told.rows, f, |at| at.to_vec())),
    }
}

/// Where the mean dot would lie in 95 of 100 studies: the covariance of the dots over n; where people told several stories
/// by drawing people again.
fn ellipse(places: &[[f64; 2]], people: &[u32], seed: &Seed) -> Option<Vec<f64>> {
    let (n, participants) = (places.len(), people.iter().collect::<std::collections::BTreeSet<_>>().len());
    if participants < ELLIPSE {
        return None;
    }
    let e = if participants < n {
        repeated::ellipse(places, people, seed)?
    } else {
        let (centre, covariance) = moments(places)?;
        Ellipse::of_covariance(centre, covariance.map(|c| c / n as f64), CHI2_2)?
    };
    Some(vec![e.centre[0], e.centre[1], e.semi_axes[0], e.semi_axes[1], e.angle])
}

fn slider_detail(study: &Study, told: &Told<f64>, seed: &Seed) -> SliderDetail {
    let used = slider_use(&told.answers, None);
    let dip = jittered_dip(&told.answers, 0.01).map(|d| Dip { statistic: d.statistic, p: d.p });
    SliderDetail {
        tens_share: used.map(|u| u.tens.share),
        quarters_share: used.map(|u| u.quarters.share),
        dip,
        hotspots: slider_spots(&told.answers, &told.people, seed).map(|f| hotspots(study, &told.rows, f, |at| vec![*at])),
    }
}

/// What stands out in a summary: of a triad the zone that is surely larger than its area, of a dyad two camps, of options
/// the one that leads.
fn sentence(summary: &SignifierSummary, variables: &[&Variable], words: Words<'_>) -> Option<Wording> {
    let n = summary.n.filter(|n| *n >= 10)?;
    if let Some(triad) = &summary.triad {
        let surely = triad.zones.iter().filter(|z| z.counted.low.is_some_and(|low| low > z.area_share));
        let most = surely.max_by(|a, b| ratio(a).total_cmp(&ratio(b)));
        return Some(match most {
            Some(zone) => {
                let c = &zone.counted;
                let label = zone_label(&summary.signifier, zone.zone, words);
                sentences::near(&label, c.count?, n, c.low?, c.high?)
            }
            None => sentences::spread_out(),
        });
    }
    if let Some(dip) = summary.dyad.as_ref().and_then(|d| d.detail.as_ref()).and_then(|d| d.dip) {
        let histogram = summary.dyad.as_ref()?.histogram.as_ref()?;
        if dip.p <= 0.05 {
            return Some(sentences::two_camps(histogram[..10].iter().sum(), histogram[10..].iter().sum()));
        }
    }
    if let Some(dyad) = &summary.dyad {
        return on_slider(&summary.signifier, dyad, n, words);
    }
    if let Some(options) = summary.scale.as_ref().map(|s| &s.options).or(summary.choice.as_ref().map(|c| &c.options)) {
        let most = options.iter().max_by_key(|o| o.counted.count)?;
        let label = words.category(variables.first()?, &most.key);
        let c = &most.counted;
        return Some(sentences::chosen(&label, c.count?, n, c.low?, c.high?));
    }
    None
}

/// Where on a slider stories lie together: at its start, at its end or in the middle, by the hotspot with most density.
fn on_slider(signifier: &str, dyad: &DyadSummary, n: u32, words: Words<'_>) -> Option<Wording> {
    let histogram = dyad.histogram.as_ref()?;
    let spot = *dyad.detail.as_ref()?.hotspots.as_ref()?.first()?.at.first()?;
    let (label, bins) = match spot {
        at if at < 0.35 => (words.corner(signifier, 0), 0..7),
        at if at < 0.65 => (super::words::say("het midden".to_owned(), "the middle".to_owned()), 7..13),
        _ => (words.corner(signifier, 1), 13..20),
    };
    let count: u32 = histogram.get(bins)?.iter().sum();
    let counted = CountedShare::of(Some(count), n);
    Some(sentences::near(&label, count, n, counted.low?, counted.high?))
}

fn ratio(zone: &crate::analysis::summary::ZoneShare) -> f64 {
    zone.counted.share.unwrap_or(0.0) / zone.area_share
}

fn zone_label(signifier: &str, zone: ZoneName, words: Words<'_>) -> Wording {
    let corner = |i: usize| words.corner(signifier, i);
    let between = |i: usize, j: usize| {
        let (a, b) = (corner(i), corner(j));
        super::words::say(format!("{} en {}", a.nl, b.nl), format!("{} and {}", a.en, b.en))
    };
    match zone {
        ZoneName::Top => corner(0),
        ZoneName::Left => corner(1),
        ZoneName::Right => corner(2),
        ZoneName::TopLeft => between(0, 1),
        ZoneName::TopRight => between(0, 2),
        ZoneName::LeftRight => between(1, 2),
        ZoneName::Centre => super::words::say("het midden".to_owned(), "the middle".to_owned()),
    }
}
