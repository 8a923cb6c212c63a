//! How sure the relations of one family are, what is told beside them, and how they are said.

use rayon::prelude::*;

use super::closer::{Difference, Geometry, GroupCount, Part, SecondTest};
use super::family::q_values;
use super::relation::{Computed, Direction, Testing, keys_of, look_closely, relate};
use super::said::counts;
use super::sentences::{self, Related};
use super::study::{Layer, Study};
use super::types::{Caveat, EvidenceClass, Of, TestName, Wording};
use super::variable::{Values, Variable};
use super::words::Words;

/// Two variables of which the relation is asked for.
#[derive(Clone, Copy)]
pub struct Couple<'a> {
    pub a: &'a Variable,
    pub b: &'a Variable,
    /// What of the first is compared.
    pub of: Of,
    /// Whether the question was written down before the first wave: those are a family of their own.
    pub is_planned: bool,
}

impl Couple<'_> {
    /// Planned questions are a family of their own, and so are answer states.
    fn family(&self) -> (bool, bool) {
        (self.is_planned, self.of.is_answer())
    }
}

/// A relation with what is told beside it.
pub struct Told {
    pub computed: Computed,
    pub difference: Option<Difference>,
    pub counts: Vec<GroupCount>,
}

/// What is asked of the couples of a layer.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    pub study: &'a Study,
    pub layer: &'a Layer,
    pub words: Words<'a>,
    pub testing: Testing,
    /// Name of the section, for the seed.
    pub section: &'a str,
    /// Whether the second of each couple is an attribute.
    pub is_contrast: bool,
}

