//! Findings that a project keeps as they were computed, to be computed again later: is it still there?

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, Analyse, EditRegions};
use super::body::{Body, Query};
use super::common::{name_of, named, stored_json};
use super::error::{ApiError, ApiResult};
use super::page::{Page, Paging, limit_of, page, position, utc};
use super::patterns::part;
use super::questions::{Asked, ask};
use crate::analysis::report::Section;
use crate::analysis::report::findings::Finding;
use crate::analysis::report::pinned::{Question, answer, without_stories};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::now;
use crate::db::pins::{self, PinRow};
use crate::domain::lens::Lens;
use crate::domain::role::Audience;

/// A finding that was kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Pin {
    /// Random id.
    id: Uuid,
    /// For whom it was computed. Others of this audience may read it; what was made for a workgroup researchers too.
    audience: Audience,
    /// The lens, in canonical form.
    lens: Lens,
    /// The finding as it was computed then. It names no stories, so that whoever withdraws one is not in it.
    finding: Finding,
    /// Change number of the stories that it was computed on.
    #[schema(minimum = 0, example = 117)]
    change: i64,
    /// What somebody wrote beside it.
    #[schema(example = "To be talked about in June")]
    note: String,
    /// When it was kept.
    created_at: DateTime<Utc>,
}

/// A finding to keep.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewPin {
    /// The lens under which it was found.
    lens: Lens,
    /// Id of the finding, as the findings for this lens have it now.
    #[schema(min_length = 1, max_length = 100, example = "3f1c9a0b7d2e4c55")]
    finding_id: String,
    /// What to write beside it. Everybody who may read the pin reads it: no names.
    #[serde(default)]
    #[schema(max_length = 2000, example = "To be talked about in June")]
    note: String,
}

/// A finding then and now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Recomputed {
    /// The finding as it was kept.
    then: Finding,
    /// What the same question finds now, as whoever asks may see it, even if it could be chance by now; null when there is
    /// no answer any more, or none for this audience.
    now: Option<Finding>,
    /// Whether it is still among the findings.
    #[schema(example = true)]
    still_there: bool,
    /// Change number of the stories that it was computed on now.
    #[schema(minimum = 0, example = 131)]
    change: i64,
}

fn view(row: PinRow) -> ApiResult<Pin> {
    Ok(Pin {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        audience: named(&row.audience)?,
        lens: serde_json::from_str(&row.lens).map_err(ApiError::internal)?,
        finding: serde_json::from_str(&row.finding).map_err(ApiError::internal)?,
        change: row.change,
        note: row.note,
        created_at: utc(row.created_at),
    })
}

/// Names of the audiences whose pins whoever asks may read.
fn readable<N>(access: &Access<N>) -> Vec<String> {
    access.audience().reads_pins_of().iter().map(name_of).collect()
}

/// The findings that were kept for whoever asks.
#[utoipa::path(tag = "analysis", params(("projectId" = Uuid, Path, description = "Project"), Paging),
    responses((status = 200, description = "A page of pins", body = Page<Pin>)))]
