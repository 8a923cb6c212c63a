//! Files into a project, streamed to disk first and then taken in as a whole or not at all.

use std::fs::File;
use std::io::{Seek, Write};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, post, web};
use futures_util::{Stream, StreamExt};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Access, ImportData, let_in};
use super::body::{Query, broken, require_type, too_large};
use super::error::{ApiError, ApiResult};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::write_tx;
use crate::domain::problem::{Problems, item, member};
use crate::exchange::RowError;
use crate::transfer::{ImportReport, SensemakerFiles, TransferError, import_sensemaker, import_table};

/// Largest file: 1 GiB.
const MAX_FILE: usize = 1 << 30;
/// Largest framework of a SenseMaker export: 16 MiB.
const MAX_DEFINITION: usize = 16 << 20;

/// A body on disk.
struct Upload(File);

impl FromRequest for Upload {
    type Error = ApiError;
    type Future = futures_util::future::LocalBoxFuture<'static, ApiResult<Self>>;
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let_in(&req).await;
            require_type(&req, &["text/csv"])?;
            to_disk(payload, MAX_FILE, |e| broken(&e)).await.map(Self)
        })
    }
}

/// The two files of a SenseMaker export (`multipart/form-data`).
#[derive(ToSchema)]
#[allow(dead_code)] // the shape for the document; the parts are read one by one
struct SensemakerUpload {
    /// The framework, as JSON.
    #[schema(value_type = String, format = Binary, content_media_type = "application/json")]
    definition: Vec<u8>,
    /// The raw data, as CSV.
    #[schema(value_type = String, format = Binary, content_media_type = "text/csv")]
    data: Vec<u8>,
}

/// To which wave the stories belong.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct IntoWave {
    /// Key of the wave; `1` when absent. It is made when it is not there.
    #[param(example = "1")]
    wave: Option<String>,
}

async fn to_disk<E>(
    mut body: impl Stream<Item = Result<bytes::Bytes, E>> + Unpin,
    limit: usize,
    cut: impl Fn(E) -> ApiError,
) -> ApiResult<File> {
    let mut file = tempfile::tempfile().map_err(|_| ApiError::unavailable())?;
    let mut size = 0;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(&cut)?;
        size += chunk.len();
        if size > limit {
            return Err(too_large(limit));
        }
        file.write_all(&chunk).map_err(|_| ApiError::unavailable())?;
    }
    file.rewind().map_err(ApiError::internal)?;
    Ok(file)
}

/// Imports the stories table (CSV). Participants, tellers and waves that are not known yet are made. All rows are kept,
/// or none: every error names its row and column.
#[utoipa::path(tag = "exchange", params(("projectId" = Uuid, Path, description = "Project")),
    request_body(content = String, content_type = "text/csv", description = "The table, as exported"),
    responses((status = 200, description = "Imported", body = ImportReport)))]
#[post("/v1/projects/{projectId}/imports/stories")]
pub async fn import_stories(
    access: Access<ImportData>,
    upload: Upload,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<ImportReport>> {
    let report =
        in_background(state, access, "import.stories", move |conn, project_id, by| import_table(conn, project_id, upload.0, by));
    Ok(web::Json(report.await?))
}

/// Imports a raw SenseMaker export: its framework becomes the next published version, its stories are of one wave.
#[utoipa::path(tag = "exchange", params(("projectId" = Uuid, Path, description = "Project"), IntoWave),
    request_body(content = SensemakerUpload, content_type = "multipart/form-data"),
    responses((status = 200, description = "Imported", body = ImportReport)))]
#[post("/v1/projects/{projectId}/imports/sensemaker")]
pub async fn import_sensemaker_export(
    access: Access<ImportData>,
    query: Query<IntoWave>,
    form: Result<Multipart, actix_web::Error>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<ImportReport>> {
    let wave = query.0.wave.unwrap_or_else(|| "1".to_owned());
    if !crate::domain::texts::is_key(&wave) {
        return Err(ApiError::field("query.wave", "wrongFormat", "a key has lower-case letters, digits and single hyphens"));
    }
    let wrong_type = |_| {
        let detail = "the body must be multipart/form-data with the files definition and data";
        ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupportedMediaType", detail)
    };
    let (definition, data) = parts(form.map_err(wrong_type)?).await?;
    let report = in_background(state, access, "import.sensemaker", move |conn, project_id, by| {
        let files = SensemakerFiles { definition: &definition, data, wave: &wave };
        import_sensemaker(conn, project_id, files, by)
    });
    Ok(web::Json(report.await?))
}

async fn parts(mut form: Multipart) -> ApiResult<(Vec<u8>, File)> {
    let (mut definition, mut data) = (None, None);
    let mut problems = Problems::default();
    while let Some(field) = form.next().await {
        let field: Field = field.map_err(cut_form)?;
        match field.name() {
            Some("definition") => {
                let mut file = to_disk(field, MAX_DEFINITION, cut_form).await?;
                let mut bytes = Vec::new();
                std::io::Read::read_to_end(&mut file, &mut bytes).map_err(ApiError::internal)?;
                definition = Some(bytes);
            }
            Some("data") => data = Some(to_disk(field, MAX_FILE, cut_form).await?),
            other => problems.add(member("$", other.unwrap_or_default()), "unknownMember", "this part is not known here"),
        }
    }
    for (name, given) in [("definition", definition.is_some()), ("data", data.is_some())] {
        if !given {
            problems.add(member("$", name), "required", "this file is required");
        }
    }
    problems.or_ok(())?;
    Ok((definition.unwrap_or_default(), data.ok_or_else(|| ApiError::internal("no data"))?))
}

fn cut_form(error: MultipartError) -> ApiError {
    match error {
        MultipartError::Payload(e) => broken(&e),
        _ => ApiError::field("$", "incomplete", "the form cannot be read"),
    }
}

/// Runs an import in one transaction, with its entry in the audit trail.
async fn in_background(
    state: web::Data<AppState>,
    access: Access<ImportData>,
    action: &'static str,
    import: impl FnOnce(&mut crate::db::Conn, &str, &str) -> Result<ImportReport, TransferError> + Send + 'static,
) -> ApiResult<ImportReport> {
    let work = move |conn: &mut crate::db::Conn| {
        write_tx(conn, |conn| {
            let (project_id, actor) = (&access.project_id, access.actor());
            let report = import(conn, project_id, &actor)?;
            let detail = format!("{} of {} stories", report.added, report.stories);
            record(conn, &Event { project_id: Some(project_id), actor: &actor, action, subject: None, detail: &detail })?;
            Ok(report)
        })
    };
    let done: Result<ImportReport, TransferError> = state.db.run(work).await;
    Ok(done?)
}

impl From<TransferError> for ApiError {
    fn from(e: TransferError) -> Self {
        match e {
            TransferError::File(problems) => problems.into(),
            TransferError::Rows(errors, count) => rows(&errors, count),
            TransferError::Db(e) => e.into(),
            TransferError::Io(e) => Self::internal(e),
        }
    }
}

/// Row errors as field errors: the path is `rows[17].confidence`.
fn rows(errors: &[RowError], count: u64) -> ApiError {
    let mut problems = Problems::default();
    for e in errors {
        let at = item("$.rows", usize::try_from(e.row).unwrap_or(usize::MAX));
        problems.add(e.column.as_deref().map_or(at.clone(), |c| member(&at, c)), &e.code, e.message.clone());
    }
    ApiError::invalid_rows(problems, count)
}
