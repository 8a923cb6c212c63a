//! What a phone could not deliver comes in by another: closed for the server alone, and taken in as if the phone had
//! delivered it itself.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use duiding::backup::{self, Options};
use duiding::db::Kind;
use duiding::domain::canonical::sha256_hex;
use duiding::domain::role::Role;
use duiding::secrets::Secrets;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable, Kem, OpModeS, Serializable};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::attachments::{download, recording, send};
use crate::helpers::{Answer, Study, TestApp, config, start, start_with, story};

const KIND: &str = "application/vnd.duiding.undelivered";

/// What a phone has of one story.
struct Told {
    id: Uuid,
    body: Value,
    /// Ids and contents of its files.
    files: Vec<(Uuid, Vec<u8>)>,
}

impl Told {
    fn with_files(contents: &[Vec<u8>]) -> Self {
        let files: Vec<(Uuid, Vec<u8>)> = contents.iter().map(|c| (Uuid::new_v4(), c.clone())).collect();
        let mut body = story(None);
        let declare =
            |(id, c): &(Uuid, Vec<u8>)| json!({"id": id, "sha256": sha256_hex(c), "bytes": c.len(), "mediaType": "audio/webm"});
        body["attachments"] = files.iter().map(declare).collect();
        Self { id: Uuid::new_v4(), body, files }
    }

    fn path(&self, study: &Study, file: usize) -> String {
        format!("{}/attachments/{}", study.story(self.id), self.files[file].0)
    }
}

/// What a phone puts into its file: a line of JSON, and the bytes of the files after it.
fn contents(token: &str, stories: &[Told]) -> Vec<u8> {
    let (mut entries, mut bytes) = (Vec::new(), Vec::new());
    for told in stories {
        let mut files = Vec::new();
        for (id, content) in &told.files {
            files.push(json!({"id": id, "offset": bytes.len(), "bytes": content.len()}));
            bytes.extend_from_slice(content);
        }
        entries.push(json!({"id": told.id, "body": told.body, "attachments": files}));
    }
    packed(&json!({"token": token, "madeAt": "2026-03-02T10:00:00Z", "stories": entries}), &bytes)
}

fn packed(value: &Value, files: &[u8]) -> Vec<u8> {
    [value.to_string().as_bytes(), b"\n", files].concat()
}

async fn key(app: &TestApp, device: &str) -> Value {
    app.get("/v1/devices/current/package", device).await.expect(200)["forwardKey"].clone()
}

/// Closes something as the app does.
fn close(project: &str, key: &Value, text: &[u8]) -> Vec<u8> {
    let public = URL_SAFE_NO_PAD.decode(key["publicKey"].as_str().unwrap()).unwrap();
    let public = <DhP256HkdfSha256 as Kem>::PublicKey::from_bytes(&public).unwrap();
    let (encapsulated, mut sender) = hpke::setup_sender_with_rng::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
        &OpModeS::Base,
        &public,
        b"duiding-undelivered-1",
        &mut rand::rng(),
    )
    .unwrap();
    let encapsulated = URL_SAFE_NO_PAD.encode(encapsulated.to_bytes());
    let header = json!({"format": "duiding-undelivered", "version": 1, "project": project, "key": key["id"], "encapsulated": encapsulated});
    let closed = sender.seal(text, header.to_string().as_bytes()).unwrap();
    [header.to_string().as_bytes(), b"\n", &closed].concat()
}

async fn forward(app: &TestApp, study: &Study, token: &str, file: &[u8]) -> Answer {
    app.send_raw(Method::POST, &study.path("/stories/_forward"), token, KIND, file).await
}

async fn revoke(app: &TestApp, study: &Study, device: &str) {
    let me = app.get("/v1/devices/current", device).await.expect(200);
    let path = study.path(&format!("/devices/{}", me["deviceId"].as_str().unwrap()));
    app.delete(&path, study.token(Role::Coordinator)).await.expect(204);
}

fn statuses(answer: &Value) -> Vec<u64> {
    answer["results"].as_array().unwrap().iter().map(|r| r["status"].as_u64().unwrap()).collect()
}

