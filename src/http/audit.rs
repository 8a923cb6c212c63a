//! Reading the audit trail.

use actix_web::{get, web};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Access, ReadAudit, SignedIn};
use super::body::Query;
use super::common::{name_of, named};
use super::error::ApiResult;
use super::page::{Page, Paging, limit_of, page, position, utc};
use crate::app::AppState;
use crate::db::audit::{self, AuditFilter, AuditRow};
use crate::domain::problem::Problems;

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
    #[param(min_length = 1, max_length = 100, example = "story.")]
    action: Option<String>,
    /// Id of the actor.
    #[param(min_length = 1, max_length = 100)]
    actor_id: Option<String>,
    /// Id of what it was done to.
    #[param(min_length = 1, max_length = 200)]
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
        let given = [("action", &self.action, 100), ("actorId", &self.actor_id, 100), ("subject", &self.subject, 200)];
        for (name, text, most) in given {
            if text.as_deref().is_some_and(|t| t.is_empty() || t.chars().count() > most || t.contains('\0')) {
                problems.add(format!("query.{name}"), "wrongFormat", format!("must have 1 to {most} characters"));
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
    let at = |r: &AuditRow| -> (NaiveDateTime, String) { (r.event.at, r.event.id.clone()) };
    let Page { items, next } = page(rows, limit, at, event);
    Ok(web::Json(Page { items: items.into_iter().collect::<ApiResult<_>>()?, next }))
}

fn event(row: AuditRow) -> ApiResult<AuditEvent> {
    let event = row.event;
    Ok(AuditEvent {
        at: utc(event.at),
        actor_kind: named(&event.actor_kind)?,
        result: named(&event.result)?,
        id: event.id,
        actor_id: event.actor_id,
        action: event.action,
        subject: event.subject,
        detail: event.detail,
        origin: event.origin,
        sequence: row.sequence,
        hash: row.hash,
    })
}
