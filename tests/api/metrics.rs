//! What Prometheus reads: what happened, and nothing about whom.

use std::collections::BTreeSet;

use duiding::domain::role::Role;
use serde_json::json;
use uuid::Uuid;

use crate::helpers::{TestApp, config, start, start_with, story};
use crate::operations::furnished;
use crate::sessions::login;

async fn watched() -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = config(&folder);
    settings.metrics_address = Some("127.0.0.1:0".parse().unwrap());
    start_with(settings, folder).await
}

async fn metrics(app: &TestApp) -> String {
    let url = format!("http://127.0.0.1:{}/metrics", app.metrics_port.unwrap());
    let answer = app.client.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    answer.text().await.unwrap()
}

/// The value of a line, by everything before it.
fn value(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("there is no {line} in {text}")).parse().unwrap()
}

#[actix_web::test]
async fn without_the_setting_there_is_nothing_to_read() {
    let app = start().await;
    assert_eq!(app.metrics_port, None);
    app.get("/metrics", "").await.problem(404, "notFound");
}

#[actix_web::test]
async fn what_happened_is_counted() {
    let app = watched().await;
    app.get("/metrics", "").await.problem(404, "notFound"); // not on the port for everybody
    let study = app.study().await;
    let device = app.device(&study).await;
    let (first, second) = (study.story(Uuid::new_v4()), study.story(Uuid::new_v4()));
    app.put(&first, &device, &story(None)).await.expect(201);
    app.put(&first, &device, &story(None)).await.expect(200);
    let mut held = story(None);
    held["consent"] = json!(null);
    app.put(&second, &device, &held).await.expect(201);
    app.put(&second, &device, &story(None)).await.problem(409, "differentContent");
    assert_eq!(app.put(&second, &device, &json!({"frameworkVersion": 1})).await.status, 400);
    app.get(&first, study.token(Role::Researcher)).await.expect(200);
    login(&app, "nobody@example.org", "wrong").await.problem(401, "unauthorised");

    let text = metrics(&app).await;
    for (outcome, stories) in [("kept", 1.0), ("held", 1.0), ("replayed", 1.0), ("refused", 2.0)] {
        assert_eq!(value(&text, &format!("duiding_deliveries_total{{outcome=\"{outcome}\"}}")), stories, "{outcome}");
    }
    let route = "route=\"/v1/projects/{projectId}/stories/{storyId}\"";
    assert_eq!(value(&text, &format!("duiding_requests_total{{method=\"PUT\",{route},status=\"2xx\"}}")), 3.0);
    assert_eq!(value(&text, &format!("duiding_requests_total{{method=\"PUT\",{route},status=\"4xx\"}}")), 2.0);
    assert_eq!(value(&text, &format!("duiding_request_seconds_count{{method=\"GET\",{route}}}")), 1.0);
    assert_eq!(value(&text, "duiding_failed_logins_total"), 1.0);
    assert_eq!(value(&text, "duiding_writer_waiting"), 0.0);
    assert_eq!(value(&text, "duiding_writer_group_stories_sum"), 4.0);
    assert_eq!(value(&text, "duiding_db_pool_timeouts_total"), 0.0);
    assert_eq!(value(&text, "duiding_db_connections_most"), 4.0);
    assert!(value(&text, "process_open_fds") > 5.0);
    assert!(value(&text, "process_resident_memory_bytes") > 1e6);
    assert_eq!(value(&text, &format!("duiding_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"))), 1.0);
}

#[actix_web::test]
async fn a_body_that_comes_too_slowly_is_told_so_and_counted() {
    use std::io::{Read, Write};
    let folder = tempfile::tempdir().unwrap();
    let mut settings = config(&folder);
    (settings.body_seconds, settings.metrics_address) = (1, Some("127.0.0.1:0".parse().unwrap()));
    let app = start_with(settings, folder).await;
    let address = app.url.strip_prefix("http://").unwrap().to_owned();
    let slowly = move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let head = "POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap(); // to the end: the server lets go
        answer
    };
    let answer = tokio::task::spawn_blocking(slowly).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"code\":\"tooSlow\""), "{answer}");
    assert_eq!(value(&metrics(&app).await, "duiding_slow_bodies_total"), 1.0);
    login(&app, "nobody@example.org", "wrong").await.problem(401, "unauthorised");
}

#[actix_web::test]
async fn no_label_says_anything_about_anybody() {
    let app = watched().await;
    let (study, ids) = furnished(&app).await;
    let researcher = study.token(Role::Researcher);
    for path in ["/stories", "/participants", "/signifiers", &format!("/stories/{}", ids["storyId"]), "/people/Jan%20de%20Vries"]
    {
        app.get(&study.path(path), researcher).await;
    }
    app.get("/secret-word?name=Jan", "").await;
    app.request("JAN".parse().unwrap(), "/v1/me", "").send().await.unwrap();
    let text = metrics(&app).await;

    let mut allowed: BTreeSet<String> = duiding::http::document().paths.paths.keys().cloned().collect();
    let words = "GET HEAD POST PUT PATCH DELETE OPTIONS other none 2xx 3xx 4xx 5xx kept held replayed refused unavailable +Inf";
    allowed.extend(words.split(' ').map(str::to_owned));
    allowed.insert(env!("CARGO_PKG_VERSION").to_owned());
    let values: BTreeSet<&str> = text.lines().filter(|l| !l.starts_with('#')).flat_map(labels).collect();
    let strange: Vec<_> = values.iter().filter(|v| !allowed.contains(**v) && v.parse::<f64>().is_err()).collect();
    assert!(strange.is_empty(), "{strange:?}");
    assert!(values.len() > 20, "{values:?}");
    for word in ids.values().filter(|v| v.len() > 10).map(String::as_str).chain(["Jan", "secret-word", "example.org", "bus"]) {
        assert!(!text.contains(word), "{word}");
    }
}

/// Values of the labels of a line: what stands between quotes.
fn labels(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}
