//! Many tests at once: q-values (Benjamini and Hochberg 1995) and adjusted p-values (Holm 1979).

/// The q-value of each p-value of one family, in the order given: the smallest share of false alarms among what is
/// called found at which this test is found too. P-values are 0 to 1; equal ones get equal q-values.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let m = p.len() as f64;
    let order = from_smallest(p);
    let mut q = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (rank, index) in order.into_iter().enumerate().rev() {
        least = least.min(p[index] * m / (rank + 1) as f64);
        q[index] = least;
    }
    q
}

/// The adjusted p-value of each p-value of one family, in the order given: the chance of even one false alarm among
/// what is called found. For the few tests that follow one overall test.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p.len()];
    let mut most: f64 = 0.0;
    for (rank, index) in from_smallest(p).into_iter().enumerate() {
        most = most.max(p[index] * (p.len() - rank) as f64).min(1.0);
        adjusted[index] = most;
    }
    adjusted
}

fn from_smallest(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    order
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Family {
        p: Vec<f64>,
        q: Vec<f64>,
        holm: Vec<f64>,
    }

    #[test]
    fn families_agree_with_statsmodels() {
        #[derive(Deserialize)]
        struct Fixture {
            multiple: Vec<Family>,
        }
        let fixture: Fixture = serde_json::from_str(include_str!("../../../tests/oracles/tables.json")).unwrap();
        assert!(fixture.multiple.len() > 5);
        for family in fixture.multiple {
            for (ours, theirs) in [(benjamini_hochberg(&family.p), &family.q), (holm(&family.p), &family.holm)] {
                assert_eq!(ours.len(), theirs.len());
                for (a, b) in ours.iter().zip(theirs) {
                    assert!((a - b).abs() <= 1e-12 * b, "{a} {b} in {:?}", family.p);
                }
            }
        }
    }

    #[test]
    fn order_does_not_matter_and_nothing_is_fine() {
        assert!(benjamini_hochberg(&[]).is_empty() && holm(&[]).is_empty());
        assert_eq!(holm(&[0.9, 0.01, 0.04]), [0.9, 0.03, 0.08]);
        let turned = |f: fn(&[f64]) -> Vec<f64>| {
            let (mut a, b) = (f(&[0.03, 0.01, 0.01, 0.7]), f(&[0.7, 0.01, 0.01, 0.03]));
            a.reverse();
            a == b
        };
        assert!(turned(benjamini_hochberg) && turned(holm));
    }
}
