//! What researchers do with stories. Content is never updated in place: a change is a new version.

use diesel::prelude::*;

use super::{ACTIVE, HELD, TranslationRow, VersionRow, WITHDRAWN, by_id};
use crate::db::schema::{attachments, stories, story_versions, translations};
use crate::db::{Conn, DbError, DbResult, projects};
use crate::on_each;

/// A new body for a story.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// Version that it was made from.
    pub based_on: i32,
    /// correction or redaction.
    pub kind: &'static str,
    /// The body as JSON.
    pub body: String,
    /// Title in that body.
    pub title: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub created_by: String,
}

/// Adds a version; answers its number. A version that was released stays the released one until the new one is.
/// Errors: conflict when the story has another version meanwhile, which this one would undo.
pub fn add_version(conn: &mut Conn, project_id: &str, story_id: &str, new: &NewVersion) -> DbResult<i32> {
    let story = by_id(conn, project_id, story_id)?;
    if story.status == WITHDRAWN {
        return Err(DbError::NotFound);
    }
    if story.version != new.based_on {
        return Err(DbError::Conflict("a newer version".to_owned()));
    }
    let version = story.version + 1;
    let row = VersionRow {
        project_id: project_id.to_owned(),
        story_id: story_id.to_owned(),
        version,
        kind: new.kind.to_owned(),
        body: new.body.clone(),
        reason: Some(new.reason.clone()),
        created_by: new.created_by.clone(),
        created_at: crate::db::now(),
        text_removed_at: None,
    };
    super::insert_version(conn, &row)?;
    let change = projects::next_change(conn, project_id)?;
    let set = (stories::version.eq(version), stories::title.eq(&new.title), stories::change.eq(change));
    diesel::update(one(project_id, story_id)).set(set).execute(conn)?;
    Ok(version)
}

/// What a correction puts right.
#[derive(Debug, Clone)]
pub struct Correction {
    /// Key of the wave.
    pub wave: String,
    /// Key of the perspective.
    pub perspective: String,
    /// Id of the participant.
    pub participant_id: Option<String>,
    /// Id of the teller.
    pub teller_id: Option<String>,
    /// What the analysis needs (JSON of `Facts`), without what the right perspective is not asked.
    pub facts: String,
}

/// Puts wave, perspective, participant or teller right, beside the new version that says so.
pub fn correct(conn: &mut Conn, project_id: &str, story_id: &str, correction: &Correction) -> DbResult<()> {
    let change = projects::next_rebuild(conn, project_id)?;
    let set = (
        stories::wave.eq(&correction.wave),
        stories::perspective.eq(&correction.perspective),
        stories::participant_id.eq(&correction.participant_id),
        stories::teller_id.eq(&correction.teller_id),
        stories::facts.eq(&correction.facts),
        stories::change.eq(change),
    );
    found(diesel::update(one(project_id, story_id)).set(set).execute(conn)?)
}

/// Releases the newest version for reading. Errors: not found when the story is not active or has no such version; a conflict
/// when there is a newer one, which may be without the names that this one has.
pub fn release(conn: &mut Conn, project_id: &str, story_id: &str, version: i32) -> DbResult<()> {
    // First the number: from here on nobody else changes the study until this is done.
    let change = projects::next_rebuild(conn, project_id)?;
    let story = by_id(conn, project_id, story_id)?;
    if story.status != ACTIVE || version < 1 || version > story.version {
        return Err(DbError::NotFound);
    }
    if version < story.version {
        return Err(DbError::Conflict("there is a newer version".to_owned()));
    }
    release_at(conn, project_id, story_id, version, change)
}

/// Releases a version under a change number that the caller took, who knows that the version is there.
pub fn release_at(conn: &mut Conn, project_id: &str, story_id: &str, version: i32, change: i64) -> DbResult<()> {
    let set = (stories::released_version.eq(version), stories::change.eq(change));
    found(diesel::update(one(project_id, story_id)).set(set).execute(conn)?)
}

