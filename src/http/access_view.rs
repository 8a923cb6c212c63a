//! An access review from the database, and as the rows of a table.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use uuid::Uuid;

use super::access_review::{AccessReview, DeviceAccess, InvitationAccess, MemberAccess, ReviewState, TokenAccess};
use super::common::named;
use super::error::{ApiError, ApiResult};
use super::page::utc;
use crate::db::access::{self, OpenInvitation, ReviewedMember, ReviewedToken};
use crate::db::devices::{self, DeviceRow};
use crate::db::{Conn, projects};
use crate::domain::review::next_review;
use crate::domain::role::Scope;
use crate::exchange::access::AccessRow;

/// Everybody and everything that can get into a project.
pub fn read(conn: &mut Conn, project_id: &str) -> ApiResult<AccessReview> {
    let used = newest_uses(access::token_uses(conn, project_id)?);
    let members = access::members(conn, project_id)?.into_iter().map(|m| {
        let by_token = used.get(&m.user_id).copied();
        member(m, by_token)
    });
    Ok(AccessReview {
        state: review(conn, project_id)?,
        members: members.collect::<ApiResult<_>>()?,
        tokens: access::tokens(conn, project_id)?.into_iter().map(token).collect::<ApiResult<_>>()?,
        devices: devices::list(conn, project_id)?.into_iter().map(device).collect::<ApiResult<_>>()?,
        invitations: access::open_invitations(conn, project_id)?.into_iter().map(invitation).collect::<ApiResult<_>>()?,
    })
}

/// When it was done and is due. Errors: there is no such project.
pub fn review(conn: &mut Conn, project_id: &str) -> ApiResult<ReviewState> {
    let project = projects::by_id(conn, project_id)?.ok_or_else(ApiError::not_found)?;
    let last = access::last_review(conn, project_id)?;
    let last_reviewed_at = last.as_ref().map(|r| utc(r.reviewed_at));
    let due = next_review(last_reviewed_at, utc(project.created_at));
    Ok(ReviewState { last_reviewed_at, last_reviewed_by: last.map(|r| r.reviewed_by), due })
}

/// The newest use of each person.
fn newest_uses(uses: Vec<(String, NaiveDateTime)>) -> HashMap<String, NaiveDateTime> {
    let mut newest = HashMap::new();
    for (user_id, at) in uses {
        let kept = newest.entry(user_id).or_insert(at);
        *kept = at.max(*kept);
    }
    newest
}

fn id(text: &str) -> ApiResult<Uuid> {
    Uuid::parse_str(text).map_err(ApiError::internal)
}

fn member(row: ReviewedMember, by_token: Option<NaiveDateTime>) -> ApiResult<MemberAccess> {
    Ok(MemberAccess {
        user_id: id(&row.user_id)?,
        name: row.name,
        email: row.email,
        role: named(&row.role)?,
        since: utc(row.since),
        ends_on: row.ends_on,
        last_used_at: row.last_used_at.max(by_token).map(utc),
        second_factor: row.second_factor_at.is_some(),
    })
}

fn token(row: ReviewedToken) -> ApiResult<TokenAccess> {
    Ok(TokenAccess {
        id: id(&row.id)?,
        name: row.name,
        user_id: id(&row.user_id)?,
        person: row.person,
        scopes: row.scopes.split(' ').filter_map(Scope::from_name).collect(),
        created_at: utc(row.created_at),
        last_used_at: row.last_used_at.map(utc),
        expires_at: utc(row.expires_at),
    })
}

fn device(row: DeviceRow) -> ApiResult<DeviceAccess> {
    Ok(DeviceAccess {
        id: id(&row.id)?,
        facilitator: row.facilitator,
        created_at: utc(row.created_at),
        last_seen_at: row.last_seen_at.map(utc),
        revoked_at: row.revoked_at.map(utc),
    })
}

fn invitation(row: OpenInvitation) -> ApiResult<InvitationAccess> {
    Ok(InvitationAccess {
        id: id(&row.id)?,
        email: row.email,
        role: named(&row.role)?,
        created_at: utc(row.created_at),
        expires_at: utc(row.expires_at),
    })
}

impl AccessReview {
    /// The rows of the table: members, tokens, devices, invitations.
    pub fn rows(&self) -> Vec<AccessRow> {
        let members = self.members.iter().map(MemberAccess::row);
        let tokens = self.tokens.iter().map(TokenAccess::row);
        let devices = self.devices.iter().map(DeviceAccess::row);
        members.chain(tokens).chain(devices).chain(self.invitations.iter().map(InvitationAccess::row)).collect()
    }
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn text_of(at: Option<DateTime<Utc>>) -> String {
    at.map(text).unwrap_or_default()
}

impl MemberAccess {
    fn row(&self) -> AccessRow {
        AccessRow {
            kind: "member",
            id: self.user_id.to_string(),
            name: self.name.clone(),
            email: self.email.clone(),
            role: self.role.name().to_owned(),
            since: text(self.since),
            until: self.ends_on.map(|day| day.to_string()).unwrap_or_default(),
            last_used_at: text_of(self.last_used_at),
            second_factor: if self.second_factor { "on" } else { "off" }.to_owned(),
            ..AccessRow::default()
        }
    }
}

impl TokenAccess {
    fn row(&self) -> AccessRow {
        let scopes: Vec<&str> = self.scopes.iter().map(|s| s.name()).collect();
        AccessRow {
            kind: "token",
            id: self.id.to_string(),
            name: self.name.clone(),
            scopes: scopes.join(" "),
            since: text(self.created_at),
            until: text(self.expires_at),
            last_used_at: text_of(self.last_used_at),
            owner: self.person.clone(),
            ..AccessRow::default()
        }
    }
}

impl DeviceAccess {
    fn row(&self) -> AccessRow {
        AccessRow {
            kind: "device",
            id: self.id.to_string(),
            name: self.facilitator.clone(),
            since: text(self.created_at),
            last_used_at: text_of(self.last_seen_at),
            revoked_at: text_of(self.revoked_at),
            ..AccessRow::default()
        }
    }
}

impl InvitationAccess {
    fn row(&self) -> AccessRow {
        AccessRow {
            kind: "invitation",
            id: self.id.to_string(),
            email: self.email.clone(),
            role: self.role.name().to_owned(),
            since: text(self.created_at),
            until: text(self.expires_at),
            ..AccessRow::default()
        }
    }
}
