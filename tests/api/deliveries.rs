//! A story arrives: once, durably, and never refused for reasons of administration.

use duiding::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{start, story};

#[actix_web::test]
async fn a_story_is_kept_and_acknowledged_with_its_hash() {
    let app = start().await;
    let study = app.study().await;
    let (_, code) = app.participant(&study).await;
    let device = app.device(&study).await;
    let (id, body) = (Uuid::new_v4(), story(Some(&code)));
    let receipt = app.put(&study.story(id), &device, &body).await.expect(201);
    assert_eq!(receipt["id"], id.to_string());
    assert_eq!(receipt["held"], json!([]));
    let canonical = duiding::domain::canonical::canonical_json(&body);
    assert_eq!(receipt["sha256"], duiding::domain::canonical::sha256_hex(canonical));
    let read = app.get(&study.story(id), study.token(Role::Researcher)).await.expect(200);
    assert_eq!(read["text"], body["text"]);
    let shares = read["placements"]["competence"]["value"]["shares"].as_array().unwrap();
    let shares: Vec<f64> = shares.iter().map(|s| s.as_f64().unwrap()).collect();
    assert_eq!(shares.iter().sum::<f64>(), 1.0, "closed");
    assert!(shares.iter().zip([0.6, 0.3, 0.1]).all(|(kept, told)| (kept - told).abs() < 1e-15), "{shares:?}");
}

#[actix_web::test]
async fn fifty_identical_deliveries_at_once_give_one_story() {
    let app = start().await;
    let study = app.study().await;
    let (_, code) = app.participant(&study).await;
    let device = app.device(&study).await;
    let (path, body) = (study.story(Uuid::new_v4()), story(Some(&code)));
    let attempts = (0..50).map(|_| app.put(&path, &device, &body));
    let answers = futures_util::future::join_all(attempts).await;
    let with = |status: u16| answers.iter().filter(|a| a.status.as_u16() == status).count();
    assert_eq!((with(201), with(200)), (1, 49));
    assert!(answers.iter().filter(|a| a.status == 200).all(|a| a.header("idempotent-replay") == "true"));
    assert_eq!(app.stories_kept().await, 1);
}

#[actix_web::test]
async fn other_content_under_the_same_id_is_refused() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let (path, mut body) = (study.story(Uuid::new_v4()), story(None));
    app.put(&path, &device, &body).await.expect(201);
    body["text"] = json!("Something else.");
    app.put(&path, &device, &body).await.problem(409, "differentContent");
    let read = app.get(&path, study.token(Role::Researcher)).await.expect(200);
    assert_eq!(read["text"], story(None)["text"]);
}

#[actix_web::test]
async fn spacing_and_order_of_members_do_not_make_another_story() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let (path, body) = (study.story(Uuid::new_v4()), story(None));
    app.put(&path, &device, &body).await.expect(201);
    let mut members: Vec<(String, Value)> = body.as_object().unwrap().clone().into_iter().collect();
    members.reverse();
    let turned = Value::Object(members.into_iter().collect());
    let text = serde_json::to_string_pretty(&turned).unwrap();
    app.send_raw(Method::PUT, &path, &device, "application/json", text).await.expect(200);
}

#[actix_web::test]
async fn administration_holds_a_story_but_never_refuses_it() {
    let app = start().await;
    let study = app.study().await;
    let (researcher, coordinator) = (study.token(Role::Researcher), study.token(Role::Coordinator));
    let device = app.device(&study).await;
    let mut body = story(Some("NOBO-DY00"));
    body["wave"] = json!("2");
    body["perspective"] = json!("job-coach");
    body["placements"] = json!({"tone": {"state": "skipped"}});
    body["consent"] = Value::Null;
    let devices = app.get(&study.path("/devices"), coordinator).await.expect(200);
    let path = study.path(&format!("/devices/{}", devices["items"][0]["id"].as_str().unwrap()));
    app.delete(&path, coordinator).await.expect(204);
    let id = Uuid::new_v4();
    let receipt = app.put(&study.story(id), &device, &body).await.expect(201);
    let reasons = json!([
        "unknownParticipant",
        "unknownTeller",
        "waveNotOpen",
        "revokedDevice",
        "otherWave",
        "perspectiveNotAssigned",
        "consentMissing"
    ]);
    assert_eq!(receipt["held"], reasons);
    let again = app.put(&study.story(id), &device, &body).await.expect(200);
    assert_eq!(again["held"], reasons, "a replay is told the same");
    let held = app.get(&study.path("/stories?status=held"), researcher).await.expect(200);
    assert_eq!(held["items"].as_array().unwrap().len(), 1);
    app.post(&format!("{}/_accept", study.story(id)), researcher, &json!({"reason": "told before the revocation"}))
        .await
        .expect(204);
    let held = app.get(&study.path("/stories?status=held"), researcher).await.expect(200);
    assert_eq!(held["items"], json!([]));
}

#[actix_web::test]
async fn a_batch_answers_for_every_story_and_a_wrong_one_keeps_back_no_other() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let known = Uuid::new_v4();
    app.put(&study.story(known), &device, &story(None)).await.expect(201);
    let (mut wrong, mut other) = (story(None), story(None));
    wrong["placements"]["confidence"]["value"]["position"] = json!(1.5);
    other["text"] = json!("Other.");
    let batch = json!({"stories": [
        {"id": Uuid::new_v4(), "body": story(None)},
        {"id": Uuid::new_v4(), "body": wrong},
        {"id": known, "body": story(None)},
        {"id": known, "body": other}
    ]});
    let answer = app.post(&study.path("/stories/_batch"), &device, &batch).await.expect(200);
    let statuses: Vec<_> = answer["results"].as_array().unwrap().iter().map(|r| r["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 400, 200, 409]);
    assert_eq!(answer["results"][1]["problem"]["errors"][0]["path"], "$.placements.confidence.value.position");
    assert_eq!(app.stories_kept().await, 2);
    let single = app.put(&study.story(known), &device, &story(None)).await.expect(200);
    assert_eq!(single["sha256"], answer["results"][2]["receipt"]["sha256"], "the same hash in single and batch delivery");
}

#[actix_web::test]
async fn a_withdrawn_story_is_gone_for_readers_and_for_replays() {
    let app = start().await;
    let study = app.study().await;
    let (device, researcher) = (app.device(&study).await, study.token(Role::Researcher));
    let (id, body) = (Uuid::new_v4(), story(None));
    app.put(&study.story(id), &device, &body).await.expect(201);
    app.post(&format!("{}/_withdraw", study.story(id)), researcher, &json!({"reason": "the teller asked"})).await.expect(204);
    app.get(&study.story(id), researcher).await.problem(410, "gone");
    app.put(&study.story(id), &device, &body).await.problem(410, "gone");
    let list = app.get(&study.path("/stories?changedSince=0"), researcher).await.expect(200);
    assert_eq!(list["items"][0]["status"], "withdrawn", "incremental readers learn of it");
    assert_eq!(list["items"][0]["title"], "");
}
