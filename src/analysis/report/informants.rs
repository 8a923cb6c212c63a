//! Several perspectives on the same participant (analysis.md, section 3.2): level, agreement and gap. The gap is no error of
//! anybody, and is not correlated with one of its components.

use rayon::prelude::*;
use uuid::Uuid;

use super::changes::MINIMUM;
use super::comparable::Comparable;
use super::family::{is_planned, q_values};
use super::followed::{Answer, Followed};
use super::over_time::PerspectiveGap;
use super::paired::{Moved, moved};
use super::relation::{Testing, class_of};
use super::said::{is_common, is_said, with_states};
use super::sentences;
use super::study::Study;
use super::types::{Effect, EvidenceClass, Of, Wording};
use super::variable::{Values, Variable};
use super::words::Words;
use crate::analysis::stats::Interval;
use crate::analysis::stats::agreement::intraclass::intraclass;
use crate::analysis::stats::agreement::krippendorff::{Level, krippendorff, krippendorff_interval};
use crate::analysis::stats::agreement::limits::limits;
use crate::analysis::stats::chance::Seed;
use crate::analysis::stats::evidence::{Judged, classify};
use crate::analysis::stats::multiple::holm;
use crate::analysis::stats::plane;
use crate::domain::framework::Comparison;

/// Draws of an interval of agreement.
const DRAWS: u32 = 1_999;
/// People behind the biggest gaps whose stories are listed.
const BIGGEST: usize = 3;

/// Every signifier in every wave for every two perspectives that may be compared, what was answered and who said 'not about
/// this' or 'I don't know'; one family a wave, planned questions apart. p-values of the
/// pairs of perspectives of one signifier are corrected by Holm first.
pub fn perspectives(
    study: &Study,
    variables: &[&Variable],
    comparable: &Comparable,
    words: Words<'_>,
    testing: Testing,
) -> Vec<PerspectiveGap> {
    let mut questions = Vec::new();
    for wave in 0..study.waves.len() {
        questions.extend(with_states(study, variables).into_iter().map(|asked| (wave, asked)));
    }
    let found: Vec<(PerspectiveGap, Option<Judged>)> =
        questions.par_iter().flat_map_iter(|(w, asked)| of_variable(study, *asked, *w, comparable, words, testing)).collect();
    let planned = words.planned();
    let is_planned = |g: &PerspectiveGap| g.of.is_answer() && is_planned(&planned, Comparison::Perspectives, &g.signifier, None);
    let tests: Vec<_> = found
        .iter()
        .map(|(g, judged)| {
            let family = if is_planned(g) { None } else { Some(g.wave.clone()) };
            ((g.of.is_answer(), family), judged.filter(|j| j.n >= j.minimum).map(|j| j.p))
        })
        .collect();
    let q = q_values(&tests);
    found.into_iter().zip(q).map(|((gap, judged), q)| judge(gap, judged, q)).collect()
}

fn judge(mut gap: PerspectiveGap, judged: Option<Judged>, q: Option<f64>) -> PerspectiveGap {
    if let Some(judged) = judged {
        gap.q = q;
        gap.evidence = class_of(classify(&Judged { q: q.unwrap_or(1.0), ..judged }));
    }
    if gap.n > 0 {
        let sure = sentences::how_sure(gap.evidence, gap.n);
        gap.sentence.nl += &sure.nl;
        gap.sentence.en += &sure.en;
    }
    gap
}

