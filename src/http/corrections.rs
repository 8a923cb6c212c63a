//! What researchers do with stories: put right, redact, translate, release.

use actix_web::{HttpResponse, delete, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, EditStories};
use super::body::Body;
use super::common::{name_of, published_framework};
use super::error::{ApiError, ApiResult};
use super::informed::require_informed;
use super::stories::stored_body;
use super::subjects::refuse_restricted;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::stories::{self, Correction, NewVersion, StoryRow, TranslationRow, VersionRow};
use crate::db::webhooks;
use crate::db::{Conn, DbError, DbResult, now, participants, tellers, waves};
use crate::domain::framework::Framework;
use crate::domain::participant::ParticipantStatus;
use crate::domain::problem::Problems;
use crate::domain::story::StoryBody;
use crate::domain::texts::is_language_tag;
use crate::domain::webhook::EventKind;

/// What was wrong and how it should be; an absent member stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoryCorrection {
    /// Key of the right wave.
    #[schema(max_length = 64, example = "2")]
    wave: Option<String>,
    /// Key of the right perspective.
    #[schema(max_length = 64, example = "job-coach")]
    perspective: Option<String>,
    /// Code of the right participant.
    #[schema(max_length = 64, example = "7K3M-PX2C")]
    participant: Option<String>,
    /// Code of the right teller.
    #[schema(max_length = 64, example = "7K3M-PX2C")]
    teller: Option<String>,
    /// Why.
    #[schema(min_length = 3, max_length = 1000, example = "the code was typed wrong")]
    reason: String,
}

/// A text without what could identify people; an absent member stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Redaction {
    /// Version that was looked at. When another is the newest by now nothing is changed: it may lack names that this text has.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// Redacted title.
    #[schema(max_length = 1000)]
    title: Option<String>,
    /// Redacted text.
    #[schema(max_length = 200000)]
    text: Option<String>,
    /// Why.
    #[schema(min_length = 3, max_length = 1000, example = "the name of an employer was mentioned")]
    reason: String,
}

/// The version to release.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Release {
    /// Version.
    #[schema(minimum = 1, example = 2)]
    version: i32,
}

/// A translation.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewTranslation {
    /// Version that was translated.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// Translated title.
    #[schema(max_length = 1000, example = "The bus")]
    title: String,
    /// Translated text.
    #[schema(max_length = 200000, example = "For the first time I took the bus to work myself.")]
    text: String,
}

/// A new version.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeVersion {
    /// Its number.
    #[schema(example = 2)]
    version: i32,
}

/// The newest body of a story with its framework.
pub async fn newest(state: &web::Data<AppState>, project_id: &str, id: &str) -> ApiResult<(StoryRow, StoryBody)> {
    let (project, story) = (project_id.to_owned(), id.to_owned());
    let (row, version) = state
        .db
        .run(move |conn| {
            let row = stories::by_id(conn, &project, &story)?;
            let version: Option<VersionRow> = stories::versions(conn, &project, &story)?.pop();
            Ok::<_, ApiError>((row, version.ok_or_else(ApiError::not_found)?))
        })
        .await?;
    refuse_restricted(&row)?;
    let framework = framework_of(state, project_id, &row).await?;
    let body = stored_body(&version, &framework)?;
    Ok((row, body))
}

pub async fn framework_of(state: &web::Data<AppState>, project_id: &str, row: &StoryRow) -> ApiResult<std::sync::Arc<Framework>> {
    let framework = published_framework(state, project_id, row.framework_version).await?;
    framework.ok_or_else(|| ApiError::internal("a story without its framework"))
}

/// Puts a wrong wave, perspective, participant or teller right, as a new version that says why.
#[utoipa::path(tag = "stories", request_body = StoryCorrection,
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story")),
    responses((status = 201, description = "Put right", body = MadeVersion),
        (status = 409, description = "Changed meanwhile; or released, and about a participant who was not informed: take the release back first")))]
