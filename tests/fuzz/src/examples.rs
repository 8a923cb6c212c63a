//! Small examples, made up.

use duiding::domain::framework::{self, Framework};
use serde_json::{Value, json};

/// A framework with every kind of question.
pub fn framework_document() -> Value {
    let text = json!({"en": "text"});
    let parts = |keys: &[&str]| keys.iter().map(|key| json!({"key": key, "label": text})).collect::<Value>();
    let end = json!({"start": text, "end": text});
    json!({
        "schema": 1, "key": "garden", "title": text, "languages": ["en"], "defaultLanguage": "en",
        "perspectives": [{"key": "teller", "label": text}], "prompts": [{"key": "story", "text": text}],
        "attributes": [{"key": "role", "label": text, "of": "participant", "options": parts(&["a", "b"])},
                       {"key": "place", "label": text, "of": "story", "options": parts(&["here", "there"])}],
        "consents": [{"key": "quote", "scope": "quote", "text": text}],
        "signifiers": [
            {"key": "growth", "kind": "triad", "question": text, "anchors": parts(&["sun", "water", "soil"])},
            {"key": "weather", "kind": "dyad", "question": text, "anchors": parts(&["wet", "dry"]), "allow": ["unknown"]},
            {"key": "beds", "kind": "stones", "question": text, "axes": {"x": end, "y": end}, "stones": parts(&["herbs", "roses"])},
            {"key": "mood", "kind": "scale", "question": text, "points": parts(&["low", "middle", "high"])},
            {"key": "tools", "kind": "choice", "multiple": true, "question": text, "options": parts(&["spade", "rake"])},
            {"key": "more", "kind": "text", "question": text},
            {"key": "age", "kind": "choice", "background": true, "question": text, "options": parts(&["young", "old"])}
        ]
    })
}

/// The same, read.
pub fn framework() -> Framework {
    framework::parse(&framework_document()).unwrap_or_else(|p| panic!("{p}"))
}

/// A story told on it.
pub fn story() -> Value {
    json!({
        "schema": 1, "frameworkVersion": 1, "wave": "1", "perspective": "teller", "prompt": "story", "title": "=Rain",
        "text": "It rained,\n\"all\" day.", "language": "en",
        "placements": {
            "growth": {"state": "answered", "value": {"shares": [0.6, 0.3, 0.1]}, "inputMethod": "drag"},
            "weather": {"state": "unknown"},
            "beds": {"state": "answered", "value": {"stones": [{"key": "herbs", "x": 0.25, "y": 0.75}]}},
            "mood": {"state": "answered", "value": {"point": "middle"}},
            "tools": {"state": "answered", "value": {"options": ["rake"]}},
            "more": {"state": "answered", "value": {"text": "-1"}}
        },
        "background": {"age": {"state": "answered", "value": {"options": ["old"]}}},
        "attributes": {"place": "here"}, "permissions": {"quote": true}
    })
}

/// A lens with regions.
pub fn lens() -> Value {
    json!({
        "waves": ["1"], "perspectives": ["teller"], "attributes": {"place": ["here"], "age": ["old"]}, "exploratory": true,
        "regions": [
            {"signifier": "growth", "polygon": [[1.0, 0.0, 0.0], [0.6, 0.4, 0.0], [0.6, 0.0, 0.4]]},
            {"signifier": "weather", "interval": [0.2, 0.5]},
            {"signifier": "beds", "stone": "herbs", "polygon": [[0.0, 0.0], [1.0, 0.0], [0.5, 1.0]]}
        ]
    })
}

/// A framework as SenseMaker exports it.
pub fn definition() -> Value {
    let id = |n: u32| format!("00000000-0000-0000-0000-{n:012}");
    let part = |n: u32, text: &str| json!({"id": id(n), "text": text, "title": text, "image": ""});
    let axis = json!({"name": "warmth", "start_label": "cool", "end_label": "warm"});
    let signifier = |n: u32, kind: &str, title: &str, content: Value| {
        json!({"id": id(n), "type": kind, "order": n, "title": title, "tooltip": "", "allow_na": true, "fragment": kind == "freetext",
               "required": false, "sticky": false, "content": content})
    };
    json!({"id": [id(1)], "name": ["Garden"], "language": ["EN_gb"], "fragment_signifier_id": [id(10)], "linked_frameworks": [],
    "signifiers": [
        signifier(10, "freetext", "<p>Tell us:</p>", json!({"labels": {}, "items": {}})),
        signifier(20, "triad", "<b>Growth</b>&nbsp;…", json!({"labels": [part(21, "sun"), part(22, "<i>water</i>"), part(23, "soil")]})),
        signifier(30, "dyad", "The weather was", json!({"labels": [part(31, "wet"), part(32, "dry")]})),
        signifier(40, "stones", "Beds", json!({"stones": [part(41, "Herbs")], "axis": {"x": axis, "y": axis}})),
        signifier(50, "list", "Season", json!({"items": [part(51, "Spring"), part(52, "Autumn")], "max_responses": "2"}))
    ]})
}
