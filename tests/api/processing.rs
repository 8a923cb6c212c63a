//! What a project does with personal data is written down by its owner, and read by everybody in it.

use duiding::domain::role::Role;
use serde_json::{Value, json};

use crate::helpers::{Answer, Study, TestApp, start};

fn written() -> Value {
    json!({
        "controller": {"name": "Gemeente <Voorbeeld> & co", "contact": "privacy@voorbeeld.example", "dataProtectionOfficer": null},
        "purposes": [{"key": "research", "description": "To learn what helps.", "legalBasis": "publicTask",
            "specialGround": "research", "people": ["participants"], "data": ["stories", "answers"], "recipients": [],
            "retention": "Twelve months after the report.", "transfers": null}],
        "security": ["encrypted disk"]
    })
}

async fn write(app: &TestApp, study: &Study, based_on: i32, processing: &Value) -> Answer {
    let body = json!({"basedOn": based_on, "processing": processing});
    app.put(&study.path("/processing"), study.token(Role::Owner), &body).await
}

#[actix_web::test]
async fn the_owner_writes_it_everybody_reads_it_and_two_owners_do_not_write_over_each_other() {
    let app = start().await;
    let study = app.study().await;
    let path = study.path("/processing");
    let empty = app.get(&path, study.token(Role::Workgroup)).await.expect(200);
    let nothing = json!({"version": 0, "updatedAt": null, "processing": {"controller": null, "purposes": [], "security": []}});
    assert_eq!(empty, nothing);
    let made = write(&app, &study, 0, &written()).await.expect(200);
    assert_eq!((&made["version"], &made["processing"]), (&json!(1), &written()));
    for role in Role::ALL {
        assert_eq!(app.get(&path, study.token(role)).await.expect(200), made, "{role:?}");
    }
    let mut other = written();
    other["security"] = json!([]);
    write(&app, &study, 0, &other).await.problem(409, "changedMeanwhile");
    assert_eq!(app.get(&path, study.token(Role::Owner)).await.expect(200), made);
    assert_eq!(write(&app, &study, 1, &other).await.expect(200)["version"], 2);
    app.put(&path, study.token(Role::Researcher), &json!({"basedOn": 2, "processing": other})).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn all_that_is_wrong_is_named() {
    let app = start().await;
    let study = app.study().await;
    let mut wrong = written();
    wrong["controller"] = json!({"name": ""});
    wrong["purposes"][0]["legalBasis"] = json!("because");
    wrong["purposes"][0]["people"] = json!([]);
    wrong["mood"] = json!("fine");
    let errors = write(&app, &study, 0, &wrong).await.errors();
    let expected = [
        "$.processing.controller.contact required",
        "$.processing.controller.name tooShort",
        "$.processing.mood unknownMember",
        "$.processing.purposes[0].legalBasis unknownOption",
        "$.processing.purposes[0].people tooShort",
    ];
    assert_eq!(errors, expected);
    let mut twice = written();
    twice["purposes"] = json!([written()["purposes"][0], written()["purposes"][0]]);
    assert_eq!(write(&app, &study, 0, &twice).await.errors(), ["$.processing.purposes[1].key duplicateKey"]);
    assert_eq!(app.get(&study.path("/processing"), study.token(Role::Owner)).await.expect(200)["version"], 0);
}

#[actix_web::test]
async fn a_purpose_to_which_people_were_asked_to_agree_stays() {
    let app = start().await;
    let study = app.study().await;
    write(&app, &study, 0, &written()).await.expect(200);
    let text = json!({"key": "taking-part", "purpose": "research", "texts": {"nl": "Ik doe mee."}});
    app.post(&study.path("/consent-texts"), study.token(Role::Coordinator), &text).await.expect(201);
    let mut none = written();
    none["purposes"] = json!([]);
    assert_eq!(write(&app, &study, 1, &none).await.errors(), ["$.processing.purposes inUse"]);
    write(&app, &study, 1, &written()).await.expect(200);
}

#[actix_web::test]
async fn the_register_says_what_was_written_and_what_the_server_knows() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    write(&app, &study, 0, &written()).await.expect(200);
    let thresholds = study.path("/thresholds");
    let change = |population: i32, reason: &str| json!({"thresholds": {"population": population, "cell": 5}, "reason": reason});
    app.put(&thresholds, owner, &change(20, "to begin with")).await.expect(200);
    app.put(&thresholds, owner, &change(8, "the pilot is small")).await.expect(200);
    let researcher = study.token(Role::Researcher);
    app.post(&study.path("/thresholds/_consent"), researcher, &json!({"thresholds": {"population": 8, "cell": 5}}))
        .await
        .expect(200);
    let register = app.get(&study.path("/processing/register"), researcher).await.expect(200);
    assert_eq!((&register["processing"], &register["version"], &register["title"]), (&written(), &json!(1), &json!("Study")));
    let steps: Vec<(&str, &str)> = register["thresholdHistory"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["step"].as_str().unwrap(), e["reason"].as_str().unwrap()))
        .collect();
    let expected = [("raised", "to begin with"), ("asked", "the pilot is small"), ("consented", "the pilot is small")];
    assert_eq!(steps, expected);
    assert_eq!(register["members"].as_array().unwrap().len(), Role::ALL.len());
    assert!(register["members"].as_array().unwrap().iter().all(|m| m["members"] == 1));
    let workgroup = register["audiences"].as_array().unwrap().iter().find(|a| a["audience"] == "workgroup").unwrap();
    assert_eq!(workgroup["thresholds"], json!({"population": 8, "cell": 5}));
    assert!(!register["safeguards"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn the_register_is_a_page_to_keep_in_which_nothing_runs() {
    let app = start().await;
    let study = app.study().await;
    let mut processing = written();
    processing["security"] = json!(["<script>alert(1)</script>", "a \"lock\" & a key"]);
    write(&app, &study, 0, &processing).await.expect(200);
    let answer = app.get(&study.path("/processing/register/page"), study.token(Role::Facilitator)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"register-of-processing.html\"");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(!answer.text.contains("<script") && !answer.text.contains("style") && !answer.text.contains("src="));
    for shown in
        ["Gemeente &lt;Voorbeeld&gt; &amp; co", "&lt;script&gt;alert(1)", "a &quot;lock&quot; &amp; a key", "6(1)(e)", "9(2)(j)"]
    {
        assert!(answer.text.contains(shown), "{shown} in {}", answer.text);
    }
}
