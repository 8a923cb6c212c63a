//! Who asks too often is told when to come back, and nobody else notices.

use duiding::config::Config;
use duiding::db::throttles;
use duiding::domain::role::Role;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, config, start_with, story};

/// A server with a study, on which limits come into force once the study is there.
async fn limited(change: impl FnOnce(&mut Config)) -> (TestApp, Study) {
    let folder = tempfile::tempdir().unwrap();
    let app = start_with(config(&folder), folder).await;
    let study = app.study().await;
    (app.restart_with(change).await, study)
}

/// The refusal, after checking that it says when to come back.
#[track_caller]
fn slowed(answer: &Answer) {
    answer.problem(429, "tooManyRequests");
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[actix_web::test]
async fn a_session_that_asks_too_often_waits_and_others_do_not() {
    let (app, study) = limited(|c| c.rate_actor = 5).await;
    for _ in 0..5 {
        app.get(&study.base, study.token(Role::Owner)).await.expect(200);
    }
    slowed(&app.get(&study.base, study.token(Role::Owner)).await);
    slowed(&app.get("/v1/me", study.token(Role::Owner)).await);
    app.get(&study.base, study.token(Role::Researcher)).await.expect(200);
    app.get("/v1/openapi.json", "").await.expect(200);
}

#[actix_web::test]
async fn a_device_that_is_slowed_down_loses_no_story_and_a_batch_counts_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let app = start_with(config(&folder), folder).await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let app = app.restart_with(|c| c.rate_actor = 3).await;
    let batch: Vec<_> = (0..100).map(|_| json!({"id": Uuid::new_v4(), "body": story(None)})).collect();
    app.post(&study.path("/stories/_batch"), &device, &json!({"stories": batch})).await.expect(200);
    for _ in 0..2 {
        app.put(&study.story(Uuid::new_v4()), &device, &story(None)).await.expect(201);
    }
    let late = study.story(Uuid::new_v4());
    slowed(&app.put(&late, &device, &story(None)).await);
    assert_eq!(app.stories_kept().await, 102, "nothing of what was refused was kept");
    let app = app.restart_with(|c| c.rate_actor = 1000).await;
    app.put(&late, &device, &story(None)).await.expect(201);
    assert_eq!(app.stories_kept().await, 103);
}

#[actix_web::test]
async fn an_address_without_a_good_token_is_slowed_down_and_a_good_token_behind_it_is_not() {
    let (app, study) = limited(|c| c.rate_address = 4).await;
    for token in ["", "dup_unknown", "not.a.token"] {
        app.get(&study.base, token).await.problem(401, "unauthorised");
    }
    app.post("/v1/sessions/_refresh", "", &json!({"refreshToken": "dur_unknown"})).await.problem(401, "unauthorised");
    for token in ["", "dup_unknown", "not.a.token"] {
        slowed(&app.get(&study.base, token).await);
    }
    slowed(&app.get("/v1/openapi.json", "").await);
    app.get(&study.base, study.token(Role::Owner)).await.expect(200);
    for path in ["/healthz", "/readyz"] {
        app.get(path, "").await.expect(200);
    }
}

#[actix_web::test]
async fn addresses_behind_a_trusted_proxy_count_each_for_themselves() {
    let (app, _) = limited(|c| {
        c.rate_address = 1;
        c.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let from = async |address: &str| {
        let request = app.request(Method::GET, "/v1/openapi.json", "").header("X-Forwarded-For", address);
        Answer::of(request.send().await.unwrap()).await
    };
    from("203.0.113.7").await.expect(200);
    slowed(&from("203.0.113.7").await);
    from("203.0.113.8").await.expect(200);
    from("2001:db8:1:2::1").await.expect(200);
    slowed(&from("2001:db8:1:2::2").await);
    from("2001:db8:1:3::1").await.expect(200);
}

#[actix_web::test]
async fn somebody_who_is_refused_again_and_again_is_slowed_down_in_that_project() {
    let folder = tempfile::tempdir().unwrap();
    let app = start_with(config(&folder), folder).await;
    let (study, other) = (app.study().await, app.study().await);
    let app = app.restart_with(|c| c.rate_failures = 3).await;
    let owner = study.token(Role::Owner);
    for _ in 0..3 {
        app.get(&study.path("/stories"), owner).await.problem(403, "forbidden");
    }
    slowed(&app.get(&study.path("/stories"), owner).await);
    slowed(&app.get(&study.base, owner).await);
    app.get(&study.base, study.token(Role::Researcher)).await.expect(200);
    // To try the projects of others, or ones that do not exist, draws on one allowance; the own projects stay open.
    let researcher = study.token(Role::Researcher);
    for path in [other.base.clone(), format!("/v1/projects/{}", Uuid::new_v4()), other.path("/stories")] {
        app.get(&path, researcher).await.problem(404, "notFound");
    }
    slowed(&app.get(&format!("/v1/projects/{}", Uuid::new_v4()), researcher).await);
    slowed(&app.get(&other.base, researcher).await);
    app.get(&study.base, researcher).await.expect(200);
    app.get(&other.base, other.token(Role::Owner)).await.expect(200);
}

#[actix_web::test]
async fn wrong_codes_and_tokens_are_counted_by_address_and_right_ones_still_work() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = config(&folder);
    settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    let app = start_with(settings, folder).await;
    let study = app.study().await;
    let enrolment = json!({"facilitator": "facilitator 1", "wave": "1", "perspectives": ["candidate"]});
    let code = app.post(&study.path("/enrolments"), study.token(Role::Coordinator), &enrolment).await.expect(201)["code"].clone();
    let cases = [
        ("/v1/devices/_enrol", json!({"code": "wrong"}), 410),
        ("/v1/invitations/_accept", json!({"code": "wrong", "email": "a@example.org", "password": "a long sentence"}), 410),
        ("/v1/sessions/_refresh", json!({"refreshToken": "dur_wrong"}), 401),
    ];
    let send = async |path: &str, body: &serde_json::Value, address: &str| {
        let request = app.request(Method::POST, path, "").header("X-Forwarded-For", address).json(body);
        Answer::of(request.send().await.unwrap()).await
    };
    for (path, wrong, status) in &cases {
        for _ in 0..throttles::MAX_PER_ADDRESS {
            send(path, wrong, "203.0.113.7").await.expect(*status);
        }
        let answer = send(path, wrong, "203.0.113.7").await;
        answer.problem(429, "tooManyFailures");
        assert!(answer.header("retry-after").parse::<i64>().unwrap() > 0);
        send(path, wrong, "203.0.113.8").await.expect(*status);
    }
    send("/v1/devices/_enrol", &json!({"code": code}), "203.0.113.7").await.expect(201);
}
