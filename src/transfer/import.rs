//! Files into a project: all of a file, or nothing of it.

use std::collections::BTreeMap;
use std::io::Read;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::people::People;
use super::{TransferError, published};
use crate::db::stories::{self, Delivered, Deliverer, Delivery, DeliveryContext};
use crate::db::{Conn, frameworks, projects};
use crate::domain::framework::{Framework, SignifierKind};
use crate::domain::placement::AnswerState;
use crate::domain::story::{self, StoryBody};
use crate::exchange::sensemaker::{Definition, read_definition, read_stories};
use crate::exchange::table::read_table;
use crate::exchange::{RowError, Warning};

/// More errors than this are counted, not listed.
const MAX_ERRORS: usize = 200;

/// What an import did.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Stories in the file.
    #[schema(example = 129)]
    pub stories: u64,
    /// Stories that are new.
    #[schema(example = 129)]
    pub added: u64,
    /// Stories that were there already with the same content.
    #[schema(example = 0)]
    pub unchanged: u64,
    /// Version of the framework that the stories answer (the newest of them).
    #[schema(example = 1)]
    pub framework_version: i32,
    /// Waves that were made.
    #[schema(example = 1)]
    pub waves_made: u64,
    /// Participants that were made.
    #[schema(example = 0)]
    pub participants_made: u64,
    /// Tellers that were made.
    #[schema(example = 0)]
    pub tellers_made: u64,
    /// Answers by signifier.
    pub placements: Vec<PlacementCount>,
    /// What was changed, computed or left out, with the number of rows.
    pub warnings: Vec<Warning>,
}

/// Answers to one signifier.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacementCount {
    /// Key of the signifier.
    #[schema(example = "confidence")]
    pub signifier: String,
    /// Its kind.
    pub kind: SignifierKind,
    /// Answered.
    #[schema(example = 120)]
    pub answered: u64,
    /// 'Not about this'.
    #[schema(example = 9)]
    pub not_applicable: u64,
    /// Unknown, declined or skipped.
    #[schema(example = 0)]
    pub other: u64,
}

/// The two files of a SenseMaker export.
pub struct SensemakerFiles<'a, R> {
    /// The framework, as JSON.
    pub definition: &'a [u8],
    /// The raw data, as CSV.
    pub data: R,
    /// Key of the wave that all stories belong to.
    pub wave: &'a str,
}

/// Imports our own stories table inside the transaction of the caller. Errors: everything that is wrong; the caller
/// must roll back.
pub fn import_table(conn: &mut Conn, project_id: &str, data: impl Read, by: &str) -> Result<ImportReport, TransferError> {
    let frameworks = published(conn, project_id)?;
    let mut reader = read_table(&frameworks, data)?;
    let mut import = Import::begin(conn, project_id, by)?;
    while let Some(read) = reader.next() {
        let number = reader.row();
        match read {
            Err(errors) => import.refuse(errors),
            Ok(row) => {
                let framework = frameworks.iter().find(|(v, _)| *v == row.body.framework_version).map(|(_, f)| f);
                let Some(framework) = framework else { continue }; // the reader has named it
                let item = Item { id: row.id, story: row.body, received_at: row.received_at, row: number };
                import.take(conn, item, &row.participant_attributes, framework)?;
            }
        }
    }
    let newest = frameworks.last().map_or(0, |(v, _)| *v);
    import.finish(conn, newest, reader.warnings(), &frameworks)
}

/// Imports a raw SenseMaker export inside the transaction of the caller: its framework becomes the next published
/// version, unless the newest one is the same. Errors: everything that is wrong; the caller must roll back.
pub fn import_sensemaker<R: Read>(
    conn: &mut Conn,
    project_id: &str,
    files: SensemakerFiles<'_, R>,
    by: &str,
) -> Result<ImportReport, TransferError> {
    let definition = read_definition(files.definition)?;
    let version = publish(conn, project_id, &definition)?;
    let frameworks = published(conn, project_id)?;
    let framework = &frameworks.iter().find(|(v, _)| *v == version).expect("just published").1;
    let mut reader = read_stories(&definition, files.data, files.wave)?;
    let mut import = Import::begin(conn, project_id, by)?;
    for read in reader.by_ref() {
        match read {
            Err(errors) => import.refuse(errors),
            Ok(told) => {
                let (id, received_at, row) = (told.id, told.received_at, told.row);
                match story::parse(&told.body_for(version), framework) {
                    Ok(story) => {
                        import.take(conn, Item { id, story, received_at, row }, &BTreeMap::new(), framework)?;
                    }
                    Err(problems) => import.refuse(RowError::from_problems(row, problems, |_| None)),
                }
            }
        }
    }
    let warnings = definition.warnings.iter().cloned().chain(reader.warnings()).collect();
    import.finish(conn, version, warnings, &frameworks[frameworks.len() - 1..])
}

