//! Taking in a story: once, whatever happens on the way, and never refused for reasons of administration.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::late::{is_removed, note_removed, tombstone};
use super::{ACTIVE, HELD, StoryRow, VersionRow, WITHDRAWN};
use crate::db::attachments::{self, AttachmentRow};
use crate::db::participants::KnownParticipant;
use crate::db::schema::{stories, story_versions};
use crate::db::subjects::Subject;
use crate::db::tellers::KnownTeller;
use crate::db::{Conn, DbResult, now, participants, tellers, waves};
use crate::domain::canonical::{canonical_json, sha256_hex};
use crate::domain::framework::{ConsentScope, Framework};
use crate::domain::story::{AttachmentDeclaration, StoryBody};
use crate::domain::wave::WaveState;
use crate::on_each;

/// Who brings a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deliverer {
    /// An enrolled device: bound to a wave and perspectives, perhaps revoked meanwhile.
    Device {
        /// Id of the device.
        id: String,
        /// Key of its wave.
        wave: String,
        /// Keys of its perspectives.
        perspectives: Vec<String>,
        /// Whether it was revoked.
        revoked: bool,
    },
    /// A person or an external tool: `user:…` or `token:…`.
    User(String),
    /// A file that is imported: the past is not held up to today's administration.
    Import(String),
}

/// A checked story on its way into the database.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The project.
    pub project_id: String,
    /// Id made by the device.
    pub id: String,
    /// SHA-256 of the canonical body.
    pub hash: String,
    /// The canonical body as received.
    pub body: String,
    /// Facts for the analysis, as JSON.
    pub facts: String,
    /// Version of the framework that was answered.
    pub framework_version: i32,
    /// Key of the wave.
    pub wave: String,
    /// Key of the perspective.
    pub perspective: String,
    /// Whether this perspective is the participant's own.
    pub own_perspective: bool,
    /// Code of the participant.
    pub participant: Option<String>,
    /// Code of the teller.
    pub teller: Option<String>,
    /// Language of the story.
    pub language: String,
    /// Title.
    pub title: String,
    /// Whether the teller lets the workgroup read it.
    pub workgroup_permitted: bool,
    /// Whether the body has a consent to take part.
    pub has_consent: bool,
    /// Declared files.
    pub attachments: Vec<AttachmentRow>,
    /// Who brings it.
    pub deliverer: Deliverer,
    /// When it was received, for imports that know it.
    pub received_at: Option<NaiveDateTime>,
}

impl Delivery {
    /// A story that was checked against its framework; `body` is as received, `story` in canonical form.
    pub fn of(project_id: &str, id: Uuid, body: &Value, story: &StoryBody, framework: &Framework, deliverer: Deliverer) -> Self {
        let canonical = canonical_json(body);
        let attachment = |a: &AttachmentDeclaration| AttachmentRow {
            project_id: project_id.to_owned(),
            story_id: id.to_string(),
            id: a.id.to_string(),
            sha256: a.sha256.clone(),
            bytes: a.bytes,
            media_type: a.media_type.clone(),
            received_bytes: 0,
            completed_at: None,
            removed_at: None,
            found_type: None,
        };
        Self {
            project_id: project_id.to_owned(),
            id: id.to_string(),
            hash: sha256_hex(&canonical),
            body: canonical,
            facts: serde_json::to_string(&story.facts()).expect("facts are JSON"),
            framework_version: story.framework_version,
            wave: story.wave.clone(),
            perspective: story.perspective.clone(),
            own_perspective: framework.perspectives.first().is_some_and(|p| p.key == story.perspective),
            participant: story.participant.clone(),
            teller: story.teller.clone(),
            language: story.language.clone(),
            title: story.title.clone().unwrap_or_default(),
            workgroup_permitted: story.permits(framework, ConsentScope::Workgroup),
            has_consent: story.consent.is_some(),
            attachments: story.attachments.iter().map(attachment).collect(),
            deliverer,
            received_at: None,
        }
    }
}

