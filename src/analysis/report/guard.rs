//! What of a report a workgroup may see (analysis.md, section 8). A population is permitted or not: a layer, a group of an
//! attribute in it, the same people in two waves, the people that two perspectives tell about. Inside a permitted one
//! answers are shown whole; a layer or group that is not permitted is left out before anything is computed from it.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::closer::Measure;
use super::comparable::Comparable;
use super::layers::lens_of;
use super::over_time::{BeforeAfter, Change};
use super::sentences;
use super::study::{Layer, Study};
use super::types::{Contrast, Effect, TestName};
use super::variable::Values;
use super::{Report, Section, Settings, report_on};
use crate::analysis::protect::{MIN_FOR_MEDIAN, MIN_OUTSIDE, Viewer};
use crate::analysis::snapshot::Snapshot;
use crate::domain::lens::Lens;

/// Below so many people a workgroup gets no scan of all pairs: planned questions, dominant patterns and changes only
/// (ground rule G3).
pub const SCAN_FROM: u32 = 60;

/// The report of a study for a protected viewer.
pub fn protected(snapshot: &Snapshot, mut study: Study, settings: &Settings, viewer: Viewer) -> Report {
    let lens = settings.lens.clone().canonical();
    let permitted: Vec<Layer> = if settings.pool { Vec::new() } else { permitted_layers(snapshot, &study, &lens, viewer) };
    hide_small_groups(snapshot, &mut study, &permitted, &lens, viewer);
    let layers: Vec<&Layer> = permitted.iter().collect();
    let settings = Settings { sections: sections(settings, &lens, study.participants), ..settings.clone() };
    let comparable = Comparable::of(snapshot, &study, &permitted, &lens, viewer);
    let mut report = report_on(snapshot, &study, (&layers, &comparable), &settings, viewer, None);
    hide_few_answers(&mut report);
    hide_counts(&mut report);
    hide_stories(&mut report, &study);
    if viewer.may_see(snapshot, &lens) { report } else { Report { stories: None, participants: None, ..report } }.ranked(&study)
}

/// The layers whose population is permitted.
fn permitted_layers(snapshot: &Snapshot, study: &Study, lens: &Lens, viewer: Viewer) -> Vec<Layer> {
    study.layers.iter().filter(|layer| viewer.may_see(snapshot, &lens_of(lens, &layer.name))).cloned().collect()
}

/// The parts that a workgroup may ask for. Stories apart need a release of their own, and who told is for the response
/// monitor; behind a region there are no groups, and no pairs either, for some of their answers are sensitive.
fn sections(settings: &Settings, lens: &Lens, participants: u32) -> BTreeSet<Section> {
    let may_have = |section: &Section| match section {
        Section::Outliers | Section::Clusters | Section::Retention => false,
        Section::Pairs => participants >= SCAN_FROM && lens.regions.is_empty(),
        Section::Contrasts | Section::Changes | Section::Trends | Section::Perspectives => lens.regions.is_empty(),
        Section::Summaries | Section::Densities => true,
    };
    settings.sections.iter().copied().filter(may_have).collect()
}

/// Takes stories out of groups that are not permitted in their layer, so that no test looks at them. Below
/// [`SCAN_FROM`] people only planned attributes are looked at.
fn hide_small_groups(snapshot: &Snapshot, study: &mut Study, layers: &[Layer], lens: &Lens, viewer: Viewer) {
    let planned: Vec<String> = super::words::Words::of(snapshot).planned().into_iter().filter_map(|p| p.attribute).collect();
    let few = study.participants < SCAN_FROM;
    study.attributes.retain(|a| !few || planned.contains(&a.signifier));
    for attribute in &mut study.attributes {
        let key = attribute.signifier.clone();
        let Values::Category { keys, codes } = &mut attribute.values else { continue };
        let mut shown = vec![None; codes.len()];
        for layer in layers {
            for (code, option) in keys.iter().enumerate() {
                let mut group = lens_of(lens, &layer.name);
                let wanted = group.attributes.entry(key.clone()).or_default();
                // A lens that selects by this attribute already shows just the groups that it names.
                if !wanted.is_empty() && !wanted.contains(option) {
                    continue;
                }
                *wanted = vec![option.clone()];
                if viewer.may_see(snapshot, &group) {
                    let of_group = layer.rows.iter().map(|r| *r as usize).filter(|r| codes[*r] == Some(code as u32));
                    of_group.for_each(|r| shown[r] = Some(code as u32));
                }
            }
        }
        *codes = shown;
    }
}

/// Leaves out medians and shares of few answers, and shares that nearly everybody has: a question may have far fewer
/// answers than its layer has people.
fn hide_few_answers(report: &mut Report) {
    for change in report.changes.iter_mut().chain(&mut report.states.changes) {
        // Means of dots are places, not shares of people.
        let is_dots = matches!(change.test, Some(TestName::SignFlip | TestName::Energy));
        hide_if_few(&mut change.same_people, is_dots);
        hide_if_few(&mut change.all_who_answered, is_dots);
        // The cells of a table of moves are small.
        change.transitions = None;
        hide_if_alike(change);
    }
    report.trends.iter_mut().filter(|t| t.n < MIN_FOR_MEDIAN).for_each(|t| t.medians.fill(None));
}

