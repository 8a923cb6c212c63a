//! Every route against everybody who has nothing to do there: nothing is learned.

use std::collections::BTreeMap;

use duiding::domain::role::Role;
use reqwest::Method;
use uuid::Uuid;

use crate::helpers::{Answer, start};
use crate::operations::{Operation, furnished, operations, picture};

#[actix_web::test]
async fn without_a_token_every_operation_asks_who_you_are() {
    let app = start().await;
    let (_, ids) = furnished(&app).await;
    for operation in operations().iter().filter(|o| !o.public) {
        for body in ["", "{}", "{\"surprise\": 1}"] {
            let answer = operation.ask(&app, &operation.address(&ids), "", body).await;
            answer.problem(401, "unauthorised");
            assert!(answer.header("www-authenticate").contains("Bearer"), "{}", operation.id);
            checked(&answer, &operation.id);
        }
    }
}

#[actix_web::test]
async fn a_token_that_does_not_work_is_refused_before_anything_is_looked_at() {
    let app = start().await;
    let (_, ids) = furnished(&app).await;
    for operation in operations().iter().filter(|o| !o.public) {
        for token in ["dup_unknown", "dud_unknown", "not.a.token"] {
            let address = operation.address(&ids);
            operation.ask(&app, &address, token, "{\"surprise\": 1}").await.problem(401, "unauthorised");
            let other_type = app.send_raw(operation.method.clone(), &address, token, "application/x-other", "x").await;
            other_type.problem(401, "unauthorised");
        }
    }
}

/// What somebody sees of an answer, but for the clock and whether the body was read to its end before the answer.
fn seen(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| !["date", "connection"].contains(&name.as_str()));
    let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned())).collect();
    (answer.status.as_u16(), answer.text.clone(), headers)
}

#[actix_web::test]
async fn a_project_of_others_cannot_be_told_from_one_that_does_not_exist() {
    let app = start().await;
    let (theirs, ids) = furnished(&app).await;
    let mine = app.study().await;
    let device = app.device(&mine).await;
    let before = picture(&app, &theirs).await;
    let mut nowhere = ids.clone();
    nowhere.insert("projectId", Uuid::new_v4().to_string());
    let mut strangers: Vec<&str> = Role::ALL.iter().map(|r| mine.token(*r)).collect();
    strangers.push(&device);
    for operation in operations().iter().filter(|o| o.has_project()) {
        for (i, stranger) in strangers.iter().enumerate() {
            // The right body for everybody; for some also no body, one of another shape and one that is no JSON.
            let bodies = [operation.fitting_body(), String::new(), "{\"surprise\": 1}".to_owned(), "{".to_owned()];
            for body in bodies.iter().take(if i == 0 { bodies.len() } else { 1 }) {
                let real = operation.ask(&app, &operation.address(&ids), stranger, body).await;
                let unreal = operation.ask(&app, &operation.address(&nowhere), stranger, body).await;
                real.problem(404, "notFound");
                assert_eq!(seen(&real), seen(&unreal), "{} {body}", operation.id);
            }
        }
    }
    assert_eq!(picture(&app, &theirs).await, before);
}

#[actix_web::test]
async fn what_belongs_to_another_project_is_not_found_through_ones_own() {
    let app = start().await;
    let (theirs, mut ids) = furnished(&app).await;
    let mine = app.study().await;
    let before = picture(&app, &theirs).await;
    ids.insert("projectId", mine.id.clone());
    for name in ["version", "waveKey", "language", "signifierKey"] {
        ids.remove(name);
    }
    let of_items = |o: &&Operation| o.parameters.iter().any(|(name, _)| name != "projectId" && ids.contains_key(name.as_str()));
    let mut asked = 0;
    for operation in operations().iter().filter(|o| o.has_project()).filter(of_items) {
        if ["put_story", "put_workshop"].contains(&operation.id.as_str()) {
            continue; // the same id makes another one in another project
        }
        for role in Role::ALL {
            let answer = operation.ask(&app, &operation.address(&ids), mine.token(role), &operation.fitting_body()).await;
            assert!([403, 404].contains(&answer.status.as_u16()), "{} as {role:?}: {}", operation.id, answer.text);
            asked += u32::from(answer.status == 404);
        }
    }
    assert!(asked > 25, "{asked}");
    assert_eq!(picture(&app, &theirs).await, before);
}

#[actix_web::test]
async fn a_device_delivers_only_into_its_own_project() {
    let app = start().await;
    let (mine, theirs) = (app.study().await, app.study().await);
    let device = app.device(&mine).await;
    let body = crate::helpers::story(None);
    app.put(&theirs.story(Uuid::new_v4()), &device, &body).await.problem(404, "notFound");
    app.put(&mine.story(Uuid::new_v4()), &device, &body).await.expect(201);
}

