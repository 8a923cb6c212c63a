//! The audit trail as chains: one for each project and one for the server.
//!
//! Events are written inside the transactions of the deeds they tell of, and get their place in the chain in a
//! transaction of its own, within about a second: would every deed take the end of the chain, all of them would wait for
//! each other, and on PostgreSQL some for ever. Until then the database itself keeps them from being changed or removed.

use diesel::prelude::*;

use super::audit::{AuditEvent, AuditRow};
use super::schema::{audit_chains, audit_events};
use super::{Conn, DbResult};
use crate::domain::chain::{BEGINNING, Noted, link_hash};

/// The chain of what belongs to no project.
pub const SERVER: &str = "";
/// Events that one transaction seals at most: on SQLite others wait for it to write.
const AT_ONCE: i64 = 500;
/// Events that are read at once when a chain is walked.
const PAGE: i64 = 1000;

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_chains)]
pub struct Head {
    /// Id of the project; empty for the server.
    pub chain: String,
    /// Number of the last event; 0 before the first.
    pub sequence: i64,
    /// Its hash.
    pub hash: String,
}

/// Whether events wait for their place.
pub fn any_unsealed(conn: &mut Conn) -> DbResult<bool> {
    let waiting = audit_events::table.filter(audit_events::sequence.is_null()).select(audit_events::id);
    Ok(waiting.first::<String>(conn).optional()?.is_some())
}

/// Gives waiting events their places, at most some hundreds, inside a writing transaction; answers how many.
pub fn seal_some(conn: &mut Conn) -> DbResult<usize> {
    // Whoever seals has this row until the end, and only then looks what waits: there are never two at once.
    lock(conn, SERVER)?;
    let waiting: Vec<AuditEvent> = audit_events::table
        .filter(audit_events::sequence.is_null())
        .order((audit_events::at, audit_events::id))
        .limit(AT_ONCE)
        .select(AuditEvent::as_select())
        .load(conn)?;
    let mut heads: Vec<Head> = Vec::new();
    for event in &waiting {
        let chain = event.project_id.as_deref().unwrap_or(SERVER);
        let at = match heads.iter().position(|h| h.chain == chain) {
            Some(at) => at,
            None => {
                heads.push(head_to_extend(conn, chain)?);
                heads.len() - 1
            }
        };
        extend(conn, &mut heads[at], event)?;
    }
    for head in &heads {
        let target = audit_chains::table.filter(audit_chains::chain.eq(&head.chain));
        diesel::update(target)
            .set((audit_chains::sequence.eq(head.sequence), audit_chains::hash.eq(&head.hash)))
            .execute(conn)?;
    }
    Ok(waiting.len())
}

fn lock(conn: &mut Conn, chain: &str) -> DbResult<usize> {
    let target = audit_chains::table.filter(audit_chains::chain.eq(chain));
    Ok(diesel::update(target).set(audit_chains::sequence.eq(audit_chains::sequence)).execute(conn)?)
}

fn head_to_extend(conn: &mut Conn, chain: &str) -> DbResult<Head> {
    if let Some(head) = head(conn, chain)? {
        return Ok(head);
    }
    let head = Head { chain: chain.to_owned(), sequence: 0, hash: BEGINNING.to_owned() };
    diesel::insert_into(audit_chains::table).values(&head).execute(conn)?;
    Ok(head)
}

fn extend(conn: &mut Conn, head: &mut Head, event: &AuditEvent) -> DbResult<()> {
    let sequence = head.sequence + 1;
    let hash = link_hash(&event.chained(), sequence, &head.hash);
    diesel::update(audit_events::table.filter(audit_events::id.eq(&event.id)))
        .set((audit_events::sequence.eq(sequence), audit_events::previous.eq(&head.hash), audit_events::hash.eq(&hash)))
        .execute(conn)?;
    (head.sequence, head.hash) = (sequence, hash);
    Ok(())
}

/// The end of a chain; `None` before its first event.
pub fn head(conn: &mut Conn, chain: &str) -> DbResult<Option<Head>> {
    let found = audit_chains::table.filter(audit_chains::chain.eq(chain)).select(Head::as_select());
    Ok(found.first(conn).optional()?)
}

