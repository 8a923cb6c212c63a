//! What is kept no longer than a project said, with the proof.

use diesel::connection::SimpleConnection;
use duiding::db::{Conn, DbError};
use duiding::domain::canonical::sha256_hex;
use duiding::domain::role::Role;
use duiding::files::FileKey;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

/// Lets time pass: everything that is kept came in so many days earlier.
async fn later(app: &TestApp, days: i32) {
    let tables = [("attachments", "completed_at"), ("story_versions", "created_at"), ("invitations", "expires_at")];
    let sql = match app.state.db.kind() {
        duiding::db::Kind::Sqlite => |t: &str, c: &str, d: i32| {
            format!("UPDATE {t} SET {c} = strftime('%Y-%m-%d %H:%M:%f', {c}, '-{d} days') WHERE {c} IS NOT NULL;")
        },
        duiding::db::Kind::Postgres => |t: &str, c: &str, d: i32| format!("UPDATE {t} SET {c} = {c} - interval '{d} days';"),
    };
    let sql: String = tables.iter().map(|(t, c)| sql(t, c, days)).collect();
    app.state.db.run::<_, DbError>(move |conn: &mut Conn| Ok(conn.batch_execute(&sql)?)).await.unwrap();
}

async fn run(app: &TestApp, study: &Study) -> Vec<(String, i64, i64)> {
    let runs = app.post(&study.path("/retention/_run"), study.token(Role::Owner), &json!({})).await.expect(200);
    let one =
        |r: &Value| (r["class"].as_str().unwrap().to_owned(), r["removed"].as_i64().unwrap(), r["remaining"].as_i64().unwrap());
    runs["items"].as_array().unwrap().iter().map(one).collect()
}

async fn term(app: &TestApp, study: &Study, class: &str) -> Value {
    let all = app.get(&study.path("/retention"), study.token(Role::Coordinator)).await.expect(200);
    all["terms"].as_array().unwrap().iter().find(|t| t["class"] == class).unwrap().clone()
}

/// A story with a recording; answers its path and that of the recording.
async fn recorded(app: &TestApp, study: &Study, text: Option<&str>) -> (String, String) {
    let (path, file, mut body) = (study.story(Uuid::new_v4()), Uuid::new_v4(), story(None));
    body["text"] = json!(text);
    body["attachments"] = json!([{"id": file, "sha256": sha256_hex("sound"), "bytes": 5, "mediaType": "audio/webm"}]);
    let researcher = study.token(Role::Researcher);
    app.put(&path, researcher, &body).await.expect(201);
    let file = format!("{path}/attachments/{file}");
    let part = app.request(Method::PATCH, &file, researcher).header("Upload-Offset", 0);
    let part = part.header("content-type", "application/offset+octet-stream").body("sound");
    Answer::of(part.send().await.unwrap()).await.expect(200);
    (path, file)
}

fn is_kept(app: &TestApp, study: &Study, file: &str) -> bool {
    let parts: Vec<&str> = file.split('/').collect();
    let key = FileKey { project_id: study.id.clone(), story_id: parts[5].to_owned(), id: parts[7].to_owned() };
    app.state.files.has(&key).unwrap()
}

