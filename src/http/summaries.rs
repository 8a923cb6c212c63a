//! What stands out: summaries of signifiers for a lens.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{post, web};
use serde_json::Value;

use super::auth::{Access, Analyse};
use super::body::{Document, MAX_BODY};
use super::common::{cached_framework, newest_published};
use super::error::{ApiError, ApiResult};
use super::projects::thresholds_of;
use super::snapshots::snapshot;
use crate::analysis::protect::Viewer;
use crate::analysis::summary::{SummaryAnswer, summarise};
use crate::app::AppState;
use crate::db::{projects, waves};
use crate::domain::framework::Framework;
use crate::domain::lens::Lens;

/// Summaries of all signifiers for a lens: how many answered, said 'not about this' or passed; zones, centres,
/// quartiles, histograms and shares. For a workgroup small groups are withheld: then every number is null and
/// `suppressed` says so.
#[utoipa::path(tag = "analysis", request_body = Lens, params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "The summaries", body = SummaryAnswer)))]
#[post("/v1/projects/{projectId}/summaries/_search")]
pub async fn search_summaries(
    access: Access<Analyse>,
    lens: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<SummaryAnswer>> {
    Ok(web::Json(answer(access, &lens.0, None, state).await?))
}

/// The summary of one signifier for a lens.
#[utoipa::path(tag = "analysis", request_body = Lens,
    params(("projectId" = Uuid, Path, description = "Project"),
        ("signifierKey" = String, Path, description = "Signifier", example = "confidence")),
    responses((status = 200, description = "The summary", body = SummaryAnswer)))]
#[post("/v1/projects/{projectId}/signifiers/{signifierKey}/summaries/_search")]
pub async fn search_signifier_summary(
    access: Access<Analyse>,
    path: web::Path<(String, String)>,
    lens: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<SummaryAnswer>> {
    let key = path.into_inner().1;
    Ok(web::Json(answer(access, &lens.0, Some(key), state).await?))
}

async fn answer(
    access: Access<Analyse>,
    lens: &Value,
    only: Option<String>,
    state: web::Data<AppState>,
) -> ApiResult<SummaryAnswer> {
    let lens = lens.clone();
    let slot = state.analysis_slots.clone();
    let waiting = tokio::time::timeout(std::time::Duration::from_secs(5), slot.acquire_owned()).await;
    let Ok(Ok(slot)) = waiting else {
        let busy = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "many questions are being computed; ask again");
        return Err(busy.with_header(header::RETRY_AFTER, "2"));
    };
    let work = tokio::task::spawn_blocking(move || {
        let _slot = slot; // held until the answer is there, whether or not the client still waits
        compute(&state, &access, &lens, only.as_deref())
    });
    work.await.map_err(ApiError::internal)?
}

fn compute(state: &web::Data<AppState>, access: &Access<Analyse>, lens: &Value, only: Option<&str>) -> ApiResult<SummaryAnswer> {
    let id = &access.project_id;
    let (project, newest, wave_keys) = state.db.run_blocking(|conn| {
        let project = projects::by_id(conn, id)?.ok_or_else(ApiError::not_found)?;
        let newest = newest_published(conn, id)?.map(|f| (f.version, f.document));
        let keys: Vec<String> = waves::list(conn, id)?.into_iter().map(|w| w.key).collect();
        Ok::<_, ApiError>((project, newest, keys))
    })?;
    let no_framework = || ApiError::conflict("noFramework", "the project has no published framework yet");
    let (version, document) = newest.ok_or_else(no_framework)?;
    let framework = cached_framework(state, id, version, &document)?;
    let lens = Lens::read(lens, &framework, &wave_keys)?;
    check_signifier(&framework, only)?;
    let viewer = Viewer { audience: access.audience(), thresholds: thresholds_of(&project) };
    let snapshot = snapshot(state, access)?;
    let keys = only.map(|key| vec![key.to_owned()]);
    Ok(summarise(&snapshot, &lens, viewer, keys.as_deref()))
}

fn check_signifier(framework: &Framework, only: Option<&str>) -> ApiResult<()> {
    match only {
        Some(key) if framework.signifier(key).is_none() => Err(ApiError::not_found()),
        _ => Ok(()),
    }
}
