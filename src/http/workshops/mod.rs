//! Workshops: a session in which a workgroup looks at exhibits, writes what it sees and what that could mean.
//!
//! Everything is made by PUT with an id of the client's, so that a tablet with bad wifi may repeat any request; see
//! [`super::conditions`].

pub mod board;
pub mod clusters;
mod drafts;
pub mod exhibits;
pub mod items;
pub mod live;
pub mod minutes;
mod minutes_page;
pub mod sessions;
mod shapes;
mod views;
pub mod votes;

use uuid::Uuid;

use super::auth::{self, Access};
use super::error::{ApiError, ApiResult};
use crate::db::workshops::{self, WorkshopRow};
use crate::db::{Conn, DbResult, users};
use crate::domain::role::Audience;
use crate::domain::workshop::WorkshopState;

/// Somebody in a workshop.
struct Present {
    /// The workshop.
    workshop: WorkshopRow,
    /// Id of the person.
    me: String,
    /// What the person may see.
    audience: Audience,
}

/// Who takes part. Errors: not found for whoever is no person.
fn person(access: &Access<auth::Workshop>) -> ApiResult<String> {
    access.user_id().map(str::to_owned).ok_or_else(ApiError::not_found)
}

impl Present {
    /// Somebody who reads. Errors: not found.
    fn reader(conn: &mut Conn, access: &Access<auth::Workshop>, workshop_id: Uuid) -> ApiResult<Self> {
        let found = workshops::by_id(conn, &access.project_id, &workshop_id.to_string())?;
        Self::of(access, found)
    }

    /// Somebody who writes: nobody else writes in this workshop until the transaction ends. Errors: not found.
    fn writer(conn: &mut Conn, access: &Access<auth::Workshop>, workshop_id: Uuid) -> ApiResult<Self> {
        let found = workshops::lock(conn, &access.project_id, &workshop_id.to_string())?;
        Self::of(access, found)
    }

    fn of(access: &Access<auth::Workshop>, found: Option<WorkshopRow>) -> ApiResult<Self> {
        let workshop = found.ok_or_else(ApiError::not_found)?;
        Ok(Self { workshop, me: person(access)?, audience: access.audience() })
    }

    /// Ids of project and workshop.
    fn at(&self) -> (&str, &str) {
        (&self.workshop.project_id, &self.workshop.id)
    }

    /// Errors: 409 when the workshop takes no input.
    fn require_open(&self) -> ApiResult<()> {
        if self.workshop.state == super::common::name_of(&WorkshopState::Open) {
            return Ok(());
        }
        Err(ApiError::conflict("workshopClosed", "this workshop is closed; whoever made it or a researcher can open it again"))
    }

    /// Whether the person may change what somebody made.
    fn may_change(&self, author: &str) -> bool {
        self.me == author || self.me == self.workshop.created_by || self.audience == Audience::Researcher
    }

    /// Errors: 403 when the person may not change what somebody made.
    fn require_change(&self, author: &str) -> ApiResult<()> {
        if self.may_change(author) {
            return Ok(());
        }
        Err(ApiError::forbidden("only its author, whoever made the workshop, and researchers change this"))
    }

    /// Errors: 409 when what the person removes carries what others wrote, unless the person may remove that too.
    fn require_nothing_of_others(&self, is_built_on: bool) -> ApiResult<()> {
        if !is_built_on || self.may_change("") {
            return Ok(());
        }
        let detail = "others wrote about this; whoever made the workshop or a researcher can remove it with what they wrote";
        Err(ApiError::conflict("othersBuiltOnThis", detail))
    }

    /// Takes the next change number of the workshop.
    fn next_change(&mut self, conn: &mut Conn) -> DbResult<i64> {
        let change = workshops::next_change(conn, &self.workshop.project_id, &self.workshop.id)?;
        self.workshop.change = change;
        Ok(change)
    }
}

/// 400 for a member that can only be chosen when something is made.
fn fixed(path: &str) -> ApiError {
    ApiError::field(path, "fixed", "cannot be changed: remove this one and make another")
}

/// 409 for one thing more than a workshop may have.
fn too_many(most: i64, what: &str) -> ApiError {
    ApiError::conflict("tooMany", format!("at most {most} {what}"))
}

/// Names of people by id; a person whose account is gone has none.
struct Names(std::collections::HashMap<String, String>);

impl Names {
    fn of<'a>(conn: &mut Conn, ids: impl IntoIterator<Item = &'a str>) -> DbResult<Self> {
        let distinct: std::collections::BTreeSet<&str> = ids.into_iter().collect();
        let ids: Vec<String> = distinct.into_iter().map(str::to_owned).collect();
        Ok(Self(users::names(conn, &ids)?.into_iter().collect()))
    }

    fn get(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_default()
    }
}
