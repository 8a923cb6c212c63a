//! Questions to the analysis: who asks, of which stories, on a thread for long work.

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::web;
use serde_json::Value;

use super::auth::Access;
use super::common::{cached_framework, newest_published};
use super::error::{ApiError, ApiResult};
use super::projects::thresholds_of;
use super::snapshots::snapshot;
use crate::analysis::protect::Viewer;
use crate::analysis::snapshot::Snapshot;
use crate::app::AppState;
use crate::db::{projects, waves};
use crate::domain::framework::Framework;
use crate::domain::lens::Lens;

/// How long a question waits for its turn before it is told to come back.
const WAIT: std::time::Duration = std::time::Duration::from_secs(5);

/// A question that was understood.
pub struct Asked {
    /// The stories.
    pub snapshot: Arc<Snapshot>,
    /// Which of them, in canonical form.
    pub lens: Lens,
    /// Who asks.
    pub viewer: Viewer,
    /// The newest published framework.
    pub framework: Arc<Framework>,
}

/// Reads the lens and has `answer` computed on a thread for long work. Errors: 400 with everything that is wrong with the
/// lens, 409 without a published framework, 503 when too many questions are being computed, and those of `answer`.
pub async fn ask<N: Send + 'static, T: Send + 'static>(
    access: Access<N>,
    lens: Value,
    state: web::Data<AppState>,
    answer: impl FnOnce(&web::Data<AppState>, Asked) -> ApiResult<T> + Send + 'static,
) -> ApiResult<T> {
    let waiting = tokio::time::timeout(WAIT, state.analysis_slots.clone().acquire_owned()).await;
    let Ok(Ok(slot)) = waiting else {
        let busy = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "many questions are being computed; ask again");
        return Err(busy.with_header(header::RETRY_AFTER, "2"));
    };
    let work = tokio::task::spawn_blocking(move || {
        let _slot = slot; // held until the answer is there, whether or not the client still waits
        let asked = understand(&state, &access, &lens)?;
        answer(&state, asked)
    });
    work.await.map_err(ApiError::internal)?
}

fn understand<N>(state: &web::Data<AppState>, access: &Access<N>, lens: &Value) -> ApiResult<Asked> {
    let id = &access.project_id;
    let (project, newest, wave_keys) = state.db.run_blocking(|conn| {
        let project = projects::by_id(conn, id)?.ok_or_else(ApiError::not_found)?;
        let newest = newest_published(conn, id)?.map(|f| (f.version, f.document));
        let keys: Vec<String> = waves::list(conn, id)?.into_iter().map(|w| w.key).collect();
        Ok::<_, ApiError>((project, newest, keys))
    })?;
    let no_framework = || ApiError::conflict("noFramework", "the project has no published framework yet");
    let (version, document) = newest.ok_or_else(no_framework)?;
    let framework = cached_framework(state, id, version, &document)?;
    let lens = Lens::read(lens, &framework, &wave_keys)?.canonical();
    let viewer = Viewer { audience: access.audience(), thresholds: thresholds_of(&project) };
    Ok(Asked { snapshot: snapshot(state, access)?, lens, viewer, framework })
}
