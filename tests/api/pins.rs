//! Findings that are kept: as they were, without stories, for those who may see their numbers, and asked again later.

use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start};
use crate::operations;
use crate::patterns::{PEOPLE, ask, told, told_with};

/// The link between daring and tone, as the findings of this role have it now.
async fn link(app: &TestApp, study: &Study, role: Role) -> Value {
    let answer = ask(app, study, role, "/findings/_search?limit=200").await;
    let is_link = |f: &&Value| f["kind"] == "association" && f["signifiers"] == json!(["confidence", "tone"]);
    answer["findings"].as_array().unwrap().iter().find(is_link).unwrap_or_else(|| panic!("{answer:#}")).clone()
}

async fn keep(app: &TestApp, study: &Study, role: Role, finding: &Value) -> Answer {
    let body = json!({"lens": {}, "findingId": finding["id"], "note": "To be talked about in June"});
    app.post(&study.path("/pins"), study.token(role), &body).await
}

async fn again(app: &TestApp, study: &Study, role: Role, pin: &str) -> Value {
    app.post(&format!("{pin}/_recompute"), study.token(role), &json!({})).await.expect(200)
}

async fn listed(app: &TestApp, study: &Study, role: Role) -> Value {
    app.get(&study.path("/pins"), study.token(role)).await.expect(200)["items"].clone()
}

/// A finding without its stories.
fn bare(finding: &Value) -> Value {
    let mut finding = finding.clone();
    (finding["typical"], finding["contradicting"]) = (json!([]), json!([]));
    finding
}

#[actix_web::test]
async fn a_finding_is_kept_as_it_was_and_asked_again() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let stories = told(&app, &study).await;
    let found = link(&app, &study, Role::Researcher).await;
    assert!(stories.iter().any(|id| found.to_string().contains(&id.to_string())));
    let answer = keep(&app, &study, Role::Researcher, &found).await;
    let pin = answer.header("location");
    let made = answer.expect(201);
    assert_eq!(pin, study.path(&format!("/pins/{}", made["id"].as_str().unwrap())));
    assert_eq!((&made["finding"], &made["note"]), (&bare(&found), &json!("To be talked about in June")));
    assert_eq!((&made["audience"], &made["lens"]["waves"]), (&json!("researcher"), &json!([])));
    assert!(stories.iter().all(|id| !made.to_string().contains(&id.to_string())), "nobody needs to be taken out of it");
    assert_eq!(app.get(&pin, researcher).await.expect(200), made);
    assert_eq!(listed(&app, &study, Role::Researcher).await, json!([made]));

    let same = again(&app, &study, Role::Researcher, &pin).await;
    assert_eq!((&same["then"], &same["now"], &same["stillThere"]), (&made["finding"], &found, &json!(true)));
    assert_eq!(same["change"], made["change"]);
    // As many people for whom it is the other way round: by now it could be chance, and is said so with its numbers.
    told_with(&app, &study, |tone| 1.0 - tone).await;
    let other = again(&app, &study, Role::Researcher, &pin).await;
    assert_eq!((&other["then"], &other["stillThere"]), (&made["finding"], &json!(false)));
    assert_eq!((&other["now"]["n"], &other["now"]["evidence"]), (&json!(2 * PEOPLE), &json!("could-be-chance")));
    assert_ne!(other["now"]["id"], made["finding"]["id"]);
    assert!(other["change"].as_i64() > made["change"].as_i64());
    assert_eq!(app.get(&pin, researcher).await.expect(200), made, "to ask again changes nothing");

    app.delete(&pin, study.token(Role::ExternalResearcher)).await.problem(403, "forbidden");
    app.delete(&pin, researcher).await.expect(204);
    app.get(&pin, researcher).await.problem(404, "notFound");
    app.delete(&pin, researcher).await.problem(404, "notFound");
    let events = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    let count = |action: &str| events["items"].as_array().unwrap().iter().filter(|e| e["action"] == action).count();
    assert_eq!((count("pin.create"), count("pin.delete")), (1, 1));
}

