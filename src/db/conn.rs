//! One connection type for both databases, and the two kinds of transaction.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{self, ManageConnection, R2D2Connection};

/// A connection to SQLite or PostgreSQL. Queries are written once and run on either.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// Embedded database file.
    Sqlite(diesel::SqliteConnection),
    /// Database server.
    Postgres(diesel::PgConnection),
}

/// Runs the same code on the concrete connection, for what diesel cannot say through the enum (`on_conflict`,
/// inserts of many rows).
#[macro_export]
#[doc(hidden)]
macro_rules! on_each {
    ($conn:expr, $inner:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($inner) => $body,
            $crate::db::Conn::Postgres($inner) => $body,
        }
    };
}

/// Which database an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Kind {
    /// `postgres://` and `postgresql://` are a server; everything else is the path of a file.
    pub fn of(url: &str) -> Self {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") { Self::Postgres } else { Self::Sqlite }
    }
}

/// Opens connections for the pool.
#[derive(Debug, Clone)]
pub struct Manager {
    /// Where the database is.
    pub url: String,
}

impl Manager {
    fn open(&self) -> Result<Conn, r2d2::Error> {
        let open_failed = r2d2::Error::ConnectionError;
        let mut conn = match Kind::of(&self.url) {
            Kind::Sqlite => Conn::Sqlite(diesel::SqliteConnection::establish(&self.url).map_err(open_failed)?),
            Kind::Postgres => Conn::Postgres(diesel::PgConnection::establish(&self.url).map_err(open_failed)?),
        };
        // Acknowledged means durable: both settings wait for the disk at every commit.
        let setup = match conn {
            Conn::Sqlite(_) => {
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;"
            }
            Conn::Postgres(_) => "SET synchronous_commit = on; SET timezone = 'UTC'; SET statement_timeout = '120s'",
        };
        conn.batch_execute(setup).map_err(r2d2::Error::QueryError)?;
        Ok(conn)
    }
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, r2d2::Error> {
        self.open()
    }
    fn is_valid(&self, conn: &mut Conn) -> Result<(), r2d2::Error> {
        conn.ping().map_err(r2d2::Error::QueryError)
    }
    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

/// Runs a unit of work that writes. All of it is kept, or nothing.
///
/// On SQLite the write lock is taken at the start: a transaction that reads first and writes later fails when
/// another one wrote in between, however long it is willing to wait.
pub fn write_tx<T, E>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction(c)?,
    }
    finish(conn, work)
}

/// Runs a unit of work that only reads, all of it on one state of the database.
pub fn read_tx<T, E>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction(c)?,
        Conn::Postgres(c) => {
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
    }
    finish(conn, work)
}

/// Runs a part of a unit of work that writes. All of the part is kept, or nothing of it.
///
/// The first error is the one that is answered: when SQLite has no room it takes back the whole transaction by itself, and
/// that the part cannot be taken back any more says nothing about the cause.
pub fn savepoint<T, E>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    on_each!(conn, c => AnsiTransactionManager::begin_transaction(c))?;
    finish(conn, work)
}

fn finish<T, E>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    match work(conn) {
        Ok(value) => {
            on_each!(conn, c => AnsiTransactionManager::commit_transaction(c))?;
            Ok(value)
        }
        Err(e) => {
            // A connection that cannot roll back is broken; the pool drops it. The first error is the one that matters.
            if let Err(lost) = on_each!(conn, c => AnsiTransactionManager::rollback_transaction(c)) {
                tracing::warn!(error = %lost, "rollback failed");
            }
            Err(e)
        }
    }
}
