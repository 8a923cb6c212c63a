//! Linking and unlinking identities.

use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{PASSWORD, TestApp};
use crate::oidc_provider::{Browser, with_provider};
use crate::sessions::{logged_in, login, reset, tokens};

async fn identities(app: &TestApp, token: &str) -> Vec<Value> {
    app.get("/v1/me", token).await.expect(200)["identities"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn to_link_an_identity_takes_the_password_and_the_same_person() {
    let (app, _provider) = with_provider().await;
    let (_, token) = app.user("person@example.org").await;
    let (_, other) = app.user("other@example.org").await;
    let mut browser = Browser::new();
    let body = json!({"currentPassword": "not the password at all"});
    app.post("/v1/me/identities/_begin", &token, &body).await.problem(401, "unauthorised");

    // A link that one person began is not finished by another, nor as a login, nor the other way round.
    let handle = browser.come_back(&app, &token).await;
    let body = json!({"handle": handle});
    browser.post(&app, "/v1/me/identities", &other, &body).await.problem(410, "gone");
    browser.finish(&app, &handle).await.problem(410, "gone");
    browser.post(&app, "/v1/me/identities", &token, &body).await.expect(201);
    let handle = browser.come_back(&app, "").await;
    browser.post(&app, "/v1/me/identities", &token, &json!({"handle": handle})).await.problem(410, "gone");
    assert_eq!(identities(&app, &token).await.len(), 1);
    assert_eq!(identities(&app, &other).await.len(), 0);
}

#[actix_web::test]
async fn an_identity_opens_one_account() {
    let (app, provider) = with_provider().await;
    let (_, token) = app.user("person@example.org").await;
    let (_, other) = app.user("other@example.org").await;
    let mut browser = Browser::new();
    browser.link(&app, &token).await.expect(201);
    browser.link(&app, &token).await.problem(409, "alreadyLinked");
    browser.link(&app, &other).await.problem(409, "alreadyLinked");
    provider.change(|mood| mood.claims = json!({"sub": "subject 2"}));
    browser.link(&app, &token).await.expect(201);
    assert_eq!(identities(&app, &token).await.len(), 2);
}

#[actix_web::test]
async fn an_unlinked_identity_opens_nothing_and_the_other_sessions_end() {
    let (app, _provider) = with_provider().await;
    let (_, token) = app.user("person@example.org").await;
    let mut browser = Browser::new();
    let linked = browser.link(&app, &token).await.expect(201);
    let (access, _) = tokens(&browser.login(&app).await.expect(201));
    let path = format!("/v1/me/identities/{}", linked["id"].as_str().unwrap());
    let (_, stranger) = app.user("stranger@example.org").await;
    app.delete(&path, &stranger).await.problem(404, "notFound");
    app.delete(&format!("/v1/me/identities/{}", Uuid::new_v4()), &token).await.problem(404, "notFound");
    app.delete(&path, &token).await.expect(204);
    app.get("/v1/me", &access).await.problem(401, "unauthorised");
    browser.login(&app).await.problem(403, "noAccount");
    assert_eq!(identities(&app, &token).await.len(), 0);
}

#[actix_web::test]
async fn the_last_way_into_an_account_stays_until_there_is_a_password() {
    let (app, _provider) = with_provider().await;
    let study = app.study().await;
    let body = json!({"email": "person@example.org", "role": "workgroup"});
    let made = app.post(&study.path("/invitations"), study.token(Role::Owner), &body).await.expect(201);
    let mut browser = Browser::new();
    let handle = browser.come_back(&app, "").await;
    let body = json!({"handle": handle, "invitation": {"code": made["code"]}});
    let (access, _) = tokens(&browser.post(&app, "/v1/sessions/_oidc-finish", "", &body).await.expect(201));
    let path = format!("/v1/me/identities/{}", identities(&app, &access).await[0]["id"].as_str().unwrap());
    app.delete(&path, &access).await.problem(409, "lastWay");
    browser.login(&app).await.expect(201);

    let body = json!({"newPassword": PASSWORD});
    let (access, _) = tokens(&app.put("/v1/me/password", &access, &body).await.expect(201));
    assert_eq!(app.put("/v1/me/password", &access, &body).await.errors(), ["$.currentPassword required"]);
    app.delete(&path, &access).await.expect(204);
    login(&app, "person@example.org", PASSWORD).await.expect(201);
}

#[actix_web::test]
async fn a_reset_on_the_server_unlinks_what_somebody_may_have_linked() {
    let (app, _provider) = with_provider().await;
    let (_, token) = app.user("taken@example.org").await;
    let mut browser = Browser::new();
    browser.link(&app, &token).await.expect(201);
    let said = reset(&app, "taken@example.org", PASSWORD);
    assert!(said.contains("identities were unlinked"), "{said}");
    browser.login(&app).await.problem(403, "noAccount");
    let (access, _) = logged_in(&app, "taken@example.org").await;
    assert_eq!(identities(&app, &access).await.len(), 0);
}
