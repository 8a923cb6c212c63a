//! Measurement moments.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::schema::waves;
use super::{Conn, DbError, DbResult};

/// A measurement moment of a project.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = waves)]
pub struct WaveRow {
    /// The project.
    pub project_id: String,
    /// Key, as in story bodies.
    pub key: String,
    /// Place in the order of waves, from 1.
    pub ordinal: i32,
    /// Labels by language, as JSON.
    pub label: String,
    /// First day of the planned window.
    pub opens_on: Option<NaiveDate>,
    /// Last day of the planned window.
    pub closes_on: Option<NaiveDate>,
    /// Name of its state.
    pub state: String,
    /// When it was planned.
    pub created_at: NaiveDateTime,
}

/// New values for a wave; `None` leaves a field as it is.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = waves)]
pub struct WaveUpdate {
    /// Place in the order of waves.
    pub ordinal: Option<i32>,
    /// Labels by language, as JSON.
    pub label: Option<String>,
    /// First day of the planned window.
    pub opens_on: Option<Option<NaiveDate>>,
    /// Last day of the planned window.
    pub closes_on: Option<Option<NaiveDate>>,
    /// Name of its state.
    pub state: Option<String>,
}

/// Plans a wave. Errors: conflict when key or ordinal is taken.
pub fn insert(conn: &mut Conn, wave: &WaveRow) -> DbResult<()> {
    diesel::insert_into(waves::table).values(wave).execute(conn)?;
    Ok(())
}

/// All waves in their order.
pub fn list(conn: &mut Conn, project_id: &str) -> DbResult<Vec<WaveRow>> {
    let query = waves::table.filter(waves::project_id.eq(project_id)).order(waves::ordinal).select(WaveRow::as_select());
    Ok(query.load(conn)?)
}

/// One wave.
pub fn get(conn: &mut Conn, project_id: &str, key: &str) -> DbResult<Option<WaveRow>> {
    let query = waves::table.filter(waves::project_id.eq(project_id)).filter(waves::key.eq(key)).select(WaveRow::as_select());
    Ok(query.first(conn).optional()?)
}

/// Changes the given fields. Errors: not found.
pub fn update(conn: &mut Conn, project_id: &str, key: &str, update: &WaveUpdate) -> DbResult<()> {
    let target = waves::table.filter(waves::project_id.eq(project_id)).filter(waves::key.eq(key));
    if diesel::update(target).set(update).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
