//! Everywhere else the same: all that is wrong with a request at once, each by its place, and never a 500.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, start, story};
use duiding::domain::role::Role;

async fn study() -> (TestApp, Study) {
    let app = start().await;
    let study = app.study().await;
    (app, study)
}

#[actix_web::test]
async fn a_login_names_all_that_is_wrong() {
    let app = start().await;
    let errors = app.post("/v1/sessions", "", &json!({"email": 5, "user": "Sjaak"})).await.errors();
    assert_eq!(errors, ["$.email wrongType", "$.password required", "$.user unknownMember"]);
    let errors = app.post("/v1/sessions", "", &json!({"email": "e".repeat(255), "password": "p".repeat(1025)})).await.errors();
    assert_eq!(errors, ["$.email tooLong", "$.password tooLong"]);
    let errors = app.post("/v1/sessions", "", &json!({"email": "a\0", "password": "\0"})).await.errors();
    assert_eq!(errors, ["$.email nullCharacter", "$.password nullCharacter"]);
    for body in [json!(null), json!([]), json!("x")] {
        assert_eq!(app.post("/v1/sessions", "", &body).await.errors(), ["$ wrongType"]);
    }
}

#[actix_web::test]
async fn a_wave_names_all_that_is_wrong() {
    let (app, study) = study().await;
    let researcher = study.token(Role::Researcher);
    let wave = json!({"ordinal": 0, "label": {"en": 5}, "opensOn": "2026-13-01", "closesOn": "soon", "state": "open"});
    let errors = app.post(&study.path("/waves"), researcher, &wave).await.errors();
    let expected = [
        "$.closesOn wrongFormat",
        "$.key required",
        "$.label.en wrongType",
        "$.opensOn wrongFormat",
        "$.ordinal outOfRange",
        "$.state unknownMember",
    ];
    assert_eq!(errors, expected);
    let wave = json!({"key": "Third Wave", "ordinal": 3, "label": {}, "opensOn": "2026-03-02", "closesOn": "2026-03-01"});
    let errors = app.post(&study.path("/waves"), researcher, &wave).await.errors();
    assert_eq!(errors, ["$.closesOn outOfRange", "$.key wrongFormat"]);
    let errors = app.patch(&study.path("/waves/1"), researcher, &json!({"state": "ajar", "key": "one"})).await.errors();
    assert_eq!(errors, ["$.key unknownMember", "$.state unknownOption"]);
    let waves = app.get(&study.path("/waves"), researcher).await.expect(200);
    assert_eq!(waves["items"].as_array().unwrap().len(), 2, "nothing was added");
}

#[actix_web::test]
async fn a_participant_names_all_that_is_wrong() {
    let (app, study) = study().await;
    let coordinator = study.token(Role::Coordinator);
    let errors =
        app.post(&study.path("/participants"), coordinator, &json!({"count": 501, "firstWave": 1, "name": "Sjaak"})).await;
    assert_eq!(errors.errors(), ["$.count outOfRange", "$.firstWave wrongType", "$.name unknownMember"]);
    assert!(!errors.text.contains("Sjaak"));
    let new = json!({"firstWave": "9", "attributes": {"trajectory": "holiday", "shoe-size": "44", "role": "coach"}});
    let errors = app.post(&study.path("/participants"), coordinator, &new).await.errors();
    let expected = [
        "$.attributes.role unknownAttribute",
        "$.attributes.trajectory unknownOption",
        "$.attributes['shoe-size'] unknownAttribute",
        "$.firstWave unknownOption",
    ];
    assert_eq!(errors, expected);
    let (id, _) = app.participant(&study).await;
    let patch = json!({"status": "withdrawn", "exitMonth": "2026-13", "exitReason": "bored", "code": "7K3M-PX2C"});
    let errors = app.patch(&study.path(&format!("/participants/{id}")), coordinator, &patch).await.errors();
    assert_eq!(errors, ["$.code unknownMember", "$.exitMonth wrongFormat", "$.exitReason unknownOption"]);
    let patch = json!({"status": "withdrawn", "firstWave": "9", "attributes": {"trajectory": "holiday"}});
    let errors = app.patch(&study.path(&format!("/participants/{id}")), coordinator, &patch).await.errors();
    assert_eq!(errors, ["$.attributes.trajectory unknownOption", "$.firstWave unknownOption", "$.status useWithdraw"]);
}

