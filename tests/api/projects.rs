//! Studies: starting, editing and listing them, and the thresholds that protect small groups.

use duiding::domain::role::Role;
use serde_json::{Value, json};

use crate::helpers::{Answer, Study, TestApp, start};

#[actix_web::test]
async fn whoever_starts_a_study_owns_it() {
    let app = start().await;
    let (_, token) = app.user("owner@example.org").await;
    let answer = app.post("/v1/projects", &token, &json!({"title": "Study", "description": "On the way to work."})).await;
    let location = answer.header("location");
    let made = answer.expect(201);
    assert_eq!(location, format!("/v1/projects/{}", made["id"].as_str().unwrap()));
    assert_eq!((&made["role"], &made["change"]), (&json!("owner"), &json!(0)));
    assert_eq!((&made["thresholds"], &made["askedThresholds"]), (&json!({"population": 10, "cell": 5}), &Value::Null));
    assert_eq!(app.get(&location, &token).await.expect(200), made);
    assert_eq!(app.get("/v1/projects", &token).await.expect(200), json!({"items": [made], "next": null}));
}

#[actix_web::test]
async fn a_study_has_a_name_and_nothing_unknown() {
    let app = start().await;
    let (_, token) = app.user("owner@example.org").await;
    let post = async |body: Value| app.post("/v1/projects", &token, &body).await;
    assert_eq!(post(json!({})).await.errors(), ["$.title required"]);
    let wrong = json!({"title": "", "description": 3, "owner": "me"});
    assert_eq!(post(wrong).await.errors(), ["$.description wrongType", "$.owner unknownMember", "$.title tooShort"]);
    assert_eq!(post(json!({"title": "x".repeat(201)})).await.errors(), ["$.title tooLong"]);
    assert_eq!(post(json!(["title"])).await.errors(), ["$ wrongType"]);
    assert_eq!(app.get("/v1/projects", &token).await.expect(200)["items"], json!([]));
}

#[actix_web::test]
async fn the_owner_edits_name_and_description_one_by_one() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let before = app.get(&study.base, owner).await.expect(200);
    let renamed = app.patch(&study.base, owner, &json!({"title": "Renamed"})).await.expect(200);
    assert_eq!((&renamed["title"], &renamed["description"]), (&json!("Renamed"), &before["description"]));
    let described = app.patch(&study.base, owner, &json!({"description": "New."})).await.expect(200);
    assert_eq!((&described["title"], &described["description"]), (&json!("Renamed"), &json!("New.")));
    let unchanged = app.patch(&study.base, owner, &json!({})).await.expect(200);
    assert_eq!(unchanged["title"], "Renamed");
    assert_eq!(app.patch(&study.base, owner, &json!({"title": ""})).await.errors(), ["$.title tooShort"]);
    app.patch(&study.base, study.token(Role::Researcher), &json!({"title": "Mine"})).await.problem(403, "forbidden");
    assert_eq!(unchanged["change"], before["change"], "a name is no change of the stories");
}

#[actix_web::test]
async fn everybody_sees_the_own_studies_with_the_own_role_page_by_page() {
    let app = start().await;
    let (_, token) = app.user("owner@example.org").await;
    for title in ["A", "B", "C", "D", "E"] {
        app.post("/v1/projects", &token, &json!({"title": title})).await.expect(201);
    }
    app.study().await;
    let (mut titles, mut path) = (Vec::new(), "/v1/projects?limit=2".to_owned());
    loop {
        let page = app.get(&path, &token).await.expect(200);
        let items = page["items"].as_array().unwrap();
        titles.extend(items.iter().map(|p| p["title"].as_str().unwrap().to_owned()));
        assert!(items.len() <= 2 && items.iter().all(|p| p["role"] == "owner"));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/projects?limit=2&cursor={next}");
    }
    titles.sort();
    assert_eq!(titles, ["A", "B", "C", "D", "E"], "each once, and none of others");
}

async fn set(app: &TestApp, study: &Study, population: u32, cell: u32) -> Answer {
    let body = json!({"thresholds": {"population": population, "cell": cell}, "reason": "a pilot of 24"});
    app.put(&study.path("/thresholds"), study.token(Role::Owner), &body).await
}

/// A researcher agrees to thresholds that were asked for.
async fn consent(app: &TestApp, study: &Study, population: u32, cell: u32) -> Answer {
    let seen = json!({"thresholds": {"population": population, "cell": cell}});
    app.post(&study.path("/thresholds/_consent"), study.token(Role::Researcher), &seen).await
}

