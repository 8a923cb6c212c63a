//! Taking in stories: one by one by `PUT`, or many at once from a device that was long without signal.

use std::collections::{BTreeMap, btree_map};
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
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
use crate::domain::framework::Framework;
use crate::domain::problem::Problems;
use crate::domain::story::{self, StoryBody};

/// A body of at most so many bytes is checked where it was read: in a fraction of a millisecond, less than it takes to
/// hand it to another thread and back when many deliver at once.
const AT_ONCE: usize = 16 * 1024;
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
    /// Questions that administration has; the story is kept and a researcher decides, unless somebody in it wanted nothing
    /// more to be kept. Empty for most.
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
    /// The participant asked that the data are only kept.
    RestrictedParticipant,
    /// The teller's code is not known.
    UnknownTeller,
    /// The teller takes no part any more.
    WithdrawnTeller,
    /// The teller asked that the data are only kept.
    RestrictedTeller,
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
/// administration: they are kept as held. Of one from or about somebody who wanted nothing more to be kept
/// (`stopAndRemoveFuture`) nothing but the id is kept.
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
    if story::tells_time(path.1) {
        return Err(ApiError::field("path.storyId", "wrongFormat", RANDOM_ID));
    }
    let checked = check(&state, &deliverer, vec![Ok((path.1, body.0))], body.1).await?;
    let answered = deliver(&state, &deliverer, checked).await?;
    match answered.into_iter().next().ok_or_else(|| ApiError::internal("no answer for a story"))?? {
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
    let checked = check(&state, &deliverer, batch(body.0)?, body.1).await?;
    let result = |answer: ApiResult<(StatusCode, Receipt)>| match answer {
        Ok((status, receipt)) => StoryResult { status: status.as_u16(), receipt: Some(receipt), problem: None },
        Err(e) => StoryResult { status: e.problem().status, receipt: None, problem: Some(e.problem()) },
    };
    let answered = deliver(&state, &deliverer, checked).await?;
    Ok(web::Json(BatchResult { results: answered.into_iter().map(result).collect() }))
}

/// Id and body of a story, or what is wrong with its entry.
type Entry = ApiResult<(Uuid, Value)>;

/// The entries of a batch. Errors: everything wrong with the envelope.
fn batch(mut value: Value) -> ApiResult<Vec<Entry>> {
    use crate::domain::problem::{item, member};
    let mut problems = Problems::default();
    for name in value.as_object().into_iter().flat_map(|o| o.keys()).filter(|k| *k != "stories") {
        problems.add(member("$", name), "unknownMember", "this member is not known here");
    }
    let list = value.get_mut("stories").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
    if list.is_empty() || list.len() > MAX_BATCH {
        problems.add("$.stories", "wrongCount", format!("a batch has 1 to {MAX_BATCH} stories"));
    }
    problems.or_ok(())?;
    Ok(list.into_iter().enumerate().map(|(i, entry)| batch_entry(&item("$.stories", i), entry)).collect())
}

/// An entry of a batch. Errors: it has no body, or no random id.
fn batch_entry(at: &str, mut entry: Value) -> Entry {
    use crate::domain::problem::member;
    let mut problems = Problems::default();
    let id = entry["id"].as_str().and_then(|id| Uuid::parse_str(id).ok()).filter(|id| !story::tells_time(*id));
    let body = entry.get_mut("body").map(Value::take);
    if id.is_none() {
        problems.add(member(at, "id"), "wrongFormat", RANDOM_ID);
    }
    if body.is_none() {
        problems.add(member(at, "body"), "required", "this member is required");
    }
    problems.or_ok(())?;
    id.zip(body).ok_or_else(|| ApiError::internal("an entry without errors has an id and a body"))
}

/// A story that may be kept, or what is wrong with it.
type Checked = ApiResult<Delivery>;

/// Checks stories that came in so many `bytes` against their frameworks, on a thread for blocking work and many at the
/// same time: other requests go on meanwhile. Errors: the frameworks cannot be read.
async fn check(state: &web::Data<AppState>, deliverer: &Deliverer, stories: Vec<Entry>, bytes: usize) -> ApiResult<Vec<Checked>> {
    let mut frameworks = BTreeMap::new();
    for version in stories.iter().flatten().filter_map(|(_, body)| version_of(body)) {
        if let btree_map::Entry::Vacant(place) = frameworks.entry(version) {
            place.insert(published_framework(state, &deliverer.project_id, version).await?);
        }
    }
    let project_id = deliverer.project_id.clone();
    let brought_by = db_deliverer(&deliverer.principal)?;
    let one = move |entry: &Entry| {
        let (id, body) = entry.as_ref().map_err(Clone::clone)?;
        let framework = version_of(body).and_then(|v| frameworks.get(&v)).and_then(Option::as_ref);
        check_one(&project_id, *id, body, framework.map(Arc::as_ref), &brought_by)
    };
    if bytes <= AT_ONCE {
        return Ok(stories.iter().map(one).collect());
    }
    tokio::task::spawn_blocking(move || stories.par_iter().map(one).collect()).await.map_err(ApiError::internal)
}

