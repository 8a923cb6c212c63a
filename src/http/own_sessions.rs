//! Where whoever logged in is logged in, and ending it.

use actix_web::{HttpResponse, delete, get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::OwnAccount;
use super::error::{ApiError, ApiResult};
use super::page::{Page, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::sessions::{self, Session};
use crate::db::{Conn, DbError, DbResult};

/// A login of yours that still works.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionView {
    /// Random id.
    id: Uuid,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it was last used, to the hour; null for one that an older version began.
    last_used_at: Option<DateTime<Utc>>,
    /// When it ends at the latest.
    expires_at: DateTime<Utc>,
    /// In a few words what it was begun on; null for one that an older version began.
    #[schema(example = "Firefox on Linux")]
    device: Option<String>,
    /// Whether this is the session that asks.
    current: bool,
}

fn view(row: Session, current: &str) -> ApiResult<SessionView> {
    Ok(SessionView {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        created_at: utc(row.created_at),
        last_used_at: row.last_used_at.map(utc),
        expires_at: utc(row.expires_at),
        device: Some(row.device).filter(|d| !d.is_empty()),
        current: row.id == current,
    })
}

/// Where you are logged in, newest first.
#[utoipa::path(tag = "sessions", responses((status = 200, description = "Your sessions", body = Page<SessionView>)))]
#[get("/v1/me/sessions")]
pub async fn list_sessions(account: OwnAccount, state: web::Data<AppState>) -> ApiResult<web::Json<Page<SessionView>>> {
    let rows = state.db.run(move |conn| sessions::of_user(conn, &account.user_id)).await?;
    let items: ApiResult<Vec<_>> = rows.into_iter().map(|row| view(row, &account.session_id)).collect();
    Ok(web::Json(Page { items: items?, next: None }))
}

/// Ends one of your sessions at once, access tokens included.
#[utoipa::path(tag = "sessions", params(("sessionId" = Uuid, Path, description = "Session")),
    responses((status = 204, description = "Ended")))]
#[delete("/v1/me/sessions/{sessionId}")]
pub async fn end_session(account: OwnAccount, path: web::Path<Uuid>, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let id = path.to_string();
    let write = move |conn: &mut Conn| {
        sessions::revoke_of(conn, &account.user_id, &id)?;
        note(conn, &account.user_id, "session.delete", &id, "")
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ends all your sessions but the one that asks.
#[utoipa::path(tag = "sessions", responses((status = 204, description = "Ended")))]
#[delete("/v1/me/sessions")]
pub async fn end_sessions(account: OwnAccount, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let write = move |conn: &mut Conn| {
        let ended = sessions::revoke_others(conn, &account.user_id, &account.session_id)?;
        let detail = format!("{ended} others");
        note(conn, &account.user_id, "session.deleteOthers", &account.session_id, &detail)
    };
    state.db.write::<(), DbError>(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Records that a person ended sessions.
pub fn note(conn: &mut Conn, user_id: &str, action: &str, session_id: &str, detail: &str) -> DbResult<()> {
    let actor = format!("user:{user_id}");
    record(conn, &Event::outside(&actor, action, Some(session_id), detail))
}
