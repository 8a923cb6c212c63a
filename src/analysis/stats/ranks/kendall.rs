//! Kendall's tau-b (Kendall 1945), in O(n log n) (Knight 1966; the count here goes through a Fenwick tree).

use super::super::chance::{self, DrawnP, Draws, Seed};
use super::super::shuffle::Shuffle;
use super::midranks::Ranks;
use super::{RankTest, tails};

/// Kendall's tau-b of paired values. Statistic and effect are tau-b, -1 to 1; p is normal with the variance corrected for
/// ties (Kendall 1970); the interval is of Fisher's transformation with variance 0.437 / (n - 4) (Fieller, Hartley and
/// Pearson 1957), from 5 pairs on; it is for few ties, resample where there are many. None for fewer than 3 pairs,
/// unequal lengths or a constant side.
pub fn kendall(x: &[f64], y: &[f64]) -> Option<RankTest> {
    kendall_of(&Ranks::of(x), &Ranks::of(y))
}

/// [`kendall`] of values that are already ranked.
pub fn kendall_of(x: &Ranks, y: &Ranks) -> Option<RankTest> {
    let n = x.len();
    if n < 3 || n != y.len() || x.constant() || y.constant() {
        return None;
    }
    let score = Scorer::new(x, y).score(&mut Vec::new(), |row| row);
    let tau = (2.0 * score as f64 / (untied(x).sqrt() * untied(y).sqrt())).clamp(-1.0, 1.0);
    let p = tails::normal_two_sided(score as f64 / variance(x, y).sqrt());
    let interval = (n > 4).then(|| tails::fisher_interval(tau, 0.437 / (n - 4) as f64));
    Some(RankTest { statistic: tau, p, n, effect: tau, interval })
}

/// Two-sided permutation p-value of Kendall's tau-b: `y` moves over `x` as `shuffle` allows, and the distance of tau to 0
/// counts. That is valid, but weak when rows can move only inside blocks that differ much: use Spearman there. None where
/// [`kendall`] is none, or `shuffle` is of other rows.
pub fn kendall_permutation(x: &[f64], y: &[f64], shuffle: &Shuffle, seed: &Seed, draws: Draws) -> Option<DrawnP> {
    let (x, y) = (Ranks::of(x), Ranks::of(y));
    if x.len() < 3 || x.len() != y.len() || x.len() != shuffle.len() || x.constant() || y.constant() {
        return None;
    }
    let scorer = Scorer::new(&x, &y);
    let observed = scorer.score(&mut Vec::new(), |row| row).unsigned_abs() as f64;
    let space = || (Vec::new(), Vec::new());
    Some(chance::permutation_p(seed, draws, observed, space, |(order, tree), rng| {
        shuffle.permute(order, rng);
        scorer.score(tree, |row| order[row as usize]).unsigned_abs() as f64
    }))
}

/// Ordered pairs of rows that differ.
fn untied(ranks: &Ranks) -> f64 {
    let n = ranks.len() as u128;
    (n * (n - 1) - ranks.tied_pairs()) as f64
}

/// Variance of the score when x and y have nothing to do with each other.
fn variance(x: &Ranks, y: &Ranks) -> f64 {
    let n = x.len() as f64;
    let sum = |ranks: &Ranks, term: fn(f64) -> f64| ranks.ties().iter().map(|t| term(f64::from(*t))).sum::<f64>();
    let triples = |ranks| sum(ranks, |t| t * (t - 1.0) * (t - 2.0));
    let weighted = |ranks| sum(ranks, |t| t * (t - 1.0) * (2.0 * t + 5.0));
    let pairs = n * (n - 1.0);
    (pairs * (2.0 * n + 5.0) - weighted(x) - weighted(y)) / 18.0
        + x.tied_pairs() as f64 * y.tied_pairs() as f64 / (2.0 * pairs)
        + triples(x) * triples(y) / (9.0 * pairs * (n - 2.0))
}

/// Counts pairs that agree less pairs that disagree.
struct Scorer {
    /// Rows from low to high x.
    by_x: Vec<u32>,
    /// Sizes of ties in x, in that order.
    ties: Vec<u32>,
    /// Level of y by row.
    level: Vec<u32>,
    levels: usize,
}

impl Scorer {
    fn new(x: &Ranks, y: &Ranks) -> Self {
        let mut by_x: Vec<u32> = (0..x.len() as u32).collect();
        by_x.sort_by_key(|row| x.doubled()[*row as usize]);
        Self { by_x, ties: x.ties().to_vec(), level: y.levels(), levels: y.ties().len() }
    }

    /// The score when the y of row `from(row)` stands beside the x of `row`. `tree` is work space.
    fn score(&self, tree: &mut Vec<u32>, from: impl Fn(u32) -> u32) -> i64 {
        tree.clear();
        tree.resize(self.levels + 1, 0);
        let (mut begin, mut score) = (0, 0);
        for size in &self.ties {
            let tie = &self.by_x[begin..begin + *size as usize];
            let level = |row: &u32| self.level[from(*row) as usize] as usize;
            // Rows with equal x are compared only with those of lower x, which are in the tree already.
            for row in tie {
                let (lower, at_most) = (up_to(tree, level(row)), up_to(tree, level(row) + 1));
                score += i64::from(lower) + i64::from(at_most) - begin as i64;
            }
            tie.iter().for_each(|row| add(tree, level(row) + 1));
            begin += tie.len();
        }
        score
    }
}

/// How many of the first `places` of a Fenwick tree were added.
fn up_to(tree: &[u32], mut places: usize) -> u32 {
    let mut sum = 0;
    while places > 0 {
        sum += tree[places];
        places &= places - 1;
    }
    sum
}

/// Adds one at a place, counted from 1.
fn add(tree: &mut [u32], mut place: usize) {
    while place < tree.len() {
        tree[place] += 1;
        place += place & place.wrapping_neg();
    }
}
