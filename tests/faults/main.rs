//! What breaks around the server: the disk, the database, the network, and the server's own restarts. The real program must
//! say 503 and when to ask again, lose and half-write nothing, go on answering what it can, and recover by itself.
//!
//! Everything waits for conditions, with a deadline. On PostgreSQL: `scripts/with-postgres cargo test --test faults`.
//! `DUIDING_BIN` names another program. The long ones are ignored here and run by `make proof-soak`.

#[path = "../kills/check.rs"]
#[allow(dead_code)]
mod check;
mod database;
mod disk;
#[path = "../kills/load.rs"]
#[allow(dead_code)]
mod load;
mod looks;
mod proxy;
#[path = "../kills/resend.rs"]
#[allow(dead_code)]
mod resend;
mod rolling;
mod samples;
#[path = "../kills/server.rs"]
#[allow(dead_code)]
mod server;
mod slow;
mod soak;
#[path = "../kills/stored.rs"]
#[allow(dead_code)]
mod stored;
#[path = "../kills/study.rs"]
#[allow(dead_code)]
mod study;
#[path = "../kills/told.rs"]
#[allow(dead_code)]
mod told;

/// A test that measures a server, or stops the database, must not have another beside it.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
