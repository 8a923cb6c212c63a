//! The yearly look at who can get into a study.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::access_view::{read, review};
use super::auth::{Access, ManageMembers};
use super::body::Query;
use super::error::{ApiError, ApiResult};
use crate::app::AppState;
use crate::db::access::{self, ReviewRow};
use crate::db::audit::{Event, record};
use crate::db::{Conn, now, read_tx};
use crate::domain::role::{Role, Scope};
use crate::exchange::access::access_csv;

/// Form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum ReviewFormat {
    /// For programs.
    Json,
    /// For a spreadsheet: one row for each of them.
    Csv,
}

/// How to answer.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReviewQuery {
    /// Form; `json` when absent.
    #[param(inline)]
    format: Option<ReviewFormat>,
}

/// When who has access was looked through, and when to do it again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReviewState {
    /// When it was last done.
    pub last_reviewed_at: Option<DateTime<Utc>>,
    /// Who did it.
    #[schema(example = "user:5c1f7a52-6f0f-4d0b-9f43-5f7f7f0f9a11")]
    pub last_reviewed_by: Option<String>,
    /// When it is due: a year after the last one, or after the project began.
    pub due: DateTime<Utc>,
}

/// Everybody and everything that can get into a project.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessReview {
    /// When it was done and is due.
    #[serde(flatten)]
    pub state: ReviewState,
    /// Members by address, also those whose last day is over.
    pub members: Vec<MemberAccess>,
    /// Personal tokens that work, newest first.
    pub tokens: Vec<TokenAccess>,
    /// Devices, newest first, also revoked ones.
    pub devices: Vec<DeviceAccess>,
    /// Invitations that can be accepted, newest first.
    pub invitations: Vec<InvitationAccess>,
}

/// A member in a review.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberAccess {
    /// The person.
    pub user_id: Uuid,
    /// Name.
    #[schema(example = "Researcher")]
    pub name: String,
    /// Address.
    #[schema(example = "researcher@example.org")]
    pub email: String,
    /// Role.
    pub role: Role,
    /// When the membership began.
    pub since: DateTime<Utc>,
    /// Last day of the membership.
    pub ends_on: Option<NaiveDate>,
    /// When a session of this person, or a token for this project, was last used, to the hour; null when that was never noted.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Whether the second factor is on.
    pub second_factor: bool,
}

/// A personal token in a review.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenAccess {
    /// Random id.
    pub id: Uuid,
    /// What its person calls it.
    #[schema(example = "Power BI")]
    pub name: String,
    /// Whose it is.
    pub user_id: Uuid,
    /// That person's name.
    #[schema(example = "Researcher")]
    pub person: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the hour.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// A device in a review.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeviceAccess {
    /// Random id.
    pub id: Uuid,
    /// Name under which the project knows its facilitator.
    #[schema(example = "facilitator 1")]
    pub facilitator: String,
    /// When it was enrolled.
    pub created_at: DateTime<Utc>,
    /// When it last delivered.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// An open invitation in a review.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationAccess {
    /// Random id.
    pub id: Uuid,
    /// Address it is bound to.
    #[schema(example = "coach@example.org")]
    pub email: String,
    /// Role it gives.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

/// Who and what can get into the project, and when somebody last looked. CSV has formulas defused.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project"), ReviewQuery), responses(
    (status = 200, description = "Everybody and everything", content((AccessReview = "application/json"), (String = "text/csv")))))]
#[get("/v1/projects/{projectId}/access-review")]
pub async fn get_access_review(
    access: Access<ManageMembers>,
    query: Query<ReviewQuery>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let (project_id, actor) = (access.project_id.clone(), access.actor());
    let found = state.db.run(move |conn| read_tx(conn, |conn| read(conn, &project_id))).await?;
    if query.0.format != Some(ReviewFormat::Csv) {
        return Ok(HttpResponse::Ok().json(found));
    }
    let csv = access_csv(&found.rows()).map_err(ApiError::internal)?;
    let note = move |conn: &mut Conn| {
        record(conn, &Event::of_many(&access.project_id, &actor, "accessReview.export", "")).map_err(ApiError::from)
    };
    state.db.write(note).await?; // a file with addresses leaves
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"access-review.csv\""))
        .body(csv))
}

/// Notes that you looked through who has access and ended what nobody needs.
#[utoipa::path(tag = "projects", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "Noted; when it is due again", body = ReviewState)))]
#[post("/v1/projects/{projectId}/access-review/_complete")]
pub async fn complete_access_review(
    access: Access<ManageMembers>,
    state: web::Data<AppState>,
) -> ApiResult<web::Json<ReviewState>> {
    let write = move |conn: &mut Conn| {
        let row = ReviewRow {
            project_id: access.project_id.clone(),
            id: Uuid::new_v4().to_string(),
            reviewed_by: access.actor(),
            reviewed_at: now(),
        };
        access::insert_review(conn, &row)?;
        record(conn, &Event::on(&row.project_id, &row.reviewed_by, "accessReview.complete", &row.id, ""))?;
        review(conn, &row.project_id)
    };
    Ok(web::Json(state.db.write(write).await?))
}
