//! A recording on its way to the server: in parts, over a bad line, until it is there whole.

use duiding::config::Attachments;
use duiding::domain::canonical::sha256_hex;
use duiding::domain::role::Role;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

/// A recording of this length, different for every seed.
pub fn recording(seed: u8, length: usize) -> Vec<u8> {
    (0..length).map(|i| (i as u8).wrapping_mul(31).wrapping_add(seed)).collect()
}

/// Delivers a story that declares these files; answers the paths of the story and of each file.
pub async fn declare(app: &TestApp, study: &Study, token: &str, kind: &str, files: &[&[u8]]) -> (String, Vec<String>) {
    let (path, mut body) = (study.story(Uuid::new_v4()), story(None));
    let ids: Vec<Uuid> = files.iter().map(|_| Uuid::new_v4()).collect();
    let declared = files.iter().zip(&ids);
    let declared = declared.map(|(f, id)| json!({"id": id, "sha256": sha256_hex(f), "bytes": f.len(), "mediaType": kind}));
    body["attachments"] = declared.collect();
    app.put(&path, token, &body).await.expect(201);
    let paths = ids.iter().map(|id| format!("{path}/attachments/{id}")).collect();
    (path, paths)
}

pub async fn send(app: &TestApp, path: &str, token: &str, offset: u64, part: &[u8]) -> Answer {
    let request = app.request(Method::PATCH, path, token).header("Upload-Offset", offset);
    let request = request.header("content-type", "application/offset+octet-stream").body(part.to_vec());
    Answer::of(request.send().await.unwrap()).await
}

pub async fn received(app: &TestApp, path: &str, token: &str) -> u64 {
    app.get(path, token).await.expect(200)["receivedBytes"].as_u64().unwrap()
}

pub async fn download(app: &TestApp, study: &Study, path: &str) -> Vec<u8> {
    let request = app.request(Method::GET, &format!("{path}/content"), study.token(Role::Researcher));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap().to_vec()
}

#[actix_web::test]
async fn a_recording_arrives_in_parts_and_goes_on_after_an_interruption() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(1, 300);
    let (_, paths) = declare(&app, &study, &device, "audio/webm;codecs=opus", &[&file]).await;
    let path = &paths[0];
    assert_eq!(received(&app, path, &device).await, 0);
    let first = send(&app, path, &device, 0, &file[..120]).await.expect(200);
    assert_eq!((&first["receivedBytes"], &first["completedAt"]), (&json!(120), &Value::Null));
    // The line breaks; the phone asks how far it came, and goes on.
    let from = received(&app, path, &device).await;
    let last = send(&app, path, &device, from, &file[from as usize..]).await.expect(200);
    assert_eq!(last["receivedBytes"], 300);
    assert!(last["completedAt"].is_string());
    assert_eq!(download(&app, &study, path).await, file);
}

#[actix_web::test]
async fn a_part_sent_again_takes_nothing_away() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(2, 300);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    let path = &paths[0];
    for (from, to, have) in
        [(0, 100, 100), (0, 100, 100), (100, 200, 200), (0, 100, 200), (50, 60, 200), (0, 0, 200), (150, 250, 250)]
    {
        let answer = send(&app, path, &device, from as u64, &file[from..to]).await.expect(200);
        assert_eq!(answer["receivedBytes"], have, "{from} to {to}");
        assert_eq!(received(&app, path, &device).await, have);
    }
    let done = send(&app, path, &device, 250, &file[250..]).await.expect(200);
    for (from, to) in [(250, 300), (0, 300), (0, 100)] {
        let again = send(&app, path, &device, from as u64, &file[from..to]).await.expect(200);
        assert_eq!(again, done, "complete stays complete");
    }
    assert_eq!(download(&app, &study, path).await, file);
}

#[actix_web::test]
async fn a_part_that_leaves_a_gap_is_told_where_to_go_on() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(3, 300);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    send(&app, &paths[0], &device, 0, &file[..100]).await.expect(200);
    let answer = send(&app, &paths[0], &device, 150, &file[150..200]).await;
    answer.problem(409, "wrongOffset");
    assert_eq!(answer.header("upload-offset"), "100");
    assert_eq!(received(&app, &paths[0], &device).await, 100);
}

