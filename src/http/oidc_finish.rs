//! Finishing a login through the identity provider: whose account it is, whether a code is needed too, and the tokens.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::Public;
use super::body::Body;
use super::browser::{FromPage, cookie, created};
use super::codes::use_code;
use super::credentials::Counters;
use super::error::{ApiError, ApiResult};
use super::invitations::{become_member, gone};
use super::oidc_login::{Login, note_refused, over};
use super::sessions::{SessionTokens, Way, begin_session_by};
use crate::app::AppState;
use crate::db::audit::{Event, record, record_refused};
use crate::db::identities::{self, Identity};
use crate::db::members::{self, Invitation};
use crate::db::users::{self, User};
use crate::db::{Conn, now, oidc_logins, second_factors};
use crate::oidc::Proven;
use crate::secrets::{Secrets, token_hash};

/// The end of a login through the identity provider.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OidcFinish {
    /// The handle of the login.
    #[schema(max_length = 200, example = "duo_3q2-7w...")]
    handle: String,
    /// Where the account has a second factor of ours: the six digits that the app shows, or a recovery code.
    #[schema(min_length = 6, max_length = 40, example = "287082")]
    code: Option<String>,
    /// To accept an invitation by this login.
    invitation: Option<OidcAcceptance>,
}

/// An invitation that is accepted through the identity provider.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OidcAcceptance {
    /// One-time code.
    #[schema(max_length = 200, example = "dui_...")]
    code: String,
    /// Name as others see it; what the provider tells when absent.
    #[schema(max_length = 200, example = "Coach")]
    name: Option<String>,
}

/// What came of it. A refusal is a value: what it counted and wrote stays.
enum Judged {
    In(Box<User>),
    Out(ApiError),
}

