//! What a phone takes along into the field, and what it says of itself when it is back.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use diesel::connection::SimpleConnection;
use duiding::db::devices::is_recent;
use duiding::db::{DbError, now};
use duiding::domain::role::Role;
use duiding::secrets::Secrets;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::{Answer, Study, TestApp, start};

const PACKAGE: &str = "/v1/devices/current/package";
const STATUS: &str = "/v1/devices/current/status";

async fn device_row(app: &TestApp, study: &Study) -> Value {
    app.get(&study.path("/devices"), study.token(Role::Coordinator)).await.expect(200)["items"][0].clone()
}

async fn unless(app: &TestApp, device: &str, etag: &str) -> Answer {
    let request = app.request(Method::GET, PACKAGE, device).header("if-none-match", etag);
    Answer::of(request.send().await.unwrap()).await
}

async fn consent_text(app: &TestApp, study: &Study, key: &str, dutch: &str) -> Value {
    let body = json!({"key": key, "texts": {"nl": dutch, "en": "I take part."}});
    app.post(&study.path("/consent-texts"), study.token(Role::Coordinator), &body).await.expect(201)
}

#[actix_web::test]
async fn a_phone_gets_everything_in_one_answer() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    consent_text(&app, &study, "taking-part", "Ik doe mee.").await;
    let recording = consent_text(&app, &study, "recording", "Het mag worden opgenomen.").await;
    let newest = consent_text(&app, &study, "taking-part", "Ja, ik doe mee.").await;
    let answer = app.get(PACKAGE, &device).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("etag").starts_with('"'), "a strong one");
    let package = answer.expect(200);
    let names: Vec<&str> = package.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["assignment", "framework", "wave", "consentTexts", "forwardKey", "assets"]);
    assert_eq!(package["assignment"], app.get("/v1/devices/current", &device).await.expect(200));
    let framework = app.get(&study.path("/frameworks/1"), &device).await.expect(200);
    assert_eq!(package["framework"], json!({"version": 1, "document": framework["document"]}));
    let waves = app.get(&study.path("/waves"), &device).await.expect(200);
    assert_eq!(package["wave"], waves["items"][0]);
    assert_eq!(package["consentTexts"], json!([recording, newest]), "the newest of each, by key");
    let key = URL_SAFE_NO_PAD.decode(package["forwardKey"]["publicKey"].as_str().unwrap()).unwrap();
    assert_eq!((key.len(), key[0]), (65, 4), "an uncompressed point");
    assert_eq!(package["assets"], json!([]));
}

#[actix_web::test]
async fn a_phone_that_has_the_package_is_told_so_until_anything_changes() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let coordinator = study.token(Role::Coordinator);
    let id = device_row(&app, &study).await["id"].as_str().unwrap().to_owned();
    let mut etag = app.get(PACKAGE, &device).await.header("etag");
    let changes = [
        (Method::POST, "/consent-texts".to_owned(), json!({"key": "taking-part", "texts": {"nl": "Ik doe mee."}})),
        (Method::PATCH, "/waves/1".to_owned(), json!({"label": {"en": "The first"}})),
        (Method::DELETE, format!("/devices/{id}"), json!({})),
    ];
    for (method, path, body) in changes {
        for known in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}")] {
            let answer = unless(&app, &device, &known).await;
            assert_eq!((answer.status.as_u16(), answer.text.as_str()), (304, ""));
            assert_eq!(answer.header("etag"), etag);
        }
        assert!(app.send(method, &study.path(&path), coordinator, &body).await.status.is_success(), "{path}");
        let answer = unless(&app, &device, &etag).await;
        let new = answer.header("etag");
        assert_ne!(new, etag, "{path}");
        assert_eq!(answer.expect(200)["assignment"]["revoked"], path.starts_with("/devices"));
        etag = new;
    }
    assert_eq!(unless(&app, &device, &etag).await.status, 304, "also for a revoked one");
}

