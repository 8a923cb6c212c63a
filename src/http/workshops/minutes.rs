//! What came of a workshop: as JSON, and as a page that can be read and printed.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Present, minutes_page};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::{Conn, read_tx};
use crate::domain::texts::is_language_tag;
use crate::http::auth::{self, Access, ExportData};
use crate::http::body::Query;
use crate::http::error::{ApiError, ApiResult};
use crate::http::exports::download;
use crate::http::stream::of_writer;
use crate::transfer::TransferError;
use crate::transfer::workshops::{Minutes, Reader, minutes, write_minutes};

/// Form of the minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum MinutesFormat {
    /// For programs.
    Json,
    /// A page to read and print.
    Html,
}

/// How to give the minutes.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MinutesQuery {
    /// Form; when absent, a page where `Accept` asks for `text/html`, else JSON.
    #[param(inline)]
    format: Option<MinutesFormat>,
    /// Language of its own words (BCP 47): Dutch, or English for any other; `nl` when absent.
    #[param(example = "nl")]
    language: Option<String>,
}

/// How to give the minutes of all workshops.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WorkshopsQuery {
    /// Language of the sentences of findings (BCP 47): Dutch, or English for any other; `nl` when absent.
    #[param(example = "nl")]
    language: Option<String>,
}

fn language(given: Option<String>) -> ApiResult<String> {
    let language = given.unwrap_or_else(|| "nl".to_owned());
    if is_language_tag(&language) {
        Ok(language)
    } else {
        Err(ApiError::field("query.language", "wrongFormat", "not a BCP-47 language tag"))
    }
}

fn accepted(req: &HttpRequest) -> MinutesFormat {
    let accept = req.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
    if accept.contains("text/html") { MinutesFormat::Html } else { MinutesFormat::Json }
}

/// The minutes of a workshop: exhibits with what people wrote about them, with names and counts of votes, and the clusters.
/// A finding that is withheld from whoever asks is withheld here too.
#[utoipa::path(tag = "workshops",
    params(("projectId" = Uuid, Path, description = "Project"), ("workshopId" = Uuid, Path, description = "Workshop"), MinutesQuery),
    responses((status = 200, description = "The minutes", content((Minutes = "application/json"), (String = "text/html")))))]
#[get("/v1/projects/{projectId}/workshops/{workshopId}/minutes")]
pub async fn get_minutes(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid)>,
    query: Query<MinutesQuery>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let format = query.0.format.unwrap_or_else(|| accepted(&req));
    let reader = Reader::of(access.audience(), &language(query.0.language)?);
    let read = move |conn: &mut Conn| {
        read_tx(conn, |conn| {
            let present = Present::reader(conn, &access, path.1)?;
            Ok::<_, ApiError>(minutes(conn, &access.project_id, &present.workshop, reader)?)
        })
    };
    let told = state.db.run(read).await?;
    Ok(match format {
        MinutesFormat::Json => HttpResponse::Ok().json(told),
        MinutesFormat::Html => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_SECURITY_POLICY, minutes_page::policy()))
            .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"minutes.html\""))
            .body(minutes_page::page(&told)),
    })
}

/// The minutes of all workshops as JSON lines, newest first. External researchers get them without names of people and without
/// findings that were computed for researchers. When something goes wrong on the way the connection breaks.
#[utoipa::path(tag = "exchange", params(("projectId" = Uuid, Path, description = "Project"), WorkshopsQuery),
    responses((status = 200, description = "The file", content_type = "application/jsonl", body = Minutes)))]
#[get("/v1/projects/{projectId}/exports/workshops")]
pub async fn export_workshops(
    access: Access<ExportData>,
    query: Query<WorkshopsQuery>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let reader = Reader::of(access.audience(), &language(query.0.language)?);
    let (project_id, actor) = (access.project_id.clone(), access.actor());
    let note = move |conn: &mut Conn| record(conn, &Event::of_many(&project_id, &actor, "export.workshops", ""));
    state.db.write::<(), crate::db::DbError>(note).await?;
    let body = of_writer(move |out| {
        let written = state.db.run_blocking(|conn| read_tx(conn, |conn| write_minutes(conn, &access.project_id, reader, out)));
        written.map_err(|e: TransferError| std::io::Error::other(e.to_string()))
    });
    Ok(download("application/jsonl", "workshops.jsonl").streaming(body))
}
