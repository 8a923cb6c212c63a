//! What makes a framework document invalid beyond its shape: keys, counts, references and languages.
//!
//! Works on the raw document, so that these errors are found beside errors of shape.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::framework::{MAX_ITEMS, SignifierKind};
use crate::domain::problem::{Problems, item, member};
use crate::domain::texts::{is_key, is_language_tag};

/// Column names of the stories table that no signifier and no attribute may take.
pub const FIXED_COLUMNS: [&str; 12] = [
    "story_id",
    "framework_version",
    "wave",
    "participant",
    "teller",
    "perspective",
    "language",
    "told_on",
    "received_at",
    "prompt",
    "title",
    "text",
];

/// A key that no signifier and no attribute may take: the consents have the columns `permission.<key>`.
pub const PERMISSION: &str = "permission";

/// A key that no corner of a triad and no option of a multiple choice may take: `<signifier>.state` is the column of
/// the state.
pub const STATE: &str = "state";

/// Adds every error of meaning in a document.
pub fn meaning(document: &Value, problems: &mut Problems) {
    let mut check = Check { document, languages: Vec::new(), problems };
    check.languages();
    check.texts(document, "$");
    check.unique_keys();
    for (i, signifier) in list(document, "signifiers").iter().enumerate() {
        check.signifier(signifier, &item("$.signifiers", i), i);
    }
    check.references();
}

struct Check<'a> {
    document: &'a Value,
    languages: Vec<&'a str>,
    problems: &'a mut Problems,
}

impl<'a> Check<'a> {
    fn languages(&mut self) {
        for (i, tag) in list(self.document, "languages").iter().enumerate() {
            let Some(tag) = tag.as_str() else { continue };
            let at = item("$.languages", i);
            if !is_language_tag(tag) {
                self.problems.add(at, "wrongFormat", "not a BCP-47 language tag");
            } else if self.languages.contains(&tag) {
                self.problems.add(at, "duplicateKey", "this language is listed twice");
            } else {
                self.languages.push(tag);
            }
        }
        if let Some(default) = self.document["defaultLanguage"].as_str().filter(|d| !self.languages.contains(d)) {
            let message = format!("the default language {default:?} is not one of the languages");
            self.problems.add("$.defaultLanguage", "unknownReference", message);
        }
    }

