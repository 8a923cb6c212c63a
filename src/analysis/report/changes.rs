//! How the same people's answers changed between waves (analysis.md, section 4): always the people who answered twice
//! beside all who answered.

use rayon::prelude::*;

use super::against::median;
use super::family::q_values;
use super::followed::{Answer, Followed};
use super::over_time::{BeforeAfter, Change};
use super::paired::{Moved, moved};
use super::relation::{Testing, class_of};
use super::sentences;
use super::study::Study;
use super::types::{Caveat, EvidenceClass, Wording};
use super::variable::{Values, Variable};
use crate::analysis::stats::evidence::{Judged, classify};
use crate::domain::framework::{Comparison, Planned};

/// Fewest people who answered twice.
pub const MINIMUM: u32 = 10;

/// Every signifier of every perspective between every two waves; by default in one family for a perspective and two
/// waves, planned questions apart.
pub fn changes(study: &Study, variables: &[&Variable], planned: &[Planned], testing: Testing) -> Vec<Change> {
    let mut questions = Vec::new();
    for (perspective, _) in study.perspectives.iter().enumerate() {
        for variable in variables {
            questions.push((perspective, *variable));
        }
    }
    let found: Vec<(Change, Option<Judged>)> =
        questions.par_iter().flat_map_iter(|(p, v)| of_variable(study, v, *p, testing)).collect();
    let is_planned = |c: &Change| {
        planned.iter().any(|p| {
            p.comparison == Comparison::Waves
                && (p.signifier == c.signifier || c.signifier.starts_with(&format!("{}/", p.signifier)))
        })
    };
    let tests: Vec<_> = found
        .iter()
        .map(|(c, judged)| {
            let family = if is_planned(c) { None } else { Some((c.perspective.clone(), c.from.clone(), c.to.clone())) };
            (family, judged.filter(|j| j.n >= j.minimum).map(|j| j.p))
        })
        .collect();
    let q = q_values(&tests);
    found.into_iter().zip(q).map(|((change, judged), q)| judge(change, judged, q)).collect()
}

fn judge(mut change: Change, judged: Option<Judged>, q: Option<f64>) -> Change {
    if let Some(judged) = judged {
        change.q = q;
        change.evidence = class_of(classify(&Judged { q: q.unwrap_or(1.0), ..judged }));
        if disagrees(&change) {
            change.caveats.push(Caveat::Dropout);
        }
    }
    change.sentence = sentence(&change);
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

fn of_variable(study: &Study, variable: &Variable, perspective: usize, testing: Testing) -> Vec<(Change, Option<Judged>)> {
    let waves = study.waves.len();
    let followed = Followed::of(study, variable, waves, |row| {
        (usize::from(study.perspective[row]) == perspective).then(|| usize::from(study.wave[row])).filter(|w| *w < waves)
    });
    let mut found = Vec::new();
    for from in 0..waves {
        for to in from + 1..waves {
            let both = followed.both(from, to);
            if followed.at(from).is_empty() || followed.at(to).is_empty() {
                continue;
            }
            let name = format!("{}:{}:{from}:{to}", variable.name, study.perspectives[perspective]);
            let seed = study.seed.child("changes").child(&name);
            let options = options_of(variable);
            let base = Base {
                signifier: &variable.name,
                perspective: &study.perspectives[perspective],
                from: &study.waves[from],
                to: &study.waves[to],
                same: before_after(
                    &both.iter().map(|b| b.1).collect::<Vec<_>>(),
                    &both.iter().map(|b| b.2).collect::<Vec<_>>(),
                    options,
                ),
                all: before_after(&followed.at(from), &followed.at(to), options),
                only_before: (followed.at(from).len() - both.len()) as u32,
                n: both.len() as u32,
            };
            let tests = if both.len() as u32 >= MINIMUM { moved(&variable.values, &both, &seed, testing) } else { Vec::new() };
            match tests.is_empty() {
                true => found.push((base.change(None, testing), None)),
                false => found.extend(tests.into_iter().map(|m| {
                    let judged = m.judged(base.n, MINIMUM, testing.is_exploratory);
                    (base.change(Some(m), testing), judged)
                })),
            }
        }
    }
    found
}

struct Base<'a> {
    signifier: &'a str,
    perspective: &'a str,
    from: &'a str,
    to: &'a str,
    same: BeforeAfter,
    all: BeforeAfter,
    only_before: u32,
    n: u32,
}

impl Base<'_> {
    fn change(&self, moved: Option<Moved>, testing: Testing) -> Change {
        let mut caveats = Vec::new();
        if testing.is_exploratory {
            // A group picked for its extreme answers moves to the middle by itself.
            caveats.extend([Caveat::ExploratoryLens, Caveat::RegressionToMean]);
        }
        let m = moved.unwrap_or_default();
        Change {
            signifier: self.signifier.to_owned(),
            perspective: self.perspective.to_owned(),
            from: self.from.to_owned(),
            to: self.to.to_owned(),
            test: m.test,
            statistic: m.statistic,
            n: self.n,
            up: m.up,
            same: m.same,
            down: m.down,
            towards: m.towards,
            arrow: m.arrow,
            p: m.p,
            q: None,
            draws: m.draws,
            effect: m.effect,
            evidence: EvidenceClass::TooFew,
            same_people: self.same.clone(),
            all_who_answered: self.all.clone(),
            only_before: self.only_before,
            caveats,
            sentence: Wording::default(),
        }
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

fn sentence(change: &Change) -> Wording {
    let mut said = match (change.up, change.same, change.down) {
        (Some(up), Some(same), Some(down)) => sentences::moved(change.n, up, same, down, change.only_before),
        (_, Some(same), _) => sentences::shifted(change.n, change.n.saturating_sub(same), change.only_before),
        _ => return sentences::too_few(change.n),
    };
    let sure = sentences::how_sure(change.evidence, change.n);
    said.nl += &sure.nl;
    said.en += &sure.en;
    said
}
