//! The snapshot of a study, fresh for every question.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::web;
use uuid::Uuid;

use super::auth::Access;
use super::common::cached_framework;
use super::error::{ApiError, ApiResult};
use super::published::renew;
use crate::analysis::cache::{Loaded, Version};
use crate::analysis::record::{FrameError, StoryRecord, StudyShape};
use crate::analysis::snapshot::Snapshot;
use crate::app::AppState;
use crate::db::study::{self, StudyRow};
use crate::db::{DbError, DbResult, projects, read_tx};
use crate::domain::role::Audience;

impl From<FrameError> for ApiError {
    fn from(e: FrameError) -> Self {
        Self::internal(e)
    }
}

/// What whoever asks may count: for the workgroup the published stories, renewed if that is due, for others the study
/// at its newest change. Blocks: call it on a thread for blocking work.
pub fn snapshot<N>(state: &web::Data<AppState>, access: &Access<N>) -> ApiResult<Arc<Snapshot>> {
    let project_id = access.project_id.as_str();
    if access.audience() != Audience::Workgroup {
        return live(state, project_id);
    }
    state.db.run_blocking(|conn| renew(conn, project_id, &access.actor()))?;
    Ok(live(state, project_id)?.published())
}

fn live(state: &web::Data<AppState>, project_id: &str) -> ApiResult<Arc<Snapshot>> {
    let (change, rebuild) = state.db.run_blocking(|conn| projects::changes(conn, project_id))?;
    state.snapshots.get(project_id, Version { change, rebuild }, |since| load(state, project_id, since))
}

/// Reads what is new since `since`, or everything, on one state of the database.
fn load(state: &web::Data<AppState>, project_id: &str, since: Option<i64>) -> ApiResult<Loaded> {
    let study =
        state.db.run_blocking(|conn| -> DbResult<study::Study> { read_tx(conn, |conn| study::load(conn, project_id, since)) })?;
    let mut frameworks = BTreeMap::new();
    for (version, document) in &study.frameworks {
        frameworks.insert(*version, cached_framework(state, project_id, *version, document)?);
    }
    let records: ApiResult<Vec<StoryRecord>> = study.rows.into_iter().map(record).collect();
    Ok(Loaded {
        version: Version { change: study.change, rebuild: study.rebuild },
        shape: StudyShape { frameworks, waves: study.waves, published: study.published },
        records: records?,
    })
}

fn record(row: StudyRow) -> ApiResult<StoryRecord> {
    Ok(StoryRecord {
        id: Uuid::parse_str(&row.id).map_err(|e| DbError::Internal(e.to_string()))?,
        framework_version: row.framework_version,
        wave: row.wave,
        perspective: row.perspective,
        participant: row.participant,
        teller: row.teller,
        language: row.language,
        released: row.released,
        permitted: row.permitted,
        published: row.published,
        attributes: row.attributes,
        facts: row.facts,
    })
}
