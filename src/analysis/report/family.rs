//! Families of tests (ground rule G3): q-values are computed over all tests of one section and layer. The questions that
//! were planned before the first wave form families of their own, so that what was meant to be asked does not pay for
//! what is only looked through.

use std::collections::BTreeMap;

use crate::analysis::stats::multiple::benjamini_hochberg;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_is_corrected_for_its_own_tests() {
        let q = q_values(&[("a", Some(0.01)), ("b", Some(0.04)), ("a", Some(0.5)), ("a", None)]);
        assert_eq!(q, [Some(0.02), Some(0.04), Some(0.5), None]);
    }
}
