//! What a project keeps how long, what is due, and the proof of what was removed.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::attachments::AttachmentRow;
use super::schema::{
    attachments, invitations, projects, retention_rules, retention_runs, stories, story_versions, teller_links, translations,
};
use super::stories::{VersionRow, WITHDRAWN};
use super::{Conn, DbResult, now};
use crate::on_each;

/// A term that a project chose.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = retention_rules)]
pub struct RuleRow {
    /// The project.
    pub project_id: String,
    /// Name of the class.
    pub class: String,
    /// Days; `None` keeps it until the project ends.
    pub days: Option<i32>,
    /// Why.
    pub reason: String,
    /// Who chose.
    pub updated_by: String,
    /// When.
    pub updated_at: NaiveDateTime,
}

/// What one run removed of one class.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = retention_runs)]
pub struct RunRow {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// Name of the class.
    pub class: String,
    /// When.
    pub ran_at: NaiveDateTime,
    /// What had its day at or before this moment was due.
    pub cutoff: NaiveDateTime,
    /// How many were removed.
    pub removed: i64,
    /// How many were still there when looked for afterwards; 0 unless a file could not be removed.
    pub remaining: i64,
    /// Who ran it, or `server` by itself.
    pub ran_by: String,
}

/// The terms that a project chose.
pub fn rules(conn: &mut Conn, project_id: &str) -> DbResult<Vec<RuleRow>> {
    let query = retention_rules::table.filter(retention_rules::project_id.eq(project_id)).select(RuleRow::as_select());
    Ok(query.load(conn)?)
}

/// Puts these terms in place of those chosen before, with the day of the report.
pub fn replace_rules(conn: &mut Conn, project_id: &str, rules: &[RuleRow], reported_on: Option<NaiveDate>) -> DbResult<()> {
    diesel::delete(retention_rules::table.filter(retention_rules::project_id.eq(project_id))).execute(conn)?;
    for rule in rules {
        diesel::insert_into(retention_rules::table).values(rule).execute(conn)?;
    }
    let set = (projects::reported_on.eq(reported_on), projects::updated_at.eq(now()));
    diesel::update(projects::table.filter(projects::id.eq(project_id))).set(set).execute(conn)?;
    Ok(())
}

/// The day of the report, if it is known.
pub fn reported_on(conn: &mut Conn, project_id: &str) -> DbResult<Option<NaiveDate>> {
    Ok(projects::table.filter(projects::id.eq(project_id)).select(projects::reported_on).first(conn)?)
}

/// Keeps the proof of a run.
pub fn add_run(conn: &mut Conn, run: &RunRow) -> DbResult<()> {
    diesel::insert_into(retention_runs::table).values(run).execute(conn)?;
    Ok(())
}

/// A page of runs, newest first; `before` is the last (time, id) seen.
pub fn runs(conn: &mut Conn, project_id: &str, before: Option<(NaiveDateTime, String)>, limit: i64) -> DbResult<Vec<RunRow>> {
    let mut query = retention_runs::table
        .filter(retention_runs::project_id.eq(project_id))
        .order((retention_runs::ran_at.desc(), retention_runs::id.desc()))
        .limit(limit)
        .select(RunRow::as_select())
        .into_boxed();
    if let Some((at, id)) = before {
        query = query.filter(retention_runs::ran_at.lt(at).or(retention_runs::ran_at.eq(at).and(retention_runs::id.lt(id))));
    }
    Ok(query.load(conn)?)
}

/// Recordings that are kept, and came in at or before this moment.
pub fn recordings(conn: &mut Conn, project_id: &str, until: NaiveDateTime) -> DbResult<Vec<AttachmentRow>> {
    let query = attachments::table
        .filter(attachments::project_id.eq(project_id))
        .filter(attachments::completed_at.le(until))
        .filter(attachments::removed_at.is_null())
        .order((attachments::story_id, attachments::id))
        .select(AttachmentRow::as_select());
    Ok(query.load(conn)?)
}

/// Recordings that were removed, whose files must not be there.
pub fn removed_recordings(conn: &mut Conn, project_id: &str) -> DbResult<Vec<AttachmentRow>> {
    let query = attachments::table
        .filter(attachments::project_id.eq(project_id))
        .filter(attachments::removed_at.is_not_null())
        .select(AttachmentRow::as_select());
    Ok(query.load(conn)?)
}

/// Notes that a recording is not kept any more.
pub fn remove_recording(conn: &mut Conn, row: &AttachmentRow) -> DbResult<()> {
    let target = attachments::table
        .filter(attachments::project_id.eq(&row.project_id))
        .filter(attachments::story_id.eq(&row.story_id))
        .filter(attachments::id.eq(&row.id));
    diesel::update(target).set(attachments::removed_at.eq(now())).execute(conn)?;
    Ok(())
}

