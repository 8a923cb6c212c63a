//! Where the answers to each question are in a data file, and what the other columns are.

use std::collections::{HashMap, HashSet};

use super::definition::{Definition, Kind, Question};
use crate::exchange::report::Tally;

/// Columns that are read for themselves.
pub(super) const READ: [&str; 7] =
    ["id", "project_id", "language", "server_upload_time", "meta_started", "meta_completed", SELECTED_LANGUAGE[0]];

/// The language in which the story was told; the second is an older name.
pub(super) const SELECTED_LANGUAGE: [&str; 2] = ["meta_selected_language", "meta_selectedLanguage"];

/// Columns that say nothing about a story.
const IGNORED: [&str; 2] = ["version", "definition_version"];

/// A question and its columns.
pub(super) struct Asked<'d> {
    pub question: &'d Question,
    /// The column that says 'not about this'.
    pub not_applicable: Option<usize>,
    /// Triad, dyad: across and, for a triad, up.
    pub point: [Option<usize>; 2],
    /// The column of the question itself: text, or the option of a single choice.
    pub whole: Option<usize>,
    /// Per anchor or option one column, per stone two.
    pub parts: Vec<Option<usize>>,
}

/// A column that is not read, with the code and message of the warning that counts it.
pub(super) struct Unread {
    pub place: usize,
    pub code: &'static str,
    pub message: &'static str,
}

/// The columns of one data file.
pub(super) struct Places<'d> {
    pub by_name: HashMap<String, usize>,
    pub asked: Vec<Asked<'d>>,
    pub story: Option<usize>,
    pub unread: Vec<Unread>,
}

impl<'d> Places<'d> {
    /// Finds everything; questions without a column are noted.
    pub fn find(definition: &'d Definition, header: &[String], tally: &mut Tally) -> Self {
        let by_name: HashMap<String, usize> = header.iter().enumerate().map(|(i, n)| (n.clone(), i)).collect();
        let asked: Vec<Asked> = definition.questions.iter().map(|q| Asked::find(q, &by_name)).collect();
        let story = definition.story.as_ref().and_then(|id| by_name.get(id)).copied();
        for asked in asked.iter().filter(|a| a.places().next().is_none()) {
            let message = format!("the file has no column for {:?}: it counts as skipped", asked.question.title);
            tally.note("missingQuestion", Some(&asked.question.id), message);
        }
        let read = READ.iter().chain(&SELECTED_LANGUAGE).chain(&IGNORED).filter_map(|n| by_name.get(*n)).copied();
        let used: HashSet<usize> = asked.iter().flat_map(Asked::places).chain(story).chain(read).collect();
        let unmapped: HashSet<&str> = definition.unmapped.iter().map(String::as_str).collect();
        let rest = (0..header.len()).filter(|i| !used.contains(i));
        let unread = rest.map(|place| {
            let (code, message) = why_unread(&header[place], &unmapped);
            Unread { place, code, message }
        });
        Self { unread: unread.collect(), by_name, asked, story }
    }

    /// Whether the file has answers to this framework at all.
    pub fn is_empty(&self) -> bool {
        self.story.is_none() && self.asked.iter().all(|a| a.places().next().is_none())
    }
}

impl<'d> Asked<'d> {
    fn find(question: &'d Question, by_name: &HashMap<String, usize>) -> Self {
        let place = |name: String| by_name.get(&name).copied();
        let id = &question.id;
        let ids = question_columns(question);
        Self {
            question,
            not_applicable: place(format!("{id}_NA")),
            point: ["percentX", "percentY"].map(|axis| place(format!("{id}_{axis}"))),
            whole: place(id.clone()),
            parts: ids.into_iter().map(place).collect(),
        }
    }

    /// All columns of the question that the file has.
    fn places(&self) -> impl Iterator<Item = usize> {
        let single = [self.not_applicable, self.point[0], self.point[1], self.whole];
        single.into_iter().chain(self.parts.iter().copied()).flatten()
    }
}

/// The names of the columns of the parts of a question.
pub(super) fn question_columns(question: &Question) -> Vec<String> {
    let id = &question.id;
    match &question.kind {
        Kind::Triad(parts) | Kind::Dyad(parts) | Kind::Choice { options: parts, .. } => {
            parts.iter().map(|p| format!("{id}_{}", p.id)).collect()
        }
        Kind::Stones(stones) => {
            let both = |stone: &str| ["percentX", "percentY"].map(|axis| format!("{id}_{stone}_{axis}"));
            stones.iter().flat_map(|s| both(&s.id)).collect()
        }
        Kind::Text => Vec::new(),
    }
}

fn why_unread(name: &str, unmapped: &HashSet<&str>) -> (&'static str, &'static str) {
    let first = name.split('_').next().unwrap_or_default();
    if name == "responder_id" || name.starts_with("meta_") {
        ("droppedColumn", "this column may identify people: it was not read")
    } else if unmapped.contains(first) {
        ("notMapped", "this question has no counterpart here: its answers were not read")
    } else if uuid::Uuid::try_parse(first).is_ok() {
        ("leftOverColumn", "this column is of another version of the framework: it was not read")
    } else {
        ("unknownColumn", "this column is not known: it was not read")
    }
}
