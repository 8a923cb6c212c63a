//! Reading stories: lists with filters and increments, one story, its versions. What is shown depends on who reads.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::auth::{Access, ReadRaw, ReadReleased};
use super::body::Query;
use super::common::{known_tags, name_of, named, published_framework};
use super::error::{ApiError, ApiResult};
use super::page::{Page, limit_of, page, position, utc};
use super::published::renew;
use super::receipts::{HeldReason, held_reasons};
use super::subjects::refuse_restricted;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::stories::{self, StoryFilter, StoryRow, TranslationRow, VersionRow};
use crate::db::subjects::is_restricted;
use crate::db::{Conn, DbError, projects};
use crate::domain::framework::Framework;
use crate::domain::placement::Placement;
use crate::domain::role::Audience;
use crate::domain::story::{self, StoryBody};
use crate::domain::tags::is_among;

/// Where a story stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum StoryStatus {
    /// Part of the study.
    Active,
    /// Kept, but administration has a question.
    Held,
    /// Taken back by the teller; its contents are gone.
    Withdrawn,
}

/// Kind of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum VersionKind {
    /// As it was received.
    Received,
    /// A wrong participant, wave or perspective was put right.
    Correction,
    /// Something that could identify people was taken out.
    Redaction,
}

/// A story in a list. Members that a reader may not see are null.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StoryItem {
    /// Id made by the device.
    id: Uuid,
    /// Where it stands; null for readers of released stories.
    status: Option<StoryStatus>,
    /// Number of the change that last touched it; null for the workgroup.
    #[schema(example = 117)]
    change: Option<i64>,
    /// Title.
    #[schema(example = "De bus")]
    title: String,
    /// Language (BCP 47).
    #[schema(example = "nl")]
    language: String,
    /// Key of the wave; null for the workgroup.
    #[schema(example = "1")]
    wave: Option<String>,
    /// Key of the perspective; null for the workgroup.
    #[schema(example = "candidate")]
    perspective: Option<String>,
    /// Version of the framework; null for the workgroup.
    #[schema(example = 1)]
    framework_version: Option<i32>,
    /// Newest version; only for researchers.
    #[schema(example = 1)]
    version: Option<i32>,
    /// Released version; only for researchers.
    released_version: Option<i32>,
    /// Questions that administration has; only for researchers.
    held: Option<Vec<HeldReason>>,
    /// When the server had it; only for researchers.
    received_at: Option<DateTime<Utc>>,
}

/// One story. Members that a reader may not see are null.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Story {
    /// What the list says of it.
    details: StoryItem,
    /// The text, in the newest version that the reader may see.
    #[schema(example = "Ik nam voor het eerst zelf de bus naar het werk.")]
    text: Option<String>,
    /// Answers by signifier; for the workgroup only the one that the story was opened from, when it is asked of
    /// everybody and neither sensitive nor a background question.
    placements: BTreeMap<String, Placement>,
    /// Pseudonym of the participant, the same over all stories; not for the workgroup.
    participant_id: Option<Uuid>,
    /// The body as stored; only for researchers.
    body: Option<StoryBody>,
    /// Translations of the version shown.
    translations: Vec<Translation>,
}

/// A translation of a story.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Translation {
    /// Language (BCP 47).
    #[schema(example = "en")]
    language: String,
    /// Translated title.
    #[schema(example = "The bus")]
    title: String,
    /// Translated text.
    #[schema(example = "For the first time I took the bus to work myself.")]
    text: String,
    /// When it was made; null for the workgroup.
    created_at: Option<DateTime<Utc>>,
}

/// One version of a story.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StoryVersion {
    /// 1, 2, 3, ...
    #[schema(example = 2)]
    version: i32,
    /// Kind.
    kind: VersionKind,
    /// The body.
    body: StoryBody,
    /// Why it was made.
    #[schema(example = "the name of an employer was mentioned")]
    reason: Option<String>,
    /// Who made it.
    #[schema(example = "user:4b3f...")]
    created_by: String,
    /// When.
    created_at: DateTime<Utc>,
    /// When its words were removed, their term being over; placements stay.
    text_removed_at: Option<DateTime<Utc>>,
}

