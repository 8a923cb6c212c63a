//! The minutes of workshops: what people saw in the exhibits, what they think it means, and what could be done.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::TransferError;
use super::asked::Asked;
use crate::db::workshops::clusters::{self, ClusterRow};
use crate::db::workshops::exhibits::{self, ExhibitRow};
use crate::db::workshops::items::{self, ItemRow};
use crate::db::workshops::{self, WorkshopRow, votes};
use crate::db::{Conn, DbError, DbResult, now, projects, users};
use crate::domain::region::Region;
use crate::domain::role::Audience;
use crate::domain::workshop::{ClusterKind, Direction, ItemKind, Strength, WorkshopState};
use crate::exchange::readable::is_dutch;

/// The minutes of a workshop.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Minutes {
    /// Title of the project.
    #[schema(example = "Study")]
    pub project: String,
    /// Id of the workshop.
    pub workshop_id: Uuid,
    /// What the workshop is called.
    #[schema(example = "Session of 12 March")]
    pub title: String,
    /// Whether it still takes input.
    pub state: WorkshopState,
    /// When the workshop was made.
    pub created_at: DateTime<Utc>,
    /// When these minutes were made.
    pub made_at: DateTime<Utc>,
    /// Language of the sentences that the server wrote: `nl` or `en`.
    #[schema(example = "nl")]
    pub language: &'static str,
    /// Names of those who wrote something; none for external researchers.
    #[schema(example = json!(["Ada"]))]
    pub people: Vec<String>,
    /// What was looked at, in order.
    pub exhibits: Vec<ExhibitTold>,
    /// Interpretations that were put together.
    pub clusters: Vec<ClusterTold>,
}

/// An exhibit in the minutes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExhibitTold {
    /// Id of the exhibit.
    pub id: Uuid,
    /// What it is called.
    #[schema(example = "Confidence goes up")]
    pub title: String,
    /// What somebody wrote beside it.
    #[schema(example = "Look at the left side first")]
    pub note: String,
    /// Of a finding: its sentence; null when withheld.
    #[schema(example = "Of 31 people who answered twice, 14 moved up.")]
    pub sentence: Option<String>,
    /// Of a view: key of the signifier.
    #[schema(example = "confidence")]
    pub signifier: Option<String>,
    /// Of a view: what was asked, as the newest framework has it.
    #[schema(example = "How sure were you?")]
    pub question: Option<String>,
    /// Of a view that is split: by what, in words.
    #[schema(example = "Trajectory")]
    pub compared_by: Option<String>,
    /// Whether the finding is withheld from whoever asks.
    #[schema(example = false)]
    pub withheld: bool,
    /// What people saw in it, oldest first.
    pub observations: Vec<ObservationTold>,
}

/// An observation in the minutes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObservationTold {
    /// Id of the observation.
    pub id: Uuid,
    /// What is seen.
    #[schema(example = "Most candidates say that they dared more")]
    pub text: String,
    /// How strongly.
    pub strength: Strength,
    /// Who wrote it; null for external researchers.
    #[schema(example = "Ada")]
    pub author: Option<String>,
    /// Votes for it.
    #[schema(minimum = 0, example = 3)]
    pub votes: u32,
    /// What it could mean, oldest first.
    pub interpretations: Vec<InterpretationTold>,
    /// What could be done, oldest first.
    pub ideas: Vec<IdeaTold>,
}

/// An interpretation in the minutes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InterpretationTold {
    /// Id of the interpretation.
    pub id: Uuid,
    /// What it could mean.
    #[schema(example = "They know the way by now")]
    pub text: String,
    /// Who wrote it; null for external researchers.
    #[schema(example = "Bob")]
    pub author: Option<String>,
    /// Votes for it.
    #[schema(minimum = 0, example = 2)]
    pub votes: u32,
    /// Names of the clusters that it is in.
    #[schema(example = json!(["Getting used to it"]))]
    pub clusters: Vec<String>,
}

/// An idea in the minutes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdeaTold {
    /// Id of the idea.
    pub id: Uuid,
    /// What could be done.
    #[schema(example = "Go along on the first trip")]
    pub text: String,
    /// Who wrote it; null for external researchers.
    #[schema(example = "Bob")]
    pub author: Option<String>,
    /// Votes for it.
    #[schema(minimum = 0, example = 1)]
    pub votes: u32,
    /// Of which stories there should be more or fewer.
    pub region: Option<Region>,
    /// What was asked in the figure that the region is a part of.
    #[schema(example = "How sure were you?")]
    pub question: Option<String>,
    /// More or fewer of them.
    pub direction: Option<Direction>,
}

