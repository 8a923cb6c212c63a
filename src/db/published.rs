//! What the workgroup reads: the stories of the last publication.
//!
//! A story is published once and stays so; a withdrawn one leaves all readers at once. The caller decides when, see
//! [`crate::domain::disclosure::is_renewal_due`], and holds the lock on the project.

use std::collections::HashSet;

use diesel::prelude::*;

use super::schema::{projects, stories};
use super::stories::ACTIVE;
use super::{Conn, DbError, DbResult, now, projects as studies};

/// How many people are behind the stories that wait for publication: participants, for a story about no participant
/// its teller, without either the story itself.
pub fn waiting(conn: &mut Conn, project_id: &str) -> DbResult<u32> {
    let query = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::status.eq(ACTIVE))
        .filter(stories::published.eq(false))
        .select((stories::participant_id, stories::teller_id, stories::id));
    let rows: Vec<(Option<String>, Option<String>, String)> = query.load(conn)?;
    let person = |(participant, teller, story): (Option<String>, Option<String>, String)| match (participant, teller) {
        (Some(id), _) => (0, id),
        (None, Some(id)) => (1, id),
        (None, None) => (2, story),
    };
    let people: HashSet<(u8, String)> = rows.into_iter().map(person).collect();
    Ok(u32::try_from(people.len()).unwrap_or(u32::MAX))
}

/// Publishes all active stories. Errors: not found.
pub fn publish(conn: &mut Conn, project_id: &str) -> DbResult<()> {
    let change = studies::next_rebuild(conn, project_id)?;
    let waiting = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::status.eq(ACTIVE))
        .filter(stories::published.eq(false));
    diesel::update(waiting).set(stories::published.eq(true)).execute(conn)?;
    let set = (projects::published_at.eq(Some(now())), projects::published_change.eq(change));
    diesel::update(projects::table.filter(projects::id.eq(project_id))).set(set).execute(conn)?;
    Ok(())
}

/// Keeps what the workgroup reads as it is, or lets it be renewed again. Errors: not found.
pub fn set_frozen(conn: &mut Conn, project_id: &str, frozen: bool) -> DbResult<()> {
    let target = projects::table.filter(projects::id.eq(project_id));
    match diesel::update(target).set(projects::frozen.eq(frozen)).execute(conn)? {
        0 => Err(DbError::NotFound),
        _ => Ok(()),
    }
}
