//! Stories in lists: page by page, filtered, and followed while they change.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use duiding::domain::role::Role;
use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};
use crate::telling::{id_of, ids, redact, release, tell, titled, walk, withdraw};

#[actix_web::test]
async fn all_pages_together_have_every_story_once() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let mut told = Vec::new();
    for i in 0..7 {
        told.push(id_of(&tell(&app, &study, &titled(&format!("Story {i}"))).await).to_owned());
    }
    let list = study.path("/stories");
    for limit in [1, 2, 3, 7, 8] {
        let items = walk(&app, &list, researcher, limit).await;
        let walked: Vec<&str> = items.iter().map(|i| i["id"].as_str().unwrap()).collect();
        assert_eq!(walked, told, "in the order they came in, {limit} at a time");
    }
    let last = app.get(&format!("{list}?limit=7"), researcher).await.expect(200);
    assert_eq!(last["next"], Value::Null, "a full last page has no next one");
}

#[actix_web::test]
async fn stories_of_one_commit_are_all_found_across_pages() {
    let app = start().await;
    let study = app.study().await;
    let entries: Vec<Value> = (0..7).map(|_| json!({"id": Uuid::new_v4(), "body": story(None)})).collect();
    let researcher = study.token(Role::Researcher);
    app.post(&study.path("/stories/_batch"), researcher, &json!({"stories": entries})).await.expect(200);
    let items = walk(&app, &study.path("/stories"), researcher, 2).await;
    let found: BTreeSet<&str> = items.iter().map(|i| i["id"].as_str().unwrap()).collect();
    let told: BTreeSet<&str> = entries.iter().map(|e| e["id"].as_str().unwrap()).collect();
    assert_eq!((items.len(), found), (7, told));
    let changes: BTreeSet<i64> = items.iter().map(|i| i["change"].as_i64().unwrap()).collect();
    assert_eq!(changes.len(), 1, "one commit, one change number");
}

#[actix_web::test]
async fn filters_select_and_go_together() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let plain = tell(&app, &study, &story(None)).await;
    let mut body = story(None);
    body["language"] = json!("ar");
    let arabic = tell(&app, &study, &body).await;
    body["wave"] = json!("2");
    let held = tell(&app, &study, &body).await; // wave 2 is not open
    let mut body = story(None);
    body["perspective"] = json!("job-coach");
    body["placements"] = json!({});
    let coach = tell(&app, &study, &body).await;
    let gone = tell(&app, &study, &story(None)).await;
    withdraw(&app, &study, &gone).await;
    release(&app, &study, &arabic, 1).await;
    let cases = [
        ("", vec![&plain, &held, &coach, &gone, &arabic]),
        ("?wave=2", vec![&held]),
        ("?perspective=job-coach", vec![&coach]),
        ("?language=ar", vec![&held, &arabic]),
        ("?status=active", vec![&plain, &coach, &arabic]),
        ("?status=held", vec![&held]),
        ("?status=withdrawn", vec![&gone]),
        ("?released=true", vec![&arabic]),
        ("?released=false", vec![&plain, &held, &coach, &gone]),
        ("?language=ar&wave=1", vec![&arabic]),
        ("?status=active&released=false&perspective=candidate", vec![&plain]),
        ("?wave=9", vec![]),
    ];
    for (query, expected) in cases {
        let page = app.get(&study.path(&format!("/stories{query}")), researcher).await.expect(200);
        let expected: Vec<&str> = expected.into_iter().map(|p| id_of(p)).collect();
        assert_eq!(ids(&page), expected, "{query}");
    }
}

/// Asks for a list that is known under an ETag.
async fn known(app: &TestApp, path: &str, token: &str, etag: &str) -> Answer {
    let request = app.request(Method::GET, path, token).header("if-none-match", etag);
    Answer::of(request.send().await.unwrap()).await
}

