//! Inviting people into a project by a one-time code.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ManageMembers, Public};
use super::body::Body;
use super::browser::{self, FromPage};
use super::common::named;
use super::credentials::{Proof, check_credentials};
use super::error::{ApiError, ApiResult};
use super::guesses::{Guess, note_wrong};
use super::members::{check_end, keep_an_owner};
use super::page::{Page, utc};
use super::sessions::{SessionTokens, begin_session};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::members::{self, Invitation, Membership};
use crate::db::users::{self, User};
use crate::db::{Conn, DbError, now};
use crate::domain::role::Role;
use crate::secrets::{check_password, hash_password, new_token, prefix, token_hash};

/// An invitation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct InvitationView {
    /// Random id.
    id: Uuid,
    /// Address it is bound to.
    #[schema(example = "coach@example.org")]
    email: String,
    /// Role it gives.
    role: Role,
    /// Last day of the membership that it gives.
    ends_on: Option<NaiveDate>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    expires_at: DateTime<Utc>,
    /// When it was accepted.
    accepted_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    revoked_at: Option<DateTime<Utc>>,
}

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewInvitation {
    /// Address; only this one can accept.
    #[schema(max_length = 254, pattern = "^[^@\\s]+@[^@\\s]+$", example = "coach@example.org")]
    email: String,
    /// Role to give.
    role: Role,
    /// Last day of the membership; required for an external researcher.
    ends_on: Option<NaiveDate>,
}

/// An invitation with its code, which is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeInvitation {
    /// The invitation.
    invitation: InvitationView,
    /// One-time code.
    #[schema(example = "dui_...")]
    code: String,
    /// Link with the code in its fragment, which browsers never send to a server.
    #[schema(example = "https://duiding.example.org/#invitation=dui_...")]
    link: String,
}

/// Accepting an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Acceptance {
    /// One-time code.
    #[schema(max_length = 200, example = "dui_...")]
    code: String,
    /// Address the invitation was sent to.
    #[schema(max_length = 254, example = "coach@example.org")]
    email: String,
    /// Name as others see it; needed for a new account.
    #[schema(max_length = 200, example = "Coach")]
    name: Option<String>,
    /// New password, or the password of the account that this address has already.
    #[schema(min_length = 12, max_length = 256, example = "a long and secret sentence")]
    password: String,
    /// Where that account has a second factor: the six digits that the app shows, or a recovery code.
    #[schema(min_length = 6, max_length = 40, example = "287082")]
    second_factor_code: Option<String>,
}

fn view(row: Invitation) -> ApiResult<InvitationView> {
    Ok(InvitationView {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        email: row.email,
        role: named(&row.role)?,
        ends_on: row.ends_on,
        created_at: utc(row.created_at),
        expires_at: utc(row.expires_at),
        accepted_at: row.accepted_at.map(utc),
        revoked_at: row.revoked_at.map(utc),
    })
}

/// Invitations of the project, newest first.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "All invitations", body = Page<InvitationView>)))]
#[get("/v1/projects/{projectId}/invitations")]
pub async fn list_invitations(
    access: Access<ManageMembers>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<InvitationView>>> {
    let rows = state.db.run(move |conn| members::invitations(conn, &access.project_id)).await?;
    let items: ApiResult<Vec<_>> = rows.into_iter().map(view).collect();
    Ok(web::Json(Page { items: items?, next: None }))
}

/// Invites somebody. The code works once, for two weeks, for this address only.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")), request_body = NewInvitation,
    responses((status = 201, description = "Invited", body = MadeInvitation)))]
#[post("/v1/projects/{projectId}/invitations")]
pub async fn create_invitation(
    access: Access<ManageMembers>,
    body: Body<NewInvitation>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    check_end(body.0.role, body.0.ends_on)?;
    let (code, code_hash) = new_token(prefix::INVITATION);
    let row = Invitation {
        project_id: access.project_id.clone(),
        id: Uuid::new_v4().to_string(),
        email: body.0.email.trim().to_lowercase(),
        role: body.0.role.name().to_owned(),
        ends_on: body.0.ends_on,
        code_hash,
        created_by: access.actor(),
        created_at: now(),
        expires_at: now() + Duration::days(14),
        accepted_at: None,
        revoked_at: None,
    };
    let made = row.clone();
    state
        .db
        .write(move |conn| {
            members::invite(conn, &made)?;
            let (project_id, actor) = (Some(made.project_id.as_str()), made.created_by.as_str());
            let event = Event { project_id, actor, action: "invitation.create", subject: Some(&made.id), detail: &made.role };
            record(conn, &event)
        })
        .await?;
    let link = format!("{}/#invitation={code}", state.config.public_url);
    Ok(HttpResponse::Created().json(MadeInvitation { invitation: view(row)?, code, link }))
}