/// How many links between tellers and participants there are.
pub fn count_links(conn: &mut Conn, project_id: &str) -> DbResult<i64> {
    Ok(teller_links::table.filter(teller_links::project_id.eq(project_id)).count().get_result(conn)?)
}

/// Removes all links between tellers and participants; answers how many.
pub fn remove_links(conn: &mut Conn, project_id: &str) -> DbResult<usize> {
    Ok(diesel::delete(teller_links::table.filter(teller_links::project_id.eq(project_id))).execute(conn)?)
}

/// Invitations that could be accepted until this moment at most.
pub fn count_invitations(conn: &mut Conn, project_id: &str, until: NaiveDateTime) -> DbResult<i64> {
    let old = invitations::table.filter(invitations::project_id.eq(project_id)).filter(invitations::expires_at.le(until));
    Ok(old.count().get_result(conn)?)
}

/// Removes invitations that could be accepted until this moment at most; answers how many.
pub fn remove_invitations(conn: &mut Conn, project_id: &str, until: NaiveDateTime) -> DbResult<usize> {
    let old = invitations::table.filter(invitations::project_id.eq(project_id)).filter(invitations::expires_at.le(until));
    Ok(diesel::delete(old).execute(conn)?)
}

/// A version whose text is not released, with the facts of its story when it is the newest.
pub struct RawVersion {
    /// The version.
    pub version: VersionRow,
    /// Facts of the story, when they are of this version.
    pub facts: Option<String>,
}

/// How many versions still have a text that is not released.
pub fn count_raw(conn: &mut Conn, project_id: &str) -> DbResult<i64> {
    Ok(still_raw(project_id, WITHDRAWN).count().get_result(conn)?)
}

/// Versions with their stories that still have a text that is not released.
#[diesel::dsl::auto_type(no_type_alias)]
fn still_raw<'a>(project_id: &'a str, withdrawn: &'a str) -> _ {
    let story = stories::project_id.eq(story_versions::project_id).and(stories::id.eq(story_versions::story_id));
    story_versions::table
        .inner_join(stories::table.on(story))
        .filter(story_versions::project_id.eq(project_id))
        .filter(story_versions::text_removed_at.is_null())
        .filter(stories::status.ne(withdrawn))
        .filter(stories::released_version.is_null().or(stories::released_version.ne(story_versions::version.nullable())))
}

/// Versions that still have a text that is not released, at most so many.
pub fn raw_versions(conn: &mut Conn, project_id: &str, limit: i64) -> DbResult<Vec<RawVersion>> {
    let query = still_raw(project_id, WITHDRAWN)
        .order((story_versions::story_id, story_versions::version))
        .limit(limit)
        .select((VersionRow::as_select(), stories::version, stories::facts));
    let rows: Vec<(VersionRow, i32, String)> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(version, newest, facts)| RawVersion { facts: Some(facts).filter(|_| version.version == newest), version })
        .collect())
}

/// Puts a body without words in the place of a version's, and facts and title without words in the story's when it is the
/// newest. Its translations go.
pub fn remove_text(conn: &mut Conn, version: &VersionRow, body: &str, facts: Option<&str>) -> DbResult<()> {
    let (p, s, v) = (&version.project_id, &version.story_id, version.version);
    let target = story_versions::table
        .filter(story_versions::project_id.eq(p))
        .filter(story_versions::story_id.eq(s))
        .filter(story_versions::version.eq(v));
    let set = (story_versions::body.eq(body), story_versions::text_removed_at.eq(now()));
    diesel::update(target).set(set).execute(conn)?;
    let translated = translations::table
        .filter(translations::project_id.eq(p))
        .filter(translations::story_id.eq(s))
        .filter(translations::version.eq(v));
    diesel::delete(translated).execute(conn)?;
    if let Some(facts) = facts {
        let story = stories::table.filter(stories::project_id.eq(p)).filter(stories::id.eq(s));
        diesel::update(story).set((stories::title.eq(""), stories::facts.eq(facts))).execute(conn)?;
    }
    Ok(())
}

/// Ids of stories of a project that were withdrawn, of these.
pub fn withdrawn_of(conn: &mut Conn, project_id: &str, ids: &[String]) -> DbResult<Vec<String>> {
    let mut found = Vec::new();
    for some in ids.chunks(500) {
        let query = stories::table
            .filter(stories::project_id.eq(project_id))
            .filter(stories::id.eq_any(some.to_vec()))
            .filter(stories::status.eq(WITHDRAWN))
            .select(stories::id);
        found.extend(on_each!(conn, c => query.load::<String>(c))?);
    }
    Ok(found)
}
