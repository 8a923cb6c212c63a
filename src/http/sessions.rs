//! Log in, stay logged in, log out.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, post, web};
use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{OwnAccount, Public};
use super::body::Body;
use super::browser::{self, FromPage};
use super::credentials::{Proof, check_credentials};
use super::error::{ApiError, ApiResult};
use super::guesses::{Guess, note_wrong};
use super::own_sessions::note;
use crate::app::AppState;
use crate::db::audit::{Event, record, record_refused};
use crate::db::sessions::{self, Rotation, Session};
use crate::db::users::User;
use crate::db::{Conn, DbError, now, write_tx};
use crate::domain::device_words::device_words;
use crate::secrets::{new_token, prefix, token_hash};

/// Address and password, and a code where a second factor is on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Credentials {
    /// Address of the account.
    #[schema(max_length = 254, example = "researcher@example.org")]
    pub email: String,
    /// Password.
    #[schema(max_length = 1024, example = "a long and secret sentence")]
    pub password: String,
    /// Where a second factor is on: the six digits that the app shows, or a recovery code.
    #[schema(min_length = 6, max_length = 40, example = "287082")]
    pub code: Option<String>,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Refresh {
    /// The newest refresh token of the session. A page of this server leaves it out: its browser sends the cookie.
    #[schema(max_length = 200, example = "dur_3q2-7w...")]
    refresh_token: Option<String>,
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
    /// Works once, for the next tokens. Using it twice ends the session. Null for a page of this server (header
    /// `X-Duiding-Browser`), which gets it as a cookie that no script can read.
    #[schema(example = "dur_3q2-7w...")]
    pub refresh_token: Option<String>,
}

/// Logs in. Where a second factor is on, the password alone is answered by `secondFactorNeeded`. Ten failures within fifteen
/// minutes, of password or code, block an account for the rest of them.
#[utoipa::path(tag = "sessions", security(()), request_body = Credentials, responses(
    (status = 201, description = "Logged in", body = SessionTokens),
    (status = 401, description = "Wrong address or password; `secondFactorNeeded`: send a code too; `wrongCode`"),
    (status = 403, description = "`otherSite`: a page of another site says that it is one of ours"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[post("/v1/sessions")]
pub async fn create_session(
    _: Public,
    page: FromPage,
    body: Body<Credentials>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let Credentials { email, password, code } = body.0;
    let proof = Proof { email: email.trim().to_lowercase(), password, code };
    let user = check_credentials(&state, &req, proof).await?;
    let tokens = begin_session(&state, &req, &user).await?;
    Ok(browser::created(&state.config, page, tokens))
}

/// The next tokens of a session. Refresh tokens rotate: each works once.
#[utoipa::path(tag = "sessions", security(()), request_body = Refresh, responses(
    (status = 201, description = "New tokens", body = SessionTokens),
    (status = 401, description = "The token was used before, or the session ended"),
    (status = 403, description = "`otherSite`: a page of another site says that it is one of ours"),
    (status = 429, description = "Too many wrong tokens from this address; see `Retry-After`")))]
#[post("/v1/sessions/_refresh")]
pub async fn refresh_session(
    _: Public,
    page: FromPage,
    body: Body<Refresh>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let hash = token_hash(&presented(body.0, page, &req, &state)?);
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
                    let event = Event::outside(&actor, "session.reuse", Some(&session.id), detail);
                    record_refused(conn, &event)?;
                    None
                }
                Rotation::Invalid => None,
            })
        })
        .await?;
    let Some(session) = session else {
        note_wrong(&state, &req, Guess::Refresh).await?;
        return Err(ApiError::unauthorised("this refresh token does not work (any more)"));
    };
    Ok(browser::created(&state.config, page, session_tokens(&state, &session, next)?))
}

/// The refresh token of the body, or that of the browser. Errors: 400 when there is none, for a page 401: nobody is logged in.
fn presented(body: Refresh, page: FromPage, req: &HttpRequest, state: &web::Data<AppState>) -> ApiResult<String> {
    match (body.refresh_token, page) {
        (Some(token), _) => Ok(token),
        (None, FromPage(false)) => Err(ApiError::field("$.refreshToken", "required", "this member is required")),
        (None, FromPage(true)) => browser::kept_refresh_token(&state.config, req)
            .ok_or_else(|| ApiError::unauthorised("nobody is logged in with this browser")),
    }
}

/// Logs out: ends the session of the access token.
#[utoipa::path(tag = "sessions", responses((status = 204, description = "Logged out")))]
#[delete("/v1/sessions/current")]
pub async fn delete_session(account: OwnAccount, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let write = move |conn: &mut Conn| {
        sessions::revoke(conn, &account.session_id)?;
        note(conn, &account.user_id, "session.delete", &account.session_id, "logged out")
    };
    state.db.write::<(), DbError>(write).await?;
    let config = &state.config;
    Ok(HttpResponse::NoContent().append_header(browser::forget_session(config)).finish())
}

/// How somebody logged in.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// What the audit trail says of it.
    pub words: &'static str,
    /// Whether the identity provider vouched for a second factor.
    pub provider_factor: bool,
}

impl Way {
    /// By a password, and a code where that is asked.
    pub const PASSWORD: Self = Self { words: "", provider_factor: false };
}

/// Begins a session for a person who showed a password.
pub async fn begin_session(state: &web::Data<AppState>, req: &HttpRequest, user: &User) -> ApiResult<SessionTokens> {
    begin_session_by(state, req, user, Way::PASSWORD).await
}

/// Begins a session for a person.
pub async fn begin_session_by(state: &web::Data<AppState>, req: &HttpRequest, user: &User, way: Way) -> ApiResult<SessionTokens> {
    let user_agent = req.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let session = Session {
        id: Uuid::new_v4().to_string(),
        user_id: user.id.clone(),
        created_at: now(),
        expires_at: now() + Duration::days(state.config.session_days),
        revoked_at: None,
        last_used_at: Some(now()),
        device: device_words(user_agent),
        provider_factor: way.provider_factor,
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
                let (action, subject) = ("session.create", Some(row.id.as_str()));
                record(conn, &Event::outside(&actor, action, subject, way.words))
            })
        })
        .await?;
    session_tokens(state, &session, refresh)
}

fn session_tokens(state: &web::Data<AppState>, session: &Session, refresh_token: String) -> ApiResult<SessionTokens> {
    let access_token = state.tokens.issue(&session.user_id, &session.id).map_err(ApiError::internal)?;
    Ok(SessionTokens {
        access_token,
        token_type: "Bearer",
        expires_in: state.tokens.lifetime(),
        refresh_token: Some(refresh_token),
    })
}
