//! Studies go in and out as files, and nothing is lost on the way.

use duiding::domain::role::Role;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

async fn export(app: &TestApp, study: &Study, role: Role, query: &str) -> Answer {
    app.get(&study.path(&format!("/exports/stories{query}")), study.token(role)).await
}

async fn import(app: &TestApp, study: &Study, csv: impl Into<Vec<u8>>) -> Answer {
    app.send_raw(Method::POST, &study.path("/imports/stories"), study.token(Role::Researcher), "text/csv", csv).await
}

#[actix_web::test]
async fn a_table_that_goes_out_and_into_another_project_comes_out_the_same() {
    let app = start().await;
    let (one, two) = (app.study().await, app.study().await);
    for i in 0..5 {
        let (_, code) = app.participant(&one).await;
        let mut body = story(Some(&code));
        body["title"] = json!(["=SUM(1)", "'s Avonds", "a \"quoted\", title", "عنوان", ""][i]);
        body["text"] = json!("first line\nsecond line;\tend");
        body["placements"]["competence"]["value"]["shares"] = json!([0.1 + i as f64 / 10.0, 0.3, 0.6 - i as f64 / 10.0]);
        app.put(&one.story(Uuid::new_v4()), one.token(Role::Researcher), &body).await.expect(201);
    }
    let first = export(&app, &one, Role::Researcher, "").await;
    assert_eq!(first.header("content-disposition"), "attachment; filename=\"stories.csv\"");
    assert!(first.text.contains("'=SUM(1)"), "a formula is defused");
    let report = import(&app, &two, first.text.clone()).await.expect(200);
    assert_eq!((&report["stories"], &report["added"], &report["participantsMade"]), (&json!(5), &json!(5), &json!(5)));
    assert_eq!(export(&app, &two, Role::Researcher, "").await.text, first.text);
    let again = import(&app, &two, first.text).await.expect(200);
    assert_eq!((&again["added"], &again["unchanged"]), (&json!(0), &json!(5)), "importing twice is safe");
}

#[actix_web::test]
async fn a_wrong_table_names_every_row_and_column_and_nothing_of_it_is_kept() {
    let app = start().await;
    let study = app.study().await;
    let csv = format!(
        "story_id,wave,participant,perspective,confidence,tone\n{},1,A,candidate,0.5,4\nno-id,1,B,candidate,1.5,9\n{},1,C,nobody,x,1\n",
        Uuid::new_v4(),
        Uuid::new_v4()
    );
    let errors = import(&app, &study, csv).await.errors();
    let expected =
        ["$.rows[3].confidence", "$.rows[3].story_id", "$.rows[3].tone", "$.rows[4].confidence", "$.rows[4].perspective"];
    let places: Vec<&str> = errors.iter().map(|e| e.split(' ').next().unwrap()).collect();
    assert_eq!(places, expected, "{errors:?}");
    assert_eq!(app.stories_kept().await, 0);
    let participants = app.get(&study.path("/participants"), study.token(Role::Coordinator)).await.expect(200);
    assert_eq!(participants["items"], json!([]), "no participant is left behind either");
}

#[actix_web::test]
async fn tables_that_are_no_tables_are_refused_with_a_reason() {
    let app = start().await;
    let study = app.study().await;
    let wide = format!("story_id{}\n", ",x".repeat(100_000));
    let broken: [(&str, Vec<u8>); 6] = [
        ("nothing", Vec::new()),
        ("another delimiter", b"story_id|wave|participant|perspective\n1|1|1|1\n".to_vec()),
        ("ragged", b"story_id,wave,participant,perspective\n1,2\n".to_vec()),
        ("100,000 columns", wide.into_bytes()),
        ("not UTF-8", b"story_id,wave,participant,perspective\n\xff\xfe,1,1,1\n".to_vec()),
        ("a column twice", b"story_id,story_id,wave,participant,perspective\n".to_vec()),
    ];
    for (what, csv) in broken {
        let answer = import(&app, &study, csv).await;
        assert!(!answer.errors().is_empty(), "{what}");
    }
    let path = study.path("/imports/stories");
    let answer = app.send_raw(Method::POST, &path, study.token(Role::Researcher), "application/json", "{}").await;
    answer.problem(415, "unsupportedMediaType");
    assert_eq!(app.stories_kept().await, 0);
}

