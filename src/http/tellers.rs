//! Who tells, and the protected link to the participants told about.

use actix_web::{HttpResponse, delete, get, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ManageParticipants};
use super::body::{Body, Query};
use super::common::{name_of, newest_framework};
use super::error::{ApiError, ApiResult};
use super::page::{Page, Paging, limit_of, page, position, utc};
use super::withdrawals::carry_out;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::consents::{self, TELLER};
use crate::db::tellers::{self, TellerRow};
use crate::db::{Conn, DbError, now, participants, projects};
use crate::domain::code::new_code;
use crate::domain::consent::WithdrawalScope;
use crate::secrets::{random, token_hash};

/// Somebody who tells stories under an own code.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Teller {
    /// Random id.
    id: Uuid,
    /// Short code with check character.
    #[schema(example = "7K3M-PX2C")]
    code: String,
    /// Key of the perspective.
    #[schema(example = "job-coach")]
    perspective: String,
    /// Participants this teller tells about.
    participants: Vec<LinkedParticipant>,
    /// When this person stopped taking part.
    withdrawn_at: Option<DateTime<Utc>>,
    /// When the code was issued.
    created_at: DateTime<Utc>,
}

/// A participant in a link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LinkedParticipant {
    /// Random id.
    id: Uuid,
    /// Short code.
    #[schema(example = "7K3M-PX2C")]
    code: String,
}

/// Tellers to register.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewTellers {
    /// Key of the perspective.
    #[schema(max_length = 64, example = "job-coach")]
    perspective: String,
    /// How many; one when `participant` is given.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 500, default = 1, example = 1)]
    count: u32,
    /// Code of a participant who tells the own story: the teller gets the same code.
    #[schema(max_length = 64)]
    participant: Option<String>,
}

fn one() -> u32 {
    1
}

/// A registered teller with the secret for the QR code, which is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeTeller {
    /// The teller.
    teller: Teller,
    /// 128-bit secret for the QR code.
    #[schema(example = "Jx0p4a6Zl0uS5b4cTt3r8w")]
    secret: String,
}

type WithLinks = (TellerRow, Vec<(String, String, String)>);

fn view((row, links): WithLinks) -> ApiResult<Teller> {
    let linked = |(_, id, code): (String, String, String)| {
        Ok(LinkedParticipant { id: Uuid::parse_str(&id).map_err(ApiError::internal)?, code })
    };
    Ok(Teller {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        code: row.code,
        perspective: row.perspective,
        participants: links.into_iter().map(linked).collect::<ApiResult<_>>()?,
        withdrawn_at: row.withdrawn_at.map(utc),
        created_at: utc(row.created_at),
    })
}

/// Tellers with their links; only coordinators see who tells about whom.
#[utoipa::path(tag = "tellers", params(("projectId" = Uuid, Path, description = "Project"), Paging),
    responses((status = 200, description = "A page of tellers", body = Page<Teller>)))]
#[get("/v1/projects/{projectId}/tellers")]
pub async fn list_tellers(
    access: Access<ManageParticipants>,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<Teller>>> {
    let limit = limit_of(query.0.limit)?;
    let after: String = position(query.0.cursor.as_deref())?.unwrap_or_default();
    let rows = state
        .db
        .run(move |conn| {
            let rows = tellers::page(conn, &access.project_id, &after, limit + 1)?;
            let with = |row: TellerRow| Ok((row.clone(), tellers::links(conn, &access.project_id, Some(&row.id))?));
            rows.into_iter().map(with).collect::<Result<Vec<WithLinks>, DbError>>()
        })
        .await?;
    let views: ApiResult<Vec<_>> = rows.into_iter().map(view).collect();
    Ok(web::Json(page(views?, limit, |t| t.id.to_string(), |t| t)))
}

/// Registers tellers; each gets a code and a secret from the server.
#[utoipa::path(tag = "tellers", params(("projectId" = Uuid, Path, description = "Project")), request_body = NewTellers,
    responses((status = 201, description = "Registered; the secrets are shown this once", body = Vec<MadeTeller>),
        (status = 409, description = "This participant has a teller already")))]
#[post("/v1/projects/{projectId}/tellers")]
pub async fn create_tellers(
    access: Access<ManageParticipants>,
    body: Body<NewTellers>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let new = body.0;
    let made = state
        .db
        .write(move |conn| {
            let project_id = &access.project_id;
            check(conn, project_id, &new)?;
            let mut made = Vec::new();
            for _ in 0..new.count {
                let (row, secret) = new_teller(project_id, &new);
                tellers::insert(conn, &row)?;
                if let Some(code) = &new.participant {
                    let participant = participants::by_code(conn, project_id, code)?.ok_or_else(ApiError::not_found)?.id;
                    tellers::link(conn, project_id, &row.id, &participant)?;
                }
                let links = tellers::links(conn, project_id, Some(&row.id))?;
                made.push(((row, links), secret));
            }
            let (actor, detail) = (access.actor(), format!("{} of {}", new.count, new.perspective));
            record(conn, &Event::of_many(project_id, &actor, "teller.create", &detail))?;
            Ok::<_, ApiError>(made)
        })
        .await?;
    let views: ApiResult<Vec<_>> = made.into_iter().map(|(row, secret)| Ok(MadeTeller { teller: view(row)?, secret })).collect();
    Ok(HttpResponse::Created().json(views?))
}

