//! Do two answers of any shape go together: bias-corrected distance correlation (Székely and Rizzo 2013), with a fast and
//! careful p-value for large n (Shen, Panda and Vogelstein 2022).
//!
//! U-centred tables are never written out: sums of products of centred distances follow from those of plain ones and of
//! the sums of rows (Székely and Rizzo 2014). So the coefficient takes one pass over all pairs and memory for n numbers.

mod moved;

use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use self::moved::{Fixed, products};
use super::chance::{DrawnP, Draws, Seed, permutation_p};
use super::places::{Places, dot, sum};
use super::sample;

/// Fewest rows for which the bias can be corrected.
const LEAST: usize = 4;

/// Sums over all pairs of rows, both ways round, of the distances of two answers.
struct Sums {
    /// Distances from each row to all others.
    rows: [Vec<f64>; 2],
    totals: [f64; 2],
    /// Sums of squares of the centred distances, above 0.
    squares: [f64; 2],
    /// Sum of products of the plain distances.
    products: f64,
}

impl Sums {
    /// Of two answers of the same rows. None of fewer than 4 rows, and when all rows are equally far from each other on a
    /// side (so also when all are the same).
    fn of(a: &Places, b: &Places) -> Option<Self> {
        let n = a.len();
        if n < LEAST || b.len() != n {
            return None;
        }
        let mut rows = [vec![0.0; n], vec![0.0; n]];
        let mut lines = [vec![0.0; n], vec![0.0; n]];
        let (mut raw, mut products) = ([0.0; 2], 0.0);
        for i in 1..n {
            for (side, places) in [a, b].into_iter().enumerate() {
                let (line, rows) = (&mut lines[side][..i], &mut rows[side]);
                places.line(i, line);
                rows[..i].iter_mut().zip(&*line).for_each(|(sum, d)| *sum += d);
                rows[i] += sum(line);
                raw[side] += 2.0 * dot(line, line);
            }
            products += 2.0 * dot(&lines[0][..i], &lines[1][..i]);
        }
        let totals = [0, 1].map(|side| rows[side].iter().sum::<f64>());
        let squares = [0, 1].map(|side| centred(raw[side], dot(&rows[side], &rows[side]), totals[side].powi(2), n));
        // What is left of equal distances is rounding.
        let varies = (0..2).all(|side| squares[side] > 1e-12 * raw[side] && squares[side].is_finite());
        varies.then_some(Self { rows, totals, squares, products })
    }

    /// The squared correlation when the plain distances have this sum of products, and the sums of rows that one.
    fn squared(&self, products: f64, of_rows: f64) -> f64 {
        let product = centred(products, of_rows, self.totals[0] * self.totals[1], self.rows[0].len());
        (product / (self.squares[0].sqrt() * self.squares[1].sqrt())).clamp(-1.0, 1.0)
    }

    /// As it was observed.
    fn observed(&self) -> f64 {
        self.squared(self.products, dot(&self.rows[0], &self.rows[1]))
    }
}

/// The sum of products of U-centred distances over all pairs, from that of plain ones, of the sums of rows, and of all sums.
fn centred(products: f64, of_rows: f64, of_totals: f64, n: usize) -> f64 {
    let n = n as f64;
    products - 2.0 * of_rows / (n - 2.0) + of_totals / ((n - 1.0) * (n - 2.0))
}

/// A p-value without permutations, one-sided: P(chi-squared with 1 degree of freedom >= n squared + 1). At levels up to 0.05
/// it is careful (rather too large than too small), so what passes is worth a permutation test.
pub fn screen_p(squared: f64, n: usize) -> f64 {
    let at = n as f64 * squared + 1.0;
    if at <= 0.0 {
        return 1.0;
    }
    ChiSquared::new(1.0).map_or(1.0, |chi| chi.sf(at)).clamp(0.0, 1.0)
}

/// How often chance alone reaches what was observed. `permute` puts row numbers in another order that is as likely when the
/// answers have nothing to do with each other. An answer on a line is the one that moves: that is quicker.
fn permutation(
    (a, b): (&Places, &Places),
    sums: &Sums,
    seed: &Seed,
    draws: Draws,
    permute: impl Fn(&mut Vec<u32>, &mut ChaCha8Rng) + Sync + Send,
) -> DrawnP {
    let (stays, moves) = if a.is_on_a_line() && !b.is_on_a_line() { (1, 0) } else { (0, 1) };
    let (fixed, moved) = (Fixed::new([a, b][stays]), [a, b][moves]);
    let rows: Vec<u32> = (0..a.len() as u32).collect();
    permutation_p(
        seed,
        draws,
        sums.observed(),
        || (rows.clone(), Places::default()),
        |(order, there), rng| {
            order.clone_from(&rows);
            permute(order, rng);
            let of_rows = sums.rows[stays].iter().zip(&*order).map(|(a, row)| a * sums.rows[moves][*row as usize]).sum();
            sums.squared(products(&fixed, moved, order, there), of_rows)
        },
    )
}

/// Two answers compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistanceCorrelation {
    /// Rows with both answers.
    pub n: u32,
    /// Bias-corrected squared distance correlation, at most 1, negative by chance.
    pub squared: f64,
    /// The p-value of `screen_p`.
    pub screen_p: f64,
    /// The permutation p-value, when it was asked for.
    pub p: Option<DrawnP>,
    /// Rows that were looked at, when not all were.
    pub sampled: Option<u32>,
}

impl DistanceCorrelation {
    /// What is shown: below 0 there is nothing to show.
    pub fn shown(&self) -> f64 {
        self.squared.max(0.0)
    }
}

/// The distance correlation of two answers of the same rows, as places in the plane (answers on a line have 0 as second
/// coordinate), with a permutation test if `draws` are given. Of more than 2,000 rows a seeded sample is used and `sampled`
/// tells how many (whole participants when `units` tells whose row is whose). `permuter` makes the permuter for the rows
/// that are kept. None when an answer does not vary, with fewer than 4 rows, and when the lengths differ. Rows must come in
/// an order that does not depend on how the data were stored.
pub fn distance_correlation<P>(
    a: &[[f64; 2]],
    b: &[[f64; 2]],
    units: Option<&[u32]>,
    seed: &Seed,
    draws: Option<Draws>,
    permuter: impl FnOnce(&[usize]) -> P,
) -> Option<DistanceCorrelation>
where
    P: Fn(&mut Vec<u32>, &mut ChaCha8Rng) + Sync + Send,
{
    let all = a.len();
    if b.len() != all || units.is_some_and(|units| units.len() != all) {
        return None;
    }
    let (kept, sampled) = sample::kept(seed, &vec![0; all], units);
    let (a, b) = (Places::of(a, &kept), Places::of(b, &kept));
    let sums = Sums::of(&a, &b)?;
    let squared = sums.observed();
    let p = draws.map(|draws| permutation((&a, &b), &sums, seed, draws, permuter(&kept)));
    Some(DistanceCorrelation { n: all as u32, squared, screen_p: screen_p(squared, kept.len()), p, sampled })
}

#[cfg(test)]
mod tests;
