//! The erasure log, applied to a database that was restored.

use crate::db::replay::{Replayed, replay};
use crate::db::{Db, DbError, write_tx};
use crate::erasures::Erasure;
use crate::files::Files;

/// How many lines of the log came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Withdrawn again.
    pub done: usize,
    /// Withdrawn already in this state of the database.
    pub known: usize,
    /// Of projects that are not in this database.
    pub elsewhere: usize,
}

/// Does every withdrawal again that the database does not know of, and removes the files of the stories. Safe to repeat.
/// Errors: the database or a file refuses; what was done until then stays done.
pub fn replay_log(db: &Db, files: &Files, log: &[Erasure]) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    for erasure in log {
        let done = db.run_blocking(|conn| write_tx::<_, DbError>(conn, |conn| replay(conn, erasure)))?;
        match done {
            Replayed::Done => counts.done += 1,
            Replayed::Known => counts.known += 1,
            Replayed::NoProject => counts.elsewhere += 1,
        }
        for story in &erasure.stories {
            files.remove_story(&erasure.project, story)?;
        }
    }
    Ok(counts)
}
