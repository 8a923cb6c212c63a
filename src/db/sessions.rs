//! Logins and their rotating refresh tokens.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{refresh_tokens, second_factors, sessions, users};
use super::{Conn, DbError, DbResult, now};

/// A login on one device.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// Random id.
    pub id: String,
    /// Whose login.
    pub user_id: String,
    /// When it began.
    pub created_at: NaiveDateTime,
    /// When it ends at the latest.
    pub expires_at: NaiveDateTime,
    /// When it was ended.
    pub revoked_at: Option<NaiveDateTime>,
    /// When it was last used (to the hour, or at the last refresh).
    pub last_used_at: Option<NaiveDateTime>,
    /// In a few own words what it was begun on; empty when begun by an older version.
    pub device: String,
    /// Whether the identity provider vouched for a second factor.
    pub provider_factor: bool,
}

#[derive(Insertable)]
#[diesel(table_name = refresh_tokens)]
struct NewRefreshToken<'a> {
    hash: &'a str,
    session_id: &'a str,
    issued_at: NaiveDateTime,
    used_at: Option<NaiveDateTime>,
}

/// What came of presenting a refresh token.
#[derive(Debug, Clone)]
pub enum Rotation {
    /// Used for the first time: the session goes on.
    Fresh(Session),
    /// Used before: somebody has a copy, so the session is ended.
    Reused(Session),
    /// Unknown, expired or of an ended session.
    Invalid,
}

/// Begins a session with its first refresh token.
pub fn begin(conn: &mut Conn, session: &Session, refresh_hash: &str) -> DbResult<()> {
    diesel::insert_into(sessions::table).values(session).execute(conn)?;
    note_person(conn, &session.user_id)?;
    add_refresh_token(conn, &session.id, refresh_hash)
}

/// Adds the next refresh token of a session.
pub fn add_refresh_token(conn: &mut Conn, session_id: &str, hash: &str) -> DbResult<()> {
    let row = NewRefreshToken { hash, session_id, issued_at: now(), used_at: None };
    diesel::insert_into(refresh_tokens::table).values(row).execute(conn)?;
    Ok(())
}

/// Uses up a refresh token. Two requests at once with the same token: one is fresh, the other is reuse.
pub fn use_refresh_token(conn: &mut Conn, hash: &str) -> DbResult<Rotation> {
    let found = refresh_tokens::table
        .inner_join(sessions::table)
        .filter(refresh_tokens::hash.eq(hash))
        .select(Session::as_select())
        .first(conn)
        .optional()?;
    let Some(session) = found.filter(|s| s.revoked_at.is_none() && s.expires_at > now()) else {
        return Ok(Rotation::Invalid);
    };
    let unused = refresh_tokens::table.filter(refresh_tokens::hash.eq(hash)).filter(refresh_tokens::used_at.is_null());
    let used = diesel::update(unused).set(refresh_tokens::used_at.eq(now())).execute(conn)?;
    if used == 1 {
        touch(conn, &session)?;
        return Ok(Rotation::Fresh(session));
    }
    revoke(conn, &session.id)?;
    Ok(Rotation::Reused(session))
}

/// The session, when it still runs, and whether its person has a second factor.
pub fn live(conn: &mut Conn, id: &str) -> DbResult<Option<(Session, bool)>> {
    let found: Option<(Session, Option<NaiveDateTime>)> = sessions::table
        .left_join(second_factors::table.on(second_factors::user_id.eq(sessions::user_id)))
        .filter(sessions::id.eq(id))
        .select((Session::as_select(), second_factors::confirmed_at.nullable()))
        .first(conn)
        .optional()?;
    let running = found.filter(|(s, _)| s.revoked_at.is_none() && s.expires_at > now());
    Ok(running.map(|(session, confirmed)| (session, confirmed.is_some())))
}

/// Those of these sessions that still run.
pub fn running(conn: &mut Conn, ids: &[String]) -> DbResult<Vec<String>> {
    let query = sessions::table
        .filter(sessions::id.eq_any(ids))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now()));
    Ok(query.select(sessions::id).load(conn)?)
}

/// Sessions of a person that still run, newest first.
pub fn of_user(conn: &mut Conn, user_id: &str) -> DbResult<Vec<Session>> {
    let query = sessions::table
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now()))
        .order((sessions::created_at.desc(), sessions::id))
        .select(Session::as_select());
    Ok(query.load(conn)?)
}

/// Notes that a session, and so its person, was here.
pub fn touch(conn: &mut Conn, session: &Session) -> DbResult<()> {
    let target = sessions::table.filter(sessions::id.eq(&session.id));
    diesel::update(target).set(sessions::last_used_at.eq(now())).execute(conn)?;
    note_person(conn, &session.user_id)
}

/// The person's own time stays when the sessions are forgotten.
fn note_person(conn: &mut Conn, user_id: &str) -> DbResult<()> {
    diesel::update(users::table.filter(users::id.eq(user_id))).set(users::last_used_at.eq(now())).execute(conn)?;
    Ok(())
}

/// Ends a session.
pub fn revoke(conn: &mut Conn, id: &str) -> DbResult<()> {
    let open = sessions::table.filter(sessions::id.eq(id)).filter(sessions::revoked_at.is_null());
    diesel::update(open).set(sessions::revoked_at.eq(now())).execute(conn)?;
    Ok(())
}

/// Ends all sessions of a person, as after a new password.
pub fn revoke_all(conn: &mut Conn, user_id: &str) -> DbResult<()> {
    let open = sessions::table.filter(sessions::user_id.eq(user_id)).filter(sessions::revoked_at.is_null());
    diesel::update(open).set(sessions::revoked_at.eq(now())).execute(conn)?;
    Ok(())
}

/// Ends a running session of a person. Errors: not found.
pub fn revoke_of(conn: &mut Conn, user_id: &str, id: &str) -> DbResult<()> {
    let open = sessions::table
        .filter(sessions::id.eq(id))
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now()));
    let ended = diesel::update(open).set(sessions::revoked_at.eq(now())).execute(conn)?;
    if ended == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Ends all sessions of a person but one; answers how many ran.
pub fn revoke_others(conn: &mut Conn, user_id: &str, kept: &str) -> DbResult<usize> {
    let open = sessions::table
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::id.ne(kept))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now()));
    Ok(diesel::update(open).set(sessions::revoked_at.eq(now())).execute(conn)?)
}

/// Forgets sessions that ended before `before`, with their tokens.
pub fn forget_ended(conn: &mut Conn, before: NaiveDateTime) -> DbResult<usize> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.lt(before))).execute(conn)?)
}

diesel::joinable!(refresh_tokens -> sessions (session_id));