#[post("/v1/projects/{projectId}/stories/{storyId}/corrections")]
pub async fn correct_story(
    access: Access<EditStories>,
    path: web::Path<(String, Uuid)>,
    body: Body<StoryCorrection>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (id, correction) = (path.1.to_string(), body.0);
    let (row, mut story) = newest(&state, &access.project_id, &id).await?;
    let named = [&correction.wave, &correction.perspective, &correction.participant, &correction.teller];
    if named.iter().all(|member| member.is_none()) {
        let message = "a correction changes the wave, the perspective, the participant or the teller";
        return Err(ApiError::field("$", "required", message));
    }
    let framework = framework_of(&state, &access.project_id, &row).await?;
    let mut problems = Problems::default();
    if let Some(perspective) = &correction.perspective {
        if !framework.has_perspective(perspective) {
            problems.add("$.perspective", "unknownOption", "not a perspective of the story's framework");
        }
        story.perspective.clone_from(perspective);
        // What that perspective is not asked was not asked: it stays in the version before.
        story.placements.retain(|key, _| framework.signifier(key).is_some_and(|s| s.is_asked_of(perspective)));
        story.background.retain(|key, _| framework.signifier(key).is_some_and(|s| s.is_asked_of(perspective)));
    }
    story.wave = correction.wave.clone().unwrap_or(story.wave);
    story.participant = correction.participant.clone().or(story.participant);
    story.teller = correction.teller.clone().or(story.teller);
    let version = state
        .db
        .write(move |conn| {
            let right = resolve(conn, &access.project_id, &correction, &row, &story, problems)?;
            let new = new_version("correction", &row, &story, &correction.reason, access.actor())?;
            let version = stories::add_version(conn, &access.project_id, &id, &new).map_err(changed_meanwhile)?;
            stories::correct(conn, &access.project_id, &id, &right)?;
            recount(conn, &access.project_id, &framework, &row, &right)?;
            if stories::by_id(conn, &access.project_id, &id)?.released_version.is_some() {
                let about = right.participant_id.as_deref();
                require_informed(conn, &access.project_id, &framework, &right.perspective, about)?;
            }
            record(conn, &Event::on(&access.project_id, &access.actor(), "story.correct", &id, &correction.reason))?;
            Ok::<_, ApiError>(version)
        })
        .await?;
    Ok(HttpResponse::Created().json(MadeVersion { version }))
}

/// Two researchers at once: the second one has not seen what the first one took out.
fn changed_meanwhile(e: DbError) -> ApiError {
    match e {
        DbError::Conflict(_) => ApiError::conflict("changedMeanwhile", "the story was changed meanwhile; look at it again"),
        other => other.into(),
    }
}

/// Who told is counted by what is right: as at delivery for the right participant, and no more for the wrong one.
fn recount(conn: &mut Conn, project_id: &str, framework: &Framework, before: &StoryRow, after: &Correction) -> DbResult<()> {
    let own = |perspective: &str| framework.perspectives.first().is_some_and(|p| p.key == perspective);
    if before.status != stories::ACTIVE {
        return Ok(());
    }
    if let Some(participant) = before.participant_id.as_deref().filter(|_| own(&before.perspective))
        && !stories::has_told(conn, project_id, participant, &before.wave, &before.perspective)?
    {
        participants::reopen_participation(conn, project_id, participant, &before.wave)?;
    }
    match after.participant_id.as_deref().filter(|_| own(&after.perspective)) {
        Some(participant) => participants::complete_participation(conn, project_id, participant, &after.wave),
        None => Ok(()),
    }
}

/// The people and the wave that a correction names. Errors: all that are not there.
fn resolve(
    conn: &mut Conn,
    project_id: &str,
    correction: &StoryCorrection,
    row: &StoryRow,
    story: &StoryBody,
    mut problems: Problems,
) -> ApiResult<Correction> {
    if waves::get(conn, project_id, &story.wave)?.is_none() {
        problems.add("$.wave", "unknownOption", "not a wave of this project");
    }
    let mut right = Correction {
        wave: story.wave.clone(),
        perspective: story.perspective.clone(),
        participant_id: row.participant_id.clone(),
        teller_id: row.teller_id.clone(),
        facts: serde_json::to_string(&story.facts()).map_err(ApiError::internal)?,
    };
    if let Some(code) = &correction.participant {
        match participants::by_code(conn, project_id, code)? {
            Some(known) if known.status == name_of(&ParticipantStatus::Withdrawn) => {
                problems.add("$.participant", "withdrawn", "this participant takes no part any more");
            }
            Some(known) if known.restricted_at.is_some() => {
                problems.add("$.participant", "restricted", "what there is of this participant is only kept, and not used");
            }
            Some(known) => right.participant_id = Some(known.id),
            None => problems.add("$.participant", "unknownOption", "not a participant of this project"),
        }
    }
    if let Some(code) = &correction.teller {
        match tellers::by_code(conn, project_id, code)? {
            Some(known) if known.withdrawn_at.is_some() => {
                problems.add("$.teller", "withdrawn", "this teller takes no part any more");
            }
            Some(known) if known.restricted_at.is_some() => {
                problems.add("$.teller", "restricted", "what there is of this teller is only kept, and not used");
            }
            Some(known) => right.teller_id = Some(known.id),
            None => problems.add("$.teller", "unknownOption", "not a teller of this project"),
        }
    }
    Ok(problems.or_ok(right)?)
}

fn new_version(kind: &'static str, row: &StoryRow, story: &StoryBody, reason: &str, created_by: String) -> ApiResult<NewVersion> {
    Ok(NewVersion {
        based_on: row.version,
        kind,
        body: serde_json::to_string(story).map_err(ApiError::internal)?,
        title: story.title.clone().unwrap_or_default(),
        reason: reason.to_owned(),
        created_by,
    })
}

