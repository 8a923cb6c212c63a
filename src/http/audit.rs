//! Writing and reading the audit trail.

use actix_web::{get, web};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::auth::{Access, ReadAudit, SignedIn};
use super::body::Query;
use super::common::{name_of, named};
use super::error::ApiResult;
use super::page::{Page, Paging, limit_of, page, position, utc};
use crate::app::AppState;
use crate::db::audit::{self, AuditFilter, AuditRow, NewAuditEvent};
use crate::db::{Conn, DbResult, now};
use crate::domain::problem::Problems;
use crate::origin;

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
    let event = NewAuditEvent {
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
    audit::insert(conn, &event)
}

/// What kind of actor did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum ActorKind {
    /// A person with a session.
    User,
    /// A personal access token.
    Token,
    /// A facilitator's device.
    Device,
    /// The command line on the server.
    Command,
    /// Somebody who did not prove to be anybody.
    Anonymous,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum AuditResult {
    /// It was carried out.
    Done,
    /// It was refused.
    Refused,
}

/// One event of the audit trail.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEvent {
    /// Random id.
    id: String,
    /// When.
    at: DateTime<Utc>,
    /// What kind of actor did it.
    actor_kind: ActorKind,
    /// Id of the actor.
    actor_id: Option<String>,
    /// What was done.
    #[schema(example = "story.release")]
    action: String,
    /// Id of what it was done to.
    subject: Option<String>,
    /// What came of it.
    result: AuditResult,
    /// Short words.
    detail: String,
    /// Network that it came from: the first 16 bits of an IPv4 address, the first 32 of an IPv6 address, or `local`.
    /// Null for devices and commands.
    #[schema(example = "203.0.0.0/16")]
    origin: Option<String>,
    /// Number in the chain; null for a moment, until the event is sealed.
    #[schema(example = 17)]
    sequence: Option<i64>,
    /// SHA-256 over the event and the hash of the one before it, in hexadecimal.
    hash: Option<String>,
}

/// Which events, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items to answer, 1 to 500.
    #[param(minimum = 1, maximum = 500, default = 50, example = 50)]
    limit: Option<u32>,
    /// What was done; all of a kind when it ends in a point.
    #[param(max_length = 100, example = "story.")]
    action: Option<String>,
    /// Id of the actor.
    #[param(max_length = 100)]
    actor_id: Option<String>,
    /// Id of what it was done to.
    #[param(max_length = 200)]
    subject: Option<String>,
    /// What came of it.
    #[param(inline)]
    result: Option<AuditResult>,
    /// Not before this time.
    #[param(example = "2026-02-01T00:00:00Z")]
    from: Option<DateTime<Utc>>,
    /// Before this time.
    #[param(example = "2026-03-01T00:00:00Z")]
    until: Option<DateTime<Utc>>,
}

impl AuditQuery {
    fn filter(&self) -> ApiResult<AuditFilter> {
        let mut problems = Problems::default();
        for (name, text) in [("action", &self.action), ("actorId", &self.actor_id), ("subject", &self.subject)] {
            if text.as_deref().is_some_and(|t| t.is_empty() || t.chars().count() > 200 || t.contains('\0')) {
                problems.add(format!("query.{name}"), "wrongFormat", "must have 1 to 200 characters");
            }
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && from >= until
        {
            problems.add("query.until", "outOfRange", "must be later than `from`");
        }
        problems.or_ok(())?;
        Ok(AuditFilter {
            action: self.action.clone(),
            actor_id: self.actor_id.clone(),
            subject: self.subject.clone(),
            result: self.result.as_ref().map(name_of),
            from: self.from.map(|t| t.naive_utc()),
            until: self.until.map(|t| t.naive_utc()),
        })
    }
}

/// What happened in a project, newest first.
#[utoipa::path(tag = "audit", params(("projectId" = Uuid, Path, description = "Project"), AuditQuery),
    responses((status = 200, description = "A page of events", body = Page<AuditEvent>)))]
#[get("/v1/projects/{projectId}/audit-events")]
pub async fn list_audit_events(
    access: Access<ReadAudit>,
    query: Query<AuditQuery>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<AuditEvent>>> {
    let (limit, filter) = (limit_of(query.0.limit)?, query.0.filter()?);
    let before = position(query.0.cursor.as_deref())?;
    let rows = state.db.run(move |conn| audit::page(conn, &access.project_id, &filter, before, limit + 1)).await?;
    answer(rows, limit)
}

/// What I did outside projects, and what was done to my account: logins, failed ones too; newest first.
#[utoipa::path(tag = "sessions", params(Paging),
    responses((status = 200, description = "A page of events", body = Page<AuditEvent>)))]
#[get("/v1/me/audit-events")]
pub async fn list_my_audit_events(
    signed_in: SignedIn,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<AuditEvent>>> {
    let limit = limit_of(query.0.limit)?;
    let before = position(query.0.cursor.as_deref())?;
    let rows = state.db.run(move |conn| audit::page_of_account(conn, &signed_in.user_id, before, limit + 1)).await?;
    answer(rows, limit)
}

fn answer(rows: Vec<AuditRow>, limit: i64) -> ApiResult<web::Json<Page<AuditEvent>>> {
    let at = |r: &AuditRow| -> (NaiveDateTime, String) { (r.at, r.id.clone()) };
    let Page { items, next } = page(rows, limit, at, event);
    Ok(web::Json(Page { items: items.into_iter().collect::<ApiResult<_>>()?, next }))
}

fn event(row: AuditRow) -> ApiResult<AuditEvent> {
    Ok(AuditEvent {
        id: row.id,
        at: utc(row.at),
        actor_kind: named(&row.actor_kind)?,
        actor_id: row.actor_id,
        action: row.action,
        subject: row.subject,
        result: named(&row.result)?,
        detail: row.detail,
        origin: row.origin,
        sequence: row.sequence,
        hash: row.hash,
    })
}
