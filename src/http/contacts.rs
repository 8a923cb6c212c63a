//! How to reach a participant: encrypted, for coordinators, one person at a time. No list, analysis or file has it, and it
//! goes when the person withdraws.

use actix_web::{HttpResponse, delete, get, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ManageParticipants};
use super::body::Body;
use super::common::{name_of, unsealed};
use super::error::{ApiError, ApiResult};
use super::page::utc;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::contacts::{self, ContactRow};
use crate::db::participants::{self, ParticipantRow};
use crate::db::{Conn, now, projects};
use crate::domain::participant::ParticipantStatus;
use crate::domain::texts::is_language_tag;
use crate::secrets::{Secrets, seal};

/// How to reach a participant; every member may be absent.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contact {
    /// Name.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// Address.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub address: Option<String>,
    /// Telephone number.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub telephone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// Preferred language (BCP 47).
    #[serde(default)]
    #[schema(max_length = 35, example = "nl")]
    pub language: Option<String>,
    /// What to know for making an appointment.
    #[serde(default)]
    #[schema(max_length = 2000, example = "Not on Fridays")]
    pub note: Option<String>,
}

/// How to reach a participant, as it is kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptContact {
    /// The contact data.
    contact: Contact,
    /// When it was written.
    updated_at: DateTime<Utc>,
}

/// What the contact data of a participant is sealed for: it opens nowhere else.
fn sealed_for(project_id: &str, participant_id: &str) -> String {
    format!("contact/{project_id}/{participant_id}")
}

/// Errors: not found.
fn participant(conn: &mut Conn, project_id: &str, id: &str) -> ApiResult<ParticipantRow> {
    participants::by_id(conn, project_id, id)?.ok_or_else(ApiError::not_found)
}

/// How to reach a participant. That it was read is in the audit trail.
#[utoipa::path(tag = "participants",
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 200, description = "The contact data", body = KeptContact),
        (status = 409, description = "The key that it was encrypted with is not in the secrets file of this server")))]
#[get("/v1/projects/{projectId}/participants/{participantId}/contact")]
pub async fn get_contact(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<KeptContact>> {
    let (id, secrets) = (path.1.to_string(), state.keys.get());
    let kept = state
        .db
        .write(move |conn| {
            let project_id = &access.project_id;
            participant(conn, project_id, &id)?;
            let row = contacts::get(conn, project_id, &id)?.ok_or_else(ApiError::not_found)?;
            let text = unsealed(&secrets, &sealed_for(project_id, &id), &row.sealed)?;
            let contact = serde_json::from_slice(&text).map_err(|_| ApiError::internal("contact data is not understood"))?;
            record(conn, &Event::on(project_id, &access.actor(), "contact.read", &id, ""))?;
            Ok::<_, ApiError>(KeptContact { contact, updated_at: utc(row.updated_at) })
        })
        .await?;
    Ok(web::Json(kept))
}

/// How to reach a participant, for the part of what is kept about this person that the coordinator hands out. Errors: 409
/// when the key is not in the secrets file.
pub fn of_person(conn: &mut Conn, secrets: &Secrets, project_id: &str, id: &str) -> ApiResult<Option<Contact>> {
    let Some(row) = contacts::get(conn, project_id, id)? else { return Ok(None) };
    let text = unsealed(secrets, &sealed_for(project_id, id), &row.sealed)?;
    serde_json::from_slice(&text).map(Some).map_err(|_| ApiError::internal("contact data is not understood"))
}

/// Keeps how to reach a participant, encrypted, in place of what was there.
#[utoipa::path(tag = "participants", request_body = Contact,
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 204, description = "Kept"), (status = 409, description = "The participant withdrew")))]
#[put("/v1/projects/{projectId}/participants/{participantId}/contact")]
pub async fn put_contact(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    body: Body<Contact>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (id, secrets, contact) = (path.1.to_string(), state.keys.get(), body.0);
    let text = serde_json::to_string(&contact).map_err(ApiError::internal)?;
    state
        .db
        .write(move |conn| {
            let (project_id, actor) = (&access.project_id, access.actor());
            // A withdrawal holds this lock too: what it removes does not come back.
            projects::lock(conn, project_id)?;
            if participant(conn, project_id, &id)?.status == name_of(&ParticipantStatus::Withdrawn) {
                return Err(ApiError::conflict("withdrawn", "whoever withdrew is not contacted any more"));
            }
            if contact.language.as_deref().is_some_and(|tag| !is_language_tag(tag)) {
                return Err(ApiError::field("$.language", "wrongFormat", "not a BCP-47 language tag"));
            }
            let row = ContactRow {
                project_id: project_id.clone(),
                participant_id: id.clone(),
                sealed: seal(&secrets, &sealed_for(project_id, &id), text.as_bytes()).map_err(ApiError::internal)?.to_string(),
                updated_by: actor.clone(),
                updated_at: now(),
            };
            contacts::put(conn, &row)?;
            Ok(record(conn, &Event::on(project_id, &actor, "contact.write", &id, ""))?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes how to reach a participant.
#[utoipa::path(tag = "participants",
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 204, description = "Removed")))]
#[delete("/v1/projects/{projectId}/participants/{participantId}/contact")]
pub async fn delete_contact(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    state
        .db
        .write(move |conn| {
            if !contacts::forget(conn, &access.project_id, &id)? {
                return Err(ApiError::not_found());
            }
            Ok(record(conn, &Event::on(&access.project_id, &access.actor(), "contact.delete", &id, ""))?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