/// Takes a release back.
pub fn unrelease(conn: &mut Conn, project_id: &str, story_id: &str) -> DbResult<()> {
    by_id(conn, project_id, story_id)?;
    let change = projects::next_rebuild(conn, project_id)?;
    let set = (stories::released_version.eq(None::<i32>), stories::change.eq(change));
    found(diesel::update(one(project_id, story_id)).set(set).execute(conn)?)
}

/// Takes a held story into the study. Errors: not found when it is not held.
pub fn accept_held(conn: &mut Conn, project_id: &str, story_id: &str) -> DbResult<()> {
    let change = projects::next_rebuild(conn, project_id)?;
    let target = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::id.eq(story_id))
        .filter(stories::status.eq(HELD));
    let set = (stories::status.eq(ACTIVE), stories::held.eq("[]"), stories::change.eq(change));
    found(diesel::update(target).set(set).execute(conn)?)
}

/// Adds a translation of a version, in place of an earlier one into the same language.
pub fn add_translation(conn: &mut Conn, row: &TranslationRow) -> DbResult<()> {
    let change = projects::next_change(conn, &row.project_id)?;
    found(diesel::update(one(&row.project_id, &row.story_id)).set(stories::change.eq(change)).execute(conn)?)?;
    on_each!(conn, c => diesel::insert_into(translations::table)
        .values(row)
        .on_conflict((translations::project_id, translations::story_id, translations::version, translations::language))
        .do_update()
        .set((
            translations::title.eq(&row.title),
            translations::text.eq(&row.text),
            translations::created_by.eq(&row.created_by),
            translations::created_at.eq(row.created_at),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes a story back: its texts, placements, translations and files are gone; the id stays, so that a replay is
/// told that it is gone. Errors: not found.
pub fn withdraw(conn: &mut Conn, project_id: &str, story_id: &str) -> DbResult<()> {
    let change = projects::next_rebuild(conn, project_id)?;
    let set = (
        stories::status.eq(WITHDRAWN),
        stories::held.eq("[]"),
        stories::hash.eq(""),
        stories::title.eq(""),
        stories::facts.eq("{\"placements\":{}}"),
        stories::released_version.eq(None::<i32>),
        stories::participant_id.eq(None::<String>),
        stories::teller_id.eq(None::<String>),
        stories::device_id.eq(None::<String>),
        stories::change.eq(change),
    );
    found(diesel::update(one(project_id, story_id)).set(set).execute(conn)?)?;
    let (p, s) = (project_id, story_id);
    diesel::delete(story_versions::table.filter(story_versions::project_id.eq(p)).filter(story_versions::story_id.eq(s)))
        .execute(conn)?;
    diesel::delete(translations::table.filter(translations::project_id.eq(p)).filter(translations::story_id.eq(s)))
        .execute(conn)?;
    diesel::delete(attachments::table.filter(attachments::project_id.eq(p)).filter(attachments::story_id.eq(s))).execute(conn)?;
    Ok(())
}

/// Takes back all stories about a participant, whoever told them. Answers their ids.
pub fn withdraw_about(conn: &mut Conn, project_id: &str, participant_id: &str) -> DbResult<Vec<String>> {
    let ids: Vec<String> = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::participant_id.eq(participant_id))
        .order(stories::id)
        .select(stories::id)
        .load(conn)?;
    withdraw_all(conn, project_id, ids)
}

/// Takes back all stories that a teller told. Answers their ids.
pub fn withdraw_told_by(conn: &mut Conn, project_id: &str, teller_id: &str) -> DbResult<Vec<String>> {
    let ids: Vec<String> = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::teller_id.eq(teller_id))
        .order(stories::id)
        .select(stories::id)
        .load(conn)?;
    withdraw_all(conn, project_id, ids)
}

pub(super) fn withdraw_all(conn: &mut Conn, project_id: &str, ids: Vec<String>) -> DbResult<Vec<String>> {
    for id in &ids {
        withdraw(conn, project_id, id)?;
    }
    Ok(ids)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one<'a>(project_id: &'a str, story_id: &'a str) -> _ {
    stories::table.filter(stories::project_id.eq(project_id)).filter(stories::id.eq(story_id))
}

fn found(changed: usize) -> DbResult<()> {
    if changed == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
