//! Assignments for facilitators: a one-time code, and the sheet that it is handed out on.

use actix_web::{HttpResponse, delete, get, post, web};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ManageDevices};
use super::body::Body;
use super::common::newest_framework;
use super::devices::{keys, uuid};
use super::error::{ApiError, ApiResult};
use super::page::{Page, utc};
use crate::app::AppState;
use crate::config::Config;
use crate::db::audit::{Event, record};
use crate::db::devices::{self, EnrolmentRow};
use crate::db::{Conn, now, waves};
use crate::domain::framework::Framework;
use crate::domain::problem::{Problems, item};
use crate::secrets::{new_token, prefix};

/// An assignment for a facilitator.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Enrolment {
    /// Random id.
    id: Uuid,
    /// Name under which the project knows the facilitator.
    #[schema(example = "facilitator 3")]
    facilitator: String,
    /// Key of the wave.
    #[schema(example = "1")]
    wave: String,
    /// Keys of the perspectives to collect.
    #[schema(example = json!(["candidate"]))]
    perspectives: Vec<String>,
    /// Until when the code works.
    expires_at: DateTime<Utc>,
    /// When the code was exchanged.
    used_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    revoked_at: Option<DateTime<Utc>>,
}

/// An assignment to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewEnrolment {
    /// Name under which the project knows the facilitator.
    #[schema(min_length = 1, max_length = 100, example = "facilitator 3")]
    pub facilitator: String,
    /// Key of the wave.
    #[schema(max_length = 64, example = "1")]
    pub wave: String,
    /// Keys of the perspectives to collect.
    #[schema(min_items = 1, max_items = 50, example = json!(["candidate"]))]
    pub perspectives: Vec<String>,
    /// Days that the code works.
    #[serde(default = "a_month")]
    #[schema(minimum = 1, maximum = 365, default = 30, example = 30)]
    pub days: i64,
}

/// Days that a code works unless somebody says otherwise.
pub fn a_month() -> i64 {
    30
}

/// An assignment with its code, which is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeEnrolment {
    /// The assignment.
    enrolment: Enrolment,
    /// One-time code.
    #[schema(example = "due_...")]
    code: String,
    /// Link with the code in its fragment, which browsers never send to a server.
    #[schema(example = "https://duiding.example.org/collect#enrol=due_...")]
    link: String,
}
fn enrolment(row: EnrolmentRow) -> ApiResult<Enrolment> {
    Ok(Enrolment {
        id: uuid(&row.id)?,
        perspectives: keys(&row.perspectives)?,
        facilitator: row.facilitator,
        wave: row.wave,
        expires_at: utc(row.expires_at),
        used_at: row.used_at.map(utc),
        revoked_at: row.revoked_at.map(utc),
    })
}

/// Assignments of the project, newest first.
#[utoipa::path(tag = "devices", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "All assignments", body = Page<Enrolment>)))]
#[get("/v1/projects/{projectId}/enrolments")]
pub async fn list_enrolments(access: Access<ManageDevices>, state: web::Data<AppState>) -> ApiResult<web::Json<Page<Enrolment>>> {
    let rows = state.db.run(move |conn| devices::enrolments(conn, &access.project_id)).await?;
    let items: ApiResult<Vec<_>> = rows.into_iter().map(enrolment).collect();
    Ok(web::Json(Page { items: items?, next: None }))
}

/// Makes an assignment with a one-time code for a facilitator's device.
#[utoipa::path(tag = "devices", params(("projectId" = Uuid, Path, description = "Project")), request_body = NewEnrolment,
    responses((status = 201, description = "Made; the code is shown this once", body = MadeEnrolment)))]
#[post("/v1/projects/{projectId}/enrolments")]
pub async fn create_enrolment(
    access: Access<ManageDevices>,
    body: Body<NewEnrolment>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let new = body.0;
    let (code, row) = prepared(&access, &new)?;
    let made = row.clone();
    state
        .db
        .write(move |conn| {
            let mut problems = Problems::default();
            check(conn, &made.project_id, &new.wave, &new.perspectives, &mut problems)?;
            problems.or_ok(())?;
            insert(conn, &made)
        })
        .await?;
    let link = link(&state.config, &code);
    Ok(HttpResponse::Created().json(MadeEnrolment { enrolment: enrolment(row)?, code, link }))
}

/// An assignment that is not written yet, with its code.
pub fn prepared(access: &Access<ManageDevices>, new: &NewEnrolment) -> ApiResult<(String, EnrolmentRow)> {
    let (code, code_hash) = new_token(prefix::ENROLMENT);
    let row = EnrolmentRow {
        project_id: access.project_id.clone(),
        id: Uuid::new_v4().to_string(),
        facilitator: new.facilitator.clone(),
        wave: new.wave.clone(),
        perspectives: serde_json::to_string(&new.perspectives).map_err(ApiError::internal)?,
        code_hash,
        created_by: access.actor(),
        created_at: now(),
        expires_at: now() + Duration::days(new.days),
        used_at: None,
        revoked_at: None,
    };
    Ok((code, row))
}

/// Where a facilitator opens the story form for the first time. The code is in the fragment, which browsers never send.
pub fn link(config: &Config, code: &str) -> String {
    format!("{}/collect#enrol={code}", config.public_url)
}

/// Writes an assignment, and that it was made.
pub fn insert(conn: &mut Conn, row: &EnrolmentRow) -> ApiResult<()> {
    devices::insert_enrolment(conn, row)?;
    Ok(record(conn, &Event::on(&row.project_id, &row.created_by, "enrolment.create", &row.id, ""))?)
}

/// Adds what does not exist of the wave and the perspectives. Answers the published framework, if there is one.
pub fn check(
    conn: &mut Conn,
    project_id: &str,
    wave: &str,
    perspectives: &[String],
    problems: &mut Problems,
) -> ApiResult<Option<Framework>> {
    if waves::get(conn, project_id, wave)?.is_none() {
        problems.add("$.wave", "unknownOption", "not a wave of this project");
    }
    let framework = newest_framework(conn, project_id)?;
    for (i, perspective) in perspectives.iter().enumerate() {
        if !framework.as_ref().is_some_and(|f| f.has_perspective(perspective)) {
            problems.add(item("$.perspectives", i), "unknownOption", "not a perspective of the published framework");
        }
    }
    Ok(framework)
}

/// Takes an assignment back: its code does not work any more. A device that has used it is revoked apart.
#[utoipa::path(tag = "devices",
    params(("projectId" = Uuid, Path, description = "Project"), ("enrolmentId" = Uuid, Path, description = "Assignment")),
    responses((status = 204, description = "Taken back")))]
#[delete("/v1/projects/{projectId}/enrolments/{enrolmentId}")]
pub async fn delete_enrolment(
    access: Access<ManageDevices>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    state
        .db
        .write(move |conn| {
            devices::revoke_enrolment(conn, &access.project_id, &id)?;
            record(conn, &Event::on(&access.project_id, &access.actor(), "enrolment.delete", &id, ""))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
