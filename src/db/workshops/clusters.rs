//! Interpretations that belong together.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::found;
use crate::db::schema::{workshop_cluster_items as members, workshop_clusters as clusters};
use crate::db::{Conn, DbResult};
use crate::domain::conditions::Versioned;
use crate::on_each;

/// A cluster.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = clusters)]
pub struct ClusterRow {
    /// The project.
    pub project_id: String,
    /// The workshop.
    pub workshop_id: String,
    /// Random id, made by the client.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// perspective or theme.
    pub kind: String,
    /// Place in the order.
    pub place: i32,
    /// Number of the last change to its own fields.
    pub revision: i64,
    /// Id of the person who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When it was last changed.
    pub updated_at: NaiveDateTime,
}

impl Versioned for ClusterRow {
    fn revision(&self) -> i64 {
        self.revision
    }
    fn made_by(&self) -> &str {
        &self.created_by
    }
}

/// That an interpretation is in a cluster.
#[derive(Insertable)]
#[diesel(table_name = members)]
struct NewMember<'a> {
    project_id: &'a str,
    workshop_id: &'a str,
    cluster_id: &'a str,
    item_id: &'a str,
}

/// Adds a cluster.
pub fn insert(conn: &mut Conn, row: &ClusterRow) -> DbResult<()> {
    diesel::insert_into(clusters::table).values(row).execute(conn)?;
    Ok(())
}

/// All clusters of a workshop, in their order.
pub fn list(conn: &mut Conn, project_id: &str, workshop_id: &str) -> DbResult<Vec<ClusterRow>> {
    let query = clusters::table.filter(clusters::project_id.eq(project_id)).filter(clusters::workshop_id.eq(workshop_id));
    let query = query.order((clusters::place, clusters::created_at, clusters::id));
    Ok(query.select(ClusterRow::as_select()).load(conn)?)
}

/// One cluster.
pub fn by_id(conn: &mut Conn, project_id: &str, workshop_id: &str, id: &str) -> DbResult<Option<ClusterRow>> {
    let query = clusters::table.filter(clusters::project_id.eq(project_id)).filter(clusters::workshop_id.eq(workshop_id));
    Ok(query.filter(clusters::id.eq(id)).select(ClusterRow::as_select()).first(conn).optional()?)
}

/// Number of clusters of a workshop.
pub fn count(conn: &mut Conn, project_id: &str, workshop_id: &str) -> DbResult<i64> {
    let query = clusters::table.filter(clusters::project_id.eq(project_id)).filter(clusters::workshop_id.eq(workshop_id));
    Ok(query.count().get_result(conn)?)
}

/// Writes name, kind, place, revision and time. Errors: not found.
pub fn update(conn: &mut Conn, row: &ClusterRow) -> DbResult<()> {
    let target = clusters::table
        .filter(clusters::project_id.eq(&row.project_id))
        .filter(clusters::workshop_id.eq(&row.workshop_id))
        .filter(clusters::id.eq(&row.id));
    let set = (
        clusters::name.eq(&row.name),
        clusters::kind.eq(&row.kind),
        clusters::place.eq(row.place),
        clusters::revision.eq(row.revision),
        clusters::updated_at.eq(row.updated_at),
    );
    found(diesel::update(target).set(set).execute(conn)?)
}

/// Takes a cluster away; the interpretations stay. Errors: not found.
pub fn delete(conn: &mut Conn, project_id: &str, workshop_id: &str, id: &str) -> DbResult<()> {
    let target = clusters::table
        .filter(clusters::project_id.eq(project_id))
        .filter(clusters::workshop_id.eq(workshop_id))
        .filter(clusters::id.eq(id));
    found(diesel::delete(target).execute(conn)?)
}

/// Puts an interpretation into a cluster. Answers whether it was not in it before.
pub fn put_in(conn: &mut Conn, project_id: &str, workshop_id: &str, cluster_id: &str, item_id: &str) -> DbResult<bool> {
    let row = NewMember { project_id, workshop_id, cluster_id, item_id };
    let added = on_each!(conn, c => diesel::insert_into(members::table).values(&row).on_conflict_do_nothing().execute(c))?;
    Ok(added > 0)
}

/// Takes an interpretation out of a cluster. Answers whether it was in it.
pub fn take_out(conn: &mut Conn, project_id: &str, workshop_id: &str, cluster_id: &str, item_id: &str) -> DbResult<bool> {
    let target = members::table
        .filter(members::project_id.eq(project_id))
        .filter(members::workshop_id.eq(workshop_id))
        .filter(members::cluster_id.eq(cluster_id))
        .filter(members::item_id.eq(item_id));
    Ok(diesel::delete(target).execute(conn)? > 0)
}

/// Which interpretations are in which clusters: cluster and interpretation, of one interpretation or all.
pub fn members(conn: &mut Conn, project_id: &str, workshop_id: &str, item: Option<&str>) -> DbResult<Vec<(String, String)>> {
    let query = members::table.filter(members::project_id.eq(project_id)).filter(members::workshop_id.eq(workshop_id));
    let mut query = query.into_boxed();
    if let Some(item) = item {
        query = query.filter(members::item_id.eq(item.to_owned()));
    }
    let query = query.order((members::cluster_id, members::item_id));
    Ok(query.select((members::cluster_id, members::item_id)).load(conn)?)
}
