//! Whom the study follows: codes, attributes, how they take part, and what is left when they withdraw.

use std::collections::BTreeSet;

use duiding::domain::code::normalise;
use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

async fn register(app: &TestApp, study: &Study, body: Value) -> Answer {
    app.post(&study.path("/participants"), study.token(Role::Coordinator), &body).await
}

/// How somebody takes part in wave 1, as the coordinator sees it.
async fn state(app: &TestApp, study: &Study, id: &str) -> Value {
    let path = study.path(&format!("/participants/{id}"));
    let seen = app.get(&path, study.token(Role::Coordinator)).await.expect(200);
    let waves = seen["participations"].as_array().unwrap();
    waves.iter().find(|p| p["wave"] == "1").map_or(Value::Null, |p| p["state"].clone())
}

async fn set_state(app: &TestApp, study: &Study, id: &str, body: Value) -> Answer {
    let path = study.path(&format!("/participants/{id}/participations/1"));
    app.put(&path, study.token(Role::Coordinator), &body).await
}

#[actix_web::test]
async fn every_participant_gets_a_code_to_type_and_a_secret_to_scan() {
    let app = start().await;
    let study = app.study().await;
    let body = json!({"count": 20, "firstWave": "1", "attributes": {"trajectory": "work-learning"}});
    let made = register(&app, &study, body).await.expect(201);
    let made = made.as_array().unwrap();
    let mut seen = BTreeSet::new();
    for one in made {
        let participant = &one["participant"];
        let (code, secret) = (participant["code"].as_str().unwrap(), one["secret"].as_str().unwrap());
        assert_eq!(normalise(code).as_deref(), Some(code), "the check character fits");
        assert_eq!(secret.len(), 22, "128 bits");
        assert!([code, secret, participant["id"].as_str().unwrap()].iter().all(|t| seen.insert((*t).to_owned())));
        assert_eq!((&participant["status"], &participant["firstWave"]), (&json!("active"), &json!("1")));
        let expected = json!([{"wave": "1", "state": "expected", "attributes": {}}]);
        assert_eq!(participant["participations"], expected);
    }
    let list = app.get(&study.path("/participants?limit=20"), study.token(Role::Coordinator)).await.expect(200);
    assert_eq!((list["items"].as_array().unwrap().len(), &list["next"]), (20, &Value::Null));
    for one in made {
        assert!(!list.to_string().contains(one["secret"].as_str().unwrap()), "the secret is shown once");
        assert!(list["items"].as_array().unwrap().contains(&one["participant"]));
    }
}

#[actix_web::test]
async fn participants_are_listed_page_by_page() {
    let app = start().await;
    let study = app.study().await;
    register(&app, &study, json!({"count": 7})).await.expect(201);
    let (mut ids, mut path) = (Vec::new(), study.path("/participants?limit=3"));
    loop {
        let page = app.get(&path, study.token(Role::Researcher)).await.expect(200);
        ids.extend(page["items"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = study.path(&format!("/participants?limit=3&cursor={next}"));
    }
    assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (7, 7));
}

#[actix_web::test]
async fn attributes_are_those_of_the_framework() {
    let app = start().await;
    let study = app.study().await;
    let wrong = json!({"count": 0, "firstWave": "1", "attributes": {}});
    assert_eq!(register(&app, &study, wrong).await.errors(), ["$.count outOfRange"]);
    let wrong = json!({"firstWave": "9", "attributes": {"trajectory": "holiday", "shoe-size": "44", "role": "coach"}});
    let expected = [
        "$.attributes.role unknownAttribute",
        "$.attributes.trajectory unknownOption",
        "$.attributes['shoe-size'] unknownAttribute",
        "$.firstWave unknownOption",
    ];
    assert_eq!(register(&app, &study, wrong).await.errors(), expected);

    let (id, _) = app.participant(&study).await;
    let path = study.path(&format!("/participants/{id}"));
    let patched = app.patch(&path, study.token(Role::Coordinator), &json!({"attributes": {"trajectory": "holiday"}})).await;
    assert_eq!(patched.errors(), ["$.attributes.trajectory unknownOption"]);
    let of_wave = json!({"state": "expected", "attributes": {"role": "candidate", "trajectory": "temporary-job"}});
    assert_eq!(set_state(&app, &study, &id, of_wave).await.errors(), ["$.attributes.trajectory unknownAttribute"]);
    let of_wave = json!({"state": "expected", "attributes": {"role": "candidate", "months-in-track": "months-4-6"}});
    let set = set_state(&app, &study, &id, of_wave.clone()).await.expect(200);
    assert_eq!(set["participations"][0]["attributes"], of_wave["attributes"]);
}

#[actix_web::test]
async fn only_the_coordinator_sees_who_told_and_who_declined() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = app.participant(&study).await;
    set_state(&app, &study, &id, json!({"state": "declined"})).await.expect(200);
    assert_eq!(state(&app, &study, &id).await, "declined");
    for path in [study.path("/participants"), study.path(&format!("/participants/{id}"))] {
        let seen = app.get(&path, study.token(Role::Researcher)).await.expect(200);
        assert!(seen.to_string().contains(&code));
        assert!(!seen.to_string().contains("declined"), "{seen}");
        for role in [Role::Owner, Role::ExternalResearcher, Role::Workgroup, Role::Facilitator] {
            app.get(&path, study.token(role)).await.problem(403, "forbidden");
        }
    }
}

