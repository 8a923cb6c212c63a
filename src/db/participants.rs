//! Whom the study follows: pseudonyms with attributes, and how they take part wave by wave.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::schema::{participants, participations};
use super::{Conn, DbError, DbResult, now};
use crate::on_each;

/// A pseudonymous person.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = participants)]
pub struct ParticipantRow {
    /// The project.
    pub project_id: String,
    /// Random id, never printed.
    pub id: String,
    /// Short code with check character, printed.
    pub code: String,
    /// Hash of the 128-bit secret in the QR code.
    pub secret_hash: String,
    /// Key of the first wave of this person.
    pub first_wave: Option<String>,
    /// Name of the status.
    pub status: String,
    /// Name of the exit reason.
    pub exit_reason: Option<String>,
    /// Month of the exit, YYYY-MM.
    pub exit_month: Option<String>,
    /// Attributes as JSON: key to option.
    pub attributes: String,
    /// When the code was issued.
    pub created_at: NaiveDateTime,
    /// When it last changed.
    pub updated_at: NaiveDateTime,
    /// Since when the data are only kept, and not used.
    pub restricted_at: Option<NaiveDateTime>,
    /// Since when this person knows that others tell about them; `None` before that.
    pub informed_on: Option<NaiveDate>,
    /// Who told them so.
    pub informed_by: Option<String>,
    /// Name of the way in which they were told.
    pub informed_way: Option<String>,
}

/// New values for a participant; `None` leaves a field as it is.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = participants)]
pub struct ParticipantUpdate {
    /// Key of the first wave.
    pub first_wave: Option<Option<String>>,
    /// Name of the status.
    pub status: Option<String>,
    /// Name of the exit reason.
    pub exit_reason: Option<Option<String>>,
    /// Month of the exit.
    pub exit_month: Option<Option<String>>,
    /// Attributes as JSON.
    pub attributes: Option<String>,
    /// When it changed.
    pub updated_at: Option<NaiveDateTime>,
    /// Whether what still comes in is removed.
    pub remove_future: Option<bool>,
    /// Since when this person knows that others tell about them.
    pub informed_on: Option<NaiveDate>,
    /// Who told them so.
    pub informed_by: Option<String>,
    /// Name of the way in which they were told.
    pub informed_way: Option<String>,
}

/// How a participant takes part in one wave.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = participations)]
pub struct ParticipationRow {
    /// The project.
    pub project_id: String,
    /// The participant.
    pub participant_id: String,
    /// Key of the wave.
    pub wave: String,
    /// Name of the state.
    pub state: String,
    /// Attributes of this participant in this wave, as JSON.
    pub attributes: String,
    /// When it last changed.
    pub updated_at: NaiveDateTime,
}

/// Adds a participant. Errors: conflict when the code is taken.
pub fn insert(conn: &mut Conn, participant: &ParticipantRow) -> DbResult<()> {
    diesel::insert_into(participants::table).values(participant).execute(conn)?;
    Ok(())
}

/// A page, ordered by id.
pub fn page(conn: &mut Conn, project_id: &str, after: &str, limit: i64) -> DbResult<Vec<ParticipantRow>> {
    let query = participants::table
        .filter(participants::project_id.eq(project_id))
        .filter(participants::id.gt(after))
        .order(participants::id)
        .limit(limit)
        .select(ParticipantRow::as_select());
    Ok(query.load(conn)?)
}

