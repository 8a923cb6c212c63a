//! Findings that a project keeps as they were computed. Whoever asks says for which audiences: a pin of another one is not
//! found.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::pins;
use super::{Conn, DbError, DbResult};

/// A finding that was kept.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = pins)]
pub struct PinRow {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// For whom it was computed.
    pub audience: String,
    /// The lens as JSON, in canonical form.
    pub lens: String,
    /// The finding as JSON, as it was computed then, without ids of stories.
    pub finding: String,
    /// What it answers, as JSON: the name that stays when stories come and go.
    pub question: String,
    /// Change number of the stories that it was computed on.
    pub change: i64,
    /// What somebody wrote beside it.
    pub note: String,
    /// Who kept it.
    pub created_by: String,
    /// When it was kept.
    pub created_at: NaiveDateTime,
}

/// Adds a pin.
pub fn insert(conn: &mut Conn, row: &PinRow) -> DbResult<()> {
    diesel::insert_into(pins::table).values(row).execute(conn)?;
    Ok(())
}

/// A page of the pins of a project that were made for one of these audiences, ordered by id.
pub fn page(conn: &mut Conn, project_id: &str, audiences: &[String], after: &str, limit: i64) -> DbResult<Vec<PinRow>> {
    let query = pins::table
        .filter(pins::project_id.eq(project_id))
        .filter(pins::audience.eq_any(audiences))
        .filter(pins::id.gt(after))
        .order(pins::id)
        .limit(limit)
        .select(PinRow::as_select());
    Ok(query.load(conn)?)
}

/// One pin. Errors: not found, also when it was made for another audience.
pub fn by_id(conn: &mut Conn, project_id: &str, audiences: &[String], id: &str) -> DbResult<PinRow> {
    let query =
        pins::table.filter(pins::project_id.eq(project_id)).filter(pins::audience.eq_any(audiences)).filter(pins::id.eq(id));
    query.select(PinRow::as_select()).first(conn).map_err(DbError::from)
}

/// Takes a pin away. Errors: not found, also when it was made for another audience.
pub fn delete(conn: &mut Conn, project_id: &str, audiences: &[String], id: &str) -> DbResult<()> {
    let target =
        pins::table.filter(pins::project_id.eq(project_id)).filter(pins::audience.eq_any(audiences)).filter(pins::id.eq(id));
    match diesel::delete(target).execute(conn)? {
        0 => Err(DbError::NotFound),
        _ => Ok(()),
    }
}
