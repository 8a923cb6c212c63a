//! The yearly look at who can get into a study.

use chrono::{DateTime, Months, Utc};
use duiding::domain::role::Role;
use serde_json::{Value, json};

use crate::helpers::{PASSWORD, Study, TestApp, start};
use crate::second_factor::set_up;

async fn review(app: &TestApp, study: &Study) -> Value {
    app.get(&study.path("/access-review"), study.token(Role::Owner)).await.expect(200)
}

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

fn with<'a>(list: &'a Value, name: &str, value: &Value) -> &'a Value {
    list.as_array().unwrap().iter().find(|m| &m[name] == value).unwrap()
}

#[actix_web::test]
async fn the_owner_sees_everybody_and_everything_that_can_get_in() {
    let app = start().await;
    let (study, other) = (app.study().await, app.study().await);
    let (owner, researcher) = (study.token(Role::Owner), study.token(Role::Researcher));
    let me = app.get("/v1/me", researcher).await.expect(200);
    set_up(&app, researcher).await;
    let body = json!({"name": "R", "scopes": ["project:read", "export:read"], "days": 30});
    let token = app.post(&study.path("/tokens"), researcher, &body).await.expect(201);
    let gone = app.post(&study.path("/tokens"), researcher, &body).await.expect(201);
    let path = study.path(&format!("/tokens/{}", gone["details"]["id"].as_str().unwrap()));
    app.delete(&path, researcher).await.expect(204);
    app.get(&study.base, token["token"].as_str().unwrap()).await.expect(200);
    app.device(&study).await;
    app.device(&other).await;
    let body = json!({"email": "new@example.org", "role": "workgroup"});
    let invited = app.post(&study.path("/invitations"), owner, &body).await.expect(201);
    let accepted = app.post(&study.path("/invitations"), owner, &json!({"email": "in@example.org", "role": "workgroup"})).await;
    let accepted = json!({"code": accepted.expect(201)["code"], "email": "in@example.org", "name": "In", "password": PASSWORD});
    app.post("/v1/invitations/_accept", "", &accepted).await.expect(201);

    let seen = review(&app, &study).await;
    assert_eq!(seen["members"].as_array().unwrap().len(), Role::ALL.len() + 1);
    let member = with(&seen["members"], "userId", &me["id"]);
    assert_eq!((&member["email"], &member["role"]), (&me["email"], &json!("researcher")));
    assert_eq!((&member["secondFactor"], &member["endsOn"]), (&json!(true), &Value::Null));
    assert!(member["since"].is_string() && member["lastUsedAt"].is_string());
    assert_eq!(with(&seen["members"], "role", &json!("owner"))["secondFactor"], false);
    assert!(with(&seen["members"], "email", &json!("in@example.org"))["lastUsedAt"].is_string());

    let list = seen["tokens"].as_array().unwrap();
    assert_eq!(list.len(), 1, "only what works");
    assert_eq!((&list[0]["name"], &list[0]["person"]), (&json!("R"), &me["name"]));
    assert_eq!(list[0]["scopes"], json!(["project:read", "export:read"]));
    assert!(list[0]["lastUsedAt"].is_string());
    assert_eq!(seen["devices"].as_array().unwrap().len(), 1);
    assert_eq!(seen["devices"][0]["facilitator"], "facilitator 1");
    assert_eq!(seen["invitations"].as_array().unwrap().len(), 1, "only open ones");
    assert_eq!(seen["invitations"][0]["id"], invited["invitation"]["id"]);
    let text = seen.to_string();
    for secret in ["dup_", "dui_", "dud_", "hash"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[actix_web::test]
async fn a_review_is_due_a_year_after_the_beginning_or_the_last_one() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let year_after = |at: DateTime<Utc>| at.checked_add_months(Months::new(12)).unwrap();
    let before = review(&app, &study).await;
    let began = instant(&app.get(&study.base, owner).await.expect(200)["createdAt"]);
    assert_eq!((&before["lastReviewedAt"], instant(&before["due"])), (&Value::Null, year_after(began)));

    let done = app.post(&study.path("/access-review/_complete"), owner, &json!({})).await.expect(200);
    let after = review(&app, &study).await;
    let me = app.get("/v1/me", owner).await.expect(200);
    assert_eq!(after["lastReviewedAt"], done["lastReviewedAt"]);
    assert_eq!(after["lastReviewedBy"], format!("user:{}", me["id"].as_str().unwrap()));
    assert_eq!(instant(&after["due"]), year_after(instant(&done["lastReviewedAt"])));
    let events = app.get(&study.path("/audit-events"), owner).await.expect(200);
    assert_eq!(events["items"][0]["action"], "accessReview.complete");
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Owner) {
        app.get(&study.path("/access-review"), study.token(role)).await.problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn the_table_has_a_row_for_each_and_no_formula() {
    let app = start().await;
    let study = app.study().await;
    let owner = study.token(Role::Owner);
    let invited = app.post(&study.path("/invitations"), owner, &json!({"email": "in@example.org", "role": "workgroup"})).await;
    let formula = "=HYPERLINK(\"http://x\")";
    let accepted = json!({"code": invited.expect(201)["code"], "email": "in@example.org", "name": formula, "password": PASSWORD});
    app.post("/v1/invitations/_accept", "", &accepted).await.expect(201);
    let body = json!({"name": "+1", "scopes": ["project:read"], "days": 30});
    app.post(&study.path("/tokens"), study.token(Role::Researcher), &body).await.expect(201);
    app.device(&study).await;
    app.post(&study.path("/invitations"), owner, &json!({"email": "=x@example.org", "role": "workgroup"})).await.expect(201);

    let answer = app.get(&study.path("/access-review?format=csv"), owner).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.header("content-type").starts_with("text/csv"));
    assert!(answer.header("content-disposition").contains("access-review.csv"));
    let mut table = csv::Reader::from_reader(answer.text.as_bytes());
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let kinds = |kind: &str| rows.iter().filter(|r| &r[0] == kind).count();
    assert_eq!((kinds("member"), kinds("token"), kinds("device"), kinds("invitation")), (Role::ALL.len() + 1, 1, 1, 1));
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell}");
    }
    assert!(answer.text.contains("'+1") && answer.text.contains("'=x@example.org"));
    let events = app.get(&study.path("/audit-events"), owner).await.expect(200);
    assert_eq!(events["items"][0]["action"], "accessReview.export");
    app.get(&study.path("/access-review?format=xml"), owner).await.problem(400, "invalidInput");
}
