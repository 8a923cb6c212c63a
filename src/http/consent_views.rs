//! Consent records as they come in and leave, and counts of them.

use std::collections::BTreeMap;

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::auth::{Access, ReadResponse};
use super::common::named;
use super::error::{ApiError, ApiResult};
use super::page::utc;
use crate::app::AppState;
use crate::db::consents::{self, Decided, RecordRow};
use crate::domain::consent::{ConsentAnswer, ConsentDecision, GivenWay, Representative, WithdrawalScope};
use crate::domain::story::{ConsentRecord, ConsentWay};

/// What somebody decided.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentEntry {
    /// Random id.
    id: Uuid,
    /// What was decided.
    decision: ConsentDecision,
    /// How far a withdrawal goes; null for the others.
    scope: Option<WithdrawalScope>,
    /// The earlier record that a withdrawal takes back; null when there is none.
    refers_to: Option<Uuid>,
    /// Key of the text.
    #[schema(example = "taking-part")]
    text: Option<String>,
    /// Version of the text.
    #[schema(example = 1)]
    version: Option<i32>,
    /// Language in which it was read (BCP 47).
    #[schema(example = "nl")]
    language: Option<String>,
    /// When it was decided.
    at: DateTime<Utc>,
    /// The way; null when it is not known.
    way: Option<GivenWay>,
    /// Name of the facilitator who took it, when it was not whoever recorded it.
    #[schema(example = "facilitator 3")]
    taken_by: Option<String>,
    /// Who decided for the person.
    representative: Representative,
    /// Whether the person was under 16.
    under_sixteen: bool,
    /// Whether the person was under guardianship.
    guardianship: bool,
    /// Who recorded it.
    #[schema(example = "user:0b9d2c1e-5f0f-4a36-8a56-6d2c1b8f7a10")]
    recorded_by: String,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
}

/// The consent that came with a story.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoryConsent {
    /// Version of the text, as the device named it.
    #[schema(example = "1")]
    version: String,
    /// Language in which it was read (BCP 47).
    #[schema(example = "nl")]
    language: String,
    /// How it was given.
    way: ConsentWay,
    /// When, by the device's clock.
    at: DateTime<Utc>,
    /// Whether somebody agreed for the teller.
    represented: bool,
}

/// All that is known of the consent of one person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentHistory {
    /// What was recorded, the oldest decision first.
    pub records: Vec<ConsentEntry>,
    /// What came with the stories that this person told, the first that came in first; it goes when they go.
    pub from_stories: Vec<StoryConsent>,
}

/// A decision to record.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewConsent {
    /// Key of the text.
    #[schema(min_length = 1, max_length = 64, example = "taking-part")]
    pub text: String,
    /// Version of the text.
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
    /// Language in which it was read; one of the text.
    #[schema(min_length = 2, max_length = 35, example = "nl")]
    pub language: String,
    /// What was decided.
    pub decision: ConsentAnswer,
    /// When.
    pub at: DateTime<Utc>,
    /// The way.
    pub way: GivenWay,
    /// Name of the facilitator who took it; absent when you did.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "facilitator 3")]
    pub taken_by: Option<String>,
    /// Whether the person is under 16; then somebody decides for them.
    #[serde(default)]
    pub under_sixteen: bool,
    /// Whether the person is under guardianship; then somebody decides for them.
    #[serde(default)]
    pub guardianship: bool,
    /// Who decided for the person.
    #[serde(default = "nobody")]
    pub representative: Representative,
}

fn nobody() -> Representative {
    Representative::None
}

/// A withdrawal to record and carry out.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewWithdrawal {
    /// How far it goes.
    pub scope: WithdrawalScope,
    /// The way in which the person said so.
    pub way: GivenWay,
    /// When; now when absent.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
    /// Name of the facilitator to whom it was said; absent when it was to you.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "facilitator 3")]
    pub taken_by: Option<String>,
    /// Who decided for the person.
    #[serde(default = "nobody")]
    pub representative: Representative,
    /// The record that is taken back; the newest consent of this person when absent, if there is one.
    #[serde(default)]
    pub refers_to: Option<Uuid>,
}

