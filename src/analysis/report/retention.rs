//! Who was expected and who told, wave by wave (analysis.md, section 6). With three waves 'time' has two steps, so this is
//! retention with its intervals, not a survival curve.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::study::Study;
use crate::analysis::stats::wilson;

/// Who was expected to tell, by wave and perspective.
pub type Expected = BTreeMap<(String, String), u32>;

/// Who was to tell, and who left the study why.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Roster {
    /// How many were expected.
    pub expected: Expected,
    /// Reason of leaving by participant, of those who left and said why.
    pub exits: BTreeMap<String, String>,
}

/// How many of those who were expected told a story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Retention {
    /// Key of the wave.
    #[schema(example = "2")]
    pub wave: String,
    /// Key of the perspective.
    #[schema(example = "candidate")]
    pub perspective: String,
    /// People who were expected to tell; null if that is not known.
    #[schema(minimum = 0, example = 104)]
    pub expected: Option<u32>,
    /// People of whom there is a story.
    #[schema(minimum = 0, example = 79)]
    pub told: u32,
    /// told / expected, 0 to 1.
    #[schema(minimum = 0, maximum = 1, example = 0.76)]
    pub share: Option<f64>,
    /// Lower end of its 95 % interval (Wilson).
    #[schema(minimum = 0, maximum = 1, example = 0.67)]
    pub low: Option<f64>,
    /// Upper end.
    #[schema(minimum = 0, maximum = 1, example = 0.83)]
    pub high: Option<f64>,
    /// Of those of whom there is a story in the wave before, how many have one in this wave too; null for the first wave.
    #[schema(minimum = 0, example = 71)]
    pub stayed: Option<u32>,
    /// How many had one in the wave before.
    #[schema(minimum = 0, example = 84)]
    pub before: Option<u32>,
}

/// Retention of every wave and perspective that has stories or was expected to have them.
pub fn retention(study: &Study, expected: Option<&Expected>) -> Vec<Retention> {
    let mut told: BTreeMap<(u16, u16), BTreeSet<u32>> = BTreeMap::new();
    for row in 0..study.ids.len() {
        told.entry((study.perspective[row], study.wave[row])).or_default().insert(study.people[row]);
    }
    let mut answer = Vec::new();
    for (p, perspective) in study.perspectives.iter().enumerate() {
        for (w, wave) in study.waves.iter().enumerate() {
            let here = told.get(&(p as u16, w as u16));
            let wanted = expected.and_then(|e| e.get(&(wave.clone(), perspective.clone())).copied());
            if here.is_none() && wanted.is_none() {
                continue;
            }
            let before = w.checked_sub(1).and_then(|w| told.get(&(p as u16, w as u16)));
            answer.push(one(wave, perspective, here, wanted, before));
        }
    }
    answer
}

fn one(
    wave: &str,
    perspective: &str,
    here: Option<&BTreeSet<u32>>,
    expected: Option<u32>,
    before: Option<&BTreeSet<u32>>,
) -> Retention {
    let told = here.map_or(0, BTreeSet::len) as u32;
    // More may have told than were expected: late joiners, or a list that was not kept.
    let share = expected.filter(|e| *e >= told).and_then(|e| wilson::share(told, e));
    Retention {
        wave: wave.to_owned(),
        perspective: perspective.to_owned(),
        expected,
        told,
        share: share.map(|s| s.share),
        low: share.map(|s| s.low),
        high: share.map(|s| s.high),
        stayed: before.map(|b| here.map_or(0, |h| b.intersection(h).count()) as u32),
        before: before.map(|b| b.len() as u32),
    }
}
