//! The stories table read from CSV: columns in any order, every error of a row at once, no row lost for another.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Read;

use serde_json::Value;
use uuid::Uuid;

use super::row::RowReader;
use super::{REQUIRED, StoryRow, columns, state_name, value_columns};
use crate::domain::framework::check::PERMISSION;
use crate::domain::framework::{Framework, Signifier, SignifierKind};
use crate::domain::problem::{Problems, member};
use crate::domain::story;
use crate::exchange::report::{RowError, Tally, Warning};
use crate::exchange::rows::{Row, Rows};

/// Reads stories from the rows of a table.
pub struct TableReader<'f, R> {
    rows: Rows<R>,
    places: HashMap<String, usize>,
    versions: BTreeMap<i32, Version<'f>>,
    unknown: Vec<usize>,
    seen: HashSet<Uuid>,
    tally: Tally,
    row: u64,
}

/// One framework version, and where its questions are in this file.
pub(super) struct Version<'f> {
    pub framework: &'f Framework,
    pub questions: Vec<Question<'f>>,
    /// Columns of questions that only other versions ask.
    foreign: Vec<usize>,
}

/// A signifier, and where its answers are.
pub(super) struct Question<'f> {
    pub signifier: &'f Signifier,
    pub values: Vec<Spot>,
    pub state: Spot,
}

/// A column that a question may have, and where it is when the file has it.
pub(super) struct Spot {
    pub name: String,
    pub place: Option<usize>,
}

/// Begins to read a table that holds answers to these framework versions. Stories without a version answer the newest.
/// Errors: all that is wrong with the header, at once.
pub fn read_table<R: Read>(frameworks: &[(i32, Framework)], input: R) -> Result<TableReader<'_, R>, Problems> {
    if frameworks.is_empty() {
        return Err(Problems::one("$", "noFramework", "the project has no published framework"));
    }
    let columns = columns(frameworks);
    let known: BTreeSet<&str> = columns.iter().map(|c| c.name.as_str()).collect();
    let rows = Rows::open(input, |name| known.contains(name))?;
    let places: HashMap<String, usize> = rows.header().iter().enumerate().map(|(i, n)| (n.clone(), i)).collect();
    let mut problems = Problems::default();
    for name in REQUIRED.iter().filter(|n| !places.contains_key(**n)) {
        problems.add(member("$.header", name), "missingColumn", format!("the table needs the column {name:?}"));
    }
    problems.or_ok(())?;

    let mut tally = Tally::default();
    let unknown: Vec<usize> = (0..rows.header().len()).filter(|i| !known.contains(rows.header()[*i].as_str())).collect();
    for at in &unknown {
        tally.note(UNKNOWN_COLUMN.0, Some(&rows.header()[*at]), UNKNOWN_COLUMN.1);
    }
    let asked: BTreeSet<&str> = frameworks.iter().flat_map(|(_, f)| &f.signifiers).map(|s| s.key.as_str()).collect();
    for key in asked {
        if !columns.iter().any(|c| c.key.as_deref() == Some(key) && places.contains_key(&c.name)) {
            tally.note("missingQuestion", Some(key), "the table has no column for this question: it counts as skipped");
        }
    }
    let versions = frameworks.iter().map(|(v, f)| (*v, Version::new(f, frameworks, &places))).collect();
    Ok(TableReader { rows, places, versions, unknown, seen: HashSet::new(), tally, row: 1 })
}

const UNKNOWN_COLUMN: (&str, &str) = ("unknownColumn", "this column is not in any framework version: it was not read");

impl<R: Read> Iterator for TableReader<'_, R> {
    type Item = Result<StoryRow, Vec<RowError>>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match self.rows.next_row()? {
            Ok(row) => row,
            Err(errors) => {
                self.row = errors.first().map_or(self.row, |e| e.row);
                return Some(Err(errors));
            }
        };
        self.row = row.number;
        Some(self.story(&row))
    }
}

