//! What the workgroup reads: a published snapshot of the study, renewed when enough people came in.

use actix_web::{get, post, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Access, Analyse, EditStories};
use super::error::{ApiError, ApiResult};
use super::page::utc;
use super::projects::thresholds_of;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::projects::Project;
use crate::db::webhooks;
use crate::db::{Conn, projects, published, write_tx};
use crate::domain::disclosure::is_renewal_due;
use crate::domain::role::Audience;
use crate::domain::webhook::EventKind;

/// What the workgroup reads.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PublishedSnapshot {
    /// When the stories that it has were published last; null before the first time.
    published_at: Option<DateTime<Utc>>,
    /// Change number of that publication, as in answers to the workgroup; 0 before the first time.
    #[schema(minimum = 0, example = 117)]
    change: i64,
    /// Whether it stays as it is until a researcher lets it go on.
    #[schema(example = false)]
    frozen: bool,
    /// People with stories that wait for the next publication; only for researchers.
    #[schema(minimum = 0, example = 3)]
    waiting: Option<u32>,
}

fn view(conn: &mut Conn, project: &Project, audience: Audience) -> ApiResult<PublishedSnapshot> {
    let waiting = match audience {
        Audience::Researcher => Some(published::waiting(conn, &project.id)?),
        _ => None,
    };
    Ok(PublishedSnapshot {
        published_at: project.published_at.map(utc),
        change: project.published_change,
        frozen: project.frozen,
        waiting,
    })
}

fn project(conn: &mut Conn, id: &str) -> ApiResult<Project> {
    projects::by_id(conn, id)?.ok_or_else(ApiError::not_found)
}

/// Publishes what waits if it is due. Called before anything is answered to a workgroup: a clock that nobody watches
/// would tell when people came in.
pub fn renew(conn: &mut Conn, project_id: &str, actor: &str) -> ApiResult<()> {
    let is_due = |conn: &mut Conn| -> ApiResult<bool> {
        let project = project(conn, project_id)?;
        if project.frozen {
            return Ok(false);
        }
        let waiting = published::waiting(conn, project_id)?;
        Ok(is_renewal_due(waiting, project.published_at.is_some(), thresholds_of(&project)))
    };
    if !is_due(conn)? {
        return Ok(());
    }
    write_tx(conn, |conn| {
        projects::lock(conn, project_id)?;
        if !is_due(conn)? {
            return Ok(()); // somebody else did it meanwhile
        }
        published::publish(conn, project_id)?;
        webhooks::announce(conn, project_id, EventKind::SnapshotPublished, "", 1)?;
        Ok(record(conn, &Event::of_many(project_id, actor, "snapshot.publish", "due"))?)
    })
}

/// When the study was last published for the workgroup, and whether it is frozen.
#[utoipa::path(tag = "analysis", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "What the workgroup reads", body = PublishedSnapshot)))]
#[get("/v1/projects/{projectId}/published-snapshot")]
pub async fn get_published_snapshot(
    access: Access<Analyse>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<PublishedSnapshot>> {
    let read = move |conn: &mut Conn| {
        let project = project(conn, &access.project_id)?;
        view(conn, &project, access.audience())
    };
    Ok(web::Json(state.db.run(read).await?))
}

/// Publishes all active stories for the workgroup now. Nothing happens if none waits.
#[utoipa::path(tag = "analysis", params(("projectId" = Uuid, Path, description = "Project")), responses(
    (status = 200, description = "Published", body = PublishedSnapshot),
    (status = 409, description = "Frozen, or so few people would come in that they could be told apart")))]
#[post("/v1/projects/{projectId}/published-snapshot/_publish")]
pub async fn publish_snapshot(
    access: Access<EditStories>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<PublishedSnapshot>> {
    change(access, state, "snapshot.publish", |conn, project| {
        if project.frozen {
            return Err(ApiError::conflict("frozen", "the snapshot is frozen; let it go on first"));
        }
        match published::waiting(conn, &project.id)? {
            0 => Ok(()),
            n if n < thresholds_of(project).cell => {
                Err(ApiError::conflict("tooFewPeople", "so few people would come in that they could be told apart"))
            }
            _ => {
                published::publish(conn, &project.id)?;
                Ok(webhooks::announce(conn, &project.id, EventKind::SnapshotPublished, "", 1)?)
            }
        }
    })
    .await
}

/// Keeps what the workgroup reads as it is, for a workshop. Withdrawn stories still leave it.
#[utoipa::path(tag = "analysis", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "Frozen", body = PublishedSnapshot)))]
#[post("/v1/projects/{projectId}/published-snapshot/_freeze")]
pub async fn freeze_snapshot(access: Access<EditStories>, state: web::Data<AppState>) -> ApiResult<web::Json<PublishedSnapshot>> {
    change(access, state, "snapshot.freeze", |conn, project| Ok(published::set_frozen(conn, &project.id, true)?)).await
}

/// Lets what the workgroup reads be renewed again.
#[utoipa::path(tag = "analysis", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "No more frozen", body = PublishedSnapshot)))]
#[post("/v1/projects/{projectId}/published-snapshot/_unfreeze")]
pub async fn unfreeze_snapshot(
    access: Access<EditStories>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<PublishedSnapshot>> {
    change(access, state, "snapshot.unfreeze", |conn, project| Ok(published::set_frozen(conn, &project.id, false)?)).await
}

/// Does something with the published snapshot while nobody else changes the project.
async fn change(
    access: Access<EditStories>,
    state: web::Data<AppState>,
    action: &'static str,
    deed: impl FnOnce(&mut Conn, &Project) -> ApiResult<()> + Send + 'static,
) -> ApiResult<web::Json<PublishedSnapshot>> {
    let write = move |conn: &mut Conn| {
        let id = &access.project_id;
        projects::lock(conn, id)?;
        let before = project(conn, id)?;
        deed(conn, &before)?;
        record(conn, &Event::of_many(id, &access.actor(), action, "asked"))?;
        let after = project(conn, id)?;
        view(conn, &after, access.audience())
    };
    Ok(web::Json(state.db.write(write).await?))
}
