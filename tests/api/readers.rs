//! Who sees what of a story: researchers all of it, others what was released, and only as far as it points at nobody.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use duiding::domain::framework::{Framework, REFERENCE};
use duiding::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, start, story};
use crate::telling::{id_of, ids, redact, release, tell, titled, walk, withdraw};

#[actix_web::test]
async fn a_researcher_reads_everything_and_an_external_one_pseudonyms_of_what_was_released() {
    let app = start().await;
    let study = app.study().await;
    let (participant, code) = app.participant(&study).await;
    let told = tell(&app, &study, &story(Some(&code))).await;
    let raw = app.get(&told, study.token(Role::Researcher)).await.expect(200);
    assert_eq!(raw["body"]["participant"], code);
    let external = study.token(Role::ExternalResearcher);
    app.get(&told, external).await.problem(404, "notFound");
    assert_eq!(app.get(&study.path("/stories"), external).await.expect(200)["items"], json!([]));
    release(&app, &study, &told, 1).await;
    let answer = app.get(&told, external).await;
    let list = app.get(&study.path("/stories"), external).await;
    for text in [&answer.text, &list.text] {
        assert!(!text.contains(&code) && !text.contains("facilitator"), "{text}");
    }
    let read = answer.expect(200);
    assert_eq!(read["participantId"], participant, "the same pseudonym over all stories");
    assert_eq!(read["body"], Value::Null);
    assert_eq!(read["placements"], raw["placements"]);
    let details = &read["details"];
    assert_eq!((&details["wave"], &details["perspective"]), (&json!("1"), &json!("candidate")));
    for hidden in ["status", "version", "releasedVersion", "held", "receivedAt"] {
        assert_eq!(details[hidden], Value::Null, "{hidden}");
    }
}

#[actix_web::test]
async fn the_workgroup_reads_what_was_released_and_permitted_and_nothing_about_who_told_it() {
    let app = start().await;
    let study = app.study().await;
    let (_, code) = app.participant(&study).await;
    let workgroup = study.token(Role::Workgroup);
    let open = tell(&app, &study, &story(Some(&code))).await;
    let mut body = story(Some(&code));
    body["permissions"] = json!({"quote": true, "workgroup": false});
    let private = tell(&app, &study, &body).await;
    let unreleased = tell(&app, &study, &story(Some(&code))).await;
    release(&app, &study, &open, 1).await;
    release(&app, &study, &private, 1).await;
    let list = app.get(&study.path("/stories"), workgroup).await.expect(200);
    assert_eq!(ids(&list), [id_of(&open)]);
    let item = json!({
        "id": id_of(&open), "status": null, "change": null, "title": "", "language": "nl", "wave": null, "perspective": null,
        "frameworkVersion": null, "version": null, "releasedVersion": null, "held": null, "receivedAt": null
    });
    assert_eq!(list["items"][0], item);
    let read = app.get(&open, workgroup).await.expect(200);
    let mut details = item;
    details["title"] = json!("De bus");
    let expected = json!({
        "details": details, "text": story(None)["text"], "placements": {}, "participantId": null, "body": null, "translations": []
    });
    assert_eq!(read, expected);
    for hidden in [private, unreleased] {
        app.get(&hidden, workgroup).await.problem(404, "notFound");
    }
}

#[actix_web::test]
async fn others_read_no_stories_at_all() {
    let app = start().await;
    let study = app.study().await;
    let told = tell(&app, &study, &story(None)).await;
    release(&app, &study, &told, 1).await;
    let device = app.device(&study).await;
    let none = [Role::Owner, Role::Coordinator, Role::Facilitator].map(|r| study.token(r));
    for token in none.into_iter().chain([device.as_str()]) {
        for path in [&study.path("/stories"), &told, &format!("{told}/versions")] {
            app.get(path, token).await.problem(403, "forbidden");
        }
    }
    let stranger = app.study().await;
    for role in Role::ALL {
        app.get(&told, stranger.token(role)).await.problem(404, "notFound");
        app.get(&study.path("/stories"), stranger.token(role)).await.problem(404, "notFound");
    }
    for role in [Role::ExternalResearcher, Role::Workgroup] {
        app.get(&format!("{told}/versions"), study.token(role)).await.problem(403, "forbidden");
    }
}

