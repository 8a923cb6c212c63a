//! What people write in a workshop, on its way into the database: checked, compared with what is there, written.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Present, fixed, too_many};
use crate::db::workshops::exhibits;
use crate::db::workshops::items::{self, ItemRow};
use crate::db::{Conn, now};
use crate::domain::conditions::{Condition, Deed, judge};
use crate::domain::problem::Problems;
use crate::domain::region::Region;
use crate::domain::workshop::{Direction, ItemKind, MOST_ITEMS, Strength, check_text};
use crate::http::auth::{self, Access};
use crate::http::common::name_of;
use crate::http::conditions::Put;
use crate::http::error::{ApiError, ApiResult};
use crate::http::regions;

/// An observation to write or change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewObservation {
    /// The exhibit; it cannot be changed.
    exhibit_id: Uuid,
    /// What is seen. Text only; everybody in the workshop reads it, and it is in the minutes: no names.
    #[schema(min_length = 1, max_length = 2000, example = "Most candidates say that they dared more")]
    text: String,
    /// How strongly it is seen.
    strength: Strength,
}

/// An interpretation to write or change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInterpretation {
    /// The observation; it cannot be changed.
    observation_id: Uuid,
    /// What it could mean. Text only.
    #[schema(min_length = 1, max_length = 2000, example = "They know the way by now")]
    text: String,
}

/// An idea to write or change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewIdea {
    /// The observation; it cannot be changed.
    observation_id: Uuid,
    /// What could be done. Text only.
    #[schema(min_length = 1, max_length = 2000, example = "Go along on the first trip")]
    text: String,
    /// Of which stories there should be more or fewer; together with `direction`.
    region: Option<Region>,
    /// More or fewer of them; together with `region`.
    direction: Option<Direction>,
}

/// What is to be written, whatever its kind.
pub struct Draft {
    kind: ItemKind,
    exhibit_id: Option<String>,
    observation_id: Option<String>,
    text: String,
    strength: Option<String>,
    region: Option<Region>,
    direction: Option<String>,
}

impl Draft {
    /// An observation.
    pub fn observation(new: NewObservation) -> Self {
        Self {
            exhibit_id: Some(new.exhibit_id.to_string()),
            observation_id: None,
            strength: Some(name_of(&new.strength)),
            ..Self::plain(ItemKind::Observation, new.exhibit_id, new.text)
        }
    }

    /// An interpretation.
    pub fn interpretation(new: NewInterpretation) -> Self {
        Self::plain(ItemKind::Interpretation, new.observation_id, new.text)
    }

    /// An idea.
    pub fn idea(new: NewIdea) -> Self {
        let direction = new.direction.as_ref().map(name_of);
        Self { region: new.region, direction, ..Self::plain(ItemKind::Idea, new.observation_id, new.text) }
    }

    fn plain(kind: ItemKind, observation_id: Uuid, text: String) -> Self {
        let observation_id = Some(observation_id.to_string());
        Self { kind, exhibit_id: None, observation_id, text, strength: None, region: None, direction: None }
    }

    /// Errors: a blank text; a region without a direction, or the other way round.
    fn check(&self) -> ApiResult<()> {
        let mut problems = Problems::default();
        check_text(&self.text, "$.text", &mut problems);
        match (&self.region, &self.direction) {
            (Some(_), None) => problems.add("$.direction", "required", "say whether there should be more or fewer like these"),
            (None, Some(_)) => problems.add("$.region", "required", "say of which stories"),
            _ => {}
        }
        Ok(problems.or_ok(())?)
    }

    fn region_text(&self) -> Option<String> {
        self.region.as_ref().map(|r| serde_json::to_string(r).expect("a region is JSON"))
    }

    fn has_parent_of(&self, row: &ItemRow) -> bool {
        self.exhibit_id == row.exhibit_id && self.observation_id == row.observation_id
    }

    fn is(&self, row: &ItemRow) -> bool {
        name_of(&self.kind) == row.kind
            && self.has_parent_of(row)
            && (&self.text, &self.strength, &self.direction) == (&row.text, &row.strength, &row.direction)
            && self.region_text() == row.region
    }
}

