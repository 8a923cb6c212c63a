//! Framework documents and their versions.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::frameworks;
use super::{Conn, DbError, DbResult, now};

/// State of a version that may still be edited.
pub const DRAFT: &str = "draft";
/// State of a version that never changes again.
pub const PUBLISHED: &str = "published";

/// A version of the framework of a project.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = frameworks)]
pub struct FrameworkRow {
    /// The project.
    pub project_id: String,
    /// 1, 2, 3, ...
    pub version: i32,
    /// Draft or published.
    pub state: String,
    /// The document as JSON.
    pub document: String,
    /// When the draft was begun.
    pub created_at: NaiveDateTime,
    /// When it last changed.
    pub updated_at: NaiveDateTime,
    /// When it was published.
    pub published_at: Option<NaiveDateTime>,
}

/// Begins a draft with the next version number. Errors: conflict when there is a draft already.
pub fn begin_draft(conn: &mut Conn, project_id: &str, document: &str) -> DbResult<FrameworkRow> {
    let newest = list(conn, project_id)?.pop();
    if newest.as_ref().is_some_and(|f| f.state == DRAFT) {
        return Err(DbError::Conflict("draft".to_owned()));
    }
    let row = FrameworkRow {
        project_id: project_id.to_owned(),
        version: newest.map_or(1, |f| f.version + 1),
        state: DRAFT.to_owned(),
        document: document.to_owned(),
        created_at: now(),
        updated_at: now(),
        published_at: None,
    };
    diesel::insert_into(frameworks::table).values(&row).execute(conn)?;
    Ok(row)
}

/// All versions, oldest first.
pub fn list(conn: &mut Conn, project_id: &str) -> DbResult<Vec<FrameworkRow>> {
    let query = frameworks::table
        .filter(frameworks::project_id.eq(project_id))
        .order(frameworks::version)
        .select(FrameworkRow::as_select());
    Ok(query.load(conn)?)
}

/// One version. Errors: not found.
pub fn get(conn: &mut Conn, project_id: &str, version: i32) -> DbResult<FrameworkRow> {
    let query = frameworks::table
        .filter(frameworks::project_id.eq(project_id))
        .filter(frameworks::version.eq(version))
        .select(FrameworkRow::as_select());
    Ok(query.first(conn)?)
}

/// Nobody else changes this version until the transaction ends. Errors: not found.
pub fn lock(conn: &mut Conn, project_id: &str, version: i32) -> DbResult<()> {
    // An update that changes nothing takes the lock on both databases.
    let target = frameworks::table.filter(frameworks::project_id.eq(project_id)).filter(frameworks::version.eq(version));
    let set = frameworks::version.eq(frameworks::version);
    if diesel::update(target).set(set).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Replaces the document of a draft. Errors: not found when there is no such draft (a published version never changes).
pub fn set_document(conn: &mut Conn, project_id: &str, version: i32, document: &str) -> DbResult<()> {
    let draft = frameworks::table
        .filter(frameworks::project_id.eq(project_id))
        .filter(frameworks::version.eq(version))
        .filter(frameworks::state.eq(DRAFT));
    let set = (frameworks::document.eq(document), frameworks::updated_at.eq(now()));
    if diesel::update(draft).set(set).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Publishes a draft. Errors: not found when there is no such draft.
pub fn publish(conn: &mut Conn, project_id: &str, version: i32) -> DbResult<()> {
    let draft = frameworks::table
        .filter(frameworks::project_id.eq(project_id))
        .filter(frameworks::version.eq(version))
        .filter(frameworks::state.eq(DRAFT));
    let set = (frameworks::state.eq(PUBLISHED), frameworks::published_at.eq(now()), frameworks::updated_at.eq(now()));
    if diesel::update(draft).set(set).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Throws a draft away. Errors: not found when there is no such draft.
pub fn delete_draft(conn: &mut Conn, project_id: &str, version: i32) -> DbResult<()> {
    let draft = frameworks::table
        .filter(frameworks::project_id.eq(project_id))
        .filter(frameworks::version.eq(version))
        .filter(frameworks::state.eq(DRAFT));
    if diesel::delete(draft).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
