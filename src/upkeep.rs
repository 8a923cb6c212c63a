//! What the server does by itself, beside answering.

use std::time::Duration;

use crate::db::{Db, DbError, DbResult, audit_chain, write_tx};

/// How long an event of the audit trail waits for its place in the chain, at most, when nothing is in the way.
const SEAL_EVERY: Duration = Duration::from_secs(1);

/// Does what is due, again and again, until it is stopped.
pub async fn run(db: Db) {
    let mut tick = tokio::time::interval(SEAL_EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        // What fails now is due again a second later; the database tells its own troubles.
        if let Err(e) = seal_all(&db).await {
            tracing::warn!(cause = %e, "the audit trail could not be sealed");
        }
    }
}

/// Gives all events of the audit trail that wait their place in the chain. Errors: those of the database; what was sealed
/// before stays so.
pub async fn seal_all(db: &Db) -> DbResult<()> {
    db.run(|conn| {
        while audit_chain::any_unsealed(conn)? {
            write_tx(conn, audit_chain::seal_some)?;
        }
        Ok::<_, DbError>(())
    })
    .await
}
