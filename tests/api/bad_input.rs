//! A story that is wrong is refused with everything that is wrong, each by its place, and nothing of it is kept.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

/// A device in a study, that delivers what should be refused.
struct Field {
    app: TestApp,
    study: Study,
    device: String,
}

impl Field {
    async fn new() -> Self {
        let app = start().await;
        let study = app.study().await;
        let device = app.device(&study).await;
        Self { app, study, device }
    }

    async fn deliver(&self, body: &Value) -> Answer {
        self.app.put(&self.study.story(Uuid::new_v4()), &self.device, body).await
    }

    async fn deliver_raw(&self, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.app.send_raw(Method::PUT, &self.study.story(Uuid::new_v4()), &self.device, kind, body).await
    }

    /// Errors of a story with these changes.
    async fn errors(&self, change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut body = story(None);
        change(&mut body);
        let errors = self.deliver(&body).await.errors();
        assert_eq!(self.app.stories_kept().await, 0);
        errors
    }
}

#[actix_web::test]
async fn placements_that_do_not_fit_their_figure_are_all_named() {
    let field = Field::new().await;
    let answered = |value: Value| json!({"state": "answered", "value": value});
    let errors = field.errors(|body| {
        body["placements"] = json!({
            "competence": answered(json!({"shares": [0.6, 0.3, 0.13]})),
            "fitting-work": answered(json!({"shares": [1.5, -0.3, -0.2]})),
            "meaningful-days": answered(json!({"shares": [0.5, 0.5]})),
            "influence": answered(json!({"position": 0.5})),
            "confidence": answered(json!({"position": 1.01})),
            "culture": answered(json!({"position": "half"})),
            "health": answered(json!({"stones": [{"key": "body", "x": 1.2, "y": -0.1}, {"key": "soul", "x": 0, "y": 0},
                {"key": "mind", "x": 0.5}, {"key": "body", "x": 0, "y": 0}]})),
            "money": answered(json!({"point": "6"})),
            "transport": answered(json!({"options": ["bike", "walk"]})),
            "how-common": answered(json!({"options": ["hover"]})),
            "who-should-hear": answered(json!({"options": ["guide", "guide"]})),
            "tone": {"state": "declined"},
            "home": {"state": "skipped", "value": {"point": "1"}},
            "transport-effort": {"state": "answered"},
            "language-around": {"state": "maybe"},
            "whose": answered(json!({"options": ["mine"]})),
            "mood": answered(json!({"position": 0.5}))
        });
        body["background"] = json!({
            "age-band": answered(json!({"options": []})),
            "gender": answered(json!({"options": ["unheard-of"]})),
            "tone": answered(json!({"point": "1"}))
        });
    });
    let expected = [
        "$.background.gender.value.options[0] unknownOption",
        "$.background.tone unknownSignifier",
        "$.background['age-band'].value.options tooShort",
        "$.placements.competence.value.shares sharesSum",
        "$.placements.confidence.value.position outOfRange",
        "$.placements.culture.value.position wrongType",
        "$.placements.health.value.stones[0].x outOfRange",
        "$.placements.health.value.stones[0].y outOfRange",
        "$.placements.health.value.stones[1].key unknownOption",
        "$.placements.health.value.stones[2].y required",
        "$.placements.health.value.stones[3].key duplicateOption",
        "$.placements.home.value unexpectedValue",
        "$.placements.influence.value.position wrongKind",
        "$.placements.influence.value.shares required",
        "$.placements.money.value.point unknownOption",
        "$.placements.mood unknownSignifier",
        "$.placements.tone.state stateNotOffered",
        "$.placements.transport.value.options tooLong",
        "$.placements.whose notAsked",
        "$.placements['fitting-work'].value.shares[0] outOfRange",
        "$.placements['fitting-work'].value.shares[1] outOfRange",
        "$.placements['fitting-work'].value.shares[2] outOfRange",
        "$.placements['how-common'].value.options[0] unknownOption",
        "$.placements['language-around'].state unknownOption",
        "$.placements['meaningful-days'].value.shares tooShort",
        "$.placements['transport-effort'].value required",
        "$.placements['who-should-hear'].value.options[1] duplicateOption",
    ];
    assert_eq!(errors.await, expected);
}

