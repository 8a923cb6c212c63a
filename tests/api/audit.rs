//! The audit trail: who did what, for the owner, page by page, without saying more than the owner may know.

use std::collections::BTreeSet;

use duiding::domain::role::Role;
use serde_json::{Value, json};

use crate::helpers::{Study, TestApp, start};

async fn trail(app: &TestApp, study: &Study) -> Vec<Value> {
    let list = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(list["next"], Value::Null);
    list["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn the_owner_reads_who_did_what() {
    let app = start().await;
    let study = app.study().await;
    let researcher = app.get("/v1/me", study.token(Role::Researcher)).await.expect(200)["id"].clone();
    app.device(&study).await;
    let events = trail(&app, &study).await;
    let actions: BTreeSet<&str> = events.iter().map(|e| e["action"].as_str().unwrap()).collect();
    let expected = [
        "device.create",
        "enrolment.create",
        "framework.create",
        "framework.publish",
        "project.create",
        "wave.create",
        "wave.update",
    ];
    assert_eq!(actions.into_iter().collect::<Vec<_>>(), expected);
    let published = events.iter().find(|e| e["action"] == "framework.publish").unwrap();
    assert_eq!((&published["actorKind"], &published["actorId"]), (&json!("user"), &researcher));
    assert_eq!((&published["subject"], &published["result"]), (&json!("1"), &json!("done")));
    let times: Vec<&str> = events.iter().map(|e| e["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| instant(a) >= instant(b)), "newest first: {times:?}");
}

fn instant(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap()
}

#[actix_web::test]
async fn the_trail_is_read_page_by_page_without_gap_or_repetition() {
    let app = start().await;
    let study = app.study().await;
    let all = trail(&app, &study).await;
    assert!(all.len() > 5);
    let mut paged = Vec::new();
    let mut path = study.path("/audit-events?limit=2");
    loop {
        let page = app.get(&path, study.token(Role::Owner)).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!((1..=2).contains(&items.len()));
        paged.extend(items.iter().cloned());
        let Some(next) = page["next"].as_str() else { break };
        path = study.path(&format!("/audit-events?limit=2&cursor={next}"));
    }
    assert_eq!(paged, all);
}

#[actix_web::test]
async fn a_wrong_page_is_refused_by_name() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let projects = app.get("/v1/projects?limit=1", owner).await.expect(200);
    assert_eq!(projects["next"], Value::Null);
    for (query, error) in [
        ("limit=0", "query.limit outOfRange"),
        ("limit=501", "query.limit outOfRange"),
        ("cursor=x", "query.cursor wrongFormat"),
        ("cursor=ImEi", "query.cursor wrongFormat"),
    ] {
        assert_eq!(app.get(&study.path(&format!("/audit-events?{query}")), owner).await.errors(), [error], "{query}");
    }
    for query in ["limit=-1", "limit=many", "page=2"] {
        let answer = app.get(&study.path(&format!("/audit-events?{query}")), owner).await;
        assert_eq!(answer.problem(400, "invalidInput")["errors"][0]["code"], "invalidQuery", "{query}");
    }
}

#[actix_web::test]
async fn a_reading_of_raw_stories_leaves_a_trace() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let id = uuid::Uuid::new_v4();
    app.put(&study.story(id), &app.device(&study).await, &crate::helpers::story(None)).await.expect(201);
    app.get(&study.story(id), researcher).await.expect(200);
    app.get(&format!("{}/versions", study.story(id)), researcher).await.expect(200);
    let reads = trail(&app, &study).await.into_iter().filter(|e| e["action"] == "story.readRaw");
    let subjects: Vec<Value> = reads.map(|e| e["subject"].clone()).collect();
    assert_eq!(subjects, [json!(id), json!(id)]);
}

#[actix_web::test]
async fn the_trail_does_not_tell_the_owner_who_refused() {
    let app = start().await;
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator);
    let (id, code) = app.participant(&study).await;
    for state in ["declined", "missed", "withdrawn"] {
        let path = study.path(&format!("/participants/{id}/participations/1"));
        app.put(&path, coordinator, &json!({"state": state})).await.expect(200);
    }
    let events = trail(&app, &study).await;
    assert!(events.iter().any(|e| e["action"] == "participation.update" && e["actorKind"] == "user"));
    for event in events {
        let text = event.to_string();
        for secret in ["declined", "missed", "withdrawn", &code] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[actix_web::test]
async fn the_trail_of_one_study_is_not_in_another() {
    let app = start().await;
    let (first, second) = (app.study().await, app.study().await);
    let ids = |events: Vec<Value>| events.iter().map(|e| e["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
    let (of_first, of_second) = (ids(trail(&app, &first).await), ids(trail(&app, &second).await));
    assert!(of_first.is_disjoint(&of_second));
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Owner) {
        app.get(&first.path("/audit-events"), first.token(role)).await.problem(403, "forbidden");
    }
}
