//! Who agreed to take part is on record, and taking it back does what the person asked for: no less, and no more.

use std::fs;
use std::path::{Path, PathBuf};

use duiding::backup;
use duiding::db::Kind;
use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

async fn text(app: &TestApp, study: &Study, words: &str) -> Value {
    let body = json!({"key": "taking-part", "texts": {"nl": words, "en": "I take part."}});
    app.post(&study.path("/consent-texts"), study.token(Role::Coordinator), &body).await.expect(201)
}

fn given(version: i32) -> Value {
    json!({"text": "taking-part", "version": version, "language": "nl", "decision": "given",
        "at": "2026-03-02T10:00:00Z", "way": "onPaper", "takenBy": "facilitator 3"})
}

async fn consent(app: &TestApp, study: &Study, person: &str, body: &Value) -> Answer {
    app.post(&study.path(&format!("/{person}/consents")), study.token(Role::Coordinator), body).await
}

async fn withdraw(app: &TestApp, study: &Study, person: &str, scope: &str) -> Value {
    let body = json!({"scope": scope, "way": "oralNoted"});
    app.post(&study.path(&format!("/{person}/consents/_withdraw")), study.token(Role::Coordinator), &body).await.expect(201)
}

async fn history(app: &TestApp, study: &Study, person: &str) -> Value {
    app.get(&study.path(&format!("/{person}/consents")), study.token(Role::Coordinator)).await.expect(200)
}

/// Delivers a story of this candidate; answers its path and what it is held for.
async fn tell(app: &TestApp, study: &Study, code: &str) -> (String, Value) {
    let path = study.story(Uuid::new_v4());
    let receipt = app.put(&path, study.token(Role::Researcher), &story(Some(code))).await.expect(201);
    (path, receipt["held"].clone())
}

/// Stories that a researcher counts.
async fn counted(app: &TestApp, study: &Study) -> Value {
    let answer = app.post(&study.path("/summaries/_search"), study.token(Role::Researcher), &json!({})).await.expect(200);
    answer["stories"].clone()
}

async fn response(app: &TestApp, study: &Study, wave: usize) -> Value {
    let answer = app.get(&study.path("/response"), study.token(Role::Owner)).await.expect(200);
    answer["waves"][wave].clone()
}

async fn expected_in_second_wave(app: &TestApp, study: &Study, id: &str) {
    let second = study.path(&format!("/participants/{id}/participations/2"));
    app.put(&second, study.token(Role::Coordinator), &json!({"state": "expected"})).await.expect(200);
}

/// The teller of the own stories of the only participant with this code.
async fn teller_of(app: &TestApp, study: &Study, code: &str) -> String {
    let tellers = app.get(&study.path("/tellers"), study.token(Role::Coordinator)).await.expect(200);
    let teller = tellers["items"].as_array().unwrap().iter().find(|t| t["code"] == code).unwrap();
    format!("tellers/{}", teller["id"].as_str().unwrap())
}

#[actix_web::test]
async fn better_words_are_the_next_version_and_no_version_changes() {
    let app = start().await;
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator);
    let first = text(&app, &study, "Ik doe mee.").await;
    let second = text(&app, &study, "Ja, ik doe mee.").await;
    assert_eq!((&first["version"], &second["version"]), (&json!(1), &json!(2)));
    let list = app.get(&study.path("/consent-texts?limit=1"), study.token(Role::Facilitator)).await.expect(200);
    assert_eq!(list["items"], json!([first]));
    let rest = format!("/consent-texts?limit=1&cursor={}", list["next"].as_str().unwrap());
    let rest = app.get(&study.path(&rest), &app.device(&study).await).await.expect(200);
    assert_eq!((&rest["items"], &rest["next"]), (&json!([second]), &Value::Null), "a device shows it to people");
    let wrong = json!({"key": "Taking part", "purpose": "research", "texts": {"Dutch": "Ik doe mee.", "nl": " "}});
    let errors = app.post(&study.path("/consent-texts"), coordinator, &wrong).await.errors();
    let expected = ["$.key wrongFormat", "$.purpose unknownReference", "$.texts.Dutch wrongFormat", "$.texts.nl tooShort"];
    assert_eq!(errors, expected);
    let none = json!({"key": "other", "texts": {}});
    assert_eq!(app.post(&study.path("/consent-texts"), coordinator, &none).await.errors(), ["$.texts tooShort"]);
}

