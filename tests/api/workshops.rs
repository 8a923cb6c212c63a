//! Workshops: what people see and what it means, written by several at the same time, and never lost or written over.

use duiding::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start};
use crate::operations;

/// A workshop with one of everything.
pub struct Shop {
    pub id: Uuid,
    pub exhibit: Uuid,
    pub observation: Uuid,
    pub interpretation: Uuid,
    pub idea: Uuid,
    pub cluster: Uuid,
    pub path: String,
}

/// Sends something with one header that says what is known.
pub async fn send(app: &TestApp, method: Method, path: &str, token: &str, known: (&str, &str), body: &Value) -> Answer {
    let request = app.request(method, path, token).header(known.0, known.1).json(body);
    Answer::of(request.send().await.unwrap()).await
}

const NEW: (&str, &str) = ("if-none-match", "*");

pub async fn make(app: &TestApp, path: &str, token: &str, body: &Value) -> Answer {
    send(app, Method::PUT, path, token, NEW, body).await
}

pub async fn change(app: &TestApp, path: &str, token: &str, tag: &str, body: &Value) -> Answer {
    send(app, Method::PUT, path, token, ("if-match", tag), body).await
}

pub async fn remove(app: &TestApp, path: &str, token: &str, tag: &str) -> Answer {
    send(app, Method::DELETE, path, token, ("if-match", tag), &json!({})).await
}

impl Shop {
    pub fn at(&self, kind: &str, id: Uuid) -> String {
        format!("{}/{kind}/{id}", self.path)
    }

    pub async fn board(&self, app: &TestApp, token: &str) -> Value {
        app.get(&format!("{}/board", self.path), token).await.expect(200)
    }
}

/// A workshop that this role made: a view as exhibit, an observation, an interpretation, an idea and a cluster.
pub async fn furnished(app: &TestApp, study: &Study, role: Role) -> Shop {
    let token = study.token(role);
    let [id, exhibit, observation, interpretation, idea, cluster] = std::array::from_fn(|_| Uuid::new_v4());
    let shop = Shop { id, exhibit, observation, interpretation, idea, cluster, path: study.path(&format!("/workshops/{id}")) };
    make(app, &shop.path, token, &json!({"title": "Session"})).await.expect(201);
    let lens = app.post(&study.path("/lenses"), token, &json!({"lens": {"waves": ["1"]}, "compareBy": "perspective"})).await;
    let lens = lens.json()["id"].clone();
    let body = json!({"title": "Daring", "order": 1, "lensId": lens, "signifier": "confidence"});
    make(app, &shop.at("exhibits", exhibit), token, &body).await.expect(201);
    let body = json!({"exhibitId": exhibit, "text": "Many on the left", "strength": "strong"});
    make(app, &shop.at("observations", observation), token, &body).await.expect(201);
    let body = json!({"observationId": observation, "text": "They know the way"});
    make(app, &shop.at("interpretations", interpretation), token, &body).await.expect(201);
    let region = json!({"signifier": "confidence", "interval": [0.5, 1.0]});
    let body = json!({"observationId": observation, "text": "Go along", "region": region, "direction": "more"});
    make(app, &shop.at("ideas", idea), token, &body).await.expect(201);
    let body = json!({"name": "Getting used to it", "kind": "theme", "order": 1});
    make(app, &shop.at("clusters", cluster), token, &body).await.expect(201);
    shop
}