#[actix_web::test]
async fn a_list_that_is_known_is_not_sent_again() {
    let app = start().await;
    let study = app.study().await;
    let (path, external) = (study.path("/stories"), study.token(Role::ExternalResearcher));
    for role in [Role::Researcher, Role::ExternalResearcher] {
        let told = tell(&app, &study, &story(None)).await;
        let first = app.get(&path, study.token(role)).await;
        let etag = first.header("etag");
        let again = known(&app, &path, study.token(role), &etag).await;
        assert_eq!((again.status.as_u16(), again.text.as_str(), again.header("etag")), (304, "", etag.clone()));
        for other in [format!("{path}?limit=3"), format!("{path}?language=nl")] {
            assert_eq!(known(&app, &other, study.token(role), &etag).await.status, 200, "another question: {other}");
        }
        release(&app, &study, &told, 1).await;
        assert_eq!(known(&app, &path, study.token(role), &etag).await.status, 200, "something changed");
    }
    let etag = app.get(&path, study.token(Role::Researcher)).await.header("etag");
    assert_eq!(known(&app, &path, external, &etag).await.status, 200, "another reader sees another list");
}

#[actix_web::test]
async fn what_changed_since_is_told_once() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let mut seen = 0;
    let one = tell(&app, &study, &titled("One")).await;
    let other = tell(&app, &study, &titled("Other")).await;
    let translation = json!({"version": 1, "title": "Une", "text": "Une histoire."});
    for step in 0..7 {
        match step {
            0 => {}
            1 => drop(redact(&app, &study, &one, "A", "A.").await),
            2 => release(&app, &study, &one, 2).await,
            3 => drop(app.put(&format!("{one}/translations/fr"), researcher, &translation).await.expect(204)),
            4 => drop(app.delete(&format!("{one}/release"), researcher).await.expect(204)),
            5 => withdraw(&app, &study, &one).await,
            _ => drop(app.put(&other, researcher, &titled("Other")).await.expect(200)),
        }
        let page = app.get(&study.path(&format!("/stories?changedSince={seen}")), researcher).await.expect(200);
        let expected = match step {
            0 => vec![id_of(&one), id_of(&other)],
            6 => vec![], // a replay is no change
            _ => vec![id_of(&one)],
        };
        assert_eq!(ids(&page), expected, "step {step}");
        seen = page["items"].as_array().unwrap().last().map_or(seen, |i| i["change"].as_i64().unwrap());
    }
}

/// Delivers stories and does with each what researchers do.
/// Writes six stories and changes them; the last only when somebody read three times meanwhile.
async fn write(app: &TestApp, study: &Study, device: &str, writer: usize, readings: &Cell<u32>) {
    let researcher = study.token(Role::Researcher);
    for i in 0..6 {
        while i == 5 && readings.get() < 3 {
            tokio::task::yield_now().await;
        }
        let path = study.story(Uuid::new_v4());
        app.put(&path, device, &titled(&format!("{writer}-{i}"))).await.expect(201);
        match (writer + i) % 4 {
            0 => release(app, study, &path, 1).await,
            1 => drop(redact(app, study, &path, "Redacted", "Redacted.").await),
            2 => withdraw(app, study, &path).await,
            _ => drop(app.put(&path, researcher, &titled(&format!("{writer}-{i}"))).await.expect(200)),
        }
    }
}

#[actix_web::test]
async fn a_reader_who_follows_the_changes_misses_none_while_others_write() {
    let app = start().await;
    let study = app.study().await;
    let (device, researcher) = (app.device(&study).await, study.token(Role::Researcher));
    let (done, readings) = (Cell::new(false), Cell::new(0));
    let writing = async {
        join_all((0..5).map(|writer| write(&app, &study, &device, writer, &readings))).await;
        done.set(true);
    };
    let reading = async {
        let (mut copy, mut seen) = (BTreeMap::new(), 0);
        loop {
            let last = done.get(); // what was done before a reading began must be in it
            let path = study.path(&format!("/stories?changedSince={seen}"));
            for item in walk(&app, &path, researcher, 3).await {
                assert!(item["change"].as_i64().unwrap() >= seen, "in the order of changes");
                seen = item["change"].as_i64().unwrap();
                copy.insert(item["id"].as_str().unwrap().to_owned(), item);
            }
            readings.set(readings.get() + 1);
            if last {
                return copy;
            }
        }
    };
    let ((), copy) = join(writing, reading).await;
    let all = walk(&app, &study.path("/stories"), researcher, 500).await;
    let truth: BTreeMap<String, Value> = all.into_iter().map(|i| (i["id"].as_str().unwrap().to_owned(), i)).collect();
    assert_eq!(truth.len(), 30);
    assert!(copy == truth, "the reader's copy is what there is");
}
