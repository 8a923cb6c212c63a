//! Who is asking, and what may they do here. Every handler takes one of these extractors, or [`Public`], as its first
//! argument: queries and bodies are not looked at before whoever asks was let in.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::audit::{Event, record_refused};
use super::error::{ApiError, ApiResult};
use crate::app::AppState;
use crate::db::devices::{self, DeviceRow};
use crate::db::tokens::{self, ApiToken};
use crate::db::{Conn, DbError, DbResult, members, now, sessions};
use crate::domain::role::{Audience, Capability, Role, Scope};
use crate::secrets::{prefix, token_hash};

/// Open to everybody: says so in the signature, so that no handler is open by mistake.
pub struct Public;

impl FromRequest for Public {
    type Error = ApiError;
    type Future = std::future::Ready<ApiResult<Self>>;
    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self))
    }
}

/// Opens when whoever asks was let in.
#[derive(Clone)]
struct Gate(Shared<oneshot::Receiver<()>>);

/// Runs a check behind which the rest of the request waits.
fn guard<T: 'static>(
    req: &HttpRequest,
    check: impl Future<Output = ApiResult<T>> + 'static,
) -> LocalBoxFuture<'static, ApiResult<T>> {
    let (open, opened) = oneshot::channel();
    req.extensions_mut().insert(Gate(opened.shared()));
    async move {
        let admitted = check.await?;
        let _ = open.send(()); // nobody waits where there is no query and no body
        Ok(admitted)
    }
    .boxed_local()
}

/// Waits until whoever asks was let in. The extractors of a handler run beside each other: without this a stranger
/// would be told what is wrong with a body before being told that there is nothing here.
pub async fn let_in(req: &HttpRequest) {
    let gate = req.extensions().get::<Gate>().cloned();
    if let Some(Gate(opened)) = gate {
        let _ = opened.await; // a refusal is answered by the check itself
    }
}

/// Whoever proved to be somebody.
#[derive(Debug, Clone)]
pub enum Principal {
    /// A person with a running session.
    User {
        /// The person.
        user_id: String,
        /// The session.
        session_id: String,
    },
    /// A personal access token.
    Token(Box<ApiToken>),
    /// A facilitator's device, revoked or not.
    Device(Box<DeviceRow>),
}

/// A person with a running session: tokens and devices do not count.
pub struct SignedIn {
    /// The person.
    pub user_id: String,
    /// The session.
    pub session_id: String,
}

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = req.clone();
        guard(req, async move {
            match principal(&asked).await? {
                Principal::User { user_id, session_id } => Ok(Self { user_id, session_id }),
                _ => Err(ApiError::forbidden("this needs a person who logged in")),
            }
        })
    }
}

/// What a handler needs, as a type.
pub trait Needs: 'static {
    /// The capability.
    const CAPABILITY: Capability;
    /// Whether a device that is not revoked has it too.
    const DEVICES: bool = false;
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident $(, devices: $devices:literal)?;)*) => {
        $($(#[$doc])* pub struct $name;
        impl Needs for $name {
            const CAPABILITY: Capability = Capability::$name;
            $(const DEVICES: bool = $devices;)?
        })*
    };
}

needs! {
    /// See the project.
    ReadProject, devices: true;
    /// Change the project.
    EditProject;
    /// Invite and remove members.
    ManageMembers;
    /// Plan and open waves.
    EditWaves;
    /// Write and publish frameworks.
    EditFramework;
    /// Register participants and tellers.
    ManageParticipants;
    /// Read pseudonymous participants.
    ReadParticipants;
    /// Counts of who told.
    ReadResponse;
    /// Enrol and revoke devices.
    ManageDevices;
    /// Read released stories.
    ReadReleased;
    /// Read every story.
    ReadRaw;
    /// Release, redact, translate, correct, withdraw.
    EditStories;
    /// Ask for summaries.
    Analyse;
    /// Keep regions of figures, and findings.
    EditRegions;
    /// Load files.
    ImportData;
    /// Take files out.
    ExportData;
    /// Agree to lower thresholds.
    ConsentThreshold;
    /// Read the audit trail.
    ReadAudit;
}