#[actix_web::test]
async fn what_the_framework_does_not_have_is_named() {
    let field = Field::new().await;
    let errors = field.errors(|body| {
        body["perspective"] = json!("neighbour");
        body["prompt"] = json!("favourite-colour");
        body["permissions"] = json!({"workgroup": true, "newspaper": true});
        body["attributes"] = json!({"weather": "rain", "trajectory": "temporary-job"});
        body["language"] = json!("Dutch");
        body["consent"]["language"] = json!("n");
        body["nickname"] = json!("Sjaak");
        body["device"]["battery"] = json!(3);
    });
    let expected = [
        "$.attributes.trajectory unknownAttribute",
        "$.attributes.weather unknownAttribute",
        "$.consent.language wrongFormat",
        "$.device.battery unknownMember",
        "$.language wrongFormat",
        "$.nickname unknownMember",
        "$.permissions.newspaper unknownOption",
        "$.perspective unknownOption",
        "$.prompt unknownOption",
    ];
    assert_eq!(errors.await, expected);
}

#[actix_web::test]
async fn a_framework_version_that_is_not_published_is_named_beside_the_rest() {
    let field = Field::new().await;
    for version in [json!(2), json!(99_999_999_999_u64), json!(12_345_678_901_234_567_890_u64), json!(1e30), json!(1.5), json!(0)]
    {
        let errors = field.errors(|body| {
            body["frameworkVersion"] = version.clone();
            body["text"] = json!(7);
        });
        let errors = errors.await;
        assert_eq!(errors.last().unwrap(), "$.text wrongType", "{version}");
        assert!(errors[0].starts_with("$.frameworkVersion "), "{version}: {errors:?}");
    }
    let unknown = field.errors(|body| body["frameworkVersion"] = json!(2)).await;
    assert_eq!(unknown, ["$.frameworkVersion unknownFrameworkVersion"]);
}

#[actix_web::test]
async fn wrong_types_everywhere_are_all_named_at_once() {
    let field = Field::new().await;
    let body = json!({
        "schema": "1", "frameworkVersion": "1", "wave": 1, "teller": 1, "participant": [], "perspective": null, "mode": 3,
        "prompt": {}, "title": 0, "text": [], "language": 0, "interpreter": "yes", "toldOn": 20260302, "placements": [],
        "background": null, "attributes": [], "permissions": {"quote": "yes"}, "consent": "spoken", "collectedBy": false,
        "device": 1, "attachments": {}
    });
    let errors = field.deliver(&body).await.errors();
    let named: Vec<&str> = errors.iter().map(|e| e.split(' ').next().unwrap()).collect();
    let mut expected: Vec<String> = body.as_object().unwrap().keys().map(|k| format!("$.{k}")).collect();
    expected.iter_mut().filter(|p| *p == "$.permissions").for_each(|p| *p = "$.permissions.quote".to_owned());
    expected.sort();
    assert_eq!(named, expected);
    assert!(errors.iter().all(|e| e.ends_with(" wrongType")), "{errors:?}");
    assert_eq!(field.app.stories_kept().await, 0);
}

#[actix_web::test]
async fn numbers_that_no_member_can_hold_are_named_where_they_are() {
    let field = Field::new().await;
    let errors = field.errors(|body| {
        body["schema"] = json!(4_294_967_297_u64);
        body["placements"]["competence"]["rotation"] = json!(300);
        body["attachments"] = json!([{"id": Uuid::new_v4(), "sha256": "0".repeat(64), "bytes": 1e30, "mediaType": "audio/webm"}]);
    });
    let expected = ["$.attachments[0].bytes outOfRange", "$.placements.competence.rotation outOfRange", "$.schema outOfRange"];
    assert_eq!(errors.await, expected);
}

