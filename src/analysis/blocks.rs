//! Blocks: the smallest groups of stories that answers for a workgroup are made of.
//!
//! Neighbouring questions alone do not protect: if 'a' and 'b' of three options may be asked, and all together too, then
//! 'c' follows by subtraction, however small it is. So small cells are joined before anything is asked. A *place* is a
//! wave and a perspective; places with few participants are one place together with the smallest others. The options of
//! the attributes of a lens (having none is an option) with few participants in some place are one option in all places,
//! again with the smallest others until nothing small is left. A block is an option in a place, and a lens may select
//! whole blocks only. Then whatever is added to and subtracted from such answers stays the same if people change between
//! joined options, so any of them may have nobody or everybody of its block. (Joined in one place only, it would not:
//! who is known in one place cannot be fewer over all.) Blocks follow from the study, not from who asked what.
//!
//! With several attributes at once joining is not enough: options may be asked for by each attribute alone too, and the
//! one less the other leaves what was joined. There each combination has nobody or enough people in every place, or none of
//! these attributes may be combined.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::cells::Columns;
use super::layout::{PERSPECTIVE, UNIT, WAVE};
use super::select::conditions;
use super::snapshot::Snapshot;
use super::units::distinct;
use crate::domain::lens::Lens;

/// Whether the lens (without its regions) names joined places and joined options all or not at all. That some of them
/// have nobody in some place makes no difference: to name them apart would tell.
pub fn is_whole(snapshot: &Snapshot, lens: &Lens, least: u32) -> bool {
    let units = snapshot.frame.data.counts(UNIT);
    let people = Joining { units, codes: snapshot.dictionaries.units.len(), least };
    let places = people.join(&vec![0; units.len()], &places(snapshot));
    let of_places = Lens { attributes: BTreeMap::new(), ..lens.clone() };
    let of_options = Lens { waves: Vec::new(), perspectives: Vec::new(), ..lens.clone() };
    let is_option_whole = || match options(snapshot, lens) {
        Some(options) if lens.attributes.len() > 1 && !people.are_all_large(&places, &options) => false,
        Some(options) => is_same(&people.join(&places, &options), &selected(snapshot, &of_options)),
        None => true,
    };
    is_same(&places, &selected(snapshot, &of_places)) && is_option_whole()
}

/// By story, whether it meets the conditions of a lens.
fn selected(snapshot: &Snapshot, lens: &Lens) -> Vec<bool> {
    let mut selected = vec![true; snapshot.stories()];
    for condition in conditions(snapshot, lens) {
        selected.iter_mut().zip(condition.codes).for_each(|(selected, code)| *selected &= condition.admits(*code));
    }
    selected
}

/// Whether all stories of a cell are selected, or none.
fn is_same(cells: &[u32], selected: &[bool]) -> bool {
    let mut found: HashMap<u32, bool> = HashMap::new();
    cells.iter().zip(selected).all(|(cell, selected)| *found.entry(*cell).or_insert(*selected) == *selected)
}

/// By story, wave and perspective as one number.
fn places(snapshot: &Snapshot) -> Vec<u64> {
    let data = &snapshot.frame.data;
    let pairs = data.codes(WAVE).iter().zip(data.codes(PERSPECTIVE));
    pairs.map(|(wave, perspective)| u64::from(*wave) << 16 | u64::from(*perspective)).collect()
}

/// By story, the options of the attributes of the lens as one number; none if it has no attribute.
pub fn options(snapshot: &Snapshot, lens: &Lens) -> Option<Vec<u64>> {
    let columns = lens.attributes.keys().filter_map(|key| snapshot.layout.lens_column(key));
    let mut combined: Option<Vec<u64>> = None;
    for column in columns {
        let codes = snapshot.frame.data.codes(&column.column).iter().map(|c| u64::from(*c));
        combined = Some(match combined {
            None => codes.collect(),
            Some(before) => numbered(before.into_iter().zip(codes)).into_iter().map(u64::from).collect(),
        });
    }
    combined
}

/// Numbers for values, equal for equal ones.
fn numbered<T: std::hash::Hash + Eq>(values: impl Iterator<Item = T>) -> Vec<u32> {
    let mut numbers: HashMap<T, u32> = HashMap::new();
    values
        .map(|v| {
            let next = numbers.len() as u32;
            *numbers.entry(v).or_insert(next)
        })
        .collect()
}

