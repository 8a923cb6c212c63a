//! Facilitators' phones: enrolment by a one-time code, and what a device may know about itself.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, EnrolledDevice, ManageDevices, Public};
use super::body::Body;
use super::common::newest_published;
use super::error::{ApiError, ApiResult};
use super::guesses::{Guess, note_wrong};
use super::page::{Page, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::devices::{self, DeviceRow, DeviceSaid};
use crate::db::{Conn, now, projects};
use crate::secrets::{new_token, prefix, token_hash};

/// Exchanging a one-time code for a device token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EnrolmentCode {
    /// One-time code.
    #[schema(max_length = 200, example = "due_...")]
    code: String,
    /// Version of the app.
    #[schema(max_length = 100, example = "1.4.0")]
    app_version: Option<String>,
}

/// An enrolled device with its token, which is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EnrolledDeviceTokens {
    /// For the Authorization header.
    #[schema(example = "dud_...")]
    token: String,
    /// What to collect.
    assignment: Assignment,
}

/// What a device is to collect.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// Id of the device.
    device_id: Uuid,
    /// The project.
    project_id: Uuid,
    /// Name of the project.
    project_title: String,
    /// Name under which the project knows the facilitator.
    #[schema(example = "facilitator 3")]
    facilitator: String,
    /// Key of the wave; stories take it from here, never from a clock.
    #[schema(example = "1")]
    wave: String,
    /// Keys of the perspectives to collect.
    #[schema(example = json!(["candidate"]))]
    perspectives: Vec<String>,
    /// Newest published framework version.
    #[schema(example = 1)]
    framework_version: Option<i32>,
    /// Whether the device was revoked: nothing new may be told, but what was told before is still taken in.
    revoked: bool,
}

/// A facilitator's device.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Device {
    /// Random id.
    id: Uuid,
    /// Name under which the project knows the facilitator.
    #[schema(example = "facilitator 3")]
    facilitator: String,
    /// Key of the wave.
    #[schema(example = "1")]
    wave: String,
    /// Keys of the perspectives to collect.
    perspectives: Vec<String>,
    /// Version of the app, as last told.
    #[schema(example = "1.4.0")]
    app_version: Option<String>,
    /// When it was enrolled.
    created_at: DateTime<Utc>,
    /// When it last delivered or said something of itself, to the minute.
    last_seen_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    revoked_at: Option<DateTime<Utc>>,
    /// Stories that it keeps and has not delivered, as last told; null when it never said.
    #[schema(example = 3)]
    undelivered: Option<i32>,
    /// When it said so.
    undelivered_at: Option<DateTime<Utc>>,
    /// Since when it keeps the oldest of them, by its own clock, to the hour.
    undelivered_oldest_at: Option<DateTime<Utc>>,
    /// Whether its browser promised not to clear what it keeps; null when it did not say.
    storage_persisted: Option<bool>,
}

/// An id as it is in the database.
pub fn uuid(text: &str) -> ApiResult<Uuid> {
    Uuid::parse_str(text).map_err(ApiError::internal)
}

/// A list of keys as it is in the database.
pub fn keys(json: &str) -> ApiResult<Vec<String>> {
    serde_json::from_str(json).map_err(ApiError::internal)
}

/// Exchanges a one-time code for a device token. The code is in the body, never in an address.
#[utoipa::path(tag = "devices", security(()), request_body = EnrolmentCode, responses(
    (status = 201, description = "Enrolled; the token is shown this once", body = EnrolledDeviceTokens),
    (status = 410, description = "The code does not work (any more)"),
    (status = 429, description = "Too many wrong codes from this address; see `Retry-After`")))]