#[actix_web::test]
async fn what_was_kept_is_read_by_those_who_may_see_its_numbers() {
    let app = start().await;
    let study = app.study().await;
    told(&app, &study).await;
    let workgroup = study.token(Role::Workgroup);
    let of_researcher = link(&app, &study, Role::Researcher).await;
    let theirs = keep(&app, &study, Role::Researcher, &of_researcher).await.header("location");
    for role in [Role::Workgroup, Role::ExternalResearcher] {
        app.get(&theirs, study.token(role)).await.problem(404, "notFound");
        app.post(&format!("{theirs}/_recompute"), study.token(role), &json!({})).await.problem(404, "notFound");
        assert_eq!(listed(&app, &study, role).await, json!([]));
    }
    app.delete(&theirs, workgroup).await.problem(404, "notFound");

    let of_workgroup = link(&app, &study, Role::Workgroup).await;
    let answer = keep(&app, &study, Role::Workgroup, &of_workgroup).await;
    let ours = answer.header("location");
    let made = answer.expect(201);
    assert_eq!((&made["audience"], &made["finding"]), (&json!("workgroup"), &bare(&of_workgroup)));
    for role in [Role::Workgroup, Role::ExternalResearcher, Role::Researcher] {
        assert_eq!(app.get(&ours, study.token(role)).await.expect(200), made, "{role:?}");
    }
    assert_eq!(listed(&app, &study, Role::Workgroup).await, json!([made]));
    assert_eq!(listed(&app, &study, Role::ExternalResearcher).await, json!([made]));
    assert_eq!(listed(&app, &study, Role::Researcher).await.as_array().unwrap().len(), 2);

    // What it is now depends on who asks: nothing was released, so an external researcher counts nobody.
    let now = again(&app, &study, Role::Workgroup, &ours).await;
    assert_eq!((&now["now"], &now["stillThere"]), (&of_workgroup, &json!(true)));
    assert_eq!(again(&app, &study, Role::Researcher, &ours).await["now"], of_researcher);
    let now = again(&app, &study, Role::ExternalResearcher, &ours).await;
    assert_eq!((&now["now"], &now["stillThere"]), (&Value::Null, &json!(false)));

    let first = app.get(&study.path("/pins?limit=1"), study.token(Role::Researcher)).await.expect(200);
    let rest = format!("/pins?limit=1&cursor={}", first["next"].as_str().unwrap());
    let rest = app.get(&study.path(&rest), study.token(Role::Researcher)).await.expect(200);
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    assert_ne!(first["items"], rest["items"]);

    let other = app.study().await;
    let elsewhere = ours.replace(&study.id, &other.id);
    for role in [Role::Researcher, Role::Workgroup] {
        app.get(&elsewhere, other.token(role)).await.problem(404, "notFound");
        app.post(&format!("{elsewhere}/_recompute"), other.token(role), &json!({})).await.problem(404, "notFound");
        app.delete(&elsewhere, other.token(role)).await.problem(404, "notFound");
        app.get(&ours, other.token(role)).await.problem(404, "notFound");
    }
    app.delete(&ours, workgroup).await.expect(204);
}

#[actix_web::test]
async fn a_pin_names_everything_that_does_not_fit() {
    let app = start().await;
    let study = app.study().await;
    let (pins, researcher) = (study.path("/pins"), study.token(Role::Researcher));
    let wrong = json!({"lens": {"waves": 1}, "note": "n".repeat(2001), "colour": "red"});
    let errors = app.post(&pins, researcher, &wrong).await.errors();
    assert_eq!(errors, ["$.colour unknownMember", "$.findingId required", "$.lens.waves wrongType", "$.note tooLong"]);
    let wrong = json!({"lens": {"waves": ["9"], "attributes": {"shoe-size": ["44"]}}, "findingId": "0"});
    let errors = app.post(&pins, researcher, &wrong).await.errors();
    assert_eq!(errors, ["$.lens.attributes['shoe-size'] unknownAttribute", "$.lens.waves[0] unknownOption"]);
    let unknown = json!({"lens": {}, "findingId": "0123456789abcdef"});
    assert_eq!(app.post(&pins, researcher, &unknown).await.errors(), ["$.findingId unknownReference"]);
    assert_eq!(listed(&app, &study, Role::Researcher).await, json!([]), "nothing was kept");
    app.get(&study.path(&format!("/pins/{}", Uuid::new_v4())), researcher).await.problem(404, "notFound");
    let outdated = operations::pin(&app, &study, json!({"waves": ["9"]})).await;
    let path = study.path(&format!("/pins/{outdated}/_recompute"));
    app.post(&path, researcher, &json!({})).await.problem(409, "lensOutdated");
}
