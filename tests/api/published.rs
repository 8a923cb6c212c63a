//! The workgroup reads a published snapshot: nobody can compare before and after a single story.

use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, start, story};

/// New stories of so many new participants; answers the ids of the stories.
async fn told(app: &TestApp, study: &Study, count: usize) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let (_, code) = app.participant(study).await;
        let id = Uuid::new_v4();
        app.put(&study.story(id), study.token(Role::Researcher), &story(Some(&code))).await.expect(201);
        ids.push(id);
    }
    ids
}

async fn ask(app: &TestApp, study: &Study, role: Role) -> Value {
    app.post(&study.path("/summaries/_search"), study.token(role), &json!({})).await.expect(200)
}

async fn snapshot(app: &TestApp, study: &Study, role: Role) -> Value {
    app.get(&study.path("/published-snapshot"), study.token(role)).await.expect(200)
}

#[actix_web::test]
async fn a_new_story_changes_nothing_for_the_workgroup_until_enough_people_came() {
    let app = start().await;
    let study = app.study().await;
    told(&app, &study, 9).await;
    assert_eq!(ask(&app, &study, Role::Workgroup).await["stories"], Value::Null);
    assert_eq!(snapshot(&app, &study, Role::Workgroup).await["publishedAt"], Value::Null, "nine of ten");
    told(&app, &study, 1).await;
    let first = ask(&app, &study, Role::Workgroup).await;
    assert_eq!(first["stories"], 10);
    let mine = app.get(&study.base, study.token(Role::Workgroup)).await.expect(200);
    assert_eq!(mine["change"], first["change"], "the project tells the workgroup no more");
    for more in 1..5 {
        told(&app, &study, 1).await;
        assert_eq!(ask(&app, &study, Role::Workgroup).await, first, "{more} more");
        assert_eq!(app.get(&study.base, study.token(Role::Workgroup)).await.expect(200), mine);
        assert_eq!(ask(&app, &study, Role::Researcher).await["stories"], 10 + more, "researchers see the study as it is");
    }
    let researcher = study.token(Role::Researcher);
    for _ in 0..6 {
        app.put(&study.story(Uuid::new_v4()), researcher, &story(Some("NOBO-DY00"))).await.expect(201);
    }
    assert_eq!(ask(&app, &study, Role::Workgroup).await, first, "held stories are nobody yet");
    told(&app, &study, 1).await;
    let second = ask(&app, &study, Role::Workgroup).await;
    assert_eq!(second["stories"], 15);
    assert!(second["change"].as_i64() > first["change"].as_i64());
    let events = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    let published = events["items"].as_array().unwrap().iter().filter(|e| e["action"] == "snapshot.publish").count();
    assert_eq!(published, 2);
}

#[actix_web::test]
async fn several_stories_of_one_person_are_one_person() {
    let app = start().await;
    let study = app.study().await;
    told(&app, &study, 10).await;
    let first = ask(&app, &study, Role::Workgroup).await;
    let (_, code) = app.participant(&study).await;
    for _ in 0..6 {
        app.put(&study.story(Uuid::new_v4()), study.token(Role::Researcher), &story(Some(&code))).await.expect(201);
    }
    assert_eq!(ask(&app, &study, Role::Workgroup).await, first);
    assert_eq!(snapshot(&app, &study, Role::Researcher).await["waiting"], 1);
}

#[actix_web::test]
async fn a_withdrawn_story_leaves_at_once_and_a_frozen_snapshot_waits() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let ids = told(&app, &study, 12).await;
    assert_eq!(ask(&app, &study, Role::Workgroup).await["stories"], 12);
    let frozen = app.post(&study.path("/published-snapshot/_freeze"), researcher, &json!({})).await.expect(200);
    assert_eq!((&frozen["frozen"], &frozen["waiting"]), (&json!(true), &json!(0)));
    told(&app, &study, 6).await;
    assert_eq!(ask(&app, &study, Role::Workgroup).await["stories"], 12);
    app.post(&study.path("/published-snapshot/_publish"), researcher, &json!({})).await.problem(409, "frozen");
    app.post(&format!("{}/_withdraw", study.story(ids[0])), researcher, &json!({"reason": "asked"})).await.expect(204);
    assert_eq!(ask(&app, &study, Role::Workgroup).await["stories"], 11);
    app.post(&study.path("/published-snapshot/_unfreeze"), researcher, &json!({})).await.expect(200);
    assert_eq!(ask(&app, &study, Role::Workgroup).await["stories"], 17);
    let seen = snapshot(&app, &study, Role::Workgroup).await;
    assert_eq!((&seen["frozen"], &seen["waiting"]), (&json!(false), &Value::Null), "no counts for a workgroup");
}

#[actix_web::test]
async fn a_researcher_publishes_enough_people_or_nothing() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let publish = study.path("/published-snapshot/_publish");
    let nothing = app.post(&publish, researcher, &json!({})).await.expect(200);
    assert_eq!((&nothing["publishedAt"], &nothing["change"]), (&Value::Null, &json!(0)));
    told(&app, &study, 4).await;
    app.post(&publish, researcher, &json!({})).await.problem(409, "tooFewPeople");
    let ids = told(&app, &study, 1).await;
    app.put(&format!("{}/release", study.story(ids[0])), researcher, &json!({"version": 1})).await.expect(204);
    let (list, workgroup) = (study.path("/stories"), study.token(Role::Workgroup));
    assert_eq!(app.get(&list, workgroup).await.expect(200)["items"], json!([]), "released, but not yet published");
    app.get(&study.story(ids[0]), workgroup).await.problem(404, "notFound");
    let made = app.post(&publish, researcher, &json!({})).await.expect(200);
    assert!(made["publishedAt"].is_string() && made["waiting"] == 0);
    assert_eq!(app.get(&list, workgroup).await.expect(200)["items"].as_array().unwrap().len(), 1);
    app.get(&study.story(ids[0]), workgroup).await.expect(200);
    app.post(&publish, workgroup, &json!({})).await.problem(403, "forbidden");
}
