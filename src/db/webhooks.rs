//! Webhooks, what they are to be told, and what came of the attempts. What is to be told is written in the transaction of the
//! deed, and taken out by whichever server is first.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::{webhook_attempts, webhook_messages, webhooks};
use super::{Conn, DbError, DbResult, now};
use crate::domain::webhook::{EventKind, gathered_until};
use crate::on_each;

/// The message waits for its moment or its next attempt.
pub const WAITING: &str = "waiting";
/// It was taken with a 2xx.
pub const DELIVERED: &str = "delivered";
/// Nothing more is tried.
pub const FAILED: &str = "failed";

/// An address that is told.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhooks)]
pub struct WebhookRow {
    /// The project.
    pub project_id: String,
    /// Random id.
    pub id: String,
    /// Where to.
    pub url: String,
    /// Names of the kinds of events, with spaces.
    pub events: String,
    /// The secret, sealed for this id.
    pub secret: String,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// Since when it is told nothing.
    pub disabled_at: Option<NaiveDateTime>,
    /// Why.
    pub disabled_reason: String,
}

/// What is to be told to one webhook.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_messages)]
pub struct MessageRow {
    /// The project.
    pub project_id: String,
    /// Random id, the same for every attempt.
    pub id: String,
    /// To whom.
    pub webhook_id: String,
    /// Deeds in the same slot are one message.
    pub slot: String,
    /// Kind of the event.
    pub kind: String,
    /// Key of a wave or version of a framework.
    pub about: String,
    /// How many deeds.
    pub amount: i64,
    /// When it happened; the end of the hour for what is gathered.
    pub happened_at: NaiveDateTime,
    /// When to try next; `None` when nothing more is tried.
    pub due_at: Option<NaiveDateTime>,
    /// Attempts begun.
    pub attempts: i32,
    /// How it stands.
    pub state: String,
}

/// An attempt to tell it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_attempts)]
pub struct AttemptRow {
    /// The project.
    pub project_id: String,
    /// What was told.
    pub message_id: String,
    /// 1 for the first.
    pub number: i32,
    /// When it ended.
    pub at: NaiveDateTime,
    /// What came of it.
    pub outcome: String,
    /// HTTP status, if there was an answer.
    pub status: Option<i32>,
}

/// Adds a webhook.
pub fn insert(conn: &mut Conn, row: &WebhookRow) -> DbResult<()> {
    diesel::insert_into(webhooks::table).values(row).execute(conn)?;
    Ok(())
}

/// Webhooks of a project, ordered by id.
pub fn list(conn: &mut Conn, project_id: &str) -> DbResult<Vec<WebhookRow>> {
    let query = webhooks::table.filter(webhooks::project_id.eq(project_id)).order(webhooks::id);
    Ok(query.select(WebhookRow::as_select()).load(conn)?)
}

