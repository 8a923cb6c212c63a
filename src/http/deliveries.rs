//! Taking in stories: one by one by `PUT`, or many at once from a device that was long without signal.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Deliverer, Principal, actor_of};
use super::body::{Document, MAX_BODY};
use super::common::published_framework;
use super::error::{ApiError, ApiResult, Problem};
use super::page::utc;
use crate::app::AppState;
use crate::db::devices;
use crate::db::stories::{self, Delivered, Delivery};
use crate::domain::problem::Problems;
use crate::domain::story::{self, StoryBody};

/// Most stories in one batch.
const MAX_BATCH: usize = 1000;
/// What an id must be.
const RANDOM_ID: &str = "a story has a random UUID (version 4) as its id";
/// Largest batch body: 64 MiB.
const MAX_BATCH_BODY: usize = 64 * 1024 * 1024;

/// What the server has: the device compares the hash with its own, so that no captive portal can pass for us.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    /// Id made by the device.
    id: Uuid,
    /// SHA-256 of the canonical body (RFC 8785) as received.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: String,
    /// When the server had it.
    received_at: DateTime<Utc>,
    /// Questions that administration has; the story is kept and a researcher decides. Empty for most.
    held: Vec<HeldReason>,
}

/// Why a story is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum HeldReason {
    /// The participant's code is not known.
    UnknownParticipant,
    /// The participant takes no part any more.
    WithdrawnParticipant,
    /// The teller's code is not known.
    UnknownTeller,
    /// The teller takes no part any more.
    WithdrawnTeller,
    /// The project has no such wave.
    UnknownWave,
    /// The wave is planned or closed.
    WaveNotOpen,
    /// The wave is not the one of the device's assignment.
    OtherWave,
    /// The device was revoked.
    RevokedDevice,
    /// The device was not to collect this perspective.
    PerspectiveNotAssigned,
    /// The story came without a consent to take part.
    ConsentMissing,
}

/// Many stories at once.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(dead_code)] // the shape for the document; the handler reads it story by story
struct Batch {
    /// The stories, at most 1000.
    #[schema(min_items = 1, max_items = 1000)]
    stories: Vec<BatchStory>,
}

/// A story of a batch.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(dead_code)]
struct BatchStory {
    /// Id made by the device.
    id: Uuid,
    /// The body, as in a single delivery.
    body: StoryBody,
}

/// Results of a batch, in the order of its stories.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BatchResult {
    /// One result a story.
    results: Vec<StoryResult>,
}

/// Result of one story of a batch: what a single delivery would have answered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StoryResult {
    /// Status that a single delivery would have had: 201, 200, 400, 409 or 410.
    #[schema(example = 201)]
    status: u16,
    /// What the server has, for 200 and 201.
    receipt: Option<Receipt>,
    /// What is wrong, for the others.
    problem: Option<Problem>,
}

/// Delivers a story under an id made by the device. Delivering it again is safe: the same content is acknowledged
/// again, other content under the same id is refused. Well-formed stories are never refused for reasons of
/// administration: they are kept as held.
#[utoipa::path(tag = "stories", request_body = StoryBody,
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Id made by the device")),
    responses((status = 201, description = "Kept", body = Receipt),
        (status = 200, description = "Kept before, with the same content", body = Receipt,
            headers(("Idempotent-Replay" = String, description = "true"))),
        (status = 409, description = "Another story has this id"), (status = 410, description = "The story was withdrawn")))]
#[put("/v1/projects/{projectId}/stories/{storyId}")]
pub async fn put_story(
    deliverer: Deliverer,
    path: web::Path<(String, Uuid)>,
    body: Document<MAX_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    if tells_time(path.1) {
        return Err(ApiError::field("path.storyId", "wrongFormat", RANDOM_ID));
    }
    let delivery = prepare(&state, &deliverer, path.1, &body.0).await?;
    let answered = deliver(&state, &deliverer, vec![delivery]).await?;
    let (delivery, delivered) = answered.into_iter().next().ok_or_else(|| ApiError::internal("no answer for a story"))?;
    match acknowledge(&delivery, delivered)? {
        (StatusCode::OK, receipt) => Ok(HttpResponse::Ok().insert_header(("Idempotent-Replay", "true")).json(receipt)),
        (status, receipt) => Ok(HttpResponse::build(status).json(receipt)),
    }
}

