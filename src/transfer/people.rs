//! The waves and people that imported stories name: those who are not known yet are made.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::json;
use uuid::Uuid;

use crate::db::participants::{self, ParticipantRow, ParticipantUpdate, ParticipationRow};
use crate::db::tellers::{self, TellerRow};
use crate::db::waves::{self, WaveRow, WaveUpdate};
use crate::db::{Conn, DbResult, now};
use crate::domain::framework::{AttributeOf, Framework};
use crate::domain::story::StoryBody;
use crate::exchange::RowError;
use crate::secrets::{random, token_hash};

/// Far behind any real ordinal: until all rows are read nobody knows the order of new waves.
const PROVISIONAL: i32 = 1_000_000;

/// Attributes by key.
type Attributes = BTreeMap<String, String>;

/// Keeps track of what was made, so that every row costs few queries.
pub(super) struct People<'a> {
    project_id: &'a str,
    waves: HashSet<String>,
    first_ordinal: i32,
    made: Vec<String>,
    participants: HashMap<String, Known>,
    participations: HashMap<(String, String), Attributes>,
    tellers: HashSet<String>,
    /// Participants that were made.
    pub participants_made: u64,
    /// Tellers that were made.
    pub tellers_made: u64,
}

struct Known {
    id: String,
    attributes: Attributes,
}

impl<'a> People<'a> {
    /// With the waves that the project has.
    pub fn of(conn: &mut Conn, project_id: &'a str) -> DbResult<Self> {
        let list = waves::list(conn, project_id)?;
        Ok(Self {
            project_id,
            first_ordinal: list.iter().map(|w| w.ordinal).max().unwrap_or(0) + 1,
            made: Vec::new(),
            waves: list.into_iter().map(|w| w.key).collect(),
            participants: HashMap::new(),
            participations: HashMap::new(),
            tellers: HashSet::new(),
            participants_made: 0,
            tellers_made: 0,
        })
    }

    /// Makes sure that the wave, the participant and the teller of a story are there, with these attributes. Adds an
    /// error for every attribute that another row, or the project, says otherwise.
    pub fn settle(
        &mut self,
        conn: &mut Conn,
        story: &StoryBody,
        attributes: &Attributes,
        framework: &Framework,
        row: u64,
        errors: &mut Vec<RowError>,
    ) -> DbResult<()> {
        self.wave(conn, &story.wave)?;
        if let Some(code) = &story.teller {
            self.teller(conn, code, &story.perspective)?;
        }
        let Some(code) = &story.participant else { return Ok(()) };
        let of = |wanted: AttributeOf| -> Attributes {
            let fits = |key: &String| framework.attribute(key).is_some_and(|a| a.of == wanted);
            attributes.iter().filter(|(k, _)| fits(k)).map(|(k, v)| (k.clone(), v.clone())).collect()
        };
        let id = self.participant(conn, code, &story.wave, &of(AttributeOf::Participant), row, errors)?;
        self.participation(conn, &id, &story.wave, &of(AttributeOf::Participation), row, errors)
    }

    fn wave(&mut self, conn: &mut Conn, key: &str) -> DbResult<()> {
        if self.waves.contains(key) {
            return Ok(());
        }
        let row = WaveRow {
            project_id: self.project_id.to_owned(),
            key: key.to_owned(),
            ordinal: self.first_ordinal + PROVISIONAL + i32::try_from(self.made.len()).unwrap_or(i32::MAX / 2),
            label: json!({"en": key}).to_string(),
            opens_on: None,
            closes_on: None,
            state: "closed".to_owned(),
            created_at: now(),
        };
        waves::insert(conn, &row)?;
        self.made.push(row.key.clone());
        self.waves.insert(row.key);
        Ok(())
    }

    /// Puts the waves that were made into their natural order (2 before 10), behind those that were there. Answers how
    /// many were made.
    pub fn order_waves(&mut self, conn: &mut Conn) -> DbResult<u64> {
        self.made.sort_by_key(|key| natural(key));
        for (ordinal, key) in (self.first_ordinal..).zip(&self.made) {
            let update = WaveUpdate { ordinal: Some(ordinal), ..WaveUpdate::default() };
            waves::update(conn, self.project_id, key, &update)?;
        }
        Ok(self.made.len() as u64)
    }