#[get("/v1/projects/{projectId}/pins")]
pub async fn list_pins(
    access: Access<Analyse>,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<Pin>>> {
    let limit = limit_of(query.0.limit)?;
    let after: String = position(query.0.cursor.as_deref())?.unwrap_or_default();
    let read = move |conn: &mut _| pins::page(conn, &access.project_id, &readable(&access), &after, limit + 1);
    let found = page(state.db.run(read).await?, limit, |r| r.id.clone(), view);
    Ok(web::Json(Page { items: found.items.into_iter().collect::<ApiResult<Vec<_>>>()?, next: found.next }))
}

/// Keeps a finding as it is computed now for whoever asks. It is kept without ids of stories. A story apart and a small
/// group cannot be kept: they are about a few people, who may withdraw.
#[utoipa::path(tag = "analysis", request_body = NewPin, params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 201, description = "Kept", body = Pin), (status = 409, description = "No framework yet")))]
#[post("/v1/projects/{projectId}/pins")]
pub async fn create_pin(access: Access<EditRegions>, body: Body<NewPin>, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let NewPin { lens, finding_id, note } = body.0;
    let (project_id, actor, audience) = (access.project_id.clone(), access.actor(), access.audience());
    let lens = serde_json::to_value(&lens).map_err(ApiError::internal)?;
    let find = move |state: &_, asked: Asked| {
        let report = part(state, &asked, &Section::ALL);
        let finding = report.findings.iter().find(|f| f.id == finding_id).cloned();
        Ok(finding.map(|f| (f, asked.lens, asked.snapshot.change)))
    };
    let found = ask(access, lens, state.clone(), find).await.map_err(|e| e.below("$.lens"))?;
    let unknown = || ApiError::field("$.findingId", "unknownReference", "not among the findings for this lens now");
    let (finding, lens, change) = found.ok_or_else(unknown)?;
    let about_few = || ApiError::field("$.findingId", "notToBeKept", "a finding about a few stories cannot be kept");
    let question = Question::of(&finding).ok_or_else(about_few)?;
    let text = |json: Result<String, serde_json::Error>| json.map_err(ApiError::internal);
    let row = PinRow {
        project_id,
        id: Uuid::new_v4().to_string(),
        audience: name_of(&audience),
        lens: text(serde_json::to_string(&lens))?,
        finding: text(serde_json::to_string(&without_stories(finding)))?,
        question: text(serde_json::to_string(&question))?,
        change,
        note,
        created_by: actor,
        created_at: now(),
    };
    let made = row.clone();
    state
        .db
        .write(move |conn| {
            pins::insert(conn, &made)?;
            let event = Event::on(&made.project_id, &made.created_by, "pin.create", &made.id, "");
            Ok::<_, ApiError>(record(conn, &event)?)
        })
        .await?;
    let location = format!("/v1/projects/{}/pins/{}", row.project_id, row.id);
    Ok(HttpResponse::Created().insert_header(("Location", location)).json(view(row)?))
}

/// One kept finding.
#[utoipa::path(tag = "analysis",
    params(("projectId" = Uuid, Path, description = "Project"), ("pinId" = Uuid, Path, description = "Pin")),
    responses((status = 200, description = "The pin", body = Pin)))]
#[get("/v1/projects/{projectId}/pins/{pinId}")]
pub async fn get_pin(
    access: Access<Analyse>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Pin>> {
    let id = path.1.to_string();
    let row = state.db.run(move |conn| pins::by_id(conn, &access.project_id, &readable(&access), &id)).await?;
    Ok(web::Json(view(row)?))
}

/// Takes a kept finding away.
#[utoipa::path(tag = "analysis",
    params(("projectId" = Uuid, Path, description = "Project"), ("pinId" = Uuid, Path, description = "Pin")),
    responses((status = 204, description = "Gone")))]
#[delete("/v1/projects/{projectId}/pins/{pinId}")]
pub async fn delete_pin(
    access: Access<EditRegions>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    state
        .db
        .write(move |conn| {
            pins::delete(conn, &access.project_id, &readable(&access), &id)?;
            let actor = access.actor();
            Ok::<_, ApiError>(record(conn, &Event::on(&access.project_id, &actor, "pin.delete", &id, ""))?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks the question of a kept finding again, of the stories that whoever asks may count now. The same question is the
/// same kind, signifiers, layer and what is compared; of a contrast the attribute, whichever groups are large enough.
#[utoipa::path(tag = "analysis",
    params(("projectId" = Uuid, Path, description = "Project"), ("pinId" = Uuid, Path, description = "Pin")),
    responses((status = 200, description = "Then and now", body = Recomputed),
        (status = 409, description = "The newest framework has no more what the lens of the pin selects by")))]
#[post("/v1/projects/{projectId}/pins/{pinId}/_recompute")]
pub async fn recompute_pin(
    access: Access<Analyse>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Recomputed>> {
    let (id, project_id, audiences) = (path.1.to_string(), access.project_id.clone(), readable(&access));
    let row = state.db.run(move |conn| pins::by_id(conn, &project_id, &audiences, &id)).await?;
    let question: Question = serde_json::from_str(&row.question).map_err(ApiError::internal)?;
    let compute = move |state: &_, asked: Asked| {
        let report = part(state, &asked, &Section::ALL);
        Ok((answer(&asked.snapshot, asked.viewer, &report, &question), asked.snapshot.change))
    };
    // The lens is not in this request: whoever asks did nothing wrong when it no longer fits.
    let outdated = |e: ApiError| match e.problem().status == StatusCode::BAD_REQUEST.as_u16() {
        true => ApiError::conflict("lensOutdated", "the newest framework has no more what the lens of this pin selects by"),
        false => e,
    };
    let (found, change) = ask(access, stored_json(&row.lens)?, state, compute).await.map_err(outdated)?;
    let (now, still_there) = found.map_or((None, false), |(finding, listed)| (Some(finding), listed));
    Ok(web::Json(Recomputed { then: view(row)?.finding, now, still_there, change }))
}