#[actix_web::test]
async fn who_agreed_is_for_coordinators_and_others_see_counts() {
    let app = start().await;
    let study = app.study().await;
    text(&app, &study, "Ik doe mee.").await;
    let (id, code) = app.participant(&study).await;
    let (other, _) = app.participant(&study).await;
    let (person, teller) = (format!("participants/{id}"), teller_of(&app, &study, &code).await);
    let made = consent(&app, &study, &person, &given(1)).await.expect(201);
    assert_eq!(
        (&made["decision"], &made["way"], &made["takenBy"]),
        (&json!("given"), &json!("onPaper"), &json!("facilitator 3"))
    );
    assert_eq!((&made["version"], &made["representative"], &made["scope"]), (&json!(1), &json!("none"), &Value::Null));
    let mut refused = given(1);
    refused["decision"] = json!("refused");
    consent(&app, &study, &format!("participants/{other}"), &refused).await.expect(201);
    consent(&app, &study, &teller, &given(1)).await.expect(201);
    assert_eq!(history(&app, &study, &person).await, json!({"records": [made], "fromStories": []}));
    for role in [Role::Owner, Role::Researcher] {
        app.get(&study.path(&format!("/{person}/consents")), study.token(role)).await.problem(403, "forbidden");
        let counts = app.get(&study.path("/consent-counts"), study.token(role)).await.expect(200);
        assert_eq!(counts, json!({"texts": [{"text": "taking-part", "version": 1, "given": 2, "notGiven": 1}]}));
    }
    withdraw(&app, &study, &person, "stop").await;
    let counts = app.get(&study.path("/consent-counts"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(counts["texts"][0]["notGiven"], 2, "who refused and who withdrew is one count");
    let trail = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    assert!(!trail.to_string().contains("facilitator 3"));
    let noted = trail["items"].as_array().unwrap().iter().filter(|e| e["action"] == "consent.record");
    let mut details: Vec<&str> = noted.map(|e| e["detail"].as_str().unwrap()).collect();
    details.sort_unstable();
    assert_eq!(details, ["participant", "participant", "teller"], "it does not say what was decided");
}

#[actix_web::test]
async fn whoever_may_not_decide_alone_is_represented_and_all_that_is_wrong_is_named() {
    let app = start().await;
    let study = app.study().await;
    text(&app, &study, "Ik doe mee.").await;
    let person = format!("participants/{}", app.participant(&study).await.0);
    for circumstance in ["underSixteen", "guardianship"] {
        let mut body = given(1);
        body[circumstance] = json!(true);
        assert_eq!(consent(&app, &study, &person, &body).await.errors(), ["$.representative required"]);
        body["representative"] = json!("guardian");
        let made = consent(&app, &study, &person, &body).await.expect(201);
        assert_eq!((&made[circumstance], &made["representative"]), (&json!(true), &json!("guardian")));
    }
    let mut wrong = given(2);
    wrong["at"] = json!("2999-01-01T00:00:00Z");
    wrong["underSixteen"] = json!(true);
    let errors = consent(&app, &study, &person, &wrong).await.errors();
    assert_eq!(errors, ["$.at outOfRange", "$.representative required", "$.version unknownReference"]);
    let mut wrong = given(1);
    wrong["language"] = json!("fr");
    assert_eq!(consent(&app, &study, &person, &wrong).await.errors(), ["$.language unknownOption"]);
    wrong["way"] = json!("telepathy");
    wrong["mood"] = json!("fine");
    wrong.as_object_mut().unwrap().remove("decision");
    let errors = consent(&app, &study, &person, &wrong).await.errors();
    assert_eq!(errors, ["$.decision required", "$.mood unknownMember", "$.way unknownOption"]);
    let nobody = format!("participants/{}", Uuid::new_v4());
    consent(&app, &study, &nobody, &given(1)).await.problem(404, "notFound");
    let records = history(&app, &study, &person).await;
    assert_eq!(records["records"].as_array().unwrap().len(), 2, "nothing of the wrong ones was kept");
}

#[actix_web::test]
async fn the_consent_that_came_with_a_story_is_seen_beside_the_records_and_goes_with_it() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = app.participant(&study).await;
    let (path, _) = tell(&app, &study, &code).await;
    let teller = teller_of(&app, &study, &code).await;
    let came = json!([{"version": "1", "language": "nl", "way": "spoken", "at": "2026-03-02T10:00:00Z", "represented": false}]);
    for person in [format!("participants/{id}"), teller] {
        assert_eq!(history(&app, &study, &person).await, json!({"records": [], "fromStories": came}));
    }
    let reason = json!({"reason": "asked for it"});
    app.post(&format!("{path}/_withdraw"), study.token(Role::Researcher), &reason).await.expect(204);
    assert_eq!(history(&app, &study, &format!("participants/{id}")).await["fromStories"], json!([]));
}

#[actix_web::test]
async fn after_stop_what_was_told_counts_and_what_comes_in_is_held() {
    let app = start().await;
    let study = app.study().await;
    text(&app, &study, "Ik doe mee.").await;
    let (id, code) = app.participant(&study).await;
    let person = format!("participants/{id}");
    let agreed = consent(&app, &study, &person, &given(1)).await.expect(201);
    let (told, held) = tell(&app, &study, &code).await;
    assert_eq!(held, json!([]));
    expected_in_second_wave(&app, &study, &id).await;
    let taken_back = withdraw(&app, &study, &person, "stop").await;
    assert_eq!((&taken_back["decision"], &taken_back["scope"]), (&json!("withdrawn"), &json!("stop")));
    assert_eq!(taken_back["refersTo"], agreed["id"]);
    assert_eq!(history(&app, &study, &person).await["records"], json!([agreed, taken_back]), "nothing was changed");
    assert_eq!(counted(&app, &study).await, 1);
    app.get(&told, study.token(Role::Researcher)).await.expect(200);
    let (late, held) = tell(&app, &study, &code).await;
    assert_eq!(held, json!(["withdrawnParticipant", "withdrawnTeller"]));
    assert_eq!(counted(&app, &study).await, 1);
    app.get(&late, study.token(Role::Researcher)).await.expect(200);
    let first = response(&app, &study, 0).await;
    assert_eq!(first["participants"], json!({"expected": 0, "completed": 1, "notTold": 0}), "who told has told");
    let second = response(&app, &study, 1).await;
    assert_eq!(second["participants"], json!({"expected": 0, "completed": 0, "notTold": 1}), "nothing more is expected");
    let seen = app.get(&study.path(&format!("/{person}")), study.token(Role::Researcher)).await.expect(200);
    assert_eq!(seen["status"], "withdrawn");
    consent(&app, &study, &person, &given(1)).await.problem(409, "withdrawn");
}

#[actix_web::test]
async fn after_stop_and_remove_future_nothing_is_kept_of_what_comes_in() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (id, code) = app.participant(&study).await;
    let person = format!("participants/{id}");
    let (told, _) = tell(&app, &study, &code).await;
    withdraw(&app, &study, &person, "stop").await;
    let (waiting, _) = tell(&app, &study, &code).await;
    let done = withdraw(&app, &study, &person, "stopAndRemoveFuture").await;
    assert_eq!(done["refersTo"], Value::Null, "to withdraw needs nothing on record");
    app.get(&waiting, researcher).await.problem(410, "gone");
    assert_eq!(counted(&app, &study).await, 1, "what was told before stays");
    app.put(&told, researcher, &story(Some(&code))).await.expect(200);

    let mut body = story(Some(&code));
    body["text"] = json!("Zeekomkommer, nooit meer.");
    body["title"] = json!("Zeekomkommer");
    body["attachments"] = json!([{"id": Uuid::new_v4(), "sha256": "0".repeat(64), "bytes": 8, "mediaType": "audio/webm"}]);
    let device = app.device(&study).await;
    let late = study.story(Uuid::new_v4());
    let receipt = app.put(&late, &device, &body).await.expect(201);
    assert_eq!(receipt["held"], json!(["withdrawnParticipant", "withdrawnTeller"]));
    app.put(&late, &device, &body).await.problem(410, "gone");
    app.get(&late, researcher).await.problem(410, "gone");
    assert_eq!(app.get(&format!("{late}/versions"), researcher).await.expect(200)["items"], json!([]));
    assert_eq!(app.get(&format!("{late}/attachments"), researcher).await.expect(200)["items"], json!([]));
    assert_eq!(app.get(&study.path("/stories?status=held"), researcher).await.expect(200)["items"], json!([]));
    // What a coach tells about this person is not kept either, what the coach tells about others is.
    let mut coached = body.clone();
    coached["perspective"] = json!("job-coach");
    coached["teller"] = Value::Null;
    coached["placements"] = json!({});
    let path = study.story(Uuid::new_v4());
    app.put(&path, researcher, &coached).await.expect(201);
    app.get(&path, researcher).await.problem(410, "gone");
    coached["participant"] = Value::Null;
    (coached["text"], coached["title"]) = (json!("Over mijn eigen werk."), json!("Werk"));
    let path = study.story(Uuid::new_v4());
    app.put(&path, researcher, &coached).await.expect(201);
    app.get(&path, researcher).await.expect(200);
    let reason = json!({"reason": "done looking"});
    app.post(&format!("{path}/_withdraw"), researcher, &reason).await.expect(204);

    // A batch and an import give no way around it.
    let batch = json!({"stories": [{"id": Uuid::new_v4(), "body": body}]});
    let result = app.post(&study.path("/stories/_batch"), &device, &batch).await.expect(200);
    assert_eq!(result["results"][0]["status"], 201);
    // A lesser scope brings nothing back.
    withdraw(&app, &study, &person, "stop").await;
    app.put(&study.story(Uuid::new_v4()), &device, &body).await.expect(201);
    assert_eq!(counted(&app, &study).await, 1);
    let removed = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    let noted = removed["items"].as_array().unwrap().iter().filter(|e| e["action"] == "story.removeLate").count();
    assert_eq!(noted, 4);
    assert_eq!(files_with(app.folder.path(), "Zeekomkommer"), [] as [PathBuf; 0], "not even in a write-ahead log");
    if app.state.db.kind() == Kind::Sqlite {
        assert!(!files_with(app.folder.path(), "zelf de bus naar het werk").is_empty(), "the search finds what is there");
    }
}

