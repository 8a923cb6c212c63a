//! The second factor of whoever logged in: begin, confirm, renew recovery codes, remove.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::OwnAccount;
use super::body::Body;
use super::codes::{renew_recovery_codes, use_app_code};
use super::credentials::{Counters, Proof, check_credentials};
use super::error::{ApiError, ApiResult};
use crate::app::AppState;
use crate::db::audit::{Event, record, record_refused};
use crate::db::second_factors::{self, SecondFactor};
use crate::db::users::{self, User};
use crate::db::{Conn, DbResult, now};
use crate::domain::second_factor::{Typed, new_secret, presented, read_code};
use crate::secrets::{Secrets, seal};

/// The password again.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SecondFactorStart {
    /// The password.
    #[schema(max_length = 1024, example = "a long and secret sentence")]
    current_password: String,
}

/// A second factor that is not active yet; shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PendingSecondFactor {
    /// The secret in base32, to type into an authenticator app.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// The same as an address, to show to the app as a QR code.
    #[schema(example = "otpauth://totp/duiding:researcher%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=duiding")]
    uri: String,
}

/// A code of the app.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AppCode {
    /// The six digits that the app shows.
    #[schema(min_length = 6, max_length = 20, example = "287082")]
    code: String,
}

/// Password and code.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FullProof {
    /// The password.
    #[schema(max_length = 1024, example = "a long and secret sentence")]
    current_password: String,
    /// The six digits that the app shows, or a recovery code.
    #[schema(min_length = 6, max_length = 40, example = "287082")]
    code: String,
}

/// Codes for whoever lost the app; shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RecoveryCodes {
    /// Each works once, in the place of a code of the app.
    #[schema(example = json!(["0h3k-9xqz-77ab-m2de"]))]
    recovery_codes: Vec<String>,
}

