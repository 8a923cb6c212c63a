//! The intraclass correlation ICC(A,1): two-way random, absolute agreement, single rater (Shrout and Fleiss 1979, as
//! ICC(2,1); interval of McGraw and Wong 1996).

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::super::root::crossing;
use super::super::{Interval, Tested};

const TAIL: f64 = 0.025;

/// Agreement of single raters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intraclass {
    /// ICC(A,1): the share of the spread that comes from what is rated; at most 1, and under 0 when raters differ more
    /// than what they rate.
    pub icc: f64,
    /// 95 % interval; none when raters agree fully, or when ratings are too few or too odd for one.
    pub interval: Option<Interval>,
    /// F of what is rated over the residual, with its p-value (one-sided); none when nothing is left over.
    pub test: Option<Tested>,
}

/// The ICC(A,1) of ratings, one row for each thing that is rated and one column for each rater, all filled in. None
/// when rows differ in length, with less than two rows or raters, or when all ratings are the same.
pub fn intraclass(ratings: &[Vec<f64>]) -> Option<Intraclass> {
    let raters = ratings.first()?.len();
    if ratings.len() < 2 || raters < 2 || ratings.iter().any(|row| row.len() != raters) {
        return None;
    }
    let squares = Squares::of(ratings, raters);
    let Squares { n, k, rows, columns, rest } = squares;
    let whole = rows + (k - 1.0) * rest + k / n * (columns - rest);
    let icc = Some((rows - rest) / whole).filter(|icc| whole > 0.0 && icc.is_finite())?;
    let p = upper(rows / rest, n - 1.0, (n - 1.0) * (k - 1.0));
    let test = (rest > 0.0).then_some(p).flatten().map(|p| Tested { statistic: rows / rest, p });
    Some(Intraclass { icc, interval: squares.interval(icc), test })
}

/// Mean squares of a two-way layout.
struct Squares {
    n: f64,
    k: f64,
    rows: f64,
    columns: f64,
    rest: f64,
}

impl Squares {
    fn of(ratings: &[Vec<f64>], raters: usize) -> Self {
        let (n, k) = (ratings.len() as f64, raters as f64);
        let mean = ratings.iter().flatten().sum::<f64>() / (n * k);
        let row_means: Vec<f64> = ratings.iter().map(|row| row.iter().sum::<f64>() / k).collect();
        let column_means: Vec<f64> = (0..raters).map(|j| ratings.iter().map(|row| row[j]).sum::<f64>() / n).collect();
        let spread = |means: &[f64]| means.iter().map(|m| (m - mean).powi(2)).sum::<f64>();
        let rest: f64 = (ratings.iter().zip(&row_means))
            .flat_map(|(row, r)| row.iter().zip(&column_means).map(move |(value, c)| (value - r - c + mean).powi(2)))
            .sum();
        // What is left by rounding alone is nothing, or a ratio of it would be anything.
        let whole: f64 = ratings.iter().flatten().map(|value| (value - mean).powi(2)).sum();
        let size = ratings.iter().flatten().fold(0.0f64, |most, value| most.max(value.abs()));
        let nought = 1e-13 * (whole + n * k * 1e-13 * size * size);
        let clean = |sum: f64| if sum <= nought { 0.0 } else { sum };
        Self {
            n,
            k,
            rows: clean(k * spread(&row_means)) / (n - 1.0),
            columns: clean(n * spread(&column_means)) / (k - 1.0),
            rest: clean(rest) / ((n - 1.0) * (k - 1.0)),
        }
    }

    fn interval(&self, icc: f64) -> Option<Interval> {
        let Self { n, k, rows, columns, rest } = *self;
        if icc >= 1.0 {
            return None;
        }
        let a = k * icc / (n * (1.0 - icc));
        let b = 1.0 + a * (n - 1.0);
        let parts = (a * columns).powi(2) / (k - 1.0) + (b * rest).powi(2) / ((n - 1.0) * (k - 1.0));
        let df = (a * columns + b * rest).powi(2) / parts;
        if !(df.is_finite() && df > 0.0) {
            return None;
        }
        let both = k * columns + (k * n - k - n) * rest;
        let (f_low, f_high) = (quantile(n - 1.0, df)?, quantile(df, n - 1.0)?);
        let low = n * (rows - f_low * rest) / (f_low * both + n * rows);
        let high = n * (f_high * rows - rest) / (both + n * f_high * rows);
        (low.is_finite() && high.is_finite()).then_some(Interval { low, high })
    }
}

fn upper(f: f64, df1: f64, df2: f64) -> Option<f64> {
    f.is_finite().then_some(FisherSnedecor::new(df1, df2).ok()?.sf(f).clamp(0.0, 1.0))
}

/// The F that is exceeded in 2.5 %, found on a scale of logarithms because few degrees of freedom put it very far out.
fn quantile(df1: f64, df2: f64) -> Option<f64> {
    let distribution = FisherSnedecor::new(df1, df2).ok()?;
    crossing(-700.0, 700.0, |ln| distribution.sf(ln.exp()) - TAIL).map(f64::exp)
}
