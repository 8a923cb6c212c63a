//! Every pair of signifiers in every layer, and every signifier with every attribute (analysis.md, sections 2 and 3.1).

use rayon::prelude::*;

use super::family::{is_planned, q_values};
use super::relation::{Computed, Direction, Testing, keys_of, relate};
use super::sentences::{self, Related};
use super::study::{Layer, Study};
use super::types::{Contrast, EvidenceClass, Pair, Wording};
use super::variable::Variable;
use super::words::Words;
use crate::domain::framework::Comparison;

/// Every pair of signifiers in each of these layers. A layer is a family of its own.
pub fn pairs(study: &Study, layers: &[&Layer], words: Words<'_>, testing: Testing) -> Vec<Pair> {
    let variables: Vec<&Variable> = study.signified().collect();
    layers.iter().flat_map(|layer| pairs_of(study, layer, &variables, words, testing)).collect()
}

fn pairs_of(study: &Study, layer: &Layer, variables: &[&Variable], words: Words<'_>, testing: Testing) -> Vec<Pair> {
    let answered: Vec<&Variable> = variables.iter().copied().filter(|v| is_answered(layer, v)).collect();
    let mut couples = Vec::new();
    for (i, a) in answered.iter().enumerate() {
        // Options of one question, and stones of one canvas, are no pair of questions.
        couples.extend(answered[i + 1..].iter().filter(|b| b.signifier != a.signifier).map(|b| (*a, *b)));
    }
    let mut found: Vec<Computed> = couples.par_iter().map(|(a, b)| relate(study, layer, a, b, testing, "pairs")).collect();
    judge(&mut found, &couples, |_, _| false, words);
    let name = |((a, b), computed): (&(&Variable, &Variable), Computed)| Pair {
        a: a.name.clone(),
        b: b.name.clone(),
        relation: computed.relation,
    };
    couples.iter().zip(found).map(name).collect()
}

/// Every signifier with each of the attributes, in each of these layers.
pub fn contrasts(study: &Study, layers: &[&Layer], words: Words<'_>, testing: Testing) -> Vec<Contrast> {
    let variables: Vec<&Variable> = study.signified().collect();
    let attributes: Vec<&Variable> = study.attributes.iter().collect();
    layers.iter().flat_map(|layer| contrasts_of(study, layer, &variables, &attributes, words, testing)).collect()
}

/// These signifiers with these attributes in one layer: a family of its own, planned questions apart.
pub fn contrasts_of(
    study: &Study,
    layer: &Layer,
    variables: &[&Variable],
    attributes: &[&Variable],
    words: Words<'_>,
    testing: Testing,
) -> Vec<Contrast> {
    let mut couples = Vec::new();
    for attribute in attributes.iter().copied().filter(|a| is_answered(layer, a)) {
        couples.extend(variables.iter().copied().filter(|v| is_answered(layer, v)).map(|v| (v, attribute)));
    }
    let mut found: Vec<Computed> = couples.par_iter().map(|(v, a)| relate(study, layer, v, a, testing, "contrasts")).collect();
    let planned = words.planned();
    judge(&mut found, &couples, |v, a| is_planned(&planned, Comparison::Groups, &v.name, Some(&a.signifier)), words);
    let name = |((v, a), computed): (&(&Variable, &Variable), Computed)| Contrast {
        signifier: v.name.clone(),
        attribute: a.name.clone(),
        groups: group_keys(v, a, &computed),
        relation: computed.relation,
    };
    couples.iter().zip(found).map(name).collect()
}

fn group_keys(signifier: &Variable, attribute: &Variable, computed: &Computed) -> Vec<String> {
    // Where the signifier has categories too, the attribute's groups are all that occur.
    let levels = if signifier.values.is_category() { Vec::new() } else { computed.levels.clone() };
    match levels.is_empty() {
        false => keys_of(attribute, &levels),
        true => keys_of(attribute, &(0..64).collect::<Vec<_>>()),
    }
}

fn is_answered(layer: &Layer, variable: &Variable) -> bool {
    layer.rows.iter().any(|r| variable.values.has(*r as usize))
}

/// Gives each relation its q-value in the family, its class and its sentence.
fn judge(
    found: &mut [Computed],
    couples: &[(&Variable, &Variable)],
    is_planned: impl Fn(&Variable, &Variable) -> bool,
    words: Words<'_>,
) {
    let tests: Vec<_> = found.iter().zip(couples).map(|(computed, (a, b))| (is_planned(a, b), computed.p())).collect();
    let q = q_values(&tests);
    for ((computed, (a, b)), of_family) in found.iter_mut().zip(couples).zip(q) {
        let direction = computed.judge(of_family);
        computed.relation.sentence = sentence(computed, direction, a, b, words);
    }
}

/// The relation in words.
fn sentence(computed: &Computed, direction: Option<Direction>, a: &Variable, b: &Variable, words: Words<'_>) -> Wording {
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
    sentences::relation(evidence, &related)
}