fn files_with(folder: &Path, words: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let has = |path: &PathBuf| String::from_utf8_lossy(&fs::read(path).unwrap()).contains(words);
    let found = entries.flat_map(|p| if p.is_dir() { files_with(&p, words) } else { Vec::from_iter(Some(p).filter(has)) });
    found.collect()
}

#[actix_web::test]
async fn after_erase_all_everything_is_gone() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (id, code) = app.participant(&study).await;
    let (told, _) = tell(&app, &study, &code).await;
    withdraw(&app, &study, &format!("participants/{id}"), "stop").await;
    app.get(&told, researcher).await.expect(200);
    withdraw(&app, &study, &format!("participants/{id}"), "eraseAll").await;
    app.get(&told, researcher).await.problem(410, "gone");
    app.put(&told, researcher, &story(Some(&code))).await.problem(410, "gone");
    assert_eq!(counted(&app, &study).await, 0);
    assert_eq!(response(&app, &study, 0).await["participants"]["completed"], 0);
    let (_, held) = tell(&app, &study, &code).await;
    assert_eq!(held, json!(["withdrawnParticipant", "withdrawnTeller"]));
    let records = history(&app, &study, &format!("participants/{id}")).await;
    let scopes: Vec<&Value> = records["records"].as_array().unwrap().iter().map(|r| &r["scope"]).collect();
    assert_eq!(scopes, ["stop", "eraseAll"], "that it was asked for stays on record");
}

