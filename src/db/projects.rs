//! Studies: the unit of isolation between organisations.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{memberships, projects};
use super::{Conn, DbResult, now};
use crate::on_each;

/// A study.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = projects)]
pub struct Project {
    /// Random id.
    pub id: String,
    /// Name.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Number of the last change to its stories or what gives them meaning.
    pub change: i64,
    /// Number of the last change that cannot be followed by adding new stories to a snapshot.
    pub rebuild_change: i64,
    /// Smallest population shown to the workgroup, in participants.
    pub threshold_population: i32,
    /// Smallest difference between neighbouring populations, in participants.
    pub threshold_cell: i32,
    /// Lower threshold that the owner asks a researcher to agree to.
    pub asked_population: Option<i32>,
    /// Lower threshold that the owner asks a researcher to agree to.
    pub asked_cell: Option<i32>,
    /// Why the owner asks.
    pub asked_reason: Option<String>,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When its own fields were last changed.
    pub updated_at: NaiveDateTime,
    /// When stories were last published for the workgroup.
    pub published_at: Option<NaiveDateTime>,
    /// Number of the change that published them; 0 before the first time.
    pub published_change: i64,
    /// Whether what the workgroup reads stays as it is.
    pub frozen: bool,
}

/// New values for a project; `None` leaves a field as it is.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = projects)]
pub struct ProjectUpdate {
    /// Name.
    pub title: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Threshold in force.
    pub threshold_population: Option<i32>,
    /// Threshold in force.
    pub threshold_cell: Option<i32>,
    /// Asked threshold; `Some(None)` clears it.
    pub asked_population: Option<Option<i32>>,
    /// Asked threshold; `Some(None)` clears it.
    pub asked_cell: Option<Option<i32>>,
    /// Why it is asked; `Some(None)` clears it.
    pub asked_reason: Option<Option<String>>,
    /// When it changed.
    pub updated_at: Option<NaiveDateTime>,
}

/// Adds a project.
pub fn insert(conn: &mut Conn, project: &Project) -> DbResult<()> {
    diesel::insert_into(projects::table).values(project).execute(conn)?;
    Ok(())
}

/// The project with this id.
pub fn by_id(conn: &mut Conn, id: &str) -> DbResult<Option<Project>> {
    Ok(projects::table.filter(projects::id.eq(id)).select(Project::as_select()).first(conn).optional()?)
}

/// A page of the projects that a person is a member of, with the role there, ordered by id.
pub fn of_user(conn: &mut Conn, user_id: &str, after: &str, limit: i64) -> DbResult<Vec<(Project, String)>> {
    let query = projects::table
        .inner_join(memberships::table.on(memberships::project_id.eq(projects::id)))
        .filter(memberships::user_id.eq(user_id))
        .filter(memberships::ends_on.is_null().or(memberships::ends_on.ge(now().date())))
        .filter(projects::id.gt(after))
        .order(projects::id)
        .limit(limit)
        .select((Project::as_select(), memberships::role));
    Ok(query.load(conn)?)
}

/// All projects, oldest first (for the command line).
pub fn all(conn: &mut Conn) -> DbResult<Vec<Project>> {
    Ok(projects::table.order((projects::created_at, projects::id)).select(Project::as_select()).load(conn)?)
}

/// Changes the given fields.
pub fn update(conn: &mut Conn, id: &str, mut update: ProjectUpdate) -> DbResult<()> {
    update.updated_at = Some(now());
    let changed = diesel::update(projects::table.filter(projects::id.eq(id))).set(&update).execute(conn)?;
    if changed == 0 { Err(super::DbError::NotFound) } else { Ok(()) }
}

/// Locks a project until the transaction ends, for rules about several of its rows. Errors: not found.
pub fn lock(conn: &mut Conn, id: &str) -> DbResult<()> {
    // An update that changes nothing takes the lock on both databases.
    let changed =
        diesel::update(projects::table.filter(projects::id.eq(id))).set(projects::change.eq(projects::change)).execute(conn)?;
    if changed == 0 { Err(super::DbError::NotFound) } else { Ok(()) }
}

/// Takes the next change number. The row stays locked until the transaction ends, so numbers become visible in
/// their order and nobody who reads 'changed since' can skip a story.
pub fn next_change(conn: &mut Conn, id: &str) -> DbResult<i64> {
    let target = projects::table.filter(projects::id.eq(id));
    let next = on_each!(conn, c => diesel::update(target)
        .set(projects::change.eq(projects::change + 1))
        .returning(projects::change)
        .get_result::<i64>(c))?;
    Ok(next)
}

/// Takes the next change number for something that a snapshot cannot follow by adding stories.
pub fn next_rebuild(conn: &mut Conn, id: &str) -> DbResult<i64> {
    let next = next_change(conn, id)?;
    diesel::update(projects::table.filter(projects::id.eq(id))).set(projects::rebuild_change.eq(next)).execute(conn)?;
    Ok(next)
}

/// Change number and number of the last change that needs a rebuild.
pub fn changes(conn: &mut Conn, id: &str) -> DbResult<(i64, i64)> {
    let found = projects::table.filter(projects::id.eq(id)).select((projects::change, projects::rebuild_change));
    Ok(found.first(conn)?)
}
