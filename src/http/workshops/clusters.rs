//! Clusters of interpretations, made by hand, and what is in them.

use actix_web::{HttpResponse, delete, get, put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::Cluster;
use super::views;
use super::{Names, Present, too_many};
use crate::app::AppState;
use crate::db::workshops::clusters::{self, ClusterRow};
use crate::db::workshops::items;
use crate::db::{Conn, now};
use crate::domain::conditions::{Condition, Deed, judge, judge_removal};
use crate::domain::problem::Problems;
use crate::domain::workshop::{ClusterKind, ItemKind, MOST_CLUSTERS, check_text};
use crate::http::auth::{self, Access};
use crate::http::body::Body;
use crate::http::common::name_of;
use crate::http::conditions::{Known, MatchHeader, Put, PutHeaders, tagged};
use crate::http::error::{ApiError, ApiResult};

/// A cluster to make or change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewCluster {
    /// What it is called. Text only.
    #[schema(min_length = 1, max_length = 200, example = "Getting used to it")]
    name: String,
    /// What its interpretations have in common.
    kind: ClusterKind,
    /// Place in the order; equal ones are in the order in which they were made.
    #[schema(minimum = 0, maximum = 10000, example = 1)]
    order: i32,
}

impl NewCluster {
    fn is(&self, row: &ClusterRow) -> bool {
        (&self.name, &name_of(&self.kind), self.order) == (&row.name, &row.kind, row.place)
    }
}

fn view(conn: &mut Conn, present: &Present, row: ClusterRow) -> ApiResult<Cluster> {
    let names = Names::of(conn, [row.created_by.as_str()])?;
    views::cluster(row, present, &names)
}

fn found(conn: &mut Conn, present: &Present, id: Uuid) -> ApiResult<ClusterRow> {
    let (project_id, workshop_id) = present.at();
    clusters::by_id(conn, project_id, workshop_id, &id.to_string())?.ok_or_else(ApiError::not_found)
}

/// One cluster.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("clusterId" = Uuid, Path, description = "Cluster")),
    responses((status = 200, description = "The cluster", body = Cluster, headers(("ETag" = String, description = "Its revision")))))]
#[get("/v1/projects/{projectId}/workshops/{workshopId}/clusters/{clusterId}")]
pub async fn get_cluster(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let read = move |conn: &mut Conn| {
        let present = Present::reader(conn, &access, path.1)?;
        let row = found(conn, &present, path.2)?;
        view(conn, &present, row)
    };
    let cluster = state.db.run(read).await?;
    Ok(tagged(&cluster, cluster.revision))
}

/// Makes a cluster (`If-None-Match: *`), or changes it (`If-Match`): whoever made it or the workshop, and researchers.
#[utoipa::path(tag = "workshops", request_body = NewCluster, params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("clusterId" = Uuid, Path, description = "Id made by the client"), PutHeaders),
    responses((status = 201, description = "Made", body = Cluster, headers(("ETag" = String, description = "Its revision"))),
        (status = 200, description = "Changed, or it was so already (`Idempotent-Replay: true`)", body = Cluster,
            headers(("ETag" = String, description = "Its revision"))),
        (status = 409, description = "The workshop is closed or has 50"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "Neither header")))]
#[put("/v1/projects/{projectId}/workshops/{workshopId}/clusters/{clusterId}")]
pub async fn put_cluster(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    known: Known,
    body: Body<NewCluster>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let location = format!("/v1/projects/{}/workshops/{}/clusters/{}", access.project_id, path.1, path.2);
    let put = state.db.write(move |conn| {
        let present = Present::writer(conn, &access, path.1)?;
        write(conn, present, path.2, &known.0, body.0)
    });
    Ok(put.await?.answer(&location, |cluster| cluster.revision))
}

