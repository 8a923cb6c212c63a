//! A pattern is asked for: counts that are right, fresh, and withheld where they would point at somebody.

use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Study, TestApp, start, story};

/// Stories of so many participants in wave 1, each with its own position on the confidence slider.
async fn told(app: &TestApp, study: &Study, count: usize) -> Vec<(String, String)> {
    let mut people = Vec::new();
    for i in 0..count {
        let (id, code) = app.participant(study).await;
        let mut body = story(Some(&code));
        body["placements"]["confidence"]["value"]["position"] = json!(i as f64 / count as f64);
        app.put(&study.story(Uuid::new_v4()), study.token(Role::Researcher), &body).await.expect(201);
        people.push((id, code));
    }
    people
}

async fn ask(app: &TestApp, study: &Study, role: Role, lens: Value) -> Value {
    app.post(&study.path("/summaries/_search"), study.token(role), &lens).await.expect(200)
}

fn of<'a>(answer: &'a Value, key: &str) -> &'a Value {
    answer["summaries"].as_array().unwrap().iter().find(|s| s["signifier"] == key).unwrap()
}

#[actix_web::test]
async fn a_summary_counts_every_way_of_answering() {
    let app = start().await;
    let study = app.study().await;
    told(&app, &study, 4).await;
    let answer = ask(&app, &study, Role::Researcher, json!({})).await;
    assert_eq!((&answer["stories"], &answer["participants"]), (&json!(4), &json!(4)));
    let counts = |key: &str| {
        let s = of(&answer, key);
        ["n", "notApplicable", "unknown", "declined", "skipped"].map(|name| s[name].as_u64().unwrap())
    };
    assert_eq!(counts("competence"), [4, 0, 0, 0, 0]);
    assert_eq!(counts("culture"), [0, 4, 0, 0, 0]);
    assert_eq!(counts("money"), [0, 0, 0, 4, 0]);
    assert_eq!(counts("home"), [0, 0, 0, 0, 4]);
    assert_eq!(counts("whose"), [0, 0, 0, 0, 0], "not asked of candidates: outside every denominator");
    let dyad = &of(&answer, "confidence")["dyad"];
    assert_eq!(dyad["median"], 0.375, "linear interpolation between 0, 0.25, 0.5 and 0.75");
    let zones = of(&answer, "competence")["triad"]["zones"].as_array().unwrap();
    let top = zones.iter().find(|z| z["zone"] == "top").unwrap();
    assert_eq!((&top["count"], &top["share"]), (&json!(4), &json!(1.0)));
}

#[actix_web::test]
async fn an_answer_follows_every_change() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let people = told(&app, &study, 2).await;
    let stories = |answer: &Value| answer["stories"].as_u64().unwrap();
    assert_eq!(stories(&ask(&app, &study, Role::Researcher, json!({})).await), 2);
    let id = Uuid::new_v4();
    app.put(&study.story(id), researcher, &story(None)).await.expect(201);
    assert_eq!(stories(&ask(&app, &study, Role::Researcher, json!({})).await), 3, "a new story is added");
    let redaction = json!({"version": 1, "text": "Someone took the bus.", "reason": "less recognisable"});
    app.post(&format!("{}/redactions", study.story(id)), researcher, &redaction).await.expect(201);
    assert_eq!(stories(&ask(&app, &study, Role::Researcher, json!({})).await), 3, "a new version is no new story");
    app.post(&format!("{}/_withdraw", study.story(id)), researcher, &json!({"reason": "asked"})).await.expect(204);
    assert_eq!(stories(&ask(&app, &study, Role::Researcher, json!({})).await), 2, "a withdrawn story is gone");
    let path = study.path(&format!("/participants/{}/_withdraw", people[0].0));
    app.post(&path, study.token(Role::Coordinator), &json!({})).await.expect(200);
    assert_eq!(stories(&ask(&app, &study, Role::Researcher, json!({})).await), 1, "a withdrawn participant is gone");
    let path = study.path(&format!("/participants/{}", people[1].0));
    let change = json!({"attributes": {"trajectory": "work-learning"}});
    app.patch(&path, study.token(Role::Coordinator), &change).await.expect(200);
    let lens = json!({"attributes": {"trajectory": ["work-learning"]}});
    assert_eq!(stories(&ask(&app, &study, Role::Researcher, lens).await), 1, "attributes are followed");
}

#[actix_web::test]
async fn a_held_story_is_outside_every_analysis_until_it_is_accepted() {
    let app = start().await;
    let study = app.study().await;
    let researcher = study.token(Role::Researcher);
    let id = Uuid::new_v4();
    app.put(&study.story(id), researcher, &story(Some("NOBO-DY00"))).await.expect(201);
    assert_eq!(ask(&app, &study, Role::Researcher, json!({})).await["stories"], 0);
    app.post(&format!("{}/_accept", study.story(id)), researcher, &json!({"reason": "known by hand"})).await.expect(204);
    assert_eq!(ask(&app, &study, Role::Researcher, json!({})).await["stories"], 1);
}