/// What came of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// Kept now.
    New {
        /// Why it is held, if it is.
        held: Vec<String>,
        /// When the server had it.
        received_at: NaiveDateTime,
    },
    /// Kept before, with the same content.
    Same {
        /// Why it is held, if it is.
        held: Vec<String>,
        /// When the server had it.
        received_at: NaiveDateTime,
    },
    /// Another story has this id.
    Different,
    /// The story was withdrawn.
    Gone,
}

/// What is looked up once for all stories of one transaction.
#[derive(Default)]
pub struct DeliveryContext {
    waves: HashMap<(String, String), Option<String>>,
}

/// Takes in a story inside the transaction of the caller, who took the change number.
pub fn deliver(conn: &mut Conn, ctx: &mut DeliveryContext, change: i64, delivery: &Delivery) -> DbResult<Delivered> {
    let person = Person::find(conn, delivery)?;
    let held = held_reasons(conn, ctx, delivery, &person)?;
    let row = story_row(delivery, change, &held, &person);
    if is_removed(conn, &delivery.project_id, person.participant.as_ref(), person.teller.as_ref())? {
        return remove(conn, delivery, held, row);
    }
    if !insert_story(conn, &row)? {
        return replay(conn, delivery);
    }
    let version = VersionRow {
        project_id: delivery.project_id.clone(),
        story_id: delivery.id.clone(),
        version: 1,
        kind: "received".to_owned(),
        body: delivery.body.clone(),
        reason: None,
        created_by: created_by(&delivery.deliverer),
        created_at: row.received_at,
        text_removed_at: None,
    };
    insert_version(conn, &version)?;
    for attachment in &delivery.attachments {
        attachments::declare(conn, attachment)?;
    }
    if let (true, true, Some(participant)) = (held.is_empty(), delivery.own_perspective, &row.participant_id) {
        participants::complete_participation(conn, &delivery.project_id, participant, &delivery.wave)?;
    }
    Ok(Delivered::New { held, received_at: row.received_at })
}

/// Acknowledges a story of which nothing may be kept: its words are never written down. One that was kept before stays.
fn remove(conn: &mut Conn, delivery: &Delivery, held: Vec<String>, row: StoryRow) -> DbResult<Delivered> {
    let row = tombstone(row);
    if !insert_story(conn, &row)? {
        return replay(conn, delivery);
    }
    note_removed(conn, delivery)?;
    Ok(Delivered::New { held, received_at: row.received_at })
}

