//! The relation between two variables in a layer: which test fits their kinds, what it found, and which stories go
//! against it (analysis.md, sections 2 and 3.1).

mod between;
mod both;
mod categories;
mod cells;
mod closely;
mod difference;
mod dots;
mod groups;
mod ordered;
mod spread;
mod thirds;

use uuid::Uuid;

pub(crate) use self::both::Both;
pub(super) use self::closely::look_closely;
use super::against::Sides;
use super::closer::Geometry;
use super::noticeable::Thresholds;
use super::repeated::Effects;
use super::study::{Layer, Study};
use super::types::{Caveat, Effect, EvidenceClass, Relation, TestName, Wording};
use super::variable::{Values, Variable};
use crate::analysis::stats::Interval;
use crate::analysis::stats::chance::Draws;
use crate::analysis::stats::evidence::{Evidence, Judged, classify};

/// Stories whose ids are listed on each side of a finding.
const LISTED: usize = 5;
/// Below so many participants p-values are drawn, not computed by formula (ground rule G6).
pub const DRAWN_BELOW: u32 = 60;

/// How tests are done.
#[derive(Debug, Clone, Copy)]
pub struct Testing {
    /// Always by formula, to compare with other programs.
    pub asymptotic: bool,
    /// How many draws.
    pub draws: Draws,
    /// Whether the lens was chosen after looking.
    pub is_exploratory: bool,
    /// How distances between dots of a triad are taken.
    pub geometry: Geometry,
    /// Whether the lens selects stories by their answers.
    pub is_by_answers: bool,
    /// The smallest moves that count as noticeable.
    pub noticeable: Thresholds,
}

impl Testing {
    /// What to know beside a comparison of the same people over time. Who is selected or grouped by an extreme answer moves
    /// to the middle without anything having happened; a lens chosen after looking may have been chosen for its answers.
    pub fn caveats_of_time(&self) -> Vec<Caveat> {
        let exploratory = self.is_exploratory.then_some(Caveat::ExploratoryLens);
        let selected = (self.is_exploratory || self.is_by_answers).then_some(Caveat::RegressionToMean);
        exploratory.into_iter().chain(selected).collect()
    }
}

/// What a test found, before it is judged in its family.
pub(crate) struct Outcome {
    pub test: TestName,
    pub statistic: f64,
    pub p: Option<f64>,
    pub draws: Option<u32>,
    pub effect: (&'static str, f64, Option<Interval>),
    /// The smallest size that is called small, on the scale of the effect.
    pub small: Option<f64>,
    /// Fewest people for this test.
    pub minimum: u32,
    pub detectable: Option<f64>,
    pub sides: Option<Sides>,
    /// What the sentence says of its two sides.
    pub direction: Option<Direction>,
    pub sampled: bool,
    pub participants: u32,
    /// Rows of the study that were used, which `sides` counts in.
    pub rows: Vec<usize>,
}

/// Which end or category of each side go together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Direction {
    /// High values of the first with high (or low) values of the second.
    Ends {
        /// Whether both are high together.
        together: bool,
    },
    /// A category of the one side with high values on the other, and the share of 100 picks.
    Group {
        /// Code of the category with the higher values.
        code: u32,
        /// Of 100 pairs of stories, in how many that of the category is higher; with more than two categories none.
        picks: Option<u32>,
    },
    /// Two categories.
    Categories(u32, u32),
}

/// A relation that was computed but not yet judged in its family.
pub struct Computed {
    /// The relation; `q`, `evidence` and `sentence` follow.
    pub relation: Relation,
    /// Codes of the categories compared, of each side that has categories.
    pub levels: Levels,
    judged: Option<(Judged, Option<Direction>)>,
}

/// Codes of the categories of the first and of the second side that had enough people; none of a side without categories.
pub type Levels = [Vec<u32>; 2];

/// The relation of two variables in a layer. `question` is the name of the question in the report, for the seed.
pub fn relate(study: &Study, layer: &Layer, a: &Variable, b: &Variable, testing: Testing, question: &str) -> Computed {
    let both = Both::of(study, layer, (a, b), testing, question);
    let mut caveats = Vec::new();
    if both.is_repeated() {
        caveats.push(Caveat::RepeatedStories);
    }
    if study.has_anonymous {
        caveats.push(Caveat::AnonymousStories);
    }
    if testing.is_exploratory {
        caveats.push(Caveat::ExploratoryLens);
    }
    let (n, people) = (both.rows.len() as u32, both.participants);
    let (seed, is_repeated) = (both.seed, both.is_repeated());
    let (mut outcome, levels) = test(both);
    // Where no draw is wanted, only the statistic is.
    if let Some(found) = outcome.as_mut().filter(|_| is_repeated && testing.draws.most > 0) {
        let people: Vec<u32> = found.rows.iter().map(|row| study.people[*row]).collect();
        let groups = if a.values.is_category() { &levels[0] } else { &levels[1] };
        let effects = Effects { test: found.test, a, b, levels: groups, rows: &found.rows, people: &people };
        found.effect.2 = effects.interval(&seed);
    }
    computed(study, layer, (n, people), outcome, levels, caveats, testing)
}