/// Which stories to list.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StoryQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items to answer, 1 to 500.
    #[param(minimum = 1, maximum = 500, default = 50, example = 50)]
    limit: Option<u32>,
    /// Only stories that changed after this change number (incremental reading); not for the workgroup.
    #[param(minimum = 0, example = 117)]
    changed_since: Option<i64>,
    /// Only this wave; not for the workgroup.
    wave: Option<String>,
    /// Only this perspective; not for the workgroup.
    perspective: Option<String>,
    /// Only this language.
    language: Option<String>,
    /// Only stories that stand so; only for researchers.
    #[param(inline)]
    status: Option<StoryStatus>,
    /// Only stories that are (not) released; only for researchers.
    released: Option<bool>,
}

/// From where a story is opened.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OpenedFrom {
    /// Key of the signifier that the story was opened from; its placement is shown to the workgroup, unless it is sensitive.
    signifier: Option<String>,
}

/// Stories, ordered by change. Researchers see all; others see released ones, a workgroup only published ones whose
/// teller permitted it, in an order that tells nothing.
#[utoipa::path(tag = "stories", params(("projectId" = Uuid, Path, description = "Project"), StoryQuery),
    responses((status = 200, description = "A page of stories", body = Page<StoryItem>,
        headers(("ETag" = String, description = "Changes with the project; for the workgroup with this page only"))), (status = 304, description = "You have it")))]
#[get("/v1/projects/{projectId}/stories")]
pub async fn list_stories(
    access: Access<ReadReleased>,
    query: Query<StoryQuery>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let audience = access.audience();
    let limit = limit_of(query.0.limit)?;
    let filter = filter_of(query.0, audience)?;
    let known = known_tags(&req);
    if filter.for_workgroup {
        return list_for_workgroup(access, filter, limit, known, state).await;
    }
    let key = format!("{audience:?} {filter:?} {limit}");
    let found = state
        .db
        .run(move |conn| {
            let (change, _) = projects::changes(conn, &access.project_id)?;
            let etag = format!("\"{}-{}\"", change, &crate::domain::canonical::sha256_hex(&key)[..16]);
            if is_among(&known, &etag) {
                return Ok((etag, None));
            }
            Ok::<_, DbError>((etag, Some(stories::page(conn, &access.project_id, &filter, limit + 1)?)))
        })
        .await?;
    let (etag, Some(rows)) = found else {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, found.0)).finish());
    };
    let items = page(rows, limit, |r| (r.change, r.id.clone()), |r| item(r, audience));
    let items = Page { items: items.items.into_iter().collect::<ApiResult<Vec<_>>>()?, next: items.next };
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag)).json(items))
}

/// The list as the workgroup sees it. When a story came in, changed or was released says much about who told it: so
/// neither the order, nor the cursor, nor the ETag depends on anything but the ids shown.
async fn list_for_workgroup(
    access: Access<ReadReleased>,
    filter: StoryFilter,
    limit: i64,
    known: Vec<String>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let read = move |conn: &mut Conn| {
        renew(conn, &access.project_id, &access.actor())?;
        Ok::<_, ApiError>(stories::page(conn, &access.project_id, &filter, limit + 1)?)
    };
    let rows = state.db.run(read).await?;
    let found = page(rows, limit, |r| r.id.clone(), |r| item(r, Audience::Workgroup));
    let items = Page { items: found.items.into_iter().collect::<ApiResult<Vec<_>>>()?, next: found.next };
    let body = serde_json::to_string(&items).map_err(ApiError::internal)?;
    let etag = format!("\"{}\"", &crate::domain::canonical::sha256_hex(&body)[..32]);
    if is_among(&known, &etag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag)).content_type("application/json").body(body))
}

