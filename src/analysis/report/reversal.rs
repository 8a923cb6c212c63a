//! Does a pattern hold inside the groups too? (Simpson's check, analysis.md section 2.) A link that is seen in a layer is
//! looked at again inside each group of every attribute: where it goes the other way in all of them, the groups and not the
//! link explain it, and that must be said.

use super::relation::{Testing, relate};
use super::study::{Layer, Study};
use super::types::{Caveat, EvidenceClass, Pair, TestName};
use super::variable::Variable;
use crate::analysis::stats::chance::Draws;

/// Marks pairs that stand out in a layer but go the other way inside the groups of some attribute.
pub fn mark_reversals(study: &Study, layers: &[&Layer], pairs: &mut [Pair], testing: Testing) {
    // Only the direction inside the groups is wanted: no draws.
    let testing = Testing { asymptotic: true, draws: Draws { most: 0, stop_at: None }, ..testing };
    let named = |name: &str| study.variables.iter().find(|v| v.name == name);
    for pair in pairs.iter_mut().filter(|p| p.relation.evidence >= EvidenceClass::WorthExploring) {
        let Some(sign) = sign(pair.relation.test, pair.relation.effect.value) else { continue };
        let layer = layers.iter().find(|l| l.name == pair.relation.layer);
        let (Some(layer), Some(a), Some(b)) = (layer, named(&pair.a), named(&pair.b)) else { continue };
        if study.attributes.iter().any(|attribute| reverses(study, layer, (a, b), attribute, sign, testing)) {
            pair.relation.caveats.push(Caveat::SignReversal);
        }
    }
}

/// Whether the link has the other sign in all groups (two at least) that are large enough to say so.
fn reverses(
    study: &Study,
    layer: &Layer,
    (a, b): (&Variable, &Variable),
    attribute: &Variable,
    sign: f64,
    testing: Testing,
) -> bool {
    if attribute.signifier == a.signifier || attribute.signifier == b.signifier {
        return false;
    }
    let mut codes: Vec<u32> = layer.rows.iter().filter_map(|r| attribute.values.code(*r as usize)).collect();
    codes.sort_unstable();
    codes.dedup();
    let inside = codes.iter().filter_map(|code| {
        let rows: Vec<u32> = layer.rows.iter().copied().filter(|r| attribute.values.code(*r as usize) == Some(*code)).collect();
        let group = Layer { name: layer.name.clone(), participants: study.count_people(&rows), rows };
        let found = relate(study, &group, a, b, testing, "reversal").relation;
        let is_enough = found.evidence != EvidenceClass::TooFew;
        sign_of(found.test, found.effect.value).filter(|_| is_enough)
    });
    let signs: Vec<f64> = inside.collect();
    signs.len() > 1 && signs.iter().all(|s| s * sign < 0.0)
}

fn sign(test: Option<TestName>, effect: Option<f64>) -> Option<f64> {
    sign_of(test, effect).filter(|s| *s != 0.0)
}

/// The sign of an effect that has one.
fn sign_of(test: Option<TestName>, effect: Option<f64>) -> Option<f64> {
    let signed = matches!(test?, TestName::Spearman | TestName::KendallTauB | TestName::MannWhitney);
    effect.filter(|_| signed).map(|e| if e == 0.0 { 0.0 } else { e.signum() })
}
