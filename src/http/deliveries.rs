//! Taking in stories: one by one by `PUT`, or many at once from a device that was long without signal.

use std::collections::{BTreeMap, btree_map};
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Deliverer, Principal, actor_of};
use super::body::{Document, MAX_BODY};
use super::common::published_framework;
use super::error::{ApiError, ApiResult};
use super::receipts::{Answered, Receipt, StoryResult, acknowledge};
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
pub const MAX_BATCH: usize = 1000;
/// What an id must be.
const RANDOM_ID: &str = "a story has a random UUID (version 4) as its id";
/// Largest batch body: 64 MiB.
pub const MAX_BATCH_BODY: usize = 64 * 1024 * 1024;

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
    let answered = deliver(&state, &deliverer, checked).await?;
    Ok(web::Json(BatchResult { results: answered.into_iter().map(StoryResult::of).collect() }))
}

/// Id and body of a story, or what is wrong with its entry.
pub type Entry = ApiResult<(Uuid, Value)>;

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
pub fn batch_entry(at: &str, mut entry: Value) -> Entry {
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
pub type Checked = ApiResult<Delivery>;

/// Checks stories that came in so many `bytes` against their frameworks, on a thread for blocking work and many at the
/// same time: other requests go on meanwhile. Errors: the frameworks cannot be read.
pub async fn check(
    state: &web::Data<AppState>,
    deliverer: &Deliverer,
    stories: Vec<Entry>,
    bytes: usize,
) -> ApiResult<Vec<Checked>> {
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

/// Keeps the stories that may be kept, and notes that their device was in contact; an answer for every story, in order.
async fn deliver(state: &web::Data<AppState>, deliverer: &Deliverer, checked: Vec<Checked>) -> ApiResult<Vec<Answered>> {
    let answered = keep(state, checked).await?;
    heard_of(state, &deliverer.principal).await;
    Ok(answered)
}

/// Makes the stories that may be kept durable; an answer for every story, in order.
pub async fn keep(state: &web::Data<AppState>, checked: Vec<Checked>) -> ApiResult<Vec<Answered>> {
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

/// Notes when a device was last heard of. What it brought is kept, and that is what it must hear, also when this fails.
pub async fn heard_of(state: &web::Data<AppState>, principal: &Principal) {
    if let Principal::Device(device) = principal
        && let Err(e) = note_contact(state, device).await
    {
        tracing::warn!(error = %e, "the last contact of a device was not noted");
    }
}

/// When a device was last heard of, to the minute: not a write for every story.
async fn note_contact(state: &web::Data<AppState>, device: &devices::DeviceRow) -> ApiResult<()> {
    if devices::is_recent(device.last_seen_at) {
        return Ok(());
    }
    let (project_id, id) = (device.project_id.clone(), device.id.clone());
    Ok(state.db.write(move |conn| devices::touch(conn, &project_id, &id)).await?)
}
