//! How the same people's answers changed between waves (analysis.md, section 4): always the people who answered twice
//! beside all who answered.

use rayon::prelude::*;

use super::against::median;
use super::comparable::Comparable;
use super::family::{is_planned, q_values};
use super::followed::{Answer, Followed};
use super::noticeable::noticeable;
use super::over_time::{BeforeAfter, Change};
use super::paired::{Moved, moved};
use super::relation::{Testing, class_of};
use super::said::{is_common, is_said, with_states};
use super::sentences;
use super::study::Study;
use super::transitions::transitions;
use super::types::{Caveat, EvidenceClass, Of, Wording};
use super::variable::{Values, Variable};
use super::words::Words;
use crate::analysis::stats::evidence::{Judged, classify};
use crate::domain::framework::Comparison;

/// Fewest people who answered twice.
pub const MINIMUM: u32 = 10;

/// Every signifier of every perspective between every two waves that may be compared, what was answered and who said 'not
/// about this' or 'I don't know'; one family for a perspective and two waves, planned questions apart.
pub fn changes(
    study: &Study,
    variables: &[&Variable],
    comparable: &Comparable,
    words: Words<'_>,
    testing: Testing,
) -> Vec<Change> {
    let questions = with_states(study, variables);
    let of_all = (0..study.perspectives.len())
        .flat_map(|p| questions.iter().map(move |(of, v)| Asked { study, of: *of, variable: v, perspective: p, testing }));
    let asked: Vec<Asked<'_>> = of_all.collect();
    let found: Vec<(Change, Option<Judged>)> = asked.par_iter().flat_map_iter(|a| a.changes(comparable)).collect();
    let planned = words.planned();
    let is_planned = |c: &Change| c.of.is_answer() && is_planned(&planned, Comparison::Waves, &c.signifier, None);
    let tests: Vec<_> = found
        .iter()
        .map(|(c, judged)| {
            let family = if is_planned(c) { None } else { Some((c.perspective.clone(), c.from.clone(), c.to.clone())) };
            ((c.of.is_answer(), family), judged.filter(|j| j.n >= j.minimum).map(|j| j.p))
        })
        .collect();
    let q = q_values(&tests);
    found.into_iter().zip(q).map(|((change, judged), q)| judge(change, judged, q, words)).collect()
}

fn judge(mut change: Change, judged: Option<Judged>, q: Option<f64>, words: Words<'_>) -> Change {
    if let Some(judged) = judged {
        change.q = q;
        change.evidence = class_of(classify(&Judged { q: q.unwrap_or(1.0), ..judged }));
        if disagrees(&change) {
            change.caveats.push(Caveat::Dropout);
        }
    }
    change.sentence = sentence(&change, words);
    change
}

/// Whether all who answered moved the other way than those who answered twice.
fn disagrees(change: &Change) -> bool {
    let step = |b: &BeforeAfter| Some(b.median_to? - b.median_from?);
    match (step(&change.same_people), step(&change.all_who_answered)) {
        (Some(same), Some(all)) => same * all < 0.0,
        _ => false,
    }
}

/// A question about one perspective.
struct Asked<'a> {
    study: &'a Study,
    of: Of,
    variable: &'a Variable,
    perspective: usize,
    testing: Testing,
}

