//! Whoever withdraws is gone from the study, whoever told about them, and stays gone.

use duiding::config::Attachments;
use duiding::domain::canonical::sha256_hex;
use duiding::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

async fn withdraw(app: &TestApp, study: &Study, id: &str) -> Value {
    let path = study.path(&format!("/participants/{id}/_withdraw"));
    app.post(&path, study.token(Role::Coordinator), &json!({})).await.expect(200)
}

/// A coach with an own code who tells about this participant; answers the code.
async fn coach(app: &TestApp, study: &Study, participant: &str) -> String {
    let coordinator = study.token(Role::Coordinator);
    let made = app.post(&study.path("/tellers"), coordinator, &json!({"perspective": "job-coach"})).await.expect(201);
    let link = study.path(&format!("/tellers/{}/participants/{participant}", made[0]["teller"]["id"].as_str().unwrap()));
    app.put(&link, coordinator, &json!({})).await.expect(200);
    made[0]["teller"]["code"].as_str().unwrap().to_owned()
}

/// What a coach tells about somebody, or about the own work.
fn told_by_coach(coach: &str, about: Option<&str>) -> Value {
    let mut body = story(about);
    body["teller"] = json!(coach);
    body["perspective"] = json!("job-coach");
    body["placements"] = json!({"confidence": {"state": "answered", "value": {"position": 0.2}}});
    body
}

/// Delivers as a researcher, who may tell from every perspective; answers the path.
async fn deliver(app: &TestApp, study: &Study, body: &Value) -> (String, Answer) {
    let path = study.story(Uuid::new_v4());
    let answer = app.put(&path, study.token(Role::Researcher), body).await;
    (path, answer)
}

#[actix_web::test]
async fn everything_that_anybody_told_about_a_person_goes_with_the_person() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (id, code) = app.participant(&study).await;
    let (other_id, other_code) = app.participant(&study).await;
    let coach = coach(&app, &study, &id).await;
    let mut own_without_code_of_participant = story(Some(&code));
    own_without_code_of_participant["participant"] = Value::Null;
    let (mut gone, mut kept) = (Vec::new(), Vec::new());
    for body in [story(Some(&code)), own_without_code_of_participant, told_by_coach(&coach, Some(&code))] {
        let (path, answer) = deliver(&app, &study, &body).await;
        assert_eq!(answer.expect(201)["held"], json!([]));
        gone.push((path, body));
    }
    for body in [story(Some(&other_code)), told_by_coach(&coach, Some(&other_code)), told_by_coach(&coach, None)] {
        let (path, answer) = deliver(&app, &study, &body).await;
        answer.expect(201);
        kept.push(path);
    }
    let withdrawn = withdraw(&app, &study, &id).await;
    assert_eq!(withdrawn["status"], "withdrawn");
    for (path, body) in &gone {
        app.get(path, researcher).await.problem(410, "gone");
        app.put(path, researcher, body).await.problem(410, "gone");
    }
    for path in &kept {
        app.get(path, researcher).await.expect(200);
    }
    let other = app.get(&study.path(&format!("/participants/{other_id}")), researcher).await.expect(200);
    assert_eq!(other["status"], "active");
    let dump = app.get(&study.path("/stories?changedSince=0"), researcher).await.expect(200).to_string();
    assert!(!dump.contains(&code));
}

#[actix_web::test]
async fn what_still_comes_in_about_a_withdrawn_person_is_held() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = app.participant(&study).await;
    let coach = coach(&app, &study, &id).await;
    let device = app.device(&study).await;
    withdraw(&app, &study, &id).await;
    let own = app.put(&study.story(Uuid::new_v4()), &device, &story(Some(&code))).await.expect(201);
    assert_eq!(own["held"], json!(["withdrawnParticipant", "withdrawnTeller"]));
    let (_, about) = deliver(&app, &study, &told_by_coach(&coach, Some(&code))).await;
    assert_eq!(about.expect(201)["held"], json!(["withdrawnParticipant"]), "the coach goes on telling about others");
    let (_, own_work) = deliver(&app, &study, &told_by_coach(&coach, None)).await;
    assert_eq!(own_work.expect(201)["held"], json!([]));
    // Withdrawing again removes what came in meanwhile.
    withdraw(&app, &study, &id).await;
    let held = app.get(&study.path("/stories?status=held"), study.token(Role::Researcher)).await.expect(200);
    assert_eq!(held["items"], json!([]));
}

#[actix_web::test]
async fn nobody_is_brought_back_who_withdrew() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = app.participant(&study).await;
    let path = study.path(&format!("/participants/{id}"));
    let patch = async |body: Value| app.patch(&path, study.token(Role::Coordinator), &body).await;
    assert_eq!(patch(json!({"status": "withdrawn"})).await.errors(), ["$.status useWithdraw"]);
    withdraw(&app, &study, &id).await;
    for status in ["active", "exited"] {
        patch(json!({"status": status})).await.problem(409, "withdrawn");
    }
    let (_, later) = deliver(&app, &study, &story(Some(&code))).await;
    assert_eq!(later.expect(201)["held"][0], "withdrawnParticipant");
}

