//! Who told nothing in a later wave, and were they different before? (analysis.md, sections 4.7 and 6.) With few leavers
//! only plain contrasts are defensible ([`super::left`]); with enough of them one model with Firth's correction looks at
//! several things together. Who misses a wave and comes back has not left. Leaving for a job is not dropping out: read this beside the reasons.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::family::q_values;
use super::left::{Found, Told};
use super::relation::{Testing, class_of};
use super::retention::Roster;
use super::study::Study;
use super::types::{Effect, EvidenceClass, TestName, Wording};
use super::variable::{Values, Variable};
use super::words::{Words, say};
use crate::analysis::cells::Columns;
use crate::analysis::layout::UNIT;
use crate::analysis::snapshot::Snapshot;
use crate::analysis::stats::evidence::{Judged, classify};
use crate::analysis::stats::firth::firth;

/// Leavers needed for each coefficient of a model (Firth's correction tolerates about 5).
const A_COEFFICIENT: usize = 5;

/// Stayers and leavers on one signifier of the earlier wave: ordered values, stones and dots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Leaving {
    /// Key of the signifier, with `/part` for a stone.
    #[schema(example = "health/contact")]
    pub signifier: String,
    /// Key of the perspective.
    #[schema(example = "candidate")]
    pub perspective: String,
    /// Key of the wave in which both answered.
    #[schema(example = "1")]
    pub wave: String,
    /// Reason of leaving, where reasons are known: those who ever left for it against all others. Null: those who told
    /// nothing later, for whatever reason, against those who did.
    #[serde(default)]
    #[schema(example = "stopped")]
    pub reason: Option<String>,
    /// People who have a story in a later wave too; with a reason all others.
    #[schema(minimum = 0, example = 58)]
    pub stayed: u32,
    /// People who have none; with a reason those who left for it.
    #[schema(minimum = 0, example = 26)]
    pub left: u32,
    /// The test: of ranks (Mann-Whitney) or of dots (energy).
    #[serde(default)]
    pub test: Option<TestName>,
    /// Ordered values: Cliff's delta, above 0 when those who left were higher. Dots: energy R².
    pub effect: Effect,
    /// Dots: how far the middle of those who left lies from the middle of those who stayed. Stones: x and y, of the canvas;
    /// triads: shares of top, left and right.
    pub shift: Option<Vec<f64>>,
    /// p-value.
    #[schema(minimum = 0, maximum = 1)]
    pub p: Option<f64>,
    /// p corrected for the number of signifiers.
    #[schema(minimum = 0, maximum = 1)]
    pub q: Option<f64>,
    /// How sure it is.
    pub evidence: EvidenceClass,
    /// Odds of leaving, as natural logarithm of the ratio from one end of the scale to the other, beside the other
    /// signifiers in the model, with its 95 % profile interval; null with fewer than 5 leavers a signifier.
    pub log_odds: Option<Effect>,
    /// The finding in words.
    pub sentence: Wording,
}

/// By row of the study why its participant left, where that is known.
pub fn exits(snapshot: &Snapshot, study: &Study, roster: Option<&Roster>) -> Vec<Option<String>> {
    let units = snapshot.frame.data.counts(UNIT);
    let reason = |id: &uuid::Uuid| {
        let row = snapshot.frame.ids.binary_search(id).ok()?;
        roster?.exits.get(snapshot.dictionaries.participant(units[row])?).cloned()
    };
    study.ids.iter().map(reason).collect()
}

/// Stayers and leavers of every perspective and wave but the last; `exits` has by row why somebody left.
pub fn leaving(
    study: &Study,
    variables: &[&Variable],
    exits: &[Option<String>],
    words: Words<'_>,
    testing: Testing,
) -> Vec<Leaving> {
    let mut all = Vec::new();
    for perspective in 0..study.perspectives.len() {
        for wave in 0..study.waves.len().saturating_sub(1) {
            for left in left_after(study, exits, (perspective, wave)) {
                all.extend(of_wave(study, variables, (perspective, wave), &left, words, testing));
            }
        }
    }
    all
}

/// Who of a wave left.
struct Left {
    reason: Option<String>,
    /// One story a person: of several the first, which is as good as any.
    here: Vec<usize>,
    /// By position in `here` whether the person left.
    left: Vec<bool>,
}

/// Those who told nothing later, if anybody did; then those who left for each reason.
fn left_after(study: &Study, exits: &[Option<String>], (perspective, wave): (usize, usize)) -> Vec<Left> {
    let rows = |w: usize| {
        (0..study.ids.len()).filter(move |r| {
            study.is_known[*r] && usize::from(study.perspective[*r]) == perspective && usize::from(study.wave[*r]) == w
        })
    };
    let mut seen = BTreeSet::new();
    let here: Vec<usize> = rows(wave).filter(|r| seen.insert(study.people[*r])).collect();
    let later: BTreeSet<u32> = (wave + 1..study.waves.len()).flat_map(rows).map(|r| study.people[r]).collect();
    let of = |reason: Option<String>, is: &dyn Fn(usize) -> bool| {
        let left = here.iter().map(|row| is(*row)).collect();
        Left { reason, here: here.clone(), left }
    };
    let silent = (!later.is_empty()).then(|| of(None, &|row| !later.contains(&study.people[row])));
    let reasons: BTreeSet<&String> = here.iter().filter_map(|row| exits[*row].as_ref()).collect();
    let by_reason = reasons.into_iter().map(|why| of(Some(why.clone()), &|row| exits[row].as_ref() == Some(why)));
    silent.into_iter().chain(by_reason).collect()
}

