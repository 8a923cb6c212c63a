//! What breaks around the server, and the server itself: the disk, the database, the network, restarts, kills. The real program
//! must say 503 and when to ask again, lose and half-write nothing, go on answering what it can, and recover by itself.
//!
//! Everything waits for conditions, with a deadline. On PostgreSQL: `scripts/with-postgres cargo test --test faults`.
//! `DUIDING_BIN` names another program. The long ones are ignored here and run by `make proof-soak`.

mod check;
mod database;
mod disk;
mod figures;
mod kills;
mod load;
mod looks;
mod proxy;
mod resend;
mod rolling;
mod samples;
mod server;
mod slow;
mod soak;
mod stored;
mod study;
mod told;

/// A test that measures a server, or stops the database, or makes it crash, must not have another beside it.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
