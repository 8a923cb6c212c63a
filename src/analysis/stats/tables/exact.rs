//! Exact two-sided tests of counts: how likely what is no likelier than the observed count is.

/// Counts whose chance is within this of the observed one are as likely: rounding must not tell equals apart.
const EQUAL: f64 = 1e-7;

/// Two-sided p-value of `observed` among the counts `low..=high`, summing what is no likelier than it.
///
/// `ratio(k)` is the chance of k + 1 over the chance of k; it must fall as k rises (one peak).
pub(super) fn two_sided(low: u64, high: u64, observed: u64, ratio: impl Fn(u64) -> f64) -> f64 {
    let (mut from, mut to) = (low, high);
    while from < to {
        let middle = from + (to - from) / 2;
        match ratio(middle) > 1.0 {
            true => from = middle + 1,
            false => to = middle,
        }
    }
    // From the peak down on both sides nothing overflows, and what vanishes is too small to matter.
    let peak = from;
    let mut weights = vec![0.0; (high - low + 1) as usize];
    weights[(peak - low) as usize] = 1.0;
    for k in peak..high {
        weights[(k + 1 - low) as usize] = weights[(k - low) as usize] * ratio(k);
    }
    for k in (low..peak).rev() {
        weights[(k - low) as usize] = weights[(k + 1 - low) as usize] / ratio(k);
    }
    let bar = weights[(observed - low) as usize] * (1.0 + EQUAL);
    let unlikely: f64 = weights.iter().filter(|w| **w <= bar).sum();
    (unlikely / weights.iter().sum::<f64>()).min(1.0)
}

/// Exact two-sided binomial test of `count` of `n` against a share between 0 and 1 (both excluded). None when `count`
/// is over `n` or the share is not between 0 and 1. With `n` of 0 it is 1.
pub fn binomial(count: u32, n: u32, share: f64) -> Option<f64> {
    if count > n || !(share > 0.0 && share < 1.0) {
        return None;
    }
    let odds = share / (1.0 - share);
    let ratio = |k: u64| (u64::from(n) - k) as f64 / (k + 1) as f64 * odds;
    Some(two_sided(0, u64::from(n), u64::from(count), ratio))
}

/// The option that leads, and how likely such a lead over the next one is by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leader {
    /// Index of the option chosen most often.
    pub option: usize,
    /// How often it was chosen.
    pub count: u32,
    /// How often the next was chosen.
    pub next: u32,
    /// Exact p-value against the next, times the number of other options because the leader was picked after looking
    /// (Bonferroni), at most 1. Over 0.05: no clear leader.
    pub p: f64,
}

/// Whether one option of a single choice leads. `counts` has every option that could be chosen. None with less than
/// two options, when nothing was chosen, or when two share the lead.
pub fn leading_option(counts: &[u32]) -> Option<Leader> {
    let (option, count) = counts.iter().copied().enumerate().max_by_key(|(_, count)| *count)?;
    let others = counts.iter().enumerate().filter(|(i, _)| *i != option);
    let next = others.map(|(_, count)| *count).max().filter(|next| *next < count)?;
    let p = binomial(count, count + next, 0.5)?;
    Some(Leader { option, count, next, p: (p * (counts.len() - 1) as f64).min(1.0) })
}