fn publish(conn: &mut Conn, project_id: &str, definition: &Definition) -> Result<i32, TransferError> {
    let document = definition.framework.to_string();
    let newest = frameworks::list(conn, project_id)?.into_iter().rev().find(|f| f.state == frameworks::PUBLISHED);
    if let Some(same) = newest.filter(|f| f.document == document) {
        return Ok(same.version);
    }
    let draft = frameworks::begin_draft(conn, project_id, &document)?;
    frameworks::publish(conn, project_id, draft.version)?;
    Ok(draft.version)
}

/// A story of the file.
struct Item {
    id: Uuid,
    story: StoryBody,
    received_at: Option<chrono::DateTime<chrono::Utc>>,
    row: u64,
}

struct Import<'a> {
    project_id: &'a str,
    by: &'a str,
    change: i64,
    ctx: DeliveryContext,
    people: People<'a>,
    errors: Vec<RowError>,
    refused: u64,
    counts: BTreeMap<String, [u64; 3]>,
    report: ImportReport,
}

impl<'a> Import<'a> {
    fn begin(conn: &mut Conn, project_id: &'a str, by: &'a str) -> Result<Self, TransferError> {
        Ok(Self {
            project_id,
            by,
            change: projects::next_rebuild(conn, project_id)?,
            ctx: DeliveryContext::default(),
            people: People::of(conn, project_id)?,
            errors: Vec::new(),
            refused: 0,
            counts: BTreeMap::new(),
            report: ImportReport::default(),
        })
    }

    fn refuse(&mut self, errors: Vec<RowError>) {
        self.refused += errors.len() as u64;
        let room = MAX_ERRORS.saturating_sub(self.errors.len());
        self.errors.extend(errors.into_iter().take(room));
    }

    fn take(
        &mut self,
        conn: &mut Conn,
        item: Item,
        attributes: &BTreeMap<String, String>,
        framework: &Framework,
    ) -> Result<(), TransferError> {
        self.report.stories += 1;
        let mut errors = Vec::new();
        self.people.settle(conn, &item.story, attributes, framework, item.row, &mut errors)?;
        let body = serde_json::to_value(&item.story).map_err(std::io::Error::from)?;
        let by = Deliverer::Import(self.by.to_owned());
        let mut delivery = Delivery::of(self.project_id, item.id, &body, &item.story, framework, by);
        delivery.received_at = item.received_at.map(|at| at.naive_utc());
        match stories::deliver(conn, &mut self.ctx, self.change, &delivery)? {
            Delivered::New { .. } => self.report.added += 1,
            Delivered::Same { .. } => self.report.unchanged += 1,
            Delivered::Different => {
                let message = "the project has another story with this id";
                errors.push(RowError::new(item.row, Some("story_id"), "differentContent", message));
            }
            Delivered::Gone => {
                let message = "the story with this id was withdrawn";
                errors.push(RowError::new(item.row, Some("story_id"), "gone", message));
            }
        }
        self.count(&item.story);
        self.refuse(errors);
        Ok(())
    }

    fn count(&mut self, story: &StoryBody) {
        for (key, placement) in story.placements.iter().chain(&story.background) {
            let place = match placement.state {
                AnswerState::Answered => 0,
                AnswerState::NotApplicable => 1,
                _ => 2,
            };
            self.counts.entry(key.clone()).or_default()[place] += 1;
        }
    }

    fn finish(
        mut self,
        conn: &mut Conn,
        version: i32,
        warnings: Vec<Warning>,
        frameworks: &[(i32, Framework)],
    ) -> Result<ImportReport, TransferError> {
        if self.refused > 0 {
            return Err(TransferError::Rows(self.errors, self.refused));
        }
        let waves_made = self.people.order_waves(conn)?;
        let mut placements = Vec::new();
        for signifier in frameworks.iter().rev().flat_map(|(_, f)| &f.signifiers) {
            if let Some([answered, not_applicable, other]) = self.counts.remove(&signifier.key) {
                let signifier_key = signifier.key.clone();
                placements.push(PlacementCount {
                    signifier: signifier_key,
                    kind: signifier.kind,
                    answered,
                    not_applicable,
                    other,
                });
            }
        }
        Ok(ImportReport {
            framework_version: version,
            waves_made,
            participants_made: self.people.participants_made,
            tellers_made: self.people.tellers_made,
            placements,
            warnings,
            ..self.report
        })
    }
}