/// The test that fits the kinds of the two sides; with categories first where there are some.
fn test(both: Both<'_>) -> (Option<Outcome>, Levels) {
    let (a, b) = (&both.a.values, &both.b.values);
    match (a.is_category(), b.is_category()) {
        (true, true) => categories::test(both),
        (true, false) => {
            let (groups, values) = (both.a, both.b);
            let (found, levels) = grouped(both, groups, values);
            (found, [levels, Vec::new()])
        }
        (false, true) => {
            let (groups, values) = (both.b, both.a);
            let (found, levels) = grouped(both, groups, values);
            (found, [Vec::new(), levels])
        }
        (false, false) if a.is_ordered() && b.is_ordered() => (ordered::test(both), Levels::default()),
        (false, false) => (dots::together(both), Levels::default()),
    }
}

fn grouped(both: Both<'_>, groups: &Variable, values: &Variable) -> (Option<Outcome>, Vec<u32>) {
    if values.values.is_ordered() { groups::test(both, groups, values) } else { dots::groups(both, groups, values) }
}

fn computed(
    study: &Study,
    layer: &Layer,
    (n, people): (u32, u32),
    outcome: Option<Outcome>,
    levels: Levels,
    mut caveats: Vec<Caveat>,
    testing: Testing,
) -> Computed {
    let mut relation = Relation {
        layer: layer.name.clone(),
        test: None,
        statistic: None,
        n,
        participants: people,
        p: None,
        q: None,
        draws: None,
        effect: Effect::default(),
        evidence: EvidenceClass::TooFew,
        detectable: None,
        contradicting: None,
        typical_stories: Vec::new(),
        contradicting_stories: Vec::new(),
        between: Vec::new(),
        cells: Vec::new(),
        thirds: Vec::new(),
        beside: Vec::new(),
        caveats: Vec::new(),
        sentence: Wording::default(),
    };
    let Some(found) = outcome else {
        relation.caveats = caveats;
        return Computed { relation, levels, judged: None };
    };
    if found.sampled {
        caveats.push(Caveat::Sampled);
    }
    let (name, value, interval) = found.effect;
    let ids = |positions: &[u32]| -> Vec<Uuid> {
        positions.iter().take(LISTED).filter_map(|p| study.ids.get(found.rows[*p as usize]).copied()).collect()
    };
    relation.test = Some(found.test);
    relation.statistic = finite(found.statistic);
    relation.n = found.rows.len() as u32;
    relation.participants = found.participants;
    relation.p = found.p.and_then(finite);
    relation.draws = found.draws;
    relation.effect =
        Effect { name: name.to_owned(), value: finite(value), low: interval.map(|i| i.low), high: interval.map(|i| i.high) };
    relation.detectable = found.detectable;
    relation.caveats = caveats;
    if let Some(sides) = &found.sides {
        relation.contradicting = Some(sides.contradicting.len() as u32);
        relation.typical_stories = ids(&sides.typical);
        relation.contradicting_stories = ids(&sides.contradicting);
    }
    if found.participants >= found.minimum {
        // Tested by its statistic alone, where every p-value is to be by formula and there is none.
        relation.evidence = EvidenceClass::CouldBeChance;
    }
    let judged = relation.p.map(|p| Judged {
        n: found.participants,
        minimum: found.minimum,
        p,
        q: p,
        effect: value,
        small: found.small,
        // An effect that cannot be negative has no interval that could exclude 0.
        interval: interval.filter(|_| has_sign(found.test)),
        is_post_hoc: testing.is_exploratory,
    });
    Computed { relation, levels, judged: judged.map(|j| (j, found.direction)) }
}

fn has_sign(test: TestName) -> bool {
    matches!(test, TestName::Spearman | TestName::KendallTauB | TestName::MannWhitney)
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

impl Computed {
    /// The p-value that counts in the family.
    pub fn p(&self) -> Option<f64> {
        self.judged.as_ref().filter(|(j, _)| j.n >= j.minimum).map(|(j, _)| j.p)
    }

    /// The class that it would have with this q-value; absent when it is in no family.
    pub fn class_with(&self, q: Option<f64>) -> Option<EvidenceClass> {
        let (judged, _) = self.judged.as_ref()?;
        Some(class_of(classify(&Judged { q: q.unwrap_or(1.0), ..*judged })))
    }

    /// Judges the relation with its q-value; absent when it is in no family.
    pub(crate) fn judge(&mut self, q: Option<f64>) -> Option<Direction> {
        let (judged, direction) = self.judged.as_mut()?;
        self.relation.q = q;
        judged.q = q.unwrap_or(1.0);
        self.relation.evidence = class_of(classify(judged));
        *direction
    }
}

/// The class as it is written.
pub fn class_of(evidence: Evidence) -> EvidenceClass {
    match evidence {
        Evidence::TooFew => EvidenceClass::TooFew,
        Evidence::CouldBeChance => EvidenceClass::CouldBeChance,
        Evidence::WorthExploring => EvidenceClass::WorthExploring,
        Evidence::Clear => EvidenceClass::Clear,
    }
}

/// Keys of categories.
pub fn keys_of(variable: &Variable, levels: &[u32]) -> Vec<String> {
    match &variable.values {
        Values::Category { keys, .. } => levels.iter().filter_map(|l| keys.get(*l as usize).cloned()).collect(),
        _ => Vec::new(),
    }
}
