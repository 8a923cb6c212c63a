//! Lenses that are kept: with a name to find them again, or as the address of a view to share.

use duiding::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start};

async fn keep(app: &TestApp, study: &Study, role: Role, body: &Value) -> Answer {
    app.post(&study.path("/lenses"), study.token(role), body).await
}

/// Sends a change of what the writer knows in this version.
async fn write(app: &TestApp, method: Method, path: &str, token: &str, known: &str, body: &Value) -> Answer {
    let request = app.request(method, path, token).header("if-match", known).json(body);
    Answer::of(request.send().await.unwrap()).await
}

#[actix_web::test]
async fn the_same_view_has_one_address_however_often_it_is_shared() {
    let app = start().await;
    let study = app.study().await;
    let body = json!({"lens": {"waves": ["2", "1", "1"]}, "compareBy": "attribute:trajectory"});
    for role in [Role::Researcher, Role::Workgroup, Role::ExternalResearcher] {
        let answer = keep(&app, &study, role, &body).await;
        let path = answer.header("location");
        let made = answer.expect(201);
        assert_eq!((&made["name"], &made["lens"]["waves"]), (&Value::Null, &json!(["1", "2"])));
        assert_eq!((&made["audience"], &made["compareBy"]), (&json!(role.name()), &json!("attribute:trajectory")));
        let again = json!({"lens": {"waves": ["1", "2"], "perspectives": []}, "compareBy": "attribute:trajectory"});
        let again = keep(&app, &study, role, &again).await;
        assert_eq!(again.header("idempotent-replay"), "true");
        assert_eq!(again.expect(200), made);
        let other = json!({"lens": {"waves": ["1", "2"]}, "compareBy": "wave"});
        assert_ne!(keep(&app, &study, role, &other).await.expect(201)["id"], made["id"]);
        for reader in [Role::Researcher, Role::Workgroup, Role::ExternalResearcher] {
            assert_eq!(app.get(&path, study.token(reader)).await.expect(200), made, "{reader:?}");
        }
        let researcher = study.token(Role::Researcher);
        let named = json!({"name": "mine", "lens": {}});
        write(&app, Method::PUT, &path, researcher, "\"1\"", &named).await.problem(409, "lensHasNoName");
        write(&app, Method::DELETE, &path, researcher, "\"1\"", &json!({})).await.problem(409, "lensHasNoName");
    }
    assert_eq!(app.get(&study.path("/lenses"), study.token(Role::Workgroup)).await.expect(200)["items"], json!([]));
    let events = app.get(&study.path("/audit-events?action=lens."), study.token(Role::Owner)).await.expect(200);
    assert_eq!(events["items"], json!([]), "an address is no deed");
}

#[actix_web::test]
async fn a_lens_with_a_name_is_found_again_changed_and_taken_away() {
    let app = start().await;
    let study = app.study().await;
    let (workgroup, researcher) = (study.token(Role::Workgroup), study.token(Role::Researcher));
    let body = json!({"name": "First wave", "lens": {"waves": ["1"]}, "compareBy": "waveSamePeople"});
    keep(&app, &study, Role::ExternalResearcher, &body).await.problem(403, "forbidden");
    let answer = keep(&app, &study, Role::Workgroup, &body).await;
    let path = answer.header("location");
    assert_eq!(answer.header("etag"), "\"1\"");
    let made = answer.expect(201);
    let listed = app.get(&study.path("/lenses"), study.token(Role::ExternalResearcher)).await.expect(200);
    assert_eq!(listed["items"], json!([made]));

    let new = json!({"name": "Candidates", "lens": {"perspectives": ["candidate"]}});
    app.put(&path, researcher, &new).await.problem(428, "ifMatchNeeded");
    let answer = write(&app, Method::PUT, &path, researcher, "\"1\"", &new).await;
    assert_eq!(answer.header("etag"), "\"2\"");
    let changed = answer.expect(200);
    assert_eq!((&changed["name"], &changed["compareBy"], &changed["revision"]), (&json!("Candidates"), &Value::Null, &json!(2)));
    // The answer was lost and the request is sent again; somebody else knows the first version only.
    assert_eq!(write(&app, Method::PUT, &path, researcher, "\"1\"", &new).await.expect(200), changed);
    write(&app, Method::PUT, &path, workgroup, "\"1\"", &body).await.problem(412, "changedMeanwhile");
    write(&app, Method::DELETE, &path, workgroup, "\"1\"", &json!({})).await.problem(412, "changedMeanwhile");
    app.delete(&path, workgroup).await.problem(428, "ifMatchNeeded");
    write(&app, Method::DELETE, &path, study.token(Role::ExternalResearcher), "\"2\"", &json!({}))
        .await
        .problem(403, "forbidden");
    write(&app, Method::DELETE, &path, workgroup, "\"2\"", &json!({})).await.expect(204);
    app.get(&path, researcher).await.problem(404, "notFound");
    let events = app.get(&study.path("/audit-events?action=lens."), study.token(Role::Owner)).await.expect(200);
    let mut actions: Vec<&str> = events["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    actions.sort();
    assert_eq!(actions, ["lens.create", "lens.delete", "lens.update"]);
}

#[actix_web::test]
async fn a_lens_names_everything_that_does_not_fit() {
    let app = start().await;
    let study = app.study().await;
    let wrong = json!({"name": " ", "lens": {"waves": ["9"], "attributes": {"shoe-size": ["44"]}}, "compareBy": "shoe-size"});
    let errors = keep(&app, &study, Role::Researcher, &wrong).await.errors();
    let expected = [
        "$.compareBy unknownOption",
        "$.lens.attributes['shoe-size'] unknownAttribute",
        "$.lens.waves[0] unknownOption",
        "$.name tooShort",
    ];
    assert_eq!(errors, expected);
    for by in ["attribute:shoe-size", "attribute:", "region"] {
        let wrong = json!({"lens": {}, "compareBy": by});
        assert_eq!(keep(&app, &study, Role::Researcher, &wrong).await.errors(), ["$.compareBy unknownOption"], "{by}");
    }
    let made = json!({"name": "mine", "lens": {}});
    let path = keep(&app, &study, Role::Researcher, &made).await.header("location");
    let without = write(&app, Method::PUT, &path, study.token(Role::Researcher), "*", &json!({"lens": {}})).await;
    assert_eq!(without.errors(), ["$.name required"]);
    app.get(&study.path(&format!("/lenses/{}", Uuid::new_v4())), study.token(Role::Researcher)).await.problem(404, "notFound");
    let other = app.study().await;
    app.get(&path.replace(&study.id, &other.id), other.token(Role::Researcher)).await.problem(404, "notFound");
}
