//! Who tells, under an own code, and the protected link to whom they tell about.

use std::collections::BTreeSet;

use duiding::domain::code::normalise;
use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start};

async fn register(app: &TestApp, study: &Study, body: Value) -> Answer {
    app.post(&study.path("/tellers"), study.token(Role::Coordinator), &body).await
}

#[actix_web::test]
async fn every_teller_gets_an_own_code() {
    let app = start().await;
    let study = app.study().await;
    let made = register(&app, &study, json!({"perspective": "case-manager", "count": 5})).await.expect(201);
    let mut codes = BTreeSet::new();
    for one in made.as_array().unwrap() {
        let code = one["teller"]["code"].as_str().unwrap();
        assert_eq!(normalise(code).as_deref(), Some(code));
        assert_eq!((&one["teller"]["perspective"], &one["teller"]["participants"]), (&json!("case-manager"), &json!([])));
        assert_eq!(one["secret"].as_str().unwrap().len(), 22);
        codes.insert(code.to_owned());
    }
    assert_eq!(codes.len(), 5);
    let list = app.get(&study.path("/tellers?limit=2"), study.token(Role::Coordinator)).await.expect(200);
    assert!(list["next"].is_string());
    assert!(!list.to_string().contains(made[0]["secret"].as_str().unwrap()));
}

#[actix_web::test]
async fn a_candidate_tells_the_own_story_under_the_own_code_once() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = app.participant(&study).await;
    let list = app.get(&study.path("/tellers"), study.token(Role::Coordinator)).await.expect(200);
    assert_eq!(list["items"][0]["code"], code.as_str());
    assert_eq!(list["items"][0]["participants"], json!([{"id": id, "code": code}]));
    register(&app, &study, json!({"perspective": "candidate", "participant": code})).await.problem(409, "conflict");
}

#[actix_web::test]
async fn what_is_wrong_with_a_teller_is_named_at_once() {
    let app = start().await;
    let study = app.study().await;
    let wrong = json!({"perspective": "neighbour", "participant": "0000-0000", "count": 2});
    let expected = ["$.count outOfRange", "$.participant unknownOption", "$.perspective unknownOption"];
    assert_eq!(register(&app, &study, wrong).await.errors(), expected);
    let theirs = app.study().await;
    let (_, code) = app.participant(&theirs).await;
    let of_others = json!({"perspective": "candidate", "participant": code});
    assert_eq!(register(&app, &study, of_others).await.errors(), ["$.participant unknownOption"]);
}

#[actix_web::test]
async fn the_coordinator_links_a_coach_to_candidates_and_nobody_else_sees_it() {
    let app = start().await;
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator);
    let ((first, _), (second, _)) = (app.participant(&study).await, app.participant(&study).await);
    let made = register(&app, &study, json!({"perspective": "job-coach"})).await.expect(201);
    let path = study.path(&format!("/tellers/{}", made[0]["teller"]["id"].as_str().unwrap()));
    let link = |id: &str| format!("{path}/participants/{id}");
    for id in [&first, &second, &second] {
        app.put(&link(id), coordinator, &json!({})).await.expect(200);
    }
    let linked = app.get(&path, coordinator).await.expect(200);
    let ids: BTreeSet<&str> = linked["participants"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect();
    assert_eq!(ids, BTreeSet::from([first.as_str(), &second]));
    app.delete(&link(&first), coordinator).await.expect(204);
    app.delete(&link(&first), coordinator).await.problem(404, "notFound");
    app.put(&link(&Uuid::new_v4().to_string()), coordinator, &json!({})).await.problem(404, "notFound");
    let linked = app.get(&path, coordinator).await.expect(200);
    assert_eq!(linked["participants"].as_array().unwrap().len(), 1);
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Coordinator) {
        app.get(&path, study.token(role)).await.problem(403, "forbidden");
        app.get(&study.path("/tellers"), study.token(role)).await.problem(403, "forbidden");
    }
}
