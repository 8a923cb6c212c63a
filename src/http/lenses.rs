//! Lenses that are kept, so that a view can be shared without anything about people in its address.

use actix_web::{HttpResponse, delete, get, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, Analyse, EditRegions};
use super::body::{Body, Query};
use super::common::{name_of, named, newest_framework, not_found_is_none};
use super::conditions::{Known, MatchHeader, Put, tagged};
use super::error::{ApiError, ApiResult};
use super::page::{Page, Paging, limit_of, page, position, utc};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::lenses::{self, LensRow};
use crate::db::{Conn, now, waves};
use crate::domain::canonical::sha256_hex;
use crate::domain::conditions::{Condition, Deed, Refusal, judge, judge_removal};
use crate::domain::lens::{Lens, is_comparison};
use crate::domain::problem::Problems;
use crate::domain::role::{Audience, Capability};

/// Most lenses that a project keeps, with and without a name.
const MOST: i64 = 10_000;

/// A lens that is kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SavedLens {
    /// Random id.
    id: Uuid,
    /// Name; null for one that is only the address of a view, which never changes.
    #[schema(example = "Candidates in their first wave")]
    name: Option<String>,
    /// The lens, in canonical form.
    lens: Lens,
    /// By what a view under it is split: `wave`, `waveSamePeople`, `perspective`, or `attribute:` and a key.
    #[schema(example = "attribute:trajectory")]
    compare_by: Option<String>,
    /// Of which audience the person is who made it. Everybody who may analyse reads it: it holds no answers.
    audience: Audience,
    /// Id of the person who made it.
    created_by: Uuid,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
    /// Grows with every change; with quotes it is the `ETag`.
    #[schema(minimum = 1, example = 1)]
    revision: i64,
}

/// A lens to keep.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewLens {
    /// Name, to be found again; null for the address of a view.
    #[schema(min_length = 1, max_length = 200, example = "Candidates in their first wave")]
    name: Option<String>,
    /// The lens.
    lens: Lens,
    /// By what to split a view under it: `wave`, `waveSamePeople`, `perspective`, or `attribute:` and a key.
    #[schema(max_length = 200, example = "attribute:trajectory")]
    compare_by: Option<String>,
}

fn view(row: LensRow) -> ApiResult<SavedLens> {
    let id = |text: &str| Uuid::parse_str(text).map_err(ApiError::internal);
    Ok(SavedLens {
        id: id(&row.id)?,
        name: row.name,
        lens: serde_json::from_str(&row.lens).map_err(ApiError::internal)?,
        compare_by: row.compare_by,
        audience: named(&row.audience)?,
        created_by: id(&row.created_by)?,
        created_at: utc(row.created_at),
        updated_at: utc(row.updated_at),
        revision: row.revision,
    })
}

/// Checks name, lens and comparison, as the analysis would, and brings the lens into canonical form. Errors: all that is
/// wrong; no framework yet.
fn checked(conn: &mut Conn, project_id: &str, new: NewLens) -> ApiResult<NewLens> {
    let no_framework = || ApiError::conflict("noFramework", "the project has no published framework yet");
    let framework = newest_framework(conn, project_id)?.ok_or_else(no_framework)?;
    let keys: Vec<String> = waves::list(conn, project_id)?.into_iter().map(|w| w.key).collect();
    let mut problems = Problems::default();
    for error in new.lens.check(&framework, &keys).err().map(|p| p.0).unwrap_or_default() {
        problems.add(error.path.replacen('$', "$.lens", 1), &error.code, error.message);
    }
    if new.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
        problems.add("$.name", "tooShort", "must not be blank");
    }
    if new.compare_by.as_ref().is_some_and(|by| !is_comparison(&framework, by)) {
        problems.add("$.compareBy", "unknownOption", "nothing that a view can be split by");
    }
    Ok(problems.or_ok(NewLens { lens: new.lens.canonical(), ..new })?)
}

fn text_of(lens: &Lens) -> ApiResult<String> {
    serde_json::to_string(lens).map_err(ApiError::internal)
}

