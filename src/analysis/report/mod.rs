//! The analysis in full: what stands out, for whom, what changed, who stands apart, and how sure we are (analysis.md).
//!
//! In reading order: [`study`] takes the stories that a lens selects and divides them into layers, [`variable`] gives them
//! one value a story, [`relation`] tests two variables, [`pairs`] and [`mod@changes`], [`trends`], [`informants`] ask the
//! questions, [`judging`] says how sure pairs and contrasts are, [`family`] corrects for their number, [`states`] keeps
//! 'not about this' apart, [`findings`] ranks what was found, [`sentences`] puts it in words, [`pinned`] finds a kept
//! finding again. For a workgroup [`guard`] and [`comparable`] decide what is computed at all.

pub mod against;
pub mod apart;
pub mod changes;
pub mod closer;
pub mod comparable;
pub mod family;
pub mod findings;
pub mod followed;
pub mod guard;
pub mod informants;
pub mod judging;
pub mod kept;
pub mod layers;
pub mod leaving;
pub mod left;
pub mod noticeable;
pub mod over_time;
pub mod paired;
pub mod pairs;
pub mod pinned;
pub mod relation;
pub mod repeated;
pub mod retention;
pub mod reversal;
pub mod said;
pub mod sentences;
pub mod states;
pub mod study;
pub mod transitions;
pub mod trends;
pub mod types;
pub mod variable;
pub mod words;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::apart::{MinorityCluster, Outlier, minority_clusters, outliers};
use self::changes::changes;
use self::closer::Geometry;
use self::comparable::Comparable;
use self::findings::{Finding, findings};
use self::informants::perspectives;
use self::layers::{LayerSummary, summaries};
use self::leaving::{Leaving, exits, leaving};
use self::noticeable::Thresholds;
use self::over_time::{Change, PerspectiveGap, Trend};
use self::relation::Testing;
use self::retention::{Retention, Roster, retention};
use self::reversal::mark_reversals;
use self::states::StatesCompared;
use self::study::{Choices, Layer, LayerName, Study};
use self::trends::trends;
use self::types::{Contrast, Pair, Wording};
use self::variable::Variable;
use self::words::Words;
use super::protect::Viewer;
use super::snapshot::Snapshot;
use super::stats::chance::Draws;
use crate::domain::lens::Lens;

/// A part of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// One signifier at a time.
    Summaries,
    /// Hotspots, dip tests and second centres of the summaries.
    Densities,
    /// Two signifiers.
    Pairs,
    /// Groups of attributes.
    Contrasts,
    /// Change between two waves.
    Changes,
    /// Three waves or more.
    Trends,
    /// Two perspectives on the same participant.
    Perspectives,
    /// Stories that stand apart.
    Outliers,
    /// Small groups of stories.
    Clusters,
    /// Who was expected and who told.
    Retention,
}

impl Section {
    /// All sections.
    pub const ALL: [Self; 10] = [
        Self::Summaries,
        Self::Densities,
        Self::Pairs,
        Self::Contrasts,
        Self::Changes,
        Self::Trends,
        Self::Perspectives,
        Self::Outliers,
        Self::Clusters,
        Self::Retention,
    ];

    /// The section with this name, as in `--only`.
    pub fn named(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }
}

/// How a report is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The parts that were asked for.
    pub sections: BTreeSet<Section>,
    /// Whether every p-value is by formula.
    pub asymptotic: bool,
    /// Most draws of a permutation test.
    #[schema(minimum = 1, example = 9999)]
    pub permutations: u32,
    /// Whether all stories are one layer.
    pub pool: bool,
    /// Fixes another stream of random numbers.
    #[schema(minimum = 0, example = 0)]
    pub seed: u64,
    /// The smallest moves that count as noticeable, fixed before looking.
    #[serde(default)]
    pub noticeable: Thresholds,
    /// The lens, in canonical form.
    pub lens: Lens,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sections: Section::ALL.into_iter().collect(),
            asymptotic: false,
            permutations: 9_999,
            pool: false,
            seed: 0,
            noticeable: Thresholds::default(),
            lens: Lens::default(),
        }
    }
}

impl Settings {
    /// How tests are done.
    pub fn testing(&self) -> Testing {
        Testing {
            asymptotic: self.asymptotic,
            draws: Draws { most: self.permutations, stop_at: Some(20) },
            is_exploratory: self.lens.exploratory,
            geometry: Geometry::Plane,
            is_by_answers: !self.lens.regions.is_empty(),
            noticeable: self.noticeable,
        }
    }

    fn has(&self, section: Section) -> bool {
        self.sections.contains(&section)
    }
}

/// How many comparisons a part of the report made, and how many would look different by chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scan {
    /// The part.
    pub section: Section,
    /// Tests that were made.
    #[schema(minimum = 0, example = 253)]
    pub compared: u32,
    /// The same in words.
    pub sentence: Wording,
}

/// What a layer can tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LayerSize {
    /// Wave and perspective.
    pub layer: LayerName,
    /// Stories.
    #[schema(minimum = 0, example = 84)]
    pub stories: u32,
    /// People behind them.
    #[schema(minimum = 0, example = 84)]
    pub participants: u32,
    /// What so many stories can show, in words.
    pub sentence: Wording,
}

