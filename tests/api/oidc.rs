//! Logging in through an identity provider: who gets in, and how people come to have an account that way.

use duiding::config::SecondFactor;
use duiding::db::DbError;
use duiding::domain::role::Role;
use serde_json::{Value, json};

use crate::helpers::{Answer, PASSWORD, Study, TestApp, start};
use crate::oidc_doubts::refusals;
use crate::oidc_provider::{Browser, Provider, start_at, with_provider};
use crate::own_sessions::trail;
use crate::second_factor::set_up;
use crate::sessions::{login, tokens};

async fn invite(app: &TestApp, study: &Study, email: &str) -> String {
    let body = json!({"email": email, "role": "researcher"});
    let made = app.post(&study.path("/invitations"), study.token(Role::Owner), &body).await.expect(201);
    made["code"].as_str().unwrap().to_owned()
}

/// Finishes a login with an invitation.
async fn accept(app: &TestApp, browser: &Browser, handle: &str, code: &str) -> Answer {
    let body = json!({"handle": handle, "invitation": {"code": code}});
    browser.post(app, "/v1/sessions/_oidc-finish", "", &body).await
}

async fn me(app: &TestApp, access: &str) -> Value {
    app.get("/v1/me", access).await.expect(200)
}

#[actix_web::test]
async fn a_linked_identity_logs_in_without_a_password() {
    let (app, provider) = with_provider().await;
    let offer = app.get("/v1/sessions/_oidc", "").await.expect(200);
    assert_eq!(offer, json!({"available": true, "name": "Log in with your organisation"}));
    // The address here is another than at the provider: what counts is the link.
    let (id, token) = app.user("known-here-as@example.org").await;
    let mut browser = Browser::new();
    let linked = browser.link(&app, &token).await.expect(201);
    assert_eq!((&linked["issuer"], &linked["lastUsedAt"]), (&json!(provider.url), &Value::Null));
    let (access, next) = tokens(&browser.login(&app).await.expect(201));
    let seen = me(&app, &access).await;
    assert_eq!((seen["id"].as_str(), &seen["identities"][0]["id"]), (Some(id.as_str()), &linked["id"]));
    assert!(seen["identities"][0]["lastUsedAt"].is_string() && seen["hasPassword"] == true);
    assert!(!seen.to_string().contains("subject 1"));
    crate::sessions::refresh(&app, &next).await.expect(201);
    let told = trail(&app).await;
    assert!(told.contains(&format!("identity.link done {}", linked["id"].as_str().unwrap())), "{told:?}");
    assert_eq!(told.iter().filter(|t| t.starts_with("session.create done")).count(), 1, "{told:?}");
}

#[actix_web::test]
async fn an_address_alone_opens_no_account() {
    let (app, _provider) = with_provider().await;
    let (_, token) = app.user("person@example.org").await;
    let mut browser = Browser::new();
    let handle = browser.come_back(&app, "").await;
    browser.finish(&app, &handle).await.problem(403, "noAccount");

    let study = app.study().await;
    let code = invite(&app, &study, "person@example.org").await;
    accept(&app, &browser, &handle, &code).await.problem(409, "accountExists");
    assert_eq!(me(&app, &token).await["identities"], json!([]));
    app.get(&study.base, &token).await.problem(404, "notFound");

    // Linked with the password, the same person gets in, and the invitation still works.
    browser.link(&app, &token).await.expect(201);
    let handle = browser.come_back(&app, "").await;
    let (access, _) = tokens(&accept(&app, &browser, &handle, &code).await.expect(201));
    assert_eq!(app.get(&study.base, &access).await.expect(200)["role"], "researcher");
    assert_eq!(refusals(&app).await, ["accountExists", "linked to no account"]);
}

#[actix_web::test]
async fn an_invited_person_gets_an_account_that_the_provider_opens() {
    let (app, _provider) = with_provider().await;
    let study = app.study().await;
    let code = invite(&app, &study, "person@example.org").await;
    let mut browser = Browser::new();
    let handle = browser.come_back(&app, "").await;
    browser.finish(&app, &handle).await.problem(403, "noAccount");
    let (access, _) = tokens(&accept(&app, &browser, &handle, &code).await.expect(201));
    assert_eq!(app.get(&study.base, &access).await.expect(200)["role"], "researcher");
    let seen = me(&app, &access).await;
    assert_eq!((&seen["email"], &seen["name"]), (&json!("person@example.org"), &json!("Person")));
    assert_eq!((&seen["hasPassword"], &seen["mayCreateProjects"]), (&json!(false), &json!(false)));
    for password in ["", PASSWORD] {
        login(&app, "person@example.org", password).await.problem(401, "unauthorised");
    }
    let handle = browser.come_back(&app, "").await;
    accept(&app, &browser, &handle, &code).await.problem(410, "gone");
    assert_eq!(me(&app, &tokens(&browser.finish(&app, &handle).await.expect(201)).0).await["id"], seen["id"]);
}