impl<R: Read> TableReader<'_, R> {
    /// Number of the row that was read last, 1 = the header.
    pub fn row(&self) -> u64 {
        self.row
    }

    /// What was noticed so far; complete at the end of the file.
    pub fn warnings(&self) -> Vec<Warning> {
        self.tally.warnings()
    }

    fn story(&mut self, row: &Row) -> Result<StoryRow, Vec<RowError>> {
        for at in &self.unknown {
            if !row.cells[*at].is_empty() {
                self.tally.count(UNKNOWN_COLUMN.0, Some(&self.rows.header()[*at]), || UNKNOWN_COLUMN.1.to_owned());
            }
        }
        let mut read = RowReader::new(row, &self.places, self.rows.delimiter());
        let id = read.id(&mut self.seen);
        let received_at = read.received_at();
        let Some((number, version)) = read.version(&self.versions) else { return Err(read.errors) };
        if read.named("language").is_empty() {
            let message = || "the language is not given: the framework's default language was taken".to_owned();
            self.tally.count("languageAssumed", Some("language"), message);
        }
        let (body, participant_attributes) = read.body(number, version, &self.versions);
        for at in version.foreign.iter().filter(|at| !row.cells[**at].is_empty()) {
            let message = format!("this question is not in framework version {number}, which the row names");
            read.error(&self.rows.header()[*at], "notInVersion", message);
        }
        // Parsed even when something is wrong already, so that all errors of the row are given at once.
        let parsed = story::parse(&body, version.framework);
        let mut errors = read.errors;
        let parsed = parsed.map_err(|problems| {
            errors.extend(RowError::from_problems(row.number, problems, |path| version.column_of(path, &body)));
        });
        match (id, parsed) {
            (Some(id), Ok(body)) if errors.is_empty() => Ok(StoryRow { id, body, participant_attributes, received_at }),
            _ => Err(errors),
        }
    }
}

impl<'f> Version<'f> {
    fn new(framework: &'f Framework, all: &'f [(i32, Framework)], places: &HashMap<String, usize>) -> Self {
        let spot = |name: String| Spot { place: places.get(&name).copied(), name };
        let question = |signifier: &'f Signifier| Question {
            signifier,
            values: value_columns(signifier).into_iter().map(|(name, ..)| spot(name)).collect(),
            state: spot(state_name(&signifier.key)),
        };
        let questions: Vec<Question> = framework.signifiers.iter().map(question).collect();
        let own: BTreeSet<&str> = questions.iter().flat_map(Question::spots).map(|s| s.name.as_str()).collect();
        let others = all.iter().flat_map(|(_, f)| &f.signifiers).map(question);
        let others: Vec<Spot> = others.flat_map(|q| q.values.into_iter().chain([q.state])).collect();
        let foreign: BTreeSet<usize> = others.iter().filter(|s| !own.contains(s.name.as_str())).filter_map(|s| s.place).collect();
        Self { framework, questions, foreign: foreign.into_iter().collect() }
    }

    /// The column that a JSON path in the body came from.
    fn column_of(&self, path: &str, body: &Value) -> Option<String> {
        let fixed = ["wave", "participant", "teller", "perspective", "language", "prompt", "title", "text"];
        let mut sources: Vec<(String, String)> = fixed.iter().map(|n| (member("$", n), (*n).to_owned())).collect();
        sources.push(("$.toldOn".into(), "told_on".into()));
        for name in ["permissions", "attributes"] {
            for key in body[name].as_object().into_iter().flat_map(|o| o.keys()) {
                let column = if name == "permissions" { format!("{PERMISSION}.{key}") } else { key.clone() };
                sources.push((member(&member("$", name), key), column));
            }
        }
        for question in &self.questions {
            let key = &question.signifier.key;
            let at = member(&member("$", question.list()), key);
            sources.push((at.clone(), question.values[0].name.clone()));
            sources.push((member(&at, "state"), question.state.name.clone()));
            let value = &body[question.list()][key]["value"];
            for (i, spot) in question.values.iter().enumerate() {
                let path = match question.signifier.kind {
                    SignifierKind::Triad => Some(format!("{at}.value.shares[{i}]")),
                    SignifierKind::Stones => question.stone_path(i, value),
                    _ => None,
                };
                sources.extend(path.map(|p| (p, spot.name.clone())));
            }
        }
        let inside = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[']);
        let fits = |(prefix, _): &&(String, String)| path.strip_prefix(prefix.as_str()).is_some_and(inside);
        sources.iter().filter(fits).max_by_key(|(prefix, _)| prefix.len()).map(|(_, column)| column.clone())
    }
}

impl Question<'_> {
    fn spots(&self) -> impl Iterator<Item = &Spot> {
        self.values.iter().chain([&self.state])
    }

    /// The member of a story that has the answer.
    pub fn list(&self) -> &'static str {
        if self.signifier.background { "background" } else { "placements" }
    }

    /// The path of the coordinate in the `i`th column of a canvas: stones that were not placed are not in the list.
    fn stone_path(&self, i: usize, value: &Value) -> Option<String> {
        let key = &self.signifier.stones[i / 2].key;
        let placed = value["stones"].as_array()?.iter().position(|s| s["key"] == key.as_str())?;
        let at = member(&member("$", self.list()), &self.signifier.key);
        Some(format!("{at}.value.stones[{placed}].{}", ["x", "y"][i % 2]))
    }
}
