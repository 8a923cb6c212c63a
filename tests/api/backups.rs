//! A backup is whole or found not to be, and nobody who withdrew comes back with it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use actix_web::rt::task::spawn_blocking;
use duiding::backup::{self, MANIFEST, Manifest, Options, Restored};
use duiding::config::Config;
use duiding::db::Kind;
use duiding::domain::canonical::sha256_hex;
use duiding::domain::role::Role;
use duiding::erasures;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, config, start, start_with, story};

/// Whether these tests run where there is a backup command; what PostgreSQL is told has a test of its own.
fn on_sqlite(app: &TestApp) -> bool {
    app.state.db.kind() == Kind::Sqlite
}

async fn make(app: &TestApp) -> PathBuf {
    let (config, to) = (app.state.config.clone(), app.folder.path().join(format!("backup-{}", Uuid::new_v4())));
    let folder = to.clone();
    spawn_blocking(move || backup::make(&config, &folder)).await.unwrap().unwrap();
    to
}

/// An empty place to restore into, with the erasure log of this server, which outlives its disk.
fn place(app: &TestApp) -> (Config, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder);
    fs::copy(&app.state.config.erasures_file, &config.erasures_file).unwrap();
    (config, folder)
}

async fn restore(config: &Config, backup: &Path, options: Options) -> anyhow::Result<Restored> {
    let (config, backup) = (config.clone(), backup.to_owned());
    spawn_blocking(move || backup::restore(&config, &backup, options)).await.unwrap()
}

/// A story about this participant with one whole recording; answers the path of the story.
async fn tell(app: &TestApp, study: &Study, code: Option<&str>) -> String {
    let (path, researcher) = (study.story(Uuid::new_v4()), study.token(Role::Researcher));
    let (file, bytes) = (Uuid::new_v4(), format!("a recording for {path}"));
    let mut body = story(code);
    body["attachments"] = json!([{"id": file, "sha256": sha256_hex(&bytes), "bytes": bytes.len(), "mediaType": "audio/webm"}]);
    app.put(&path, researcher, &body).await.expect(201);
    let part = app.request(Method::PATCH, &format!("{path}/attachments/{file}"), researcher).header("upload-offset", "0");
    let part = part.header("content-type", "application/offset+octet-stream").body(bytes);
    assert!(Answer::of(part.send().await.unwrap()).await.expect(200)["completedAt"].is_string());
    path
}

/// An access token for the same person on another server: its keys are new.
async fn again(app: &TestApp, study: &Study) -> String {
    app.member(&study.id, Role::Researcher).await
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|e| e.unwrap().path());
    entries.flat_map(|p| if p.is_dir() { all_files(&p) } else { vec![p] }).collect()
}

#[actix_web::test]
async fn every_story_acknowledged_before_a_backup_under_load_is_restored_once() {
    let app = start().await;
    if !on_sqlite(&app) {
        return;
    }
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let mut before = vec![tell(&app, &study, None).await];
    for _ in 0..20 {
        let path = study.story(Uuid::new_v4());
        app.put(&path, researcher, &story(None)).await.expect(201);
        before.push(path);
    }
    let during: Vec<String> = (0..200).map(|_| study.story(Uuid::new_v4())).collect();
    let body = story(None);
    let delivered = async {
        for some in during.chunks(10) {
            let sent = some.iter().map(|path| app.put(path, researcher, &body));
            for answer in join_all(sent).await {
                answer.expect(201);
            }
        }
    };
    let (backup, ()) = futures_util::future::join(make(&app), delivered).await;
    let manifest = Manifest::read(&backup).unwrap();
    assert!((21..=221).contains(&manifest.stories), "{}", manifest.stories);
    let verdict = backup::verify(&backup);
    assert!(verdict.wrong.is_empty(), "{:?}", verdict.wrong);

    let (config, folder) = place(&app);
    restore(&config, &backup, Options::default()).await.unwrap();
    let restored = start_with(config, folder).await;
    let token = again(&restored, &study).await;
    for path in &before {
        restored.get(path, &token).await.expect(200);
        restored.put(path, &token, &story(None)).await; // 200 or, for the one with a recording, 409: never a second one
    }
    assert_eq!(restored.stories_kept().await, manifest.stories, "each of them once");
    let mut whole = 0;
    for path in &during {
        match restored.get(path, &token).await {
            answer if answer.status == 200 => whole += i64::from(answer.text.contains("zelf de bus naar het werk")),
            answer => drop(answer.problem(404, "notFound")),
        }
    }
    assert_eq!(whole + 21, manifest.stories, "no half story");
    let attachment = &restored.get(&format!("{}/attachments", before[0]), &token).await.expect(200)["items"][0];
    let content = format!("{}/attachments/{}/content", before[0], attachment["id"].as_str().unwrap());
    assert_eq!(restored.get(&content, &token).await.text, format!("a recording for {}", before[0]));
}

