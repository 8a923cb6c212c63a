//! A provider that misbehaves, and people who meddle with a login: nobody gets in, and the trail says why.

use diesel::prelude::*;
use diesel::sql_types::Text;
use duiding::db::DbError;
use serde_json::{Value, json};

use crate::helpers::{PASSWORD, TestApp};
use crate::oidc_provider::{Browser, Provider, Signing, start_at, with_provider};
use crate::sessions::login;

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// Why logins through the provider were refused, sorted.
pub async fn refusals(app: &TestApp) -> Vec<String> {
    let query = "SELECT detail FROM audit_events WHERE result = 'refused' AND detail LIKE 'identity provider: %'";
    let read = move |conn: &mut duiding::db::Conn| {
        Ok::<Vec<Told>, DbError>(duiding::on_each!(conn, c => diesel::sql_query(query).load(c))?)
    };
    let words = |t: Told| t.detail.replace("identity provider: ", "");
    let mut told: Vec<String> = app.state.db.run(read).await.unwrap().into_iter().map(words).collect();
    told.sort();
    told
}

/// A server whose person is linked, so that nothing but the token is in the way.
async fn linked() -> (TestApp, Provider, Browser) {
    let (app, provider) = with_provider().await;
    let (_, token) = app.user("person@example.org").await;
    let mut browser = Browser::new();
    browser.link(&app, &token).await.expect(201);
    (app, provider, browser)
}

#[actix_web::test]
async fn a_token_that_is_not_right_in_every_way_opens_nothing() {
    let (app, provider, mut browser) = linked().await;
    let now = chrono::Utc::now().timestamp();
    let wrong: [(Signing, Value, &str); 16] = [
        (Signing::Right, json!({"nonce": "another"}), "of another login"),
        (Signing::Right, json!({"nonce": null}), "of another login"),
        (Signing::Right, json!({"aud": "another"}), "made for another client"),
        (Signing::Right, json!({"aud": ["duiding", "another"]}), "made for another client"),
        (Signing::Right, json!({"aud": []}), "made for another client"),
        (Signing::Right, json!({"azp": "another"}), "made for another client"),
        (Signing::Right, json!({"iss": "https://id.example.org"}), "of another provider"),
        (Signing::Right, json!({"exp": now - 1}), "too old"),
        (Signing::Right, json!({"exp": null}), "an answer that cannot be read"),
        (Signing::Right, json!({"sub": ""}), "no usable subject"),
        (Signing::Right, json!({"sub": "subject\u{0}"}), "no usable subject"),
        (Signing::None, json!({}), "signed in a way that proves nothing"),
        (Signing::PublicKeyAsSecret, json!({}), "signed in a way that proves nothing"),
        (Signing::ClientSecret, json!({}), "signed in a way that proves nothing"),
        (Signing::OtherKey, json!({}), "wrong signature"),
        (Signing::OtherKey, json!({"sub": "subject 2"}), "wrong signature"),
    ];
    let mut expected = Vec::new();
    for (signing, claims, why) in wrong {
        provider.change(|mood| (mood.signing, mood.claims) = (signing, claims.clone()));
        let handle = browser.come_back(&app, "").await;
        let refused = browser.finish(&app, &handle).await;
        let problem = refused.problem(401, "loginRefused");
        assert!(!problem.to_string().contains(why), "a stranger is not told what to do better");
        browser.finish(&app, &handle).await.problem(410, "gone");
        expected.extend([why, "no such login under way in this browser"]);
        expected.sort_unstable();
        assert_eq!(refusals(&app).await, expected, "{signing:?} {claims}");
    }
    provider.change(|mood| (mood.signing, mood.claims) = (Signing::Right, json!({"azp": "duiding", "aud": ["duiding"]})));
    browser.login(&app).await.expect(201);
}

#[actix_web::test]
async fn a_new_key_of_the_provider_is_looked_up_and_the_known_one_is_not() {
    let (app, provider, mut browser) = linked().await;
    browser.login(&app).await.expect(201);
    assert_eq!(provider.mood.lock().unwrap().keys_read, 1);
    provider.rotate();
    browser.login(&app).await.expect(201);
    browser.login(&app).await.expect(201);
    assert_eq!(provider.mood.lock().unwrap().keys_read, 2);
}

#[actix_web::test]
async fn a_code_works_once_even_where_the_provider_would_take_it_again() {
    let (app, provider, mut browser) = linked().await;
    provider.change(|mood| mood.forgetful = true);
    let begun = browser.begin(&app, "").await;
    let back = browser.visit(&begun).await;
    assert_eq!(browser.open(&app, &back).await.status, 303);
    browser.open(&app, &back).await.problem(400, "invalidInput");
    let handle = begun["handle"].as_str().unwrap();
    browser.finish(&app, handle).await.expect(201);
    browser.finish(&app, handle).await.problem(410, "gone");
    browser.open(&app, &back).await.problem(400, "invalidInput");

    // Somebody who saw the address puts the old code into a login of their own: PKCE binds it to ours.
    provider.change(|mood| mood.forgetful = true);
    let own = browser.begin(&app, "").await;
    let fresh = browser.visit(&own).await;
    let value = |path: &str, name: &str| {
        let url = reqwest::Url::parse(&format!("http://x{path}")).unwrap();
        url.query_pairs().find(|(n, _)| n == name).unwrap().1.into_owned()
    };
    let mixed = fresh.replace(&value(&fresh, "code"), &value(&back, "code"));
    assert_eq!(browser.open(&app, &mixed).await.status, 303);
    browser.finish(&app, own["handle"].as_str().unwrap()).await.problem(401, "loginRefused");
    assert!(refusals(&app).await.contains(&"the provider refused the code".to_owned()));
}

