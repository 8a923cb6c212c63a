//! The account of whoever logged in.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::OwnAccount;
use super::body::Body;
use super::browser::{self, FromPage};
use super::credentials::{Proof, check_credentials};
use super::error::{ApiError, ApiResult};
use super::identities::{LinkedIdentity, view};
use super::sessions::begin_session;
use crate::app::AppState;
use crate::config::SecondFactor;
use crate::db::audit::{Event, record};
use crate::db::users::{NO_PASSWORD, User};
use crate::db::{Conn, identities, now, second_factors, sessions, users};
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
    /// Whether a password opens the account.
    has_password: bool,
    /// Accounts at an identity provider that open it, oldest first.
    identities: Vec<LinkedIdentity>,
    /// The second factor.
    second_factor: SecondFactorState,
}

/// How somebody logs in beside the password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SecondFactorState {
    /// Whether it is on.
    active: bool,
    /// Recovery codes that were not used.
    #[schema(example = 10)]
    recovery_codes_left: i64,
    /// Whether this server wants everybody to have one: without it a person may only set it up.
    required: bool,
}

/// A change of password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PasswordChange {
    /// The password so far. An account without one needs instead a login through its identity provider in the last ten
    /// minutes.
    #[schema(max_length = 1024, example = "a long and secret sentence")]
    current_password: Option<String>,
    /// The new password, at least 12 characters.
    #[schema(min_length = 12, max_length = 256, example = "another long and secret sentence")]
    new_password: String,
    /// Where a second factor is on: the six digits that the app shows, or a recovery code.
    #[schema(min_length = 6, max_length = 40, example = "287082")]
    code: Option<String>,
}

/// Who am I?
#[utoipa::path(tag = "sessions", responses((status = 200, description = "The account", body = Me)))]
#[get("/v1/me")]
pub async fn get_me(account: OwnAccount, state: web::Data<AppState>) -> ApiResult<web::Json<Me>> {
    let required = state.config.second_factor == SecondFactor::Required;
    Ok(web::Json(state.db.run(move |conn| me(conn, &account.user_id, required)).await?))
}

fn me(conn: &mut Conn, user_id: &str, required: bool) -> ApiResult<Me> {
    let user = users::by_id(conn, user_id)?.ok_or_else(ApiError::not_found)?;
    let active = second_factors::get(conn, user_id)?.is_some_and(|f| f.confirmed_at.is_some());
    let linked: ApiResult<Vec<_>> = identities::of_user(conn, user_id)?.into_iter().map(view).collect();
    let recovery_codes_left = second_factors::recovery_codes_left(conn, user_id)?;
    Ok(Me {
        id: user.id,
        email: user.email,
        name: user.name,
        may_create_projects: user.may_create_projects,
        has_password: user.password_hash != NO_PASSWORD,
        identities: linked?,
        second_factor: SecondFactorState { active, recovery_codes_left, required },
    })
}

/// Changes the password; all sessions end and a new one begins.
#[utoipa::path(tag = "sessions", request_body = PasswordChange, responses(
    (status = 201, description = "Changed; the tokens of a new session", body = super::sessions::SessionTokens),
    (status = 401, description = "Wrong password; `secondFactorNeeded`: send a code too; `wrongCode`"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[put("/v1/me/password")]
pub async fn update_password(
    account: OwnAccount,
    page: FromPage,
    body: Body<PasswordChange>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    check_password(&body.0.new_password).map_err(|why| ApiError::field("$.newPassword", "weakPassword", why))?;
    let PasswordChange { current_password, new_password, code } = body.0;
    let find = move |conn: &mut Conn| owner(conn, &account);
    let (user, fresh) = state.db.run(find).await?;
    let user = match current_password {
        None if user.password_hash == NO_PASSWORD && fresh => user,
        None if user.password_hash == NO_PASSWORD => {
            return Err(ApiError::unauthorised("log in again through the identity provider, and then set a password"));
        }
        None => return Err(ApiError::field("$.currentPassword", "required", "the account has a password")),
        Some(password) => check_credentials(&state, &req, Proof { email: user.email, password, code }).await?,
    };
    let hash = tokio::task::spawn_blocking(move || hash_password(&new_password)).await.map_err(ApiError::internal)?;
    let hash = hash.map_err(ApiError::internal)?;
    let id = user.id.clone();
    state
        .db
        .write(move |conn| {
            users::set_password(conn, &id, &hash)?;
            sessions::revoke_all(conn, &id)?;
            let actor = format!("user:{id}");
            record(conn, &Event::outside(&actor, "password.update", Some(&id), ""))
        })
        .await?;
    Ok(browser::created(&state.config, page, begin_session(&state, &req, &user).await?))
}

/// How long after a login an account without a password may get one.
const FRESH_MINUTES: i64 = 10;

/// The account, and whether the session that asks has only just begun.
fn owner(conn: &mut Conn, account: &OwnAccount) -> ApiResult<(User, bool)> {
    let user = users::by_id(conn, &account.user_id)?.ok_or_else(ApiError::not_found)?;
    let (session, _) = sessions::live(conn, &account.session_id)?.ok_or_else(ApiError::not_found)?;
    Ok((user, session.created_at > now() - chrono::Duration::minutes(FRESH_MINUTES)))
}
