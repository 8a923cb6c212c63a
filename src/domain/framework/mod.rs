//! The signification framework: prompting questions, signifiers, background questions and consents.
//!
//! The types here are the document that a project publishes (`formats`: framework document); [`check`] finds
//! what makes a document invalid, [`lint`] what makes it a worse questionnaire.

pub mod check;
pub mod lint;
mod types;

pub use types::*;

use serde_json::Value;

use super::problem::Problems;
use super::shape;

/// The reference framework as shipped, Dutch and English.
pub const REFERENCE: &str = include_str!("../templates/reference.json");

/// Highest number of parts (signifiers, anchors, options, texts) that one document may have, per list.
pub const MAX_ITEMS: usize = 500;

/// Reads a framework document. Errors: everything that is wrong with it, at once, with JSON paths.
pub fn parse(document: &Value) -> Result<Framework, Problems> {
    let mut problems = shape::check::<Framework>(document);
    check::meaning(document, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let framework: Result<Framework, _> = serde::Deserialize::deserialize(document);
    framework.map_err(|e| Problems::one("$", "invalidValue", e.to_string()))
}

/// Whether a recording that a project keeps may have this name.
pub fn is_recording_name(name: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= 100 && name.starts_with(small) && name.chars().all(|c| small(c) || "._-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reference() -> Value {
        serde_json::from_str(REFERENCE).unwrap()
    }

    fn errors_of(document: &Value) -> Vec<String> {
        let mut found: Vec<String> = match parse(document) {
            Ok(_) => Vec::new(),
            Err(p) => p.0.into_iter().map(|e| format!("{} {}", e.path, e.code)).collect(),
        };
        found.sort();
        found
    }

    #[test]
    fn the_reference_framework_is_valid_and_passes_its_own_lint() {
        let framework = parse(&reference()).unwrap_or_else(|p| panic!("{p}"));
        let warnings = lint::lint(&framework);
        assert!(warnings.is_empty(), "{warnings:#?}");
        let asked =
            |perspective: &str| framework.signifiers.iter().filter(|s| !s.background && s.is_asked_of(perspective)).count();
        assert_eq!(["candidate", "case-manager", "job-coach"].map(asked), [15, 13, 13]);
    }

    #[test]
    fn a_document_names_all_its_errors_at_once() {
        let mut document = reference();
        document["signifiers"][0]["anchors"].as_array_mut().unwrap().pop();
        document["signifiers"][1]["kind"] = json!("slider");
        document["signifiers"][2]["points"][1]["key"] = json!("1");
        document["signifiers"][3]["axes"] = Value::Null;
        document["attributes"][1]["key"] = json!("wave");
        document["prompts"][0]["text"] = json!({});
        document["consents"][0]["scope"] = json!("all");
        document["surprise"] = json!(1);
        document["planned"][0]["signifier"] = json!("nowhere");
        let expected = [
            "$.attributes[1].key duplicateKey",
            "$.consents[0].scope unknownOption",
            "$.planned[0].signifier unknownReference",
            "$.prompts[0].text required",
            "$.signifiers[0].anchors wrongCount",
            "$.signifiers[1].kind unknownOption",
            "$.signifiers[2].points[1].key duplicateKey",
            "$.signifiers[3].axes required",
            "$.surprise unknownMember",
        ];
        assert_eq!(errors_of(&document), expected);
    }

    #[test]
    fn column_names_of_the_stories_table_are_never_ambiguous() {
        let mut document = reference();
        document["signifiers"][0]["key"] = json!("title");
        document["signifiers"][1]["key"] = json!("tone");
        let found = errors_of(&document);
        assert!(found.contains(&"$.signifiers[0].key duplicateKey".to_owned()), "{found:?}");
        assert!(found.iter().any(|e| e.starts_with("$.signifiers[") && e.ends_with("duplicateKey")), "{found:?}");

        let mut document = reference();
        document["signifiers"][3]["key"] = json!("permission");
        document["signifiers"][0]["anchors"][1]["key"] = json!("state");
        let expected = ["$.signifiers[0].anchors[1].key duplicateKey", "$.signifiers[3].key duplicateKey"];
        let found = errors_of(&document);
        assert!(expected.iter().all(|e| found.iter().any(|f| f == e)), "{found:?}");
    }
}
