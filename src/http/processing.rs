//! What a project does with personal data and why; the owner writes it.

use actix_web::{get, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{Access, EditProject, ReadProject};
use super::body::Body;
use super::error::{ApiError, ApiResult};
use super::page::utc;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::processing::{self, ProcessingRow};
use crate::db::{Conn, consents, now, projects};
use crate::domain::processing::{Processing, check};

/// What a project does with personal data, as it was written last.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptProcessing {
    /// How often it was written; 0 when it never was.
    #[schema(example = 3)]
    version: i32,
    /// When; null when it never was.
    updated_at: Option<DateTime<Utc>>,
    /// What was written.
    processing: Processing,
}

/// What to write.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewProcessing {
    /// The version that you changed: if somebody else wrote meanwhile, nothing is written over.
    #[schema(minimum = 0, example = 2)]
    based_on: i32,
    /// What the project does, in place of all that was written.
    processing: Processing,
}

/// The version of what was written and what it says; 0 and nothing before that.
pub fn current(conn: &mut Conn, project_id: &str) -> ApiResult<(Option<ProcessingRow>, Processing)> {
    let Some(row) = processing::get(conn, project_id)? else { return Ok((None, Processing::default())) };
    let read = serde_json::from_str(&row.document).map_err(ApiError::internal)?;
    Ok((Some(row), read))
}

fn view((row, processing): (Option<ProcessingRow>, Processing)) -> KeptProcessing {
    let version = row.as_ref().map_or(0, |r| r.version);
    KeptProcessing { version, updated_at: row.map(|r| utc(r.updated_at)), processing }
}

/// What the project does with personal data and why.
#[utoipa::path(tag = "consents", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "As it was written last", body = KeptProcessing)))]
#[get("/v1/projects/{projectId}/processing")]
pub async fn get_processing(access: Access<ReadProject>, state: web::Data<AppState>) -> ApiResult<web::Json<KeptProcessing>> {
    let found = state.db.run(move |conn| current(conn, &access.project_id)).await?;
    Ok(web::Json(view(found)))
}

/// Writes what the project does with personal data and why. A purpose that a consent text names stays.
#[utoipa::path(tag = "consents", request_body = NewProcessing, params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "Written", body = KeptProcessing),
        (status = 409, description = "Somebody else wrote meanwhile: look again")))]
#[put("/v1/projects/{projectId}/processing")]
pub async fn put_processing(
    access: Access<EditProject>,
    body: Body<NewProcessing>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<KeptProcessing>> {
    let NewProcessing { based_on, processing: new } = body.0;
    let written = state
        .db
        .write(move |conn| {
            let (project_id, actor) = (&access.project_id, access.actor());
            projects::lock(conn, project_id)?;
            let (before, _) = current(conn, project_id)?;
            if before.map_or(0, |r| r.version) != based_on {
                return Err(ApiError::conflict("changedMeanwhile", "somebody wrote meanwhile; look at it again"));
            }
            let checked = check(&new, &consents::purposes(conn, project_id)?).or_ok(());
            checked.map_err(|e| ApiError::from(e).below("$.processing"))?;
            let row = ProcessingRow {
                project_id: project_id.clone(),
                version: based_on + 1,
                document: serde_json::to_string(&new).map_err(ApiError::internal)?,
                updated_by: actor.clone(),
                updated_at: now(),
            };
            processing::put(conn, &row)?;
            record(conn, &Event::on(project_id, &actor, "processing.update", &row.version.to_string(), ""))?;
            Ok((Some(row), new))
        })
        .await?;
    Ok(web::Json(view(written)))
}
