//! The audit trail as a file, and the check that nothing in it was changed.

use std::io::Write;

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Access, ReadAudit};
use super::body::Query;
use super::error::{ApiError, ApiResult};
use super::exports::download;
use super::stream::of_writer;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::audit_chain::{self, Check, Fault, FaultKind};
use crate::db::{DbError, read_tx, write_tx};
use crate::domain::chain::Noted;
use crate::transfer::trail::{TrailFormat, write_trail};
use crate::upkeep;

/// How to write the trail.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TrailQuery {
    /// Form; JSON lines when absent.
    #[param(inline)]
    format: Option<TrailFormat>,
}

/// The whole audit trail of a project as a file, oldest first: JSON lines, with all that the hashes are made of, or a
/// table. Every line's `hash` is the SHA-256 of the line without it, in the form of RFC 8785; `previous` is that of the
/// line before. The export is itself an event of the file.
#[utoipa::path(tag = "audit", params(("projectId" = Uuid, Path, description = "Project"), TrailQuery),
    responses((status = 200, description = "The file", content((String = "application/jsonl"), (String = "text/csv")))))]
#[get("/v1/projects/{projectId}/exports/audit-events")]
pub async fn export_audit_events(
    access: Access<ReadAudit>,
    query: Query<TrailQuery>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let format = query.0.format.unwrap_or(TrailFormat::Jsonl);
    let (project_id, actor) = (access.project_id.clone(), access.actor());
    let noted = state
        .db
        .run(move |conn| write_tx(conn, |conn| record(conn, &Event::of_many(&project_id, &actor, "export.auditEvents", ""))));
    noted.await?;
    upkeep::seal_all(&state.db).await?;
    let body = of_writer(move |out: &mut dyn Write| {
        let written =
            state.db.run_blocking(|conn| read_tx(conn, |conn| write_trail(conn, &access.project_id, format, out).map(|_| ())));
        written.map_err(|e| std::io::Error::other(e.to_string()))
    });
    Ok(match format {
        TrailFormat::Jsonl => download("application/jsonl", "audit-events.jsonl"),
        TrailFormat::Csv => download("text/csv; charset=utf-8; header=present", "audit-events.csv"),
    }
    .streaming(body))
}

/// A place in the chain that was noted elsewhere.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NotedQuery {
    /// Number of an event, noted earlier.
    #[param(minimum = 1, example = 17)]
    sequence: Option<i64>,
    /// Its hash, noted earlier.
    #[param(min_length = 64, max_length = 64)]
    hash: Option<String>,
}

/// How a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum ChainFaultKind {
    /// Events before this one are not there.
    Missing,
    /// The event has other content than its hash is of.
    Changed,
    /// It does not name the hash of the event before it.
    Unlinked,
    /// The last event is not the one that the end of the chain names.
    End,
    /// What was noted is not in the chain.
    Noted,
}

/// Where a chain is broken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ChainFault {
    /// Number at which it shows.
    #[schema(example = 17)]
    sequence: i64,
    /// Id of the event there.
    id: Option<String>,
    /// What is wrong.
    kind: ChainFaultKind,
}

/// What came of checking the chain. Note `sequence` and `hash` outside the server: whoever can rewrite the whole database
/// could make a new chain, but not one that has what you noted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ChainCheck {
    /// Whether nothing is wrong.
    whole: bool,
    /// Number of the last event.
    #[schema(example = 17)]
    sequence: i64,
    /// Its hash.
    hash: String,
    /// How many faults there are.
    #[schema(example = 0)]
    found: usize,
    /// The first 100 of them.
    faults: Vec<ChainFault>,
}

/// Checks the audit trail of a project from its first event to its last, and that it has what was noted of it earlier.
#[utoipa::path(tag = "audit", params(("projectId" = Uuid, Path, description = "Project"), NotedQuery),
    responses((status = 200, description = "What came of it", body = ChainCheck)))]
#[get("/v1/projects/{projectId}/audit-chain")]
pub async fn get_audit_chain(
    access: Access<ReadAudit>,
    query: Query<NotedQuery>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<ChainCheck>> {
    let noted = noted(query.0)?;
    upkeep::seal_all(&state.db).await?;
    let checked = state.db.run(move |conn| read_tx(conn, |conn| audit_chain::check(conn, &access.project_id, noted.as_ref())));
    Ok(web::Json(view(checked.await.map_err(|e: DbError| ApiError::from(e))?)))
}

fn noted(query: NotedQuery) -> ApiResult<Option<Noted>> {
    match (query.sequence, query.hash) {
        (None, None) => Ok(None),
        (Some(sequence), Some(hash)) => Ok(Some((sequence, hash.to_lowercase()))),
        (None, Some(_)) => Err(ApiError::field("query.sequence", "required", "a noted hash needs the number of its event")),
        (Some(_), None) => Err(ApiError::field("query.hash", "required", "a noted number needs the hash of its event")),
    }
}

fn view(check: Check) -> ChainCheck {
    let fault = |f: Fault| ChainFault {
        sequence: f.sequence,
        id: f.id,
        kind: match f.kind {
            FaultKind::Missing => ChainFaultKind::Missing,
            FaultKind::Changed => ChainFaultKind::Changed,
            FaultKind::Unlinked => ChainFaultKind::Unlinked,
            FaultKind::End => ChainFaultKind::End,
            FaultKind::Noted => ChainFaultKind::Noted,
        },
    };
    ChainCheck {
        whole: check.found == 0,
        sequence: check.head.sequence,
        hash: check.head.hash,
        found: check.found,
        faults: check.faults.into_iter().map(fault).collect(),
    }
}
