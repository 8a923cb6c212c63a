//! Who did what. Rows are added; the one thing that ever happens to them is that they get their place in the chain
//! ([`super::audit_chain`]). Both databases refuse anything else.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::audit_events;
use super::{Conn, DbResult, now};
use crate::domain::chain::ChainedEvent;
use crate::origin;

/// An event.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events)]
pub struct AuditEvent {
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

/// An event with its place in its chain.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub struct AuditRow {
    /// The event.
    #[diesel(embed)]
    pub event: AuditEvent,
    /// Number in its chain; `None` for a moment until it is sealed.
    pub sequence: Option<i64>,
    /// Hash of the event before it in its chain.
    pub previous: Option<String>,
    /// Its own hash.
    pub hash: Option<String>,
}

impl AuditEvent {
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

/// What happened, to be written in the same transaction as the deed.
pub struct Event<'a> {
    /// The project.
    pub project_id: Option<&'a str>,
    /// `user:…`, `token:…`, `device:…`, `command:…` or `anonymous`.
    pub actor: &'a str,
    /// What was done, as `noun.verb`.
    pub action: &'a str,
    /// Id of what it was done to.
    pub subject: Option<&'a str>,
    /// Short words, never personal data.
    pub detail: &'a str,
}

impl<'a> Event<'a> {
    /// Something that was done to a part of a project.
    pub fn on(project_id: &'a str, actor: &'a str, action: &'a str, subject: &'a str, detail: &'a str) -> Self {
        Self { project_id: Some(project_id), actor, action, subject: Some(subject), detail }
    }

    /// Something that was done outside projects, to an account or the server.
    pub fn outside(actor: &'a str, action: &'a str, subject: Option<&'a str>, detail: &'a str) -> Self {
        Self { project_id: None, actor, action, subject, detail }
    }

    /// Something that was done to a project as a whole, or to many parts of it.
    pub fn of_many(project_id: &'a str, actor: &'a str, action: &'a str, detail: &'a str) -> Self {
        Self { project_id: Some(project_id), actor, action, subject: None, detail }
    }
}

/// Writes an event that was carried out.
pub fn record(conn: &mut Conn, event: &Event<'_>) -> DbResult<()> {
    write(conn, &new_id(), event, "done")
}

/// Writes an event that was carried out under an id that is known elsewhere too.
pub fn record_as(conn: &mut Conn, id: &str, event: &Event<'_>) -> DbResult<()> {
    write(conn, id, event, "done")
}

/// Writes an event that was refused.
pub fn record_refused(conn: &mut Conn, event: &Event<'_>) -> DbResult<()> {
    write(conn, &new_id(), event, "refused")
}

fn new_id() -> String {
    Uuid::new_v4().to_string()
}

fn write(conn: &mut Conn, id: &str, event: &Event<'_>, result: &str) -> DbResult<()> {
    let (kind, actor_id) = event.actor.split_once(':').map_or((event.actor, None), |(k, i)| (k, Some(i.to_owned())));
    let event = AuditEvent {
        id: id.to_owned(),
        project_id: event.project_id.map(str::to_owned),
        at: now(),
        actor_kind: kind.to_owned(),
        actor_id,
        action: event.action.to_owned(),
        subject: event.subject.map(str::to_owned),
        result: result.to_owned(),
        detail: event.detail.to_owned(),
        // A device stands where a story is told: from where it speaks would say where the teller is.
        origin: if kind == "device" { None } else { origin::of_work() },
    };
    diesel::insert_into(audit_events::table).values(&event).execute(conn)?;
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
