//! Votes for observations, interpretations and ideas: one for each person and item. Nobody is told who voted.

use actix_web::{HttpResponse, delete, put, web};
use uuid::Uuid;

use super::Present;
use crate::app::AppState;
use crate::db::workshops::{items, votes};
use crate::db::{Conn, DbResult};
use crate::http::auth::{self, Access};
use crate::http::error::{ApiError, ApiResult};

/// Votes for an observation, interpretation or idea. To do it again does nothing.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"),
        ("itemId" = Uuid, Path, description = "Observation, interpretation or idea")),
    responses((status = 204, description = "Counted"), (status = 409, description = "The workshop is closed")))]
#[put("/v1/projects/{projectId}/workshops/{workshopId}/votes/{itemId}")]
pub async fn put_vote(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    vote(access, (path.1, path.2), state, votes::put).await
}

/// Takes a vote back. To do it again does nothing.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"),
        ("itemId" = Uuid, Path, description = "Observation, interpretation or idea")),
    responses((status = 204, description = "Not counted"), (status = 409, description = "The workshop is closed")))]
#[delete("/v1/projects/{projectId}/workshops/{workshopId}/votes/{itemId}")]
pub async fn delete_vote(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    vote(access, (path.1, path.2), state, votes::delete).await
}

/// Does something with a vote, which answers whether anything changed.
type Deed = fn(&mut Conn, &str, &str, &str, &str) -> DbResult<bool>;

async fn vote(
    access: Access<auth::Workshop>,
    (workshop_id, item_id): (Uuid, Uuid),
    state: web::Data<AppState>,
    do_it: Deed,
) -> ApiResult<HttpResponse> {
    let write = move |conn: &mut Conn| {
        let mut present = Present::writer(conn, &access, workshop_id)?;
        let (project_id, workshop_id) = present.at();
        let item = items::by_id(conn, project_id, workshop_id, &item_id.to_string())?.ok_or_else(ApiError::not_found)?;
        present.require_open()?;
        if do_it(conn, project_id, workshop_id, &item.id, &present.me)? {
            present.next_change(conn)?;
        }
        Ok::<_, ApiError>(())
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
