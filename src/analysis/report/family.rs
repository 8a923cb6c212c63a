//! Families of tests (ground rule G3): q-values are computed over all tests of one section and layer. The questions that
//! were planned before the first wave form families of their own, so that what was meant to be asked does not pay for
//! what is only looked through.

use std::collections::BTreeMap;

use crate::analysis::stats::multiple::benjamini_hochberg;
use crate::domain::framework::{Comparison, Planned};

/// The q-value of each test: `tests` has the family and the p-value, none for what was not tested.
pub fn q_values<K: Ord + Clone>(tests: &[(K, Option<f64>)]) -> Vec<Option<f64>> {
    let mut families: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (i, (family, _)) in tests.iter().enumerate().filter(|(_, (_, p))| p.is_some()) {
        families.entry(family.clone()).or_default().push(i);
    }
    let mut q = vec![None; tests.len()];
    for members in families.values() {
        let p: Vec<f64> = members.iter().filter_map(|i| tests[*i].1).collect();
        for (i, value) in members.iter().zip(benjamini_hochberg(&p)) {
            q[*i] = Some(value);
        }
    }
    q
}

/// Whether a comparison of this kind was planned for a signifier (`variable` may be a part of it), between the groups of
/// `attribute` where groups are compared; a planned question that names no attribute is about every one.
pub fn is_planned(planned: &[Planned], comparison: Comparison, variable: &str, attribute: Option<&str>) -> bool {
    let signifier = variable.split('/').next().unwrap_or(variable);
    let is_of = |p: &Planned| p.attribute.as_deref().is_none_or(|key| attribute.is_none_or(|a| a == key));
    planned.iter().any(|p| p.comparison == comparison && p.signifier == signifier && is_of(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planned_question_is_about_all_parts_of_its_signifier() {
        let planned = |attribute: Option<&str>, comparison| Planned {
            signifier: "health".to_owned(),
            comparison,
            attribute: attribute.map(str::to_owned),
        };
        let groups = [planned(Some("track"), Comparison::Groups)];
        assert!(is_planned(&groups, Comparison::Groups, "health/body", Some("track")));
        assert!(!is_planned(&groups, Comparison::Groups, "health/body", Some("region")));
        assert!(!is_planned(&groups, Comparison::Waves, "health", None));
        assert!(!is_planned(&groups, Comparison::Groups, "healthy", Some("track")));
        assert!(is_planned(&[planned(None, Comparison::Waves)], Comparison::Waves, "health/mind", None));
    }

    #[test]
    fn each_family_is_corrected_for_its_own_tests() {
        let q = q_values(&[("a", Some(0.01)), ("b", Some(0.04)), ("a", Some(0.5)), ("a", None)]);
        assert_eq!(q, [Some(0.02), Some(0.04), Some(0.5), None]);
    }
}