#[actix_web::test]
async fn a_researcher_agrees_to_what_is_on_the_screen_and_to_nothing_else() {
    let app = start().await;
    let study = app.study().await;
    set(&app, &study, 8, 5).await.expect(200);
    set(&app, &study, 3, 3).await.expect(200);
    consent(&app, &study, 8, 5).await.problem(409, "changedMeanwhile");
    let project = app.get(&study.base, study.token(Role::Owner)).await.expect(200);
    assert_eq!(project["thresholds"], json!({"population": 10, "cell": 5}));
    let errors = app.post(&study.path("/thresholds/_consent"), study.token(Role::Researcher), &json!({})).await.errors();
    assert_eq!(errors, ["$.thresholds required"]);
    assert_eq!(consent(&app, &study, 3, 3).await.expect(200)["thresholds"], json!({"population": 3, "cell": 3}));
}

#[actix_web::test]
async fn higher_thresholds_hold_at_once() {
    let app = start().await;
    let study = app.study().await;
    let raised = set(&app, &study, 20, 5).await.expect(200);
    assert_eq!((&raised["thresholds"], &raised["askedThresholds"]), (&json!({"population": 20, "cell": 5}), &Value::Null));
}

#[actix_web::test]
async fn lower_thresholds_wait_for_a_researcher() {
    let app = start().await;
    let study = app.study().await;
    consent(&app, &study, 9, 5).await.problem(409, "nothingAsked");
    let asked = set(&app, &study, 6, 5).await.expect(200);
    assert_eq!(asked["thresholds"], json!({"population": 10, "cell": 5}), "nothing is lower yet");
    let wanted = json!({"thresholds": {"population": 6, "cell": 5}, "reason": "a pilot of 24"});
    assert_eq!(asked["askedThresholds"], wanted);
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Researcher) {
        let answer = app.post(&study.path("/thresholds/_consent"), study.token(role), &json!({})).await;
        answer.problem(403, "forbidden");
    }
    let agreed = consent(&app, &study, 6, 5).await.expect(200);
    assert_eq!((&agreed["thresholds"], &agreed["askedThresholds"]), (&json!({"population": 6, "cell": 5}), &Value::Null));
    consent(&app, &study, 6, 5).await.problem(409, "nothingAsked");
    let events = app.get(&study.path("/audit-events?result=done"), study.token(Role::Owner)).await.expect(200);
    let said: Vec<_> = events["items"].as_array().unwrap().iter().take(2).map(|e| (&e["action"], &e["detail"])).collect();
    let reason = json!("a pilot of 24");
    assert_eq!(said, [(&json!("thresholds.consent"), &reason), (&json!("thresholds.ask"), &reason)]);
}

#[actix_web::test]
async fn one_higher_and_one_lower_is_lower() {
    let app = start().await;
    let study = app.study().await;
    let asked = set(&app, &study, 30, 4).await.expect(200);
    assert_eq!(asked["thresholds"], json!({"population": 10, "cell": 5}));
    let other = set(&app, &study, 9, 5).await.expect(200);
    assert_eq!(other["askedThresholds"]["thresholds"], json!({"population": 9, "cell": 5}), "the last question counts");
    let raised = set(&app, &study, 12, 6).await.expect(200);
    assert_eq!(raised["askedThresholds"], Value::Null, "whoever raises asks for nothing lower any more");
    consent(&app, &study, 9, 5).await.problem(409, "nothingAsked");
}

#[actix_web::test]
async fn no_threshold_is_ever_under_three() {
    let app = start().await;
    let study = app.study().await;
    let errors = ["$.thresholds.cell outOfRange", "$.thresholds.population outOfRange"];
    assert_eq!(set(&app, &study, 2, 0).await.errors(), errors);
    assert_eq!(set(&app, &study, 1001, 2).await.errors(), errors);
    let body = json!({"thresholds": {"population": 9}, "reason": "x"});
    let answer = app.put(&study.path("/thresholds"), study.token(Role::Owner), &body).await;
    assert_eq!(answer.errors(), ["$.reason tooShort", "$.thresholds.cell required"]);
    set(&app, &study, 3, 3).await.expect(200);
    assert_eq!(consent(&app, &study, 3, 3).await.expect(200)["thresholds"], json!({"population": 3, "cell": 3}));
}

#[actix_web::test]
async fn of_two_changes_at_once_none_lowers_without_consent() {
    let app = start().await;
    let study = app.study().await;
    for round in 1..6 {
        let (high, low) = (20 * round, 20 * round - 5);
        let (a, b) = futures_util::future::join(set(&app, &study, high, 10), set(&app, &study, low, 7)).await;
        assert_eq!((a.status.as_u16(), b.status.as_u16()), (200, 200));
        let project = app.get(&study.base, study.token(Role::Owner)).await.expect(200);
        assert_eq!(project["thresholds"], json!({"population": high, "cell": 10}));
    }
}