#[actix_web::test]
async fn of_two_who_finish_at_once_one_gets_in() {
    let (app, _provider, mut browser) = linked().await;
    let handle = browser.come_back(&app, "").await;
    let both = futures_util::future::join_all((0..2).map(|_| browser.finish(&app, &handle))).await;
    let mut statuses: Vec<u16> = both.iter().map(|a| a.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201, "{both:?}");
    assert!([409, 410].contains(&statuses[1]), "{both:?}");
}

#[actix_web::test]
async fn a_login_belongs_to_the_browser_that_began_it_and_to_whoever_has_its_handle() {
    let (app, _provider, mut attacker) = linked().await;
    let begun = attacker.begin(&app, "").await;
    let handle = begun["handle"].as_str().unwrap();
    attacker.finish(&app, handle).await.problem(409, "notReturned");

    // The person is sent to the provider by the attacker's link and comes back with a browser that began nothing, or
    // something else: the attacker's handle gets no session of theirs.
    let mut person = Browser::new();
    let back = person.visit(&begun).await;
    person.open(&app, &back).await.problem(400, "invalidInput");
    let own = person.begin(&app, "").await;
    person.open(&app, &back).await.problem(400, "invalidInput");
    attacker.finish(&app, handle).await.problem(409, "notReturned");

    // Who has a handle but not the browser, or the browser but not the handle, gets nothing either.
    assert_eq!(person.open(&app, &person.visit(&own).await).await.status, 303);
    let stolen = own["handle"].as_str().unwrap();
    attacker.finish(&app, stolen).await.problem(410, "gone");
    Browser::new().finish(&app, stolen).await.problem(410, "gone");
    person.finish(&app, handle).await.problem(410, "gone");
    person.finish(&app, "duo_made-up").await.problem(410, "gone");
    person.finish(&app, stolen).await.expect(201);
    assert_eq!(refusals(&app).await.len(), 6);
}

#[actix_web::test]
async fn what_the_provider_does_not_send_is_refused() {
    let (app, _provider, mut browser) = linked().await;
    let wrong = [
        ("error=access_denied", "the provider did not let this person in"),
        ("error=server_error&code=x", "the provider sent no code"),
        ("code=", "the provider sent no code"),
        ("", "the provider sent no code"),
        ("code=x&iss=https%3A%2F%2Fid.example.org", "answered by another provider"),
    ];
    for (query, why) in wrong {
        let begun = browser.begin(&app, "").await;
        let url = reqwest::Url::parse(begun["authorizationUrl"].as_str().unwrap()).unwrap();
        let state = url.query_pairs().find(|(n, _)| n == "state").unwrap().1.into_owned();
        let path = format!("/v1/sessions/oidc-callback?state={state}&{query}");
        assert_eq!(browser.open(&app, &path).await.status, 303);
        browser.finish(&app, begun["handle"].as_str().unwrap()).await.problem(401, "loginRefused");
        assert!(refusals(&app).await.iter().any(|w| w == why), "{query}");
    }
    for query in ["", "?state=made-up&code=x", "?state=a&state=b"] {
        browser.open(&app, &format!("/v1/sessions/oidc-callback{query}")).await.problem(400, "invalidInput");
    }
    let long = format!("/v1/sessions/oidc-callback?state={}", "x".repeat(201));
    assert_eq!(browser.open(&app, &long).await.errors(), ["query.state tooLong"]);
    let foreign = "/v1/sessions/oidc-callback?state=x&code=%C3%A9&iss=%00";
    assert_eq!(browser.open(&app, foreign).await.errors(), ["query.code wrongFormat", "query.iss wrongFormat"]);
}

#[actix_web::test]
async fn a_provider_that_is_away_stops_nobody_who_has_a_password() {
    let (app, provider, mut browser) = linked().await;
    let app = app.restart().await;
    provider.change(|mood| mood.down = true);
    let refused = app.post("/v1/sessions/_oidc", "", &json!({})).await;
    refused.problem(503, "providerUnavailable");
    assert_eq!(refused.header("retry-after"), "30");
    login(&app, "person@example.org", PASSWORD).await.expect(201);

    provider.change(|mood| mood.down = false);
    let handle = browser.come_back(&app, "").await;
    provider.change(|mood| mood.down = true);
    let refused = browser.finish(&app, &handle).await;
    refused.problem(503, "providerUnavailable");
    assert_eq!(refused.header("retry-after"), "30");
    provider.change(|mood| mood.down = false);
    browser.finish(&app, &handle).await.expect(201);
}

#[actix_web::test]
async fn nothing_answers_at_the_address_of_the_provider() {
    let mut provider = Provider::start();
    provider.url = "http://127.0.0.1:1".to_owned(); // a port that no other test is given
    let app = start_at(&provider, |_| ()).await;
    app.post("/v1/sessions/_oidc", "", &json!({})).await.problem(503, "providerUnavailable");
}

#[actix_web::test]
async fn who_fails_too_often_waits() {
    let (app, _provider, browser) = linked().await;
    for _ in 0..100 {
        browser.finish(&app, "duo_made-up").await.problem(410, "gone");
    }
    let refused = browser.finish(&app, "duo_made-up").await;
    refused.problem(429, "tooManyFailures");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
    browser.open(&app, "/v1/sessions/oidc-callback?state=x&code=y").await.problem(429, "tooManyFailures");
}
