//! From template to draft to published framework, which never changes again.

use duiding::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

async fn template(app: &TestApp, study: &Study) -> Value {
    app.get("/v1/framework-templates/reference", study.token(Role::Researcher)).await.expect(200)
}

/// A study whose version 1 is published and whose version 2 is a draft of the same.
async fn with_draft(app: &TestApp) -> (Study, Value) {
    let study = app.study().await;
    let document = template(app, &study).await;
    let made = app.post(&study.path("/frameworks"), study.token(Role::Researcher), &document).await;
    assert_eq!(made.header("location"), study.path("/frameworks/2"));
    made.expect(201);
    (study, document)
}

async fn known(app: &TestApp, path: &str, token: &str, etag: &str) -> Answer {
    Answer::of(app.request(Method::GET, path, token).header("if-none-match", etag).send().await.unwrap()).await
}

#[actix_web::test]
async fn a_template_is_complete_in_its_languages_and_can_be_published() {
    let app = start().await;
    let study = app.study().await;
    let list = app.get("/v1/framework-templates", study.token(Role::Workgroup)).await.expect(200);
    assert_eq!((&list["items"][0]["key"], &list["items"][0]["languages"]), (&json!("reference"), &json!(["nl", "en"])));
    app.get("/v1/framework-templates/other", study.token(Role::Workgroup)).await.problem(404, "notFound");
    let published = app.get(&study.path("/frameworks/1"), study.token(Role::Workgroup)).await.expect(200);
    assert_eq!(published["document"], template(&app, &study).await, "as it was handed in");
    assert_eq!(published["details"]["state"], "published");
}

#[actix_web::test]
async fn a_draft_is_edited_checked_and_published_and_then_never_changes() {
    let app = start().await;
    let (study, mut document) = with_draft(&app).await;
    let researcher = study.token(Role::Researcher);
    let path = study.path("/frameworks/2");
    document["title"]["nl"] = json!("Anders");
    let edited = app.put(&path, researcher, &document).await.expect(200);
    assert_eq!((&edited["document"], &edited["details"]["state"]), (&document, &json!("draft")));
    let report = app.get(&format!("{path}/lint"), researcher).await.expect(200);
    assert_eq!(report, json!({"publishable": true, "findings": []}));
    let published = app.post(&format!("{path}/_publish"), researcher, &json!({})).await.expect(200);
    assert_eq!(published["details"]["state"], "published");
    assert!(published["details"]["publishedAt"].is_string());

    app.put(&path, researcher, &document).await.problem(409, "published");
    app.delete(&path, researcher).await.problem(409, "published");
    app.post(&format!("{path}/_publish"), researcher, &json!({})).await.problem(409, "published");
    assert_eq!(app.get(&path, researcher).await.expect(200), published);
    let next = app.post(&study.path("/frameworks"), researcher, &document).await.expect(201);
    assert_eq!(next["details"]["version"], 3);
}

#[actix_web::test]
async fn whoever_says_which_draft_they_know_writes_over_nobody() {
    let app = start().await;
    let (study, mut document) = with_draft(&app).await;
    let researcher = study.token(Role::Researcher);
    let path = study.path("/frameworks/2");
    let send = async |method: Method, path: &str, tag: &str, body: &Value| {
        Answer::of(app.request(method, path, researcher).header("if-match", tag).json(body).send().await.unwrap()).await
    };
    let begun = app.get(&path, researcher).await.header("etag");
    document["title"]["nl"] = json!("Van Ada");
    let mine = send(Method::PUT, &path, &begun, &document).await;
    let tag = mine.header("etag");
    mine.expect(200);
    let again = send(Method::PUT, &path, &begun, &document).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (200, tag.clone()), "its answer was lost, and it is sent again");
    document["title"]["nl"] = json!("Van Bob");
    send(Method::PUT, &path, &begun, &document).await.problem(412, "changedMeanwhile");
    send(Method::DELETE, &path, &begun, &json!({})).await.problem(412, "changedMeanwhile");
    send(Method::POST, &format!("{path}/_publish"), &begun, &json!({})).await.problem(412, "changedMeanwhile");
    let there = app.get(&path, researcher).await.expect(200);
    assert_eq!((&there["document"]["title"]["nl"], &there["details"]["state"]), (&json!("Van Ada"), &json!("draft")));
    send(Method::PUT, &path, &tag, &document).await.expect(200);
    let tag = app.get(&path, researcher).await.header("etag");
    send(Method::POST, &format!("{path}/_publish"), &tag, &json!({})).await.expect(200);
    send(Method::PUT, &study.path("/frameworks/9"), &tag, &document).await.problem(404, "notFound");
}