/// Somebody who may do `N` in the project of the path. Whoever has nothing to do with the project learns nothing of
/// it: 404, as if it were not there.
pub struct Access<N> {
    /// Id of the project.
    pub project_id: String,
    /// Role of the person behind it; `None` for a device.
    pub role: Option<Role>,
    /// Who it is.
    pub principal: Principal,
    needs: PhantomData<N>,
}

impl<N> Access<N> {
    /// Id of the person behind it; of the device otherwise.
    pub fn actor(&self) -> String {
        actor_of(&self.principal)
    }

    /// Which protection holds; a device would have that of the workgroup.
    pub fn audience(&self) -> Audience {
        self.role.map_or(Audience::Workgroup, Role::audience)
    }

    /// The person behind it, when there is one.
    pub fn user_id(&self) -> Option<&str> {
        match &self.principal {
            Principal::User { user_id, .. } => Some(user_id),
            Principal::Token(token) => Some(&token.user_id),
            Principal::Device(_) => None,
        }
    }
}

/// A short name for the actor: `user:…`, `token:…` or `device:…`.
pub fn actor_of(principal: &Principal) -> String {
    match principal {
        Principal::User { user_id, .. } => format!("user:{user_id}"),
        Principal::Token(token) => format!("token:{}", token.id),
        Principal::Device(device) => format!("device:{}", device.id),
    }
}

impl<N: Needs> FromRequest for Access<N> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = req.clone();
        guard(req, async move {
            let (project_id, principal, role) = admitted(&asked).await?;
            if let Principal::Device(device) = &principal {
                return match (device.project_id == project_id, N::DEVICES && device.revoked_at.is_none()) {
                    (false, _) => Err(ApiError::not_found()),
                    (true, false) => {
                        note_refusal(&asked, &project_id, &principal).await?;
                        Err(ApiError::forbidden("a device may not do this"))
                    }
                    (true, true) => Ok(Self { project_id, role: None, principal, needs: PhantomData }),
                };
            }
            let role = role.ok_or_else(ApiError::not_found)?;
            if let Err(refusal) = check(role, N::CAPABILITY, &principal) {
                note_refusal(&asked, &project_id, &principal).await?;
                return Err(refusal);
            }
            Ok(Self { project_id, role: Some(role), principal, needs: PhantomData })
        })
    }
}

/// Somebody who may hand in stories: a device (even a revoked one: what it brings is held, not lost), or a person or
/// tool with the right to.
pub struct Deliverer {
    /// Id of the project.
    pub project_id: String,
    /// Who it is.
    pub principal: Principal,
}

impl FromRequest for Deliverer {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = req.clone();
        guard(req, async move {
            let (project_id, principal, role) = admitted(&asked).await?;
            if let Principal::Device(device) = &principal {
                return if device.project_id == project_id {
                    Ok(Self { project_id, principal })
                } else {
                    Err(ApiError::not_found())
                };
            }
            let role = role.ok_or_else(ApiError::not_found)?;
            if let Err(refusal) = check(role, Capability::DeliverStories, &principal) {
                note_refusal(&asked, &project_id, &principal).await?;
                return Err(refusal);
            }
            Ok(Self { project_id, principal })
        })
    }
}

/// A device that proved itself, revoked or not.
pub struct EnrolledDevice(pub DeviceRow);

impl FromRequest for EnrolledDevice {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = req.clone();
        guard(req, async move {
            match principal(&asked).await? {
                Principal::Device(device) => Ok(Self(*device)),
                _ => Err(ApiError::forbidden("this needs a device token")),
            }
        })
    }
}

fn check(role: Role, capability: Capability, principal: &Principal) -> ApiResult<()> {
    if !role.may(capability) {
        return Err(ApiError::forbidden("your role in this project may not do this"));
    }
    let Principal::Token(token) = principal else { return Ok(()) };
    let covers = |name: &str| Scope::from_name(name).is_some_and(|s| s.covers(capability));
    if token.scopes.split(' ').any(covers) {
        return Ok(());
    }
    Err(ApiError::forbidden("the scopes of this token do not cover this"))
}