impl Asking<'_> {
    /// The relation of every couple, judged among the others.
    pub fn told(&self, couples: &[Couple<'_>]) -> Vec<Told> {
        let mut found: Vec<Computed> = couples.par_iter().map(|c| self.relate(c, self.testing)).collect();
        let tests: Vec<_> = found.iter().zip(couples).map(|(computed, c)| (c.family(), computed.p())).collect();
        let directions: Vec<Option<Direction>> =
            found.iter_mut().zip(q_values(&tests)).map(|(computed, q)| computed.judge(q)).collect();
        self.second_opinions(couples, &mut found);
        let closely = |((computed, c), direction): ((Computed, &Couple<'_>), Option<Direction>)| {
            let mut computed = computed;
            let asked = (&*self.question(c.of), self.is_contrast);
            let difference = look_closely(self.study, self.layer, (c.a, c.b), &mut computed, self.testing, asked);
            let counts = if c.of.is_answer() { Vec::new() } else { counts(self.layer, c.a, c.b, &computed.levels[1]) };
            computed.relation.sentence = match c.of {
                Of::Answer => sentence(&computed, direction, c, self.words),
                of => self.said_so(&computed, c, of, &counts),
            };
            Told { computed, difference, counts }
        };
        found.into_par_iter().zip(couples).zip(directions).map(closely).collect()
    }

    fn relate(&self, c: &Couple<'_>, testing: Testing) -> Computed {
        relate(self.study, self.layer, c.a, c.b, testing, &self.question(c.of))
    }

    fn question(&self, of: Of) -> String {
        if of.is_answer() { self.section.to_owned() } else { format!("{}:{}", self.section, of.name()) }
    }

    /// The same test on log-ratios of the shares (ground rule G8), for every relation of a triad that is tested by distances
    /// and drawn: by the same draws, so that the two differ by geometry and not by luck, and what is chance in both is stopped
    /// after some tens of draws. It is judged in the same family, in which all these relations are by log-ratios then; it is
    /// told where the pattern is at least worth exploring in one of the two, and where the classes differ that is a caveat.
    fn second_opinions(&self, couples: &[Couple<'_>], found: &mut [Computed]) {
        let by_ratios = Testing { geometry: Geometry::Aitchison, ..self.testing };
        let others: Vec<Option<Computed>> = couples
            .par_iter()
            .zip(&*found)
            .map(|(c, computed)| (!self.testing.asymptotic && has_geometry(c, computed)).then(|| self.relate(c, by_ratios)))
            .collect();
        let p = |(computed, other): (&Computed, &Option<Computed>)| other.as_ref().map_or_else(|| computed.p(), Computed::p);
        let tests: Vec<_> = found.iter().zip(&others).zip(couples).map(|(both, c)| (c.family(), p(both))).collect();
        for ((computed, other), q) in found.iter_mut().zip(others).zip(q_values(&tests)) {
            let Some(other) = other else { continue };
            let (Some(test), Some(p), Some(evidence)) = (other.relation.test, other.relation.p, other.class_with(q)) else {
                continue;
            };
            let relation = &mut computed.relation;
            if relation.evidence.max(evidence) < EvidenceClass::WorthExploring {
                continue;
            }
            if relation.evidence != evidence {
                relation.caveats.push(Caveat::DependsOnEdges);
            }
            let (statistic, draws) = (other.relation.statistic, other.relation.draws);
            let geometry = Some(Geometry::Aitchison);
            relation.beside.push(SecondTest { test, geometry, statistic, p, draws, evidence: Some(evidence) });
        }
    }

    /// Who said 'not about this' or 'I don't know', in words.
    fn said_so(&self, computed: &Computed, c: &Couple<'_>, of: Of, counts: &[GroupCount]) -> Wording {
        let relation = &computed.relation;
        if relation.test.is_none() || relation.evidence == EvidenceClass::TooFew {
            return sentences::too_few(relation.n);
        }
        let groups: Vec<(Wording, u32, u32)> =
            counts.iter().map(|g| (self.words.category(c.b, &g.group), g.count, g.n)).collect();
        sentences::groups_said_so(of, relation.evidence, &self.words.question(c.a), &groups, relation.n)
    }
}

fn has_geometry(c: &Couple<'_>, computed: &Computed) -> bool {
    let is_triad = |v: &Variable| matches!(v.values, Values::Triad(_));
    let by_distance = matches!(computed.relation.test, Some(TestName::Energy | TestName::DistanceCorrelation));
    by_distance && (is_triad(c.a) || is_triad(c.b))
}

/// The relation in words.
fn sentence(computed: &Computed, direction: Option<Direction>, c: &Couple<'_>, words: Words<'_>) -> Wording {
    let (a, b) = (c.a, c.b);
    let relation = &computed.relation;
    let (question_a, question_b) = (words.question(a), words.question(b));
    let (groups, values) = if a.values.is_category() { (a, b) } else { (b, a) };
    let category = |variable: &Variable, code: u32| {
        let key = keys_of(variable, &[code]).pop().unwrap_or_default();
        words.category(variable, &key)
    };
    let (x, y, picks) = match direction {
        Some(Direction::Ends { together }) => (words.end(a, true), Some(words.end(b, together)), None),
        Some(Direction::Group { code, picks }) => (category(groups, code), Some(words.end(values, true)), picks),
        Some(Direction::Categories(x, y)) => (category(a, x), Some(category(b, y)), None),
        None => (question_a.clone(), None, None),
    };
    // The side with groups is named first: its group is what the sentence begins with.
    let names = match direction {
        Some(Direction::Group { .. }) if !a.values.is_category() => (&question_b, &question_a),
        _ => (&question_a, &question_b),
    };
    let evidence = if relation.test.is_none() { EvidenceClass::TooFew } else { relation.evidence };
    let related = Related { x: &x, y: y.as_ref(), names, picks, contradicting: relation.contradicting, n: relation.n };
    let mut said = sentences::relation(evidence, &related);
    if let Some(towards) = towards(computed, c, words) {
        said.nl += &towards.nl;
        said.en += &towards.en;
    }
    said
}

/// Which anchor of a triad, or end of a canvas, the dots lie nearer to for those who answered high than for those who
/// answered low: the one that gains most, if that is at least a twentieth.
fn towards(computed: &Computed, c: &Couple<'_>, words: Words<'_>) -> Option<Wording> {
    const LEAST: f64 = 0.05;
    let (dots, line) = if c.a.values.is_ordered() { (c.b, c.a) } else { (c.a, c.b) };
    let mean = |part: Part| computed.relation.thirds.iter().find(|t| t.part == part)?.mean.clone();
    let (low, high) = (mean(Part::Low)?, mean(Part::High)?);
    let gains: Vec<f64> = high.iter().zip(&low).map(|(h, l)| h - l).collect();
    let is_triad = matches!(dots.values, Values::Triad(_));
    // Of an axis both ends can gain.
    let size = |gain: &f64| if is_triad { *gain } else { gain.abs() };
    let (place, gain) = gains.iter().enumerate().max_by(|x, y| size(x.1).total_cmp(&size(y.1)).then(y.0.cmp(&x.0)))?;
    let end = match is_triad {
        true => words.corner(&dots.signifier, place),
        false => words.axis(&dots.signifier, place, *gain > 0.0)?,
    };
    let (low, high) = (words.end(line, false), words.end(line, true));
    (size(gain) >= LEAST).then(|| sentences::leans(&end, &low, &high))
}
