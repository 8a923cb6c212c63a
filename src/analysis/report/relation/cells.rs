//! Which categories go together: the cells of a table that stand out (Haberman 1973). Of dots in a triad the zones are the
//! categories.

use super::super::closer::Cell;
use super::super::variable::{Values, Variable};
use super::{Both, Levels, categories, keys_of};
use crate::analysis::stats::tables::chi_squared::{adjusted_residuals, expected, residual_bar};
use crate::analysis::stats::zone::{Zone, zone};

/// The cells with more or fewer stories than expected, by the limit of Bonferroni over the cells and at least 3 standard
/// errors. Nothing where people told several stories: these residuals are of independent ones.
pub(super) fn cells(both: &Both<'_>, levels: &Levels) -> Vec<Cell> {
    let (Some(a), Some(b)) = (side(both, both.a, &levels[0]), side(both, both.b, &levels[1])) else { return Vec::new() };
    if both.is_repeated() || a.codes.len() != b.codes.len() {
        return Vec::new();
    }
    let Some(table) = categories::table(&a.codes, &b.codes, &a.levels, &b.levels) else { return Vec::new() };
    let bar = residual_bar(table.counts().len());
    let (expected, residuals) = (expected(&table), adjusted_residuals(&table));
    let cell = |(i, count): (usize, &u32)| {
        let residual = residuals[i].filter(|r| r.abs() >= bar)?;
        let (x, y) = (i / table.width(), i % table.width());
        Some(Cell { a: a.names.get(x)?.clone(), b: b.names.get(y)?.clone(), count: *count, expected: expected[i], residual })
    };
    table.counts().iter().enumerate().filter_map(cell).collect()
}

/// One side as categories.
struct Side {
    codes: Vec<u32>,
    levels: Vec<u32>,
    names: Vec<String>,
}

fn side(both: &Both<'_>, variable: &Variable, levels: &[u32]) -> Option<Side> {
    match &variable.values {
        Values::Category { .. } => {
            Some(Side { codes: both.codes(variable), levels: levels.to_vec(), names: keys_of(variable, levels) })
        }
        Values::Triad(shares) => {
            let codes: Vec<u32> = both.rows.iter().filter_map(|r| shares[*r]).map(|s| zone(s) as u32).collect();
            let seen: Vec<Zone> = Zone::ALL.into_iter().filter(|z| codes.contains(&(*z as u32))).collect();
            let names = seen.iter().map(|z| z.name().to_owned()).collect();
            Some(Side { codes, levels: seen.into_iter().map(|z| z as u32).collect(), names })
        }
        _ => None,
    }
}
