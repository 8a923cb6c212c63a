//! Facilitators' phones: a code that works once, an assignment, and an end.

use chrono::Duration;
use duiding::db::devices::{self, EnrolmentRow};
use duiding::db::{DbError, now};
use duiding::domain::role::Role;
use duiding::secrets::{new_token, prefix};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

/// Makes an assignment; answers what the coordinator is shown.
async fn enrolment(app: &TestApp, study: &Study) -> Value {
    let body = json!({"facilitator": "facilitator 3", "wave": "1", "perspectives": ["candidate", "job-coach"], "days": 7});
    app.post(&study.path("/enrolments"), study.token(Role::Coordinator), &body).await.expect(201)
}

async fn enrol(app: &TestApp, code: &str) -> Answer {
    app.post("/v1/devices/_enrol", "", &json!({"code": code, "appVersion": "1.4.0"})).await
}

async fn list(app: &TestApp, study: &Study, what: &str) -> Value {
    app.get(&study.path(what), study.token(Role::Coordinator)).await.expect(200)["items"].clone()
}

#[actix_web::test]
async fn a_code_makes_one_device() {
    let app = start().await;
    let study = app.study().await;
    let made = enrolment(&app, &study).await;
    let code = made["code"].as_str().unwrap();
    assert!(made["link"].as_str().unwrap().ends_with(&format!("/collect#enrol={code}")), "never in what a server logs");
    assert_eq!(list(&app, &study, "/enrolments").await[0]["usedAt"], Value::Null);
    let both = futures_util::future::join_all((0..3).map(|_| enrol(&app, code))).await;
    let mut statuses: Vec<u16> = both.iter().map(|a| a.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 410, 410]);
    enrol(&app, code).await.problem(410, "gone");
    let enrolments = list(&app, &study, "/enrolments").await;
    assert!(enrolments[0]["usedAt"].is_string());
    let devices = list(&app, &study, "/devices").await;
    assert_eq!(devices.as_array().unwrap().len(), 1);
    for secret in ["due_", "dud_"] {
        assert!(!enrolments.to_string().contains(secret) && !devices.to_string().contains(secret));
    }
}

#[actix_web::test]
async fn a_code_that_was_taken_back_is_unknown_or_too_old_is_gone() {
    let app = start().await;
    let study = app.study().await;
    let made = enrolment(&app, &study).await;
    let path = study.path(&format!("/enrolments/{}", made["enrolment"]["id"].as_str().unwrap()));
    app.delete(&path, study.token(Role::Coordinator)).await.expect(204);
    let (old, code_hash) = new_token(prefix::ENROLMENT);
    let row = EnrolmentRow {
        project_id: study.id.clone(),
        id: Uuid::new_v4().to_string(),
        facilitator: "facilitator 3".to_owned(),
        wave: "1".to_owned(),
        perspectives: "[\"candidate\"]".to_owned(),
        code_hash,
        created_by: "command".to_owned(),
        created_at: now() - Duration::days(31),
        expires_at: now() - Duration::seconds(1),
        used_at: None,
        revoked_at: None,
    };
    app.state.db.write::<(), DbError>(move |conn| devices::insert_enrolment(conn, &row)).await.unwrap();
    let taken_back = enrol(&app, made["code"].as_str().unwrap()).await;
    taken_back.problem(410, "gone");
    for code in [old.as_str(), "due_made-up", ""] {
        assert_eq!(enrol(&app, code).await.text, taken_back.text, "all look the same");
    }
    assert_eq!(list(&app, &study, "/devices").await, json!([]));
}

#[actix_web::test]
async fn an_assignment_is_for_a_wave_and_perspectives_that_there_are() {
    let app = start().await;
    let study = app.study().await;
    let post = async |body: Value| app.post(&study.path("/enrolments"), study.token(Role::Coordinator), &body).await;
    let wrong = json!({"facilitator": "", "wave": "9", "perspectives": [], "days": 366});
    assert_eq!(post(wrong).await.errors(), ["$.days outOfRange", "$.facilitator tooShort", "$.perspectives tooShort"]);
    let wrong = json!({"facilitator": "f", "wave": "9", "perspectives": ["candidate", "neighbour"]});
    assert_eq!(post(wrong).await.errors(), ["$.perspectives[1] unknownOption", "$.wave unknownOption"]);
    let made = post(json!({"facilitator": "f", "wave": "2", "perspectives": ["candidate"]})).await.expect(201);
    let until: chrono::DateTime<chrono::Utc> = made["enrolment"]["expiresAt"].as_str().unwrap().parse().unwrap();
    assert_eq!((until.naive_utc() - now()).num_hours(), 30 * 24 - 1, "a month, unless told otherwise");
}

#[actix_web::test]
async fn a_device_knows_what_it_is_to_collect() {
    let app = start().await;
    let study = app.study().await;
    let made = enrolment(&app, &study).await;
    let enrolled = enrol(&app, made["code"].as_str().unwrap()).await.expect(201);
    let token = enrolled["token"].as_str().unwrap();
    let mut expected = json!({
        "deviceId": enrolled["assignment"]["deviceId"], "projectId": study.id, "projectTitle": "Study",
        "facilitator": "facilitator 3", "wave": "1", "perspectives": ["candidate", "job-coach"],
        "frameworkVersion": 1, "revoked": false
    });
    assert_eq!(enrolled["assignment"], expected);
    assert_eq!(app.get("/v1/devices/current", token).await.expect(200), expected);
    assert_eq!(app.get(&study.base, token).await.expect(200)["role"], Value::Null);

    let researcher = study.token(Role::Researcher);
    let framework = app.get("/v1/framework-templates/reference", researcher).await.expect(200);
    app.post(&study.path("/frameworks"), researcher, &framework).await.expect(201);
    assert_eq!(app.get("/v1/devices/current", token).await.expect(200), expected, "a draft is nothing to collect by");
    app.post(&study.path("/frameworks/2/_publish"), researcher, &json!({})).await.expect(200);
    expected["frameworkVersion"] = json!(2);
    assert_eq!(app.get("/v1/devices/current", token).await.expect(200), expected);
}

