//! Wrong codes and tokens that are exchanged for something: counted by address, shared by all servers. They are too long to
//! be guessed; the count is for whoever tries it all the same, and a right one works whatever others behind the same address
//! did.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, web};

use super::error::{ApiError, ApiResult};
use super::origin::client_address;
use crate::app::AppState;
use crate::db::{Conn, throttles};
use crate::domain::canonical::sha256_hex;

/// What was wrong.
#[derive(Debug, Clone, Copy)]
pub enum Guess {
    /// Code of an enrolment.
    Enrolment,
    /// Code of an invitation.
    Invitation,
    /// Refresh token.
    Refresh,
}

/// Counts a wrong one from this address. Errors: 429 when there were too many; a refusal by the database.
pub async fn note_wrong(state: &web::Data<AppState>, req: &HttpRequest, guess: Guess) -> ApiResult<()> {
    let address = client_address(&state.config, req).map(|a| a.to_string()).unwrap_or_default();
    let key = sha256_hex(format!("{guess:?} address {address}"));
    let count = move |conn: &mut Conn| {
        let wait = throttles::wait_seconds(conn, &key, throttles::MAX_PER_ADDRESS)?;
        if wait.is_none() {
            throttles::count_failure(conn, &key)?;
        }
        Ok::<_, ApiError>(wait)
    };
    let Some(seconds) = state.db.write(count).await? else { return Ok(()) };
    Err(too_many_failures(seconds))
}

/// 429 after too many failures.
pub fn too_many_failures(seconds: i64) -> ApiError {
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "tooManyFailures", "too many failed attempts; wait a while")
        .with_header(header::RETRY_AFTER, seconds.to_string())
}