/// Names of members with a number, except the areas of the zones, which are the same for every study.
fn numbers_in(value: &Value) -> Vec<String> {
    let inner = |(name, v): (&String, &Value)| match v {
        Value::Number(_) if name != "areaShare" => vec![name.clone()],
        other => numbers_in(other),
    };
    match value {
        Value::Array(list) if list.iter().any(Value::is_number) => vec!["a list".to_owned()],
        Value::Array(list) => list.iter().flat_map(numbers_in).collect(),
        Value::Object(members) => members.iter().flat_map(inner).collect(),
        _ => Vec::new(),
    }
}

#[actix_web::test]
async fn a_workgroup_sees_no_group_below_the_threshold_and_no_group_that_leaves_a_small_rest() {
    let app = start().await;
    let study = app.study().await;
    let people = told(&app, &study, 9).await;
    let answer = ask(&app, &study, Role::Workgroup, json!({})).await;
    assert_eq!((&answer["suppressed"], &answer["stories"]), (&json!("small-cell"), &Value::Null));
    assert_eq!(numbers_in(&answer["summaries"]), Vec::<String>::new(), "not a single number leaves");
    told(&app, &study, 3).await;
    assert_eq!(ask(&app, &study, Role::Workgroup, json!({})).await["stories"], 12);
    let path = study.path(&format!("/participants/{}", people[0].0));
    let change = json!({"attributes": {"trajectory": "work-learning"}});
    app.patch(&path, study.token(Role::Coordinator), &change).await.expect(200);
    let lens = json!({"attributes": {"trajectory": ["temporary-job"]}});
    let answer = ask(&app, &study, Role::Workgroup, lens.clone()).await;
    assert_eq!(answer["suppressed"], "small-cell", "11 of 12: the one outside would be known by subtraction");
    assert_eq!(ask(&app, &study, Role::Researcher, lens).await["stories"], 11);
}

#[actix_web::test]
async fn a_lens_names_everything_in_it_that_does_not_exist() {
    let app = start().await;
    let study = app.study().await;
    let lens =
        json!({"waves": ["9"], "perspectives": ["nobody"], "attributes": {"trajectory": ["x"], "shoe-size": ["44"]}, "z": 1});
    let answer = app.post(&study.path("/summaries/_search"), study.token(Role::Workgroup), &lens).await;
    let expected = [
        "$.attributes.trajectory[0] unknownOption",
        "$.attributes['shoe-size'] unknownAttribute",
        "$.perspectives[0] unknownOption",
        "$.waves[0] unknownOption",
        "$.z unknownMember",
    ];
    assert_eq!(answer.errors(), expected);
    let path = study.path("/signifiers/nowhere/summaries/_search");
    app.post(&path, study.token(Role::Workgroup), &json!({})).await.problem(404, "notFound");
}

#[actix_web::test]
async fn dots_are_drawn_and_lead_to_the_stories_that_may_be_read() {
    let app = start().await;
    let study = app.study().await;
    told(&app, &study, 12).await;
    let ask = async |role: Role, query: &str, lens: Value| {
        app.post(&study.path(&format!("/placements/_search{query}")), study.token(role), &lens).await
    };
    let dots = ask(Role::Researcher, "?signifiers=confidence", json!({})).await.expect(200);
    let plots = dots["plots"].as_array().unwrap();
    assert_eq!((plots.len(), &plots[0]["signifier"], &plots[0]["n"]), (1, &json!("confidence"), &json!(12)));
    let mut positions: Vec<f64> = plots[0]["dots"].as_array().unwrap().iter().map(|d| d[0].as_f64().unwrap()).collect();
    positions.sort_by(f64::total_cmp);
    assert_eq!((positions[0], positions[6], positions[11]), (0.0, 0.5, 0.917));
    let id = plots[0]["ids"][0].as_str().unwrap();
    app.get(&study.story(id), study.token(Role::Researcher)).await.expect(200);
    let bins = ask(Role::Researcher, "?signifiers=competence,health&dots=5", json!({})).await.expect(200);
    let counts: Vec<&Value> = bins["plots"].as_array().unwrap().iter().map(|p| &p["bins"][0]["count"]).collect();
    assert_eq!((counts[0], counts.len()), (&json!(12), 4), "one triad and three stones: {bins}");
    let wrong = ask(Role::Researcher, "?signifiers=confidence,nothing&dots=10001", json!({"waves": ["9"]})).await;
    assert_eq!(wrong.errors(), ["$.waves[0] unknownOption"], "the lens is read first");
    let wrong = ask(Role::Researcher, "?signifiers=confidence,nothing&dots=10001", json!({})).await;
    assert_eq!(wrong.errors(), ["query.dots outOfRange", "query.signifiers[1] unknownReference"]);
    let unpublished = ask(Role::Workgroup, "", json!({})).await.expect(200);
    let shown = unpublished["plots"].as_array().unwrap().iter().find(|p| p["signifier"] == "confidence").unwrap();
    assert_eq!((&shown["n"], &shown["ids"][0]), (&json!(12), &Value::Null), "counted, but not released: {shown}");
}
