//! Who agreed to take part, when and how. Records are only added; a withdrawal is a record too, and is carried out.

use actix_web::{HttpResponse, get, post, web};
use uuid::Uuid;

use super::auth::{Access, ManageParticipants};
use super::body::Body;
use super::common::{name_of, newest_framework};
use super::consent_views::{ConsentEntry, ConsentHistory, NewConsent, NewWithdrawal, story_consent, view};
use super::error::{ApiError, ApiResult};
use super::withdrawals::{carry_out, remove_files};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::consents::{self, PARTICIPANT, RecordRow, TELLER};
use crate::db::{Conn, now, participants, projects, stories, tellers};
use crate::domain::consent::{Circumstances, Representative, check};
use crate::domain::participant::ParticipantStatus;
use crate::domain::problem::Problems;

/// Kind and id of a participant or teller.
type Person = (&'static str, String);

/// What a participant decided, and what came with the stories that this person told.
#[utoipa::path(tag = "consents",
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 200, description = "All records, the oldest decision first", body = ConsentHistory)))]
#[get("/v1/projects/{projectId}/participants/{participantId}/consents")]
pub async fn get_participant_consents(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<ConsentHistory>> {
    history(access, (PARTICIPANT, path.1.to_string()), &state).await
}

/// What a teller decided, and what came with the stories that this teller told.
#[utoipa::path(tag = "consents",
    params(("projectId" = Uuid, Path, description = "Project"), ("tellerId" = Uuid, Path, description = "Teller")),
    responses((status = 200, description = "All records, the oldest decision first", body = ConsentHistory)))]
#[get("/v1/projects/{projectId}/tellers/{tellerId}/consents")]
pub async fn get_teller_consents(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<ConsentHistory>> {
    history(access, (TELLER, path.1.to_string()), &state).await
}

/// Records that a participant agreed or did not agree.
#[utoipa::path(tag = "consents", request_body = NewConsent,
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 201, description = "Recorded", body = ConsentEntry), (status = 409, description = "The participant withdrew")))]
#[post("/v1/projects/{projectId}/participants/{participantId}/consents")]
pub async fn create_participant_consent(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    body: Body<NewConsent>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    add(access, (PARTICIPANT, path.1.to_string()), body.0, &state).await
}

/// Records that a teller agreed or did not agree.
#[utoipa::path(tag = "consents", request_body = NewConsent,
    params(("projectId" = Uuid, Path, description = "Project"), ("tellerId" = Uuid, Path, description = "Teller")),
    responses((status = 201, description = "Recorded", body = ConsentEntry), (status = 409, description = "The teller withdrew")))]
#[post("/v1/projects/{projectId}/tellers/{tellerId}/consents")]
pub async fn create_teller_consent(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    body: Body<NewConsent>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    add(access, (TELLER, path.1.to_string()), body.0, &state).await
}

/// Records that a participant takes consent back, and carries it out as far as the scope goes. It is never refused for
/// what is not on record. To withdraw again with a scope that goes further is possible; none that goes less far brings
/// anything back.
#[utoipa::path(tag = "consents", request_body = NewWithdrawal,
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 201, description = "Recorded and carried out", body = ConsentEntry)))]
#[post("/v1/projects/{projectId}/participants/{participantId}/consents/_withdraw")]
pub async fn withdraw_participant_consent(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    body: Body<NewWithdrawal>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    withdraw(access, (PARTICIPANT, path.1.to_string()), body.0, &state).await
}

/// Records that a teller takes consent back, and carries it out as far as the scope goes.
#[utoipa::path(tag = "consents", request_body = NewWithdrawal,
    params(("projectId" = Uuid, Path, description = "Project"), ("tellerId" = Uuid, Path, description = "Teller")),
    responses((status = 201, description = "Recorded and carried out", body = ConsentEntry)))]
#[post("/v1/projects/{projectId}/tellers/{tellerId}/consents/_withdraw")]
pub async fn withdraw_teller_consent(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    body: Body<NewWithdrawal>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    withdraw(access, (TELLER, path.1.to_string()), body.0, &state).await
}

/// Records and, from the stories that this person told, the consent that came with them. The stories stay the only place
/// where that is kept: it goes when they go.
async fn history(
    access: Access<ManageParticipants>,
    (kind, id): Person,
    state: &web::Data<AppState>,
) -> ApiResult<web::Json<ConsentHistory>> {
    let (records, bodies) = state
        .db
        .run(move |conn| {
            let project_id = &access.project_id;
            withdrew(conn, project_id, (kind, &id))?;
            let records = consents::records(conn, project_id, (kind, &id))?;
            let own = newest_framework(conn, project_id)?.and_then(|f| f.perspectives.into_iter().next()).map(|p| p.key);
            let bodies = match (kind, own) {
                (PARTICIPANT, Some(own)) => stories::bodies_told_by_participant(conn, project_id, &id, &own)?,
                (PARTICIPANT, None) => Vec::new(),
                _ => stories::bodies_told_by_teller(conn, project_id, &id)?,
            };
            Ok::<_, ApiError>((records, bodies))
        })
        .await?;
    Ok(web::Json(ConsentHistory {
        records: records.into_iter().map(view).collect::<ApiResult<_>>()?,
        from_stories: bodies.iter().filter_map(|body| story_consent(body).transpose()).collect::<ApiResult<_>>()?,
    }))
}

