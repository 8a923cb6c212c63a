//! Observations, interpretations and ideas: what people write in a workshop.

use actix_web::{HttpResponse, delete, get, put, web};
use uuid::Uuid;

use super::drafts::{Draft, NewIdea, NewInterpretation, NewObservation, write};
use super::shapes::{Idea, Interpretation, Observation};
use super::views::{self, Around};
use super::{Names, Present};
use crate::app::AppState;
use crate::db::Conn;
use crate::db::workshops::items::{self, ItemRow};
use crate::domain::conditions::judge_removal;
use crate::domain::workshop::ItemKind;
use crate::http::auth::{self, Access};
use crate::http::body::Body;
use crate::http::common::name_of;
use crate::http::conditions::{Known, MatchHeader, Put, PutHeaders, tagged};
use crate::http::error::{ApiError, ApiResult};

fn of_kind(conn: &mut Conn, present: &Present, id: Uuid, kind: ItemKind) -> ApiResult<ItemRow> {
    let (project_id, workshop_id) = present.at();
    let found = items::by_id(conn, project_id, workshop_id, &id.to_string())?;
    found.filter(|r| r.kind == name_of(&kind)).ok_or_else(ApiError::not_found)
}
/// One item as it leaves, made by one of the functions of [`views`].
fn view<T>(
    conn: &mut Conn,
    present: &Present,
    row: ItemRow,
    make: fn(ItemRow, &Present, &Names, &Around) -> ApiResult<T>,
) -> ApiResult<T> {
    let names = Names::of(conn, [row.created_by.as_str()])?;
    let mut around = Around::read(conn, present, Some(&row.id))?;
    around.count_of(conn, present, &row.id)?;
    make(row, present, &names, &around)
}

async fn read<T: Send + 'static>(
    access: Access<auth::Workshop>,
    (workshop_id, id): (Uuid, Uuid),
    kind: ItemKind,
    state: web::Data<AppState>,
    make: fn(ItemRow, &Present, &Names, &Around) -> ApiResult<T>,
) -> ApiResult<T> {
    let read = move |conn: &mut Conn| {
        let present = Present::reader(conn, &access, workshop_id)?;
        let row = of_kind(conn, &present, id, kind)?;
        view(conn, &present, row, make)
    };
    state.db.run(read).await
}

async fn put<T: Send + 'static>(
    access: Access<auth::Workshop>,
    ids: (Uuid, Uuid),
    known: Known,
    draft: Draft,
    state: web::Data<AppState>,
    make: fn(ItemRow, &Present, &Names, &Around) -> ApiResult<T>,
) -> ApiResult<Put<T>> {
    let write = move |conn: &mut Conn| {
        let (present, put) = write(conn, &access, ids, &known.0, draft)?;
        Ok::<_, ApiError>(match put {
            Put::Made(row) => Put::Made(view(conn, &present, row, make)?),
            Put::Changed(row) => Put::Changed(view(conn, &present, row, make)?),
            Put::Same(row) => Put::Same(view(conn, &present, row, make)?),
        })
    };
    state.db.write(write).await
}

async fn remove(
    access: Access<auth::Workshop>,
    (workshop_id, id): (Uuid, Uuid),
    kind: ItemKind,
    known: Known,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let write = move |conn: &mut Conn| {
        let mut present = Present::writer(conn, &access, workshop_id)?;
        let row = of_kind(conn, &present, id, kind)?;
        present.require_change(&row.created_by)?;
        judge_removal(&known.0, &row)?;
        present.require_open()?;
        let (project_id, workshop_id) = present.at();
        let others = items::others_built_on(conn, project_id, workshop_id, &row.id, &present.me)?;
        present.require_nothing_of_others(others)?;
        items::delete(conn, project_id, workshop_id, &row.id)?;
        present.next_change(conn)?;
        Ok::<_, ApiError>(())
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// One observation.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("observationId" = Uuid, Path, description = "Observation")),
    responses((status = 200, description = "The observation", body = Observation,
        headers(("ETag" = String, description = "Its revision")))))]
#[get("/v1/projects/{projectId}/workshops/{workshopId}/observations/{observationId}")]
pub async fn get_observation(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let found = read(access, (path.1, path.2), ItemKind::Observation, state, views::observation).await?;
    Ok(tagged(&found, found.revision))
}

/// Writes an observation on an exhibit (`If-None-Match: *`), or changes it (`If-Match`): its author, whoever made the workshop and
/// researchers change it. The same request may be repeated when its answer was lost.
#[utoipa::path(tag = "workshops", request_body = NewObservation, params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"),
        ("observationId" = Uuid, Path, description = "Id made by the client"), PutHeaders),
    responses((status = 201, description = "Written", body = Observation, headers(("ETag" = String, description = "Its revision"))),
        (status = 200, description = "Changed, or it was so already (`Idempotent-Replay: true`)", body = Observation,
            headers(("ETag" = String, description = "Its revision"))),
        (status = 409, description = "The workshop is closed or has 2000"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "Neither header")))]
#[put("/v1/projects/{projectId}/workshops/{workshopId}/observations/{observationId}")]
pub async fn put_observation(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    known: Known,
    body: Body<NewObservation>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let location = format!("/v1/projects/{}/workshops/{}/observations/{}", access.project_id, path.1, path.2);
    let put = put(access, (path.1, path.2), known, Draft::observation(body.0), state, views::observation).await?;
    Ok(put.answer(&location, |found| found.revision))
}

