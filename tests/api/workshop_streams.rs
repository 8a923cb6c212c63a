//! What people in a workshop are told live.

use std::time::{Duration, Instant};

use duiding::db::DbError;
use duiding::domain::role::Role;
use reqwest::{Method, Response};
use serde_json::json;
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, config, start, start_with};
use crate::workshops::{Shop, furnished, make, remove};

/// No event takes longer; a test that waits so long has failed.
const LONG: Duration = Duration::from_secs(20);

/// A stream of events that is read as it comes.
struct Events {
    response: Response,
    text: String,
}

impl Events {
    async fn open(app: &TestApp, shop: &Shop, token: &str, last: Option<&str>) -> Self {
        let request = app.request(Method::GET, &format!("{}/events", shop.path), token);
        let request = if let Some(last) = last { request.header("last-event-id", last) } else { request };
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// Reads until this was told; `None` when the stream ends before.
    async fn until(&mut self, line: &str) -> Option<String> {
        let read = async {
            while !self.text.contains(line) {
                match self.response.chunk().await {
                    Ok(Some(bytes)) => self.text += std::str::from_utf8(&bytes).unwrap(),
                    _ => return None,
                }
            }
            Some(std::mem::take(&mut self.text))
        };
        tokio::time::timeout(LONG, read).await.unwrap_or_else(|_| panic!("never told {line}"))
    }

    /// Waits for the end.
    async fn end(mut self) {
        assert_eq!(self.until("never said").await, None);
    }
}

async fn shop() -> (TestApp, Study, Shop) {
    let app = start().await;
    let study = app.study().await;
    let shop = furnished(&app, &study, Role::Workgroup).await;
    (app, study, shop)
}

async fn change(app: &TestApp, shop: &Shop, token: &str) -> i64 {
    shop.board(app, token).await["change"].as_i64().unwrap()
}

#[actix_web::test]
async fn two_people_see_within_a_second_what_the_other_did() {
    let (app, study, shop) = shop().await;
    let (ada, bob) = (study.token(Role::Workgroup), app.member(&study.id, Role::Workgroup).await);
    let mut one = Events::open(&app, &shop, ada, None).await;
    let now = change(&app, &shop, ada).await;
    let told = one.until("\"change\"").await.unwrap();
    assert!(told.contains("event: present\ndata: {\"present\":1}\n\n"), "{told}");
    assert!(told.contains(&format!("event: change\nid: {now}\ndata: {{\"change\":{now}}}\n\n")), "{told}");
    let mut two = Events::open(&app, &shop, &bob, Some(&now.to_string())).await;
    one.until("{\"present\":2}").await.unwrap();
    let told = two.until("{\"present\":2}").await.unwrap();
    assert!(!told.contains("change"), "bob had that: {told}");

    app.put(&shop.at("votes", shop.idea), &bob, &json!({})).await.expect(204);
    let line = format!("{{\"change\":{}}}", now + 1);
    one.until(&line).await.unwrap();
    two.until(&line).await.unwrap();
    drop(two);
    drop(one);
}

#[actix_web::test]
async fn two_servers_on_one_database_tell_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let settings = config(&folder);
    if !settings.database_url.starts_with("postgres") {
        return; // one server a file
    }
    let mut second = settings.clone();
    let other_folder = tempfile::tempdir().unwrap();
    second.data_dir = other_folder.path().to_owned();
    let here = start_with(settings, folder).await;
    let there = start_with(second, other_folder).await;
    let study = here.study().await;
    let shop = furnished(&here, &study, Role::Workgroup).await;
    let (ada, bob) = (study.token(Role::Workgroup), here.member(&study.id, Role::Workgroup).await);
    let mut one = Events::open(&here, &shop, ada, None).await;
    let mut two = Events::open(&there, &shop, &bob, None).await;
    one.until("{\"present\":2}").await.unwrap();
    two.until("{\"present\":2}").await.unwrap();
    let next = change(&here, &shop, ada).await + 1;
    here.put(&shop.at("votes", shop.idea), ada, &json!({})).await.expect(204);
    two.until(&format!("{{\"change\":{next}}}")).await.unwrap();
    there.put(&shop.at("votes", shop.idea), &bob, &json!({})).await.expect(204);
    one.until(&format!("{{\"change\":{}}}", next + 1)).await.unwrap();
}

