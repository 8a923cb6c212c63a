//! Counts of failed attempts, shared by all server processes.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use super::schema::throttles;
use super::{Conn, DbResult, now};
use crate::on_each;

/// Failures of one account after which attempts are refused until the window is over.
pub const MAX_PER_ACCOUNT: i32 = 10;
/// The same for one address: wide enough for a workshop behind one router.
pub const MAX_PER_ADDRESS: i32 = 100;
/// Length of the window, in minutes.
pub const WINDOW_MINUTES: i64 = 15;

/// Seconds to wait, when this key failed `most` times or more.
pub fn wait_seconds(conn: &mut Conn, key: &str, most: i32) -> DbResult<Option<i64>> {
    let found: Option<(i32, NaiveDateTime)> = throttles::table
        .filter(throttles::key.eq(key))
        .select((throttles::failures, throttles::window_started_at))
        .first(conn)
        .optional()?;
    let wait = found.filter(|(failures, _)| *failures >= most).map(|(_, start)| {
        let until = start + Duration::minutes(WINDOW_MINUTES);
        (until - now()).num_seconds()
    });
    Ok(wait.filter(|seconds| *seconds > 0))
}

/// Counts a failure; a window that is over starts anew.
pub fn count_failure(conn: &mut Conn, key: &str) -> DbResult<()> {
    let stale = now() - Duration::minutes(WINDOW_MINUTES);
    diesel::delete(throttles::table.filter(throttles::key.eq(key)).filter(throttles::window_started_at.lt(stale)))
        .execute(conn)?;
    let row = (throttles::key.eq(key), throttles::failures.eq(1), throttles::window_started_at.eq(now()));
    on_each!(conn, c => diesel::insert_into(throttles::table)
        .values(row)
        .on_conflict(throttles::key)
        .do_update()
        .set(throttles::failures.eq(throttles::failures + 1))
        .execute(c))?;
    Ok(())
}

/// Forgets the failures of a key, as after a success.
pub fn clear(conn: &mut Conn, key: &str) -> DbResult<()> {
    diesel::delete(throttles::table.filter(throttles::key.eq(key))).execute(conn)?;
    Ok(())
}