    fn teller(&mut self, conn: &mut Conn, code: &str, perspective: &str) -> DbResult<()> {
        if self.tellers.contains(code) {
            return Ok(());
        }
        if tellers::by_code(conn, self.project_id, code)?.is_none() {
            let row = TellerRow {
                project_id: self.project_id.to_owned(),
                id: Uuid::new_v4().to_string(),
                code: code.to_owned(),
                secret_hash: token_hash(&random(16)),
                perspective: perspective.to_owned(),
                created_at: now(),
                withdrawn_at: None,
                restricted_at: None,
            };
            tellers::insert(conn, &row)?;
            self.tellers_made += 1;
        }
        self.tellers.insert(code.to_owned());
        Ok(())
    }

    fn participant(
        &mut self,
        conn: &mut Conn,
        code: &str,
        wave: &str,
        attributes: &Attributes,
        row: u64,
        errors: &mut Vec<RowError>,
    ) -> DbResult<String> {
        if !self.participants.contains_key(code) {
            let known = self.find_or_make(conn, code, wave)?;
            self.participants.insert(code.to_owned(), known);
        }
        let known = self.participants.get_mut(code).expect("just put there");
        if merge(&mut known.attributes, attributes, row, errors) {
            let update =
                ParticipantUpdate { attributes: Some(json!(known.attributes).to_string()), ..ParticipantUpdate::default() };
            participants::update(conn, self.project_id, &known.id, update)?;
        }
        Ok(known.id.clone())
    }

    fn find_or_make(&mut self, conn: &mut Conn, code: &str, wave: &str) -> DbResult<Known> {
        if let Some(participants::KnownParticipant { id, .. }) = participants::by_code(conn, self.project_id, code)? {
            let row = participants::by_id(conn, self.project_id, &id)?;
            let attributes = row.and_then(|r| serde_json::from_str(&r.attributes).ok()).unwrap_or_default();
            return Ok(Known { id, attributes });
        }
        let row = ParticipantRow {
            project_id: self.project_id.to_owned(),
            id: Uuid::new_v4().to_string(),
            code: code.to_owned(),
            secret_hash: token_hash(&random(16)),
            first_wave: Some(wave.to_owned()),
            status: "active".to_owned(),
            exit_reason: None,
            exit_month: None,
            attributes: "{}".to_owned(),
            created_at: now(),
            updated_at: now(),
            restricted_at: None,
            informed_on: None,
            informed_by: None,
            informed_way: None,
        };
        participants::insert(conn, &row)?;
        self.participants_made += 1;
        Ok(Known { id: row.id, attributes: Attributes::new() })
    }

    fn participation(
        &mut self,
        conn: &mut Conn,
        participant_id: &str,
        wave: &str,
        attributes: &Attributes,
        row: u64,
        errors: &mut Vec<RowError>,
    ) -> DbResult<()> {
        let key = (participant_id.to_owned(), wave.to_owned());
        if !self.participations.contains_key(&key) {
            let list = participants::participations(conn, self.project_id, Some(participant_id))?;
            let found = list.into_iter().find(|p| p.wave == wave);
            let known = found.and_then(|p| serde_json::from_str(&p.attributes).ok()).unwrap_or_default();
            self.participations.insert(key.clone(), known);
        }
        let known = self.participations.get_mut(&key).expect("just put there");
        if merge(known, attributes, row, errors) {
            let row = ParticipationRow {
                project_id: self.project_id.to_owned(),
                participant_id: key.0,
                wave: key.1,
                state: "completed".to_owned(),
                attributes: json!(known).to_string(),
                updated_at: now(),
            };
            participants::set_participation(conn, &row)?;
        }
        Ok(())
    }
}

/// Numbers by their value, all else by its letters.
fn natural(key: &str) -> (u64, String) {
    let digits: String = key.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    (digits.parse().unwrap_or(u64::MAX), key.to_owned())
}

/// Adds what is new; an attribute that is known with another value is an error. Answers whether something was added.
fn merge(known: &mut Attributes, told: &Attributes, row: u64, errors: &mut Vec<RowError>) -> bool {
    let mut changed = false;
    for (key, value) in told {
        match known.get(key) {
            Some(before) if before != value => {
                let message = "this participant has another value for this attribute already";
                errors.push(RowError::new(row, Some(key), "attributeConflict", message));
            }
            Some(_) => {}
            None => {
                known.insert(key.clone(), value.clone());
                changed = true;
            }
        }
    }
    changed
}