fn of_wave(
    study: &Study,
    variables: &[&Variable],
    (perspective, wave): (usize, usize),
    Left { reason, here, left }: &Left,
    words: Words<'_>,
    testing: Testing,
) -> Vec<Leaving> {
    let seed = study.seed.child("leaving").child(&format!("{perspective}:{wave}"));
    let seed = reason.as_ref().map_or(seed, |why| seed.child(why));
    let found: Vec<(Leaving, Option<Judged>, &Variable)> = variables
        .iter()
        .filter_map(|v| {
            let told = Told { variable: v, here, left, testing, seed: &seed };
            let (found, judged) = told.found()?;
            Some((leaving_of(study, v, (perspective, wave), (found, reason), words), judged, *v))
        })
        .collect();
    let q = q_values(&found.iter().map(|(_, j, _)| ((), j.as_ref().map(|j| j.p))).collect::<Vec<_>>());
    let telling: Vec<&Variable> = found.iter().map(|(_, _, v)| *v).filter(|v| v.values.is_ordered()).collect();
    let model = model(&telling, here, left);
    found
        .into_iter()
        .zip(q)
        .map(|((mut one, judged, variable), q)| {
            one.q = q;
            if let Some(judged) = judged {
                one.evidence = class_of(classify(&Judged { q: q.unwrap_or(1.0), ..judged }));
            }
            one.log_odds = model.iter().find(|(name, _)| *name == variable.name).map(|(_, effect)| effect.clone());
            one
        })
        .collect()
}

fn leaving_of(
    study: &Study,
    variable: &Variable,
    (perspective, wave): (usize, usize),
    (found, reason): (Found, &Option<String>),
    words: Words<'_>,
) -> Leaving {
    let question = words.question(variable);
    let (n, all) = (found.left, found.left + found.stayed);
    let mut sentence = match reason {
        None => say(
            format!("Bij '{}' antwoordden {n} van de {all} mensen daarna niet meer; vergelijk hen met wie bleef.", question.nl),
            format!("At '{}', {n} of {all} people did not answer later; compare them with those who stayed.", question.en),
        ),
        Some(why) => say(
            format!(
                "Van de {all} mensen die antwoordden bij '{}' vertrokken er later {n} (reden: {why}); vergelijk hen met de anderen.",
                question.nl
            ),
            format!(
                "Of {all} people who answered '{}', {n} left later (reason: {why}); compare them with the others.",
                question.en
            ),
        ),
    };
    if let Some((towards, points)) = found.shift.as_deref().and_then(|shift| words.towards(variable, shift)) {
        sentence.nl += &format!(" Hun stip lag gemiddeld {points} punten meer naar '{}'.", towards.nl);
        sentence.en += &format!(" Their dot lay on average {points} points more towards '{}'.", towards.en);
    }
    Leaving {
        signifier: variable.name.clone(),
        perspective: study.perspectives[perspective].clone(),
        wave: study.waves[wave].clone(),
        reason: reason.clone(),
        stayed: found.stayed,
        left: found.left,
        test: Some(found.test),
        effect: found.effect,
        shift: found.shift,
        p: found.p,
        q: None,
        evidence: EvidenceClass::CouldBeChance,
        log_odds: None,
        sentence,
    }
}

/// Firth's logistic regression of leaving on these signifiers, each from 0 to 1, of those who answered all; nothing with
/// fewer than [`A_COEFFICIENT`] leavers (or stayers) a signifier.
fn model(variables: &[&Variable], here: &[usize], left: &[bool]) -> Vec<(String, Effect)> {
    let unit = |v: &Variable, row: usize| match &v.values {
        Values::Ordinal { levels, .. } => v.values.number(row).map(|n| (n - 1.0) / f64::from(levels.saturating_sub(1).max(1))),
        _ => v.values.number(row),
    };
    let complete: Vec<usize> = (0..here.len()).filter(|i| variables.iter().all(|v| unit(v, here[*i]).is_some())).collect();
    let outcome: Vec<bool> = complete.iter().map(|i| left[*i]).collect();
    let events = outcome.iter().filter(|l| **l).count();
    let fewer = events.min(outcome.len() - events);
    if variables.is_empty() || fewer < A_COEFFICIENT * variables.len() {
        return Vec::new();
    }
    let predictors: Vec<Vec<f64>> =
        complete.iter().map(|i| variables.iter().filter_map(|v| unit(v, here[*i])).collect()).collect();
    let Some(found) = firth(&predictors, &outcome) else { return Vec::new() };
    let effect = |c: &crate::analysis::stats::firth::Coefficient| Effect {
        name: "log-odds-ratio".to_owned(),
        value: Some(c.estimate),
        low: c.interval.map(|i| i.low),
        high: c.interval.map(|i| i.high),
    };
    variables.iter().map(|v| v.name.clone()).zip(found.coefficients.iter().skip(1).map(effect)).collect()
}