fn version_of(body: &Value) -> Option<i32> {
    body["frameworkVersion"].as_i64().and_then(|v| i32::try_from(v).ok())
}

/// Checks a story against its framework. Errors: 400 with everything that is wrong.
fn check_one(
    project_id: &str,
    id: Uuid,
    body: &Value,
    framework: Option<&Framework>,
    brought_by: &stories::Deliverer,
) -> Checked {
    let Some(framework) = framework else {
        let mut problems = story::shape_problems(body);
        if version_of(body).is_some() {
            let message = "not a published framework version of this project";
            problems.add("$.frameworkVersion", "unknownFrameworkVersion", message);
        }
        return Err(problems.into());
    };
    let story = story::parse(body, framework)?;
    Ok(Delivery::of(project_id, id, body, &story, framework, brought_by.clone()))
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

/// Makes the stories that may be kept durable; an answer for every story, in order.
async fn deliver(
    state: &web::Data<AppState>,
    deliverer: &Deliverer,
    checked: Vec<Checked>,
) -> ApiResult<Vec<ApiResult<(StatusCode, Receipt)>>> {
    let mut deliveries = Vec::with_capacity(checked.len());
    let mut told = Vec::with_capacity(checked.len());
    state.metrics.delivered("refused", checked.iter().filter(|c| c.is_err()).count());
    for story in checked {
        told.push(story.map(|delivery| {
            let echo = (delivery.id.clone(), delivery.hash.clone());
            deliveries.push(delivery);
            echo
        }));
    }
    if deliveries.is_empty() {
        return Ok(told.into_iter().filter_map(Result::err).map(Err).collect());
    }
    let stories = deliveries.len();
    let delivered = state.writer.deliver(deliveries).await.inspect_err(|_| state.metrics.delivered("unavailable", stories))?;
    let mut delivered = delivered.into_iter();
    if let Principal::Device(device) = &deliverer.principal
        && let Err(e) = note_contact(state, device).await
    {
        // The stories are kept: that is what the device must hear.
        tracing::warn!(error = %e, "the last contact of a device was not noted");
    }
    let mut answer = |(id, sha256): (String, String)| {
        let delivered = delivered.next().ok_or_else(|| ApiError::internal("no answer for a story"))?;
        state.metrics.delivered(outcome(&delivered), 1);
        acknowledge(&id, sha256, delivered)
    };
    Ok(told.into_iter().map(|story| story.and_then(&mut answer)).collect())
}

/// What became of a story, as it is counted.
fn outcome(delivered: &Delivered) -> &'static str {
    match delivered {
        Delivered::New { held, .. } if held.is_empty() => "kept",
        Delivered::New { .. } => "held",
        Delivered::Same { .. } => "replayed",
        Delivered::Different | Delivered::Gone => "refused",
    }
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

fn acknowledge(id: &str, sha256: String, delivered: Delivered) -> ApiResult<(StatusCode, Receipt)> {
    let (status, held, received_at) = match delivered {
        Delivered::New { held, received_at } => (StatusCode::CREATED, held, received_at),
        Delivered::Same { held, received_at } => (StatusCode::OK, held, received_at),
        Delivered::Different => {
            return Err(ApiError::conflict("differentContent", "another story has this id; nothing was changed"));
        }
        Delivered::Gone => return Err(ApiError::new(StatusCode::GONE, "gone", "this story was withdrawn")),
    };
    let receipt = Receipt {
        id: Uuid::parse_str(id).map_err(ApiError::internal)?,
        sha256,
        received_at: utc(received_at),
        held: held_reasons(&held)?,
    };
    Ok((status, receipt))
}

/// Reasons as stored, as the closed list.
pub fn held_reasons(held: &[String]) -> ApiResult<Vec<HeldReason>> {
    held.iter().map(|reason| super::common::named(reason)).collect()
}
