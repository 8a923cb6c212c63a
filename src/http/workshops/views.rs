//! What leaves of workshops, as whoever asks may see it.

use std::collections::HashMap;

use uuid::Uuid;

use super::shapes::{Cluster, CurrentStep, Exhibit, Idea, Interpretation, Observation, Person, Votes, Workshop};
use super::{Names, Present};
use crate::db::Conn;
use crate::db::workshops::clusters::{self, ClusterRow};
use crate::db::workshops::exhibits::ExhibitRow;
use crate::db::workshops::items::{self, ItemRow};
use crate::db::workshops::{WorkshopRow, votes};
use crate::domain::role::Audience;
use crate::domain::workshop::{ENOUGH_INTERPRETATIONS, ItemKind};
use crate::http::common::{name_of, named};
use crate::http::error::{ApiError, ApiResult};
use crate::http::page::utc;

fn uuid(text: &str) -> ApiResult<Uuid> {
    Uuid::parse_str(text).map_err(ApiError::internal)
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> ApiResult<T> {
    serde_json::from_str(text).map_err(ApiError::internal)
}

/// What surrounds the items of a workshop, as one person sees it.
#[derive(Default)]
pub struct Around {
    votes: HashMap<String, Votes>,
    interpretations: HashMap<String, u32>,
    clusters: HashMap<String, Vec<Uuid>>,
}

impl Around {
    /// Votes and clusters of one item or all.
    pub fn read(conn: &mut Conn, present: &Present, item: Option<&str>) -> ApiResult<Self> {
        let (project_id, workshop_id) = present.at();
        let mut around = Self::default();
        for (item, user_id) in votes::list(conn, project_id, workshop_id, item)? {
            let votes = around.votes.entry(item).or_default();
            votes.count += 1;
            votes.mine |= user_id == present.me;
        }
        for (cluster, item) in clusters::members(conn, project_id, workshop_id, item)? {
            around.clusters.entry(item).or_default().push(uuid(&cluster)?);
        }
        Ok(around)
    }

    /// Counts the interpretations among these items.
    pub fn count(&mut self, items: &[ItemRow]) {
        for item in items.iter().filter(|i| i.kind == name_of(&ItemKind::Interpretation)) {
            *self.interpretations.entry(item.observation_id.clone().unwrap_or_default()).or_default() += 1;
        }
    }

    /// Counts the interpretations of one item.
    pub fn count_of(&mut self, conn: &mut Conn, present: &Present, id: &str) -> ApiResult<()> {
        let (project_id, workshop_id) = present.at();
        let count = items::interpretations_of(conn, project_id, workshop_id, id)?;
        self.interpretations.insert(id.to_owned(), u32::try_from(count).unwrap_or(u32::MAX));
        Ok(())
    }

    /// Votes for an item.
    pub fn votes(&self, id: &str) -> Votes {
        self.votes.get(id).copied().unwrap_or_default()
    }

    /// Clusters of an interpretation.
    pub fn clusters(&self, id: &str) -> Vec<Uuid> {
        self.clusters.get(id).cloned().unwrap_or_default()
    }
}

fn by(names: &Names, id: &str) -> ApiResult<Person> {
    Ok(Person { id: uuid(id)?, name: names.get(id) })
}

/// A workshop as it leaves.
pub fn workshop(present: &Present, names: &Names) -> ApiResult<Workshop> {
    let row: &WorkshopRow = &present.workshop;
    let step = row.step_key.clone().zip(row.step_started_at).zip(row.step_minutes);
    Ok(Workshop {
        id: uuid(&row.id)?,
        title: row.title.clone(),
        state: named(&row.state)?,
        steps: json(&row.steps)?,
        step: step.map(|((key, at), minutes)| CurrentStep { key, started_at: utc(at), minutes }),
        created_by: by(names, &row.created_by)?,
        created_at: utc(row.created_at),
        updated_at: utc(row.updated_at),
        revision: row.revision,
        change: row.change,
        may_edit: present.may_change(&row.created_by),
    })
}

/// Whether the finding of an exhibit is withheld from this audience, as its pin would be. A view holds no numbers.
pub fn is_withheld(row: &ExhibitRow, audience: Audience) -> bool {
    row.finding.is_some() && !named::<Audience>(&row.audience).is_ok_and(|kept_for| audience.reads_pin_of(kept_for))
}

/// An exhibit as it leaves.
pub fn exhibit(row: ExhibitRow, present: &Present, names: &Names) -> ApiResult<Exhibit> {
    let withheld = is_withheld(&row, present.audience);
    Ok(Exhibit {
        id: uuid(&row.id)?,
        kind: named(&row.kind)?,
        title: row.title,
        note: row.note,
        order: row.place,
        pin_id: row.pin_id.as_deref().map(uuid).transpose()?,
        lens_id: row.lens_id.as_deref().map(uuid).transpose()?,
        signifier: row.signifier,
        finding: row.finding.filter(|_| !withheld).as_deref().map(json).transpose()?,
        lens: if withheld { None } else { Some(json(&row.lens)?) },
        compare_by: row.compare_by,
        audience: named(&row.audience)?,
        withheld,
        may_edit: present.may_change(&row.created_by),
        created_by: by(names, &row.created_by)?,
        created_at: utc(row.created_at),
        updated_at: utc(row.updated_at),
        revision: row.revision,
    })
}

/// An observation as it leaves.
pub fn observation(row: ItemRow, present: &Present, names: &Names, around: &Around) -> ApiResult<Observation> {
    let interpretations = around.interpretations.get(&row.id).copied().unwrap_or_default();
    Ok(Observation {
        id: uuid(&row.id)?,
        exhibit_id: uuid(row.exhibit_id.as_deref().unwrap_or_default())?,
        text: row.text,
        strength: named(row.strength.as_deref().unwrap_or_default())?,
        interpretations,
        needs_interpretations: interpretations < ENOUGH_INTERPRETATIONS,
        author: by(names, &row.created_by)?,
        may_edit: present.may_change(&row.created_by),
        votes: around.votes(&row.id),
        created_at: utc(row.created_at),
        updated_at: utc(row.updated_at),
        revision: row.revision,
    })
}

/// An interpretation as it leaves.
pub fn interpretation(row: ItemRow, present: &Present, names: &Names, around: &Around) -> ApiResult<Interpretation> {
    Ok(Interpretation {
        id: uuid(&row.id)?,
        observation_id: uuid(row.observation_id.as_deref().unwrap_or_default())?,
        text: row.text,
        cluster_ids: around.clusters(&row.id),
        author: by(names, &row.created_by)?,
        may_edit: present.may_change(&row.created_by),
        votes: around.votes(&row.id),
        created_at: utc(row.created_at),
        updated_at: utc(row.updated_at),
        revision: row.revision,
    })
}

/// An idea as it leaves.
pub fn idea(row: ItemRow, present: &Present, names: &Names, around: &Around) -> ApiResult<Idea> {
    Ok(Idea {
        id: uuid(&row.id)?,
        observation_id: uuid(row.observation_id.as_deref().unwrap_or_default())?,
        text: row.text,
        region: row.region.as_deref().map(json).transpose()?,
        direction: row.direction.as_deref().map(named).transpose()?,
        author: by(names, &row.created_by)?,
        may_edit: present.may_change(&row.created_by),
        votes: around.votes(&row.id),
        created_at: utc(row.created_at),
        updated_at: utc(row.updated_at),
        revision: row.revision,
    })
}

/// A cluster as it leaves.
pub fn cluster(row: ClusterRow, present: &Present, names: &Names) -> ApiResult<Cluster> {
    Ok(Cluster {
        id: uuid(&row.id)?,
        name: row.name,
        kind: named(&row.kind)?,
        order: row.place,
        created_by: by(names, &row.created_by)?,
        may_edit: present.may_change(&row.created_by),
        created_at: utc(row.created_at),
        updated_at: utc(row.updated_at),
        revision: row.revision,
    })
}