#[actix_web::test]
async fn an_external_researcher_takes_out_released_stories_without_codes() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let (_, code) = app.participant(&study).await;
    let (released, kept_back) = (Uuid::new_v4(), Uuid::new_v4());
    for id in [released, kept_back] {
        app.put(&study.story(id), researcher, &story(Some(&code))).await.expect(201);
    }
    let redaction = json!({"version": 1, "title": "R", "text": "Redacted.", "reason": "recognisable"});
    app.post(&format!("{}/redactions", study.story(released)), researcher, &redaction).await.expect(201);
    app.put(&format!("{}/release", study.story(released)), researcher, &json!({"version": 2})).await.expect(204);
    let table = export(&app, &study, Role::ExternalResearcher, "").await.text;
    assert!(table.contains(&released.to_string()) && table.contains("Redacted."));
    for hidden in [kept_back.to_string(), code.clone(), "Ik nam voor het eerst".to_owned()] {
        assert!(!table.contains(&hidden), "{hidden} must not leave");
    }
    export(&app, &study, Role::ExternalResearcher, "?format=jsonl").await.problem(403, "forbidden");
    let lines = export(&app, &study, Role::Researcher, "?format=jsonl").await.text;
    let stories: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let versions: Vec<usize> = stories.iter().map(|s| s["versions"].as_array().unwrap().len()).collect();
    assert_eq!(versions.iter().sum::<usize>(), 3, "complete: every version of every story");
}

#[actix_web::test]
async fn the_manifest_tells_a_whole_file_from_a_cut_one() {
    let app = start().await;
    let study = app.study().await;
    app.put(&study.story(Uuid::new_v4()), study.token(Role::Researcher), &story(None)).await.expect(201);
    let manifest = app.get(&study.path("/exports/datapackage"), study.token(Role::Researcher)).await.expect(200);
    let table = export(&app, &study, Role::Researcher, "").await.text;
    let book = app.get(&study.path("/exports/codebook"), study.token(Role::Researcher)).await.text;
    for (name, text) in [("stories", &table), ("codebook", &book)] {
        let resource = manifest["resources"].as_array().unwrap().iter().find(|r| r["name"] == name).unwrap();
        assert_eq!(resource["hash"], format!("sha256:{}", duiding::domain::canonical::sha256_hex(text)), "{name}");
    }
    assert_eq!(book.lines().count(), table.lines().next().unwrap().split(',').count() + 1, "a row for every column");
}

#[actix_web::test]
async fn a_sensemaker_export_becomes_a_framework_and_stories() {
    let app = start().await;
    let (_, owner) = app.user("owner@example.org").await;
    let project = app.post("/v1/projects", &owner, &json!({"title": "Import"})).await.expect(201);
    let id = project["id"].as_str().unwrap();
    let researcher = app.member(id, Role::Researcher).await;
    let text = "0b7c1d0a-0000-4000-8000-000000000001";
    let slider = "0b7c1d0a-0000-4000-8000-000000000002";
    let (left, right) = ("0b7c1d0a-0000-4000-8000-000000000003", "0b7c1d0a-0000-4000-8000-000000000004");
    let definition = json!({"id": ["p"], "name": ["Small"], "language": ["en"], "signifiers": [
        {"id": text, "type": "freetext", "order": 1, "title": "<b>Tell</b> a story", "fragment": true, "content": {}},
        {"id": slider, "type": "dyad", "order": 2, "title": "People were", "allow_na": true,
         "content": {"labels": [{"id": left, "text": "too close"}, {"id": right, "text": "too far"}]}}
    ]});
    let story_id = Uuid::new_v4();
    let data = format!(
        "\u{feff}id,project_id,language,{text},{slider}_percentX,{slider}_{left},{slider}_{right},{slider}_NA\n\
         {story_id},p,en,\"A story, told\",0.25,,,\n{},p,en,Another,,,,1\n",
        Uuid::new_v4()
    );
    let form = || {
        Form::new()
            .part("definition", Part::text(definition.to_string()).file_name("d.json"))
            .part("data", Part::text(data.clone()).file_name("d.csv"))
    };
    let path = format!("/v1/projects/{id}/imports/sensemaker");
    let sent = app.request(Method::POST, &path, &researcher).multipart(form()).send().await.unwrap();
    let report = Answer::of(sent).await.expect(200);
    assert_eq!((&report["stories"], &report["added"]), (&json!(2), &json!(2)));
    assert_eq!((&report["placements"][0]["answered"], &report["placements"][0]["notApplicable"]), (&json!(1), &json!(1)));
    let key = report["placements"][0]["signifier"].as_str().unwrap();
    let read = app.get(&format!("/v1/projects/{id}/stories/{story_id}"), &researcher).await.expect(200);
    assert_eq!((&read["text"], &read["placements"][key]["value"]["position"]), (&json!("A story, told"), &json!(0.25)));
    let sent = app.request(Method::POST, &path, &researcher).multipart(Form::new().text("other", "x")).send().await.unwrap();
    assert_eq!(Answer::of(sent).await.errors(), ["$.data required", "$.definition required", "$.other unknownMember"]);
}
