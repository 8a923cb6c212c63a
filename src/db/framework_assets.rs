//! Recordings that frameworks name. They are small, so they are in the database, and in every backup of it.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::framework_assets;
use super::{Conn, DbError, DbResult};
use crate::on_each;

/// A recording without its content.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = framework_assets)]
pub struct AssetRow {
    /// The project.
    pub project_id: String,
    /// Name, as frameworks have it.
    pub name: String,
    /// SHA-256 of the content.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: i64,
    /// Media type that it was declared as and fits.
    pub media_type: String,
    /// Who brought it.
    pub created_by: String,
    /// When.
    pub created_at: NaiveDateTime,
}

/// All recordings of a project, by name.
pub fn list(conn: &mut Conn, project_id: &str) -> DbResult<Vec<AssetRow>> {
    let query = framework_assets::table
        .filter(framework_assets::project_id.eq(project_id))
        .order(framework_assets::name)
        .select(AssetRow::as_select());
    Ok(query.load(conn)?)
}

/// One recording.
pub fn get(conn: &mut Conn, project_id: &str, name: &str) -> DbResult<Option<AssetRow>> {
    let query = framework_assets::table
        .filter(framework_assets::project_id.eq(project_id))
        .filter(framework_assets::name.eq(name))
        .select(AssetRow::as_select());
    Ok(query.first(conn).optional()?)
}

/// The content of a recording. Errors: not found.
pub fn content(conn: &mut Conn, project_id: &str, name: &str) -> DbResult<Vec<u8>> {
    let query = framework_assets::table
        .filter(framework_assets::project_id.eq(project_id))
        .filter(framework_assets::name.eq(name))
        .select(framework_assets::content);
    Ok(query.first(conn)?)
}

/// Keeps a recording, in place of what had its name.
pub fn put(conn: &mut Conn, row: &AssetRow, content: &[u8]) -> DbResult<()> {
    let target = framework_assets::table
        .filter(framework_assets::project_id.eq(&row.project_id))
        .filter(framework_assets::name.eq(&row.name));
    diesel::delete(target).execute(conn)?;
    let values = (row, framework_assets::content.eq(content));
    on_each!(conn, c => diesel::insert_into(framework_assets::table).values(values).execute(c))?;
    Ok(())
}

/// Removes a recording. Errors: not found.
pub fn delete(conn: &mut Conn, project_id: &str, name: &str) -> DbResult<()> {
    let target =
        framework_assets::table.filter(framework_assets::project_id.eq(project_id)).filter(framework_assets::name.eq(name));
    if diesel::delete(target).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
