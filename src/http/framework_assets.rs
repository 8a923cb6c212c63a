//! Recorded questions: sound files that a framework names, for phones to play where nobody reads.

use std::collections::BTreeSet;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, get, put, web};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Access, EditFramework, ReadProject, let_in};
use super::body::{FileBytes, read_bytes, require_type};
use super::common::{known_tags, read_framework};
use super::error::{ApiError, ApiResult};
use super::page::{Page, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::framework_assets::{self, AssetRow};
use crate::db::frameworks::{self, PUBLISHED};
use crate::db::{Conn, now, projects};
use crate::domain::canonical::sha256_hex;
use crate::domain::framework::is_recording_name;
use crate::domain::media;
use crate::domain::tags::is_among;

/// Largest recording: 8 MiB.
const MAX_ASSET: usize = 8 * 1024 * 1024;
/// Most recordings of a project: a phone keeps all that its framework names.
const MAX_ASSETS: usize = 500;

/// A recorded question.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FrameworkAsset {
    /// Name, as frameworks have it.
    #[schema(example = "recent-moment.nl.mp3")]
    name: String,
    /// SHA-256 of the file.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: String,
    /// Size in bytes.
    #[schema(example = 183220)]
    bytes: i64,
    /// Media type.
    #[schema(example = "audio/mpeg")]
    media_type: String,
    /// Whether a published framework names it: then it neither changes nor goes.
    published: bool,
    /// When it was brought.
    created_at: DateTime<Utc>,
}

fn view(row: AssetRow, published: &BTreeSet<String>) -> FrameworkAsset {
    FrameworkAsset {
        published: published.contains(&row.name),
        name: row.name,
        sha256: row.sha256,
        bytes: row.bytes,
        media_type: row.media_type,
        created_at: utc(row.created_at),
    }
}

/// A recording as it is sent.
pub struct Recording {
    media_type: String,
    bytes: Bytes,
}

impl FromRequest for Recording {
    type Error = ApiError;
    type Future = futures_util::future::LocalBoxFuture<'static, ApiResult<Self>>;
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let_in(&req).await;
            require_type(&req, &media::sound_types())?;
            let declared = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
            let bytes = read_bytes(&mut payload, MAX_ASSET).await?;
            if !media::fits(declared, media::found(&bytes)) {
                return Err(ApiError::field("$", "otherType", "this is not a recording of the declared type"));
            }
            Ok(Self { media_type: media::essence(declared), bytes })
        })
    }
}

/// Names of recordings in the published frameworks of a project.
fn published_names(conn: &mut Conn, project_id: &str) -> ApiResult<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for row in frameworks::list(conn, project_id)?.iter().filter(|f| f.state == PUBLISHED) {
        names.extend(read_framework(&row.document)?.recordings().map(str::to_owned));
    }
    Ok(names)
}

fn published() -> ApiError {
    ApiError::conflict("published", "a published framework names this recording; bring another under a new name")
}

/// Recorded questions of the project, by name.
#[utoipa::path(tag = "frameworks", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "All recordings", body = Page<FrameworkAsset>)))]
#[get("/v1/projects/{projectId}/framework-assets")]
pub async fn list_framework_assets(
    access: Access<ReadProject>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<FrameworkAsset>>> {
    let read = move |conn: &mut Conn| {
        let published = published_names(conn, &access.project_id)?;
        let rows = framework_assets::list(conn, &access.project_id)?;
        Ok::<_, ApiError>(rows.into_iter().map(|row| view(row, &published)).collect())
    };
    Ok(web::Json(Page { items: state.db.run(read).await?, next: None }))
}

/// Brings a recording, of at most 8 MiB, which the framework names in `audio`. What a published framework names never
/// changes: people heard these very words.
#[utoipa::path(tag = "frameworks", request_body(content = FileBytes, content_type = "audio/mpeg"),
    params(("projectId" = Uuid, Path, description = "Project"),
        ("assetName" = String, Path, description = "Small letters, digits, points, hyphens and underscores", example = "recent-moment.nl.mp3")),
    responses((status = 200, description = "Kept", body = FrameworkAsset),
        (status = 409, description = "A published framework names another recording so (`published`), or there are 500 (`tooMany`)")))]
