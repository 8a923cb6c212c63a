//! Measurement moments of a study.

use actix_web::{HttpResponse, get, patch, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{Access, EditWaves, ReadProject};
use super::body::{Body, given};
use super::common::{name_of, named};
use super::error::{ApiError, ApiResult};
use super::page::Page;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::waves::{self, WaveRow, WaveUpdate};
use crate::db::webhooks;
use crate::db::{DbError, now, projects};
use crate::domain::problem::Problems;
use crate::domain::texts::{Texts, is_key};
use crate::domain::wave::WaveState;
use crate::domain::webhook::EventKind;

/// A measurement moment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Wave {
    /// Key, as in story bodies.
    #[schema(example = "1")]
    key: String,
    /// Place in the order of waves, from 1.
    #[schema(example = 1)]
    ordinal: i32,
    /// Label by language.
    label: Texts,
    /// First day of the planned window.
    opens_on: Option<NaiveDate>,
    /// Last day of the planned window.
    closes_on: Option<NaiveDate>,
    /// Where it stands.
    state: WaveState,
}

/// A wave to plan.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewWave {
    /// Kebab-case key, as in story bodies.
    #[schema(min_length = 1, max_length = 64, example = "1")]
    key: String,
    /// Place in the order of waves, from 1.
    #[schema(minimum = 1, maximum = 1000, example = 1)]
    ordinal: i32,
    /// Label by language.
    label: Texts,
    /// First day of the planned window.
    opens_on: Option<NaiveDate>,
    /// Last day of the planned window.
    closes_on: Option<NaiveDate>,
}

/// New values; an absent member stays as it is, and `null` takes a day away.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WavePatch {
    /// Label by language.
    label: Option<Texts>,
    /// First day of the planned window; `null`: no such day.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    opens_on: Option<Option<NaiveDate>>,
    /// Last day of the planned window; `null`: no such day.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    closes_on: Option<Option<NaiveDate>>,
    /// Where it stands.
    state: Option<WaveState>,
}

/// A wave as it leaves.
pub fn view(row: WaveRow) -> ApiResult<Wave> {
    Ok(Wave {
        label: serde_json::from_str(&row.label).map_err(ApiError::internal)?,
        state: named(&row.state)?,
        key: row.key,
        ordinal: row.ordinal,
        opens_on: row.opens_on,
        closes_on: row.closes_on,
    })
}

/// Waves of the project, in their order.
#[utoipa::path(tag = "waves", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "All waves", body = Page<Wave>)))]
#[get("/v1/projects/{projectId}/waves")]
pub async fn list_waves(access: Access<ReadProject>, state: web::Data<AppState>) -> ApiResult<web::Json<Page<Wave>>> {
    let rows = state.db.run(move |conn| waves::list(conn, &access.project_id)).await?;
    let items: ApiResult<Vec<Wave>> = rows.into_iter().map(view).collect();
    Ok(web::Json(Page { items: items?, next: None }))
}

/// Plans a wave.
#[utoipa::path(tag = "waves", params(("projectId" = Uuid, Path, description = "Project")), request_body = NewWave,
    responses((status = 201, description = "Planned", body = Wave), (status = 409, description = "Key or ordinal is taken")))]
#[post("/v1/projects/{projectId}/waves")]
pub async fn create_wave(access: Access<EditWaves>, body: Body<NewWave>, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let new = body.0;
    let mut problems = window(new.opens_on, new.closes_on);
    if !is_key(&new.key) {
        problems.add("$.key", "wrongFormat", "a key has lower-case letters, digits and single hyphens");
    }
    problems.or_ok(())?;
    let row = WaveRow {
        project_id: access.project_id.clone(),
        key: new.key,
        ordinal: new.ordinal,
        label: serde_json::to_string(&new.label).map_err(ApiError::internal)?,
        opens_on: new.opens_on,
        closes_on: new.closes_on,
        state: name_of(&WaveState::Planned),
        created_at: now(),
    };
    let (made, actor) = (row.clone(), access.actor());
    state
        .db
        .write(move |conn| {
            waves::insert(conn, &made).map_err(|e| match e {
                DbError::Conflict(_) => ApiError::conflict("waveExists", "key or ordinal is taken by another wave"),
                other => other.into(),
            })?;
            projects::next_rebuild(conn, &made.project_id)?;
            let project_id = Some(made.project_id.as_str());
            let event = Event { project_id, actor: &actor, action: "wave.create", subject: Some(&made.key), detail: "" };
            record(conn, &event)?;
            Ok::<_, ApiError>(webhooks::announce(conn, &made.project_id, EventKind::WaveChanged, &made.key, 1)?)
        })
        .await?;
    Ok(HttpResponse::Created().json(view(row)?))
}

/// Changes a wave: its label, its window, or where it stands.
#[utoipa::path(tag = "waves", request_body = WavePatch,
    params(("projectId" = Uuid, Path, description = "Project"), ("waveKey" = String, Path, description = "Wave", example = "1")),
    responses((status = 200, description = "Changed", body = Wave)))]
#[patch("/v1/projects/{projectId}/waves/{waveKey}")]
pub async fn update_wave(
    access: Access<EditWaves>,
    path: web::Path<(String, String)>,
    body: Body<WavePatch>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Wave>> {
    let patch = body.0;
    let key = path.into_inner().1;
    let label = patch.label.as_ref().map(serde_json::to_string).transpose().map_err(ApiError::internal)?;
    let row = state
        .db
        .write(move |conn| {
            let project_id = &access.project_id;
            let before = waves::get(conn, project_id, &key)?.ok_or_else(ApiError::not_found)?;
            window(patch.opens_on.unwrap_or(before.opens_on), patch.closes_on.unwrap_or(before.closes_on)).or_ok(())?;
            let state = patch.state.as_ref().map(name_of);
            let detail = state.as_deref().map_or(String::new(), |s| format!("{} to {s}", before.state));
            let update = WaveUpdate { label, opens_on: patch.opens_on, closes_on: patch.closes_on, state, ordinal: None };
            let nothing =
                update.label.is_none() && update.opens_on.is_none() && update.closes_on.is_none() && update.state.is_none();
            if nothing {
                return Ok(before);
            }
            waves::update(conn, project_id, &key, &update)?;
            let actor = access.actor();
            let event = Event {
                project_id: Some(project_id),
                actor: &actor,
                action: "wave.update",
                subject: Some(&key),
                detail: &detail,
            };
            record(conn, &event)?;
            webhooks::announce(conn, project_id, EventKind::WaveChanged, &key, 1)?;
            waves::get(conn, project_id, &key)?.ok_or_else(ApiError::not_found)
        })
        .await?;
    Ok(web::Json(view(row)?))
}

fn window(opens_on: Option<NaiveDate>, closes_on: Option<NaiveDate>) -> Problems {
    let mut problems = Problems::default();
    if opens_on.zip(closes_on).is_some_and(|(opens, closes)| closes < opens) {
        problems.add("$.closesOn", "outOfRange", "the window closes before it opens");
    }
    problems
}
