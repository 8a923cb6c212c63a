//! What the highest of all standard scores is when dots are placed anywhere alike: the critical value of a scan.
//!
//! The standard scores use the exact uniform mean and variance of the kernel; their highest value over the lattice has
//! no simple law, so it is simulated (999 uniform samples, as in kernel scan statistics). It depends on the kind, the
//! number of dots and the bandwidth only, never on data, so it is kept for the whole process.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::super::chance::Seed;
use super::kernel::{EXACT_UP_TO, Fine, Kernel, Masses, bandwidth, spread};
use super::{Dot, Kind, bucket, level_dot};

/// Uniform samples behind a critical value.
pub const SAMPLES: u64 = 999;

/// Numbers of dots above these share one critical value. The bandwidth of triads and stones stops shrinking just under
/// 5,000 dots and that of sliders at 17,678; sliders are cheap to simulate.
fn cap(kind: Kind) -> usize {
    match kind {
        Kind::Triad | Kind::Stone => 5_000,
        Kind::Slider => 20_000,
    }
}

/// The value that the highest standard score of `n` dots placed anywhere alike passes in 5 of 100 samples: the 950th of
/// 999. None for fewer than 2 dots.
///
/// Up to 60 dots each number has its own value; above, numbers in steps of 5 % share one (and all above 5,000, sliders
/// 20,000). The same value in every process: the seed is made of the kind and the step.
pub fn critical(kind: Kind, n: usize) -> Option<f64> {
    static KNOWN: LazyLock<Mutex<HashMap<(Kind, usize), f64>>> = LazyLock::new(Mutex::default);
    if n < 2 {
        return None;
    }
    let n = bucket(n, cap(kind));
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(value) = known().get(&(kind, n)) {
        return Some(*value);
    }
    // Not under the lock: a thread that waits inside a pool may be given work that asks for the same value. At worst
    // two threads find the same number.
    let mut highest = highest(kind, n);
    highest.sort_by(f64::total_cmp);
    let value = *highest.get((SAMPLES as usize * 95).div_ceil(100))?;
    known().insert((kind, n), value);
    Some(value)
}

/// The highest standard score of each uniform sample.
fn highest(kind: Kind, n: usize) -> Vec<f64> {
    let kernel = Kernel::new(kind, bandwidth(kind, n));
    let fine = (n > EXACT_UP_TO || kind == Kind::Slider).then(|| Fine::new(&kernel));
    let size = (n as u64).to_le_bytes();
    let seed = Seed::of([&b"density scan"[..], kind.name().as_bytes(), &size[..]]);
    let one = |draw: u64| {
        let mut rng = seed.rng(draw);
        let density = match &fine {
            Some(fine) => {
                let mut weights = vec![0.0; fine.places()];
                for _ in 0..n {
                    let dot = uniform(kind, &mut rng);
                    spread(kind, dot).iter().for_each(|(place, share)| weights[*place] += share);
                }
                fine.density(&kernel, &weights)
            }
            None => {
                let dots: Vec<Dot> = (0..n).map(|_| uniform(kind, &mut rng)).collect();
                Masses::new(&kernel, &dots).density(&vec![1.0; n])
            }
        };
        kernel.z(&density, n).into_iter().fold(f64::NEG_INFINITY, f64::max)
    };
    (0..SAMPLES).into_par_iter().map(one).collect()
}

/// A dot placed anywhere alike; on a slider a whole number of hundredths, 0 to 100.
pub(super) fn uniform(kind: Kind, rng: &mut ChaCha8Rng) -> Dot {
    match kind {
        Kind::Triad => {
            let (u, v): (f64, f64) = (rng.random(), rng.random());
            // The other half of the parallelogram is folded onto the triangle.
            let (u, v) = if u + v > 1.0 { (1.0 - u, 1.0 - v) } else { (u, v) };
            [u, v, (1.0 - u - v).max(0.0)]
        }
        Kind::Slider => level_dot(rng.random_range(0..101)),
        Kind::Stone => [rng.random(), rng.random(), 0.0],
    }
}
