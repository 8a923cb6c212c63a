//! Looks at the server during the soak, and what they say together.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use duiding::db::{Conn, Db, DbError};
use duiding::on_each;

use crate::looks::{files, memory};
use crate::server::{Place, Running};

/// Memory is looked at from this minute on: before, pools, caches and snapshots fill.
const WARM: f64 = 3.0;
/// Most that memory may grow, in MiB a minute. More than a thousand stories come in every minute, 7 KiB each on the whole: if
/// the server kept them, it would grow by more than 7 MiB. What may grow is SQLite's page cache, which has a limit of its own.
const GROWTH: f64 = 2.0;

/// One look.
pub struct Sample {
    minute: f64,
    memory: u64,
    files: usize,
    /// Bytes of the write-ahead log; 0 on PostgreSQL.
    wal: u64,
    database: Activity,
}

/// What PostgreSQL says of the connections to it; zeros on SQLite.
#[derive(Default, QueryableByName)]
struct Activity {
    #[diesel(sql_type = BigInt)]
    connections: i64,
    #[diesel(sql_type = BigInt)]
    open: i64,
    /// Seconds of the longest transaction.
    #[diesel(sql_type = BigInt)]
    longest: i64,
}

const ACTIVITY: &str = "SELECT COUNT(*) AS connections, COUNT(*) FILTER (WHERE xact_start IS NOT NULL) AS open,
    COALESCE(MAX(EXTRACT(EPOCH FROM now() - xact_start)), 0)::bigint AS longest
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

impl Sample {
    /// Looks at the server.
    pub fn take(place: &Place, server: &Running, at: Duration) -> Self {
        let wal = std::fs::metadata(format!("{}-wal", place.database_url)).map_or(0, |m| m.len());
        let database = if place.is_sqlite() { Activity::default() } else { activity(&place.database_url) };
        Self { minute: at.as_secs_f64() / 60.0, memory: memory(server), files: files(server), wal, database }
    }
}

fn activity(url: &str) -> Activity {
    let look = |conn: &mut Conn| Ok::<_, DbError>(on_each!(conn, c => diesel::sql_query(ACTIVITY).get_result(c))?);
    Db::open(url, 1).and_then(|db| Ok(db.run_blocking(look)?)).expect("PostgreSQL answers")
}

/// MiB a minute, as a straight line through the looks has it.
fn slope(samples: &[&Sample]) -> f64 {
    let n = samples.len() as f64;
    let mib = |s: &Sample| s.memory as f64 / f64::from(1 << 20);
    let (x, y) = (samples.iter().map(|s| s.minute).sum::<f64>() / n, samples.iter().map(|s| mib(s)).sum::<f64>() / n);
    let across: f64 = samples.iter().map(|s| (s.minute - x) * (mib(s) - y)).sum();
    let along: f64 = samples.iter().map(|s| (s.minute - x).powi(2)).sum();
    across / along
}

/// Prints what was seen. Errors (as a panic): something grew beyond its limit. Memory is judged when at least five minutes
/// of it were seen after it was warm.
pub fn report(samples: &[Sample], minutes: u64) {
    let warm: Vec<&Sample> = samples.iter().filter(|s| s.minute >= WARM.min(minutes as f64 / 2.0)).collect();
    let (first, last) = (warm.first().expect("there are looks"), warm.last().expect("there are looks"));
    let most = |of: fn(&Sample) -> u64| samples.iter().map(of).max().unwrap_or(0);
    let growth = slope(&warm);
    println!(
        "  memory: {} MiB at minute {:.1}, {} MiB at the end, {growth:.2} MiB a minute (at most {GROWTH})",
        first.memory >> 20,
        first.minute,
        last.memory >> 20
    );
    println!("  files: {} then, {} at the end, at most {}", first.files, last.files, most(|s| s.files as u64));
    println!("  write-ahead log of SQLite: at most {} KiB", most(|s| s.wal) / 1024);
    println!(
        "  PostgreSQL: at most {} connections, {} open transactions, the longest {} s",
        most(|s| s.database.connections as u64),
        most(|s| s.database.open as u64),
        most(|s| s.database.longest as u64)
    );
    assert!(last.files <= first.files + 30, "open files grow");
    assert!(most(|s| s.wal) < 256 << 20, "the write-ahead log grows");
    assert!(most(|s| s.database.connections as u64) <= 6, "more connections than the pool has");
    assert!(most(|s| s.database.longest as u64) < 60, "a transaction stays open");
    assert!(minutes < 8 || growth <= GROWTH, "memory grows by {growth:.2} MiB a minute");
}
