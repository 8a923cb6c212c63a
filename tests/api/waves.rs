//! Measurement moments: their order, their window, and what their state means for stories.

use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{start, story};

#[actix_web::test]
async fn waves_are_planned_and_listed_in_their_order() {
    let app = start().await;
    let study = app.study().await;
    let body = json!({"key": "before", "ordinal": 10, "label": {"nl": "Nul", "en": "Before"}, "opensOn": "2026-01-01"});
    let made = app.post(&study.path("/waves"), study.token(Role::Coordinator), &body).await.expect(201);
    assert_eq!((&made["state"], &made["opensOn"], &made["closesOn"]), (&json!("planned"), &json!("2026-01-01"), &Value::Null));
    let body = json!({"key": "late", "ordinal": 9, "label": {"en": "Late"}});
    app.post(&study.path("/waves"), study.token(Role::Owner), &body).await.expect(201);
    for token in [study.token(Role::Workgroup), &app.device(&study).await] {
        let list = app.get(&study.path("/waves"), token).await.expect(200);
        let keys: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|w| &w["key"]).collect();
        assert_eq!(keys, ["1", "2", "late", "before"]);
    }
}

#[actix_web::test]
async fn a_key_and_a_place_in_the_order_are_taken_once() {
    let app = start().await;
    let (study, other) = (app.study().await, app.study().await);
    let owner = study.token(Role::Owner);
    let wave = |key: &str, ordinal: u32| json!({"key": key, "ordinal": ordinal, "label": {"en": "Wave"}});
    app.post(&study.path("/waves"), owner, &wave("1", 3)).await.problem(409, "waveExists");
    app.post(&study.path("/waves"), owner, &wave("3", 1)).await.problem(409, "waveExists");
    app.post(&study.path("/waves"), owner, &wave("3", 3)).await.expect(201);
    app.post(&other.path("/waves"), other.token(Role::Owner), &wave("3", 3)).await.expect(201);
}

#[actix_web::test]
async fn what_is_wrong_with_a_wave_is_named() {
    let app = start().await;
    let study = app.study().await;
    let post = async |body: Value| app.post(&study.path("/waves"), study.token(Role::Owner), &body).await;
    let wrong = json!({"key": "", "ordinal": 0, "label": "Wave", "opensOn": "tomorrow", "state": "open"});
    let expected =
        ["$.key tooShort", "$.label wrongType", "$.opensOn wrongFormat", "$.ordinal outOfRange", "$.state unknownMember"];
    assert_eq!(post(wrong).await.errors(), expected);
    let turned = json!({"key": "Wave 3", "ordinal": 3, "label": {"en": "W"}, "opensOn": "2026-03-02", "closesOn": "2026-03-01"});
    assert_eq!(post(turned).await.errors(), ["$.closesOn outOfRange", "$.key wrongFormat"]);
}

#[actix_web::test]
async fn a_window_does_not_close_before_it_opens() {
    let app = start().await;
    let study = app.study().await;
    let patch = async |body: Value| app.patch(&study.path("/waves/2"), study.token(Role::Owner), &body).await;
    let planned = patch(json!({"opensOn": "2026-03-01", "closesOn": "2026-03-31"})).await.expect(200);
    assert_eq!((&planned["opensOn"], &planned["closesOn"]), (&json!("2026-03-01"), &json!("2026-03-31")));
    let open = patch(json!({"closesOn": null})).await.expect(200);
    assert_eq!((&open["opensOn"], &open["closesOn"]), (&json!("2026-03-01"), &Value::Null), "only the last day is taken away");
    assert_eq!(patch(json!({"closesOn": "2026-02-01"})).await.errors(), ["$.closesOn outOfRange"]);
    let moved = patch(json!({"opensOn": null, "closesOn": "2026-02-01"})).await.expect(200);
    assert_eq!((&moved["opensOn"], &moved["closesOn"]), (&Value::Null, &json!("2026-02-01")));
    patch(json!({"opensOn": "2026-03-01", "closesOn": "2026-03-31"})).await.expect(200);
    assert_eq!(patch(json!({"opensOn": "2026-04-01"})).await.errors(), ["$.closesOn outOfRange"]);
    assert_eq!(patch(json!({"closesOn": "2026-02-28"})).await.errors(), ["$.closesOn outOfRange"]);
    let one_day = patch(json!({"closesOn": "2026-03-01", "label": {"en": "One day"}})).await.expect(200);
    assert_eq!((&one_day["closesOn"], &one_day["label"]), (&json!("2026-03-01"), &json!({"en": "One day"})));
    assert_eq!(patch(json!({})).await.expect(200), one_day, "what is not named stays");
}

#[actix_web::test]
async fn a_wave_is_changed_by_those_who_run_the_study_and_only_where_it_is() {
    let app = start().await;
    let study = app.study().await;
    app.patch(&study.path("/waves/3"), study.token(Role::Owner), &json!({"state": "open"})).await.problem(404, "notFound");
    let wrong = app.patch(&study.path("/waves/2"), study.token(Role::Owner), &json!({"state": "paused"})).await;
    assert_eq!(wrong.errors(), ["$.state unknownOption"]);
    app.patch(&study.path("/waves/2"), study.token(Role::Workgroup), &json!({"state": "open"})).await.problem(403, "forbidden");
    let events = app.get(&study.path("/audit-events?limit=1&result=done"), study.token(Role::Owner)).await.expect(200);
    let last = &events["items"][0];
    assert_eq!(
        (&last["action"], &last["subject"], &last["detail"]),
        (&json!("wave.update"), &json!("1"), &json!("planned to open"))
    );
}

#[actix_web::test]
async fn stories_are_taken_in_while_a_wave_is_open_or_closing_and_held_otherwise() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let expected = [("planned", true), ("open", false), ("closing", false), ("closed", true), ("open", false)];
    for (state, held) in expected {
        app.patch(&study.path("/waves/1"), study.token(Role::Owner), &json!({"state": state})).await.expect(200);
        let receipt = app.put(&study.story(Uuid::new_v4()), &device, &story(None)).await.expect(201);
        let reasons = if held { json!(["waveNotOpen"]) } else { json!([]) };
        assert_eq!(receipt["held"], reasons, "{state}");
    }
    assert_eq!(app.stories_kept().await, 5);
}

#[actix_web::test]
async fn a_story_of_a_wave_that_nobody_planned_is_held() {
    let app = start().await;
    let study = app.study().await;
    let mut body = story(None);
    body["wave"] = json!("9");
    let receipt = app.put(&study.story(Uuid::new_v4()), study.token(Role::Researcher), &body).await.expect(201);
    assert_eq!(receipt["held"], json!(["unknownWave"]));
}
