//! What stands out: summaries of signifiers for a lens.

use actix_web::{post, web};
use serde_json::Value;

use super::auth::{Access, Analyse};
use super::body::{Document, MAX_BODY};
use super::error::{ApiError, ApiResult};
use super::questions::ask;
use crate::analysis::summary::{SummaryAnswer, summarise};
use crate::app::AppState;
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
    ask(access, lens.clone(), state, move |_, asked| {
        check_signifier(&asked.framework, only.as_deref())?;
        let keys = only.map(|key| vec![key]);
        Ok(summarise(&asked.snapshot, &asked.lens, asked.viewer, keys.as_deref()))
    })
    .await
}

fn check_signifier(framework: &Framework, only: Option<&str>) -> ApiResult<()> {
    match only {
        Some(key) if framework.signifier(key).is_none() => Err(ApiError::not_found()),
        _ => Ok(()),
    }
}