#[actix_web::test]
async fn a_workgroup_sees_observes_interprets_and_votes() {
    let app = start().await;
    let study = app.study().await;
    let (ada, bob) = (study.token(Role::Workgroup), app.member(&study.id, Role::Workgroup).await);
    let shop = furnished(&app, &study, Role::Workgroup).await;
    let board = shop.board(&app, ada).await;
    assert_eq!(board["workshop"]["steps"].as_array().unwrap().len(), 8);
    assert_eq!((&board["exhibits"][0]["kind"], &board["exhibits"][0]["compareBy"]), (&json!("view"), &json!("perspective")));
    assert_eq!(board["exhibits"][0]["lens"]["waves"], json!(["1"]));
    let seen = &board["observations"][0];
    assert_eq!((&seen["interpretations"], &seen["needsInterpretations"]), (&json!(1), &json!(true)));

    let (second, theirs) = (Uuid::new_v4(), json!({"observationId": shop.observation, "text": "Or they are told to say so"}));
    let made = make(&app, &shop.at("interpretations", second), &bob, &theirs).await;
    assert_eq!(made.header("location"), shop.at("interpretations", second));
    made.expect(201);
    assert_eq!(shop.board(&app, ada).await["observations"][0]["needsInterpretations"], json!(false));

    let vote = shop.at("votes", second);
    for _ in 0..2 {
        app.put(&vote, ada, &json!({})).await.expect(204);
    }
    app.put(&vote, &bob, &json!({})).await.expect(204);
    let (one, other) = (shop.board(&app, ada).await, shop.board(&app, &bob).await);
    assert_eq!(one["interpretations"][1]["votes"], json!({"count": 2, "mine": true}));
    app.delete(&vote, ada).await.expect(204);
    let after = shop.board(&app, ada).await;
    assert_eq!(after["interpretations"][1]["votes"], json!({"count": 1, "mine": false}));
    assert_eq!(after["interpretations"][1]["revision"], one["interpretations"][1]["revision"], "a vote changes no text");
    let change = after["change"].as_i64().unwrap();
    app.delete(&vote, ada).await.expect(204);
    assert_eq!(shop.board(&app, ada).await["change"], json!(change), "to do it again does nothing");
    assert_eq!((&one["interpretations"][1]["mayEdit"], &other["interpretations"][1]["mayEdit"]), (&json!(true), &json!(true)));
    assert_eq!(other["interpretations"][0]["mayEdit"], json!(false), "it is another's");

    for id in [shop.interpretation, second, second] {
        let path = format!("{}/interpretations/{id}", shop.at("clusters", shop.cluster));
        app.put(&path, &bob, &json!({})).await.expect(204);
    }
    let board = shop.board(&app, ada).await;
    assert!(board["interpretations"].as_array().unwrap().iter().all(|i| i["clusterIds"] == json!([shop.cluster])));
    let path = format!("{}/interpretations/{second}", shop.at("clusters", shop.cluster));
    app.delete(&path, ada).await.expect(204);
    let path = format!("{}/interpretations/{}", shop.at("clusters", shop.cluster), shop.idea);
    app.put(&path, ada, &json!({})).await.problem(404, "notFound");
    remove(&app, &shop.at("clusters", shop.cluster), ada, "*").await.expect(204);
    assert_eq!(shop.board(&app, ada).await["interpretations"][0]["clusterIds"], json!([]));
}

#[actix_web::test]
async fn a_request_may_be_repeated_and_nothing_is_written_over() {
    let app = start().await;
    let study = app.study().await;
    let (ada, bob) = (study.token(Role::Workgroup), app.member(&study.id, Role::Workgroup).await);
    let shop = furnished(&app, &study, Role::Researcher).await;
    let (id, text) = (Uuid::new_v4(), |text: &str| json!({"exhibitId": shop.exhibit, "text": text, "strength": "weak"}));
    let path = shop.at("observations", id);
    app.put(&path, ada, &text("first")).await.problem(428, "ifMatchNeeded");
    change(&app, &path, ada, "\"1\"", &text("first")).await.problem(404, "notFound");
    let made = make(&app, &path, ada, &text("first")).await;
    let tag = made.header("etag");
    let made = made.expect(201);
    let before = shop.board(&app, ada).await["change"].clone();
    let again = make(&app, &path, ada, &text("first")).await;
    assert_eq!((again.header("idempotent-replay"), again.header("etag")), ("true".to_owned(), tag.clone()));
    assert_eq!(again.expect(200), made);
    assert_eq!(shop.board(&app, ada).await["change"], before, "nothing happened");
    make(&app, &path, ada, &text("other")).await.problem(412, "changedMeanwhile");
    make(&app, &path, &bob, &text("first")).await.problem(412, "changedMeanwhile");

    let changed = change(&app, &path, ada, &tag, &text("second")).await;
    let newer = changed.header("etag");
    assert_ne!(newer, tag);
    assert_eq!(changed.expect(200)["text"], json!("second"));
    assert_eq!(change(&app, &path, ada, &tag, &text("second")).await.expect(200)["text"], json!("second"), "the answer was lost");
    change(&app, &path, ada, &tag, &text("third")).await.problem(412, "changedMeanwhile");
    remove(&app, &path, ada, &tag).await.problem(412, "changedMeanwhile");
    app.delete(&path, ada).await.problem(428, "ifMatchNeeded");
    change(&app, &path, &bob, &newer, &text("bob's")).await.problem(403, "forbidden");
    remove(&app, &path, &bob, &newer).await.problem(403, "forbidden");
    let other = json!({"exhibitId": Uuid::new_v4(), "text": "second", "strength": "strong"});
    assert_eq!(change(&app, &path, ada, &newer, &other).await.errors(), ["$.exhibitId fixed"]);
    // A researcher may change what others wrote; what others built on goes with it only by who may remove that too.
    let theirs = json!({"observationId": id, "text": "because"});
    make(&app, &shop.at("interpretations", Uuid::new_v4()), &bob, &theirs).await.expect(201);
    remove(&app, &path, ada, &newer).await.problem(409, "othersBuiltOnThis");
    let researcher = study.token(Role::Researcher);
    change(&app, &path, researcher, &newer, &text("without a name")).await.expect(200);
    remove(&app, &path, researcher, "*").await.expect(204);
    app.get(&path, ada).await.problem(404, "notFound");
    let board = shop.board(&app, ada).await;
    assert_eq!((board["observations"].as_array().unwrap().len(), board["interpretations"].as_array().unwrap().len()), (1, 1));
}

