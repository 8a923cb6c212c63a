//! What a professional tells about a participant is shown to others only after the participant was told that it is told.

use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

/// A story of a job coach about this participant, or about the own work; answers its path.
async fn told(app: &TestApp, study: &Study, about: Option<&str>) -> String {
    let mut body = story(about);
    body["teller"] = Value::Null;
    body["perspective"] = json!("job-coach");
    body["placements"] = json!({"confidence": {"state": "answered", "value": {"position": 0.2}}});
    let path = study.story(Uuid::new_v4());
    app.put(&path, study.token(Role::Researcher), &body).await.expect(201);
    path
}

async fn release(app: &TestApp, study: &Study, story: &str) -> Answer {
    app.put(&format!("{story}/release"), study.token(Role::Researcher), &json!({"version": 1})).await
}

async fn inform(app: &TestApp, study: &Study, id: &str, body: &Value) -> Answer {
    app.put(&study.path(&format!("/participants/{id}/informed")), study.token(Role::Coordinator), body).await
}

fn by_letter() -> Value {
    json!({"on": "2026-03-02", "by": "coordinator", "way": "letter"})
}

#[actix_web::test]
async fn it_waits_until_a_coordinator_notes_that_the_participant_knows() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (id, code) = app.participant(&study).await;
    let path = told(&app, &study, Some(&code)).await;
    release(&app, &study, &path).await.problem(409, "participantNotInformed");
    let read = app.get(&path, researcher).await.expect(200);
    assert_eq!(read["details"]["releasedVersion"], Value::Null, "nothing was half released");
    let noted = inform(&app, &study, &id, &by_letter()).await.expect(200);
    assert_eq!(noted["informed"], by_letter());
    let seen = app.get(&study.path(&format!("/participants/{id}")), researcher).await.expect(200);
    assert_eq!(seen["informed"], by_letter());
    release(&app, &study, &path).await.expect(204);
    app.get(&path, study.token(Role::ExternalResearcher)).await.expect(200);
    let trail = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    let count = |action: &str| trail["items"].as_array().unwrap().iter().filter(|e| e["action"] == action).count();
    assert_eq!((count("participant.inform"), count("story.release")), (1, 1));
}

#[actix_web::test]
async fn own_stories_and_those_about_nobody_are_free() {
    let app = start().await;
    let study = app.study().await;
    let (_, code) = app.participant(&study).await;
    let own = study.story(Uuid::new_v4());
    app.put(&own, study.token(Role::Researcher), &story(Some(&code))).await.expect(201);
    release(&app, &study, &own).await.expect(204);
    let about_work = told(&app, &study, None).await;
    release(&app, &study, &about_work).await.expect(204);
}

#[actix_web::test]
async fn a_correction_of_a_released_story_is_no_way_around_it() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (id, code) = app.participant(&study).await;
    let path = told(&app, &study, None).await;
    release(&app, &study, &path).await.expect(204);
    let correction = json!({"participant": code, "reason": "it was about somebody"});
    let corrections = format!("{path}/corrections");
    app.post(&corrections, researcher, &correction).await.problem(409, "participantNotInformed");
    assert_eq!(app.get(&path, researcher).await.expect(200)["details"]["version"], 1, "nothing was half put right");
    app.delete(&format!("{path}/release"), researcher).await.expect(204);
    app.post(&corrections, researcher, &correction).await.expect(201);
    let newest = async || app.put(&format!("{path}/release"), researcher, &json!({"version": 2})).await;
    newest().await.problem(409, "participantNotInformed");
    inform(&app, &study, &id, &by_letter()).await.expect(200);
    newest().await.expect(204);
}

#[actix_web::test]
async fn whom_an_import_made_was_not_informed() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let id = Uuid::new_v4();
    let table =
        format!("story_id,wave,participant,perspective,language,title,text,confidence\n{id},1,X-001,job-coach,en,T,Text.,0.5\n");
    app.send_raw(reqwest::Method::POST, &study.path("/imports/stories"), researcher, "text/csv", table).await.expect(200);
    release(&app, &study, &study.story(id)).await.problem(409, "participantNotInformed");
}

#[actix_web::test]
async fn what_does_not_fit_is_named() {
    let app = start().await;
    let study = app.study().await;
    let (id, _) = app.participant(&study).await;
    let errors = inform(&app, &study, &id, &json!({"on": "soon", "way": "rumour", "who": "me"})).await.errors();
    assert_eq!(errors, ["$.by required", "$.on wrongFormat", "$.way unknownOption", "$.who unknownMember"]);
    let mut future = by_letter();
    future["on"] = json!("2999-01-01");
    assert_eq!(inform(&app, &study, &id, &future).await.errors(), ["$.on outOfRange"]);
    inform(&app, &study, &Uuid::new_v4().to_string(), &by_letter()).await.problem(404, "notFound");
    let seen = app.get(&study.path(&format!("/participants/{id}")), study.token(Role::Coordinator)).await.expect(200);
    assert_eq!(seen["informed"], Value::Null);
}
