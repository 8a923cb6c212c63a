//! Who belongs to a project in which role, and who is invited.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::schema::{invitations, memberships, users};
use super::{Conn, DbError, DbResult, now};
use crate::on_each;

/// A person's role in a project.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships)]
pub struct Membership {
    /// The project.
    pub project_id: String,
    /// The person.
    pub user_id: String,
    /// Name of the role.
    pub role: String,
    /// Last day of the membership.
    pub ends_on: Option<NaiveDate>,
    /// When it began.
    pub created_at: NaiveDateTime,
}

/// An invitation to become a member, bound to an address.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// Address it is bound to, in lower case.
    pub email: String,
    /// Name of the role.
    pub role: String,
    /// Last day of the membership.
    pub ends_on: Option<NaiveDate>,
    /// Hash of the one-time code.
    pub code_hash: String,
    /// Who invited.
    pub created_by: String,
    /// When.
    pub created_at: NaiveDateTime,
    /// Until when it can be accepted.
    pub expires_at: NaiveDateTime,
    /// When it was accepted.
    pub accepted_at: Option<NaiveDateTime>,
    /// When it was taken back.
    pub revoked_at: Option<NaiveDateTime>,
}

/// Name of the role that a person has now in a project.
pub fn role_of(conn: &mut Conn, project_id: &str, user_id: &str) -> DbResult<Option<String>> {
    let found = memberships::table
        .filter(memberships::project_id.eq(project_id))
        .filter(memberships::user_id.eq(user_id))
        .filter(memberships::ends_on.is_null().or(memberships::ends_on.ge(now().date())))
        .select(memberships::role);
    Ok(found.first(conn).optional()?)
}

/// Those of these people who are members now, with the names of their roles.
pub fn roles_of(conn: &mut Conn, project_id: &str, user_ids: &[String]) -> DbResult<Vec<(String, String)>> {
    let query = memberships::table
        .filter(memberships::project_id.eq(project_id))
        .filter(memberships::user_id.eq_any(user_ids))
        .filter(memberships::ends_on.is_null().or(memberships::ends_on.ge(now().date())));
    Ok(query.select((memberships::user_id, memberships::role)).load(conn)?)
}

/// The membership of a person, also one that has ended.
pub fn get(conn: &mut Conn, project_id: &str, user_id: &str) -> DbResult<Option<Membership>> {
    let found = memberships::table
        .filter(memberships::project_id.eq(project_id))
        .filter(memberships::user_id.eq(user_id))
        .select(Membership::as_select());
    Ok(found.first(conn).optional()?)
}

/// Gives a person a role, in place of the one the person had.
pub fn set(conn: &mut Conn, membership: &Membership) -> DbResult<()> {
    on_each!(conn, c => diesel::insert_into(memberships::table)
        .values(membership)
        .on_conflict((memberships::project_id, memberships::user_id))
        .do_update()
        .set((memberships::role.eq(&membership.role), memberships::ends_on.eq(membership.ends_on)))
        .execute(c))?;
    Ok(())
}

/// Removes a member. Errors: not found.
pub fn remove(conn: &mut Conn, project_id: &str, user_id: &str) -> DbResult<()> {
    let target = memberships::table.filter(memberships::project_id.eq(project_id)).filter(memberships::user_id.eq(user_id));
    if diesel::delete(target).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Members with name and address, ordered by user id.
pub fn list(conn: &mut Conn, project_id: &str) -> DbResult<Vec<(Membership, String, String)>> {
    let query = memberships::table
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .filter(memberships::project_id.eq(project_id))
        .order(memberships::user_id)
        .select((Membership::as_select(), users::name, users::email));
    Ok(query.load(conn)?)
}

/// Adds an invitation.
pub fn invite(conn: &mut Conn, invitation: &Invitation) -> DbResult<()> {
    diesel::insert_into(invitations::table).values(invitation).execute(conn)?;
    Ok(())
}

/// Invitations of a project, newest first.
pub fn invitations(conn: &mut Conn, project_id: &str) -> DbResult<Vec<Invitation>> {
    let query = invitations::table
        .filter(invitations::project_id.eq(project_id))
        .order((invitations::created_at.desc(), invitations::id))
        .select(Invitation::as_select());
    Ok(query.load(conn)?)
}

/// The open invitation with this code.
pub fn open_invitation(conn: &mut Conn, code_hash: &str) -> DbResult<Option<Invitation>> {
    let open = invitations::table
        .filter(invitations::code_hash.eq(code_hash))
        .filter(invitations::accepted_at.is_null())
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::expires_at.gt(now()))
        .select(Invitation::as_select());
    Ok(open.first(conn).optional()?)
}

/// The open invitation with this code, used up by finding it: a code works once.
pub fn accept(conn: &mut Conn, code_hash: &str) -> DbResult<Option<Invitation>> {
    let open = invitations::table
        .filter(invitations::code_hash.eq(code_hash))
        .filter(invitations::accepted_at.is_null())
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::expires_at.gt(now()));
    if diesel::update(open).set(invitations::accepted_at.eq(now())).execute(conn)? == 0 {
        return Ok(None);
    }
    let found = invitations::table.filter(invitations::code_hash.eq(code_hash)).select(Invitation::as_select());
    Ok(found.first(conn).optional()?)
}

/// Takes an invitation back. Errors: not found.
pub fn revoke_invitation(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = invitations::table.filter(invitations::project_id.eq(project_id)).filter(invitations::id.eq(id));
    let changed = diesel::update(target).set(invitations::revoked_at.eq(now())).execute(conn)?;
    if changed == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
