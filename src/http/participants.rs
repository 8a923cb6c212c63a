//! Whom the study follows, and how they take part wave by wave.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, patch, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ManageParticipants, ReadParticipants};
use super::body::{Body, Query};
use super::common::{name_of, named, newest_framework};
use super::error::{ApiError, ApiResult};
use super::informed::Informed;
use super::page::{Page, Paging, limit_of, page, position, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::participants::{self, ParticipantRow, ParticipantUpdate, ParticipationRow};
use crate::db::{Conn, DbError, now, projects, waves};
use crate::domain::code::new_code;
use crate::domain::framework::AttributeOf;
use crate::domain::participant::{ExitReason, ParticipantStatus, ParticipationState};
use crate::domain::problem::{Problems, member};
use crate::domain::role::Capability;
use crate::secrets::{random, token_hash};

/// A pseudonymous person whom the study follows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// Random id.
    id: Uuid,
    /// Short code with check character, as on the code sheet.
    #[schema(example = "7K3M-PX2C")]
    code: String,
    /// Key of the first wave.
    #[schema(example = "1")]
    first_wave: Option<String>,
    /// Whether this person is still followed.
    status: ParticipantStatus,
    /// Why this person left the trajectory.
    exit_reason: Option<ExitReason>,
    /// Month of the exit.
    #[schema(example = "2026-03")]
    exit_month: Option<String>,
    /// Attributes: key to option.
    #[schema(example = json!({"trajectory": "temporary-job"}))]
    attributes: BTreeMap<String, String>,
    /// When, by whom and how this person was told that professionals tell about them; null before that.
    informed: Option<Informed>,
    /// How this person takes part, wave by wave; only for coordinators.
    participations: Option<Vec<Participation>>,
    /// When the code was issued.
    created_at: DateTime<Utc>,
}

/// How a participant takes part in one wave.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Participation {
    /// Key of the wave.
    #[schema(example = "1")]
    wave: String,
    /// How.
    state: ParticipationState,
    /// Attributes in this wave: key to option.
    attributes: BTreeMap<String, String>,
}

/// Participants to register.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewParticipants {
    /// How many, all with the same attributes.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 500, default = 1, example = 1)]
    count: u32,
    /// Key of the first wave.
    #[schema(max_length = 64, example = "1")]
    first_wave: Option<String>,
    /// Attributes: key to option.
    #[serde(default)]
    #[schema(example = json!({"trajectory": "temporary-job"}))]
    attributes: BTreeMap<String, String>,
}

fn one() -> u32 {
    1
}

/// A registered participant with the secret for the QR code, which is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeParticipant {
    /// The participant.
    participant: Participant,
    /// 128-bit secret for the QR code.
    #[schema(example = "Jx0p4a6Zl0uS5b4cTt3r8w")]
    secret: String,
}

/// New values; an absent member stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ParticipantPatch {
    /// Key of the first wave.
    #[schema(max_length = 64)]
    first_wave: Option<String>,
    /// active or exited; to withdraw somebody use `_withdraw`.
    status: Option<ParticipantStatus>,
    /// Why this person left the trajectory.
    exit_reason: Option<ExitReason>,
    /// Month of the exit.
    #[schema(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = "2026-03")]
    exit_month: Option<String>,
    /// Attributes, in place of all of them.
    attributes: Option<BTreeMap<String, String>>,
}

/// How somebody takes part in a wave.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ParticipationChange {
    /// How.
    state: ParticipationState,
    /// Attributes in this wave: key to option.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

/// A participant as it leaves, with the states that the reader may see.
pub fn view(row: ParticipantRow, participations: Option<Vec<ParticipationRow>>) -> ApiResult<Participant> {
    let of_wave = |p: ParticipationRow| {
        Ok(Participation { wave: p.wave, state: named(&p.state)?, attributes: read_attributes(&p.attributes)? })
    };
    let informed = match (row.informed_on, row.informed_by, row.informed_way) {
        (Some(on), Some(by), Some(way)) => Some(Informed { on, by, way: named(&way)? }),
        _ => None,
    };
    Ok(Participant {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        status: named(&row.status)?,
        exit_reason: row.exit_reason.as_deref().map(named).transpose()?,
        attributes: read_attributes(&row.attributes)?,
        participations: participations.map(|list| list.into_iter().map(of_wave).collect::<ApiResult<_>>()).transpose()?,
        informed,
        code: row.code,
        first_wave: row.first_wave,
        exit_month: row.exit_month,
        created_at: utc(row.created_at),
    })
}

fn read_attributes(json: &str) -> ApiResult<BTreeMap<String, String>> {
    serde_json::from_str(json).map_err(ApiError::internal)
}

/// Participants, pseudonymous. Who told or refused is only for coordinators.
#[utoipa::path(tag = "participants", params(("projectId" = Uuid, Path, description = "Project"), Paging),
    responses((status = 200, description = "A page of participants", body = Page<Participant>)))]
