//! How to reach a participant: for coordinators, one at a time, encrypted, and gone when the person withdraws.

use std::fs;

use duiding::db::Kind;
use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, start, start_with};

fn contact() -> Value {
    json!({"name": "Zeger Zeekomkommer", "address": "Kade 1\nVoorbeeld", "telephone": "06 12345678",
        "email": "zeger@example.org", "language": "nl", "note": "Niet op vrijdag"})
}

/// A participant with contact data; answers the path of these.
async fn reachable(app: &TestApp, study: &Study) -> String {
    let (id, _) = app.participant(study).await;
    let path = study.path(&format!("/participants/{id}/contact"));
    app.put(&path, study.token(Role::Coordinator), &contact()).await.expect(204);
    path
}

#[actix_web::test]
async fn a_coordinator_keeps_reads_changes_and_removes_it_and_every_time_is_in_the_trail() {
    let app = start().await;
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator);
    let path = reachable(&app, &study).await;
    assert_eq!(app.get(&path, coordinator).await.expect(200)["contact"], contact());
    app.put(&path, coordinator, &json!({"telephone": "06 87654321"})).await.expect(204);
    let read = app.get(&path, coordinator).await.expect(200);
    assert_eq!((&read["contact"]["telephone"], &read["contact"]["name"]), (&json!("06 87654321"), &Value::Null));
    app.delete(&path, coordinator).await.expect(204);
    app.get(&path, coordinator).await.problem(404, "notFound");
    app.delete(&path, coordinator).await.problem(404, "notFound");
    let trail = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    let count = |action: &str| trail["items"].as_array().unwrap().iter().filter(|e| e["action"] == action).count();
    assert_eq!((count("contact.read"), count("contact.write"), count("contact.delete")), (2, 2, 1));
    // Whole numbers: four digits alone stand by chance in one of many hashes and ids.
    let trail = trail.to_string();
    assert!(["Zeekomkommer", "12345678", "87654321"].iter().all(|said| !trail.contains(said)));
}

#[actix_web::test]
async fn nobody_else_reads_it_and_nothing_else_has_it() {
    let app = start().await;
    let study = app.study().await;
    let path = reachable(&app, &study).await;
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Coordinator) {
        app.get(&path, study.token(role)).await.problem(403, "forbidden");
        app.put(&path, study.token(role), &contact()).await.problem(403, "forbidden");
        app.delete(&path, study.token(role)).await.problem(403, "forbidden");
    }
    let looks =
        ["/participants", "/tellers", "/stories", "/response", "/members", "/processing/register", "/exports/stories?raw=true"];
    for role in Role::ALL {
        for look in looks {
            let text = app.get(&study.path(look), study.token(role)).await.text;
            assert!(!text.contains("Zeekomkommer") && !text.contains("12345678"), "{look} as {role:?}");
        }
    }
    if app.state.db.kind() == Kind::Sqlite {
        for file in fs::read_dir(app.folder.path()).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()) {
            let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
            assert!(!text.contains("Zeekomkommer") && !text.contains("zeger@"), "{}", file.display());
        }
    }
}

#[actix_web::test]
async fn it_is_gone_with_every_way_to_withdraw_and_does_not_come_back() {
    let app = start().await;
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator);
    for scope in ["stop", "stopAndRemoveFuture", "eraseAll", ""] {
        let path = reachable(&app, &study).await;
        let person = path.trim_end_matches("/contact");
        let (withdraw, body, status) = match scope {
            "" => (format!("{person}/_withdraw"), json!({}), 200),
            scope => (format!("{person}/consents/_withdraw"), json!({"scope": scope, "way": "onPaper"}), 201),
        };
        app.post(&withdraw, coordinator, &body).await.expect(status);
        app.get(&path, coordinator).await.problem(404, "notFound");
        app.put(&path, coordinator, &contact()).await.problem(409, "withdrawn");
        app.get(&path, coordinator).await.problem(404, "notFound");
    }
}

#[actix_web::test]
async fn without_the_key_it_cannot_be_read_and_is_written_again() {
    let app = start().await;
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator).to_owned();
    let path = reachable(&app, &study).await;
    let app = app.restart().await;
    assert_eq!(app.get(&path, &coordinator).await.expect(200)["contact"], contact(), "the key is in the secrets file");
    // Another server on the same database that has the signing keys and not the encryption keys.
    if app.state.db.kind() != Kind::Postgres {
        return;
    }
    let mut secrets: Value = serde_json::from_str(&fs::read_to_string(&app.state.config.secrets_file).unwrap()).unwrap();
    secrets.as_object_mut().unwrap().remove("encryption_keys");
    let folder = tempfile::tempdir().unwrap();
    let mut config = app.state.config.clone();
    config.secrets_file = folder.path().join("secrets.json");
    fs::write(&config.secrets_file, secrets.to_string()).unwrap();
    let other = start_with(config, folder).await;
    other.get(&path, &coordinator).await.problem(409, "keyMissing");
    other.put(&path, &coordinator, &contact()).await.expect(204);
    assert_eq!(other.get(&path, &coordinator).await.expect(200)["contact"], contact());
}

#[actix_web::test]
async fn what_does_not_fit_is_named_and_nobody_is_found_who_is_not_there() {
    let app = start().await;
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator);
    let path = reachable(&app, &study).await;
    let wrong = json!({"name": 5, "note": "n".repeat(2001), "shoeSize": 44});
    let errors = app.put(&path, coordinator, &wrong).await.errors();
    assert_eq!(errors, ["$.name wrongType", "$.note tooLong", "$.shoeSize unknownMember"]);
    let errors = app.put(&path, coordinator, &json!({"language": "Dutch"})).await.errors();
    assert_eq!(errors, ["$.language wrongFormat"]);
    assert_eq!(app.get(&path, coordinator).await.expect(200)["contact"], contact());
    let other = app.study().await;
    let nobody = study.path(&format!("/participants/{}/contact", Uuid::new_v4()));
    for path in [nobody, path.replace(&study.id, &other.id)] {
        let token = if path.contains(&other.id) { other.token(Role::Coordinator) } else { coordinator };
        app.get(&path, token).await.problem(404, "notFound");
        app.put(&path, token, &contact()).await.problem(404, "notFound");
        app.delete(&path, token).await.problem(404, "notFound");
    }
}
