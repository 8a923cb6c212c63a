use rand::seq::SliceRandom;
use serde::Deserialize;

use super::super::Interval;
use super::super::chance::{Draws, Seed};
use super::Table;
use super::{chi_squared::*, cramer::*, exact::*, fisher::*, fit::*, paired::*, two_by_two::*};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fixture {
    tables: Vec<Counted>,
    two_by_two: Vec<Small>,
    squares: Vec<Square>,
    binomials: Vec<Binomial>,
    mcnemars: Vec<Moved>,
    fits: Vec<Fitted>,
    fishers: Vec<Listed>,
}

#[derive(Deserialize)]
struct Counted {
    columns: usize,
    counts: Vec<u32>,
    statistic: f64,
    df: u32,
    p: f64,
    smallest: f64,
    v: f64,
    low: f64,
    high: f64,
    residuals: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Small {
    cells: [u32; 4],
    fisher: f64,
    phi: Option<f64>,
    ln_odds: Option<f64>,
    odds: Option<[f64; 2]>,
    difference: Option<[f64; 3]>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Square {
    counts: Vec<u32>,
    size: usize,
    full: bool,
    bowker: f64,
    bowker_df: u32,
    bowker_p: f64,
    stuart: f64,
    stuart_df: u32,
    stuart_p: f64,
}

#[derive(Deserialize)]
struct Binomial {
    count: u32,
    n: u32,
    share: f64,
    p: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Moved {
    up: u32,
    down: u32,
    p: f64,
    statistic: Option<f64>,
    asymptotic_p: Option<f64>,
}

#[derive(Deserialize)]
struct Fitted {
    counts: Vec<u32>,
    shares: Vec<f64>,
    statistic: f64,
    p: f64,
    drawn: Option<f64>,
}

#[derive(Deserialize)]
struct Listed {
    columns: usize,
    counts: Vec<u32>,
    p: f64,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../../../../tests/oracles/tables.json")).unwrap()
}

fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs().max(1e-6)
}

fn table(columns: usize, counts: &[u32]) -> Table {
    Table::new(columns, counts.to_vec()).unwrap()
}

const FULL: Draws = Draws { most: 9_999, stop_at: None };

fn seed() -> Seed {
    Seed::of([&b"tables"[..]])
}

#[test]
fn chi_squared_and_residuals_agree_with_scipy_and_statsmodels() {
    for case in fixture().tables {
        let table = table(case.columns, &case.counts);
        let ours = chi_squared(&table).unwrap();
        assert!(near(ours.statistic, case.statistic, 1e-9) && ours.df == case.df, "{ours:?} {:?}", case.counts);
        assert!(near(ours.p, case.p, 1e-8) && near(ours.smallest_expected, case.smallest, 1e-9), "{ours:?}");
        assert_eq!(ours.is_dense(), case.smallest >= 5.0);
        let residuals: Vec<f64> = adjusted_residuals(&table).into_iter().flatten().collect();
        assert_eq!(residuals.len(), case.residuals.len());
        assert!(residuals.iter().zip(&case.residuals).all(|(a, b)| near(*a, *b, 1e-9)), "{residuals:?}");
    }
}

#[test]
fn cramer_is_that_of_bergsma() {
    for case in fixture().tables {
        let ours = cramer_v(&table(case.columns, &case.counts)).unwrap();
        assert!(near(ours.v, case.v, 1e-9), "{ours:?} {} {:?}", case.v, case.counts);
        let Interval { low, high } = ours.interval;
        let (expected_low, expected_high) = (case.low.min(case.v), case.high.max(case.v));
        assert!(near(low, expected_low, 1e-7) && near(high, expected_high, 1e-7), "{ours:?} {} {}", case.low, case.high);
    }
    assert_eq!(cramer_v(&table(2, &[1, 0, 0, 1])), None, "two answers say nothing");
    assert_eq!(small(3, 5), Some(0.1 / 2f64.sqrt()));
    assert_eq!(small(1, 5), None);
}

#[test]
fn order_of_rows_and_columns_does_not_matter() {
    let (one, other) = (table(3, &[8, 2, 1, 1, 5, 3]), table(2, &[3, 1, 5, 2, 1, 8]));
    let (a, b) = (chi_squared(&one).unwrap(), chi_squared(&other).unwrap());
    assert!(near(a.statistic, b.statistic, 1e-12) && a.df == b.df);
    assert!(near(cramer_v(&one).unwrap().v, cramer_v(&other).unwrap().v, 1e-12));
}

#[test]
fn a_table_without_comparison_has_no_answer() {
    for (columns, counts) in [(2, vec![3, 0, 4, 0]), (2, vec![0, 0, 5, 5]), (1, vec![1, 2]), (3, vec![0; 9])] {
        let table = table(columns, &counts);
        assert!(chi_squared(&table).is_none() && cramer_v(&table).is_none(), "{counts:?}");
        assert!(fisher_drawn(&table, &seed(), FULL).is_none());
        assert!(adjusted_residuals(&table).iter().flatten().all(|r| r.is_finite()));
    }
    assert!(Table::new(2, vec![1, 2, 3]).is_none() && Table::new(0, vec![]).is_none());
    assert!(Table::of_labels(&[], &[]).is_none() && Table::of_labels(&[1], &[]).is_none());
    assert_eq!(Table::of_labels(&[0, 1, 1], &[2, 0, 0]), Table::new(3, vec![0, 0, 1, 2, 0, 0]));
}

#[test]
fn the_bar_of_residuals_is_at_least_three() {
    assert_eq!(residual_bar(4), 3.0);
    assert!((residual_bar(49) - 3.284_7).abs() < 2e-3, "{}", residual_bar(49));
}

#[test]
fn two_by_two_agrees_with_scipy_statsmodels_and_scikit_learn() {
    for case in fixture().two_by_two {
        let [a, b, c, d] = case.cells;
        assert!(near(fisher_exact(case.cells), case.fisher, 1e-8), "{:?} {}", case.cells, case.fisher);
        for same in [[a, c, b, d], [c, d, a, b], [b, a, d, c]] {
            assert!(near(fisher_exact(same), case.fisher, 1e-8), "{same:?}");
        }
        assert_eq!(phi(case.cells).is_some(), case.phi.is_some());
        if let (Some(expected), Some(ln_odds), Some([low, high])) = (case.phi, case.ln_odds, case.odds) {
            assert!(near(phi(case.cells).unwrap(), expected, 1e-9));
            let ours = log_odds(case.cells).unwrap();
            assert!(near(ours.ln_ratio, ln_odds, 1e-9), "{ours:?}");
            assert!(near(ours.interval.low, low, 1e-9) && near(ours.interval.high, high, 1e-9), "{ours:?}");
            assert_eq!(ours.is_shifted, case.cells.contains(&0));
        }
        let ours = share_difference(a, a + b, c, c + d);
        assert_eq!(ours.is_some(), case.difference.is_some());
        if let (Some(ours), Some([difference, low, high])) = (ours, case.difference) {
            assert!(near(ours.difference, difference, 1e-9), "{ours:?}");
            assert!(near(ours.interval.low, low, 1e-9) && near(ours.interval.high, high, 1e-9), "{ours:?} {low} {high}");
        }
    }
    let twelve = log_odds([5, 7, 0, 12]).unwrap();
    assert!((twelve.ln_ratio - 2.908720897).abs() < 1e-9);
}

#[test]
fn binomial_tests_agree_with_scipy() {
    for case in fixture().binomials {
        let ours = binomial(case.count, case.n, case.share).unwrap();
        assert!(near(ours, case.p, 1e-8), "{} of {} at {}: {ours} {}", case.count, case.n, case.share, case.p);
    }
    for case in fixture().mcnemars {
        assert!(near(mcnemar_exact(case.up, case.down), case.p, 1e-8), "{} {}", case.up, case.down);
        assert_eq!(mcnemar_exact(case.up, case.down), mcnemar_exact(case.down, case.up));
        let ours = mcnemar(case.up, case.down);
        assert_eq!(ours.is_some(), case.statistic.is_some(), "nobody changed: nothing to test");
        if let (Some(ours), Some(statistic), Some(p)) = (ours, case.statistic, case.asymptotic_p) {
            assert!(near(ours.statistic, statistic, 1e-9) && near(ours.p, p, 1e-8) && ours.df == 1, "{ours:?} {statistic} {p}");
        }
    }
    assert_eq!(binomial(3, 2, 0.5), None);
    assert_eq!(binomial(1, 2, 1.0), None);
    assert!(binomial(500_300, 1_000_000, 0.5).unwrap() > 0.5);
}

#[test]
fn a_leader_leads_the_next_by_more_than_chance() {
    let leader = leading_option(&[3, 15, 2, 0]).unwrap();
    assert_eq!((leader.option, leader.count, leader.next), (1, 15, 3));
    assert!(near(leader.p, 3.0 * binomial(15, 18, 0.5).unwrap(), 1e-12));
    assert_eq!(leading_option(&[6, 5, 4]).unwrap().p, 1.0, "never over 1");
    assert_eq!(leading_option(&[5, 5, 1]), None);
    assert_eq!(leading_option(&[5]), None);
    assert_eq!(leading_option(&[0, 0]), None);
    assert_eq!(leading_option(&[]), None);
}

#[test]
fn square_tables_agree_with_statsmodels() {
    for case in fixture().squares {
        let table = table(case.size, &case.counts);
        let (ours, same) = (bowker(&table).unwrap(), stuart_maxwell(&table).unwrap());
        assert!(near(ours.statistic, case.bowker, 1e-9), "{ours:?} {}", case.bowker);
        if case.full {
            assert!(ours.df == case.bowker_df && near(ours.p, case.bowker_p, 1e-8), "{ours:?}");
        }
        assert!(near(same.statistic, case.stuart, 1e-9) && same.df == case.stuart_df, "{same:?} {}", case.stuart);
        assert!(near(same.p, case.stuart_p, 1e-8), "{same:?}");
    }
}

#[test]
fn categories_without_moves_change_nothing() {
    let few = table(3, &[10, 5, 2, 1, 9, 4, 0, 3, 8]);
    // The same with a category that nobody chose and one that nobody moved in or out of.
    let more = table(5, &[10, 0, 5, 2, 0, 0, 0, 0, 0, 0, 1, 0, 9, 4, 0, 0, 0, 3, 8, 0, 0, 0, 0, 0, 7]);
    let (a, b) = (stuart_maxwell(&few).unwrap(), stuart_maxwell(&more).unwrap());
    assert!(a.df == 2 && b.df == 2 && near(a.statistic, b.statistic, 1e-12), "{a:?} {b:?}");
    assert_eq!(bowker(&few), bowker(&more));
    // Two sets of categories with moves only inside each: the sum of two McNemar tests.
    let apart = table(4, &[1, 9, 0, 0, 2, 3, 0, 0, 0, 0, 4, 6, 0, 0, 1, 5]);
    let both = stuart_maxwell(&apart).unwrap();
    assert!(both.df == 2 && near(both.statistic, 49.0 / 11.0 + 25.0 / 7.0, 1e-12), "{both:?}");
    assert_eq!(stuart_maxwell(&table(2, &[4, 0, 0, 5])), None);
    assert_eq!(bowker(&table(2, &[4, 0, 0, 5])), None);
    assert_eq!(bowker(&table(2, &[4, 0])), None, "not square");
}

/// The most that two drawn p-values may differ.
fn drawn_apart(p: f64, one: f64, two: f64) -> f64 {
    4.0 * (p * (1.0 - p) * (1.0 / one + 1.0 / two)).sqrt() + 1e-4
}

#[test]
fn fits_agree_with_scipy_and_draws_with_other_draws() {
    for case in fixture().fits {
        let ours = goodness_of_fit(&case.counts, &case.shares, &seed(), FULL).unwrap();
        assert!(near(ours.statistic, case.statistic, 1e-9) && near(ours.asymptotic, case.p, 1e-8), "{ours:?}");
        assert_eq!(ours.drawn.is_some(), case.drawn.is_some());
        let expected = case.drawn.unwrap_or(case.p);
        assert!((ours.p() - expected).abs() <= drawn_apart(expected, 9_999.0, 199_999.0), "{ours:?} {expected}");
    }
    let fit = |counts: &[u32], shares: &[f64]| goodness_of_fit(counts, shares, &seed(), FULL);
    assert_eq!(fit(&[1, 2], &[0.0, 1.0]), None, "what cannot be was seen");
    assert_eq!(fit(&[0, 2], &[0.0, 1.0]), None, "one category");
    assert_eq!(fit(&[0, 0], &[0.5, 0.5]), None);
    assert_eq!(fit(&[1], &[0.5, 0.5]), None);
    assert_eq!(fit(&[1, 2], &[0.5, f64::NAN]), None);
    let (a, b) = (fit(&[30, 20, 0], &[1.0, 1.0, 0.0]).unwrap(), fit(&[30, 20], &[0.5, 0.5]).unwrap());
    assert_eq!((a.statistic, a.df), (b.statistic, b.df));
}

#[test]
fn drawn_fisher_is_near_the_full_list_of_tables() {
    for case in fixture().fishers {
        let table = table(case.columns, &case.counts);
        let ours = fisher_drawn(&table, &seed(), FULL).unwrap();
        assert!((ours.p - case.p).abs() <= drawn_apart(case.p, 9_999.0, f64::INFINITY), "{ours:?} {}", case.p);
        if table.counts().len() == 6 && case.columns == 3 {
            assert!((case.p - 0.0220171469).abs() < 1e-10, "as R says");
        }
    }
    let two = fisher_drawn(&table(2, &[8, 2, 1, 5]), &seed(), FULL).unwrap();
    let exact = fisher_exact([8, 2, 1, 5]);
    assert!((two.p - exact).abs() <= drawn_apart(exact, 9_999.0, f64::INFINITY));
}

#[test]
fn those_who_may_change_places_are_up_to_the_caller() {
    let (rows, columns): (Vec<u32>, Vec<u32>) = ((0..20).map(|i| i / 10).collect(), (0..20).map(|i| i / 10).collect());
    let draws = Draws { most: 199, stop_at: None };
    let all = fisher_permuted(&rows, &columns, &seed(), draws, |order, rng| order.shuffle(rng)).unwrap();
    let inside = |order: &mut Vec<u32>, rng: &mut rand_chacha::ChaCha8Rng| order[..10].shuffle(rng);
    let none = fisher_permuted(&rows, &columns, &seed(), draws, inside).unwrap();
    assert!(all.p <= 0.01 && none.p == 1.0, "{all:?} {none:?}");
}
