//! Every operation of the OpenAPI document, and a study in which there is one of everything.

use std::collections::BTreeMap;

use duiding::db::pins::{self, PinRow};
use duiding::db::{DbError, now};
use duiding::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, story};
use crate::workshops;

/// An operation as the document has it.
#[derive(Debug, Clone)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    pub public: bool,
    /// Media type of its body.
    pub body: Option<String>,
    /// Names of path parameters with an example, where there is one.
    pub parameters: Vec<(String, Value)>,
}

/// The document.
pub fn document() -> Value {
    serde_json::from_str(&duiding::http::document_text()).unwrap()
}

/// All operations.
pub fn operations() -> Vec<Operation> {
    let document = document();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "path");
            let content = operation["requestBody"]["content"].as_object();
            all.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                public: operation["security"] == json!([{}]),
                body: content.and_then(|c| c.keys().next().cloned()),
                parameters: parameters.map(|p| (p["name"].as_str().unwrap().to_owned(), p["example"].clone())).collect(),
            });
        }
    }
    assert!(all.len() > 60);
    all
}

impl Operation {
    pub fn has_project(&self) -> bool {
        self.path.contains("{projectId}")
    }

    /// The address with these ids in it; what is not among them is the document's example, or random.
    pub fn address(&self, ids: &BTreeMap<&str, String>) -> String {
        let fill = |path: String, (name, example): &(String, Value)| {
            let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            let given = ids.get(name.as_str()).cloned();
            let value = given.unwrap_or_else(|| if example.is_null() { Uuid::new_v4().to_string() } else { text });
            path.replace(&format!("{{{name}}}"), &value)
        };
        self.parameters.iter().fold(self.path.clone(), fill)
    }

    /// Asks with a body of the right media type, if the operation takes one.
    pub async fn ask(&self, app: &TestApp, address: &str, token: &str, body: &str) -> Answer {
        let mut request = app.request(self.method.clone(), address, token);
        if let Some(kind) = &self.body {
            request = request.header("content-type", kind).header("upload-offset", "0").body(body.to_owned());
        }
        let response = request.send().await.unwrap();
        if response.status() == 200 && self.id == "get_workshop_events" {
            // It lasts: the head is all of it that ends.
            return Answer { status: response.status(), headers: response.headers().clone(), text: String::new() };
        }
        Answer::of(response).await
    }

    /// A body with which the operation would do something.
    pub fn fitting_body(&self) -> String {
        let reason = "somebody asked for it";
        let body = match self.id.as_str() {
            "update_member" => json!({"role": "workgroup"}),
            "update_participation" => json!({"state": "missed"}),
            "correct_story" => json!({"reason": reason}),
            "redact_story" => json!({"version": 1, "text": "Nothing.", "reason": reason}),
            "consent_thresholds" => json!({"thresholds": {"population": 9, "cell": 4}}),
            "release_story" => json!({"version": 1}),
            "put_translation" => json!({"version": 1, "title": "The bus", "text": "I took the bus."}),
            "accept_story" | "withdraw_story" | "restrict_participant" | "restrict_teller" => json!({"reason": reason}),
            "create_region" | "update_region" => {
                json!({"name": "on their own", "region": {"signifier": "confidence", "interval": [0.5, 1]}})
            }
            "put_informed" => json!({"on": "2026-03-02", "by": "coordinator", "way": "letter"}),
            "create_consent_text" => json!({"key": "taking-part", "texts": {"nl": "Ik doe mee."}}),
            "create_participant_consent" | "create_teller_consent" => json!({"text": "taking-part", "version": 1,
                "language": "nl", "decision": "given", "at": "2026-03-02T10:00:00Z", "way": "onPaper"}),
            "withdraw_participant_consent" | "withdraw_teller_consent" => json!({"scope": "stop", "way": "onPaper"}),
            "put_processing" => json!({"basedOn": 0, "processing": {"controller": null, "purposes": []}}),
            "create_pin" => json!({"lens": {}, "findingId": "0000000000000000", "note": "to be talked about"}),
            "create_lens" => json!({"lens": {"waves": ["1"]}, "compareBy": "perspective"}),
            "update_lens" => json!({"name": "the first wave", "lens": {"waves": ["1"]}}),
            "put_workshop" => json!({"title": "Session"}),
            "put_exhibit" => json!({"title": "Confidence", "order": 1, "lensId": Uuid::nil(), "signifier": "confidence"}),
            "put_observation" => json!({"exhibitId": Uuid::nil(), "text": "Many on the left", "strength": "strong"}),
            "put_interpretation" | "put_idea" => json!({"observationId": Uuid::nil(), "text": "They know the way"}),
            "put_cluster" => json!({"name": "Getting used to it", "kind": "theme", "order": 1}),
            "create_webhook" => json!({"url": "https://example.org/hook", "events": ["wave.changed"]}),
            "update_webhook" => json!({"enabled": false}),
            "create_token" => json!({"name": "R", "scopes": ["project:read"], "days": 1}),
            "withdraw_story_by_code" => json!({"code": "BC73-RMKF-1WR", "reason": reason}),
            "put_device_status" => json!({"appVersion": "1.4.0", "undelivered": 0}),
            "put_framework_asset" => return "ID3\u{4}\0\0\0\0\0\u{23}TSSE".to_owned(),
            "upload_attachment_part" => return "12345678".to_owned(),
            _ => json!({}),
        };
        body.to_string()
    }
}

