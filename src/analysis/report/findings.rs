//! One ranked list of what stands out: dominant patterns, associations, contrasts, changes, gaps, stories apart and small
//! groups, each as one record of the same form.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Report;
use super::layers::LayerSummary;
use super::over_time::{Change, PerspectiveGap};
use super::study::{LayerName, Study};
use super::types::{Caveat, Contrast, Effect, EvidenceClass, Of, Relation, Wording};
use crate::analysis::stats::chance::Seed;

/// What kind of pattern a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A place or answer that most stories share.
    Dominant,
    /// Two signifiers that go together.
    Association,
    /// Groups that differ.
    Contrast,
    /// The same people answering otherwise in a later wave.
    Change,
    /// Two perspectives placing the same people apart.
    PerspectiveGap,
    /// A story that stands apart.
    Outlier,
    /// A small group of stories that are alike.
    MinorityCluster,
}

/// Something that stands out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The same for the same stories, lens and question.
    #[schema(example = "3f1c9a0b7d2e4c55")]
    pub id: String,
    /// What kind of pattern it is.
    pub kind: FindingKind,
    /// Keys of the signifiers, with `/part` for a stone or for an option of several; of a contrast then the attribute.
    pub signifiers: Vec<String>,
    /// Wave and perspective; of a change the perspective.
    pub layer: LayerName,
    /// Of a change the two waves, of a gap the two perspectives, of a contrast the groups.
    pub compared: Vec<String>,
    /// What of the answers is compared: the answers, or who said 'not about this' or 'I don't know'.
    #[serde(default)]
    pub of: Of,
    /// Stories.
    #[schema(minimum = 0, example = 63)]
    pub n: u32,
    /// People behind them.
    #[schema(minimum = 0, example = 63)]
    pub participants: u32,
    /// How many said 'not about this', where the finding is about one signifier.
    #[schema(minimum = 0, example = 4)]
    pub not_applicable: Option<u32>,
    /// How many said 'I don't know'.
    #[schema(minimum = 0, example = 0)]
    pub unknown: Option<u32>,
    /// How many passed the question over.
    #[schema(minimum = 0, example = 1)]
    pub skipped: Option<u32>,
    /// How strong it is.
    pub effect: Effect,
    /// p-value.
    #[schema(minimum = 0, maximum = 1)]
    pub p: Option<f64>,
    /// p corrected for its family.
    #[schema(minimum = 0, maximum = 1)]
    pub q: Option<f64>,
    /// How sure it is.
    pub evidence: EvidenceClass,
    /// The smallest effect that so many people would have shown in 8 of 10 studies.
    pub detectable: Option<f64>,
    /// The finding in words.
    pub sentence: Wording,
    /// Numbers to draw it with; what they are depends on the kind.
    #[schema(value_type = Object)]
    pub plot: Value,
    /// Stories that show it.
    pub typical: Vec<Uuid>,
    /// Stories that go against it.
    pub contradicting: Vec<Uuid>,
    /// What to know beside it.
    pub caveats: Vec<Caveat>,
}

/// What every question of the report found, also what could be chance; `seed` is that of the study.
pub fn compared(seed: &Seed, report: &Report) -> Vec<Finding> {
    let id = |kind: FindingKind, parts: &[&str]| seed.child(&format!("{kind:?}:{}", parts.join(":"))).short();
    let mut found: Vec<Finding> = Vec::new();
    found.extend(report.summaries.iter().filter_map(|s| dominant(s, &id)));
    found.extend(
        report.pairs.iter().map(|p| {
            related(FindingKind::Association, (vec![p.a.clone(), p.b.clone()], Vec::new()), Of::Answer, &p.relation, &id)
        }),
    );
    found.extend(report.all_contrasts().map(|c| contrasted(c, &id)));
    found.extend(report.all_changes().map(|c| changed(c, &id)));
    found.extend(report.all_perspectives().map(|g| gap(g, &id)));
    found
}

