//! Who tells, and the protected link to the participants.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{participants, teller_links, tellers};
use super::{Conn, DbError, DbResult, now};
use crate::on_each;

/// Somebody who tells stories under an own code.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tellers)]
pub struct TellerRow {
    /// The project.
    pub project_id: String,
    /// Random id, never printed.
    pub id: String,
    /// Short code with check character.
    pub code: String,
    /// Hash of the 128-bit secret in the QR code.
    pub secret_hash: String,
    /// Key of the perspective.
    pub perspective: String,
    /// When the code was issued.
    pub created_at: NaiveDateTime,
    /// When this person stopped taking part.
    pub withdrawn_at: Option<NaiveDateTime>,
    /// Since when the data are only kept, and not used.
    pub restricted_at: Option<NaiveDateTime>,
}

/// Adds a teller. Errors: conflict when the code is taken.
pub fn insert(conn: &mut Conn, teller: &TellerRow) -> DbResult<()> {
    diesel::insert_into(tellers::table).values(teller).execute(conn)?;
    Ok(())
}

/// A page, ordered by id.
pub fn page(conn: &mut Conn, project_id: &str, after: &str, limit: i64) -> DbResult<Vec<TellerRow>> {
    let query = tellers::table
        .filter(tellers::project_id.eq(project_id))
        .filter(tellers::id.gt(after))
        .order(tellers::id)
        .limit(limit)
        .select(TellerRow::as_select());
    Ok(query.load(conn)?)
}

/// The teller with this id.
pub fn by_id(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<Option<TellerRow>> {
    let query =
        tellers::table.filter(tellers::project_id.eq(project_id)).filter(tellers::id.eq(id)).select(TellerRow::as_select());
    Ok(query.first(conn).optional()?)
}

/// What a delivery needs to know of a teller.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tellers)]
pub struct KnownTeller {
    /// Random id.
    pub id: String,
    /// When this person stopped taking part.
    pub withdrawn_at: Option<NaiveDateTime>,
    /// Since when the data are only kept, and not used.
    pub restricted_at: Option<NaiveDateTime>,
}

/// The teller with this code.
pub fn by_code(conn: &mut Conn, project_id: &str, code: &str) -> DbResult<Option<KnownTeller>> {
    let query =
        tellers::table.filter(tellers::project_id.eq(project_id)).filter(tellers::code.eq(code)).select(KnownTeller::as_select());
    Ok(query.first(conn).optional()?)
}

/// Notes that a teller takes no part any more. Errors: not found.
pub fn withdraw(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = tellers::table.filter(tellers::project_id.eq(project_id)).filter(tellers::id.eq(id));
    if diesel::update(target).set(tellers::withdrawn_at.eq(now())).execute(conn)? == 0 {
        return Err(DbError::NotFound);
    }
    Ok(())
}

/// Lets what this teller still tells be removed. Errors: not found.
pub fn remove_future(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = tellers::table.filter(tellers::project_id.eq(project_id)).filter(tellers::id.eq(id));
    if diesel::update(target).set(tellers::remove_future.eq(true)).execute(conn)? == 0 {
        return Err(DbError::NotFound);
    }
    Ok(())
}

/// Whether what this teller still tells is removed. Errors: not found.
pub fn removes_future(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<bool> {
    let found = tellers::table.filter(tellers::project_id.eq(project_id)).filter(tellers::id.eq(id));
    Ok(found.select(tellers::remove_future).first(conn)?)
}

/// Links a teller to a participant told about; does nothing when linked already.
pub fn link(conn: &mut Conn, project_id: &str, teller_id: &str, participant_id: &str) -> DbResult<()> {
    let row = (
        teller_links::project_id.eq(project_id),
        teller_links::teller_id.eq(teller_id),
        teller_links::participant_id.eq(participant_id),
        teller_links::created_at.eq(now()),
    );
    on_each!(conn, c => diesel::insert_into(teller_links::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Ends a link. Errors: not found.
pub fn unlink(conn: &mut Conn, project_id: &str, teller_id: &str, participant_id: &str) -> DbResult<()> {
    let target = teller_links::table
        .filter(teller_links::project_id.eq(project_id))
        .filter(teller_links::teller_id.eq(teller_id))
        .filter(teller_links::participant_id.eq(participant_id));
    if diesel::delete(target).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Links of the project as pairs (teller id, participant id, participant code), or of one teller.
pub fn links(conn: &mut Conn, project_id: &str, teller_id: Option<&str>) -> DbResult<Vec<(String, String, String)>> {
    let mut query = teller_links::table
        .inner_join(
            participants::table
                .on(participants::project_id.eq(teller_links::project_id).and(participants::id.eq(teller_links::participant_id))),
        )
        .filter(teller_links::project_id.eq(project_id))
        .order((teller_links::teller_id, teller_links::participant_id))
        .select((teller_links::teller_id, teller_links::participant_id, participants::code))
        .into_boxed();
    if let Some(id) = teller_id {
        query = query.filter(teller_links::teller_id.eq(id));
    }
    Ok(query.load(conn)?)
}
