//! People who log in.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::users;
use super::{Conn, DbResult};

/// In place of a hash: nobody's password fits, for the account is opened by an identity provider.
pub const NO_PASSWORD: &str = "";

/// A person with an account.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub struct User {
    /// Random id.
    pub id: String,
    /// Address, in lower case.
    pub email: String,
    /// Name as others see it.
    pub name: String,
    /// Argon2id hash, or [`NO_PASSWORD`].
    pub password_hash: String,
    /// Whether this person may start projects.
    pub may_create_projects: bool,
    /// When the account was made.
    pub created_at: NaiveDateTime,
    /// When it was closed.
    pub disabled_at: Option<NaiveDateTime>,
}

/// Adds an account. Errors: conflict when the address is taken.
pub fn insert(conn: &mut Conn, user: &User) -> DbResult<()> {
    diesel::insert_into(users::table).values(user).execute(conn)?;
    Ok(())
}

/// The account with this address (lower case).
pub fn by_email(conn: &mut Conn, email: &str) -> DbResult<Option<User>> {
    Ok(users::table.filter(users::email.eq(email)).select(User::as_select()).first(conn).optional()?)
}

/// The account with this id.
pub fn by_id(conn: &mut Conn, id: &str) -> DbResult<Option<User>> {
    Ok(users::table.filter(users::id.eq(id)).select(User::as_select()).first(conn).optional()?)
}

/// Names of these people, with their ids.
pub fn names(conn: &mut Conn, ids: &[String]) -> DbResult<Vec<(String, String)>> {
    Ok(users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn)?)
}

/// The account with this id, and nobody else changes it until the transaction ends.
pub fn lock(conn: &mut Conn, id: &str) -> DbResult<Option<User>> {
    // An update that changes nothing takes the lock on both databases.
    diesel::update(users::table.filter(users::id.eq(id))).set(users::email.eq(users::email)).execute(conn)?;
    by_id(conn, id)
}

/// Sets a new password hash.
pub fn set_password(conn: &mut Conn, id: &str, hash: &str) -> DbResult<()> {
    diesel::update(users::table.filter(users::id.eq(id))).set(users::password_hash.eq(hash)).execute(conn)?;
    Ok(())
}

/// Number of accounts.
pub fn count(conn: &mut Conn) -> DbResult<i64> {
    Ok(users::table.count().get_result(conn)?)
}
