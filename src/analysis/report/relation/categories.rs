//! Categories by categories: chi-squared where every expected count is at least 5, else Fisher's test.

use super::super::against;
use super::super::types::TestName;
use super::{Both, Direction, Levels, Outcome};
use crate::analysis::stats::tables::Table;
use crate::analysis::stats::tables::chi_squared::{adjusted_residuals, chi_squared};
use crate::analysis::stats::tables::cramer::{cramer_v, small};
use crate::analysis::stats::tables::fisher::{fisher_exact, fisher_permuted};

const MINIMUM: u32 = 20;
/// Fewest people with a category.
const LEAST: u32 = 5;

pub(super) fn test(both: Both<'_>) -> (Option<Outcome>, Levels) {
    let (a, b) = (both.a, both.b);
    let (mut both, mut told) = (both, usize::MAX);
    let (mut levels_a, mut levels_b) = (Vec::new(), Vec::new());
    // Leaving out a category may leave too few of another.
    while both.rows.len() < told {
        told = both.rows.len();
        (both, levels_a) = both.large_enough(a, LEAST);
        (both, levels_b) = both.large_enough(b, LEAST);
    }
    if levels_a.len() < 2 || levels_b.len() < 2 {
        return (None, [levels_a, levels_b]);
    }
    (found(both, &levels_a, &levels_b), [levels_a, levels_b])
}

/// Stories by category of both sides, in the order of these levels, which all stories have.
pub(super) fn table(a: &[u32], b: &[u32], levels_a: &[u32], levels_b: &[u32]) -> Option<Table> {
    let number = |levels: &[u32], code: u32| levels.iter().position(|l| *l == code).unwrap_or(0);
    let mut counts = vec![0u32; levels_a.len() * levels_b.len()];
    for (x, y) in a.iter().zip(b) {
        counts[number(levels_a, *x) * levels_b.len() + number(levels_b, *y)] += 1;
    }
    Table::new(levels_b.len(), counts)
}

/// The test of stories that all have one of these levels.
pub(super) fn found(both: Both<'_>, levels_a: &[u32], levels_b: &[u32]) -> Option<Outcome> {
    let (a, b) = (both.codes(both.a), both.codes(both.b));
    let table = table(&a, &b, levels_a, levels_b)?;
    let chi = chi_squared(&table)?;
    let v = cramer_v(&table)?;
    let is_dense = chi.is_dense() && !both.is_repeated();
    let (test, p, draws) = match table.counts() {
        _ if both.testing.asymptotic || is_dense => (TestName::ChiSquared, Some(chi.p), None),
        [a, b, c, d] if !both.is_repeated() => (TestName::Fisher, Some(fisher_exact([*a, *b, *c, *d])), None),
        _ => {
            let shuffle = both.shuffle();
            let permute = |order: &mut Vec<u32>, rng: &mut _| shuffle.permute(order, rng);
            let drawn = fisher_permuted(&a, &b, &both.seed, both.testing.draws, permute);
            (TestName::Fisher, drawn.map(|d| d.p), drawn.map(|d| d.draws))
        }
    };
    let residuals = adjusted_residuals(&table);
    let most = (0..residuals.len()).max_by(|x, y| {
        let of = |i: usize| residuals[i].unwrap_or(f64::NEG_INFINITY);
        of(*x).total_cmp(&of(*y)).then(y.cmp(x))
    })?;
    let pair = (levels_a[most / levels_b.len()], levels_b[most % levels_b.len()]);
    Some(Outcome {
        test,
        statistic: chi.statistic,
        p,
        draws,
        effect: ("cramer-v", v.v, Some(v.interval)),
        small: small(levels_a.len(), levels_b.len()),
        minimum: MINIMUM,
        detectable: None,
        sides: Some(against::of_categories(&a, &b, pair)),
        direction: Some(Direction::Categories(pair.0, pair.1)),
        sampled: false,
        participants: both.participants,
        rows: both.rows,
    })
}