#[get("/v1/projects/{projectId}/participants")]
pub async fn list_participants(
    access: Access<ReadParticipants>,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<Participant>>> {
    let limit = limit_of(query.0.limit)?;
    let after: String = position(query.0.cursor.as_deref())?.unwrap_or_default();
    let coordinator = access.role.is_some_and(|r| r.may(Capability::ManageParticipants));
    let rows = state
        .db
        .run(move |conn| {
            let rows = participants::page(conn, &access.project_id, &after, limit + 1)?;
            let with = |row: ParticipantRow| {
                let states =
                    coordinator.then(|| participants::participations(conn, &access.project_id, Some(&row.id))).transpose()?;
                Ok((row, states))
            };
            rows.into_iter().map(with).collect::<Result<Vec<_>, DbError>>()
        })
        .await?;
    let views: ApiResult<Vec<_>> = rows.into_iter().map(|(row, states)| view(row, states)).collect();
    Ok(web::Json(page(views?, limit, |p| p.id.to_string(), |p| p)))
}

/// Registers participants; each gets a code and a secret from the server.
#[utoipa::path(tag = "participants", params(("projectId" = Uuid, Path, description = "Project")), request_body = NewParticipants,
    responses((status = 201, description = "Registered; the secrets are shown this once", body = Vec<MadeParticipant>)))]
#[post("/v1/projects/{projectId}/participants")]
pub async fn create_participants(
    access: Access<ManageParticipants>,
    body: Body<NewParticipants>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let new = body.0;
    let made = state
        .db
        .write(move |conn| {
            let mut problems = Problems::default();
            check_attributes(conn, &access.project_id, AttributeOf::Participant, &new.attributes, &mut problems)?;
            check_wave(conn, &access.project_id, new.first_wave.as_deref(), &mut problems)?;
            problems.or_ok(())?;
            let attributes = serde_json::to_string(&new.attributes).map_err(ApiError::internal)?;
            let mut made = Vec::new();
            for _ in 0..new.count {
                let (row, secret) = new_participant(&access.project_id, new.first_wave.clone(), attributes.clone());
                participants::insert(conn, &row)?;
                let first = new.first_wave.as_ref().map(|wave| expected(&row, wave));
                if let Some(participation) = &first {
                    participants::set_participation(conn, participation)?;
                }
                made.push((row, Vec::from_iter(first), secret));
            }
            let (actor, detail) = (access.actor(), format!("{}", new.count));
            let event = Event::of_many(&access.project_id, &actor, "participant.create", &detail);
            record(conn, &event)?;
            Ok::<_, ApiError>(made)
        })
        .await?;
    let view = |(row, states, secret)| Ok(MadeParticipant { participant: view(row, Some(states))?, secret });
    let views: ApiResult<Vec<_>> = made.into_iter().map(view).collect();
    Ok(HttpResponse::Created().json(views?))
}

fn new_participant(project_id: &str, first_wave: Option<String>, attributes: String) -> (ParticipantRow, String) {
    let secret = random(16);
    let row = ParticipantRow {
        project_id: project_id.to_owned(),
        id: Uuid::new_v4().to_string(),
        code: new_code(&mut rand::rng()),
        secret_hash: token_hash(&secret),
        first_wave,
        status: name_of(&ParticipantStatus::Active),
        exit_reason: None,
        exit_month: None,
        attributes,
        created_at: now(),
        updated_at: now(),
        restricted_at: None,
        informed_on: None,
        informed_by: None,
        informed_way: None,
    };
    (row, secret)
}

fn expected(row: &ParticipantRow, wave: &str) -> ParticipationRow {
    ParticipationRow {
        project_id: row.project_id.clone(),
        participant_id: row.id.clone(),
        wave: wave.to_owned(),
        state: name_of(&ParticipationState::Expected),
        attributes: "{}".to_owned(),
        updated_at: now(),
    }
}

/// One participant.
#[utoipa::path(tag = "participants",
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 200, description = "The participant", body = Participant)))]
#[get("/v1/projects/{projectId}/participants/{participantId}")]
pub async fn get_participant(
    access: Access<ReadParticipants>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Participant>> {
    let coordinator = access.role.is_some_and(|r| r.may(Capability::ManageParticipants));
    let id = path.1.to_string();
    let (row, states) = state.db.run(move |conn| read(conn, &access.project_id, &id, coordinator)).await?;
    Ok(web::Json(view(row, states)?))
}

/// A participant and, for a coordinator, how it takes part.
pub type WithStates = (ParticipantRow, Option<Vec<ParticipationRow>>);

/// A participant with its states, for a coordinator. Errors: not found.
pub fn read(conn: &mut Conn, project_id: &str, id: &str, coordinator: bool) -> ApiResult<WithStates> {
    let row = participants::by_id(conn, project_id, id)?.ok_or_else(ApiError::not_found)?;
    let states = coordinator.then(|| participants::participations(conn, project_id, Some(id))).transpose()?;
    Ok((row, states))
}

/// Changes status, exit or attributes. Whoever withdrew is not brought back.
#[utoipa::path(tag = "participants", request_body = ParticipantPatch,
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 200, description = "Changed", body = Participant),
        (status = 409, description = "The participant withdrew: the status stays")))]
