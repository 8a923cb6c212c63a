//! The identities of whoever logged in: link one, see them (in `me`), unlink one.

use actix_web::{HttpRequest, HttpResponse, delete, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::OwnAccount;
use super::body::Body;
use super::credentials::{Proof, check_credentials};
use super::error::{ApiError, ApiResult};
use super::oidc::{OidcBegun, begin};
use super::oidc_finish::link;
use super::oidc_login::{Login, note_refused, over};
use super::own_sessions::note;
use super::page::utc;
use crate::app::AppState;
use crate::db::identities::{self, Identity};
use crate::db::users::{self, NO_PASSWORD};
use crate::db::{Conn, oidc_logins, sessions};

/// An account at an identity provider that opens yours.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkedIdentity {
    /// Random id.
    id: Uuid,
    /// The provider.
    #[schema(example = "https://id.example.org")]
    issuer: String,
    /// When it was linked.
    linked_at: DateTime<Utc>,
    /// When somebody last logged in by it.
    last_used_at: Option<DateTime<Utc>>,
}

/// The password again.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LinkStart {
    /// The password.
    #[schema(max_length = 1024, example = "a long and secret sentence")]
    current_password: String,
    /// Where a second factor is on: the six digits that the app shows, or a recovery code.
    #[schema(min_length = 6, max_length = 40, example = "287082")]
    code: Option<String>,
}

/// The end of it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LinkFinish {
    /// The handle that `_begin` answered.
    #[schema(max_length = 200, example = "duo_3q2-7w...")]
    handle: String,
}

/// What is shown of an identity.
pub fn view(row: Identity) -> ApiResult<LinkedIdentity> {
    Ok(LinkedIdentity {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        issuer: row.issuer,
        linked_at: utc(row.linked_at),
        last_used_at: row.last_used_at.map(utc),
    })
}

/// Begins to link an identity to your account: send the browser to `authorizationUrl`, and when it is back finish with the
/// handle.
#[utoipa::path(tag = "sessions", request_body = LinkStart, responses(
    (status = 201, description = "Begun", body = OidcBegun),
    (status = 401, description = "Wrong password; `secondFactorNeeded`: send a code too; `wrongCode`"),
    (status = 404, description = "This server has no identity provider"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[post("/v1/me/identities/_begin")]
pub async fn begin_link(
    account: OwnAccount,
    body: Body<LinkStart>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    super::oidc::configured(&state)?;
    let LinkStart { current_password, code } = body.0;
    let user = state.db.run(move |conn| users::by_id(conn, &account.user_id)).await?.ok_or_else(ApiError::not_found)?;
    let proof = Proof { email: user.email, password: current_password, code };
    let user = check_credentials(&state, &req, proof).await?;
    begin(&state, &req, Some(user.id)).await
}

/// Links the identity for which the provider vouched to your account.
#[utoipa::path(tag = "sessions", request_body = LinkFinish, responses(
    (status = 201, description = "Linked", body = LinkedIdentity),
    (status = 401, description = "`loginRefused`: the provider did not vouch for it"),
    (status = 404, description = "This server has no identity provider"),
    (status = 409, description = "`alreadyLinked`: to this account or to another; `notReturned`; `underWay`"),
    (status = 410, description = "This was not begun here, or is over"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[post("/v1/me/identities")]
pub async fn link_identity(
    account: OwnAccount,
    body: Body<LinkFinish>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let login = Login::of(&state, &req, &body.0.handle, Some(&account.user_id)).await?;
    let write = move |conn: &mut Conn| {
        if !oidc_logins::end(conn, &login.row.handle_hash)? {
            return Err(over()); // another request was faster
        }
        if identities::user_of(conn, &login.proven.issuer, &login.proven.subject)?.is_some() {
            note_refused(conn, Some(&account.user_id), "linked already")?;
            return Ok(None);
        }
        link(conn, &login.proven, &account.user_id).map(Some)
    };
    let linked = state.db.write(write).await?;
    let linked = linked.ok_or_else(|| ApiError::conflict("alreadyLinked", "this identity is linked to an account already"))?;
    Ok(HttpResponse::Created().json(view(linked)?))
}

/// Unlinks an identity. All your other sessions end: one of them may have begun by it.
#[utoipa::path(tag = "sessions", params(("identityId" = Uuid, Path, description = "Identity")), responses(
    (status = 204, description = "Unlinked"),
    (status = 409, description = "`lastWay`: without it nothing opens the account; set a password first")))]
#[delete("/v1/me/identities/{identityId}")]
pub async fn unlink_identity(account: OwnAccount, path: web::Path<Uuid>, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let id = path.to_string();
    let write = move |conn: &mut Conn| {
        let user = users::lock(conn, &account.user_id)?.ok_or_else(ApiError::not_found)?;
        let own = identities::of_user(conn, &user.id)?;
        identities::unlink(conn, &user.id, &id)?;
        if own.len() == 1 && user.password_hash == NO_PASSWORD {
            return Err(ApiError::conflict("lastWay", "without this identity nothing opens the account; set a password first"));
        }
        sessions::revoke_others(conn, &user.id, &account.session_id)?;
        Ok::<_, ApiError>(note(conn, &user.id, "identity.unlink", &id, "")?)
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