#[actix_web::test]
async fn whoever_withdrew_is_not_expected_any_more() {
    let app = start().await;
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator);
    let (id, code) = app.participant(&study).await;
    app.participant(&study).await;
    deliver(&app, &study, &story(Some(&code))).await.1.expect(201);
    let second = study.path(&format!("/participants/{id}/participations/2"));
    app.put(&second, coordinator, &json!({"state": "expected"})).await.expect(200);
    let seen = withdraw(&app, &study, &id).await;
    let states: Vec<&Value> = seen["participations"].as_array().unwrap().iter().map(|p| &p["state"]).collect();
    assert_eq!(states, ["withdrawn", "withdrawn"]);
    let response = app.get(&study.path("/response"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(response["waves"][0]["participants"], json!({"expected": 1, "completed": 0, "notTold": 1}));
    assert_eq!(response["waves"][1]["participants"], json!({"expected": 0, "completed": 0, "notTold": 1}));
}

#[actix_web::test]
async fn a_recording_leaves_the_disk_with_its_story() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let (id, code) = app.participant(&study).await;
    let (file, bytes) = (Uuid::new_v4(), "not really a recording");
    let mut body = story(Some(&code));
    body["attachments"] = json!([{"id": file, "sha256": sha256_hex(bytes), "bytes": bytes.len(), "mediaType": "audio/webm"}]);
    let path = study.story(Uuid::new_v4());
    app.put(&path, &device, &body).await.expect(201);
    let part = app.request(Method::PATCH, &format!("{path}/attachments/{file}"), &device).header("upload-offset", "0");
    let part = part.header("content-type", "application/offset+octet-stream").body(bytes);
    let sent = Answer::of(part.send().await.unwrap()).await.expect(200);
    assert!(sent["completedAt"].is_string());
    let folder = app.state.config.attachments_dir();
    let has_files = || app.state.files.stories(&study.id).unwrap().len();
    assert_eq!((has_files(), files_below(&folder)), (1, usize::from(app.state.config.attachments == Attachments::Folder)));
    withdraw(&app, &study, &id).await;
    assert_eq!((has_files(), files_below(&folder)), (0, 0));
    app.get(&format!("{path}/attachments/{file}"), &device).await.problem(404, "notFound");
}

fn files_below(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|e| e.unwrap().path());
    entries.map(|p| if p.is_dir() { files_below(&p) } else { 1 }).sum()
}

#[actix_web::test]
async fn a_coach_who_stops_is_held_from_then_on_and_what_was_told_stays() {
    let app = start().await;
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator);
    let (id, code) = app.participant(&study).await;
    let coach = coach(&app, &study, &id).await;
    let (before, answer) = deliver(&app, &study, &told_by_coach(&coach, Some(&code))).await;
    answer.expect(201);
    let tellers = app.get(&study.path("/tellers"), coordinator).await.expect(200);
    let teller = tellers["items"].as_array().unwrap().iter().find(|t| t["code"] == coach.as_str()).unwrap();
    let path = study.path(&format!("/tellers/{}/_withdraw", teller["id"].as_str().unwrap()));
    let stopped = app.post(&path, coordinator, &json!({})).await.expect(200);
    assert!(stopped["withdrawnAt"].is_string());
    let (_, later) = deliver(&app, &study, &told_by_coach(&coach, Some(&code))).await;
    assert_eq!(later.expect(201)["held"], json!(["withdrawnTeller"]));
    app.get(&before, study.token(Role::Researcher)).await.expect(200);
    let missing = study.path(&format!("/tellers/{}/_withdraw", Uuid::new_v4()));
    app.post(&missing, coordinator, &json!({})).await.problem(404, "notFound");
}

#[actix_web::test]
async fn what_comes_in_after_a_withdrawal_is_held_and_can_only_be_deleted() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (id, code) = app.participant(&study).await;
    withdraw(&app, &study, &id).await;
    let late = study.story(Uuid::new_v4());
    let receipt = app.put(&late, researcher, &story(Some(&code))).await.expect(201);
    assert_eq!(receipt["held"], json!(["withdrawnParticipant", "withdrawnTeller"]));
    let reason = json!({"reason": "told before"});
    app.post(&format!("{late}/_accept"), researcher, &reason).await.problem(409, "withdrawn");
    app.post(&format!("{late}/_withdraw"), researcher, &reason).await.expect(204);
    app.get(&late, researcher).await.problem(410, "gone");
}
