//! A relation that was judged, looked at more closely: which groups differ, where, by how much, and what another test says.

use super::super::closer::Difference;
use super::super::study::{Layer, Study};
use super::super::types::{Caveat, EvidenceClass, TestName};
use super::super::variable::Variable;
use super::{Both, Computed, Testing, between, cells, difference, spread, thirds};

/// Adds to a judged relation what is told beside it; of a contrast (its second side has the groups) answers by how much two
/// groups differ. What could be chance gets no more than that, and Brunner and Munzel's test where spreads differ.
pub fn look_closely(
    study: &Study,
    layer: &Layer,
    (a, b): (&Variable, &Variable),
    computed: &mut Computed,
    testing: Testing,
    (question, is_contrast): (&str, bool),
) -> Option<Difference> {
    let test = computed.relation.test?;
    let is_enough = computed.relation.evidence != EvidenceClass::TooFew;
    let stands_out = computed.relation.evidence >= EvidenceClass::WorthExploring;
    let is_two = computed.levels[1].len() == 2;
    let is_wanted = stands_out || test == TestName::MannWhitney || is_contrast && is_two;
    if !is_enough || !is_wanted {
        return None;
    }
    let levels = computed.levels.clone();
    let mut both = Both::of(study, layer, (a, b), testing, question);
    for (variable, levels) in [a, b].into_iter().zip(&levels) {
        if variable.values.is_category() {
            both = both.at(variable, levels);
        }
    }
    let side = groups_of(a, b, is_contrast);
    let sides = side.map(|s| if s == 0 { (a, b) } else { (b, a) });
    let relation = &mut computed.relation;
    if let (Some(sides), Some([first, second]), TestName::MannWhitney) =
        (sides, side.and_then(|s| <[u32; 2]>::try_from(levels[s].clone()).ok()), test)
        && let Some(found) = spread::brunner_munzel_beside(&both, sides, (first, second))
    {
        relation.beside.push(found);
        relation.caveats.push(Caveat::SpreadsDiffer);
    }
    if stands_out {
        relation.cells = cells::cells(&both, &levels);
        relation.thirds = thirds::thirds(&both);
        if let (Some(side), Some(sides)) = (side, sides) {
            relation.between = between::between(&both, sides, &levels, side, is_contrast);
        }
        if let (Some((groups, values)), TestName::Energy, false) = (sides, test, testing.asymptotic)
            && let Some((found, differ)) = spread::permdisp_beside(&both, groups, values)
        {
            relation.beside.push(found);
            if differ {
                relation.caveats.push(Caveat::SpreadsDiffer);
            }
        }
    }
    match levels[1].as_slice() {
        [first, second] if is_contrast => difference::difference(&both, (b, a), (*first, *second), stands_out),
        _ => None,
    }
}

/// The side whose categories are groups: the attribute of a contrast; of two signifiers the one with categories. Of two with
/// categories neither is: their cells tell what goes together.
fn groups_of(a: &Variable, b: &Variable, is_contrast: bool) -> Option<usize> {
    match (a.values.is_category(), b.values.is_category()) {
        (_, true) if is_contrast => Some(1),
        (true, false) => Some(0),
        (false, true) => Some(1),
        _ => None,
    }
}