/// A cluster in the minutes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterTold {
    /// Id of the cluster.
    pub id: Uuid,
    /// What it is called.
    #[schema(example = "Getting used to it")]
    pub name: String,
    /// What its interpretations have in common.
    pub kind: ClusterKind,
    /// The interpretations in it.
    #[schema(example = json!(["They know the way by now"]))]
    pub interpretations: Vec<String>,
}

/// For whom minutes are made.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// What the reader may see of findings.
    pub audience: Audience,
    /// In Dutch, or in English.
    pub dutch: bool,
}

impl Reader {
    /// A reader of this audience who reads this language.
    pub fn of(audience: Audience, language: &str) -> Self {
        Self { audience, dutch: is_dutch(language) }
    }

    fn language(self) -> &'static str {
        if self.dutch { "nl" } else { "en" }
    }

    /// Whether the reader may read a finding that was computed for this audience.
    fn reads(self, audience: &str) -> bool {
        named::<Audience>(audience).is_ok_and(|kept_for| self.audience.reads_pin_of(kept_for))
    }
}

fn named<T: DeserializeOwned>(name: &str) -> DbResult<T> {
    serde_json::from_value(Value::from(name)).map_err(|e| DbError::Internal(e.to_string()))
}

fn json<T: DeserializeOwned>(text: &str) -> DbResult<T> {
    serde_json::from_str(text).map_err(|e| DbError::Internal(e.to_string()))
}

fn uuid(text: &str) -> DbResult<Uuid> {
    Uuid::parse_str(text).map_err(|e| DbError::Internal(e.to_string()))
}

/// What is known of the items of a workshop.
struct Around<'a> {
    reader: Reader,
    asked: &'a Asked,
    names: HashMap<String, String>,
    votes: HashMap<String, u32>,
    /// Ids and names of the clusters that an item is in.
    clusters: HashMap<String, Vec<(String, String)>>,
}

impl Around<'_> {
    fn author(&self, row: &ItemRow) -> Option<String> {
        self.names.get(&row.created_by).cloned()
    }

    fn votes(&self, row: &ItemRow) -> u32 {
        self.votes.get(&row.id).copied().unwrap_or_default()
    }
}

/// The minutes of one workshop. Errors: those of the database; not found.
pub fn minutes(conn: &mut Conn, project_id: &str, workshop: &WorkshopRow, reader: Reader) -> Result<Minutes, TransferError> {
    let asked = Asked::read(conn, project_id, reader.dutch)?;
    Ok(told(conn, project_id, workshop, reader, &asked)?)
}

fn told(conn: &mut Conn, project_id: &str, workshop: &WorkshopRow, reader: Reader, asked: &Asked) -> DbResult<Minutes> {
    let project = projects::by_id(conn, project_id)?.ok_or(DbError::NotFound)?;
    let items = items::list(conn, project_id, &workshop.id)?;
    let clusters = clusters::list(conn, project_id, &workshop.id)?;
    let around = around(conn, workshop, &items, &clusters, reader, asked)?;
    let exhibits = exhibits::list(conn, project_id, &workshop.id)?;
    let people: BTreeSet<String> = items.iter().filter_map(|i| around.author(i)).collect();
    Ok(Minutes {
        project: project.title,
        workshop_id: uuid(&workshop.id)?,
        title: workshop.title.clone(),
        state: named(&workshop.state)?,
        created_at: workshop.created_at.and_utc(),
        made_at: now().and_utc(),
        language: reader.language(),
        people: people.into_iter().collect(),
        exhibits: exhibits.into_iter().map(|row| exhibit(row, &items, &around)).collect::<DbResult<_>>()?,
        clusters: clusters.into_iter().map(|row| cluster(row, &items, &around)).collect::<DbResult<_>>()?,
    })
}

