//! Accounts at identity providers that are linked to accounts here.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{identities, users};
use super::users::User;
use super::{Conn, DbError, DbResult, now};

/// A linked identity.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = identities)]
pub struct Identity {
    /// Random id.
    pub id: String,
    /// Address of the provider.
    pub issuer: String,
    /// The provider's own name of the account; it never changes and is never given to another.
    pub subject: String,
    /// Whose it is.
    pub user_id: String,
    /// When it was linked.
    pub linked_at: NaiveDateTime,
    /// When somebody last logged in by it.
    pub last_used_at: Option<NaiveDateTime>,
}

/// Links an identity. Errors: conflict when it is linked already, to whomever.
pub fn link(conn: &mut Conn, identity: &Identity) -> DbResult<()> {
    diesel::insert_into(identities::table).values(identity).execute(conn)?;
    Ok(())
}

/// The account that an identity is linked to.
pub fn user_of(conn: &mut Conn, issuer: &str, subject: &str) -> DbResult<Option<User>> {
    let query = identities::table
        .inner_join(users::table.on(users::id.eq(identities::user_id)))
        .filter(identities::issuer.eq(issuer))
        .filter(identities::subject.eq(subject))
        .select(User::as_select());
    Ok(query.first(conn).optional()?)
}

/// The identities of a person, oldest first.
pub fn of_user(conn: &mut Conn, user_id: &str) -> DbResult<Vec<Identity>> {
    let query = identities::table.filter(identities::user_id.eq(user_id)).order((identities::linked_at, identities::id));
    Ok(query.select(Identity::as_select()).load(conn)?)
}

/// Notes that somebody logged in by an identity.
pub fn touch(conn: &mut Conn, issuer: &str, subject: &str) -> DbResult<()> {
    let used = identities::table.filter(identities::issuer.eq(issuer)).filter(identities::subject.eq(subject));
    diesel::update(used).set(identities::last_used_at.eq(now())).execute(conn)?;
    Ok(())
}

/// Unlinks an identity of a person. Errors: not found.
pub fn unlink(conn: &mut Conn, user_id: &str, id: &str) -> DbResult<()> {
    let own = identities::table.filter(identities::user_id.eq(user_id)).filter(identities::id.eq(id));
    if diesel::delete(own).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Unlinks all identities of a person; answers how many there were.
pub fn unlink_all(conn: &mut Conn, user_id: &str) -> DbResult<usize> {
    Ok(diesel::delete(identities::table.filter(identities::user_id.eq(user_id))).execute(conn)?)
}