#[actix_web::test]
async fn declared_files_and_times_must_have_their_form() {
    let field = Field::new().await;
    let id = Uuid::new_v4();
    let errors = field.errors(|body| {
        body["attachments"] = json!([
            {"id": id, "sha256": "A".repeat(64), "bytes": 0, "mediaType": "text/html"},
            {"id": id, "sha256": "0".repeat(64), "bytes": 209_715_201, "mediaType": "audio/webm"},
            {"id": "mine", "bytes": 1, "mediaType": "audio/webm"}
        ]);
        body["toldOn"] = json!("2026-02-30");
        body["consent"]["at"] = json!("yesterday");
        body["consent"]["way"] = json!("nodded");
        body["device"]["startedAt"] = json!("2026-03-02T25:00:00Z");
    });
    let expected = [
        "$.attachments[0].bytes outOfRange",
        "$.attachments[0].mediaType wrongFormat",
        "$.attachments[0].sha256 wrongFormat",
        "$.attachments[1].bytes outOfRange",
        "$.attachments[1].id duplicateKey",
        "$.attachments[2].id wrongFormat",
        "$.attachments[2].sha256 required",
        "$.consent.at wrongFormat",
        "$.consent.way unknownOption",
        "$.device.startedAt wrongFormat",
        "$.toldOn wrongFormat",
    ];
    assert_eq!(errors.await, expected);
}

#[actix_web::test]
async fn times_are_accepted_or_named_but_never_refused_without_their_place() {
    let field = Field::new().await;
    let times = [
        "2026-03-02T10:00:00z",
        "2026-03-02t10:00:00Z",
        "2026-03-02T23:59:60Z",
        "2026-03-02T10:00:00.1234567890123Z",
        "2026-03-02T10:00:00+23:59",
        "2026-03-02T10:00:00-00:00",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "2026-03-02 10:00:00Z",
        "2026-03-02T10:00Z",
        "2026-03-02T10:00:00",
        "2026-3-2T10:00:00Z",
        "+2026-03-02T10:00:00Z",
    ];
    for time in times {
        let mut body = story(None);
        body["consent"]["at"] = json!(time);
        let answer = field.deliver(&body).await;
        if answer.status != 201 {
            assert_eq!(answer.errors(), ["$.consent.at wrongFormat"], "{time}");
        }
    }
}

#[actix_web::test]
async fn whole_numbers_may_be_written_with_a_point() {
    let field = Field::new().await;
    let text = story(None).to_string().replace("\"frameworkVersion\":1,", "\"frameworkVersion\":1.0,");
    assert!(text.contains("1.0"));
    let receipt = field.deliver_raw("application/json", text).await.expect(201);
    let canonical = duiding::domain::canonical::canonical_json(&story(None));
    assert_eq!(receipt["sha256"], duiding::domain::canonical::sha256_hex(canonical), "1.0 is 1 in the canonical form");
}

#[actix_web::test]
async fn error_texts_repeat_nothing_of_what_was_told() {
    let field = Field::new().await;
    let secret = "Sjaak van de Bakker";
    let placed =
        json!({"state": secret, "value": {"point": secret, "options": [secret], "text": [secret], "stones": [{"key": secret}]}});
    let errors = json!({
        "schema": secret, "frameworkVersion": 1, "wave": [secret], "teller": [secret], "participant": {secret: secret},
        "perspective": secret, "mode": secret, "prompt": secret, "title": [secret], "text": {"is": secret}, "language": secret,
        "toldOn": secret, "placements": {"competence": placed, "tone": {"state": "answered", "value": {"point": secret}}},
        "attributes": {"weather": secret}, "consent": {"version": [secret], "language": secret, "way": secret, "at": secret},
        "device": {"startedAt": secret}, "attachments": [{"id": secret, "sha256": secret, "mediaType": secret}]
    });
    let answer = field.deliver(&errors).await;
    assert!(answer.errors().len() > 20);
    assert!(!answer.text.contains("Sjaak"), "{}", answer.text);
}
