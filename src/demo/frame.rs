//! What the generator needs to know of a framework document; every key of an answer comes from here.

use serde_json::Value;

/// Whose view a story is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum View {
    Candidate,
    Manager,
    Coach,
}

/// The kind of a signifier with the keys of its parts.
#[derive(Debug)]
pub(super) enum Kind {
    Triad,
    Dyad,
    Stones(Vec<String>),
    Scale(Vec<String>),
    Choice { options: Vec<String>, multiple: bool },
    Text,
}

/// One signifier of the framework.
#[derive(Debug)]
pub(super) struct Signifier {
    pub(super) key: String,
    pub(super) kind: Kind,
    pub(super) background: bool,
    pub(super) required: bool,
    pub(super) may_decline: bool,
    pub(super) may_not_know: bool,
    asked_of: Vec<String>,
}

impl Signifier {
    /// Whether this perspective gets the question.
    pub(super) fn asked_of(&self, perspective: &str) -> bool {
        self.asked_of.is_empty() || self.asked_of.iter().any(|p| p == perspective)
    }
}

/// The framework as the generator sees it.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) signifiers: Vec<Signifier>,
    pub(super) prompts: Vec<String>,
    pub(super) permissions: Vec<(String, String)>,
    pub(super) languages: Vec<String>,
    pub(super) default_language: String,
    perspectives: Vec<String>,
    attributes: Vec<(String, Vec<String>)>,
}

impl Frame {
    /// Reads the members that matter; what is missing or misshapen counts as empty.
    pub(super) fn read(document: &Value) -> Self {
        let languages: Vec<String> = texts(&document["languages"]);
        let first = languages.first().cloned().unwrap_or_else(|| "nl".to_owned());
        Self {
            signifiers: items(&document["signifiers"]).iter().map(signifier).collect(),
            prompts: keys(&document["prompts"]),
            permissions: permissions(&document["consents"]),
            default_language: document["defaultLanguage"].as_str().map_or(first, str::to_owned),
            languages,
            perspectives: keys(&document["perspectives"]),
            attributes: items(&document["attributes"]).iter().map(attribute).collect(),
        }
    }

    /// The key of a perspective: found by its meaning, else by its place in the document.
    pub(super) fn perspective(&self, view: View) -> String {
        let (word, place) = match view {
            View::Candidate => ("candidate", 0),
            View::Manager => ("manager", 1),
            View::Coach => ("coach", 2),
        };
        let by_word = self.perspectives.iter().find(|key| key.contains(word));
        by_word.or_else(|| self.perspectives.get(place)).cloned().unwrap_or_else(|| word.to_owned())
    }

    /// The option keys of an attribute, none when the framework does not have it.
    pub(super) fn attribute(&self, key: &str) -> &[String] {
        self.attributes.iter().find(|(k, _)| k == key).map_or(&[], |(_, options)| options)
    }

    /// The option or point keys of a signifier, none when the framework does not have it.
    pub(super) fn options(&self, key: &str) -> &[String] {
        match self.signifiers.iter().find(|s| s.key == key).map(|s| &s.kind) {
            Some(Kind::Choice { options, .. } | Kind::Scale(options)) => options,
            _ => &[],
        }
    }
}

/// The band that a number falls in, by the lower bounds written in the keys (`years-under-2`, `months-7-12`,
/// `age-55-plus`, `months-over-12`). Without a number: the first key that names no bound.
pub(super) fn band(options: &[String], value: Option<u32>) -> Option<String> {
    let Some(value) = value else {
        return options.iter().find(|key| lower_bound(key).is_none()).or(options.last()).cloned();
    };
    let bounded = options.iter().filter_map(|key| lower_bound(key).map(|bound| (bound, key)));
    bounded.filter(|(bound, _)| *bound <= value).max_by_key(|(bound, _)| *bound).map(|(_, key)| key.clone())
}

fn lower_bound(key: &str) -> Option<u32> {
    let first = key.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?;
    let number: u32 = first.parse().ok()?;
    if key.contains("under") {
        return Some(0);
    }
    Some(if key.contains("over") { number + 1 } else { number })
}

fn signifier(document: &Value) -> Signifier {
    let allow = texts(&document["allow"]);
    Signifier {
        key: key_of(document),
        kind: kind(document),
        background: document["background"].as_bool().unwrap_or(false),
        required: document["required"].as_bool().unwrap_or(false),
        may_decline: allow.iter().any(|state| state == "declined"),
        may_not_know: allow.iter().any(|state| state == "unknown"),
        asked_of: texts(&document["askedOf"]),
    }
}

fn kind(document: &Value) -> Kind {
    match document["kind"].as_str().unwrap_or_default() {
        "triad" => Kind::Triad,
        "dyad" => Kind::Dyad,
        "stones" => Kind::Stones(keys(&document["stones"])),
        "scale" => Kind::Scale(keys(&document["points"])),
        "choice" => {
            Kind::Choice { options: keys(&document["options"]), multiple: document["multiple"].as_bool().unwrap_or(false) }
        }
        _ => Kind::Text,
    }
}

fn attribute(document: &Value) -> (String, Vec<String>) {
    (key_of(document), keys(&document["options"]))
}

/// Consents given per story, as key and scope; taking part itself is recorded apart.
fn permissions(consents: &Value) -> Vec<(String, String)> {
    let scoped = items(consents).iter().map(|consent| {
        let key = key_of(consent);
        let scope = consent["scope"].as_str().unwrap_or(&key).to_owned();
        (key, scope)
    });
    scoped.filter(|(_, scope)| scope != "participation").collect()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn key_of(document: &Value) -> String {
    document["key"].as_str().unwrap_or_default().to_owned()
}

fn keys(value: &Value) -> Vec<String> {
    items(value).iter().map(key_of).collect()
}

fn texts(value: &Value) -> Vec<String> {
    items(value).iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
