//! A login through the identity provider that is under way: found by its two secrets, and taken on to who it is.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde::{Deserialize, Serialize};

use super::browser::browser_hash;
use super::credentials::Counters;
use super::error::{ApiError, ApiResult};
use super::oidc::{away, configured};
use crate::app::AppState;
use crate::db::audit::{Event, record_refused};
use crate::db::oidc_logins::{self, EXCHANGING, OidcLogin, PROVEN, RETURNED};
use crate::db::{Conn, DbResult};
use crate::oidc::{Failure, Proven};
use crate::secrets::{Sealed, Secrets, open, seal, token_hash};

/// What is known of a login, as it is kept: encrypted.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// The provider's code.
    Code(String),
    /// The provider's refusal, in our words.
    Refused(String),
    /// Who it is.
    Proven(Proven),
}

/// Encrypts what is known for this one login. Errors: the secrets file has no encryption key.
pub fn seal_stage(secrets: &Secrets, handle_hash: &str, stage: &Stage) -> ApiResult<String> {
    let bytes = serde_json::to_vec(stage).map_err(ApiError::internal)?;
    Ok(seal(secrets, handle_hash, &bytes).map_err(ApiError::internal)?.to_string())
}

fn open_stage(secrets: &Secrets, row: &OidcLogin) -> ApiResult<Stage> {
    let sealed: Sealed = row.sealed.as_deref().unwrap_or_default().parse().map_err(ApiError::internal)?;
    let bytes = open(secrets, &row.handle_hash, &sealed).map_err(ApiError::internal)?;
    serde_json::from_slice(&bytes).map_err(ApiError::internal)
}

/// Writes a login that was refused. The actor is who began it, where that is known.
pub fn note_refused(conn: &mut Conn, user_id: Option<&str>, why: &str) -> DbResult<()> {
    let actor = user_id.map_or_else(|| "anonymous".to_owned(), |id| format!("user:{id}"));
    let action = if user_id.is_some() { "identity.link" } else { "session.create" };
    let detail = format!("identity provider: {why}");
    record_refused(conn, &Event::outside(&actor, action, user_id, &detail))
}

/// A login whose two secrets were shown.
pub struct Login {
    /// The row.
    pub row: OidcLogin,
    /// Who it is.
    pub proven: Proven,
    /// Under what its failures are counted.
    pub counters: Counters,
}

impl Login {
    /// The login of a handle, in this browser and for this account (`None`: to log in), with who it is; asks the provider
    /// when that is not known yet. Errors: 401 when the provider's answer is no proof; 409 when the browser did not come back
    /// yet; 410; 429; 503 when the provider is away, and then the same handle may be used again.
    pub async fn of(state: &web::Data<AppState>, req: &HttpRequest, handle: &str, user_id: Option<&str>) -> ApiResult<Self> {
        configured(state)?;
        let counters = Counters::of(state, req, "oidc finish");
        let row = find(state, req, handle, user_id, &counters).await?;
        let proven = match row.stage.as_str() {
            RETURNED | PROVEN => match open_stage(&state.keys.get(), &row)? {
                Stage::Proven(proven) => proven,
                Stage::Code(code) => exchanged(state, &row, handle, code, &counters).await?,
                Stage::Refused(why) => return Err(refuse(state, &row, &why, &counters).await?),
            },
            EXCHANGING => return Err(ApiError::conflict("underWay", "this login is being finished already")),
            _ => return Err(ApiError::conflict("notReturned", "the provider did not send the browser back yet")),
        };
        Ok(Self { row, proven, counters })
    }
}

async fn find(
    state: &web::Data<AppState>,
    req: &HttpRequest,
    handle: &str,
    user_id: Option<&str>,
    counters: &Counters,
) -> ApiResult<OidcLogin> {
    let (handle_hash, browser, counters) = (token_hash(handle), browser_hash(state, req), counters.clone());
    let user_id = user_id.map(str::to_owned);
    let find = move |conn: &mut Conn| {
        counters.check_address(conn)?;
        let found = match browser {
            Some(browser) => oidc_logins::by_handle(conn, &handle_hash, &browser)?.filter(|row| row.user_id == user_id),
            None => None,
        };
        if found.is_none() {
            counters.count_address(conn)?;
            note_refused(conn, user_id.as_deref(), "no such login under way in this browser")?;
        }
        Ok::<_, ApiError>(found)
    };
    state.db.write(find).await?.ok_or_else(over)
}

/// 410 for a login that is not under way.
pub fn over() -> ApiError {
    ApiError::new(StatusCode::GONE, "gone", "this login is over, or was not begun in this browser; begin again")
}

/// Exchanges the code, once: of two at once one does.
async fn exchanged(
    state: &web::Data<AppState>,
    row: &OidcLogin,
    handle: &str,
    code: String,
    counters: &Counters,
) -> ApiResult<Proven> {
    let sealed = row.sealed.clone();
    if !advance(state, row, RETURNED, EXCHANGING, sealed.clone()).await? {
        return Err(ApiError::conflict("underWay", "this login is being finished already"));
    }
    match configured(state)?.exchange(handle, code).await {
        Ok(proven) => {
            let sealed = seal_stage(&state.keys.get(), &row.handle_hash, &Stage::Proven(proven.clone()))?;
            if advance(state, row, EXCHANGING, PROVEN, Some(sealed)).await? { Ok(proven) } else { Err(over()) }
        }
        Err(Failure::Away(cause)) => {
            advance(state, row, EXCHANGING, RETURNED, sealed).await?;
            Err(away(&cause))
        }
        Err(Failure::Refused(why)) => Err(refuse(state, row, why, counters).await?),
    }
}

async fn advance(
    state: &web::Data<AppState>,
    row: &OidcLogin,
    from: &'static str,
    to: &'static str,
    sealed: Option<String>,
) -> ApiResult<bool> {
    let handle_hash = row.handle_hash.clone();
    let write = move |conn: &mut Conn| oidc_logins::advance(conn, &handle_hash, from, to, sealed.as_deref());
    Ok(state.db.write(write).await?)
}

/// Ends a login that failed, and answers the refusal: why is in the audit trail, and is no business of a stranger.
async fn refuse(state: &web::Data<AppState>, row: &OidcLogin, why: &str, counters: &Counters) -> ApiResult<ApiError> {
    let (row, why, counters) = (row.clone(), why.to_owned(), counters.clone());
    state.metrics.failed_logins.inc();
    let write = move |conn: &mut Conn| {
        oidc_logins::end(conn, &row.handle_hash)?;
        counters.count_address(conn)?;
        note_refused(conn, row.user_id.as_deref(), &why)
    };
    state.db.write(write).await?;
    let detail = "the identity provider did not vouch for this login; begin again";
    Ok(ApiError::new(StatusCode::UNAUTHORIZED, "loginRefused", detail))
}