/// Leaves out what counts by an attribute or by answers: cells, means of a part of the answers, and differences of shares. Of
/// who said 'not about this' or 'I don't know' only what at least [`MIN_OUTSIDE`] people of every group said and did not say.
/// Differences of medians and of mean dots stay: they are of two permitted groups with at least 10 people each.
fn hide_counts(report: &mut Report) {
    report.states.contrasts.retain(is_spread_in_groups);
    for contrast in &mut report.contrasts {
        let is_shown = |measure: Measure| measure != Measure::Share;
        contrast.difference = contrast.difference.take().filter(|d| is_shown(d.measure));
        for between in &mut contrast.relation.between {
            between.difference = between.difference.take().filter(|d| is_shown(d.measure));
        }
    }
    for relation in report.relations_mut() {
        relation.cells.clear();
        relation.thirds.clear();
    }
}

/// Whether no group says so nearly all alike; where people told several stories their number is not known here.
fn is_spread_in_groups(contrast: &Contrast) -> bool {
    let least = MIN_OUTSIDE as u32;
    let is_spread = contrast.counts.iter().all(|g| g.count >= least && g.n - g.count >= least);
    is_spread && contrast.relation.participants == contrast.relation.n
}

/// Leaves out every number that tells how people moved, where fewer than three did otherwise than the rest: it would be
/// said of everybody in the group, and the few others would know of each other.
fn hide_if_alike(change: &mut Change) {
    let others = |moved: Option<u32>| moved.map(|m| change.n.saturating_sub(m) as usize);
    let is_alike = [change.up, change.same, change.down].into_iter().filter_map(others).any(|rest| rest < MIN_OUTSIDE);
    if is_alike {
        (change.up, change.same, change.down) = (None, None, None);
        (change.towards, change.towards_shares, change.noticeable, change.arrow) = (None, None, None, None);
        (change.statistic, change.p, change.q, change.draws) = (None, None, None, None);
        change.effect = Effect::default();
        (change.same_people.mean_from, change.same_people.mean_to) = (None, None);
        change.sentence = sentences::alike();
    }
}

fn hide_if_few(answers: &mut BeforeAfter, is_dots: bool) {
    if answers.n_from.min(answers.n_to) < MIN_FOR_MEDIAN {
        (answers.median_from, answers.median_to, answers.mean_from, answers.mean_to) = (None, None, None, None);
    }
    let alike = |shares: &Option<Vec<f64>>, n: u32| {
        shares.iter().flatten().any(|share| (1.0 - share) * f64::from(n) < MIN_OUTSIDE as f64 - 0.5)
    };
    if !is_dots && (alike(&answers.mean_from, answers.n_from) || alike(&answers.mean_to, answers.n_to)) {
        (answers.mean_from, answers.mean_to) = (None, None);
    }
}

/// Leaves out ids of stories that were not released, and everything that puts two stories about one participant side by
/// side.
fn hide_stories(report: &mut Report, study: &Study) {
    let released: BTreeSet<Uuid> = study.ids.iter().zip(&study.is_released).filter(|(_, r)| **r).map(|(id, _)| *id).collect();
    let keep = |stories: &mut Vec<Uuid>| stories.retain(|id| released.contains(id));
    for relation in report.relations_mut() {
        keep(&mut relation.typical_stories);
        keep(&mut relation.contradicting_stories);
    }
    report.perspectives.iter_mut().chain(&mut report.states.perspectives).for_each(|g| g.biggest.clear());
    for summary in report.summaries.iter_mut().map(|s| &mut s.summary) {
        let triad = summary.triad.iter_mut().filter_map(|t| t.detail.as_mut()?.hotspots.as_mut());
        let dyad = summary.dyad.iter_mut().filter_map(|d| d.detail.as_mut()?.hotspots.as_mut());
        let stones = summary.stones.iter_mut().flat_map(|s| &mut s.stones).filter_map(|s| s.hotspots.as_mut());
        for spot in triad.chain(dyad).chain(stones).flatten() {
            keep(&mut spot.stories);
            spot.exemplar = spot.exemplar.filter(|id| released.contains(id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(n: u32, shares: &[f64]) -> BeforeAfter {
        let mean = Some(shares.to_vec());
        BeforeAfter { n_from: 40, n_to: n, median_from: Some(0.5), median_to: Some(0.6), mean_from: mean.clone(), mean_to: mean }
    }

    #[test]
    fn few_answers_have_no_median_and_nearly_all_alike_no_shares() {
        let mut few = answers(9, &[0.5, 0.5]);
        hide_if_few(&mut few, false);
        assert_eq!(few, BeforeAfter { n_from: 40, n_to: 9, ..BeforeAfter::default() });
        let mut alike = answers(40, &[0.95, 0.05]);
        hide_if_few(&mut alike, false);
        assert_eq!((alike.mean_from, alike.mean_to, alike.median_to), (None, None, Some(0.6)), "two of 40 outside");
        let mut enough = answers(40, &[0.925, 0.075]);
        hide_if_few(&mut enough, false);
        assert!(enough.mean_to.is_some(), "three outside");
        let mut place = answers(40, &[0.98, 0.4]);
        hide_if_few(&mut place, true);
        assert!(place.mean_to.is_some(), "a place near the border is no share");
    }
}
