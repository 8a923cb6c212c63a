//! Where the same people went between two waves: a square table of the first answer by the second, with what share of
//! each first answer went where, and whether moves back and forth are as many (analysis.md, section 4.4).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::followed::Answer;
use super::variable::Values;
use crate::analysis::stats::tables::Table;
use crate::analysis::stats::tables::paired::{SquareTest, bowker, stuart_maxwell};
use crate::analysis::stats::wilson;
use crate::analysis::stats::zone::{Zone, zone};

/// Fewest people with a first answer for shares of where they went.
const ROW: u32 = 10;
/// Names of the zones of a triad, in the order of their codes; as in a summary.
const ZONES: [&str; 7] = ["top", "left", "right", "top-left", "top-right", "left-right", "centre"];

/// First answers by second answers of the people who answered at both waves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Transitions {
    /// What rows and columns are: options, points, or zones of a triad; those that somebody answered in either wave, in
    /// the order of the framework.
    pub categories: Vec<String>,
    /// People by first answer (row) and second answer (column).
    pub counts: Vec<Vec<u32>>,
    /// By row the share of its people that went to each column; null for a row of fewer than 10 people.
    pub shares: Vec<Option<Vec<Proportion>>>,
    /// Bowker's test that moves between each two categories are as many in both directions; null when nobody moved.
    pub symmetry: Option<Squared>,
    /// Stuart and Maxwell's test that each category has as many people the second time; null when nobody moved.
    pub homogeneity: Option<Squared>,
}

/// A share with its 95 % interval (Wilson), all 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proportion {
    /// The share.
    #[schema(minimum = 0, maximum = 1, example = 0.4)]
    pub share: f64,
    /// Lower end.
    #[schema(minimum = 0, maximum = 1, example = 0.26)]
    pub low: f64,
    /// Upper end.
    #[schema(minimum = 0, maximum = 1, example = 0.56)]
    pub high: f64,
}

/// A test of a square table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Squared {
    /// Chi-squared.
    #[schema(minimum = 0, example = 6.2)]
    pub statistic: f64,
    /// Degrees of freedom.
    #[schema(minimum = 1, example = 3)]
    pub df: u32,
    /// p-value by formula. It describes the table and is in no family.
    #[schema(minimum = 0, maximum = 1, example = 0.1)]
    pub p: f64,
}

impl Squared {
    fn of(found: SquareTest) -> Self {
        Self { statistic: found.statistic, df: found.df, p: found.p }
    }
}

/// The table of people's first and second answers; none of sliders and stones, which have no categories, and of nobody.
pub fn transitions(values: &Values, both: &[(u32, Answer, Answer)]) -> Option<Transitions> {
    let names = names_of(values)?;
    let pairs: Vec<(usize, usize)> =
        both.iter().filter_map(|(_, a, b)| Some((category(*a, names.len())?, category(*b, names.len())?))).collect();
    // What nobody answered in either wave is no row.
    let kept: Vec<usize> = (0..names.len()).filter(|c| pairs.iter().any(|(a, b)| a == c || b == c)).collect();
    let count = |row: &usize, column: &usize| pairs.iter().filter(|(a, b)| (a, b) == (row, column)).count() as u32;
    let counts: Vec<Vec<u32>> = kept.iter().map(|row| kept.iter().map(|column| count(row, column)).collect()).collect();
    let table = Table::new(kept.len(), counts.concat())?;
    Some(Transitions {
        categories: kept.into_iter().map(|c| names[c].clone()).collect(),
        shares: counts.iter().map(|row| shares(row)).collect(),
        counts,
        symmetry: bowker(&table).map(Squared::of),
        homogeneity: stuart_maxwell(&table).map(Squared::of),
    })
}

