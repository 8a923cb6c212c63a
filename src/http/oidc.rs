//! Logging in through the identity provider: begin, and the way back of the browser.
//!
//! A login under way has two secrets: a handle that the client keeps, and a cookie that the browser sends back with the
//! provider's answer. With the handle alone somebody could begin a login, let another person come back from the provider,
//! and take that person's session; with the cookie alone any page of this address could.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Public;
use super::browser::{browser_hash, cookie};
use super::credentials::Counters;
use super::error::{ApiError, ApiResult};
use super::oidc_login::{Stage, note_refused, seal_stage};
use super::origin::client_address;
use crate::app::AppState;
use crate::db::oidc_logins::{self, OidcLogin};
use crate::db::{Conn, now, throttles};
use crate::domain::canonical::sha256_hex;
use crate::domain::problem::Problems;
use crate::oidc::{Failure, Provider};
use crate::secrets::{new_token, prefix, random, token_hash};

/// How long a login may take, in minutes: time enough to find a password and a phone.
const MINUTES: i64 = 10;
/// Logins that may be begun from one address in a quarter of an hour: a workshop that tries twice.
const MOST_BEGUN: i32 = 300;

/// The identity provider of this server.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OidcOffer {
    /// Whether people can log in through one.
    available: bool,
    /// What to write on the button; null where there is none.
    #[schema(example = "Log in with your organisation")]
    name: Option<String>,
}

/// A login that began.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OidcBegun {
    /// Where to send the browser.
    #[schema(example = "https://id.example.org/authorize?response_type=code&client_id=duiding")]
    authorization_url: String,
    /// To finish with, once, in this browser. Keep it for this tab only and never put it into an address.
    #[schema(example = "duo_3q2-7w...")]
    handle: String,
    /// Seconds in which the login is to be finished.
    #[schema(example = 600)]
    expires_in: i64,
}

/// What the provider sends back with the browser. It may send more, which is not looked at.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OidcReturn {
    /// What went to the provider.
    #[param(max_length = 200, pattern = "^[ -~]*$")]
    state: Option<String>,
    /// A code that only this server can use.
    #[param(max_length = 4096, pattern = "^[ -~]*$")]
    code: Option<String>,
    /// Why there is no code.
    #[param(max_length = 200, pattern = "^[ -~]*$")]
    error: Option<String>,
    /// The provider (RFC 9207).
    #[param(max_length = 2048, pattern = "^[ -~]*$")]
    iss: Option<String>,
}

/// Whether people can log in through an identity provider, and what it is called.
#[utoipa::path(tag = "sessions", security(()), responses((status = 200, description = "What there is", body = OidcOffer)))]
#[get("/v1/sessions/_oidc")]
pub async fn get_oidc(_: Public, state: web::Data<AppState>) -> HttpResponse {
    let name = state.oidc.as_ref().map(|provider| provider.settings().name.clone());
    HttpResponse::Ok().json(OidcOffer { available: name.is_some(), name })
}

/// Begins a login through the identity provider. Send the browser to `authorizationUrl`; it comes back to `/#login`, and then
/// `_oidc-finish` with the handle gives the tokens. The answer sets a cookie that binds the login to this browser.
#[utoipa::path(tag = "sessions", security(()), responses(
    (status = 201, description = "Begun", body = OidcBegun),
    (status = 404, description = "This server has no identity provider"),
    (status = 429, description = "Too many logins from this address; see `Retry-After`"),
    (status = 503, description = "The provider is away; see `Retry-After`. Passwords work meanwhile")))]
#[post("/v1/sessions/_oidc")]
pub async fn begin_oidc(_: Public, req: HttpRequest, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    begin(&state, &req, None).await
}

/// Begins a login, or the link of an identity to an account.
pub async fn begin(state: &web::Data<AppState>, req: &HttpRequest, user_id: Option<String>) -> ApiResult<HttpResponse> {
    let provider = configured(state)?;
    let address = client_address(&state.config, req).map(|a| a.to_string()).unwrap_or_default();
    let key = sha256_hex(format!("oidc begin {address}"));
    state.db.write(move |conn| count_begun(conn, &key)).await?;
    let (handle, handle_hash) = new_token(prefix::LOGIN);
    let (sent, browser) = (random(32), random(32));
    let authorization_url = provider.authorization_url(&handle, &sent).await.map_err(|f| match f {
        Failure::Away(cause) => away(&cause),
        Failure::Refused(why) => away(why),
    })?;
    let row = OidcLogin {
        handle_hash,
        state_hash: token_hash(&sent),
        browser_hash: token_hash(&browser),
        user_id,
        stage: oidc_logins::BEGUN.to_owned(),
        sealed: None,
        expires_at: now() + Duration::minutes(MINUTES),
    };
    state.db.write(move |conn| oidc_logins::begin(conn, &row)).await?;
    let body = OidcBegun { authorization_url, handle, expires_in: MINUTES * 60 };
    let cookie = cookie(&state.config, &browser, MINUTES * 60);
    Ok(HttpResponse::Created().insert_header((header::SET_COOKIE, cookie)).json(body))
}