/// Takes out what could identify people, as a new version. What was released stays released until the new version is.
#[utoipa::path(tag = "stories", request_body = Redaction,
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story")),
    responses((status = 201, description = "Redacted", body = MadeVersion),
        (status = 409, description = "Somebody changed the story meanwhile")))]
#[post("/v1/projects/{projectId}/stories/{storyId}/redactions")]
pub async fn redact_story(
    access: Access<EditStories>,
    path: web::Path<(String, Uuid)>,
    body: Body<Redaction>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (id, redaction) = (path.1.to_string(), body.0);
    if redaction.title.is_none() && redaction.text.is_none() {
        return Err(ApiError::field("$", "required", "a redaction changes the title, the text or both"));
    }
    let (row, mut story) = newest(&state, &access.project_id, &id).await?;
    if redaction.version != row.version {
        return Err(changed_meanwhile(DbError::Conflict("another version is the newest".to_owned())));
    }
    story.title = redaction.title.or(story.title);
    story.text = redaction.text.or(story.text);
    let new = new_version("redaction", &row, &story, &redaction.reason, access.actor())?;
    let version = state
        .db
        .write(move |conn| {
            let version = stories::add_version(conn, &access.project_id, &id, &new).map_err(changed_meanwhile)?;
            record(conn, &Event::on(&access.project_id, &access.actor(), "story.redact", &id, &new.reason))?;
            Ok::<_, ApiError>(version)
        })
        .await?;
    Ok(HttpResponse::Created().json(MadeVersion { version }))
}

/// Releases the newest version for reading: by the workgroup when the teller permits it. Whoever asks says which version that
/// is: one that somebody redacted meanwhile is not released.
#[utoipa::path(tag = "stories", request_body = Release,
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story")),
    responses((status = 204, description = "Released"), (status = 404, description = "No such version, or the story is held or withdrawn"),
        (status = 409, description = "There is a newer version by now, or a professional tells about a participant who was not informed yet")))]
#[put("/v1/projects/{projectId}/stories/{storyId}/release")]
pub async fn release_story(
    access: Access<EditStories>,
    path: web::Path<(String, Uuid)>,
    body: Body<Release>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (id, version) = (path.1.to_string(), body.0.version);
    let (project_id, story_id) = (access.project_id.clone(), id.clone());
    let row = state.db.run(move |conn| stories::by_id(conn, &project_id, &story_id)).await?;
    if row.status != stories::ACTIVE {
        return Err(ApiError::not_found());
    }
    let framework = framework_of(&state, &access.project_id, &row).await?;
    state
        .db
        .write(move |conn| {
            let project_id = &access.project_id;
            stories::release(conn, project_id, &id, version).map_err(changed_meanwhile)?;
            // As it is now: a correction may have come in between.
            let story = stories::by_id(conn, project_id, &id)?;
            require_informed(conn, project_id, &framework, &story.perspective, story.participant_id.as_deref())?;
            let detail = format!("version {version}");
            record(conn, &Event::on(project_id, &access.actor(), "story.release", &id, &detail))?;
            Ok::<_, ApiError>(webhooks::announce(conn, project_id, EventKind::StoryReleased, "", 1)?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes a release back.
#[utoipa::path(tag = "stories",
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story")),
    responses((status = 204, description = "Not released any more")))]
#[delete("/v1/projects/{projectId}/stories/{storyId}/release")]
pub async fn unrelease_story(
    access: Access<EditStories>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    state
        .db
        .write(move |conn| {
            stories::unrelease(conn, &access.project_id, &id)?;
            record(conn, &Event::on(&access.project_id, &access.actor(), "story.unrelease", &id, ""))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Adds a translation of a version beside the original, in place of an earlier one into the same language.
#[utoipa::path(tag = "stories", request_body = NewTranslation,
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story"),
        ("language" = String, Path, description = "Language (BCP 47)", example = "en")),
    responses((status = 204, description = "Added")))]
#[put("/v1/projects/{projectId}/stories/{storyId}/translations/{language}")]
pub async fn put_translation(
    access: Access<EditStories>,
    path: web::Path<(String, Uuid, String)>,
    body: Body<NewTranslation>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (id, language) = (path.1.to_string(), path.2.clone());
    if !is_language_tag(&language) {
        return Err(ApiError::field("path.language", "wrongFormat", "not a BCP-47 language tag"));
    }
    let row = TranslationRow {
        project_id: access.project_id.clone(),
        story_id: id.clone(),
        version: body.0.version,
        language,
        title: body.0.title,
        text: body.0.text,
        created_by: access.actor(),
        created_at: now(),
    };
    state
        .db
        .write(move |conn| {
            let story = stories::by_id(conn, &row.project_id, &id)?;
            if story.status == stories::WITHDRAWN || row.version > story.version {
                return Err(ApiError::not_found());
            }
            refuse_restricted(&story)?;
            stories::add_translation(conn, &row)?;
            Ok(record(conn, &Event::on(&access.project_id, &access.actor(), "story.translate", &id, &row.language))?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
