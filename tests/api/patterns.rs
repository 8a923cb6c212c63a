//! What stands out: a planted link is found, said in plain words and shown with the stories against it; a workgroup sees
//! no more of it than protection permits.

use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, start, story};

/// How many people tell.
pub const PEOPLE: usize = 70;

/// Stories in which who dares more is also happier, except for every tenth, and people of the second trajectory dare more.
pub async fn told(app: &TestApp, study: &Study) -> Vec<Uuid> {
    told_with(app, study, |tone| tone).await
}

/// The same stories of as many new people, with another tone.
pub async fn told_with(app: &TestApp, study: &Study, other: impl Fn(f64) -> f64) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for i in 0..PEOPLE {
        let (id, code) = app.participant(study).await;
        if i % 2 == 0 {
            let change = json!({"attributes": {"trajectory": "work-learning"}});
            app.patch(&study.path(&format!("/participants/{id}")), study.token(Role::Coordinator), &change).await.expect(200);
        }
        let daring = (i * 37 % PEOPLE) as f64 / PEOPLE as f64 * 0.7 + if i % 2 == 0 { 0.3 } else { 0.0 };
        let tone = other(if i % 10 == 3 { 1.0 - daring } else { daring });
        let mut body = story(Some(&code));
        body["placements"]["confidence"]["value"]["position"] = json!(daring);
        body["placements"]["tone"]["value"]["point"] = json!((1 + (tone * 4.99) as u32).to_string());
        // Dots that move along with daring, so that groups and links of dots are looked at too.
        let share = 0.9 * daring;
        let shares = json!({"state": "answered", "value": {"shares": [share, 0.9 - share, 0.1]}});
        body["placements"]["fitting-work"] = shares;
        let id = Uuid::new_v4();
        app.put(&study.story(id), study.token(Role::Researcher), &body).await.expect(201);
        ids.push(id);
    }
    ids
}

/// Asks about all stories.
pub async fn ask(app: &TestApp, study: &Study, role: Role, path: &str) -> Value {
    app.post(&study.path(path), study.token(role), &json!({})).await.expect(200)
}

#[actix_web::test]
async fn a_planted_link_is_found_with_the_stories_against_it() {
    let app = start().await;
    let study = app.study().await;
    told(&app, &study).await;
    let answer = ask(&app, &study, Role::Researcher, "/findings/_search?limit=200").await;
    let findings = answer["findings"].as_array().unwrap();
    let link = |f: &&Value| f["kind"] == "association" && f["signifiers"] == json!(["confidence", "tone"]);
    let link = findings.iter().find(link).unwrap_or_else(|| panic!("{findings:#?}"));
    assert_eq!((&link["evidence"], &link["n"]), (&json!("clear"), &json!(PEOPLE)));
    assert!(link["effect"]["low"].as_f64().unwrap() > 0.3, "{link:#}");
    let against = link["plot"]["contradicting"].as_u64().unwrap();
    assert!((3..=12).contains(&against), "{against}");
    assert!(link["contradicting"].as_array().unwrap().len() >= 3);
    let sentence = link["sentence"]["nl"].as_str().unwrap();
    assert!(sentence.contains(&format!("{against} van de {PEOPLE} verhalen passen hier niet bij")), "{sentence}");
    let group = findings.iter().find(|f| f["kind"] == "contrast" && f["signifiers"] == json!(["confidence", "trajectory"]));
    assert_eq!(group.unwrap()["evidence"], "clear");
    assert!(answer["about"]["scans"].as_array().unwrap().iter().any(|s| s["section"] == "pairs"), "{:#}", answer["about"]);
}

#[actix_web::test]
async fn parts_of_the_analysis_can_be_asked_for_one_by_one() {
    let app = start().await;
    let study = app.study().await;
    let stories = told(&app, &study).await;
    let pair = ask(&app, &study, Role::Researcher, "/pairs/_search?a=tone&b=confidence").await;
    let found = &pair["pairs"][0];
    assert_eq!((&found["test"], &found["n"]), (&json!("kendall-tau-b"), &json!(PEOPLE)));
    let contrast = ask(&app, &study, Role::Researcher, "/contrasts/_search?signifier=confidence&attribute=trajectory").await;
    assert_eq!(contrast["contrasts"].as_array().unwrap().len(), 1);
    assert_eq!(contrast["contrasts"][0]["groups"], json!(["temporary-job", "work-learning"]));
    // Dares 0.3 more: U of the first group is small, and its delta negative.
    assert!(contrast["contrasts"][0]["effect"]["value"].as_f64().unwrap() < -0.4, "{contrast:#}");
    let dots = ask(&app, &study, Role::Researcher, "/contrasts/_search?signifier=fitting-work&attribute=trajectory").await;
    assert_eq!((&dots["contrasts"][0]["test"], &dots["contrasts"][0]["evidence"]), (&json!("energy"), &json!("clear")));
    let dots = ask(&app, &study, Role::Researcher, "/pairs/_search?a=fitting-work&b=confidence").await;
    assert_eq!((&dots["pairs"][0]["test"], &dots["pairs"][0]["evidence"]), (&json!("distance-correlation"), &json!("clear")));
    let densities = ask(&app, &study, Role::Researcher, "/densities/_search?signifier=competence").await;
    let spot = &densities["summaries"][0]["triad"]["hotspots"][0];
    assert_eq!(spot["participants"], PEOPLE, "everybody put the dot in one place");
    assert_eq!(ask(&app, &study, Role::Researcher, "/changes/_search").await["changes"], json!([]), "there is one wave only");
    assert_eq!(ask(&app, &study, Role::Researcher, "/perspectives/_search").await["perspectives"], json!([]));
    // Nobody who withdrew stays in what was computed before.
    let reason = json!({"reason": "the teller asked for it"});
    app.post(&format!("{}/_withdraw", study.story(stories[0])), study.token(Role::Researcher), &reason).await.expect(204);
    let pair = ask(&app, &study, Role::Researcher, "/pairs/_search?a=tone&b=confidence").await;
    assert_eq!(pair["pairs"][0]["n"], PEOPLE - 1);
}

