//! Taking held stories into the study, and taking stories back.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, EditStories, WithdrawByCode};
use super::body::Body;
use super::common::name_of;
use super::corrections::{framework_of, newest};
use super::erase::{Gone, note};
use super::error::{ApiError, ApiResult};
use super::subjects::refuse_restricted;
use super::withdrawals::remove_files;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::stories::{self, StoryRow};
use crate::db::{Conn, DbResult, participants, projects, tellers, waves};
use crate::domain::code;
use crate::domain::framework::Framework;
use crate::domain::participant::ParticipantStatus;
use crate::erasures::Erased;

/// Why something was done.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reason {
    /// Why.
    #[schema(min_length = 3, max_length = 1000, example = "the teller asked for it")]
    reason: String,
}

/// Takes a held story into the study; not one about or by somebody who takes no part any more: that can only be
/// withdrawn.
#[utoipa::path(tag = "stories", request_body = Reason,
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story")),
    responses((status = 204, description = "Part of the study now"), (status = 404, description = "No such held story"),
        (status = 409, description = "Somebody in it withdrew")))]
#[post("/v1/projects/{projectId}/stories/{storyId}/_accept")]
pub async fn accept_story(
    access: Access<EditStories>,
    path: web::Path<(String, Uuid)>,
    body: Body<Reason>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    let (row, _) = newest(&state, &access.project_id, &id).await?;
    let framework = framework_of(&state, &access.project_id, &row).await?;
    state
        .db
        .write(move |conn| {
            // Whoever restricts or withdraws has this lock too: the story is as it stands now.
            projects::lock(conn, &access.project_id)?;
            let story = stories::by_id(conn, &access.project_id, &id)?;
            refuse_restricted(&story)?;
            nobody_withdrew(conn, &story)?;
            stories::accept_held(conn, &access.project_id, &id)?;
            complete(conn, &framework, &story)?;
            let detail = format!("{}: {}", story.held, body.0.reason);
            record(conn, &Event::on(&access.project_id, &access.actor(), "story.accept", &id, &detail))?;
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A withdrawal holds for what comes in later too. Errors: 409.
fn nobody_withdrew(conn: &mut Conn, story: &StoryRow) -> ApiResult<()> {
    let participant = match &story.participant_id {
        Some(id) => participants::by_id(conn, &story.project_id, id)?,
        None => None,
    };
    let teller = match &story.teller_id {
        Some(id) => tellers::by_id(conn, &story.project_id, id)?,
        None => None,
    };
    let withdrawn = participant.is_some_and(|p| p.status == name_of(&ParticipantStatus::Withdrawn));
    if withdrawn || teller.is_some_and(|t| t.withdrawn_at.is_some()) {
        return Err(ApiError::conflict("withdrawn", "somebody in this story takes no part any more; withdraw the story"));
    }
    Ok(())
}

/// A story that is taken into the study counts as told, as one that was never held.
fn complete(conn: &mut Conn, framework: &Framework, story: &StoryRow) -> DbResult<()> {
    let own = framework.perspectives.first().is_some_and(|p| p.key == story.perspective);
    match &story.participant_id {
        Some(participant) if own && waves::get(conn, &story.project_id, &story.wave)?.is_some() => {
            participants::complete_participation(conn, &story.project_id, participant, &story.wave)
        }
        _ => Ok(()),
    }
}

/// Takes a story back, as the teller asked: its texts, answers, translations and files are gone, and a later delivery
/// of the same story is told so.
#[utoipa::path(tag = "stories", request_body = Reason,
    params(("projectId" = Uuid, Path, description = "Project"), ("storyId" = Uuid, Path, description = "Story")),
    responses((status = 204, description = "Withdrawn")))]
#[post("/v1/projects/{projectId}/stories/{storyId}/_withdraw")]
pub async fn withdraw_story(
    access: Access<EditStories>,
    path: web::Path<(String, Uuid)>,
    body: Body<Reason>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    withdraw(&state, &access, path.1.to_string(), body.0.reason).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes one story back, with its files. Errors: not found; 503 when the erasure log cannot be written, or files remain.
async fn withdraw<N>(state: &web::Data<AppState>, access: &Access<N>, id: String, reason: String) -> ApiResult<()> {
    let (project_id, actor, story) = (access.project_id.clone(), access.actor(), id.clone());
    let log = state.erasures.clone();
    state
        .db
        .write(move |conn| {
            stories::withdraw(conn, &project_id, &story)?;
            let event = Event::on(&project_id, &actor, "story.withdraw", &story, &reason);
            note(conn, &log, Erased::Story, None, &event, Gone { stories: vec![story.clone()], tellers: Vec::new() })
        })
        .await?;
    // Whatever is there, so that it is safe to ask again when this fails.
    remove_files(&state.files, &access.project_id, vec![id]).await
}

/// A story to withdraw by the code that its teller has.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WithdrawalByCode {
    /// The code on the teller's receipt; small letters, spaces, and O for 0 are understood.
    #[schema(min_length = 1, max_length = 64, example = "BC73-RMKF-1WR")]
    code: String,
    /// Why.
    #[schema(min_length = 3, max_length = 1000, example = "the teller asked for it")]
    reason: String,
}

/// Takes back the one story whose code its teller shows, as the withdrawal of a story does. Nobody reads it for that.
#[utoipa::path(tag = "stories", request_body = WithdrawalByCode, params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 204, description = "Withdrawn"), (status = 404, description = "No story here has this code"),
        (status = 409, description = "Several stories have this code (`severalStories`); nothing was withdrawn")))]
#[post("/v1/projects/{projectId}/stories/_withdraw-by-code")]
pub async fn withdraw_story_by_code(
    access: Access<WithdrawByCode>,
    body: Body<WithdrawalByCode>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let wrong = || ApiError::field("$.code", "wrongCode", "this is not the code of a story; is a character wrong?");
    let (first, last) = code::stories_of(&body.0.code).ok_or_else(wrong)?;
    let project_id = access.project_id.clone();
    let (first, last) = (first.to_string(), last.to_string());
    let found = state.db.run(move |conn| stories::ids_between(conn, &project_id, &first, &last)).await?;
    let [id] = found.as_slice() else {
        let several = || ApiError::conflict("severalStories", "several stories have this code; a researcher withdraws by id");
        return Err(if found.is_empty() { ApiError::not_found() } else { several() });
    };
    withdraw(&state, &access, id.clone(), body.0.reason).await?;
    Ok(HttpResponse::NoContent().finish())
}
