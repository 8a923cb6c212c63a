//! Whether a participant knows that professionals tell about them (GDPR, article 14): before that nothing which they tell
//! about this person is released.

use actix_web::{put, web};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ManageParticipants};
use super::body::Body;
use super::common::name_of;
use super::error::{ApiError, ApiResult};
use super::participants::{Participant, read, view};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::participants::{self, ParticipantUpdate};
use crate::db::{Conn, now};
use crate::domain::framework::Framework;
use crate::domain::participant::InformedWay;

/// How a participant was told that professionals tell about them.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Informed {
    /// On which day.
    #[schema(example = "2026-03-02")]
    pub on: NaiveDate,
    /// By whom; a role or a name as known to the project.
    #[schema(min_length = 1, max_length = 200, example = "coordinator")]
    pub by: String,
    /// How.
    pub way: InformedWay,
}

/// Notes that a participant was told that professionals tell about them, and what happens with it.
#[utoipa::path(tag = "participants", request_body = Informed,
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant")),
    responses((status = 200, description = "Noted", body = Participant)))]
#[put("/v1/projects/{projectId}/participants/{participantId}/informed")]
pub async fn put_informed(
    access: Access<ManageParticipants>,
    path: web::Path<(String, Uuid)>,
    body: Body<Informed>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Participant>> {
    let (id, informed) = (path.1.to_string(), body.0);
    let (row, states) = state
        .db
        .write(move |conn| {
            let project_id = &access.project_id;
            participants::by_id(conn, project_id, &id)?.ok_or_else(ApiError::not_found)?;
            // East of here it is tomorrow already.
            if informed.on > now().date() + Days::new(1) {
                return Err(ApiError::field("$.on", "outOfRange", "this day has not come yet"));
            }
            let update = ParticipantUpdate {
                informed_on: Some(informed.on),
                informed_by: Some(informed.by),
                informed_way: Some(name_of(&informed.way)),
                ..Default::default()
            };
            participants::update(conn, project_id, &id, update)?;
            record(conn, &Event::on(project_id, &access.actor(), "participant.inform", &id, ""))?;
            read(conn, project_id, &id, true)
        })
        .await?;
    Ok(web::Json(view(row, states)?))
}

/// Refuses to show others what a professional told about a participant who does not know that it is told; a story of the
/// first perspective is the participant's own, and one about no participant is free. Errors: 409.
pub fn require_informed(
    conn: &mut Conn,
    project_id: &str,
    framework: &Framework,
    perspective: &str,
    participant_id: Option<&str>,
) -> ApiResult<()> {
    let own = framework.perspectives.first().is_some_and(|p| p.key == perspective);
    let Some(id) = participant_id.filter(|_| !own) else { return Ok(()) };
    let participant = participants::by_id(conn, project_id, id)?;
    if participant.is_some_and(|p| p.informed_on.is_some()) {
        return Ok(());
    }
    let detail = "a professional tells about a participant who was not informed yet; a coordinator notes when that was done";
    Err(ApiError::conflict("participantNotInformed", detail))
}
