//! Random draws from seeded streams, in plain arithmetic so that every machine draws the same.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;
use uuid::{Builder, Uuid};

/// The stream with this number under the seed: what one person draws never shifts another person's draws.
pub(super) fn stream(seed: u64, number: u64) -> ChaCha20Rng {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    rng.set_stream(number);
    rng
}

/// A standard normal draw: twelve small uniform draws added up (no logarithm, whose last digit differs per machine).
pub(super) fn normal(rng: &mut ChaCha20Rng) -> f64 {
    let twelve: u64 = (0..3).map(|_| rng.next_u64()).map(|bits| (0..4).map(|i| (bits >> (16 * i)) & 0xFFFF).sum::<u64>()).sum();
    (twelve as f64 + 6.0) / 65_536.0 - 6.0
}

/// True with this probability.
pub(super) fn chance(rng: &mut ChaCha20Rng, probability: f64) -> bool {
    rng.random::<f64>() < probability
}

/// A whole number from `low` up to and including `high`.
pub(super) fn between(rng: &mut ChaCha20Rng, low: u32, high: u32) -> u32 {
    rng.random_range(low..=high)
}

/// One of the items, all equally likely.
pub(super) fn pick<'a, T>(rng: &mut ChaCha20Rng, items: &'a [T]) -> &'a T {
    &items[rng.random_range(0..items.len())]
}

/// An index drawn in proportion to the weights; the last one when all weights are nought.
pub(super) fn weighted(rng: &mut ChaCha20Rng, weights: &[f64]) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    for (index, weight) in weights.iter().enumerate() {
        if left < *weight {
            return index;
        }
        left -= weight;
    }
    weights.len() - 1
}

/// The items in a random order.
pub(super) fn shuffled<T>(rng: &mut ChaCha20Rng, mut items: Vec<T>) -> Vec<T> {
    for last in (1..items.len()).rev() {
        items.swap(last, rng.random_range(0..=last));
    }
    items
}

/// A version 4 identifier from the stream.
pub(super) fn demo_uuid(rng: &mut ChaCha20Rng) -> Uuid {
    let mut bytes = [0_u8; 16];
    rng.fill_bytes(&mut bytes);
    Builder::from_random_bytes(bytes).into_uuid()
}