#[actix_web::test]
async fn a_revoked_device_is_told_so_and_what_it_still_has_is_kept() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let coordinator = study.token(Role::Coordinator);
    let path = study.path(&format!("/devices/{}", list(&app, &study, "/devices").await[0]["id"].as_str().unwrap()));
    app.delete(&path, coordinator).await.expect(204);
    assert_eq!(app.get("/v1/devices/current", &device).await.expect(200)["revoked"], true);
    for rest in ["", "/waves", "/frameworks", "/frameworks/1"] {
        app.get(&study.path(rest), &device).await.problem(403, "forbidden");
    }
    let receipt = app.put(&study.story(Uuid::new_v4()), &device, &story(None)).await.expect(201);
    assert_eq!(receipt["held"], json!(["revokedDevice"]));
    assert!(list(&app, &study, "/devices").await[0]["revokedAt"].is_string());
    app.delete(&study.path(&format!("/devices/{}", Uuid::new_v4())), coordinator).await.problem(404, "notFound");
}

#[actix_web::test]
async fn taking_back_a_used_code_leaves_the_device_alone() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let enrolments = list(&app, &study, "/enrolments").await;
    let path = study.path(&format!("/enrolments/{}", enrolments[0]["id"].as_str().unwrap()));
    app.delete(&path, study.token(Role::Coordinator)).await.expect(204);
    let receipt = app.put(&study.story(Uuid::new_v4()), &device, &story(None)).await.expect(201);
    assert_eq!(receipt["held"], json!([]));
}

#[actix_web::test]
async fn the_coordinator_sees_when_a_device_was_last_heard_of() {
    let app = start().await;
    let study = app.study().await;
    let made = enrolment(&app, &study).await;
    let enrolled = enrol(&app, made["code"].as_str().unwrap()).await.expect(201);
    let token = enrolled["token"].as_str().unwrap();
    let before = list(&app, &study, "/devices").await;
    assert_eq!((&before[0]["appVersion"], &before[0]["lastSeenAt"]), (&json!("1.4.0"), &Value::Null));
    let begun = now();
    app.put(&study.story(Uuid::new_v4()), token, &story(None)).await.expect(201);
    let devices = list(&app, &study, "/devices").await;
    let seen: chrono::DateTime<chrono::Utc> = devices[0]["lastSeenAt"].as_str().unwrap().parse().unwrap();
    assert!((begun..=now()).contains(&seen.naive_utc()));
}

#[actix_web::test]
async fn sheets_are_made_with_the_assignments_and_each_code_on_them_makes_one_device() {
    let app = start().await;
    let study = app.study().await;
    let body =
        json!({"facilitators": ["Ann <b>", "Bo"], "wave": "1", "perspectives": ["candidate"], "days": 7, "language": "nl"});
    let sheets = app.post(&study.path("/enrolments/_sheets"), study.token(Role::Coordinator), &body).await;
    assert_eq!(sheets.status, 201, "{}", sheets.text);
    assert_eq!(sheets.header("content-type"), "text/html; charset=utf-8");
    assert!(sheets.header("content-disposition").starts_with("attachment"));
    assert!(sheets.text.contains("Ann &lt;b&gt;") && sheets.text.contains("Verhalen verzamelen"));
    assert_eq!(sheets.text.matches("<svg ").count(), 2);
    let codes: Vec<&str> = sheets.text.split("/collect#enrol=").skip(1).map(|rest| &rest[..rest.find('<').unwrap()]).collect();
    assert_eq!(codes.len(), 2);
    for (code, name) in codes.iter().zip(["Ann <b>", "Bo"]) {
        let made = enrol(&app, code).await.expect(201);
        assert_eq!((made["assignment"]["facilitator"].as_str(), made["assignment"]["wave"].as_str()), (Some(name), Some("1")));
        enrol(&app, code).await.problem(410, "gone");
    }
    assert_eq!(list(&app, &study, "/enrolments").await.as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn sheets_with_anything_wrong_make_no_assignment() {
    let app = start().await;
    let study = app.study().await;
    let ask =
        async |body: Value| app.post(&study.path("/enrolments/_sheets"), study.token(Role::Coordinator), &body).await.errors();
    let wrong = json!({"facilitators": ["Ann", "", "Ann"], "wave": "1", "perspectives": ["candidate"]});
    assert_eq!(ask(wrong).await, ["$.facilitators[1] tooShort", "$.facilitators[2] duplicate"]);
    let unknown = json!({"facilitators": ["Ann"], "wave": "9", "perspectives": ["candidate", "boss"]});
    assert_eq!(ask(unknown).await, ["$.perspectives[1] unknownOption", "$.wave unknownOption"]);
    assert_eq!(ask(json!({"facilitators": [], "wave": "1", "perspectives": ["candidate"]})).await, ["$.facilitators tooShort"]);
    assert_eq!(list(&app, &study, "/enrolments").await, json!([]));
}
