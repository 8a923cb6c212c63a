//! Who is in the study when: entering, leaving, missing a wave, declining, withdrawing.

use rand_chacha::ChaCha20Rng;

use super::calendar::WAVES;
use super::draw::{chance, shuffled, weighted};

/// How many people start at each wave.
const ENTRANTS: [usize; WAVES] = [96, 18, 12];

/// How somebody's time in the study ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Stays,
    /// Leaves after this wave, for a reason.
    Leaves {
        reason: &'static str,
        after: usize,
    },
    Withdrawn,
}

/// People who start at a wave and end in this way: wave, fate, how many.
const ENDINGS: &[(usize, Fate, usize)] = &[
    (0, leaves("stopped", 0), 9),
    (0, leaves("stopped", 1), 6),
    (0, leaves("work", 0), 5),
    (0, leaves("work", 1), 9),
    (0, leaves("education", 0), 1),
    (0, leaves("education", 1), 2),
    (0, leaves("other-track", 0), 2),
    (0, leaves("other-track", 1), 2),
    (0, leaves("unknown", 0), 2),
    (0, leaves("unknown", 1), 1),
    (0, Fate::Withdrawn, 3),
    (1, leaves("work", 1), 2),
    (1, leaves("unknown", 1), 1),
    (1, Fate::Withdrawn, 1),
    (2, Fate::Withdrawn, 1),
];

const fn leaves(reason: &'static str, after: usize) -> Fate {
    Fate::Leaves { reason, after }
}

/// Everybody in the study, as the wave of entry and the way it ends, in a random order.
pub(super) fn everybody(rng: &mut ChaCha20Rng) -> Vec<(usize, Fate)> {
    let mut all = Vec::new();
    for (entry, entrants) in ENTRANTS.iter().enumerate() {
        let endings = ENDINGS.iter().filter(|(wave, ..)| *wave == entry);
        let fates: Vec<Fate> = endings.flat_map(|(_, fate, many)| std::iter::repeat_n(*fate, *many)).collect();
        let stay = entrants - fates.len();
        all.extend(fates.into_iter().chain(std::iter::repeat_n(Fate::Stays, stay)).map(|fate| (entry, fate)));
    }
    shuffled(rng, all)
}

/// The state of somebody's participation in each wave. Regular people (`habit` near 1) miss less.
pub(super) fn states(entry: usize, fate: Fate, habit: f64, rng: &mut ChaCha20Rng) -> [&'static str; WAVES] {
    std::array::from_fn(|wave| {
        let drawn = drawn_state(wave, habit, rng);
        match fate {
            _ if wave < entry => "notApplicable",
            Fate::Withdrawn => "withdrawn",
            Fate::Leaves { reason: "unknown", after } if wave == after + 1 && wave + 1 < WAVES => "missed",
            Fate::Leaves { after, .. } if wave > after => "notApplicable",
            Fate::Leaves { reason: "stopped", .. } if wave == entry => "completed",
            _ => drawn,
        }
    })
}

/// A closed wave is told, missed or declined; in the open wave some still have to tell.
fn drawn_state(wave: usize, habit: f64, rng: &mut ChaCha20Rng) -> &'static str {
    let absent = 2.0 * (1.0 - habit);
    if wave + 1 == WAVES {
        let weights = [0.82, 0.10 * absent, 0.05 * absent, 0.04 * absent];
        return ["completed", "expected", "started", "declined"][weighted(rng, &weights)];
    }
    ["completed", "missed", "declined"][weighted(rng, &[0.87, 0.09 * absent, 0.04 * absent])]
}

/// Whether others may tell about somebody whose participation is in this state.
pub(super) fn may_be_told_about(state: &str) -> bool {
    matches!(state, "completed" | "missed" | "expected" | "started")
}

/// Whether a professional tells about a participant in a wave.
pub(super) fn professional_tells(coach: bool, wave: usize, rng: &mut ChaCha20Rng) -> bool {
    let usual = if coach { 0.84 } else { 0.76 };
    chance(rng, if wave + 1 == WAVES { usual - 0.08 } else { usual })
}