#[actix_web::test]
async fn a_backup_is_for_its_owner_only_and_has_no_keys() {
    let app = start().await;
    if !on_sqlite(&app) {
        return;
    }
    let study = app.study().await;
    tell(&app, &study, None).await;
    let backup = make(&app).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files = all_files(&backup);
    assert_eq!(files.len(), 4, "{files:?}");
    for file in &files {
        assert_eq!(mode(file), 0o600, "{}", file.display());
        let mut folder = file.parent().unwrap();
        while folder.starts_with(&backup) {
            assert_eq!(mode(folder), 0o700, "{}", folder.display());
            folder = folder.parent().unwrap();
        }
    }
    let keys = fs::read_to_string(&app.state.config.secrets_file).unwrap();
    let keys: Value = serde_json::from_str(&keys).unwrap();
    let secret = keys["signing_keys"][0]["secret"].as_str().unwrap().to_owned();
    assert!(files.iter().all(|f| !String::from_utf8_lossy(&fs::read(f).unwrap()).contains(&secret)));
    let (config, to) = (app.state.config.clone(), backup.clone());
    let refused = spawn_blocking(move || backup::make(&config, &to)).await.unwrap().unwrap_err().to_string();
    assert!(refused.contains("is not empty"), "{refused}");
}

#[actix_web::test]
async fn whatever_is_damaged_in_a_backup_is_found_and_not_restored() {
    let app = start().await;
    if !on_sqlite(&app) {
        return;
    }
    let study = app.study().await;
    tell(&app, &study, None).await;
    let backup = make(&app).await;
    let (config, _folder) = place(&app);
    for file in all_files(&backup) {
        let bytes = fs::read(&file).unwrap();
        let name = file.strip_prefix(&backup).unwrap().display().to_string();
        let told = |what: &str| {
            let wrong = backup::verify(&backup).wrong;
            assert!(wrong.iter().any(|w| w.contains(&name)), "{what} {name}: {wrong:?}");
            wrong
        };
        if !bytes.is_empty() && name != MANIFEST {
            let mut flipped = bytes.clone();
            flipped[bytes.len() / 2] ^= 1;
            fs::write(&file, &flipped).unwrap();
            told("flipped byte in");
        }
        for cut in [0, bytes.len() / 2, bytes.len().saturating_sub(3)] {
            if cut < bytes.len() {
                fs::write(&file, &bytes[..cut]).unwrap();
                told("cut");
            }
        }
        fs::remove_file(&file).unwrap();
        told("missing");
        let refused = format!("{:#}", restore(&config, &backup, Options::default()).await.unwrap_err());
        assert!(refused.contains("is not a whole backup") && refused.contains(&name), "{refused}");
        fs::write(&file, &bytes).unwrap();
        assert!(backup::verify(&backup).wrong.is_empty());
    }
    fs::write(backup.join("attachments/stranger"), "x").unwrap();
    assert_eq!(backup::verify(&backup).wrong, ["attachments/stranger: is not in the manifest"]);
    // Two faults at once are both told.
    fs::write(backup.join("duiding.sqlite"), "x").unwrap();
    assert!(backup::verify(&backup).wrong.len() > 2);
    assert!(!Path::new(&config.database_url).exists(), "nothing was restored");
}

