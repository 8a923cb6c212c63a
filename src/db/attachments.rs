//! Files that belong to stories: what was declared, and how much has come in.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::attachments;
use super::{Conn, DbError, DbResult, now};

/// A declared file.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = attachments)]
pub struct AttachmentRow {
    /// The project.
    pub project_id: String,
    /// The story.
    pub story_id: String,
    /// Id made by the device.
    pub id: String,
    /// Declared SHA-256 of the whole file.
    pub sha256: String,
    /// Declared size.
    pub bytes: i64,
    /// Declared media type.
    pub media_type: String,
    /// Bytes received so far.
    pub received_bytes: i64,
    /// When the whole file was there with the declared hash.
    pub completed_at: Option<NaiveDateTime>,
    /// When it was removed, its term being over.
    pub removed_at: Option<NaiveDateTime>,
    /// Media type that the first bytes of the whole file show; empty when they show none that is known.
    pub found_type: Option<String>,
}

/// Declares a file.
pub fn declare(conn: &mut Conn, row: &AttachmentRow) -> DbResult<()> {
    diesel::insert_into(attachments::table).values(row).execute(conn)?;
    Ok(())
}

/// One file. Errors: not found.
pub fn get(conn: &mut Conn, project_id: &str, story_id: &str, id: &str) -> DbResult<AttachmentRow> {
    let query = attachments::table
        .filter(attachments::project_id.eq(project_id))
        .filter(attachments::story_id.eq(story_id))
        .filter(attachments::id.eq(id))
        .select(AttachmentRow::as_select());
    Ok(query.first(conn)?)
}

/// Files of a story, ordered by id.
pub fn of_story(conn: &mut Conn, project_id: &str, story_id: &str) -> DbResult<Vec<AttachmentRow>> {
    let query = attachments::table
        .filter(attachments::project_id.eq(project_id))
        .filter(attachments::story_id.eq(story_id))
        .order(attachments::id)
        .select(AttachmentRow::as_select());
    Ok(query.load(conn)?)
}

/// Files of all projects of which something has come in, for a backup.
pub fn all_received(conn: &mut Conn) -> DbResult<Vec<AttachmentRow>> {
    let query = attachments::table
        .filter(attachments::received_bytes.gt(0).or(attachments::completed_at.is_not_null()))
        .filter(attachments::removed_at.is_null())
        .order((attachments::project_id, attachments::story_id, attachments::id))
        .select(AttachmentRow::as_select());
    Ok(query.load(conn)?)
}

/// Notes how much has come in; once the hash fits also what the file `is`, and that it is complete. Errors: not found.
pub fn set_progress(conn: &mut Conn, row: &AttachmentRow, received: i64, is: Option<&str>) -> DbResult<()> {
    let target = attachments::table
        .filter(attachments::project_id.eq(&row.project_id))
        .filter(attachments::story_id.eq(&row.story_id))
        .filter(attachments::id.eq(&row.id));
    let set = (
        attachments::received_bytes.eq(received),
        attachments::completed_at.eq(is.map(|_| now())),
        attachments::found_type.eq(is),
    );
    if diesel::update(target).set(set).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Locks the row of a file until the transaction ends, so that two parts of it cannot be written at the same time.
/// Errors: not found.
pub fn lock(conn: &mut Conn, row: &AttachmentRow) -> DbResult<()> {
    let target = attachments::table
        .filter(attachments::project_id.eq(&row.project_id))
        .filter(attachments::story_id.eq(&row.story_id))
        .filter(attachments::id.eq(&row.id));
    // An update that changes nothing takes the lock on both databases.
    let changed = diesel::update(target).set(attachments::received_bytes.eq(attachments::received_bytes)).execute(conn)?;
    if changed == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
