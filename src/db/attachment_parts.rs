//! Which objects hold what has come in of a file that is not whole yet; used with an object store only.

use diesel::prelude::*;

use super::attachments::AttachmentRow;
use super::schema::attachment_parts;
use super::{Conn, DbResult};

/// An acknowledged piece of a file.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = attachment_parts)]
pub struct PartRow {
    /// The project.
    pub project_id: String,
    /// The story.
    pub story_id: String,
    /// The file.
    pub attachment_id: String,
    /// Where it begins in the file, in bytes.
    pub first_byte: i64,
    /// Its size.
    pub bytes: i64,
    /// Name of the object below the file's own; never used twice.
    pub object: String,
}

/// The pieces of a file, from its beginning.
pub fn of_file(conn: &mut Conn, row: &AttachmentRow) -> DbResult<Vec<PartRow>> {
    let query = attachment_parts::table
        .filter(attachment_parts::project_id.eq(&row.project_id))
        .filter(attachment_parts::story_id.eq(&row.story_id))
        .filter(attachment_parts::attachment_id.eq(&row.id))
        .order(attachment_parts::first_byte)
        .select(PartRow::as_select());
    Ok(query.load(conn)?)
}

/// Notes a piece, in the place of those that begin where it begins or later.
pub fn put(conn: &mut Conn, row: &AttachmentRow, part: &PartRow) -> DbResult<()> {
    forget_from(conn, row, part.first_byte)?;
    diesel::insert_into(attachment_parts::table).values(part).execute(conn)?;
    Ok(())
}

/// Forgets the pieces that begin here or later; from 0 all of them.
pub fn forget_from(conn: &mut Conn, row: &AttachmentRow, first_byte: i64) -> DbResult<()> {
    let target = attachment_parts::table
        .filter(attachment_parts::project_id.eq(&row.project_id))
        .filter(attachment_parts::story_id.eq(&row.story_id))
        .filter(attachment_parts::attachment_id.eq(&row.id))
        .filter(attachment_parts::first_byte.ge(first_byte));
    diesel::delete(target).execute(conn)?;
    Ok(())
}