/// A pin of a researcher, put into the database: to have a finding takes many stories. Answers its id.
pub async fn pin(app: &TestApp, study: &Study, lens: Value) -> String {
    let finding = json!({
        "id": "0123456789abcdef", "kind": "association", "signifiers": ["confidence", "tone"], "compared": [],
        "layer": {"wave": "1", "perspective": "candidate"}, "n": 30, "participants": 30, "effect": {"name": "kendall-tau-b"},
        "evidence": "clear", "sentence": {"nl": "Zij gaan samen.", "en": "They go together."}, "plot": null,
        "typical": [], "contradicting": [], "caveats": []
    });
    let question =
        json!({"kind": "association", "signifiers": ["confidence", "tone"], "layer": finding["layer"], "compared": []});
    let row = PinRow {
        project_id: study.id.clone(),
        id: Uuid::new_v4().to_string(),
        audience: "researcher".to_owned(),
        lens: lens.to_string(),
        finding: finding.to_string(),
        question: question.to_string(),
        change: 1,
        note: String::new(),
        created_by: "user:somebody".to_owned(),
        created_at: now(),
    };
    let id = row.id.clone();
    app.state.db.write::<(), DbError>(move |conn| pins::insert(conn, &row)).await.unwrap();
    id
}

/// A study with one of everything, and the ids by the names of the path parameters.
pub async fn furnished(app: &TestApp) -> (Study, BTreeMap<&'static str, String>) {
    let study = app.study().await;
    let (owner, researcher) = (study.token(Role::Owner), study.token(Role::Researcher));
    let coordinator = study.token(Role::Coordinator);
    let id = |value: &Value| value.as_str().unwrap().to_owned();

    let me = app.get("/v1/me", study.token(Role::Workgroup)).await.expect(200);
    let body = json!({"email": "new@example.org", "role": "workgroup"});
    let invitation = app.post(&study.path("/invitations"), owner, &body).await.expect(201);
    let body = json!({"name": "R", "scopes": ["project:read"], "days": 1});
    let token = app.post(&study.path("/tokens"), researcher, &body).await.expect(201);
    let body = json!({"url": "https://localhost/hook", "events": ["framework.published"]});
    let webhook = app.post(&study.path("/webhooks"), owner, &body).await.expect(201);
    let (participant_id, code) = app.participant(&study).await;
    let tellers = app.get(&study.path("/tellers"), coordinator).await.expect(200);
    let person = study.path(&format!("/participants/{participant_id}"));
    app.put(&format!("{person}/contact"), coordinator, &json!({"name": "Jan"})).await.expect(204);
    let body = json!({"key": "taking-part", "texts": {"nl": "Ik doe mee."}});
    app.post(&study.path("/consent-texts"), coordinator, &body).await.expect(201);
    let body = json!({"text": "taking-part", "version": 1, "language": "nl", "decision": "given",
        "at": "2026-03-02T10:00:00Z", "way": "onPaper"});
    app.post(&format!("{person}/consents"), coordinator, &body).await.expect(201);
    let device = app.device(&study).await;
    let devices = app.get(&study.path("/devices"), coordinator).await.expect(200);
    let enrolments = app.get(&study.path("/enrolments"), coordinator).await.expect(200);
    let body = json!({"name": "bold", "region": {"signifier": "confidence", "interval": [0.5, 1]}});
    let region = app.post(&study.path("/regions"), researcher, &body).await.expect(201);
    let pin = pin(app, &study, json!({})).await;
    let body = json!({"name": "first", "lens": {"waves": ["1"]}});
    let lens = app.post(&study.path("/lenses"), researcher, &body).await.expect(201);
    let shop = workshops::furnished(app, &study, Role::Researcher).await;
    let (story_id, attachment_id) = (Uuid::new_v4(), Uuid::new_v4());
    let mut told = story(Some(&code));
    told["attachments"] = json!([{"id": attachment_id, "sha256": "0".repeat(64), "bytes": 1_000_000, "mediaType": "audio/webm"}]);
    app.put(&study.story(story_id), &device, &told).await.expect(201);

    let ids = BTreeMap::from([
        ("projectId", study.id.clone()),
        ("userId", id(&me["id"])),
        ("invitationId", id(&invitation["invitation"]["id"])),
        ("webhookId", id(&webhook["webhook"]["id"])),
        ("tokenId", id(&token["details"]["id"])),
        ("participantId", participant_id),
        ("tellerId", id(&tellers["items"][0]["id"])),
        ("deviceId", id(&devices["items"][0]["id"])),
        ("enrolmentId", id(&enrolments["items"][0]["id"])),
        ("regionId", id(&region["id"])),
        ("pinId", pin),
        ("lensId", id(&lens["id"])),
        ("workshopId", shop.id.to_string()),
        ("exhibitId", shop.exhibit.to_string()),
        ("observationId", shop.observation.to_string()),
        ("interpretationId", shop.interpretation.to_string()),
        ("ideaId", shop.idea.to_string()),
        ("itemId", shop.idea.to_string()),
        ("clusterId", shop.cluster.to_string()),
        ("storyId", story_id.to_string()),
        ("attachmentId", attachment_id.to_string()),
        ("version", "1".to_owned()),
        ("waveKey", "1".to_owned()),
        ("language", "en".to_owned()),
        ("signifierKey", "confidence".to_owned()),
    ]);
    (study, ids)
}

