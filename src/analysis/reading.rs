//! How a story of some framework version is read into the columns of the newest definitions.
//!
//! - A signifier that the version does not have, or has with another kind: `notAsked`.
//! - Triad and dyad: anchors are matched by key, so shares follow when anchors change places (a dyad is turned round);
//!   with another set of anchors it was another question: `notAsked`.
//! - Scale and choice: points and options are matched by key; a placement with one that the newest definition does
//!   not have, or with several options where it takes one, is `notAsked`.
//! - Stones are matched by key; a stone that the newest definition does not have is left out, and a placement with
//!   none of its stones is `notAsked`.
//!
//! Who is asked (`askedOf`, `showIf`) is decided by the story's own version.

use std::collections::HashMap;
use std::sync::Arc;

use super::cells::{ABSENT, Cells, NOT_ASKED};
use super::layout::{Layout, LensColumn, LensSource, SignifierColumns};
use super::record::StoryRecord;
use super::stats::{grid, zone};
use super::told::{Given, Told, Value};
use crate::domain::framework::{AttributeOf, Framework, ShowIf, Signifier, SignifierKind};
use crate::domain::placement::AnswerState;

/// Reads stories of one framework version.
pub struct Reading<'a> {
    framework: Arc<Framework>,
    /// Position of each signifier of this version.
    places: HashMap<String, usize>,
    /// For each signifier of this version: its columns, and how its answers fit them (none: they do not).
    targets: Vec<(&'a SignifierColumns, Option<Fit>)>,
    /// Attribute columns by key.
    attributes: HashMap<&'a str, (&'a LensColumn, AttributeOf, usize)>,
}

/// How an answer of this version fits the columns.
#[derive(Debug, Clone, Copy)]
enum Fit {
    /// Which share of the placement goes to top, left and right.
    Triad([usize; 3]),
    /// Whether left and right changed places.
    Dyad { turned: bool },
    /// By the keys of its parts.
    Keys,
}

impl<'a> Reading<'a> {
    /// How stories of `framework` go into `layout`.
    pub fn of(framework: &Arc<Framework>, layout: &'a Layout) -> Self {
        let targets = framework.signifiers.iter().map(|s| {
            let columns = layout.signifier(&s.key).expect("the layout has every signifier of every version");
            (columns, fit(s, columns.definition()))
        });
        let attributes = layout.lens.iter().filter_map(|l| match l.source {
            LensSource::Attribute(of, at) => Some((l.key.as_str(), (l, of, at))),
            LensSource::Background(_) => None,
        });
        Self {
            framework: framework.clone(),
            places: framework.signifiers.iter().enumerate().map(|(i, s)| (s.key.clone(), i)).collect(),
            targets: targets.collect(),
            attributes: attributes.collect(),
        }
    }

    /// Writes the answers and attributes of one story into row `row` of `cells`.
    pub fn write(&self, record: &StoryRecord, told: &Told<'_>, row: usize, cells: &mut [Cells]) {
        let perspective = record.perspective.as_str();
        let mut given: Vec<Option<&Given>> = vec![None; self.targets.len()];
        for (key, answer) in &told.placements.0 {
            if let Some(place) = self.places.get(&**key) {
                given[*place] = Some(answer);
            }
        }
        for place in 0..self.targets.len() {
            let signifier = &self.framework.signifiers[place];
            let is_asked = signifier.is_asked_of(perspective)
                && signifier.show_if.iter().all(|c| self.holds(c, perspective, given[place].is_some(), &given));
            if !is_asked {
                // What was sent for a question that was hidden afterwards is no answer, nor a reason to show others.
                given[place] = None;
                continue;
            }
            let (columns, fit) = &self.targets[place];
            if let Some(fit) = fit {
                write_answer(*fit, columns, signifier, given[place], row, cells);
            }
        }
        let of_people = record.attributes.iter().map(|(key, option)| (key.as_str(), option.as_str(), false));
        let of_story = told.attributes.0.iter().map(|(key, option)| (&**key, &*option.0, true));
        for (key, option, is_story) in of_people.chain(of_story) {
            let Some((column, of, at)) = self.attributes.get(key) else { continue };
            if is_story == (*of == AttributeOf::Story)
                && let Some(code) = column.code(option)
            {
                cells[*at].set_code(row, code);
            }
        }
    }

