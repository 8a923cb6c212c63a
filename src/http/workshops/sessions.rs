//! Workshops themselves: title, steps, the step that runs, open or closed.

use actix_web::{HttpResponse, delete, get, put, web};
use chrono::NaiveDateTime;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::Workshop;
use super::views;
use super::{Names, Present, person, too_many};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::workshops::{self, WorkshopRow};
use crate::db::{Conn, now, projects};
use crate::domain::conditions::{Condition, Deed, judge, judge_removal};
use crate::domain::problem::Problems;
use crate::domain::workshop::{
    MOST_WORKSHOPS, NextStep, RunningStep, Step, WorkshopState, check_steps, check_text, next_running, standard_steps,
};
use crate::http::auth::{self, Access};
use crate::http::body::{Body, Query};
use crate::http::common::{name_of, named};
use crate::http::conditions::{Known, MatchHeader, Put, PutHeaders, tagged};
use crate::http::error::{ApiError, ApiResult};
use crate::http::page::{Page, Paging, limit_of, page, position};

/// A workshop to make or change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewWorkshop {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, example = "Session of 12 March")]
    title: String,
    /// Whether it takes input; it does when absent.
    state: Option<WorkshopState>,
    /// Its steps; when absent the standard ones, or those that it has.
    #[schema(max_items = 20)]
    steps: Option<Vec<Step>>,
    /// The step that is to run; none when absent. The same step goes on with its clock, another begins now.
    step: Option<NextStep>,
}

/// What a workshop is to be, checked.
struct Wanted {
    title: String,
    state: WorkshopState,
    steps: Vec<Step>,
    step: Option<NextStep>,
}

impl Wanted {
    /// Errors: all that is wrong with it.
    fn of(new: NewWorkshop, there: Option<&WorkshopRow>) -> ApiResult<Self> {
        let steps = match (new.steps, there) {
            (Some(steps), _) => steps,
            (None, Some(row)) => steps_of(row)?,
            (None, None) => standard_steps(),
        };
        let mut problems = Problems::default();
        check_text(&new.title, "$.title", &mut problems);
        check_steps(&steps, new.step.as_ref(), &mut problems);
        let state = new.state.unwrap_or(WorkshopState::Open);
        // A closed workshop has no step that runs.
        let step = new.step.filter(|_| state == WorkshopState::Open);
        Ok(problems.or_ok(Self { title: new.title, state, steps, step })?)
    }

    fn is(&self, row: &WorkshopRow) -> bool {
        let step = row.step_key.as_ref().zip(row.step_minutes);
        let steps_are = steps_of(row).is_ok_and(|steps| steps == self.steps);
        self.title == row.title
            && name_of(&self.state) == row.state
            && steps_are
            && self.step.as_ref().map(|s| (&s.key, s.minutes)) == step
    }

    /// Writes it into a row.
    fn fill(self, row: WorkshopRow, at: NaiveDateTime) -> ApiResult<WorkshopRow> {
        let before = row.step_key.zip(row.step_started_at).zip(row.step_minutes);
        let before = before.map(|((key, started_at), minutes)| RunningStep { key, started_at, minutes });
        let running = next_running(self.state, before, self.step, at);
        Ok(WorkshopRow {
            title: self.title,
            state: name_of(&self.state),
            steps: serde_json::to_string(&self.steps).map_err(ApiError::internal)?,
            step_key: running.as_ref().map(|r| r.key.clone()),
            step_started_at: running.as_ref().map(|r| r.started_at),
            step_minutes: running.as_ref().map(|r| r.minutes),
            updated_at: at,
            ..row
        })
    }
}

fn steps_of(row: &WorkshopRow) -> ApiResult<Vec<Step>> {
    serde_json::from_str(&row.steps).map_err(ApiError::internal)
}

fn view(conn: &mut Conn, present: &Present) -> ApiResult<Workshop> {
    let names = Names::of(conn, [present.workshop.created_by.as_str()])?;
    views::workshop(present, &names)
}

/// The workshops of a project, newest first.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"), Paging),
    responses((status = 200, description = "A page of workshops", body = Page<Workshop>)))]
#[get("/v1/projects/{projectId}/workshops")]
pub async fn list_workshops(
    access: Access<auth::Workshop>,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<Workshop>>> {
    let limit = limit_of(query.0.limit)?;
    let after: Option<(NaiveDateTime, String)> = position(query.0.cursor.as_deref())?;
    let read = move |conn: &mut Conn| {
        let me = person(&access)?;
        let rows = workshops::page(conn, &access.project_id, after, limit + 1)?;
        let names = Names::of(conn, rows.iter().map(|r| r.created_by.as_str()))?;
        let one = |row| {
            let present = Present { workshop: row, me: me.clone(), audience: access.audience() };
            views::workshop(&present, &names)
        };
        let found = page(rows, limit, |r| (r.created_at, r.id.clone()), one);
        Ok::<_, ApiError>(Page { items: found.items.into_iter().collect::<ApiResult<Vec<_>>>()?, next: found.next })
    };
    Ok(web::Json(state.db.run(read).await?))
}

/// One workshop.
#[utoipa::path(tag = "workshops",
    params(("projectId" = Uuid, Path, description = "Project"), ("workshopId" = Uuid, Path, description = "Workshop")),
    responses((status = 200, description = "The workshop", body = Workshop, headers(("ETag" = String, description = "Its revision")))))]
