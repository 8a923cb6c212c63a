//! A database as the first version left it (migrations up to `000004`, rows in every table) is opened by this one: every
//! story is there as it was, and people log in as before. Later migrations come on top; `rows.sql` never changes.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use duiding::db::{Conn, Db, DbError};
use duiding::domain::canonical::sha256_hex;
use duiding::on_each;
use serde_json::{Value, json};

use crate::helpers::{PASSWORD, TestApp, config, start_with};
use crate::sessions::{logged_in, login};

/// The last migration of the first version.
const LAST: &str = "2026-11-22-000004_pins";
/// A row or more of every table, for both databases.
const ROWS: &str = include_str!("rows.sql");

/// A version of a story, as the database has it.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Kept {
    #[diesel(sql_type = Text)]
    project_id: String,
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    hash: String,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    body: String,
}

const KEPT: &str = "SELECT s.project_id, s.id, s.status, s.hash, COALESCE(v.version, 0) AS version, COALESCE(v.body, '') AS body
    FROM stories s LEFT JOIN story_versions v ON v.project_id = s.project_id AND v.story_id = s.id ORDER BY s.id, v.version";

fn kept(conn: &mut Conn) -> Result<Vec<Kept>, DbError> {
    Ok(on_each!(conn, c => diesel::sql_query(KEPT).load(c))?)
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn count(conn: &mut Conn, table: &str) -> Result<i64, DbError> {
    let query = format!("SELECT COUNT(*) AS n FROM {table}");
    let row: Number = on_each!(conn, c => diesel::sql_query(query).get_result(c))?;
    Ok(row.n)
}

/// Tables that the first version made, by what its migrations say.
fn first_tables() -> Vec<String> {
    let text = |name: &str| {
        let path = format!("{}/migrations/sqlite/{name}/up.sql", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let mut names: Vec<String> = std::fs::read_dir(format!("{}/migrations/sqlite", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| &**name <= LAST)
        .collect();
    names.sort();
    assert_eq!(names.len(), 4);
    let made = names.iter().flat_map(|n| text(n).lines().map(str::to_owned).collect::<Vec<_>>());
    made.filter_map(|l| Some(l.strip_prefix("CREATE TABLE ")?.split([' ', '(']).next()?.to_owned())).collect()
}

/// Makes the tables of the first version, as that version did, and fills them.
fn first_version(conn: &mut Conn) -> Result<(), DbError> {
    fn migrate<DB: diesel::backend::Backend>(conn: &mut impl MigrationHarness<DB>, kind: &str) {
        let folder = format!("{}/migrations/{kind}", env!("CARGO_MANIFEST_DIR"));
        let all: Vec<Box<dyn Migration<DB>>> = FileBasedMigrations::from_path(folder).unwrap().migrations().unwrap();
        let mut first: Vec<_> = all.into_iter().filter(|m| *m.name().to_string() <= *LAST).collect();
        first.sort_by_key(|m| m.name().to_string());
        assert_eq!(first.len(), 4);
        assert!(conn.applied_migrations().unwrap().is_empty(), "the database is empty");
        for migration in &first {
            conn.run_migration(migration).unwrap();
        }
    }
    match conn {
        Conn::Sqlite(c) => migrate(c, "sqlite"),
        Conn::Postgres(c) => migrate(c, "postgresql"),
    }
    Ok(conn.batch_execute(ROWS)?)
}

/// The application on a database of the first version, and the stories that this had.
async fn upgraded() -> (TestApp, Vec<Kept>) {
    let folder = tempfile::tempdir().unwrap();
    let settings = config(&folder);
    let url = settings.database_url.clone();
    let before = move || {
        let db = Db::open(&url, 1).unwrap();
        db.run_blocking(|conn| {
            first_version(conn)?;
            for table in first_tables() {
                assert!(count(conn, &table)? > 0, "{table} has a row");
            }
            kept(conn)
        })
    };
    let stories = tokio::task::spawn_blocking(before).await.unwrap().unwrap();
    (start_with(settings, folder).await, stories)
}

#[actix_web::test]
async fn every_story_of_the_first_version_is_there_as_it_was() {
    let (app, before) = upgraded().await;
    assert!(before.len() >= 5, "there are stories and versions");
    assert_eq!(app.state.db.run(kept).await.unwrap(), before);
    for first in before.iter().filter(|k| k.version == 1) {
        assert_eq!(sha256_hex(&first.body), first.hash, "the rows are sound");
    }
    let (researcher, _) = logged_in(&app, "researcher@example.org").await;
    for told in before.iter().filter(|k| k.status != "withdrawn") {
        let path = format!("/v1/projects/{}/stories/{}", told.project_id, told.id);
        let versions = app.get(&format!("{path}/versions"), &researcher).await.expect(200);
        let read = versions["items"].as_array().unwrap().iter().find(|v| v["version"] == told.version).unwrap();
        let body: Value = serde_json::from_str(&told.body).unwrap();
        for part in ["title", "text", "wave", "perspective"] {
            assert_eq!(read["body"][part], body[part], "{path} version {}: {part}", told.version);
        }
        for (key, placement) in body["placements"].as_object().unwrap() {
            assert_eq!(read["body"]["placements"][key]["state"], placement["state"], "{path}: {key}");
        }
        if told.version == 1 {
            // The phone that never heard of it sends it again, and hears of it.
            let again = app.put(&path, &researcher, &body).await;
            assert_eq!((again.status.as_u16(), &again.json()["sha256"]), (200, &json!(told.hash)));
        }
    }
    for gone in before.iter().filter(|k| k.status == "withdrawn") {
        let path = format!("/v1/projects/{}/stories/{}", gone.project_id, gone.id);
        app.get(&path, &researcher).await.problem(410, "gone");
    }
}

#[actix_web::test]
async fn people_of_the_first_version_log_in_and_tell_more() {
    let (app, before) = upgraded().await;
    let project = format!("/v1/projects/{}", before[0].project_id);
    for role in ["owner", "researcher", "coordinator", "workgroup", "facilitator"] {
        let (token, _) = logged_in(&app, &format!("{role}@example.org")).await;
        assert_eq!(app.get(&project, &token).await.expect(200)["role"], role);
    }
    login(&app, "researcher@example.org", &PASSWORD[1..]).await.problem(401, "unauthorised");
    let (researcher, _) = logged_in(&app, "researcher@example.org").await;
    let list = app.get(&format!("{project}/stories"), &researcher).await.expect(200);
    let mut body: Value = serde_json::from_str(&before.iter().find(|k| k.version == 1).unwrap().body).unwrap();
    body["attachments"] = json!([]);
    let new = format!("{project}/stories/{}", uuid::Uuid::new_v4());
    app.put(&new, &researcher, &body).await.expect(201);
    let more = app.get(&format!("{project}/stories"), &researcher).await.expect(200);
    let stories = |page: &Value| page["items"].as_array().unwrap().len();
    assert_eq!(stories(&more), stories(&list) + 1);
    let lens = json!({"waves": ["1"]});
    app.post(&format!("{project}/signifiers/confidence/summaries/_search"), &researcher, &lens).await.expect(200);
}