/// A report. Every number is a number or null, never NaN.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Version of this form: 1.
    #[schema(example = 1)]
    pub schema: u32,
    /// Stories that the lens selects; null when the group is too small to be shown.
    #[schema(minimum = 0, example = 641)]
    pub stories: Option<u32>,
    /// People behind them; null when the group is too small to be shown.
    #[schema(minimum = 0, example = 126)]
    pub participants: Option<u32>,
    /// How the report was made.
    pub settings: Settings,
    /// The layers.
    pub layers: Vec<LayerSize>,
    /// How much was compared.
    pub scans: Vec<Scan>,
    /// One signifier at a time.
    pub summaries: Vec<LayerSummary>,
    /// Every pair that was tested.
    pub pairs: Vec<Pair>,
    /// Every signifier with every attribute.
    pub contrasts: Vec<Contrast>,
    /// Change between two waves.
    pub changes: Vec<Change>,
    /// Three waves or more.
    pub trends: Vec<Trend>,
    /// Two perspectives on the same participant.
    pub perspectives: Vec<PerspectiveGap>,
    /// Who said 'not about this' or 'I don't know', compared likewise.
    pub states: StatesCompared,
    /// Stories that stand apart.
    pub outliers: Vec<Outlier>,
    /// Small groups of stories that are alike.
    pub clusters: Vec<MinorityCluster>,
    /// Who was expected and who told.
    pub retention: Vec<Retention>,
    /// Those who told nothing in any later wave, or left for a known reason, compared with the others.
    pub leaving: Vec<Leaving>,
    /// What stands out, most telling first.
    pub findings: Vec<Finding>,
}

/// The report on the stories that `settings.lens` selects, as `viewer` may see them. `roster` tells who was to tell.
pub fn report(snapshot: &Snapshot, settings: &Settings, viewer: Viewer, roster: Option<&Roster>) -> Report {
    let choices = Choices { pool: settings.pool, seed: settings.seed };
    let study = Study::of(snapshot, &settings.lens, viewer, choices);
    if viewer.is_protected() {
        return guard::protected(snapshot, study, settings, viewer);
    }
    let layers: Vec<&Layer> = study.layers.iter().collect();
    report_on(snapshot, &study, (&layers, &Comparable::All), settings, viewer, roster)
}

/// The report on a study, of these layers only, and comparing only those that may be compared.
pub fn report_on(
    snapshot: &Snapshot,
    study: &Study,
    (layers, comparable): (&[&Layer], &Comparable),
    settings: &Settings,
    viewer: Viewer,
    roster: Option<&Roster>,
) -> Report {
    let words = Words::of(snapshot);
    let testing = settings.testing();
    let signified: Vec<&Variable> = study.signified().collect();
    let follow = |section: Section| settings.has(section) && !settings.pool;
    let (slow, fast) = (settings.has(Section::Densities), settings.has(Section::Summaries));
    let lens = settings.lens.clone().canonical();
    let mut report = Report {
        schema: 1,
        stories: Some(study.ids.len() as u32),
        participants: Some(study.participants),
        settings: Settings { lens: lens.clone(), ..settings.clone() },
        layers: layers.iter().map(|l| size(l)).collect(),
        scans: Vec::new(),
        summaries: if slow || fast { summaries(snapshot, study, &lens, viewer, layers, slow, words) } else { Vec::new() },
        pairs: Vec::new(),
        contrasts: if settings.has(Section::Contrasts) { pairs::contrasts(study, layers, words, testing) } else { Vec::new() },
        changes: if follow(Section::Changes) { changes(study, &signified, comparable, words, testing) } else { Vec::new() },
        trends: if follow(Section::Trends) { trends(study, &signified, comparable, testing) } else { Vec::new() },
        perspectives: match follow(Section::Perspectives) {
            true => perspectives(study, &signified, comparable, words, testing),
            false => Vec::new(),
        },
        states: StatesCompared::default(),
        outliers: if settings.has(Section::Outliers) { outliers(study, layers, words) } else { Vec::new() },
        clusters: if settings.has(Section::Clusters) { minority_clusters(study, layers) } else { Vec::new() },
        retention: if follow(Section::Retention) { retention(study, roster.map(|r| &r.expected)) } else { Vec::new() },
        leaving: match follow(Section::Retention) {
            true => leaving(study, &signified, &exits(snapshot, study, roster), words, testing),
            false => Vec::new(),
        },
        findings: Vec::new(),
    };
    if settings.has(Section::Pairs) {
        report.pairs = pairs::pairs(study, layers, words, testing);
        mark_reversals(study, layers, &mut report.pairs, testing);
    }
    report.with_states_apart().ranked(study)
}

impl Report {
    /// With its scans counted and its findings ranked anew, after something was left out.
    fn ranked(mut self, study: &Study) -> Self {
        self.scans = scans(&self);
        self.findings = findings(study, &self);
        self
    }
}

fn size(layer: &Layer) -> LayerSize {
    LayerSize {
        layer: layer.name.clone(),
        stories: layer.rows.len() as u32,
        participants: layer.participants,
        sentence: sentences::detectable(layer.rows.len() as u32),
    }
}

fn scans(report: &Report) -> Vec<Scan> {
    let made = [
        (Section::Pairs, report.pairs.iter().filter(|p| p.relation.p.is_some()).count()),
        (Section::Contrasts, report.all_contrasts().filter(|c| c.relation.p.is_some()).count()),
        (Section::Changes, report.all_changes().filter(|c| c.p.is_some()).count()),
        (Section::Trends, report.trends.iter().filter(|t| t.p.is_some()).count()),
        (Section::Perspectives, report.all_perspectives().filter(|g| g.p.is_some()).count()),
    ];
    let scan =
        |(section, compared): (Section, usize)| Scan { section, compared: compared as u32, sentence: sentences::scan(compared) };
    made.into_iter().filter(|(_, compared)| *compared > 0).map(scan).collect()
}