#[actix_web::test]
async fn many_who_make_the_same_at_once_make_it_once() {
    let app = start().await;
    let study = app.study().await;
    let (ada, id) = (study.token(Role::Workgroup), Uuid::new_v4());
    let (path, body) = (study.path(&format!("/workshops/{id}")), json!({"title": "At once"}));
    let answers = futures_util::future::join_all((0..12).map(|_| make(&app, &path, ada, &body))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
    statuses.sort();
    assert_eq!((statuses[0], statuses[10], statuses[11]), (200, 200, 201));
    let shop = furnished(&app, &study, Role::Workgroup).await;
    let path = shop.at("ideas", Uuid::new_v4());
    let body = json!({"observationId": shop.observation, "text": "a bicycle"});
    let answers = futures_util::future::join_all((0..12).map(|_| make(&app, &path, ada, &body))).await;
    assert_eq!(answers.iter().filter(|a| a.status == 201).count(), 1);
    assert!(answers.iter().all(|a| a.status == 201 || a.status == 200));
    assert_eq!(shop.board(&app, ada).await["ideas"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_closed_workshop_takes_no_more_input_until_it_is_opened_again() {
    let app = start().await;
    let study = app.study().await;
    let (ada, bob) = (study.token(Role::Workgroup), app.member(&study.id, Role::Workgroup).await);
    let shop = furnished(&app, &study, Role::Workgroup).await;
    let running = json!({"title": "Session", "step": {"key": "vote", "minutes": 5}});
    change(&app, &shop.path, &bob, "\"1\"", &running).await.problem(403, "forbidden");
    let started = change(&app, &shop.path, ada, "\"1\"", &running).await.expect(200);
    let longer = json!({"title": "Session", "step": {"key": "vote", "minutes": 9}});
    let longer = change(&app, &shop.path, ada, "*", &longer).await.expect(200);
    assert_eq!((&longer["step"]["startedAt"], &longer["step"]["minutes"]), (&started["step"]["startedAt"], &json!(9)));
    let closed = change(&app, &shop.path, ada, "*", &json!({"title": "Session", "state": "closed"})).await.expect(200);
    assert_eq!((&closed["state"], &closed["step"]), (&json!("closed"), &Value::Null));

    let bodies = [
        ("exhibits", json!({"title": "x", "order": 2, "pinId": Uuid::new_v4()})),
        ("observations", json!({"exhibitId": shop.exhibit, "text": "late", "strength": "weak"})),
        ("interpretations", json!({"observationId": shop.observation, "text": "late"})),
        ("ideas", json!({"observationId": shop.observation, "text": "late"})),
        ("clusters", json!({"name": "late", "kind": "theme", "order": 2})),
    ];
    let there = [shop.exhibit, shop.observation, shop.interpretation, shop.idea, shop.cluster];
    for ((kind, body), id) in bodies.iter().zip(there) {
        make(&app, &shop.at(kind, Uuid::new_v4()), ada, body).await.problem(409, "workshopClosed");
        remove(&app, &shop.at(kind, id), ada, "*").await.problem(409, "workshopClosed");
    }
    app.put(&shop.at("votes", shop.idea), &bob, &json!({})).await.problem(409, "workshopClosed");
    let path = format!("{}/interpretations/{}", shop.at("clusters", shop.cluster), shop.interpretation);
    app.put(&path, &bob, &json!({})).await.problem(409, "workshopClosed");
    let (_, same) = &bodies[4];
    make(&app, &shop.at("clusters", Uuid::new_v4()), &bob, same).await.problem(409, "workshopClosed");
    // What was kept and whose answer was lost is still acknowledged.
    let body = json!({"observationId": shop.observation, "text": "They know the way"});
    make(&app, &shop.at("interpretations", shop.interpretation), ada, &body).await.expect(200);
    change(&app, &shop.path, study.token(Role::Researcher), "*", &json!({"title": "Session"})).await.expect(200);
    app.put(&shop.at("votes", shop.idea), &bob, &json!({})).await.expect(204);

    remove(&app, &shop.path, &bob, "*").await.problem(403, "forbidden");
    remove(&app, &shop.path, ada, "*").await.expect(204);
    app.get(&format!("{}/board", shop.path), ada).await.problem(404, "notFound");
    let events = app.get(&study.path("/audit-events?action=workshop."), study.token(Role::Owner)).await.expect(200);
    let mut actions: Vec<&str> = events["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    actions.sort();
    let expected =
        ["workshop.close", "workshop.create", "workshop.delete", "workshop.open", "workshop.update", "workshop.update"];
    assert_eq!(actions, expected);
}

#[actix_web::test]
async fn a_finding_for_researchers_is_withheld_from_the_workgroup() {
    let app = start().await;
    let study = app.study().await;
    let (researcher, ada) = (study.token(Role::Researcher), study.token(Role::Workgroup));
    let pin = operations::pin(&app, &study, json!({})).await;
    let shop = furnished(&app, &study, Role::Workgroup).await;
    let (id, body) = (Uuid::new_v4(), json!({"title": "Together", "note": "look", "order": 0, "pinId": pin}));
    assert_eq!(make(&app, &shop.at("exhibits", id), ada, &body).await.errors(), ["$.pinId unknownReference"], "not theirs");
    let made = make(&app, &shop.at("exhibits", id), researcher, &body).await.expect(201);
    assert_eq!((&made["kind"], &made["withheld"], &made["audience"]), (&json!("finding"), &json!(false), &json!("researcher")));
    assert_eq!(made["finding"]["n"], json!(30));
    assert_eq!((&made["finding"]["typical"], &made["finding"]["contradicting"]), (&json!([]), &json!([])));
    app.delete(&study.path(&format!("/pins/{pin}")), researcher).await.expect(204);
    for answer in [app.get(&shop.at("exhibits", id), ada).await.expect(200), shop.board(&app, ada).await["exhibits"][0].clone()] {
        assert_eq!((&answer["withheld"], &answer["title"]), (&json!(true), &json!("Together")));
        assert_eq!((&answer["finding"], &answer["lens"]), (&Value::Null, &Value::Null));
        assert!(!answer.to_string().contains("go together"), "{answer}");
    }
    assert_eq!(shop.board(&app, researcher).await["exhibits"][0]["finding"], made["finding"], "it keeps its own copy");
    let minutes = app.get(&format!("{}/minutes?language=en", shop.path), ada).await.expect(200);
    assert_eq!((&minutes["exhibits"][0]["withheld"], &minutes["exhibits"][0]["sentence"]), (&json!(true), &Value::Null));
    let minutes = app.get(&format!("{}/minutes?language=en", shop.path), researcher).await.expect(200);
    assert_eq!(minutes["exhibits"][0]["sentence"], json!("They go together."));
    let other = json!({"title": "Together", "order": 0, "pinId": Uuid::new_v4()});
    assert_eq!(change(&app, &shop.at("exhibits", id), researcher, "*", &other).await.errors(), ["$.pinId fixed"]);
}

#[actix_web::test]
async fn the_board_is_asked_again_cheaply_and_is_of_whoever_asks() {
    let app = start().await;
    let study = app.study().await;
    let (ada, bob) = (study.token(Role::Workgroup), app.member(&study.id, Role::Workgroup).await);
    let shop = furnished(&app, &study, Role::Workgroup).await;
    let path = format!("{}/board", shop.path);
    let tag = app.get(&path, ada).await.header("etag");
    let ask = async |token: &str, tag: &str| {
        let request = app.request(Method::GET, &path, token).header("if-none-match", tag);
        Answer::of(request.send().await.unwrap()).await
    };
    assert_eq!(ask(ada, &tag).await.status, 304);
    assert_eq!(ask(&bob, &tag).await.status, 200, "what bob may change and what he voted for is another answer");
    app.put(&shop.at("votes", shop.idea), &bob, &json!({})).await.expect(204);
    let answer = ask(ada, &tag).await;
    assert_ne!(answer.header("etag"), tag);
    assert_eq!(answer.expect(200)["ideas"][0]["votes"], json!({"count": 1, "mine": false}));
}

#[actix_web::test]
async fn everything_that_is_wrong_is_named() {
    let app = start().await;
    let study = app.study().await;
    let ada = study.token(Role::Workgroup);
    let shop = furnished(&app, &study, Role::Workgroup).await;
    let new = |kind: &str| shop.at(kind, Uuid::new_v4());
    let steps = json!([{"key": "Look", "title": {}, "minutes": 0}]);
    let wrong = json!({"title": "", "steps": steps, "step": {"key": "x", "minutes": 481}, "colour": 1});
    let errors = make(&app, &study.path(&format!("/workshops/{}", Uuid::new_v4())), ada, &wrong).await.errors();
    assert_eq!(
        errors,
        ["$.colour unknownMember", "$.step.minutes outOfRange", "$.steps[0].minutes outOfRange", "$.title tooShort"]
    );
    let steps = json!([{"key": "Look", "title": {}, "minutes": 1}]);
    let wrong = json!({"title": " ", "steps": steps, "step": {"key": "x", "minutes": 1}});
    let errors = make(&app, &study.path(&format!("/workshops/{}", Uuid::new_v4())), ada, &wrong).await.errors();
    assert_eq!(
        errors,
        ["$.step.key unknownReference", "$.steps[0].key wrongFormat", "$.steps[0].title tooShort", "$.title tooShort"]
    );
    let long = "x".repeat(2001);
    let cases = [
        (
            "observations",
            json!({"exhibitId": shop.exhibit, "text": long, "strength": "huge"}),
            vec!["$.strength unknownOption", "$.text tooLong"],
        ),
        (
            "observations",
            json!({"exhibitId": Uuid::new_v4(), "text": "x", "strength": "weak"}),
            vec!["$.exhibitId unknownReference"],
        ),
        ("interpretations", json!({"observationId": shop.idea, "text": "x"}), vec!["$.observationId unknownReference"]),
        ("interpretations", json!({"observationId": shop.observation, "text": "\n "}), vec!["$.text tooShort"]),
        ("ideas", json!({"observationId": shop.observation, "text": "x", "direction": "more"}), vec!["$.region required"]),
        (
            "ideas",
            json!({"observationId": shop.observation, "text": "x", "direction": "fewer",
                "region": {"signifier": "confidence", "interval": [0.9, 0.1]}}),
            vec!["$.region.interval wrongOrder"],
        ),
        ("exhibits", json!({"title": "x", "order": 1}), vec!["$.pinId required"]),
        (
            "exhibits",
            json!({"title": "x", "order": 1, "lensId": Uuid::new_v4(), "signifier": "nowhere"}),
            vec!["$.lensId unknownReference", "$.signifier unknownReference"],
        ),
        (
            "clusters",
            json!({"name": "", "kind": "heap", "order": -1}),
            vec!["$.kind unknownOption", "$.name tooShort", "$.order outOfRange"],
        ),
    ];
    for (kind, body, expected) in cases {
        assert_eq!(make(&app, &new(kind), ada, &body).await.errors(), expected, "{kind} {body}");
    }
    let nul = "{\"observationId\": \"00000000-0000-4000-8000-000000000000\", \"text\": \"a\\u0000b\"}";
    app.send_raw(Method::PUT, &new("ideas"), ada, "application/json", nul).await.problem(400, "invalidInput");
    // The id of an item of another kind is not found by the address of this one, and not made again.
    app.get(&shop.at("ideas", shop.observation), ada).await.problem(404, "notFound");
    remove(&app, &shop.at("ideas", shop.observation), ada, "*").await.problem(404, "notFound");
    let body = json!({"observationId": shop.observation, "text": "x"});
    change(&app, &shop.at("ideas", shop.observation), ada, "*", &body).await.problem(404, "notFound");
    make(&app, &shop.at("ideas", shop.observation), ada, &body).await.problem(412, "changedMeanwhile");
    assert_eq!(shop.board(&app, ada).await["ideas"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_workshop_has_at_most_fifty_exhibits() {
    let app = start().await;
    let study = app.study().await;
    let ada = study.token(Role::Workgroup);
    let shop = furnished(&app, &study, Role::Workgroup).await;
    let lens = shop.board(&app, ada).await["exhibits"][0]["lensId"].clone();
    let body = json!({"title": "One more", "order": 2, "lensId": lens, "signifier": "tone"});
    for _ in 0..49 {
        make(&app, &shop.at("exhibits", Uuid::new_v4()), ada, &body).await.expect(201);
    }
    make(&app, &shop.at("exhibits", Uuid::new_v4()), ada, &body).await.problem(409, "tooMany");
}

#[actix_web::test]
async fn the_minutes_are_read_by_programs_and_people() {
    let app = start().await;
    let study = app.study().await;
    let ada = study.token(Role::Workgroup);
    let shop = furnished(&app, &study, Role::Workgroup).await;
    let evil = "<script>alert('1')</script> & more";
    let body = json!({"observationId": shop.observation, "text": evil});
    make(&app, &shop.at("interpretations", Uuid::new_v4()), ada, &body).await.expect(201);
    app.put(&shop.at("votes", shop.observation), ada, &json!({})).await.expect(204);
    let path = format!("{}/interpretations/{}", shop.at("clusters", shop.cluster), shop.interpretation);
    app.put(&path, ada, &json!({})).await.expect(204);
    let path = format!("{}/minutes", shop.path);
    let minutes = app.get(&path, ada).await.expect(200);
    let seen = &minutes["exhibits"][0]["observations"][0];
    assert_eq!((&seen["text"], &seen["votes"], &seen["strength"]), (&json!("Many on the left"), &json!(1), &json!("strong")));
    assert_eq!(seen["interpretations"][0]["clusters"], json!(["Getting used to it"]));
    assert_eq!(seen["interpretations"][1]["text"], json!(evil));
    assert_eq!(seen["ideas"][0]["direction"], json!("more"));
    assert_eq!(minutes["clusters"][0]["interpretations"], json!(["They know the way"]));
    assert_eq!(minutes["people"].as_array().unwrap().len(), 1);
    let framework = app.get(&study.path("/frameworks/1"), ada).await.expect(200);
    let signifiers = framework["document"]["signifiers"].as_array().unwrap();
    let asked = &signifiers.iter().find(|s| s["key"] == "confidence").unwrap()["question"];
    let view = &minutes["exhibits"][0];
    assert_eq!((&view["question"], &view["comparedBy"]), (&asked["nl"], &json!("wie kijkt")));
    assert_eq!(seen["ideas"][0]["question"], asked["nl"]);

    let request = app.request(Method::GET, &path, ada).header("accept", "text/html");
    let page = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(
        page.text.contains("Duidingen") && page.text.contains("&lt;script&gt;") && !page.text.contains("<script"),
        "{}",
        page.text
    );
    let policy = page.header("content-security-policy");
    assert!(policy.contains("style-src 'sha256-") && policy.contains("default-src 'none'"), "{policy}");
    let page = app.get(&format!("{path}?format=html&language=en"), ada).await;
    assert!(page.text.contains("Interpretations") && page.text.contains("lang=\"en\""));
    assert!(page.text.contains("Compared by: whose view") && page.text.contains(asked["en"].as_str().unwrap()), "{}", page.text);
    assert!(!page.text.contains("confidence<"), "questions, not keys");
    assert_eq!(app.get(&format!("{path}?language=Dutch"), ada).await.errors(), ["query.language wrongFormat"]);

    let path = study.path("/exports/workshops");
    let researcher = app.get(&path, study.token(Role::Researcher)).await;
    assert_eq!(researcher.header("content-type"), "application/jsonl");
    let line: Value = serde_json::from_str(researcher.text.trim()).unwrap();
    assert_eq!((&line["title"], &line["people"]), (&json!("Session"), &minutes["people"]));
    let external = app.get(&path, study.token(Role::ExternalResearcher)).await;
    let line: Value = serde_json::from_str(external.text.trim()).unwrap();
    assert_eq!((&line["people"], &line["exhibits"][0]["observations"][0]["author"]), (&json!([]), &Value::Null));
    assert!(!external.text.contains("@example.org"), "no names");
}
