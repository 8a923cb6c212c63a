//! What is kept about one person, for that person: as JSON, and as a page that can be read and printed.
//!
//! Nobody in a project knows both who somebody is and what they told. So what a person is given comes in two parts: the
//! coordinator's has the person, the researcher's the stories.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::auth::{Access, ReadParticipants};
use super::body::Query;
use super::common::{newest_framework, stored_json};
use super::contacts::Contact;
use super::contacts::of_person;
use super::error::{ApiError, ApiResult};
use super::page::utc;
use super::subject_page;
use super::subject_stories::{StoryKept, kept_stories};
use crate::app::AppState;
use crate::db::audit::{Event, record};
use crate::db::consents::{self, PARTICIPANT, RecordRow, TELLER};
use crate::db::subjects::{self, Subject};
use crate::db::{Conn, now, participants, projects, tellers};
use crate::domain::framework::Framework;
use crate::domain::role::Capability;
use crate::domain::texts::is_language_tag;
use crate::exchange::readable::is_dutch;
use crate::secrets::Secrets;

/// Form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum SubjectFormat {
    /// For programs.
    Json,
    /// A page to read and print.
    Html,
}

/// How to give what is kept.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SubjectQuery {
    /// Form; JSON when absent.
    #[param(inline)]
    format: Option<SubjectFormat>,
    /// Language of its words (BCP 47); `nl` when absent.
    #[param(example = "nl")]
    language: Option<String>,
    /// Also give the texts of what others told about this person, where their rights do not stand against it.
    #[param(default = false)]
    others: Option<bool>,
}

/// What is kept about one person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubjectData {
    /// Title of the project.
    #[schema(example = "Study")]
    pub project: String,
    /// When this was put together.
    pub made_at: DateTime<Utc>,
    /// Language of its words.
    #[schema(example = "nl")]
    pub language: String,
    /// Since when the data are only kept, and not used.
    pub restricted_at: Option<DateTime<Utc>>,
    /// Who it is, as the project knows; null in the part with the stories.
    pub person: Option<PersonKept>,
    /// Properties by which the study compares: words of the property to words of the category.
    #[schema(example = json!({"Trajectory": "Temporary job"}))]
    pub attributes: BTreeMap<String, String>,
    /// What was told; null in the part with the person.
    pub stories: Option<Vec<StoryKept>>,
}

/// What is kept of a person beside stories.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonKept {
    /// Code on the card.
    #[schema(example = "7K3M-PX2C")]
    pub code: String,
    /// active, exited or withdrawn.
    #[schema(example = "active")]
    pub status: String,
    /// Why this person left the trajectory.
    #[schema(example = "work")]
    pub exit_reason: Option<String>,
    /// Month of that.
    #[schema(example = "2026-03")]
    pub exit_month: Option<String>,
    /// Since when the project knows this person.
    pub created_at: DateTime<Utc>,
    /// How this person took part: wave and state.
    pub participations: Vec<ParticipationKept>,
    /// How to reach this person.
    pub contact: Option<Contact>,
    /// What this person agreed to or refused, oldest first.
    pub consents: Vec<ConsentKept>,
    /// Perspectives of those who are linked to this person.
    #[schema(example = json!(["Job coach"]))]
    pub linked: Vec<String>,
}

/// What somebody decided about taking part.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentKept {
    /// given, refused or withdrawn.
    #[schema(example = "given")]
    pub decision: String,
    /// How far a withdrawal goes.
    #[schema(example = "stop")]
    pub scope: Option<String>,
    /// Key and version of the text.
    #[schema(example = "taking-part, version 1")]
    pub text: Option<String>,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// How it was told.
    #[schema(example = "onPaper")]
    pub way: Option<String>,
    /// none, parent or guardian.
    #[schema(example = "none")]
    pub representative: String,
}

/// How somebody took part in a wave.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticipationKept {
    /// Key of the wave.
    #[schema(example = "1")]
    pub wave: String,
    /// How.
    #[schema(example = "completed")]
    pub state: String,
    /// When it last changed.
    pub on: NaiveDate,
}