#[patch("/v1/projects/{projectId}/participants/{participantId}")]
pub async fn update_participant(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    body: Body<ParticipantPatch>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Participant>> {
    let (patch, id) = (body.0, path.1.to_string());
    let (row, states) = state
        .db
        .write(move |conn| {
            let project_id = &access.project_id;
            let before = participants::by_id(conn, project_id, &id)?.ok_or_else(ApiError::not_found)?;
            let mut problems = Problems::default();
            if patch.status == Some(ParticipantStatus::Withdrawn) {
                problems.add("$.status", "useWithdraw", "to withdraw somebody use _withdraw, which removes the stories too");
            }
            if let Some(attributes) = &patch.attributes {
                check_attributes(conn, project_id, AttributeOf::Participant, attributes, &mut problems)?;
            }
            check_wave(conn, project_id, patch.first_wave.as_deref(), &mut problems)?;
            problems.or_ok(())?;
            if patch.status.is_some() && before.status == name_of(&ParticipantStatus::Withdrawn) {
                return Err(ApiError::conflict("withdrawn", "whoever withdrew is not brought back; register a new participant"));
            }
            let back = patch.status == Some(ParticipantStatus::Active);
            let update = ParticipantUpdate {
                first_wave: patch.first_wave.map(Some),
                status: patch.status.as_ref().map(name_of),
                exit_reason: if back { Some(None) } else { patch.exit_reason.as_ref().map(name_of).map(Some) },
                exit_month: if back { Some(None) } else { patch.exit_month.map(Some) },
                attributes: patch.attributes.map(|a| serde_json::to_string(&a)).transpose().map_err(ApiError::internal)?,
                ..Default::default()
            };
            participants::update(conn, project_id, &id, update)?;
            projects::next_rebuild(conn, project_id)?;
            let actor = access.actor();
            let event = Event::on(project_id, &actor, "participant.update", &id, "");
            record(conn, &event)?;
            read(conn, project_id, &id, true)
        })
        .await?;
    Ok(web::Json(view(row, states)?))
}

/// Sets how a participant takes part in a wave.
#[utoipa::path(tag = "participants", request_body = ParticipationChange,
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant"),
        ("waveKey" = String, Path, description = "Wave", example = "1")),
    responses((status = 200, description = "Set", body = Participant)))]
#[put("/v1/projects/{projectId}/participants/{participantId}/participations/{waveKey}")]
pub async fn update_participation(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid, String)>,
    body: Body<ParticipationChange>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Participant>> {
    let (change, id, wave) = (body.0, path.1.to_string(), path.2.clone());
    let (row, states) = state
        .db
        .write(move |conn| {
            let project_id = &access.project_id;
            participants::by_id(conn, project_id, &id)?.ok_or_else(ApiError::not_found)?;
            waves::get(conn, project_id, &wave)?.ok_or_else(ApiError::not_found)?;
            let mut problems = Problems::default();
            check_attributes(conn, project_id, AttributeOf::Participation, &change.attributes, &mut problems)?;
            problems.or_ok(())?;
            let row = ParticipationRow {
                project_id: project_id.clone(),
                participant_id: id.clone(),
                wave: wave.clone(),
                state: name_of(&change.state),
                attributes: serde_json::to_string(&change.attributes).map_err(ApiError::internal)?,
                updated_at: now(),
            };
            participants::set_participation(conn, &row)?;
            projects::next_rebuild(conn, project_id)?;
            // The owner reads the trail and must not learn who refused: it does not say which state.
            let (actor, detail) = (access.actor(), format!("wave {wave}"));
            let event = Event::on(project_id, &actor, "participation.update", &id, &detail);
            record(conn, &event)?;
            read(conn, project_id, &id, true)
        })
        .await?;
    Ok(web::Json(view(row, states)?))
}

/// Attributes must be in the newest published framework, with one of its options.
fn check_attributes(
    conn: &mut Conn,
    project_id: &str,
    of: AttributeOf,
    attributes: &BTreeMap<String, String>,
    problems: &mut Problems,
) -> ApiResult<()> {
    if attributes.is_empty() {
        return Ok(());
    }
    let framework = newest_framework(conn, project_id)?;
    for (key, option) in attributes {
        let at = member("$.attributes", key);
        let attribute = framework.as_ref().and_then(|f| f.attribute(key)).filter(|a| a.of == of);
        match attribute {
            None => problems.add(at, "unknownAttribute", "not such an attribute of the published framework"),
            Some(a) if !a.options.iter().any(|o| o.key == *option) => {
                problems.add(at, "unknownOption", "not an option of this attribute");
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn check_wave(conn: &mut Conn, project_id: &str, wave: Option<&str>, problems: &mut Problems) -> ApiResult<()> {
    if let Some(key) = wave
        && waves::get(conn, project_id, key)?.is_none()
    {
        problems.add("$.firstWave", "unknownOption", "not a wave of this project");
    }
    Ok(())
}
