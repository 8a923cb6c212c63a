//! A teller keeps a code, and with it alone has the story taken back by somebody who does not read it.

use duiding::domain::code;
use duiding::domain::role::Role;
use duiding::erasures;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

async fn withdraw(app: &TestApp, study: &Study, role: Role, code: &str) -> Answer {
    let body = json!({"code": code, "reason": "the teller asked for it"});
    app.post(&study.path("/stories/_withdraw-by-code"), study.token(role), &body).await
}

/// Delivers a story; answers its id and the code on its receipt.
async fn told(app: &TestApp, study: &Study, device: &str) -> (Uuid, String) {
    let id = Uuid::new_v4();
    let receipt = app.put(&study.story(id), device, &story(None)).await.expect(201);
    (id, receipt["withdrawalCode"].as_str().unwrap().to_owned())
}

#[actix_web::test]
async fn every_receipt_has_the_code_that_the_phone_made_of_the_id() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let (id, code) = told(&app, &study, &device).await;
    assert_eq!(code, code::of_story(id));
    let again = app.put(&study.story(id), &device, &story(None)).await.expect(200);
    assert_eq!(again["withdrawalCode"], code);
    let batch = json!({"stories": [{"id": id, "body": story(None)}]});
    let answer = app.post(&study.path("/stories/_batch"), &device, &batch).await.expect(200);
    assert_eq!(answer["results"][0]["receipt"]["withdrawalCode"], code);
}

#[actix_web::test]
async fn the_story_of_the_code_is_withdrawn_and_no_other() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let researcher = study.token(Role::Researcher);
    for role in [Role::Coordinator, Role::Researcher] {
        let ((id, code), (other, _)) = (told(&app, &study, &device).await, told(&app, &study, &device).await);
        let answer = withdraw(&app, &study, role, &code.to_lowercase().replace('-', " ")).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""), "and nothing of it is read");
        app.get(&study.story(id), researcher).await.problem(410, "gone");
        app.put(&study.story(id), &device, &story(None)).await.problem(410, "gone");
        app.get(&study.story(other), researcher).await.expect(200);
        assert_eq!(withdraw(&app, &study, role, &code).await.status, 204, "safe to ask again");
        let log = erasures::read(&app.state.config.erasures_file).unwrap();
        assert!(log.iter().any(|line| line.subject == id.to_string()), "a restore does it again");
        let trail = app.get(&study.path(&format!("/audit-events?subject={id}")), study.token(Role::Owner)).await.expect(200);
        let actions: Vec<&Value> = trail["items"].as_array().unwrap().iter().map(|e| &e["action"]).collect();
        assert_eq!(actions, ["story.withdraw", "story.withdraw"]);
    }
    for role in [Role::Owner, Role::ExternalResearcher, Role::Workgroup, Role::Facilitator] {
        withdraw(&app, &study, role, "0000-0000-000").await.problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn a_code_that_is_wrong_or_of_no_story_here_withdraws_nothing() {
    let app = start().await;
    let (study, other) = (app.study().await, app.study().await);
    let device = app.device(&study).await;
    let (id, code) = told(&app, &study, &device).await;
    withdraw(&app, &other, Role::Coordinator, &code).await.problem(404, "notFound");
    withdraw(&app, &study, Role::Coordinator, &code::of_story(Uuid::new_v4())).await.problem(404, "notFound");
    let last = if code.ends_with('7') { "8" } else { "7" };
    let mistyped = format!("{}{last}", &code[..code.len() - 1]);
    for wrong in [mistyped.as_str(), &code[..8], "Jan Jansen", "\u{2028}"] {
        assert_eq!(withdraw(&app, &study, Role::Coordinator, wrong).await.errors(), ["$.code wrongCode"], "{wrong}");
    }
    let path = study.path("/stories/_withdraw-by-code");
    let errors = app.post(&path, study.token(Role::Coordinator), &json!({"id": id})).await.errors();
    assert_eq!(errors, ["$.code required", "$.id unknownMember", "$.reason required"]);
    app.get(&study.story(id), study.token(Role::Researcher)).await.expect(200);
}

#[actix_web::test]
async fn of_two_stories_with_one_code_none_is_withdrawn() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let (id, code) = told(&app, &study, &device).await;
    // Chance never makes these; somebody who chooses ids does.
    let twin = Uuid::from_u128(id.as_u128() ^ 1);
    app.put(&study.story(twin), &device, &story(None)).await.expect(201);
    withdraw(&app, &study, Role::Coordinator, &code).await.problem(409, "severalStories");
    for one in [id, twin] {
        app.get(&study.story(one), study.token(Role::Researcher)).await.expect(200);
    }
}
