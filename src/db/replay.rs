//! Withdrawals done again on a database that was restored from an older state.

use diesel::prelude::*;

use super::audit::{self, Event};
use super::schema::stories;
use super::stories::{ACTIVE, HELD, StoryRow, WITHDRAWN, insert_story, withdraw};
use super::{Conn, DbError, DbResult, consents, contacts, now, participants, projects, subjects, tellers};
use crate::domain::consent::WithdrawalScope;
use crate::erasures::{Erased, Erasure};

/// What came of a line of the erasure log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replayed {
    /// It was done before.
    Known,
    /// It was done now.
    Done,
    /// The project is not in this database, so there is nobody to come back.
    NoProject,
}

/// Does a withdrawal again, unless this database knows of it, inside the transaction of the caller.
pub fn replay(conn: &mut Conn, erasure: &Erasure) -> DbResult<Replayed> {
    if audit::is_known(conn, &erasure.id)? {
        return Ok(Replayed::Known);
    }
    if projects::by_id(conn, &erasure.project)?.is_none() {
        return Ok(Replayed::NoProject);
    }
    for story in &erasure.stories {
        withdraw_or_bury(conn, &erasure.project, story)?;
    }
    match erasure.erased {
        Erased::Story => {}
        Erased::Teller => {
            let scope = erasure.scope.unwrap_or(WithdrawalScope::Stop);
            stop_teller(conn, &erasure.project, &erasure.subject, scope)?;
            keep_record(conn, erasure, consents::TELLER, scope)?;
        }
        Erased::Participant => {
            let scope = erasure.scope.unwrap_or(WithdrawalScope::EraseAll);
            for teller in &erasure.tellers {
                stop_teller(conn, &erasure.project, teller, scope)?;
            }
            stop_participant(conn, &erasure.project, &erasure.subject, scope)?;
            keep_record(conn, erasure, consents::PARTICIPANT, scope)?;
        }
    }
    projects::next_rebuild(conn, &erasure.project)?;
    note(conn, erasure)?;
    Ok(Replayed::Done)
}

/// Writes the event under the id of the line, so that the next replay knows it.
fn note(conn: &mut Conn, erasure: &Erasure) -> DbResult<()> {
    let action = match erasure.erased {
        Erased::Participant => "participant.withdraw",
        Erased::Teller => "teller.withdraw",
        Erased::Story => "story.withdraw",
    };
    let detail = format!("again, after a restore; first at {}", erasure.at.format("%Y-%m-%dT%H:%M:%SZ"));
    audit::record_as(conn, &erasure.id, &Event::on(&erasure.project, "command", action, &erasure.subject, &detail))
}

/// A story that came in after the backup is not here, but may be delivered again: a tombstone waits for it.
fn withdraw_or_bury(conn: &mut Conn, project_id: &str, story_id: &str) -> DbResult<()> {
    match withdraw(conn, project_id, story_id) {
        Err(DbError::NotFound) => {}
        done => return done,
    }
    let change = projects::next_change(conn, project_id)?;
    let row = StoryRow {
        project_id: project_id.to_owned(),
        id: story_id.to_owned(),
        change,
        hash: String::new(),
        status: WITHDRAWN.to_owned(),
        held: "[]".to_owned(),
        version: 1,
        released_version: None,
        workgroup_permitted: false,
        framework_version: 1,
        wave: String::new(),
        perspective: String::new(),
        participant_id: None,
        teller_id: None,
        language: "und".to_owned(),
        title: String::new(),
        facts: "{\"placements\":{}}".to_owned(),
        received_at: now(),
        device_id: None,
        published: false,
    };
    insert_story(conn, &row)?;
    Ok(())
}

/// A person who is not in this database cannot come back.
fn stop_teller(conn: &mut Conn, project_id: &str, id: &str, scope: WithdrawalScope) -> DbResult<()> {
    match tellers::withdraw(conn, project_id, id) {
        Err(DbError::NotFound) => return Ok(()),
        done => done?,
    }
    match scope {
        WithdrawalScope::Stop => Ok(()),
        WithdrawalScope::StopAndRemoveFuture => tellers::remove_future(conn, project_id, id),
        WithdrawalScope::EraseAll => hold_told_by(conn, project_id, id),
    }
}

fn stop_participant(conn: &mut Conn, project_id: &str, id: &str, scope: WithdrawalScope) -> DbResult<()> {
    let update = participants::ParticipantUpdate {
        status: Some("withdrawn".to_owned()),
        remove_future: (scope == WithdrawalScope::StopAndRemoveFuture).then_some(true),
        ..Default::default()
    };
    match participants::update(conn, project_id, id, update) {
        Err(DbError::NotFound) => return Ok(()),
        done => done?,
    }
    contacts::forget(conn, project_id, id)?;
    if scope != WithdrawalScope::EraseAll {
        return participants::stop_participations(conn, project_id, id);
    }
    participants::withdraw_participations(conn, project_id, id)?;
    subjects::forget_participant(conn, project_id, id)?;
    hold_about(conn, project_id, id)
}

/// The record of the withdrawal, which was lost with the days since the backup; of the way it was told nothing is known.
fn keep_record(conn: &mut Conn, erasure: &Erasure, kind: &str, scope: WithdrawalScope) -> DbResult<()> {
    let scope = match scope {
        WithdrawalScope::Stop => "stop",
        WithdrawalScope::StopAndRemoveFuture => "stopAndRemoveFuture",
        WithdrawalScope::EraseAll => "eraseAll",
    };
    let mut row = consents::withdrawal(conn, &erasure.project, (kind, &erasure.subject), scope, "command")?;
    row.decided_at = erasure.at.naive_utc();
    consents::insert_record(conn, &row)
}

/// Holds what is about a participant here and did not go with the withdrawal: it was somebody else's by then, and the
/// correction was lost with the days since the backup. It is neither shown nor lost: a researcher decides.
fn hold_about(conn: &mut Conn, project_id: &str, participant_id: &str) -> DbResult<()> {
    let change = projects::next_rebuild(conn, project_id)?;
    let target = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::participant_id.eq(participant_id))
        .filter(stories::status.eq(ACTIVE));
    diesel::update(target).set(held("withdrawnParticipant", change)).execute(conn)?;
    Ok(())
}

/// The same for what such a participant's own teller told.
fn hold_told_by(conn: &mut Conn, project_id: &str, teller_id: &str) -> DbResult<()> {
    let change = projects::next_rebuild(conn, project_id)?;
    let target = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::teller_id.eq(teller_id))
        .filter(stories::status.eq(ACTIVE));
    diesel::update(target).set(held("withdrawnTeller", change)).execute(conn)?;
    Ok(())
}

/// A story that waits for a researcher for this reason.
#[derive(AsChangeset)]
#[diesel(table_name = stories)]
#[diesel(treat_none_as_null = true)]
struct Held {
    status: String,
    held: String,
    released_version: Option<i32>,
    change: i64,
}

fn held(reason: &str, change: i64) -> Held {
    Held { status: HELD.to_owned(), held: format!("[\"{reason}\"]"), released_version: None, change }
}
