//! Key pairs under which phones close what they cannot deliver themselves. The only file that names the table; rows are
//! only added.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::forward_keys;
use super::{Conn, DbResult};

/// A key pair of a project.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = forward_keys)]
pub struct ForwardKeyRow {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// The public half: the uncompressed point, base64url.
    pub public_key: String,
    /// What `secrets::seal` made of the private half.
    pub sealed: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
}

/// All key pairs of a project, newest first.
pub fn all(conn: &mut Conn, project_id: &str) -> DbResult<Vec<ForwardKeyRow>> {
    let query = forward_keys::table
        .filter(forward_keys::project_id.eq(project_id))
        .order((forward_keys::created_at.desc(), forward_keys::id))
        .select(ForwardKeyRow::as_select());
    Ok(query.load(conn)?)
}

/// One key pair of a project.
pub fn get(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<Option<ForwardKeyRow>> {
    let query = forward_keys::table
        .filter(forward_keys::project_id.eq(project_id))
        .filter(forward_keys::id.eq(id))
        .select(ForwardKeyRow::as_select());
    Ok(query.first(conn).optional()?)
}

/// Adds a key pair.
pub fn insert(conn: &mut Conn, row: &ForwardKeyRow) -> DbResult<()> {
    diesel::insert_into(forward_keys::table).values(row).execute(conn)?;
    Ok(())
}