#[actix_web::test]
async fn a_stream_ends_with_the_session_the_membership_and_the_workshop() {
    let (app, study, shop) = shop().await;
    let ada = study.token(Role::Workgroup);
    let leaver = app.member(&study.id, Role::Workgroup).await;
    let mut gone = Events::open(&app, &shop, &leaver, None).await;
    gone.until("\"change\"").await.unwrap();
    app.delete("/v1/sessions/current", &leaver).await.expect(204);
    gone.end().await;

    let fired = app.member(&study.id, Role::Researcher).await;
    let mut ended = Events::open(&app, &shop, &fired, None).await;
    ended.until("\"change\"").await.unwrap();
    let me = app.get("/v1/me", &fired).await.expect(200)["id"].as_str().unwrap().to_owned();
    let path = study.path(&format!("/members/{me}"));
    app.put(&path, study.token(Role::Owner), &json!({"role": "coordinator"})).await.expect(204);
    ended.end().await;

    let mut last = Events::open(&app, &shop, ada, None).await;
    last.until("\"change\"").await.unwrap();
    remove(&app, &shop.path, ada, "*").await.expect(204);
    last.end().await;
    app.get(&format!("{}/events", shop.path), ada).await.problem(404, "notFound");
}

#[actix_web::test]
async fn a_server_that_stops_lets_its_listeners_go() {
    let (app, study, shop) = shop().await;
    let ada = study.token(Role::Workgroup).to_owned();
    let mut events = Events::open(&app, &shop, &ada, None).await;
    events.until("\"change\"").await.unwrap();
    app.state.draining.set();
    events.end().await;
    let refused = app.get(&format!("{}/events", shop.path), &ada).await;
    assert_eq!(refused.header("retry-after"), "5");
    refused.problem(503, "busy");
    let began = Instant::now();
    let app = app.restart().await;
    assert!(began.elapsed() < Duration::from_secs(15), "nobody holds it up: {:?}", began.elapsed());
    let mut events = Events::open(&app, &shop, &ada, None).await;
    events.until("\"change\"").await.unwrap();
}

#[actix_web::test]
async fn streams_are_bounded_for_a_person_and_for_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = config(&folder);
    settings.live_streams = 8;
    let app = start_with(settings, folder).await;
    let study = app.study().await;
    let shop = furnished(&app, &study, Role::Workgroup).await;
    let (ada, bob) = (study.token(Role::Workgroup), app.member(&study.id, Role::Workgroup).await);
    let mut open = Vec::new();
    for _ in 0..6 {
        open.push(Events::open(&app, &shop, ada, None).await);
    }
    let path = format!("{}/events", shop.path);
    let refused = app.get(&path, ada).await;
    assert!(!refused.header("retry-after").is_empty());
    refused.problem(429, "tooManyStreams");
    open.push(Events::open(&app, &shop, &bob, None).await);
    open.push(Events::open(&app, &shop, &bob, None).await);
    app.get(&path, &bob).await.problem(503, "busy");
    open[7].until("{\"present\":2}").await.unwrap();
    // Other requests are answered meanwhile: nobody who waits holds a connection to the database.
    let body = json!({"name": "late", "kind": "theme", "order": 2});
    make(&app, &shop.at("clusters", Uuid::new_v4()), &bob, &body).await.expect(201);
}

#[actix_web::test]
async fn nobody_listens_without_taking_part() {
    let (app, study, shop) = shop().await;
    let path = format!("{}/events", shop.path);
    for role in [Role::Owner, Role::Coordinator, Role::ExternalResearcher, Role::Facilitator] {
        app.get(&path, study.token(role)).await.problem(403, "forbidden");
    }
    let other = app.study().await;
    app.get(&path, other.token(Role::Workgroup)).await.problem(404, "notFound");
    let elsewhere = path.replace(&study.id, &other.id);
    app.get(&elsewhere, other.token(Role::Workgroup)).await.problem(404, "notFound");
    let nobody = Answer::of(app.client.get(format!("{}{path}", app.url)).send().await.unwrap()).await;
    nobody.problem(401, "unauthorised");
    assert_eq!(app.state.live.open(), 0);
    app.state.db.run(|_| Ok::<_, DbError>(())).await.unwrap();
}