/// Removes an observation with its interpretations and ideas. Its author may while nobody else wrote about it,
/// whoever made the workshop and researchers always.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"),
        ("observationId" = Uuid, Path, description = "Observation"), MatchHeader),
    responses((status = 204, description = "Gone"), (status = 409, description = "The workshop is closed, or others wrote about it"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "No `If-Match`")))]
#[delete("/v1/projects/{projectId}/workshops/{workshopId}/observations/{observationId}")]
pub async fn delete_observation(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    known: Known,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    remove(access, (path.1, path.2), ItemKind::Observation, known, state).await
}

/// One interpretation.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("interpretationId" = Uuid, Path, description = "Interpretation")),
    responses((status = 200, description = "The interpretation", body = Interpretation,
        headers(("ETag" = String, description = "Its revision")))))]
#[get("/v1/projects/{projectId}/workshops/{workshopId}/interpretations/{interpretationId}")]
pub async fn get_interpretation(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let found = read(access, (path.1, path.2), ItemKind::Interpretation, state, views::interpretation).await?;
    Ok(tagged(&found, found.revision))
}

/// Writes an interpretation of an observation (`If-None-Match: *`), or changes it (`If-Match`): its author, whoever made the workshop and
/// researchers change it. The same request may be repeated when its answer was lost.
#[utoipa::path(tag = "workshops", request_body = NewInterpretation, params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"),
        ("interpretationId" = Uuid, Path, description = "Id made by the client"), PutHeaders),
    responses((status = 201, description = "Written", body = Interpretation, headers(("ETag" = String, description = "Its revision"))),
        (status = 200, description = "Changed, or it was so already (`Idempotent-Replay: true`)", body = Interpretation,
            headers(("ETag" = String, description = "Its revision"))),
        (status = 409, description = "The workshop is closed or has 2000"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "Neither header")))]
#[put("/v1/projects/{projectId}/workshops/{workshopId}/interpretations/{interpretationId}")]
pub async fn put_interpretation(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    known: Known,
    body: Body<NewInterpretation>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let location = format!("/v1/projects/{}/workshops/{}/interpretations/{}", access.project_id, path.1, path.2);
    let put = put(access, (path.1, path.2), known, Draft::interpretation(body.0), state, views::interpretation).await?;
    Ok(put.answer(&location, |found| found.revision))
}

/// Removes an interpretation. Its author, whoever made the workshop and researchers may.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"),
        ("interpretationId" = Uuid, Path, description = "Interpretation"), MatchHeader),
    responses((status = 204, description = "Gone"), (status = 409, description = "The workshop is closed"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "No `If-Match`")))]
#[delete("/v1/projects/{projectId}/workshops/{workshopId}/interpretations/{interpretationId}")]
pub async fn delete_interpretation(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    known: Known,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    remove(access, (path.1, path.2), ItemKind::Interpretation, known, state).await
}

/// One idea.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("ideaId" = Uuid, Path, description = "Idea")),
    responses((status = 200, description = "The idea", body = Idea,
        headers(("ETag" = String, description = "Its revision")))))]
#[get("/v1/projects/{projectId}/workshops/{workshopId}/ideas/{ideaId}")]
pub async fn get_idea(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let found = read(access, (path.1, path.2), ItemKind::Idea, state, views::idea).await?;
    Ok(tagged(&found, found.revision))
}

/// Writes an idea on an observation (`If-None-Match: *`), or changes it (`If-Match`): its author, whoever made the workshop and
/// researchers change it. The same request may be repeated when its answer was lost.
#[utoipa::path(tag = "workshops", request_body = NewIdea, params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"),
        ("ideaId" = Uuid, Path, description = "Id made by the client"), PutHeaders),
    responses((status = 201, description = "Written", body = Idea, headers(("ETag" = String, description = "Its revision"))),
        (status = 200, description = "Changed, or it was so already (`Idempotent-Replay: true`)", body = Idea,
            headers(("ETag" = String, description = "Its revision"))),
        (status = 409, description = "The workshop is closed or has 2000"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "Neither header")))]
#[put("/v1/projects/{projectId}/workshops/{workshopId}/ideas/{ideaId}")]
pub async fn put_idea(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    known: Known,
    body: Body<NewIdea>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let location = format!("/v1/projects/{}/workshops/{}/ideas/{}", access.project_id, path.1, path.2);
    let put = put(access, (path.1, path.2), known, Draft::idea(body.0), state, views::idea).await?;
    Ok(put.answer(&location, |found| found.revision))
}

/// Removes an idea. Its author, whoever made the workshop and researchers may.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"),
        ("ideaId" = Uuid, Path, description = "Idea"), MatchHeader),
    responses((status = 204, description = "Gone"), (status = 409, description = "The workshop is closed"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "No `If-Match`")))]
#[delete("/v1/projects/{projectId}/workshops/{workshopId}/ideas/{ideaId}")]
pub async fn delete_idea(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    known: Known,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    remove(access, (path.1, path.2), ItemKind::Idea, known, state).await
}
