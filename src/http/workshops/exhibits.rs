//! What a workshop looks at. An exhibit keeps its own copy of the finding or lens: what people write stays about what they saw.

use actix_web::{HttpResponse, delete, get, put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::Exhibit;
use super::views;
use super::{Names, Present, fixed, too_many};
use crate::app::AppState;
use crate::db::workshops::exhibits::{self, ExhibitRow};
use crate::db::workshops::items;
use crate::db::{Conn, lenses, now, pins};
use crate::domain::conditions::{Condition, Deed, judge, judge_removal};
use crate::domain::problem::Problems;
use crate::domain::workshop::{ExhibitKind, MOST_EXHIBITS, check_text};
use crate::http::auth::{self, Access};
use crate::http::body::Body;
use crate::http::common::{name_of, newest_framework, not_found_is_none};
use crate::http::conditions::{Known, MatchHeader, Put, PutHeaders, tagged};
use crate::http::error::{ApiError, ApiResult};

/// An exhibit to add or change: `pinId` for a finding, or `lensId` and `signifier` for a view.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewExhibit {
    /// What it is called. Everybody in the workshop reads it: no numbers of a finding for researchers, no names.
    #[schema(min_length = 1, max_length = 200, example = "Confidence goes up")]
    title: String,
    /// What to write beside it; everybody in the workshop reads it.
    #[serde(default)]
    #[schema(max_length = 2000, example = "Look at the left side first")]
    note: String,
    /// Place in the order; equal ones are in the order in which they were added.
    #[schema(minimum = 0, maximum = 10000, example = 1)]
    order: i32,
    /// The pin whose finding it is.
    pin_id: Option<Uuid>,
    /// The saved lens of the view.
    lens_id: Option<Uuid>,
    /// Key of the signifier of the view.
    #[schema(min_length = 1, max_length = 64, example = "confidence")]
    signifier: Option<String>,
}

impl NewExhibit {
    /// Errors: a blank title; neither or both of finding and view.
    fn check(&self) -> ApiResult<ExhibitKind> {
        let mut problems = Problems::default();
        check_text(&self.title, "$.title", &mut problems);
        let kind = if self.pin_id.is_some() { ExhibitKind::Finding } else { ExhibitKind::View };
        match (self.pin_id, self.lens_id, &self.signifier) {
            (Some(_), None, None) | (None, Some(_), Some(_)) => {}
            (Some(_), ..) => problems.add("$.pinId", "notTogether", "either a pin, or a lens and a signifier"),
            (None, None, None) => problems.add("$.pinId", "required", "either a pin, or a lens and a signifier"),
            (None, None, Some(_)) => problems.add("$.lensId", "required", "a view has a lens"),
            (None, Some(_), None) => problems.add("$.signifier", "required", "a view has a signifier"),
        }
        Ok(problems.or_ok(kind)?)
    }

    /// Whether it is about the same pin, or lens and signifier.
    fn has_source_of(&self, row: &ExhibitRow) -> bool {
        let text = |id: Option<Uuid>| id.map(|id| id.to_string());
        text(self.pin_id) == row.pin_id && text(self.lens_id) == row.lens_id && self.signifier == row.signifier
    }

    fn is(&self, row: &ExhibitRow) -> bool {
        self.has_source_of(row) && (&self.title, &self.note, self.order) == (&row.title, &row.note, row.place)
    }
}

/// What an exhibit shows, copied.
struct Source {
    audience: String,
    finding: Option<String>,
    lens: String,
    compare_by: Option<String>,
}

/// Errors: 400 for a pin, lens or signifier that is not there for whoever asks.
fn source(conn: &mut Conn, present: &Present, new: &NewExhibit) -> ApiResult<Source> {
    let unknown = |path: &str, what: &str| ApiError::field(path, "unknownReference", format!("not a {what} that you may read"));
    let project_id = &present.workshop.project_id;
    if let Some(id) = new.pin_id {
        let audiences: Vec<String> = present.audience.reads_pins_of().iter().map(name_of).collect();
        let pin = pins::by_id(conn, project_id, &audiences, &id.to_string()).map(Some).or_else(not_found_is_none)?;
        let pin = pin.ok_or_else(|| unknown("$.pinId", "pin"))?;
        return Ok(Source { audience: pin.audience, finding: Some(pin.finding), lens: pin.lens, compare_by: None });
    }
    let mut problems = Problems::default();
    let id = new.lens_id.unwrap_or_default().to_string();
    let lens = lenses::by_id(conn, project_id, &id).map(Some).or_else(not_found_is_none)?;
    if lens.is_none() {
        problems.add("$.lensId", "unknownReference", "not a lens of this project");
    }
    let framework = newest_framework(conn, project_id)?;
    let key = new.signifier.as_deref().unwrap_or_default();
    if framework.and_then(|f| f.signifier(key).map(|_| ())).is_none() {
        problems.add("$.signifier", "unknownReference", "not a signifier of the newest framework");
    }
    let lens = problems.or_ok(lens)?.ok_or_else(ApiError::not_found)?;
    Ok(Source { audience: name_of(&present.audience), finding: None, lens: lens.lens, compare_by: lens.compare_by })
}

fn view(conn: &mut Conn, present: &Present, row: ExhibitRow) -> ApiResult<Exhibit> {
    let names = Names::of(conn, [row.created_by.as_str()])?;
    views::exhibit(row, present, &names)
}