    /// Whether a condition for showing a question holds. `is_given`: the question has a placement.
    fn holds(&self, condition: &ShowIf, perspective: &str, is_given: bool, given: &[Option<&Given>]) -> bool {
        if !condition.perspectives.is_empty() && !condition.perspectives.iter().any(|p| p == perspective) {
            return false;
        }
        let Some(place) = condition.signifier.as_ref().and_then(|key| self.places.get(key)) else { return true };
        match given[*place] {
            Some(Given { state: AnswerState::Answered, value: Some(Value { options: Some(taken), .. }) }) => {
                taken.iter().any(|t| condition.options.iter().any(|o| *o == *t.0))
            }
            // A background question is answered in another story: that there is a placement shows that it was asked.
            None if self.framework.signifiers[*place].background => is_given,
            _ => false,
        }
    }
}

fn write_answer(
    fit: Fit,
    columns: &SignifierColumns,
    signifier: &Signifier,
    given: Option<&Given>,
    row: usize,
    cells: &mut [Cells],
) {
    let state = given.map_or(AnswerState::Skipped, |g| g.state);
    let code = match given.and_then(|g| g.value.as_ref()).filter(|_| state == AnswerState::Answered) {
        Some(value) if !write_value(fit, columns.definition(), value, row, &mut cells[columns.first_value()..]) => NOT_ASKED,
        None if state == AnswerState::Answered && signifier.kind != SignifierKind::Text => NOT_ASKED,
        _ => state as u8,
    };
    cells[columns.first].set_byte(row, code);
    if columns.said.is_some() {
        cells[columns.first + 1].set_byte(row, if given.is_none() { ABSENT } else { code });
    }
}

/// Writes a value; false, and nothing written, if it does not fit the definition.
fn write_value(fit: Fit, definition: &Signifier, value: &Value<'_>, row: usize, cells: &mut [Cells]) -> bool {
    match (definition.kind, fit) {
        (SignifierKind::Triad, Fit::Triad(from)) => {
            let Some(shares) = value.shares else { return false };
            let shares = from.map(|i| shares[i]);
            (0..3).for_each(|i| cells[i].set_number(row, shares[i]));
            cells[3].set_byte(row, zone::zone(shares) as u8);
        }
        (SignifierKind::Dyad, Fit::Dyad { turned }) => {
            let Some(position) = value.position else { return false };
            let position = if turned { 1.0 - position } else { position };
            cells[0].set_number(row, position);
            cells[1].set_byte(row, grid::bin(position));
        }
        (SignifierKind::Stones, _) => {
            let mut any = false;
            for stone in value.stones.iter().flatten() {
                let Some(i) = definition.stones.iter().position(|s| s.key == stone.key) else { continue };
                cells[3 * i].set_number(row, stone.x);
                cells[3 * i + 1].set_number(row, stone.y);
                cells[3 * i + 2].set_byte(row, grid::cell(stone.x, stone.y));
                any = true;
            }
            return any;
        }
        (SignifierKind::Scale, _) => {
            let Some(number) = value.point.as_ref().and_then(|p| definition.point_number(&p.0)) else { return false };
            cells[0].set_byte(row, number as u8);
        }
        (SignifierKind::Choice, _) => return write_options(definition, value, row, cells),
        _ => {}
    }
    true
}

fn write_options(definition: &Signifier, value: &Value<'_>, row: usize, cells: &mut [Cells]) -> bool {
    let Some(taken) = value.options.as_ref() else { return false };
    let place = |key: &str| definition.options.iter().position(|o| o.key == key);
    let all_known = taken.iter().all(|t| place(&t.0).is_some());
    if taken.is_empty() || !all_known || (taken.len() > 1 && !definition.multiple) {
        return false;
    }
    if definition.multiple {
        cells[..definition.options.len()].iter_mut().for_each(|c| c.set_byte(row, 0));
    }
    for place in taken.iter().filter_map(|t| place(&t.0)) {
        match definition.multiple {
            true => cells[place].set_byte(row, 1),
            false => cells[0].set_byte(row, place as u8),
        }
    }
    true
}

/// How answers to `told`, the definition of a story's own version, fit the columns of `newest`.
fn fit(told: &Signifier, newest: &Signifier) -> Option<Fit> {
    if told.kind != newest.kind {
        return None;
    }
    let place = |i: usize| told.anchors.iter().position(|a| a.key == newest.anchors[i].key);
    match newest.kind {
        SignifierKind::Triad => Some(Fit::Triad([place(0)?, place(1)?, place(2)?])),
        SignifierKind::Dyad => {
            let ends = [place(0)?, place(1)?];
            Some(Fit::Dyad { turned: ends[0] > ends[1] })
        }
        _ => Some(Fit::Keys),
    }
}