#[actix_web::test]
async fn a_recording_goes_thirty_days_after_it_was_written_out() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (_, written) = recorded(&app, &study, Some("Ik nam de bus.")).await;
    let (path, spoken) = recorded(&app, &study, None).await;
    assert_eq!(run(&app, &study).await, []);
    later(&app, 31).await;
    assert_eq!(term(&app, &study, "audio").await["due"], 1, "what nobody wrote out is all there is");
    assert_eq!(run(&app, &study).await, [("audio".to_owned(), 1, 0)]);
    assert_eq!((is_kept(&app, &study, &written), is_kept(&app, &study, &spoken)), (false, true));
    app.get(&format!("{written}/content"), researcher).await.problem(410, "removed");
    assert!(app.get(&written, researcher).await.expect(200)["removedAt"].is_string());
    assert_eq!(app.get(&format!("{spoken}/content"), researcher).await.text, "sound");
    // Now somebody writes the other one out; its thirty days begin today.
    let redaction = json!({"version": 1, "text": "Ik nam de fiets.", "reason": "written out"});
    app.post(&format!("{path}/redactions"), researcher, &redaction).await.expect(201);
    assert_eq!(run(&app, &study).await, []);
    later(&app, 31).await;
    assert_eq!(run(&app, &study).await, [("audio".to_owned(), 1, 0)]);
    assert_eq!(run(&app, &study).await, [], "what is gone is not removed again");
    let runs = app.get(&study.path("/retention/runs"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(runs["items"].as_array().unwrap().len(), 2, "the proof stays");
    let trail = app.get(&study.path("/audit-events?action=retention.run"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(trail["items"][0]["detail"], "1 removed, 0 left");
}

#[actix_web::test]
async fn links_and_contact_data_go_three_months_after_the_last_wave() {
    let app = start().await;
    let study = app.study().await;
    let (id, _) = app.participant(&study).await;
    let contact = study.path(&format!("/participants/{id}/contact"));
    app.put(&contact, study.token(Role::Coordinator), &json!({"telephone": "06 12345678"})).await.expect(204);
    let researcher = study.token(Role::Researcher);
    let wave = |state: &str, day: &str| json!({"state": state, "opensOn": "2020-01-01", "closesOn": day});
    app.patch(&study.path("/waves/1"), researcher, &wave("closed", "2020-01-31")).await.expect(200);
    assert_eq!(run(&app, &study).await, [], "the second wave is still to come");
    assert_eq!(term(&app, &study, "tellerLinks").await["since"], Value::Null);
    for state in ["open", "closed"] {
        app.patch(&study.path("/waves/2"), researcher, &wave(state, "2020-06-30")).await.expect(200);
    }
    let due = term(&app, &study, "tellerLinks").await;
    assert_eq!((&due["since"], &due["endsOn"], &due["due"]), (&json!("2020-06-30"), &json!("2020-10-01"), &json!(1)));
    assert_eq!(run(&app, &study).await, [("tellerLinks".to_owned(), 1, 0), ("contacts".to_owned(), 1, 0)]);
    app.get(&contact, study.token(Role::Coordinator)).await.problem(404, "notFound");
    let register = app.get(&study.path("/processing/register"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(register["retention"].as_array().unwrap().len(), 5);
    let tellers = app.get(&study.path("/tellers"), study.token(Role::Coordinator)).await.expect(200);
    assert_eq!(tellers["items"][0]["participants"], json!([]), "{tellers}");
}

#[actix_web::test]
async fn words_that_were_not_released_go_a_year_after_the_report_and_placements_stay() {
    let app = start().await;
    let study = app.study().await;
    let (owner, researcher) = (study.token(Role::Owner), study.token(Role::Researcher));
    let (kept, gone) = (study.story(Uuid::new_v4()), study.story(Uuid::new_v4()));
    for path in [&kept, &gone] {
        app.put(path, researcher, &story(None)).await.expect(201);
    }
    let redaction = json!({"version": 1, "text": "Ik nam de bus naar mijn werk.", "title": "Onderweg", "reason": "a name"});
    app.post(&format!("{kept}/redactions"), researcher, &redaction).await.expect(201);
    app.put(&format!("{kept}/release"), researcher, &json!({"version": 2})).await.expect(204);
    app.put(&study.path("/retention"), owner, &json!({"reportedOn": "2020-01-01", "terms": []})).await.expect(200);
    let lens = json!({"waves": ["1"]});
    let summary = async || app.post(&study.path("/summaries/_search"), researcher, &lens).await.expect(200)["summaries"].clone();
    let before = summary().await;
    assert_eq!(run(&app, &study).await, [("rawText".to_owned(), 2, 0)]);
    assert_eq!(summary().await, before);
    let versions = app.get(&format!("{kept}/versions"), researcher).await.expect(200);
    assert_eq!(
        (&versions["items"][0]["body"]["text"], &versions["items"][1]["body"]["title"]),
        (&Value::Null, &json!("Onderweg"))
    );
    assert!(versions["items"][0]["textRemovedAt"].is_string() && versions["items"][1]["textRemovedAt"].is_null());
    let left = app.get(&gone, researcher).await.expect(200);
    assert!(!left.to_string().contains("bus") && left["placements"]["confidence"]["value"]["position"] == 0.55, "{left}");
    let list = app.get(&study.path("/stories"), researcher).await.expect(200);
    assert!(!list.to_string().contains("De bus"), "{list}");
    // A device that sends it again is told that it is here.
    let again = app.put(&gone, researcher, &story(None)).await;
    assert_eq!(again.status, 200);
    assert_eq!(run(&app, &study).await, []);
}

#[actix_web::test]
async fn a_project_chooses_its_terms_and_says_why() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    recorded(&app, &study, Some("Ik nam de bus.")).await;
    app.post(&study.path("/invitations"), owner, &json!({"email": "coach@example.org", "role": "researcher"})).await.expect(201);
    let choice = json!({"reportedOn": null, "terms": [{"class": "audio", "days": null, "reason": "heard in court"}]});
    app.put(&study.path("/retention"), owner, &choice).await.expect(200);
    later(&app, 200).await;
    let audio = term(&app, &study, "audio").await;
    assert_eq!((&audio["days"], &audio["standardDays"], &audio["due"]), (&Value::Null, &json!(30), &json!(0)));
    assert_eq!(run(&app, &study).await, [("invitations".to_owned(), 1, 0)]);
    app.put(&study.path("/retention"), owner, &json!({"reportedOn": null})).await.expect(200);
    assert_eq!(run(&app, &study).await, [("audio".to_owned(), 1, 0)]);
    let trail = app.get(&study.path("/audit-events?action=retention.update"), owner).await.expect(200);
    let told: Vec<&str> = trail["items"].as_array().unwrap().iter().map(|e| e["detail"].as_str().unwrap()).collect();
    assert_eq!(told, ["all -> 30 days: ", "30 -> all days: heard in court"]);
    let wrong = json!({"reportedOn": "soon", "terms": [{"class": "audio", "days": 0, "reason": "no"}, {"class": "video", "days": 1, "reason": "because"}]});
    let errors = app.put(&study.path("/retention"), owner, &wrong).await.errors();
    assert_eq!(
        errors,
        [
            "$.reportedOn wrongFormat",
            "$.terms[0].days outOfRange",
            "$.terms[0].reason tooShort",
            "$.terms[1].class unknownOption"
        ]
    );
    app.put(&study.path("/retention"), study.token(Role::Researcher), &choice).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn files_that_a_withdrawal_left_behind_are_found_and_removed() {
    let app = start().await;
    let study = app.study().await;
    let (path, file) = recorded(&app, &study, None).await;
    // As when the server was stopped between the commit and the removal.
    let story_id = path.rsplit('/').next().unwrap().to_owned();
    let project = study.id.clone();
    let withdrawn = app.state.db.write::<_, DbError>(move |conn| duiding::db::stories::withdraw(conn, &project, &story_id));
    withdrawn.await.unwrap();
    assert!(is_kept(&app, &study, &file));
    duiding::upkeep::retention::run_everywhere(&app.state.db, &app.state.files).await;
    assert!(!is_kept(&app, &study, &file));
}
