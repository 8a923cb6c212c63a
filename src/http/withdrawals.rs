//! A participant who does not want to take part any more: what was told by and about this person goes.

use actix_web::{post, web};
use uuid::Uuid;

use super::audit::Event;
use super::auth::{Access, ManageParticipants};
use super::common::{name_of, newest_framework};
use super::erase::{Gone, note};
use super::error::{ApiError, ApiResult};
use super::participants::{Participant, read, view};
use crate::app::AppState;
use crate::db::participants::{self, ParticipantUpdate};
use crate::db::{Conn, projects, stories, subjects, tellers};
use crate::domain::participant::ParticipantStatus;
use crate::erasures::Erased;

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
            let project_id = &access.project_id;
            participants::by_id(conn, project_id, &id)?.ok_or_else(ApiError::not_found)?;
            let update = ParticipantUpdate { status: Some(name_of(&ParticipantStatus::Withdrawn)), ..Default::default() };
            participants::update(conn, project_id, &id, update)?;
            participants::withdraw_participations(conn, project_id, &id)?;
            let mut gone = Gone { stories: stories::withdraw_about(conn, project_id, &id)?, tellers: Vec::new() };
            withdraw_own_tellers(conn, project_id, &id, &mut gone)?;
            subjects::forget_participant(conn, project_id, &id)?;
            projects::next_rebuild(conn, project_id)?;
            let read_back = read(conn, project_id, &id, true)?;
            let (actor, stories) = (access.actor(), gone.stories.clone());
            let event = Event::on(project_id, &actor, "participant.withdraw", &id, "");
            note(conn, &log, Erased::Participant, &event, gone)?;
            Ok::<_, ApiError>((read_back, stories))
        })
        .await?;
    for story_id in stories {
        state.files.remove_story(&project_id, &story_id).map_err(ApiError::internal)?;
    }
    Ok(web::Json(view(read_back.0, read_back.1)?))
}

/// The participant as a teller stops too: the teller with the participant's own perspective who is linked to nobody else.
/// What this teller told without naming the participant goes as well.
fn withdraw_own_tellers(conn: &mut Conn, project_id: &str, participant_id: &str, gone: &mut Gone) -> ApiResult<()> {
    let framework = newest_framework(conn, project_id)?;
    let own = framework.and_then(|f| f.perspectives.into_iter().next()).map(|p| p.key);
    let links = tellers::links(conn, project_id, None)?;
    for (teller_id, _, _) in links.iter().filter(|(_, participant, _)| participant == participant_id) {
        let only = links.iter().filter(|(teller, ..)| teller == teller_id).count() == 1;
        let teller = tellers::by_id(conn, project_id, teller_id)?;
        if only && teller.is_some_and(|t| Some(&t.perspective) == own.as_ref()) {
            tellers::withdraw(conn, project_id, teller_id)?;
            gone.stories.extend(stories::withdraw_told_by(conn, project_id, teller_id)?);
            gone.tellers.push(teller_id.clone());
        }
    }
    Ok(())
}
