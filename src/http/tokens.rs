//! Personal access tokens for external tools.

use actix_web::{HttpResponse, delete, get, post, web};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, Principal, ReadProject};
use super::body::Body;
use super::error::{ApiError, ApiResult};
use super::page::{Page, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::now;
use crate::db::tokens::{self, ApiToken};
use crate::domain::role::Scope;
use crate::secrets::{new_token, prefix};

/// A personal access token, without the token itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokenView {
    /// Random id.
    id: Uuid,
    /// What you call it.
    #[schema(example = "Power BI")]
    name: String,
    /// What it may be used for.
    scopes: Vec<Scope>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it works.
    expires_at: DateTime<Utc>,
    /// When it was last used.
    last_used_at: Option<DateTime<Utc>>,
    /// When it was ended.
    revoked_at: Option<DateTime<Utc>>,
}

/// A token to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewToken {
    /// What you call it.
    #[schema(min_length = 1, max_length = 100, example = "Power BI")]
    name: String,
    /// What it may be used for; never more than you may.
    #[schema(min_items = 1, max_items = 10)]
    scopes: Vec<Scope>,
    /// Days that it works.
    #[schema(minimum = 1, maximum = 366, example = 90)]
    days: i64,
}

/// A token with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeToken {
    /// About the token.
    details: TokenView,
    /// For the Authorization header, as Bearer or as the password of Basic.
    #[schema(example = "dup_...")]
    token: String,
}

fn view(row: ApiToken) -> ApiResult<TokenView> {
    Ok(TokenView {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        name: row.name,
        scopes: row.scopes.split(' ').filter_map(Scope::from_name).collect(),
        created_at: utc(row.created_at),
        expires_at: utc(row.expires_at),
        last_used_at: row.last_used_at.map(utc),
        revoked_at: row.revoked_at.map(utc),
    })
}

/// The person of a session: a token must not make or end tokens.
fn person(access: &Access<ReadProject>) -> ApiResult<String> {
    match &access.principal {
        Principal::User { user_id, .. } => Ok(user_id.clone()),
        _ => Err(ApiError::forbidden("this needs a person who logged in")),
    }
}

/// Your tokens for this project, newest first.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "Your tokens", body = Page<TokenView>)))]
#[get("/v1/projects/{projectId}/tokens")]
pub async fn list_tokens(access: Access<ReadProject>, state: web::Data<AppState>) -> ApiResult<web::Json<Page<TokenView>>> {
    let user_id = person(&access)?;
    let rows = state.db.run(move |conn| tokens::of_user(conn, &access.project_id, &user_id)).await?;
    let items: ApiResult<Vec<_>> = rows.into_iter().map(view).collect();
    Ok(web::Json(Page { items: items?, next: None }))
}

/// Makes a token for an external tool.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")), request_body = NewToken,
    responses((status = 201, description = "Made; the token is shown this once", body = MadeToken)))]
#[post("/v1/projects/{projectId}/tokens")]
pub async fn create_token(
    access: Access<ReadProject>,
    body: Body<NewToken>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let user_id = person(&access)?;
    let (token, hash) = new_token(prefix::PERSONAL);
    let scopes: Vec<&str> = body.0.scopes.iter().map(|s| s.name()).collect();
    let row = ApiToken {
        project_id: access.project_id.clone(),
        id: Uuid::new_v4().to_string(),
        user_id,
        name: body.0.name,
        hash,
        scopes: scopes.join(" "),
        created_at: now(),
        expires_at: now() + Duration::days(body.0.days),
        last_used_at: None,
        revoked_at: None,
    };
    let (made, actor) = (row.clone(), access.actor());
    state
        .db
        .write(move |conn| {
            tokens::insert(conn, &made)?;
            let project_id = Some(made.project_id.as_str());
            let event =
                Event { project_id, actor: &actor, action: "token.create", subject: Some(&made.id), detail: &made.scopes };
            record(conn, &event)
        })
        .await?;
    Ok(HttpResponse::Created().json(MadeToken { details: view(row)?, token }))
}

/// Ends one of your tokens.
#[utoipa::path(tag = "projects",
    params(("projectId" = Uuid, Path, description = "Project"), ("tokenId" = Uuid, Path, description = "Token")),
    responses((status = 204, description = "Ended")))]
#[delete("/v1/projects/{projectId}/tokens/{tokenId}")]
pub async fn delete_token(
    access: Access<ReadProject>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (user_id, id) = (person(&access)?, path.1.to_string());
    state
        .db
        .write(move |conn| {
            tokens::revoke(conn, &access.project_id, &user_id, &id)?;
            let actor = access.actor();
            let project_id = Some(access.project_id.as_str());
            record(conn, &Event { project_id, actor: &actor, action: "token.delete", subject: Some(&id), detail: "" })
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