/// Everything in a study that somebody else could have changed.
pub async fn picture(app: &TestApp, study: &Study) -> Value {
    let look = [
        ("", Role::Owner),
        ("/members", Role::Owner),
        ("/invitations", Role::Owner),
        ("/webhooks", Role::Owner),
        ("/waves", Role::Owner),
        ("/frameworks", Role::Researcher),
        ("/framework-assets", Role::Researcher),
        ("/tokens", Role::Researcher),
        ("/participants", Role::Coordinator),
        ("/tellers", Role::Coordinator),
        ("/consent-texts", Role::Coordinator),
        ("/consent-counts", Role::Coordinator),
        ("/processing", Role::Owner),
        ("/enrolments", Role::Coordinator),
        ("/devices", Role::Coordinator),
        ("/regions", Role::Researcher),
        ("/pins", Role::Researcher),
        ("/lenses", Role::Researcher),
        ("/workshops", Role::Researcher),
        ("/stories", Role::Researcher),
        ("/access-review", Role::Owner),
        ("/audit-events?limit=500", Role::Owner),
    ];
    // The trail gets its numbers and hashes by itself: let them not come between two looks.
    duiding::upkeep::seal_all(&app.state.db).await.unwrap();
    let mut seen = serde_json::Map::new();
    for (rest, role) in look {
        seen.insert(rest.to_owned(), app.get(&study.path(rest), study.token(role)).await.expect(200));
    }
    Value::Object(seen)
}
