//! Who is in a workshop at this moment. Each server process says again and again who listens there; who was not heard of for
//! a while is gone, also when a process ended without saying so.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use crate::db::schema::workshop_presence as presence;
use crate::db::{Conn, DbResult, now};
use crate::on_each;

/// How long somebody counts as present without being heard of. Clocks of servers may differ by less than this.
const HEARD_OF: i64 = 30;

#[derive(Insertable)]
#[diesel(table_name = presence)]
struct NewPresence<'a> {
    project_id: &'a str,
    workshop_id: &'a str,
    server: &'a str,
    user_id: &'a str,
    seen_at: NaiveDateTime,
}

fn oldest() -> NaiveDateTime {
    now() - Duration::seconds(HEARD_OF)
}

/// Says that these people are there, as this process knows, and nobody else by it. Forgets who was not heard of.
pub fn say(conn: &mut Conn, project_id: &str, workshop_id: &str, server: &str, people: &[String]) -> DbResult<()> {
    for user_id in people {
        let row = NewPresence { project_id, workshop_id, server, user_id, seen_at: now() };
        on_each!(conn, c => diesel::insert_into(presence::table)
            .values(&row)
            .on_conflict((presence::project_id, presence::workshop_id, presence::server, presence::user_id))
            .do_update()
            .set(presence::seen_at.eq(row.seen_at))
            .execute(c))?;
    }
    let of_workshop = presence::project_id.eq(project_id).and(presence::workshop_id.eq(workshop_id));
    let gone = presence::server.eq(server).and(presence::user_id.ne_all(people));
    let lost = presence::seen_at.lt(oldest());
    diesel::delete(presence::table.filter(of_workshop).filter(gone.or(lost))).execute(conn)?;
    Ok(())
}

/// Number of people who are there.
pub fn count(conn: &mut Conn, project_id: &str, workshop_id: &str) -> DbResult<u32> {
    let query = presence::table
        .filter(presence::project_id.eq(project_id))
        .filter(presence::workshop_id.eq(workshop_id))
        .filter(presence::seen_at.ge(oldest()))
        .select(presence::user_id)
        .distinct();
    let people: Vec<String> = query.load(conn)?;
    Ok(u32::try_from(people.len()).unwrap_or(u32::MAX))
}