#[actix_web::test]
async fn a_participant_who_withdrew_after_the_backup_stays_withdrawn() {
    let app = start().await;
    if !on_sqlite(&app) {
        return;
    }
    let study = app.study().await;
    let (coordinator, researcher) = (study.token(Role::Coordinator), study.token(Role::Researcher));
    let (id, code) = app.participant(&study).await;
    let (_, other) = app.participant(&study).await;
    let (gone, kept) = (tell(&app, &study, Some(&code)).await, tell(&app, &study, Some(&other)).await);
    let taken_back = tell(&app, &study, Some(&other)).await;
    let wrongly_named = tell(&app, &study, Some(&code)).await;
    let backup = make(&app).await;
    let late = tell(&app, &study, Some(&code)).await;
    let correction = json!({"participant": other, "teller": other, "reason": "the code was typed wrong"});
    app.post(&format!("{wrongly_named}/corrections"), researcher, &correction).await.expect(201);
    app.post(&study.path(&format!("/participants/{id}/_withdraw")), coordinator, &json!({})).await.expect(200);
    app.post(&format!("{taken_back}/_withdraw"), researcher, &json!({"reason": "asked for it"})).await.expect(204);

    let (config, folder) = place(&app);
    let restored = restore(&config, &backup, Options::default()).await.unwrap();
    assert_eq!((restored.replayed.done, restored.replayed.known), (2, 0));
    for path in all_files(folder.path()) {
        let bytes = fs::read(&path).unwrap();
        let gone_file = format!("a recording for {gone}");
        assert!(!String::from_utf8_lossy(&bytes).contains(&gone_file), "{}", path.display());
    }
    let app = start_with(config, folder).await;
    let token = again(&app, &study).await;
    for path in [&gone, &late, &taken_back] {
        app.get(path, &token).await.problem(410, "gone");
        app.put(path, &token, &story(Some(&code))).await.problem(410, "gone");
        let listed = app.get(&format!("{path}/attachments"), &token).await.expect(200);
        assert_eq!(listed["items"], json!([]));
    }
    let person = app.get(&study.path(&format!("/participants/{id}")), &token).await.expect(200);
    assert_eq!(person["status"], "withdrawn");
    let answer = app.put(&study.story(Uuid::new_v4()), &token, &story(Some(&code))).await.expect(201);
    assert_eq!(answer["held"], json!(["withdrawnParticipant", "withdrawnTeller"]));
    app.get(&kept, &token).await.expect(200);
    // By then it was about somebody else: it is not lost, and waits for a researcher.
    app.get(&wrongly_named, &token).await.expect(200);
    let held = app.get(&study.path("/stories?status=held"), &token).await.expect(200);
    let waits = |item: &&Value| wrongly_named.ends_with(item["id"].as_str().unwrap());
    let waiting = held["items"].as_array().unwrap().iter().find(waits);
    assert_eq!(waiting.unwrap()["held"], json!(["withdrawnTeller"]), "{held}");
    let since = app.get(&study.path("/stories?changedSince=1000"), &token).await.expect(200);
    assert!(since["items"].as_array().unwrap().len() >= 4, "whoever read before the restore skips nothing");
}

#[actix_web::test]
async fn a_restore_overwrites_nothing_unless_it_is_told_to() {
    let app = start().await;
    if !on_sqlite(&app) {
        return;
    }
    let study = app.study().await;
    let path = tell(&app, &study, None).await;
    let backup = make(&app).await;
    let live = app.state.config.clone();
    let refused = restore(&live, &backup, Options::default()).await.unwrap_err().to_string();
    assert!(refused.contains("the data folder is not empty"), "{refused}");
    let replace = Options { replace: true, ..Options::default() };
    let refused = restore(&live, &backup, replace).await.unwrap_err().to_string();
    assert!(refused.contains("another duiding server"), "{refused}");
    app.post(&format!("{path}/_withdraw"), study.token(Role::Researcher), &json!({"reason": "asked for it"})).await.expect(204);

    let (config, folder) = place(&app);
    let log = fs::read(&config.erasures_file).unwrap();
    restore(&config, &backup, Options::default()).await.unwrap();
    let aside = restore(&config, &backup, replace).await.unwrap().aside;
    assert_eq!(aside.len(), 2, "database and attachments: {aside:?}");
    assert!(aside.iter().all(|p| p.exists()));
    assert_eq!(fs::read(&config.erasures_file).unwrap(), log, "the log is not overwritten");
    let app = start_with(config, folder).await;
    app.get(&path, &again(&app, &study).await).await.problem(410, "gone");
}

#[actix_web::test]
async fn without_its_erasure_log_an_installation_is_not_restored_by_accident() {
    let app = start().await;
    if !on_sqlite(&app) {
        return;
    }
    let study = app.study().await;
    let path = tell(&app, &study, None).await;
    let early = tell(&app, &study, None).await;
    app.post(&format!("{early}/_withdraw"), study.token(Role::Researcher), &json!({"reason": "asked for it"})).await.expect(204);
    let backup = make(&app).await;
    let (config, folder) = place(&app);
    fs::remove_file(&config.erasures_file).unwrap();
    let refused = restore(&config, &backup, Options::default()).await.unwrap_err().to_string();
    assert!(refused.contains("erasures.jsonl is not there"), "{refused}");
    fs::write(&config.erasures_file, "").unwrap();
    let refused = restore(&config, &backup, Options::default()).await.unwrap_err().to_string();
    assert!(refused.contains("lacks what the log in the backup has"), "{refused}");
    let options = Options { without_erasure_log: true, ..Options::default() };
    restore(&config, &backup, options).await.unwrap();
    assert_eq!(erasures::read(&config.erasures_file).unwrap().len(), 1, "what the backup knows is in the log again");
    let app = start_with(config, folder).await;
    let token = again(&app, &study).await;
    app.get(&path, &token).await.expect(200);
    app.get(&early, &token).await.problem(410, "gone");
}

