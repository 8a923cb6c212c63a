//! The rights of those whom data are about: finding what there is of somebody, and keeping it without using it.

use actix_web::{HttpResponse, delete, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ManageParticipants};
use super::body::Body;
use super::common::named;
use super::error::{ApiError, ApiResult};
use super::page::utc;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::stories::StoryRow;
use crate::db::subjects::{self, Subject};
use crate::db::{Conn, DbResult, now, participants, tellers};
use crate::domain::participant::ParticipantStatus;

/// Whom to look for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SubjectSearch {
    /// The code as it is on the card.
    #[schema(min_length = 1, max_length = 64, example = "7K3M-PX2C")]
    code: String,
}

/// What there is of somebody. A participant and the teller of the own stories may have the same code: then both are given.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubjectFound {
    /// The participant with this code.
    participant: Option<ParticipantFound>,
    /// The teller with this code.
    teller: Option<TellerFound>,
}

/// What there is of a participant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ParticipantFound {
    /// Random id.
    id: Uuid,
    /// Whether this person is still followed.
    status: ParticipantStatus,
    /// Since when the data are only kept, and not used.
    restricted_at: Option<DateTime<Utc>>,
    /// Stories about this person, whoever told them; withdrawn ones are gone.
    #[schema(example = 4)]
    stories: usize,
    /// Tellers who are linked to this person.
    tellers: Vec<LinkedTeller>,
}

/// A teller who is linked to a participant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LinkedTeller {
    /// Random id.
    id: Uuid,
    /// Code.
    #[schema(example = "9QWT-5H2A")]
    code: String,
    /// Key of the perspective.
    #[schema(example = "job-coach")]
    perspective: String,
}

/// What there is of a teller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TellerFound {
    /// Random id.
    id: Uuid,
    /// Key of the perspective.
    #[schema(example = "job-coach")]
    perspective: String,
    /// When this person stopped taking part.
    withdrawn_at: Option<DateTime<Utc>>,
    /// Since when the data are only kept, and not used.
    restricted_at: Option<DateTime<Utc>>,
    /// Stories that this person told; withdrawn ones are gone.
    #[schema(example = 4)]
    stories: usize,
}

/// Why data may only be kept.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Restriction {
    /// Why, in short words without names; it goes into the audit trail.
    #[schema(min_length = 3, max_length = 200, example = "accuracy is contested")]
    reason: String,
}

/// Finds what there is of somebody by the code on the card. The question is written into the audit trail.
#[utoipa::path(tag = "subjects", params(("projectId" = Uuid, Path, description = "Project")), request_body = SubjectSearch,
    responses((status = 200, description = "What there is; nulls when nobody has this code", body = SubjectFound)))]
