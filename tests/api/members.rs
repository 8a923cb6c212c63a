//! Who belongs to a study in which role, and what is left of it afterwards.

use chrono::Duration;
use duiding::db::now;
use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, start, story};

/// Path of the membership of the member with this role.
async fn membership(app: &TestApp, study: &Study, role: Role) -> String {
    let me = app.get("/v1/me", study.token(role)).await.expect(200);
    study.path(&format!("/members/{}", me["id"].as_str().unwrap()))
}

fn day(from_today: i64) -> Value {
    json!((now() + Duration::days(from_today)).date().to_string())
}

#[actix_web::test]
async fn the_owner_sees_who_belongs_to_the_study() {
    let app = start().await;
    let study = app.study().await;
    let members = app.get(&study.path("/members"), study.token(Role::Owner)).await.expect(200);
    let mut roles: Vec<&str> = members["items"].as_array().unwrap().iter().map(|m| m["role"].as_str().unwrap()).collect();
    roles.sort_unstable();
    assert_eq!(roles, ["coordinator", "externalResearcher", "facilitator", "owner", "researcher", "workgroup"]);
    assert_eq!(members["next"], Value::Null);
    for member in members["items"].as_array().unwrap() {
        let names: Vec<&String> = member.as_object().unwrap().keys().collect();
        assert_eq!(names, ["userId", "name", "email", "role", "endsOn", "createdAt"]);
    }
}

#[actix_web::test]
async fn another_role_holds_from_the_next_request_on() {
    let app = start().await;
    let study = app.study().await;
    let (owner, member) = (study.token(Role::Owner), study.token(Role::Workgroup));
    let path = membership(&app, &study, Role::Workgroup).await;
    let raw = study.path("/stories?status=held");
    app.get(&raw, member).await.problem(400, "invalidInput");
    app.put(&path, owner, &json!({"role": "researcher"})).await.expect(204);
    app.get(&raw, member).await.expect(200);
    app.put(&path, owner, &json!({"role": "facilitator"})).await.expect(204);
    app.get(&raw, member).await.problem(403, "forbidden");
    assert_eq!(app.get(&study.base, member).await.expect(200)["role"], "facilitator");
}

#[actix_web::test]
async fn a_removed_member_learns_nothing_any_more() {
    let app = start().await;
    let study = app.study().await;
    let (owner, researcher) = (study.token(Role::Owner), study.token(Role::Researcher));
    let body = json!({"name": "R", "scopes": ["project:read", "stories:read"], "days": 1});
    let made = app.post(&study.path("/tokens"), researcher, &body).await.expect(201);
    let personal = made["token"].as_str().unwrap();
    app.get(&study.base, personal).await.expect(200);
    let path = membership(&app, &study, Role::Researcher).await;
    app.delete(&path, owner).await.expect(204);

    let nowhere = app.get(&format!("/v1/projects/{}", Uuid::new_v4()), researcher).await;
    for token in [researcher, personal] {
        for rest in ["", "/stories", "/waves", "/tokens"] {
            let answer = app.get(&study.path(rest), token).await;
            answer.problem(404, "notFound");
            assert_eq!(answer.text, nowhere.text);
        }
        app.put(&study.story(Uuid::new_v4()), token, &story(None)).await.problem(404, "notFound");
    }
    assert_eq!(app.get("/v1/projects", researcher).await.expect(200)["items"], json!([]));
    app.get("/v1/me", researcher).await.expect(200);
    app.delete(&path, owner).await.problem(404, "notFound");
}

#[actix_web::test]
async fn the_last_owner_stays() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let path = membership(&app, &study, Role::Owner).await;
    app.delete(&path, owner).await.problem(409, "lastOwner");
    app.put(&path, owner, &json!({"role": "workgroup"})).await.problem(409, "lastOwner");
    app.put(&path, owner, &json!({"role": "owner", "endsOn": day(30)})).await.problem(409, "lastOwner");
    app.put(&path, owner, &json!({"role": "owner"})).await.expect(204);

    // Whose ownership ends is no owner to rely on; one without an end is.
    let other = membership(&app, &study, Role::Workgroup).await;
    app.put(&other, owner, &json!({"role": "owner", "endsOn": day(30)})).await.expect(204);
    app.delete(&path, owner).await.problem(409, "lastOwner");
    app.put(&other, owner, &json!({"role": "owner"})).await.expect(204);
    app.delete(&path, owner).await.expect(204);
    app.delete(&other, study.token(Role::Workgroup)).await.problem(409, "lastOwner");
}

#[actix_web::test]
async fn two_owners_who_leave_at_once_do_not_both_leave() {
    let app = start().await;
    let study = app.study().await;
    let (first, second) = (study.token(Role::Owner), study.token(Role::Workgroup));
    let paths = [membership(&app, &study, Role::Owner).await, membership(&app, &study, Role::Workgroup).await];
    app.put(&paths[1], first, &json!({"role": "owner"})).await.expect(204);
    let (a, b) = futures_util::future::join(app.delete(&paths[0], first), app.delete(&paths[1], second)).await;
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409], "{a:?} {b:?}");
}

#[actix_web::test]
async fn an_external_researcher_has_a_last_day() {
    let app = start().await;
    let study = app.study().await;
    let (owner, guest) = (study.token(Role::Owner), study.token(Role::ExternalResearcher));
    let path = membership(&app, &study, Role::ExternalResearcher).await;
    let set = async |ends_on: Value| app.put(&path, owner, &json!({"role": "externalResearcher", "endsOn": ends_on})).await;
    assert_eq!(set(Value::Null).await.errors(), ["$.endsOn required"]);
    assert_eq!(set(json!("soon")).await.errors(), ["$.endsOn wrongFormat"]);
    set(day(0)).await.expect(204);
    app.get(&study.base, guest).await.expect(200);
    set(day(-1)).await.expect(204);
    app.get(&study.base, guest).await.problem(404, "notFound");
    assert_eq!(app.get("/v1/projects", guest).await.expect(200)["items"], json!([]));
}

#[actix_web::test]
async fn a_membership_that_ended_is_still_the_owners_to_extend_or_remove() {
    let app = start().await;
    let study = app.study().await;
    let (owner, guest) = (study.token(Role::Owner), study.token(Role::ExternalResearcher));
    let path = membership(&app, &study, Role::ExternalResearcher).await;
    let set = async |ends_on: Value| app.put(&path, owner, &json!({"role": "externalResearcher", "endsOn": ends_on})).await;
    set(day(-1)).await.expect(204);
    let listed = app.get(&study.path("/members"), owner).await.expect(200);
    assert!(listed["items"].as_array().unwrap().iter().any(|m| m["endsOn"] == day(-1)));
    set(day(1)).await.expect(204);
    app.get(&study.base, guest).await.expect(200);
    set(day(-1)).await.expect(204);
    app.delete(&path, owner).await.expect(204);
    set(day(1)).await.problem(404, "notFound");
}

#[actix_web::test]
async fn nobody_is_made_a_member_without_an_invitation() {
    let app = start().await;
    let study = app.study().await;
    let (id, stranger) = app.user("stranger@example.org").await;
    let path = study.path(&format!("/members/{id}"));
    app.put(&path, study.token(Role::Owner), &json!({"role": "workgroup"})).await.problem(404, "notFound");
    app.put(&path, &stranger, &json!({"role": "owner"})).await.problem(404, "notFound");
    app.put(&path, study.token(Role::Researcher), &json!({"role": "owner"})).await.problem(403, "forbidden");
    app.get(&study.base, &stranger).await.problem(404, "notFound");
}
