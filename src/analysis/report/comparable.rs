//! Which layers may be compared by following the same people: for a workgroup the people that two layers share are a
//! population of their own (analysis.md, section 8). What may not be compared is not computed, so that it is in no family.
//!
//! People are divided by where they told (in the first layer, the second, or both) and, under a lens with attributes, by
//! their options there, also those that the lens does not select. Each part has nobody or enough people, so nothing small
//! follows from subtracting one comparison from another or from a layer.

use std::collections::{BTreeMap, BTreeSet};

use super::study::{Layer, Study};
use crate::analysis::blocks;
use crate::analysis::cells::Columns;
use crate::analysis::dictionary::{NO_TELLER, UnitKind};
use crate::analysis::layout::{PERSPECTIVE, TELLER, UNIT, UNIT_KIND, WAVE};
use crate::analysis::protect::Viewer;
use crate::analysis::select::select;
use crate::analysis::snapshot::Snapshot;
use crate::domain::disclosure::{MIN_TELLERS, Thresholds};
use crate::domain::lens::Lens;

/// Positions of a wave and a perspective in the study.
pub type Place = (u16, u16);

/// Which layers may be compared.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparable {
    /// All: researchers follow everybody.
    All,
    /// Some.
    Some {
        /// Every two places, the lower first.
        pairs: BTreeSet<(Place, Place)>,
        /// Perspectives in which all waves may be followed at once.
        trends: BTreeSet<u16>,
    },
}

impl Comparable {
    /// What a protected viewer may compare of these permitted layers.
    pub fn of(snapshot: &Snapshot, study: &Study, layers: &[Layer], lens: &Lens, viewer: Viewer) -> Self {
        let told = Told::of(snapshot, lens);
        let permitted: BTreeSet<Place> = layers.iter().filter_map(|l| place_of(study, l)).collect();
        let places: Vec<Place> = permitted.iter().copied().collect();
        let may = |places: &[Place]| told.may_follow(places, viewer.thresholds);
        let mut pairs = BTreeSet::new();
        for (i, a) in places.iter().enumerate() {
            let others = places[i + 1..].iter().filter(|b| (a.0 == b.0) != (a.1 == b.1));
            pairs.extend(others.filter(|b| may(&[*a, **b])).map(|b| (*a, *b)));
        }
        let of_perspective = |p: &u16| (0..study.waves.len() as u16).map(|w| (w, *p)).collect::<Vec<Place>>();
        let may_trend = |p: &u16| {
            let waves = of_perspective(p);
            waves.iter().all(|place| permitted.contains(place)) && may(&waves)
        };
        let trends = (0..study.perspectives.len() as u16).filter(may_trend).collect();
        Self::Some { pairs, trends }
    }

    /// Whether two layers may be compared.
    pub fn may_compare(&self, a: (usize, usize), b: (usize, usize)) -> bool {
        let place = |(wave, perspective): (usize, usize)| (wave as u16, perspective as u16);
        match self {
            Self::All => true,
            Self::Some { pairs, .. } => pairs.contains(&(place(a).min(place(b)), place(a).max(place(b)))),
        }
    }

    /// Whether all waves of a perspective may be followed at once.
    pub fn may_follow(&self, perspective: usize) -> bool {
        match self {
            Self::All => true,
            Self::Some { trends, .. } => trends.contains(&(perspective as u16)),
        }
    }
}

fn place_of(study: &Study, layer: &Layer) -> Option<Place> {
    let row = *layer.rows.first()? as usize;
    Some((study.wave[row], study.perspective[row]))
}

/// What somebody is known by at a place: whether they can be followed, and their options (a story may have its own).
type Known = (bool, BTreeSet<u64>);

/// Who told where, of everybody, and who of them the lens selects.
struct Told {
    known: BTreeMap<Place, BTreeMap<u32, Known>>,
    selected: BTreeMap<Place, BTreeMap<u32, BTreeSet<u32>>>,
}

impl Told {
    fn of(snapshot: &Snapshot, lens: &Lens) -> Self {
        let data = &snapshot.frame.data;
        let (waves, perspectives) = (data.codes(WAVE), data.codes(PERSPECTIVE));
        let (units, kinds, tellers) = (data.counts(UNIT), data.bytes(UNIT_KIND), data.counts(TELLER));
        let options = blocks::options(snapshot, lens);
        let everywhere = Lens { waves: Vec::new(), perspectives: Vec::new(), regions: Vec::new(), ..lens.clone() };
        let selection = select(snapshot, &everywhere, false);
        let mut told = Self { known: BTreeMap::new(), selected: BTreeMap::new() };
        for row in 0..snapshot.stories() {
            let (place, unit) = ((waves[row], perspectives[row]), units[row]);
            let is_known = kinds[row] != UnitKind::Story as u8;
            let (_, own) = told.known.entry(place).or_default().entry(unit).or_insert_with(|| (is_known, BTreeSet::new()));
            own.extend(options.as_ref().map(|o| o[row]));
            if selection.rows[row] && is_known {
                // A story without a teller counts by its unit.
                let teller = if tellers[row] == NO_TELLER { u32::MAX - unit } else { tellers[row] };
                told.selected.entry(place).or_default().entry(unit).or_default().insert(teller);
            }
        }
        told
    }

    /// Whether the people who told at all of these places may be followed.
    fn may_follow(&self, places: &[Place], thresholds: Thresholds) -> bool {
        let mut parts: BTreeMap<Vec<Option<&Known>>, u32> = BTreeMap::new();
        let at = |place: &Place| self.known.get(place);
        let everybody: BTreeSet<u32> = places.iter().filter_map(at).flat_map(|people| people.keys().copied()).collect();
        for unit in everybody {
            *parts.entry(places.iter().map(|p| at(p)?.get(&unit)).collect()).or_default() += 1;
        }
        let Some(selected) = places.iter().map(|p| self.selected.get(p)).collect::<Option<Vec<_>>>() else { return false };
        let Some((first, rest)) = selected.split_first() else { return false };
        let followed: Vec<u32> = first.keys().copied().filter(|unit| rest.iter().all(|p| p.contains_key(unit))).collect();
        let tellers = |people: &BTreeMap<u32, BTreeSet<u32>>| {
            followed.iter().filter_map(|unit| people.get(unit)).flatten().collect::<BTreeSet<_>>().len() as u32
        };
        parts.values().all(|people| *people >= thresholds.cell)
            && followed.len() as u32 >= thresholds.population
            && selected.iter().all(|people| tellers(people) >= MIN_TELLERS)
    }
}