async fn events(app: &TestApp, study: &Study) -> Vec<Value> {
    let path = study.path("/audit-events?action=stories.forward");
    app.get(&path, study.token(Role::Owner)).await.expect(200)["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn another_phone_brings_stories_with_their_recordings_and_the_first_may_still_deliver_them() {
    let app = start().await;
    let study = app.study().await;
    let (first, second) = (app.device(&study).await, app.device(&study).await);
    let told = [Told::with_files(&[recording(1, 300), recording(2, 9_000_000)]), Told::with_files(&[])];
    let file = close(&study.id, &key(&app, &first).await, &contents(&first, &told));
    let answer = forward(&app, &study, &second, &file).await.expect(200);
    assert_eq!(statuses(&answer), [201, 201]);
    let kept = answer["results"][0].clone();
    assert_eq!((&kept["receipt"]["id"], &kept["receipt"]["held"]), (&json!(told[0].id), &json!([])));
    assert_eq!(kept["receipt"]["sha256"], sha256_hex(duiding::domain::canonical::canonical_json(&told[0].body)));
    for (i, (id, content)) in told[0].files.iter().enumerate() {
        let state = &kept["attachments"][i]["state"];
        assert_eq!((&state["id"], &state["receivedBytes"]), (&json!(id), &json!(content.len())));
        assert!(state["completedAt"].is_string() && kept["attachments"][i]["problem"].is_null());
        assert!(download(&app, &study, &told[0].path(&study, i)).await == *content, "byte by byte");
    }
    // Whoever brought it cannot look at it; it is the first phone's.
    app.get(&told[0].path(&study, 0), &second).await.problem(404, "notFound");
    // The same file again, and then the phone itself: everything is there once.
    let again = forward(&app, &study, &second, &file).await.expect(200);
    assert_eq!(statuses(&again), [200, 200]);
    assert_eq!(again["results"][0]["attachments"], kept["attachments"]);
    for one in &told {
        let receipt = app.put(&study.story(one.id), &first, &one.body).await.expect(200);
        assert_eq!(receipt["held"], json!([]));
    }
    assert!(app.get(&told[0].path(&study, 1), &first).await.expect(200)["completedAt"].is_string());
    assert_eq!(app.stories_kept().await, 2);

    let details: Vec<Value> = events(&app, &study).await.iter().map(|e| e["detail"].clone()).collect();
    let expected = ["0 kept, 2 known, 0 refused; 2 of 2 files whole", "2 kept, 0 known, 0 refused; 2 of 2 files whole"];
    assert!(details.len() == 2 && expected.iter().all(|e| details.contains(&json!(e))), "{details:?}");
    let trail = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200).to_string();
    assert!(!trail.contains("dud_"));
}

#[actix_web::test]
async fn stories_are_those_of_the_phone_that_collected_as_far_as_it_is_known() {
    let app = start().await;
    let (study, other) = (app.study().await, app.study().await);
    let (collected, brings) = (app.device(&study).await, app.device(&study).await);
    let stranger = app.device(&other).await;
    let key = key(&app, &brings).await;
    revoke(&app, &study, &collected).await;
    let held = async |token: &str, by: &str| {
        let file = close(&study.id, &key, &contents(token, &[Told::with_files(&[recording(3, 50)])]));
        let answer = forward(&app, &study, by, &file).await.expect(200);
        assert_eq!(statuses(&answer), [201]);
        assert!(answer["results"][0]["attachments"][0]["state"]["completedAt"].is_string());
        answer["results"][0]["receipt"]["held"].clone()
    };
    assert_eq!(held(&collected, &brings).await, json!(["revokedDevice"]), "as it would have been itself");
    for unknown in ["dud_nobody", "", &stranger, study.token(Role::Researcher)] {
        assert_eq!(held(unknown, &brings).await, json!([]), "as whoever brings it");
    }
    assert_eq!(held("dud_nobody", study.token(Role::Facilitator)).await, json!([]));
    revoke(&app, &study, &brings).await;
    assert_eq!(held("dud_nobody", &brings).await, json!(["revokedDevice"]), "a revoked one brings too");
    assert_eq!(held(&collected, study.token(Role::Researcher)).await, json!(["revokedDevice"]));
    let body = json!({"name": "tool", "scopes": ["stories:write"], "days": 1});
    let made = app.post(&study.path("/tokens"), study.token(Role::Facilitator), &body).await.expect(201);
    assert_eq!(held("", made["token"].as_str().unwrap()).await, json!([]));
    forward(&app, &study, study.token(Role::Coordinator), b"").await.problem(403, "forbidden");
}

