//! Signification frameworks: templates, drafts, checks, published versions.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::{Access, EditFramework, ReadProject, SignedIn};
use super::body::{Document, MAX_BODY};
use super::common::{known_tags, read_framework, stored_json};
use super::conditions::{Known, MatchHeader};
use super::error::{ApiError, ApiResult};
use super::page::{Page, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::frameworks::{self, FrameworkRow, PUBLISHED};
use crate::db::webhooks;
use crate::db::{Conn, DbError, projects};
use crate::domain::canonical::sha256_hex;
use crate::domain::conditions::judge_if_said;
use crate::domain::framework::lint::{LintFinding, Severity, lint};
use crate::domain::framework::{self, Framework, REFERENCE};
use crate::domain::tags::is_among;
use crate::domain::webhook::EventKind;

/// State of a framework version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum FrameworkState {
    /// May still be edited.
    Draft,
    /// Never changes again; stories refer to it.
    Published,
}

/// A framework version without its document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FrameworkItem {
    /// 1, 2, 3, ...
    #[schema(example = 1)]
    version: i32,
    /// Draft or published.
    state: FrameworkState,
    /// When the draft was begun.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// When it was published.
    published_at: Option<DateTime<Utc>>,
}

/// A framework version with its document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FrameworkVersion {
    /// About the version.
    details: FrameworkItem,
    /// The document, as it was handed in.
    #[schema(value_type = Framework)]
    document: Value,
}

/// What the lint says of a framework version.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LintReport {
    /// Whether the version can be published: no finding is an error.
    publishable: bool,
    /// All findings.
    findings: Vec<LintFinding>,
}

/// A framework that ships with duiding.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FrameworkTemplate {
    /// Key.
    #[schema(example = "reference")]
    key: String,
    /// Name by language.
    title: crate::domain::texts::Texts,
    /// Languages it is complete in.
    #[schema(example = json!(["nl", "en"]))]
    languages: Vec<String>,
}

fn item(row: &FrameworkRow) -> FrameworkItem {
    FrameworkItem {
        version: row.version,
        state: if row.state == PUBLISHED { FrameworkState::Published } else { FrameworkState::Draft },
        created_at: utc(row.created_at),
        updated_at: utc(row.updated_at),
        published_at: row.published_at.map(utc),
    }
}

fn version(row: &FrameworkRow) -> ApiResult<FrameworkVersion> {
    Ok(FrameworkVersion { details: item(row), document: stored_json(&row.document)? })
}

/// Frameworks that ship with duiding.
#[utoipa::path(tag = "frameworks", responses((status = 200, description = "All templates", body = Page<FrameworkTemplate>)))]
#[get("/v1/framework-templates")]
pub async fn list_framework_templates(_: SignedIn) -> ApiResult<web::Json<Page<FrameworkTemplate>>> {
    let reference = read_framework(REFERENCE)?;
    let template = FrameworkTemplate { key: reference.key, title: reference.title, languages: reference.languages };
    Ok(web::Json(Page { items: vec![template], next: None }))
}

/// The document of a template, to be handed in as a draft.
#[utoipa::path(tag = "frameworks", params(("templateKey" = String, Path, description = "Template", example = "reference")),
    responses((status = 200, description = "The document", body = Framework)))]
#[get("/v1/framework-templates/{templateKey}")]
pub async fn get_framework_template(_: SignedIn, key: web::Path<String>) -> ApiResult<HttpResponse> {
    if key.as_str() != "reference" {
        return Err(ApiError::not_found());
    }
    Ok(HttpResponse::Ok().content_type("application/json").body(REFERENCE))
}

