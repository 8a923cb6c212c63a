//! The answers in one row as placements of ours.

use serde_json::{Value, json};

use super::definition::{Kind, Part};
use super::places::Asked;
use crate::domain::framework::Framework;
use crate::domain::placement;
use crate::domain::problem::Problems;
use crate::exchange::report::{RowError, Tally};
use crate::exchange::rows::{Row, number};

/// How far outside its figure a point may lie and still be moved to the edge.
const EDGE: f64 = 0.02;

/// How far two columns that say the same may differ.
const SAME: f64 = 0.02;

/// Reads one row, collecting what is wrong and counting what is changed.
pub(super) struct Answers<'a> {
    pub row: &'a Row,
    pub header: &'a [String],
    pub delimiter: u8,
    pub framework: &'a Framework,
    pub tally: &'a mut Tally,
    pub errors: Vec<RowError>,
}

impl Answers<'_> {
    /// The placement, unless the question was skipped or its answer cannot be used.
    pub fn placement(&mut self, asked: &Asked<'_>) -> Option<Value> {
        let not_applicable = asked.not_applicable.is_some_and(|at| self.is_ticked(at));
        let value = match &asked.question.kind {
            Kind::Triad(_) => self.triad(asked),
            Kind::Dyad(_) => self.dyad(asked),
            Kind::Stones(stones) => self.stones(asked, stones),
            Kind::Choice { options, multiple } => self.choice(asked, options, *multiple),
            Kind::Text => asked.whole.map(|at| self.cell(at)).filter(|t| !t.trim().is_empty()).map(|t| json!({"text": t})),
        };
        if not_applicable && value.is_some() {
            self.count(asked, "notApplicableWithValue", "is marked as not applicable and has a value: the mark was taken");
        }
        match value {
            _ if not_applicable => Some(json!({"state": "notApplicable"})),
            Some(value) => Some(json!({"state": "answered", "value": value})),
            None => None,
        }
    }

    fn triad(&mut self, asked: &Asked<'_>) -> Option<Value> {
        let anchors: Vec<Option<f64>> = asked.parts.iter().map(|at| self.number(*at)).collect();
        let [x, y] = asked.point.map(|at| self.number(at));
        let from_point = x.zip(y).map(|(x, y)| [y, 1.0 - x - y / 2.0, x - y / 2.0]);
        let told: Option<Vec<f64>> = anchors.iter().copied().collect();
        let told = told.and_then(|shares| <[f64; 3]>::try_from(shares).ok());
        if told.is_none() && from_point.is_none() {
            if anchors.iter().any(Option::is_some) || x.is_some() || y.is_some() {
                self.count(asked, "incompletePlacement", "has only a part of a placement: it counts as skipped");
            }
            return None;
        }
        let usable = |shares: &[f64; 3]| self.is_usable(asked, &json!({"shares": shares}));
        let (told, from_point) = (told.filter(usable), from_point.filter(usable));
        let Some(shares) = told.or(from_point) else {
            self.count(asked, "placementOutside", "has a placement outside the triangle: it counts as skipped");
            return None;
        };
        match (told, from_point) {
            (Some(a), Some(b)) if a.iter().zip(&b).any(|(a, b)| (a - b).abs() > SAME) => {
                self.count(asked, "inconsistentPlacement", "has shares that differ from its point: the shares were taken");
            }
            (None, Some(_)) => self.count(asked, "sharesComputed", "has no usable shares: they were computed from the point"),
            _ => {}
        }
        if shares.iter().any(|s| *s < 0.0) {
            self.count(asked, "shareBelowZero", "has a share slightly below zero: it was taken as zero");
        } else if shares.contains(&0.0) {
            self.count(asked, "shareZero", "has a share of exactly zero");
        }
        let mut value = json!({"shares": shares});
        let in_range = |n: f64| (-0.1..=1.1).contains(&n);
        if let Some((x, y)) = x.zip(y).filter(|(x, y)| in_range(*x) && in_range(*y)) {
            value["placement"] = json!({"x": x, "y": y});
        }
        Some(value)
    }

    fn dyad(&mut self, asked: &Asked<'_>) -> Option<Value> {
        let position = self.number(asked.point[0]);
        let anchors = [asked.parts[0], asked.parts[1]].map(|at| self.number(at));
        let from_anchors = anchors[0].zip(anchors[1]).map(|(left, right)| right / (left + right)).filter(|p| p.is_finite());
        match (position, from_anchors) {
            (Some(a), Some(b)) if (a - b).abs() > SAME => {
                self.count(asked, "inconsistentPlacement", "has shares that differ from its position: the position was taken");
            }
            (Some(_), None) => self.count(asked, "anchorsEmpty", "has no shares of the two ends: they follow from the position"),
            (None, Some(_)) => self.count(asked, "positionComputed", "has no position: it was computed from the two ends"),
            (None, None) if anchors.iter().any(Option::is_some) => {
                self.count(asked, "incompletePlacement", "has only a part of a placement: it counts as skipped");
            }
            _ => {}
        }
        let position = self.on_figure(asked, position.or(from_anchors)?)?;
        Some(json!({"position": position}))
    }

    fn stones(&mut self, asked: &Asked<'_>, stones: &[Part]) -> Option<Value> {
        let mut placed = Vec::new();
        for (stone, at) in stones.iter().zip(asked.parts.chunks(2)) {
            match (self.number(at[0]), self.number(at[1])) {
                (Some(x), Some(y)) => {
                    let on_canvas = (self.on_figure(asked, x), self.on_figure(asked, y));
                    if let (Some(x), Some(y)) = on_canvas {
                        placed.push(json!({"key": stone.key, "x": x, "y": y}));
                    }
                }
                (None, None) => {}
                _ => self.count(asked, "incompletePlacement", "has only a part of a placement: it counts as skipped"),
            }
        }
        (!placed.is_empty()).then(|| json!({"stones": placed}))
    }

    /// A coordinate from 0 to 1. A little outside it is moved to the edge, further off it cannot be used.
    fn on_figure(&mut self, asked: &Asked<'_>, coordinate: f64) -> Option<f64> {
        let nearest = coordinate.clamp(0.0, 1.0);
        if nearest == coordinate {
            return Some(coordinate);
        }
        if (nearest - coordinate).abs() <= EDGE {
            self.count(asked, "movedToEdge", "was placed slightly outside its figure: it was moved to the edge");
            return Some(nearest);
        }
        self.count(asked, "placementOutside", "has a placement outside its figure: it counts as skipped");
        None
    }

    fn choice(&mut self, asked: &Asked<'_>, options: &[Part], multiple: bool) -> Option<Value> {
        let mut taken: Vec<&str> = Vec::new();
        for (option, at) in options.iter().zip(&asked.parts) {
            if at.is_some_and(|at| self.is_ticked(at)) {
                taken.push(&option.key);
            }
        }
        let cell = asked.whole.map_or("", |at| self.row.cells[at].trim());
        let named = |name: &str| options.iter().find(|o| o.id == name || !o.image.is_empty() && o.image == name);
        let names: Vec<&str> = if named(cell).is_some() { vec![cell] } else { cell.split(['|', ';', ',']).collect() };
        for name in names.into_iter().map(str::trim).filter(|n| !n.is_empty()) {
            match named(name) {
                Some(option) if taken.contains(&option.key.as_str()) => {}
                Some(option) => taken.push(&option.key),
                None => self.count(asked, "unknownItem", "was answered with something that is not on its list: left out"),
            }
        }
        if taken.len() > 1 && !multiple {
            self.count(asked, "tooManyItems", "takes one answer and has more: it counts as skipped");
            return None;
        }
        (!taken.is_empty()).then(|| json!({"options": taken}))
    }

    /// Whether our own rules take this value.
    fn is_usable(&self, asked: &Asked<'_>, value: &Value) -> bool {
        let mut problems = Problems::default();
        if let Some(signifier) = self.framework.signifier(&asked.question.key) {
            placement::check(signifier, &json!({"state": "answered", "value": value}), "$", &mut problems);
        }
        problems.is_empty()
    }

    fn cell(&self, at: usize) -> &str {
        &self.row.cells[at]
    }

    fn number(&mut self, at: Option<usize>) -> Option<f64> {
        let at = at?;
        let cell = self.row.cells[at].trim();
        let read = number(cell, self.delimiter);
        if read.is_none() && !cell.is_empty() {
            self.error(at, "notANumber", "this cell must hold a number");
        }
        read
    }

    /// Whether a cell that is 1 or blank is 1.
    fn is_ticked(&mut self, at: usize) -> bool {
        match self.row.cells[at].trim().to_ascii_lowercase().as_str() {
            "" | "0" | "false" => false,
            "1" | "1.0" | "true" => true,
            _ => {
                self.error(at, "wrongType", "this cell must be 1 or empty");
                false
            }
        }
    }

    fn error(&mut self, at: usize, code: &str, message: &str) {
        self.errors.push(RowError::new(self.row.number, Some(&self.header[at]), code, message));
    }

    fn count(&mut self, asked: &Asked<'_>, code: &'static str, what: &str) {
        self.tally.count(code, Some(&asked.question.id), || format!("{:?} {what}", asked.question.title));
    }
}
