//! Background questions are asked once per participant, and hold for all stories of the unit.
//!
//! So a lens on an age band selects every story about people in that band, from any wave and perspective, and a story
//! in which the question did not come up again does not count as skipped.

use polars::prelude::DataFrame;

use super::cells::{ABSENT, Columns, NO_BYTE, NOT_ASKED, column};
use super::dictionary::NO_CODE;
use super::layout::{Layout, LensSource, UNIT, WAVE};
use super::units::UnitSet;
use crate::domain::placement::AnswerState;

/// Fills what depends on other stories of the same unit: states and lens columns of background questions. Looks
/// at what each story says itself only, so it may run again after rows were added or replaced.
pub fn settle(data: &mut DataFrame, layout: &Layout, units: usize) {
    for signifier in &layout.signifiers {
        if let Some(said) = &signifier.said {
            let states = states(data.bytes(said), data.counts(UNIT), units);
            put(data, column(&signifier.state, states));
        }
    }
    for lens in &layout.lens {
        if let LensSource::Background(i) = lens.source {
            let codes = spread(data, &layout.signifiers[i].values[0], units);
            put(data, column(&lens.column, codes));
        }
    }
}

fn put(data: &mut DataFrame, column: polars::prelude::Column) {
    data.with_column(column).expect("a column as long as the frame");
}

/// A question not mentioned in a story was skipped, unless another story of the unit has an answer or state for it:
/// then it was asked there, and not here.
fn states(said: &[u8], unit: &[u32], units: usize) -> Vec<u8> {
    let mut asked = UnitSet::new(units);
    for (said, unit) in said.iter().zip(unit) {
        if *said < NOT_ASKED {
            asked.insert(*unit);
        }
    }
    let settled = said.iter().zip(unit).map(|(said, unit)| match *said {
        ABSENT if asked.contains(*unit) => NOT_ASKED,
        ABSENT => AnswerState::Skipped as u8,
        other => other,
    });
    settled.collect()
}

/// The story's own answer, else the unit's answer from the earliest wave (of that wave the lowest story id).
fn spread(data: &DataFrame, option: &str, units: usize) -> Vec<u16> {
    let (own, unit, wave) = (data.bytes(option), data.counts(UNIT), data.codes(WAVE));
    let mut first: Vec<(u16, u16)> = vec![(u16::MAX, NO_CODE); units];
    for row in (0..own.len()).filter(|row| own[*row] != NO_BYTE) {
        let kept = &mut first[unit[row] as usize];
        if kept.1 == NO_CODE || wave[row] < kept.0 {
            *kept = (wave[row], u16::from(own[row]));
        }
    }
    let settled = own.iter().zip(unit).map(|(own, unit)| match *own {
        NO_BYTE => first[*unit as usize].1,
        own => u16::from(own),
    });
    settled.collect()
}
