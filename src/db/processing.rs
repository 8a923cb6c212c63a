//! What a project does with personal data: its document, and what the audit trail and memberships say beside it.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{audit_events, memberships, processings};
use super::{Conn, DbResult, now};
use crate::on_each;

/// The document of a project.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = processings)]
pub struct ProcessingRow {
    /// The project.
    pub project_id: String,
    /// How often it was written.
    pub version: i32,
    /// The document as JSON.
    pub document: String,
    /// Who wrote it last.
    pub updated_by: String,
    /// When.
    pub updated_at: NaiveDateTime,
}

/// The document of a project, if one was written.
pub fn get(conn: &mut Conn, project_id: &str) -> DbResult<Option<ProcessingRow>> {
    let query = processings::table.filter(processings::project_id.eq(project_id)).select(ProcessingRow::as_select());
    Ok(query.first(conn).optional()?)
}

/// Keeps a document in place of the one before; the caller holds the lock of the project.
pub fn put(conn: &mut Conn, row: &ProcessingRow) -> DbResult<()> {
    let set = (
        processings::version.eq(row.version),
        processings::document.eq(&row.document),
        processings::updated_by.eq(&row.updated_by),
        processings::updated_at.eq(row.updated_at),
    );
    on_each!(conn, c => diesel::insert_into(processings::table)
        .values(row)
        .on_conflict(processings::project_id)
        .do_update()
        .set(set)
        .execute(c))?;
    Ok(())
}

/// When thresholds were changed or asked for, by which action and why; oldest first.
pub fn threshold_changes(conn: &mut Conn, project_id: &str) -> DbResult<Vec<(NaiveDateTime, String, String)>> {
    let actions = ["thresholds.raise", "thresholds.ask", "thresholds.consent"];
    let query = audit_events::table
        .filter(audit_events::project_id.eq(project_id))
        .filter(audit_events::action.eq_any(actions))
        .filter(audit_events::result.eq("done"))
        .order((audit_events::at, audit_events::id))
        .select((audit_events::at, audit_events::action, audit_events::detail));
    Ok(query.load(conn)?)
}

/// Number of members in each role whose membership has not ended.
pub fn members_by_role(conn: &mut Conn, project_id: &str) -> DbResult<Vec<(String, i64)>> {
    let query = memberships::table
        .filter(memberships::project_id.eq(project_id))
        .filter(memberships::ends_on.is_null().or(memberships::ends_on.ge(now().date())))
        .group_by(memberships::role)
        .select((memberships::role, diesel::dsl::count_star()));
    let mut rows: Vec<(String, i64)> = query.load(conn)?;
    rows.sort();
    Ok(rows)
}
