//! What goes wrong between a phone and the server: everything twice, everything at once, everything in the wrong order.

use duiding::db::Kind;
use duiding::domain::role::Role;
use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, start_with, story};

fn told(text: &str) -> Value {
    let mut body = story(None);
    body["text"] = json!(text);
    body
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|a| a.status == status).count()
}

fn statuses(batch: &Value) -> Vec<u64> {
    batch["results"].as_array().unwrap().iter().map(|r| r["status"].as_u64().unwrap()).collect()
}

#[actix_web::test]
async fn of_two_stories_under_one_id_one_wins_and_is_acknowledged_to_whoever_told_it() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let path = study.story(Uuid::new_v4());
    let bodies = [told("One."), told("Another.")];
    let answers = join_all((0..50).map(|i| app.put(&path, &device, &bodies[i % 2]))).await;
    assert_eq!((count(&answers, 201), count(&answers, 200), count(&answers, 409)), (1, 24, 25));
    let winner = answers.iter().position(|a| a.status == 201).unwrap() % 2;
    for (i, answer) in answers.iter().enumerate() {
        assert_eq!(answer.status == 409, i % 2 != winner, "delivery {i}");
    }
    let read = app.get(&path, study.token(Role::Researcher)).await.expect(200);
    assert_eq!(read["text"], bodies[winner]["text"]);
    assert_eq!(app.stories_kept().await, 1);
}

#[actix_web::test]
async fn batches_and_single_deliveries_that_overlap_keep_every_story_once() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let ids: Vec<Uuid> = (0..20).map(|_| Uuid::new_v4()).collect();
    let entries: Vec<Value> = ids.iter().map(|id| json!({"id": id, "body": told(&id.to_string())})).collect();
    let (batch, path) = (json!({"stories": entries}), study.path("/stories/_batch"));
    let batches = join_all((0..8).map(|_| app.post(&path, &device, &batch)));
    let paths: Vec<String> = ids.iter().map(|id| study.story(id)).collect();
    let singles = join_all(paths.iter().zip(&entries).map(|(path, e)| app.put(path, &device, &e["body"])));
    let (batches, singles) = join(batches, singles).await;
    let mut new = count(&singles, 201);
    assert_eq!(new + count(&singles, 200), 20);
    for answer in batches {
        let statuses = statuses(&answer.expect(200));
        assert!(statuses.iter().all(|s| [200, 201].contains(s)), "{statuses:?}");
        new += statuses.iter().filter(|s| **s == 201).count();
    }
    assert_eq!(new, 20, "each is new exactly once");
    assert_eq!(app.stories_kept().await, 20);
}

#[actix_web::test]
async fn a_batch_has_at_most_a_thousand_stories() {
    let app = start().await;
    let study = app.study().await;
    let (device, path) = (app.device(&study).await, study.path("/stories/_batch"));
    let entry = |_| json!({"id": Uuid::new_v4(), "body": story(None)});
    let many: Vec<Value> = (0..1001).map(entry).collect();
    let errors = app.post(&path, &device, &json!({"stories": many})).await.errors();
    assert_eq!(errors, ["$.stories wrongCount"]);
    assert_eq!(app.stories_kept().await, 0);
    let answer = app.post(&path, &device, &json!({"stories": many[1..]})).await.expect(200);
    assert_eq!(statuses(&answer), [201].repeat(1000));
    assert_eq!(app.stories_kept().await, 1000);
}

#[actix_web::test]
async fn an_id_twice_in_a_batch_is_answered_in_order() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let id = Uuid::new_v4();
    let batch = json!({"stories": [
        {"id": id, "body": told("One.")},
        {"id": id, "body": told("One.")},
        {"id": id, "body": told("Another.")},
        {"id": id.to_string().to_uppercase(), "body": told("One.")}
    ]});
    let answer = app.post(&study.path("/stories/_batch"), &device, &batch).await.expect(200);
    assert_eq!(statuses(&answer), [201, 200, 409, 200]);
    assert_eq!(answer["results"][2]["problem"]["code"], "differentContent");
    assert_eq!(answer["results"][0]["receipt"], answer["results"][1]["receipt"]);
    assert_eq!(app.stories_kept().await, 1);
}