/// The findings of a report, most telling first: clear before hints, then by q and size. What could be chance is not listed;
/// stories apart and small groups follow, for they are looked at and not tested.
pub fn findings(study: &Study, report: &Report) -> Vec<Finding> {
    let id = |kind: FindingKind, parts: &[&str]| study.seed.child(&format!("{kind:?}:{}", parts.join(":"))).short();
    let mut found = compared(&study.seed, report);
    found.retain(|f| f.evidence >= EvidenceClass::WorthExploring);
    found.sort_by(|a, b| {
        let size = |f: &Finding| f.effect.value.map_or(0.0, f64::abs);
        let q = |f: &Finding| f.q.or(f.p).unwrap_or(0.0);
        b.evidence
            .cmp(&a.evidence)
            .then(q(a).total_cmp(&q(b)))
            .then(size(b).total_cmp(&size(a)))
            .then(a.kind.cmp(&b.kind))
            .then(a.id.cmp(&b.id))
    });
    found.extend(report.clusters.iter().map(|c| Finding {
        contradicting: Vec::new(),
        typical: c.medoid.into_iter().chain(c.examples.iter().copied()).collect(),
        caveats: c.caveats.clone(),
        plot: json!({"stories": c.stories.len(), "loose": c.loose}),
        evidence: if c.loose { EvidenceClass::WorthExploring } else { EvidenceClass::Clear },
        effect: Effect { name: "stability".to_owned(), value: c.stability, low: None, high: None },
        ..bare(
            id(FindingKind::MinorityCluster, &[&format!("{:?}{:?}", c.layer, c.stories)]),
            FindingKind::MinorityCluster,
            Vec::new(),
            c.layer.clone(),
            (c.stories.len() as u32, c.participants),
            c.sentence.clone(),
        )
    }));
    found.extend(report.outliers.iter().map(|o| Finding {
        typical: vec![o.story],
        caveats: o.caveats.clone(),
        plot: json!({"z": o.z, "because": o.because}),
        effect: Effect { name: "gower-distance".to_owned(), value: Some(o.score), low: None, high: None },
        ..bare(
            id(FindingKind::Outlier, &[&format!("{:?}{}", o.layer, o.story)]),
            FindingKind::Outlier,
            o.because.iter().map(|r| r.signifier.clone()).collect(),
            o.layer.clone(),
            (1, 1),
            o.sentence.clone(),
        )
    }));
    found
}

fn bare(
    id: String,
    kind: FindingKind,
    signifiers: Vec<String>,
    layer: LayerName,
    (n, participants): (u32, u32),
    sentence: Wording,
) -> Finding {
    Finding {
        id,
        kind,
        signifiers,
        layer,
        compared: Vec::new(),
        of: Of::Answer,
        n,
        participants,
        not_applicable: None,
        unknown: None,
        skipped: None,
        effect: Effect::default(),
        p: None,
        q: None,
        evidence: EvidenceClass::WorthExploring,
        detectable: None,
        sentence,
        plot: Value::Null,
        typical: Vec::new(),
        contradicting: Vec::new(),
        caveats: Vec::new(),
    }
}

/// A hotspot, or else a zone or option that is surely larger than its part.
fn dominant(s: &LayerSummary, id: &impl Fn(FindingKind, &[&str]) -> String) -> Option<Finding> {
    let summary = &s.summary;
    let (n, participants) = (summary.n?, summary.participants?);
    let spots = summary
        .triad
        .as_ref()
        .and_then(|t| t.detail.as_ref()?.hotspots.as_ref())
        .or(summary.dyad.as_ref().and_then(|d| d.detail.as_ref()?.hotspots.as_ref()));
    let sure_zone = summary.triad.iter().flat_map(|t| &t.zones).any(|z| z.counted.low.is_some_and(|low| low > z.area_share));
    let camps = summary.dyad.as_ref().and_then(|d| d.detail.as_ref()?.dip).is_some_and(|d| d.p <= 0.05);
    let has_spot = spots.is_some_and(|s| !s.is_empty());
    if participants < 20 || !(has_spot || sure_zone || camps) {
        return None;
    }
    let first = spots.and_then(|s| s.first());
    Some(Finding {
        not_applicable: summary.not_applicable,
        unknown: summary.unknown,
        skipped: summary.skipped,
        evidence: if has_spot || camps { EvidenceClass::Clear } else { EvidenceClass::WorthExploring },
        effect: Effect { name: "density".to_owned(), value: first.map(|f| f.density), low: None, high: None },
        typical: first.map(|f| f.stories.iter().take(5).copied().collect()).unwrap_or_default(),
        plot: json!({"hotspots": spots, "zones": summary.triad.as_ref().map(|t| &t.zones),
            "histogram": summary.dyad.as_ref().map(|d| &d.histogram)}),
        ..bare(
            id(FindingKind::Dominant, &[&summary.signifier, &format!("{:?}", s.layer)]),
            FindingKind::Dominant,
            vec![summary.signifier.clone()],
            s.layer.clone(),
            (n, participants),
            s.sentence.clone().unwrap_or_default(),
        )
    })
}

