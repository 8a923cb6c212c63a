//! What the server does by itself, beside answering.

pub mod retention;

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, interval_at};

use crate::db::{Db, DbError, DbResult, audit_chain, now, oidc_logins, write_tx};
use crate::files::Files;
use crate::webhooks::Sender;

/// How long an event of the audit trail waits for its place in the chain, at most, when nothing is in the way.
const SEAL_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked whether a webhook is to be told something.
const TELL_EVERY: Duration = Duration::from_secs(1);
/// How often what is due is removed. Terms are in days.
const REMOVE_EVERY: Duration = Duration::from_secs(3600);
/// The first time, so that a server that is restarted every night does it too.
const REMOVE_FIRST: Duration = Duration::from_secs(60);

/// Does what is due, again and again, until it is stopped.
pub async fn run(db: Db, files: Files, webhooks: Sender) {
    tokio::join!(keep_sealing(&db), keep_removing(&db, &files, &webhooks), keep_telling(&webhooks));
}

async fn keep_telling(webhooks: &Sender) {
    let mut tick = interval(TELL_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(e) = webhooks.send_due(now()).await {
            tracing::warn!(cause = %e, "what webhooks are to be told could not be looked up");
        }
    }
}

async fn keep_sealing(db: &Db) {
    let mut tick = interval(SEAL_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        // What fails now is due again a second later; the database tells its own troubles.
        if let Err(e) = seal_all(db).await {
            tracing::warn!(cause = %e, "the audit trail could not be sealed");
        }
    }
}

async fn keep_removing(db: &Db, files: &Files, webhooks: &Sender) {
    let mut tick = interval_at(Instant::now() + REMOVE_FIRST, REMOVE_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        retention::run_everywhere(db, files).await;
        if let Err(e) = webhooks.forget().await {
            tracing::warn!(cause = %e, "what webhooks were told long ago could not be forgotten");
        }
        if let Err(e) = db.write(oidc_logins::forget_expired).await {
            tracing::warn!(cause = %e, "logins that were never finished could not be forgotten");
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
