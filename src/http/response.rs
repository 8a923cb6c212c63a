//! Who told, in counts: how the fieldwork goes without pointing at anybody.

use std::collections::BTreeMap;

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Access, ReadResponse};
use super::error::ApiResult;
use crate::app::AppState;
use crate::db::{DbError, participants, stories, waves};

/// Response of a study.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Response {
    /// Wave by wave, in their order.
    waves: Vec<WaveResponse>,
}

/// Response of one wave.
#[derive(Serialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct WaveResponse {
    /// Key of the wave.
    #[schema(example = "1")]
    wave: String,
    /// Participants.
    participants: ParticipationCounts,
    /// Stories by perspective.
    stories: Vec<PerspectiveCount>,
}

/// Participants by how they take part. Who missed, declined or withdrew is one count, so that a refusal cannot be
/// told from an absence.
#[derive(Serialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct ParticipationCounts {
    /// Should tell, or have begun.
    #[schema(example = 4)]
    expected: u32,
    /// Told.
    #[schema(example = 38)]
    completed: u32,
    /// Missed, declined or withdrawn.
    #[schema(example = 3)]
    not_told: u32,
}

/// Stories of one perspective.
#[derive(Serialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct PerspectiveCount {
    /// Key of the perspective.
    #[schema(example = "candidate")]
    perspective: String,
    /// Stories in the study.
    #[schema(example = 38)]
    active: i64,
    /// Stories about which administration has a question.
    #[schema(example = 1)]
    held: i64,
}

/// Counts of who told, per wave and perspective.
#[utoipa::path(tag = "participants", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "The counts", body = Response)))]
#[get("/v1/projects/{projectId}/response")]
pub async fn get_response(access: Access<ReadResponse>, state: web::Data<AppState>) -> ApiResult<web::Json<Response>> {
    let (keys, people, told) = state
        .db
        .run(move |conn| {
            let id = &access.project_id;
            let keys: Vec<String> = waves::list(conn, id)?.into_iter().map(|w| w.key).collect();
            let people = participants::participations(conn, id, None)?;
            Ok::<_, DbError>((keys, people, stories::response(conn, id)?))
        })
        .await?;
    let mut by_wave: BTreeMap<String, WaveResponse> = BTreeMap::new();
    for row in people {
        let counts = &mut by_wave.entry(row.wave).or_default().participants;
        match row.state.as_str() {
            "expected" | "started" => counts.expected += 1,
            "completed" => counts.completed += 1,
            "missed" | "declined" | "withdrawn" => counts.not_told += 1,
            _ => {}
        }
    }
    for (wave, perspective, status, count) in told {
        let list = &mut by_wave.entry(wave).or_default().stories;
        if list.last().is_none_or(|p| p.perspective != perspective) {
            list.push(PerspectiveCount { perspective, ..Default::default() });
        }
        if let Some(entry) = list.last_mut() {
            match status.as_str() {
                stories::ACTIVE => entry.active = count,
                stories::HELD => entry.held = count,
                _ => {}
            }
        }
    }
    let in_order = keys.into_iter().map(|key| WaveResponse { wave: key.clone(), ..by_wave.remove(&key).unwrap_or_default() });
    Ok(web::Json(Response { waves: in_order.collect() }))
}
