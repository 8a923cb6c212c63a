//! The stories of one person, in words that the person can read.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::common::read_framework;
use super::error::{ApiError, ApiResult};
use super::page::utc;
use super::stories::stored_body;
use crate::db::attachments::{self, AttachmentRow};
use crate::db::stories::{self, StoryRow, TranslationRow};
use crate::db::subjects::{self, Subject};
use crate::db::{Conn, frameworks};
use crate::domain::framework::Framework;
use crate::domain::story::StoryBody;
use crate::exchange::readable::readable;

/// Who told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ToldBy {
    /// The person.
    #[serde(rename = "self")]
    Themselves,
    /// Somebody else, about the person.
    Another,
}

/// A story as it is kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoryKept {
    /// Id of the story.
    pub id: Uuid,
    /// Who told.
    pub told_by: ToldBy,
    /// Whose view it is, in words.
    #[schema(example = "Candidate")]
    pub perspective: String,
    /// Key of the wave.
    #[schema(example = "1")]
    pub wave: String,
    /// Day on which it was told, if known.
    pub told_on: Option<NaiveDate>,
    /// When the server had it.
    pub received_at: DateTime<Utc>,
    /// Language (BCP 47).
    #[schema(example = "nl")]
    pub language: String,
    /// active or held.
    #[schema(example = "active")]
    pub status: String,
    /// Version that others than researchers may read.
    #[schema(example = 1)]
    pub released_version: Option<i32>,
    /// The words, version by version; null for what another told, unless they were asked for.
    pub versions: Option<Vec<TextKept>>,
    /// Answers; null for what another told, unless they were asked for.
    pub answers: Option<Vec<AnswerKept>>,
    /// What the teller permitted.
    pub permissions: Vec<AnswerKept>,
    /// Recordings.
    pub recordings: Vec<RecordingKept>,
}

/// The words of one version, or of a translation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TextKept {
    /// received, correction, redaction or translation.
    #[schema(example = "received")]
    pub kind: String,
    /// Language (BCP 47).
    #[schema(example = "nl")]
    pub language: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Title.
    #[schema(example = "De bus")]
    pub title: String,
    /// Text.
    #[schema(example = "Ik nam de bus.")]
    pub text: String,
    /// When its words were removed, their term being over.
    pub removed_at: Option<DateTime<Utc>>,
}

/// A question with its answer, in words.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnswerKept {
    /// The question.
    #[schema(example = "How sure were you?")]
    pub question: String,
    /// The answer.
    #[schema(example = "42 on a line from 0 (not at all) to 100 (completely)")]
    pub answer: String,
}

/// A recording.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordingKept {
    /// Id of the file; a researcher can hand it out.
    pub id: Uuid,
    /// Media type.
    #[schema(example = "audio/webm")]
    pub media_type: String,
    /// Size.
    #[schema(example = 183220)]
    pub bytes: i64,
    /// When it was removed, its term being over.
    pub removed_at: Option<DateTime<Utc>>,
}

/// Stories about a participant, or of a teller, oldest first. What somebody else told about a participant comes with words
/// and answers only where `others`.
pub fn kept_stories(
    conn: &mut Conn,
    project_id: &str,
    subject: Subject,
    id: &str,
    others: bool,
    language: &str,
) -> ApiResult<Vec<StoryKept>> {
    let rows = subjects::stories_of(conn, project_id, subject, id)?;
    rows.into_iter().map(|row| kept(conn, row, subject, others, language)).collect()
}

fn kept(conn: &mut Conn, row: StoryRow, subject: Subject, others: bool, language: &str) -> ApiResult<StoryKept> {
    let framework = read_framework(&frameworks::get(conn, &row.project_id, row.framework_version)?.document)?;
    let own = subject == Subject::Teller || framework.perspectives.first().is_some_and(|p| p.key == row.perspective);
    let rows = stories::versions(conn, &row.project_id, &row.id)?;
    let versions = rows.iter().map(|v| Ok((v, stored_body(v, &framework)?))).collect::<ApiResult<Vec<_>>>()?;
    let newest = versions.last().map(|(_, body)| body).ok_or_else(|| ApiError::internal("a story without a version"))?;
    let mut texts: Vec<TextKept> = versions.iter().map(|(v, body)| text(v, body)).collect();
    texts.extend(stories::translations(conn, &row.project_id, &row.id)?.into_iter().map(translated));
    let shown = own || others;
    let files = attachments::of_story(conn, &row.project_id, &row.id)?;
    let perspective = framework.perspectives.iter().find(|p| p.key == row.perspective);
    Ok(StoryKept {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        told_by: if own { ToldBy::Themselves } else { ToldBy::Another },
        perspective: perspective.map_or(row.perspective.as_str(), |p| p.label.get(language)).to_owned(),
        told_on: newest.told_on,
        answers: shown.then(|| answers(newest, &framework, language)),
        permissions: if own { permissions(newest, &framework, language) } else { Vec::new() },
        versions: Some(texts).filter(|_| shown),
        recordings: files.into_iter().filter(|_| own).map(recording).collect::<ApiResult<_>>()?,
        wave: row.wave,
        received_at: utc(row.received_at),
        language: row.language,
        status: row.status,
        released_version: row.released_version,
    })
}

fn text(version: &stories::VersionRow, body: &StoryBody) -> TextKept {
    TextKept {
        kind: version.kind.clone(),
        language: body.language.clone(),
        made_at: utc(version.created_at),
        title: body.title.clone().unwrap_or_default(),
        text: body.text.clone().unwrap_or_default(),
        removed_at: version.text_removed_at.map(utc),
    }
}

fn translated(row: TranslationRow) -> TextKept {
    TextKept {
        kind: "translation".to_owned(),
        language: row.language,
        made_at: utc(row.created_at),
        title: row.title,
        text: row.text,
        removed_at: None,
    }
}

fn answers(body: &StoryBody, framework: &Framework, language: &str) -> Vec<AnswerKept> {
    let placed = |key: &str| body.placements.get(key).or_else(|| body.background.get(key));
    let one = |s: &crate::domain::framework::Signifier| {
        let question = s.question_for.get(&body.perspective).unwrap_or(&s.question).get(language).to_owned();
        placed(&s.key).map(|placement| AnswerKept { question, answer: readable(s, placement, language) })
    };
    framework.signifiers.iter().filter_map(one).collect()
}

fn permissions(body: &StoryBody, framework: &Framework, language: &str) -> Vec<AnswerKept> {
    let dutch = crate::exchange::readable::is_dutch(language);
    let word = |given: bool| match (dutch, given) {
        (true, true) => "ja",
        (true, false) => "nee",
        (false, true) => "yes",
        (false, false) => "no",
    };
    let one = |c: &crate::domain::framework::Consent| {
        let given = body.permissions.get(&c.key)?;
        Some(AnswerKept { question: c.text.get(language).to_owned(), answer: word(*given).to_owned() })
    };
    framework.consents.iter().filter_map(one).collect()
}

fn recording(row: AttachmentRow) -> ApiResult<RecordingKept> {
    Ok(RecordingKept {
        id: Uuid::parse_str(&row.id).map_err(ApiError::internal)?,
        media_type: row.media_type,
        bytes: row.bytes,
        removed_at: row.removed_at.map(utc),
    })
}