fn of_variable(
    study: &Study,
    (of, variable): (Of, &Variable),
    wave: usize,
    comparable: &Comparable,
    words: Words<'_>,
    testing: Testing,
) -> Vec<(PerspectiveGap, Option<Judged>)> {
    let views = study.perspectives.len();
    let followed = Followed::of(study, variable, views, |row| {
        (usize::from(study.wave[row]) == wave).then(|| usize::from(study.perspective[row])).filter(|p| *p < views)
    });
    let mut found = Vec::new();
    if !is_said(of, &followed) {
        return found;
    }
    for a in 0..views {
        for b in a + 1..views {
            let both = followed.both(a, b);
            if both.is_empty() || !is_common(of, &both) || !comparable.may_compare((wave, a), (wave, b)) {
                continue;
            }
            let seed = study.seed.child("perspectives").child(&format!("{}:{wave}:{a}:{b}", variable.name));
            let seed = if of.is_answer() { seed } else { seed.child(&format!("{of:?}")) };
            found.push(one(study, (of, variable), (wave, a, b), &both, words, testing, &seed));
        }
    }
    let p: Vec<f64> = found.iter().filter_map(|(_, j)| j.map(|j| j.p)).collect();
    let mut corrected = holm(&p).into_iter();
    for (gap, judged) in &mut found {
        if let Some((judged, p)) = judged.as_mut().and_then(|j| Some((j, corrected.next()?))) {
            (gap.p, judged.p, judged.q) = (Some(p), p, p);
        }
    }
    found
}

fn one(
    study: &Study,
    (of, variable): (Of, &Variable),
    (wave, a, b): (usize, usize, usize),
    both: &[(u32, Answer, Answer)],
    words: Words<'_>,
    testing: Testing,
    seed: &Seed,
) -> (PerspectiveGap, Option<Judged>) {
    let n = both.len() as u32;
    let tests = if n >= MINIMUM { moved(&variable.values, both, seed, testing) } else { Vec::new() };
    // Of dots the second test is of the whole distribution, which is the question here.
    let level = tests.into_iter().next_back().unwrap_or_default();
    let judged = level.judged(n, MINIMUM, testing.is_exploratory);
    let (gap, agreement) = if n >= MINIMUM { gap_and_agreement(variable, both, seed) } else { Default::default() };
    let names = (words.perspective(&study.perspectives[a]), words.perspective(&study.perspectives[b]));
    let sentence = match (n >= MINIMUM, of) {
        (false, _) => sentences::too_few(n),
        (true, Of::Answer) => sentence(variable, both, &gap, &names),
        (true, _) => sentences::said_so_of(of, (&names.0, &names.1), n, (level.down.unwrap_or(0), level.up.unwrap_or(0))),
    };
    let Moved { test, statistic, p, draws, effect, .. } = level;
    let biggest = if n >= MINIMUM && of.is_answer() { biggest(study, both, wave, variable) } else { Vec::new() };
    let gap = PerspectiveGap {
        signifier: variable.name.clone(),
        a: study.perspectives[a].clone(),
        b: study.perspectives[b].clone(),
        wave: study.waves[wave].clone(),
        of,
        n,
        test,
        statistic,
        p,
        q: None,
        draws,
        gap,
        effect,
        agreement,
        evidence: EvidenceClass::TooFew,
        biggest,
        sentence,
    };
    (gap, judged)
}

fn effect(name: &str, value: Option<f64>, interval: Option<Interval>) -> Effect {
    Effect { name: name.to_owned(), value, low: interval.map(|i| i.low), high: interval.map(|i| i.high) }
}

