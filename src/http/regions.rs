//! Regions with a name, so that a workgroup can come back to a part of a figure.

use actix_web::{HttpResponse, delete, get, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, Analyse, EditRegions};
use super::body::{Body, Query};
use super::common::newest_framework;
use super::error::{ApiError, ApiResult};
use super::page::{Page, Paging, limit_of, page, position, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::regions::{self, RegionRow};
use crate::db::{Conn, now};
use crate::domain::problem::Problems;
use crate::domain::region::Region;
use crate::domain::role::Audience;

/// A region with a name.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NamedRegion {
    /// Random id.
    id: Uuid,
    /// Name.
    #[schema(example = "On their own")]
    name: String,
    /// Which part of which figure: to be put into a lens.
    region: Region,
    /// When it was drawn.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

/// A region to keep.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewRegion {
    /// Name.
    #[schema(min_length = 1, max_length = 200, example = "On their own")]
    name: String,
    /// Which part of which figure.
    region: Region,
}

fn view(row: RegionRow) -> ApiResult<NamedRegion> {
    Ok(NamedRegion {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        name: row.name,
        region: serde_json::from_str(&row.region).map_err(ApiError::internal)?,
        created_at: utc(row.created_at),
        updated_at: utc(row.updated_at),
    })
}

/// Checks the region in `$.region` against the newest published framework. Errors: what does not fit; a workgroup's region
/// on a sensitive signifier; no framework yet.
pub fn check<N>(conn: &mut Conn, access: &Access<N>, region: &Region) -> ApiResult<()> {
    let no_framework = || ApiError::conflict("noFramework", "the project has no published framework yet");
    let framework = newest_framework(conn, &access.project_id)?.ok_or_else(no_framework)?;
    let mut problems = Problems::default();
    region.check(&framework, "$.region", &mut problems);
    let is_sensitive = framework.signifier(&region.signifier).is_some_and(|s| s.sensitive);
    if is_sensitive && access.audience() == Audience::Workgroup {
        problems.add("$.region.signifier", "notForThisRole", "a workgroup has no regions on sensitive signifiers");
    }
    Ok(problems.or_ok(())?)
}

/// The regions that were kept.
#[utoipa::path(tag = "analysis", params(("projectId" = Uuid, Path, description = "Project"), Paging),
    responses((status = 200, description = "A page of regions", body = Page<NamedRegion>)))]
#[get("/v1/projects/{projectId}/regions")]
pub async fn list_regions(
    access: Access<Analyse>,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<NamedRegion>>> {
    let limit = limit_of(query.0.limit)?;
    let after: String = position(query.0.cursor.as_deref())?.unwrap_or_default();
    let rows = state.db.run(move |conn| regions::page(conn, &access.project_id, &after, limit + 1)).await?;
    let found = page(rows, limit, |r| r.id.clone(), view);
    Ok(web::Json(Page { items: found.items.into_iter().collect::<ApiResult<Vec<_>>>()?, next: found.next }))
}

/// Keeps a region of a signifier of the newest published framework.
#[utoipa::path(tag = "analysis", request_body = NewRegion, params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 201, description = "Kept", body = NamedRegion), (status = 409, description = "No framework yet")))]
#[post("/v1/projects/{projectId}/regions")]
pub async fn create_region(
    access: Access<EditRegions>,
    body: Body<NewRegion>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let NewRegion { name, region } = body.0;
    let row = RegionRow {
        project_id: access.project_id.clone(),
        id: Uuid::new_v4().to_string(),
        name,
        region: serde_json::to_string(&region).map_err(ApiError::internal)?,
        created_by: access.actor(),
        created_at: now(),
        updated_at: now(),
    };
    let made = row.clone();
    state
        .db
        .write(move |conn| {
            check(conn, &access, &region)?;
            regions::insert(conn, &made)?;
            let event = Event::on(&access.project_id, &made.created_by, "region.create", &made.id, "");
            Ok::<_, ApiError>(record(conn, &event)?)
        })
        .await?;
    let location = format!("/v1/projects/{}/regions/{}", row.project_id, row.id);
    Ok(HttpResponse::Created().insert_header(("Location", location)).json(view(row)?))
}

/// One region.
#[utoipa::path(tag = "analysis",
    params(("projectId" = Uuid, Path, description = "Project"), ("regionId" = Uuid, Path, description = "Region")),
    responses((status = 200, description = "The region", body = NamedRegion)))]
#[get("/v1/projects/{projectId}/regions/{regionId}")]
pub async fn get_region(
    access: Access<Analyse>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<NamedRegion>> {
    let id = path.1.to_string();
    let row = state.db.run(move |conn| regions::by_id(conn, &access.project_id, &id)).await?;
    Ok(web::Json(view(row)?))
}

/// Gives a region another name and shape.
#[utoipa::path(tag = "analysis", request_body = NewRegion,
    params(("projectId" = Uuid, Path, description = "Project"), ("regionId" = Uuid, Path, description = "Region")),
    responses((status = 200, description = "Changed", body = NamedRegion), (status = 409, description = "No framework yet")))]
#[put("/v1/projects/{projectId}/regions/{regionId}")]
pub async fn update_region(
    access: Access<EditRegions>,
    path: web::Path<(String, Uuid)>,
    body: Body<NewRegion>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<NamedRegion>> {
    let (id, NewRegion { name, region }) = (path.1.to_string(), body.0);
    let row = state
        .db
        .write(move |conn| {
            let project_id = &access.project_id;
            regions::by_id(conn, project_id, &id)?;
            check(conn, &access, &region)?;
            let text = serde_json::to_string(&region).map_err(ApiError::internal)?;
            regions::update(conn, project_id, &id, &name, &text)?;
            record(conn, &Event::on(project_id, &access.actor(), "region.update", &id, ""))?;
            Ok::<_, ApiError>(regions::by_id(conn, project_id, &id)?)
        })
        .await?;
    Ok(web::Json(view(row)?))
}

/// Takes a region away; lenses that were made from it keep their own copy.
#[utoipa::path(tag = "analysis",
    params(("projectId" = Uuid, Path, description = "Project"), ("regionId" = Uuid, Path, description = "Region")),
    responses((status = 204, description = "Gone")))]
#[delete("/v1/projects/{projectId}/regions/{regionId}")]
pub async fn delete_region(
    access: Access<EditRegions>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    state
        .db
        .write(move |conn| {
            regions::delete(conn, &access.project_id, &id)?;
            let actor = access.actor();
            Ok::<_, ApiError>(record(conn, &Event::on(&access.project_id, &actor, "region.delete", &id, ""))?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
