//! The stories of a raw SenseMaker data file, one by one.

use std::collections::HashSet;
use std::io::Read;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::answers::Answers;
use super::definition::{Definition, language_tag};
use super::places::{Places, READ, SELECTED_LANGUAGE, question_columns};
use super::{PERSPECTIVE, PROMPT};
use crate::domain::problem::{Problems, member};
use crate::domain::story;
use crate::exchange::report::{RowError, Tally, Warning};
use crate::exchange::rows::{Row, Rows, delimiter_name};

/// A story as the file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedStory {
    /// Number of the row, 1 = the header.
    pub row: u64,
    /// The id in the export when it is a UUID that is not made of a clock, else one derived from it: the same file
    /// gives the same ids.
    pub id: Uuid,
    /// The body of the story, valid for version 1 of the framework of the definition.
    pub body: Value,
    /// When the collecting server had the story.
    pub received_at: Option<DateTime<Utc>>,
}

impl ImportedStory {
    /// The body, for the version under which the project published the framework.
    pub fn body_for(self, framework_version: i32) -> Value {
        let mut body = self.body;
        body["frameworkVersion"] = framework_version.into();
        body
    }
}

/// Reads stories from the rows of a data file.
pub struct Stories<'d, R> {
    definition: &'d Definition,
    rows: Rows<R>,
    places: Places<'d>,
    wave: String,
    seen: HashSet<Uuid>,
    tally: Tally,
}

/// Begins to read the data file of a framework; all stories are of `wave`. Errors: what makes the file as a whole
/// unreadable.
pub fn read_stories<'d, R: Read>(definition: &'d Definition, data: R, wave: &str) -> Result<Stories<'d, R>, Problems> {
    let mut known: HashSet<String> = definition.questions.iter().flat_map(question_columns).collect();
    known.extend(definition.questions.iter().flat_map(|q| [q.id.clone(), format!("{}_percentX", q.id)]));
    known.extend(definition.story.clone());
    known.extend(READ.iter().chain(&[PROCESSED_ID]).map(|n| (*n).to_owned()));
    let rows = Rows::open(data, |name| known.contains(name))?;
    if rows.header().iter().any(|n| n == PROCESSED_ID) {
        let message = "this is the processed export; only the raw one, with columns named by UUIDs, is read";
        return Err(Problems::one("$.header", "otherDialect", message));
    }
    let mut tally = Tally::default();
    let places = Places::find(definition, rows.header(), &mut tally);
    let mut problems = Problems::default();
    if !places.by_name.contains_key("id") {
        problems.add("$.header.id", "missingColumn", "the file needs the column \"id\"");
    }
    if places.is_empty() {
        let message = "no column is of this framework: is it the raw export of the same project?";
        problems.add("$.header", "otherFramework", message);
    }
    problems.or_ok(())?;
    if rows.delimiter() != b',' {
        let name = delimiter_name(rows.delimiter());
        tally.note("otherDelimiter", None, format!("the cells are parted by {name}: the file was saved by another program"));
    }
    Ok(Stories { definition, rows, places, wave: wave.to_owned(), seen: HashSet::new(), tally })
}

/// Column of the processed export, which is another dialect.
const PROCESSED_ID: &str = "FragmentID";

impl<R: Read> Iterator for Stories<'_, R> {
    type Item = Result<ImportedStory, Vec<RowError>>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.rows.next_row()?.and_then(|row| self.story(&row)))
    }
}