/// Delivers up to 1000 stories at once. Each has its own result, as if it had been delivered alone; a wrong story
/// does not keep back the others.
#[utoipa::path(tag = "stories", request_body = Batch, params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "A result for every story", body = BatchResult)))]
#[post("/v1/projects/{projectId}/stories/_batch")]
pub async fn deliver_stories(
    deliverer: Deliverer,
    body: Document<MAX_BATCH_BODY>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<BatchResult>> {
    let stories = batch(&body.0)?;
    let mut results: Vec<Option<StoryResult>> = Vec::with_capacity(stories.len());
    let (mut deliveries, mut places) = (Vec::new(), Vec::new());
    for (place, (id, story)) in stories.into_iter().enumerate() {
        match prepare(&state, &deliverer, id, story).await {
            Ok(delivery) => {
                deliveries.push(delivery);
                places.push(place);
                results.push(None);
            }
            Err(e) if e.problem().status >= 500 => return Err(e),
            Err(e) => results.push(Some(refused(&e))),
        }
    }
    for (place, (delivery, delivered)) in places.into_iter().zip(deliver(&state, &deliverer, deliveries).await?) {
        let result = acknowledge(&delivery, delivered).map_or_else(
            |e| refused(&e),
            |(status, receipt)| StoryResult { status: status.as_u16(), receipt: Some(receipt), problem: None },
        );
        results[place] = Some(result);
    }
    Ok(web::Json(BatchResult { results: results.into_iter().flatten().collect() }))
}

/// Whether an id was made of a clock: whoever reads the story could tell when it was told.
fn tells_time(id: Uuid) -> bool {
    matches!(id.get_version_num(), 1 | 2 | 6 | 7)
}

/// Ids and bodies of a batch. Errors: everything wrong with the envelope.
fn batch(value: &Value) -> ApiResult<Vec<(Uuid, &Value)>> {
    use crate::domain::problem::{item, member};
    let mut problems = Problems::default();
    for name in value.as_object().into_iter().flat_map(|o| o.keys()).filter(|k| *k != "stories") {
        problems.add(member("$", name), "unknownMember", "this member is not known here");
    }
    let list = value["stories"].as_array().map_or(&[][..], Vec::as_slice);
    if list.is_empty() || list.len() > MAX_BATCH {
        problems.add("$.stories", "wrongCount", format!("a batch has 1 to {MAX_BATCH} stories"));
    }
    let mut stories = Vec::with_capacity(list.len());
    for (i, entry) in list.iter().take(MAX_BATCH).enumerate() {
        let at = item("$.stories", i);
        let id = entry["id"].as_str().and_then(|id| Uuid::parse_str(id).ok()).filter(|id| !tells_time(*id));
        match (id, entry.get("body")) {
            (Some(id), Some(body)) => stories.push((id, body)),
            (None, _) => problems.add(member(&at, "id"), "wrongFormat", RANDOM_ID),
            (_, None) => problems.add(member(&at, "body"), "required", "this member is required"),
        }
    }
    Ok(problems.or_ok(stories)?)
}

fn refused(e: &ApiError) -> StoryResult {
    StoryResult { status: e.problem().status, receipt: None, problem: Some(e.problem()) }
}

/// Checks a story against its framework. Errors: 400 with everything that is wrong.
async fn prepare(state: &web::Data<AppState>, deliverer: &Deliverer, id: Uuid, body: &Value) -> ApiResult<Delivery> {
    let version = body["frameworkVersion"].as_i64().and_then(|v| i32::try_from(v).ok());
    let framework = match version {
        Some(version) => published_framework(state, &deliverer.project_id, version).await?,
        None => None,
    };
    let Some(framework) = framework else {
        let mut problems = story::shape_problems(body);
        if version.is_some() {
            let message = "not a published framework version of this project";
            problems.add("$.frameworkVersion", "unknownFrameworkVersion", message);
        }
        return Err(problems.into());
    };
    let story = story::parse(body, &framework)?;
    let brought_by = db_deliverer(&deliverer.principal)?;
    Ok(Delivery::of(&deliverer.project_id, id, body, &story, &framework, brought_by))
}

fn db_deliverer(principal: &Principal) -> ApiResult<stories::Deliverer> {
    Ok(match principal {
        Principal::Device(device) => stories::Deliverer::Device {
            id: device.id.clone(),
            wave: device.wave.clone(),
            perspectives: serde_json::from_str(&device.perspectives).map_err(ApiError::internal)?,
            revoked: device.revoked_at.is_some(),
        },
        other => stories::Deliverer::User(actor_of(other)),
    })
}

/// Makes stories durable and pairs each with what came of it.
async fn deliver(
    state: &web::Data<AppState>,
    deliverer: &Deliverer,
    deliveries: Vec<Delivery>,
) -> ApiResult<Vec<(Delivery, Delivered)>> {
    if deliveries.is_empty() {
        return Ok(Vec::new());
    }
    let delivered = state.writer.deliver(deliveries.clone()).await?;
    if let Principal::Device(device) = &deliverer.principal {
        note_contact(state, device).await?;
    }
    Ok(deliveries.into_iter().zip(delivered).collect())
}

/// When a device was last heard of, to the minute: not a write for every story.
async fn note_contact(state: &web::Data<AppState>, device: &devices::DeviceRow) -> ApiResult<()> {
    let recent = crate::db::now() - chrono::Duration::minutes(1);
    if device.last_seen_at.is_some_and(|seen| seen > recent) {
        return Ok(());
    }
    let (project_id, id) = (device.project_id.clone(), device.id.clone());
    Ok(state.db.write(move |conn| devices::touch(conn, &project_id, &id, None)).await?)
}

fn acknowledge(delivery: &Delivery, delivered: Delivered) -> ApiResult<(StatusCode, Receipt)> {
    let (status, held, received_at) = match delivered {
        Delivered::New { held, received_at } => (StatusCode::CREATED, held, received_at),
        Delivered::Same { held, received_at } => (StatusCode::OK, held, received_at),
        Delivered::Different => {
            return Err(ApiError::conflict("differentContent", "another story has this id; nothing was changed"));
        }
        Delivered::Gone => return Err(ApiError::new(StatusCode::GONE, "gone", "this story was withdrawn")),
    };
    let receipt = Receipt {
        id: Uuid::parse_str(&delivery.id).map_err(ApiError::internal)?,
        sha256: delivery.hash.clone(),
        received_at: utc(received_at),
        held: held_reasons(&held)?,
    };
    Ok((status, receipt))
}

/// Reasons as stored, as the closed list.
pub fn held_reasons(held: &[String]) -> ApiResult<Vec<HeldReason>> {
    held.iter().map(|reason| super::common::named(reason)).collect()
}