/// An answer to every question that this perspective is asked.
fn every_answer(framework: &Framework, perspective: &str) -> (Value, Value) {
    let (mut placements, mut background) = (json!({}), json!({}));
    for signifier in framework.signifiers.iter().filter(|s| s.is_asked_of(perspective)) {
        let value = match signifier.kind.name() {
            "triad" => json!({"shares": [0.5, 0.25, 0.25]}),
            "dyad" => json!({"position": 0.5}),
            "stones" => json!({"stones": [{"key": signifier.stones[0].key, "x": 0.5, "y": 0.5}]}),
            "scale" => json!({"point": signifier.points[0].key}),
            _ => json!({"options": [signifier.options[0].key]}),
        };
        let part = if signifier.background { &mut background } else { &mut placements };
        part[&signifier.key] = json!({"state": "answered", "value": value, "inputMethod": "keyboard"});
    }
    (placements, background)
}

#[actix_web::test]
async fn the_workgroup_sees_one_answer_never_a_sensitive_one_and_none_that_tells_the_perspective() {
    let app = start().await;
    let study = app.study().await;
    let framework: Framework = serde_json::from_str(REFERENCE).unwrap();
    for perspective in ["candidate", "job-coach"] {
        let (placements, background) = every_answer(&framework, perspective);
        let mut body = story(None);
        (body["perspective"], body["placements"], body["background"]) = (json!(perspective), placements, background);
        let told = tell(&app, &study, &body).await;
        release(&app, &study, &told, 1).await;
        for signifier in &framework.signifiers {
            let path = format!("{told}?signifier={}", signifier.key);
            let read = app.get(&path, study.token(Role::Workgroup)).await.expect(200);
            let open = !signifier.sensitive && !signifier.background && signifier.asked_of.is_none();
            let mut expected = json!({});
            if open {
                let mut placement = body["placements"][&signifier.key].clone();
                placement.as_object_mut().unwrap().remove("inputMethod");
                expected[&signifier.key] = placement;
            }
            assert_eq!(read["placements"], expected, "{perspective} from {}", signifier.key);
        }
        let read = app.get(&format!("{told}?signifier=unheard-of"), study.token(Role::Workgroup)).await.expect(200);
        assert_eq!(read["placements"], json!({}));
    }
}

#[actix_web::test]
async fn a_redacted_story_shows_readers_the_released_version_only() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let told = tell(&app, &study, &titled("Original")).await;
    let translate = |version: i64, title: &str| {
        let body = json!({"version": version, "title": title, "text": format!("{title}.")});
        let path = format!("{told}/translations/en");
        let app = &app;
        async move { drop(app.put(&path, researcher, &body).await.expect(204)) }
    };
    translate(1, "Translated original").await;
    assert_eq!(redact(&app, &study, &told, "Second", "Second text.").await, 2);
    translate(2, "Translated second").await;
    release(&app, &study, &told, 2).await;
    assert_eq!(redact(&app, &study, &told, "Third", "Third text.").await, 3);
    translate(3, "Translated third").await;
    for role in [Role::Workgroup, Role::ExternalResearcher] {
        let list = app.get(&study.path("/stories"), study.token(role)).await;
        let detail = app.get(&told, study.token(role)).await;
        for unseen in ["riginal", "hird"] {
            assert!(!list.text.contains(unseen) && !detail.text.contains(unseen), "{role:?}: {} {}", list.text, detail.text);
        }
        let read = detail.expect(200);
        assert_eq!((&read["details"]["title"], &read["text"]), (&json!("Second"), &json!("Second text.")));
        assert_eq!(read["translations"].as_array().unwrap().len(), 1);
        assert_eq!(read["translations"][0]["title"], "Translated second");
    }
    release(&app, &study, &told, 3).await;
    let read = app.get(&told, study.token(Role::Workgroup)).await.expect(200);
    assert_eq!((&read["text"], &read["translations"][0]["title"]), (&json!("Third text."), &json!("Translated third")));
    app.delete(&format!("{told}/release"), researcher).await.expect(204);
    app.get(&told, study.token(Role::Workgroup)).await.problem(404, "notFound");
    assert_eq!(app.get(&told, researcher).await.expect(200)["text"], "Third text.");
}

#[actix_web::test]
async fn of_two_researchers_the_one_who_did_not_see_the_redaction_brings_no_name_back() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let told = tell(&app, &study, &titled("Fatima met Karim")).await;
    // Both look at the first version; one takes a name out and releases what is left.
    assert_eq!(redact(&app, &study, &told, "Noor met Karim", "Noor met Karim.").await, 2);
    release(&app, &study, &told, 2).await;
    // The other still has the first one on the screen.
    let first = json!({"version": 1});
    app.put(&format!("{told}/release"), researcher, &first).await.problem(409, "changedMeanwhile");
    let other = json!({"version": 1, "title": "Fatima met Sam", "text": "Fatima met Sam.", "reason": "it named somebody"});
    app.post(&format!("{told}/redactions"), researcher, &other).await.problem(409, "changedMeanwhile");
    let newest = app.get(&told, researcher).await.expect(200);
    assert_eq!((&newest["details"]["version"], &newest["text"]), (&json!(2), &json!("Noor met Karim.")));
    for role in [Role::Workgroup, Role::ExternalResearcher] {
        assert_eq!(app.get(&told, study.token(role)).await.expect(200)["text"], "Noor met Karim.");
    }
}