#[actix_web::test]
async fn more_than_was_declared_is_refused() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let (file, large) = (recording(4, 300), vec![7; 8 * 1024 * 1024 + 1]);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file, &large]).await;
    send(&app, &paths[0], &device, 0, &recording(4, 301)).await.problem(413, "tooLarge");
    send(&app, &paths[0], &device, 0, &file[..200]).await.expect(200);
    send(&app, &paths[0], &device, 200, &[0; 101]).await.problem(413, "tooLarge");
    send(&app, &paths[0], &device, i64::MAX as u64, &[0; 2]).await.problem(413, "tooLarge");
    send(&app, &paths[1], &device, 0, &large).await.problem(413, "tooLarge");
    assert_eq!(received(&app, &paths[0], &device).await, 200);
    assert_eq!(received(&app, &paths[1], &device).await, 0);
}

#[actix_web::test]
async fn a_part_must_say_what_it_is_and_where_it_begins() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&recording(5, 10)]).await;
    let kind = "application/offset+octet-stream";
    let answer = app.send_raw(Method::PATCH, &paths[0], &device, kind, vec![1]).await;
    assert_eq!(answer.errors(), ["header.Upload-Offset required"]);
    app.send_raw(Method::PATCH, &paths[0], &device, "audio/webm", vec![1]).await.problem(415, "unsupportedMediaType");
    for offset in ["-1", "half", "1.5", "", "9223372036854775808"] {
        let request = app.request(Method::PATCH, &paths[0], &device).header("content-type", kind).header("Upload-Offset", offset);
        assert_eq!(
            Answer::of(request.body("x").send().await.unwrap()).await.errors(),
            ["header.Upload-Offset required"],
            "{offset}"
        );
    }
}

#[actix_web::test]
async fn a_file_with_another_hash_is_thrown_away_and_sent_again() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let (file, other) = (recording(6, 300), recording(7, 300));
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    send(&app, &paths[0], &device, 0, &other[..100]).await.expect(200);
    send(&app, &paths[0], &device, 100, &file[100..]).await.problem(409, "wrongHash");
    assert_eq!(received(&app, &paths[0], &device).await, 0);
    let content = app.get(&format!("{}/content", paths[0]), study.token(Role::Researcher)).await;
    content.problem(409, "incomplete");
    send(&app, &paths[0], &device, 0, &file).await.expect(200);
    assert_eq!(download(&app, &study, &paths[0]).await, file);
}

#[actix_web::test]
async fn parts_sent_at_the_same_time_do_not_mix() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let files: Vec<Vec<u8>> = (10..14).map(|seed| recording(seed, 200_000)).collect();
    let slices: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &slices).await;
    for from in [0, 100_000] {
        let of_all = paths.iter().zip(&files).flat_map(|(path, file)| [(path, file); 5]);
        let sent = of_all.map(|(path, file)| send(&app, path, &device, from as u64, &file[from..from + 100_000]));
        for answer in join_all(sent).await {
            assert_eq!(answer.expect(200)["receivedBytes"], from + 100_000);
        }
    }
    for (path, file) in paths.iter().zip(&files) {
        assert!(app.get(path, &device).await.expect(200)["completedAt"].is_string());
        assert!(download(&app, &study, path).await == *file);
    }
}

#[actix_web::test]
async fn another_device_can_neither_see_nor_send() {
    let app = start().await;
    let study = app.study().await;
    let foreign = app.study().await;
    let (device, other, stranger) = (app.device(&study).await, app.device(&study).await, app.device(&foreign).await);
    let file = recording(8, 100);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    for token in [&other, &stranger] {
        app.get(&paths[0], token).await.problem(404, "notFound");
        send(&app, &paths[0], token, 0, &recording(9, 100)).await.problem(404, "notFound");
    }
    send(&app, &paths[0], &device, 0, &file).await.expect(200);
    app.get(&paths[0], &other).await.problem(404, "notFound");
}