#[actix_web::test]
async fn a_teller_withdraws_as_far_as_the_scope_says() {
    for (scope, before, after) in [("stop", 200, 200), ("stopAndRemoveFuture", 200, 410), ("eraseAll", 410, 200)] {
        let app = start().await;
        let study = app.study().await;
        let (researcher, coordinator) = (study.token(Role::Researcher), study.token(Role::Coordinator));
        let made = app.post(&study.path("/tellers"), coordinator, &json!({"perspective": "job-coach"})).await.expect(201);
        let teller = format!("tellers/{}", made[0]["teller"]["id"].as_str().unwrap());
        let mut body = story(None);
        body["teller"] = made[0]["teller"]["code"].clone();
        body["perspective"] = json!("job-coach");
        body["placements"] = json!({});
        let (told, late) = (study.story(Uuid::new_v4()), study.story(Uuid::new_v4()));
        assert_eq!(app.put(&told, researcher, &body).await.expect(201)["held"], json!([]));
        withdraw(&app, &study, &teller, scope).await;
        assert_eq!(app.put(&late, researcher, &body).await.expect(201)["held"], json!(["withdrawnTeller"]), "{scope}");
        assert_eq!(app.get(&told, researcher).await.status, before, "{scope}");
        assert_eq!(app.get(&late, researcher).await.status, after, "{scope}");
    }
}