#[actix_web::test]
async fn two_studies_at_the_same_time_do_not_meet() {
    let app = start().await;
    let (one, other) = (app.study().await, app.study().await);
    let (device, foreign) = (app.device(&one).await, app.device(&other).await);
    let id = Uuid::new_v4();
    let (here, there) = (one.story(id), other.story(id));
    let bodies = (told("Here."), told("There."));
    let all_here = join_all((0..20).map(|_| app.put(&here, &device, &bodies.0)));
    let all_there = join_all((0..20).map(|_| app.put(&there, &foreign, &bodies.1)));
    let (all_here, all_there) = join(all_here, all_there).await;
    for answers in [&all_here, &all_there] {
        assert_eq!((count(answers, 201), count(answers, 200)), (1, 19));
    }
    let text = |study: &Study, path: &str| {
        let (path, token) = (path.to_owned(), study.token(Role::Researcher).to_owned());
        let app = &app;
        async move { app.get(&path, &token).await.expect(200)["text"].clone() }
    };
    assert_eq!(text(&one, &here).await, "Here.");
    assert_eq!(text(&other, &there).await, "There.");
    let stray = other.story(Uuid::new_v4());
    app.put(&stray, &device, &story(None)).await.problem(404, "notFound");
    app.post(&other.path("/stories/_batch"), &device, &json!({"stories": []})).await.problem(404, "notFound");
    assert_eq!(app.stories_kept().await, 2);
}

#[actix_web::test]
async fn a_replay_is_acknowledged_after_a_researcher_changed_the_story() {
    let app = start().await;
    let study = app.study().await;
    let (device, researcher) = (app.device(&study).await, study.token(Role::Researcher));
    let (_, code) = app.participant(&study).await;
    let (path, body) = (study.story(Uuid::new_v4()), story(Some(&code)));
    let receipt = app.put(&path, &device, &body).await.expect(201);
    let changes = [
        ("corrections", json!({"wave": "2", "reason": "told in spring"})),
        ("redactions", json!({"version": 2, "title": "A trip", "text": "A trip.", "reason": "a name was mentioned"})),
    ];
    for (kind, change) in changes {
        app.post(&format!("{path}/{kind}"), researcher, &change).await.expect(201);
        assert_eq!(app.put(&path, &device, &body).await.expect(200), receipt, "after {kind}");
    }
    app.put(&format!("{path}/release"), researcher, &json!({"version": 3})).await.expect(204);
    assert_eq!(app.put(&path, &device, &body).await.expect(200), receipt);
    let read = app.get(&path, researcher).await.expect(200);
    assert_eq!((&read["text"], &read["details"]["wave"]), (&json!("A trip."), &json!("2")), "a replay undoes nothing");
}