/// The lenses with a name.
#[utoipa::path(tag = "workshops", params(("projectId" = Uuid, Path, description = "Project"), Paging),
    responses((status = 200, description = "A page of lenses", body = Page<SavedLens>)))]
#[get("/v1/projects/{projectId}/lenses")]
pub async fn list_lenses(
    access: Access<Analyse>,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<SavedLens>>> {
    let limit = limit_of(query.0.limit)?;
    let after: String = position(query.0.cursor.as_deref())?.unwrap_or_default();
    let rows = state.db.run(move |conn| lenses::page(conn, &access.project_id, &after, limit + 1)).await?;
    let found = page(rows, limit, |r| r.id.clone(), view);
    Ok(web::Json(Page { items: found.items.into_iter().collect::<ApiResult<Vec<_>>>()?, next: found.next }))
}

/// Keeps a lens. Without a name it is the address of a view: the same lens and comparison of the same audience has one id
/// however often it is kept. A name may be given by researchers and workgroups, in a session.
#[utoipa::path(tag = "workshops", request_body = NewLens, params(("projectId" = Uuid, Path, description = "Project")), responses(
    (status = 201, description = "Kept", body = SavedLens, headers(("ETag" = String, description = "Its revision"))),
    (status = 200, description = "A lens without a name that was kept before", body = SavedLens),
    (status = 409, description = "No framework yet, or the project keeps as many lenses as it may")))]
#[post("/v1/projects/{projectId}/lenses")]
pub async fn create_lens(access: Access<Analyse>, body: Body<NewLens>, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let is_named = body.0.name.is_some();
    if is_named && !access.may_in_person(Capability::EditRegions) {
        return Err(ApiError::forbidden("only researchers and workgroups give names to lenses; keep it without one"));
    }
    let author = access.user_id().ok_or_else(ApiError::not_found)?.to_owned();
    let base = format!("/v1/projects/{}/lenses", access.project_id);
    let put = state.db.write(move |conn| {
        let new = checked(conn, &access.project_id, body.0)?;
        let row = row_of(&access, author, new)?;
        if let Some(address) = &row.address
            && let Some(known) = lenses::by_address(conn, &row.project_id, address).map(Some).or_else(not_found_is_none)?
        {
            return Ok(Put::Same(view(known)?));
        }
        if lenses::count(conn, &row.project_id)? >= MOST {
            return Err(ApiError::conflict("tooMany", format!("a project keeps at most {MOST} lenses")));
        }
        let is_new = lenses::insert(conn, &row)?;
        match &row.address {
            // Somebody else kept the same one at this moment.
            Some(address) if !is_new => Ok(Put::Same(view(lenses::by_address(conn, &row.project_id, address)?)?)),
            _ => {
                if is_named {
                    record(conn, &Event::on(&row.project_id, &access.actor(), "lens.create", &row.id, ""))?;
                }
                Ok(Put::Made(view(row)?))
            }
        }
    });
    let put = put.await?;
    let (Put::Made(lens) | Put::Changed(lens) | Put::Same(lens)) = &put;
    let location = format!("{base}/{}", lens.id);
    Ok(put.answer(&location, |lens| lens.revision))
}

fn row_of(access: &Access<Analyse>, author: String, new: NewLens) -> ApiResult<LensRow> {
    let (audience, lens) = (name_of(&access.audience()), text_of(&new.lens)?);
    let says = || sha256_hex(format!("{lens}\n{}", new.compare_by.as_deref().unwrap_or_default()));
    let address = new.name.is_none().then(|| format!("{audience}:{}", says()));
    Ok(LensRow {
        project_id: access.project_id.clone(),
        id: Uuid::new_v4().to_string(),
        name: new.name,
        audience,
        lens,
        compare_by: new.compare_by,
        address,
        revision: 1,
        created_by: author,
        created_at: now(),
        updated_at: now(),
    })
}

/// One lens, with or without a name.
#[utoipa::path(tag = "workshops",
    params(("projectId" = Uuid, Path, description = "Project"), ("lensId" = Uuid, Path, description = "Lens")),
    responses((status = 200, description = "The lens", body = SavedLens, headers(("ETag" = String, description = "Its revision")))))]
