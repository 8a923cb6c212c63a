//! Files that belong to stories: uploaded in resumable parts, complete when the hash fits.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, get, patch, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::attachment_parts::{Part, store_part};
use super::auth::{Access, Deliverer, Principal, ReadRaw};
use super::body::{FileBytes, too_large};
use super::error::{ApiError, ApiResult};
use super::page::{Page, utc};
use super::subjects::refuse_restricted;
use crate::app::AppState;
use crate::db::attachments::{self, AttachmentRow};
use crate::db::audit::{Event, record};
use crate::db::{DbError, stories};
use crate::domain::media;
use crate::files::{FileKey, Files};

/// State of an attachment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Id made by the device.
    id: Uuid,
    /// Declared SHA-256.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: String,
    /// Declared size.
    #[schema(example = 183220)]
    bytes: i64,
    /// Declared media type.
    #[schema(example = "audio/webm")]
    media_type: String,
    /// Bytes that are safe; go on from here.
    #[schema(example = 65536)]
    received_bytes: i64,
    /// When the whole file was there with the declared hash.
    pub completed_at: Option<DateTime<Utc>>,
    /// When it was removed, its term being over.
    removed_at: Option<DateTime<Utc>>,
    /// Whether what it is fits the declared media type, judged by its first bytes; null before it is complete, and for one
    /// that came in before types were looked at. A file that
    /// does not fit, or whose type is not known, is kept all the same, and served as `application/octet-stream`.
    type_fits: Option<bool>,
}

/// A file as it leaves.
pub fn view(row: AttachmentRow) -> ApiResult<Attachment> {
    Ok(Attachment {
        type_fits: row.found_type.as_deref().map(|found| media::fits(&row.media_type, found)),
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        sha256: row.sha256,
        bytes: row.bytes,
        media_type: row.media_type,
        received_bytes: row.received_bytes,
        completed_at: row.completed_at.map(utc),
        removed_at: row.removed_at.map(utc),
    })
}

/// A device may only see and send what it brought itself.
pub async fn owned(state: &web::Data<AppState>, deliverer: &Deliverer, story_id: &str, id: &str) -> ApiResult<AttachmentRow> {
    let (project_id, story_id, id) = (deliverer.project_id.clone(), story_id.to_owned(), id.to_owned());
    let device = match &deliverer.principal {
        Principal::Device(device) => Some(device.id.clone()),
        _ => None,
    };
    let found = state.db.run(move |conn| {
        let story = stories::by_id(conn, &project_id, &story_id)?;
        if story.status == stories::WITHDRAWN || (device.is_some() && story.device_id != device) {
            return Err(DbError::NotFound);
        }
        attachments::get(conn, &project_id, &story_id, &id)
    });
    Ok(found.await?)
}

/// Files of a story.
#[utoipa::path(tag = "attachments",
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story")),
    responses((status = 200, description = "All files", body = Page<Attachment>)))]
#[get("/v1/projects/{projectId}/stories/{storyId}/attachments")]
pub async fn list_attachments(
    access: Access<ReadRaw>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<Attachment>>> {
    let id = path.1.to_string();
    let rows = state.db.run(move |conn| {
        stories::by_id(conn, &access.project_id, &id)?;
        attachments::of_story(conn, &access.project_id, &id)
    });
    let items: ApiResult<Vec<_>> = rows.await?.into_iter().map(view).collect();
    Ok(web::Json(Page { items: items?, next: None }))
}

/// How much of a file the server has: ask this after an interruption, then go on from `receivedBytes`.
#[utoipa::path(tag = "attachments",
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story"),
        ("attachmentId" = Uuid, Path, description = "File")),
    responses((status = 200, description = "The state", body = Attachment)))]