#[actix_web::test]
async fn an_invitation_is_for_the_address_that_the_provider_verified() {
    let (app, provider) = with_provider().await;
    let study = app.study().await;
    let code = invite(&app, &study, "person@example.org").await;
    let mut browser = Browser::new();
    let others = [
        json!({"email_verified": false}),
        json!({"email_verified": null}),
        json!({"email": "other@example.org"}),
        json!({"email": null}),
    ];
    for claims in others {
        provider.change(|mood| mood.claims = claims);
        let handle = browser.come_back(&app, "").await;
        accept(&app, &browser, &handle, &code).await.problem(410, "gone");
        accept(&app, &browser, &handle, "dui_made-up").await.problem(410, "gone");
    }
    // An account that is linked to the identity takes no invitation of another address either.
    provider.change(|mood| mood.claims = json!({}));
    let (_, token) = app.user("somebody-else@example.org").await;
    browser.link(&app, &token).await.expect(201);
    let handle = browser.come_back(&app, "").await;
    accept(&app, &browser, &handle, &code).await.problem(410, "gone");

    provider.change(|mood| mood.claims = json!({"sub": "subject 2", "name": null}));
    let handle = browser.come_back(&app, "").await;
    assert_eq!(accept(&app, &browser, &handle, &code).await.errors(), ["$.invitation.name required"]);
    let body = json!({"handle": handle, "invitation": {"code": code, "name": "Coach"}});
    let (access, _) = tokens(&browser.post(&app, "/v1/sessions/_oidc-finish", "", &body).await.expect(201));
    assert_eq!(me(&app, &access).await["name"], "Coach");
}

#[actix_web::test]
async fn a_second_factor_of_ours_is_asked_unless_the_provider_used_one() {
    let (app, provider) = with_provider().await;
    let (_, token) = app.user("careful@example.org").await;
    let mut browser = Browser::new();
    browser.link(&app, &token).await.expect(201);
    let (phone, recovery) = set_up(&app, &token).await;
    let handle = browser.come_back(&app, "").await;
    browser.finish(&app, &handle).await.problem(401, "secondFactorNeeded");
    let with = async |code: &str| {
        let body = json!({"handle": handle, "code": code});
        browser.post(&app, "/v1/sessions/_oidc-finish", "", &body).await
    };
    with("0000-0000-0000-0000").await.problem(401, "wrongCode");
    with(&phone.shows(1)).await.expect(201);
    with(&recovery[0]).await.problem(410, "gone");
    assert_eq!(refusals(&app).await, ["no code", "no such login under way in this browser", "wrong code"]);

    for (claims, trusted) in
        [(json!({"amr": ["pwd", "otp"]}), false), (json!({"amr": ["pwd", "mfa"]}), true), (json!({"acr": "mfa"}), true)]
    {
        provider.change(|mood| mood.claims = claims);
        let answer = browser.login(&app).await;
        if trusted { drop(answer.expect(201)) } else { drop(answer.problem(401, "secondFactorNeeded")) }
    }
}

#[actix_web::test]
async fn ten_wrong_codes_close_the_account_for_both_ways() {
    let (app, _provider) = with_provider().await;
    let (_, token) = app.user("guessed@example.org").await;
    let mut browser = Browser::new();
    browser.link(&app, &token).await.expect(201);
    let (phone, _) = set_up(&app, &token).await;
    let handle = browser.come_back(&app, "").await;
    let with = async |code: &str| {
        let body = json!({"handle": handle, "code": code});
        browser.post(&app, "/v1/sessions/_oidc-finish", "", &body).await
    };
    for _ in 0..10 {
        with("0000-0000-0000-0000").await.problem(401, "wrongCode");
    }
    with(&phone.shows(1)).await.problem(429, "tooManyFailures");
    login(&app, "guessed@example.org", PASSWORD).await.problem(429, "tooManyFailures");
}

#[actix_web::test]
async fn where_a_second_factor_is_required_the_provider_may_have_asked_for_it() {
    let provider = Provider::start();
    let app = start_at(&provider, |config| config.second_factor = SecondFactor::Required).await;
    let (_, token) = app.user("person@example.org").await;
    let mut browser = Browser::new();
    browser.link(&app, &token).await.expect(201);
    let (access, _) = tokens(&browser.login(&app).await.expect(201));
    app.get("/v1/projects", &access).await.problem(403, "secondFactorNeeded");
    provider.change(|mood| mood.claims = json!({"amr": ["mfa"]}));
    let (access, next) = tokens(&browser.login(&app).await.expect(201));
    app.get("/v1/projects", &access).await.expect(200);
    let (access, _) = tokens(&crate::sessions::refresh(&app, &next).await.expect(201));
    app.get("/v1/projects", &access).await.expect(200);
}

#[actix_web::test]
async fn a_closed_account_looks_like_none() {
    let (app, _provider) = with_provider().await;
    let (id, token) = app.user("closed@example.org").await;
    let mut browser = Browser::new();
    browser.link(&app, &token).await.expect(201);
    let close = move |conn: &mut duiding::db::Conn| {
        use diesel::prelude::*;
        let query = "UPDATE users SET disabled_at = created_at WHERE id = ";
        Ok::<usize, DbError>(duiding::on_each!(conn, c => diesel::sql_query(format!("{query}'{id}'")).execute(c))?)
    };
    app.state.db.write(close).await.unwrap();
    browser.login(&app).await.problem(403, "noAccount");
}

#[actix_web::test]
async fn without_a_provider_there_is_nothing_of_it() {
    let app = start().await;
    assert_eq!(app.get("/v1/sessions/_oidc", "").await.expect(200), json!({"available": false, "name": null}));
    let (_, token) = app.user("person@example.org").await;
    let body = json!({"handle": "duo_made-up"});
    app.post("/v1/sessions/_oidc", "", &json!({})).await.problem(404, "notFound");
    app.get("/v1/sessions/oidc-callback?state=x&code=y", "").await.problem(404, "notFound");
    app.post("/v1/sessions/_oidc-finish", "", &body).await.problem(404, "notFound");
    app.post("/v1/me/identities/_begin", &token, &json!({"currentPassword": PASSWORD})).await.problem(404, "notFound");
    app.post("/v1/me/identities", &token, &body).await.problem(404, "notFound");
}
