//! A page of the server stays logged in without a token that a script could read, and nobody else's page gets in by it.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::helpers::{Answer, PASSWORD, TestApp, start};
use crate::sessions::{logged_in, refresh};

async fn sent(request: RequestBuilder) -> Answer {
    Answer::of(request.header("x-duiding-browser", "1").send().await.unwrap()).await
}

fn post(app: &TestApp, path: &str, body: &Value) -> RequestBuilder {
    app.request(Method::POST, path, "").json(body)
}

async fn log_in(app: &TestApp) -> Answer {
    app.user("person@example.org").await;
    sent(post(app, "/v1/sessions", &json!({"email": "person@example.org", "password": PASSWORD}))).await
}

/// What a browser sends back of a cookie that was set.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn renew(app: &TestApp, cookie: &str) -> Answer {
    sent(post(app, "/v1/sessions/_refresh", &json!({})).header("cookie", cookie)).await
}

#[actix_web::test]
async fn a_page_gets_its_refresh_token_where_no_script_reads_it() {
    let app = start().await;
    let answer = log_in(&app).await;
    let set = answer.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"] {
        assert!(set.split("; ").any(|p| p == part), "{set}");
    }
    let first = cookie(&answer);
    let body = answer.expect(201);
    assert_eq!(body["refreshToken"], Value::Null);
    app.get("/v1/me", body["accessToken"].as_str().unwrap()).await.expect(200);
    let renewed = renew(&app, &first).await;
    let second = cookie(&renewed);
    assert_ne!(first, second);
    assert_eq!(renewed.expect(201)["refreshToken"], Value::Null);
    renew(&app, &second).await.expect(201);
    renew(&app, &first).await.problem(401, "unauthorised");
}

#[actix_web::test]
async fn the_cookie_alone_renews_nothing() {
    let app = start().await;
    let kept = cookie(&log_in(&app).await);
    let bare = post(&app, "/v1/sessions/_refresh", &json!({})).header("cookie", &kept);
    let answer = Answer::of(bare.send().await.unwrap()).await;
    assert_eq!(answer.errors(), ["$.refreshToken required"], "a form of another site cannot set the header");
    for site in ["cross-site", "same-site", "none"] {
        let other = post(&app, "/v1/sessions/_refresh", &json!({})).header("cookie", &kept).header("sec-fetch-site", site);
        sent(other).await.problem(403, "otherSite");
    }
    let ours = post(&app, "/v1/sessions/_refresh", &json!({})).header("cookie", &kept).header("sec-fetch-site", "same-origin");
    sent(ours).await.expect(201);
    let nobody = sent(post(&app, "/v1/sessions/_refresh", &json!({}))).await;
    nobody.problem(401, "unauthorised");
    assert_eq!(nobody.header("www-authenticate"), "Bearer realm=\"duiding\"", "no dialog of the browser");
}

#[actix_web::test]
async fn what_another_site_asks_is_not_begun() {
    let app = start().await;
    let (_, refresh_token) = {
        app.user("person@example.org").await;
        logged_in(&app, "person@example.org").await
    };
    let other = |path: &str, body: Value| sent(post(&app, path, &body).header("sec-fetch-site", "cross-site"));
    let credentials = json!({"email": "person@example.org", "password": PASSWORD});
    other("/v1/sessions", credentials).await.problem(403, "otherSite");
    other("/v1/sessions/_refresh", json!({"refreshToken": refresh_token})).await.problem(403, "otherSite");
    let token = refresh(&app, &refresh_token).await.expect(201)["accessToken"].as_str().unwrap().to_owned();
    let sessions = app.get("/v1/me/sessions", &token).await.expect(200);
    assert_eq!(sessions["items"].as_array().unwrap().len(), 2, "the one of the test, the one of the login, and no other");
}

#[actix_web::test]
async fn whoever_logs_out_leaves_no_cookie_and_other_programs_get_none() {
    let app = start().await;
    let answer = log_in(&app).await;
    let kept = cookie(&answer);
    let token = answer.expect(201)["accessToken"].as_str().unwrap().to_owned();
    let out = app.delete("/v1/sessions/current", &token).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    out.expect(204);
    renew(&app, &kept).await.problem(401, "unauthorised");
    let (_, refresh_token) = logged_in(&app, "person@example.org").await;
    let next = refresh(&app, &refresh_token).await;
    assert_eq!(next.header("set-cookie"), "");
    next.expect(201);
}
