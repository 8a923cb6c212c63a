//! What the tests of faults look at, and how they wait.

use std::time::{Duration, Instant};

use reqwest::{Method, Response};
use serde_json::Value;

use crate::load::Field;
use crate::server::{Place, Running};
use crate::{check, resend, stored};

/// Waits until a condition holds. Errors (as a panic): it does not within so many seconds.
pub async fn until(what: &str, seconds: u64, mut holds: impl AsyncFnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(seconds), "after {seconds} s still not: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await; // between two looks
    }
    began.elapsed()
}

/// Sends a request and answers with its response.
pub async fn ask(field: &Field, method: Method, path: &str, token: &str, body: &Value) -> Response {
    let api = field.api();
    let request = api.client.request(method, format!("{}{path}", api.url)).bearer_auth(token).json(body);
    request.send().await.unwrap_or_else(|e| panic!("{path}: no answer: {e}"))
}

/// That a request is told to come back later, and when.
pub async fn told_to_wait(what: &str, response: Response) {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.expect("a whole answer");
    assert_eq!(status, 503, "{what}: {text}");
    let seconds = headers.get("retry-after").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u32>().ok());
    assert!(seconds.is_some(), "{what}: 503 without Retry-After: {text}");
    assert_eq!(headers["content-type"], "application/problem+json", "{what}");
}

/// That every acknowledged story is there once and whole, and that what was not acknowledged can be sent again and then is.
pub async fn everything_is_there(field: &Field, place: &Place) {
    let stored = stored::read(&place.database_url, &field.study.project).expect("the database can be read");
    let present = {
        let ledger = field.ledger.borrow();
        let present = check::stories(&ledger, &stored);
        check::files(&ledger, &stored, &present, place, &field.study.project, true);
        present
    };
    resend::stories(field, &present).await;
    resend::files(field).await;
    let stored = stored::read(&place.database_url, &field.study.project).expect("the database can be read");
    let ledger = field.ledger.borrow();
    let present = check::stories(&ledger, &stored);
    assert_eq!(present.ids.len(), ledger.stories.len(), "every story that was told is there");
    check::files(&ledger, &stored, &present, place, &field.study.project, true);
    if place.is_sqlite() {
        assert_eq!(stored::damage(&place.database_url).expect("the file can be read"), Vec::<String>::new());
    }
}

/// Memory of the server in bytes.
pub fn memory(server: &Running) -> u64 {
    let status = proc_file(server, "status");
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).expect("the system tells the memory");
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
    kilobytes * 1024
}

/// Open files and connections of the server.
pub fn files(server: &Running) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.process.id())).expect("the server runs").count()
}

/// Connections to the server that are not closed on its side, as the system lists them.
pub fn connections(server: &Running) -> usize {
    const LISTENS: &str = "0A";
    const CLOSED: &str = "06";
    let port: u16 = server.url.rsplit(':').next().and_then(|p| p.parse().ok()).expect("an address with a port");
    let local = format!(":{port:04X}");
    let list = proc_file(server, "net/tcp");
    let rows = list.lines().skip(1).map(|l| l.split_whitespace().collect::<Vec<_>>());
    rows.filter(|r| r[1].ends_with(&local) && r[3] != LISTENS && r[3] != CLOSED).count()
}

fn proc_file(server: &Running, name: &str) -> String {
    std::fs::read_to_string(format!("/proc/{}/{name}", server.process.id())).expect("the server runs")
}
