//! Whether the same people's ordered answers differ over three waves or more (analysis.md, section 4.2).

use rayon::prelude::*;

use super::against::median;
use super::changes::MINIMUM;
use super::comparable::Comparable;
use super::family::q_values;
use super::followed::Followed;
use super::over_time::Trend;
use super::relation::{DRAWN_BELOW, Testing, class_of};
use super::sentences;
use super::study::Study;
use super::types::{Effect, EvidenceClass, TestName};
use super::variable::Variable;
use super::words::say;
use crate::analysis::stats::chance::{DrawnP, Seed};
use crate::analysis::stats::evidence::{Judged, classify};
use crate::analysis::stats::ranks::{friedman, page, skillings_mack};

/// Friedman's and Page's test of those who answered every wave, and Skillings-Mack of those who answered two or more, for
/// every ordered signifier and perspective that may be followed; none with fewer than three waves.
pub fn trends(study: &Study, variables: &[&Variable], comparable: &Comparable, testing: Testing) -> Vec<Trend> {
    let waves = study.waves.len();
    if waves < 3 {
        return Vec::new();
    }
    let mut questions = Vec::new();
    for perspective in (0..study.perspectives.len()).filter(|p| comparable.may_follow(*p)) {
        questions.extend(variables.iter().filter(|v| v.values.is_ordered()).map(|v| (perspective, *v)));
    }
    let found: Vec<(Trend, Judged)> = questions.par_iter().flat_map_iter(|(p, v)| of_variable(study, v, *p, testing)).collect();
    let tests: Vec<_> = found.iter().map(|(t, j)| (t.perspective.clone(), Some(j.p).filter(|_| j.n >= j.minimum))).collect();
    let q = q_values(&tests);
    found.into_iter().zip(q).map(|((trend, judged), q)| judge(trend, judged, q)).collect()
}

fn judge(mut trend: Trend, judged: Judged, q: Option<f64>) -> Trend {
    trend.q = q;
    trend.evidence = class_of(classify(&Judged { q: q.unwrap_or(1.0), ..judged }));
    let waves = trend.waves.len();
    let sure = sentences::how_sure(trend.evidence, trend.n);
    let (n, differ) = (trend.n, trend.evidence >= EvidenceClass::WorthExploring);
    trend.sentence = match differ {
        true => say(
            format!("Over {waves} metingen antwoordden dezelfde {n} mensen niet steeds hetzelfde.{}", sure.nl),
            format!("Over {waves} waves the same {n} people did not answer alike.{}", sure.en),
        ),
        false => say(
            format!("Over {waves} metingen van dezelfde {n} mensen zagen we geen verschil.{}", sure.nl),
            format!("Over {waves} waves of the same {n} people we saw no difference.{}", sure.en),
        ),
    };
    trend
}

fn of_variable(study: &Study, variable: &Variable, perspective: usize, testing: Testing) -> Vec<(Trend, Judged)> {
    let waves = study.waves.len();
    let followed = Followed::of(study, variable, waves, |row| {
        (usize::from(study.perspective[row]) == perspective).then(|| usize::from(study.wave[row])).filter(|w| *w < waves)
    });
    // Who is asked in two waves only has a change, no trend.
    if (0..waves).filter(|wave| !followed.at(*wave).is_empty()).count() < 3 {
        return Vec::new();
    }
    let table: Vec<Option<f64>> = followed.answers.iter().flatten().map(|a| a.and_then(|a| a.number())).collect();
    let full: Vec<f64> = followed
        .answers
        .iter()
        .filter_map(|a| a.iter().map(|a| a.and_then(|a| a.number())).collect::<Option<Vec<f64>>>())
        .flatten()
        .collect();
    let medians = (0..waves).map(|w| median(&followed.at(w).iter().filter_map(|a| a.number()).collect::<Vec<_>>())).collect();
    let base = Trend {
        signifier: variable.name.clone(),
        perspective: study.perspectives[perspective].clone(),
        waves: study.waves.clone(),
        test: None,
        statistic: None,
        n: 0,
        p: None,
        q: None,
        draws: None,
        effect: Effect::default(),
        evidence: EvidenceClass::TooFew,
        medians,
        caveats: testing.caveats_of_time(),
        sentence: Default::default(),
    };
    let seed = study.seed.child("trends").child(&base.perspective).child(&variable.name);
    let tested = Tested { base, testing, seed };
    [tested.friedman(&full, waves), tested.page(&full, waves), tested.skillings_mack(&table, &full, waves)]
        .into_iter()
        .flatten()
        .collect()
}

struct Tested {
    base: Trend,
    testing: Testing,
    seed: Seed,
}

impl Tested {
    fn drawn(&self, n: usize, draw: impl FnOnce(&Seed) -> Option<DrawnP>) -> Option<DrawnP> {
        if !self.testing.asymptotic && (n as u32) < DRAWN_BELOW { draw(&self.seed) } else { None }
    }

    fn finish(
        &self,
        test: TestName,
        statistic: f64,
        n: usize,
        p: f64,
        drawn: Option<DrawnP>,
        effect: (&str, f64),
    ) -> (Trend, Judged) {
        let p = drawn.map_or(p, |d| d.p);
        let trend = Trend {
            test: Some(test),
            statistic: Some(statistic),
            n: n as u32,
            p: Some(p),
            draws: drawn.map(|d| d.draws),
            effect: Effect { name: effect.0.to_owned(), value: Some(effect.1), low: None, high: None },
            ..self.base.clone()
        };
        let is_post_hoc = self.testing.is_exploratory;
        let judged =
            Judged { n: n as u32, minimum: MINIMUM, p, q: p, effect: effect.1, small: None, interval: None, is_post_hoc };
        (trend, judged)
    }

    fn friedman(&self, full: &[f64], k: usize) -> Option<(Trend, Judged)> {
        let found = friedman::friedman(full, k)?.test;
        let drawn = self.drawn(found.n, |seed| friedman::friedman_permutation(full, k, seed, self.testing.draws));
        Some(self.finish(TestName::Friedman, found.statistic, found.n, found.p, drawn, ("kendall-w", found.effect)))
    }

    fn page(&self, full: &[f64], k: usize) -> Option<(Trend, Judged)> {
        let found = page::page(full, k)?;
        let p = if self.testing.asymptotic { found.asymptotic_p } else { found.p() };
        let drawn = match found.exact_p {
            Some(_) => None,
            None => self.drawn(found.n, |seed| page::page_permutation(full, k, &seed.child("page"), self.testing.draws)),
        };
        Some(self.finish(TestName::Page, found.l, found.n, p, drawn, ("page-slope", found.effect)))
    }

    /// Only where somebody missed a wave: else it is Friedman's test again.
    fn skillings_mack(&self, table: &[Option<f64>], full: &[f64], k: usize) -> Option<(Trend, Judged)> {
        let found = skillings_mack::skillings_mack(table, k).filter(|f| f.n > full.len() / k)?;
        let seed = |seed: &Seed| seed.child("skillings-mack");
        let drawn = self.drawn(found.n, |s| skillings_mack::skillings_mack_permutation(table, k, &seed(s), self.testing.draws));
        let w = found.statistic / (found.n as f64 * found.degrees as f64);
        Some(self.finish(TestName::SkillingsMack, found.statistic, found.n, found.p, drawn, ("kendall-w", w.min(1.0))))
    }
}
