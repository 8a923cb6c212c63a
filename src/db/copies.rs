//! Copies of an SQLite file: made while others write, looked through, and made ready to be put in place.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::sqlite::Sqlite;

use super::schema::{projects, workshops};
use super::{Conn, DbError, DbResult, SQLITE_MIGRATIONS};
use crate::on_each;

/// Change numbers go on from here after a restore: beyond every number that a reader of the lost days has seen.
const JUMP: i64 = 1_000_000_000;

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    told: String,
}

#[derive(QueryableByName)]
struct Broken {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    rowid: Option<i64>,
    #[diesel(sql_type = Text)]
    parent: String,
}

/// Writes the database as it is now into an empty file, without keeping anybody from writing. Nothing that was deleted
/// is in the copy. Errors: not an SQLite database; the file cannot be written.
pub fn copy_to(conn: &mut Conn, path: &str) -> DbResult<()> {
    let Conn::Sqlite(c) = conn else {
        return Err(DbError::Internal("only an SQLite database is copied so".to_owned()));
    };
    diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(path).execute(c)?;
    Ok(())
}

/// Opens a copy that nobody writes to, without changing anything in its folder. Errors: there is no such file.
pub fn open_copy(path: &Path) -> DbResult<Conn> {
    let path = std::path::absolute(path).map_err(|e| DbError::Internal(e.to_string()))?;
    let mut address = "file:".to_owned();
    for c in path.display().to_string().chars() {
        match c {
            '%' | '?' | '#' => address.push_str(&format!("%{:02X}", u32::from(c))),
            c => address.push(c),
        }
    }
    address.push_str("?mode=ro&immutable=1");
    let opened = diesel::SqliteConnection::establish(&address);
    opened.map(Conn::Sqlite).map_err(|e| DbError::Internal(e.to_string()))
}

/// What SQLite finds wrong with the file and with the references between its tables; nothing when it is sound.
pub fn faults(conn: &mut Conn) -> DbResult<Vec<String>> {
    let found = "SELECT integrity_check AS told FROM pragma_integrity_check";
    let found: Vec<Told> = on_each!(conn, c => diesel::sql_query(found).load(c))?;
    let mut faults: Vec<String> = found.into_iter().map(|f| f.told).filter(|told| told != "ok").collect();
    let broken = "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check";
    let broken: Vec<Broken> = on_each!(conn, c => diesel::sql_query(broken).load(c))?;
    let one = |b: Broken| format!("{} row {}: not in {}", b.table, b.rowid.unwrap_or_default(), b.parent);
    faults.extend(broken.into_iter().map(one));
    Ok(faults)
}

/// Version of the newest migration that was run on this database.
pub fn newest_migration(conn: &mut Conn) -> DbResult<String> {
    let query = "SELECT COALESCE(MAX(version), '') AS told FROM __diesel_schema_migrations";
    let newest: Told = on_each!(conn, c => diesel::sql_query(query).get_result(c))?;
    Ok(newest.told)
}

/// Whether this program has the migration; a database made by a newer one has others.
pub fn knows_migration(version: &str) -> DbResult<bool> {
    let all = MigrationSource::<Sqlite>::migrations(&SQLITE_MIGRATIONS).map_err(|e| DbError::Internal(e.to_string()))?;
    Ok(all.iter().any(|m| m.name().version().to_string() == version))
}

/// Lets the change numbers of all projects jump, with a rebuild, and those of workshops: who reads 'changed since' or keeps an `ETag` from before a
/// restore skips nothing afterwards.
pub fn jump_changes(conn: &mut Conn) -> DbResult<()> {
    let next = projects::change + JUMP;
    diesel::update(projects::table).set((projects::change.eq(next), projects::rebuild_change.eq(next))).execute(conn)?;
    diesel::update(workshops::table).set(workshops::change.eq(workshops::change + JUMP)).execute(conn)?;
    Ok(())
}

/// Leaves the database in one file, without a write-ahead log beside it and without what was deleted. No other
/// connection may be open.
pub fn make_single_file(conn: &mut Conn) -> DbResult<()> {
    conn.batch_execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")?;
    Ok(())
}
