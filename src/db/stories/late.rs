//! What comes in from or about somebody who wanted nothing more to be kept: it is acknowledged, and nothing of it stays.

use diesel::prelude::*;

use super::edit::withdraw_all;
use super::{Delivery, HELD, StoryRow, WITHDRAWN, created_by};
use crate::db::audit::{Event, record};
use crate::db::participants::KnownParticipant;
use crate::db::schema::stories;
use crate::db::tellers::KnownTeller;
use crate::db::{Conn, DbResult, participants, tellers};

/// Whether nothing may be kept of a story that names these.
pub(super) fn is_removed(
    conn: &mut Conn,
    project_id: &str,
    participant: Option<&KnownParticipant>,
    teller: Option<&KnownTeller>,
) -> DbResult<bool> {
    // Asked of those who withdrew only, so that it costs nothing for all others.
    if let Some(known) = participant.filter(|known| known.status == "withdrawn")
        && participants::removes_future(conn, project_id, &known.id)?
    {
        return Ok(true);
    }
    match teller.filter(|known| known.withdrawn_at.is_some()) {
        Some(known) => tellers::removes_future(conn, project_id, &known.id),
        None => Ok(false),
    }
}

/// What stays of such a story: its id, so that it is told to be gone when it comes again. No word, answer, hash or person.
pub(super) fn tombstone(row: StoryRow) -> StoryRow {
    StoryRow {
        hash: String::new(),
        status: WITHDRAWN.to_owned(),
        held: "[]".to_owned(),
        workgroup_permitted: false,
        participant_id: None,
        teller_id: None,
        language: "und".to_owned(),
        title: String::new(),
        facts: "{\"placements\":{}}".to_owned(),
        device_id: None,
        ..row
    }
}

/// Notes in the audit trail that a story came in and was not kept.
pub(super) fn note_removed(conn: &mut Conn, delivery: &Delivery) -> DbResult<()> {
    let by = created_by(&delivery.deliverer);
    // Whoever imports is named by the import's own event too; on the command line it is nobody in particular.
    let by = by.strip_prefix("import:").unwrap_or(&by);
    let known = by.split_once(':').is_some_and(|(kind, _)| ["user", "token", "device"].contains(&kind));
    let actor = if known { by } else { "command" };
    record(conn, &Event::on(&delivery.project_id, actor, "story.removeLate", &delivery.id, ""))
}

/// Takes back what came in about a participant after the person had stopped and is held since. Answers the ids.
pub fn withdraw_late_about(conn: &mut Conn, project_id: &str, participant_id: &str) -> DbResult<Vec<String>> {
    let ids = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::participant_id.eq(participant_id))
        .filter(stories::status.eq(HELD))
        .filter(stories::held.like("%\"withdrawnParticipant\"%"))
        .order(stories::id)
        .select(stories::id)
        .load(conn)?;
    withdraw_all(conn, project_id, ids)
}

/// The same for what a teller told after having stopped.
pub fn withdraw_late_by(conn: &mut Conn, project_id: &str, teller_id: &str) -> DbResult<Vec<String>> {
    let ids = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::teller_id.eq(teller_id))
        .filter(stories::status.eq(HELD))
        .filter(stories::held.like("%\"withdrawnTeller\"%"))
        .order(stories::id)
        .select(stories::id)
        .load(conn)?;
    withdraw_all(conn, project_id, ids)
}