#[actix_web::test]
async fn an_enrolment_names_all_that_is_wrong() {
    let (app, study) = study().await;
    let coordinator = study.token(Role::Coordinator);
    let path = study.path("/enrolments");
    let errors =
        app.post(&path, coordinator, &json!({"facilitator": "", "perspectives": [], "days": 0, "phone": "06"})).await.errors();
    let expected =
        ["$.days outOfRange", "$.facilitator tooShort", "$.perspectives tooShort", "$.phone unknownMember", "$.wave required"];
    assert_eq!(errors, expected);
    let body = json!({"facilitator": "f", "wave": "9", "perspectives": ["candidate", "neighbour", "friend"]});
    let errors = app.post(&path, coordinator, &body).await.errors();
    assert_eq!(errors, ["$.perspectives[1] unknownOption", "$.perspectives[2] unknownOption", "$.wave unknownOption"]);
    let errors =
        app.post("/v1/devices/_enrol", "", &json!({"code": 5, "appVersion": "1".repeat(101), "name": "x"})).await.errors();
    assert_eq!(errors, ["$.appVersion tooLong", "$.code wrongType", "$.name unknownMember"]);
    let devices = app.get(&path, coordinator).await.expect(200);
    assert_eq!(devices["items"], json!([]), "nothing was made");
}

#[actix_web::test]
async fn numbers_too_large_to_keep_are_named_where_they_are() {
    let (app, study) = study().await;
    let researcher = study.token(Role::Researcher);
    let path = format!("{}/release", study.story(Uuid::new_v4()));
    for version in [json!(2_147_483_648_u64), json!(1e30), json!(12_345_678_901_234_567_890_u64), json!(-1)] {
        assert_eq!(
            app.put(&path, researcher, &json!({"version": version})).await.errors(),
            ["$.version outOfRange"],
            "{version}"
        );
    }
    let translation = json!({"version": 1e10, "title": "", "text": ""});
    let path = format!("{}/translations/en", study.story(Uuid::new_v4()));
    assert_eq!(app.put(&path, researcher, &translation).await.errors(), ["$.version outOfRange"]);
}

#[actix_web::test]
async fn query_parameters_are_named_when_they_are_wrong() {
    let (app, study) = study().await;
    let researcher = study.token(Role::Researcher);
    let cases = [
        ("limit=0", vec!["query.limit outOfRange"]),
        ("limit=501", vec!["query.limit outOfRange"]),
        ("limit=-1", vec!["query.limit invalidQuery"]),
        ("limit=", vec!["query.limit invalidQuery"]),
        ("limit=Sjaak", vec!["query.limit invalidQuery"]),
        ("limit=99999999999", vec!["query.limit invalidQuery"]),
        ("limit=1&limit=2", vec!["query.limit invalidQuery"]),
        ("status=Sjaak", vec!["query.status invalidQuery"]),
        ("changedSince=-1", vec!["query.changedSince outOfRange"]),
        ("changedSince=1.5", vec!["query.changedSince invalidQuery"]),
        ("released=perhaps", vec!["query.released invalidQuery"]),
        ("waves=1", vec!["query.waves invalidQuery"]),
        ("limit=x&status=y&waves=1", vec!["query.limit invalidQuery", "query.status invalidQuery", "query.waves invalidQuery"]),
        ("wave=%00", vec!["query.wave invalidQuery"]),
        ("language=a%00b&perspective=%00", vec!["query.language invalidQuery", "query.perspective invalidQuery"]),
    ];
    for (query, expected) in cases {
        let answer = app.get(&study.path(&format!("/stories?{query}")), researcher).await;
        assert_eq!(answer.errors(), expected, "{query}");
        assert!(!answer.text.contains("Sjaak"), "{}", answer.text);
    }
    let answer = app.get(&study.path(&format!("/stories/{}?from=tone", Uuid::new_v4())), researcher).await;
    assert_eq!(answer.errors(), ["query.from invalidQuery"]);
}

