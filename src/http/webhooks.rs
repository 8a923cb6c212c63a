//! Webhooks of a project: addresses outside that are told that something happened, never what.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, EditProject};
use super::body::Body;
use super::error::{ApiError, ApiResult};
use super::page::{Page, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::webhooks::{self, WebhookRow};
use crate::db::{now, projects};
use crate::domain::webhook::EventKind;
use crate::secrets::seal;
use crate::webhooks::address::checked_url;
use crate::webhooks::sign::new_secret;

/// Most webhooks of a project.
const MOST: usize = 20;

/// An address that is told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Webhook {
    /// Random id.
    id: Uuid,
    /// Where to.
    #[schema(example = "https://example.org/duiding")]
    url: String,
    /// What it is told.
    events: Vec<EventKind>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Since when it is told nothing; null while it is.
    disabled_at: Option<DateTime<Utc>>,
    /// Why: `gone` when it answered 410, `asked` when somebody of the project wanted it so.
    #[schema(example = "gone")]
    disabled_reason: Option<String>,
}

/// A webhook to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewWebhook {
    /// Where to: `https://` and a public address.
    #[schema(min_length = 1, max_length = 2000, example = "https://example.org/duiding")]
    url: String,
    /// What it is told.
    #[schema(min_items = 1, max_items = 7)]
    events: Vec<EventKind>,
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WebhookPatch {
    /// Where to.
    #[schema(min_length = 1, max_length = 2000, example = "https://example.org/duiding")]
    url: Option<String>,
    /// What it is told.
    #[schema(min_items = 1, max_items = 7)]
    events: Option<Vec<EventKind>>,
    /// False: it is told nothing, and what waits is given up. True: it is told again, also after a 410.
    #[schema(example = false)]
    enabled: Option<bool>,
}

/// A webhook with its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeWebhook {
    /// About the webhook.
    webhook: Webhook,
    /// For checking signatures (Standard Webhooks). It is shown this once.
    #[schema(example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD...")]
    secret: String,
}

fn view(row: WebhookRow) -> ApiResult<Webhook> {
    Ok(Webhook {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        url: row.url,
        events: row.events.split(' ').filter_map(EventKind::from_name).collect(),
        created_at: utc(row.created_at),
        disabled_at: row.disabled_at.map(utc),
        disabled_reason: Some(row.disabled_reason).filter(|r| !r.is_empty()),
    })
}

/// Names of the kinds, each once, with spaces.
fn names(mut events: Vec<EventKind>) -> String {
    events.sort_unstable();
    events.dedup();
    events.into_iter().map(EventKind::name).collect::<Vec<_>>().join(" ")
}

/// Webhooks of the project.
#[utoipa::path(tag = "webhooks", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "All webhooks", body = Page<Webhook>)))]
#[get("/v1/projects/{projectId}/webhooks")]
pub async fn list_webhooks(access: Access<EditProject>, state: web::Data<AppState>) -> ApiResult<web::Json<Page<Webhook>>> {
    let rows = state.db.run(move |conn| webhooks::list(conn, &access.project_id)).await?;
    let items: ApiResult<Vec<_>> = rows.into_iter().map(view).collect();
    Ok(web::Json(Page { items: items?, next: None }))
}

/// Makes a webhook. It is told that something happened and never what: no ids of stories or people, no words, no answers.
/// What concerns stories is gathered and told once an hour, as a count. At most 20 in a project.
#[utoipa::path(tag = "webhooks", params(("projectId" = Uuid, Path, description = "Project")), request_body = NewWebhook,
    responses((status = 201, description = "Made; the secret is shown this once", body = MadeWebhook),
        (status = 409, description = "There are 20 already")))]
#[post("/v1/projects/{projectId}/webhooks")]
pub async fn create_webhook(
    access: Access<EditProject>,
    body: Body<NewWebhook>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let url = checked_url(&body.0.url, state.config.webhooks_private)?;
    let (id, (secret, shown)) = (Uuid::new_v4().to_string(), new_secret());
    let sealed = seal(&state.keys.get(), &id, &secret).map_err(ApiError::internal)?;
    let row = WebhookRow {
        project_id: access.project_id.clone(),
        id,
        url,
        events: names(body.0.events),
        secret: sealed.to_string(),
        created_by: access.actor(),
        created_at: now(),
        disabled_at: None,
        disabled_reason: String::new(),
    };
    let made = row.clone();
    state
        .db
        .write(move |conn| {
            projects::lock(conn, &made.project_id)?; // others who make one wait, so that the count is right
            if webhooks::list(conn, &made.project_id)?.len() >= MOST {
                return Err(ApiError::conflict("tooMany", format!("a project has at most {MOST} webhooks")));
            }
            webhooks::insert(conn, &made)?;
            Ok(record(conn, &Event::on(&made.project_id, &made.created_by, "webhook.create", &made.id, &made.events))?)
        })
        .await?;
    let location = format!("/v1/projects/{}/webhooks/{}", row.project_id, row.id);
    Ok(HttpResponse::Created().insert_header(("Location", location)).json(MadeWebhook { webhook: view(row)?, secret: shown }))
}

