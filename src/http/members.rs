//! Who belongs to a study in which role.

use actix_web::{HttpResponse, delete, get, put, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ManageMembers};
use super::body::Body;
use super::common::named;
use super::error::{ApiError, ApiResult};
use super::page::{Page, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::members::{self, Membership};
use crate::db::{Conn, now, projects};
use crate::domain::role::Role;

/// A member of a project.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Member {
    /// The person.
    user_id: Uuid,
    /// Name.
    #[schema(example = "Researcher")]
    name: String,
    /// Address.
    #[schema(example = "researcher@example.org")]
    email: String,
    /// Role.
    role: Role,
    /// Last day of the membership.
    ends_on: Option<NaiveDate>,
    /// When it began.
    created_at: DateTime<Utc>,
}

/// A role for a member.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MemberRole {
    /// Role.
    role: Role,
    /// Last day of the membership; required for an external researcher.
    ends_on: Option<NaiveDate>,
}

/// Members of the project.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "All members", body = Page<Member>)))]
#[get("/v1/projects/{projectId}/members")]
pub async fn list_members(access: Access<ManageMembers>, state: web::Data<AppState>) -> ApiResult<web::Json<Page<Member>>> {
    let rows = state.db.run(move |conn| members::list(conn, &access.project_id)).await?;
    let items: ApiResult<Vec<Member>> = rows.into_iter().map(|(m, name, email)| view(m, name, email)).collect();
    Ok(web::Json(Page { items: items?, next: None }))
}

fn view(membership: Membership, name: String, email: String) -> ApiResult<Member> {
    Ok(Member {
        user_id: Uuid::parse_str(&membership.user_id).map_err(ApiError::internal)?,
        name,
        email,
        role: named(&membership.role)?,
        ends_on: membership.ends_on,
        created_at: utc(membership.created_at),
    })
}

/// Changes a member's role or last day. The last owner stays one.
#[utoipa::path(tag = "projects", request_body = MemberRole,
    params(("projectId" = Uuid, Path, description = "Project"), ("userId" = Uuid, Path, description = "Person")),
    responses((status = 204, description = "Changed"), (status = 409, description = "The last owner cannot stop being one")))]
#[put("/v1/projects/{projectId}/members/{userId}")]
pub async fn update_member(
    access: Access<ManageMembers>,
    path: web::Path<(String, Uuid)>,
    body: Body<MemberRole>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (user_id, MemberRole { role, ends_on }) = (path.1.to_string(), body.0);
    check_end(role, ends_on)?;
    state
        .db
        .write(move |conn| {
            let project_id = &access.project_id;
            let before = members::get(conn, project_id, &user_id)?.ok_or_else(ApiError::not_found)?.role;
            keep_an_owner(conn, project_id, &user_id, Some(role).filter(|_| ends_on.is_none()))?;
            let membership = Membership {
                project_id: project_id.clone(),
                user_id: user_id.clone(),
                role: role.name().to_owned(),
                ends_on,
                created_at: now(),
            };
            members::set(conn, &membership)?;
            let detail = format!("{before} to {}", role.name());
            record(conn, &Event::on(project_id, &access.actor(), "member.update", &user_id, &detail))?;
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes a member. The last owner stays.
#[utoipa::path(tag = "projects",
    params(("projectId" = Uuid, Path, description = "Project"), ("userId" = Uuid, Path, description = "Person")),
    responses((status = 204, description = "Removed"), (status = 409, description = "The last owner cannot leave")))]
#[delete("/v1/projects/{projectId}/members/{userId}")]
pub async fn delete_member(
    access: Access<ManageMembers>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let user_id = path.1.to_string();
    state
        .db
        .write(move |conn| {
            members::get(conn, &access.project_id, &user_id)?.ok_or_else(ApiError::not_found)?;
            keep_an_owner(conn, &access.project_id, &user_id, None)?;
            members::remove(conn, &access.project_id, &user_id)?;
            record(conn, &Event::on(&access.project_id, &access.actor(), "member.delete", &user_id, ""))?;
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// An external researcher's membership has an end. Errors: it has none.
pub fn check_end(role: Role, ends_on: Option<NaiveDate>) -> ApiResult<()> {
    if role == Role::ExternalResearcher && ends_on.is_none() {
        return Err(ApiError::field("$.endsOn", "required", "an external researcher's membership has an end"));
    }
    Ok(())
}

/// A project without an owner could never be managed again; `next` is the role without end that a person gets.
pub fn keep_an_owner(conn: &mut Conn, project_id: &str, user_id: &str, next: Option<Role>) -> ApiResult<()> {
    if next == Some(Role::Owner) {
        return Ok(());
    }
    projects::lock(conn, project_id)?; // of two owners who leave at once one stays
    let owner = |m: &Membership| m.role == Role::Owner.name() && m.ends_on.is_none();
    let owners: Vec<String> =
        members::list(conn, project_id)?.into_iter().filter(|(m, ..)| owner(m)).map(|(m, ..)| m.user_id).collect();
    if owners == [user_id] {
        return Err(ApiError::conflict("lastOwner", "a project keeps at least one owner"));
    }
    Ok(())
}