/// Takes an invitation back.
#[utoipa::path(tag = "projects",
    params(("projectId" = Uuid, Path, description = "Project"), ("invitationId" = Uuid, Path, description = "Invitation")),
    responses((status = 204, description = "Taken back")))]
#[delete("/v1/projects/{projectId}/invitations/{invitationId}")]
pub async fn delete_invitation(
    access: Access<ManageMembers>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    state
        .db
        .write(move |conn| {
            members::revoke_invitation(conn, &access.project_id, &id)?;
            let actor = access.actor();
            let project_id = Some(access.project_id.as_str());
            record(conn, &Event { project_id, actor: &actor, action: "invitation.delete", subject: Some(&id), detail: "" })
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Accepts an invitation and logs in. A new address gets an account; a known one proves itself by its password, and by its
/// second factor where that is on.
#[utoipa::path(tag = "sessions", security(()), request_body = Acceptance, responses(
    (status = 201, description = "Member now; the tokens of a session", body = SessionTokens),
    (status = 401, description = "The address has an account with another password; `secondFactorNeeded`: send its code too; `wrongCode`"),
    (status = 403, description = "`otherSite`: a page of another site says that it is one of ours"),
    (status = 409, description = "The last owner of the project cannot stop being one"),
    (status = 410, description = "The code does not work (any more), or not for this address"),
    (status = 429, description = "Too many failures; see `Retry-After`")))]
#[post("/v1/invitations/_accept")]
pub async fn accept_invitation(
    _: Public,
    page: FromPage,
    body: Body<Acceptance>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let Acceptance { code, email, name, password, second_factor_code } = body.0;
    let email = email.trim().to_lowercase();
    let (address, code_hash) = (email.clone(), token_hash(&code));
    let known = state.db.run(move |conn| {
        // Without a code for this address nobody learns whether it has an account.
        let invitation = members::open_invitation(conn, &code_hash)?.filter(|i| i.email == address);
        Ok::<_, DbError>(match invitation {
            Some(_) => Some(users::by_email(conn, &address)?),
            None => None,
        })
    });
    let Some(known) = known.await? else {
        note_wrong(&state, &req, Guess::Invitation).await?;
        return Err(gone());
    };
    let user = match known {
        Some(_) => check_credentials(&state, &req, Proof { email, password, code: second_factor_code }).await?,
        None => new_user(&email, name, password).await?,
    };
    let (account, code_hash) = (user.clone(), token_hash(&code));
    state
        .db
        .write(move |conn| {
            let invitation = members::accept(conn, &code_hash)?.filter(|i| i.email == account.email).ok_or_else(gone)?;
            if users::by_id(conn, &account.id)?.is_none() {
                users::insert(conn, &account)?;
            }
            become_member(conn, &invitation, &account.id)?;
            let actor = format!("user:{}", account.id);
            let event = Event {
                project_id: Some(&invitation.project_id),
                actor: &actor,
                action: "invitation.accept",
                subject: Some(&invitation.id),
                detail: &invitation.role,
            };
            Ok::<_, ApiError>(record(conn, &event)?)
        })
        .await?;
    Ok(browser::created(&state.config, page, begin_session(&state, &req, &user).await?))
}

/// 410 for a code that does not work.
pub fn gone() -> ApiError {
    ApiError::new(actix_web::http::StatusCode::GONE, "gone", "this invitation does not work (any more)")
}

/// Gives the role of an invitation, in place of the one that the person had.
pub fn become_member(conn: &mut Conn, invitation: &Invitation, user_id: &str) -> ApiResult<()> {
    let (role, ends_on): (Role, _) = (named(&invitation.role)?, invitation.ends_on);
    keep_an_owner(conn, &invitation.project_id, user_id, Some(role).filter(|_| ends_on.is_none()))?;
    let membership = Membership {
        project_id: invitation.project_id.clone(),
        user_id: user_id.to_owned(),
        role: role.name().to_owned(),
        ends_on,
        created_at: now(),
    };
    Ok(members::set(conn, &membership)?)
}

async fn new_user(email: &str, name: Option<String>, password: String) -> ApiResult<User> {
    let mut problems = crate::domain::problem::Problems::default();
    let name = name.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
    if name.is_none() {
        problems.add("$.name", "required", "a new account has a name");
    }
    if let Err(why) = check_password(&password) {
        problems.add("$.password", "weakPassword", why);
    }
    problems.or_ok(())?;
    let hash = tokio::task::spawn_blocking(move || hash_password(&password)).await.map_err(ApiError::internal)?;
    Ok(User {
        id: Uuid::new_v4().to_string(),
        email: email.to_owned(),
        name: name.unwrap_or_default(),
        password_hash: hash.map_err(ApiError::internal)?,
        may_create_projects: false,
        created_at: now(),
        disabled_at: None,
    })
}