#[get("/v1/projects/{projectId}/lenses/{lensId}")]
pub async fn get_lens(
    access: Access<Analyse>,
    path: web::Path<(String, Uuid)>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    let row = state.db.run(move |conn| lenses::by_id(conn, &access.project_id, &id)).await?;
    let lens = view(row)?;
    Ok(tagged(&lens, lens.revision))
}

/// Changes a lens that has a name. One without is the address of a view that others may have: it never changes.
#[utoipa::path(tag = "workshops", request_body = NewLens,
    params(("projectId" = Uuid, Path, description = "Project"), ("lensId" = Uuid, Path, description = "Lens"), MatchHeader),
    responses((status = 200, description = "Changed", body = SavedLens, headers(("ETag" = String, description = "Its revision"))),
        (status = 409, description = "It has no name, or there is no framework yet"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "No `If-Match`")))]
#[put("/v1/projects/{projectId}/lenses/{lensId}")]
pub async fn update_lens(
    access: Access<EditRegions>,
    path: web::Path<(String, Uuid)>,
    known: Known,
    body: Body<NewLens>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    let put = state.db.write(move |conn| {
        let (project_id, actor) = (&access.project_id, access.actor());
        let there = of_name(conn, project_id, &id)?;
        if known.0 == Condition::Absent {
            return Err(Refusal::ConditionNeeded.into()); // ids of lenses are made by the server
        }
        let new = checked(conn, project_id, body.0)?;
        let Some(name) = new.name else { return Err(ApiError::field("$.name", "required", "a lens with a name keeps one")) };
        let lens = text_of(&new.lens)?;
        let is_same = |r: &LensRow| r.name.as_ref() == Some(&name) && r.lens == lens && r.compare_by == new.compare_by;
        match judge(&known.0, Some(there), "", is_same)? {
            Deed::Same(row) => Ok(Put::Same(view(row)?)),
            Deed::Change(row) => {
                let revision = row.revision + 1;
                let row = LensRow { name: Some(name), lens, compare_by: new.compare_by, revision, updated_at: now(), ..row };
                lenses::update(conn, &row)?;
                record(conn, &Event::on(project_id, &actor, "lens.update", &id, ""))?;
                Ok(Put::Changed(view(row)?))
            }
            Deed::Make => Err(ApiError::not_found()),
        }
    });
    let put: Put<SavedLens> = put.await?;
    Ok(put.answer("", |lens| lens.revision))
}

/// A lens with a name, that nobody else changes meanwhile. Errors: not found; 409 for one without a name.
fn of_name(conn: &mut Conn, project_id: &str, id: &str) -> ApiResult<LensRow> {
    lenses::lock(conn, project_id, id)?;
    let row = lenses::by_id(conn, project_id, id)?;
    if row.name.is_none() {
        let detail = "a lens without a name is the address of a view that others may have; keep another one with a name";
        return Err(ApiError::conflict("lensHasNoName", detail));
    }
    Ok(row)
}

/// Takes a lens with a name away. Exhibits that were made from it keep their own copy.
#[utoipa::path(tag = "workshops",
    params(("projectId" = Uuid, Path, description = "Project"), ("lensId" = Uuid, Path, description = "Lens"), MatchHeader),
    responses((status = 204, description = "Gone"), (status = 409, description = "It has no name"),
        (status = 412, description = "Somebody changed it meanwhile"), (status = 428, description = "No `If-Match`")))]
#[delete("/v1/projects/{projectId}/lenses/{lensId}")]
pub async fn delete_lens(
    access: Access<EditRegions>,
    path: web::Path<(String, Uuid)>,
    known: Known,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let id = path.1.to_string();
    state
        .db
        .write(move |conn| {
            let (project_id, actor) = (&access.project_id, access.actor());
            let there = of_name(conn, project_id, &id)?;
            judge_removal(&known.0, &there)?;
            lenses::delete(conn, project_id, &id)?;
            Ok::<_, ApiError>(record(conn, &Event::on(project_id, &actor, "lens.delete", &id, ""))?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