fn check(conn: &mut Conn, project_id: &str, new: &NewTellers) -> ApiResult<()> {
    let mut problems = crate::domain::problem::Problems::default();
    let framework = newest_framework(conn, project_id)?;
    if !framework.is_some_and(|f| f.has_perspective(&new.perspective)) {
        problems.add("$.perspective", "unknownOption", "not a perspective of the published framework");
    }
    if new.participant.is_some() && new.count != 1 {
        problems.add("$.count", "outOfRange", "a participant is one teller");
    }
    if let Some(code) = &new.participant
        && participants::by_code(conn, project_id, code)?.is_none()
    {
        problems.add("$.participant", "unknownOption", "not a participant of this project");
    }
    Ok(problems.or_ok(())?)
}

fn new_teller(project_id: &str, new: &NewTellers) -> (TellerRow, String) {
    let secret = random(16);
    let row = TellerRow {
        project_id: project_id.to_owned(),
        id: Uuid::new_v4().to_string(),
        code: new.participant.clone().unwrap_or_else(|| new_code(&mut rand::rng())),
        secret_hash: token_hash(&secret),
        perspective: new.perspective.clone(),
        created_at: now(),
        withdrawn_at: None,
        restricted_at: None,
    };
    (row, secret)
}

/// One teller.
#[utoipa::path(tag = "tellers",
    params(("projectId" = Uuid, Path, description = "Project"), ("tellerId" = Uuid, Path, description = "Teller")),
    responses((status = 200, description = "The teller", body = Teller)))]
#[get("/v1/projects/{projectId}/tellers/{tellerId}")]
pub async fn get_teller(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Teller>> {
    let id = path.1.to_string();
    let found = state.db.run(move |conn| read(conn, &access.project_id, &id)).await?;
    Ok(web::Json(view(found)?))
}

fn read(conn: &mut Conn, project_id: &str, id: &str) -> ApiResult<WithLinks> {
    let row = tellers::by_id(conn, project_id, id)?.ok_or_else(ApiError::not_found)?;
    let links = tellers::links(conn, project_id, Some(id))?;
    Ok((row, links))
}

/// Links a teller to a participant told about.
#[utoipa::path(tag = "tellers",
    params(("projectId" = Uuid, Path, description = "Project"), ("tellerId" = Uuid, Path, description = "Teller"),
        ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 200, description = "Linked", body = Teller)))]
#[put("/v1/projects/{projectId}/tellers/{tellerId}/participants/{participantId}")]
pub async fn create_teller_link(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Teller>> {
    let (teller_id, participant_id) = (path.1.to_string(), path.2.to_string());
    let found = state
        .db
        .write(move |conn| {
            let project_id = &access.project_id;
            tellers::by_id(conn, project_id, &teller_id)?.ok_or_else(ApiError::not_found)?;
            participants::by_id(conn, project_id, &participant_id)?.ok_or_else(ApiError::not_found)?;
            tellers::link(conn, project_id, &teller_id, &participant_id)?;
            record(conn, &Event::on(project_id, &access.actor(), "teller.link", &teller_id, ""))?;
            read(conn, project_id, &teller_id)
        })
        .await?;
    Ok(web::Json(view(found)?))
}

/// Ends a link.
#[utoipa::path(tag = "tellers",
    params(("projectId" = Uuid, Path, description = "Project"), ("tellerId" = Uuid, Path, description = "Teller"),
        ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 204, description = "Ended")))]
#[delete("/v1/projects/{projectId}/tellers/{tellerId}/participants/{participantId}")]
pub async fn delete_teller_link(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (teller_id, participant_id) = (path.1.to_string(), path.2.to_string());
    state
        .db
        .write(move |conn| {
            tellers::unlink(conn, &access.project_id, &teller_id, &participant_id)?;
            record(conn, &Event::on(&access.project_id, &access.actor(), "teller.unlink", &teller_id, ""))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Notes that a teller takes no part any more: what still comes in under this code is held.
#[utoipa::path(tag = "tellers",
    params(("projectId" = Uuid, Path, description = "Project"), ("tellerId" = Uuid, Path, description = "Teller")),
    responses((status = 200, description = "Noted", body = Teller)))]
#[post("/v1/projects/{projectId}/tellers/{tellerId}/_withdraw")]
pub async fn withdraw_teller(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Teller>> {
    let id = path.1.to_string();
    let log = state.erasures.clone();
    let found = state
        .db
        .write(move |conn| {
            let (project_id, actor) = (&access.project_id, access.actor());
            projects::lock(conn, project_id)?;
            tellers::by_id(conn, project_id, &id)?.ok_or_else(ApiError::not_found)?;
            let stop = name_of(&WithdrawalScope::Stop);
            let row = consents::withdrawal(conn, project_id, (TELLER, &id), &stop, &actor)?;
            carry_out(conn, &log, &row)?;
            read(conn, project_id, &id)
        })
        .await?;
    Ok(web::Json(view(found)?))
}