fn write(conn: &mut Conn, mut present: Present, id: Uuid, known: &Condition, new: NewCluster) -> ApiResult<Put<Cluster>> {
    let mut problems = Problems::default();
    check_text(&new.name, "$.name", &mut problems);
    problems.or_ok(())?;
    let (project_id, workshop_id) = (present.workshop.project_id.clone(), present.workshop.id.clone());
    let there = clusters::by_id(conn, &project_id, &workshop_id, &id.to_string())?;
    let (kind, place) = (name_of(&new.kind), new.order);
    match judge(known, there, &present.me, |row| new.is(row))? {
        Deed::Same(row) => Ok(Put::Same(view(conn, &present, row)?)),
        Deed::Make => {
            present.require_open()?;
            if clusters::count(conn, &project_id, &workshop_id)? >= MOST_CLUSTERS {
                return Err(too_many(MOST_CLUSTERS, "clusters in a workshop"));
            }
            let revision = present.next_change(conn)?;
            let (id, name, created_by) = (id.to_string(), new.name, present.me.clone());
            let (created_at, updated_at) = (now(), now());
            let row = ClusterRow { project_id, workshop_id, id, name, kind, place, revision, created_by, created_at, updated_at };
            clusters::insert(conn, &row)?;
            Ok(Put::Made(view(conn, &present, row)?))
        }
        Deed::Change(row) => {
            present.require_open()?;
            present.require_change(&row.created_by)?;
            let revision = present.next_change(conn)?;
            let row = ClusterRow { name: new.name, kind, place, revision, updated_at: now(), ..row };
            clusters::update(conn, &row)?;
            Ok(Put::Changed(view(conn, &present, row)?))
        }
    }
}

/// Removes a cluster; the interpretations in it stay. Whoever made it or the workshop, and researchers may.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("clusterId" = Uuid, Path, description = "Cluster"), MatchHeader),
    responses((status = 204, description = "Gone"), (status = 409, description = "The workshop is closed"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "No `If-Match`")))]
#[delete("/v1/projects/{projectId}/workshops/{workshopId}/clusters/{clusterId}")]
pub async fn delete_cluster(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    known: Known,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let write = move |conn: &mut Conn| {
        let mut present = Present::writer(conn, &access, path.1)?;
        let row = found(conn, &present, path.2)?;
        present.require_change(&row.created_by)?;
        judge_removal(&known.0, &row)?;
        present.require_open()?;
        let (project_id, workshop_id) = present.at();
        clusters::delete(conn, project_id, workshop_id, &row.id)?;
        present.next_change(conn)?;
        Ok::<_, ApiError>(())
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Puts an interpretation into a cluster; it may be in several. To do it again does nothing.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("clusterId" = Uuid, Path, description = "Cluster"),
        ("interpretationId" = Uuid, Path, description = "Interpretation")),
    responses((status = 204, description = "In it"), (status = 409, description = "The workshop is closed")))]
#[put("/v1/projects/{projectId}/workshops/{workshopId}/clusters/{clusterId}/interpretations/{interpretationId}")]
pub async fn put_cluster_interpretation(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    sort(access, (path.1, path.2, path.3), state, clusters::put_in).await
}

/// Takes an interpretation out of a cluster. To do it again does nothing.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("clusterId" = Uuid, Path, description = "Cluster"),
        ("interpretationId" = Uuid, Path, description = "Interpretation")),
    responses((status = 204, description = "Not in it"), (status = 409, description = "The workshop is closed")))]
#[delete("/v1/projects/{projectId}/workshops/{workshopId}/clusters/{clusterId}/interpretations/{interpretationId}")]
pub async fn delete_cluster_interpretation(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    sort(access, (path.1, path.2, path.3), state, clusters::take_out).await
}

/// Does something with the place of an interpretation, which answers whether anything changed.
type Move = fn(&mut Conn, &str, &str, &str, &str) -> crate::db::DbResult<bool>;

async fn sort(
    access: Access<auth::Workshop>,
    (workshop_id, cluster_id, item_id): (Uuid, Uuid, Uuid),
    state: web::Data<AppState>,
    do_it: Move,
) -> ApiResult<HttpResponse> {
    let write = move |conn: &mut Conn| {
        let mut present = Present::writer(conn, &access, workshop_id)?;
        let cluster = found(conn, &present, cluster_id)?;
        let (project_id, workshop_id) = present.at();
        let item = items::by_id(conn, project_id, workshop_id, &item_id.to_string())?;
        let item = item.filter(|i| i.kind == name_of(&ItemKind::Interpretation)).ok_or_else(ApiError::not_found)?;
        present.require_open()?;
        if do_it(conn, project_id, workshop_id, &cluster.id, &item.id)? {
            present.next_change(conn)?;
        }
        Ok::<_, ApiError>(())
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
