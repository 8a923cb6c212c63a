//! Logging in, staying logged in and logging out.

use chrono::Duration;
use duiding::db::users::User;
use duiding::db::{DbError, now, throttles, users};
use duiding::domain::canonical::sha256_hex;
use duiding::secrets::hash_password;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, PASSWORD, TestApp, config, start, start_with};

pub async fn login(app: &TestApp, email: &str, password: &str) -> Answer {
    app.post("/v1/sessions", "", &json!({"email": email, "password": password})).await
}

/// Access and refresh token of what was answered.
pub fn tokens(body: &Value) -> (String, String) {
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("accessToken"), text("refreshToken"))
}

pub async fn logged_in(app: &TestApp, email: &str) -> (String, String) {
    tokens(&login(app, email, PASSWORD).await.expect(201))
}

pub async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.post("/v1/sessions/_refresh", "", &json!({"refreshToken": token})).await
}

#[actix_web::test]
async fn whoever_logs_in_is_known_however_the_address_was_typed() {
    let app = start().await;
    let (id, _) = app.user("coach@example.org").await;
    let answer = login(&app, " Coach@Example.org ", PASSWORD).await;
    let body = answer.expect(201);
    assert_eq!((&body["tokenType"], &body["expiresIn"]), (&json!("Bearer"), &json!(900)));
    let me = app.get("/v1/me", &tokens(&body).0).await.expect(200);
    assert_eq!((&me["id"], &me["email"]), (&json!(id), &json!("coach@example.org")));
    assert!(me.get("passwordHash").is_none());
    let empty = app.post("/v1/sessions", "", &json!({})).await;
    assert_eq!(empty.errors(), ["$.email required", "$.password required"]);
}

#[actix_web::test]
async fn a_wrong_password_a_closed_account_and_an_unknown_one_look_the_same() {
    let app = start().await;
    app.user("known@example.org").await;
    let closed = User {
        id: Uuid::new_v4().to_string(),
        email: "closed@example.org".to_owned(),
        name: "Closed".to_owned(),
        password_hash: hash_password(PASSWORD).unwrap(),
        may_create_projects: false,
        created_at: now(),
        disabled_at: Some(now()),
    };
    app.state.db.write::<(), DbError>(move |conn| users::insert(conn, &closed)).await.unwrap();
    let wrong = login(&app, "known@example.org", "not the password at all").await;
    let unknown = login(&app, "nobody@example.org", PASSWORD).await;
    let closed = login(&app, "closed@example.org", PASSWORD).await;
    wrong.problem(401, "unauthorised");
    let seen = |a: &Answer| {
        let headers = a.headers.iter().filter(|(name, _)| *name != "date");
        (a.status, a.text.clone(), headers.map(|(n, v)| (n.clone(), v.clone())).collect::<Vec<_>>())
    };
    assert_eq!(seen(&wrong), seen(&unknown));
    assert_eq!(seen(&wrong), seen(&closed));
}

#[actix_web::test]
async fn ten_failures_close_an_account_until_its_password_is_reset() {
    let app = start().await;
    app.user("tired@example.org").await;
    app.user("other@example.org").await;
    for _ in 0..10 {
        login(&app, "tired@example.org", "not the password at all").await.problem(401, "unauthorised");
    }
    let refused = login(&app, "tired@example.org", PASSWORD).await;
    refused.problem(429, "tooManyFailures");
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    logged_in(&app, "other@example.org").await;

    let new_password = "a fresh and secret sentence";
    reset(&app, "tired@example.org", new_password);
    login(&app, "tired@example.org", PASSWORD).await.problem(401, "unauthorised");
    login(&app, "tired@example.org", new_password).await.expect(201);
}

/// `duiding user reset`, as an administrator types it beside the running server; answers what it says.
pub fn reset(app: &TestApp, email: &str, password: &str) -> String {
    use std::io::Write;
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_duiding"))
        .args(["user", "reset", "--email", email])
        .env_clear()
        .env("DATABASE_URL", &app.state.config.database_url)
        .env("DUIDING_DATA_DIR", app.folder.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    command.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
    let done = command.wait_with_output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(!said.contains(password));
    said
}

#[actix_web::test]
async fn a_success_forgets_the_failures_before_it() {
    let app = start().await;
    app.user("typist@example.org").await;
    for _ in 0..2 {
        for _ in 0..9 {
            login(&app, "typist@example.org", "not the password at all").await.problem(401, "unauthorised");
        }
        logged_in(&app, "typist@example.org").await;
    }
}

#[actix_web::test]
async fn an_address_that_failed_often_waits_and_the_one_behind_the_proxy_counts() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    let app = start_with(config, folder).await;
    app.user("visitor@example.org").await;
    let key = sha256_hex("address 203.0.113.7");
    let failures = move |conn: &mut duiding::db::Conn| (0..100).try_for_each(|_| throttles::count_failure(conn, &key));
    app.state.db.write::<(), DbError>(failures).await.unwrap();
    let from = async |address: &str| {
        let body = json!({"email": "visitor@example.org", "password": PASSWORD});
        let request = app.request(Method::POST, "/v1/sessions", "").header("x-forwarded-for", address).json(&body);
        Answer::of(request.send().await.unwrap()).await
    };
    from("203.0.113.7").await.problem(429, "tooManyFailures");
    from("198.51.100.1, 203.0.113.7").await.problem(429, "tooManyFailures");
    from("203.0.113.7, 198.51.100.1").await.expect(201);
}