#[actix_web::test]
async fn what_is_wrong_with_one_story_or_file_keeps_back_no_other() {
    let app = start().await;
    let study = app.study().await;
    let (first, second) = (app.device(&study).await, app.device(&study).await);
    let key = key(&app, &first).await;
    let mut told: Vec<Told> = (0..3).map(|i| Told::with_files(&[recording(i, 100), recording(i + 10, 100)])).collect();
    told[0].body["placements"]["confidence"]["value"]["position"] = json!(2);
    told[1].files[0].1 = recording(99, 100);
    told[1].files[1].1 = recording(11, 99);
    told[2].files.push((Uuid::new_v4(), recording(5, 5)));
    let text = contents(&first, &told);
    let line = text.iter().position(|b| *b == b'\n').unwrap();
    let mut value: Value = serde_json::from_slice(&text[..line]).unwrap();
    let list = value["stories"].as_array_mut().unwrap();
    list[2]["attachments"].as_array_mut().unwrap().push(json!({"id": Uuid::new_v4(), "offset": 700, "bytes": 1}));
    list.extend([json!({"id": "no id"}), json!("no story"), json!({"id": Uuid::new_v4(), "body": {"title": "\u{0}"}})]);
    let answer = forward(&app, &study, &second, &close(&study.id, &key, &packed(&value, &text[line + 1..]))).await.expect(200);
    assert_eq!(statuses(&answer), [400, 201, 201, 400, 400, 400]);
    let results = &answer["results"];
    assert_eq!(results[0]["problem"]["errors"][0]["path"], "$.placements.confidence.value.position");
    assert_eq!((&results[0]["attachments"], &results[0]["receipt"]), (&json!([]), &Value::Null));
    assert_eq!(results[3]["problem"]["errors"][0]["path"], "$.contents.stories[3].id");
    assert_eq!(results[5]["problem"]["errors"][0]["path"], "$.contents.stories[5].body.title");
    let codes = |i: usize| -> Vec<Value> {
        let files = results[i]["attachments"].as_array().unwrap();
        files.iter().map(|f| f["problem"]["code"].clone()).collect()
    };
    assert_eq!(codes(1), ["wrongHash", "wrongSize"]);
    assert_eq!(codes(2), [Value::Null, Value::Null, json!("notFound"), json!("invalidInput")]);
    assert_eq!(app.stories_kept().await, 2);
    let detail = events(&app, &study).await[0]["detail"].clone();
    assert_eq!(detail, "2 kept, 0 known, 4 refused; 2 of 6 files whole");
    // Where the file failed the phone still may bring what is right.
    send(&app, &told[1].path(&study, 0), &first, 0, &recording(1, 100)).await.expect(200);
    assert_eq!(download(&app, &study, &told[1].path(&study, 0)).await, recording(1, 100));
}

#[actix_web::test]
async fn a_recording_that_came_in_by_half_is_made_whole() {
    let app = start().await;
    let study = app.study().await;
    let (first, second) = (app.device(&study).await, app.device(&study).await);
    let told = Told::with_files(&[recording(1, 300), recording(2, 300)]);
    app.put(&study.story(told.id), &first, &told.body).await.expect(201);
    send(&app, &told.path(&study, 0), &first, 0, &recording(1, 120)).await.expect(200);
    send(&app, &told.path(&study, 1), &first, 0, &recording(77, 120)).await.expect(200); // the bad line changed them
    let file = close(&study.id, &key(&app, &first).await, &contents(&first, std::slice::from_ref(&told)));
    let answer = forward(&app, &study, &second, &file).await.expect(200);
    assert_eq!(statuses(&answer), [200]);
    for i in 0..2 {
        assert!(answer["results"][0]["attachments"][i]["state"]["completedAt"].is_string(), "{answer}");
        assert_eq!(download(&app, &study, &told.path(&study, i)).await, told.files[i].1);
    }
}