fn filter_of(query: StoryQuery, audience: Audience) -> ApiResult<StoryFilter> {
    let mut problems = crate::domain::problem::Problems::default();
    let mut only = |name: &str, given: bool, allowed: bool| {
        if given && !allowed {
            problems.add(format!("query.{name}"), "notForThisRole", "this filter is not for your role");
        }
    };
    let (researcher, workgroup) = (audience == Audience::Researcher, audience == Audience::Workgroup);
    only("status", query.status.is_some(), researcher);
    only("released", query.released.is_some(), researcher);
    only("wave", query.wave.is_some(), !workgroup);
    only("perspective", query.perspective.is_some(), !workgroup);
    only("changedSince", query.changed_since.is_some(), !workgroup);
    if query.changed_since.is_some_and(|change| change < 0) {
        problems.add("query.changedSince", "outOfRange", "must be 0 or more");
    }
    problems.or_ok(())?;
    Ok(StoryFilter {
        wave: query.wave,
        perspective: query.perspective,
        language: query.language,
        status: if researcher { query.status.as_ref().map(name_of) } else { Some(stories::ACTIVE.to_owned()) },
        released: if researcher { query.released } else { Some(true) },
        for_workgroup: workgroup,
        changed_since: query.changed_since.unwrap_or(0),
        after: position(query.cursor.as_deref().filter(|_| !workgroup))?,
        after_id: position(query.cursor.as_deref().filter(|_| workgroup))?,
    })
}

fn item(row: StoryRow, audience: Audience) -> ApiResult<StoryItem> {
    let (all, outside) = (audience == Audience::Researcher, audience != Audience::Workgroup);
    let held: Vec<String> = serde_json::from_str(&row.held).map_err(ApiError::internal)?;
    Ok(StoryItem {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        status: all.then(|| named(&row.status)).transpose()?,
        change: outside.then_some(row.change),
        // A title belongs to a version: a redaction may change it. Others than researchers get it with the story.
        title: if all && !is_restricted(&row) { row.title } else { String::new() },
        language: row.language,
        wave: outside.then_some(row.wave),
        perspective: outside.then_some(row.perspective),
        framework_version: outside.then_some(row.framework_version),
        version: all.then_some(row.version),
        released_version: row.released_version.filter(|_| all),
        held: all.then(|| held_reasons(&held)).transpose()?,
        received_at: all.then(|| utc(row.received_at)),
    })
}

/// One story, in the newest version that the reader may see.
#[utoipa::path(tag = "stories",
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story"), OpenedFrom),
    responses((status = 200, description = "The story", body = Story), (status = 410, description = "The story was withdrawn")))]