#[actix_web::test]
async fn what_may_not_be_read_looks_like_what_is_not_there() {
    let app = start().await;
    let study = app.study().await;
    let unreleased = tell(&app, &study, &story(None)).await;
    let held = tell(&app, &study, &story(Some("NOBO-DY00"))).await;
    let (gone, private) = (tell(&app, &study, &story(None)).await, {
        let mut body = story(None);
        body["permissions"] = json!({});
        tell(&app, &study, &body).await
    });
    release(&app, &study, &private, 1).await;
    release(&app, &study, &gone, 1).await;
    withdraw(&app, &study, &gone).await;
    let nowhere = study.story(Uuid::new_v4());
    let workgroup = study.token(Role::Workgroup);
    for question in ["", "?signifier=tone", "/versions", "/attachments", "/translations/en"] {
        let ask = async |path: &str| app.get(&format!("{path}{question}"), workgroup).await;
        let reference = ask(&nowhere).await;
        for path in [&unreleased, &held, &gone, &private] {
            let answer = ask(path).await;
            assert_eq!((answer.status, &answer.text), (reference.status, &reference.text), "{question}");
            let names = |a: &Answer| a.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(names(&answer), names(&reference));
        }
    }
    for path in [&unreleased, &held, &gone] {
        app.get(path, study.token(Role::ExternalResearcher)).await.problem(404, "notFound");
    }
}

#[actix_web::test]
async fn the_workgroup_cannot_tell_when_a_story_came_in_or_was_released() {
    let app = start().await;
    let study = app.study().await;
    let (workgroup, list) = (study.token(Role::Workgroup), study.path("/stories"));
    let mut told = Vec::new();
    for i in 0..7 {
        told.push(tell(&app, &study, &titled(&format!("Story {i}"))).await);
    }
    for path in told.iter().rev() {
        release(&app, &study, path, 1).await;
    }
    let mut in_order: Vec<&str> = told.iter().map(|p| id_of(p)).collect();
    in_order.sort_unstable();
    let items = walk(&app, &list, workgroup, 2).await;
    let seen: Vec<&str> = items.iter().map(|i| i["id"].as_str().unwrap()).collect();
    assert_eq!(seen, in_order, "by the random id, every story once");
    let page = app.get(&format!("{list}?limit=2"), workgroup).await;
    let cursor = page.json()["next"].as_str().unwrap().to_owned();
    let cursor: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).unwrap()).unwrap();
    assert_eq!(cursor, in_order[1], "a cursor says nothing but where the page ended");
    for question in ["changedSince=0", "changedSince=5", "wave=1", "perspective=candidate", "released=true", "status=active"] {
        let errors = app.get(&format!("{list}?{question}"), workgroup).await.errors();
        assert_eq!(errors, [format!("query.{} notForThisRole", question.split('=').next().unwrap())]);
    }
    let foreign = app.get(&format!("{list}?limit=1"), study.token(Role::Researcher)).await.expect(200);
    let answer = app.get(&format!("{list}?cursor={}", foreign["next"].as_str().unwrap()), workgroup).await;
    assert_eq!(answer.errors(), ["query.cursor wrongFormat"]);
}

#[actix_web::test]
async fn the_etag_of_the_workgroup_tells_of_nothing_but_the_page() {
    let app = start().await;
    let study = app.study().await;
    let (researcher, workgroup, list) = (study.token(Role::Researcher), study.token(Role::Workgroup), study.path("/stories"));
    let open = tell(&app, &study, &story(None)).await;
    release(&app, &study, &open, 1).await;
    let etag = app.get(&list, workgroup).await.header("etag");
    let other = tell(&app, &study, &story(None)).await;
    redact(&app, &study, &open, "A", "A.").await;
    let translation = json!({"version": 1, "title": "A", "text": "A."});
    app.put(&format!("{open}/translations/en"), researcher, &translation).await.expect(204);
    withdraw(&app, &study, &other).await;
    let request = app.request(Method::GET, &list, workgroup).header("if-none-match", &etag);
    let again = Answer::of(request.send().await.unwrap()).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (304, etag.clone()), "nothing that the workgroup may know");
    let third = tell(&app, &study, &story(None)).await;
    release(&app, &study, &third, 1).await;
    assert_ne!(app.get(&list, workgroup).await.header("etag"), etag);
}
