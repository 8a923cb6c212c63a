//! One row of the stories table as the body of a story, collecting what is wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::read::{Question, Spot, Version};
use super::state_name;
use crate::domain::framework::check::PERMISSION;
use crate::domain::framework::{Attribute, AttributeOf, SignifierKind};
use crate::domain::placement::AnswerState;
use crate::exchange::guard::unguard;
use crate::exchange::report::RowError;
use crate::exchange::rows::{Row, number};

/// Reads one row, collecting what is wrong.
pub(super) struct RowReader<'a> {
    row: &'a Row,
    places: &'a HashMap<String, usize>,
    delimiter: u8,
    pub errors: Vec<RowError>,
}

impl<'a> RowReader<'a> {
    pub fn new(row: &'a Row, places: &'a HashMap<String, usize>, delimiter: u8) -> Self {
        Self { row, places, delimiter, errors: Vec::new() }
    }

    pub fn error(&mut self, column: &str, code: &str, message: impl Into<String>) {
        self.errors.push(RowError::new(self.row.number, Some(column), code, message));
    }

    /// The text of a cell; of a column that the file has not, the empty text.
    pub fn named(&self, column: &str) -> &'a str {
        self.at(self.places.get(column).copied())
    }

    fn at(&self, place: Option<usize>) -> &'a str {
        place.and_then(|at| self.row.cells.get(at)).map_or("", unguard)
    }

    pub fn id(&mut self, seen: &mut HashSet<Uuid>) -> Option<Uuid> {
        let Ok(id) = Uuid::try_parse(self.named("story_id").trim()) else {
            self.error("story_id", "wrongFormat", "the id of a story is a UUID");
            return None;
        };
        if !seen.insert(id) {
            self.error("story_id", "duplicateStory", "an earlier row has the same id");
            return None;
        }
        Some(id)
    }

    pub fn received_at(&mut self) -> Option<DateTime<Utc>> {
        let cell = self.named("received_at").trim();
        if cell.is_empty() {
            return None;
        }
        let read = DateTime::parse_from_rfc3339(cell).ok();
        if read.is_none() {
            self.error("received_at", "wrongFormat", "an instant is written like 2026-03-02T10:00:00Z");
        }
        read.map(|t| t.to_utc())
    }

    /// The framework version that the story answers.
    pub fn version<'v, 'f>(&mut self, versions: &'v BTreeMap<i32, Version<'f>>) -> Option<(i32, &'v Version<'f>)> {
        let cell = self.named("framework_version").trim();
        let found = match cell.parse::<i32>() {
            _ if cell.is_empty() => versions.last_key_value(),
            Ok(number) => versions.get_key_value(&number),
            Err(_) => None,
        };
        if found.is_none() {
            let known: Vec<String> = versions.keys().map(i32::to_string).collect();
            let message = format!("not a framework version of this project; these are: {}", known.join(", "));
            self.error("framework_version", "unknownOption", message);
        }
        found.map(|(number, version)| (*number, version))
    }

    /// The body of the story, and the attributes of its participant.
    pub fn body(
        &mut self,
        number: i32,
        version: &Version<'_>,
        versions: &BTreeMap<i32, Version<'_>>,
    ) -> (Value, BTreeMap<String, String>) {
        let mut body = json!({"schema": 1, "frameworkVersion": number, "wave": self.named("wave")});
        body["perspective"] = self.named("perspective").into();
        let default_language = version.framework.default_language.as_str();
        body["language"] = Some(self.named("language")).filter(|l| !l.is_empty()).unwrap_or(default_language).into();
        let optional = [("teller", "teller"), ("participant", "participant"), ("told_on", "toldOn")];
        let texts = [("prompt", "prompt"), ("title", "title"), ("text", "text")];
        for (column, name) in optional.into_iter().chain(texts) {
            let cell = self.named(column);
            if !cell.is_empty() {
                body[name] = cell.into();
            }
        }
        body["permissions"] = self.permissions(versions);
        let (story_attributes, participant_attributes) = self.attributes(version, versions);
        body["attributes"] = story_attributes;
        for list in ["placements", "background"] {
            body[list] = Value::Object(Map::new());
        }
        for question in &version.questions {
            if let Some(placement) = self.placement(question) {
                body[question.list()][&question.signifier.key] = placement;
            }
        }
        (body, participant_attributes)
    }

    fn permissions(&mut self, versions: &BTreeMap<i32, Version<'_>>) -> Value {
        let mut given = Map::new();
        let keys: BTreeSet<&str> = versions.values().flat_map(|v| &v.framework.consents).map(|c| c.key.as_str()).collect();
        for key in keys {
            let column = format!("{PERMISSION}.{key}");
            match self.flag(self.named(&column)) {
                Some(Some(flag)) => _ = given.insert(key.to_owned(), flag.into()),
                Some(None) => {}
                None => self.error(&column, "wrongType", "a permission is 1 or 0"),
            }
        }
        Value::Object(given)
    }

    /// Attributes of the story, and those of the participant or participation.
    fn attributes(&mut self, version: &Version<'_>, versions: &BTreeMap<i32, Version<'_>>) -> (Value, BTreeMap<String, String>) {
        let (mut of_story, mut of_participant) = (Map::new(), BTreeMap::new());
        let everywhere = || versions.values().flat_map(|v| &v.framework.attributes);
        let keys: BTreeSet<&str> = everywhere().map(|a| a.key.as_str()).collect();
        for key in keys {
            let option = self.named(key);
            self.attribute_state(key, option);
            if option.is_empty() {
                continue;
            }
            // An attribute of the participant belongs to no version; one of the story belongs to the story's.
            let of_people = |a: &&Attribute| a.key == key && a.of != AttributeOf::Story;
            let in_version = version.framework.attribute(key);
            if in_version.map_or(everywhere().any(|a| of_people(&a)), |a| a.of != AttributeOf::Story) {
                if !everywhere().filter(of_people).any(|a| a.options.iter().any(|o| o.key == option)) {
                    self.error(key, "unknownOption", "not an option of this attribute");
                }
                of_participant.insert(key.to_owned(), option.to_owned());
            } else {
                of_story.insert(key.to_owned(), option.into());
            }
        }
        (Value::Object(of_story), of_participant)
    }

    /// An attribute is known or not; the column only says so again.
    fn attribute_state(&mut self, key: &str, option: &str) {
        let column = state_name(key);
        let expected = if option.is_empty() { AnswerState::Skipped } else { AnswerState::Answered };
        let state = self.named(&column);
        if !state.is_empty() && AnswerState::from_name(state) != Some(expected) {
            self.error(&column, "unknownOption", "an attribute is answered when it has an option, else skipped");
        }
    }

    /// 1 or 0 in a cell: `Some(None)` for an empty cell, `None` for anything else.
    fn flag(&self, cell: &str) -> Option<Option<bool>> {
        match cell.trim() {
            "" => Some(None),
            "1" | "true" | "TRUE" => Some(Some(true)),
            "0" | "false" | "FALSE" => Some(Some(false)),
            _ => None,
        }
    }

    /// The placement, unless the question was skipped or a cell is wrong.
    fn placement(&mut self, question: &Question<'_>) -> Option<Value> {
        let state_cell = self.at(question.state.place);
        let multiple = question.signifier.kind == SignifierKind::Choice && question.signifier.multiple;
        // Options that are all 0 say as little as empty cells.
        let is_blank = |spot: &Spot| {
            let cell = self.at(spot.place);
            cell.is_empty() || multiple && self.flag(cell) == Some(Some(false))
        };
        let given = question.values.iter().find(|s| !is_blank(s));
        let state = match AnswerState::from_name(state_cell) {
            None if state_cell.is_empty() && given.is_none() => return None,
            None if state_cell.is_empty() => AnswerState::Answered,
            None => {
                let names = AnswerState::ALL.map(AnswerState::name).join(", ");
                self.error(&question.state.name, "unknownOption", format!("a state is one of {names}"));
                return None;
            }
            Some(state) => state,
        };
        match (state, given) {
            (AnswerState::Answered, None) if question.signifier.kind != SignifierKind::Text => {
                self.error(&question.state.name, "required", "an answered question has a value");
                None
            }
            (AnswerState::Answered, _) => Some(json!({"state": state.name(), "value": self.value(question)?})),
            (_, Some(spot)) => {
                self.error(&spot.name, "unexpectedValue", format!("the state of this question is {}", state.name()));
                None
            }
            (AnswerState::Skipped, None) => None,
            (_, None) => Some(json!({"state": state.name()})),
        }
    }

    fn value(&mut self, question: &Question<'_>) -> Option<Value> {
        let signifier = question.signifier;
        let first = &question.values[0];
        match signifier.kind {
            SignifierKind::Triad => {
                let shares: Vec<Option<f64>> = question.values.iter().map(|s| self.number(s)).collect();
                Some(json!({"shares": shares.into_iter().collect::<Option<Vec<f64>>>()?}))
            }
            SignifierKind::Dyad => Some(json!({"position": self.number(first)?})),
            SignifierKind::Stones => self.stones(question),
            SignifierKind::Scale => {
                let number = self.number(first)?;
                let point = signifier.points.iter().enumerate().find(|(i, _)| (i + 1) as f64 == number);
                if point.is_none() {
                    let message = format!("a point of this scale is a whole number from 1 to {}", signifier.points.len());
                    self.error(&first.name, "outOfRange", message);
                }
                point.map(|(_, p)| json!({"point": p.key}))
            }
            SignifierKind::Choice if signifier.multiple => self.options(question),
            SignifierKind::Choice => Some(json!({"options": [self.at(first.place)]})),
            SignifierKind::Text => Some(json!({"text": self.at(first.place)})),
        }
    }

    fn number(&mut self, spot: &Spot) -> Option<f64> {
        let cell = self.at(spot.place);
        let read = number(cell, self.delimiter);
        if read.is_none() {
            let (code, message) = match cell.trim() {
                "" => ("required", "the other cells of this question are filled, so this one must be too"),
                _ => ("notANumber", "this cell must hold a number"),
            };
            self.error(&spot.name, code, message);
        }
        read
    }

    fn stones(&mut self, question: &Question<'_>) -> Option<Value> {
        let (mut stones, mut complete) = (Vec::new(), true);
        for (stone, spots) in question.signifier.stones.iter().zip(question.values.chunks(2)) {
            if spots.iter().all(|s| self.at(s.place).is_empty()) {
                continue;
            }
            match (self.number(&spots[0]), self.number(&spots[1])) {
                (Some(x), Some(y)) => stones.push(json!({"key": stone.key, "x": x, "y": y})),
                _ => complete = false,
            }
        }
        complete.then(|| json!({"stones": stones}))
    }

    fn options(&mut self, question: &Question<'_>) -> Option<Value> {
        let (mut taken, mut complete) = (Vec::new(), true);
        for (option, spot) in question.signifier.options.iter().zip(&question.values) {
            match self.flag(self.at(spot.place)) {
                Some(Some(true)) => taken.push(option.key.as_str()),
                Some(_) => {}
                None => {
                    self.error(&spot.name, "wrongType", "an option of a multiple choice is 1 or 0");
                    complete = false;
                }
            }
        }
        complete.then(|| json!({"options": taken}))
    }
}
