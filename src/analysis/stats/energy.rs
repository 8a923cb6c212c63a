//! Do groups lie in different places or patterns: distance components (DISCO; Rizzo and Székely 2010).
//!
//! With plain (not squared) distances this sees any difference between groups, also a polarised one beside a balanced
//! one with the same mean, to which a test of means is blind.

use rand_chacha::ChaCha8Rng;

use super::chance::{DrawnP, Draws, Seed, permutation_p};
use super::places::Places;
use super::sample;

/// How distances divide within and between groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disco {
    /// Rows.
    pub n: u32,
    /// Groups with at least one row.
    pub groups: u32,
    /// Between over within, each by its degrees of freedom; none when nothing differs within the groups.
    pub f: Option<f64>,
    /// Share of all distance that lies between groups, 0 to 1.
    pub r2: f64,
    /// What `r2` is on average when rows are put in groups of these sizes by chance.
    pub r2_by_chance: f64,
}

/// A DISCO with its permutation p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DiscoTest {
    /// The statistic.
    pub disco: Disco,
    /// How often chance alone reaches it.
    pub p: DrawnP,
    /// Rows the test looked at, when it did not look at all.
    pub sampled: Option<u32>,
}

/// Places whose distances are divided over groups. Distances are computed anew for every division: looking them up in a table
/// would wait for memory.
struct Divided {
    places: Places,
    row_sums: Vec<f64>,
    total: f64,
    groups: usize,
}

/// Work space of a division.
#[derive(Default)]
struct Space {
    members: Vec<Vec<u32>>,
    there: Places,
    line: Vec<f64>,
}

impl Divided {
    fn new(places: Places, groups: usize) -> Self {
        let row_sums = places.row_sums();
        let total = row_sums.iter().sum::<f64>() / 2.0;
        Self { places, row_sums, total, groups }
    }

    /// Sum over groups of the distances of pairs in the group, divided by its size.
    fn within(&self, codes: &[u32], space: &mut Space) -> f64 {
        space.members.resize(self.groups, Vec::new());
        space.members.iter_mut().for_each(Vec::clear);
        for (row, code) in codes.iter().enumerate() {
            space.members[*code as usize].push(row as u32);
        }
        let Space { members, there, line } = space;
        if let [a, b] = &members[..] {
            let (small, large) = if a.len() <= b.len() { (a, b) } else { (b, a) };
            if small.is_empty() {
                return self.total / large.len() as f64;
            }
            // Pairs in the large group are all pairs, less those with an end in the small one.
            let inside = self.inside(small, there, line);
            let touched: f64 = small.iter().map(|row| self.row_sums[*row as usize]).sum();
            let rest = (self.total - touched + inside).max(0.0);
            return inside / small.len() as f64 + rest / large.len() as f64;
        }
        members.iter().filter(|m| !m.is_empty()).map(|m| self.inside(m, there, line) / m.len() as f64).sum()
    }

    /// Sum of the distances of all pairs of these rows.
    fn inside(&self, rows: &[u32], there: &mut Places, line: &mut Vec<f64>) -> f64 {
        there.take_in_order(&self.places, rows);
        there.pair_sum(line)
    }

    fn r2(&self, within: f64) -> f64 {
        let all = self.total / self.places.len() as f64;
        let r2 = 1.0 - within / all;
        // All distance between the groups: rounding must not leave a trace of some within.
        if r2 > 1.0 - 1e-12 { 1.0 } else { r2.max(0.0) }
    }

    fn disco(&self, codes: &[u32]) -> Disco {
        let (n, k) = (codes.len() as f64, self.groups as f64);
        let r2 = self.r2(self.within(codes, &mut Space::default()));
        let f = (r2 < 1.0).then(|| r2 / (1.0 - r2) * (n - k) / (k - 1.0));
        Disco { n: codes.len() as u32, groups: self.groups as u32, f, r2, r2_by_chance: (k - 1.0) / (n - 1.0) }
    }
}

/// Groups numbered from 0 in the order of their code, and how many there are.
pub(super) fn dense(groups: &[u32]) -> (Vec<u32>, usize) {
    let mut seen = groups.to_vec();
    seen.sort_unstable();
    seen.dedup();
    (groups.iter().map(|g| seen.partition_point(|s| s < g) as u32).collect(), seen.len())
}

/// Whether a test has something to compare: two groups, a group of more than one row, and rows that differ.
fn prepare(places: &[[f64; 2]], groups: &[u32]) -> Option<(Divided, Vec<u32>)> {
    let (codes, k) = dense(groups);
    if places.len() != codes.len() || k < 2 || codes.len() <= k {
        return None;
    }
    let all: Vec<usize> = (0..places.len()).collect();
    let divided = Divided::new(Places::of(places, &all), k);
    (divided.total > 0.0 && divided.total.is_finite()).then_some((divided, codes))
}

/// F and R² of `groups` (a code for each of `places`). None with fewer than two groups, with no group of more than one row,
/// when all rows lie in one place, and when the lengths differ.
pub fn disco(places: &[[f64; 2]], groups: &[u32]) -> Option<Disco> {
    prepare(places, groups).map(|(divided, codes)| divided.disco(&codes))
}

/// `disco` with the p-value of `permute`, which must put the row numbers it is given in another order that is as likely when
/// groups do not differ: over all rows, within people, or by whole people. The result depends on the order of rows
/// through what is drawn, so rows must come in an order of their own (say by pseudonym).
pub fn disco_test(
    places: &[[f64; 2]],
    groups: &[u32],
    seed: &Seed,
    draws: Draws,
    permute: impl Fn(&mut Vec<u32>, &mut ChaCha8Rng) + Sync + Send,
) -> Option<DiscoTest> {
    let (divided, codes) = prepare(places, groups)?;
    let disco = divided.disco(&codes);
    let rows: Vec<u32> = (0..codes.len() as u32).collect();
    let space = || (rows.clone(), codes.clone(), Space::default());
    let p = permutation_p(seed, draws, disco.r2, space, |(order, labels, space), rng| {
        order.clone_from(&rows);
        permute(order, rng);
        labels.iter_mut().zip(&*order).for_each(|(label, row)| *label = codes[*row as usize]);
        divided.r2(divided.within(labels, space))
    });
    Some(DiscoTest { disco, p, sampled: None })
}

/// Who is in which group.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// The group of each row.
    pub groups: &'a [u32],
    /// The participant of each row, when one may have several: a sample then keeps people whole.
    pub units: Option<&'a [u32]>,
}

/// `disco_test` of places. Of more than 2,000 rows a seeded sample is tested, with a part of each group (or whole people),
/// and `sampled` tells how many. `permuter` makes the permuter for the rows that are kept (their numbers in `places`,
/// ascending).
pub fn disco_of<P: Fn(&mut Vec<u32>, &mut ChaCha8Rng) + Sync + Send>(
    places: &[[f64; 2]],
    rows: Rows,
    seed: &Seed,
    draws: Draws,
    permuter: impl FnOnce(&[usize]) -> P,
) -> Option<DiscoTest> {
    if places.len() != rows.groups.len() || rows.units.is_some_and(|units| units.len() != places.len()) {
        return None;
    }
    let (kept, sampled) = sample::kept(seed, rows.groups, rows.units);
    let places: Vec<[f64; 2]> = kept.iter().map(|row| places[*row]).collect();
    let groups: Vec<u32> = kept.iter().map(|row| rows.groups[*row]).collect();
    let test = disco_test(&places, &groups, seed, draws, permuter(&kept))?;
    Some(DiscoTest { sampled, ..test })
}

#[cfg(test)]
mod tests;