    /// Every text is given in the default language and has no language that the document does not offer. (A
    /// language that is offered but not complete is a matter of the lint: a draft may be half translated.)
    fn texts(&mut self, value: &Value, path: &str) {
        let default = self.document["defaultLanguage"].as_str().unwrap_or_default();
        for (name, inner) in value.as_object().into_iter().flatten() {
            let at = member(path, name);
            if TEXT_MEMBERS.contains(&name.as_str()) && inner.is_object() {
                self.one_text(inner, &at, default);
            } else if TEXT_MAPS.contains(&name.as_str()) {
                for (perspective, text) in inner.as_object().into_iter().flatten() {
                    self.one_text(text, &member(&at, perspective), default);
                }
            } else {
                self.texts(inner, &at);
            }
        }
        for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
            self.texts(inner, &item(path, i));
        }
    }

    fn one_text(&mut self, text: &Value, path: &str, default: &str) {
        let Some(text) = text.as_object() else { return };
        for language in text.keys().filter(|l| !self.languages.contains(&l.as_str())) {
            self.problems.add(member(path, language), "unknownLanguage", "not one of the languages of this framework");
        }
        if text.get(default).and_then(Value::as_str).is_none_or(|t| t.trim().is_empty()) && self.languages.contains(&default) {
            self.problems.add(path, "required", format!("has no text in the default language {default:?}"));
        }
    }

    fn unique_keys(&mut self) {
        let mut columns: BTreeSet<&str> = FIXED_COLUMNS.into();
        columns.insert(PERMISSION);
        self.keys("$.attributes", list(self.document, "attributes"), &mut columns);
        self.keys("$.signifiers", list(self.document, "signifiers"), &mut columns);
        for name in ["perspectives", "indicators", "prompts", "consents"] {
            self.keys(&member("$", name), list(self.document, name), &mut BTreeSet::new());
        }
        for (i, attribute) in list(self.document, "attributes").iter().enumerate() {
            let at = member(&item("$.attributes", i), "options");
            self.keys(&at, list(attribute, "options"), &mut BTreeSet::new());
        }
    }

    fn keys(&mut self, path: &str, items: &'a [Value], taken: &mut BTreeSet<&'a str>) {
        if items.len() > MAX_ITEMS {
            self.problems.add(path, "tooLong", format!("more than {MAX_ITEMS} items"));
        }
        for (i, entry) in items.iter().take(MAX_ITEMS).enumerate() {
            let Some(key) = entry["key"].as_str() else { continue };
            let at = member(&item(path, i), "key");
            if !is_key(key) {
                self.problems.add(at, "wrongFormat", "a key has lower-case letters, digits and single hyphens, at most 64");
            } else if !taken.insert(key) {
                self.problems.add(at, "duplicateKey", format!("the key {key:?} is taken already"));
            }
        }
    }

    fn signifier(&mut self, signifier: &'a Value, path: &str, index: usize) {
        let kind = signifier["kind"].as_str().and_then(SignifierKind::from_name);
        if let Some(kind) = kind {
            self.parts(signifier, path, kind);
        }
        for name in ["anchors", "stones", "points", "options"] {
            let has_columns = name == "anchors" && kind == Some(SignifierKind::Triad) || signifier["multiple"] == true;
            let mut taken = if has_columns { BTreeSet::from([STATE]) } else { BTreeSet::new() };
            self.keys(&member(path, name), list(signifier, name), &mut taken);
        }
        if let Some(indicator) = signifier["indicator"].as_str() {
            self.reference(indicator, "indicators", &member(path, "indicator"));
        }
        for (i, perspective) in list(signifier, "askedOf").iter().enumerate() {
            self.reference(perspective.as_str().unwrap_or_default(), "perspectives", &item(&member(path, "askedOf"), i));
        }
        for (i, condition) in list(signifier, "showIf").iter().enumerate() {
            self.condition(condition, &item(&member(path, "showIf"), i), index);
        }
    }

    /// Which parts a kind needs, how many, and which it must not have.
    fn parts(&mut self, signifier: &Value, path: &str, kind: SignifierKind) {
        let (anchors, stones, points, options): (&[_], &[_], &[_], &[_]) = match kind {
            SignifierKind::Triad => (&[3, 3], &[], &[], &[]),
            SignifierKind::Dyad => (&[2, 2], &[], &[], &[]),
            SignifierKind::Stones => (&[], &[1, 50], &[], &[]),
            SignifierKind::Scale => (&[], &[], &[2, 100], &[]),
            SignifierKind::Choice => (&[], &[], &[], &[1, 200]),
            SignifierKind::Text => (&[], &[], &[], &[]),
        };
        for (name, range) in [("anchors", anchors), ("stones", stones), ("points", points), ("options", options)] {
            let count = list(signifier, name).len();
            let at = member(path, name);
            match *range {
                [low, high] if count < low || count > high => {
                    let wanted = if low == high { format!("exactly {low}") } else { format!("{low} to {high}") };
                    self.problems.add(at, "wrongCount", format!("a {} has {wanted} {name}, not {count}", kind.name()));
                }
                [] if count > 0 => self.problems.add(at, "wrongKind", format!("a {} has no {name}", kind.name())),
                _ => {}
            }
        }
        let has_axes = signifier["axes"].is_object();
        if kind == SignifierKind::Stones && !has_axes {
            self.problems.add(member(path, "axes"), "required", "a canvas has two axes");
        } else if kind != SignifierKind::Stones && has_axes {
            self.problems.add(member(path, "axes"), "wrongKind", format!("a {} has no axes", kind.name()));
        }
    }

    fn condition(&mut self, condition: &Value, path: &str, index: usize) {
        for (i, perspective) in list(condition, "perspectives").iter().enumerate() {
            self.reference(perspective.as_str().unwrap_or_default(), "perspectives", &item(&member(path, "perspectives"), i));
        }
        let Some(key) = condition["signifier"].as_str() else { return };
        let earlier = list(self.document, "signifiers").iter().take(index).find(|s| s["key"] == key && s["kind"] == "choice");
        let Some(earlier) = earlier else {
            return self.problems.add(member(path, "signifier"), "unknownReference", "not the key of an earlier choice");
        };
        for (i, option) in list(condition, "options").iter().enumerate() {
            if !list(earlier, "options").iter().any(|o| o["key"] == *option) {
                let at = item(&member(path, "options"), i);
                self.problems.add(at, "unknownReference", "not an option of that choice");
            }
        }
    }

    fn references(&mut self) {
        for (i, planned) in list(self.document, "planned").iter().enumerate() {
            let at = item("$.planned", i);
            self.reference(planned["signifier"].as_str().unwrap_or_default(), "signifiers", &member(&at, "signifier"));
            let attribute = planned["attribute"].as_str();
            match (planned["comparison"].as_str(), attribute) {
                (Some("groups"), None) => {
                    self.problems.add(member(&at, "attribute"), "required", "a comparison of groups names its attribute");
                }
                (_, Some(key)) => self.reference(key, "attributes", &member(&at, "attribute")),
                _ => {}
            }
        }
        let wordings = [("prompts", &["textFor"][..]), ("signifiers", &["questionFor"])];
        for (name, members) in wordings {
            for (i, entry) in list(self.document, name).iter().enumerate() {
                for wording in members {
                    let at = member(&item(&member("$", name), i), wording);
                    for perspective in entry[*wording].as_object().into_iter().flat_map(|o| o.keys()) {
                        self.reference(perspective, "perspectives", &member(&at, perspective));
                    }
                }
            }
        }
    }

    fn reference(&mut self, key: &str, name: &str, path: &str) {
        if !list(self.document, name).iter().any(|e| e["key"] == key) {
            self.problems.add(path, "unknownReference", format!("{key:?} is not one of the {name}"));
        }
    }
}

const TEXT_MEMBERS: [&str; 8] = ["title", "label", "text", "question", "purpose", "start", "end", "audio"];
const TEXT_MAPS: [&str; 3] = ["textFor", "questionFor", "labelFor"];

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
