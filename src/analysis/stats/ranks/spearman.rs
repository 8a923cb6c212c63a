//! Spearman's rank correlation with ties (Spearman 1904): the correlation of midranks.

use super::super::chance::{DrawnP, Draws, Seed};
use super::super::shuffle::Shuffle;
use super::midranks::Ranks;
use super::{RankTest, tails};

/// Spearman's rho of paired values. Statistic and effect are rho, -1 to 1; p is of its t-approximation with n - 2
/// degrees; the interval is of Fisher's transformation with variance 1.06 / (n - 3) (Fieller, Hartley and Pearson 1957),
/// from 4 pairs on. None for fewer than 3 pairs, unequal lengths or a constant side.
pub fn spearman(x: &[f64], y: &[f64]) -> Option<RankTest> {
    spearman_of(&Ranks::of(x), &Ranks::of(y))
}

/// [`spearman`] of values that are already ranked.
pub fn spearman_of(x: &Ranks, y: &Ranks) -> Option<RankTest> {
    let n = x.len();
    if n < 3 || n != y.len() || x.constant() || y.constant() {
        return None;
    }
    let product: i128 = x.centred().zip(y.centred()).map(|(x, y)| i128::from(x * y)).sum();
    let rho = (product as f64 / (squares(x) * squares(y)).sqrt()).clamp(-1.0, 1.0);
    let p = tails::student_two_sided((1.0 - rho) * (1.0 + rho), (n - 2) as f64);
    let interval = (n > 3).then(|| tails::fisher_interval(rho, 1.06 / (n - 3) as f64));
    Some(RankTest { statistic: rho, p, n, effect: rho, interval })
}

/// Two-sided permutation p-value of Spearman's rho: `y` moves over `x` as `shuffle` allows, and the distance of rho to
/// its mean over all permutations counts. None where [`spearman`] is none, or `shuffle` is of other rows.
pub fn spearman_permutation(x: &[f64], y: &[f64], shuffle: &Shuffle, seed: &Seed, draws: Draws) -> Option<DrawnP> {
    let (x, y) = (Ranks::of(x), Ranks::of(y));
    if x.len() < 3 || x.len() != y.len() || x.len() != shuffle.len() || x.constant() || y.constant() {
        return None;
    }
    let scale = (squares(&x) * squares(&y)).sqrt();
    let centred = |ranks: &Ranks| ranks.centred().map(|r| r as f64).collect::<Vec<_>>();
    let (x, y) = (centred(&x), centred(&y));
    let expected = shuffle.expected_product(&x, &y);
    let far = |product: f64| ((product - expected) / scale).abs();
    let observed = far(x.iter().zip(&y).map(|(x, y)| x * y).sum());
    Some(shuffle.p(seed, draws, observed, |order| far(x.iter().zip(order).map(|(x, row)| x * y[*row as usize]).sum())))
}

/// Sum of squares of centred doubled ranks: (n³ − n − Σ(t³ − t)) / 3.
fn squares(ranks: &Ranks) -> f64 {
    let n = ranks.len() as u128;
    ((n.pow(3) - n - ranks.tie_sum()) / 3) as f64
}
