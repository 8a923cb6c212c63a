//! Proving to be somebody: password, and a code where a second factor is on. Failures are counted, per account and per
//! address, in the transaction that finds them.

use actix_web::{HttpRequest, web};

use super::codes::use_code;
use super::error::{ApiError, ApiResult};
use super::guesses::too_many_failures;
use super::origin::client_address;
use crate::app::AppState;
use crate::db::audit::{Event, record_refused};
use crate::db::users::{self, User};
use crate::db::{Conn, DbResult, second_factors, throttles};
use crate::domain::canonical::sha256_hex;
use crate::secrets::{Secrets, verify_password};

/// What somebody shows.
pub struct Proof {
    /// Address of the account, in lower case.
    pub email: String,
    /// Password.
    pub password: String,
    /// Code of an app or a recovery code, when given.
    pub code: Option<String>,
}

/// Under what the failures of a request are counted: account, then address.
#[derive(Clone)]
pub struct Counters([String; 2]);

impl Counters {
    /// Those of an account and of where the request comes from.
    pub fn of(state: &web::Data<AppState>, req: &HttpRequest, email: &str) -> Self {
        let address = client_address(&state.config, req).map(|a| a.to_string()).unwrap_or_default();
        Self([sha256_hex(format!("account {email}")), sha256_hex(format!("address {address}"))])
    }

    /// The same address with another account.
    pub fn with_account(&self, email: &str) -> Self {
        Self([sha256_hex(format!("account {email}")), self.0[1].clone()])
    }

    /// Forgets the failures of the account, as after a success.
    pub fn forget(&self, conn: &mut Conn) -> DbResult<()> {
        throttles::clear(conn, &self.0[0])
    }

    /// Errors: 429 after too many failures from the address, whoever is meant.
    pub fn check_address(&self, conn: &mut Conn) -> ApiResult<()> {
        throttles::wait_seconds(conn, &self.0[1], throttles::MAX_PER_ADDRESS)?
            .map_or(Ok(()), |seconds| Err(too_many_failures(seconds)))
    }

    /// Counts a failure of nobody that is known.
    pub fn count_address(&self, conn: &mut Conn) -> DbResult<()> {
        throttles::count_failure(conn, &self.0[1])
    }

    /// Errors: 429 after too many failures.
    pub fn check(&self, conn: &mut Conn) -> ApiResult<()> {
        let account = throttles::wait_seconds(conn, &self.0[0], throttles::MAX_PER_ACCOUNT)?;
        let address = throttles::wait_seconds(conn, &self.0[1], throttles::MAX_PER_ADDRESS)?;
        let Some(seconds) = account.max(address) else { return Ok(()) };
        Err(too_many_failures(seconds))
    }

    /// Counts a failure.
    pub fn count(&self, conn: &mut Conn) -> DbResult<()> {
        self.0.iter().try_for_each(|key| throttles::count_failure(conn, key))
    }
}

/// What came of a proof.
enum Judged {
    Good,
    WrongPassword,
    CodeNeeded,
    WrongCode,
}

/// The person with these credentials. Unknown people and wrong passwords look and last the same. Errors: 401; 429.
pub async fn check_credentials(state: &web::Data<AppState>, req: &HttpRequest, proof: Proof) -> ApiResult<User> {
    let Proof { email, password, code } = proof;
    let counters = Counters::of(state, req, &email);
    let asked = counters.clone();
    let find = move |conn: &mut Conn| {
        asked.check(conn)?;
        Ok::<_, ApiError>(users::by_email(conn, &email)?)
    };
    let user = state.db.run(find).await?.filter(|u| u.disabled_at.is_none());
    let hash = user.as_ref().map(|u| u.password_hash.clone());
    let fits =
        tokio::task::spawn_blocking(move || verify_password(&password, hash.as_deref())).await.map_err(ApiError::internal)?;
    let (secrets, account) = (state.keys.get(), user.clone());
    let judge = move |conn: &mut Conn| {
        let judged = judge(conn, &secrets, account.as_ref().filter(|_| fits), code.as_deref(), &counters)?;
        note(conn, &judged, account.as_ref(), &counters)?;
        Ok::<_, ApiError>(judged)
    };
    let judged = state.db.write(judge).await?;
    if matches!(judged, Judged::WrongPassword | Judged::WrongCode) {
        state.metrics.failed_logins.inc();
    }
    match judged {
        Judged::Good => user.ok_or_else(|| ApiError::unauthorised("wrong address or password")),
        Judged::WrongPassword => Err(ApiError::unauthorised("wrong address or password")),
        Judged::CodeNeeded => Err(ApiError::code_needed()),
        Judged::WrongCode => Err(ApiError::wrong_code()),
    }
}

/// Looks at the code of somebody whose password fits; a right one is used up. Errors: 429.
fn judge(conn: &mut Conn, secrets: &Secrets, user: Option<&User>, code: Option<&str>, counters: &Counters) -> ApiResult<Judged> {
    let Some(user) = user else { return Ok(Judged::WrongPassword) };
    let factor = second_factors::lock(conn, &user.id)?.filter(|f| f.confirmed_at.is_some());
    let Some(factor) = factor else { return Ok(Judged::Good) };
    let Some(code) = code else { return Ok(Judged::CodeNeeded) };
    counters.check(conn)?; // many at once have guessed meanwhile; from here on it is one after the other
    Ok(if use_code(conn, secrets, &factor, code)? { Judged::Good } else { Judged::WrongCode })
}

/// Counts and records. A password without its code neither counts as a failure nor forgets any: who has only the
/// password could guess codes for ever.
fn note(conn: &mut Conn, judged: &Judged, user: Option<&User>, counters: &Counters) -> DbResult<()> {
    let detail = match judged {
        Judged::Good => return throttles::clear(conn, &counters.0[0]),
        Judged::WrongPassword => "wrong address or password",
        Judged::CodeNeeded => "right password, no code",
        Judged::WrongCode => "right password, wrong code",
    };
    if !matches!(judged, Judged::CodeNeeded) {
        counters.count(conn)?;
    }
    let subject = user.map(|u| u.id.as_str());
    record_refused(conn, &Event::outside("anonymous", "session.create", subject, detail))
}