/// The participant with this id.
pub fn by_id(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<Option<ParticipantRow>> {
    let query = participants::table
        .filter(participants::project_id.eq(project_id))
        .filter(participants::id.eq(id))
        .select(ParticipantRow::as_select());
    Ok(query.first(conn).optional()?)
}

/// What a delivery needs to know of a participant.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = participants)]
pub struct KnownParticipant {
    /// Random id.
    pub id: String,
    /// Name of the status.
    pub status: String,
    /// Since when the data are only kept, and not used.
    pub restricted_at: Option<NaiveDateTime>,
}

/// The participant with this code.
pub fn by_code(conn: &mut Conn, project_id: &str, code: &str) -> DbResult<Option<KnownParticipant>> {
    let query = participants::table
        .filter(participants::project_id.eq(project_id))
        .filter(participants::code.eq(code))
        .select(KnownParticipant::as_select());
    Ok(query.first(conn).optional()?)
}

/// Whether what still comes in about this participant is removed. Errors: not found.
pub fn removes_future(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<bool> {
    let found = participants::table.filter(participants::project_id.eq(project_id)).filter(participants::id.eq(id));
    Ok(found.select(participants::remove_future).first(conn)?)
}

/// Changes the given fields. Errors: not found.
pub fn update(conn: &mut Conn, project_id: &str, id: &str, mut update: ParticipantUpdate) -> DbResult<()> {
    update.updated_at = Some(now());
    let target = participants::table.filter(participants::project_id.eq(project_id)).filter(participants::id.eq(id));
    if diesel::update(target).set(&update).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Sets how a participant takes part in a wave.
pub fn set_participation(conn: &mut Conn, row: &ParticipationRow) -> DbResult<()> {
    let set = (
        participations::state.eq(&row.state),
        participations::attributes.eq(&row.attributes),
        participations::updated_at.eq(row.updated_at),
    );
    on_each!(conn, c => diesel::insert_into(participations::table)
        .values(row)
        .on_conflict((participations::project_id, participations::participant_id, participations::wave))
        .do_update()
        .set(set)
        .execute(c))?;
    Ok(())
}

/// Marks that a story was told, unless somebody declined or withdrew meanwhile.
pub fn complete_participation(conn: &mut Conn, project_id: &str, participant_id: &str, wave: &str) -> DbResult<()> {
    let row = ParticipationRow {
        project_id: project_id.to_owned(),
        participant_id: participant_id.to_owned(),
        wave: wave.to_owned(),
        state: "completed".to_owned(),
        attributes: "{}".to_owned(),
        updated_at: now(),
    };
    let waiting = ["notApplicable", "expected", "started", "missed"];
    on_each!(conn, c => diesel::insert_into(participations::table)
        .values(&row)
        .on_conflict((participations::project_id, participations::participant_id, participations::wave))
        .do_nothing()
        .execute(c))?;
    let target = participations::table
        .filter(participations::project_id.eq(project_id))
        .filter(participations::participant_id.eq(participant_id))
        .filter(participations::wave.eq(wave))
        .filter(participations::state.eq_any(waiting));
    diesel::update(target).set((participations::state.eq("completed"), participations::updated_at.eq(now()))).execute(conn)?;
    Ok(())
}

/// Marks that a participant takes no part any more, in every wave in which the participant told or should have.
pub fn withdraw_participations(conn: &mut Conn, project_id: &str, participant_id: &str) -> DbResult<()> {
    let target = participations::table
        .filter(participations::project_id.eq(project_id))
        .filter(participations::participant_id.eq(participant_id))
        .filter(participations::state.eq_any(["expected", "started", "completed"]));
    diesel::update(target).set((participations::state.eq("withdrawn"), participations::updated_at.eq(now()))).execute(conn)?;
    Ok(())
}

/// Marks that nothing more is expected of a participant, who stays in the waves in which a story was told.
pub fn stop_participations(conn: &mut Conn, project_id: &str, participant_id: &str) -> DbResult<()> {
    let target = participations::table
        .filter(participations::project_id.eq(project_id))
        .filter(participations::participant_id.eq(participant_id))
        .filter(participations::state.eq_any(["expected", "started"]));
    diesel::update(target).set((participations::state.eq("withdrawn"), participations::updated_at.eq(now()))).execute(conn)?;
    Ok(())
}

/// Waits for a story again, when what completed a participation turned out to be another's.
pub fn reopen_participation(conn: &mut Conn, project_id: &str, participant_id: &str, wave: &str) -> DbResult<()> {
    let target = participations::table
        .filter(participations::project_id.eq(project_id))
        .filter(participations::participant_id.eq(participant_id))
        .filter(participations::wave.eq(wave))
        .filter(participations::state.eq("completed"));
    diesel::update(target).set((participations::state.eq("expected"), participations::updated_at.eq(now()))).execute(conn)?;
    Ok(())
}

/// All participations of the project, or of one participant.
pub fn participations(conn: &mut Conn, project_id: &str, participant_id: Option<&str>) -> DbResult<Vec<ParticipationRow>> {
    let mut query = participations::table
        .filter(participations::project_id.eq(project_id))
        .order((participations::participant_id, participations::wave))
        .select(ParticipationRow::as_select())
        .into_boxed();
    if let Some(id) = participant_id {
        query = query.filter(participations::participant_id.eq(id));
    }
    Ok(query.load(conn)?)
}

/// Ids of all participants with their attributes (JSON).
pub fn attributes(conn: &mut Conn, project_id: &str) -> DbResult<Vec<(String, String)>> {
    let query =
        participants::table.filter(participants::project_id.eq(project_id)).select((participants::id, participants::attributes));
    Ok(query.load(conn)?)
}