/// Who tried what they may not is in the audit trail of the project: by method and route, without ids.
async fn note_refusal(req: &HttpRequest, project_id: &str, principal: &Principal) -> ApiResult<()> {
    let (project_id, actor) = (project_id.to_owned(), actor_of(principal));
    let detail = format!("{} {}", req.method(), req.match_pattern().unwrap_or_default());
    let state = state(req)?;
    let refusal = move |conn: &mut Conn| record_refused(conn, &Event::of_many(&project_id, &actor, "access.refuse", &detail));
    Ok(state.db.write(refusal).await?)
}

fn project_of(req: &HttpRequest) -> ApiResult<String> {
    // PostgreSQL cannot be asked for a key with U+0000.
    if req.match_info().iter().any(|(_, part)| part.contains('\0')) {
        return Err(ApiError::not_found());
    }
    let text = req.match_info().get("projectId").unwrap_or_default();
    Uuid::parse_str(text).map(|id| id.to_string()).map_err(|_| ApiError::not_found())
}

fn state(req: &HttpRequest) -> ApiResult<web::Data<AppState>> {
    req.app_data::<web::Data<AppState>>().cloned().ok_or_else(|| ApiError::internal("no application state"))
}

/// Somebody, the project of the path, and the role there of the person behind it, if there is one. All is looked up in
/// one unit of work: every request waits for it. Errors: 401; 404 for what cannot be the id of a project.
async fn admitted(req: &HttpRequest) -> ApiResult<(String, Principal, Option<Role>)> {
    let (state, credential) = (state(req)?, credential(req)?);
    let project_id = project_of(req);
    let asked = project_id.as_ref().ok().cloned();
    let found = state.db.run(move |conn| {
        let Some(principal) = credential.find(conn)? else { return Ok::<_, DbError>(None) };
        let role = match &asked {
            Some(project_id) => role_in(conn, project_id, &principal)?,
            None => None,
        };
        Ok(Some((principal, role)))
    });
    let (principal, role) = found.await?.ok_or_else(refused)?;
    note_use(&state, &principal).await?;
    Ok((project_id?, principal, role))
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

/// Finds out who is asking. Errors: 401.
async fn principal(req: &HttpRequest) -> ApiResult<Principal> {
    let (state, credential) = (state(req)?, credential(req)?);
    let principal = state.db.run(move |conn| credential.find(conn)).await?.ok_or_else(refused)?;
    note_use(&state, &principal).await?;
    Ok(principal)
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
    fn find(self, conn: &mut Conn) -> DbResult<Option<Principal>> {
        Ok(match self {
            Self::Device(hash) => devices::by_token(conn, &hash)?.map(|d| Principal::Device(Box::new(d))),
            Self::Personal(hash) => tokens::live(conn, &hash)?.map(|t| Principal::Token(Box::new(t))),
            Self::Session { id, user_id } => sessions::live(conn, &id)?
                .filter(|session| session.user_id == user_id)
                .map(|session| Principal::User { user_id: session.user_id, session_id: session.id }),
        })
    }
}

/// When a token was last used, to the hour: not a write for every request.
async fn note_use(state: &web::Data<AppState>, principal: &Principal) -> ApiResult<()> {
    let Principal::Token(token) = principal else { return Ok(()) };
    let recent = now() - chrono::Duration::hours(1);
    if token.last_used_at.is_some_and(|used| used > recent) {
        return Ok(());
    }
    let (project_id, id) = (token.project_id.clone(), token.id.clone());
    Ok(state.db.write(move |conn| tokens::touch(conn, &project_id, &id)).await?)
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

/// The Bearer token, or the password of Basic (for tools that know nothing else).
fn secret(req: &HttpRequest) -> Option<String> {
    let value = req.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (_, password) = text.split_once(':')?;
    // Only personal tokens: a password or a session in every request would be a bad habit.
    Some(password.to_owned()).filter(|p| p.starts_with(prefix::PERSONAL))
}