/// How many agreed, text by text.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ConsentCounts {
    /// Versions of texts about which anybody decided, in the order of their keys.
    texts: Vec<ConsentCount>,
}

/// How many agreed to one version of a text. Who refused or withdrew is one count.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ConsentCount {
    /// Key of the text.
    #[schema(example = "taking-part")]
    text: String,
    /// Version of the text.
    #[schema(example = 1)]
    version: i32,
    /// Participants and tellers who agree now.
    #[schema(example = 38)]
    given: u32,
    /// Participants and tellers who refused or withdrew.
    #[schema(example = 2)]
    not_given: u32,
}

/// How many agree, without saying who. What came with stories is not counted.
#[utoipa::path(tag = "consents", params(("projectId" = Uuid, Path, description = "Project")),
    responses((status = 200, description = "The counts", body = ConsentCounts)))]
#[get("/v1/projects/{projectId}/consent-counts")]
pub async fn get_consent_counts(access: Access<ReadResponse>, state: web::Data<AppState>) -> ApiResult<web::Json<ConsentCounts>> {
    let decided = state.db.run(move |conn| consents::decisions(conn, &access.project_id)).await?;
    Ok(web::Json(ConsentCounts { texts: counts(decided) }))
}

/// Counts by the last decision of each person about each text; a withdrawal is about all of them.
fn counts(decided: Vec<Decided>) -> Vec<ConsentCount> {
    let mut agrees: BTreeMap<(String, String), BTreeMap<(String, i32), bool>> = BTreeMap::new();
    for (kind, id, decision, key, version) in decided {
        let of_person = agrees.entry((kind, id)).or_default();
        if decision == "withdrawn" {
            of_person.values_mut().for_each(|agrees| *agrees = false);
        } else if let (Some(key), Some(version)) = (key, version) {
            of_person.insert((key, version), decision == "given");
        }
    }
    let mut found: BTreeMap<(String, i32), (u32, u32)> = BTreeMap::new();
    for (text, agrees) in agrees.into_values().flatten() {
        let (given, not_given) = found.entry(text).or_default();
        *(if agrees { given } else { not_given }) += 1;
    }
    let one = |((text, version), (given, not_given))| ConsentCount { text, version, given, not_given };
    found.into_iter().map(one).collect()
}

/// A record as it leaves.
pub fn view(row: RecordRow) -> ApiResult<ConsentEntry> {
    let uuid = |id: &str| Uuid::parse_str(id).map_err(ApiError::internal);
    Ok(ConsentEntry {
        id: uuid(&row.id)?,
        decision: named(&row.decision)?,
        scope: row.scope.as_deref().map(named).transpose()?,
        refers_to: row.refers_to.as_deref().map(uuid).transpose()?,
        text: row.text_key,
        version: row.text_version,
        language: row.language,
        at: utc(row.decided_at),
        way: row.way.as_deref().map(named).transpose()?,
        taken_by: row.taken_by,
        representative: named(&row.representative)?,
        under_sixteen: row.under_sixteen,
        guardianship: row.guardianship,
        recorded_by: row.recorded_by,
        recorded_at: utc(row.recorded_at),
    })
}

/// The consent in the body of a story, if it has one: nothing else of the body leaves.
pub fn story_consent(body: &str) -> ApiResult<Option<StoryConsent>> {
    #[derive(Deserialize)]
    struct Told {
        #[serde(default)]
        consent: Option<ConsentRecord>,
    }
    let told: Told = serde_json::from_str(body).map_err(ApiError::internal)?;
    Ok(told.consent.map(|c| StoryConsent {
        version: c.version,
        language: c.language,
        way: c.way,
        at: c.at,
        represented: c.representative.is_some(),
    }))
}
