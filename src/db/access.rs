//! Who has access to a project and by what, for whoever reviews it; and when that was done.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::schema::{access_reviews, api_tokens, invitations, memberships, second_factors, users};
use super::{Conn, DbResult, now};

/// A member with what a review looks at.
#[derive(Debug, Clone, Queryable)]
pub struct ReviewedMember {
    /// The person.
    pub user_id: String,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Name of the role.
    pub role: String,
    /// When the membership began.
    pub since: NaiveDateTime,
    /// Last day of the membership.
    pub ends_on: Option<NaiveDate>,
    /// When a session of the person was last used, to the hour.
    pub last_used_at: Option<NaiveDateTime>,
    /// When the second factor was confirmed.
    pub second_factor_at: Option<NaiveDateTime>,
}

/// A personal token that works, with its person.
#[derive(Debug, Clone, Queryable)]
pub struct ReviewedToken {
    /// Random id.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// The person.
    pub user_id: String,
    /// The person's name.
    pub person: String,
    /// Names of its scopes, separated by spaces.
    pub scopes: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// Until when it works.
    pub expires_at: NaiveDateTime,
    /// When it was last used, to the hour.
    pub last_used_at: Option<NaiveDateTime>,
}

/// An invitation that can be accepted.
#[derive(Debug, Clone, Queryable)]
pub struct OpenInvitation {
    /// Random id.
    pub id: String,
    /// Address.
    pub email: String,
    /// Name of the role.
    pub role: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// Until when it can be accepted.
    pub expires_at: NaiveDateTime,
}

/// That a review was done.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_reviews)]
pub struct ReviewRow {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// Who did it.
    pub reviewed_by: String,
    /// When.
    pub reviewed_at: NaiveDateTime,
}

/// All members, also those whose last day is over, by address.
pub fn members(conn: &mut Conn, project_id: &str) -> DbResult<Vec<ReviewedMember>> {
    let query = memberships::table
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .left_join(second_factors::table.on(second_factors::user_id.eq(users::id)))
        .filter(memberships::project_id.eq(project_id))
        .order((users::email, users::id))
        .select((
            users::id,
            users::name,
            users::email,
            memberships::role,
            memberships::created_at,
            memberships::ends_on,
            users::last_used_at,
            second_factors::confirmed_at.nullable(),
        ));
    Ok(query.load(conn)?)
}

/// All personal tokens that work, newest first.
pub fn tokens(conn: &mut Conn, project_id: &str) -> DbResult<Vec<ReviewedToken>> {
    let query = api_tokens::table
        .inner_join(users::table.on(users::id.eq(api_tokens::user_id)))
        .filter(api_tokens::project_id.eq(project_id))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.gt(now()))
        .order((api_tokens::created_at.desc(), api_tokens::id))
        .select((
            api_tokens::id,
            api_tokens::name,
            users::id,
            users::name,
            api_tokens::scopes,
            api_tokens::created_at,
            api_tokens::expires_at,
            api_tokens::last_used_at,
        ));
    Ok(query.load(conn)?)
}

/// When each person last used a token in this project, also one that does not work any more.
pub fn token_uses(conn: &mut Conn, project_id: &str) -> DbResult<Vec<(String, NaiveDateTime)>> {
    let used = api_tokens::table
        .filter(api_tokens::project_id.eq(project_id))
        .filter(api_tokens::last_used_at.is_not_null())
        .select((api_tokens::user_id, api_tokens::last_used_at.assume_not_null()));
    Ok(used.load(conn)?)
}

/// Invitations that can be accepted, newest first.
pub fn open_invitations(conn: &mut Conn, project_id: &str) -> DbResult<Vec<OpenInvitation>> {
    let query = invitations::table
        .filter(invitations::project_id.eq(project_id))
        .filter(invitations::accepted_at.is_null())
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::expires_at.gt(now()))
        .order((invitations::created_at.desc(), invitations::id))
        .select((invitations::id, invitations::email, invitations::role, invitations::created_at, invitations::expires_at));
    Ok(query.load(conn)?)
}

/// Notes that a review was done.
pub fn insert_review(conn: &mut Conn, row: &ReviewRow) -> DbResult<()> {
    diesel::insert_into(access_reviews::table).values(row).execute(conn)?;
    Ok(())
}

/// The newest review.
pub fn last_review(conn: &mut Conn, project_id: &str) -> DbResult<Option<ReviewRow>> {
    let newest = access_reviews::table
        .filter(access_reviews::project_id.eq(project_id))
        .order(access_reviews::reviewed_at.desc())
        .select(ReviewRow::as_select());
    Ok(newest.first(conn).optional()?)
}
