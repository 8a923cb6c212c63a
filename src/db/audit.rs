//! Who did what. Rows are added; the one thing that ever happens to them is that they get their place in the chain
//! ([`super::audit_chain`]). Both databases refuse anything else.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::audit_events;
use super::{Conn, DbResult};
use crate::domain::chain::ChainedEvent;

/// An event that is to be added.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = audit_events)]
pub struct NewAuditEvent {
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
    /// From where, coarsely.
    pub origin: Option<String>,
}

/// An event as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
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
    /// From where, coarsely.
    pub origin: Option<String>,
    /// Number in its chain; `None` for a moment until it is sealed.
    pub sequence: Option<i64>,
    /// Hash of the event before it in its chain.
    pub previous: Option<String>,
    /// Its own hash.
    pub hash: Option<String>,
}

impl AuditRow {
    /// The event as it goes into its chain.
    pub fn chained(&self) -> ChainedEvent<'_> {
        ChainedEvent {
            id: &self.id,
            project: self.project_id.as_deref(),
            at: self.at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
            actor_kind: &self.actor_kind,
            actor_id: self.actor_id.as_deref(),
            action: &self.action,
            subject: self.subject.as_deref(),
            result: &self.result,
            detail: &self.detail,
            origin: self.origin.as_deref(),
        }
    }
}

/// Which events.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// This action, or all that begin with it when it ends in a point.
    pub action: Option<String>,
    /// Done by this actor.
    pub actor_id: Option<String>,
    /// Done to this.
    pub subject: Option<String>,
    /// done or refused.
    pub result: Option<String>,
    /// Not before.
    pub from: Option<NaiveDateTime>,
    /// Before.
    pub until: Option<NaiveDateTime>,
}

/// Adds an event.
pub fn insert(conn: &mut Conn, event: &NewAuditEvent) -> DbResult<()> {
    diesel::insert_into(audit_events::table).values(event).execute(conn)?;
    Ok(())
}

/// Whether there is an event with this id.
pub fn is_known(conn: &mut Conn, id: &str) -> DbResult<bool> {
    let found = audit_events::table.filter(audit_events::id.eq(id)).select(audit_events::id);
    Ok(found.first::<String>(conn).optional()?.is_some())
}

/// A page of the events of a project, newest first; `before` is the last (time, id) seen.
pub fn page(
    conn: &mut Conn,
    project_id: &str,
    filter: &AuditFilter,
    before: Option<(NaiveDateTime, String)>,
    limit: i64,
) -> DbResult<Vec<AuditRow>> {
    let mut query = audit_events::table
        .filter(audit_events::project_id.eq(project_id))
        .order((audit_events::at.desc(), audit_events::id.desc()))
        .limit(limit)
        .select(AuditRow::as_select())
        .into_boxed();
    if let Some(action) = &filter.action {
        query = match action.strip_suffix('.') {
            // '/' is the character after '.': a range, because LIKE differs between the databases.
            Some(noun) => {
                query.filter(audit_events::action.ge(action.clone())).filter(audit_events::action.lt(format!("{noun}/")))
            }
            None => query.filter(audit_events::action.eq(action.clone())),
        };
    }
    if let Some(actor) = &filter.actor_id {
        query = query.filter(audit_events::actor_id.eq(actor.clone()));
    }
    if let Some(subject) = &filter.subject {
        query = query.filter(audit_events::subject.eq(subject.clone()));
    }
    if let Some(result) = &filter.result {
        query = query.filter(audit_events::result.eq(result.clone()));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_events::at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_events::at.lt(until));
    }
    if let Some((at, id)) = before {
        query = query.filter(audit_events::at.lt(at).or(audit_events::at.eq(at).and(audit_events::id.lt(id))));
    }
    Ok(query.load(conn)?)
}

/// A page of what a person did, and what was done to their account, outside projects; newest first.
pub fn page_of_account(
    conn: &mut Conn,
    user_id: &str,
    before: Option<(NaiveDateTime, String)>,
    limit: i64,
) -> DbResult<Vec<AuditRow>> {
    let mut query = audit_events::table
        .filter(audit_events::project_id.is_null())
        .filter(audit_events::actor_id.eq(user_id).or(audit_events::subject.eq(user_id)))
        .order((audit_events::at.desc(), audit_events::id.desc()))
        .limit(limit)
        .select(AuditRow::as_select())
        .into_boxed();
    if let Some((at, id)) = before {
        query = query.filter(audit_events::at.lt(at).or(audit_events::at.eq(at).and(audit_events::id.lt(id))));
    }
    Ok(query.load(conn)?)
}