#[actix_web::test]
async fn there_is_one_draft_at_a_time() {
    let app = start().await;
    let (study, document) = with_draft(&app).await;
    let researcher = study.token(Role::Researcher);
    app.post(&study.path("/frameworks"), researcher, &document).await.problem(409, "draftExists");
    app.delete(&study.path("/frameworks/2"), researcher).await.expect(204);
    app.get(&study.path("/frameworks/2"), researcher).await.problem(404, "notFound");
    let path = study.path("/frameworks");
    let two = (0..2).map(|_| app.post(&path, researcher, &document));
    let mut statuses: Vec<u16> = futures_util::future::join_all(two).await.iter().map(|a| a.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[actix_web::test]
async fn drafts_are_for_researchers() {
    let app = start().await;
    let (study, _) = with_draft(&app).await;
    let device = app.device(&study).await;
    let others = Role::ALL.into_iter().filter(|r| *r != Role::Researcher).map(|r| study.token(r));
    for other in others.chain([device.as_str()]) {
        let list = app.get(&study.path("/frameworks"), other).await.expect(200);
        let versions: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|f| &f["version"]).collect();
        assert_eq!(versions, [&json!(1)]);
        app.get(&study.path("/frameworks/1"), other).await.expect(200);
        app.get(&study.path("/frameworks/2"), other).await.problem(404, "notFound");
        app.get(&study.path("/frameworks/2/lint"), other).await.problem(403, "forbidden");
    }
    let list = app.get(&study.path("/frameworks"), study.token(Role::Researcher)).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_wrong_document_names_all_its_errors_at_once() {
    let app = start().await;
    let (study, mut document) = with_draft(&app).await;
    document["signifiers"][0]["anchors"].as_array_mut().unwrap().pop();
    document["signifiers"][1]["kind"] = json!("slider");
    document["signifiers"][3]["axes"] = Value::Null;
    document["attributes"][1]["key"] = json!("wave");
    document["title"]["fr"] = json!("Titre");
    document["defaultLanguage"] = json!("de");
    document["surprise"] = json!(1);
    document["planned"][0]["signifier"] = json!("nowhere");
    let researcher = study.token(Role::Researcher);
    let created = app.post(&study.path("/frameworks"), researcher, &document).await;
    let replaced = app.put(&study.path("/frameworks/2"), researcher, &document).await;
    assert_eq!(created.text, replaced.text, "wherever it is handed in");
    let expected = [
        "$.attributes[1].key duplicateKey",
        "$.defaultLanguage unknownReference",
        "$.planned[0].signifier unknownReference",
        "$.signifiers[0].anchors wrongCount",
        "$.signifiers[1].kind unknownOption",
        "$.signifiers[3].axes required",
        "$.surprise unknownMember",
        "$.title.fr unknownLanguage",
    ];
    assert_eq!(created.errors(), expected, "and a wrong default language does not hide the others");
}

#[actix_web::test]
async fn a_language_that_is_not_complete_cannot_be_published() {
    let app = start().await;
    let (study, mut document) = with_draft(&app).await;
    let researcher = study.token(Role::Researcher);
    let path = study.path("/frameworks/2");
    document["signifiers"][0]["anchors"][0]["label"].as_object_mut().unwrap().remove("en");
    document["prompts"][0]["text"]["en"] = json!(" ");
    app.put(&path, researcher, &document).await.expect(200);
    let report = app.get(&format!("{path}/lint"), researcher).await.expect(200);
    assert_eq!(report["publishable"], false);
    let refused = app.post(&format!("{path}/_publish"), researcher, &json!({})).await;
    let expected = ["$.prompts[0].text languageIncomplete", "$.signifiers[0].anchors[0].label languageIncomplete"];
    assert_eq!(refused.errors(), expected);
    let draft = app.get(&path, researcher).await.expect(200);
    assert_eq!(draft["details"]["state"], "draft");
}

#[actix_web::test]
async fn what_a_draft_should_think_about_does_not_keep_it_from_being_published() {
    let app = start().await;
    let (study, mut document) = with_draft(&app).await;
    let researcher = study.token(Role::Researcher);
    let path = study.path("/frameworks/2");
    document["signifiers"][0]["anchors"][0]["label"]["nl"] = json!("een hoek met veel te veel woorden om te lezen");
    app.put(&path, researcher, &document).await.expect(200);
    let report = app.get(&format!("{path}/lint"), researcher).await.expect(200);
    assert_eq!(report["publishable"], true);
    let found = &report["findings"][0];
    assert_eq!((&found["code"], &found["severity"]), (&json!("anchorTooLong"), &json!("warning")));
    assert_eq!(found["path"], "$.signifiers[0].anchors[0].label");
    app.post(&format!("{path}/_publish"), researcher, &json!({})).await.expect(200);
}

#[actix_web::test]
async fn a_device_that_has_a_published_version_is_told_so() {
    let app = start().await;
    let (study, _) = with_draft(&app).await;
    let device = app.device(&study).await;
    let path = study.path("/frameworks/1");
    let first = app.get(&path, &device).await;
    let (etag, caching) = (first.header("etag"), first.header("cache-control"));
    assert_eq!((first.status.as_u16(), caching.as_str()), (200, "private, no-cache"));
    // Proxies that compress make an ETag weak; a client may name several.
    for tag in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
        let again = known(&app, &path, &device, &tag).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{tag}");
        assert_eq!((again.header("etag"), again.header("cache-control")), (etag.clone(), caching.clone()));
    }
    assert_eq!(known(&app, &path, &device, "\"other\"").await.status, 200);
    let draft = study.path("/frameworks/2");
    let etag = app.get(&draft, study.token(Role::Researcher)).await.header("etag");
    assert_eq!(known(&app, &draft, study.token(Role::Researcher), &etag).await.status, 200, "a draft may change");
}

#[actix_web::test]
async fn stories_refer_to_published_versions_only() {
    let app = start().await;
    let (study, _) = with_draft(&app).await;
    let device = app.device(&study).await;
    let mut body = story(None);
    for version in [2, 7] {
        body["frameworkVersion"] = json!(version);
        let refused = app.put(&study.story(Uuid::new_v4()), &device, &body).await;
        assert_eq!(refused.errors(), ["$.frameworkVersion unknownFrameworkVersion"]);
    }
    app.post(&study.path("/frameworks/2/_publish"), study.token(Role::Researcher), &json!({})).await.expect(200);
    body["frameworkVersion"] = json!(2);
    app.put(&study.story(Uuid::new_v4()), &device, &body).await.expect(201);
    body["frameworkVersion"] = json!(1);
    app.put(&study.story(Uuid::new_v4()), &device, &body).await.expect(201);
}