/// A token of this member.
async fn personal_token(app: &TestApp, study: &Study, role: Role, scope: &str) -> String {
    let body = json!({"name": "tool", "scopes": [scope], "days": 1});
    let made = app.post(&study.path("/tokens"), study.token(role), &body).await.expect(201);
    made["token"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn facilitators_and_tools_deliver_too_and_who_did_is_written_down() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let tool = personal_token(&app, &study, Role::Researcher, "stories:write").await;
    for (token, who) in [(study.token(Role::Facilitator), "user:"), (&tool, "token:")] {
        let path = study.story(Uuid::new_v4());
        let receipt = app.put(&path, token, &story(None)).await.expect(201);
        assert_eq!(receipt["held"], json!([]));
        app.put(&path, token, &story(None)).await.expect(200);
        let versions = app.get(&format!("{path}/versions"), researcher).await.expect(200);
        let by = versions["items"][0]["createdBy"].as_str().unwrap();
        assert!(by.strip_prefix(who).is_some_and(|id| Uuid::parse_str(id).is_ok()), "{by}");
    }
    let path = study.story(Uuid::new_v4());
    let reading = personal_token(&app, &study, Role::Researcher, "stories:read").await;
    app.put(&path, &reading, &story(None)).await.problem(403, "forbidden");
    let workgroup = personal_token(&app, &study, Role::Workgroup, "stories:write").await;
    app.put(&path, &workgroup, &story(None)).await.problem(403, "forbidden");
    for role in [Role::Owner, Role::Coordinator, Role::ExternalResearcher, Role::Workgroup] {
        app.put(&path, study.token(role), &story(None)).await.problem(403, "forbidden");
    }
    app.put(&path, "", &story(None)).await.problem(401, "unauthorised");
    assert_eq!(app.stories_kept().await, 2);
}

#[actix_web::test]
async fn an_id_that_tells_when_it_was_made_is_refused() {
    let app = start().await;
    let study = app.study().await;
    let device = app.device(&study).await;
    for id in
        ["d9428888-122b-11e1-b85c-61cd3cbb3210", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "1ec9414c-232a-6b00-b3c8-9f6bdeced846"]
    {
        let answer = app.put(&study.story(id), &device, &story(None)).await;
        assert_eq!(answer.errors(), ["path.storyId wrongFormat"], "{id}");
        let batch = json!({"stories": [{"id": id, "body": story(None)}]});
        let answer = app.post(&study.path("/stories/_batch"), &device, &batch).await.expect(200);
        assert_eq!(answer["results"][0]["status"], 400);
        assert_eq!(answer["results"][0]["problem"]["errors"][0]["path"], "$.stories[0].id", "{id}");
    }
    assert_eq!(app.stories_kept().await, 0);
}

#[actix_web::test]
async fn a_story_cut_off_on_its_way_is_not_kept() {
    use std::io::{Read, Write};
    let app = start().await;
    let study = app.study().await;
    let (device, path, body) = (app.device(&study).await, study.story(Uuid::new_v4()), story(None).to_string());
    let head = format!("PUT {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {device}\r\ncontent-type: application/json\r\n");
    let address = app.url.strip_prefix("http://").unwrap().to_owned();
    let half = format!("{head}content-length: {}\r\n\r\n{}", body.len(), &body[..body.len() / 2]);
    let cut_off = move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(half.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer); // a reset is as good as an answer
        answer
    };
    let answer = tokio::task::spawn_blocking(cut_off).await.unwrap();
    assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
    assert_eq!(app.stories_kept().await, 0);
    app.send_raw(Method::PUT, &path, &device, "application/json", body).await.expect(201);
}

#[actix_web::test]
async fn two_servers_on_one_database_keep_every_story_once() {
    let app = start().await;
    let config = app.state.config.clone();
    if Kind::of(&config.database_url) == Kind::Sqlite {
        let refused = duiding::app::build(config).await.err().expect("a file belongs to one server");
        assert!(refused.to_string().contains("use PostgreSQL for several"), "{refused}");
        return;
    }
    let second = start_with(config, tempfile::tempdir().unwrap()).await;
    let study = app.study().await;
    let device = app.device(&study).await;
    let servers = [&app, &second];
    let (path, body) = (study.story(Uuid::new_v4()), story(None));
    let answers = join_all((0..50).map(|i| servers[i % 2].put(&path, &device, &body))).await;
    assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 49));
    let mut entries: Vec<Value> = (0..40).map(|_| json!({"id": Uuid::new_v4(), "body": body})).collect();
    let forth = json!({"stories": entries});
    entries.reverse();
    let (back, path) = (json!({"stories": entries}), study.path("/stories/_batch"));
    let batches = join_all((0..10).map(|i| servers[i % 2].post(&path, &device, if i % 3 == 0 { &forth } else { &back })));
    let statuses: Vec<u64> = batches.await.into_iter().flat_map(|a| statuses(&a.expect(200))).collect();
    let with = |status: u64| statuses.iter().filter(|s| **s == status).count();
    assert_eq!((with(201), with(200)), (40, 360));
    assert_eq!(app.stories_kept().await, 41);
}
