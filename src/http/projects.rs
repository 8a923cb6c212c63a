//! Studies and their small-cell thresholds.

use actix_web::{HttpResponse, get, patch, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ConsentThreshold, EditProject, ReadProject, SignedIn};
use super::body::{Body, Query};
use super::common::named;
use super::error::{ApiError, ApiResult};
use super::page::{Page, Paging, limit_of, page, position, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::members::{self, Membership};
use crate::db::projects::{self, ProjectUpdate};
use crate::db::{Conn, now, users};
use crate::domain::disclosure::Thresholds;
use crate::domain::role::Role;

/// A study.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Project {
    /// Random id.
    id: Uuid,
    /// Name.
    #[schema(example = "Development on the way to work")]
    title: String,
    /// What it is about.
    description: String,
    /// Number of the last change to its stories; for the workgroup of the last publication, so that it does not tell when
    /// a story came in.
    #[schema(example = 117)]
    change: i64,
    /// Small-cell thresholds for the workgroup.
    thresholds: Thresholds,
    /// Lower thresholds that the owner asks a researcher to agree to.
    asked_thresholds: Option<AskedThresholds>,
    /// Your role here; null for a device.
    role: Option<Role>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When its own fields were last changed.
    updated_at: DateTime<Utc>,
}

/// Lower thresholds, waiting for a researcher's consent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AskedThresholds {
    /// The thresholds.
    thresholds: Thresholds,
    /// Why.
    reason: String,
}

/// A new study.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewProject {
    /// Name.
    #[schema(min_length = 1, max_length = 200, example = "Development on the way to work")]
    title: String,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 5000)]
    description: String,
}

/// New values; an absent member stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProjectPatch {
    /// Name.
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
    /// What it is about.
    #[schema(max_length = 5000)]
    description: Option<String>,
}

/// New thresholds.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ThresholdChange {
    /// The thresholds; never under 3.
    thresholds: Thresholds,
    /// Why.
    #[schema(min_length = 3, max_length = 1000, example = "The pilot has 24 participants.")]
    reason: String,
}

fn view(project: projects::Project, role: Option<Role>) -> ApiResult<Project> {
    let asked = project.asked_population.zip(project.asked_cell).map(|(population, cell)| AskedThresholds {
        thresholds: Thresholds { population: population as u32, cell: cell as u32 },
        reason: project.asked_reason.clone().unwrap_or_default(),
    });
    Ok(Project {
        id: Uuid::parse_str(&project.id).map_err(ApiError::internal)?,
        thresholds: thresholds_of(&project),
        asked_thresholds: asked,
        title: project.title,
        description: project.description,
        change: if role == Some(Role::Workgroup) { project.published_change } else { project.change },
        role,
        created_at: utc(project.created_at),
        updated_at: utc(project.updated_at),
    })
}

/// The thresholds in force.
pub fn thresholds_of(project: &projects::Project) -> Thresholds {
    Thresholds { population: project.threshold_population as u32, cell: project.threshold_cell as u32 }
}

/// A new project row with the default thresholds.
pub fn new_project(title: &str, description: &str) -> projects::Project {
    let thresholds = Thresholds::default();
    projects::Project {
        id: Uuid::new_v4().to_string(),
        title: title.to_owned(),
        description: description.to_owned(),
        change: 0,
        rebuild_change: 0,
        threshold_population: thresholds.population as i32,
        threshold_cell: thresholds.cell as i32,
        asked_population: None,
        asked_cell: None,
        asked_reason: None,
        created_at: now(),
        updated_at: now(),
        published_at: None,
        published_change: 0,
        frozen: false,
    }
}

/// The projects that you are a member of.
#[utoipa::path(tag = "projects", params(Paging), responses((status = 200, description = "A page of projects", body = Page<Project>)))]
#[get("/v1/projects")]
pub async fn list_projects(
    signed_in: SignedIn,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<Project>>> {
    let limit = limit_of(query.0.limit)?;
    let after: String = position(query.0.cursor.as_deref())?.unwrap_or_default();
    let rows = state.db.run(move |conn| projects::of_user(conn, &signed_in.user_id, &after, limit + 1)).await?;
    let views: ApiResult<Vec<_>> = rows.into_iter().map(|(p, role)| view(p, Some(named(&role)?))).collect();
    Ok(web::Json(page(views?, limit, |p| p.id.to_string(), |p| p)))
}

/// Starts a study; you become its owner.
#[utoipa::path(tag = "projects", request_body = NewProject, responses((status = 201, description = "Made", body = Project)))]
#[post("/v1/projects")]
pub async fn create_project(signed_in: SignedIn, body: Body<NewProject>, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let project = new_project(&body.0.title, &body.0.description);
    let made = project.clone();
    state
        .db
        .write(move |conn| {
            let user = users::by_id(conn, &signed_in.user_id)?.ok_or_else(ApiError::not_found)?;
            if !user.may_create_projects {
                return Err(ApiError::forbidden("you may not start projects"));
            }
            projects::insert(conn, &made)?;
            add_member(conn, &made.id, &user.id, Role::Owner)?;
            let actor = format!("user:{}", user.id);
            let event = Event {
                project_id: Some(&made.id),
                actor: &actor,
                action: "project.create",
                subject: Some(&made.id),
                detail: "",
            };
            Ok(record(conn, &event)?)
        })
        .await?;
    let location = format!("/v1/projects/{}", project.id);
    Ok(HttpResponse::Created().insert_header(("Location", location)).json(view(project, Some(Role::Owner))?))
}

/// Gives a person a role without end.
fn add_member(conn: &mut Conn, project_id: &str, user_id: &str, role: Role) -> crate::db::DbResult<()> {
    let membership = Membership {
        project_id: project_id.to_owned(),
        user_id: user_id.to_owned(),
        role: role.name().to_owned(),
        ends_on: None,
        created_at: now(),
    };
    members::set(conn, &membership)
}

/// One study.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "The project", body = Project)))]
#[get("/v1/projects/{projectId}")]
pub async fn get_project(access: Access<ReadProject>, state: web::Data<AppState>) -> ApiResult<web::Json<Project>> {
    let role = access.role;
    let found = state.db.run(move |conn| projects::by_id(conn, &access.project_id)).await?;
    Ok(web::Json(view(found.ok_or_else(ApiError::not_found)?, role)?))
}

/// Changes name or description.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")), request_body = ProjectPatch,
    responses((status = 200, description = "Changed", body = Project)))]
