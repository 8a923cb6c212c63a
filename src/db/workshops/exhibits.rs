//! What a workshop looks at.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::found;
use crate::db::schema::workshop_exhibits as exhibits;
use crate::db::{Conn, DbResult};
use crate::domain::conditions::Versioned;

/// An exhibit.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = exhibits)]
pub struct ExhibitRow {
    /// The project.
    pub project_id: String,
    /// The workshop.
    pub workshop_id: String,
    /// Random id, made by the client.
    pub id: String,
    /// finding or view.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// What somebody wrote beside it.
    pub note: String,
    /// Place in the order.
    pub place: i32,
    /// The pin that it was made from.
    pub pin_id: Option<String>,
    /// The lens that it was made from.
    pub lens_id: Option<String>,
    /// Of a view: key of the signifier.
    pub signifier: Option<String>,
    /// For which audience the finding was computed; of a view, whose it is.
    pub audience: String,
    /// Of a finding: as JSON, without ids of stories.
    pub finding: Option<String>,
    /// The lens as JSON.
    pub lens: String,
    /// By what a view is split.
    pub compare_by: Option<String>,
    /// Number of the last change to its own fields.
    pub revision: i64,
    /// Id of the person who added it.
    pub created_by: String,
    /// When it was added.
    pub created_at: NaiveDateTime,
    /// When it was last changed.
    pub updated_at: NaiveDateTime,
}

impl Versioned for ExhibitRow {
    fn revision(&self) -> i64 {
        self.revision
    }
    fn made_by(&self) -> &str {
        &self.created_by
    }
}

/// Adds an exhibit.
pub fn insert(conn: &mut Conn, row: &ExhibitRow) -> DbResult<()> {
    diesel::insert_into(exhibits::table).values(row).execute(conn)?;
    Ok(())
}

/// All exhibits of a workshop, in their order.
pub fn list(conn: &mut Conn, project_id: &str, workshop_id: &str) -> DbResult<Vec<ExhibitRow>> {
    let query = exhibits::table.filter(exhibits::project_id.eq(project_id)).filter(exhibits::workshop_id.eq(workshop_id));
    let query = query.order((exhibits::place, exhibits::created_at, exhibits::id));
    Ok(query.select(ExhibitRow::as_select()).load(conn)?)
}

/// One exhibit.
pub fn by_id(conn: &mut Conn, project_id: &str, workshop_id: &str, id: &str) -> DbResult<Option<ExhibitRow>> {
    let query = exhibits::table.filter(exhibits::project_id.eq(project_id)).filter(exhibits::workshop_id.eq(workshop_id));
    Ok(query.filter(exhibits::id.eq(id)).select(ExhibitRow::as_select()).first(conn).optional()?)
}

/// Number of exhibits of a workshop.
pub fn count(conn: &mut Conn, project_id: &str, workshop_id: &str) -> DbResult<i64> {
    let query = exhibits::table.filter(exhibits::project_id.eq(project_id)).filter(exhibits::workshop_id.eq(workshop_id));
    Ok(query.count().get_result(conn)?)
}

/// Writes title, note, place, revision and time. Errors: not found.
pub fn update(conn: &mut Conn, row: &ExhibitRow) -> DbResult<()> {
    let target = exhibits::table
        .filter(exhibits::project_id.eq(&row.project_id))
        .filter(exhibits::workshop_id.eq(&row.workshop_id))
        .filter(exhibits::id.eq(&row.id));
    let set = (
        exhibits::title.eq(&row.title),
        exhibits::note.eq(&row.note),
        exhibits::place.eq(row.place),
        exhibits::revision.eq(row.revision),
        exhibits::updated_at.eq(row.updated_at),
    );
    found(diesel::update(target).set(set).execute(conn)?)
}

/// Takes an exhibit away with all that was written about it. Errors: not found.
pub fn delete(conn: &mut Conn, project_id: &str, workshop_id: &str, id: &str) -> DbResult<()> {
    let target = exhibits::table
        .filter(exhibits::project_id.eq(project_id))
        .filter(exhibits::workshop_id.eq(workshop_id))
        .filter(exhibits::id.eq(id));
    found(diesel::delete(target).execute(conn)?)
}
