//! How long what is kept: the terms of a project, what is due, and the proof of what was removed.

use actix_web::{get, post, put, web};
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, EditProject, ReadResponse};
use super::body::{Body, Query};
use super::common::named;
use super::error::ApiResult;
use super::page::{Page, Paging, limit_of, page, position, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::retention::{self, RuleRow, RunRow};
use crate::db::{Conn, DbResult, now, projects, read_tx};
use crate::domain::problem::Problems;
use crate::domain::retention::{CountedFrom, Milestones, RetentionClass, Term};
use crate::upkeep::retention::{due, milestones, run_project, terms};

/// How long one class is kept, and what is due.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetentionTerm {
    /// What.
    pub class: RetentionClass,
    /// Days; null keeps it until the project ends.
    #[schema(example = 30)]
    pub days: Option<i32>,
    /// Days where a project does not choose.
    #[schema(example = 30)]
    standard_days: i32,
    /// Why it is not the standard; empty where it is.
    #[schema(example = "the report is late")]
    pub reason: String,
    /// What the days are counted from.
    pub counted_from: CountedFrom,
    /// That day; null while it is not known, or when each item has its own.
    since: Option<NaiveDate>,
    /// The day on which all of it goes; null while it is not known, or when each item has its own.
    ends_on: Option<NaiveDate>,
    /// How many are due now; they go with the next run, within an hour.
    #[schema(example = 0)]
    due: i64,
}

/// What a project keeps how long.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Retention {
    /// Day of the report, from which raw text is counted.
    reported_on: Option<NaiveDate>,
    /// Class by class.
    pub terms: Vec<RetentionTerm>,
}

/// A term that is not the standard.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChosenTerm {
    /// What.
    class: RetentionClass,
    /// Days; null keeps it until the project ends.
    #[schema(minimum = 1, maximum = 3653, example = 60)]
    days: Option<i32>,
    /// Why. Everybody in the project who sees the response reads it.
    #[schema(min_length = 5, max_length = 500, example = "the municipality asked for a second transcription")]
    reason: String,
}

/// What to keep how long.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RetentionChange {
    /// Day of the report; null while there is none.
    #[schema(example = "2026-12-01")]
    reported_on: Option<NaiveDate>,
    /// Terms that are not the standard; those that are left out become standard again.
    #[serde(default)]
    #[schema(max_items = 20)]
    terms: Vec<ChosenTerm>,
}

/// What a project keeps how long, and what is due.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "Class by class", body = Retention)))]
#[get("/v1/projects/{projectId}/retention")]
pub async fn get_retention(access: Access<ReadResponse>, state: web::Data<AppState>) -> ApiResult<web::Json<Retention>> {
    let read = state.db.run(move |conn| read_tx(conn, |conn| view(conn, &access.project_id)));
    Ok(web::Json(read.await?))
}

/// Sets the day of the report and the terms that are not the standard. What a shorter term makes due goes within an hour,
/// and cannot be brought back.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")), request_body = RetentionChange,
    responses((status = 200, description = "Class by class", body = Retention)))]
