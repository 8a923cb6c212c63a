//! Small steps that several files tell: a story is delivered, released, changed.

use duiding::db::{DbError, published};
use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, story};

/// A story of a candidate with this title and text.
pub fn titled(title: &str) -> Value {
    let mut body = story(None);
    body["title"] = json!(title);
    body["text"] = json!(format!("{title}, as it was told."));
    body
}

/// Delivers a story as a researcher; answers its path.
pub async fn tell(app: &TestApp, study: &Study, body: &Value) -> String {
    let path = study.story(Uuid::new_v4());
    app.put(&path, study.token(Role::Researcher), body).await.expect(201);
    path
}

/// What a researcher does with a story: `corrections`, `redactions`; answers the number of the version.
pub async fn change(app: &TestApp, study: &Study, story: &str, kind: &str, body: Value) -> i64 {
    let made = app.post(&format!("{story}/{kind}"), study.token(Role::Researcher), &body).await.expect(201);
    made["version"].as_i64().unwrap()
}

/// Takes out what could identify people.
pub async fn redact(app: &TestApp, study: &Study, story: &str, title: &str, text: &str) -> i64 {
    let version = newest_version(app, study, story).await;
    let redaction = json!({"version": version, "title": title, "text": text, "reason": "it named somebody"});
    change(app, study, story, "redactions", redaction).await
}

/// Number of the newest version; nobody is noted for having read it.
async fn newest_version(app: &TestApp, study: &Study, story: &str) -> i32 {
    let (project, id) = (study.id.clone(), story.rsplit('/').next().unwrap().to_owned());
    app.state.db.run(move |conn| duiding::db::stories::by_id(conn, &project, &id)).await.unwrap().version
}

/// Releases a version, and publishes all stories, however few people they are of.
pub async fn release(app: &TestApp, study: &Study, story: &str, version: i64) {
    app.put(&format!("{story}/release"), study.token(Role::Researcher), &json!({"version": version})).await.expect(204);
    let id = study.id.clone();
    app.state.db.write::<(), DbError>(move |conn| published::publish(conn, &id)).await.unwrap();
}

/// Takes a story back.
pub async fn withdraw(app: &TestApp, study: &Study, story: &str) {
    let reason = json!({"reason": "the teller asked for it"});
    app.post(&format!("{story}/_withdraw"), study.token(Role::Researcher), &reason).await.expect(204);
}

/// The id at the end of a path.
pub fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// Ids of a page, in their order.
pub fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect()
}

/// Items of all pages of a list, with at most `limit` on each.
pub async fn walk(app: &TestApp, list: &str, token: &str, limit: usize) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let sign = if list.contains('?') { '&' } else { '?' };
        let page = app.get(&format!("{list}{sign}limit={limit}{cursor}"), token).await.expect(200);
        let found = page["items"].as_array().unwrap();
        assert!(found.len() <= limit);
        items.extend(found.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
        assert!(!found.is_empty(), "an empty page has no next one");
    }
}