/// Versions of the project's framework, oldest first. Drafts are for researchers.
#[utoipa::path(tag = "frameworks", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "All versions", body = Page<FrameworkItem>)))]
#[get("/v1/projects/{projectId}/frameworks")]
pub async fn list_frameworks(
    access: Access<ReadProject>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<FrameworkItem>>> {
    let drafts = sees_drafts(&access);
    let rows = state.db.run(move |conn| frameworks::list(conn, &access.project_id)).await?;
    let items = rows.iter().filter(|f| drafts || f.state == PUBLISHED).map(item).collect();
    Ok(web::Json(Page { items, next: None }))
}

fn sees_drafts<N>(access: &Access<N>) -> bool {
    access.role.is_some_and(|r| r.may(crate::domain::role::Capability::EditFramework))
}

/// Begins a draft: the next version. There is one draft at a time.
#[utoipa::path(tag = "frameworks", params(("projectId" = Uuid, Path, description = "Project")), request_body = Framework,
    responses((status = 201, description = "Begun", body = FrameworkVersion, headers(("ETag" = String, description = "Of its document"))),
        (status = 409, description = "There is a draft already")))]
#[post("/v1/projects/{projectId}/frameworks")]
pub async fn create_framework(
    access: Access<EditFramework>,
    body: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    framework::parse(&body.0)?;
    let document = body.0.to_string();
    let row = state
        .db
        .write(move |conn| {
            let row = frameworks::begin_draft(conn, &access.project_id, &document).map_err(|e| match e {
                DbError::Conflict(_) => ApiError::conflict("draftExists", "there is a draft already; edit or delete that"),
                other => other.into(),
            })?;
            record(conn, &Event::on(&access.project_id, &access.actor(), "framework.create", &row.version.to_string(), ""))?;
            Ok::<_, ApiError>(row)
        })
        .await?;
    let location = format!("/v1/projects/{}/frameworks/{}", row.project_id, row.version);
    let tag = (header::ETAG, tag_of(&row));
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).insert_header(tag).json(version(&row)?))
}

/// The `ETag` of a version: of its document.
fn tag_of(row: &FrameworkRow) -> String {
    format!("\"{}\"", &sha256_hex(&row.document)[..32])
}

/// A version with its `ETag`.
fn tagged(row: &FrameworkRow) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag_of(row))).json(version(row)?))
}

/// One version with its `ETag`. Published versions never change, so that devices can keep them.
#[utoipa::path(tag = "frameworks",
    params(("projectId" = Uuid, Path, description = "Project"), ("version" = i32, Path, description = "Version", example = 1)),
    responses((status = 200, description = "The version", body = FrameworkVersion), (status = 304, description = "You have it")))]
#[get("/v1/projects/{projectId}/frameworks/{version}")]
pub async fn get_framework(
    access: Access<ReadProject>,
    path: web::Path<(String, i32)>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let drafts = sees_drafts(&access);
    let row = state.db.run(move |conn| frameworks::get(conn, &access.project_id, path.1)).await?;
    if row.state != PUBLISHED && !drafts {
        return Err(ApiError::not_found());
    }
    let etag = tag_of(&row);
    let known = row.state == PUBLISHED && is_among(&known_tags(&req), &etag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    Ok(if known { response.finish() } else { response.json(version(&row)?) })
}

/// Replaces the document of a draft; with `If-Match` only the one that the writer knows.
#[utoipa::path(tag = "frameworks", request_body = Framework,
    params(("projectId" = Uuid, Path, description = "Project"), ("version" = i32, Path, description = "Version", example = 1), MatchHeader),
    responses((status = 200, description = "Replaced", body = FrameworkVersion, headers(("ETag" = String, description = "Of its document"))),
        (status = 409, description = "Published versions never change"), (status = 412, description = "Somebody changed it meanwhile")))]
#[put("/v1/projects/{projectId}/frameworks/{version}")]
pub async fn update_framework(
    access: Access<EditFramework>,
    path: web::Path<(String, i32)>,
    known: Known,
    body: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    framework::parse(&body.0)?;
    let document = body.0.to_string();
    let row = state
        .db
        .write(move |conn| {
            let draft = require_draft(conn, &access.project_id, path.1)?;
            // What is there already may be sent again: its answer was lost.
            if draft.document != document {
                judge_if_said(&known.0, &tag_of(&draft))?;
            }
            frameworks::set_document(conn, &access.project_id, path.1, &document)?;
            record(conn, &Event::on(&access.project_id, &access.actor(), "framework.update", &path.1.to_string(), ""))?;
            Ok::<_, ApiError>(frameworks::get(conn, &access.project_id, path.1)?)
        })
        .await?;
    tagged(&row)
}

