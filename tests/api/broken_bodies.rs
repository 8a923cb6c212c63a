//! Bodies that are no proper JSON, too large, too deep or of another kind: refused in words, with nothing kept.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::helpers::{Answer, Study, TestApp, start, story};

/// A device in a study.
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

    async fn deliver(&self, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
        let answer = self.app.send_raw(Method::PUT, &self.study.story(Uuid::new_v4()), &self.device, kind, body).await;
        assert_eq!(self.app.stories_kept().await, 0);
        answer
    }

    async fn errors(&self, body: impl Into<Vec<u8>>) -> Vec<String> {
        self.deliver("application/json", body).await.errors()
    }
}

/// The text of a good story with one piece in place of another.
fn with(piece: &str, other: &str) -> String {
    let text = story(None).to_string();
    assert!(text.contains(piece), "{piece}");
    text.replacen(piece, other, 1)
}

#[actix_web::test]
async fn a_body_that_is_no_object_is_refused() {
    let field = Field::new().await;
    for body in ["[]", "null", "\"a story\"", "12", "true", "[{}]"] {
        assert_eq!(field.errors(body).await, ["$ wrongType"], "{body}");
    }
}

#[actix_web::test]
async fn a_body_that_is_no_json_is_refused() {
    let field = Field::new().await;
    for body in
        ["", " ", "{", "{}{}", "{\"text\": 'single'}", "{\"text\": \"\\ud800\"}", "{\"text\": \"a\nb\"}", "{,}", "\u{feff}{}"]
    {
        assert_eq!(field.errors(body).await, ["$ invalidJson"], "{body:?}");
    }
}

#[actix_web::test]
async fn numbers_that_are_none_are_refused() {
    let field = Field::new().await;
    for number in ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "0x10", "01", "1.", ".5", "+1"] {
        assert_eq!(field.errors(with("0.55", number)).await, ["$ invalidJson"], "{number}");
    }
}

#[actix_web::test]
async fn text_that_is_not_utf8_is_refused() {
    let field = Field::new().await;
    let mut body = story(None).to_string().into_bytes();
    let at = body.windows(6).position(|w| w == b"De bus").unwrap();
    body[at] = 0xff;
    let answer = field.deliver("application/json", body).await;
    assert_eq!(answer.errors(), ["$ invalidUtf8"]);
    let utf16: Vec<u8> = story(None).to_string().encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(field.deliver("application/json", utf16).await.errors().len(), 1);
}

#[actix_web::test]
async fn members_given_twice_are_all_named() {
    let field = Field::new().await;
    let body =
        with("\"title\":", "\"text\": \"another\", \"device\": {\"appVersion\": \"1\", \"appVersion\": \"2\"}, \"title\":");
    assert_eq!(field.errors(body).await, ["$.device duplicateKey", "$.device.appVersion duplicateKey", "$.text duplicateKey"]);
    let escaped = with("\"title\":", "\"te\\u0078t\": \"another\", \"title\":");
    assert_eq!(field.errors(escaped).await, ["$.text duplicateKey"], "however it is written");
}

#[actix_web::test]
async fn the_character_that_postgresql_cannot_keep_is_refused_in_texts_and_keys() {
    let field = Field::new().await;
    let mut body = story(None);
    body["text"] = json!("before\0after");
    body["consent"]["version"] = json!("\0");
    body["permissions"]["work\0group"] = json!(true);
    body["placements"]["tone"]["value"]["point"] = json!("4\0");
    let expected = [
        "$.consent.version nullCharacter",
        "$.permissions['work\0group'] nullCharacter",
        "$.placements.tone.value.point nullCharacter",
        "$.text nullCharacter",
    ];
    assert_eq!(field.errors(body.to_string()).await, expected);
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_refused_and_the_client_hears_of_it() {
    let field = Field::new().await;
    for size in [2 * 1024 * 1024 + 1, 10_000_000] {
        let mut body = story(None);
        body["text"] = json!("a".repeat(size));
        let answer = field.deliver("application/json", body.to_string()).await;
        answer.problem(413, "tooLarge");
    }
}

#[actix_web::test]
async fn a_body_that_is_a_million_deep_is_refused() {
    let field = Field::new().await;
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let place = format!("${} tooDeep", "[0]".repeat(32));
    assert_eq!(field.errors(deep).await, [place]);
    let objects = format!("{{\"text\":{}", "{\"a\":".repeat(400_000));
    let place = format!("$.text{} tooDeep", ".a".repeat(31));
    assert_eq!(field.errors(objects).await, ["$ invalidJson".to_owned(), place]);
    let inside = with("\"De bus\"", &format!("{}{}", "[".repeat(40), "]".repeat(40)));
    assert_eq!(field.errors(inside).await, [format!("$.title{} tooDeep", "[0]".repeat(31))]);
}

#[actix_web::test]
async fn a_body_of_another_kind_is_refused() {
    let field = Field::new().await;
    let body = story(None).to_string();
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/problem+json", "text/json", "json"]
    {
        field.deliver(kind, body.clone()).await.problem(415, "unsupportedMediaType");
    }
    let path = field.study.story(Uuid::new_v4());
    let untold = field.app.request(Method::PUT, &path, &field.device).body(body.clone()).send().await.unwrap();
    Answer::of(untold).await.problem(415, "unsupportedMediaType");
    let put = |kind: &'static str| field.app.send_raw(Method::PUT, &path, &field.device, kind, body.clone());
    put("Application/JSON; charset=utf-8").await.expect(201);
}

#[actix_web::test]
async fn a_hostile_body_costs_no_more_than_its_size() {
    let field = Field::new().await;
    let key = "k".repeat(1_000_000);
    let long_paths = format!("{{\"{key}\":[{}]}}", vec!["0"; 400_000].join(","));
    let long_errors = format!("{{\"{key}\":[{}]}}", vec!["\"\\u0000\""; 50_000].join(","));
    let files: Vec<String> = (0..100_000).map(|i| format!("{{\"id\":{i}}}")).collect();
    let many_files = with("\"attachments\":[]", &format!("\"attachments\":[{}]", files.join(",")));
    let begun = Instant::now();
    for body in [long_paths, long_errors, many_files] {
        let answer = field.deliver("application/json", body).await;
        assert!(!answer.errors().is_empty());
        assert!(answer.text.len() < 200_000, "an answer of {} bytes", answer.text.len());
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}
