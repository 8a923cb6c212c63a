//! The account of whoever logged in.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audit::{Event, record};
use super::auth::SignedIn;
use super::body::Body;
use super::error::{ApiError, ApiResult};
use super::sessions::{begin_session, check_credentials};
use crate::app::AppState;
use crate::db::{sessions, users};
use crate::secrets::{check_password, hash_password};

/// An account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Random id.
    id: String,
    /// Address.
    #[schema(example = "researcher@example.org")]
    email: String,
    /// Name as others see it.
    #[schema(example = "Researcher")]
    name: String,
    /// Whether this person may start projects.
    may_create_projects: bool,
}

/// A change of password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PasswordChange {
    /// The password so far.
    #[schema(max_length = 1024, example = "a long and secret sentence")]
    current_password: String,
    /// The new password, at least 12 characters.
    #[schema(min_length = 12, max_length = 256, example = "another long and secret sentence")]
    new_password: String,
}

/// Who am I?
#[utoipa::path(tag = "sessions", responses((status = 200, description = "The account", body = Me)))]
#[get("/v1/me")]
pub async fn get_me(signed_in: SignedIn, state: web::Data<AppState>) -> ApiResult<web::Json<Me>> {
    let user = state.db.run(move |conn| users::by_id(conn, &signed_in.user_id)).await?.ok_or_else(ApiError::not_found)?;
    Ok(web::Json(Me { id: user.id, email: user.email, name: user.name, may_create_projects: user.may_create_projects }))
}

/// Changes the password; all sessions end and a new one begins.
#[utoipa::path(tag = "sessions", request_body = PasswordChange, responses(
    (status = 201, description = "Changed; the tokens of a new session", body = super::sessions::SessionTokens),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[put("/v1/me/password")]
pub async fn update_password(
    signed_in: SignedIn,
    body: Body<PasswordChange>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    check_password(&body.0.new_password).map_err(|why| ApiError::field("$.newPassword", "weakPassword", why))?;
    let id = signed_in.user_id.clone();
    let user = state.db.run(move |conn| users::by_id(conn, &id)).await?.ok_or_else(ApiError::not_found)?;
    let user = check_credentials(&state, &req, &user.email, body.0.current_password).await?;
    let new_password = body.0.new_password;
    let hash = tokio::task::spawn_blocking(move || hash_password(&new_password)).await.map_err(ApiError::internal)?;
    let hash = hash.map_err(ApiError::internal)?;
    let id = user.id.clone();
    state
        .db
        .write(move |conn| {
            users::set_password(conn, &id, &hash)?;
            sessions::revoke_all(conn, &id)?;
            let actor = format!("user:{id}");
            record(conn, &Event { project_id: None, actor: &actor, action: "password.update", subject: Some(&id), detail: "" })
        })
        .await?;
    Ok(HttpResponse::Created().json(begin_session(&state, &user).await?))
}