#[patch("/v1/projects/{projectId}")]
pub async fn update_project(
    access: Access<EditProject>,
    body: Body<ProjectPatch>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Project>> {
    let update = ProjectUpdate { title: body.0.title, description: body.0.description, ..Default::default() };
    change(access, &state, move |_| Ok(("project.update", update, String::new()))).await
}

/// Changes the small-cell thresholds. Higher ones hold at once; lower ones wait for a researcher's consent.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")), request_body = ThresholdChange,
    responses((status = 200, description = "Changed, or asked: see `askedThresholds`", body = Project)))]
#[put("/v1/projects/{projectId}/thresholds")]
pub async fn update_thresholds(
    access: Access<EditProject>,
    body: Body<ThresholdChange>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Project>> {
    let ThresholdChange { thresholds, reason } = body.0;
    let (population, cell) = (thresholds.population as i32, thresholds.cell as i32);
    let decide = move |project: &projects::Project| {
        if !thresholds.is_lower_than(&thresholds_of(project)) {
            return Ok(("thresholds.raise", in_force(population, cell), reason));
        }
        let asked = ProjectUpdate {
            asked_population: Some(Some(population)),
            asked_cell: Some(Some(cell)),
            asked_reason: Some(Some(reason.clone())),
            ..Default::default()
        };
        Ok(("thresholds.ask", asked, reason))
    };
    change(access, &state, decide).await
}

/// What whoever agrees to lower thresholds has seen.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ThresholdConsent {
    /// The thresholds that were asked for. When others are asked for by now, nothing is changed.
    thresholds: Thresholds,
}

/// Agrees, as a researcher, to the lower thresholds that the owner asked for, and to no others.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")), request_body = ThresholdConsent,
    responses((status = 200, description = "They hold now", body = Project),
        (status = 409, description = "Nothing was asked, or other thresholds were")))]
#[post("/v1/projects/{projectId}/thresholds/_consent")]
pub async fn consent_thresholds(
    access: Access<ConsentThreshold>,
    body: Body<ThresholdConsent>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Project>> {
    let seen = body.0.thresholds;
    let decide = move |project: &projects::Project| {
        let asked = project.asked_population.zip(project.asked_cell);
        let (population, cell) = asked.ok_or_else(|| ApiError::conflict("nothingAsked", "no lower thresholds were asked for"))?;
        if (population, cell) != (seen.population as i32, seen.cell as i32) {
            return Err(ApiError::conflict("changedMeanwhile", "other thresholds are asked for by now; look at them again"));
        }
        Ok(("thresholds.consent", in_force(population, cell), project.asked_reason.clone().unwrap_or_default()))
    };
    change(access, &state, decide).await
}

fn in_force(population: i32, cell: i32) -> ProjectUpdate {
    ProjectUpdate {
        threshold_population: Some(population),
        threshold_cell: Some(cell),
        asked_population: Some(None),
        asked_cell: Some(None),
        asked_reason: Some(None),
        ..Default::default()
    }
}

/// Action, new values and detail of a change.
type Decision = (&'static str, ProjectUpdate, String);

/// Changes a project as `decide` says of its state, which nobody else changes meanwhile.
async fn change<N: 'static>(
    access: Access<N>,
    state: &web::Data<AppState>,
    decide: impl FnOnce(&projects::Project) -> ApiResult<Decision> + Send + 'static,
) -> ApiResult<web::Json<Project>> {
    let (actor, id, role) = (access.actor(), access.project_id, access.role);
    let project = state
        .db
        .write(move |conn| {
            projects::lock(conn, &id)?;
            let before = projects::by_id(conn, &id)?.ok_or_else(ApiError::not_found)?;
            let (action, update, detail) = decide(&before)?;
            projects::update(conn, &id, update)?;
            record(conn, &Event { project_id: Some(&id), actor: &actor, action, subject: Some(&id), detail: &detail })?;
            projects::by_id(conn, &id)?.ok_or_else(ApiError::not_found)
        })
        .await?;
    Ok(web::Json(view(project, role)?))
}
