//! All that a phone needs to collect without signal, in one answer.

use std::collections::HashSet;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::EnrolledDevice;
use super::common::{known_tags, newest_published, read_framework, stored_json};
use super::consent_texts::{self, ConsentText};
use super::devices::{Assignment, assignment};
use super::error::{ApiError, ApiResult};
use super::forward_keys::{self, ForwardKey};
use super::waves::{self, Wave};
use crate::app::AppState;
use crate::db::devices::DeviceRow;
use crate::db::framework_assets::AssetRow;
use crate::db::{self, Conn, DbResult, consents, framework_assets, read_tx};
use crate::domain::canonical::sha256_hex;
use crate::domain::framework::Framework;
use crate::domain::tags::is_among;

/// All that a phone needs to collect without signal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DevicePackage {
    /// What to collect.
    assignment: Assignment,
    /// Newest published framework; null before the first is published.
    framework: Option<PackagedFramework>,
    /// The wave of the assignment.
    wave: Option<Wave>,
    /// The newest version of every text that people agree to.
    consent_texts: Vec<ConsentText>,
    /// For closing what cannot be delivered; null only where the secrets file of the server has no encryption key.
    forward_key: Option<ForwardKey>,
    /// Recordings that the framework names.
    assets: Vec<PackagedAsset>,
}

/// The framework to collect by.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PackagedFramework {
    /// Its version, as story bodies name it.
    #[schema(example = 1)]
    version: i32,
    /// The document.
    #[schema(value_type = Framework)]
    document: Value,
}

/// A recording that the framework names.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PackagedAsset {
    /// Name, as in the framework.
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
}

/// All that this device needs to collect without signal. Its `ETag` changes with any part of it. A revoked device gets it
/// too: what was begun can be finished, and is held.
#[utoipa::path(tag = "devices", responses(
    (status = 200, description = "The package", body = DevicePackage,
        headers(("ETag" = String, description = "Changes with any part of the package"))),
    (status = 304, description = "You have it")))]
#[get("/v1/devices/current/package")]
pub async fn get_device_package(device: EnrolledDevice, req: HttpRequest, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let (device, secrets) = (device.0, state.keys.get());
    let package = state.db.run(move |conn| {
        let forward_key = forward_keys::current(conn, &secrets, &device.project_id, &format!("device:{}", device.id))?;
        read_tx(conn, |conn| package(conn, &device, forward_key))
    });
    let body = serde_json::to_string(&package.await?).map_err(ApiError::internal)?;
    let etag = format!("\"{}\"", &sha256_hex(&body)[..32]);
    let known = is_among(&known_tags(&req), &etag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, etag));
    Ok(if known { response.finish() } else { response.content_type("application/json").body(body) })
}

fn package(conn: &mut Conn, device: &DeviceRow, forward_key: Option<ForwardKey>) -> ApiResult<DevicePackage> {
    let project_id = &device.project_id;
    let framework = newest_published(conn, project_id)?;
    let assets = match &framework {
        Some(row) => assets(conn, project_id, &read_framework(&row.document)?)?,
        None => Vec::new(),
    };
    let framework =
        framework.map(|f| Ok::<_, ApiError>(PackagedFramework { version: f.version, document: stored_json(&f.document)? }));
    let texts = consents::newest_texts(conn, project_id)?.into_iter().map(consent_texts::view);
    Ok(DevicePackage {
        assignment: assignment(conn, device)?,
        framework: framework.transpose()?,
        wave: db::waves::get(conn, project_id, &device.wave)?.map(waves::view).transpose()?,
        consent_texts: texts.collect::<ApiResult<_>>()?,
        forward_key,
        assets,
    })
}

/// The recordings that a framework names and the project keeps.
fn assets(conn: &mut Conn, project_id: &str, framework: &Framework) -> DbResult<Vec<PackagedAsset>> {
    let names: HashSet<&str> = framework.recordings().collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let named = framework_assets::list(conn, project_id)?.into_iter().filter(|row| names.contains(row.name.as_str()));
    let view = |row: AssetRow| PackagedAsset { name: row.name, sha256: row.sha256, bytes: row.bytes, media_type: row.media_type };
    Ok(named.map(view).collect())
}
