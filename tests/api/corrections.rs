//! What researchers put right, take out and take back: always as something new that says why, and followed by all
//! that is counted.

use duiding::config::Attachments;
use duiding::domain::role::Role;
use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};
use crate::telling::{change, id_of, redact, release, tell, titled, withdraw};

async fn versions(app: &TestApp, study: &Study, story: &str) -> Vec<Value> {
    let page = app.get(&format!("{story}/versions"), study.token(Role::Researcher)).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

/// Audit events with this action about a story.
async fn events(app: &TestApp, study: &Study, action: &str, story: &str) -> Vec<Value> {
    let page = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    let events = page["items"].as_array().unwrap().clone();
    events.into_iter().filter(|e| e["action"] == action && e["subject"] == id_of(story)).collect()
}

/// Stories that the analysis counts for a lens.
async fn counted(app: &TestApp, study: &Study, lens: Value) -> Value {
    let path = study.path("/summaries/_search");
    app.post(&path, study.token(Role::Researcher), &lens).await.expect(200)
}

/// How a participant takes part in a wave.
async fn participation(app: &TestApp, study: &Study, participant: &str, wave: &str) -> Value {
    let path = study.path(&format!("/participants/{participant}"));
    let read = app.get(&path, study.token(Role::Coordinator)).await.expect(200);
    let of_wave = read["participations"].as_array().unwrap().iter().find(|p| p["wave"] == wave).cloned();
    of_wave.map_or(Value::Null, |p| p["state"].clone())
}

#[actix_web::test]
async fn a_correction_is_a_new_version_that_says_why() {
    let app = start().await;
    let study = app.study().await;
    let ((_, wrong), (right_id, right)) = (app.participant(&study).await, app.participant(&study).await);
    let told = tell(&app, &study, &story(Some(&wrong))).await;
    let fix = json!({"participant": right, "teller": right, "wave": "2", "reason": "the code was typed wrong"});
    assert_eq!(change(&app, &study, &told, "corrections", fix).await, 2);
    let read = app.get(&told, study.token(Role::Researcher)).await.expect(200);
    assert_eq!((&read["participantId"], &read["details"]["wave"]), (&json!(right_id), &json!("2")));
    assert_eq!((&read["body"]["participant"], &read["body"]["teller"]), (&json!(right), &json!(right)));
    let versions = versions(&app, &study, &told).await;
    assert_eq!(versions.len(), 2);
    assert_eq!((&versions[0]["kind"], &versions[0]["body"]["participant"]), (&json!("received"), &json!(wrong)));
    assert_eq!((&versions[1]["kind"], &versions[1]["reason"]), (&json!("correction"), &json!("the code was typed wrong")));
    assert_eq!(versions[0]["body"]["text"], versions[1]["body"]["text"]);
    let events = events(&app, &study, "story.correct", &told).await;
    assert_eq!((events.len(), &events[0]["detail"]), (1, &json!("the code was typed wrong")));
}

#[actix_web::test]
async fn a_correction_to_what_is_not_there_is_refused_with_all_that_is_wrong() {
    let app = start().await;
    let study = app.study().await;
    let (researcher, coordinator) = (study.token(Role::Researcher), study.token(Role::Coordinator));
    let (gone, code) = app.participant(&study).await;
    app.post(&study.path(&format!("/participants/{gone}/_withdraw")), coordinator, &json!({})).await.expect(200);
    let told = tell(&app, &study, &story(None)).await;
    let path = format!("{told}/corrections");
    let fix =
        json!({"participant": "NOBO-DY00", "teller": "NOBO-DY01", "wave": "9", "perspective": "friend", "reason": "why not"});
    let errors = app.post(&path, researcher, &fix).await.errors();
    let expected =
        ["$.participant unknownOption", "$.perspective unknownOption", "$.teller unknownOption", "$.wave unknownOption"];
    assert_eq!(errors, expected);
    let fix = json!({"participant": code, "teller": code, "reason": "the code was typed wrong"});
    assert_eq!(app.post(&path, researcher, &fix).await.errors(), ["$.participant withdrawn", "$.teller withdrawn"]);
    assert_eq!(app.post(&path, researcher, &json!({"reason": "nothing is wrong"})).await.errors(), ["$ required"]);
    let errors = app.post(&path, researcher, &json!({"wave": "2", "text": "Mine.", "reason": ""})).await.errors();
    assert_eq!(errors, ["$.reason tooShort", "$.text unknownMember"]);
    let errors =
        app.post(&format!("{told}/redactions"), researcher, &json!({"version": 1, "reason": "for no reason"})).await.errors();
    assert_eq!(errors, ["$ required"]);
    assert_eq!(versions(&app, &study, &told).await.len(), 1, "nothing was kept");
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Researcher) {
        let fix = json!({"wave": "2", "reason": "the code was typed wrong"});
        app.post(&path, study.token(role), &fix).await.problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn the_analysis_follows_a_correction() {
    let app = start().await;
    let study = app.study().await;
    let told = tell(&app, &study, &story(None)).await;
    let in_wave = async |wave: &str| counted(&app, &study, json!({"waves": [wave]})).await["stories"].clone();
    assert_eq!((in_wave("1").await, in_wave("2").await), (json!(1), json!(0)));
    change(&app, &study, &told, "corrections", json!({"wave": "2", "reason": "told in spring"})).await;
    assert_eq!((in_wave("1").await, in_wave("2").await), (json!(0), json!(1)));
    let declined = async || {
        let answer = counted(&app, &study, json!({})).await;
        let money = answer["summaries"].as_array().unwrap().iter().find(|s| s["signifier"] == "money").unwrap().clone();
        [money["declined"].clone(), money["notAsked"].clone()]
    };
    assert_eq!(declined().await, [json!(1), json!(0)]);
    change(&app, &study, &told, "corrections", json!({"perspective": "job-coach", "reason": "a coach told it"})).await;
    assert_eq!(declined().await, [json!(0), json!(1)], "a coach is not asked about money");
    let project = study.id.clone();
    let loaded = app.state.db.run(move |conn| duiding::db::study::load(conn, &project, None)).await.unwrap();
    assert!(!loaded.rows[0].facts.contains("money"), "{}", loaded.rows[0].facts);
    let versions = versions(&app, &study, &told).await;
    assert!(versions[2]["body"]["placements"].get("money").is_none());
    assert!(versions[0]["body"]["placements"].get("money").is_some(), "it stays in the version before");
}

#[actix_web::test]
async fn who_told_follows_a_correction() {
    let app = start().await;
    let study = app.study().await;
    let ((wrong_id, wrong), (right_id, right)) = (app.participant(&study).await, app.participant(&study).await);
    let told = tell(&app, &study, &story(Some(&wrong))).await;
    let states = async || (participation(&app, &study, &wrong_id, "1").await, participation(&app, &study, &right_id, "1").await);
    assert_eq!(states().await, (json!("completed"), json!("expected")));
    change(&app, &study, &told, "corrections", json!({"participant": right, "reason": "typed wrong"})).await;
    assert_eq!(states().await, (json!("expected"), json!("completed")));
    tell(&app, &study, &story(Some(&right))).await;
    change(&app, &study, &told, "corrections", json!({"participant": wrong, "reason": "it was right"})).await;
    assert_eq!(states().await, (json!("completed"), json!("completed")), "the other told a story too");
    let translated = json!({"perspective": "job-coach", "reason": "a coach told it"});
    change(&app, &study, &told, "corrections", translated).await;
    assert_eq!(states().await, (json!("expected"), json!("completed")), "a coach's story is not the participant's");
}

#[actix_web::test]
async fn a_held_story_that_is_put_right_and_accepted_counts_as_told() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (participant, code) = app.participant(&study).await;
    let mut body = story(Some("NOBO-DY00"));
    body["wave"] = json!("9");
    let told = tell(&app, &study, &body).await;
    app.put(&format!("{told}/release"), researcher, &json!({"version": 1})).await.problem(404, "notFound");
    assert_eq!(counted(&app, &study, json!({})).await["stories"], 0, "held is outside every analysis");
    let fix = json!({"participant": code, "teller": code, "wave": "1", "reason": "everything was typed wrong"});
    change(&app, &study, &told, "corrections", fix).await;
    assert_eq!(participation(&app, &study, &participant, "1").await, "expected", "still held");
    let accept = format!("{told}/_accept");
    app.post(&accept, researcher, &json!({"reason": "put right"})).await.expect(204);
    app.post(&accept, researcher, &json!({"reason": "put right"})).await.problem(404, "notFound");
    assert_eq!(participation(&app, &study, &participant, "1").await, "completed");
    assert_eq!(counted(&app, &study, json!({"waves": ["1"]})).await["stories"], 1);
    assert_eq!(events(&app, &study, "story.accept", &told).await.len(), 1);
}

#[actix_web::test]
async fn a_story_of_a_wave_that_is_not_there_can_be_accepted_and_breaks_nothing() {
    let app = start().await;
    let study = app.study().await;
    let (_, code) = app.participant(&study).await;
    let mut body = story(Some(&code));
    body["wave"] = json!("9");
    let told = tell(&app, &study, &body).await;
    app.post(&format!("{told}/_accept"), study.token(Role::Researcher), &json!({"reason": "it is a pilot"})).await.expect(204);
    counted(&app, &study, json!({})).await;
    assert_eq!(counted(&app, &study, json!({"waves": ["1"]})).await["stories"], 0);
}

#[actix_web::test]
async fn of_two_changes_at_once_none_undoes_the_other() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    for _ in 0..5 {
        let told = tell(&app, &study, &titled("Original")).await;
        let mut redaction = json!({"version": 1, "title": "R", "text": "R.", "reason": "it named somebody"});
        let correction = json!({"wave": "2", "reason": "told in spring"});
        let (redactions, corrections) = (format!("{told}/redactions"), format!("{told}/corrections"));
        let sent = join(app.post(&redactions, researcher, &redaction), app.post(&corrections, researcher, &correction)).await;
        if sent.0.status != 201 {
            sent.0.problem(409, "changedMeanwhile");
            redaction["version"] = json!(2); // it was looked at again
            app.post(&redactions, researcher, &redaction).await.expect(201);
        }
        if sent.1.status != 201 {
            sent.1.problem(409, "changedMeanwhile");
            app.post(&corrections, researcher, &correction).await.expect(201);
        }
        let versions = versions(&app, &study, &told).await;
        let newest = &versions.last().unwrap()["body"];
        assert_eq!((versions.len(), &newest["text"], &newest["wave"]), (3, &json!("R."), &json!("2")));
    }
}