#[put("/v1/projects/{projectId}/framework-assets/{assetName}")]
pub async fn put_framework_asset(
    access: Access<EditFramework>,
    path: web::Path<(String, String)>,
    recording: Recording,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<FrameworkAsset>> {
    let (name, Recording { media_type, bytes }) = (path.into_inner().1, recording);
    if !is_recording_name(&name) {
        let message = "1 to 100 small letters, digits, points, hyphens and underscores, with a letter or digit first";
        return Err(ApiError::field("path.assetName", "wrongFormat", message));
    }
    let row = AssetRow {
        project_id: access.project_id.clone(),
        name,
        sha256: sha256_hex(&bytes),
        bytes: bytes.len() as i64,
        media_type,
        created_by: access.actor(),
        created_at: now(),
    };
    Ok(web::Json(state.db.write(move |conn| keep(conn, row, &bytes)).await?))
}

fn keep(conn: &mut Conn, row: AssetRow, bytes: &[u8]) -> ApiResult<FrameworkAsset> {
    projects::lock(conn, &row.project_id)?; // no framework is published meanwhile
    let names = published_names(conn, &row.project_id)?;
    match framework_assets::get(conn, &row.project_id, &row.name)? {
        Some(same) if same.sha256 == row.sha256 && same.media_type == row.media_type => return Ok(view(same, &names)),
        Some(other) if names.contains(&other.name) => return Err(published()),
        Some(_) => {}
        None if framework_assets::list(conn, &row.project_id)?.len() >= MAX_ASSETS => {
            return Err(ApiError::conflict("tooMany", format!("a project has at most {MAX_ASSETS} recordings")));
        }
        None => {}
    }
    framework_assets::put(conn, &row, bytes)?;
    record(conn, &Event::on(&row.project_id, &row.created_by, "frameworkAsset.write", &row.name, ""))?;
    Ok(view(row, &names))
}

/// A recording itself.
#[utoipa::path(tag = "frameworks",
    params(("projectId" = Uuid, Path, description = "Project"),
        ("assetName" = String, Path, description = "Name", example = "recent-moment.nl.mp3")),
    responses((status = 200, description = "The recording", content_type = "audio/mpeg", body = FileBytes,
            headers(("ETag" = String, description = "Changes with the content"))),
        (status = 304, description = "You have it")))]
#[get("/v1/projects/{projectId}/framework-assets/{assetName}")]
pub async fn get_framework_asset(
    access: Access<ReadProject>,
    path: web::Path<(String, String)>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (name, known) = (path.into_inner().1, known_tags(&req));
    let read = move |conn: &mut Conn| {
        let row = framework_assets::get(conn, &access.project_id, &name)?.ok_or_else(ApiError::not_found)?;
        let etag = format!("\"{}\"", &row.sha256[..32]);
        let known = is_among(&known, &etag);
        let content = if known { None } else { Some(framework_assets::content(conn, &access.project_id, &name)?) };
        Ok::<_, ApiError>((row, etag, content))
    };
    let (row, etag, content) = state.db.run(read).await?;
    let Some(content) = content else {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    };
    let disposition = format!("attachment; filename=\"{}\"", row.name);
    Ok(HttpResponse::Ok()
        .content_type(row.media_type)
        .insert_header((header::ETAG, etag))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .body(content))
}

/// Removes a recording that no published framework names.
#[utoipa::path(tag = "frameworks",
    params(("projectId" = Uuid, Path, description = "Project"),
        ("assetName" = String, Path, description = "Name", example = "recent-moment.nl.mp3")),
    responses((status = 204, description = "Gone"), (status = 409, description = "A published framework names it")))]
#[delete("/v1/projects/{projectId}/framework-assets/{assetName}")]
pub async fn delete_framework_asset(
    access: Access<EditFramework>,
    path: web::Path<(String, String)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let name = path.into_inner().1;
    let remove = move |conn: &mut Conn| {
        let project_id = &access.project_id;
        projects::lock(conn, project_id)?;
        framework_assets::get(conn, project_id, &name)?.ok_or_else(ApiError::not_found)?;
        if published_names(conn, project_id)?.contains(&name) {
            return Err(published());
        }
        framework_assets::delete(conn, project_id, &name)?;
        Ok(record(conn, &Event::on(project_id, &access.actor(), "frameworkAsset.delete", &name, ""))?)
    };
    state.db.write(remove).await?;
    Ok(HttpResponse::NoContent().finish())
}
