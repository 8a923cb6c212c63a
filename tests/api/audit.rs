//! The audit trail: who did what, for the owner, page by page, without saying more than the owner may know.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use duiding::db::DbError;
use duiding::domain::role::Role;
use serde_json::{Value, json};

use crate::helpers::{Study, TestApp, start};

/// All events, newest first. They are sealed before, so that none changes afterwards: the server seals by itself every second.
async fn trail(app: &TestApp, study: &Study) -> Vec<Value> {
    duiding::upkeep::seal_all(&app.state.db).await.unwrap();
    let list = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    assert_eq!(list["next"], Value::Null);
    list["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn the_owner_reads_who_did_what() {
    let app = start().await;
    let study = app.study().await;
    let researcher = app.get("/v1/me", study.token(Role::Researcher)).await.expect(200)["id"].clone();
    app.device(&study).await;
    let events = trail(&app, &study).await;
    let actions: BTreeSet<&str> = events.iter().map(|e| e["action"].as_str().unwrap()).collect();
    let expected = [
        "device.create",
        "enrolment.create",
        "framework.create",
        "framework.publish",
        "project.create",
        "wave.create",
        "wave.update",
    ];
    assert_eq!(actions.into_iter().collect::<Vec<_>>(), expected);
    let published = events.iter().find(|e| e["action"] == "framework.publish").unwrap();
    assert_eq!((&published["actorKind"], &published["actorId"]), (&json!("user"), &researcher));
    assert_eq!((&published["subject"], &published["result"]), (&json!("1"), &json!("done")));
    let times: Vec<&str> = events.iter().map(|e| e["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| instant(a) >= instant(b)), "newest first: {times:?}");
}

fn instant(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap()
}

#[actix_web::test]
async fn the_trail_is_read_page_by_page_without_gap_or_repetition() {
    let app = start().await;
    let study = app.study().await;
    let all = trail(&app, &study).await;
    assert!(all.len() > 5);
    let mut paged = Vec::new();
    let mut path = study.path("/audit-events?limit=2");
    loop {
        let page = app.get(&path, study.token(Role::Owner)).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!((1..=2).contains(&items.len()));
        paged.extend(items.iter().cloned());
        let Some(next) = page["next"].as_str() else { break };
        path = study.path(&format!("/audit-events?limit=2&cursor={next}"));
    }
    assert_eq!(paged, all);
}

#[actix_web::test]
async fn a_wrong_page_is_refused_by_name() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let projects = app.get("/v1/projects?limit=1", owner).await.expect(200);
    assert_eq!(projects["next"], Value::Null);
    for (query, error) in [
        ("limit=0", "query.limit outOfRange"),
        ("limit=501", "query.limit outOfRange"),
        ("cursor=x", "query.cursor wrongFormat"),
        // A time of the year 262144 before Christ, as chrono writes it.
        ("cursor=WyItMjYyMTQzLTAxLTAxVDAwOjAwOjAwIiwiYSJd", "query.cursor wrongFormat"),
        ("from=-262143-01-01T00:00:00Z", "query.from invalidQuery"),
        ("until=%2B262142-12-31T23:59:59Z", "query.until invalidQuery"),
        ("cursor=ImEi", "query.cursor wrongFormat"),
    ] {
        assert_eq!(app.get(&study.path(&format!("/audit-events?{query}")), owner).await.errors(), [error], "{query}");
    }
    for query in ["limit=-1", "limit=many", "page=2"] {
        let answer = app.get(&study.path(&format!("/audit-events?{query}")), owner).await;
        assert_eq!(answer.problem(400, "invalidInput")["errors"][0]["code"], "invalidQuery", "{query}");
    }
}

#[actix_web::test]
async fn a_reading_of_raw_stories_leaves_a_trace() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let id = uuid::Uuid::new_v4();
    app.put(&study.story(id), &app.device(&study).await, &crate::helpers::story(None)).await.expect(201);
    app.get(&study.story(id), researcher).await.expect(200);
    app.get(&format!("{}/versions", study.story(id)), researcher).await.expect(200);
    let reads = trail(&app, &study).await.into_iter().filter(|e| e["action"] == "story.readRaw");
    let subjects: Vec<Value> = reads.map(|e| e["subject"].clone()).collect();
    assert_eq!(subjects, [json!(id), json!(id)]);
}

#[actix_web::test]
async fn the_trail_does_not_tell_the_owner_who_refused() {
    let app = start().await;
    let study = app.study().await;
    let coordinator = study.token(Role::Coordinator);
    let (id, code) = app.participant(&study).await;
    for state in ["declined", "missed", "withdrawn"] {
        let path = study.path(&format!("/participants/{id}/participations/1"));
        app.put(&path, coordinator, &json!({"state": state})).await.expect(200);
    }
    let events = trail(&app, &study).await;
    assert!(events.iter().any(|e| e["action"] == "participation.update" && e["actorKind"] == "user"));
    for event in events {
        let text = event.to_string();
        for secret in ["declined", "missed", "withdrawn", &code] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[actix_web::test]
async fn the_trail_of_one_study_is_not_in_another() {
    let app = start().await;
    let (first, second) = (app.study().await, app.study().await);
    let ids = |events: Vec<Value>| events.iter().map(|e| e["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
    let (of_first, of_second) = (ids(trail(&app, &first).await), ids(trail(&app, &second).await));
    assert!(of_first.is_disjoint(&of_second));
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Owner) {
        app.get(&first.path("/audit-events"), first.token(role)).await.problem(403, "forbidden");
    }
}

fn query(study: &Study, query: &str) -> String {
    study.path(&format!("/audit-events?limit=500&{query}"))
}

#[actix_web::test]
async fn the_owner_asks_for_a_part_of_the_trail() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let all = trail(&app, &study).await;
    let count = async |part: &str| app.get(&query(&study, part), owner).await.expect(200)["items"].as_array().unwrap().len();
    let of = |action: &str| all.iter().filter(|e| e["action"].as_str().unwrap().starts_with(action)).count();
    assert!(of("wave.") > of("wave.create") && of("wave.create") > 0);
    assert_eq!(count("action=wave.create").await, of("wave.create"));
    assert_eq!(count("action=wave.").await, of("wave."));
    assert_eq!(count("action=wave").await, 0, "half a word is no kind");
    assert_eq!(count("result=refused").await, 0);
    let actor = all[0]["actorId"].as_str().unwrap();
    assert_eq!(count(&format!("actorId={actor}")).await, all.iter().filter(|e| e["actorId"] == actor).count());
    assert_eq!(count("subject=1&action=framework.publish").await, 1);
    let last = all[0]["at"].as_str().unwrap();
    assert_eq!(
        count(&format!("until={last}")).await,
        all.iter().filter(|e| instant(e["at"].as_str().unwrap()) < instant(last)).count()
    );
    assert_eq!(
        count(&format!("from={last}")).await,
        all.iter().filter(|e| instant(e["at"].as_str().unwrap()) >= instant(last)).count()
    );
    let wrong = app.get(&query(&study, &format!("action=&from={last}&until={last}")), owner).await;
    assert_eq!(wrong.errors(), ["query.action wrongFormat", "query.until outOfRange"]);
    let long = "x".repeat(101);
    let wrong = app.get(&query(&study, &format!("action={long}&actorId={long}&subject={long}")), owner).await;
    assert_eq!(wrong.errors(), ["query.action wrongFormat", "query.actorId wrongFormat"], "as long as the document says");
}

#[actix_web::test]
async fn who_tries_what_the_role_may_not_is_in_the_trail() {
    let app = start().await;
    let study = app.study().await;
    let id = uuid::Uuid::new_v4();
    app.get(&study.story(id), study.token(Role::Owner)).await.problem(403, "forbidden");
    app.get(&study.story(id), &app.device(&study).await).await.problem(403, "forbidden");
    let refused = app.get(&query(&study, "result=refused"), study.token(Role::Owner)).await.expect(200);
    let seen: Vec<(Value, Value, Value)> = refused["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["actorKind"].clone(), e["origin"].clone(), e["detail"].clone()))
        .collect();
    let tried = json!("GET /v1/projects/{projectId}/stories/{storyId}");
    assert_eq!(seen, [(json!("device"), Value::Null, tried.clone()), (json!("user"), json!("local"), tried)]);
    assert!(!refused.to_string().contains(&id.to_string()), "which story it would have been is not kept");
}

#[actix_web::test]
async fn everybody_sees_the_logins_of_their_own_account_and_the_failed_ones() {
    let app = start().await;
    let (id, mine) = app.user("mine@example.org").await;
    let (_, other) = app.user("other@example.org").await;
    let login = |password: &'static str| json!({"email": "mine@example.org", "password": password});
    app.post("/v1/sessions", "", &login("this is not the password")).await.problem(401, "unauthorised");
    app.post("/v1/sessions", "", &login(crate::helpers::PASSWORD)).await.expect(201);
    let events = app.get("/v1/me/audit-events", &mine).await.expect(200);
    let seen: Vec<(Value, Value, Value)> = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["action"].clone(), e["result"].clone(), e["origin"].clone()))
        .collect();
    let login = |result: &str| (json!("session.create"), json!(result), json!("local"));
    assert_eq!(seen, [login("done"), login("refused")]);
    assert!(!events.to_string().contains("127.0.0.1"));
    assert_eq!(events["items"][1]["subject"], json!(id));
    assert_eq!(app.get("/v1/me/audit-events", &other).await.expect(200)["items"], json!([]));
}

/// The lines of the exported trail, each checked against the one before by other code than ours.
async fn exported(app: &TestApp, study: &Study) -> Vec<Value> {
    let file = app.get(&study.path("/exports/audit-events"), study.token(Role::Owner)).await;
    assert_eq!(file.header("content-type"), "application/jsonl");
    let lines: Vec<Value> = file.text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let mut previous = String::new();
    for (i, line) in lines.iter().enumerate() {
        assert_eq!((&line["sequence"], &line["previous"]), (&json!(i + 1), &json!(previous)), "{line}");
        let mut event = line.clone();
        let hash = event.as_object_mut().unwrap().remove("hash").unwrap();
        let text = serde_json_canonicalizer::to_string(&event).unwrap();
        previous = duiding::domain::canonical::sha256_hex(text);
        assert_eq!(hash, json!(previous));
    }
    lines
}

#[actix_web::test]
async fn the_trail_leaves_as_a_chain_that_anybody_can_check() {
    let app = start().await;
    let study = app.study().await;
    app.device(&study).await;
    let lines = exported(&app, &study).await;
    assert_eq!(lines.last().unwrap()["action"], "export.auditEvents", "the export is in it");
    assert_eq!(exported(&app, &study).await.len(), lines.len() + 1);
    assert_eq!(exported(&app, &study).await[..lines.len()], lines, "what was exported stays as it was");
    let table = app.get(&study.path("/exports/audit-events?format=csv"), study.token(Role::Owner)).await;
    assert_eq!(table.text.lines().count(), lines.len() + 4);
    assert!(table.text.starts_with("sequence,id,project,at,actorKind,"));
    app.get(&study.path("/exports/audit-events"), study.token(Role::Researcher)).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn the_chain_is_whole_and_has_what_was_noted() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let first = app.get(&study.path("/audit-chain"), owner).await.expect(200);
    assert_eq!((&first["whole"], &first["found"], &first["faults"]), (&json!(true), &json!(0), &json!([])));
    assert!(first["sequence"].as_i64().unwrap() > 5);
    app.device(&study).await;
    let (sequence, hash) = (&first["sequence"], first["hash"].as_str().unwrap());
    let noted = study.path(&format!("/audit-chain?sequence={sequence}&hash={hash}"));
    let later = app.get(&noted, owner).await.expect(200);
    assert_eq!(later["whole"], json!(true));
    assert!(later["sequence"].as_i64() > sequence.as_i64());
    let other = app.get(&study.path(&format!("/audit-chain?sequence=1&hash={hash}")), owner).await.expect(200);
    assert_eq!(other["faults"], json!([{"sequence": 1, "id": null, "kind": "noted"}]));
    assert_eq!(app.get(&study.path("/audit-chain?sequence=1"), owner).await.errors(), ["query.hash required"]);
}

/// SQL that somebody with the database in hand would try.
async fn by_hand(app: &TestApp, sql: &str) -> Result<(), String> {
    let sql = sql.to_owned();
    let work = move |conn: &mut duiding::db::Conn| Ok(conn.batch_execute(&sql)?);
    app.state.db.run::<_, DbError>(work).await.map_err(|e| e.to_string())
}

#[actix_web::test]
async fn the_database_refuses_to_change_or_remove_events_sealed_or_not() {
    let app = start().await;
    let study = app.study().await;
    for sealed in [false, true] {
        if sealed {
            exported(&app, &study).await;
        }
        for sql in [
            "DELETE FROM audit_events",
            "UPDATE audit_events SET detail = 'nothing'",
            "UPDATE audit_events SET sequence = 99, previous = '', hash = 'x', at = '2020-01-01 00:00:00'",
            "UPDATE audit_events SET sequence = NULL",
        ] {
            let refusal = by_hand(&app, sql).await.unwrap_err();
            assert!(refusal.contains("audit events are never"), "{sql}: {refusal}");
        }
    }
}

/// Takes the guard away, as the owner of the database can.
async fn without_guard(app: &TestApp, sql: &str) {
    let drop = match app.state.db.kind() {
        duiding::db::Kind::Sqlite => ["DROP TRIGGER audit_events_same", "DROP TRIGGER audit_events_stay"],
        duiding::db::Kind::Postgres => {
            ["DROP TRIGGER audit_events_same ON audit_events", "DROP TRIGGER audit_events_stay ON audit_events"]
        }
    };
    for sql in [drop[0], drop[1], sql] {
        by_hand(app, sql).await.unwrap();
    }
}

#[actix_web::test]
async fn what_was_changed_or_removed_by_hand_shows() {
    for (sql, kinds) in [
        ("UPDATE audit_events SET detail = 'nothing' WHERE sequence = 3 AND project_id IS NOT NULL", vec![(3, "changed")]),
        (
            "UPDATE audit_events SET project_id = NULL, sequence = 999 WHERE sequence = 3 AND project_id IS NOT NULL",
            vec![(4, "missing")],
        ),
        ("DELETE FROM audit_events WHERE sequence = 3 AND project_id IS NOT NULL", vec![(4, "missing")]),
        ("DELETE FROM audit_events WHERE sequence = 1 AND project_id IS NOT NULL", vec![(2, "missing")]),
    ] {
        let app = start().await;
        let study = app.study().await;
        exported(&app, &study).await;
        without_guard(&app, sql).await;
        let check = app.get(&study.path("/audit-chain"), study.token(Role::Owner)).await.expect(200);
        let found: Vec<(i64, String)> = check["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| (f["sequence"].as_i64().unwrap(), f["kind"].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(found.iter().map(|(n, k)| (*n, k.as_str())).collect::<Vec<_>>(), kinds, "{sql}");
        assert_eq!(check["whole"], json!(false));
    }
}

#[actix_web::test]
async fn a_trail_that_was_cut_at_its_end_shows() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let noted = app.get(&study.path("/audit-chain"), owner).await.expect(200);
    let (last, hash) = (noted["sequence"].as_i64().unwrap(), noted["hash"].as_str().unwrap());
    without_guard(&app, &format!("DELETE FROM audit_events WHERE sequence = {last} AND project_id IS NOT NULL")).await;
    let check = app.get(&study.path("/audit-chain"), owner).await.expect(200);
    assert_eq!(check["faults"], json!([{"sequence": last, "id": null, "kind": "end"}]));
    // Whoever also makes the end of the chain fit is found by what was noted elsewhere.
    let fit = format!(
        "UPDATE audit_chains SET sequence = {0}, hash = (SELECT hash FROM audit_events WHERE sequence = {0} AND project_id IS NOT NULL)
         WHERE chain <> ''",
        last - 1
    );
    by_hand(&app, &fit).await.unwrap();
    assert_eq!(app.get(&study.path("/audit-chain"), owner).await.expect(200)["whole"], json!(true));
    let check = app.get(&study.path(&format!("/audit-chain?sequence={last}&hash={hash}")), owner).await.expect(200);
    assert_eq!(check["faults"], json!([{"sequence": last, "id": null, "kind": "noted"}]));
}

#[actix_web::test]
async fn events_of_many_hands_at_once_get_one_place_each() {
    let app = start().await;
    let (first, second) = (app.study().await, app.study().await);
    let wave = |i: i32| json!({"key": format!("w{i}"), "ordinal": 10 + i, "label": {"en": format!("Wave {i}")}});
    let write = async |study: &Study, i: i32| {
        app.post(&study.path("/waves"), study.token(Role::Researcher), &wave(i)).await.expect(201);
    };
    let seal = async || duiding::upkeep::seal_all(&app.state.db).await.unwrap();
    let hands = (0..8).map(|i| {
        let (write, seal, first, second) = (&write, &seal, &first, &second);
        async move {
            tokio::join!(write(first, i), seal(), write(second, i), seal());
        }
    });
    futures_util::future::join_all(hands).await;
    for study in [&first, &second] {
        let waves = exported(&app, study).await.into_iter().filter(|e| e["action"] == "wave.create");
        assert!(waves.count() >= 8);
    }
}
