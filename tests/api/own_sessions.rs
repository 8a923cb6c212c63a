//! Where somebody is logged in, and ending that.

use chrono::Duration;
use diesel::prelude::*;
use diesel::sql_types::Text;
use duiding::db::{DbError, now, sessions};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, PASSWORD, TestApp, start};
use crate::sessions::{logged_in, refresh, tokens};

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    told: String,
}

/// What is recorded outside of projects: `action result subject`.
pub async fn trail(app: &TestApp) -> Vec<String> {
    let query =
        "SELECT action || ' ' || result || ' ' || COALESCE(subject, '') AS told FROM audit_events WHERE project_id IS NULL";
    let read = move |conn: &mut duiding::db::Conn| {
        Ok::<Vec<Told>, DbError>(duiding::on_each!(conn, c => diesel::sql_query(query).load(c))?)
    };
    app.state.db.run(read).await.unwrap().into_iter().map(|t| t.told).collect()
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

async fn logged_in_on(app: &TestApp, email: &str, user_agent: &str) -> (String, String) {
    let body = json!({"email": email, "password": PASSWORD});
    let request = app.request(Method::POST, "/v1/sessions", "").header("user-agent", user_agent).json(&body);
    tokens(&Answer::of(request.send().await.unwrap()).await.expect(201))
}

async fn own(app: &TestApp, token: &str) -> Vec<Value> {
    app.get("/v1/me/sessions", token).await.expect(200)["items"].as_array().unwrap().clone()
}

fn id_of(app: &TestApp, token: &str) -> String {
    app.state.tokens.verify(token).unwrap().sid
}

#[actix_web::test]
async fn whoever_is_logged_in_sees_where_and_not_more_than_that() {
    let app = start().await;
    let (_, first) = app.user("person@example.org").await;
    app.user("other@example.org").await;
    logged_in(&app, "other@example.org").await;
    let (access, _) = logged_in_on(&app, "person@example.org", &format!("{FIREFOX} of Sjaak")).await;
    let list = own(&app, &access).await;
    assert_eq!(list.len(), 2, "{list:?}");
    assert_eq!((&list[0]["device"], &list[0]["current"]), (&json!("Firefox on Linux"), &json!(true)));
    assert_eq!((&list[1]["id"], &list[1]["current"]), (&json!(id_of(&app, &first)), &json!(false)));
    assert_eq!(list[1]["device"], Value::Null);
    assert!(list[0]["lastUsedAt"].is_string() && list[0]["createdAt"].is_string() && list[0]["expiresAt"].is_string());
    assert!(!format!("{list:?}").contains("Sjaak") && !format!("{list:?}").contains("Mozilla"));
}

#[actix_web::test]
async fn a_session_that_is_ended_stops_at_once_with_its_tokens() {
    let app = start().await;
    app.user("person@example.org").await;
    let (mine, _) = logged_in(&app, "person@example.org").await;
    let (lost, lost_refresh) = logged_in(&app, "person@example.org").await;
    let path = format!("/v1/me/sessions/{}", id_of(&app, &lost));
    app.get("/v1/me", &lost).await.expect(200);
    app.delete(&path, &mine).await.expect(204);
    app.get("/v1/me", &lost).await.problem(401, "unauthorised");
    refresh(&app, &lost_refresh).await.problem(401, "unauthorised");
    app.delete(&path, &mine).await.problem(404, "notFound");
    assert!(trail(&app).await.contains(&format!("session.delete done {}", id_of(&app, &lost))));
    assert!(own(&app, &mine).await.iter().all(|s| s["id"] != id_of(&app, &lost)));
}

#[actix_web::test]
async fn a_session_of_somebody_else_is_not_there() {
    let app = start().await;
    let (_, theirs) = app.user("other@example.org").await;
    let (_, mine) = app.user("person@example.org").await;
    let real = app.delete(&format!("/v1/me/sessions/{}", id_of(&app, &theirs)), &mine).await;
    let unreal = app.delete(&format!("/v1/me/sessions/{}", Uuid::new_v4()), &mine).await;
    real.problem(404, "notFound");
    assert_eq!(real.text, unreal.text);
    app.get("/v1/me", &theirs).await.expect(200);
}

#[actix_web::test]
async fn all_others_end_together() {
    let app = start().await;
    let (_, other_person) = app.user("other@example.org").await;
    let (_, first) = app.user("person@example.org").await;
    let (second, second_refresh) = logged_in(&app, "person@example.org").await;
    let (mine, my_refresh) = logged_in(&app, "person@example.org").await;
    app.delete("/v1/me/sessions", &mine).await.expect(204);
    for ended in [&first, &second] {
        app.get("/v1/me", ended).await.problem(401, "unauthorised");
    }
    refresh(&app, &second_refresh).await.problem(401, "unauthorised");
    refresh(&app, &my_refresh).await.expect(201);
    app.get("/v1/me", &other_person).await.expect(200);
    assert_eq!(own(&app, &mine).await.len(), 1);
    assert!(trail(&app).await.contains(&format!("session.deleteOthers done {}", id_of(&app, &mine))));
}

#[actix_web::test]
async fn the_last_use_is_noted_to_the_hour() {
    let app = start().await;
    let (id, _) = app.user("person@example.org").await;
    let begun = |hours: i64| sessions::Session {
        id: Uuid::new_v4().to_string(),
        user_id: id.clone(),
        created_at: now() - Duration::days(1),
        expires_at: now() + Duration::days(1),
        revoked_at: None,
        last_used_at: Some(now() - Duration::hours(hours)),
        provider_factor: false,
        device: String::new(),
    };
    for (hours, noted) in [(2, true), (0, false)] {
        let session = begun(hours);
        let (token, before) = (app.state.tokens.issue(&id, &session.id).unwrap(), session.last_used_at);
        let (session_id, hash) = (session.id.clone(), Uuid::new_v4().to_string());
        app.state.db.write::<(), DbError>(move |conn| sessions::begin(conn, &session, &hash)).await.unwrap();
        app.get("/v1/me", &token).await.expect(200);
        let kept = app.state.db.run(move |conn| sessions::live(conn, &session_id)).await.unwrap().unwrap().0;
        assert_eq!(kept.last_used_at > before, noted, "{hours} hours ago");
    }
}
