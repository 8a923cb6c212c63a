//! How people come into a study: by a code that works once, for one address.

use chrono::Duration;
use duiding::db::members::{self, Invitation};
use duiding::db::{DbError, now};
use duiding::domain::role::Role;
use duiding::secrets::{new_token, prefix};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, PASSWORD, Study, TestApp, start};

/// Invites an address as the owner; answers id and code.
async fn invite(app: &TestApp, study: &Study, body: Value) -> (String, String) {
    let made = app.post(&study.path("/invitations"), study.token(Role::Owner), &body).await.expect(201);
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let (id, code) = (text(&made["invitation"]["id"]), text(&made["code"]));
    assert!(made["link"].as_str().unwrap().ends_with(&format!("/#invitation={code}")), "never in what a server logs");
    (id, code)
}

async fn accept(app: &TestApp, code: &str, email: &str, password: &str) -> Answer {
    let body = json!({"code": code, "email": email, "name": "New", "password": password});
    app.post("/v1/invitations/_accept", "", &body).await
}

async fn role_of(app: &TestApp, study: &Study, answer: &Value) -> Value {
    app.get(&study.base, answer["accessToken"].as_str().unwrap()).await.expect(200)["role"].clone()
}

#[actix_web::test]
async fn an_invited_person_gets_an_account_and_a_role_and_the_code_is_used_up() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = invite(&app, &study, json!({"email": "New@Example.org", "role": "workgroup"})).await;
    let body = accept(&app, &code, "new@example.org", PASSWORD).await.expect(201);
    assert_eq!(role_of(&app, &study, &body).await, "workgroup");
    let me = app.get("/v1/me", body["accessToken"].as_str().unwrap()).await.expect(200);
    assert_eq!((&me["name"], &me["email"], &me["mayCreateProjects"]), (&json!("New"), &json!("new@example.org"), &json!(false)));
    let own = app.post("/v1/projects", body["accessToken"].as_str().unwrap(), &json!({"title": "Mine"})).await;
    own.problem(403, "forbidden");

    accept(&app, &code, "new@example.org", PASSWORD).await.problem(410, "gone");
    let list = app.get(&study.path("/invitations"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(list["items"][0]["id"], id);
    assert!(list["items"][0]["acceptedAt"].is_string());
    assert!(!list.to_string().contains(&code) && !list.to_string().contains("dui_"));
}

#[actix_web::test]
async fn of_two_who_accept_at_once_one_gets_in() {
    let app = start().await;
    let study = app.study().await;
    let (_, code) = invite(&app, &study, json!({"email": "once@example.org", "role": "workgroup"})).await;
    let both = futures_util::future::join_all((0..2).map(|_| accept(&app, &code, "once@example.org", PASSWORD))).await;
    let mut statuses: Vec<u16> = both.iter().map(|a| a.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201, "{both:?}");
    assert!([409, 410].contains(&statuses[1]), "{both:?}");
}

#[actix_web::test]
async fn a_code_works_for_its_own_address_only() {
    let app = start().await;
    let study = app.study().await;
    let (_, code) = invite(&app, &study, json!({"email": "right@example.org", "role": "facilitator"})).await;
    accept(&app, &code, "wrong@example.org", PASSWORD).await.problem(410, "gone");
    let body = accept(&app, &code, "right@example.org", PASSWORD).await.expect(201);
    assert_eq!(role_of(&app, &study, &body).await, "facilitator", "the failed attempt did not use up the code");
}

#[actix_web::test]
async fn a_known_address_proves_itself_by_its_password() {
    let app = start().await;
    let study = app.study().await;
    let (user_id, _) = app.user("known@example.org").await;
    let (_, code) = invite(&app, &study, json!({"email": "known@example.org", "role": "researcher"})).await;
    accept(&app, &code, "known@example.org", "somebody else's sentence").await.problem(401, "unauthorised");
    let body = accept(&app, &code, "known@example.org", PASSWORD).await.expect(201);
    let me = app.get("/v1/me", body["accessToken"].as_str().unwrap()).await.expect(200);
    assert_eq!(me["id"], user_id, "no second account");
    assert_eq!(me["name"], "known@example.org", "the name stays");
    assert_eq!(role_of(&app, &study, &body).await, "researcher");
}

#[actix_web::test]
async fn a_new_account_has_a_name_and_a_good_password() {
    let app = start().await;
    let study = app.study().await;
    let (_, code) = invite(&app, &study, json!({"email": "new@example.org", "role": "workgroup"})).await;
    let send = async |name: Value, password: &str| {
        let body = json!({"code": code, "email": "new@example.org", "name": name, "password": password});
        app.post("/v1/invitations/_accept", "", &body).await
    };
    assert_eq!(send(json!(null), "short").await.errors(), ["$.password tooShort"]);
    assert_eq!(send(json!("  "), "aaaaaaaaaaaaaa").await.errors(), ["$.name required", "$.password weakPassword"]);
    send(json!("New"), PASSWORD).await.expect(201);
}

#[actix_web::test]
async fn a_code_that_does_not_work_tells_nothing_about_accounts() {
    let app = start().await;
    let study = app.study().await;
    app.user("known@example.org").await;
    let (_, elsewhere) = invite(&app, &study, json!({"email": "invited@example.org", "role": "workgroup"})).await;
    for code in ["dui_made-up", &elsewhere] {
        let known = accept(&app, code, "known@example.org", "not the password at all").await;
        let unknown = accept(&app, code, "unknown@example.org", "not the password at all").await;
        known.problem(410, "gone");
        assert_eq!(known.text, unknown.text);
        accept(&app, code, "unknown@example.org", "aaaaaaaaaaaaaa").await.problem(410, "gone");
    }
}

#[actix_web::test]
async fn an_invitation_that_was_taken_back_or_is_too_old_is_gone() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let (id, code) = invite(&app, &study, json!({"email": "new@example.org", "role": "workgroup"})).await;
    app.delete(&study.path(&format!("/invitations/{id}")), owner).await.expect(204);
    accept(&app, &code, "new@example.org", PASSWORD).await.problem(410, "gone");
    app.delete(&study.path(&format!("/invitations/{}", Uuid::new_v4())), owner).await.problem(404, "notFound");

    let (old, code_hash) = new_token(prefix::INVITATION);
    let row = Invitation {
        project_id: study.id.clone(),
        id: Uuid::new_v4().to_string(),
        email: "new@example.org".to_owned(),
        role: Role::Workgroup.name().to_owned(),
        ends_on: None,
        code_hash,
        created_by: "command".to_owned(),
        created_at: now() - Duration::days(15),
        expires_at: now() - Duration::seconds(1),
        accepted_at: None,
        revoked_at: None,
    };
    app.state.db.write::<(), DbError>(move |conn| members::invite(conn, &row)).await.unwrap();
    accept(&app, &old, "new@example.org", PASSWORD).await.problem(410, "gone");
}