/// What is kept about a participant. A coordinator gets the person, a researcher the stories: put both together for who
/// asked. What others told about this person is listed, and with `others` given in words, always without who told it.
#[utoipa::path(tag = "subjects",
    params(("projectId" = Uuid, Path, description = "Project"), ("participantId" = Uuid, Path, description = "Participant"), SubjectQuery),
    responses((status = 200, description = "What is kept", content((SubjectData = "application/json"), (String = "text/html")))))]
#[get("/v1/projects/{projectId}/participants/{participantId}/subject-data")]
pub async fn get_participant_data(
    access: Access<ReadParticipants>,
    path: web::Path<(String, Uuid)>,
    query: Query<SubjectQuery>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    give(access, Subject::Participant, path.1, query.0, state).await
}

/// What is kept about a teller, such as a job coach: a coordinator gets the person, a researcher the stories, without whom
/// they are about.
#[utoipa::path(tag = "subjects",
    params(("projectId" = Uuid, Path, description = "Project"), ("tellerId" = Uuid, Path, description = "Teller"), SubjectQuery),
    responses((status = 200, description = "What is kept", content((SubjectData = "application/json"), (String = "text/html")))))]
#[get("/v1/projects/{projectId}/tellers/{tellerId}/subject-data")]
pub async fn get_teller_data(
    access: Access<ReadParticipants>,
    path: web::Path<(String, Uuid)>,
    query: Query<SubjectQuery>,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    give(access, Subject::Teller, path.1, query.0, state).await
}

async fn give(
    access: Access<ReadParticipants>,
    subject: Subject,
    id: Uuid,
    query: SubjectQuery,
    state: web::Data<AppState>,
) -> ApiResult<HttpResponse> {
    let language = query.language.unwrap_or_else(|| "nl".to_owned());
    if !is_language_tag(&language) {
        return Err(ApiError::field("query.language", "wrongFormat", "not a BCP-47 language tag"));
    }
    let (id, secrets) = (id.to_string(), state.keys.get());
    let data = state.db.write(move |conn| {
        let part = match access.role.is_some_and(|r| r.may(Capability::ReadRaw)) {
            true => Part::Stories { others: query.others.unwrap_or(false) },
            false => Part::Person(&secrets),
        };
        let data = collect(conn, &access.project_id, subject, &id, &part, language)?;
        record(conn, &Event::on(&access.project_id, &access.actor(), "subject.export", &id, part.name()))?;
        Ok::<_, ApiError>(data)
    });
    let data = data.await?;
    match query.format {
        Some(SubjectFormat::Html) => Ok(HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"subject-data.html\""))
            .body(subject_page::page(&data))),
        _ => Ok(HttpResponse::Ok().json(data)),
    }
}

/// The half of what is kept that one role hands out.
enum Part<'a> {
    /// Who it is; with the keys that open the contact data.
    Person(&'a Secrets),
    /// What was told; with the words of what others told about the person, if they are asked for.
    Stories { others: bool },
}

impl Part<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Stories { .. } => "stories",
        }
    }
}

fn collect(
    conn: &mut Conn,
    project_id: &str,
    subject: Subject,
    id: &str,
    part: &Part<'_>,
    language: String,
) -> ApiResult<SubjectData> {
    let project = projects::by_id(conn, project_id)?.ok_or_else(ApiError::not_found)?;
    let framework = newest_framework(conn, project_id)?;
    let (mut person, attributes, restricted_at) = match subject {
        Subject::Participant => participant(conn, project_id, id, framework.as_ref(), &language)?,
        Subject::Teller => teller(conn, project_id, id)?,
    };
    let (person, stories) = match part {
        Part::Stories { others } => (None, Some(kept_stories(conn, project_id, subject, id, *others, &language)?)),
        Part::Person(secrets) => {
            person.contact = if subject == Subject::Participant { of_person(conn, secrets, project_id, id)? } else { None };
            (Some(person), None)
        }
    };
    Ok(SubjectData { project: project.title, made_at: utc(now()), language, restricted_at, person, attributes, stories })
}