#[actix_web::test]
async fn every_withdrawal_is_in_the_log_before_it_is_answered_and_can_be_done_again() {
    let app = start().await;
    let study = app.study().await;
    let (coordinator, researcher) = (study.token(Role::Coordinator), study.token(Role::Researcher));
    let (id, code) = app.participant(&study).await;
    let (story_of, single) = (tell(&app, &study, Some(&code)).await, tell(&app, &study, None).await);
    let tellers = app.get(&study.path("/tellers"), coordinator).await.expect(200);
    let teller = tellers["items"][0]["id"].as_str().unwrap().to_owned();
    let missing = study.path(&format!("/participants/{}/_withdraw", Uuid::new_v4()));
    app.post(&missing, coordinator, &json!({})).await.problem(404, "notFound");
    app.post(&format!("{single}/_withdraw"), researcher, &json!({"reason": "asked for it"})).await.expect(204);
    app.post(&study.path(&format!("/tellers/{teller}/_withdraw")), coordinator, &json!({})).await.expect(200);
    app.post(&study.path(&format!("/participants/{id}/_withdraw")), coordinator, &json!({})).await.expect(200);
    let log = erasures::read(&app.state.config.erasures_file).unwrap();
    let ids: Vec<&str> = log.iter().map(|line| line.subject.as_str()).collect();
    assert_eq!(ids, [single.rsplit('/').next().unwrap(), &teller, &id], "nothing of what was refused");
    assert_eq!(log[2].stories, [story_of.rsplit('/').next().unwrap()]);
    assert_eq!(log[2].tellers, [teller]);
    let text = fs::read_to_string(&app.state.config.erasures_file).unwrap();
    assert!(!text.contains(&code) && !text.contains("asked"), "ids only: {text}");
    // On this database they were done; under other ids, as after a restore, they are done again on either database.
    let replay = async |log: Vec<erasures::Erasure>| {
        let (db, files) = (app.state.db.clone(), app.state.files.clone());
        spawn_blocking(move || backup::replay_log(&db, &files, &log)).await.unwrap().unwrap()
    };
    assert_eq!(replay(log.clone()).await.known, 3);
    let unknown = Uuid::new_v4().to_string();
    let mut other = log[0].clone();
    (other.id, other.stories) = (Uuid::new_v4().to_string(), vec![unknown.clone()]);
    let mut elsewhere = other.clone();
    (elsewhere.id, elsewhere.project) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
    let mut person = log[2].clone();
    person.id = Uuid::new_v4().to_string();
    let counts = replay(vec![other.clone(), elsewhere, person]).await;
    assert_eq!((counts.done, counts.elsewhere), (2, 1));
    assert_eq!(replay(vec![other]).await.known, 1, "the second time it is known");
    app.put(&study.story(unknown), researcher, &story(None)).await.problem(410, "gone");
}

#[actix_web::test]
async fn a_withdrawal_that_cannot_be_logged_is_not_done() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = app.participant(&study).await;
    let path = tell(&app, &study, Some(&code)).await;
    let log = app.state.config.erasures_file.clone();
    fs::remove_file(&log).unwrap();
    fs::create_dir(&log).unwrap();
    let withdraw = study.path(&format!("/participants/{id}/_withdraw"));
    let answer = app.post(&withdraw, study.token(Role::Coordinator), &json!({})).await;
    answer.problem(503, "unavailable");
    app.get(&path, study.token(Role::Researcher)).await.expect(200);
    fs::remove_dir(&log).unwrap();
    app.post(&withdraw, study.token(Role::Coordinator), &json!({})).await.expect(200);
    app.get(&path, study.token(Role::Researcher)).await.problem(410, "gone");
}

#[actix_web::test]
async fn postgresql_is_told_which_way_to_go() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    config.database_url = "postgres://duiding@localhost/duiding".to_owned();
    let to = folder.path().join("backup");
    let refused = backup::make(&config, &to).unwrap_err().to_string();
    assert!(refused.contains("pg_dump") && refused.contains("README"), "{refused}");
    let refused = backup::restore(&config, &to, Options::default()).unwrap_err().to_string();
    assert!(refused.contains("pg_restore"), "{refused}");
    assert!(!to.exists());
}
