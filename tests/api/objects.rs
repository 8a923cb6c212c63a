//! Attachments in an object store: pieces from several servers, a store that fails, and nothing left behind. The tests run
//! when `TEST_S3_ENDPOINT` names a store with the bucket `duiding`: `make proof-s3`.

mod backups;
mod faults;
mod gate;

use duiding::config::{Attachments, BucketSettings};
use duiding::db::{Kind, attachment_parts, attachments};
use duiding::domain::role::Role;
use duiding::files::{Bucket, FileKey, Files};
use futures_util::future::join_all;
use serde_json::json;

use crate::attachments::{declare, download, received, recording, send};
use crate::helpers::{Study, TestApp, start, start_with};

/// The settings of the bucket, when these tests have one.
fn settings(app: &TestApp) -> Option<BucketSettings> {
    match &app.state.config.attachments {
        Attachments::Bucket(settings) => Some(settings.clone()),
        Attachments::Folder => None,
    }
}

/// Looks beside the server.
fn bucket(app: &TestApp) -> Option<Bucket> {
    settings(app).map(|settings| Bucket::open(&settings).unwrap())
}

fn key_of(study: &Study, path: &str) -> FileKey {
    let names: Vec<&str> = path.split('/').collect();
    FileKey { project_id: study.id.clone(), story_id: names[5].to_owned(), id: names[7].to_owned() }
}

async fn pieces(app: &TestApp, key: &FileKey) -> Vec<attachment_parts::PartRow> {
    let key = key.clone();
    let read = move |conn: &mut duiding::db::Conn| {
        let row = attachments::get(conn, &key.project_id, &key.story_id, &key.id)?;
        attachment_parts::of_file(conn, &row)
    };
    app.state.db.run(read).await.unwrap()
}

#[actix_web::test]
async fn a_large_recording_in_uneven_parts_becomes_one_object() {
    let app = start().await;
    let Some(bucket) = bucket(&app) else { return };
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(30, 21 * 1024 * 1024 + 17);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    let key = key_of(&study, &paths[0]);
    let sizes = [1, 70_000, 8 * 1024 * 1024, 3 * 1024 * 1024, 3 * 1024 * 1024, 5, usize::MAX];
    let mut from = 0;
    for size in sizes {
        let to = file.len().min(from + size.min(8 * 1024 * 1024));
        send(&app, &paths[0], &device, from as u64, &file[from..to]).await.expect(200);
        from = to;
    }
    assert_eq!(from, file.len());
    assert!(download(&app, &study, &paths[0]).await == file);
    assert!(pieces(&app, &key).await.is_empty());
    assert!(!bucket.has_parts(&key).unwrap(), "the pieces are gone");
}

#[actix_web::test]
async fn many_small_parts_are_few_objects() {
    let app = start().await;
    if bucket(&app).is_none() {
        return;
    }
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(31, 400);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    for (i, byte) in file[..40].iter().enumerate() {
        send(&app, &paths[0], &device, i as u64, &[*byte]).await.expect(200);
    }
    let kept = pieces(&app, &key_of(&study, &paths[0])).await;
    assert_eq!(kept.iter().map(|p| (p.first_byte, p.bytes)).collect::<Vec<_>>(), [(0, 40)]);
    send(&app, &paths[0], &device, 40, &file[40..]).await.expect(200);
    assert_eq!(download(&app, &study, &paths[0]).await, file);
}

#[actix_web::test]
async fn several_servers_take_parts_of_one_recording() {
    let app = start().await;
    if bucket(&app).is_none() || app.state.db.kind() == Kind::Sqlite {
        return; // one server has an SQLite file
    }
    let study = app.study().await;
    let device = app.device(&study).await;
    let other = start_with(app.state.config.clone(), tempfile::tempdir().unwrap()).await;
    let file = recording(32, 900_000);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    for (i, from) in (0..900_000).step_by(100_000).enumerate() {
        let (to, servers) = (from + 100_000, if i % 2 == 0 { [&app, &other] } else { [&other, &app] });
        let sent = servers.map(|server| send(server, &paths[0], &device, from as u64, &file[from..to]));
        for answer in join_all(sent).await {
            assert_eq!(answer.expect(200)["receivedBytes"], to, "the same part at both");
        }
    }
    assert!(download(&other, &study, &paths[0]).await == file);
}

#[actix_web::test]
async fn a_piece_that_the_store_lost_is_asked_for_again() {
    let app = start().await;
    let Some(bucket) = bucket(&app) else { return };
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(33, 300);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    send(&app, &paths[0], &device, 0, &file[..100]).await.expect(200);
    bucket.remove_parts(&key_of(&study, &paths[0])).unwrap();
    let answer = send(&app, &paths[0], &device, 100, &file[100..]).await;
    answer.problem(409, "wrongOffset");
    assert_eq!(answer.header("upload-offset"), "0");
    assert_eq!(received(&app, &paths[0], &device).await, 0);
    send(&app, &paths[0], &device, 0, &file).await.expect(200);
    assert_eq!(download(&app, &study, &paths[0]).await, file);
}

#[actix_web::test]
async fn what_came_into_a_folder_is_asked_for_again_in_a_bucket() {
    let app = start().await;
    let Some(settings) = settings(&app) else { return };
    let app = app.restart_with(|config| config.attachments = Attachments::Folder).await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(34, 300);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    send(&app, &paths[0], &device, 0, &file[..100]).await.expect(200);
    let app = app.restart_with(|config| config.attachments = Attachments::Bucket(settings)).await;
    let answer = send(&app, &paths[0], &device, 100, &file[100..]).await;
    answer.problem(409, "wrongOffset");
    assert_eq!(answer.header("upload-offset"), "0");
    send(&app, &paths[0], &device, 0, &file).await.expect(200);
}

#[actix_web::test]
async fn a_withdrawal_leaves_nothing_in_the_store() {
    let app = start().await;
    let Some(bucket) = bucket(&app) else { return };
    let study = app.study().await;
    let device = app.device(&study).await;
    let (whole, begun) = (recording(35, 300), recording(36, 300));
    let (story, paths) = declare(&app, &study, &device, "audio/webm", &[&whole, &begun]).await;
    send(&app, &paths[0], &device, 0, &whole).await.expect(200);
    send(&app, &paths[1], &device, 0, &begun[..100]).await.expect(200);
    let id = story.rsplit('/').next().unwrap();
    assert_eq!(app.state.files.stories(&study.id).unwrap(), [id]);
    let reason = json!({"reason": "asked for"});
    app.post(&format!("{story}/_withdraw"), study.token(Role::Researcher), &reason).await.expect(204);
    assert!(bucket.is_empty().unwrap());
    send(&app, &paths[1], &device, 100, &begun[100..]).await.problem(404, "notFound");
    assert!(bucket.is_empty().unwrap());
    assert!(matches!(app.state.files, Files::Bucket(_)));
}
