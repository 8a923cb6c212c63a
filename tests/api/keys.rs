//! New keys for a running server: nobody is logged out, and an old key is worth nothing in the end.

use std::time::{Duration, Instant};

use chrono::Utc;
use duiding::http::token::AccessTokens;
use duiding::secrets::{Key, Secrets};
use serde_json::Value;

use crate::helpers::{TestApp, start};
use crate::own_sessions::trail;
use crate::sessions::{logged_in, refresh, tokens};

/// `duiding secrets rotate`, as an administrator types it beside the running server; answers what it says.
fn rotate(app: &TestApp, leaked: bool) -> String {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_duiding"))
        .args(["secrets", "rotate"])
        .args(leaked.then_some("--leaked"))
        .env_clear()
        .env("DATABASE_URL", &app.state.config.database_url)
        .env("DUIDING_DATA_DIR", app.folder.path())
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

/// Asks the server until it has taken up a file with this first key.
async fn until_known(app: &TestApp, kid: &str, token: &str) {
    let begun = Instant::now();
    while app.state.keys.get().signing_keys[0].kid != kid {
        assert!(begun.elapsed() < Duration::from_secs(30), "the server did not take up the new keys");
        app.get("/v1/me", token).await;
    }
}

fn file(app: &TestApp) -> Secrets {
    Secrets::load(&app.state.config.secrets_file).unwrap()
}

/// Somebody who has one key and signs with it.
fn with_key(key: &Key) -> AccessTokens {
    AccessTokens::new(&Secrets { signing_keys: vec![key.clone()], encryption_keys: Vec::new() }, 15)
}

#[actix_web::test]
async fn a_running_server_takes_up_new_keys_and_nobody_is_logged_out() {
    let app = start().await;
    let (id, _) = app.user("person@example.org").await;
    let (before, next) = logged_in(&app, "person@example.org").await;
    let old = file(&app);
    let said = rotate(&app, false);
    let new = file(&app);
    assert_eq!((new.signing_keys.len(), new.encryption_keys.len()), (2, 2));
    assert_eq!(new.signing_keys[1].kid, old.signing_keys[0].kid);
    for key in new.signing_keys.iter().chain(&new.encryption_keys) {
        assert!(!said.contains(&key.secret), "keys are never shown");
    }
    until_known(&app, &new.signing_keys[0].kid, &before).await;
    app.get("/v1/me", &before).await.expect(200);
    let session = app.state.tokens.verify(&before).unwrap().sid;
    let by_new = with_key(&new.signing_keys[0]).issue(&id, &session).unwrap();
    app.get("/v1/me", &by_new).await.expect(200);
    let (after, _) = tokens(&refresh(&app, &next).await.expect(201));
    app.get("/v1/me", &after).await.expect(200);
    assert!(trail(&app).await.contains(&"secrets.rotate done ".to_owned()));
}

#[actix_web::test]
async fn keys_that_leaked_are_worth_nothing_and_programs_renew_their_tokens() {
    let app = start().await;
    let (id, _) = app.user("person@example.org").await;
    let (before, next) = logged_in(&app, "person@example.org").await;
    let session = app.state.tokens.verify(&before).unwrap().sid;
    let stolen = file(&app).signing_keys[0].clone();
    rotate(&app, true);
    until_known(&app, &file(&app).signing_keys[0].kid, &before).await;
    app.get("/v1/me", &before).await.problem(401, "unauthorised");
    let forged = with_key(&stolen).issue(&id, &session).unwrap();
    app.get("/v1/me", &forged).await.problem(401, "unauthorised");
    let (after, _) = tokens(&refresh(&app, &next).await.expect(201));
    app.get("/v1/me", &after).await.expect(200);
}

#[actix_web::test]
async fn an_old_key_stops_by_itself_also_when_nobody_rotates_again() {
    let app = start().await;
    let (id, _) = app.user("person@example.org").await;
    let (before, next) = logged_in(&app, "person@example.org").await;
    let session = app.state.tokens.verify(&before).unwrap().sid;
    let stolen = file(&app).signing_keys[0].clone();
    let long_ago = Utc::now() - chrono::Duration::hours(30);
    Secrets::change(&app.state.config.secrets_file, |s| _ = s.rotate(long_ago, false)).unwrap();
    app.state.keys.look();
    assert_eq!(app.state.keys.get().signing_keys.len(), 2, "it is still in the file");
    let forged = with_key(&stolen).issue(&id, &session).unwrap();
    app.get("/v1/me", &forged).await.problem(401, "unauthorised");
    let (after, _) = tokens(&refresh(&app, &next).await.expect(201));
    app.get("/v1/me", &after).await.expect(200);
}

#[actix_web::test]
async fn a_file_of_the_first_version_goes_on_working() {
    let app = start().await;
    app.user("person@example.org").await;
    let (before, _) = logged_in(&app, "person@example.org").await;
    let path = app.state.config.secrets_file.clone();
    let mut text: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    text.as_object_mut().unwrap().remove("encryption_keys");
    text["signing_keys"][0].as_object_mut().unwrap().remove("made_at");
    std::fs::write(&path, text.to_string()).unwrap();
    let app = app.restart().await;
    app.get("/v1/me", &before).await.expect(200);
    assert_eq!(file(&app).encryption_keys.len(), 1);
    rotate(&app, false);
    app.state.keys.look();
    app.get("/v1/me", &before).await.expect(200);
}
