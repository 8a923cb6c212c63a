//! Who did what. Rows are added and never changed.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::audit_events;
use super::{Conn, DbResult};

/// One event.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events)]
pub struct AuditRow {
    /// Random id.
    pub id: String,
    /// The project it happened in, if any.
    pub project_id: Option<String>,
    /// When.
    pub at: NaiveDateTime,
    /// user, token, device, command or anonymous.
    pub actor_kind: String,
    /// Id of the actor.
    pub actor_id: Option<String>,
    /// What was done, as `noun.verb`.
    pub action: String,
    /// Id of what it was done to.
    pub subject: Option<String>,
    /// done or refused.
    pub result: String,
    /// Short words, never personal data.
    pub detail: String,
}

/// Adds an event.
pub fn insert(conn: &mut Conn, row: &AuditRow) -> DbResult<()> {
    diesel::insert_into(audit_events::table).values(row).execute(conn)?;
    Ok(())
}

/// A page of the events of a project, newest first; `before` is the last (time, id) seen.
pub fn page(conn: &mut Conn, project_id: &str, before: Option<(NaiveDateTime, String)>, limit: i64) -> DbResult<Vec<AuditRow>> {
    let mut query = audit_events::table
        .filter(audit_events::project_id.eq(project_id))
        .order((audit_events::at.desc(), audit_events::id.desc()))
        .limit(limit)
        .select(AuditRow::as_select())
        .into_boxed();
    if let Some((at, id)) = before {
        query = query.filter(audit_events::at.lt(at).or(audit_events::at.eq(at).and(audit_events::id.lt(id))));
    }
    Ok(query.load(conn)?)
}
