//! Votes: one for each person and item. Who voted for what leaves the server only to that person.

use diesel::prelude::*;

use crate::db::schema::workshop_votes as votes;
use crate::db::{Conn, DbResult};
use crate::on_each;

#[derive(Insertable)]
#[diesel(table_name = votes)]
struct NewVote<'a> {
    project_id: &'a str,
    workshop_id: &'a str,
    item_id: &'a str,
    user_id: &'a str,
}

/// Votes for an item. Answers whether this person had not voted for it.
pub fn put(conn: &mut Conn, project_id: &str, workshop_id: &str, item_id: &str, user_id: &str) -> DbResult<bool> {
    let row = NewVote { project_id, workshop_id, item_id, user_id };
    let added = on_each!(conn, c => diesel::insert_into(votes::table).values(&row).on_conflict_do_nothing().execute(c))?;
    Ok(added > 0)
}

/// Takes a vote back. Answers whether there was one.
pub fn delete(conn: &mut Conn, project_id: &str, workshop_id: &str, item_id: &str, user_id: &str) -> DbResult<bool> {
    let target = votes::table
        .filter(votes::project_id.eq(project_id))
        .filter(votes::workshop_id.eq(workshop_id))
        .filter(votes::item_id.eq(item_id))
        .filter(votes::user_id.eq(user_id));
    Ok(diesel::delete(target).execute(conn)? > 0)
}

/// The votes for one item or all: item and person.
pub fn list(conn: &mut Conn, project_id: &str, workshop_id: &str, item: Option<&str>) -> DbResult<Vec<(String, String)>> {
    let query = votes::table.filter(votes::project_id.eq(project_id)).filter(votes::workshop_id.eq(workshop_id));
    let mut query = query.into_boxed();
    if let Some(item) = item {
        query = query.filter(votes::item_id.eq(item.to_owned()));
    }
    Ok(query.select((votes::item_id, votes::user_id)).load(conn)?)
}