/// Finishes a login through the identity provider and answers the tokens. An identity that is linked to no account is let in
/// by an invitation to the very address that the provider verified, or after it was linked (`POST /v1/me/identities`); an
/// address alone never opens an account that is there. After `secondFactorNeeded`, `wrongCode` and `noAccount` the same handle
/// may be used again.
#[utoipa::path(tag = "sessions", security(()), request_body = OidcFinish, responses(
    (status = 201, description = "Logged in", body = SessionTokens),
    (status = 401, description = "`loginRefused`: the provider did not vouch for it; `secondFactorNeeded`: send a code too; `wrongCode`"),
    (status = 403, description = "`noAccount`: this identity is linked to no account; `otherSite`: a page of another site says that it \
        is one of ours"),
    (status = 404, description = "This server has no identity provider"),
    (status = 409, description = "`notReturned`: the provider did not send the browser back yet; `underWay`; `accountExists`: the \
        invited address has an account, so log in with its password and link the identity; `lastOwner`"),
    (status = 410, description = "This login is over, or the invitation does not work (any more), or not for the verified address"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[post("/v1/sessions/_oidc-finish")]
pub async fn finish_oidc(
    _: Public,
    page: FromPage,
    body: Body<OidcFinish>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let OidcFinish { handle, code, invitation } = body.0;
    let login = Login::of(&state, &req, &handle, None).await?;
    let way = Way { words: "through the identity provider", provider_factor: login.proven.second_factor };
    let secrets = state.keys.get();
    let judge = move |conn: &mut Conn| judge(conn, &secrets, &login, code.as_deref(), invitation);
    let user = match state.db.write(judge).await {
        Ok(Judged::In(user)) => user,
        Ok(Judged::Out(refusal)) => {
            state.metrics.failed_logins.inc();
            return Err(refusal);
        }
        Err(refusal) => return Err(noted(&state, refusal).await?),
    };
    let tokens = begin_session_by(&state, &req, &user, way).await?;
    let mut response = created(&state.config, page, tokens);
    let forget = HeaderValue::from_str(&cookie(&state.config, "", 0)).map_err(ApiError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, forget);
    Ok(response)
}

/// Writes a refusal that undid what it had begun, by its code.
async fn noted(state: &web::Data<AppState>, refusal: ApiError) -> ApiResult<ApiError> {
    let problem = refusal.problem();
    if [409, 410, 429].contains(&problem.status) {
        let note = move |conn: &mut Conn| note_refused(conn, None, &problem.code);
        state.db.write(note).await?;
    }
    Ok(refusal)
}

/// Lets somebody in, all in one transaction. Errors: 400 and 4xx of an invitation that changes nothing; 429.
fn judge(
    conn: &mut Conn,
    secrets: &Secrets,
    login: &Login,
    code: Option<&str>,
    accepted: Option<OidcAcceptance>,
) -> ApiResult<Judged> {
    let proven = &login.proven;
    let invitation = accepted.as_ref().map(|a| invitation_for(conn, &a.code, proven)).transpose()?;
    let found = identities::user_of(conn, &proven.issuer, &proven.subject)?;
    if let (Some(user), Some(invitation)) = (&found, &invitation)
        && user.email != invitation.email
    {
        return Err(gone());
    }
    let user = match found {
        Some(user) if user.disabled_at.is_none() => match check_factor(conn, secrets, login, &user, code)? {
            None => user,
            Some(refusal) => return Ok(Judged::Out(refusal)),
        },
        None if invitation.is_some() => new_user(conn, proven, accepted.as_ref().and_then(|a| a.name.clone()))?,
        _ => return Ok(Judged::Out(no_account(conn, &login.counters)?)),
    };
    if !oidc_logins::end(conn, &login.row.handle_hash)? {
        return Err(over()); // another request was faster
    }
    if let Some(invitation) = invitation {
        accept(conn, &invitation, &user)?;
    }
    identities::touch(conn, &proven.issuer, &proven.subject)?;
    Ok(Judged::In(Box::new(user)))
}

/// The open invitation, if the provider verified the invited address. Errors: 410.
fn invitation_for(conn: &mut Conn, code: &str, proven: &Proven) -> ApiResult<Invitation> {
    let open = members::open_invitation(conn, &token_hash(code))?;
    open.filter(|i| proven.email.as_deref() == Some(i.email.as_str())).ok_or_else(gone)
}

/// The refusal of somebody whose account has a second factor, when the provider vouched for none and no right code came.
fn check_factor(
    conn: &mut Conn,
    secrets: &Secrets,
    login: &Login,
    user: &User,
    code: Option<&str>,
) -> ApiResult<Option<ApiError>> {
    let factor = second_factors::lock(conn, &user.id)?.filter(|f| f.confirmed_at.is_some());
    let Some(factor) = factor.filter(|_| !login.proven.second_factor) else { return Ok(None) };
    let counters = login.counters.with_account(&user.email);
    counters.check(conn)?;
    let (refusal, why) = match code {
        None => (ApiError::code_needed(), "no code"),
        Some(code) if use_code(conn, secrets, &factor, code)? => {
            counters.forget(conn)?;
            return Ok(None);
        }
        Some(_) => {
            counters.count(conn)?;
            (ApiError::wrong_code(), "wrong code")
        }
    };
    let detail = format!("identity provider: {why}");
    let (action, subject) = ("session.create", Some(user.id.as_str()));
    record_refused(conn, &Event::outside("anonymous", action, subject, &detail))?;
    Ok(Some(refusal))
}

/// The same for an identity that nobody linked and for one of an account that was closed.
fn no_account(conn: &mut Conn, counters: &Counters) -> ApiResult<ApiError> {
    counters.count_address(conn)?;
    note_refused(conn, None, "linked to no account")?;
    let detail = "no account is linked to this identity; accept an invitation, or log in with a password and link it";
    Ok(ApiError::new(StatusCode::FORBIDDEN, "noAccount", detail))
}

/// A new account with the verified address, without a password, linked to the identity. Errors: 400 without a name; 409 when
/// the address has an account: whoever controls an address at the provider does not get what is there.
fn new_user(conn: &mut Conn, proven: &Proven, name: Option<String>) -> ApiResult<User> {
    let email = proven.email.clone().ok_or_else(gone)?;
    if users::by_email(conn, &email)?.is_some() {
        let detail = "this address has an account; log in with its password, link the identity, and accept again";
        return Err(ApiError::conflict("accountExists", detail));
    }
    let name = name.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).or_else(|| proven.name.clone());
    let name = name.ok_or_else(|| ApiError::field("$.invitation.name", "required", "a new account has a name"))?;
    let user = User {
        id: Uuid::new_v4().to_string(),
        email,
        name,
        password_hash: users::NO_PASSWORD.to_owned(),
        may_create_projects: false,
        created_at: now(),
        disabled_at: None,
    };
    users::insert(conn, &user)?;
    link(conn, proven, &user.id)?;
    Ok(user)
}

/// Links an identity to an account. Errors: conflict when it is linked already.
pub fn link(conn: &mut Conn, proven: &Proven, user_id: &str) -> ApiResult<Identity> {
    let identity = Identity {
        id: Uuid::new_v4().to_string(),
        issuer: proven.issuer.clone(),
        subject: proven.subject.clone(),
        user_id: user_id.to_owned(),
        linked_at: now(),
        last_used_at: None,
    };
    identities::link(conn, &identity)?;
    let actor = format!("user:{user_id}");
    record(conn, &Event::outside(&actor, "identity.link", Some(&identity.id), ""))?;
    Ok(identity)
}

/// Uses up an invitation. Errors: 410 when another was faster; 409 for the last owner.
fn accept(conn: &mut Conn, invitation: &Invitation, user: &User) -> ApiResult<()> {
    members::accept(conn, &invitation.code_hash)?.ok_or_else(gone)?;
    become_member(conn, invitation, &user.id)?;
    let actor = format!("user:{}", user.id);
    let project_id = &invitation.project_id;
    Ok(record(conn, &Event::on(project_id, &actor, "invitation.accept", &invitation.id, &invitation.role))?)
}
