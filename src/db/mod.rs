//! Where things are kept. Only this module names diesel.
//!
//! Query functions take a connection, never the pool; a unit of work is one closure in [`Db::run`], and every
//! write runs in [`write_tx`]. Every query on project data has the project id in its signature.

mod conn;
mod error;
mod schema;

pub mod access;
pub mod attachment_parts;
pub mod attachments;
pub mod audit;
pub mod audit_chain;
pub mod consents;
pub mod contacts;
pub mod copies;
pub mod devices;
pub mod forward_keys;
pub mod framework_assets;
pub mod frameworks;
pub mod identities;
pub mod lenses;
pub mod members;
pub mod oidc_logins;
pub mod participants;
pub mod pins;
pub mod processing;
pub mod projects;
pub mod published;
pub mod regions;
pub mod replay;
pub mod retention;
pub mod second_factors;
pub mod sessions;
pub mod stories;
pub mod study;
pub mod subjects;
pub mod tellers;
pub mod throttles;
pub mod tokens;
pub mod users;
pub mod waves;
pub mod webhooks;
pub mod workshops;
pub mod writer;

pub use conn::{Conn, Kind, Manager, read_tx, savepoint, write_tx};
pub use error::{DbError, DbResult, TransactionError};

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::Pool;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use prometheus_client::metrics::counter::Counter;

use crate::{on_each, origin};

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgresql");

/// Any number, the same in every process: who holds it migrates.
const MIGRATION_LOCK: i64 = 7_263_849_501;

/// The database: a pool of connections.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Manager>,
    kind: Kind,
    timeouts: Option<Counter>,
}

/// How busy the pool is.
#[derive(Debug, Clone, Copy)]
pub struct PoolState {
    /// Connections at work.
    pub used: u32,
    /// Connections that are open.
    pub open: u32,
    /// Most that there may be.
    pub most: u32,
}

/// How long a unit of work waits for a connection, unless something else is said.
const WAIT: Duration = Duration::from_secs(10);

impl Db {
    /// Opens a pool of at most `size` connections. Errors: the database cannot be reached.
    pub fn open(url: &str, size: u32) -> anyhow::Result<Self> {
        Self::open_waiting(url, size, WAIT)
    }

    /// The same, where a unit of work waits for a connection at most so long.
    pub fn open_waiting(url: &str, size: u32, wait: Duration) -> anyhow::Result<Self> {
        let manager = Manager { url: url.to_owned() };
        let pool = Pool::builder()
            .max_size(size)
            // A server may have gone away meanwhile; a file is there.
            .test_on_check_out(Kind::of(url) == Kind::Postgres)
            .min_idle(Some(1))
            .connection_timeout(wait)
            .build(manager)
            .map_err(|e| anyhow::anyhow!("cannot open the database: {e}"))?;
        Ok(Self { pool, kind: Kind::of(url), timeouts: None })
    }

    /// Counts units of work that got no connection in time.
    pub fn count_timeouts(mut self, counter: Counter) -> Self {
        self.timeouts = Some(counter);
        self
    }

    /// How busy the pool is at this moment.
    pub fn pool(&self) -> PoolState {
        let state = self.pool.state();
        let used = state.connections.saturating_sub(state.idle_connections);
        PoolState { used, open: state.connections, most: self.pool.max_size() }
    }

    /// Which database this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Brings the tables to the newest form. Safe when several processes start at once.
    pub fn migrate(&self) -> anyhow::Result<Vec<String>> {
        let mut conn = self.pool.get()?;
        let run = |conn: &mut Conn| -> anyhow::Result<Vec<String>> {
            let failed = |e| anyhow::anyhow!("migration failed: {e}");
            let done = match conn {
                Conn::Sqlite(c) => c.run_pending_migrations(SQLITE_MIGRATIONS).map_err(failed)?,
                Conn::Postgres(c) => c.run_pending_migrations(POSTGRES_MIGRATIONS).map_err(failed)?,
            };
            Ok(done.iter().map(ToString::to_string).collect())
        };
        if self.kind == Kind::Sqlite {
            return run(&mut conn);
        }
        conn.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
        let done = run(&mut conn);
        conn.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
        done
    }

    /// Runs a unit of work on a connection of the pool, blocking this thread.
    pub fn run_blocking<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.pool.get().map_err(|e| {
            if let Some(timeouts) = &self.timeouts {
                timeouts.inc();
            }
            DbError::Unavailable(e.to_string())
        })?;
        work(&mut conn)
    }

    /// Runs a unit of work on a thread for blocking work.
    pub async fn run<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (db, origin) = (self.clone(), origin::of_request());
        let done = tokio::task::spawn_blocking(move || origin::with(origin, || db.run_blocking(work))).await;
        done.unwrap_or_else(|e| Err(DbError::Internal(format!("a unit of work panicked: {e}")).into()))
    }

    /// Runs a unit of work that writes, in one transaction.
    pub async fn write<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + From<diesel::result::Error> + Send + 'static,
    {
        self.run(|conn| write_tx(conn, work)).await
    }

    /// Makes a schema on a PostgreSQL server, so that tests do not meet. Errors: the name is not a plain word.
    pub fn create_schema(&self, name: &str) -> anyhow::Result<()> {
        anyhow::ensure!(name.chars().all(|c| c.is_ascii_alphanumeric()), "not a plain word: {name}");
        self.pool.get()?.batch_execute(&format!("CREATE SCHEMA {name}"))?;
        Ok(())
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        let asked = self.run(|conn| Ok::<_, DbError>(conn.batch_execute("SELECT 1")?)).await;
        asked.is_ok()
    }
}

/// Now, in UTC, cut to what both databases keep.
pub fn now() -> NaiveDateTime {
    DateTime::from_timestamp_micros(Utc::now().timestamp_micros()).unwrap_or_default().naive_utc()
}

/// Names, columns and nullability of all tables, to compare both databases.
pub fn describe_tables(conn: &mut Conn) -> DbResult<Vec<TableColumn>> {
    let query = match conn {
        Conn::Sqlite(_) => {
            "SELECT m.name AS table_name, c.name AS column_name, UPPER(c.type) AS kind, c.\"notnull\" = 0 AS nullable
             FROM sqlite_master m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'
             ORDER BY 1, 2"
        }
        Conn::Postgres(_) => {
            "SELECT table_name::text, column_name::text, UPPER(data_type)::text AS kind, is_nullable = 'YES' AS nullable
             FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_\\_%'
             ORDER BY table_name COLLATE \"C\", column_name COLLATE \"C\""
        }
    };
    Ok(on_each!(conn, c => diesel::sql_query(query).load::<TableColumn>(c))?)
}

/// A column of a table.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
pub struct TableColumn {
    /// Name of the table.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub table_name: String,
    /// Name of the column.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub column_name: String,
    /// Type as the database calls it.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub kind: String,
    /// Whether it may be null.
    #[diesel(sql_type = diesel::sql_types::Bool)]
    pub nullable: bool,
}