#[actix_web::test]
async fn reading_a_raw_story_is_written_down() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let told = tell(&app, &study, &story(None)).await;
    let reads = async || events(&app, &study, "story.readRaw", &told).await.len();
    app.get(&study.path("/stories"), researcher).await.expect(200);
    app.get(&told, study.token(Role::Workgroup)).await.problem(404, "notFound");
    assert_eq!(reads().await, 0);
    app.get(&told, researcher).await.expect(200);
    assert_eq!(reads().await, 1);
    versions(&app, &study, &told).await;
    assert_eq!(reads().await, 2);
    release(&app, &study, &told, 1).await;
    app.get(&told, researcher).await.expect(200);
    app.get(&told, study.token(Role::Workgroup)).await.expect(200);
    assert_eq!(reads().await, 2, "a released story is for reading");
    versions(&app, &study, &told).await;
    assert_eq!(reads().await, 3, "the original behind it is not");
}

#[actix_web::test]
async fn a_withdrawn_story_leaves_no_words_and_no_files() {
    let app = start().await;
    let study = app.study().await;
    let (device, researcher) = (app.device(&study).await, study.token(Role::Researcher));
    let (told, file, mut body) = (study.story(Uuid::new_v4()), b"a voice", titled("Unmistakable"));
    let declare =
        |id| json!({"id": id, "sha256": duiding::domain::canonical::sha256_hex(file), "bytes": 7, "mediaType": "audio/webm"});
    let ids = [Uuid::new_v4(), Uuid::new_v4()];
    body["attachments"] = ids.iter().map(declare).collect();
    app.put(&told, &device, &body).await.expect(201);
    for (id, part) in ids.iter().zip([&file[..], &file[..3]]) {
        let request = app.request(Method::PATCH, &format!("{told}/attachments/{id}"), &device).header("Upload-Offset", 0);
        let request = request.header("content-type", "application/offset+octet-stream").body(part.to_vec());
        Answer::of(request.send().await.unwrap()).await.expect(200);
    }
    redact(&app, &study, &told, "Unmistakable too", "Unmistakable too.").await;
    let translation = json!({"version": 1, "title": "Unmistakable", "text": "Unmistakable."});
    app.put(&format!("{told}/translations/en"), researcher, &translation).await.expect(204);
    release(&app, &study, &told, 2).await;
    assert_eq!(app.state.files.stories(&study.id).unwrap(), [id_of(&told)]);
    let folder = app.state.config.attachments_dir().join(&study.id).join(id_of(&told));
    if app.state.config.attachments == Attachments::Folder {
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
    }

    withdraw(&app, &study, &told).await;
    assert!(app.state.files.stories(&study.id).unwrap().is_empty(), "whole or in part");
    app.get(&told, researcher).await.problem(410, "gone");
    for path in ["/versions", "/attachments"] {
        assert_eq!(app.get(&format!("{told}{path}"), researcher).await.expect(200)["items"], json!([]));
    }
    app.get(&format!("{told}/attachments/{}/content", ids[0]), researcher).await.problem(404, "notFound");
    app.get(&format!("{told}/attachments/{}", ids[0]), &device).await.problem(404, "notFound");
    app.put(&format!("{told}/translations/en"), researcher, &translation).await.problem(404, "notFound");
    app.put(&format!("{told}/release"), researcher, &json!({"version": 1})).await.problem(404, "notFound");
    let redaction = json!({"version": 2, "text": "New.", "reason": "not there any more"});
    app.post(&format!("{told}/redactions"), researcher, &redaction).await.problem(404, "notFound");
    assert!(!app.get(&study.path("/stories"), researcher).await.text.contains("Unmistakable"));
    let (project, story_id) = (study.id.clone(), id_of(&told).to_owned());
    let left = app.state.db.run(move |conn| {
        let row = duiding::db::stories::by_id(conn, &project, &story_id)?;
        let translations = duiding::db::stories::translations(conn, &project, &story_id)?.len();
        Ok::<_, duiding::db::DbError>((row.title, row.facts, row.hash, row.participant_id, translations))
    });
    let nothing = (String::new(), "{\"placements\":{}}".to_owned(), String::new(), None, 0);
    assert_eq!(left.await.unwrap(), nothing, "only the id stays");
    // The power failed before the files were gone: asking again is safe and removes them.
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(ids[0].to_string()), file).unwrap();
    withdraw(&app, &study, &told).await;
    assert!(!folder.exists());
}