/// Adds a story unless its id is taken; the unique index decides, so that two at once cannot both be new. Answers
/// whether it was added.
pub fn insert_story(conn: &mut Conn, row: &StoryRow) -> DbResult<bool> {
    let inserted = on_each!(conn, c => diesel::insert_into(stories::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(inserted == 1)
}

/// Adds a version of a story.
pub fn insert_version(conn: &mut Conn, row: &VersionRow) -> DbResult<()> {
    diesel::insert_into(story_versions::table).values(row).execute(conn)?;
    Ok(())
}

/// The id is taken: by the same content, by other content, or by a story that is gone.
fn replay(conn: &mut Conn, delivery: &Delivery) -> DbResult<Delivered> {
    let (hash, status, held, received_at): (String, String, String, NaiveDateTime) = stories::table
        .filter(stories::project_id.eq(&delivery.project_id))
        .filter(stories::id.eq(&delivery.id))
        .select((stories::hash, stories::status, stories::held, stories::received_at))
        .first(conn)?;
    if status == WITHDRAWN {
        return Ok(Delivered::Gone);
    }
    if hash != delivery.hash {
        return Ok(Delivered::Different);
    }
    let held = if status == HELD { serde_json::from_str(&held).unwrap_or_default() } else { Vec::new() };
    Ok(Delivered::Same { held, received_at })
}

/// The people a story names, as far as the project knows them.
struct Person {
    participant: Option<KnownParticipant>,
    teller: Option<KnownTeller>,
}

impl Person {
    fn find(conn: &mut Conn, delivery: &Delivery) -> DbResult<Self> {
        let project = &delivery.project_id;
        let participant = match &delivery.participant {
            Some(code) => participants::by_code(conn, project, code)?,
            None => None,
        };
        let teller = match &delivery.teller {
            Some(code) => tellers::by_code(conn, project, code)?,
            None => None,
        };
        Ok(Self { participant, teller })
    }
}

/// Questions that administration has. A story is kept all the same.
fn held_reasons(conn: &mut Conn, ctx: &mut DeliveryContext, delivery: &Delivery, person: &Person) -> DbResult<Vec<String>> {
    let mut held = Vec::new();
    let mut hold = |reason: &str| held.push(reason.to_owned());
    match &person.participant {
        Some(known) if known.status == "withdrawn" => hold("withdrawnParticipant"),
        Some(known) if known.restricted_at.is_some() => hold(Subject::Participant.held_reason()),
        None if delivery.participant.is_some() => hold("unknownParticipant"),
        _ => {}
    }
    match &person.teller {
        Some(known) if known.withdrawn_at.is_some() => hold("withdrawnTeller"),
        Some(known) if known.restricted_at.is_some() => hold(Subject::Teller.held_reason()),
        None if delivery.teller.is_some() => hold("unknownTeller"),
        _ => {}
    }
    let wave_state = wave_state(conn, ctx, delivery)?;
    let wave_state = wave_state.and_then(|s| serde_json::from_value::<WaveState>(s.into()).ok());
    match (&delivery.deliverer, wave_state) {
        (_, None) => hold("unknownWave"),
        (Deliverer::Import(_), _) => {}
        (_, Some(state)) if !state.accepts() => hold("waveNotOpen"),
        _ => {}
    }
    if let Deliverer::Device { wave, perspectives, revoked, .. } = &delivery.deliverer {
        if *revoked {
            hold("revokedDevice");
        }
        if *wave != delivery.wave {
            hold("otherWave");
        }
        if !perspectives.contains(&delivery.perspective) {
            hold("perspectiveNotAssigned");
        }
        if !delivery.has_consent {
            hold("consentMissing");
        }
    }
    Ok(held)
}

fn wave_state(conn: &mut Conn, ctx: &mut DeliveryContext, delivery: &Delivery) -> DbResult<Option<String>> {
    let key = (delivery.project_id.clone(), delivery.wave.clone());
    if let Some(found) = ctx.waves.get(&key) {
        return Ok(found.clone());
    }
    let state = waves::get(conn, &delivery.project_id, &delivery.wave)?.map(|w| w.state);
    ctx.waves.insert(key, state.clone());
    Ok(state)
}

fn story_row(delivery: &Delivery, change: i64, held: &[String], person: &Person) -> StoryRow {
    let device_id = match &delivery.deliverer {
        Deliverer::Device { id, .. } => Some(id.clone()),
        _ => None,
    };
    StoryRow {
        project_id: delivery.project_id.clone(),
        id: delivery.id.clone(),
        change,
        hash: delivery.hash.clone(),
        status: if held.is_empty() { ACTIVE } else { HELD }.to_owned(),
        held: serde_json::to_string(held).expect("a list of words is JSON"),
        version: 1,
        released_version: None,
        workgroup_permitted: delivery.workgroup_permitted,
        framework_version: delivery.framework_version,
        wave: delivery.wave.clone(),
        perspective: delivery.perspective.clone(),
        participant_id: person.participant.as_ref().map(|known| known.id.clone()),
        teller_id: person.teller.as_ref().map(|known| known.id.clone()),
        language: delivery.language.clone(),
        title: delivery.title.clone(),
        facts: delivery.facts.clone(),
        received_at: delivery.received_at.unwrap_or_else(now),
        device_id,
        published: false,
    }
}

pub(super) fn created_by(deliverer: &Deliverer) -> String {
    match deliverer {
        Deliverer::Device { id, .. } => format!("device:{id}"),
        Deliverer::User(who) => who.clone(),
        Deliverer::Import(who) => format!("import:{who}"),
    }
}