impl<R: Read> Stories<'_, R> {
    /// What was noticed so far; complete at the end of the file.
    pub fn warnings(&self) -> Vec<Warning> {
        self.tally.warnings()
    }

    fn story(&mut self, row: &Row) -> Result<ImportedStory, Vec<RowError>> {
        for unread in self.places.unread.iter().filter(|u| !row.cells[u.place].is_empty()) {
            self.tally.count(unread.code, Some(&self.rows.header()[unread.place]), || unread.message.to_owned());
        }
        let id = self.id(row);
        let received_at = self.time(row, "server_upload_time");
        let mut body = json!({
            "schema": 1, "frameworkVersion": 1, "wave": self.wave, "perspective": PERSPECTIVE, "prompt": PROMPT,
            "language": self.language(row),
        });
        if let Some(text) = self.places.story.map(|at| &row.cells[at]).filter(|t| !t.trim().is_empty()) {
            body["text"] = text.into();
        }
        if let Some(device) = self.device(row, received_at) {
            body["device"] = device;
        }
        let mut answers = Answers {
            row,
            header: self.rows.header(),
            delimiter: self.rows.delimiter(),
            framework: &self.definition.parsed,
            tally: &mut self.tally,
            errors: Vec::new(),
        };
        let mut lists = [Map::new(), Map::new()];
        for (asked, signifier) in self.places.asked.iter().zip(&self.definition.parsed.signifiers) {
            if let Some(placement) = answers.placement(asked) {
                lists[usize::from(signifier.background)].insert(signifier.key.clone(), placement);
            }
        }
        let mut errors = answers.errors;
        let [placements, background] = lists;
        body["placements"] = placements.into();
        body["background"] = background.into();
        if let Err(problems) = story::parse(&body, &self.definition.parsed) {
            errors.extend(RowError::from_problems(row.number, problems, |path| self.column_of(path)));
        }
        match id {
            Ok(id) if errors.is_empty() => Ok(ImportedStory { row: row.number, id, body, received_at }),
            Ok(_) => Err(errors),
            Err(error) => Err([vec![error], errors].concat()),
        }
    }

    fn cell<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        self.places.by_name.get(column).map_or("", |at| row.cells[*at].trim())
    }

    fn id(&mut self, row: &Row) -> Result<Uuid, RowError> {
        let (told, project) = (self.cell(row, "id"), self.cell(row, "project_id"));
        if !project.is_empty() && project != self.definition.project {
            let message = || "the story is of another project than the framework".to_owned();
            self.tally.count("otherProject", Some("project_id"), message);
        }
        if told.is_empty() {
            return Err(RowError::new(row.number, Some("id"), "required", "a story has an id"));
        }
        let derived = || Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{}\n{told}", self.definition.project).as_bytes());
        let random = Uuid::try_parse(told).ok().filter(|id| !story::tells_time(*id));
        let id = random.unwrap_or_else(derived);
        if !self.seen.insert(id) {
            return Err(RowError::new(row.number, Some("id"), "duplicateStory", "an earlier row has the same id"));
        }
        Ok(id)
    }

    /// The language in which the story was told. The column `language` is always the project's.
    fn language(&mut self, row: &Row) -> String {
        let project = language_tag(self.cell(row, "language"));
        let project = project.unwrap_or_else(|| self.definition.parsed.default_language.clone());
        let chosen = SELECTED_LANGUAGE.map(|column| self.cell(row, column)).into_iter().find(|c| !c.is_empty());
        match (chosen, chosen.and_then(language_tag)) {
            (Some(_), None) => {
                let message = || "the selected language is not a language code: the project's was taken".to_owned();
                self.tally.count("languageUnknown", Some(SELECTED_LANGUAGE[0]), message);
                project
            }
            (_, Some(tag)) if tag != project => {
                let message = || "the story was told in another language than the project's: that one was taken".to_owned();
                self.tally.count("languageDiffers", Some(SELECTED_LANGUAGE[0]), message);
                tag
            }
            _ => project,
        }
    }

    /// An instant given in milliseconds since 1970.
    fn time(&mut self, row: &Row, column: &str) -> Option<DateTime<Utc>> {
        let cell = self.cell(row, column);
        if cell.is_empty() {
            return None;
        }
        let millis = cell.parse::<f64>().ok().filter(|ms| PLAUSIBLE.contains(ms));
        let time = millis.and_then(|ms| DateTime::from_timestamp_millis(ms as i64));
        if time.is_none() {
            let message = || "this is not a time in milliseconds since 1970: it was left out".to_owned();
            self.tally.count("timeUnreadable", Some(column), message);
        }
        time
    }

    /// What the device's clock said, and whether it can be trusted.
    fn device(&mut self, row: &Row, received_at: Option<DateTime<Utc>>) -> Option<Value> {
        let [started, finished] = ["meta_started", "meta_completed"].map(|column| self.time(row, column));
        let is_off = |told: DateTime<Utc>| received_at.is_some_and(|at| (told - at).abs() > TimeDelta::hours(1));
        if started.is_some_and(is_off) || finished.is_some_and(is_off) {
            let message = || {
                "the device's clock and the server's are more than an hour apart: the clock was wrong, or the story was sent \
                 later"
                    .to_owned()
            };
            self.tally.count("deviceClock", Some("meta_started"), message);
        }
        (started.is_some() || finished.is_some()).then(|| json!({"startedAt": started, "finishedAt": finished}))
    }

    /// The question in the file that a JSON path in the body came from.
    fn column_of(&self, path: &str) -> Option<String> {
        let inside = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[']);
        if path == "$.text" {
            return self.definition.story.clone();
        }
        let is_of = |key: &str| {
            ["$.placements", "$.background"].iter().any(|list| path.strip_prefix(&member(list, key)).is_some_and(inside))
        };
        self.definition.questions.iter().find(|q| is_of(&q.key)).map(|q| q.id.clone())
    }
}

/// From the year 2000 to 2100, in milliseconds.
const PLAUSIBLE: std::ops::Range<f64> = 946_684_800_000.0..4_102_444_800_000.0;