#[actix_web::test]
async fn a_question_names_every_key_that_does_not_exist() {
    let app = start().await;
    let study = app.study().await;
    let token = study.token(Role::Researcher);
    for (path, expected) in [
        ("/pairs/_search?a=nowhere&b=tones", vec!["query.a unknownReference", "query.b unknownReference"]),
        (
            "/contrasts/_search?signifier=x&attribute=y",
            vec!["query.attribute unknownReference", "query.signifier unknownReference"],
        ),
        ("/changes/_search?signifier=x", vec!["query.signifier unknownReference"]),
        ("/findings/_search?limit=0", vec!["query.limit outOfRange"]),
    ] {
        let mut found = app.post(&study.path(path), token, &json!({})).await.errors();
        found.sort();
        assert_eq!(found, expected, "{path}");
    }
    app.post(&study.path("/pairs/_search?a=tone"), token, &json!({})).await.problem(400, "invalidInput");
}

#[actix_web::test]
async fn a_workgroup_sees_findings_of_permitted_groups_and_no_unreleased_story() {
    let app = start().await;
    let study = app.study().await;
    let stories = told(&app, &study).await;
    let answer = ask(&app, &study, Role::Workgroup, "/findings/_search?limit=200").await;
    let text = answer.to_string();
    assert!(answer["total"].as_u64().unwrap() >= 2, "{answer:#}");
    assert!(stories.iter().all(|id| !text.contains(&id.to_string())), "no story was released");
    let kinds = |answer: &Value| -> Vec<String> {
        answer["findings"].as_array().unwrap().iter().map(|f| f["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert!(!kinds(&answer).iter().any(|k| k == "outlier" || k == "minority-cluster"), "these need a release of their own");
    let release = json!({"version": 1});
    for id in &stories[..40] {
        app.put(&format!("{}/release", study.story(id)), study.token(Role::Researcher), &release).await.expect(204);
    }
    let text = ask(&app, &study, Role::Workgroup, "/findings/_search?limit=200").await.to_string();
    assert!(stories[..40].iter().any(|id| text.contains(&id.to_string())), "released ones are shown");
    assert!(stories[40..].iter().all(|id| !text.contains(&id.to_string())));
}

#[actix_web::test]
async fn behind_a_region_a_workgroup_gets_no_pairs_and_no_groups() {
    let app = start().await;
    let study = app.study().await;
    told(&app, &study).await;
    let lens = json!({"regions": [{"signifier": "confidence", "interval": [0.0, 1.0]}]});
    for (path, part) in [
        ("/pairs/_search?a=fitting-work&b=tone", "pairs"),
        ("/contrasts/_search?signifier=tone&attribute=trajectory", "contrasts"),
    ] {
        let path = study.path(path);
        let workgroup = app.post(&path, study.token(Role::Workgroup), &lens).await.expect(200);
        let researcher = app.post(&path, study.token(Role::Researcher), &lens).await.expect(200);
        assert_eq!(workgroup[part], json!([]), "{path}");
        assert_ne!(researcher[part], json!([]), "{path}");
    }
}

#[actix_web::test]
async fn a_small_group_gives_a_workgroup_no_number() {
    let app = start().await;
    let study = app.study().await;
    for _ in 0..9 {
        let (_, code) = app.participant(&study).await;
        app.put(&study.story(Uuid::new_v4()), study.token(Role::Researcher), &story(Some(&code))).await.expect(201);
    }
    for path in ["/findings/_search", "/densities/_search", "/contrasts/_search", "/changes/_search", "/perspectives/_search"] {
        let answer = ask(&app, &study, Role::Workgroup, path).await;
        assert_eq!((&answer["about"]["stories"], &answer["about"]["layers"]), (&Value::Null, &json!([])), "{path}");
        let parts: Vec<&Value> = answer.as_object().unwrap().iter().filter(|(k, _)| *k != "about").map(|(_, v)| v).collect();
        assert!(parts.iter().all(|p| **p == json!([]) || **p == json!(0)), "{path}: {answer:#}");
    }
}