fn names_of(values: &Values) -> Option<Vec<String>> {
    match values {
        Values::Category { keys, .. } => Some(keys.clone()),
        Values::Ordinal { levels, .. } => Some((1..=*levels).map(|point| point.to_string()).collect()),
        Values::Triad(_) => Some(ZONES.map(str::to_owned).to_vec()),
        Values::Slider(_) | Values::Stone(_) => None,
    }
}

/// The category of an answer, of so many. Somebody with several stories has the mean of their points, which is between
/// two points when they differ: then there is no category.
fn category(answer: Answer, categories: usize) -> Option<usize> {
    let found = match answer {
        Answer::Code(code) => code as usize,
        Answer::Number(point) if point >= 1.0 && point.fract() == 0.0 => point as usize - 1,
        Answer::Shares(shares) => Zone::ALL.iter().position(|z| *z == zone(shares))?,
        Answer::Number(_) | Answer::Place(_) => return None,
    };
    (found < categories).then_some(found)
}

fn shares(row: &[u32]) -> Option<Vec<Proportion>> {
    let n: u32 = row.iter().sum();
    let of = |count: &u32| wilson::share(*count, n).map(|s| Proportion { share: s.share, low: s.low, high: s.high });
    if n < ROW { None } else { row.iter().map(of).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pairs: &[(u32, u32, u32)]) -> Vec<(u32, Answer, Answer)> {
        let people = pairs.iter().flat_map(|(a, b, n)| vec![(*a, *b); *n as usize]);
        people.enumerate().map(|(i, (a, b))| (i as u32, Answer::Code(a), Answer::Code(b))).collect()
    }

    fn options(keys: &[&str]) -> Values {
        Values::Category { keys: keys.iter().map(|k| (*k).to_owned()).collect(), codes: Vec::new() }
    }

    #[test]
    fn rows_are_first_answers_and_small_rows_have_no_shares() {
        let found = transitions(&options(&["a", "never", "b"]), &told(&[(0, 0, 8), (0, 2, 4), (2, 0, 1), (2, 2, 6)])).unwrap();
        assert_eq!((found.categories, found.counts), (vec!["a".to_owned(), "b".to_owned()], vec![vec![8, 4], vec![1, 6]]));
        assert!(found.shares[1].is_none(), "seven people");
        let first = found.shares[0].as_ref().unwrap();
        assert!((first[1].share - 4.0 / 12.0).abs() < 1e-12 && first[1].low < 0.2 && first[1].high > 0.5);
        // Two categories: both tests are McNemar's without correction.
        let (symmetry, homogeneity) = (found.symmetry.unwrap(), found.homogeneity.unwrap());
        assert!((symmetry.statistic - 1.8).abs() < 1e-12 && (homogeneity.statistic - 1.8).abs() < 1e-12);
        assert_eq!((symmetry.df, homogeneity.df), (1, 1));
    }

    #[test]
    fn nobody_moved_leaves_nothing_to_test() {
        let found = transitions(&options(&["a", "b"]), &told(&[(0, 0, 12), (1, 1, 3)])).unwrap();
        assert_eq!((found.symmetry, found.homogeneity), (None, None));
        assert!(transitions(&options(&["a", "b"]), &[]).is_none());
    }

    #[test]
    fn dots_go_by_zone_and_points_by_number() {
        let dots = [(0, Answer::Shares([0.8, 0.1, 0.1]), Answer::Shares([0.3, 0.3, 0.4]))];
        let found = transitions(&Values::Triad(Vec::new()), &dots).unwrap();
        assert_eq!((found.categories, found.counts), (vec!["top".to_owned(), "centre".to_owned()], vec![vec![0, 1], vec![0, 0]]));
        let scale = Values::Ordinal { levels: 5, points: Vec::new() };
        let points = [(0, Answer::Number(2.0), Answer::Number(5.0)), (1, Answer::Number(2.5), Answer::Number(1.0))];
        assert_eq!(transitions(&scale, &points).unwrap().categories, ["2", "5"], "half a point is no category");
        assert!(transitions(&Values::Slider(Vec::new()), &points).is_none());
    }
}