#[actix_web::test]
async fn a_refresh_token_works_once_and_gives_the_next() {
    let app = start().await;
    app.user("worker@example.org").await;
    let (mut access, mut next) = logged_in(&app, "worker@example.org").await;
    for _ in 0..3 {
        let (new_access, new_next) = tokens(&refresh(&app, &next).await.expect(201));
        assert_ne!((&new_access, &new_next), (&access, &next));
        (access, next) = (new_access, new_next);
        app.get("/v1/me", &access).await.expect(200);
    }
}

#[actix_web::test]
async fn a_refresh_token_used_twice_ends_the_session_for_thief_and_owner() {
    let app = start().await;
    app.user("victim@example.org").await;
    let (elsewhere, _) = logged_in(&app, "victim@example.org").await;
    let (old_access, stolen) = logged_in(&app, "victim@example.org").await;
    let (new_access, new_refresh) = tokens(&refresh(&app, &stolen).await.expect(201));
    app.get("/v1/me", &old_access).await.expect(200);
    refresh(&app, &stolen).await.problem(401, "unauthorised");
    for access in [&old_access, &new_access] {
        app.get("/v1/me", access).await.problem(401, "unauthorised");
    }
    refresh(&app, &new_refresh).await.problem(401, "unauthorised");
    app.get("/v1/me", &elsewhere).await.expect(200);
}

#[actix_web::test]
async fn of_parallel_refreshes_with_one_token_at_most_one_works() {
    let app = start().await;
    app.user("twice@example.org").await;
    let (_, token) = logged_in(&app, "twice@example.org").await;
    let answers = futures_util::future::join_all((0..4).map(|_| refresh(&app, &token))).await;
    let made: Vec<&Answer> = answers.iter().filter(|a| a.status == 201).collect();
    assert!(made.len() <= 1, "{answers:?}");
    assert!(answers.iter().filter(|a| a.status != 201).all(|a| a.status == 401), "{answers:?}");
    for answer in made {
        app.get("/v1/me", &tokens(&answer.json()).0).await.problem(401, "unauthorised");
    }
}

#[actix_web::test]
async fn logging_out_ends_this_session_and_no_other() {
    let app = start().await;
    app.user("leaver@example.org").await;
    let (phone, _) = logged_in(&app, "leaver@example.org").await;
    let (laptop, laptop_refresh) = logged_in(&app, "leaver@example.org").await;
    app.delete("/v1/sessions/current", &laptop).await.expect(204);
    app.get("/v1/me", &laptop).await.problem(401, "unauthorised");
    refresh(&app, &laptop_refresh).await.problem(401, "unauthorised");
    app.get("/v1/me", &phone).await.expect(200);
}

#[actix_web::test]
async fn a_new_password_ends_every_session() {
    let app = start().await;
    app.user("careful@example.org").await;
    let (other, other_refresh) = logged_in(&app, "careful@example.org").await;
    let (mine, _) = logged_in(&app, "careful@example.org").await;
    let change = |current: &str, new: &str| json!({"currentPassword": current, "newPassword": new});
    let new_password = "quite another secret sentence";
    let put = async |body: Value| app.put("/v1/me/password", &mine, &body).await;
    put(change("not the password at all", new_password)).await.problem(401, "unauthorised");
    assert_eq!(put(change(PASSWORD, "short")).await.errors(), ["$.newPassword tooShort"]);
    assert_eq!(put(change(PASSWORD, "aaaaaaaaaaaaaa")).await.errors(), ["$.newPassword weakPassword"]);
    app.get("/v1/me", &other).await.expect(200);

    let (fresh, _) = tokens(&put(change(PASSWORD, new_password)).await.expect(201));
    for ended in [&other, &mine] {
        app.get("/v1/me", ended).await.problem(401, "unauthorised");
    }
    refresh(&app, &other_refresh).await.problem(401, "unauthorised");
    app.get("/v1/me", &fresh).await.expect(200);
    login(&app, "careful@example.org", PASSWORD).await.problem(401, "unauthorised");
    login(&app, "careful@example.org", new_password).await.expect(201);
}

#[actix_web::test]
async fn a_session_ends_by_itself() {
    let app = start().await;
    let (id, _) = app.user("sleeper@example.org").await;
    let session = duiding::db::sessions::Session {
        id: Uuid::new_v4().to_string(),
        user_id: id.clone(),
        created_at: now() - Duration::days(2),
        expires_at: now() - Duration::seconds(1),
        revoked_at: None,
        last_used_at: Some(now()),
        provider_factor: false,
        device: String::new(),
    };
    let token = app.state.tokens.issue(&id, &session.id).unwrap();
    let (refresh_token, hash) = duiding::secrets::new_token(duiding::secrets::prefix::REFRESH);
    let begin = move |conn: &mut duiding::db::Conn| duiding::db::sessions::begin(conn, &session, &hash);
    app.state.db.write::<(), DbError>(begin).await.unwrap();
    app.get("/v1/me", &token).await.problem(401, "unauthorised");
    refresh(&app, &refresh_token).await.problem(401, "unauthorised");
}