#[actix_web::test]
async fn what_a_revoked_device_recorded_before_still_arrives() {
    let app = start().await;
    let study = app.study().await;
    let (device, coordinator) = (app.device(&study).await, study.token(Role::Coordinator));
    let file = recording(15, 100);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    let devices = app.get(&study.path("/devices"), coordinator).await.expect(200);
    let id = devices["items"][0]["id"].as_str().unwrap();
    app.delete(&study.path(&format!("/devices/{id}")), coordinator).await.expect(204);
    send(&app, &paths[0], &device, 0, &file).await.expect(200);
}

#[actix_web::test]
async fn only_researchers_download_and_always_as_a_file() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let (story, paths) = declare(&app, &study, &device, "image/svg+xml", &[drawing]).await;
    send(&app, &paths[0], &device, 0, drawing).await.expect(200);
    let content = format!("{}/content", paths[0]);
    let answer = app.get(&content, study.token(Role::Researcher)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-disposition").starts_with("attachment; filename="));
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Researcher) {
        app.get(&content, study.token(role)).await.problem(403, "forbidden");
        app.get(&format!("{story}/attachments"), study.token(role)).await.problem(403, "forbidden");
    }
    app.get(&content, &device).await.problem(403, "forbidden");
    let audit = app.get(&study.path("/audit-events"), study.token(Role::Owner)).await.expect(200);
    let reads = audit["items"].as_array().unwrap().iter().filter(|e| e["action"] == "attachment.read").count();
    assert_eq!(reads, 1);
}

#[actix_web::test]
async fn a_restart_between_two_parts_loses_nothing() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = recording(16, 300);
    let (_, paths) = declare(&app, &study, &device, "audio/webm", &[&file]).await;
    send(&app, &paths[0], &device, 0, &file[..100]).await.expect(200);
    let app = app.restart().await;
    assert_eq!(received(&app, &paths[0], &device).await, 100);
    send(&app, &paths[0], &device, 100, &file[100..200]).await.expect(200);
    if app.state.config.attachments != Attachments::Folder {
        return;
    }
    // The power fails after the last part was written and sealed, and before that was noted.
    let stories = app.state.config.attachments_dir().join(&study.id);
    let story = std::fs::read_dir(stories).unwrap().next().unwrap().unwrap().path();
    let part = std::fs::read_dir(story).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&part, &file).unwrap();
    std::fs::rename(&part, part.with_extension("")).unwrap();
    let app = app.restart().await;
    let from = received(&app, &paths[0], &device).await;
    assert_eq!(from, 200);
    send(&app, &paths[0], &device, from, &file[200..]).await.expect(200);
    assert_eq!(download(&app, &study, &paths[0]).await, file);
}

#[actix_web::test]
async fn a_file_is_kept_whatever_it_is_and_served_as_what_it_was_declared_only_if_it_fits() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let webm = [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm".as_slice(), &recording(1, 300)].concat();
    let page = b"<!DOCTYPE html><html><script>alert(1)</script></html>".to_vec();
    for (declared, file, fits) in [
        ("audio/webm;codecs=opus", &webm, true),
        ("audio/ogg", &webm, false),
        ("image/png", &page, false),
        ("audio/webm", &page, false),
        ("audio/webm", &recording(2, 100), false),
    ] {
        let (story, paths) = declare(&app, &study, &device, declared, &[file]).await;
        assert_eq!(app.get(&paths[0], &device).await.expect(200)["typeFits"], Value::Null);
        let part = send(&app, &paths[0], &device, 0, &file[..10]).await.expect(200);
        assert_eq!(part["typeFits"], Value::Null);
        let whole = send(&app, &paths[0], &device, 10, &file[10..]).await.expect(200);
        assert_eq!((&whole["typeFits"], &whole["mediaType"]), (&json!(fits), &json!(declared)));
        let listed = app.get(&format!("{story}/attachments"), study.token(Role::Researcher)).await.expect(200);
        assert_eq!(listed["items"][0]["typeFits"], fits);
        assert_eq!(download(&app, &study, &paths[0]).await, *file, "{declared}");
        let request = app.request(Method::GET, &format!("{}/content", paths[0]), study.token(Role::Researcher));
        let answer = request.send().await.unwrap();
        let served = if fits { declared } else { "application/octet-stream" };
        assert_eq!(answer.headers()["content-type"], served, "{declared}");
        assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    }
}
