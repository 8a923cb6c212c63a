//! A story without its words: what stays when the term of its text is over, so that its placements still count.

use serde_json::{Map, Value};

/// What stands where written answers were: the question was answered, and the words are gone.
const GONE: &str = "…";

/// The body without title, text and written answers.
pub fn without_words(mut body: Value) -> Value {
    if let Some(members) = body.as_object_mut() {
        members.remove("title");
        members.remove("text");
        for answers in ["placements", "background"] {
            members.get_mut(answers).and_then(Value::as_object_mut).into_iter().for_each(silence);
        }
    }
    body
}

/// The facts that the analysis reads, without written answers (which it passes over).
pub fn facts_without_words(mut facts: Value) -> Value {
    facts.get_mut("placements").and_then(Value::as_object_mut).into_iter().for_each(silence);
    facts
}

fn silence(answers: &mut Map<String, Value>) {
    for answer in answers.values_mut() {
        if let Some(text) = answer.pointer_mut("/value/text") {
            *text = GONE.into();
        }
    }
}

/// Whether a body tells something in words.
pub fn has_words(body: &Value) -> bool {
    body.get("text").and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn placements_stay_and_words_go() {
        let body = json!({"wave": "1", "title": "Bus", "text": "I took the bus.", "placements": {
            "confidence": {"state": "answered", "value": {"position": 0.4}},
            "wish": {"state": "answered", "value": {"text": "a bicycle"}}},
            "background": {"remark": {"state": "answered", "value": {"text": "none"}}}});
        assert!(has_words(&body));
        let kept = without_words(body);
        assert_eq!(
            kept,
            json!({"wave": "1", "placements": {
            "confidence": {"state": "answered", "value": {"position": 0.4}},
            "wish": {"state": "answered", "value": {"text": "…"}}},
            "background": {"remark": {"state": "answered", "value": {"text": "…"}}}})
        );
        assert!(!has_words(&kept));
        assert_eq!(without_words(kept.clone()), kept);
        let facts = json!({"placements": {"wish": {"state": "answered", "value": {"text": "a bicycle"}}}, "attributes": {}});
        assert!(!facts_without_words(facts).to_string().contains("bicycle"));
    }
}
