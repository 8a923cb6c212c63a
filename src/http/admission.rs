//! Finding out who asks: what a request shows, and all that one look into the database tells about it.

use actix_web::http::header;
use actix_web::{HttpRequest, web};
use chrono::NaiveDateTime;
use uuid::Uuid;

use super::auth::{OwnAccount, Principal};
use super::error::{ApiError, ApiResult};
use super::limit;
use super::token::secret_in;
use crate::app::AppState;
use crate::config::{Config, SecondFactor};
use crate::db::devices::{self, DeviceRow};
use crate::db::sessions::Session;
use crate::db::tokens::{self, ApiToken};
use crate::db::{Conn, DbError, DbResult, members, now, sessions};
use crate::domain::role::Role;
use crate::secrets::{prefix, token_hash};

fn project_of(req: &HttpRequest) -> ApiResult<String> {
    // PostgreSQL cannot be asked for a key with U+0000.
    if req.match_info().iter().any(|(_, part)| part.contains('\0')) {
        return Err(ApiError::not_found());
    }
    let text = req.match_info().get("projectId").unwrap_or_default();
    Uuid::parse_str(text).map(|id| id.to_string()).map_err(|_| ApiError::not_found())
}

/// What every handler can reach.
pub fn state(req: &HttpRequest) -> ApiResult<web::Data<AppState>> {
    req.app_data::<web::Data<AppState>>().cloned().ok_or_else(|| ApiError::internal("no application state"))
}

/// Somebody, the project of the path, and the role there of the person behind it, if there is one. All is looked up in
/// one unit of work: every request waits for it. Errors: 401; 403 for a person without the second factor that the server
/// wants; 404 for what cannot be the id of a project; 429 for who asks, or is refused, too often.
pub async fn admitted(req: &HttpRequest) -> ApiResult<(String, Principal, Option<Role>)> {
    let (state, credential) = (state(req)?, credential(req)?);
    let project_id = project_of(req);
    let asked = project_id.as_ref().ok().cloned();
    let found = state.db.run(move |conn| {
        let Some(known) = credential.find(conn)? else { return Ok::<_, DbError>(None) };
        let role = match &asked {
            Some(project_id) => role_in(conn, project_id, &known.principal)?,
            None => None,
        };
        Ok(Some((known, role)))
    });
    let (known, role) = found.await?.ok_or_else(refused)?;
    limit::known(&state, &known.principal)?;
    known.check_factor(&state.config)?;
    note_use(&state, &known).await;
    let here = project_id.as_deref().unwrap_or_default();
    limit::in_project(req, &state, &known.principal, here, role)?;
    Ok((project_id?, known.principal, role))
}

/// The role of the person behind it, if they are a member and, for a token, if it is for this project.
fn role_in(conn: &mut Conn, project_id: &str, principal: &Principal) -> DbResult<Option<Role>> {
    let user_id = match principal {
        Principal::User { user_id, .. } => user_id,
        Principal::Token(token) if token.project_id == project_id => &token.user_id,
        _ => return Ok(None),
    };
    Ok(members::role_of(conn, project_id, user_id)?.and_then(|name| Role::from_name(&name)))
}

/// Finds out who is asking. Errors: 401; 429 for who asks too often.
pub async fn known(req: &HttpRequest) -> ApiResult<Known> {
    let (state, credential) = (state(req)?, credential(req)?);
    let known = state.db.run(move |conn| credential.find(conn)).await?.ok_or_else(refused)?;
    limit::known(&state, &known.principal)?;
    note_use(&state, &known).await;
    Ok(known)
}

/// Whoever proved to be somebody, with what the same look into the database told.
pub struct Known {
    /// Who it is.
    pub principal: Principal,
    /// Whether the person behind it has a second factor, or the provider vouched for one; devices need none.
    has_factor: bool,
    /// The session, when its use was last noted too long ago.
    stale: Option<Session>,
}

