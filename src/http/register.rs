//! The register of processing of a project (GDPR, article 30): what the owner wrote and what the server knows.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ReadProject};
use super::common::named;
use super::error::{ApiError, ApiResult};
use super::page::utc;
use super::processing::current;
use super::projects::thresholds_of;
use super::register_page;
use super::retention::RetentionTerm;
use crate::app::AppState;
use crate::db::{Conn, now, processing, projects, read_tx};
use crate::domain::disclosure::Thresholds;
use crate::domain::processing::Processing;
use crate::domain::role::{Audience, Role};

/// The register of processing of a project.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Register {
    /// Id of the project.
    pub project_id: Uuid,
    /// Its name.
    #[schema(example = "Development on the way to work")]
    pub title: String,
    /// When this was made.
    pub made_at: DateTime<Utc>,
    /// Version of what the owner wrote; 0 when nothing was written yet.
    #[schema(example = 3)]
    pub version: i32,
    /// What the owner wrote.
    pub processing: Processing,
    /// Who works with the data.
    pub members: Vec<RoleCount>,
    /// What each audience sees of the answers.
    pub audiences: Vec<AudienceRule>,
    /// How the thresholds of small groups were changed, oldest first.
    pub threshold_history: Vec<ThresholdEvent>,
    /// How long what is kept.
    pub retention: Vec<RetentionTerm>,
    /// How the server protects what it keeps.
    pub safeguards: Vec<&'static str>,
}

/// Number of members in a role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleCount {
    /// The role.
    pub role: Role,
    /// Members whose membership has not ended.
    #[schema(example = 2)]
    pub members: i64,
}

/// What an audience sees.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AudienceRule {
    /// The audience.
    pub audience: Audience,
    /// What it sees, in words.
    pub sees: &'static str,
    /// Thresholds of small groups; null where there are none.
    pub thresholds: Option<Thresholds>,
}

/// A step in the history of thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ThresholdStep {
    /// The owner raised them.
    Raised,
    /// The owner asked for lower ones.
    Asked,
    /// A researcher agreed to lower ones.
    Consented,
}

/// A change of thresholds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ThresholdEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub step: ThresholdStep,
    /// Why.
    #[schema(example = "The pilot has 24 participants.")]
    pub reason: String,
}

const SAFEGUARDS: [&str; 7] = [
    "Participants and tellers are pseudonyms; contact data are encrypted, apart from the stories, and read one person at a time.",
    "Each role reads only what it needs; owners, coordinators and facilitators read no stories.",
    "A story is read by the workgroup only after a researcher released it and if its teller permits it.",
    "What professionals tell about a participant is released only after the participant was informed.",
    "Groups so small that they point to a person are withheld from the workgroup.",
    "A withdrawal is carried out at once, and again after a restore.",
    "An audit trail tells who did what; passwords and tokens are kept as hashes.",
];

/// The register of processing (GDPR, article 30), as JSON.
#[utoipa::path(tag = "consents", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "The register", body = Register)))]
#[get("/v1/projects/{projectId}/processing/register")]
pub async fn get_processing_register(access: Access<ReadProject>, state: web::Data<AppState>) -> ApiResult<web::Json<Register>> {
    Ok(web::Json(register(&state, access.project_id).await?))
}

/// The register of processing as a page to read, print or keep.
#[utoipa::path(tag = "consents", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "The page", content_type = "text/html", body = String)))]
#[get("/v1/projects/{projectId}/processing/register/page")]
pub async fn get_processing_register_page(access: Access<ReadProject>, state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    let page = register_page::page(&register(&state, access.project_id).await?);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"register-of-processing.html\""))
        .content_type("text/html; charset=utf-8")
        .body(page))
}

async fn register(state: &web::Data<AppState>, project_id: String) -> ApiResult<Register> {
    state.db.run(move |conn| read_tx(conn, |conn| gather(conn, &project_id))).await
}

fn gather(conn: &mut Conn, project_id: &str) -> ApiResult<Register> {
    let project = projects::by_id(conn, project_id)?.ok_or_else(ApiError::not_found)?;
    let (row, processing) = current(conn, project_id)?;
    let members = processing::members_by_role(conn, project_id)?.into_iter();
    let history = processing::threshold_changes(conn, project_id)?.into_iter();
    Ok(Register {
        project_id: Uuid::parse_str(project_id).map_err(ApiError::internal)?,
        made_at: now().and_utc(),
        version: row.map_or(0, |r| r.version),
        processing,
        members: members.map(|(role, members)| Ok(RoleCount { role: named(&role)?, members })).collect::<ApiResult<_>>()?,
        audiences: audiences(thresholds_of(&project)),
        threshold_history: history
            .map(|(at, action, reason)| ThresholdEvent { at: utc(at), step: step(&action), reason })
            .collect(),
        retention: super::retention::view(conn, project_id)?.terms,
        safeguards: SAFEGUARDS.to_vec(),
        title: project.title,
    })
}

fn step(action: &str) -> ThresholdStep {
    match action {
        "thresholds.ask" => ThresholdStep::Asked,
        "thresholds.consent" => ThresholdStep::Consented,
        _ => ThresholdStep::Raised,
    }
}

fn audiences(thresholds: Thresholds) -> Vec<AudienceRule> {
    let rule = |audience, sees, thresholds| AudienceRule { audience, sees, thresholds };
    vec![
        rule(Audience::Researcher, "all stories and all counts", None),
        rule(Audience::ExternalResearcher, "released stories under a pseudonym, and counts of these", None),
        rule(
            Audience::Workgroup,
            "released and permitted stories without person, wave or date, and counts of no small group",
            Some(thresholds),
        ),
    ]
}
