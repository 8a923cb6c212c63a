//! Who asks too often, and who is refused too often, is told when to come back: 429 with `Retry-After`.
//!
//! A good token is never refused because of the address that it comes from, so that nobody can lock out a workshop from
//! behind the same router.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage, HttpRequest, ResponseError, web};

use super::auth::{Principal, actor_of};
use super::error::{ApiError, ApiResult};
use super::origin::client_address;
use crate::app::AppState;
use crate::domain::role::Role;

/// What is asked again and again by machines that look after this one, and costs little.
const UNLIMITED: [&str; 2] = ["/healthz", "/readyz"];

/// Under what the refusals of a request count.
#[derive(Clone, Hash)]
struct Failing {
    actor: String,
    /// The project, for those who have something to do there. To try many projects of others draws on one allowance.
    project_id: Option<String>,
}

/// Counts a request that shows no good token. Errors: 429.
pub fn stranger(req: &HttpRequest) -> ApiResult<()> {
    let Some(state) = req.app_data::<web::Data<AppState>>() else { return Ok(()) };
    if req.match_pattern().is_some_and(|p| UNLIMITED.contains(&p.as_str())) {
        return Ok(());
    }
    let network = client_address(&state.config, req).map(network);
    state.limits.addresses.take(&network, Instant::now()).map_err(too_many)
}

/// One IPv4 address, or what one household or router gets of IPv6.
fn network(address: IpAddr) -> u64 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => (v6.to_bits() >> 64) as u64,
    }
}

/// A refusal of somebody who asked for something of their own: to have no good token counts for the address.
pub fn refused(req: &HttpRequest, refusal: ApiError) -> ApiError {
    if refusal.status_code() != StatusCode::UNAUTHORIZED {
        return refusal;
    }
    stranger(req).err().unwrap_or(refusal)
}

/// Counts a request of somebody who proved to be somebody. Errors: 429.
pub fn known(state: &AppState, principal: &Principal) -> ApiResult<()> {
    state.limits.actors.take(&session_of(principal), Instant::now()).map_err(too_many)
}

/// Two sessions of a person count each for themselves.
fn session_of(principal: &Principal) -> String {
    match principal {
        Principal::User { session_id, .. } => format!("session:{session_id}"),
        other => actor_of(other),
    }
}

/// Looks whether somebody was refused too often in this project, and notes under what a refusal of this request counts.
/// Errors: 429.
pub fn in_project(
    req: &HttpRequest,
    state: &AppState,
    principal: &Principal,
    project_id: &str,
    role: Option<Role>,
) -> ApiResult<()> {
    let at_home = match principal {
        Principal::Device(device) => device.project_id == project_id,
        _ => role.is_some(),
    };
    let failing = Failing { actor: actor_of(principal), project_id: at_home.then(|| project_id.to_owned()) };
    state.limits.failures.look(&failing, Instant::now()).map_err(too_many)?;
    req.extensions_mut().insert(failing);
    Ok(())
}

/// Counts an answer, when it refuses somebody something in a project.
pub fn answered(req: &HttpRequest, status: StatusCode) {
    if !matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::CONFLICT) {
        return;
    }
    let failing = req.extensions().get::<Failing>().cloned();
    if let (Some(failing), Some(state)) = (failing, req.app_data::<web::Data<AppState>>()) {
        // Several at the same time may go a little beyond; the next request finds that.
        let _ = state.limits.failures.take(&failing, Instant::now());
    }
}

/// 429 for somebody who may ask again after this time.
fn too_many(wait: Duration) -> ApiError {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let detail = "too many requests; nothing of this one was kept, please send it again later";
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "tooManyRequests", detail)
        .with_header(header::RETRY_AFTER, seconds.max(1).to_string())
}