fn related(
    kind: FindingKind,
    (signifiers, compared): (Vec<String>, Vec<String>),
    of: Of,
    r: &Relation,
    id: &impl Fn(FindingKind, &[&str]) -> String,
) -> Finding {
    let mut name = format!("{signifiers:?}{:?}", r.layer);
    if !of.is_answer() {
        name += of.name();
    }
    Finding {
        compared,
        of,
        effect: r.effect.clone(),
        p: r.p,
        q: r.q,
        evidence: r.evidence,
        detectable: r.detectable,
        plot: json!({"contradicting": r.contradicting, "between": r.between, "cells": r.cells, "thirds": r.thirds}),
        typical: r.typical_stories.clone(),
        contradicting: r.contradicting_stories.clone(),
        caveats: r.caveats.clone(),
        ..bare(id(kind, &[&name]), kind, signifiers, r.layer.clone(), (r.n, r.participants), r.sentence.clone())
    }
}

fn contrasted(c: &Contrast, id: &impl Fn(FindingKind, &[&str]) -> String) -> Finding {
    let signifiers = vec![c.signifier.clone(), c.attribute.clone()];
    let mut found = related(FindingKind::Contrast, (signifiers, c.groups.clone()), c.of, &c.relation, id);
    found.plot["difference"] = json!(c.difference);
    found.plot["counts"] = json!(c.counts);
    found
}

/// What is added to the name of a question that is not about answers; nothing, so that other names stay as they were.
fn name_of(of: Of) -> String {
    if of.is_answer() { String::new() } else { format!("{of:?}") }
}

fn changed(c: &Change, id: &impl Fn(FindingKind, &[&str]) -> String) -> Finding {
    let layer = LayerName { wave: None, perspective: Some(c.perspective.clone()) };
    let name = format!("{}{}{}{}{:?}{}", c.signifier, c.perspective, c.from, c.to, c.test, name_of(c.of));
    Finding {
        compared: vec![c.from.clone(), c.to.clone()],
        of: c.of,
        effect: c.effect.clone(),
        p: c.p,
        q: c.q,
        evidence: c.evidence,
        plot: json!({"up": c.up, "same": c.same, "down": c.down, "towards": c.towards, "noticeable": c.noticeable, "arrow": c.arrow,
            "samePeople": c.same_people, "allWhoAnswered": c.all_who_answered}),
        caveats: c.caveats.clone(),
        ..bare(
            id(FindingKind::Change, &[&name]),
            FindingKind::Change,
            vec![c.signifier.clone()],
            layer,
            (c.n, c.n),
            c.sentence.clone(),
        )
    }
}

fn gap(g: &PerspectiveGap, id: &impl Fn(FindingKind, &[&str]) -> String) -> Finding {
    let layer = LayerName { wave: Some(g.wave.clone()), perspective: None };
    let name = format!("{}{}{}{}{}", g.signifier, g.wave, g.a, g.b, name_of(g.of));
    Finding {
        compared: vec![g.a.clone(), g.b.clone()],
        of: g.of,
        effect: g.effect.clone(),
        p: g.p,
        q: g.q,
        evidence: g.evidence,
        plot: json!({"gap": g.gap, "agreement": g.agreement}),
        contradicting: g.biggest.clone(),
        ..bare(
            id(FindingKind::PerspectiveGap, &[&name]),
            FindingKind::PerspectiveGap,
            vec![g.signifier.clone()],
            layer,
            (g.n, g.n),
            g.sentence.clone(),
        )
    }
}