/// One webhook. Errors: not found.
pub fn by_id(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<WebhookRow> {
    let query = webhooks::table.filter(webhooks::project_id.eq(project_id)).filter(webhooks::id.eq(id));
    Ok(query.select(WebhookRow::as_select()).first(conn)?)
}

/// Writes address, events and whether it is disabled. Errors: not found.
pub fn update(conn: &mut Conn, row: &WebhookRow) -> DbResult<()> {
    let target = webhooks::table.filter(webhooks::project_id.eq(&row.project_id)).filter(webhooks::id.eq(&row.id));
    let set = (
        webhooks::url.eq(&row.url),
        webhooks::events.eq(&row.events),
        webhooks::disabled_at.eq(row.disabled_at),
        webhooks::disabled_reason.eq(&row.disabled_reason),
    );
    if diesel::update(target).set(set).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Removes a webhook with all that it was told. Errors: not found.
pub fn delete(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let target = webhooks::table.filter(webhooks::project_id.eq(project_id)).filter(webhooks::id.eq(id));
    if diesel::delete(target).execute(conn)? == 0 { Err(DbError::NotFound) } else { Ok(()) }
}

/// Stops a webhook; what still waited for it is given up. Answers whether it was told until now.
pub fn disable(conn: &mut Conn, project_id: &str, id: &str, reason: &str) -> DbResult<bool> {
    let target = webhooks::table.filter(webhooks::project_id.eq(project_id)).filter(webhooks::id.eq(id));
    let set = (webhooks::disabled_at.eq(Some(now())), webhooks::disabled_reason.eq(reason));
    let stopped = diesel::update(target.filter(webhooks::disabled_at.is_null())).set(set).execute(conn)? == 1;
    give_up(conn, project_id, id)?;
    Ok(stopped)
}

/// Gives up what waits for a webhook.
pub fn give_up(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<()> {
    let waiting = webhook_messages::table
        .filter(webhook_messages::project_id.eq(project_id))
        .filter(webhook_messages::webhook_id.eq(id))
        .filter(webhook_messages::state.eq(WAITING));
    let set = (webhook_messages::state.eq(FAILED), webhook_messages::due_at.eq(None::<NaiveDateTime>));
    diesel::update(waiting).set(set).execute(conn)?;
    Ok(())
}

/// Writes down for all webhooks that want it that `amount` things of a kind happened.
pub fn announce(conn: &mut Conn, project_id: &str, kind: EventKind, about: &str, amount: i64) -> DbResult<()> {
    let wants = |w: &WebhookRow| w.disabled_at.is_none() && w.events.split(' ').any(|name| name == kind.name());
    for webhook in list(conn, project_id)?.into_iter().filter(wants) {
        tell(conn, &webhook, kind, about, amount)?;
    }
    Ok(())
}

/// Writes down what one webhook is to be told; answers the id of the message, unless it became part of an earlier one.
pub fn tell(conn: &mut Conn, webhook: &WebhookRow, kind: EventKind, about: &str, amount: i64) -> DbResult<String> {
    let id = Uuid::new_v4().to_string();
    let happened_at = if kind.is_gathered() { gathered_until(now().and_utc()).naive_utc() } else { now() };
    // A transaction that began within the hour may end after it, and its deeds count with the hour.
    let due_at = if kind.is_gathered() { happened_at + Duration::minutes(1) } else { happened_at };
    let slot = if kind.is_gathered() { format!("{} {happened_at}", kind.name()) } else { id.clone() };
    let row = MessageRow {
        project_id: webhook.project_id.clone(),
        id: id.clone(),
        webhook_id: webhook.id.clone(),
        slot,
        kind: kind.name().to_owned(),
        about: about.to_owned(),
        amount,
        happened_at,
        due_at: Some(due_at),
        attempts: 0,
        state: WAITING.to_owned(),
    };
    on_each!(conn, c => diesel::insert_into(webhook_messages::table)
        .values(&row)
        .on_conflict((webhook_messages::project_id, webhook_messages::webhook_id, webhook_messages::slot))
        .do_update()
        .set(webhook_messages::amount.eq(webhook_messages::amount + amount))
        .execute(c))?;
    Ok(id)
}

/// Whether any message is due.
pub fn any_due(conn: &mut Conn, at: NaiveDateTime) -> DbResult<bool> {
    let due = webhook_messages::table.filter(webhook_messages::due_at.le(at)).select(webhook_messages::id);
    Ok(due.first::<String>(conn).optional()?.is_some())
}

/// Takes messages that are due for one attempt, at most `most`; until the lease is over nobody else gets them. Several
/// servers may ask at the same time: each message goes to one.
pub fn claim(conn: &mut Conn, at: NaiveDateTime, lease: Duration, most: i64) -> DbResult<Vec<(MessageRow, WebhookRow)>> {
    let due: Vec<MessageRow> = webhook_messages::table
        .filter(webhook_messages::due_at.le(at))
        .order((webhook_messages::due_at, webhook_messages::id))
        .limit(most)
        .select(MessageRow::as_select())
        .load(conn)?;
    let mut claimed = Vec::with_capacity(due.len());
    for mut message in due {
        // As it was read: of two servers that read it, the second one finds it changed.
        let same = webhook_messages::table
            .filter(webhook_messages::project_id.eq(&message.project_id))
            .filter(webhook_messages::id.eq(&message.id))
            .filter(webhook_messages::attempts.eq(message.attempts))
            .filter(webhook_messages::due_at.le(at));
        let set = (webhook_messages::attempts.eq(message.attempts + 1), webhook_messages::due_at.eq(Some(at + lease)));
        if diesel::update(same).set(set).execute(conn)? == 1 {
            message.attempts += 1;
            let webhook = by_id(conn, &message.project_id, &message.webhook_id)?;
            claimed.push((message, webhook));
        }
    }
    Ok(claimed)
}

/// Writes down what came of an attempt, and how it goes on. When somebody else has begun a later attempt meanwhile, that
/// one decides how it goes on.
pub fn finish(conn: &mut Conn, attempt: &AttemptRow, state: &str, due_at: Option<NaiveDateTime>) -> DbResult<()> {
    let target = webhook_messages::table
        .filter(webhook_messages::project_id.eq(&attempt.project_id))
        .filter(webhook_messages::id.eq(&attempt.message_id))
        .filter(webhook_messages::state.eq(WAITING))
        .filter(webhook_messages::attempts.eq(attempt.number));
    diesel::update(target).set((webhook_messages::state.eq(state), webhook_messages::due_at.eq(due_at))).execute(conn)?;
    let known = message(conn, &attempt.project_id, &attempt.message_id)?.is_some();
    if known {
        diesel::insert_into(webhook_attempts::table).values(attempt).execute(conn)?;
    }
    Ok(())
}

fn message(conn: &mut Conn, project_id: &str, id: &str) -> DbResult<Option<String>> {
    let query = webhook_messages::table.filter(webhook_messages::project_id.eq(project_id)).filter(webhook_messages::id.eq(id));
    Ok(query.select(webhook_messages::id).first(conn).optional()?)
}

/// A page of what a webhook was or will be told, newest first; `before` is the last (time, id) seen.
pub fn messages(
    conn: &mut Conn,
    project_id: &str,
    webhook_id: &str,
    before: Option<(NaiveDateTime, String)>,
    limit: i64,
) -> DbResult<Vec<MessageRow>> {
    let mut query = webhook_messages::table
        .filter(webhook_messages::project_id.eq(project_id))
        .filter(webhook_messages::webhook_id.eq(webhook_id))
        .order((webhook_messages::happened_at.desc(), webhook_messages::id.desc()))
        .limit(limit)
        .select(MessageRow::as_select())
        .into_boxed();
    if let Some((at, id)) = before {
        let earlier = webhook_messages::happened_at.lt(at);
        query = query.filter(earlier.or(webhook_messages::happened_at.eq(at).and(webhook_messages::id.lt(id))));
    }
    Ok(query.load(conn)?)
}

/// Attempts of these messages, in their order.
pub fn attempts(conn: &mut Conn, project_id: &str, messages: &[String]) -> DbResult<Vec<AttemptRow>> {
    let query = webhook_attempts::table
        .filter(webhook_attempts::project_id.eq(project_id))
        .filter(webhook_attempts::message_id.eq_any(messages))
        .order((webhook_attempts::message_id, webhook_attempts::number))
        .select(AttemptRow::as_select());
    Ok(query.load(conn)?)
}

/// Forgets what was told, or given up, before a moment.
pub fn forget_before(conn: &mut Conn, moment: NaiveDateTime) -> DbResult<()> {
    let old = webhook_messages::table.filter(webhook_messages::due_at.is_null()).filter(webhook_messages::happened_at.lt(moment));
    diesel::delete(old).execute(conn)?;
    Ok(())
}
