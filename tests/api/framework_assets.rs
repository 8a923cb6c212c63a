//! Questions that are spoken: brought by a researcher, heard on phones, and unchangeable once a framework is published.

use duiding::domain::canonical::sha256_hex;
use duiding::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::{Answer, Study, TestApp, start};

const NAME: &str = "recent-moment.nl.mp3";

/// A sound file, different for every seed.
fn sound(seed: u8) -> Vec<u8> {
    [b"ID3\x04\0\0\0\0\0\x23TSSE".as_slice(), &[seed; 500]].concat()
}

async fn put(app: &TestApp, study: &Study, name: &str, kind: &str, content: Vec<u8>) -> Answer {
    let path = study.path(&format!("/framework-assets/{name}"));
    app.send_raw(Method::PUT, &path, study.token(Role::Researcher), kind, content).await
}

async fn list(app: &TestApp, study: &Study) -> Value {
    app.get(&study.path("/framework-assets"), study.token(Role::Workgroup)).await.expect(200)["items"].clone()
}

async fn package(app: &TestApp, device: &str) -> Answer {
    app.get("/v1/devices/current/package", device).await
}

/// Publishes a version in which the first prompt names this recording.
async fn publish(app: &TestApp, study: &Study, version: i32, name: &str) {
    let researcher = study.token(Role::Researcher);
    let mut framework = app.get("/v1/framework-templates/reference", researcher).await.expect(200);
    framework["prompts"][0]["audio"] = json!({"nl": name, "en": "https://example.org/elsewhere.mp3"});
    app.post(&study.path("/frameworks"), researcher, &framework).await.expect(201);
    app.post(&study.path(&format!("/frameworks/{version}/_publish")), researcher, &json!({})).await.expect(200);
}

#[actix_web::test]
async fn a_recorded_question_is_on_every_phone_and_never_changes_once_it_is_published() {
    let app = start().await;
    let study = app.study().await;
    let (device, researcher) = (app.device(&study).await, study.token(Role::Researcher));
    let path = study.path(&format!("/framework-assets/{NAME}"));
    let first = put(&app, &study, NAME, "audio/mpeg", sound(1)).await.expect(200);
    assert_eq!((&first["sha256"], &first["bytes"]), (&json!(sha256_hex(sound(1))), &json!(514)));
    assert_eq!((&first["mediaType"], &first["published"]), (&json!("audio/mpeg"), &json!(false)));
    put(&app, &study, NAME, "audio/mpeg", sound(2)).await.expect(200);
    put(&app, &study, "other.mp3", "audio/mpeg", sound(3)).await.expect(200);
    assert_eq!(package(&app, &device).await.expect(200)["assets"], json!([]), "no published framework names one");

    let before = package(&app, &device).await.header("etag");
    publish(&app, &study, 2, NAME).await;
    let answer = package(&app, &device).await;
    assert_ne!(answer.header("etag"), before);
    let expected = json!([{"name": NAME, "sha256": sha256_hex(sound(2)), "bytes": 514, "mediaType": "audio/mpeg"}]);
    assert_eq!(answer.expect(200)["assets"], expected);
    let request = app.request(Method::GET, &path, &device).send().await.unwrap();
    assert_eq!((request.headers()["content-type"].clone(), request.status().as_u16()), ("audio/mpeg".parse().unwrap(), 200));
    let etag = request.headers()["etag"].clone();
    assert_eq!(request.bytes().await.unwrap(), sound(2));
    let again = app.request(Method::GET, &path, &device).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);

    put(&app, &study, NAME, "audio/mpeg", sound(1)).await.problem(409, "published");
    app.delete(&path, researcher).await.problem(409, "published");
    assert_eq!(put(&app, &study, NAME, "audio/mpeg", sound(2)).await.expect(200)["published"], true, "the same is no change");
    app.delete(&study.path("/framework-assets/other.mp3"), researcher).await.expect(204);
    app.delete(&study.path("/framework-assets/other.mp3"), researcher).await.problem(404, "notFound");
    assert_eq!(list(&app, &study).await.as_array().unwrap().len(), 1);
    let trail = app.get(&study.path("/audit-events?action=frameworkAsset."), study.token(Role::Owner)).await.expect(200);
    assert_eq!(trail["items"].as_array().unwrap().len(), 4);
    // An older published framework still holds its recording, and another project has none of them.
    publish(&app, &study, 3, "new.mp3").await;
    app.delete(&path, researcher).await.problem(409, "published");
    let other = app.study().await;
    app.get(&other.path(&format!("/framework-assets/{NAME}")), other.token(Role::Researcher)).await.problem(404, "notFound");
}

#[actix_web::test]
async fn only_sound_is_kept_under_a_plain_name() {
    let app = start().await;
    let study = app.study().await;
    let page = b"<!DOCTYPE html><html><script>alert(1)</script></html>".to_vec();
    assert_eq!(put(&app, &study, NAME, "audio/mpeg", page.clone()).await.errors(), ["$ otherType"]);
    assert_eq!(put(&app, &study, NAME, "audio/ogg", sound(1)).await.errors(), ["$ otherType"]);
    assert_eq!(put(&app, &study, NAME, "audio/mpeg", Vec::new()).await.errors(), ["$ otherType"]);
    for kind in ["text/html", "image/png", "video/webm", "application/octet-stream", ""] {
        put(&app, &study, NAME, kind, page.clone()).await.problem(415, "unsupportedMediaType");
    }
    let long = "a".repeat(101);
    for name in ["Aa.mp3", ".mp3", "-a", "a%20b", "a%2Fb", "%C3%A9.mp3", &long] {
        let answer = put(&app, &study, name, "audio/mpeg", sound(1)).await;
        assert_eq!(answer.errors(), ["path.assetName wrongFormat"], "{name}");
    }
    let large = [sound(1), vec![0; 8 * 1024 * 1024]].concat();
    put(&app, &study, NAME, "audio/mpeg", large).await.problem(413, "tooLarge");
    assert_eq!(list(&app, &study).await, json!([]));
    put(&app, &study, &long[..100], "Audio/MPEG; rate=44100", sound(1)).await.expect(200);
    assert_eq!(list(&app, &study).await[0]["mediaType"], "audio/mpeg");
}