#[get("/v1/projects/{projectId}/workshops/{workshopId}")]
pub async fn get_workshop(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let read = move |conn: &mut Conn| {
        let present = Present::reader(conn, &access, path.1)?;
        view(conn, &present)
    };
    let workshop = state.db.run(read).await?;
    Ok(tagged(&workshop, workshop.revision))
}

/// Makes a workshop (`If-None-Match: *`), or changes it (`If-Match`): its title and steps, the step that runs, whether it takes
/// input. Whoever made it and researchers change it. The same request may be repeated when its answer was lost.
#[utoipa::path(tag = "workshops", request_body = NewWorkshop,
    params(("projectId" = Uuid, Path, description = "Project"), ("workshopId" = Uuid, Path, description = "Id made by the client"), PutHeaders),
    responses((status = 201, description = "Made", body = Workshop, headers(("ETag" = String, description = "Its revision"))),
        (status = 200, description = "Changed, or it was so already (`Idempotent-Replay: true`)", body = Workshop,
            headers(("ETag" = String, description = "Its revision"))),
        (status = 409, description = "The project has as many workshops as it may"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "Neither header")))]
#[put("/v1/projects/{projectId}/workshops/{workshopId}")]
pub async fn put_workshop(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid)>,
    known: Known,
    body: Body<NewWorkshop>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let location = format!("/v1/projects/{}/workshops/{}", access.project_id, path.1);
    let put = state.db.write(move |conn| write(conn, &access, path.1, &known.0, body.0));
    Ok(put.await?.answer(&location, |workshop| workshop.revision))
}

fn write(
    conn: &mut Conn,
    access: &Access<auth::Workshop>,
    id: Uuid,
    known: &Condition,
    new: NewWorkshop,
) -> ApiResult<Put<Workshop>> {
    let (me, project_id) = (person(access)?, &access.project_id);
    if *known == Condition::Absent {
        projects::lock(conn, project_id)?; // two that make it at once: one makes it
    }
    let there = workshops::lock(conn, project_id, &id.to_string())?;
    let wanted = Wanted::of(new, there.as_ref())?;
    let audience = access.audience();
    match judge(known, there, &me, |row| wanted.is(row))? {
        Deed::Same(workshop) => Ok(Put::Same(view(conn, &Present { workshop, me, audience })?)),
        Deed::Make => {
            if workshops::count(conn, project_id)? >= MOST_WORKSHOPS {
                return Err(too_many(MOST_WORKSHOPS, "workshops in a project"));
            }
            let workshop = wanted.fill(empty(project_id, id, &me), now())?;
            workshops::insert(conn, &workshop)?;
            record(conn, &Event::on(project_id, &access.actor(), "workshop.create", &workshop.id, ""))?;
            Ok(Put::Made(view(conn, &Present { workshop, me, audience })?))
        }
        Deed::Change(workshop) => {
            let mut present = Present { workshop, me, audience };
            present.require_change(&present.workshop.created_by)?;
            let state_before: WorkshopState = named(&present.workshop.state)?;
            let action = match (state_before, wanted.state) {
                (WorkshopState::Open, WorkshopState::Closed) => "workshop.close",
                (WorkshopState::Closed, WorkshopState::Open) => "workshop.open",
                _ => "workshop.update",
            };
            let revision = present.next_change(conn)?;
            present.workshop = WorkshopRow { revision, ..wanted.fill(present.workshop, now())? };
            workshops::update(conn, &present.workshop)?;
            record(conn, &Event::on(project_id, &access.actor(), action, &present.workshop.id, ""))?;
            Ok(Put::Changed(view(conn, &present)?))
        }
    }
}

fn empty(project_id: &str, id: Uuid, me: &str) -> WorkshopRow {
    WorkshopRow {
        project_id: project_id.to_owned(),
        id: id.to_string(),
        title: String::new(),
        state: String::new(),
        steps: String::new(),
        step_key: None,
        step_started_at: None,
        step_minutes: None,
        change: 1,
        revision: 1,
        created_by: me.to_owned(),
        created_at: now(),
        updated_at: now(),
    }
}

/// Removes a workshop with everything in it: whoever made it and researchers may.
#[utoipa::path(tag = "workshops",
    params(("projectId" = Uuid, Path, description = "Project"), ("workshopId" = Uuid, Path, description = "Workshop"), MatchHeader),
    responses((status = 204, description = "Gone"), (status = 412, description = "Somebody changed it meanwhile"),
        (status = 428, description = "No `If-Match`")))]
#[delete("/v1/projects/{projectId}/workshops/{workshopId}")]
pub async fn delete_workshop(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid)>,
    known: Known,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let write = move |conn: &mut Conn| {
        let present = Present::writer(conn, &access, path.1)?;
        present.require_change(&present.workshop.created_by)?;
        judge_removal(&known.0, &present.workshop)?;
        let (project_id, id) = present.at();
        workshops::delete(conn, project_id, id)?;
        Ok::<_, ApiError>(record(conn, &Event::on(project_id, &access.actor(), "workshop.delete", id, ""))?)
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