#[post("/v1/projects/{projectId}/subjects/_search")]
pub async fn search_subjects(
    access: Access<ManageParticipants>,
    body: Body<SubjectSearch>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<SubjectFound>> {
    let code = body.0.code.trim().to_owned();
    let found = state.db.write(move |conn| {
        let project_id = &access.project_id;
        // Our own codes are in capitals; those of an import are as somebody else wrote them.
        let (mut participant, mut teller) = with_code(conn, project_id, &code)?;
        if participant.is_none() && teller.is_none() {
            (participant, teller) = with_code(conn, project_id, &code.to_uppercase())?;
        }
        let subject = participant.clone().or(teller.clone());
        let actor = access.actor();
        let event = Event { subject: subject.as_deref(), ..Event::of_many(project_id, &actor, "subject.search", "") };
        record(conn, &event)?;
        Ok::<_, ApiError>(SubjectFound {
            participant: participant.map(|id| participant_found(conn, project_id, &id)).transpose()?,
            teller: teller.map(|id| teller_found(conn, project_id, &id)).transpose()?,
        })
    });
    Ok(web::Json(found.await?))
}

/// Ids of the participant and of the teller who have exactly this code.
fn with_code(conn: &mut Conn, project_id: &str, code: &str) -> DbResult<(Option<String>, Option<String>)> {
    let participant = participants::by_code(conn, project_id, code)?.map(|p| p.id);
    Ok((participant, tellers::by_code(conn, project_id, code)?.map(|t| t.id)))
}

fn participant_found(conn: &mut Conn, project_id: &str, id: &str) -> ApiResult<ParticipantFound> {
    let row = participants::by_id(conn, project_id, id)?.ok_or_else(ApiError::not_found)?;
    let linked = subjects::tellers_of(conn, project_id, id)?.into_iter();
    let teller = |(id, code, perspective): (String, _, _)| Ok(LinkedTeller { id: uuid(&id)?, code, perspective });
    Ok(ParticipantFound {
        id: uuid(&row.id)?,
        status: named(&row.status)?,
        restricted_at: row.restricted_at.map(utc),
        stories: subjects::stories_of(conn, project_id, Subject::Participant, id)?.len(),
        tellers: linked.map(teller).collect::<ApiResult<_>>()?,
    })
}

fn teller_found(conn: &mut Conn, project_id: &str, id: &str) -> ApiResult<TellerFound> {
    let row = tellers::by_id(conn, project_id, id)?.ok_or_else(ApiError::not_found)?;
    Ok(TellerFound {
        id: uuid(&row.id)?,
        perspective: row.perspective,
        withdrawn_at: row.withdrawn_at.map(utc),
        restricted_at: row.restricted_at.map(utc),
        stories: subjects::stories_of(conn, project_id, Subject::Teller, id)?.len(),
    })
}

fn uuid(id: &str) -> ApiResult<Uuid> {
    Uuid::parse_str(id).map_err(ApiError::internal)
}

/// From now on what there is of a participant is only kept: every story about this person is held, nobody reads it, and
/// what still comes in is held too. It is in no analysis, export or publication.
#[utoipa::path(tag = "subjects", request_body = Restriction,
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 204, description = "Restricted")))]
#[put("/v1/projects/{projectId}/participants/{participantId}/restriction")]
pub async fn restrict_participant(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    body: Body<Restriction>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    set(access, Subject::Participant, path.1, Some(body.0.reason), state).await
}

/// What there is of a participant may be used again. Stories that were held for another reason too stay so.
#[utoipa::path(tag = "subjects",
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 204, description = "Not restricted any more")))]
#[delete("/v1/projects/{projectId}/participants/{participantId}/restriction")]
pub async fn unrestrict_participant(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    set(access, Subject::Participant, path.1, None, state).await
}

/// From now on what a teller told is only kept: every story is held, nobody reads it, and what still comes in is held too.
#[utoipa::path(tag = "subjects", request_body = Restriction,
    params(("projectId" = Uuid, Path, description = "Project"), ("tellerId" = Uuid, Path, description = "Teller")),
    responses((status = 204, description = "Restricted")))]
#[put("/v1/projects/{projectId}/tellers/{tellerId}/restriction")]
pub async fn restrict_teller(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    body: Body<Restriction>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    set(access, Subject::Teller, path.1, Some(body.0.reason), state).await
}

/// What a teller told may be used again. Stories that were held for another reason too stay so.
#[utoipa::path(tag = "subjects",
    params(("projectId" = Uuid, Path, description = "Project"), ("tellerId" = Uuid, Path, description = "Teller")),
    responses((status = 204, description = "Not restricted any more")))]
#[delete("/v1/projects/{projectId}/tellers/{tellerId}/restriction")]
pub async fn unrestrict_teller(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    set(access, Subject::Teller, path.1, None, state).await
}

/// Restricts with a reason, or takes it back without one.
async fn set(
    access: Access<ManageParticipants>,
    subject: Subject,
    id: Uuid,
    reason: Option<String>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = id.to_string();
    let done = state.db.write(move |conn| {
        subjects::restrict(conn, &access.project_id, subject, &id, reason.is_some().then(now))?;
        let action = if reason.is_some() { "subject.restrict" } else { "subject.unrestrict" };
        record(conn, &Event::on(&access.project_id, &access.actor(), action, &id, reason.as_deref().unwrap_or_default()))
    });
    done.await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Nobody reads or changes what may only be kept. Errors: 409.
pub fn refuse_restricted(story: &StoryRow) -> ApiResult<()> {
    if subjects::is_restricted(story) {
        return Err(ApiError::conflict("restricted", "somebody in this story asked that it is only kept, and not used"));
    }
    Ok(())
}