/// Throws a draft away; with `If-Match` only the one that the reader knows.
#[utoipa::path(tag = "frameworks",
    params(("projectId" = Uuid, Path, description = "Project"), ("version" = i32, Path, description = "Version", example = 1), MatchHeader),
    responses((status = 204, description = "Gone"), (status = 409, description = "Published versions never change"),
        (status = 412, description = "Somebody changed it meanwhile")))]
#[delete("/v1/projects/{projectId}/frameworks/{version}")]
pub async fn delete_framework(
    access: Access<EditFramework>,
    path: web::Path<(String, i32)>,
    known: Known,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    state
        .db
        .write(move |conn| {
            let draft = require_draft(conn, &access.project_id, path.1)?;
            judge_if_said(&known.0, &tag_of(&draft))?;
            frameworks::delete_draft(conn, &access.project_id, path.1)?;
            Ok::<_, ApiError>(record(
                conn,
                &Event::on(&access.project_id, &access.actor(), "framework.delete", &path.1.to_string(), ""),
            )?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What the design rules of the field say of a version.
#[utoipa::path(tag = "frameworks",
    params(("projectId" = Uuid, Path, description = "Project"), ("version" = i32, Path, description = "Version", example = 1)),
    responses((status = 200, description = "All findings", body = LintReport)))]
#[get("/v1/projects/{projectId}/frameworks/{version}/lint")]
pub async fn lint_framework(
    access: Access<EditFramework>,
    path: web::Path<(String, i32)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<LintReport>> {
    let row = state.db.run(move |conn| frameworks::get(conn, &access.project_id, path.1)).await?;
    Ok(web::Json(report(&row)?))
}

fn report(row: &FrameworkRow) -> ApiResult<LintReport> {
    let findings = lint(&read_framework(&row.document)?);
    Ok(LintReport { publishable: findings.iter().all(|f| f.severity != Severity::Error), findings })
}

/// Publishes a draft: from now on it never changes, and stories may refer to it. With `If-Match` only the one that was read.
#[utoipa::path(tag = "frameworks",
    params(("projectId" = Uuid, Path, description = "Project"), ("version" = i32, Path, description = "Version", example = 1), MatchHeader),
    responses((status = 200, description = "Published", body = FrameworkVersion, headers(("ETag" = String, description = "Of its document"))),
        (status = 400, description = "The lint found errors; all are listed"), (status = 409, description = "Published already"),
        (status = 412, description = "Somebody changed it meanwhile")))]
#[post("/v1/projects/{projectId}/frameworks/{version}/_publish")]
pub async fn publish_framework(
    access: Access<EditFramework>,
    path: web::Path<(String, i32)>,
    known: Known,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let row = state
        .db
        .write(move |conn| {
            let draft = require_draft(conn, &access.project_id, path.1)?;
            judge_if_said(&known.0, &tag_of(&draft))?;
            let mut problems = crate::domain::problem::Problems::default();
            for f in report(&draft)?.findings.into_iter().filter(|f| f.severity == Severity::Error) {
                problems.add(f.path, &f.code, f.message);
            }
            problems.or_ok(())?;
            frameworks::publish(conn, &access.project_id, path.1)?;
            projects::next_rebuild(conn, &access.project_id)?;
            record(conn, &Event::on(&access.project_id, &access.actor(), "framework.publish", &path.1.to_string(), ""))?;
            webhooks::announce(conn, &access.project_id, EventKind::FrameworkPublished, &path.1.to_string(), 1)?;
            Ok::<_, ApiError>(frameworks::get(conn, &access.project_id, path.1)?)
        })
        .await?;
    tagged(&row)
}

/// The draft, that nobody else changes meanwhile. Errors: not found, published.
fn require_draft(conn: &mut Conn, project_id: &str, version: i32) -> ApiResult<FrameworkRow> {
    frameworks::lock(conn, project_id, version)?;
    let row = frameworks::get(conn, project_id, version)?;
    if row.state == PUBLISHED {
        return Err(ApiError::conflict("published", "a published framework never changes; begin a new version"));
    }
    Ok(row)
}
