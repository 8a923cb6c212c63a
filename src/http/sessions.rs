//! Log in, stay logged in, log out.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, delete, post, web};
use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{Event, record, record_refused};
use super::auth::{Public, SignedIn};
use super::body::Body;
use super::error::{ApiError, ApiResult};
use crate::app::AppState;
use crate::db::sessions::{self, Rotation, Session};
use crate::db::users::{self, User};
use crate::db::{DbError, now, throttles, write_tx};
use crate::domain::canonical::sha256_hex;
use crate::secrets::{new_token, prefix, token_hash, verify_password};

/// Address and password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Credentials {
    /// Address of the account.
    #[schema(max_length = 254, example = "researcher@example.org")]
    pub email: String,
    /// Password.
    #[schema(max_length = 1024, example = "a long and secret sentence")]
    pub password: String,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Refresh {
    /// The newest refresh token of the session.
    #[schema(max_length = 200, example = "dur_3q2-7w...")]
    refresh_token: String,
}

/// Tokens of a session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionTokens {
    /// For the Authorization header.
    #[schema(example = "eyJhbGciOiJIUzI1NiJ9...")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds that the access token works.
    #[schema(example = 900)]
    expires_in: i64,
    /// Works once, for the next tokens. Using it twice ends the session.
    #[schema(example = "dur_3q2-7w...")]
    refresh_token: String,
}

/// Logs in. Ten failures within fifteen minutes block an account for the rest of them.
#[utoipa::path(tag = "sessions", security(()), request_body = Credentials, responses(
    (status = 201, description = "Logged in", body = SessionTokens),
    (status = 401, description = "Wrong address or password"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[post("/v1/sessions")]
pub async fn create_session(
    _: Public,
    body: Body<Credentials>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let email = body.0.email.trim().to_lowercase();
    let user = check_credentials(&state, &req, &email, body.0.password).await?;
    let tokens = begin_session(&state, &user).await?;
    Ok(HttpResponse::Created().json(tokens))
}

/// The next tokens of a session. Refresh tokens rotate: each works once.
#[utoipa::path(tag = "sessions", security(()), request_body = Refresh, responses(
    (status = 201, description = "New tokens", body = SessionTokens),
    (status = 401, description = "The token was used before, or the session ended")))]
#[post("/v1/sessions/_refresh")]
pub async fn refresh_session(_: Public, body: Body<Refresh>, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let hash = token_hash(&body.0.refresh_token);
    let (next, next_hash) = new_token(prefix::REFRESH);
    let session = state
        .db
        .write(move |conn| {
            Ok::<_, ApiError>(match sessions::use_refresh_token(conn, &hash)? {
                Rotation::Fresh(session) => {
                    sessions::add_refresh_token(conn, &session.id, &next_hash)?;
                    Some(session)
                }
                Rotation::Reused(session) => {
                    let actor = format!("user:{}", session.user_id);
                    let detail = "a refresh token was used twice; the session was ended";
                    let event =
                        Event { project_id: None, actor: &actor, action: "session.reuse", subject: Some(&session.id), detail };
                    record_refused(conn, &event)?;
                    None
                }
                Rotation::Invalid => None,
            })
        })
        .await?;
    let session = session.ok_or_else(|| ApiError::unauthorised("this refresh token does not work (any more)"))?;
    let tokens = session_tokens(&state, &session, next)?;
    Ok(HttpResponse::Created().json(tokens))
}

/// Logs out: ends the session of the access token.
#[utoipa::path(tag = "sessions", responses((status = 204, description = "Logged out")))]
#[delete("/v1/sessions/current")]
pub async fn delete_session(signed_in: SignedIn, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    state.db.write(move |conn| sessions::revoke(conn, &signed_in.session_id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The person with these credentials. Unknown people and wrong passwords look and last the same.
pub async fn check_credentials(state: &web::Data<AppState>, req: &HttpRequest, email: &str, password: String) -> ApiResult<User> {
    let keys = [sha256_hex(format!("account {email}")), sha256_hex(format!("address {}", client_address(state, req)))];
    let account = email.to_owned();
    let asked = keys.clone();
    let (wait, user) = state
        .db
        .run(move |conn| {
            let wait = throttles::wait_seconds(conn, &asked[0], throttles::MAX_PER_ACCOUNT)?.max(throttles::wait_seconds(
                conn,
                &asked[1],
                throttles::MAX_PER_ADDRESS,
            )?);
            Ok::<_, DbError>((wait, users::by_email(conn, &account)?))
        })
        .await?;
    if let Some(seconds) = wait {
        return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "tooManyFailures", "too many failed attempts; wait a while")
            .with_header(header::RETRY_AFTER, seconds.to_string()));
    }
    let user = user.filter(|u| u.disabled_at.is_none());
    let hash = user.as_ref().map(|u| u.password_hash.clone());
    let fits =
        tokio::task::spawn_blocking(move || verify_password(&password, hash.as_deref())).await.map_err(ApiError::internal)?;
    let subject = user.as_ref().map(|u| u.id.clone());
    state
        .db
        .write(move |conn| {
            if fits {
                return throttles::clear(conn, &keys[0]);
            }
            for key in &keys {
                throttles::count_failure(conn, key)?;
            }
            let event = Event {
                project_id: None,
                actor: "anonymous",
                action: "session.create",
                subject: subject.as_deref(),
                detail: "wrong address or password",
            };
            record_refused(conn, &event)
        })
        .await?;
    if !fits {
        state.metrics.failed_logins.inc();
    }
    user.filter(|_| fits).ok_or_else(|| ApiError::unauthorised("wrong address or password"))
}

/// Address of the client; what a trusted proxy says, when one stands before us.
fn client_address(state: &web::Data<AppState>, req: &HttpRequest) -> String {
    let Some(peer) = req.peer_addr().map(|a| a.ip()) else { return String::new() };
    if !state.config.trusted_proxies.contains(&peer) {
        return peer.to_string();
    }
    let forwarded = req.headers().get("X-Forwarded-For").and_then(|v| v.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()).map(|a| a.trim().to_owned());
    last.unwrap_or_else(|| peer.to_string())
}

/// Begins a session for a person.
pub async fn begin_session(state: &web::Data<AppState>, user: &User) -> ApiResult<SessionTokens> {
    let session = Session {
        id: Uuid::new_v4().to_string(),
        user_id: user.id.clone(),
        created_at: now(),
        expires_at: now() + Duration::days(state.config.session_days),
        revoked_at: None,
    };
    let (refresh, hash) = new_token(prefix::REFRESH);
    let row = session.clone();
    state
        .db
        .run(move |conn| {
            write_tx(conn, |conn| {
                sessions::forget_ended(conn, now() - Duration::days(1))?;
                sessions::begin(conn, &row, &hash)?;
                let actor = format!("user:{}", row.user_id);
                record(
                    conn,
                    &Event { project_id: None, actor: &actor, action: "session.create", subject: Some(&row.id), detail: "" },
                )
            })
        })
        .await?;
    session_tokens(state, &session, refresh)
}

fn session_tokens(state: &web::Data<AppState>, session: &Session, refresh_token: String) -> ApiResult<SessionTokens> {
    let access_token = state.tokens.issue(&session.user_id, &session.id).map_err(ApiError::internal)?;
    Ok(SessionTokens { access_token, token_type: "Bearer", expires_in: state.tokens.lifetime(), refresh_token })
}
