//! What people write in a workshop: observations on exhibits, interpretations of and ideas on observations.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::found;
use crate::db::schema::workshop_items as items;
use crate::db::{Conn, DbResult};
use crate::domain::conditions::Versioned;

/// An observation, interpretation or idea.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = items)]
pub struct ItemRow {
    /// The project.
    pub project_id: String,
    /// The workshop.
    pub workshop_id: String,
    /// Random id, made by the client.
    pub id: String,
    /// observation, interpretation or idea.
    pub kind: String,
    /// Of an observation: the exhibit.
    pub exhibit_id: Option<String>,
    /// Of the others: the observation.
    pub observation_id: Option<String>,
    /// What somebody wrote.
    pub text: String,
    /// Of an observation: strong, medium or weak.
    pub strength: Option<String>,
    /// Of an idea about a part of a figure: that part, as JSON.
    pub region: Option<String>,
    /// Of the same: more or fewer.
    pub direction: Option<String>,
    /// Number of the last change to its own fields.
    pub revision: i64,
    /// Id of the person who wrote it.
    pub created_by: String,
    /// When it was written.
    pub created_at: NaiveDateTime,
    /// When it was last changed.
    pub updated_at: NaiveDateTime,
}

impl Versioned for ItemRow {
    fn revision(&self) -> i64 {
        self.revision
    }
    fn made_by(&self) -> &str {
        &self.created_by
    }
}

/// Adds an item.
pub fn insert(conn: &mut Conn, row: &ItemRow) -> DbResult<()> {
    diesel::insert_into(items::table).values(row).execute(conn)?;
    Ok(())
}

/// Everything that was written in a workshop, oldest first.
pub fn list(conn: &mut Conn, project_id: &str, workshop_id: &str) -> DbResult<Vec<ItemRow>> {
    let query = items::table.filter(items::project_id.eq(project_id)).filter(items::workshop_id.eq(workshop_id));
    Ok(query.order((items::created_at, items::id)).select(ItemRow::as_select()).load(conn)?)
}

/// One item, whatever its kind.
pub fn by_id(conn: &mut Conn, project_id: &str, workshop_id: &str, id: &str) -> DbResult<Option<ItemRow>> {
    let query = items::table.filter(items::project_id.eq(project_id)).filter(items::workshop_id.eq(workshop_id));
    Ok(query.filter(items::id.eq(id)).select(ItemRow::as_select()).first(conn).optional()?)
}

/// Number of items of a kind.
pub fn count(conn: &mut Conn, project_id: &str, workshop_id: &str, kind: &str) -> DbResult<i64> {
    let query = items::table.filter(items::project_id.eq(project_id)).filter(items::workshop_id.eq(workshop_id));
    Ok(query.filter(items::kind.eq(kind)).count().get_result(conn)?)
}

/// Number of interpretations of an observation.
pub fn interpretations_of(conn: &mut Conn, project_id: &str, workshop_id: &str, observation_id: &str) -> DbResult<i64> {
    let query = items::table.filter(items::project_id.eq(project_id)).filter(items::workshop_id.eq(workshop_id));
    let query = query.filter(items::observation_id.eq(observation_id)).filter(items::kind.eq("interpretation"));
    Ok(query.count().get_result(conn)?)
}

/// Whether somebody else wrote something about an exhibit or observation, or about an observation on that exhibit.
pub fn others_built_on(conn: &mut Conn, project_id: &str, workshop_id: &str, id: &str, author: &str) -> DbResult<bool> {
    let of_workshop = || items::table.filter(items::project_id.eq(project_id)).filter(items::workshop_id.eq(workshop_id));
    let mut observations: Vec<String> = of_workshop().filter(items::exhibit_id.eq(id)).select(items::id).load(conn)?;
    observations.push(id.to_owned());
    let about = items::exhibit_id.eq(id).or(items::observation_id.eq_any(observations));
    // Null where the other kind has a parent: only a true one is found.
    let found: i64 = of_workshop().filter(about).filter(items::created_by.ne(author)).count().get_result(conn)?;
    Ok(found > 0)
}

/// Writes text, strength, region, direction, revision and time. Errors: not found.
pub fn update(conn: &mut Conn, row: &ItemRow) -> DbResult<()> {
    let target = items::table
        .filter(items::project_id.eq(&row.project_id))
        .filter(items::workshop_id.eq(&row.workshop_id))
        .filter(items::id.eq(&row.id));
    let set = (
        items::text.eq(&row.text),
        items::strength.eq(&row.strength),
        items::region.eq(&row.region),
        items::direction.eq(&row.direction),
        items::revision.eq(row.revision),
        items::updated_at.eq(row.updated_at),
    );
    found(diesel::update(target).set(set).execute(conn)?)
}

/// Takes an item away with all that was built on it. Errors: not found.
pub fn delete(conn: &mut Conn, project_id: &str, workshop_id: &str, id: &str) -> DbResult<()> {
    let target =
        items::table.filter(items::project_id.eq(project_id)).filter(items::workshop_id.eq(workshop_id)).filter(items::id.eq(id));
    found(diesel::delete(target).execute(conn)?)
}
