//! What the answers look like, member by member: a change that nobody meant shows here.

use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, start, story};
use crate::telling::{redact, release};

/// A story with a participant, redacted and released, with a translation; answers its path.
async fn read_story(app: &TestApp, study: &Study) -> String {
    let (_, code) = app.participant(study).await;
    let device = app.device(study).await;
    let path = study.story(Uuid::new_v4());
    app.put(&path, &device, &story(Some(&code))).await.expect(201);
    redact(app, study, &path, "De rit", "Iemand nam de bus.").await;
    release(app, study, &path, 2).await;
    let translation = json!({"version": 2, "title": "The ride", "text": "Somebody took the bus."});
    app.put(&format!("{path}/translations/en"), study.token(Role::Researcher), &translation).await.expect(204);
    path
}

#[actix_web::test]
async fn a_receipt() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let receipt = app.put(&study.story(Uuid::new_v4()), &device, &story(None)).await.expect(201);
    insta::assert_json_snapshot!("receipt", receipt, { ".id" => "[id]", ".receivedAt" => "[time]", ".withdrawalCode" => "[code]" });
    let mut body = story(Some("NOBO-DY00"));
    body["wave"] = json!("2");
    let receipt = app.put(&study.story(Uuid::new_v4()), &device, &body).await.expect(201);
    insta::assert_json_snapshot!("receipt_held", receipt, { ".id" => "[id]", ".receivedAt" => "[time]", ".withdrawalCode" => "[code]" });
}

#[actix_web::test]
async fn a_story_for_every_reader() {
    let app = start().await;
    let study = app.study().await;
    let path = read_story(&app, &study).await;
    let readers = [
        (Role::Researcher, "story_researcher"),
        (Role::ExternalResearcher, "story_external"),
        (Role::Workgroup, "story_workgroup"),
    ];
    for (role, name) in readers {
        let read = app.get(&format!("{path}?signifier=confidence"), study.token(role)).await.expect(200);
        let known = |value: &Value, name: &'static str| if value.is_null() { Value::Null } else { json!(name) };
        let change = known(&read["details"]["change"], "[change]");
        let received = known(&read["details"]["receivedAt"], "[time]");
        let participant = known(&read["participantId"], "[participant]");
        let made = known(&read["translations"][0]["createdAt"], "[time]");
        let mut shown = read.clone();
        (shown["details"]["change"], shown["details"]["receivedAt"]) = (change, received);
        (shown["participantId"], shown["translations"][0]["createdAt"]) = (participant, made);
        insta::assert_json_snapshot!(name, shown, {
            ".details.id" => "[id]", ".body.teller" => "[code]", ".body.participant" => "[code]",
        });
    }
    let versions = app.get(&format!("{path}/versions"), study.token(Role::Researcher)).await.expect(200);
    insta::assert_json_snapshot!("story_version", versions["items"][1], {
        ".body" => "[body]", ".createdBy" => insta::dynamic_redaction(|value, _| value.as_str().unwrap()[..5].to_owned()),
        ".createdAt" => "[time]",
    });
}

#[actix_web::test]
async fn a_problem() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let mut body = story(None);
    body["placements"]["confidence"]["value"]["position"] = json!(1.2);
    body["placements"]["money"] = json!({"state": "answered"});
    body["name"] = json!("Sjaak");
    let answer = app.put(&study.story(Uuid::new_v4()), &device, &body).await;
    insta::assert_json_snapshot!("problem_input", answer.problem(400, "invalidInput"));
    let answer = app.get(&study.story(Uuid::new_v4()), study.token(Role::Workgroup)).await;
    insta::assert_json_snapshot!("problem_not_found", answer.problem(404, "notFound"));
}

#[actix_web::test]
async fn a_study_and_its_people() {
    let app = start().await;
    let study = app.study().await;
    let project = app.get(&study.path(""), study.token(Role::Researcher)).await.expect(200);
    insta::assert_json_snapshot!("project", project, {
        ".id" => "[id]", ".change" => "[change]", ".createdAt" => "[time]", ".updatedAt" => "[time]",
    });
    let (id, _) = app.participant(&study).await;
    for (role, name) in [(Role::Coordinator, "participant_coordinator"), (Role::Researcher, "participant_researcher")] {
        let read = app.get(&study.path(&format!("/participants/{id}")), study.token(role)).await.expect(200);
        insta::assert_json_snapshot!(name, read, { ".id" => "[id]", ".code" => "[code]", ".createdAt" => "[time]" });
    }
}

#[actix_web::test]
async fn a_device_and_its_assignment() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let assignment = app.get("/v1/devices/current", &device).await.expect(200);
    insta::assert_json_snapshot!("assignment", assignment, { ".deviceId" => "[id]", ".projectId" => "[id]" });
    let devices = app.get(&study.path("/devices"), study.token(Role::Coordinator)).await.expect(200);
    insta::assert_json_snapshot!("device", devices["items"][0], { ".id" => "[id]", ".createdAt" => "[time]" });
}
