//! Whoever does not want to take part any more: what is stopped, removed and erased, as far as the scope says.

use actix_web::http::{StatusCode, header};
use actix_web::{post, web};
use uuid::Uuid;

use super::auth::{Access, ManageParticipants};
use super::common::{name_of, named, newest_framework};
use super::erase::{Gone, note};
use super::error::{ApiError, ApiResult};
use super::participants::{Participant, read, view};
use crate::app::AppState;
use crate::db::audit::Event;
use crate::db::consents::{self, PARTICIPANT, RecordRow};
use crate::db::participants::{self, ParticipantUpdate};
use crate::db::{Conn, contacts, projects, stories, subjects, tellers};
use crate::domain::consent::WithdrawalScope;
use crate::domain::participant::ParticipantStatus;
use crate::erasures::Erased;
use crate::files::Files;

/// Withdraws a participant: the person stays known as withdrawn, all stories about this person are gone, whoever told
/// them, and what still comes in is held.
#[utoipa::path(tag = "participants",
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 200, description = "Withdrawn", body = Participant)))]
#[post("/v1/projects/{projectId}/participants/{participantId}/_withdraw")]
pub async fn withdraw_participant(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Participant>> {
    let id = path.1.to_string();
    let (project_id, log) = (access.project_id.clone(), state.erasures.clone());
    let (read_back, stories) = state
        .db
        .write(move |conn| {
            let (project_id, actor) = (&access.project_id, access.actor());
            projects::lock(conn, project_id)?;
            participants::by_id(conn, project_id, &id)?.ok_or_else(ApiError::not_found)?;
            let all = name_of(&WithdrawalScope::EraseAll);
            let row = consents::withdrawal(conn, project_id, (PARTICIPANT, &id), &all, &actor)?;
            let stories = carry_out(conn, &log, &row)?;
            Ok::<_, ApiError>((read(conn, project_id, &id, true)?, stories))
        })
        .await?;
    remove_files(&state.files, &project_id, stories).await?;
    Ok(web::Json(view(read_back.0, read_back.1)?))
}

/// Removes the files of stories that were withdrawn a moment ago. Errors: 503; the withdrawal stands, and the server
/// removes them within the hour by itself.
pub async fn remove_files(files: &Files, project_id: &str, stories: Vec<String>) -> ApiResult<()> {
    files.remove_stories(project_id, stories).await.map_err(|cause| {
        tracing::warn!(%cause, "files of withdrawn stories could not be removed yet");
        let detail = "this is withdrawn, but its files could not be removed yet; the server tries again by itself";
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "filesRemain", detail).with_header(header::RETRY_AFTER, "60")
    })
}

/// Keeps the record of a withdrawal and carries it out, as the last thing in the transaction of the caller, who holds the
/// lock of the project: nothing comes in or is noted about this person meanwhile. Answers the ids of the stories that
/// went, whose files the caller removes. Errors: not found; 503 when it cannot be logged.
pub fn carry_out(conn: &mut Conn, log: &crate::erasures::ErasureLog, record: &RecordRow) -> ApiResult<Vec<String>> {
    let scope: WithdrawalScope = named(record.scope.as_deref().unwrap_or_default())?;
    consents::insert_record(conn, record)?;
    let (erased, action) = match record.person_kind.as_str() {
        PARTICIPANT => (Erased::Participant, "participant.withdraw"),
        _ => (Erased::Teller, "teller.withdraw"),
    };
    let gone = match erased {
        Erased::Participant => stop_participant(conn, &record.project_id, &record.person_id, scope)?,
        _ => Gone { stories: stop_teller(conn, &record.project_id, &record.person_id, scope)?, tellers: Vec::new() },
    };
    let stories = gone.stories.clone();
    let detail = name_of(&scope);
    let event = Event::on(&record.project_id, &record.recorded_by, action, &record.person_id, &detail);
    note(conn, log, erased, Some(scope), &event, gone)?;
    Ok(stories)
}

fn stop_participant(conn: &mut Conn, project_id: &str, id: &str, scope: WithdrawalScope) -> ApiResult<Gone> {
    let update = ParticipantUpdate {
        status: Some(name_of(&ParticipantStatus::Withdrawn)),
        // Once future stories are removed, no later and lesser scope brings them back.
        remove_future: (scope == WithdrawalScope::StopAndRemoveFuture).then_some(true),
        ..Default::default()
    };
    participants::update(conn, project_id, id, update)?;
    contacts::forget(conn, project_id, id)?;
    let stories = match scope {
        WithdrawalScope::EraseAll => {
            participants::withdraw_participations(conn, project_id, id)?;
            stories::withdraw_about(conn, project_id, id)?
        }
        WithdrawalScope::StopAndRemoveFuture => {
            participants::stop_participations(conn, project_id, id)?;
            stories::withdraw_late_about(conn, project_id, id)?
        }
        WithdrawalScope::Stop => {
            participants::stop_participations(conn, project_id, id)?;
            Vec::new()
        }
    };
    projects::next_rebuild(conn, project_id)?;
    let mut gone = Gone { stories, tellers: Vec::new() };
    stop_own_tellers(conn, project_id, id, scope, &mut gone)?;
    if scope == WithdrawalScope::EraseAll {
        subjects::forget_participant(conn, project_id, id)?;
    }
    Ok(gone)
}

/// Answers the ids of the stories that went.
fn stop_teller(conn: &mut Conn, project_id: &str, id: &str, scope: WithdrawalScope) -> ApiResult<Vec<String>> {
    tellers::withdraw(conn, project_id, id)?;
    Ok(match scope {
        WithdrawalScope::EraseAll => stories::withdraw_told_by(conn, project_id, id)?,
        WithdrawalScope::StopAndRemoveFuture => {
            tellers::remove_future(conn, project_id, id)?;
            stories::withdraw_late_by(conn, project_id, id)?
        }
        WithdrawalScope::Stop => Vec::new(),
    })
}

/// The participant as a teller stops too: the teller with the participant's own perspective who is linked to nobody else.
/// What this teller told without naming the participant goes, or stays, as well.
fn stop_own_tellers(
    conn: &mut Conn,
    project_id: &str,
    participant_id: &str,
    scope: WithdrawalScope,
    gone: &mut Gone,
) -> ApiResult<()> {
    let framework = newest_framework(conn, project_id)?;
    let own = framework.and_then(|f| f.perspectives.into_iter().next()).map(|p| p.key);
    let links = tellers::links(conn, project_id, None)?;
    for (teller_id, _, _) in links.iter().filter(|(_, participant, _)| participant == participant_id) {
        let only = links.iter().filter(|(teller, ..)| teller == teller_id).count() == 1;
        let teller = tellers::by_id(conn, project_id, teller_id)?;
        if only && teller.is_some_and(|t| Some(&t.perspective) == own.as_ref()) {
            gone.stories.extend(stop_teller(conn, project_id, teller_id, scope)?);
            gone.tellers.push(teller_id.clone());
        }
    }
    Ok(())
}
