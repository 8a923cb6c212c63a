//! The rights of those whom data are about: find, export, restrict.

use duiding::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, start, story};

/// A participant with an own story and one that a coach told; answers id, code and the paths of both stories.
async fn told_about(app: &TestApp, study: &Study) -> (String, String, String, String) {
    let (id, code) = app.participant(study).await;
    let (own, other) = (study.story(Uuid::new_v4()), study.story(Uuid::new_v4()));
    app.put(&own, study.token(Role::Researcher), &story(Some(&code))).await.expect(201);
    let mut coach = story(None);
    coach["participant"] = json!(code);
    coach["perspective"] = json!("job-coach");
    coach["title"] = json!("What the coach saw");
    coach["placements"] = json!({"confidence": {"state": "answered", "value": {"position": 0.2}}});
    app.put(&other, study.token(Role::Researcher), &coach).await.expect(201);
    (id, code, own, other)
}

#[actix_web::test]
async fn a_code_finds_what_there_is_of_a_person() {
    let app = start().await;
    let study = app.study().await;
    let (id, code, ..) = told_about(&app, &study).await;
    let coordinator = study.token(Role::Coordinator);
    let search = study.path("/subjects/_search");
    let found = app.post(&search, coordinator, &json!({"code": code.to_lowercase()})).await.expect(200);
    assert_eq!((&found["participant"]["id"], &found["participant"]["stories"]), (&json!(id), &json!(2)));
    assert_eq!(found["participant"]["tellers"][0]["perspective"], "candidate");
    assert_eq!((&found["teller"]["perspective"], &found["teller"]["stories"]), (&json!("candidate"), &json!(1)));
    assert!(!found.to_string().contains("bus"), "a coordinator reads no stories");
    let nobody = app.post(&search, coordinator, &json!({"code": "ZZZZ-ZZZZ"})).await.expect(200);
    assert_eq!(nobody, json!({"participant": null, "teller": null}));
    app.post(&search, study.token(Role::Researcher), &json!({"code": code})).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn a_person_gets_what_is_kept_in_two_parts() {
    let app = start().await;
    let study = app.study().await;
    let (id, code, ..) = told_about(&app, &study).await;
    let path = study.path(&format!("/participants/{id}/subject-data"));
    let contact = study.path(&format!("/participants/{id}/contact"));
    app.put(&contact, study.token(Role::Coordinator), &json!({"telephone": "06 12345678"})).await.expect(204);
    let person = app.get(&path, study.token(Role::Coordinator)).await.expect(200);
    assert_eq!(person["person"]["contact"]["telephone"], "06 12345678");
    assert_eq!((&person["person"]["code"], &person["stories"]), (&json!(code), &Value::Null));
    assert_eq!(person["person"]["participations"][0]["state"], "completed");
    assert_eq!(person["attributes"].as_object().unwrap().len(), 1);
    let stories = app.get(&path, study.token(Role::Researcher)).await.expect(200);
    assert_eq!(stories["person"], Value::Null);
    assert!(!stories.to_string().contains(&code), "a researcher's part does not say who it is");
    let by: Vec<(&Value, bool)> =
        stories["stories"].as_array().unwrap().iter().map(|s| (&s["toldBy"], s["versions"].is_array())).collect();
    assert_eq!(by, [(&json!("self"), true), (&json!("another"), false)]);
    let own = &stories["stories"][0];
    assert_eq!(own["versions"][0]["title"], "De bus");
    let answers = own["answers"].to_string();
    assert!(answers.contains("60 %") && answers.contains("55 op een lijn van 0"), "{answers}");
    assert!(own["permissions"].as_array().unwrap().iter().any(|p| p["answer"] == "ja"));
    assert!(!stories.to_string().contains("What the coach saw"));
    let all = app.get(&format!("{path}?others=true&language=en"), study.token(Role::Researcher)).await.expect(200);
    assert!(all.to_string().contains("What the coach saw"));
    for role in [Role::Owner, Role::Workgroup, Role::ExternalResearcher, Role::Facilitator] {
        app.get(&path, study.token(role)).await.problem(403, "forbidden");
    }
    assert_eq!(
        app.get(&format!("{path}?language=%3C"), study.token(Role::Researcher)).await.errors(),
        ["query.language wrongFormat"]
    );
}

#[actix_web::test]
async fn the_page_is_text_and_nothing_in_it_runs() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = app.participant(&study).await;
    let mut body = story(Some(&code));
    body["text"] = json!("<script>alert(1)</script> & \"so\"");
    app.put(&study.story(Uuid::new_v4()), study.token(Role::Researcher), &body).await.expect(201);
    let path = study.path(&format!("/participants/{id}/subject-data?format=html"));
    let page = app.get(&path, study.token(Role::Researcher)).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-disposition").starts_with("attachment"));
    assert!(page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp;"), "{}", page.text);
    assert!(!page.text.contains("<script"));
    assert!(page.text.contains("Wat over u wordt bewaard"));
}

#[actix_web::test]
async fn a_teller_gets_what_was_told_and_not_about_whom() {
    let app = start().await;
    let study = app.study().await;
    let (_, code) = app.participant(&study).await;
    let coordinator = study.token(Role::Coordinator);
    let made = app.post(&study.path("/tellers"), coordinator, &json!({"perspective": "job-coach"})).await.expect(201);
    let (teller, coach) = (&made[0]["teller"]["id"], made[0]["teller"]["code"].as_str().unwrap());
    let mut body = story(Some(&code));
    (body["teller"], body["perspective"], body["placements"]) = (json!(coach), json!("job-coach"), json!({}));
    app.put(&study.story(Uuid::new_v4()), study.token(Role::Researcher), &body).await.expect(201);
    let path = study.path(&format!("/tellers/{}/subject-data", teller.as_str().unwrap()));
    let stories = app.get(&path, study.token(Role::Researcher)).await.expect(200);
    assert_eq!(stories["stories"][0]["versions"][0]["title"], "De bus");
    assert!(!stories.to_string().contains(&code));
    assert_eq!(app.get(&path, coordinator).await.expect(200)["person"]["code"], coach);
}

#[actix_web::test]
async fn what_is_restricted_is_kept_and_not_used() {
    let app = start().await;
    let study = app.study().await;
    let (id, code, own, other) = told_about(&app, &study).await;
    let (coordinator, researcher) = (study.token(Role::Coordinator), study.token(Role::Researcher));
    let lens = json!({"waves": ["1"]});
    let counted = async || app.post(&study.path("/summaries/_search"), researcher, &lens).await.expect(200)["stories"].clone();
    assert_eq!(counted().await, json!(2));
    let path = study.path(&format!("/participants/{id}/restriction"));
    app.put(&path, coordinator, &json!({"reason": "accuracy is contested"})).await.expect(204);
    assert_eq!(counted().await, json!(0));
    for story in [&own, &other] {
        app.get(story, researcher).await.problem(409, "restricted");
        app.get(&format!("{story}/versions"), researcher).await.problem(409, "restricted");
        app.post(&format!("{story}/_accept"), researcher, &json!({"reason": "because"})).await.problem(409, "restricted");
        app.post(&format!("{story}/redactions"), researcher, &json!({"version": 1, "text": "x", "reason": "because"}))
            .await
            .problem(409, "restricted");
        app.put(&format!("{story}/release"), researcher, &json!({"version": 1})).await.problem(404, "notFound");
    }
    let list = app.get(&study.path("/stories?status=held"), researcher).await.expect(200);
    assert!(!list.to_string().contains("De bus") && list.to_string().contains("restrictedParticipant"), "{list}");
    let table = app.get(&study.path("/exports/stories"), researcher).await;
    assert_eq!(table.text.lines().count(), 1, "nothing leaves: {}", table.text);
    let late = app.put(&study.story(Uuid::new_v4()), researcher, &story(Some(&code))).await.expect(201);
    assert_eq!(late["held"], json!(["restrictedParticipant"]));
    // The person still gets what is kept.
    let data = app.get(&study.path(&format!("/participants/{id}/subject-data")), researcher).await.expect(200);
    assert_eq!(data["stories"].as_array().unwrap().len(), 3);
    app.delete(&path, coordinator).await.expect(204);
    assert_eq!(counted().await, json!(3));
    assert_eq!(app.get(&own, researcher).await.expect(200)["details"]["title"], "De bus");
    app.put(&path, researcher, &json!({"reason": "because"})).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn a_story_that_is_held_for_another_reason_too_stays_held() {
    let app = start().await;
    let study = app.study().await;
    let (_, code) = app.participant(&study).await;
    let coordinator = study.token(Role::Coordinator);
    let found = app.post(&study.path("/subjects/_search"), coordinator, &json!({"code": code})).await.expect(200);
    let restriction = study.path(&format!("/tellers/{}/restriction", found["teller"]["id"].as_str().unwrap()));
    let (path, mut body) = (study.story(Uuid::new_v4()), story(Some(&code)));
    body["wave"] = json!("2");
    app.put(&path, study.token(Role::Researcher), &body).await.expect(201);
    let held = async || {
        app.get(&study.path("/stories?status=held"), study.token(Role::Researcher)).await.expect(200)["items"][0]["held"].clone()
    };
    assert_eq!(held().await, json!(["waveNotOpen"]));
    app.put(&restriction, coordinator, &json!({"reason": "an objection"})).await.expect(204);
    assert_eq!(held().await, json!(["waveNotOpen", "restrictedTeller"]));
    app.delete(&restriction, coordinator).await.expect(204);
    assert_eq!(held().await, json!(["waveNotOpen"]));
}

#[actix_web::test]
async fn a_withdrawal_takes_attributes_and_links_along() {
    let app = start().await;
    let study = app.study().await;
    let (id, code, ..) = told_about(&app, &study).await;
    let coordinator = study.token(Role::Coordinator);
    app.post(&study.path(&format!("/participants/{id}/_withdraw")), coordinator, &json!({})).await.expect(200);
    let found = app.post(&study.path("/subjects/_search"), coordinator, &json!({"code": code})).await.expect(200);
    let person = &found["participant"];
    assert_eq!((&person["status"], &person["stories"], &person["tellers"]), (&json!("withdrawn"), &json!(0), &json!([])));
    let data = app.get(&study.path(&format!("/participants/{id}/subject-data")), coordinator).await.expect(200);
    assert_eq!(data["attributes"], json!({}));
}

#[actix_web::test]
async fn a_code_that_an_import_brought_is_found_as_it_is_written() {
    let app = start().await;
    let study = app.study().await;
    let table = "story_id,wave,participant,perspective,language,confidence\n\
                 6f9e2a54-8a9b-4f0e-9d7e-3a1a0c5b7d10,1,p-007,candidate,nl,0.35\n";
    let imported =
        app.send_raw(Method::POST, &study.path("/imports/stories"), study.token(Role::Researcher), "text/csv", table).await;
    imported.expect(200);
    let search = study.path("/subjects/_search");
    let found = app.post(&search, study.token(Role::Coordinator), &json!({"code": " p-007 "})).await.expect(200);
    assert_eq!(found["participant"]["stories"], 1, "{found}");
}

#[actix_web::test]
async fn a_story_that_comes_in_while_somebody_is_restricted_is_held_too() {
    let app = start().await;
    let study = app.study().await;
    let (id, code) = app.participant(&study).await;
    let body = story(Some(&code));
    let deliver = async || {
        let path = study.story(Uuid::new_v4());
        app.put(&path, study.token(Role::Researcher), &body).await.expect(201);
    };
    let restrict = async || {
        let path = study.path(&format!("/participants/{id}/restriction"));
        app.put(&path, study.token(Role::Coordinator), &json!({"reason": "an objection"})).await.expect(204);
    };
    let before = futures_util::future::join_all((0..8).map(|_| deliver()));
    let after = futures_util::future::join_all((0..8).map(|_| deliver()));
    tokio::join!(before, restrict(), after);
    let stories = app.get(&study.path("/stories?limit=50"), study.token(Role::Researcher)).await.expect(200);
    let states: Vec<&Value> = stories["items"].as_array().unwrap().iter().map(|s| &s["status"]).collect();
    assert_eq!((states.len(), states.iter().all(|s| **s == json!("held"))), (16, true), "{states:?}");
}
