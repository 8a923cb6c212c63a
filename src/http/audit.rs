//! Writing and reading the audit trail.

use actix_web::{get, web};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ReadAudit};
use super::body::Query;
use super::common::named;
use super::error::ApiResult;
use super::page::{Page, Paging, limit_of, page, position, utc};
use crate::app::AppState;
use crate::db::audit::{self, AuditRow};
use crate::db::{Conn, DbResult, now};

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
    let row = AuditRow {
        id: id.to_owned(),
        project_id: event.project_id.map(str::to_owned),
        at: now(),
        actor_kind: kind.to_owned(),
        actor_id,
        action: event.action.to_owned(),
        subject: event.subject.map(str::to_owned),
        result: result.to_owned(),
        detail: event.detail.to_owned(),
    };
    audit::insert(conn, &row)
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
struct AuditEvent {
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
}

/// What happened in a project, newest first.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project"), Paging),
    responses((status = 200, description = "A page of events", body = Page<AuditEvent>)))]
#[get("/v1/projects/{projectId}/audit-events")]
pub async fn list_audit_events(
    access: Access<ReadAudit>,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<AuditEvent>>> {
    let limit = limit_of(query.0.limit)?;
    let before: Option<(NaiveDateTime, String)> = position(query.0.cursor.as_deref())?;
    let rows = state.db.run(move |conn| audit::page(conn, &access.project_id, before, limit + 1)).await?;
    let event = |r: AuditRow| {
        Ok(AuditEvent {
            id: r.id,
            at: utc(r.at),
            actor_kind: named(&r.actor_kind)?,
            actor_id: r.actor_id,
            action: r.action,
            subject: r.subject,
            result: named(&r.result)?,
            detail: r.detail,
        })
    };
    let Page { items, next } = page(rows, limit, |r| (r.at, r.id.clone()), event);
    Ok(web::Json(Page { items: items.into_iter().collect::<ApiResult<_>>()?, next }))
}
