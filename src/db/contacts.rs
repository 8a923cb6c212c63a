//! How to reach a participant, sealed. The only file that names the table; there is no way to read more than one at a time.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::contact_vault;
use super::{Conn, DbResult};
use crate::on_each;

/// The sealed contact data of one participant.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contact_vault)]
pub struct ContactRow {
    /// The project.
    pub project_id: String,
    /// The participant.
    pub participant_id: String,
    /// What `secrets::seal` made of it.
    pub sealed: String,
    /// Who wrote it.
    pub updated_by: String,
    /// When.
    pub updated_at: NaiveDateTime,
}

/// The contact data of one participant.
pub fn get(conn: &mut Conn, project_id: &str, participant_id: &str) -> DbResult<Option<ContactRow>> {
    let query = contact_vault::table
        .filter(contact_vault::project_id.eq(project_id))
        .filter(contact_vault::participant_id.eq(participant_id))
        .select(ContactRow::as_select());
    Ok(query.first(conn).optional()?)
}

/// Keeps the contact data of a participant, in place of what was there.
pub fn put(conn: &mut Conn, row: &ContactRow) -> DbResult<()> {
    let set = (
        contact_vault::sealed.eq(&row.sealed),
        contact_vault::updated_by.eq(&row.updated_by),
        contact_vault::updated_at.eq(row.updated_at),
    );
    on_each!(conn, c => diesel::insert_into(contact_vault::table)
        .values(row)
        .on_conflict((contact_vault::project_id, contact_vault::participant_id))
        .do_update()
        .set(set)
        .execute(c))?;
    Ok(())
}

/// Removes the contact data of a participant. Answers whether there was any.
pub fn forget(conn: &mut Conn, project_id: &str, participant_id: &str) -> DbResult<bool> {
    let target = contact_vault::table
        .filter(contact_vault::project_id.eq(project_id))
        .filter(contact_vault::participant_id.eq(participant_id));
    Ok(diesel::delete(target).execute(conn)? > 0)
}

/// Of how many participants of a project there is contact data.
pub fn forgettable(conn: &mut Conn, project_id: &str) -> DbResult<i64> {
    Ok(contact_vault::table.filter(contact_vault::project_id.eq(project_id)).count().get_result(conn)?)
}

/// Removes the contact data of all participants of a project. Answers of how many.
pub fn forget_all(conn: &mut Conn, project_id: &str) -> DbResult<usize> {
    Ok(diesel::delete(contact_vault::table.filter(contact_vault::project_id.eq(project_id))).execute(conn)?)
}
