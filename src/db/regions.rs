//! Parts of figures that a project gave a name.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::regions;
use super::{Conn, DbError, DbResult, now};

/// A named region.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = regions)]
pub struct RegionRow {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// Name.
    pub name: String,
    /// The region as JSON.
    pub region: String,
    /// Who drew it.
    pub created_by: String,
    /// When it was drawn.
    pub created_at: NaiveDateTime,
    /// When it was last changed.
    pub updated_at: NaiveDateTime,
}

/// Adds a region.
pub fn insert(conn: &mut Conn, row: &RegionRow) -> DbResult<()> {
    diesel::insert_into(regions::table).values(row).execute(conn)?;
    Ok(())
}

/// A page of the regions of a project, ordered by id.
pub fn page(conn: &mut Conn, project_id: &str, after: &str, limit: i64) -> DbResult<Vec<RegionRow>> {
    let query = regions::table
        .filter(regions::project_id.eq(project_id))
        .filter(regions::id.gt(after))
        .order(regions::id)
        .limit(limit)
        .select(RegionRow::as_select());
    Ok(query.load(conn)?)
}

/// One region. Errors: not found.
pub fn by_id(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<RegionRow> {
    let query = regions::table.filter(regions::project_id.eq(project_id)).filter(regions::id.eq(id));
    query.select(RegionRow::as_select()).first(conn).map_err(DbError::from)
}

/// Gives a region another name and shape. Errors: not found.
pub fn update(conn: &mut Conn, project_id: &str, id: &str, name: &str, region: &str) -> DbResult<()> {
    let target = regions::table.filter(regions::project_id.eq(project_id)).filter(regions::id.eq(id));
    let set = (regions::name.eq(name), regions::region.eq(region), regions::updated_at.eq(now()));
    found(diesel::update(target).set(set).execute(conn)?)
}

/// Takes a region away. Errors: not found.
pub fn delete(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = regions::table.filter(regions::project_id.eq(project_id)).filter(regions::id.eq(id));
    found(diesel::delete(target).execute(conn)?)
}

fn found(changed: usize) -> DbResult<()> {
    if changed == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
