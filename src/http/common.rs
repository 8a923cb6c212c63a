//! Small things that several resources share.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, web};

use super::error::{ApiError, ApiResult};
use crate::app::AppState;
use crate::db::{Conn, DbResult, frameworks};
use crate::domain::framework::{self, Framework};
use crate::domain::tags::tags_in;
use crate::secrets::{Sealed, Secrets, open};

/// Reads a document that we wrote ourselves.
pub fn stored_json(text: &str) -> ApiResult<serde_json::Value> {
    serde_json::from_str(text).map_err(ApiError::internal)
}

/// A published framework version, from the cache or the database. `None` when there is no such published version.
pub async fn published_framework(
    state: &web::Data<AppState>,
    project_id: &str,
    version: i32,
) -> ApiResult<Option<Arc<Framework>>> {
    if let Some(found) = state.frameworks.get(project_id, version) {
        return Ok(Some(found));
    }
    let id = project_id.to_owned();
    let found = state.db.run(move |conn| frameworks::get(conn, &id, version).map(Some).or_else(not_found_is_none)).await?;
    let Some(row) = found.filter(|f| f.state == frameworks::PUBLISHED) else { return Ok(None) };
    cached_framework(state, project_id, version, &row.document).map(Some)
}

/// The newest published version of a project. `None` before the first is published.
pub fn newest_published(conn: &mut Conn, project_id: &str) -> DbResult<Option<frameworks::FrameworkRow>> {
    let all = frameworks::list(conn, project_id)?;
    Ok(all.into_iter().rev().find(|f| f.state == frameworks::PUBLISHED))
}

/// The framework of the newest published version. `None` before the first is published.
pub fn newest_framework(conn: &mut Conn, project_id: &str) -> ApiResult<Option<Framework>> {
    newest_published(conn, project_id)?.map(|f| read_framework(&f.document)).transpose()
}

/// A published framework whose document was read from the database: from the cache, or parsed and kept there.
pub fn cached_framework(
    state: &web::Data<AppState>,
    project_id: &str,
    version: i32,
    document: &str,
) -> ApiResult<Arc<Framework>> {
    if let Some(known) = state.frameworks.get(project_id, version) {
        return Ok(known);
    }
    let framework = Arc::new(read_framework(document)?);
    state.frameworks.put(project_id, version, framework.clone());
    Ok(framework)
}

/// Reads a stored framework document, which was checked when it came in.
pub fn read_framework(document: &str) -> ApiResult<Framework> {
    framework::parse(&stored_json(document)?).map_err(|p| ApiError::internal(format!("a stored framework is invalid: {p}")))
}

/// 'Not there' as a value.
pub fn not_found_is_none<T>(e: crate::db::DbError) -> DbResult<Option<T>> {
    match e {
        crate::db::DbError::NotFound => Ok(None),
        other => Err(other),
    }
}

/// The versions that the client has already: what `If-None-Match` names.
pub fn known_tags(req: &HttpRequest) -> Vec<String> {
    let given = req.headers().get_all(header::IF_NONE_MATCH).filter_map(|v| v.to_str().ok());
    given.flat_map(tags_in).collect()
}

/// What was sealed for one place in the database. Errors: 409 when the key is not in the secrets file.
pub fn unsealed(secrets: &Secrets, about: &str, text: &str) -> ApiResult<Vec<u8>> {
    let sealed: Sealed = text.parse().map_err(ApiError::internal)?;
    if secrets.decrypts(&sealed.kid).is_none() {
        let detail = "the key that this was encrypted with is not in the secrets file of this server";
        return Err(ApiError::conflict("keyMissing", detail));
    }
    open(secrets, about, &sealed).map_err(ApiError::internal)
}

/// Reads a name like `active` into its closed list of values.
pub fn named<T: serde::de::DeserializeOwned>(name: &str) -> ApiResult<T> {
    serde_json::from_value(name.into()).map_err(ApiError::internal)
}

/// The name of a value of a closed list.
pub fn name_of<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("a closed list is written as names, not {other:?}"),
    }
}