#[actix_web::test]
async fn a_cursor_of_another_list_is_refused() {
    let (app, study) = study().await;
    let researcher = study.token(Role::Researcher);
    let device = app.device(&study).await;
    for _ in 0..2 {
        app.participant(&study).await;
        app.put(&study.story(Uuid::new_v4()), &device, &story(None)).await.expect(201);
    }
    let next = |page: Value| page["next"].as_str().unwrap().to_owned();
    let of_people = next(app.get(&study.path("/participants?limit=1"), researcher).await.expect(200));
    let of_stories = next(app.get(&study.path("/stories?limit=1"), researcher).await.expect(200));
    let nothing = base64(r#"[1,"\u0000"]"#);
    for cursor in [of_people.as_str(), "", "x", "Sjaak", "AAAA", &base64("[]"), &base64("[1,2]"), &nothing] {
        let answer = app.get(&study.path(&format!("/stories?cursor={cursor}")), researcher).await;
        assert_eq!(answer.errors(), ["query.cursor wrongFormat"], "{cursor}");
    }
    for cursor in [of_stories.as_str(), &base64(r#""\u0000""#)] {
        let answer = app.get(&study.path(&format!("/participants?cursor={cursor}")), researcher).await;
        assert_eq!(answer.errors(), ["query.cursor wrongFormat"], "{cursor}");
    }
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

#[actix_web::test]
async fn ids_in_the_address_that_are_none_are_not_found() {
    let (app, study) = study().await;
    let (researcher, coordinator) = (study.token(Role::Researcher), study.token(Role::Coordinator));
    let device = app.device(&study).await;
    app.get(&study.story("first"), researcher).await.problem(404, "notFound");
    app.get(&study.path("/participants/first"), coordinator).await.problem(404, "notFound");
    app.get("/v1/projects/first/stories", researcher).await.problem(404, "notFound");
    app.put(&study.story("first"), &device, &story(None)).await.problem(404, "notFound");
    app.patch(&study.path("/waves/%00"), researcher, &json!({"state": "open"})).await.problem(404, "notFound");
    let (id, _) = app.participant(&study).await;
    let path = study.path(&format!("/participants/{id}/participations/%00"));
    app.put(&path, coordinator, &json!({"state": "missed"})).await.problem(404, "notFound");
    let path = format!("{}/translations/Dutch", study.story(Uuid::new_v4()));
    let answer = app.put(&path, researcher, &json!({"version": 1, "title": "", "text": ""})).await;
    assert_eq!(answer.errors(), ["path.language wrongFormat"]);
}

#[actix_web::test]
async fn a_malformed_entry_of_a_batch_keeps_back_no_other() {
    let (app, study) = study().await;
    let device = app.device(&study).await;
    let good = json!({"id": Uuid::new_v4(), "body": story(Some("NOBO-DY00"))});
    let entries = json!([{"id": "first", "body": {}}, {"body": {}}, {"id": Uuid::new_v4()}, 7, good]);
    let answer = app.post(&study.path("/stories/_batch"), &device, &json!({"stories": entries})).await.expect(200);
    let results = answer["results"].as_array().unwrap();
    let found: Vec<(u64, &str)> = results
        .iter()
        .map(|r| (r["status"].as_u64().unwrap(), r["problem"]["errors"][0]["path"].as_str().unwrap_or_default()))
        .collect();
    let expected =
        [(400, "$.stories[0].id"), (400, "$.stories[1].id"), (400, "$.stories[2].body"), (400, "$.stories[3].id"), (201, "")];
    assert_eq!(found, expected);
    assert_eq!(results[3]["problem"]["errors"].as_array().unwrap().len(), 2, "all errors at once");
    assert_eq!(app.stories_kept().await, 1);
}

#[actix_web::test]
async fn an_envelope_of_stories_names_all_that_is_wrong() {
    let (app, study) = study().await;
    let device = app.device(&study).await;
    let path = study.path("/stories/_batch");
    for body in [json!({}), json!({"stories": []}), json!({"stories": {}}), json!(null), json!([])] {
        assert_eq!(app.post(&path, &device, &body).await.errors(), ["$.stories wrongCount"], "{body}");
    }
    let body = json!({"stories": [], "device": 1});
    let errors = app.post(&path, &device, &body).await.errors();
    assert_eq!(errors, ["$.device unknownMember", "$.stories wrongCount"]);
    app.send_raw(Method::POST, &path, &device, "text/plain", "{}").await.problem(415, "unsupportedMediaType");
    assert_eq!(app.stories_kept().await, 0);
}