/// The ends of all chains, by id of the project; that of the server comes first.
pub fn heads(conn: &mut Conn) -> DbResult<Vec<Head>> {
    Ok(audit_chains::table.order(audit_chains::chain).select(Head::as_select()).load(conn)?)
}

/// Goes along a chain, oldest first, a page in memory at a time. Call it inside [`super::read_tx`]. Errors: those of the
/// database, and what `each` answers.
pub fn walk<E: From<super::DbError>>(
    conn: &mut Conn,
    chain: &str,
    mut each: impl FnMut(AuditRow) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = 0;
    loop {
        let rows = page_after(conn, chain, after)?;
        let Some(last) = rows.last().and_then(|r| r.sequence) else { return Ok(()) };
        after = last;
        rows.into_iter().try_for_each(&mut each)?;
    }
}

fn page_after(conn: &mut Conn, chain: &str, after: i64) -> DbResult<Vec<AuditRow>> {
    let query = audit_events::table
        .filter(audit_events::sequence.gt(after))
        .order(audit_events::sequence)
        .limit(PAGE)
        .select(AuditRow::as_select())
        .into_boxed();
    let query = match chain {
        SERVER => query.filter(audit_events::project_id.is_null()),
        project => query.filter(audit_events::project_id.eq(project.to_owned())),
    };
    Ok(query.load(conn)?)
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Number at which it shows.
    pub sequence: i64,
    /// Id of the event there, if there is one.
    pub id: Option<String>,
    /// missing, changed, unlinked, end or noted.
    pub kind: FaultKind,
}

/// How a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Events before this one are not there.
    Missing,
    /// The event has other content than its hash is of.
    Changed,
    /// It does not name the hash of the event before it.
    Unlinked,
    /// The last event is not the one that the end of the chain names.
    End,
    /// A hash that was noted elsewhere earlier is not the one at that place.
    Noted,
}

/// What came of checking a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its end.
    pub head: Head,
    /// The first faults, at most 100.
    pub faults: Vec<Fault>,
    /// Number of faults.
    pub found: usize,
}

/// Checks a chain from its first event to its last, and that what was noted elsewhere is in it. Call it inside
/// [`super::read_tx`].
pub fn check(conn: &mut Conn, chain: &str, noted: Option<&Noted>) -> DbResult<Check> {
    let empty = Head { chain: chain.to_owned(), sequence: 0, hash: BEGINNING.to_owned() };
    let head = head(conn, chain)?.unwrap_or(empty);
    let mut check = Check { head, faults: Vec::new(), found: 0 };
    let (mut sequence, mut hash, mut noted_is_there) = (0, BEGINNING.to_owned(), noted.is_none());
    walk::<super::DbError>(conn, chain, |row| {
        let number = row.sequence.unwrap_or_default();
        let (previous, own) = (row.previous.as_deref().unwrap_or_default(), row.hash.as_deref().unwrap_or_default());
        if number != sequence + 1 {
            check.add(number, Some(&row.event.id), FaultKind::Missing);
        } else if previous != hash {
            check.add(number, Some(&row.event.id), FaultKind::Unlinked);
        }
        if link_hash(&row.event.chained(), number, previous) != own {
            check.add(number, Some(&row.event.id), FaultKind::Changed);
        }
        noted_is_there |= noted.is_some_and(|(at, noted)| *at == number && noted == own);
        (sequence, hash) = (number, own.to_owned());
        Ok(())
    })?;
    if (sequence, &hash) != (check.head.sequence, &check.head.hash) {
        check.add(check.head.sequence, None, FaultKind::End);
    }
    if let Some((at, _)) = noted.filter(|_| !noted_is_there) {
        check.add(*at, None, FaultKind::Noted);
    }
    Ok(check)
}

impl Check {
    const MOST: usize = 100;

    fn add(&mut self, sequence: i64, id: Option<&str>, kind: FaultKind) {
        self.found += 1;
        if self.faults.len() < Self::MOST {
            self.faults.push(Fault { sequence, id: id.map(str::to_owned), kind });
        }
    }
}