#[put("/v1/projects/{projectId}/retention")]
pub async fn update_retention(
    access: Access<EditProject>,
    body: Body<RetentionChange>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Retention>> {
    let change = body.0;
    check(&change)?;
    let changed = state.db.write(move |conn| {
        let (id, actor) = (&access.project_id, access.actor());
        projects::lock(conn, id)?;
        let before = terms(conn, id)?;
        let rows: Vec<RuleRow> = change.terms.iter().map(|t| row(id, &actor, t)).collect();
        retention::replace_rules(conn, id, &rows, change.reported_on)?;
        for (before, after) in before.iter().zip(terms(conn, id)?).filter(|(before, after)| *before != after) {
            let detail = format!("{} -> {} days: {}", days(before), days(&after), after.reason);
            record(conn, &Event::on(id, &actor, "retention.update", after.class.name(), &detail))?;
        }
        let day = change.reported_on.map_or_else(|| "none".to_owned(), |day| day.to_string());
        record(conn, &Event::on(id, &actor, "retention.report", id, &day))?;
        view(conn, id)
    });
    Ok(web::Json(changed.await?))
}

fn check(change: &RetentionChange) -> ApiResult<()> {
    let mut problems = Problems::default();
    for (i, term) in change.terms.iter().enumerate() {
        if change.terms[..i].iter().any(|other| other.class == term.class) {
            problems.add(format!("$.terms[{i}].class"), "duplicate", "this class has a term already");
        }
    }
    Ok(problems.or_ok(())?)
}

fn days(term: &Term) -> String {
    term.days.map_or_else(|| "all".to_owned(), |days| days.to_string())
}

fn row(project_id: &str, actor: &str, term: &ChosenTerm) -> RuleRow {
    RuleRow {
        project_id: project_id.to_owned(),
        class: term.class.name().to_owned(),
        days: term.days,
        reason: term.reason.clone(),
        updated_by: actor.to_owned(),
        updated_at: now(),
    }
}

/// The terms of a project, and what is due.
pub fn view(conn: &mut Conn, project_id: &str) -> DbResult<Retention> {
    let (terms, milestones) = (terms(conn, project_id)?, milestones(conn, project_id)?);
    let terms = terms.into_iter().map(|term| term_view(conn, project_id, &milestones, term)).collect::<DbResult<_>>()?;
    Ok(Retention { reported_on: milestones.report, terms })
}

fn term_view(conn: &mut Conn, project_id: &str, milestones: &Milestones, term: Term) -> DbResult<RetentionTerm> {
    let cutoff = milestones.cutoff(&term, now());
    let since = milestones.since(term.class);
    Ok(RetentionTerm {
        class: term.class,
        days: term.days,
        standard_days: term.class.standard_days(),
        counted_from: term.class.counted_from(),
        since,
        // What has its day is gone on the day after the last one of its term.
        ends_on: since.zip(term.days).map(|(day, days)| day + Duration::days(i64::from(days) + 1)),
        due: cutoff.map_or(Ok(0), |cutoff| due(conn, project_id, term.class, cutoff))?,
        reason: term.reason,
    })
}

/// One finished run over one class.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RetentionRun {
    /// Random id.
    id: Uuid,
    /// What was removed.
    class: RetentionClass,
    /// When.
    ran_at: DateTime<Utc>,
    /// What had its day at or before this moment was due.
    cutoff: DateTime<Utc>,
    /// How many were removed.
    #[schema(example = 12)]
    removed: i64,
    /// How many were still there when looked for afterwards; they are tried again within an hour.
    #[schema(example = 0)]
    remaining: i64,
    /// Who ran it; `server` by itself.
    #[schema(example = "server")]
    ran_by: String,
}

/// What was removed because its term was over, newest first: the proof.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project"), Paging),
    responses((status = 200, description = "A page of runs", body = Page<RetentionRun>)))]
#[get("/v1/projects/{projectId}/retention/runs")]
pub async fn list_retention_runs(
    access: Access<ReadResponse>,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<RetentionRun>>> {
    let limit = limit_of(query.0.limit)?;
    let before = position(query.0.cursor.as_deref())?;
    let rows = state.db.run(move |conn| retention::runs(conn, &access.project_id, before, limit + 1)).await?;
    let at = |r: &RunRow| -> (NaiveDateTime, String) { (r.ran_at, r.id.clone()) };
    let Page { items, next } = page(rows, limit, at, run_view);
    Ok(web::Json(Page { items: items.into_iter().collect::<ApiResult<_>>()?, next }))
}

/// Removes what is due now instead of within an hour.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "What was removed; empty when nothing was due", body = Page<RetentionRun>)))]
#[post("/v1/projects/{projectId}/retention/_run")]
pub async fn run_retention(access: Access<EditProject>, state: web::Data<AppState>) -> ApiResult<web::Json<Page<RetentionRun>>> {
    let runs = run_project(&state.db, &state.files, &access.project_id, &access.actor()).await?;
    Ok(web::Json(Page { items: runs.into_iter().map(run_view).collect::<ApiResult<_>>()?, next: None }))
}

fn run_view(run: RunRow) -> ApiResult<RetentionRun> {
    Ok(RetentionRun {
        id: Uuid::parse_str(&run.id).map_err(super::error::ApiError::internal)?,
        class: named(&run.class)?,
        ran_at: utc(run.ran_at),
        cutoff: utc(run.cutoff),
        removed: run.removed,
        remaining: run.remaining,
        ran_by: run.ran_by,
    })
}
