//! What the analysis reads: one row a story, on one state of the database.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use super::stories::ACTIVE;
use super::{Conn, DbResult, frameworks, participants, projects, schema::stories, waves};

/// One story for the analysis.
#[derive(Debug, Clone)]
pub struct StudyRow {
    /// Id of the story.
    pub id: String,
    /// Version of the framework that was answered.
    pub framework_version: i32,
    /// Key of the wave.
    pub wave: String,
    /// Key of the perspective.
    pub perspective: String,
    /// Id of the participant.
    pub participant: Option<String>,
    /// Id of the teller.
    pub teller: Option<String>,
    /// Language.
    pub language: String,
    /// Whether a version is released.
    pub released: bool,
    /// Whether its teller lets the workgroup read it.
    pub permitted: bool,
    /// Whether it was published for the workgroup.
    pub published: bool,
    /// Attributes of the participant and of the participant in this wave.
    pub attributes: Vec<(String, String)>,
    /// JSON of `Facts`.
    pub facts: String,
}

/// What was loaded.
#[derive(Debug)]
pub struct Study {
    /// Change number that the rows belong to.
    pub change: i64,
    /// Number of the last change that needs a rebuild.
    pub rebuild: i64,
    /// Number of the last publication for the workgroup.
    pub published: i64,
    /// Whether the rows are all there are, or only what is new.
    pub complete: bool,
    /// Published framework documents by version.
    pub frameworks: Vec<(i32, String)>,
    /// Keys of the waves in order.
    pub waves: Vec<String>,
    /// The stories.
    pub rows: Vec<StudyRow>,
}

type Selected = (String, i32, String, String, Option<String>, Option<String>, String, Option<i32>, bool, bool, String);

/// Loads what is new since `since`, or everything when that is not enough.
///
/// New stories are those with a higher change number; anything else that touches the analysis counts as a rebuild.
pub fn load(conn: &mut Conn, project_id: &str, since: Option<i64>) -> DbResult<Study> {
    let (change, rebuild) = projects::changes(conn, project_id)?;
    let since = since.filter(|s| *s >= rebuild);
    let mut query = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::status.eq(ACTIVE))
        .select((
            stories::id,
            stories::framework_version,
            stories::wave,
            stories::perspective,
            stories::participant_id,
            stories::teller_id,
            stories::language,
            stories::released_version,
            stories::workgroup_permitted,
            stories::published,
            stories::facts,
        ))
        .into_boxed();
    if let Some(since) = since {
        query = query.filter(stories::change.gt(since));
    }
    let selected: Vec<Selected> = query.load(conn)?;
    let attributes = Attributes::load(conn, project_id)?;
    let rows = selected.into_iter().map(|row| study_row(row, &attributes)).collect();
    let published = frameworks::list(conn, project_id)?.into_iter().filter(|f| f.state == frameworks::PUBLISHED);
    Ok(Study {
        change,
        rebuild,
        published: projects::by_id(conn, project_id)?.map_or(0, |p| p.published_change),
        complete: since.is_none(),
        frameworks: published.map(|f| (f.version, f.document)).collect(),
        waves: waves::list(conn, project_id)?.into_iter().map(|w| w.key).collect(),
        rows,
    })
}

fn study_row(row: Selected, attributes: &Attributes) -> StudyRow {
    let (id, framework_version, wave, perspective, participant, teller, language, released, permitted, published, facts) = row;
    let attributes = participant.as_deref().map_or_else(Vec::new, |p| attributes.of(p, &wave));
    StudyRow {
        id,
        framework_version,
        wave,
        perspective,
        participant,
        teller,
        language,
        released: released.is_some(),
        permitted,
        published,
        attributes,
        facts,
    }
}

/// Attributes of participants and of their participations.
struct Attributes {
    of_participant: HashMap<String, BTreeMap<String, String>>,
    of_participation: HashMap<(String, String), BTreeMap<String, String>>,
}

impl Attributes {
    fn load(conn: &mut Conn, project_id: &str) -> DbResult<Self> {
        let read = |json: String| serde_json::from_str::<BTreeMap<String, String>>(&json).unwrap_or_default();
        let of_participant = participants::attributes(conn, project_id)?.into_iter().map(|(id, a)| (id, read(a))).collect();
        let of_participation = participants::participations(conn, project_id, None)?
            .into_iter()
            .map(|p| ((p.participant_id, p.wave), read(p.attributes)))
            .collect();
        Ok(Self { of_participant, of_participation })
    }

    fn of(&self, participant: &str, wave: &str) -> Vec<(String, String)> {
        let own = self.of_participant.get(participant).into_iter().flatten();
        let of_wave = self.of_participation.get(&(participant.to_owned(), wave.to_owned())).into_iter().flatten();
        own.chain(of_wave).map(|(k, v)| (k.clone(), v.clone())).collect()
    }
}
