//! Consent texts and records. Rows are only added: no function here changes or removes one.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::{consent_records, consent_texts};
use super::{Conn, DbResult, now};

/// Kind of a person: a participant.
pub const PARTICIPANT: &str = "participant";
/// Kind of a person: a teller.
pub const TELLER: &str = "teller";

/// A version of a text that people agree to.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = consent_texts)]
pub struct TextRow {
    /// The project.
    pub project_id: String,
    /// Key of the text, the same for all its versions.
    pub key: String,
    /// 1, 2, 3, ...
    pub version: i32,
    /// Key of the purpose of processing that it is about.
    pub purpose: Option<String>,
    /// The text by language, as JSON.
    pub texts: String,
    /// Who wrote it.
    pub created_by: String,
    /// When.
    pub created_at: NaiveDateTime,
}

/// What somebody decided.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = consent_records)]
pub struct RecordRow {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// participant or teller.
    pub person_kind: String,
    /// Id of the participant or teller.
    pub person_id: String,
    /// given, refused or withdrawn.
    pub decision: String,
    /// Scope of a withdrawal.
    pub scope: Option<String>,
    /// The earlier record that a withdrawal takes back.
    pub refers_to: Option<String>,
    /// Key of the text.
    pub text_key: Option<String>,
    /// Version of the text.
    pub text_version: Option<i32>,
    /// Language in which it was read.
    pub language: Option<String>,
    /// When it was decided.
    pub decided_at: NaiveDateTime,
    /// Name of the way.
    pub way: Option<String>,
    /// Name of the facilitator, when it was not whoever recorded it.
    pub taken_by: Option<String>,
    /// none, parent or guardian.
    pub representative: String,
    /// Whether the person was under 16.
    pub under_sixteen: bool,
    /// Whether the person was under guardianship.
    pub guardianship: bool,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: NaiveDateTime,
}

/// The withdrawal of a person as a record of which nothing but its scope is known yet. It refers to the newest consent
/// of this person, if the project has one.
pub fn withdrawal(conn: &mut Conn, project_id: &str, person: (&str, &str), scope: &str, by: &str) -> DbResult<RecordRow> {
    let given = records(conn, project_id, person)?.into_iter().rev().find(|r| r.decision == "given");
    let given = given.as_ref();
    Ok(RecordRow {
        project_id: project_id.to_owned(),
        id: Uuid::new_v4().to_string(),
        person_kind: person.0.to_owned(),
        person_id: person.1.to_owned(),
        decision: "withdrawn".to_owned(),
        scope: Some(scope.to_owned()),
        refers_to: given.map(|r| r.id.clone()),
        text_key: given.and_then(|r| r.text_key.clone()),
        text_version: given.and_then(|r| r.text_version),
        language: None,
        decided_at: now(),
        way: None,
        taken_by: None,
        representative: "none".to_owned(),
        under_sixteen: false,
        guardianship: false,
        recorded_by: by.to_owned(),
        recorded_at: now(),
    })
}

/// Adds a version of a text. Errors: conflict when the version is taken.
pub fn insert_text(conn: &mut Conn, row: &TextRow) -> DbResult<()> {
    diesel::insert_into(consent_texts::table).values(row).execute(conn)?;
    Ok(())
}

/// A page of texts, ordered by key and version; `after` is the last seen.
pub fn texts(conn: &mut Conn, project_id: &str, after: (&str, i32), limit: i64) -> DbResult<Vec<TextRow>> {
    let (key, version) = after;
    let later = consent_texts::key.gt(key).or(consent_texts::key.eq(key).and(consent_texts::version.gt(version)));
    let query = consent_texts::table
        .filter(consent_texts::project_id.eq(project_id))
        .filter(later)
        .order((consent_texts::key, consent_texts::version))
        .limit(limit)
        .select(TextRow::as_select());
    Ok(query.load(conn)?)
}

/// The newest version of every text of a project, in the order of their keys.
pub fn newest_texts(conn: &mut Conn, project_id: &str) -> DbResult<Vec<TextRow>> {
    let query = consent_texts::table
        .filter(consent_texts::project_id.eq(project_id))
        .order((consent_texts::key, consent_texts::version.desc()))
        .select(TextRow::as_select());
    let mut all: Vec<TextRow> = query.load(conn)?;
    all.dedup_by(|later, first| later.key == first.key);
    Ok(all)
}

/// One version of a text.
pub fn text(conn: &mut Conn, project_id: &str, key: &str, version: i32) -> DbResult<Option<TextRow>> {
    let query = consent_texts::table
        .filter(consent_texts::project_id.eq(project_id))
        .filter(consent_texts::key.eq(key))
        .filter(consent_texts::version.eq(version))
        .select(TextRow::as_select());
    Ok(query.first(conn).optional()?)
}

/// Newest version of a text; 0 when there is none.
pub fn newest_version(conn: &mut Conn, project_id: &str, key: &str) -> DbResult<i32> {
    let query = consent_texts::table.filter(consent_texts::project_id.eq(project_id)).filter(consent_texts::key.eq(key));
    let newest: Option<i32> = query.select(diesel::dsl::max(consent_texts::version)).first(conn)?;
    Ok(newest.unwrap_or(0))
}

/// Keys of the purposes that texts are about.
pub fn purposes(conn: &mut Conn, project_id: &str) -> DbResult<Vec<String>> {
    let query = consent_texts::table.filter(consent_texts::project_id.eq(project_id)).select(consent_texts::purpose).distinct();
    let mut found: Vec<String> = query.load::<Option<String>>(conn)?.into_iter().flatten().collect();
    found.sort();
    Ok(found)
}

/// Adds a record. Errors: conflict when it refers to a text or record that is not there.
pub fn insert_record(conn: &mut Conn, row: &RecordRow) -> DbResult<()> {
    diesel::insert_into(consent_records::table).values(row).execute(conn)?;
    Ok(())
}

/// All records of a participant or teller (kind, id), oldest decision first.
pub fn records(conn: &mut Conn, project_id: &str, person: (&str, &str)) -> DbResult<Vec<RecordRow>> {
    let query = consent_records::table
        .filter(consent_records::project_id.eq(project_id))
        .filter(consent_records::person_kind.eq(person.0))
        .filter(consent_records::person_id.eq(person.1))
        .order((consent_records::decided_at, consent_records::recorded_at, consent_records::id))
        .select(RecordRow::as_select());
    Ok(query.load(conn)?)
}

/// A decision, for counting: kind and id of the person, decision, key and version of the text.
pub type Decided = (String, String, String, Option<String>, Option<i32>);

/// All decisions of the project, oldest first.
pub fn decisions(conn: &mut Conn, project_id: &str) -> DbResult<Vec<Decided>> {
    let query = consent_records::table
        .filter(consent_records::project_id.eq(project_id))
        .order((consent_records::decided_at, consent_records::recorded_at, consent_records::id))
        .select((
            consent_records::person_kind,
            consent_records::person_id,
            consent_records::decision,
            consent_records::text_key,
            consent_records::text_version,
        ));
    Ok(query.load(conn)?)
}