#[actix_web::test]
async fn phones_of_a_project_share_a_key_that_outlives_restarts_and_new_secrets() {
    let app = start().await;
    let (study, other) = (app.study().await, app.study().await);
    let (device, stranger) = (app.device(&study).await, app.device(&other).await);
    let key = async |app: &TestApp, device: &str| app.get(PACKAGE, device).await.expect(200)["forwardKey"].clone();
    let all = join_all((0..6).map(|_| key(&app, &device))).await;
    assert!(all.iter().all(|one| *one == all[0]), "made once, however many ask first");
    assert_ne!(key(&app, &stranger).await, all[0]);
    assert_eq!(key(&app, &app.device(&study).await).await, all[0]);
    let trail = app.get(&study.path("/audit-events?action=forwardKey.create"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(trail["items"].as_array().unwrap().len(), 1);
    assert_eq!(trail["items"][0]["subject"], all[0]["id"]);

    let secrets = app.state.config.secrets_file.clone();
    Secrets::change(&secrets, |s| _ = s.rotate(chrono::Utc::now(), true)).unwrap();
    let app = app.restart().await;
    assert_eq!(key(&app, &device).await, all[0]);
    // Whoever lost the secrets file gets a new pair: nothing closed with the old one could be opened any more.
    std::fs::remove_file(&secrets).unwrap();
    let app = app.restart().await;
    let new = key(&app, &device).await;
    assert_ne!(new, all[0]);
    assert_eq!(key(&app, &device).await, new);
}

#[actix_web::test]
async fn a_project_without_a_framework_has_a_package_too() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let draft = format!("UPDATE frameworks SET state = 'draft' WHERE project_id = '{}'", study.id);
    app.state.db.write::<_, DbError>(move |conn| Ok(conn.batch_execute(&draft)?)).await.unwrap();
    let package = app.get(PACKAGE, &device).await.expect(200);
    assert_eq!((&package["framework"], &package["assignment"]["frameworkVersion"]), (&Value::Null, &Value::Null));
}

#[actix_web::test]
async fn the_coordinator_sees_what_a_phone_has_not_delivered() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let before = device_row(&app, &study).await;
    for name in ["undelivered", "undeliveredAt", "undeliveredOldestAt", "storagePersisted", "lastSeenAt"] {
        assert_eq!(before[name], Value::Null, "{name}");
    }
    let begun = now();
    let said =
        json!({"appVersion": "1.5.0", "undelivered": 3, "undeliveredOldestAt": "2026-03-02T10:41:07Z", "storagePersisted": true});
    app.put(STATUS, &device, &said).await.expect(204);
    let row = device_row(&app, &study).await;
    assert_eq!((&row["undelivered"], &row["storagePersisted"], &row["appVersion"]), (&json!(3), &json!(true), &json!("1.5.0")));
    assert_eq!(row["undeliveredOldestAt"], "2026-03-02T10:00:00Z", "not the moment of a conversation");
    assert_eq!(row["undeliveredAt"], row["lastSeenAt"]);
    let at: chrono::DateTime<chrono::Utc> = row["undeliveredAt"].as_str().unwrap().parse().unwrap();
    assert!((begun..=now()).contains(&at.naive_utc()));

    app.put(STATUS, &device, &said).await.expect(204);
    assert_eq!(device_row(&app, &study).await, row, "the same again within a minute is no write");
    let path = study.path(&format!("/devices/{}", row["id"].as_str().unwrap()));
    app.delete(&path, study.token(Role::Coordinator)).await.expect(204);
    app.put(STATUS, &device, &json!({"appVersion": "1.5.0", "undelivered": 0})).await.expect(204);
    let last = device_row(&app, &study).await;
    assert_eq!((&last["undelivered"], &last["undeliveredOldestAt"]), (&json!(0), &Value::Null), "also of a revoked one");
    assert_eq!(last["storagePersisted"], Value::Null);
    let trail = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    assert!(!trail.to_string().contains("status"), "a heartbeat is no deed");
}

#[test]
fn a_contact_is_noted_once_a_minute() {
    assert!(!is_recent(None));
    assert!(is_recent(Some(now() - Duration::seconds(50))));
    assert!(!is_recent(Some(now() - Duration::seconds(70))));
}

#[actix_web::test]
async fn only_a_phone_has_a_package_and_its_status_says_all_that_is_wrong() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    for role in Role::ALL {
        app.get(PACKAGE, study.token(role)).await.problem(403, "forbidden");
        app.put(STATUS, study.token(role), &json!({"appVersion": "1", "undelivered": 0})).await.problem(403, "forbidden");
    }
    let wrong =
        json!({"appVersion": "", "undelivered": -1, "undeliveredOldestAt": "yesterday", "storagePersisted": "yes", "mood": 1});
    let expected = [
        "$.appVersion tooShort",
        "$.mood unknownMember",
        "$.storagePersisted wrongType",
        "$.undelivered outOfRange",
        "$.undeliveredOldestAt wrongFormat",
    ];
    assert_eq!(app.put(STATUS, &device, &wrong).await.errors(), expected);
    assert_eq!(app.put(STATUS, &device, &json!({})).await.errors(), ["$.appVersion required", "$.undelivered required"]);
    assert_eq!(device_row(&app, &study).await["undelivered"], Value::Null, "nothing was noted");
}