fn around<'a>(
    conn: &mut Conn,
    workshop: &WorkshopRow,
    items: &[ItemRow],
    clusters: &[ClusterRow],
    reader: Reader,
    asked: &'a Asked,
) -> DbResult<Around<'a>> {
    let (project_id, workshop_id) = (&workshop.project_id, &workshop.id);
    let authors: BTreeSet<&String> = items.iter().map(|i| &i.created_by).collect();
    let ids: Vec<String> = authors.into_iter().cloned().collect();
    let names = match reader.audience {
        Audience::ExternalResearcher => HashMap::new(),
        _ => users::names(conn, &ids)?.into_iter().collect(),
    };
    let mut around = Around { reader, asked, names, votes: HashMap::new(), clusters: HashMap::new() };
    for (item, _) in votes::list(conn, project_id, workshop_id, None)? {
        *around.votes.entry(item).or_default() += 1;
    }
    for (cluster, item) in clusters::members(conn, project_id, workshop_id, None)? {
        let known = clusters.iter().find(|c| c.id == cluster).map(|c| (c.id.clone(), c.name.clone()));
        around.clusters.entry(item).or_default().extend(known);
    }
    Ok(around)
}

fn exhibit(row: ExhibitRow, items: &[ItemRow], around: &Around) -> DbResult<ExhibitTold> {
    let may_read = around.reader.reads(&row.audience);
    let withheld = row.finding.is_some() && !may_read;
    let finding: Option<Value> = row.finding.filter(|_| may_read).as_deref().map(json).transpose()?;
    let sentence = finding.and_then(|f| f["sentence"][around.reader.language()].as_str().map(str::to_owned));
    let about = items.iter().filter(|i| i.exhibit_id.as_ref() == Some(&row.id));
    Ok(ExhibitTold {
        id: uuid(&row.id)?,
        title: row.title,
        note: row.note,
        sentence,
        question: row.signifier.as_deref().and_then(|key| around.asked.question(key)),
        compared_by: row.compare_by.as_deref().and_then(|by| around.asked.comparison(by)),
        signifier: row.signifier,
        withheld,
        observations: about.map(|item| observation(item, items, around)).collect::<DbResult<_>>()?,
    })
}

fn observation(row: &ItemRow, items: &[ItemRow], around: &Around) -> DbResult<ObservationTold> {
    let mut told = ObservationTold {
        id: uuid(&row.id)?,
        text: row.text.clone(),
        strength: named(row.strength.as_deref().unwrap_or_default())?,
        author: around.author(row),
        votes: around.votes(row),
        interpretations: Vec::new(),
        ideas: Vec::new(),
    };
    for item in items.iter().filter(|i| i.observation_id.as_ref() == Some(&row.id)) {
        match named(&item.kind)? {
            ItemKind::Idea => told.ideas.push(idea(item, around)?),
            _ => told.interpretations.push(interpretation(item, around)?),
        }
    }
    Ok(told)
}

fn interpretation(row: &ItemRow, around: &Around) -> DbResult<InterpretationTold> {
    let (id, text) = (uuid(&row.id)?, row.text.clone());
    let clusters = around.clusters.get(&row.id).into_iter().flatten().map(|(_, name)| name.clone()).collect();
    Ok(InterpretationTold { id, text, author: around.author(row), votes: around.votes(row), clusters })
}

fn idea(row: &ItemRow, around: &Around) -> DbResult<IdeaTold> {
    let region: Option<Region> = row.region.as_deref().map(json).transpose()?;
    Ok(IdeaTold {
        id: uuid(&row.id)?,
        text: row.text.clone(),
        author: around.author(row),
        votes: around.votes(row),
        question: region.as_ref().and_then(|r| around.asked.question(&r.signifier)),
        region,
        direction: row.direction.as_deref().map(named).transpose()?,
    })
}

fn cluster(row: ClusterRow, items: &[ItemRow], around: &Around) -> DbResult<ClusterTold> {
    let is_in = |item: &&ItemRow| around.clusters.get(&item.id).is_some_and(|all| all.iter().any(|(id, _)| *id == row.id));
    let interpretations = items.iter().filter(is_in).map(|i| i.text.clone()).collect();
    Ok(ClusterTold { id: uuid(&row.id)?, name: row.name, kind: named(&row.kind)?, interpretations })
}

/// Writes the minutes of all workshops of a project, one a line, newest first. Errors: those of the database and of writing.
pub fn write_minutes(conn: &mut Conn, project_id: &str, reader: Reader, out: &mut dyn Write) -> Result<(), TransferError> {
    let asked = Asked::read(conn, project_id, reader.dutch)?;
    let mut after = None;
    loop {
        let rows = workshops::page(conn, project_id, after, 50)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some((last.created_at, last.id.clone()));
        for row in &rows {
            let told = told(conn, project_id, row, reader, &asked)?;
            serde_json::to_writer(&mut *out, &told).map_err(std::io::Error::from)?;
            out.write_all(b"\n")?;
        }
    }
}
