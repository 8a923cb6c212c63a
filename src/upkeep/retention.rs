//! Removes what a project kept for as long as it said it would, and keeps the proof.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use serde_json::Value;
use uuid::Uuid;

use crate::db::attachments::AttachmentRow;
use crate::db::audit::{Event, record};
use crate::db::retention::{self, RunRow};
use crate::db::{Conn, Db, DbError, DbResult, contacts, now, projects, stories, waves, write_tx};
use crate::domain::retention::{Milestones, RetentionClass, Term};
use crate::domain::words::{facts_without_words, has_words, without_words};
use crate::files::{FileKey, Files};

/// Versions whose words one transaction takes away at most: on SQLite others wait for it to write.
const AT_ONCE: i64 = 200;

/// Who runs it when nobody asked.
pub const BY_ITSELF: &str = "server";

/// What a project keeps how long: what it chose, and the standard for the rest.
pub fn terms(conn: &mut Conn, project_id: &str) -> DbResult<Vec<Term>> {
    let chosen = retention::rules(conn, project_id)?;
    let of = |class: RetentionClass| match chosen.iter().find(|r| r.class == class.name()) {
        Some(rule) => Term { class, days: rule.days, reason: rule.reason.clone() },
        None => Term::standard(class),
    };
    Ok(RetentionClass::ALL.into_iter().map(of).collect())
}

/// The days that terms of a project are counted from.
pub fn milestones(conn: &mut Conn, project_id: &str) -> DbResult<Milestones> {
    let state = |name: &str| serde_json::from_value(name.into()).map_err(|e| DbError::Internal(e.to_string()));
    let rows = waves::list(conn, project_id)?;
    let waves = rows.iter().map(|w| Ok((w.ordinal, state(&w.state)?, w.closes_on))).collect::<DbResult<Vec<_>>>()?;
    Ok(Milestones::of(&waves, retention::reported_on(conn, project_id)?))
}

/// How much of a class goes at this moment, given its cutoff.
pub fn due(conn: &mut Conn, project_id: &str, class: RetentionClass, cutoff: NaiveDateTime) -> DbResult<i64> {
    match class {
        RetentionClass::Audio => Ok(due_recordings(conn, project_id, cutoff)?.len() as i64),
        RetentionClass::TellerLinks => retention::count_links(conn, project_id),
        RetentionClass::Contacts => contacts::forgettable(conn, project_id),
        RetentionClass::RawText => retention::count_raw(conn, project_id),
        RetentionClass::Invitations => retention::count_invitations(conn, project_id, cutoff),
    }
}

/// Removes all that is due in all projects, and files that a withdrawal left behind. What fails is told in the log and
/// done the next time.
pub async fn run_everywhere(db: &Db, files: &Files) {
    let all = match db.run(projects::all).await {
        Ok(all) => all,
        Err(e) => return tracing::warn!(cause = %e, "what is due could not be looked up"),
    };
    for project in all {
        if let Err(e) = run_project(db, files, &project.id, BY_ITSELF).await {
            tracing::warn!(cause = %e, "what is due could not be removed");
        }
    }
}

/// Removes all that is due in a project; answers the proof of it, for classes of which something was. Safe to repeat, and
/// on several servers at once: what one removed the other does not find. Errors: those of the database; what was removed
/// before stays so.
pub async fn run_project(db: &Db, files: &Files, project_id: &str, by: &str) -> DbResult<Vec<RunRow>> {
    let (files, project_id, by) = (files.clone(), project_id.to_owned(), by.to_owned());
    db.run(move |conn| {
        remove_left_files(conn, &files, &project_id)?;
        let (terms, milestones) = (terms(conn, &project_id)?, milestones(conn, &project_id)?);
        let mut runs = Vec::new();
        for term in &terms {
            let Some(cutoff) = milestones.cutoff(term, now()) else { continue };
            runs.extend(run_class(conn, &files, &project_id, term.class, cutoff, &by)?);
        }
        Ok(runs)
    })
    .await
}

fn run_class(
    conn: &mut Conn,
    files: &Files,
    project_id: &str,
    class: RetentionClass,
    cutoff: NaiveDateTime,
    by: &str,
) -> DbResult<Option<RunRow>> {
    let removed = match class {
        RetentionClass::Audio => remove_recordings(conn, files, project_id, cutoff)?,
        RetentionClass::TellerLinks => write_tx(conn, |conn| retention::remove_links(conn, project_id))? as i64,
        RetentionClass::Contacts => write_tx(conn, |conn| contacts::forget_all(conn, project_id))? as i64,
        RetentionClass::RawText => remove_texts(conn, project_id)?,
        RetentionClass::Invitations => write_tx(conn, |conn| retention::remove_invitations(conn, project_id, cutoff))? as i64,
    };
    if removed == 0 {
        return Ok(None);
    }
    let remaining = due(conn, project_id, class, cutoff)? + files_left(conn, files, project_id, class)?;
    let run = RunRow {
        project_id: project_id.to_owned(),
        id: Uuid::new_v4().to_string(),
        class: class.name().to_owned(),
        ran_at: now(),
        cutoff,
        removed,
        remaining,
        ran_by: by.to_owned(),
    };
    write_tx(conn, |conn| {
        retention::add_run(conn, &run)?;
        let detail = format!("{removed} removed, {remaining} left");
        let actor = if by == BY_ITSELF { "command" } else { by };
        record(conn, &Event::on(project_id, actor, "retention.run", class.name(), &detail))
    })?;
    Ok(Some(run))
}