#[actix_web::test]
async fn a_file_for_another_project_or_key_is_told_so() {
    let app = start().await;
    let (study, other) = (app.study().await, app.study().await);
    let (mine, theirs) = (app.device(&study).await, app.device(&other).await);
    let (key, their_key) = (key(&app, &mine).await, key(&app, &theirs).await);
    let text = contents(&mine, &[Told::with_files(&[])]);
    let file = close(&study.id, &key, &text);
    forward(&app, &study, &theirs, &file).await.problem(404, "notFound");
    let nowhere = close(&Uuid::new_v4().to_string(), &key, &text);
    let answer = forward(&app, &other, &theirs, &file).await;
    assert_eq!(answer.errors(), ["$.header.project otherProject"]);
    assert_eq!(answer.text, forward(&app, &other, &theirs, &nowhere).await.text, "whether there is one is not told");
    let unknown = json!({"id": Uuid::new_v4(), "publicKey": key["publicKey"]});
    for wrong in [&unknown, &their_key] {
        let answer = forward(&app, &study, &mine, &close(&study.id, wrong, &text)).await;
        assert_eq!(answer.errors(), ["$.header.key unknownKey"]);
    }
    let swapped = json!({"id": key["id"], "publicKey": their_key["publicKey"]});
    assert_eq!(forward(&app, &study, &mine, &close(&study.id, &swapped, &text)).await.errors(), ["$ cannotDecrypt"]);
    let empty = close(&study.id, &key, &packed(&json!({"token": mine, "stories": []}), b""));
    assert_eq!(forward(&app, &study, &mine, &empty).await.errors(), ["$.contents.stories wrongCount"]);
    let noise = close(&study.id, &key, &recording(1, 1000));
    assert_eq!(forward(&app, &study, &mine, &noise).await.status, 400);
    let path = study.path("/stories/_forward");
    app.send_raw(Method::POST, &path, &mine, "application/json", file).await.problem(415, "unsupportedMediaType");
    assert_eq!(app.stories_kept().await, 0);
    assert!(events(&app, &study).await.is_empty());
}

#[actix_web::test]
async fn a_file_that_is_cut_or_changed_is_refused_as_a_whole() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let file = close(&study.id, &key(&app, &device).await, &contents(&device, &[Told::with_files(&[recording(1, 200)])]));
    let line = file.iter().position(|b| *b == b'\n').unwrap();
    // Every place around the seams, and some between.
    let places: Vec<usize> = (0..file.len()).filter(|i| i % 37 == 0 || i.abs_diff(line) < 20 || file.len() - i < 20).collect();
    for place in places {
        let cut = forward(&app, &study, &device, &file[..place]).await;
        let code = if place <= line { "$ wrongFormat" } else { "$ cannotDecrypt" };
        assert_eq!(cut.errors(), [code], "cut at {place}");
        let mut changed = file.clone();
        changed[place] ^= 0x01;
        let answer = forward(&app, &study, &device, &changed).await;
        let errors = answer.errors();
        assert!(place <= line || errors == ["$ cannotDecrypt"], "changed at {place}: {errors:?}");
    }
    let more = [&file[..], b"x"].concat();
    assert_eq!(forward(&app, &study, &device, &more).await.errors(), ["$ cannotDecrypt"]);
    assert_eq!(app.stories_kept().await, 0);
    assert_eq!(statuses(&forward(&app, &study, &device, &file).await.expect(200)), [201]);
}

#[actix_web::test]
async fn a_file_from_before_new_secrets_or_a_restore_still_opens_and_without_its_key_it_is_told_so() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let key = key(&app, &device).await;
    let files: Vec<Vec<u8>> = (0..3).map(|_| close(&study.id, &key, &contents(&device, &[Told::with_files(&[])]))).collect();
    let secrets = app.state.config.secrets_file.clone();
    Secrets::change(&secrets, |s| _ = s.rotate(chrono::Utc::now(), true)).unwrap();
    let app = app.restart().await;
    assert_eq!(statuses(&forward(&app, &study, &device, &files[0]).await.expect(200)), [201]);
    if app.state.db.kind() == Kind::Sqlite {
        let (from, to) = (app.state.config.clone(), app.folder.path().join("backup"));
        let folder = tempfile::tempdir().unwrap();
        let place = config(&folder);
        std::fs::copy(&from.erasures_file, &place.erasures_file).unwrap();
        let target = place.clone();
        let done = move || {
            backup::make(&from, &to)?;
            backup::restore(&target, &to, Options::default())
        };
        actix_web::rt::task::spawn_blocking(done).await.unwrap().unwrap();
        std::fs::copy(&secrets, &place.secrets_file).unwrap(); // kept elsewhere than the backup
        let restored = start_with(place, folder).await;
        assert_eq!(statuses(&forward(&restored, &study, &device, &files[1]).await.expect(200)), [201]);
    }
    std::fs::remove_file(&secrets).unwrap();
    let app = app.restart().await;
    forward(&app, &study, &device, &files[2]).await.problem(409, "keyMissing");
    assert_eq!(app.stories_kept().await, 1);
}

#[actix_web::test]
async fn a_file_that_is_too_large_is_refused() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    forward(&app, &study, &device, &vec![0; 64 * 1024 * 1024 + 1]).await.problem(413, "tooLarge");
}
