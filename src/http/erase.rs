//! Every withdrawal goes through here: into the audit trail and into the erasure log.

use chrono::Utc;
use uuid::Uuid;

use super::error::{ApiError, ApiResult};
use crate::db::Conn;
use crate::db::audit::{Event, record_as};
use crate::domain::consent::WithdrawalScope;
use crate::erasures::{Erased, Erasure, ErasureLog};

/// What went with a withdrawal.
#[derive(Default)]
pub struct Gone {
    /// Ids of stories.
    pub stories: Vec<String>,
    /// Ids of tellers who stopped.
    pub tellers: Vec<String>,
}

/// Notes a withdrawal, of a person with its scope. It is the last thing in the transaction, so that what is refused is not in the log. Errors: 503
/// when the log cannot be written; then nothing is withdrawn.
pub fn note(
    conn: &mut Conn,
    log: &ErasureLog,
    erased: Erased,
    scope: Option<WithdrawalScope>,
    event: &Event<'_>,
    gone: Gone,
) -> ApiResult<()> {
    let project_id = event.project_id.unwrap_or_default();
    let erasure = Erasure {
        id: Uuid::new_v4().to_string(),
        at: Utc::now(),
        project: project_id.to_owned(),
        erased,
        scope,
        subject: event.subject.unwrap_or_default().to_owned(),
        stories: gone.stories,
        tellers: gone.tellers,
    };
    record_as(conn, &erasure.id, event)?;
    log.append(&erasure).map_err(|e| {
        tracing::error!(cause = %e, "the erasure log cannot be written");
        ApiError::unavailable()
    })
}
