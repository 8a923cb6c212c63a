//! Are groups spread differently: one-way analysis of variance, and the test of Brown and Forsythe (1974) that applies it to
//! distances from the middle of each group.

use super::Tested;
use super::ranks::tails;

/// F of a one-way analysis of variance of `values` in groups numbered 0 to `groups` - 1, and sums of squares it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Anova {
    /// Mean squares between over within groups.
    pub f: f64,
    /// p-value by the F distribution, 0 to 1.
    pub p: f64,
    /// Mean of each group.
    pub means: Vec<f64>,
    /// Sum of squares within groups.
    pub within: f64,
}

/// The analysis of variance of `values`; `codes` has the group of each. None when a group is empty, with fewer than 2 groups,
/// with no group of more than one value, and when nothing differs within the groups.
pub fn anova(values: &[f64], codes: &[u32], groups: usize) -> Option<Anova> {
    let n = values.len();
    if groups < 2 || n <= groups || codes.len() != n {
        return None;
    }
    let mut sums = vec![(0.0, 0.0); groups];
    for (value, code) in values.iter().zip(codes) {
        let sum = sums.get_mut(*code as usize)?;
        *sum = (sum.0 + value, sum.1 + 1.0);
    }
    if sums.iter().any(|(_, size)| *size == 0.0) {
        return None;
    }
    let means: Vec<f64> = sums.iter().map(|(sum, size)| sum / size).collect();
    let mean = sums.iter().map(|(sum, _)| sum).sum::<f64>() / n as f64;
    let between: f64 = means.iter().zip(&sums).map(|(m, (_, size))| size * (m - mean).powi(2)).sum();
    let within: f64 = values.iter().zip(codes).map(|(v, code)| (v - means[*code as usize]).powi(2)).sum();
    let all = between + within;
    // What is left of equal values is rounding.
    if within.is_nan() || within <= 1e-24 * values.iter().map(|v| v * v).sum::<f64>() || within <= 1e-15 * all {
        return None;
    }
    let (above, below) = ((groups - 1) as f64, (n - groups) as f64);
    let f = between / above / (within / below);
    f.is_finite().then(|| Anova { f, p: tails::fisher_upper(f, above, below), means, within })
}

/// Brown and Forsythe's test that two groups are spread alike: F of the distances of values to the median of their group
/// (Levene's test about medians, which keeps its level for skewed answers). None where [`anova`] of these is none.
pub fn brown_forsythe(first: &[f64], second: &[f64]) -> Option<Tested> {
    let distances = |values: &[f64]| {
        let middle = median(values)?;
        Some(values.iter().map(|v| (v - middle).abs()).collect::<Vec<f64>>())
    };
    let (mut values, other) = (distances(first)?, distances(second)?);
    let codes: Vec<u32> = values.iter().map(|_| 0).chain(other.iter().map(|_| 1)).collect();
    values.extend(other);
    // In an order of their own: a sum must not depend on the order of rows.
    let mut rows: Vec<(u32, f64)> = codes.into_iter().zip(values).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (codes, values): (Vec<u32>, Vec<f64>) = rows.into_iter().unzip();
    anova(&values, &codes, 2).map(|found| Tested { statistic: found.f, p: found.p })
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    let [low, high] = [*sorted.get(n.checked_sub(1)? / 2)?, *sorted.get(n / 2)?];
    Some(0.5 * low + 0.5 * high)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn spreads_are_compared_as_scipy_does() {
        let fixture: Value = serde_json::from_str(include_str!("../../../tests/oracles/ranks.json")).unwrap();
        let numbers = |v: &Value| v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect::<Vec<_>>();
        let mut seen = 0;
        for case in fixture["twoGroups"].as_array().unwrap() {
            let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
            match (brown_forsythe(&x, &y), case["levene"].as_f64()) {
                (Some(ours), Some(f)) => {
                    assert!((ours.statistic - f).abs() <= 1e-9 * f.max(1e-6), "{} {f}", ours.statistic);
                    assert!((ours.p - case["leveneP"].as_f64().unwrap()).abs() <= 1e-8, "{case}");
                    seen += 1;
                }
                (ours, theirs) => assert!(ours.is_none() && theirs.is_none(), "{ours:?} {theirs:?}"),
            }
        }
        assert!(seen > 15);
    }

    #[test]
    fn nothing_is_said_where_nothing_differs() {
        assert_eq!(brown_forsythe(&[], &[1.0, 2.0]), None);
        assert_eq!(brown_forsythe(&[0.3; 5], &[0.7; 5]), None);
        assert_eq!(anova(&[1.0, 2.0, 3.0], &[0, 0, 2], 3), None, "an empty group");
        assert_eq!(anova(&[1.0, 2.0], &[0, 1], 2), None);
    }
}