async fn add(
    access: Access<ManageParticipants>,
    (kind, id): Person,
    new: NewConsent,
    state: &web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let row = state
        .db
        .write(move |conn| {
            let (project_id, actor) = (&access.project_id, access.actor());
            projects::lock(conn, project_id)?;
            if withdrew(conn, project_id, (kind, &id))? {
                return Err(ApiError::conflict("withdrawn", "whoever withdrew is not asked again; register a new person"));
            }
            check_new(conn, project_id, &new)?;
            let row = given_row(project_id, (kind, &id), new, &actor);
            consents::insert_record(conn, &row)?;
            // The owner reads the trail and must not learn who refused: it does not say what was decided.
            record(conn, &Event::on(project_id, &actor, "consent.record", &id, kind))?;
            Ok(row)
        })
        .await?;
    Ok(HttpResponse::Created().json(view(row)?))
}

/// Whether a person takes no part any more. Errors: not found.
fn withdrew(conn: &mut Conn, project_id: &str, person: (&str, &str)) -> ApiResult<bool> {
    if person.0 == TELLER {
        let teller = tellers::by_id(conn, project_id, person.1)?.ok_or_else(ApiError::not_found)?;
        return Ok(teller.withdrawn_at.is_some());
    }
    let participant = participants::by_id(conn, project_id, person.1)?.ok_or_else(ApiError::not_found)?;
    Ok(participant.status == name_of(&ParticipantStatus::Withdrawn))
}

fn check_new(conn: &mut Conn, project_id: &str, new: &NewConsent) -> ApiResult<()> {
    let mut problems = Problems::default();
    match consents::text(conn, project_id, &new.text, new.version)? {
        None => problems.add("$.version", "unknownReference", "not a version of a consent text of this project"),
        Some(row) => {
            let texts: std::collections::BTreeMap<String, String> =
                serde_json::from_str(&row.texts).map_err(ApiError::internal)?;
            if !texts.contains_key(&new.language) {
                problems.add("$.language", "unknownOption", "not a language of this text");
            }
        }
    }
    let circumstances = Circumstances {
        under_sixteen: new.under_sixteen,
        guardianship: new.guardianship,
        representative: new.representative,
        at: new.at,
    };
    check(&circumstances, now().and_utc(), &mut problems);
    Ok(problems.or_ok(())?)
}

fn given_row(project_id: &str, person: (&str, &str), new: NewConsent, actor: &str) -> RecordRow {
    RecordRow {
        project_id: project_id.to_owned(),
        id: Uuid::new_v4().to_string(),
        person_kind: person.0.to_owned(),
        person_id: person.1.to_owned(),
        decision: name_of(&new.decision),
        scope: None,
        refers_to: None,
        text_key: Some(new.text),
        text_version: Some(new.version),
        language: Some(new.language),
        decided_at: new.at.naive_utc(),
        way: Some(name_of(&new.way)),
        taken_by: new.taken_by,
        representative: name_of(&new.representative),
        under_sixteen: new.under_sixteen,
        guardianship: new.guardianship,
        recorded_by: actor.to_owned(),
        recorded_at: now(),
    }
}

async fn withdraw(
    access: Access<ManageParticipants>,
    (kind, id): Person,
    new: NewWithdrawal,
    state: &web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (project_id, log) = (access.project_id.clone(), state.erasures.clone());
    let (row, stories) = state
        .db
        .write(move |conn| {
            let (project_id, actor) = (&access.project_id, access.actor());
            projects::lock(conn, project_id)?;
            withdrew(conn, project_id, (kind, &id))?;
            let row = withdrawal_row(conn, project_id, (kind, &id), new, &actor)?;
            let stories = carry_out(conn, &log, &row)?;
            Ok::<_, ApiError>((row, stories))
        })
        .await?;
    remove_files(&state.files, &project_id, stories).await?;
    Ok(HttpResponse::Created().json(view(row)?))
}

fn withdrawal_row(
    conn: &mut Conn,
    project_id: &str,
    person: (&str, &str),
    new: NewWithdrawal,
    actor: &str,
) -> ApiResult<RecordRow> {
    let mut problems = Problems::default();
    let mut row = consents::withdrawal(conn, project_id, person, &name_of(&new.scope), actor)?;
    if let Some(id) = new.refers_to.map(|id| id.to_string()) {
        match consents::records(conn, project_id, person)?.into_iter().find(|r| r.id == id) {
            Some(r) => (row.text_key, row.text_version, row.refers_to) = (r.text_key, r.text_version, Some(id)),
            None => problems.add("$.refersTo", "unknownReference", "not a record of this person"),
        }
    }
    let at = new.at.unwrap_or_else(|| now().and_utc());
    let who = Circumstances { under_sixteen: false, guardianship: false, representative: Representative::None, at };
    check(&who, now().and_utc(), &mut problems);
    row.decided_at = at.naive_utc();
    row.way = Some(name_of(&new.way));
    row.taken_by = new.taken_by;
    row.representative = name_of(&new.representative);
    Ok(problems.or_ok(row)?)
}