#[actix_web::test]
async fn an_external_researcher_is_invited_until_a_day() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let mut body = json!({"email": "guest@example.org", "role": "externalResearcher"});
    let refused = app.post(&study.path("/invitations"), owner, &body).await;
    assert_eq!(refused.errors(), ["$.endsOn required"]);
    let last_day = (now() + Duration::days(30)).date().to_string();
    body["endsOn"] = json!(last_day);
    let (_, code) = invite(&app, &study, body).await;
    accept(&app, &code, "guest@example.org", PASSWORD).await.expect(201);
    let members = app.get(&study.path("/members"), owner).await.expect(200);
    let guest = members["items"].as_array().unwrap().iter().find(|m| m["email"] == "guest@example.org").unwrap();
    assert_eq!((&guest["role"], &guest["endsOn"]), (&json!("externalResearcher"), &json!(last_day)));
}

#[actix_web::test]
async fn the_last_owner_does_not_stop_being_one_by_an_invitation() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let email = app.get("/v1/me", owner).await.expect(200)["email"].clone();
    let (_, code) = invite(&app, &study, json!({"email": email, "role": "workgroup"})).await;
    accept(&app, &code, email.as_str().unwrap(), PASSWORD).await.problem(409, "lastOwner");
    assert_eq!(app.get(&study.base, owner).await.expect(200)["role"], "owner");
}

#[actix_web::test]
async fn an_invitation_names_an_address_and_a_role_that_there_is() {
    let app = start().await;
    let study = app.study().await;
    let wrong = json!({"email": "nobody", "role": "admin", "note": "please"});
    let answer = app.post(&study.path("/invitations"), study.token(Role::Owner), &wrong).await;
    assert_eq!(answer.errors(), ["$.email wrongFormat", "$.note unknownMember", "$.role unknownOption"]);
}