fn gap_and_agreement(variable: &Variable, both: &[(u32, Answer, Answer)], seed: &Seed) -> (Effect, Effect) {
    let numbers: Vec<[f64; 2]> = both.iter().filter_map(|(_, a, b)| Some([a.number()?, b.number()?])).collect();
    let seed = seed.child("agreement");
    match &variable.values {
        Values::Slider(_) | Values::Ordinal { .. } => {
            let swapped: Vec<[f64; 2]> = numbers.iter().map(|[a, b]| [*b, *a]).collect();
            let bias = limits(&swapped);
            let gap = effect("mean-difference", bias.map(|l| l.bias), bias.and_then(|l| l.bias_interval));
            let rows: Vec<Vec<f64>> = numbers.iter().map(|r| r.to_vec()).collect();
            (gap, if matches!(variable.values, Values::Slider(_)) { icc(&rows) } else { alpha(&rows, Level::Ordinal, &seed) })
        }
        Values::Category { .. } => {
            let codes = |a: &Answer| a.code().map(f64::from);
            let rows: Vec<Vec<f64>> = both.iter().filter_map(|(_, a, b)| Some(vec![codes(a)?, codes(b)?])).collect();
            let other = rows.iter().filter(|r| r[0] != r[1]).count() as f64 / rows.len() as f64;
            (effect("share-otherwise", Some(other), None), alpha(&rows, Level::Nominal, &seed))
        }
        Values::Triad(_) | Values::Stone(_) => {
            let pairs: Vec<([f64; 2], [f64; 2])> = both.iter().filter_map(|(_, a, b)| Some((a.place()?, b.place()?))).collect();
            let n = pairs.len() as f64;
            let own = pairs.iter().map(|(a, b)| plane::distance(a, b)).sum::<f64>() / n;
            let all: f64 = pairs.iter().map(|(a, _)| pairs.iter().map(|(_, b)| plane::distance(a, b)).sum::<f64>()).sum();
            let strangers = (all - own * n) / (n * (n - 1.0));
            let closer = (strangers > 0.0).then(|| 1.0 - own / strangers);
            (effect("mean-distance", Some(own), None), effect("closer-than-strangers", closer, None))
        }
    }
}

fn icc(rows: &[Vec<f64>]) -> Effect {
    let found = intraclass(rows);
    effect("icc-a1", found.map(|f| f.icc), found.and_then(|f| f.interval))
}

fn alpha(rows: &[Vec<f64>], level: Level, seed: &Seed) -> Effect {
    effect("krippendorff-alpha", krippendorff(rows, level), krippendorff_interval(rows, level, seed, DRAWS))
}

fn sentence(variable: &Variable, both: &[(u32, Answer, Answer)], gap: &Effect, names: &(Wording, Wording)) -> Wording {
    let (a, b) = names;
    match (&variable.values, gap.value) {
        // Points of a scale as points of 100, so that all gaps read alike.
        (Values::Slider(_), Some(gap)) => sentences::gap(b, a, 100.0 * gap),
        (Values::Ordinal { levels, .. }, Some(gap)) => {
            sentences::gap(b, a, 100.0 * gap / f64::from(levels.saturating_sub(1).max(1)))
        }
        (Values::Category { .. }, _) => {
            let same = both.iter().filter(|(_, a, b)| a.code() == b.code()).count() as u32;
            sentences::agreed(a, b, same, both.len() as u32)
        }
        (_, Some(distance)) => {
            let near = both.iter().filter_map(|(_, a, b)| Some(plane::distance(&a.place()?, &b.place()?)));
            let near = near.filter(|d| *d <= distance).count() as u32;
            sentences::near_each_other(a, b, near, both.len() as u32, distance)
        }
        _ => Wording::default(),
    }
}

/// The stories of the people with the biggest gaps, in the order of story ids, so that no two stories of one person are
/// listed side by side on purpose.
fn biggest(study: &Study, both: &[(u32, Answer, Answer)], wave: usize, variable: &Variable) -> Vec<Uuid> {
    let size = |a: &Answer, b: &Answer| match (a.place(), b.place(), a.number(), b.number(), a.code(), b.code()) {
        (Some(a), Some(b), ..) => plane::distance(&a, &b),
        (_, _, Some(a), Some(b), ..) => (a - b).abs(),
        (_, _, _, _, Some(a), Some(b)) => f64::from(u8::from(a != b)),
        _ => 0.0,
    };
    let mut order: Vec<&(u32, Answer, Answer)> = both.iter().filter(|(_, a, b)| size(a, b) > 0.0).collect();
    order.sort_by(|x, y| size(&y.1, &y.2).total_cmp(&size(&x.1, &x.2)).then(x.0.cmp(&y.0)));
    let people: Vec<u32> = order.into_iter().take(BIGGEST).map(|(person, _, _)| *person).collect();
    let is_theirs =
        |row: &usize| people.contains(&study.people[*row]) && usize::from(study.wave[*row]) == wave && variable.values.has(*row);
    (0..study.ids.len()).filter(is_theirs).map(|row| study.ids[row]).collect()
}
