//! Every pair of signifiers in every layer, and every signifier with every attribute (analysis.md, sections 1.6, 2 and 3.1).

use super::family::is_planned;
use super::judging::{Asking, Couple, Told};
use super::relation::{Testing, keys_of};
use super::said::is_said_in;
use super::study::{Layer, Study};
use super::types::{Contrast, Of, Pair};
use super::variable::Variable;
use super::words::Words;
use crate::domain::framework::Comparison;

/// Every pair of signifiers in each of these layers. A layer is a family of its own.
pub fn pairs(study: &Study, layers: &[&Layer], words: Words<'_>, testing: Testing) -> Vec<Pair> {
    let variables: Vec<&Variable> = study.signified().collect();
    let asking = |layer| Asking { study, layer, words, testing, section: "pairs", is_contrast: false };
    layers.iter().flat_map(|layer| pairs_of(asking(layer), &variables)).collect()
}

fn pairs_of(asking: Asking<'_>, variables: &[&Variable]) -> Vec<Pair> {
    let answered: Vec<&Variable> = variables.iter().copied().filter(|v| is_answered(asking.layer, v)).collect();
    let mut couples = Vec::new();
    for (i, a) in answered.iter().enumerate() {
        // Options of one question, and stones of one canvas, are no pair of questions.
        let others = answered[i + 1..].iter().filter(|b| b.signifier != a.signifier);
        couples.extend(others.map(|b| Couple { a, b, of: Of::Answer, is_planned: false }));
    }
    let name =
        |(c, told): (&Couple<'_>, Told)| Pair { a: c.a.name.clone(), b: c.b.name.clone(), relation: told.computed.relation };
    couples.iter().zip(asking.told(&couples)).map(name).collect()
}

/// Every signifier with each of the attributes, in each of these layers: what was answered, and where people said so how many
/// said 'not about this' or 'I don't know'.
pub fn contrasts(study: &Study, layers: &[&Layer], words: Words<'_>, testing: Testing) -> Vec<Contrast> {
    let variables = study.signified().map(|v| (Of::Answer, v));
    let said = study.said.iter().map(|s| (s.of, &s.variable));
    let compared: Vec<(Of, &Variable)> = variables.chain(said).collect();
    let asking = |layer| Asking { study, layer, words, testing, section: "contrasts", is_contrast: true };
    layers.iter().flat_map(|layer| contrasts_of(asking(layer), &compared)).collect()
}

/// These signifiers with every attribute in one layer: a family of its own, planned questions apart.
fn contrasts_of(asking: Asking<'_>, compared: &[(Of, &Variable)]) -> Vec<Contrast> {
    let (layer, planned) = (asking.layer, asking.words.planned());
    let is_there = |of: Of, v: &Variable| if of.is_answer() { is_answered(layer, v) } else { is_said_in(layer, v) };
    let mut couples = Vec::new();
    for attribute in asking.study.attributes.iter().filter(|a| is_answered(layer, a)) {
        let variables = compared.iter().filter(|(of, v)| is_there(*of, v));
        couples.extend(variables.map(|(of, v)| Couple {
            a: v,
            b: attribute,
            of: *of,
            is_planned: of.is_answer() && is_planned(&planned, Comparison::Groups, &v.name, Some(&attribute.signifier)),
        }));
    }
    let name = |(c, told): (&Couple<'_>, Told)| Contrast {
        signifier: c.a.name.clone(),
        attribute: c.b.name.clone(),
        groups: keys_of(c.b, &told.computed.levels[1]),
        of: c.of,
        counts: told.counts,
        difference: told.difference,
        relation: told.computed.relation,
    };
    couples.iter().zip(asking.told(&couples)).map(name).collect()
}

fn is_answered(layer: &Layer, variable: &Variable) -> bool {
    layer.rows.iter().any(|r| variable.values.has(*r as usize))
}