#[post("/v1/devices/_enrol")]
pub async fn enrol_device(
    _: Public,
    body: Body<EnrolmentCode>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let code_hash = token_hash(&body.0.code);
    let (token, hash) = new_token(prefix::DEVICE);
    let app_version = body.0.app_version;
    let assignment = state
        .db
        .write(move |conn| {
            let Some(used) = devices::use_enrolment(conn, &code_hash)? else { return Ok(None) };
            let device = DeviceRow {
                project_id: used.project_id,
                id: Uuid::new_v4().to_string(),
                enrolment_id: used.id,
                facilitator: used.facilitator,
                wave: used.wave,
                perspectives: used.perspectives,
                token_hash: hash,
                app_version,
                created_at: now(),
                last_seen_at: None,
                revoked_at: None,
                said: DeviceSaid::default(),
                undelivered_at: None,
            };
            devices::insert(conn, &device)?;
            let actor = format!("device:{}", device.id);
            record(conn, &Event::on(&device.project_id, &actor, "device.create", &device.id, ""))?;
            assignment(conn, &device).map(Some)
        })
        .await?;
    let Some(assignment) = assignment else {
        note_wrong(&state, &req, Guess::Enrolment).await?;
        return Err(ApiError::new(StatusCode::GONE, "gone", "this code does not work (any more)"));
    };
    Ok(HttpResponse::Created().json(EnrolledDeviceTokens { token, assignment }))
}

/// What a device is to collect, as the project says it now.
pub fn assignment(conn: &mut Conn, device: &DeviceRow) -> ApiResult<Assignment> {
    let project = projects::by_id(conn, &device.project_id)?.ok_or_else(ApiError::not_found)?;
    Ok(Assignment {
        device_id: uuid(&device.id)?,
        project_id: uuid(&device.project_id)?,
        project_title: project.title,
        facilitator: device.facilitator.clone(),
        wave: device.wave.clone(),
        perspectives: keys(&device.perspectives)?,
        framework_version: newest_published(conn, &device.project_id)?.map(|f| f.version),
        revoked: device.revoked_at.is_some(),
    })
}

/// What this device is to collect, and whether it was revoked.
#[utoipa::path(tag = "devices", responses((status = 200, description = "The assignment", body = Assignment)))]
#[get("/v1/devices/current")]
pub async fn get_current_device(device: EnrolledDevice, state: web::Data<AppState>) -> ApiResult<web::Json<Assignment>> {
    Ok(web::Json(state.db.run(move |conn| assignment(conn, &device.0)).await?))
}

/// Devices of the project, newest first, with their last contact and what they have not delivered yet.
#[utoipa::path(tag = "devices", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "All devices", body = Page<Device>)))]
#[get("/v1/projects/{projectId}/devices")]
pub async fn list_devices(access: Access<ManageDevices>, state: web::Data<AppState>) -> ApiResult<web::Json<Page<Device>>> {
    let rows = state.db.run(move |conn| devices::list(conn, &access.project_id)).await?;
    let view = |row: DeviceRow| {
        Ok(Device {
            id: uuid(&row.id)?,
            perspectives: keys(&row.perspectives)?,
            facilitator: row.facilitator,
            wave: row.wave,
            app_version: row.app_version,
            created_at: utc(row.created_at),
            last_seen_at: row.last_seen_at.map(utc),
            revoked_at: row.revoked_at.map(utc),
            undelivered: row.said.undelivered,
            undelivered_at: row.undelivered_at.map(utc),
            undelivered_oldest_at: row.said.undelivered_oldest_at.map(utc),
            storage_persisted: row.said.storage_persisted,
        })
    };
    let items: ApiResult<Vec<_>> = rows.into_iter().map(view).collect();
    Ok(web::Json(Page { items: items?, next: None }))
}

/// Revokes a device. What it still delivers was told before: it is held, not lost.
#[utoipa::path(tag = "devices",
    params(("projectId" = Uuid, Path, description = "Project"), ("deviceId" = Uuid, Path, description = "Device")),
    responses((status = 204, description = "Revoked")))]
#[delete("/v1/projects/{projectId}/devices/{deviceId}")]
pub async fn delete_device(
    access: Access<ManageDevices>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    state
        .db
        .write(move |conn| {
            devices::revoke(conn, &access.project_id, &id)?;
            record(conn, &Event::on(&access.project_id, &access.actor(), "device.delete", &id, ""))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
