//! Logins and their rotating refresh tokens.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{refresh_tokens, sessions};
use super::{Conn, DbResult, now};

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
        return Ok(Rotation::Fresh(session));
    }
    revoke(conn, &session.id)?;
    Ok(Rotation::Reused(session))
}

/// The session, when it still runs.
pub fn live(conn: &mut Conn, id: &str) -> DbResult<Option<Session>> {
    let found = sessions::table.filter(sessions::id.eq(id)).select(Session::as_select()).first(conn).optional()?;
    Ok(found.filter(|s| s.revoked_at.is_none() && s.expires_at > now()))
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

/// Forgets sessions that ended before `before`, with their tokens.
pub fn forget_ended(conn: &mut Conn, before: NaiveDateTime) -> DbResult<usize> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.lt(before))).execute(conn)?)
}

diesel::joinable!(refresh_tokens -> sessions (session_id));
