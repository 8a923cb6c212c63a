//! Who is asking, and what may they do here. Every handler takes one of these extractors, or [`Public`], as its first
//! argument: queries and bodies are not looked at before whoever asks was let in.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use tokio::sync::oneshot;

use super::admission::{admitted, known, state};
use super::error::{ApiError, ApiResult};
use super::limit;
use crate::db::Conn;
use crate::db::audit::{Event, record_refused};
use crate::db::devices::DeviceRow;
use crate::db::tokens::ApiToken;
use crate::domain::role::{Audience, Capability, Role, Scope};

/// Open to everybody: says so in the signature, so that no handler is open by mistake. Counts for the address.
pub struct Public;

impl FromRequest for Public {
    type Error = ApiError;
    type Future = std::future::Ready<ApiResult<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(limit::stranger(req).map(|()| Self))
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
    let req = req.clone();
    async move {
        let admitted = check.await.map_err(|refusal| limit::refused(&req, refusal))?;
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

/// A person with a running session: tokens and devices do not count. Where the server wants a second factor, one who
/// has it.
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
            let known = known(&asked).await?;
            known.check_factor(&state(&asked)?.config)?;
            let OwnAccount { user_id, session_id } = known.account()?;
            Ok(Self { user_id, session_id })
        })
    }
}

/// A person with a running session, about the own account: also one who still has to set up a second factor.
pub struct OwnAccount {
    /// The person.
    pub user_id: String,
    /// The session.
    pub session_id: String,
}

impl FromRequest for OwnAccount {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = req.clone();
        guard(req, async move { known(&asked).await?.account() })
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
    /// Withdraw the story whose code a teller shows.
    WithdrawByCode;
    /// Ask for summaries.
    Analyse;
    /// Keep regions of figures, and findings.
    EditRegions;
    /// Take part in workshops.
    Workshop;
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

    /// Whether it is a person in a session (no token) who may do this too.
    pub fn may_in_person(&self, capability: Capability) -> bool {
        matches!(self.principal, Principal::User { .. }) && self.role.is_some_and(|r| r.may(capability))
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
            match known(&asked).await?.principal {
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
