//! Personal access tokens for external tools: never more than their owner, never elsewhere, never for ever.

use chrono::Duration;
use duiding::db::tokens::{self, ApiToken};
use duiding::db::{DbError, now};
use duiding::domain::role::Role;
use duiding::secrets::{new_token, prefix};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, start, story};

const ALL: [&str; 5] = ["project:read", "stories:read", "stories:write", "analysis:read", "export:read"];

/// Makes a token of the member with this role; answers id and token.
async fn token(app: &TestApp, study: &Study, role: Role, scopes: &[&str]) -> (String, String) {
    let body = json!({"name": "tool", "scopes": scopes, "days": 30});
    let made = app.post(&study.path("/tokens"), study.token(role), &body).await.expect(201);
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    (text(&made["details"]["id"]), text(&made["token"]))
}

#[actix_web::test]
async fn a_token_is_shown_once_and_listed_without_its_secret() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (id, secret) = token(&app, &study, Role::Researcher, &["stories:read"]).await;
    assert!(secret.starts_with("dup_"));
    let list = app.get(&study.path("/tokens"), researcher).await.expect(200);
    let item = &list["items"][0];
    assert_eq!((&item["id"], &item["scopes"], &item["name"]), (&json!(id), &json!(["stories:read"]), &json!("tool")));
    assert!(!list.to_string().contains(&secret[4..]));
    let others = app.get(&study.path("/tokens"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(others["items"], json!([]), "tokens are a person's own");
}

#[actix_web::test]
async fn a_token_says_what_it_is_for_and_for_how_long() {
    let app = start().await;
    let study = app.study().await;
    let post = async |body: Value| app.post(&study.path("/tokens"), study.token(Role::Owner), &body).await;
    let wrong = json!({"name": "", "scopes": ["everything"], "days": 367});
    assert_eq!(post(wrong).await.errors(), ["$.days outOfRange", "$.name tooShort", "$.scopes[0] unknownOption"]);
    let none = json!({"name": "R", "scopes": [], "days": 0});
    assert_eq!(post(none).await.errors(), ["$.days outOfRange", "$.scopes tooShort"]);
}

#[actix_web::test]
async fn a_token_never_does_more_than_its_person() {
    let app = start().await;
    let study = app.study().await;
    let (_, of_owner) = token(&app, &study, Role::Owner, &ALL).await;
    let (_, of_workgroup) = token(&app, &study, Role::Workgroup, &ALL).await;
    let (_, of_researcher) = token(&app, &study, Role::Researcher, &ALL).await;
    let stories = study.path("/stories");
    app.get(&stories, &of_owner).await.problem(403, "forbidden");
    app.get(&study.path("/response"), &of_workgroup).await.problem(403, "forbidden");
    app.put(&study.story(Uuid::new_v4()), &of_workgroup, &story(None)).await.problem(403, "forbidden");
    let id = Uuid::new_v4();
    app.put(&study.story(id), &of_researcher, &story(None)).await.expect(201);
    assert_eq!(app.get(&stories, &of_researcher).await.expect(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.get(&stories, &of_workgroup).await.expect(200)["items"], json!([]), "not released");
    app.get(&study.story(id), &of_workgroup).await.problem(404, "notFound");

    // Whose role shrinks, their tokens shrink too.
    let me = app.get("/v1/me", study.token(Role::Researcher)).await.expect(200);
    let member = study.path(&format!("/members/{}", me["id"].as_str().unwrap()));
    app.put(&member, study.token(Role::Owner), &json!({"role": "workgroup"})).await.expect(204);
    app.put(&study.story(Uuid::new_v4()), &of_researcher, &story(None)).await.problem(403, "forbidden");
    assert_eq!(app.get(&stories, &of_researcher).await.expect(200)["items"], json!([]));
}

#[actix_web::test]
async fn a_scope_that_is_missing_is_a_refusal() {
    let app = start().await;
    let study = app.study().await;
    let lens = json!({});
    let summaries = study.path("/summaries/_search");
    for scope in ALL {
        let (_, tool) = token(&app, &study, Role::Researcher, &[scope]).await;
        app.get(&study.base, &tool).await.expect(200);
        let done = [
            ("project:read", app.get(&study.path("/response"), &tool).await),
            ("stories:read", app.get(&study.path("/stories"), &tool).await),
            ("stories:write", app.put(&study.story(Uuid::new_v4()), &tool, &story(None)).await),
            ("analysis:read", app.post(&summaries, &tool, &lens).await),
        ];
        for (needed, answer) in done {
            if needed == scope {
                assert!(answer.status.is_success(), "{scope}: {}", answer.text);
            } else {
                answer.problem(403, "forbidden");
            }
        }
        app.post(&study.path("/frameworks"), &tool, &json!({})).await.problem(403, "forbidden");
        app.get(&study.path("/members"), &tool).await.problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn a_token_works_in_its_own_project_only() {
    let app = start().await;
    let (study, owner) = (app.study().await, app.study().await);
    let other = app.post("/v1/projects", study.token(Role::Owner), &json!({"title": "Other"})).await.expect(201);
    let (_, tool) = token(&app, &study, Role::Owner, &ALL).await;
    let elsewhere = format!("/v1/projects/{}", other["id"].as_str().unwrap());
    app.get(&elsewhere, study.token(Role::Owner)).await.expect(200);
    app.get(&elsewhere, &tool).await.problem(404, "notFound");
    app.get(&owner.base, &tool).await.problem(404, "notFound");
    app.get(&study.base, &tool).await.expect(200);
    for path in ["/v1/projects", "/v1/me", "/v1/framework-templates"] {
        app.get(path, &tool).await.problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn a_token_that_ended_is_unknown() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (id, tool) = token(&app, &study, Role::Researcher, &ALL).await;
    let path = study.path(&format!("/tokens/{id}"));
    app.delete(&path, study.token(Role::Owner)).await.problem(404, "notFound");
    app.delete(&path, &tool).await.problem(403, "forbidden");
    app.get(&study.base, &tool).await.expect(200);
    app.delete(&path, researcher).await.expect(204);
    app.get(&study.base, &tool).await.problem(401, "unauthorised");
    let list = app.get(&study.path("/tokens"), researcher).await.expect(200);
    assert!(list["items"][0]["revokedAt"].is_string());

    let me = app.get("/v1/me", researcher).await.expect(200);
    let (old, hash) = new_token(prefix::PERSONAL);
    let row = ApiToken {
        project_id: study.id.clone(),
        id: Uuid::new_v4().to_string(),
        user_id: me["id"].as_str().unwrap().to_owned(),
        name: "old".to_owned(),
        hash,
        scopes: ALL.join(" "),
        created_at: now() - Duration::days(2),
        expires_at: now() - Duration::seconds(1),
        last_used_at: None,
        revoked_at: None,
    };
    app.state.db.write::<(), DbError>(move |conn| tokens::insert(conn, &row)).await.unwrap();
    app.get(&study.base, &old).await.problem(401, "unauthorised");
}

#[actix_web::test]
async fn a_token_makes_no_tokens() {
    let app = start().await;
    let study = app.study().await;
    let (_, tool) = token(&app, &study, Role::Owner, &ALL).await;
    let device = app.device(&study).await;
    let body = json!({"name": "again", "scopes": ALL, "days": 30});
    for no_person in [&tool, &device] {
        app.post(&study.path("/tokens"), no_person, &body).await.problem(403, "forbidden");
        app.get(&study.path("/tokens"), no_person).await.problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn its_person_sees_whether_a_token_is_still_used() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (_, tool) = token(&app, &study, Role::Researcher, &["project:read"]).await;
    let used = async || app.get(&study.path("/tokens"), researcher).await.expect(200)["items"][0]["lastUsedAt"].clone();
    assert_eq!(used().await, Value::Null);
    app.get(&study.base, &tool).await.expect(200);
    assert!(used().await.is_string());
}