/// Headers that every answer has.
#[track_caller]
fn checked(answer: &Answer, what: &str) {
    assert_eq!(answer.header("api-version"), duiding::http::API_VERSION, "{what}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert!(answer.header("strict-transport-security").starts_with("max-age="), "{what}");
    assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{what}");
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
}

#[actix_web::test]
async fn every_answer_has_the_headers_that_protect() {
    let app = start().await;
    let (study, ids) = furnished(&app).await;
    for operation in operations().iter().filter(|o| o.id != "get_openapi" && o.id != "get_framework") {
        for role in [Role::Researcher, Role::Coordinator] {
            let mut nobody = ids.clone();
            nobody.extend(
                ["userId", "invitationId", "tokenId", "enrolmentId", "deviceId"].map(|n| (n, Uuid::new_v4().to_string())),
            );
            let answer = operation.ask(&app, &operation.address(&nobody), study.token(role), "{}").await;
            checked(&answer, &operation.id);
            if operation.id == "delete_session" || operation.id.starts_with("withdraw") {
                break;
            }
        }
    }
    for path in ["/", "/docs/", "/nowhere", "/v1/projects/"] {
        let answer = app.get(path, "").await;
        assert_eq!(answer.header("api-version"), duiding::http::API_VERSION, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[actix_web::test]
async fn a_method_that_a_path_does_not_have_is_told_which_it_has() {
    let app = start().await;
    let all = operations();
    let mut methods: BTreeMap<&str, Vec<&Method>> = BTreeMap::new();
    for operation in &all {
        methods.entry(&operation.path).or_default().push(&operation.method);
    }
    for operation in &all {
        let allowed = &methods[operation.path.as_str()];
        let address = operation.address(&BTreeMap::new());
        // `stories/_batch` is also a story as far as the pattern goes.
        let (parent, last) = operation.path.rsplit_once('/').unwrap();
        let also_an_id =
            |path: &&str| path.strip_prefix(parent).is_some_and(|rest| rest.starts_with("/{") && rest.ends_with('}'));
        if last.starts_with('_') && methods.keys().any(also_an_id) {
            continue;
        }
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if allowed.contains(&&method) {
                continue;
            }
            let answer = app.send(method.clone(), &address, "", &serde_json::json!({})).await;
            answer.problem(405, "methodNotAllowed");
            let mut told: Vec<String> = answer.header("allow").split(", ").map(str::to_owned).collect();
            let head = Some("HEAD".to_owned()).filter(|_| allowed.contains(&&Method::GET));
            let mut expected: Vec<String> = allowed.iter().map(|m| m.to_string()).chain(head).collect();
            told.sort();
            expected.sort();
            assert_eq!(told, expected, "{method} {address}");
        }
    }
}

#[actix_web::test]
async fn a_path_that_does_not_exist_is_a_problem_like_any_other() {
    let app = start().await;
    let (study, ids) = furnished(&app).await;
    let token = study.token(Role::Researcher);
    for operation in operations() {
        let address = format!("{}/", operation.address(&ids));
        let answer = operation.ask(&app, &address, token, "{}").await;
        answer.problem(404, "notFound");
    }
    let base = &study.base;
    let wrong = [
        "/nowhere".to_owned(),
        "/v1".to_owned(),
        "/v2/projects".to_owned(),
        "/v1//projects".to_owned(),
        "/v1/projects/not-an-id".to_owned(),
        format!("{base}/stories/not-an-id"),
        format!("{base}/stories/not-an-id/versions"),
        format!("{base}/participants/not-an-id"),
        format!("{base}/frameworks/first"),
        format!("{base}/frameworks/99999999999"),
        format!("{base}/%00"),
    ];
    for path in wrong {
        let answer = app.get(&path, token).await;
        answer.problem(404, "notFound");
        checked(&answer, &path);
    }
}

#[actix_web::test]
async fn everybody_may_read_the_document_from_anywhere() {
    let app = start().await;
    let answer = app.get("/v1/openapi.json", "").await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.header("cache-control").starts_with("public"));
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.expect(200), crate::operations::document());
    for path in ["/healthz", "/readyz"] {
        assert_eq!(app.get(path, "").await.expect(200)["status"], "ok");
    }
}

#[actix_web::test]
async fn the_pages_for_people_load_what_they_need_and_nothing_from_elsewhere() {
    let app = start().await;
    let answer = app.get("/docs/", "").await;
    assert_eq!(answer.status, 200);
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("script-src 'self'") && policy.contains("connect-src 'self'"), "{policy}");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(app.get("/", "").await.status, 200);
}
