//! Enrolment codes of facilitators and the devices that came of them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{devices, enrolments};
use super::{Conn, DbError, DbResult, now};

/// An assignment with a one-time code: who may collect what, in which wave.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = enrolments)]
pub struct EnrolmentRow {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// Name under which the project knows the facilitator.
    pub facilitator: String,
    /// Key of the wave.
    pub wave: String,
    /// Keys of the perspectives, as JSON.
    pub perspectives: String,
    /// Hash of the one-time code.
    pub code_hash: String,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: NaiveDateTime,
    /// Until when the code works.
    pub expires_at: NaiveDateTime,
    /// When the code was exchanged.
    pub used_at: Option<NaiveDateTime>,
    /// When it was taken back.
    pub revoked_at: Option<NaiveDateTime>,
}

/// A facilitator's phone or tablet.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = devices)]
pub struct DeviceRow {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// The enrolment it came of.
    pub enrolment_id: String,
    /// Name under which the project knows the facilitator.
    pub facilitator: String,
    /// Key of the wave.
    pub wave: String,
    /// Keys of the perspectives, as JSON.
    pub perspectives: String,
    /// Hash of the device token.
    pub token_hash: String,
    /// Version of the app, as last told.
    pub app_version: Option<String>,
    /// When it was enrolled.
    pub created_at: NaiveDateTime,
    /// When it was last heard of, to the minute.
    pub last_seen_at: Option<NaiveDateTime>,
    /// When it was revoked; what it still delivers is held.
    pub revoked_at: Option<NaiveDateTime>,
    /// What it last said of itself.
    #[diesel(embed)]
    pub said: DeviceSaid,
    /// When it said so, to the minute.
    pub undelivered_at: Option<NaiveDateTime>,
}

/// What a device says of itself; `None` where it has not said anything yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = devices)]
pub struct DeviceSaid {
    /// Stories that it keeps and has not delivered.
    pub undelivered: Option<i32>,
    /// Since when it keeps the oldest of them, by its own clock, to the hour.
    pub undelivered_oldest_at: Option<NaiveDateTime>,
    /// Whether its browser promised not to clear what it keeps.
    pub storage_persisted: Option<bool>,
}

/// Adds an enrolment.
pub fn insert_enrolment(conn: &mut Conn, row: &EnrolmentRow) -> DbResult<()> {
    diesel::insert_into(enrolments::table).values(row).execute(conn)?;
    Ok(())
}

/// Enrolments of a project, newest first.
pub fn enrolments(conn: &mut Conn, project_id: &str) -> DbResult<Vec<EnrolmentRow>> {
    let query = enrolments::table
        .filter(enrolments::project_id.eq(project_id))
        .order((enrolments::created_at.desc(), enrolments::id))
        .select(EnrolmentRow::as_select());
    Ok(query.load(conn)?)
}

/// Uses up the open enrolment with this code: it works once.
pub fn use_enrolment(conn: &mut Conn, code_hash: &str) -> DbResult<Option<EnrolmentRow>> {
    let open = enrolments::table
        .filter(enrolments::code_hash.eq(code_hash))
        .filter(enrolments::used_at.is_null())
        .filter(enrolments::revoked_at.is_null())
        .filter(enrolments::expires_at.gt(now()));
    if diesel::update(open).set(enrolments::used_at.eq(now())).execute(conn)? == 0 {
        return Ok(None);
    }
    let found = enrolments::table.filter(enrolments::code_hash.eq(code_hash)).select(EnrolmentRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// Takes an enrolment back. Errors: not found.
pub fn revoke_enrolment(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = enrolments::table.filter(enrolments::project_id.eq(project_id)).filter(enrolments::id.eq(id));
    if diesel::update(target).set(enrolments::revoked_at.eq(now())).execute(conn)? == 0 {
        return Err(DbError::NotFound);
    }
    Ok(())
}

/// Adds a device.
pub fn insert(conn: &mut Conn, row: &DeviceRow) -> DbResult<()> {
    diesel::insert_into(devices::table).values(row).execute(conn)?;
    Ok(())
}

/// Devices of a project, newest first.
pub fn list(conn: &mut Conn, project_id: &str) -> DbResult<Vec<DeviceRow>> {
    let query = devices::table
        .filter(devices::project_id.eq(project_id))
        .order((devices::created_at.desc(), devices::id))
        .select(DeviceRow::as_select());
    Ok(query.load(conn)?)
}

/// The device with this token, revoked or not.
pub fn by_token(conn: &mut Conn, token_hash: &str) -> DbResult<Option<DeviceRow>> {
    Ok(devices::table.filter(devices::token_hash.eq(token_hash)).select(DeviceRow::as_select()).first(conn).optional()?)
}

/// Whether a contact is so recent that another is not noted: not a write for every story.
pub fn is_recent(seen: Option<NaiveDateTime>) -> bool {
    seen.is_some_and(|seen| seen > now() - chrono::Duration::minutes(1))
}

/// Notes that a device was in contact.
pub fn touch(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = devices::table.filter(devices::project_id.eq(project_id)).filter(devices::id.eq(id));
    diesel::update(target).set(devices::last_seen_at.eq(now())).execute(conn)?;
    Ok(())
}

/// Notes what a device says of itself and the version of its app, and that it was in contact.
pub fn set_said(conn: &mut Conn, device: &DeviceRow, app_version: &str, said: &DeviceSaid) -> DbResult<()> {
    let target = devices::table.filter(devices::project_id.eq(&device.project_id)).filter(devices::id.eq(&device.id));
    let at = now();
    let set = (
        devices::last_seen_at.eq(at),
        devices::app_version.eq(app_version),
        devices::undelivered.eq(said.undelivered),
        devices::undelivered_at.eq(at),
        devices::undelivered_oldest_at.eq(said.undelivered_oldest_at),
        devices::storage_persisted.eq(said.storage_persisted),
    );
    diesel::update(target).set(set).execute(conn)?;
    Ok(())
}

/// Revokes a device. Errors: not found.
pub fn revoke(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = devices::table.filter(devices::project_id.eq(project_id)).filter(devices::id.eq(id));
    if diesel::update(target).set(devices::revoked_at.eq(now())).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}
