//! Using up codes of a second factor, each once, in the transaction of the caller.

use chrono::Utc;

use super::error::{ApiError, ApiResult};
use crate::db::audit::{Event, record};
use crate::db::second_factors::{self, SecondFactor};
use crate::db::{Conn, DbResult};
use crate::domain::canonical::sha256_hex;
use crate::domain::second_factor::{RECOVERY_CODES, Typed, new_recovery_code, read_code, step_of};
use crate::secrets::{Sealed, Secrets, open, seal};

/// Uses up a code of the app or a recovery code. Whether it was right and not used before. Errors: the secret cannot be
/// read, because its key is gone.
pub fn use_code(conn: &mut Conn, secrets: &Secrets, factor: &SecondFactor, typed: &str) -> ApiResult<bool> {
    match read_code(typed) {
        Typed::App(code) => use_app_code(conn, secrets, factor, &code),
        Typed::Recovery(code) => Ok(use_recovery_code(conn, &factor.user_id, &code)?),
    }
}

/// Uses up six digits of the app, with every earlier time step.
pub fn use_app_code(conn: &mut Conn, secrets: &Secrets, factor: &SecondFactor, code: &str) -> ApiResult<bool> {
    let sealed = Sealed { kid: factor.key_id.clone(), text: factor.sealed.clone() };
    let secret = open(secrets, &factor.user_id, &sealed).map_err(ApiError::internal)?;
    let now = Utc::now();
    let step = step_of(&secret, code, now.timestamp(), factor.last_step).map_err(ApiError::internal)?;
    let Some(step) = step else { return Ok(false) };
    if !second_factors::use_step(conn, &factor.user_id, step)? {
        return Ok(false); // another request was faster
    }
    if secrets.encrypts(now).is_some_and(|key| key.kid != factor.key_id) {
        let renewed = seal(secrets, &factor.user_id, &secret).map_err(ApiError::internal)?;
        second_factors::set_sealed(conn, &factor.user_id, &renewed.kid, &renewed.text)?;
    }
    Ok(true)
}

fn use_recovery_code(conn: &mut Conn, user_id: &str, code: &str) -> DbResult<bool> {
    if !second_factors::use_recovery_code(conn, user_id, &recovery_hash(user_id, code))? {
        return Ok(false);
    }
    let actor = format!("user:{user_id}");
    let event = Event::outside(&actor, "recoveryCode.use", Some(user_id), "");
    record(conn, &event)?;
    Ok(true)
}

/// New recovery codes in the place of all older ones; they are shown once.
pub fn renew_recovery_codes(conn: &mut Conn, user_id: &str) -> DbResult<Vec<String>> {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| new_recovery_code()).collect();
    let hash = |code: &String| match read_code(code) {
        Typed::App(code) | Typed::Recovery(code) => recovery_hash(user_id, &code),
    };
    let hashes: Vec<String> = codes.iter().map(hash).collect();
    second_factors::set_recovery_codes(conn, user_id, &hashes)?;
    Ok(codes)
}

/// The hash under which a recovery code is kept. It has 80 random bits, so a plain hash is enough.
fn recovery_hash(user_id: &str, code: &str) -> String {
    sha256_hex(format!("recovery {user_id} {code}"))
}