/// One exhibit.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("exhibitId" = Uuid, Path, description = "Exhibit")),
    responses((status = 200, description = "The exhibit", body = Exhibit, headers(("ETag" = String, description = "Its revision")))))]
#[get("/v1/projects/{projectId}/workshops/{workshopId}/exhibits/{exhibitId}")]
pub async fn get_exhibit(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let read = move |conn: &mut Conn| {
        let present = Present::reader(conn, &access, path.1)?;
        let (project_id, workshop_id) = present.at();
        let row = exhibits::by_id(conn, project_id, workshop_id, &path.2.to_string())?.ok_or_else(ApiError::not_found)?;
        view(conn, &present, row)
    };
    let exhibit = state.db.run(read).await?;
    Ok(tagged(&exhibit, exhibit.revision))
}

/// Adds an exhibit (`If-None-Match: *`), or changes its title, note or place (`If-Match`). It keeps a copy of the finding or
/// lens, without ids of stories. Everybody in the workshop may add one.
#[utoipa::path(tag = "workshops", request_body = NewExhibit, params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("exhibitId" = Uuid, Path, description = "Id made by the client"), PutHeaders),
    responses((status = 201, description = "Added", body = Exhibit, headers(("ETag" = String, description = "Its revision"))),
        (status = 200, description = "Changed, or it was so already (`Idempotent-Replay: true`)", body = Exhibit,
            headers(("ETag" = String, description = "Its revision"))),
        (status = 409, description = "The workshop is closed or has 50"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "Neither header")))]
#[put("/v1/projects/{projectId}/workshops/{workshopId}/exhibits/{exhibitId}")]
pub async fn put_exhibit(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    known: Known,
    body: Body<NewExhibit>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let location = format!("/v1/projects/{}/workshops/{}/exhibits/{}", access.project_id, path.1, path.2);
    let put = state.db.write(move |conn| {
        let present = Present::writer(conn, &access, path.1)?;
        write(conn, present, path.2, &known.0, body.0)
    });
    Ok(put.await?.answer(&location, |exhibit| exhibit.revision))
}

fn write(conn: &mut Conn, mut present: Present, id: Uuid, known: &Condition, new: NewExhibit) -> ApiResult<Put<Exhibit>> {
    let kind = new.check()?;
    let (project_id, workshop_id) = (present.workshop.project_id.clone(), present.workshop.id.clone());
    let there = exhibits::by_id(conn, &project_id, &workshop_id, &id.to_string())?;
    match judge(known, there, &present.me, |row| new.is(row))? {
        Deed::Same(row) => Ok(Put::Same(view(conn, &present, row)?)),
        Deed::Make => {
            present.require_open()?;
            if exhibits::count(conn, &project_id, &workshop_id)? >= MOST_EXHIBITS {
                return Err(too_many(MOST_EXHIBITS, "exhibits in a workshop"));
            }
            let Source { audience, finding, lens, compare_by } = source(conn, &present, &new)?;
            let row = ExhibitRow {
                project_id,
                workshop_id,
                id: id.to_string(),
                kind: name_of(&kind),
                title: new.title,
                note: new.note,
                place: new.order,
                pin_id: new.pin_id.map(|id| id.to_string()),
                lens_id: new.lens_id.map(|id| id.to_string()),
                signifier: new.signifier,
                audience,
                finding,
                lens,
                compare_by,
                revision: present.next_change(conn)?,
                created_by: present.me.clone(),
                created_at: now(),
                updated_at: now(),
            };
            exhibits::insert(conn, &row)?;
            Ok(Put::Made(view(conn, &present, row)?))
        }
        Deed::Change(row) => {
            present.require_open()?;
            present.require_change(&row.created_by)?;
            if !new.has_source_of(&row) {
                return Err(fixed(if row.pin_id.is_some() { "$.pinId" } else { "$.lensId" }));
            }
            let revision = present.next_change(conn)?;
            let (title, note, place) = (new.title, new.note, new.order);
            let row = ExhibitRow { title, note, place, revision, updated_at: now(), ..row };
            exhibits::update(conn, &row)?;
            Ok(Put::Changed(view(conn, &present, row)?))
        }
    }
}

/// Removes an exhibit with all that was written about it. Whoever added it may while nobody else wrote about it, whoever made
/// the workshop and researchers always.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"),
        ("workshopId" = Uuid, Path, description = "Workshop"), ("exhibitId" = Uuid, Path, description = "Exhibit"), MatchHeader),
    responses((status = 204, description = "Gone"), (status = 409, description = "Closed, or others wrote about it"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "No `If-Match`")))]
#[delete("/v1/projects/{projectId}/workshops/{workshopId}/exhibits/{exhibitId}")]
pub async fn delete_exhibit(
    access: Access<auth::Workshop>,
    path: web::Path<(String, Uuid, Uuid)>,
    known: Known,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let write = move |conn: &mut Conn| {
        let (mut present, id) = (Present::writer(conn, &access, path.1)?, path.2.to_string());
        let (project_id, workshop_id) = present.at();
        let row = exhibits::by_id(conn, project_id, workshop_id, &id)?.ok_or_else(ApiError::not_found)?;
        present.require_change(&row.created_by)?;
        judge_removal(&known.0, &row)?;
        present.require_open()?;
        let others = items::others_built_on(conn, project_id, workshop_id, &id, &present.me)?;
        present.require_nothing_of_others(others)?;
        exhibits::delete(conn, project_id, workshop_id, &id)?;
        present.next_change(conn)?;
        Ok::<_, ApiError>(())
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
