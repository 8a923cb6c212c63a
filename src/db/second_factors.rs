//! Second factors at login, and the recovery codes for whoever lost theirs.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{recovery_codes, second_factors};
use super::{Conn, DbResult, now};
use crate::on_each;

/// The second factor of a person; active when confirmed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = second_factors)]
pub struct SecondFactor {
    /// The person.
    pub user_id: String,
    /// Id of the key that the secret is encrypted with.
    pub key_id: String,
    /// The encrypted secret.
    pub sealed: String,
    /// Number of the newest time step that was used.
    pub last_step: i64,
    /// When it was begun.
    pub created_at: NaiveDateTime,
    /// When the first code confirmed it.
    pub confirmed_at: Option<NaiveDateTime>,
}

/// The second factor of a person, active or not.
pub fn get(conn: &mut Conn, user_id: &str) -> DbResult<Option<SecondFactor>> {
    let found = second_factors::table.filter(second_factors::user_id.eq(user_id)).select(SecondFactor::as_select());
    Ok(found.first(conn).optional()?)
}

/// The same, and nobody else changes it or uses a code of it until the transaction ends.
pub fn lock(conn: &mut Conn, user_id: &str) -> DbResult<Option<SecondFactor>> {
    // An update that changes nothing takes the lock on both databases.
    let target = second_factors::table.filter(second_factors::user_id.eq(user_id));
    diesel::update(target).set(second_factors::last_step.eq(second_factors::last_step)).execute(conn)?;
    get(conn, user_id)
}

/// Puts a new one in the place of one that was never confirmed. Errors: conflict when there is a confirmed one.
pub fn begin(conn: &mut Conn, row: &SecondFactor) -> DbResult<()> {
    let unconfirmed =
        second_factors::table.filter(second_factors::user_id.eq(&row.user_id)).filter(second_factors::confirmed_at.is_null());
    diesel::delete(unconfirmed).execute(conn)?;
    diesel::insert_into(second_factors::table).values(row).execute(conn)?;
    Ok(())
}

/// Makes it active. Whether there was one to confirm.
pub fn confirm(conn: &mut Conn, user_id: &str) -> DbResult<bool> {
    let pending =
        second_factors::table.filter(second_factors::user_id.eq(user_id)).filter(second_factors::confirmed_at.is_null());
    Ok(diesel::update(pending).set(second_factors::confirmed_at.eq(now())).execute(conn)? == 1)
}

/// Uses up a time step and every one before it. Whether nobody had: of two at once one gets it.
pub fn use_step(conn: &mut Conn, user_id: &str, step: i64) -> DbResult<bool> {
    let unused = second_factors::table.filter(second_factors::user_id.eq(user_id)).filter(second_factors::last_step.lt(step));
    Ok(diesel::update(unused).set(second_factors::last_step.eq(step)).execute(conn)? == 1)
}

/// Keeps the secret encrypted with another key.
pub fn set_sealed(conn: &mut Conn, user_id: &str, key_id: &str, sealed: &str) -> DbResult<()> {
    let target = second_factors::table.filter(second_factors::user_id.eq(user_id));
    diesel::update(target).set((second_factors::key_id.eq(key_id), second_factors::sealed.eq(sealed))).execute(conn)?;
    Ok(())
}

/// Removes it, with the recovery codes. Whether there was one.
pub fn remove(conn: &mut Conn, user_id: &str) -> DbResult<bool> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user_id))).execute(conn)?;
    let target = second_factors::table.filter(second_factors::user_id.eq(user_id));
    Ok(diesel::delete(target).execute(conn)? == 1)
}

/// Puts new recovery codes, by their hashes, in the place of all older ones.
pub fn set_recovery_codes(conn: &mut Conn, user_id: &str, hashes: &[String]) -> DbResult<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user_id))).execute(conn)?;
    let row = |hash| (recovery_codes::user_id.eq(user_id), recovery_codes::hash.eq(hash), recovery_codes::created_at.eq(now()));
    let rows: Vec<_> = hashes.iter().map(row).collect();
    on_each!(conn, c => diesel::insert_into(recovery_codes::table).values(&rows).execute(c))?;
    Ok(())
}

/// Uses up a recovery code. Whether it was there and unused: of two at once one gets it.
pub fn use_recovery_code(conn: &mut Conn, user_id: &str, hash: &str) -> DbResult<bool> {
    let unused = recovery_codes::table
        .filter(recovery_codes::user_id.eq(user_id))
        .filter(recovery_codes::hash.eq(hash))
        .filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(unused).set(recovery_codes::used_at.eq(now())).execute(conn)? == 1)
}

/// Number of recovery codes that were not used.
pub fn recovery_codes_left(conn: &mut Conn, user_id: &str) -> DbResult<i64> {
    let unused = recovery_codes::table.filter(recovery_codes::user_id.eq(user_id)).filter(recovery_codes::used_at.is_null());
    Ok(unused.count().get_result(conn)?)
}
