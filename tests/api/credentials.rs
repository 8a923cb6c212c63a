//! No token works where it was not made for.

use duiding::domain::role::Role;
use duiding::http::token::AccessTokens;
use duiding::secrets::Secrets;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::helpers::{Answer, PASSWORD, start};
use crate::sessions::{logged_in, refresh};

#[actix_web::test]
async fn no_token_works_where_it_was_not_made_for() {
    let app = start().await;
    let study = app.study().await;
    let (researcher, coordinator) = (study.token(Role::Researcher), study.token(Role::Coordinator));
    app.user("person@example.org").await;
    let (access, refresh_token) = logged_in(&app, "person@example.org").await;
    let device = app.device(&study).await;
    let personal = json!({"name": "R", "scopes": ["project:read"], "days": 1});
    let personal = app.post(&study.path("/tokens"), researcher, &personal).await.expect(201);
    let personal = personal["token"].as_str().unwrap();
    let body = json!({"facilitator": "f", "wave": "1", "perspectives": ["candidate"]});
    let enrolment = app.post(&study.path("/enrolments"), coordinator, &body).await.expect(201);
    let invitation = json!({"email": "new@example.org", "role": "workgroup"});
    let invitation = app.post(&study.path("/invitations"), study.token(Role::Owner), &invitation).await.expect(201);

    let codes = [&enrolment["code"], &invitation["code"]].map(|c| c.as_str().unwrap());
    for unknown in [&refresh_token, codes[0], codes[1], "", "x", "dup_x", "dud_x", "a.b.c"] {
        let answer = app.request(Method::GET, "/v1/me", "").header("authorization", format!("Bearer {unknown}"));
        Answer::of(answer.send().await.unwrap()).await.problem(401, "unauthorised");
    }
    for known_but_no_person in [&device, personal] {
        app.get("/v1/me", known_but_no_person).await.problem(403, "forbidden");
    }
    app.get("/v1/devices/current", personal).await.problem(403, "forbidden");
    app.get("/v1/devices/current", &access).await.problem(403, "forbidden");
    for no_refresh_token in [&device, personal, codes[0], codes[1]] {
        refresh(&app, no_refresh_token).await.problem(401, "unauthorised");
    }
    assert_eq!(refresh(&app, &access).await.errors(), ["$.refreshToken tooLong"]);
    app.post("/v1/devices/_enrol", "", &json!({"code": invitation["code"]})).await.problem(410, "gone");
    refresh(&app, &refresh_token).await.expect(201);
}

#[actix_web::test]
async fn an_access_token_must_be_ours_in_time_and_of_the_session_of_its_person() {
    let app = start().await;
    let (person, _) = app.user("person@example.org").await;
    let (other, _) = app.user("other@example.org").await;
    let (access, _) = logged_in(&app, "person@example.org").await;
    let session = app.state.tokens.verify(&access).unwrap().sid;
    let secrets = Secrets::load_or_create(&app.state.config.secrets_file).unwrap();
    let again = AccessTokens::new(&secrets, 15).issue(&person, &session).unwrap();
    app.get("/v1/me", &again).await.expect(200);
    let tampered = format!("{}{}", &access[..access.len() - 4], if access.ends_with("AAAA") { "BBBB" } else { "AAAA" });
    let wrong = [
        AccessTokens::new(&secrets, -10).issue(&person, &session).unwrap(),
        AccessTokens::new(&Secrets::new(), 15).issue(&person, &session).unwrap(),
        AccessTokens::new(&secrets, 15).issue(&other, &session).unwrap(),
        AccessTokens::new(&secrets, 15).issue(&person, &Uuid::new_v4().to_string()).unwrap(),
        tampered,
    ];
    for token in &wrong {
        let answer = app.get("/v1/me", token).await;
        answer.problem(401, "unauthorised");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
}

#[actix_web::test]
async fn basic_takes_a_personal_token_and_never_a_password() {
    let app = start().await;
    let study = app.study().await;
    let body = json!({"name": "Excel", "scopes": ["project:read"], "days": 1});
    let made = app.post(&study.path("/tokens"), study.token(Role::Owner), &body).await.expect(201);
    app.user("tool@example.org").await;
    let (access, _) = logged_in(&app, "tool@example.org").await;
    let device = app.device(&study).await;
    let ask = async |user: &str, password: &str| {
        let request = app.request(Method::GET, &study.base, "").basic_auth(user, Some(password));
        Answer::of(request.send().await.unwrap()).await
    };
    for user in ["", "anything", "tool@example.org"] {
        ask(user, made["token"].as_str().unwrap()).await.expect(200);
    }
    for password in [PASSWORD, &access, &device, ""] {
        ask("tool@example.org", password).await.problem(401, "unauthorised");
    }
}
