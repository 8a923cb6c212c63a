//! Chance that can be repeated: seeds made of what is asked, one stream of random numbers a draw, permutation p-values.
//!
//! Every draw has a stream of its own, so a result does not depend on how draws are spread over threads.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// Where a stream of random numbers begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// A seed made of these parts, in order; how bytes are divided over parts matters.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// The seed of a question inside this one.
    pub fn child(&self, name: &str) -> Self {
        Self::of([&self.0[..], name.as_bytes()])
    }

    /// The first 16 hexadecimal digits: a short name of the question.
    pub fn short(&self) -> String {
        hex::encode(&self.0[..8])
    }

    /// The random numbers of one draw.
    pub fn rng(&self, draw: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::from_seed(self.0);
        rng.set_stream(draw);
        rng
    }
}

/// How many draws a permutation test makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// Most draws; the smallest p is 1 / (most + 1).
    pub most: u32,
    /// Stop when so many draws reached the observed value (Besag and Clifford 1991): what is clearly chance is seen
    /// to be so after few draws.
    pub stop_at: Option<u32>,
}

impl Default for Draws {
    fn default() -> Self {
        Self { most: 9_999, stop_at: Some(20) }
    }
}

/// A p-value from random draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DrawnP {
    /// The p-value, above 0, at most 1.
    pub p: f64,
    /// Draws that were made.
    pub draws: u32,
    /// Draws that were at least as extreme as what was observed.
    pub reached: u32,
}

/// Draws evaluated together: a whole number of them is looked at before stopping is considered.
const TOGETHER: u32 = 64;

/// How often chance alone reaches `observed`, with (b + 1) / (B + 1) so that it is never 0 (Phipson and Smyth 2010), or
/// h / L when stopped at the h-th reaching draw (Besag and Clifford 1991). `statistic` answers one draw, large when
/// extreme, with a work space from `space`. Draws within rounding of `observed` count as reaching it.
pub fn permutation_p<W>(
    seed: &Seed,
    draws: Draws,
    observed: f64,
    space: impl Fn() -> W + Sync + Send,
    statistic: impl Fn(&mut W, &mut ChaCha8Rng) -> f64 + Sync + Send,
) -> DrawnP {
    let bar = observed - 1e-12 * observed.abs().max(1.0);
    let (mut made, mut reached) = (0, 0);
    while made < draws.most {
        let until = (made + TOGETHER).min(draws.most);
        let values: Vec<f64> = (made..until)
            .into_par_iter()
            .map_init(&space, |space, draw| statistic(space, &mut seed.rng(u64::from(draw))))
            .collect();
        for value in values {
            made += 1;
            reached += u32::from(value >= bar);
            if draws.stop_at == Some(reached) {
                return DrawnP { p: f64::from(reached) / f64::from(made), draws: made, reached };
            }
        }
    }
    DrawnP { p: f64::from(reached + 1) / f64::from(draws.most + 1), draws: made, reached }
}

#[cfg(test)]
mod tests {
    use rand::seq::SliceRandom;

    use super::*;

    #[test]
    fn seeds_differ_by_part_and_by_division() {
        let seed = |parts: &[&str]| Seed::of(parts.iter().map(|p| p.as_bytes()));
        assert_eq!(seed(&["ab", "c"]), seed(&["ab", "c"]));
        assert_ne!(seed(&["ab", "c"]), seed(&["a", "bc"]));
        assert_ne!(seed(&["a"]).child("b"), seed(&["a"]).child("c"));
    }

    #[test]
    fn the_number_of_threads_does_not_matter() {
        let values: Vec<f64> = (0..30).map(f64::from).collect();
        let run = |threads: usize, stop_at| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let draws = Draws { most: 999, stop_at };
                permutation_p(
                    &Seed::of([&b"test"[..]]),
                    draws,
                    260.0,
                    || values.clone(),
                    |v, rng| {
                        v.copy_from_slice(&values);
                        v.shuffle(rng);
                        v[..15].iter().sum()
                    },
                )
            })
        };
        assert_eq!(run(1, None), run(4, None));
        assert_eq!(run(1, Some(20)), run(4, Some(20)));
        let (full, early) = (run(1, None), run(1, Some(20)));
        assert!(full.draws == 999 && early.reached == 20 && early.draws < 999, "{full:?} {early:?}");
    }

    #[test]
    fn what_is_never_reached_has_the_smallest_p() {
        let draws = Draws { most: 99, stop_at: Some(20) };
        let never = permutation_p(&Seed::of([]), draws, 1.0, || (), |(), _| 0.0);
        assert_eq!(never, DrawnP { p: 0.01, draws: 99, reached: 0 });
        let always = permutation_p(&Seed::of([]), draws, 0.3, || (), |(), _| 0.1 + 0.2);
        assert_eq!((always.p, always.draws), (1.0, 20), "rounding does not hide a tie");
    }
}