type Person = (PersonKept, BTreeMap<String, String>, Option<DateTime<Utc>>);

fn participant(conn: &mut Conn, project_id: &str, id: &str, framework: Option<&Framework>, language: &str) -> ApiResult<Person> {
    let row = participants::by_id(conn, project_id, id)?.ok_or_else(ApiError::not_found)?;
    let taking_part = participants::participations(conn, project_id, Some(id))?;
    let dutch = is_dutch(language);
    let mut attributes = words(&row.attributes, framework, language)?;
    for wave in &taking_part {
        let of_wave = words(&wave.attributes, framework, language)?;
        attributes.extend(
            of_wave
                .into_iter()
                .map(|(name, value)| (format!("{name}, {} {}", if dutch { "meetmoment" } else { "wave" }, wave.wave), value)),
        );
    }
    let perspective = |key: &str| {
        let known = framework.and_then(|f| f.perspectives.iter().find(|p| p.key == key));
        known.map_or(key, |p| p.label.get(language)).to_owned()
    };
    let linked = subjects::tellers_of(conn, project_id, id)?.into_iter().map(|(.., key)| perspective(&key)).collect();
    let participation =
        |p: participants::ParticipationRow| ParticipationKept { wave: p.wave, state: p.state, on: p.updated_at.date() };
    let person = PersonKept {
        code: row.code,
        status: row.status,
        exit_reason: row.exit_reason,
        exit_month: row.exit_month,
        created_at: utc(row.created_at),
        participations: taking_part.into_iter().map(participation).collect(),
        contact: None,
        consents: consents_of(conn, project_id, (PARTICIPANT, id))?,
        linked,
    };
    Ok((person, attributes, row.restricted_at.map(utc)))
}

fn teller(conn: &mut Conn, project_id: &str, id: &str) -> ApiResult<Person> {
    let row = tellers::by_id(conn, project_id, id)?.ok_or_else(ApiError::not_found)?;
    let person = PersonKept {
        code: row.code,
        status: if row.withdrawn_at.is_some() { "withdrawn" } else { "active" }.to_owned(),
        exit_reason: None,
        exit_month: None,
        created_at: utc(row.created_at),
        participations: Vec::new(),
        contact: None,
        consents: consents_of(conn, project_id, (TELLER, id))?,
        linked: Vec::new(),
    };
    Ok((person, BTreeMap::new(), row.restricted_at.map(utc)))
}

fn consents_of(conn: &mut Conn, project_id: &str, person: (&str, &str)) -> ApiResult<Vec<ConsentKept>> {
    let kept = |row: RecordRow| ConsentKept {
        decision: row.decision,
        scope: row.scope,
        text: row.text_key.zip(row.text_version).map(|(key, version)| format!("{key}, version {version}")),
        decided_at: utc(row.decided_at),
        way: row.way,
        representative: row.representative,
    };
    Ok(consents::records(conn, project_id, person)?.into_iter().map(kept).collect())
}

/// Attributes in the words of the framework; keys where it has none.
fn words(attributes: &str, framework: Option<&Framework>, language: &str) -> ApiResult<BTreeMap<String, String>> {
    let kept: BTreeMap<String, String> = serde_json::from_value(stored_json(attributes)?).map_err(ApiError::internal)?;
    let in_words = |(key, option): (String, String)| {
        let attribute = framework.and_then(|f| f.attribute(&key));
        let chosen = attribute.and_then(|a| a.options.iter().find(|o| o.key == option));
        let name = attribute.map_or(key.clone(), |a| a.label.get(language).to_owned());
        (name, chosen.map_or(option, |o| o.label.get(language).to_owned()))
    };
    Ok(kept.into_iter().map(in_words).collect())
}
