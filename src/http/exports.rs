//! A project into files, streamed.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Access, ExportData};
use super::body::Query;
use super::error::{ApiError, ApiResult};
use super::stream::of_writer;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::{read_tx, write_tx};
use crate::domain::role::{Audience, Capability};
use crate::domain::texts::is_language_tag;
use crate::exchange::jsonl::StoryLine;
use crate::exchange::package::DataPackage;
use crate::exchange::table::WriterOptions;
use crate::transfer::{Selection, TransferError, describe_package, write_codebook_csv, write_story_lines, write_table};

/// Form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum ExportFormat {
    /// The stories table (RFC 4180).
    Csv,
    /// JSON lines, complete: all versions and translations; for researchers only.
    Jsonl,
}

/// How to write the stories.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// Form; when absent, what `Accept` asks for, else CSV.
    #[param(inline)]
    format: Option<ExportFormat>,
    /// Leave texts that look like formulas as they are, for statistics tools.
    #[param(default = false)]
    raw: Option<bool>,
}

/// How to write the code book.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CodebookQuery {
    /// Language of its words (BCP 47); `en` when absent.
    #[param(example = "nl")]
    language: Option<String>,
    /// Leave texts that look like formulas as they are, for statistics tools.
    #[param(default = false)]
    raw: Option<bool>,
}

fn options(raw: Option<bool>) -> WriterOptions {
    WriterOptions { defuse: !raw.unwrap_or(false) }
}

/// What this reader may take out.
fn selection(access: &Access<ExportData>) -> Selection {
    match access.role.map(|r| r.audience()) {
        Some(Audience::Researcher) => Selection::All,
        _ => Selection::ReleasedPseudonymised,
    }
}

fn language(given: Option<String>) -> ApiResult<String> {
    let language = given.unwrap_or_else(|| "en".to_owned());
    if is_language_tag(&language) {
        Ok(language)
    } else {
        Err(ApiError::field("query.language", "wrongFormat", "not a BCP-47 language tag"))
    }
}

/// All stories as a file: the table (CSV) or JSON lines. Researchers get every active story with codes; external
/// researchers get released versions with a pseudonym for the participant. When something goes wrong on the way the
/// connection breaks: a cut file never looks whole.
#[utoipa::path(tag = "exchange", params(("projectId" = Uuid, Path, description = "Project"), ExportQuery),
    responses((status = 200, description = "The file", content((String = "text/csv"), (StoryLine = "application/jsonl")))))]
#[get("/v1/projects/{projectId}/exports/stories")]
pub async fn export_stories(
    access: Access<ExportData>,
    query: Query<ExportQuery>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let format = query.0.format.unwrap_or_else(|| accepted(&req));
    let selection = selection(&access);
    if format == ExportFormat::Jsonl && !access.role.is_some_and(|r| r.may(Capability::ReadRaw)) {
        return Err(ApiError::forbidden("JSON lines have every version of every story: they are for researchers"));
    }
    note(&state, &access, "export.stories").await?;
    let (project_id, options) = (access.project_id, options(query.0.raw));
    let (kind, name) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8; header=present", "stories.csv"),
        ExportFormat::Jsonl => ("application/jsonl", "stories.jsonl"),
    };
    let body = of_writer(move |out| {
        let written = state.db.run_blocking(|conn| {
            read_tx(conn, |conn| match format {
                ExportFormat::Csv => write_table(conn, &project_id, selection, options, out).map(|_| ()),
                ExportFormat::Jsonl => write_story_lines(conn, &project_id, out).map(|_| ()),
            })
        });
        written.map_err(|e: TransferError| std::io::Error::other(e.to_string()))
    });
    Ok(download(kind, name).streaming(body))
}

fn accepted(req: &HttpRequest) -> ExportFormat {
    let accept = req.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
    if accept.contains("jsonl") || accept.contains("ndjson") { ExportFormat::Jsonl } else { ExportFormat::Csv }
}

/// An answer that browsers save under this name.
pub(super) fn download(kind: &str, name: &str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")));
    response
}

/// The code book of the stories table: one row a column.
#[utoipa::path(tag = "exchange", params(("projectId" = Uuid, Path, description = "Project"), CodebookQuery),
    responses((status = 200, description = "The code book", content_type = "text/csv", body = String)))]
#[get("/v1/projects/{projectId}/exports/codebook")]
pub async fn export_codebook(
    access: Access<ExportData>,
    query: Query<CodebookQuery>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (language, options) = (language(query.0.language)?, options(query.0.raw));
    let written = state
        .db
        .run(move |conn| read_tx(conn, |conn| write_codebook_csv(conn, &access.project_id, &language, options, Vec::new())));
    let (bytes, _) = written.await?;
    Ok(download("text/csv; charset=utf-8; header=present", "codebook.csv").body(bytes))
}

/// The manifest of an export (Frictionless Data Package): columns, row counts and SHA-256 of the files that the other
/// exports answer with the same `raw` and `language`. Compare with it to know that a file is whole.
#[utoipa::path(tag = "exchange", params(("projectId" = Uuid, Path, description = "Project"), CodebookQuery),
    responses((status = 200, description = "The manifest", body = DataPackage)))]
#[get("/v1/projects/{projectId}/exports/datapackage")]
pub async fn export_datapackage(
    access: Access<ExportData>,
    query: Query<CodebookQuery>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (language, options, selection) = (language(query.0.language)?, options(query.0.raw), selection(&access));
    let described =
        state.db.run(move |conn| read_tx(conn, |conn| describe_package(conn, &access.project_id, selection, &language, options)));
    let package: DataPackage = described.await.map_err(|e: TransferError| ApiError::from(e))?;
    Ok(HttpResponse::Ok().content_type("application/json").body(package.to_json()))
}

async fn note(state: &web::Data<AppState>, access: &Access<ExportData>, action: &'static str) -> ApiResult<()> {
    let (project_id, actor) = (access.project_id.clone(), access.actor());
    let written = state.db.run(move |conn| {
        write_tx(conn, |conn| {
            record(conn, &Event { project_id: Some(&project_id), actor: &actor, action, subject: None, detail: "" })
        })
    });
    Ok(written.await?)
}
