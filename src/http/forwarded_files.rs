//! Files of stories that somebody else brings: all of a file is there at once, and it is kept as if it came in parts.

use actix_web::http::StatusCode;
use actix_web::web;
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::attachment_parts::{MAX_PART, Part, store_part};
use super::attachments::{Attachment, owned, view};
use super::auth::Deliverer;
use super::error::{ApiError, ApiResult, Problem};
use crate::app::AppState;
use crate::db::attachments::AttachmentRow;
use crate::domain::canonical::sha256_hex;
use crate::domain::undelivered::Enclosed;

/// What came of a file that came with a story.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForwardedFile {
    /// Id made by the device; null when it is none.
    id: Option<Uuid>,
    /// What the server has of it; null when there is a problem.
    state: Option<Attachment>,
    /// Why it was not kept: it was not declared, is not as large as was declared (`wrongSize`), has another hash
    /// (`wrongHash`), or is not in the file as a whole.
    problem: Option<Problem>,
}

impl ForwardedFile {
    /// Whether the server has all of it.
    pub fn is_whole(&self) -> bool {
        self.state.as_ref().is_some_and(|s| s.completed_at.is_some())
    }
}

/// Keeps the files that came with a story; an answer for each. What fails for one keeps back no other.
pub async fn bring(state: &web::Data<AppState>, collector: &Deliverer, story: Uuid, files: Vec<Enclosed>) -> Vec<ForwardedFile> {
    let mut told = Vec::with_capacity(files.len());
    for Enclosed { id, bytes } in files {
        let kept = match (id, bytes) {
            (_, Err(problems)) => Err(problems.into()),
            (None, _) => Err(ApiError::not_found()),
            (Some(id), Ok(bytes)) => bring_one(state, collector, story, id, bytes).await.and_then(view),
        };
        let (state, problem) = kept.map_or_else(|e| (None, Some(e.problem())), |state| (Some(state), None));
        told.push(ForwardedFile { id, state, problem });
    }
    told
}

async fn bring_one(
    state: &web::Data<AppState>,
    collector: &Deliverer,
    story: Uuid,
    id: Uuid,
    bytes: Bytes,
) -> ApiResult<AttachmentRow> {
    let row = owned(state, collector, &story.to_string(), &id.to_string()).await?;
    if row.completed_at.is_some() {
        return Ok(row);
    }
    let state = state.clone();
    let work = tokio::task::spawn_blocking(move || store_whole(&state, row, &bytes));
    work.await.map_err(ApiError::internal)?
}

/// Keeps a whole file. It is looked at before anything is written: a wrong one must not take away what has come in.
fn store_whole(state: &web::Data<AppState>, row: AttachmentRow, bytes: &Bytes) -> ApiResult<AttachmentRow> {
    if row.bytes != bytes.len() as i64 {
        return Err(ApiError::conflict("wrongSize", "this file is not as large as was declared"));
    }
    if row.sha256 != sha256_hex(bytes) {
        return Err(ApiError::conflict("wrongHash", "this file has another hash than was declared"));
    }
    match store_from(state, row.clone(), bytes, row.received_bytes) {
        // What came in before was not what it should be, or was lost, or somebody else brings it at the same time.
        Err(e) if e.problem().status == StatusCode::CONFLICT.as_u16() => store_from(state, row, bytes, 0),
        done => done,
    }
}

/// Sends part after part from here on; those that are there already take nothing away.
fn store_from(state: &web::Data<AppState>, mut row: AttachmentRow, bytes: &Bytes, from: i64) -> ApiResult<AttachmentRow> {
    let from = usize::try_from(from).map_err(ApiError::internal)?;
    for offset in (from..bytes.len()).step_by(MAX_PART) {
        let end = (offset + MAX_PART).min(bytes.len());
        row = store_part(state, row, &Part { offset: offset as u64, bytes: bytes.slice(offset..end) })?;
        if row.completed_at.is_some() {
            break;
        }
    }
    Ok(row)
}
