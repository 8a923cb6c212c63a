//! A disk that is full: files of the server may not grow beyond a limit, which is lifted again while it runs.

use duiding::erasures;
use reqwest::Method;
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ONE_AT_A_TIME;
use crate::load::{Field, batch, single, with_recordings};
use crate::looks::{ask, everything_is_there, told_to_wait};
use crate::server::{Place, Running};
use crate::study::text;

/// No file of the server may be written beyond so many bytes; `None` lifts the limit.
fn limit_files(server: &Running, bytes: Option<u64>) {
    let pid = i32::try_from(server.process.id()).ok().and_then(Pid::from_raw).expect("the server runs");
    // The hard limit stays, so that the other one can be lifted again.
    prlimit(Some(pid), Resource::Fsize, Rlimit { current: bytes, maximum: None }).expect("the limit can be set");
}

#[actix_web::test]
async fn on_a_full_disk_deliveries_wait_and_no_story_is_lost() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let place = Place::new();
    let server = place.start();
    let field = Field::new(&place, &server.url, 1).await;
    for sender in 0..3 {
        single(&field, sender).await.expect("there is room");
        batch(&field, sender).await.expect("there is room");
        with_recordings(&field, sender).await.expect("there is room");
    }
    let readable = *field.ledger.borrow().stories.keys().next().expect("something was told");
    let with_files = field.tell(1, 2);
    field.put(with_files).await.expect("there is room");

    limit_files(&server, Some(16_000));
    if place.is_sqlite() {
        fill(&field).await;
        let later = field.later.get();
        assert_eq!(batch(&field, 1).await, None, "a batch is not taken in either");
        assert_eq!(field.later.get(), later + 1);
    }
    upload_is_told_to_wait(&field, with_files).await;
    for path in ["", "/stories?limit=5", "/waves", "/exports/codebook"] {
        let read = ask(&field, Method::GET, &field.study.path(path), &field.study.researcher, &Value::Null).await;
        assert_eq!(read.status(), 200, "reading goes on: {path}");
    }
    let story = field.study.path(&format!("/stories/{readable}"));
    let open = async || ask(&field, Method::GET, &story, &field.study.researcher, &Value::Null).await;
    if place.is_sqlite() {
        told_to_wait("a raw story, whose reading is noted", open().await).await;
    }
    assert_eq!(ask(&field, Method::GET, "/healthz", "", &Value::Null).await.status(), 200);

    limit_files(&server, None);
    assert_eq!(open().await.status(), 200);
    single(&field, 0).await.expect("there is room again, without a restart");
    with_recordings(&field, 2).await.expect("there is room again, without a restart");
    everything_is_there(&field, &place).await;
    assert_eq!(field.unanswered.get(), 0, "every request was answered");
}

/// Delivers until the disk is full, and a little longer.
async fn fill(field: &Field) {
    let mut refused = 0;
    for _ in 0..500 {
        let id = field.tell(0, 0);
        let (token, body) = field.sending(id);
        let response = ask(field, Method::PUT, &field.study.path(&format!("/stories/{id}")), &token, &body).await;
        if response.status() == 201 {
            field.ledger.borrow_mut().story_mut(id).acknowledged = true;
            continue;
        }
        told_to_wait("a story on a full disk", response).await;
        refused += 1;
        if refused == 5 {
            return;
        }
    }
    panic!("the disk was never full");
}

async fn upload_is_told_to_wait(field: &Field, story: Uuid) {
    let (path, token, bytes) = {
        let ledger = field.ledger.borrow();
        let told = ledger.story(story);
        // The second file is longer than the limit, or is made so: what counts is that a write beyond it fails.
        let file = told.files.iter().max_by_key(|f| f.length).expect("it has files");
        assert!(file.length > 16_000, "a file that does not fit");
        let path = field.study.path(&format!("/stories/{story}/attachments/{}", file.id));
        (path, field.study.senders[told.sender].clone(), file.bytes.clone())
    };
    let api = field.api();
    let request = api.client.patch(format!("{}{path}", api.url)).bearer_auth(&token).header("upload-offset", 0);
    let response = request.header("content-type", "application/offset+octet-stream").body(bytes).send().await;
    told_to_wait("a part of a file on a full disk", response.expect("an answer")).await;
    let state = ask(field, Method::GET, &path, &token, &Value::Null).await;
    let state: Value = state.json().await.expect("JSON");
    assert_eq!((&state["receivedBytes"], &state["completedAt"]), (&json!(0), &Value::Null), "nothing of it counts");
}

#[actix_web::test]
async fn a_withdrawal_that_cannot_be_noted_is_not_done() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let place = Place::new();
    let server = place.start();
    let field = Field::new(&place, &server.url, 2).await;
    let log = place.folder().join("erasures.jsonl");
    let ids: Vec<Uuid> = (0..3).map(|_| field.tell(0, 0)).collect();
    for id in &ids {
        field.put(*id).await.expect("it is kept");
    }
    let story = |id: &Uuid| field.study.path(&format!("/stories/{id}"));
    let reason = json!({"reason": "the teller asked for it"});
    let withdraw = |id: Uuid| {
        let (field, path, reason) = (&field, format!("{}/_withdraw", story(&id)), &reason);
        async move { ask(field, Method::POST, &path, &field.study.researcher, reason).await }
    };
    assert!(withdraw(ids[0]).await.status().is_success());

    // The log has room for a part of a line only.
    let length = std::fs::metadata(&log).expect("the log is there").len();
    limit_files(&server, Some(length + 20));
    told_to_wait("a withdrawal", withdraw(ids[1]).await).await;
    assert_eq!(subjects(&log), [ids[0]], "what was not noted whole does not count");

    limit_files(&server, None);
    let read = ask(&field, Method::GET, &story(&ids[1]), &field.study.researcher, &Value::Null).await;
    let read: Value = read.json().await.expect("JSON");
    assert!(text(&read["text"]).starts_with(&ids[1].to_string()), "nothing of the story is gone");
    for id in [ids[1], ids[2]] {
        assert!(withdraw(id).await.status().is_success(), "there is room again, without a restart");
    }
    assert_eq!(subjects(&log), ids, "every withdrawal is noted once");
    for id in &ids {
        let (token, body) = field.sending(*id);
        assert_eq!(ask(&field, Method::PUT, &story(id), &token, &body).await.status(), 410);
    }
}

fn subjects(log: &std::path::Path) -> Vec<Uuid> {
    let lines = erasures::read(log).expect("the log can be read");
    lines.iter().map(|e| e.subject.parse().expect("an id")).collect()
}