impl Asked<'_> {
    /// Between every two waves in which somebody answered.
    fn changes(&self, comparable: &Comparable) -> Vec<(Change, Option<Judged>)> {
        let (study, perspective, waves) = (self.study, self.perspective, self.study.waves.len());
        let followed = Followed::of(study, self.variable, waves, |row| {
            (usize::from(study.perspective[row]) == perspective).then(|| usize::from(study.wave[row])).filter(|w| *w < waves)
        });
        if !is_said(self.of, &followed) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for from in 0..waves {
            for to in from + 1..waves {
                let is_asked = !followed.at(from).is_empty() && !followed.at(to).is_empty();
                if is_asked && comparable.may_compare((from, perspective), (to, perspective)) {
                    found.extend(self.between(&followed, from, to));
                }
            }
        }
        found
    }

    fn between(&self, followed: &Followed, from: usize, to: usize) -> Vec<(Change, Option<Judged>)> {
        let both = followed.both(from, to);
        if !is_common(self.of, &both) {
            return Vec::new();
        }
        let perspective = &self.study.perspectives[self.perspective];
        let name = format!("{}:{perspective}:{from}:{to}", self.variable.name);
        let seed = self.study.seed.child("changes").child(&name);
        // Answers keep the seed that they had before other things than answers were compared.
        let seed = if self.of.is_answer() { seed } else { seed.child(&format!("{:?}", self.of)) };
        let base = self.base(followed, &both, from, to);
        let n = base.n;
        let tests = if n >= MINIMUM { moved(&self.variable.values, &both, &seed, self.testing) } else { Vec::new() };
        if tests.is_empty() {
            return vec![(base, None)];
        }
        let mut found: Vec<(Change, Option<Judged>)> = tests
            .into_iter()
            .map(|m| {
                let judged = m.judged(n, MINIMUM, self.testing.is_exploratory);
                (with(base.clone(), m), judged)
            })
            .collect();
        if let (Some((first, _)), true) = (found.first_mut(), self.of.is_answer()) {
            first.transitions = transitions(&self.variable.values, &both);
        }
        found
    }

    /// What is known before any test.
    fn base(&self, followed: &Followed, both: &[(u32, Answer, Answer)], from: usize, to: usize) -> Change {
        let options = options_of(self.variable);
        let (first, second): (Vec<Answer>, Vec<Answer>) = both.iter().map(|b| (b.1, b.2)).unzip();
        Change {
            signifier: self.variable.name.clone(),
            perspective: self.study.perspectives[self.perspective].clone(),
            from: self.study.waves[from].clone(),
            to: self.study.waves[to].clone(),
            of: self.of,
            test: None,
            statistic: None,
            n: both.len() as u32,
            up: None,
            same: None,
            down: None,
            towards: None,
            towards_shares: None,
            noticeable: noticeable(&self.variable.values, both, self.testing.noticeable),
            transitions: None,
            arrow: None,
            p: None,
            q: None,
            draws: None,
            effect: Default::default(),
            evidence: EvidenceClass::TooFew,
            same_people: before_after(&first, &second, options),
            all_who_answered: before_after(&followed.at(from), &followed.at(to), options),
            only_before: (followed.at(from).len() - both.len()) as u32,
            caveats: self.testing.caveats_of_time(),
            sentence: Wording::default(),
        }
    }
}

/// A change with what a test found.
fn with(base: Change, m: Moved) -> Change {
    Change {
        test: m.test,
        statistic: m.statistic,
        up: m.up,
        same: m.same,
        down: m.down,
        towards: m.towards,
        towards_shares: m.towards_shares,
        arrow: m.arrow,
        p: m.p,
        draws: m.draws,
        effect: m.effect,
        ..base
    }
}

fn options_of(variable: &Variable) -> usize {
    if let Values::Category { keys, .. } = &variable.values { keys.len() } else { 0 }
}

fn before_after(from: &[Answer], to: &[Answer], options: usize) -> BeforeAfter {
    let numbers = |answers: &[Answer]| answers.iter().filter_map(|a| a.number()).collect::<Vec<_>>();
    BeforeAfter {
        n_from: from.len() as u32,
        n_to: to.len() as u32,
        median_from: median(&numbers(from)),
        median_to: median(&numbers(to)),
        mean_from: mean(from, options),
        mean_to: mean(to, options),
    }
}

/// Mean shares, mean place, or share of each option; none of ordered values.
fn mean(answers: &[Answer], options: usize) -> Option<Vec<f64>> {
    let n = answers.len() as f64;
    match answers.first()? {
        Answer::Number(_) => None,
        Answer::Code(_) => {
            let count = |option: usize| answers.iter().filter(|a| a.code() == Some(option as u32)).count() as f64;
            Some((0..options).map(|o| count(o) / n).collect())
        }
        Answer::Shares(_) => {
            Some((0..3).map(|i| answers.iter().filter_map(|a| a.shares()).map(|s| s[i]).sum::<f64>() / n).collect())
        }
        Answer::Place(_) => {
            Some((0..2).map(|i| answers.iter().filter_map(|a| a.place()).map(|p| p[i]).sum::<f64>() / n).collect())
        }
    }
}

fn sentence(change: &Change, words: Words<'_>) -> Wording {
    let mut said = match (change.up, change.same, change.down) {
        (Some(up), Some(_), Some(down)) if !change.of.is_answer() => sentences::said_so(change.of, change.n, up, down),
        (Some(up), Some(same), Some(down)) => sentences::moved(change.n, up, same, down, change.only_before),
        (_, Some(same), _) => sentences::shifted(change.n, change.n.saturating_sub(same), change.only_before),
        _ => return sentences::too_few(change.n),
    };
    if let Some((corner, people)) = change.towards.as_deref().and_then(most_towards) {
        let towards = sentences::towards(&words.corner(&change.signifier, corner), people);
        said.nl += &towards.nl;
        said.en += &towards.en;
    }
    let sure = sentences::how_sure(change.evidence, change.n);
    said.nl += &sure.nl;
    said.en += &sure.en;
    said
}

/// The corner that most people moved towards, and how many; none when two have as many, or nobody moved.
fn most_towards(towards: &[u32]) -> Option<(usize, u32)> {
    let most = *towards.iter().max().filter(|most| **most > 0)?;
    let mut corners = (0..towards.len()).filter(|i| towards[*i] == most);
    match (corners.next(), corners.next()) {
        (Some(corner), None) => Some((corner, most)),
        _ => None,
    }
}