/// Errors: 400 when there is no such exhibit or observation in the workshop.
fn require_parent(conn: &mut Conn, present: &Present, draft: &Draft) -> ApiResult<()> {
    let (project_id, workshop_id) = present.at();
    if let Some(id) = &draft.exhibit_id {
        let unknown = || ApiError::field("$.exhibitId", "unknownReference", "not an exhibit of this workshop (any more)");
        return exhibits::by_id(conn, project_id, workshop_id, id)?.map(drop).ok_or_else(unknown);
    }
    let id = draft.observation_id.as_deref().unwrap_or_default();
    let unknown = || ApiError::field("$.observationId", "unknownReference", "not an observation of this workshop (any more)");
    let found = items::by_id(conn, project_id, workshop_id, id)?.filter(|r| r.kind == name_of(&ItemKind::Observation));
    found.map(drop).ok_or_else(unknown)
}

/// Makes or changes what has this id in this workshop, or finds that it is so already. Errors: what does not fit; 409 when the
/// workshop is closed or full; 412 and 428 of the condition.
pub fn write(
    conn: &mut Conn,
    access: &Access<auth::Workshop>,
    (workshop_id, id): (Uuid, Uuid),
    known: &Condition,
    draft: Draft,
) -> ApiResult<(Present, Put<ItemRow>)> {
    let mut present = Present::writer(conn, access, workshop_id)?;
    draft.check()?;
    let there = items::by_id(conn, present.at().0, present.at().1, &id.to_string())?;
    // To change it by the address of another kind is to change what is not there.
    let there = there.filter(|r| *known == Condition::Absent || r.kind == name_of(&draft.kind));
    let put = match judge(known, there, &present.me, |row| draft.is(row))? {
        Deed::Same(row) => Put::Same(row),
        Deed::Make => Put::Made(make(conn, access, &mut present, id, draft)?),
        Deed::Change(row) => Put::Changed(change(conn, access, &mut present, row, draft)?),
    };
    Ok((present, put))
}

fn make(conn: &mut Conn, access: &Access<auth::Workshop>, present: &mut Present, id: Uuid, draft: Draft) -> ApiResult<ItemRow> {
    present.require_open()?;
    let (project_id, workshop_id) = (present.workshop.project_id.clone(), present.workshop.id.clone());
    let kind = name_of(&draft.kind);
    if items::count(conn, &project_id, &workshop_id, &kind)? >= MOST_ITEMS {
        return Err(too_many(MOST_ITEMS, "of this kind in a workshop"));
    }
    require_parent(conn, present, &draft)?;
    if let Some(region) = &draft.region {
        regions::check(conn, access, region)?;
    }
    let row = ItemRow {
        project_id,
        workshop_id,
        id: id.to_string(),
        kind,
        region: draft.region_text(),
        exhibit_id: draft.exhibit_id,
        observation_id: draft.observation_id,
        text: draft.text,
        strength: draft.strength,
        direction: draft.direction,
        revision: present.next_change(conn)?,
        created_by: present.me.clone(),
        created_at: now(),
        updated_at: now(),
    };
    items::insert(conn, &row)?;
    Ok(row)
}

fn change(
    conn: &mut Conn,
    access: &Access<auth::Workshop>,
    present: &mut Present,
    row: ItemRow,
    draft: Draft,
) -> ApiResult<ItemRow> {
    present.require_open()?;
    present.require_change(&row.created_by)?;
    if !draft.has_parent_of(&row) {
        return Err(fixed(if draft.exhibit_id.is_some() { "$.exhibitId" } else { "$.observationId" }));
    }
    let region = draft.region_text();
    if let (Some(asked), false) = (&draft.region, region == row.region) {
        regions::check(conn, access, asked)?;
    }
    let revision = present.next_change(conn)?;
    let (text, strength, direction) = (draft.text, draft.strength, draft.direction);
    let row = ItemRow { text, strength, region, direction, revision, updated_at: now(), ..row };
    items::update(conn, &row)?;
    Ok(row)
}