/// Begins a second factor (TOTP): answers the secret for an authenticator app. It is active after `_confirm`; until then a
/// new call replaces it.
#[utoipa::path(tag = "sessions", request_body = SecondFactorStart, responses(
    (status = 201, description = "Begun, not active yet", body = PendingSecondFactor),
    (status = 401, description = "Wrong password"),
    (status = 409, description = "There is an active one; remove it first"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[post("/v1/me/second-factor")]
pub async fn begin_factor(
    account: OwnAccount,
    body: Body<SecondFactorStart>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = account.user_id.clone();
    let user = state.db.run(move |conn| without_factor(conn, &id)).await?;
    let proof = Proof { email: user.email, password: body.0.current_password, code: None };
    let user = check_credentials(&state, &req, proof).await?;
    let secret = new_secret();
    let (text, uri) = presented(&secret, &user.email).map_err(ApiError::internal)?;
    let row = pending(&state.keys.get(), &user.id, &secret)?;
    let begin = move |conn: &mut Conn| {
        second_factors::begin(conn, &row)?;
        note(conn, &row.user_id, "secondFactor.begin")
    };
    state.db.write(begin).await?;
    Ok(HttpResponse::Created().json(PendingSecondFactor { secret: text, uri }))
}

/// The account, if it has no active second factor. Errors: 409.
fn without_factor(conn: &mut Conn, user_id: &str) -> ApiResult<User> {
    if second_factors::get(conn, user_id)?.is_some_and(|f| f.confirmed_at.is_some()) {
        return Err(ApiError::conflict("secondFactorOn", "the second factor is on; remove it first"));
    }
    users::by_id(conn, user_id)?.ok_or_else(ApiError::not_found)
}

/// Errors: the secrets file has no encryption key.
fn pending(secrets: &Secrets, user_id: &str, secret: &[u8]) -> ApiResult<SecondFactor> {
    let sealed = seal(secrets, user_id, secret).map_err(ApiError::internal)?;
    let user_id = user_id.to_owned();
    let (key_id, sealed) = (sealed.kid, sealed.text);
    Ok(SecondFactor { user_id, key_id, sealed, last_step: 0, created_at: now(), confirmed_at: None })
}

/// Makes the second factor active by a first code of the app. The recovery codes are shown this once.
#[utoipa::path(tag = "sessions", request_body = AppCode, responses(
    (status = 200, description = "Active from now on", body = RecoveryCodes),
    (status = 401, description = "Wrong code (`wrongCode`)"),
    (status = 409, description = "There is nothing to confirm"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[post("/v1/me/second-factor/_confirm")]
pub async fn confirm_factor(
    account: OwnAccount,
    body: Body<AppCode>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<RecoveryCodes>> {
    let id = account.user_id.clone();
    let user = state.db.run(move |conn| users::by_id(conn, &id)).await?.ok_or_else(ApiError::not_found)?;
    let (counters, secrets) = (Counters::of(&state, &req, &user.email), state.keys.get());
    let write = move |conn: &mut Conn| {
        let codes = confirm(conn, &secrets, &user.id, &body.0.code, &counters)?;
        if codes.is_none() {
            counters.count(conn)?;
            let actor = format!("user:{}", user.id);
            let (subject, detail) = (Some(user.id.as_str()), "wrong code");
            record_refused(conn, &Event::outside(&actor, "secondFactor.confirm", subject, detail))?;
        }
        Ok::<_, ApiError>(codes)
    };
    let recovery_codes = state.db.write(write).await?.ok_or_else(ApiError::wrong_code)?;
    Ok(web::Json(RecoveryCodes { recovery_codes }))
}

/// The recovery codes; `None` for a wrong code. Errors: 409 when there is nothing to confirm; 429.
fn confirm(conn: &mut Conn, secrets: &Secrets, user_id: &str, code: &str, counters: &Counters) -> ApiResult<Option<Vec<String>>> {
    let pending = second_factors::lock(conn, user_id)?.filter(|f| f.confirmed_at.is_none());
    let pending = pending.ok_or_else(|| ApiError::conflict("nothingToConfirm", "there is no second factor to confirm"))?;
    counters.check(conn)?;
    let Typed::App(code) = read_code(code) else { return Ok(None) };
    if !use_app_code(conn, secrets, &pending, &code)? || !second_factors::confirm(conn, user_id)? {
        return Ok(None);
    }
    note(conn, user_id, "secondFactor.confirm")?;
    Ok(Some(renew_recovery_codes(conn, user_id)?))
}

/// Makes new recovery codes; the older ones stop working.
#[utoipa::path(tag = "sessions", request_body = FullProof, responses(
    (status = 200, description = "The new codes, shown this once", body = RecoveryCodes),
    (status = 401, description = "Wrong password, or wrong code (`wrongCode`)"),
    (status = 409, description = "The second factor is not on"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[post("/v1/me/second-factor/recovery-codes")]
pub async fn create_recovery_codes(
    account: OwnAccount,
    body: Body<FullProof>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<RecoveryCodes>> {
    let id = proven(&state, &req, account.user_id, body.0).await?;
    let write = move |conn: &mut Conn| {
        second_factors::lock(conn, &id)?.filter(|f| f.confirmed_at.is_some()).ok_or_else(factor_off)?;
        note(conn, &id, "recoveryCodes.renew")?;
        Ok::<_, ApiError>(renew_recovery_codes(conn, &id)?)
    };
    Ok(web::Json(RecoveryCodes { recovery_codes: state.db.write(write).await? }))
}

/// Removes the second factor and its recovery codes.
#[utoipa::path(tag = "sessions", request_body = FullProof, responses(
    (status = 204, description = "Removed; the password is enough again"),
    (status = 401, description = "Wrong password, or wrong code (`wrongCode`)"),
    (status = 409, description = "The second factor is not on"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[post("/v1/me/second-factor/_remove")]
pub async fn remove_factor(
    account: OwnAccount,
    body: Body<FullProof>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = proven(&state, &req, account.user_id, body.0).await?;
    let write = move |conn: &mut Conn| {
        if !second_factors::remove(conn, &id)? {
            return Err(factor_off());
        }
        Ok::<_, ApiError>(note(conn, &id, "secondFactor.remove")?)
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The person, proven by password and code. Errors: 409 when there is no code to ask for.
async fn proven(state: &web::Data<AppState>, req: &HttpRequest, user_id: String, proof: FullProof) -> ApiResult<String> {
    let find = move |conn: &mut Conn| {
        second_factors::get(conn, &user_id)?.filter(|f| f.confirmed_at.is_some()).ok_or_else(factor_off)?;
        users::by_id(conn, &user_id)?.ok_or_else(ApiError::not_found)
    };
    let user = state.db.run(find).await?;
    let proof = Proof { email: user.email, password: proof.current_password, code: Some(proof.code) };
    Ok(check_credentials(state, req, proof).await?.id)
}

fn factor_off() -> ApiError {
    ApiError::conflict("secondFactorOff", "the second factor is not on")
}

fn note(conn: &mut Conn, user_id: &str, action: &str) -> DbResult<()> {
    let actor = format!("user:{user_id}");
    record(conn, &Event::outside(&actor, action, Some(user_id), ""))
}