#[get("/v1/projects/{projectId}/stories/{storyId}/attachments/{attachmentId}")]
pub async fn get_attachment(
    deliverer: Deliverer,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Attachment>> {
    let row = owned(&state, &deliverer, &path.1.to_string(), &path.2.to_string()).await?;
    Ok(web::Json(view(row)?))
}

/// Sends the next part of a file, of at most 8 MiB. The last part completes it when the hash is as declared; when it
/// is not, everything received is thrown away and the answer is 409 `wrongHash`.
#[utoipa::path(tag = "attachments", request_body(content = FileBytes, content_type = "application/offset+octet-stream"),
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story"),
        ("attachmentId" = Uuid, Path, description = "File"),
        ("Upload-Offset" = i64, Header, description = "Where this part begins, in bytes", example = 0)),
    responses((status = 200, description = "The part is safe", body = Attachment),
        (status = 409, description = "The part does not begin where the last one ended (`wrongOffset`), or the whole has another hash (`wrongHash`)")))]
#[patch("/v1/projects/{projectId}/stories/{storyId}/attachments/{attachmentId}")]
pub async fn upload_attachment_part(
    deliverer: Deliverer,
    path: web::Path<(String, Uuid, Uuid)>,
    part: Part,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Attachment>> {
    let row = owned(&state, &deliverer, &path.1.to_string(), &path.2.to_string()).await?;
    if row.completed_at.is_some() {
        return Ok(web::Json(view(row)?)); // a repeated last part: everything is there
    }
    let end = part.offset.saturating_add(part.bytes.len() as u64);
    if end > row.bytes as u64 {
        return Err(too_large(row.bytes as usize));
    }
    let state_for_file = state.clone();
    let work = tokio::task::spawn_blocking(move || store_part(&state_for_file, row, &part));
    Ok(web::Json(view(work.await.map_err(ApiError::internal)??)?))
}

/// The file itself, always as a download, and under its declared media type only if that is audio, picture or video and
/// fits what the file is; `application/octet-stream` otherwise. The reading is written into the audit trail.
#[utoipa::path(tag = "attachments",
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story"),
        ("attachmentId" = Uuid, Path, description = "File")),
    responses((status = 200, description = "The file", content((FileBytes = "application/octet-stream"),
            (FileBytes = "audio/*"), (FileBytes = "image/*"), (FileBytes = "video/*"))),
        (status = 409, description = "Not complete yet"), (status = 410, description = "Removed, its term being over")))]
#[get("/v1/projects/{projectId}/stories/{storyId}/attachments/{attachmentId}/content")]
pub async fn get_attachment_content(
    access: Access<ReadRaw>,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let key = FileKey { project_id: access.project_id.clone(), story_id: path.1.to_string(), id: path.2.to_string() };
    let wanted = key.clone();
    let row = state
        .db
        .write(move |conn| {
            let row = attachments::get(conn, &wanted.project_id, &wanted.story_id, &wanted.id)?;
            refuse_restricted(&stories::by_id(conn, &wanted.project_id, &wanted.story_id)?)?;
            let actor = access.actor();
            let project = Some(wanted.project_id.as_str());
            let event =
                Event { project_id: project, actor: &actor, action: "attachment.read", subject: Some(&wanted.id), detail: "" };
            record(conn, &event)?;
            Ok::<_, ApiError>(row)
        })
        .await?;
    if row.completed_at.is_none() {
        return Err(ApiError::new(StatusCode::CONFLICT, "incomplete", "this file has not come in completely yet"));
    }
    if row.removed_at.is_some() {
        return Err(ApiError::new(StatusCode::GONE, "removed", "this file was removed: its term is over"));
    }
    let files = state.files.clone();
    let opened = tokio::task::spawn_blocking(move || files.read(&key)).await.map_err(ApiError::internal)?;
    let file = opened.map_err(|e| match state.files {
        Files::Bucket(_) if e.kind() != std::io::ErrorKind::NotFound => ApiError::unavailable(),
        _ => ApiError::internal(e),
    })?;
    let disposition = format!("attachment; filename=\"{}\"", row.id);
    Ok(HttpResponse::Ok()
        .content_type(media::served(&row.media_type, row.found_type.as_deref()))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CONTENT_LENGTH, row.bytes.to_string()))
        .streaming(super::stream::of_reader(file)))
}
