//! Both databases have the same tables, and these are the ones that the code expects.

use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use duiding::app;
use duiding::db::{Conn, Db, DbError, Kind, describe_tables};
use serde_json::json;

use crate::helpers::{config, start};

/// `table.column type`, with a question mark where it may be null; types as the code calls them.
fn tables(db: &Db) -> Vec<String> {
    let columns = db.run_blocking::<_, DbError>(describe_tables).unwrap();
    let kind = |kind: &str| match kind {
        "TEXT" => "Text",
        "INTEGER" => "Integer",
        "BIGINT" => "BigInt",
        "BOOLEAN" => "Bool",
        "DATE" => "Date",
        "TIMESTAMP" | "TIMESTAMP WITHOUT TIME ZONE" => "Timestamp",
        "BLOB" | "BYTEA" => "Binary",
        "DOUBLE" | "DOUBLE PRECISION" => "Double",
        other => panic!("a type that no test knows: {other}"),
    };
    let line = |c: duiding::db::TableColumn| {
        let null = if c.nullable { "?" } else { "" };
        format!("{}.{} {}{null}", c.table_name, c.column_name, kind(&c.kind))
    };
    columns.into_iter().map(line).collect()
}

/// The same of `src/db/schema.rs`.
fn tables_of_the_code() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/db/schema.rs");
    let mut table = String::new();
    let mut found = Vec::new();
    for line in std::fs::read_to_string(path).unwrap().lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix(") {").and_then(|l| l.split_once(" (")) {
            name.clone_into(&mut table);
        }
        if let Some((name, kind)) = line.strip_suffix(',').and_then(|l| l.split_once(" -> ")) {
            let inner = kind.strip_prefix("Nullable<").and_then(|k| k.strip_suffix('>'));
            found.push(format!("{table}.{name} {}", inner.map_or_else(|| kind.to_owned(), |k| format!("{k}?"))));
        }
    }
    found.sort();
    found
}

fn empty_database() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&config(&folder).database_url, 4).unwrap();
    (db, folder)
}

#[test]
fn the_tables_of_this_database_are_the_committed_ones() {
    let (db, _folder) = empty_database();
    db.migrate().unwrap();
    // One snapshot for both databases, so that they are equal to each other.
    insta::assert_snapshot!("tables", tables(&db).join("\n"));
}

#[test]
fn the_code_has_the_tables_of_this_database() {
    let (db, _folder) = empty_database();
    db.migrate().unwrap();
    let mut found = tables(&db);
    found.sort();
    let code = tables_of_the_code();
    assert!(code.len() > 100);
    assert_eq!(found, code);
}

#[test]
fn migrations_have_the_same_names_and_both_directions() {
    let names = |kind: &str| {
        let folder = format!("{}/migrations/{kind}", env!("CARGO_MANIFEST_DIR"));
        let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
        let mut names: Vec<String> = entries
            .inspect(|p| assert!(p.join("up.sql").is_file() && p.join("down.sql").is_file(), "{}", p.display()))
            .map(|p| p.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgresql"));
}

#[test]
fn every_migration_can_be_taken_back_and_done_again() {
    let (db, _folder) = empty_database();
    let done = db.migrate().unwrap();
    let before = tables(&db);
    let down = |conn: &mut Conn| {
        let folder = |kind| FileBasedMigrations::from_path(format!("{}/migrations/{kind}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let back = match conn {
            Conn::Sqlite(c) => c.revert_all_migrations(folder("sqlite")).unwrap().len(),
            Conn::Postgres(c) => c.revert_all_migrations(folder("postgresql")).unwrap().len(),
        };
        Ok::<_, DbError>(back)
    };
    assert_eq!(db.run_blocking(down).unwrap(), done.len());
    assert_eq!(tables(&db), [] as [&str; 0]);
    assert_eq!(db.migrate().unwrap(), done);
    assert_eq!(tables(&db), before);
    assert_eq!(db.migrate().unwrap(), [] as [&str; 0], "a second start has nothing to do");
}

#[test]
fn processes_that_start_at_once_migrate_once() {
    let (db, folder) = empty_database();
    if db.kind() == Kind::Sqlite {
        return; // one server a file: see below
    }
    let runs: Vec<_> = (0..4)
        .map(|_| {
            std::thread::spawn({
                let db = db.clone();
                move || db.migrate().unwrap().len()
            })
        })
        .collect();
    let done: Vec<usize> = runs.into_iter().map(|r| r.join().unwrap()).collect();
    assert_eq!(done.iter().filter(|n| **n > 0).count(), 1, "{done:?}");
    drop(folder);
}

#[actix_web::test]
async fn one_server_has_an_sqlite_file_and_many_share_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder);
    let first = app::build(config.clone()).await.unwrap();
    let second = app::build(config.clone()).await;
    if first.state().db.kind() == Kind::Postgres {
        assert!(second.is_ok());
        return;
    }
    let refusal = second.err().unwrap().to_string();
    assert!(refusal.contains("another duiding server"), "{refusal}");
    drop(first);
    app::build(config).await.unwrap();
}

#[actix_web::test]
async fn what_was_kept_is_there_after_a_restart() {
    let app = start().await;
    let (_, token) = app.user("owner@example.org").await;
    let made = app.post("/v1/projects", &token, &json!({"title": "Study"})).await.expect(201);
    let again = app.restart().await;
    let path = format!("/v1/projects/{}", made["id"].as_str().unwrap());
    assert_eq!(again.get(&path, &token).await.expect(200), made, "and whoever was logged in still is");
}
