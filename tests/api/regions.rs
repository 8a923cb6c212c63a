//! Regions of figures: kept under a name, asked about, and closed where they would point at somebody.

use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::start;

fn region() -> Value {
    json!({"signifier": "competence", "polygon": [[1.0, 0.0, 0.0], [0.6, 0.4, 0.0], [0.6, 0.0, 0.4]]})
}

#[actix_web::test]
async fn a_region_is_kept_changed_and_taken_away() {
    let app = start().await;
    let study = app.study().await;
    let workgroup = study.token(Role::Workgroup);
    let made = app.post(&study.path("/regions"), workgroup, &json!({"name": "Skilled", "region": region()})).await;
    let location = made.header("location");
    let made = made.expect(201);
    assert_eq!(location, study.path(&format!("/regions/{}", made["id"].as_str().unwrap())));
    assert_eq!((&made["name"], &made["region"]), (&json!("Skilled"), &region()));
    for role in [Role::Researcher, Role::ExternalResearcher, Role::Workgroup] {
        assert_eq!(app.get(&location, study.token(role)).await.expect(200), made);
        assert_eq!(app.get(&study.path("/regions"), study.token(role)).await.expect(200)["items"], json!([made]));
    }
    let change = json!({"name": "Sure", "region": {"signifier": "confidence", "interval": [0.5, 1.0]}});
    let changed = app.put(&location, study.token(Role::Researcher), &change).await.expect(200);
    assert_eq!((&changed["id"], &changed["name"], &changed["region"]), (&made["id"], &change["name"], &change["region"]));
    app.delete(&location, study.token(Role::ExternalResearcher)).await.problem(403, "forbidden");
    app.delete(&location, workgroup).await.expect(204);
    app.get(&location, workgroup).await.problem(404, "notFound");
    app.put(&location, workgroup, &change).await.problem(404, "notFound");
    let events = app.get(&study.path("/audit-events?limit=500"), study.token(Role::Owner)).await.expect(200);
    let actions: Vec<&str> = events["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    for action in ["region.create", "region.update", "region.delete"] {
        assert_eq!(actions.iter().filter(|a| **a == action).count(), 1, "{action}");
    }
}

#[actix_web::test]
async fn a_region_names_everything_that_does_not_fit() {
    let app = start().await;
    let study = app.study().await;
    let (researcher, workgroup) = (study.token(Role::Researcher), study.token(Role::Workgroup));
    let wrong = json!({"name": "", "region": {"signifier": "competence", "polygon": [[1, 0, 0]], "colour": "red"}});
    let answer = app.post(&study.path("/regions"), researcher, &wrong).await;
    assert_eq!(answer.errors(), ["$.name tooShort", "$.region.colour unknownMember", "$.region.polygon tooShort"]);
    let wrong = json!({"name": "x", "region": {"signifier": "competence", "polygon": [[1, 0, 0], [0.5, 0, 0], [1, 0]], "interval": [0, 1]}});
    let answer = app.post(&study.path("/regions"), researcher, &wrong).await;
    let expected = ["$.region.interval wrongKind", "$.region.polygon[1] sharesSum", "$.region.polygon[2] wrongCount"];
    assert_eq!(answer.errors(), expected);
    let lens = json!({"waves": ["9"], "regions": [{"signifier": "nowhere", "interval": [0, 1]}, {"signifier": "confidence", "interval": [1, 0]}]});
    let answer = app.post(&study.path("/summaries/_search"), researcher, &lens).await;
    let expected = ["$.regions[0].signifier unknownReference", "$.regions[1].interval wrongOrder", "$.waves[0] unknownOption"];
    assert_eq!(answer.errors(), expected);
    let lens = json!({"waves": ["9"], "regions": [{"signifier": 7}]});
    let answer = app.post(&study.path("/summaries/_search"), researcher, &lens).await;
    assert_eq!(answer.errors(), ["$.regions[0].signifier wrongType", "$.waves[0] unknownOption"]);

    let sensitive =
        json!({"name": "Ill", "region": {"signifier": "health", "stone": "body", "polygon": [[0, 0], [0.5, 0], [0, 0.5]]}});
    let answer = app.post(&study.path("/regions"), workgroup, &sensitive).await;
    assert_eq!(answer.errors(), ["$.region.signifier notForThisRole"]);
    let made = app.post(&study.path("/regions"), researcher, &sensitive).await.expect(201);
    let path = study.path(&format!("/regions/{}", made["id"].as_str().unwrap()));
    let answer = app.put(&path, workgroup, &sensitive).await;
    assert_eq!(answer.errors(), ["$.region.signifier notForThisRole"]);
    app.get(&study.path(&format!("/regions/{}", Uuid::new_v4())), workgroup).await.problem(404, "notFound");
}
