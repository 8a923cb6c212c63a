//! Workshops. Every change to anything in one takes the next change number of the workshop, whose row stays locked until the
//! transaction ends: numbers become visible in their order.

pub mod clusters;
pub mod exhibits;
pub mod items;
pub mod presence;
pub mod votes;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::workshops;
use super::{Conn, DbError, DbResult};
use crate::domain::conditions::Versioned;
use crate::on_each;

/// A workshop.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = workshops)]
pub struct WorkshopRow {
    /// The project.
    pub project_id: String,
    /// Random id, made by the client.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// open or closed.
    pub state: String,
    /// Its steps as JSON.
    pub steps: String,
    /// Key of the step that runs.
    pub step_key: Option<String>,
    /// Since when it runs.
    pub step_started_at: Option<NaiveDateTime>,
    /// Time that it has, in minutes.
    pub step_minutes: Option<i32>,
    /// Number of the last change to anything in the workshop.
    pub change: i64,
    /// Number of the last change to its own fields.
    pub revision: i64,
    /// Id of the person who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When its own fields were last changed.
    pub updated_at: NaiveDateTime,
}

impl Versioned for WorkshopRow {
    fn revision(&self) -> i64 {
        self.revision
    }
    fn made_by(&self) -> &str {
        &self.created_by
    }
}

/// Adds a workshop. Errors: conflict when the id is taken.
pub fn insert(conn: &mut Conn, row: &WorkshopRow) -> DbResult<()> {
    diesel::insert_into(workshops::table).values(row).execute(conn)?;
    Ok(())
}

/// One workshop.
pub fn by_id(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<Option<WorkshopRow>> {
    let query = workshops::table.filter(workshops::project_id.eq(project_id)).filter(workshops::id.eq(id));
    Ok(query.select(WorkshopRow::as_select()).first(conn).optional()?)
}

/// The same, and nobody else changes anything in it until the transaction ends.
pub fn lock(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<Option<WorkshopRow>> {
    let target = workshops::table.filter(workshops::project_id.eq(project_id)).filter(workshops::id.eq(id));
    // An update that changes nothing takes the lock on both databases.
    diesel::update(target).set(workshops::change.eq(workshops::change)).execute(conn)?;
    by_id(conn, project_id, id)
}

/// A page of the workshops of a project, newest first, after this time and id.
pub fn page(conn: &mut Conn, project_id: &str, after: Option<(NaiveDateTime, String)>, limit: i64) -> DbResult<Vec<WorkshopRow>> {
    let mut query = workshops::table.filter(workshops::project_id.eq(project_id)).into_boxed();
    if let Some((at, id)) = after {
        let same_moment = workshops::created_at.eq(at).and(workshops::id.gt(id));
        query = query.filter(workshops::created_at.lt(at).or(same_moment));
    }
    let query = query.order((workshops::created_at.desc(), workshops::id)).limit(limit);
    Ok(query.select(WorkshopRow::as_select()).load(conn)?)
}

/// Number of workshops of a project.
pub fn count(conn: &mut Conn, project_id: &str) -> DbResult<i64> {
    Ok(workshops::table.filter(workshops::project_id.eq(project_id)).count().get_result(conn)?)
}

/// Takes the next change number. Errors: not found.
pub fn next_change(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<i64> {
    let target = workshops::table.filter(workshops::project_id.eq(project_id)).filter(workshops::id.eq(id));
    let next = on_each!(conn, c => diesel::update(target)
        .set(workshops::change.eq(workshops::change + 1))
        .returning(workshops::change)
        .get_result::<i64>(c))?;
    Ok(next)
}

/// Number of the last change to anything in a workshop; `None` when there is no such workshop.
pub fn change_of(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<Option<i64>> {
    let query = workshops::table.filter(workshops::project_id.eq(project_id)).filter(workshops::id.eq(id));
    Ok(query.select(workshops::change).first(conn).optional()?)
}

/// Writes the own fields of a workshop. Errors: not found.
pub fn update(conn: &mut Conn, row: &WorkshopRow) -> DbResult<()> {
    let target = workshops::table.filter(workshops::project_id.eq(&row.project_id)).filter(workshops::id.eq(&row.id));
    let set = (
        workshops::title.eq(&row.title),
        workshops::state.eq(&row.state),
        workshops::steps.eq(&row.steps),
        workshops::step_key.eq(&row.step_key),
        workshops::step_started_at.eq(row.step_started_at),
        workshops::step_minutes.eq(row.step_minutes),
        workshops::revision.eq(row.revision),
        workshops::updated_at.eq(row.updated_at),
    );
    found(diesel::update(target).set(set).execute(conn)?)
}

/// Takes a workshop away with everything in it. Errors: not found.
pub fn delete(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = workshops::table.filter(workshops::project_id.eq(project_id)).filter(workshops::id.eq(id));
    found(diesel::delete(target).execute(conn)?)
}

fn found(changed: usize) -> DbResult<()> {
    if changed == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