#[actix_web::test]
async fn a_withdrawal_says_what_is_wrong_with_it_and_then_does_nothing() {
    let app = start().await;
    let study = app.study().await;
    text(&app, &study, "Ik doe mee.").await;
    let (id, code) = app.participant(&study).await;
    let (other, _) = app.participant(&study).await;
    let theirs = consent(&app, &study, &format!("participants/{other}"), &given(1)).await.expect(201);
    let path = study.path(&format!("/participants/{id}/consents/_withdraw"));
    let coordinator = study.token(Role::Coordinator);
    let errors = app.post(&path, coordinator, &json!({"scope": "everything", "at": "now"})).await.errors();
    assert_eq!(errors, ["$.at wrongFormat", "$.scope unknownOption", "$.way required"]);
    let wrong = json!({"scope": "eraseAll", "way": "onPaper", "at": "2999-01-01T00:00:00Z", "refersTo": theirs["id"]});
    assert_eq!(app.post(&path, coordinator, &wrong).await.errors(), ["$.at outOfRange", "$.refersTo unknownReference"]);
    assert_eq!(tell(&app, &study, &code).await.1, json!([]), "the participant is there as before");
    assert_eq!(history(&app, &study, &format!("participants/{id}")).await["records"], json!([]));
}

#[actix_web::test]
async fn a_restore_stops_again_who_stopped_and_leaves_what_was_told() {
    let app = start().await;
    if app.state.db.kind() != Kind::Sqlite {
        return;
    }
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator);
    let mut people = Vec::new();
    for scope in ["stop", "stopAndRemoveFuture", "eraseAll"] {
        let (id, code) = app.participant(&study).await;
        let contact = study.path(&format!("/participants/{id}/contact"));
        app.put(&contact, coordinator, &json!({"name": "Jan"})).await.expect(204);
        let (told, _) = tell(&app, &study, &code).await;
        people.push((scope, id, code, told));
    }
    let (config, to) = (app.state.config.clone(), app.folder.path().join("backup"));
    let made = to.clone();
    actix_web::rt::task::spawn_blocking(move || backup::make(&config, &made)).await.unwrap().unwrap();
    for (scope, id, ..) in &people {
        withdraw(&app, &study, &format!("participants/{id}"), scope).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut config = crate::helpers::config(&folder);
    config.erasures_file.clone_from(&app.state.config.erasures_file);
    config.secrets_file.clone_from(&app.state.config.secrets_file);
    let (settings, from) = (config.clone(), to.clone());
    let restored = actix_web::rt::task::spawn_blocking(move || backup::restore(&settings, &from, backup::Options::default()));
    assert_eq!(restored.await.unwrap().unwrap().replayed.done, 3);
    let restored = crate::helpers::start_with(config, folder).await;
    let (coordinator, researcher) = (coordinator.to_owned(), restored.member(&study.id, Role::Researcher).await);
    for (scope, id, code, told) in &people {
        let person = study.path(&format!("/participants/{id}"));
        assert_eq!(restored.get(&person, &coordinator).await.expect(200)["status"], "withdrawn", "{scope}");
        restored.get(&format!("{person}/contact"), &coordinator).await.problem(404, "notFound");
        let records = restored.get(&format!("{person}/consents"), &coordinator).await.expect(200)["records"].clone();
        assert_eq!(records[0]["scope"], *scope);
        let stays = if *scope == "eraseAll" { 410 } else { 200 };
        assert_eq!(restored.get(told, &researcher).await.status, stays, "{scope}");
        let late = study.story(Uuid::new_v4());
        let receipt = restored.put(&late, &researcher, &story(Some(code))).await.expect(201);
        assert_eq!(receipt["held"], json!(["withdrawnParticipant", "withdrawnTeller"]), "{scope}");
        let kept = if *scope == "stopAndRemoveFuture" { 410 } else { 200 };
        assert_eq!(restored.get(&late, &researcher).await.status, kept, "{scope}");
    }
}
