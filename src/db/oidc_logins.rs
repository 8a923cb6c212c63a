//! Logins through an identity provider that are under way: from the first request until the tokens, for some minutes.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::oidc_logins;
use super::{Conn, DbResult, now};

/// The browser is at the provider.
pub const BEGUN: &str = "begun";
/// The provider sent the browser back with a code, which is sealed.
pub const RETURNED: &str = "returned";
/// The code is being exchanged.
pub const EXCHANGING: &str = "exchanging";
/// The provider told who it is, which is sealed.
pub const PROVEN: &str = "proven";

/// A login under way.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = oidc_logins)]
pub struct OidcLogin {
    /// Hash of what the client keeps.
    pub handle_hash: String,
    /// Hash of the state that went to the provider.
    pub state_hash: String,
    /// Hash of the cookie of the browser that began.
    pub browser_hash: String,
    /// The account to link to; `None` for a login.
    pub user_id: Option<String>,
    /// How far it is.
    pub stage: String,
    /// What is known so far, encrypted.
    pub sealed: Option<String>,
    /// When it ends.
    pub expires_at: NaiveDateTime,
}

/// Keeps a login that begins, and forgets those that ended by themselves.
pub fn begin(conn: &mut Conn, login: &OidcLogin) -> DbResult<()> {
    forget_expired(conn)?;
    diesel::insert_into(oidc_logins::table).values(login).execute(conn)?;
    Ok(())
}

/// The login with this handle, in this browser.
pub fn by_handle(conn: &mut Conn, handle_hash: &str, browser_hash: &str) -> DbResult<Option<OidcLogin>> {
    let query = oidc_logins::table
        .filter(oidc_logins::handle_hash.eq(handle_hash))
        .filter(oidc_logins::browser_hash.eq(browser_hash))
        .filter(oidc_logins::expires_at.gt(now()));
    Ok(query.select(OidcLogin::as_select()).first(conn).optional()?)
}

/// The login that waits for this state, in this browser.
pub fn by_state(conn: &mut Conn, state_hash: &str, browser_hash: &str) -> DbResult<Option<OidcLogin>> {
    let query = oidc_logins::table
        .filter(oidc_logins::state_hash.eq(state_hash))
        .filter(oidc_logins::browser_hash.eq(browser_hash))
        .filter(oidc_logins::stage.eq(BEGUN))
        .filter(oidc_logins::expires_at.gt(now()));
    Ok(query.select(OidcLogin::as_select()).first(conn).optional()?)
}

/// Takes a login from one stage to another. Whether it was there: of two at once one takes it.
pub fn advance(conn: &mut Conn, handle_hash: &str, from: &str, to: &str, sealed: Option<&str>) -> DbResult<bool> {
    let there = oidc_logins::table.filter(oidc_logins::handle_hash.eq(handle_hash)).filter(oidc_logins::stage.eq(from));
    let change = (oidc_logins::stage.eq(to), oidc_logins::sealed.eq(sealed));
    Ok(diesel::update(there).set(change).execute(conn)? == 1)
}

/// Ends a login. Whether it was there: of two at once one ends it.
pub fn end(conn: &mut Conn, handle_hash: &str) -> DbResult<bool> {
    Ok(diesel::delete(oidc_logins::table.filter(oidc_logins::handle_hash.eq(handle_hash))).execute(conn)? == 1)
}

/// Forgets what ended by itself; answers how many.
pub fn forget_expired(conn: &mut Conn) -> DbResult<usize> {
    Ok(diesel::delete(oidc_logins::table.filter(oidc_logins::expires_at.le(now()))).execute(conn)?)
}