#[actix_web::test]
async fn refusals_are_counted_together_so_that_nobody_stands_out() {
    let app = start().await;
    let study = app.study().await;
    for state in ["expected", "started", "declined", "missed", "withdrawn", "notApplicable", "completed"] {
        let (id, _) = app.participant(&study).await;
        set_state(&app, &study, &id, json!({"state": state})).await.expect(200);
    }
    for role in [Role::Owner, Role::Coordinator, Role::Researcher, Role::ExternalResearcher] {
        let response = app.get(&study.path("/response"), study.token(role)).await.expect(200);
        let first = json!({"wave": "1", "participants": {"expected": 2, "completed": 1, "notTold": 3}, "stories": []});
        let second = json!({"wave": "2", "participants": {"expected": 0, "completed": 0, "notTold": 0}, "stories": []});
        assert_eq!(response, json!({"waves": [first, second]}));
    }
}

#[actix_web::test]
async fn a_wave_or_state_that_there_is_not_cannot_be_set() {
    let app = start().await;
    let study = app.study().await;
    let (id, _) = app.participant(&study).await;
    assert_eq!(set_state(&app, &study, &id, json!({"state": "asleep"})).await.errors(), ["$.state unknownOption"]);
    let body = json!({"state": "missed"});
    set_state(&app, &study, &Uuid::new_v4().to_string(), body.clone()).await.problem(404, "notFound");
    let path = study.path(&format!("/participants/{id}/participations/9"));
    app.put(&path, study.token(Role::Coordinator), &body).await.problem(404, "notFound");
}

#[actix_web::test]
async fn leaving_for_work_is_an_exit_with_its_reason_and_month() {
    let app = start().await;
    let study = app.study().await;
    let (id, _) = app.participant(&study).await;
    let path = study.path(&format!("/participants/{id}"));
    let patch = async |body: Value| app.patch(&path, study.token(Role::Coordinator), &body).await;
    let wrong = json!({"status": "gone", "exitReason": "bored", "exitMonth": "2026-13"});
    assert_eq!(patch(wrong).await.errors(), ["$.exitMonth wrongFormat", "$.exitReason unknownOption", "$.status unknownOption"]);
    let exit = json!({"status": "exited", "exitReason": "work", "exitMonth": "2026-03"});
    let seen = patch(exit).await.expect(200);
    let exit = (&seen["status"], &seen["exitReason"], &seen["exitMonth"]);
    assert_eq!(exit, (&json!("exited"), &json!("work"), &json!("2026-03")));
    assert_eq!(seen["attributes"], json!({"trajectory": "temporary-job"}), "what is not named stays");
    let back = patch(json!({"status": "active"})).await.expect(200);
    assert_eq!((&back["status"], &back["exitReason"], &back["exitMonth"]), (&json!("active"), &Value::Null, &Value::Null));
    app.patch(&study.path(&format!("/participants/{}", Uuid::new_v4())), study.token(Role::Coordinator), &json!({}))
        .await
        .problem(404, "notFound");
}

#[actix_web::test]
async fn a_story_by_the_candidate_completes_the_participation() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let (id, code) = app.participant(&study).await;
    let mut of_coach = story(None);
    of_coach["participant"] = json!(code);
    of_coach["perspective"] = json!("job-coach");
    of_coach["placements"] = json!({});
    app.put(&study.story(Uuid::new_v4()), study.token(Role::Researcher), &of_coach).await.expect(201);
    assert_eq!(state(&app, &study, &id).await, "expected", "what a coach tells is not the candidate's story");
    app.put(&study.story(Uuid::new_v4()), &device, &story(Some(&code))).await.expect(201);
    assert_eq!(state(&app, &study, &id).await, "completed");
    let response = app.get(&study.path("/response"), study.token(Role::Owner)).await.expect(200);
    let told = [
        json!({"perspective": "candidate", "active": 1, "held": 0}),
        json!({"perspective": "job-coach", "active": 1, "held": 0}),
    ];
    assert_eq!(response["waves"][0]["stories"], json!(told));
}

#[actix_web::test]
async fn a_held_story_completes_the_participation_when_it_is_accepted() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = app.participant(&study).await;
    let story_id = Uuid::new_v4();
    let mut body = story(Some(&code));
    body["consent"] = Value::Null;
    let receipt = app.put(&study.story(story_id), &app.device(&study).await, &body).await.expect(201);
    assert_eq!(receipt["held"], json!(["consentMissing"]));
    assert_eq!(state(&app, &study, &id).await, "expected");
    let response = app.get(&study.path("/response"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(response["waves"][0]["stories"], json!([{"perspective": "candidate", "active": 0, "held": 1}]));
    let accept = format!("{}/_accept", study.story(story_id));
    app.post(&accept, study.token(Role::Researcher), &json!({"reason": "signed on paper"})).await.expect(204);
    assert_eq!(state(&app, &study, &id).await, "completed");
}

#[actix_web::test]
async fn a_story_does_not_undo_that_somebody_declined() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = app.participant(&study).await;
    set_state(&app, &study, &id, json!({"state": "declined"})).await.expect(200);
    app.put(&study.story(Uuid::new_v4()), &app.device(&study).await, &story(Some(&code))).await.expect(201);
    assert_eq!(state(&app, &study, &id).await, "declined", "the coordinator decides");
}
