//! Personal access tokens for external tools.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{api_tokens, second_factors};
use super::{Conn, DbError, DbResult, now};

/// A token of a person for one project; only its hash is kept.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_tokens)]
pub struct ApiToken {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// Whose token.
    pub user_id: String,
    /// What the owner calls it.
    pub name: String,
    /// Hash of the token.
    pub hash: String,
    /// Names of its scopes, separated by spaces.
    pub scopes: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// Until when it works.
    pub expires_at: NaiveDateTime,
    /// When it was last used (to the hour).
    pub last_used_at: Option<NaiveDateTime>,
    /// When it was ended.
    pub revoked_at: Option<NaiveDateTime>,
}

/// Adds a token.
pub fn insert(conn: &mut Conn, token: &ApiToken) -> DbResult<()> {
    diesel::insert_into(api_tokens::table).values(token).execute(conn)?;
    Ok(())
}

/// The token with this hash, when it still works, and whether its person has a second factor.
pub fn live(conn: &mut Conn, hash: &str) -> DbResult<Option<(ApiToken, bool)>> {
    let found: Option<(ApiToken, Option<NaiveDateTime>)> = api_tokens::table
        .left_join(second_factors::table.on(second_factors::user_id.eq(api_tokens::user_id)))
        .filter(api_tokens::hash.eq(hash))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.gt(now()))
        .select((ApiToken::as_select(), second_factors::confirmed_at.nullable()))
        .first(conn)
        .optional()?;
    Ok(found.map(|(token, confirmed)| (token, confirmed.is_some())))
}

/// Notes that a token was used, at most once an hour.
pub fn touch(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = api_tokens::table.filter(api_tokens::project_id.eq(project_id)).filter(api_tokens::id.eq(id));
    diesel::update(target).set(api_tokens::last_used_at.eq(now())).execute(conn)?;
    Ok(())
}

/// Tokens of a person in a project, newest first.
pub fn of_user(conn: &mut Conn, project_id: &str, user_id: &str) -> DbResult<Vec<ApiToken>> {
    let query = api_tokens::table
        .filter(api_tokens::project_id.eq(project_id))
        .filter(api_tokens::user_id.eq(user_id))
        .order((api_tokens::created_at.desc(), api_tokens::id))
        .select(ApiToken::as_select());
    Ok(query.load(conn)?)
}

/// Ends a token of a person. Errors: not found.
pub fn revoke(conn: &mut Conn, project_id: &str, user_id: &str, id: &str) -> DbResult<()> {
    let target = api_tokens::table
        .filter(api_tokens::project_id.eq(project_id))
        .filter(api_tokens::user_id.eq(user_id))
        .filter(api_tokens::id.eq(id));
    let changed = diesel::update(target).set(api_tokens::revoked_at.eq(now())).execute(conn)?;
    if changed == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