/// Recordings whose story has had its text for so long. One that nobody wrote out stays: it is all there is of the story.
fn due_recordings(conn: &mut Conn, project_id: &str, cutoff: NaiveDateTime) -> DbResult<Vec<AttachmentRow>> {
    let mut due = Vec::new();
    let mut last: Option<(String, bool)> = None;
    for row in retention::recordings(conn, project_id, cutoff)? {
        let known = last.as_ref().filter(|(story, _)| *story == row.story_id).map(|(_, written)| *written);
        let written = match known {
            Some(written) => written,
            None => stories::versions(conn, project_id, &row.story_id)?
                .iter()
                .any(|v| v.created_at <= cutoff && serde_json::from_str::<Value>(&v.body).is_ok_and(|body| has_words(&body))),
        };
        last = Some((row.story_id.clone(), written));
        if written {
            due.push(row);
        }
    }
    Ok(due)
}

fn remove_recordings(conn: &mut Conn, files: &Files, project_id: &str, cutoff: NaiveDateTime) -> DbResult<i64> {
    let due = due_recordings(conn, project_id, cutoff)?;
    for row in &due {
        write_tx(conn, |conn| retention::remove_recording(conn, row))?;
        remove_file(files, row);
    }
    Ok(due.len() as i64)
}

/// Removes a file. One that cannot be removed now is left for the next run, which looks for it again.
fn remove_file(files: &Files, row: &AttachmentRow) {
    if let Err(e) = files.remove(&key(row)) {
        tracing::warn!(cause = %e, "a file could not be removed");
    }
}

fn key(row: &AttachmentRow) -> FileKey {
    FileKey { project_id: row.project_id.clone(), story_id: row.story_id.clone(), id: row.id.clone() }
}

fn files_left(conn: &mut Conn, files: &Files, project_id: &str, class: RetentionClass) -> DbResult<i64> {
    if class != RetentionClass::Audio {
        return Ok(0);
    }
    let removed = retention::removed_recordings(conn, project_id)?;
    Ok(removed.iter().filter(|row| files.has(&key(row)).unwrap_or(true)).count() as i64)
}

fn remove_texts(conn: &mut Conn, project_id: &str) -> DbResult<i64> {
    let mut removed = 0;
    loop {
        let some = write_tx(conn, |conn| {
            projects::lock(conn, project_id)?; // so that nothing is released between looking and removing
            let some = retention::raw_versions(conn, project_id, AT_ONCE)?;
            for raw in &some {
                let body = rewritten(&raw.version.body, without_words)?;
                let facts = raw.facts.as_deref().map(|facts| rewritten(facts, facts_without_words)).transpose()?;
                retention::remove_text(conn, &raw.version, &body, facts.as_deref())?;
            }
            if !some.is_empty() {
                projects::next_rebuild(conn, project_id)?;
            }
            Ok::<_, DbError>(some.len())
        })?;
        removed += some as i64;
        if some < AT_ONCE as usize {
            return Ok(removed);
        }
    }
}

fn rewritten(text: &str, change: impl FnOnce(Value) -> Value) -> DbResult<String> {
    let value = serde_json::from_str(text).map_err(|e| DbError::Internal(format!("a stored story is no JSON: {e}")))?;
    Ok(change(value).to_string())
}

/// Files of stories that were withdrawn, and of recordings that were removed: a server that was stopped between the commit
/// and the removal left them.
fn remove_left_files(conn: &mut Conn, files: &Files, project_id: &str) -> DbResult<()> {
    let unreadable = |e: std::io::Error| DbError::Unavailable(format!("the attachments cannot be listed: {e}"));
    let with_files = files.stories(project_id).map_err(unreadable)?;
    for story in retention::withdrawn_of(conn, project_id, &with_files)? {
        if let Err(e) = files.remove_story(project_id, &story) {
            tracing::warn!(cause = %e, "files of a withdrawn story could not be removed");
        }
    }
    // Only stories that have files are looked at: every look may be a request to an object store.
    let with_files: HashSet<String> = with_files.into_iter().collect();
    for row in retention::removed_recordings(conn, project_id)?.iter().filter(|row| with_files.contains(&row.story_id)) {
        if files.has(&key(row)).map_err(unreadable)? {
            remove_file(files, row);
        }
    }
    Ok(())
}