/// Joins small cells.
struct Joining<'a> {
    units: &'a [u32],
    codes: usize,
    least: u32,
}

impl Joining<'_> {
    /// By story the number of its value, after joining. Values that few people have in some group are one value
    /// in all groups, with the smallest others (of equal ones the lowest).
    fn join(&self, groups: &[u32], values: &[u64]) -> Vec<u32> {
        let mut people: BTreeMap<u64, ByGroup> = BTreeMap::new();
        for ((group, value), unit) in groups.iter().zip(values).zip(self.units) {
            people.entry(*value).or_default().entry(*group).or_default().push(*unit);
        }
        let count = |cells: &ByGroup| distinct(cells.values().flatten().copied(), self.codes);
        let mut in_order: Vec<(bool, u32, u64, ByGroup)> =
            people.into_iter().map(|(value, cells)| (!self.is_small(&cells), count(&cells), value, cells)).collect();
        in_order.sort();
        let (mut pool, mut joined) = (ByGroup::new(), HashSet::new());
        for (is_large, _, value, cells) in in_order {
            if is_large && !self.is_small(&pool) {
                break;
            }
            joined.insert(value);
            cells.into_iter().for_each(|(group, units)| pool.entry(group).or_default().extend(units));
        }
        let cell = |value: &u64| Some(*value).filter(|v| !joined.contains(v));
        numbered(values.iter().map(cell))
    }

    /// Whether every value that occurs in a group has enough people there.
    fn are_all_large(&self, groups: &[u32], values: &[u64]) -> bool {
        let mut people: BTreeMap<(u32, u64), Vec<u32>> = BTreeMap::new();
        for ((group, value), unit) in groups.iter().zip(values).zip(self.units) {
            people.entry((*group, *value)).or_default().push(*unit);
        }
        people.into_values().all(|units| distinct(units, self.codes) >= self.least)
    }

    /// Whether some group has people, but few.
    fn is_small(&self, cells: &ByGroup) -> bool {
        cells.values().any(|units| distinct(units.iter().copied(), self.codes) < self.least)
    }
}

/// Units by group.
type ByGroup = BTreeMap<u32, Vec<u32>>;

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(counts: &[usize]) -> Vec<u32> {
        let values: Vec<u64> = counts.iter().enumerate().flat_map(|(v, n)| vec![v as u64; *n]).collect();
        let units: Vec<u32> = (0..values.len() as u32).collect();
        let cells = Joining { units: &units, codes: units.len(), least: 5 }.join(&vec![0; units.len()], &values);
        (0..counts.len()).map(|v| cells[values.iter().position(|x| *x == v as u64).unwrap()]).collect()
    }

    #[test]
    fn small_cells_are_joined_with_the_smallest_others() {
        assert_eq!(joined(&[20, 6, 5]), [0, 1, 2]);
        assert_eq!(joined(&[20, 6, 4]), [0, 1, 1], "one small cell takes the smallest other");
        assert_eq!(joined(&[20, 3, 2, 7]), [0, 1, 1, 2], "two that are enough together take no other");
        assert_eq!(joined(&[3, 20]), [0, 0]);
        assert_eq!(joined(&[2, 2]), [0, 0]);
    }

    #[test]
    fn what_is_small_in_one_place_is_joined_in_all() {
        // Two places; value 1 has ten people in the first and two in the second.
        let people = [(0, 0, 20), (0, 1, 10), (0, 2, 6), (1, 0, 20), (1, 1, 2), (1, 2, 6)];
        let stories = people.into_iter().flat_map(|(group, value, n)| vec![(group, value); n]);
        let (groups, values): (Vec<u32>, Vec<u64>) = stories.unzip();
        let units: Vec<u32> = (0..groups.len() as u32).collect();
        let cells = Joining { units: &units, codes: units.len(), least: 5 }.join(&groups, &values);
        let cell = |group, value| cells[groups.iter().zip(&values).position(|p| p == (&group, &value)).unwrap()];
        assert_eq!(cell(0, 1), cell(0, 2));
        assert_eq!(cell(1, 1), cell(1, 2));
        assert!(cell(0, 0) != cell(0, 1) && cell(0, 1) == cell(1, 1));
    }
}
