//! Lenses that a project keeps: with a name, or as the address of a view.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::lenses;
use super::{Conn, DbError, DbResult};
use crate::domain::conditions::Versioned;
use crate::on_each;

/// A lens that is kept.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = lenses)]
pub struct LensRow {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// Name, if it has one.
    pub name: Option<String>,
    /// For which audience it was made.
    pub audience: String,
    /// The lens as JSON, in canonical form.
    pub lens: String,
    /// By what a view under it is split.
    pub compare_by: Option<String>,
    /// Of one without a name: the same for the same audience, lens and comparison.
    pub address: Option<String>,
    /// Grows with every change.
    pub revision: i64,
    /// Id of the person who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When it was last changed.
    pub updated_at: NaiveDateTime,
}

impl Versioned for LensRow {
    fn revision(&self) -> i64 {
        self.revision
    }
    fn made_by(&self) -> &str {
        &self.created_by
    }
}

/// Adds a lens, unless one with the same address is there. Answers whether it was added.
pub fn insert(conn: &mut Conn, row: &LensRow) -> DbResult<bool> {
    let added = on_each!(conn, c => diesel::insert_into(lenses::table)
        .values(row)
        .on_conflict((lenses::project_id, lenses::address))
        .do_nothing()
        .execute(c))?;
    Ok(added > 0)
}

/// A page of the lenses with a name, ordered by id.
pub fn page(conn: &mut Conn, project_id: &str, after: &str, limit: i64) -> DbResult<Vec<LensRow>> {
    let query = lenses::table
        .filter(lenses::project_id.eq(project_id))
        .filter(lenses::name.is_not_null())
        .filter(lenses::id.gt(after))
        .order(lenses::id)
        .limit(limit)
        .select(LensRow::as_select());
    Ok(query.load(conn)?)
}

/// One lens. Errors: not found.
pub fn by_id(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<LensRow> {
    let query = lenses::table.filter(lenses::project_id.eq(project_id)).filter(lenses::id.eq(id));
    query.select(LensRow::as_select()).first(conn).map_err(DbError::from)
}

/// Nobody else changes this lens until the transaction ends.
pub fn lock(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    // An update that changes nothing takes the lock on both databases.
    let target = lenses::table.filter(lenses::project_id.eq(project_id)).filter(lenses::id.eq(id));
    found(diesel::update(target).set(lenses::revision.eq(lenses::revision)).execute(conn)?)
}

/// The lens with this address. Errors: not found.
pub fn by_address(conn: &mut Conn, project_id: &str, address: &str) -> DbResult<LensRow> {
    let query = lenses::table.filter(lenses::project_id.eq(project_id)).filter(lenses::address.eq(address));
    query.select(LensRow::as_select()).first(conn).map_err(DbError::from)
}

/// Number of lenses of a project, with and without a name.
pub fn count(conn: &mut Conn, project_id: &str) -> DbResult<i64> {
    Ok(lenses::table.filter(lenses::project_id.eq(project_id)).count().get_result(conn)?)
}

/// Writes name, lens, comparison, revision and time of a lens that has a name. Errors: not found.
pub fn update(conn: &mut Conn, row: &LensRow) -> DbResult<()> {
    let target = lenses::table.filter(lenses::project_id.eq(&row.project_id)).filter(lenses::id.eq(&row.id));
    let set = (
        lenses::name.eq(&row.name),
        lenses::lens.eq(&row.lens),
        lenses::compare_by.eq(&row.compare_by),
        lenses::revision.eq(row.revision),
        lenses::updated_at.eq(row.updated_at),
    );
    found(diesel::update(target).set(set).execute(conn)?)
}

/// Takes a lens away. Errors: not found.
pub fn delete(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = lenses::table.filter(lenses::project_id.eq(project_id)).filter(lenses::id.eq(id));
    found(diesel::delete(target).execute(conn)?)
}

fn found(changed: usize) -> DbResult<()> {
    if changed == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