/// One webhook.
#[utoipa::path(tag = "webhooks",
    params(("projectId" = Uuid, Path, description = "Project"), ("webhookId" = Uuid, Path, description = "Webhook")),
    responses((status = 200, description = "The webhook", body = Webhook)))]
#[get("/v1/projects/{projectId}/webhooks/{webhookId}")]
pub async fn get_webhook(
    access: Access<EditProject>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Webhook>> {
    let id = path.1.to_string();
    let row = state.db.run(move |conn| webhooks::by_id(conn, &access.project_id, &id)).await?;
    Ok(web::Json(view(row)?))
}

/// Changes where a webhook goes, what it is told, or whether it is told anything.
#[utoipa::path(tag = "webhooks", request_body = WebhookPatch,
    params(("projectId" = Uuid, Path, description = "Project"), ("webhookId" = Uuid, Path, description = "Webhook")),
    responses((status = 200, description = "Changed", body = Webhook)))]
#[patch("/v1/projects/{projectId}/webhooks/{webhookId}")]
pub async fn update_webhook(
    access: Access<EditProject>,
    path: web::Path<(String, Uuid)>,
    body: Body<WebhookPatch>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Webhook>> {
    let (id, patch) = (path.1.to_string(), body.0);
    let url = patch.url.as_deref().map(|url| checked_url(url, state.config.webhooks_private)).transpose()?;
    let write = move |conn: &mut _| {
        let mut row = webhooks::by_id(conn, &access.project_id, &id)?;
        row.url = url.unwrap_or(row.url);
        row.events = patch.events.map_or(row.events, names);
        match patch.enabled {
            Some(true) => (row.disabled_at, row.disabled_reason) = (None, String::new()),
            Some(false) if row.disabled_at.is_none() => {
                (row.disabled_at, row.disabled_reason) = (Some(now()), "asked".to_owned());
                webhooks::give_up(conn, &access.project_id, &id)?;
            }
            _ => {}
        }
        webhooks::update(conn, &row)?;
        record(conn, &Event::on(&access.project_id, &access.actor(), "webhook.update", &id, &row.events))?;
        Ok::<_, ApiError>(row)
    };
    Ok(web::Json(view(state.db.write(write).await?)?))
}

/// Takes a webhook away, with what is remembered of what it was told.
#[utoipa::path(tag = "webhooks",
    params(("projectId" = Uuid, Path, description = "Project"), ("webhookId" = Uuid, Path, description = "Webhook")),
    responses((status = 204, description = "Gone")))]
#[delete("/v1/projects/{projectId}/webhooks/{webhookId}")]
pub async fn delete_webhook(
    access: Access<EditProject>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    state
        .db
        .write(move |conn| {
            webhooks::delete(conn, &access.project_id, &id)?;
            Ok::<_, ApiError>(record(conn, &Event::on(&access.project_id, &access.actor(), "webhook.delete", &id, ""))?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A message that will be sent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AskedDelivery {
    /// Id of the message.
    delivery_id: Uuid,
}

/// Sends a message of the kind `webhook.test`, also if the webhook is not told of that kind. Ask for its deliveries to see
/// what came of it.
#[utoipa::path(tag = "webhooks",
    params(("projectId" = Uuid, Path, description = "Project"), ("webhookId" = Uuid, Path, description = "Webhook")),
    responses((status = 202, description = "It will be sent", body = AskedDelivery),
        (status = 409, description = "The webhook is disabled")))]
#[post("/v1/projects/{projectId}/webhooks/{webhookId}/_test")]
pub async fn test_webhook(
    access: Access<EditProject>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    let write = move |conn: &mut _| {
        let row = webhooks::by_id(conn, &access.project_id, &id)?;
        if row.disabled_at.is_some() {
            return Err(ApiError::conflict("disabled", "this webhook is told nothing; enable it first"));
        }
        let message = webhooks::tell(conn, &row, EventKind::WebhookTest, "", 1)?;
        record(conn, &Event::on(&access.project_id, &access.actor(), "webhook.test", &id, ""))?;
        Ok(message)
    };
    let delivery_id = Uuid::parse_str(&state.db.write(write).await?).map_err(ApiError::internal)?;
    Ok(HttpResponse::build(StatusCode::ACCEPTED).json(AskedDelivery { delivery_id }))
}
