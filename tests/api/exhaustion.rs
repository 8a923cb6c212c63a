//! No room left: every database connection is taken, or the database may not grow any more.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use duiding::db::{Db, DbError, Kind};
use duiding::domain::role::Role;
use reqwest::Method;
use uuid::Uuid;

use crate::helpers::{Answer, TestApp, config, start, start_with, story};

/// Takes all connections of the pool, does something with each, says so, and gives them back when it is told to.
fn hold(db: &Db, left: u32, sql: &str, held: &Sender<()>, release: &Receiver<()>) {
    if left == 0 {
        held.send(()).unwrap();
        let _ = release.recv(); // whoever waits no more lets go as well
        return;
    }
    let one = |conn: &mut duiding::db::Conn| {
        conn.batch_execute(sql)?;
        hold(db, left - 1, sql, held, release);
        Ok::<_, DbError>(())
    };
    db.run_blocking(one).unwrap();
}

/// Runs a statement on every connection of the pool.
async fn on_every_connection(app: &TestApp, sql: &'static str) {
    let (db, size) = (app.state.db.clone(), app.state.config.db_pool);
    let run = move || {
        let (held, _all) = channel();
        let (_, release) = channel();
        hold(&db, size, sql, &held, &release);
    };
    tokio::task::spawn_blocking(run).await.unwrap();
}

#[track_caller]
fn told_to_wait(answer: &Answer) {
    answer.problem(503, "unavailable");
    assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|s| s > 0), "{:?}", answer.headers);
}

#[actix_web::test]
async fn when_every_connection_is_taken_people_are_told_in_time_and_served_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = config(&folder);
    settings.db_wait_seconds = 3;
    let app = start_with(settings, folder).await;
    let study = app.study().await;
    let (device, researcher) = (app.device(&study).await, study.token(Role::Researcher));
    let id = Uuid::new_v4();

    let (held, all) = channel();
    let (release, wait) = channel::<()>();
    let (db, size) = (app.state.db.clone(), app.state.config.db_pool);
    let holder = std::thread::spawn(move || hold(&db, size, "SELECT 1", &held, &wait));
    tokio::task::spawn_blocking(move || all.recv().unwrap()).await.unwrap();

    let (began, path, body) = (Instant::now(), study.story(id), story(None));
    let (reads, put) = futures_util::join!(
        futures_util::future::join_all((0..20).map(|_| app.get(&study.base, researcher))),
        app.put(&path, &device, &body)
    );
    reads.iter().chain([&put]).for_each(told_to_wait);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    told_to_wait(&app.get("/readyz", "").await);
    app.get("/healthz", "").await.expect(200);

    drop(release);
    tokio::task::spawn_blocking(|| holder.join().unwrap()).await.unwrap();
    app.get("/readyz", "").await.expect(200);
    app.get(&study.base, researcher).await.expect(200);
    app.put(&study.story(id), &device, &story(None)).await.expect(201);
    assert_eq!(app.stories_kept().await, 1);
}

#[actix_web::test]
async fn a_database_file_that_may_not_grow_takes_no_half_story_and_goes_on_later() {
    let app = start().await;
    if app.state.db.kind() == Kind::Postgres {
        return; // its files are not ours; see tests/faults
    }
    let study = app.study().await;
    let (device, researcher) = (app.device(&study).await, study.token(Role::Researcher));
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    while refused.len() < 5 {
        assert!(kept.len() < 1000, "there is always room");
        // Which means: no more than now. Again and again, for a connection that had no room may be replaced.
        on_every_connection(&app, "PRAGMA max_page_count = 1").await;
        let id = Uuid::new_v4();
        let answer = app.put(&study.story(id), &device, &story(None)).await;
        if answer.status == 201 {
            kept.push(id);
            continue;
        }
        told_to_wait(&answer);
        refused.push(id);
    }
    let batch = serde_json::json!({"stories": refused.iter().map(|id| serde_json::json!({"id": id, "body": story(None)})).collect::<Vec<_>>()});
    on_every_connection(&app, "PRAGMA max_page_count = 1").await;
    told_to_wait(&app.post(&study.path("/stories/_batch"), &device, &batch).await);
    assert_eq!(app.stories_kept().await, kept.len() as i64);
    for id in &refused {
        app.get(&study.story(id), researcher).await.problem(404, "notFound");
    }

    on_every_connection(&app, "PRAGMA max_page_count = 1073741823").await;
    for id in &refused {
        app.put(&study.story(id), &device, &story(None)).await.expect(201);
    }
    for id in kept.iter().chain(&refused) {
        let read = app.send(Method::GET, &study.story(id), researcher, &serde_json::Value::Null).await.expect(200);
        assert_eq!(read["text"], story(None)["text"]);
    }
    assert_eq!(app.stories_kept().await, (kept.len() + refused.len()) as i64);
}
