//! What a phone says of itself when it has signal, so that somebody notices stories that do not arrive.

use actix_web::{HttpResponse, put, web};
use chrono::{DateTime, DurationRound, NaiveDateTime, TimeDelta, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::EnrolledDevice;
use super::body::Body;
use super::error::{ApiError, ApiResult};
use crate::app::AppState;
use crate::db::devices::{self, DeviceRow, DeviceSaid};

/// What a phone says of itself.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeviceStatus {
    /// Version of the app.
    #[schema(min_length = 1, max_length = 100, example = "1.4.0")]
    app_version: String,
    /// Stories that it keeps and has not delivered.
    #[schema(minimum = 0, maximum = 100000, example = 3)]
    undelivered: i32,
    /// Since when it keeps the oldest of them, by its own clock; kept to the hour.
    #[serde(default)]
    undelivered_oldest_at: Option<DateTime<Utc>>,
    /// Whether its browser promised not to clear what it keeps.
    #[serde(default)]
    #[schema(example = true)]
    storage_persisted: Option<bool>,
}

/// Says how many stories this device keeps that are not delivered yet; the coordinator sees it in the list of devices.
/// A revoked device may say so too.
#[utoipa::path(tag = "devices", request_body = DeviceStatus, responses((status = 204, description = "Noted")))]
#[put("/v1/devices/current/status")]
pub async fn put_device_status(
    device: EnrolledDevice,
    body: Body<DeviceStatus>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (device, status) = (device.0, body.0);
    let said = DeviceSaid {
        undelivered: Some(status.undelivered),
        undelivered_oldest_at: status.undelivered_oldest_at.map(to_the_hour),
        storage_persisted: status.storage_persisted,
    };
    if !is_known(&device, &status.app_version, &said) {
        let write = move |conn: &mut _| Ok::<_, ApiError>(devices::set_said(conn, &device, &status.app_version, &said)?);
        state.db.write(write).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Whether the device said just this within the last minute: not a write for every heartbeat.
fn is_known(device: &DeviceRow, app_version: &str, said: &DeviceSaid) -> bool {
    device.said == *said && device.app_version.as_deref() == Some(app_version) && devices::is_recent(device.undelivered_at)
}

/// The moment of a conversation is nobody's business.
fn to_the_hour(at: DateTime<Utc>) -> NaiveDateTime {
    at.duration_trunc(TimeDelta::hours(1)).unwrap_or_default().naive_utc()
}