impl Known {
    fn of_session((session, own_factor): (Session, bool)) -> Self {
        let has_factor = own_factor || session.provider_factor;
        let principal = Principal::User { user_id: session.user_id.clone(), session_id: session.id.clone() };
        let stale = Some(session).filter(|s| is_stale(s.last_used_at));
        Self { principal, has_factor, stale }
    }

    fn of_token((token, has_factor): (ApiToken, bool)) -> Self {
        Self { principal: Principal::Token(Box::new(token)), has_factor, stale: None }
    }

    fn of_device(device: DeviceRow) -> Self {
        Self { principal: Principal::Device(Box::new(device)), has_factor: true, stale: None }
    }

    /// Errors: 403 where the server wants a second factor and the person has none. Tokens stop with their person.
    pub fn check_factor(&self, config: &Config) -> ApiResult<()> {
        if self.has_factor || config.second_factor == SecondFactor::Optional {
            return Ok(());
        }
        Err(ApiError::factor_required())
    }

    /// The person of a session. Errors: 403 for tokens and devices.
    pub fn account(self) -> ApiResult<OwnAccount> {
        match self.principal {
            Principal::User { user_id, session_id } => Ok(OwnAccount { user_id, session_id }),
            _ => Err(ApiError::forbidden("this needs a person who logged in")),
        }
    }
}

fn refused() -> ApiError {
    ApiError::unauthorised("this token does not work (any more)")
}

/// What somebody shows to be let in.
enum Credential {
    /// Hash of a device token.
    Device(String),
    /// Hash of a personal access token.
    Personal(String),
    /// A session, by an access token of ours that is still good.
    Session { id: String, user_id: String },
}

impl Credential {
    /// Whose it is; `None` when it does not work any more.
    fn find(self, conn: &mut Conn) -> DbResult<Option<Known>> {
        Ok(match self {
            Self::Device(hash) => devices::by_token(conn, &hash)?.map(Known::of_device),
            Self::Personal(hash) => tokens::live(conn, &hash)?.map(Known::of_token),
            Self::Session { id, user_id } => {
                sessions::live(conn, &id)?.filter(|(session, _)| session.user_id == user_id).map(Known::of_session)
            }
        })
    }
}

/// Notes when a session or token was last used, to the hour: not a write for every request. A note that cannot be
/// written refuses nobody.
async fn note_use(state: &web::Data<AppState>, known: &Known) {
    let written = match (&known.principal, &known.stale) {
        (Principal::User { .. }, Some(session)) => {
            let session = session.clone();
            state.db.write::<(), DbError>(move |conn| sessions::touch(conn, &session)).await
        }
        (Principal::Token(token), _) if is_stale(token.last_used_at) => {
            let (project_id, id) = (token.project_id.clone(), token.id.clone());
            state.db.write::<(), DbError>(move |conn| tokens::touch(conn, &project_id, &id)).await
        }
        _ => return,
    };
    if let Err(cause) = written {
        tracing::warn!(%cause, "the use of a session or token was not noted");
    }
}

fn is_stale(last_used_at: Option<NaiveDateTime>) -> bool {
    last_used_at.is_none_or(|used| used <= now() - chrono::Duration::hours(1))
}

/// What the request shows. Errors: 401 when it shows nothing, or an access token that is not good.
fn credential(req: &HttpRequest) -> ApiResult<Credential> {
    let secret = secret(req).ok_or_else(|| ApiError::unauthorised("this needs an Authorization header"))?;
    if secret.starts_with(prefix::DEVICE) {
        return Ok(Credential::Device(token_hash(&secret)));
    }
    if secret.starts_with(prefix::PERSONAL) {
        return Ok(Credential::Personal(token_hash(&secret)));
    }
    let claims = state(req)?.tokens.verify(&secret).ok_or_else(refused)?;
    Ok(Credential::Session { id: claims.sid, user_id: claims.sub })
}

fn secret(req: &HttpRequest) -> Option<String> {
    secret_in(req.headers().get(header::AUTHORIZATION)?.to_str().ok()?)
}
