//! What a webhook was told, and what came of each attempt.

use std::collections::HashMap;

use actix_web::{get, web};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, EditProject};
use super::body::Query;
use super::error::{ApiError, ApiResult};
use super::page::{Page, Paging, limit_of, page, position, utc};
use crate::app::AppState;
use crate::db::webhooks::{self, AttemptRow, MessageRow, WAITING};
use crate::db::{Conn, DbError, read_tx};
use crate::domain::webhook::EventKind;

/// Something that a webhook was told, or will be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WebhookDelivery {
    /// Id; the header `webhook-id` is `msg_` and this.
    id: Uuid,
    /// What happened.
    kind: Option<EventKind>,
    /// When it happened; the end of the hour for what is gathered.
    happened_at: DateTime<Utc>,
    /// `waiting`, `delivered` or `failed`.
    #[schema(example = "delivered")]
    state: String,
    /// When it is tried next; null when nothing more is tried.
    next_attempt_at: Option<DateTime<Utc>>,
    /// The attempts, in their order.
    attempts: Vec<WebhookAttempt>,
}

/// An attempt.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WebhookAttempt {
    /// 1 for the first. A number that is missing was begun by a server that stopped meanwhile.
    #[schema(minimum = 1, example = 1)]
    number: i32,
    /// When it ended.
    at: DateTime<Utc>,
    /// `answered`, `unreachable`, `privateAddress`, `tls`, `noAnswer` or `tooSlow`.
    #[schema(example = "answered")]
    outcome: String,
    /// HTTP status, if there was an answer.
    #[schema(example = 204)]
    status: Option<i32>,
}

fn view(row: MessageRow, attempts: Vec<AttemptRow>) -> ApiResult<WebhookDelivery> {
    let attempt = |a: AttemptRow| WebhookAttempt { number: a.number, at: utc(a.at), outcome: a.outcome, status: a.status };
    Ok(WebhookDelivery {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        kind: EventKind::from_name(&row.kind),
        happened_at: utc(row.happened_at),
        next_attempt_at: row.due_at.filter(|_| row.state == WAITING).map(utc),
        state: row.state,
        attempts: attempts.into_iter().map(attempt).collect(),
    })
}

/// What a webhook was or will be told, newest first. It is remembered for 30 days.
#[utoipa::path(tag = "webhooks", params(("projectId" = Uuid, Path, description = "Project"),
        ("webhookId" = Uuid, Path, description = "Webhook"), Paging),
    responses((status = 200, description = "A page of deliveries", body = Page<WebhookDelivery>)))]
#[get("/v1/projects/{projectId}/webhooks/{webhookId}/deliveries")]
pub async fn list_webhook_deliveries(
    access: Access<EditProject>,
    path: web::Path<(String, Uuid)>,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<WebhookDelivery>>> {
    let (id, limit) = (path.1.to_string(), limit_of(query.0.limit)?);
    let before: Option<(NaiveDateTime, String)> = position(query.0.cursor.as_deref())?;
    let read = move |conn: &mut Conn| {
        webhooks::by_id(conn, &access.project_id, &id)?;
        let rows = webhooks::messages(conn, &access.project_id, &id, before, limit + 1)?;
        let ids: Vec<String> = rows.iter().map(|r| r.id.clone()).collect();
        Ok::<_, DbError>((rows, webhooks::attempts(conn, &access.project_id, &ids)?))
    };
    let (rows, attempts) = state.db.run(|conn| read_tx(conn, read)).await?;
    let mut of: HashMap<String, Vec<AttemptRow>> = HashMap::new();
    for attempt in attempts {
        of.entry(attempt.message_id.clone()).or_default().push(attempt);
    }
    let item = |row: MessageRow| {
        let attempts = of.remove(&row.id).unwrap_or_default();
        view(row, attempts)
    };
    let found = page(rows, limit, |r| (r.happened_at, r.id.clone()), item);
    Ok(web::Json(Page { items: found.items.into_iter().collect::<ApiResult<Vec<_>>>()?, next: found.next }))
}
