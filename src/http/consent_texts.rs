//! Texts that people agree to. A version never changes; better words are the next version under the same key.

use actix_web::{HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Access, ManageParticipants, ReadProject};
use super::body::{Body, Query};
use super::error::{ApiError, ApiResult};
use super::page::{Page, Paging, limit_of, page, position, utc};
use super::processing::current;
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::consents::{self, TextRow};
use crate::db::{Conn, now, projects};
use crate::domain::consent::NewConsentText;
use crate::domain::texts::Texts;

/// A version of a text that people agree to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentText {
    /// Key, the same for all versions.
    #[schema(example = "taking-part")]
    key: String,
    /// 1, 2, 3, ...
    #[schema(example = 1)]
    version: i32,
    /// Key of the purpose of processing that it is about.
    #[schema(example = "research")]
    purpose: Option<String>,
    /// The text in each language.
    texts: Texts,
    /// When it was written.
    created_at: DateTime<Utc>,
}

/// A text as it leaves.
pub fn view(row: TextRow) -> ApiResult<ConsentText> {
    Ok(ConsentText {
        texts: serde_json::from_str(&row.texts).map_err(ApiError::internal)?,
        key: row.key,
        version: row.version,
        purpose: row.purpose,
        created_at: utc(row.created_at),
    })
}

/// All versions of all texts, in the order of their keys.
#[utoipa::path(tag = "consents", params(("projectId" = Uuid, Path, description = "Project"), Paging),
    responses((status = 200, description = "A page of texts", body = Page<ConsentText>)))]
#[get("/v1/projects/{projectId}/consent-texts")]
pub async fn list_consent_texts(
    access: Access<ReadProject>,
    query: Query<Paging>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<Page<ConsentText>>> {
    let limit = limit_of(query.0.limit)?;
    let (key, version): (String, i32) = position(query.0.cursor.as_deref())?.unwrap_or_default();
    let rows = state.db.run(move |conn| consents::texts(conn, &access.project_id, (&key, version), limit + 1)).await?;
    let found = page(rows, limit, |r| (r.key.clone(), r.version), view);
    Ok(web::Json(Page { items: found.items.into_iter().collect::<ApiResult<_>>()?, next: found.next }))
}

/// Writes the next version of a text. No version is ever changed or removed: people agreed to these very words.
#[utoipa::path(tag = "consents", request_body = NewConsentText, params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 201, description = "Written", body = ConsentText)))]
#[post("/v1/projects/{projectId}/consent-texts")]
pub async fn create_consent_text(
    access: Access<ManageParticipants>,
    body: Body<NewConsentText>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let new = body.0;
    let row = state
        .db
        .write(move |conn| {
            let (project_id, actor) = (&access.project_id, access.actor());
            projects::lock(conn, project_id)?;
            check(conn, project_id, &new)?;
            let row = TextRow {
                project_id: project_id.clone(),
                version: consents::newest_version(conn, project_id, &new.key)? + 1,
                key: new.key,
                purpose: new.purpose,
                texts: serde_json::to_string(&new.texts).map_err(ApiError::internal)?,
                created_by: actor.clone(),
                created_at: now(),
            };
            consents::insert_text(conn, &row)?;
            let subject = format!("{} {}", row.key, row.version);
            record(conn, &Event::on(project_id, &actor, "consentText.create", &subject, ""))?;
            Ok::<_, ApiError>(row)
        })
        .await?;
    Ok(HttpResponse::Created().json(view(row)?))
}

fn check(conn: &mut Conn, project_id: &str, new: &NewConsentText) -> ApiResult<()> {
    let mut problems = new.check();
    if let Some(purpose) = &new.purpose {
        let (_, processing) = current(conn, project_id)?;
        if !processing.purposes.iter().any(|p| p.key == *purpose) {
            problems.add("$.purpose", "unknownReference", "not a purpose of this project");
        }
    }
    Ok(problems.or_ok(())?)
}
