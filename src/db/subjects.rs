//! What is kept about one person, and holding it: for the rights of those whom data are about.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{participants, stories, teller_links, tellers};
use super::stories::{ACTIVE, HELD, StoryRow, WITHDRAWN};
use super::{Conn, DbError, DbResult, projects};

/// Whom data are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Somebody whom the study follows.
    Participant,
    /// Somebody who tells.
    Teller,
}

impl Subject {
    /// Why stories are held while the data of such a person may only be kept.
    pub fn held_reason(self) -> &'static str {
        match self {
            Self::Participant => "restrictedParticipant",
            Self::Teller => "restrictedTeller",
        }
    }
}

/// Whether the data of somebody in a story may only be kept.
pub fn is_restricted(story: &StoryRow) -> bool {
    let reasons: Vec<String> = serde_json::from_str(&story.held).unwrap_or_default();
    [Subject::Participant, Subject::Teller].iter().any(|s| reasons.iter().any(|r| r == s.held_reason()))
}

/// Stories about a participant or of a teller that were not withdrawn, in the order in which they came in.
pub fn stories_of(conn: &mut Conn, project_id: &str, subject: Subject, id: &str) -> DbResult<Vec<StoryRow>> {
    let query = stories::table
        .filter(stories::project_id.eq(project_id))
        .filter(stories::status.ne(WITHDRAWN))
        .order((stories::received_at, stories::id))
        .select(StoryRow::as_select())
        .into_boxed();
    Ok(match subject {
        Subject::Participant => query.filter(stories::participant_id.eq(id.to_owned())).load(conn)?,
        Subject::Teller => query.filter(stories::teller_id.eq(id.to_owned())).load(conn)?,
    })
}

/// Sets since when the data of somebody may only be kept, or takes that back; all their stories are held, or are what
/// they were. Answers how many stories changed. Errors: not found.
pub fn restrict(conn: &mut Conn, project_id: &str, subject: Subject, id: &str, since: Option<NaiveDateTime>) -> DbResult<usize> {
    // First of all: who delivers or accepts a story has this lock, and none comes in unseen between looking and holding.
    let change = projects::next_rebuild(conn, project_id)?;
    let changed = match subject {
        Subject::Participant => {
            let target = participants::table.filter(participants::project_id.eq(project_id)).filter(participants::id.eq(id));
            diesel::update(target).set(participants::restricted_at.eq(since)).execute(conn)?
        }
        Subject::Teller => {
            let target = tellers::table.filter(tellers::project_id.eq(project_id)).filter(tellers::id.eq(id));
            diesel::update(target).set(tellers::restricted_at.eq(since)).execute(conn)?
        }
    };
    if changed == 0 {
        return Err(DbError::NotFound);
    }
    let stories = stories_of(conn, project_id, subject, id)?;
    for story in &stories {
        set_held(conn, story, change, subject.held_reason(), since.is_some())?;
    }
    Ok(stories.len())
}

fn set_held(conn: &mut Conn, story: &StoryRow, change: i64, reason: &str, hold: bool) -> DbResult<()> {
    let mut reasons: Vec<String> = serde_json::from_str(&story.held).unwrap_or_default();
    reasons.retain(|r| r != reason);
    if hold {
        reasons.push(reason.to_owned());
    }
    let held = serde_json::to_string(&reasons).map_err(|e| DbError::Internal(e.to_string()))?;
    let status = if reasons.is_empty() { ACTIVE } else { HELD };
    let target = stories::table.filter(stories::project_id.eq(&story.project_id)).filter(stories::id.eq(&story.id));
    let set = (stories::status.eq(status), stories::held.eq(held), stories::change.eq(change));
    diesel::update(target).set(set).execute(conn)?;
    Ok(())
}

/// Ids and perspectives of the tellers who are linked to a participant.
pub fn tellers_of(conn: &mut Conn, project_id: &str, participant_id: &str) -> DbResult<Vec<(String, String, String)>> {
    let query = teller_links::table
        .inner_join(
            tellers::table.on(tellers::project_id.eq(teller_links::project_id).and(tellers::id.eq(teller_links::teller_id))),
        )
        .filter(teller_links::project_id.eq(project_id))
        .filter(teller_links::participant_id.eq(participant_id))
        .order(tellers::id)
        .select((tellers::id, tellers::code, tellers::perspective));
    Ok(query.load(conn)?)
}

/// Takes away all that says something about a participant and is no story: attributes, exit and links to tellers. Code and
/// id stay, so that what still comes in is known to be of somebody who withdrew.
pub fn forget_participant(conn: &mut Conn, project_id: &str, participant_id: &str) -> DbResult<()> {
    use super::schema::participations;
    let person = participants::table.filter(participants::project_id.eq(project_id)).filter(participants::id.eq(participant_id));
    let set = (
        participants::attributes.eq("{}"),
        participants::exit_reason.eq(None::<String>),
        participants::exit_month.eq(None::<String>),
    );
    diesel::update(person).set(set).execute(conn)?;
    let taking_part = participations::table
        .filter(participations::project_id.eq(project_id))
        .filter(participations::participant_id.eq(participant_id));
    diesel::update(taking_part).set(participations::attributes.eq("{}")).execute(conn)?;
    let links = teller_links::table
        .filter(teller_links::project_id.eq(project_id))
        .filter(teller_links::participant_id.eq(participant_id));
    diesel::delete(links).execute(conn)?;
    Ok(())
}
