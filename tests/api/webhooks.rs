//! Telling an address outside that something happened: signed, again when it failed, once, and never what happened.

use std::collections::HashMap;
use std::time::Duration;

use chrono::NaiveDateTime;
use duiding::db::{DbError, now};
use duiding::domain::role::Role;
use duiding::webhooks::Sender;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, config, start, start_with, story};

/// What a receiver got.
#[derive(Debug)]
struct Got {
    first_line: String,
    headers: HashMap<String, String>,
    body: String,
}

/// Somebody who is told, and answers with these heads, one after the other; the last one again and again.
struct Receiver {
    url: String,
    got: UnboundedReceiver<Got>,
}

impl Receiver {
    async fn answering(heads: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=1", listener.local_addr().unwrap());
        let (send, got) = unbounded_channel();
        actix_web::rt::spawn(async move {
            for number in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let Some(request) = read(&mut stream).await else { continue };
                let head = heads[number.min(heads.len() - 1)];
                let answer = format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
                let _ = send.send(request);
            }
        });
        Self { url, got }
    }

    async fn next(&mut self) -> Got {
        tokio::time::timeout(Duration::from_secs(20), self.got.recv()).await.expect("somebody is told").unwrap()
    }
}

async fn read(stream: &mut TcpStream) -> Option<Got> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let first_line = lines.next()?.to_owned();
            let pair = |line: &str| line.split_once(": ").map(|(n, v)| (n.to_lowercase(), v.to_owned()));
            let headers: HashMap<String, String> = lines.filter_map(pair).collect();
            if body.len() >= headers["content-length"].parse::<usize>().unwrap() {
                return Some(Got { first_line, headers, body: body.to_owned() });
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// A server whose webhooks may go to this machine.
async fn open() -> (TestApp, Study) {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = config(&folder);
    settings.webhooks_private = true;
    let app = start_with(settings, folder).await;
    let study = app.study().await;
    (app, study)
}

fn sender(app: &TestApp) -> Sender {
    Sender::new(app.state.db.clone(), app.state.keys.clone(), app.state.config.webhooks_private).unwrap()
}

/// Makes a webhook; answers its path and the secret.
async fn hook(app: &TestApp, study: &Study, url: &str, events: Value) -> (String, String) {
    let body = json!({"url": url, "events": events});
    let answer = app.post(&study.path("/webhooks"), study.token(Role::Owner), &body).await;
    let path = answer.header("location");
    (path, answer.expect(201)["secret"].as_str().unwrap().to_owned())
}

async fn deliveries(app: &TestApp, study: &Study, path: &str) -> Vec<Value> {
    let listed = app.get(&format!("{path}/deliveries"), study.token(Role::Owner)).await.expect(200);
    listed["items"].as_array().unwrap().clone()
}

/// Waits until the attempt with this number is written down; answers the newest delivery.
async fn attempted(app: &TestApp, study: &Study, path: &str, number: usize) -> Value {
    let found = async {
        loop {
            let newest = deliveries(app, study, path).await.remove(0);
            if newest["attempts"].as_array().unwrap().len() >= number {
                return newest;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), found).await.expect("the attempt is made")
}

/// A moment at which what is gathered in this hour is due.
fn after_the_hour() -> NaiveDateTime {
    now() + chrono::Duration::minutes(61)
}

async fn test(app: &TestApp, study: &Study, path: &str) {
    app.post(&format!("{path}/_test"), study.token(Role::Owner), &json!({})).await.expect(202);
}

#[actix_web::test]
async fn what_is_told_is_signed_as_the_specification_says() {
    use base64::Engine;
    let (app, study) = open().await;
    let mut receiver = Receiver::answering(&["204 No Content"]).await;
    let (path, secret) = hook(&app, &study, &receiver.url, json!(["wave.changed"])).await;
    app.patch(&study.path("/waves/2"), study.token(Role::Researcher), &json!({"state": "open"})).await.expect(200);
    let got = receiver.next().await;
    assert_eq!(got.first_line, "POST /hook?key=1 HTTP/1.1");
    assert_eq!(got.headers["content-type"], "application/json");
    let body: Value = serde_json::from_str(&got.body).unwrap();
    assert_eq!((&body["type"], &body["data"]), (&json!("wave.changed"), &json!({"projectId": study.id, "wave": "2"})));
    let (id, at) = (&got.headers["webhook-id"], &got.headers["webhook-timestamp"]);
    assert!((at.parse::<i64>().unwrap() - now().and_utc().timestamp()).abs() < 60);
    let standard = base64::engine::general_purpose::STANDARD;
    let key = standard.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    assert_eq!(key.len(), 32);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update([id.as_bytes(), b".", at.as_bytes(), b".", got.body.as_bytes()].concat().as_slice());
    let signature = standard.decode(got.headers["webhook-signature"].strip_prefix("v1,").unwrap()).unwrap();
    mac.verify_slice(&signature).unwrap();
    let told = attempted(&app, &study, &path, 1).await;
    assert_eq!((&told["state"], &told["nextAttemptAt"]), (&json!("delivered"), &Value::Null));
    assert_eq!(*id, format!("msg_{}", told["id"].as_str().unwrap()));
    assert_eq!((&told["attempts"][0]["outcome"], &told["attempts"][0]["status"]), (&json!("answered"), &json!(204)));
}

#[actix_web::test]
async fn stories_are_told_as_a_count_after_the_hour_and_nothing_else() {
    let (app, study) = open().await;
    let mut receiver = Receiver::answering(&["200 OK"]).await;
    let (researcher, device) = (study.token(Role::Researcher), app.device(&study).await);
    let events = json!(["story.delivered", "story.released"]);
    let (path, _) = hook(&app, &study, &receiver.url, events).await;
    let ids: Vec<Uuid> = (0..3).map(|_| Uuid::new_v4()).collect();
    for id in &ids {
        app.put(&study.story(id), &device, &story(None)).await.expect(201);
        app.put(&study.story(id), &device, &story(None)).await.expect(200);
    }
    app.put(&format!("{}/release", study.story(ids[0])), researcher, &json!({"version": 1})).await.expect(204);
    app.post(&format!("{}/_withdraw", study.story(ids[1])), researcher, &json!({"reason": "asked"})).await.expect(204);
    // Nobody is told of a withdrawal: in a small study a count of one says who.
    let waiting = deliveries(&app, &study, &path).await;
    assert!(waiting.iter().all(|d| d["state"] == "waiting" && d["attempts"] == json!([])), "{waiting:?}");
    let sender = sender(&app);
    sender.send_due(after_the_hour()).await.unwrap();
    let mut counts: HashMap<String, i64> = HashMap::new();
    for _ in &waiting {
        let got = receiver.next().await;
        let body: Value = serde_json::from_str(&got.body).unwrap();
        let members: Vec<&String> = body["data"].as_object().unwrap().keys().collect();
        assert_eq!(members, ["projectId", "count"]);
        assert!(body["timestamp"].as_str().unwrap().ends_with(":00:00Z"), "{body}");
        assert!(ids.iter().all(|id| !got.body.contains(&id.to_string())));
        *counts.entry(body["type"].as_str().unwrap().to_owned()).or_default() += body["data"]["count"].as_i64().unwrap();
    }
    let expected = [("story.delivered", 3), ("story.released", 1)];
    assert_eq!(counts, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
}

#[actix_web::test]
async fn what_failed_is_tried_again_under_the_same_id() {
    let (app, study) = open().await;
    let mut receiver = Receiver::answering(&["500 Oops", "302 Found\r\nlocation: /elsewhere", "200 OK"]).await;
    let (path, _) = hook(&app, &study, &receiver.url, json!(["wave.changed"])).await;
    test(&app, &study, &path).await;
    let first = receiver.next().await;
    let failed = attempted(&app, &study, &path, 1).await;
    assert_eq!((&failed["state"], &failed["attempts"][0]["status"]), (&json!("waiting"), &json!(500)));
    // A redirect is an answer like any other that is no 2xx: nobody is asked elsewhere.
    sender(&app).send_due(now() + chrono::Duration::days(1)).await.unwrap();
    let second = receiver.next().await;
    assert_eq!(second.headers["webhook-id"], first.headers["webhook-id"]);
    assert_eq!(second.body, first.body);
    let failed = attempted(&app, &study, &path, 2).await;
    // Its state is not looked at: on a slow machine the server's own sender may be at the third attempt already.
    assert_eq!(failed["attempts"][1]["status"], 302);
    sender(&app).send_due(now() + chrono::Duration::days(1)).await.unwrap();
    assert_eq!(receiver.next().await.first_line, "POST /hook?key=1 HTTP/1.1");
    let told = attempted(&app, &study, &path, 3).await;
    assert_eq!((&told["state"], told["attempts"].as_array().unwrap().len()), (&json!("delivered"), 3));
    assert_eq!(sender(&app).send_due(now() + chrono::Duration::days(9)).await.unwrap(), 0, "it was told");
}

#[actix_web::test]
async fn who_answers_410_is_told_nothing_more() {
    let (app, study) = open().await;
    let (owner, mut receiver) = (study.token(Role::Owner), Receiver::answering(&["410 Gone", "200 OK"]).await);
    let (path, _) = hook(&app, &study, &receiver.url, json!(["wave.changed"])).await;
    test(&app, &study, &path).await;
    receiver.next().await;
    assert_eq!(attempted(&app, &study, &path, 1).await["state"], "failed");
    let webhook = app.get(&path, owner).await.expect(200);
    assert_eq!(webhook["disabledReason"], "gone");
    let events = app.get(&study.path("/audit-events?limit=500"), owner).await.expect(200).to_string();
    assert_eq!(events.matches("webhook.disable").count(), 1);
    app.post(&format!("{path}/_test"), owner, &json!({})).await.problem(409, "disabled");
    app.patch(&study.path("/waves/2"), study.token(Role::Researcher), &json!({"state": "open"})).await.expect(200);
    assert_eq!(deliveries(&app, &study, &path).await.len(), 1);
    let again = app.patch(&path, owner, &json!({"enabled": true})).await.expect(200);
    assert_eq!((&again["disabledAt"], &again["disabledReason"]), (&Value::Null, &Value::Null));
    test(&app, &study, &path).await;
    receiver.next().await;
}

#[actix_web::test]
async fn no_address_of_this_machine_or_its_neighbours_is_reached() {
    let app = start().await;
    let study = app.study().await;
    let mut receiver = Receiver::answering(&["200 OK"]).await;
    let port = receiver.url.split([':', '/']).nth(4).unwrap().to_owned();
    let (webhooks, owner) = (study.path("/webhooks"), study.token(Role::Owner));
    for host in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fd00::1]", "0x7f.1", "2130706433"] {
        let body = json!({"url": format!("https://{host}:{port}/"), "events": ["wave.changed"]});
        assert_eq!(app.post(&webhooks, owner, &body).await.errors(), ["$.url privateAddress"], "{host}");
    }
    let plain = json!({"url": receiver.url, "events": ["wave.changed"]});
    assert_eq!(app.post(&webhooks, owner, &plain).await.errors(), ["$.url wrongFormat"]);
    // A name says nothing before it is looked up.
    let (path, _) = hook(&app, &study, &format!("https://localhost:{port}/"), json!(["wave.changed"])).await;
    test(&app, &study, &path).await;
    let refused = attempted(&app, &study, &path, 1).await;
    assert_eq!((&refused["state"], &refused["attempts"][0]["outcome"]), (&json!("waiting"), &json!("privateAddress")));
    assert!(receiver.got.try_recv().is_err());
}

#[actix_web::test]
async fn of_two_servers_one_tells_it() {
    let (app, study) = open().await;
    let mut receiver = Receiver::answering(&["200 OK"]).await;
    let (path, _) = hook(&app, &study, &receiver.url, json!(["story.delivered", "wave.changed"])).await;
    for _ in 0..10 {
        test(&app, &study, &path).await;
    }
    let senders: Vec<Sender> = (0..4).map(|_| sender(&app)).collect();
    let moment = now();
    futures_util::future::join_all(senders.iter().map(|s| s.send_due(moment)))
        .await
        .into_iter()
        .for_each(|sent| _ = sent.unwrap());
    let mut ids = Vec::new();
    for _ in 0..10 {
        ids.push(receiver.next().await.headers["webhook-id"].clone());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 10);
    assert!(receiver.got.try_recv().is_err(), "nothing was told twice");
}

#[actix_web::test]
async fn the_secret_is_shown_once_and_sealed_in_the_database() {
    let (app, study) = open().await;
    let owner = study.token(Role::Owner);
    let (path, secret) = hook(&app, &study, "http://127.0.0.1:9/", json!(["wave.changed", "wave.changed"])).await;
    let webhook = app.get(&path, owner).await.expect(200);
    assert_eq!(webhook["events"], json!(["wave.changed"]));
    assert_eq!(app.get(&study.path("/webhooks"), owner).await.expect(200)["items"], json!([webhook]));
    assert!(!webhook.to_string().contains(&secret[6..]));
    let id = study.id.clone();
    let kept = app.state.db.run(move |conn| duiding::db::webhooks::list(conn, &id)).await;
    let kept: Vec<duiding::db::webhooks::WebhookRow> = kept.map_err(|e: DbError| e).unwrap();
    assert!(!kept[0].secret.contains(&secret[6..]));
    let wrong = json!({"url": "https://example.org/#x", "events": [], "secret": "mine"});
    let errors = app.post(&study.path("/webhooks"), owner, &wrong).await.errors();
    assert_eq!(errors, ["$.events tooShort", "$.secret unknownMember"]);
    let changed = json!({"url": "https://example.org/other", "events": ["snapshot.published"], "enabled": false});
    let changed = app.patch(&path, owner, &changed).await.expect(200);
    assert_eq!((&changed["url"], &changed["disabledReason"]), (&json!("https://example.org/other"), &json!("asked")));
    app.delete(&path, owner).await.expect(204);
    app.get(&path, owner).await.problem(404, "notFound");
    app.get(&format!("{path}/deliveries"), owner).await.problem(404, "notFound");
    let events = app.get(&study.path("/audit-events?limit=500"), owner).await.expect(200).to_string();
    assert!(["webhook.create", "webhook.update", "webhook.delete"].iter().all(|action| events.contains(action)));
    for _ in 0..20 {
        hook(&app, &study, "https://example.org/", json!(["wave.changed"])).await;
    }
    let body = json!({"url": "https://example.org/", "events": ["wave.changed"]});
    app.post(&study.path("/webhooks"), owner, &body).await.problem(409, "tooMany");
}