#[get("/v1/projects/{projectId}/stories/{storyId}")]
pub async fn get_story(
    access: Access<ReadReleased>,
    path: web::Path<(String, Uuid)>,
    query: Query<OpenedFrom>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Story>> {
    let (audience, id) = (access.audience(), path.1.to_string());
    let project_id = access.project_id.clone();
    let (row, version, translations) = state
        .db
        .run(move |conn| {
            let row = stories::by_id(conn, &access.project_id, &id)?;
            let shown = visible_version(&row, audience)?;
            let versions = stories::versions(conn, &access.project_id, &id)?;
            let version = versions.into_iter().find(|v| v.version == shown).ok_or_else(ApiError::not_found)?;
            // A newer version than is released is as raw as one that never was.
            if audience == Audience::Researcher && row.released_version != Some(shown) {
                let actor = access.actor();
                let event = Event {
                    project_id: Some(&access.project_id),
                    actor: &actor,
                    action: "story.readRaw",
                    subject: Some(&id),
                    detail: "",
                };
                crate::db::write_tx(conn, |conn| record(conn, &event))?;
            }
            let translations = stories::translations(conn, &access.project_id, &id)?;
            Ok::<_, ApiError>((row, version, translations))
        })
        .await?;
    let framework = published_framework(&state, &project_id, row.framework_version).await?;
    let framework = framework.ok_or_else(|| ApiError::internal("a story without its framework"))?;
    Ok(web::Json(view(row, &version, translations, audience, &framework, query.0.signifier.as_deref())?))
}

/// The version that a reader may see. Errors: 404 as if there were no such story, 410 for a researcher when withdrawn.
fn visible_version(row: &StoryRow, audience: Audience) -> ApiResult<i32> {
    let released = row.released_version.filter(|_| row.status == stories::ACTIVE);
    match audience {
        Audience::Researcher if row.status == stories::WITHDRAWN => {
            Err(ApiError::new(actix_web::http::StatusCode::GONE, "gone", "this story was withdrawn"))
        }
        Audience::Researcher => refuse_restricted(row).map(|()| row.version),
        Audience::ExternalResearcher => released.ok_or_else(ApiError::not_found),
        Audience::Workgroup => released.filter(|_| row.workgroup_permitted && row.published).ok_or_else(ApiError::not_found),
    }
}

fn view(
    row: StoryRow,
    version: &VersionRow,
    translations: Vec<TranslationRow>,
    audience: Audience,
    framework: &Framework,
    from: Option<&str>,
) -> ApiResult<Story> {
    let body = stored_body(version, framework)?;
    let outside = audience != Audience::Workgroup;
    let shown = |key: &str| {
        // Who is asked only some perspectives would tell the perspective.
        let open = framework.signifier(key).is_some_and(|s| !s.sensitive && !s.background && s.asked_of.is_none());
        outside || (from == Some(key) && open)
    };
    let placements = body.placements.iter().filter(|(k, _)| shown(k));
    let placements = placements.map(|(k, p)| (k.clone(), if outside { p.clone() } else { p.without_manner() })).collect();
    let participant_id = row.participant_id.clone().filter(|_| outside);
    let translation = |t: TranslationRow| Translation {
        language: t.language,
        title: t.title,
        text: t.text,
        created_at: outside.then(|| utc(t.created_at)),
    };
    let mut details = item(row, audience)?;
    details.title = body.title.clone().unwrap_or_default();
    Ok(Story {
        details,
        text: body.text.clone(),
        placements,
        participant_id: participant_id.map(|id| Uuid::parse_str(&id).map_err(ApiError::internal)).transpose()?,
        translations: translations.into_iter().filter(|t| t.version == version.version).map(translation).collect(),
        body: Some(body).filter(|_| audience == Audience::Researcher),
    })
}

/// A stored body in canonical form.
pub fn stored_body(version: &VersionRow, framework: &Framework) -> ApiResult<StoryBody> {
    let value = super::common::stored_json(&version.body)?;
    story::parse(&value, framework).map_err(|p| ApiError::internal(format!("a stored story is invalid: {p}")))
}

/// All versions of a story, oldest first. The reading is written into the audit trail.
#[utoipa::path(tag = "stories",
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story")),
    responses((status = 200, description = "All versions", body = Page<StoryVersion>)))]
#[get("/v1/projects/{projectId}/stories/{storyId}/versions")]
pub async fn list_story_versions(
    access: Access<ReadRaw>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<StoryVersion>>> {
    let (project_id, id) = (access.project_id.clone(), path.1.to_string());
    let (row, versions) = state
        .db
        .write(move |conn| {
            let row = stories::by_id(conn, &access.project_id, &id)?;
            refuse_restricted(&row)?;
            let actor = access.actor();
            let project = Some(access.project_id.as_str());
            let event =
                Event { project_id: project, actor: &actor, action: "story.readRaw", subject: Some(&id), detail: "versions" };
            record(conn, &event)?;
            Ok::<_, ApiError>((row, stories::versions(conn, &access.project_id, &id)?))
        })
        .await?;
    let framework = published_framework(&state, &project_id, row.framework_version).await?;
    let framework = framework.ok_or_else(|| ApiError::internal("a story without its framework"))?;
    let view = |v: VersionRow| {
        Ok(StoryVersion {
            version: v.version,
            kind: named(&v.kind)?,
            body: stored_body(&v, &framework)?,
            reason: v.reason,
            created_by: v.created_by,
            created_at: utc(v.created_at),
            text_removed_at: v.text_removed_at.map(utc),
        })
    };
    let items: ApiResult<Vec<_>> = versions.into_iter().map(view).collect();
    Ok(web::Json(Page { items: items?, next: None }))
}