/// Errors: 429 when an address begins more logins than people do.
fn count_begun(conn: &mut Conn, key: &str) -> ApiResult<()> {
    if let Some(seconds) = throttles::wait_seconds(conn, key, MOST_BEGUN)? {
        let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "tooManyLogins", "too many logins were begun; wait a while");
        return Err(error.with_header(header::RETRY_AFTER, seconds.to_string()));
    }
    Ok(throttles::count_failure(conn, key)?)
}

/// Where the provider sends the browser. Keeps the code, encrypted, for whoever has the handle, and sends the browser on to
/// `/#login` of this server: nothing of the login stays in an address, and no token was ever in one.
#[utoipa::path(tag = "sessions", security(()), params(OidcReturn), responses(
    (status = 303, description = "To the page of this server where the login is finished", headers(("Location" = String))),
    (status = 400, description = "This login was not begun in this browser, or not a while ago, or came back before"),
    (status = 404, description = "This server has no identity provider"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[get("/v1/sessions/oidc-callback")]
pub async fn return_from_oidc(_: Public, req: HttpRequest, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let provider = configured(&state)?;
    let back = read_return(&req)?;
    let (sent, browser) = (back.state.as_deref().map(token_hash), browser_hash(&state, &req));
    let (stage, secrets) = (told(provider, back), state.keys.get());
    let counters = Counters::of(&state, &req, "oidc callback");
    let keep = move |conn: &mut Conn| {
        counters.check_address(conn)?;
        let login = match sent.zip(browser) {
            Some((sent, browser)) => oidc_logins::by_state(conn, &sent, &browser)?,
            None => None,
        };
        let Some(OidcLogin { handle_hash, .. }) = login else {
            counters.count_address(conn)?;
            note_refused(conn, None, "came back to a login that was not begun here")?;
            return Ok::<_, ApiError>(false);
        };
        let sealed = seal_stage(&secrets, &handle_hash, &stage)?;
        Ok(oidc_logins::advance(conn, &handle_hash, oidc_logins::BEGUN, oidc_logins::RETURNED, Some(&sealed))?)
    };
    if !state.db.write(keep).await? {
        return Err(ApiError::field("query.state", "notBegunHere", "this login was not begun here, or is over; begin again"));
    }
    let page = format!("{}/#login", state.config.public_url);
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, page)).finish())
}

/// What the provider sends, if it is written as the standard has it. Errors: 400.
fn read_return(req: &HttpRequest) -> ApiResult<OidcReturn> {
    let back = web::Query::<OidcReturn>::from_query(req.query_string());
    let back = back.map_err(|_| ApiError::field("query", "invalidQuery", "this is not what a provider sends"))?.into_inner();
    let mut problems = Problems::default();
    let given = [("state", &back.state, 200), ("code", &back.code, 4096), ("error", &back.error, 200), ("iss", &back.iss, 2048)];
    for (name, value, most) in given {
        if value.as_ref().is_some_and(|v| v.len() > most) {
            problems.add(format!("query.{name}"), "tooLong", format!("has at most {most} characters"));
        }
        // RFC 6749, appendix A: printable ASCII, all of it.
        if value.as_ref().is_some_and(|v| !v.bytes().all(|b| (b' '..=b'~').contains(&b))) {
            problems.add(format!("query.{name}"), "wrongFormat", "has printable ASCII characters only");
        }
    }
    problems.or_ok(back).map_err(ApiError::from)
}

fn told(provider: &Provider, back: OidcReturn) -> Stage {
    if back.iss.is_some_and(|iss| iss != provider.settings().issuer) {
        return Stage::Refused("answered by another provider".to_owned());
    }
    match (back.code, back.error) {
        (Some(code), None) if !code.is_empty() => Stage::Code(code),
        (_, Some(error)) if error == "access_denied" => Stage::Refused("the provider did not let this person in".to_owned()),
        _ => Stage::Refused("the provider sent no code".to_owned()),
    }
}

/// The provider of this server. Errors: 404 when it has none.
pub fn configured(state: &web::Data<AppState>) -> ApiResult<&Provider> {
    state.oidc.as_ref().ok_or_else(ApiError::not_found)
}

/// 503: the provider does not answer.
pub fn away(cause: &str) -> ApiError {
    tracing::warn!(%cause, "the identity provider does not answer");
    let detail = "the identity provider does not answer right now; please try again, or log in with a password";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "providerUnavailable", detail).with_header(header::RETRY_AFTER, "30")
}
