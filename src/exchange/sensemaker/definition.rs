//! The framework JSON of SenseMaker as a framework document of ours.

use serde_json::{Value, json};

use super::{PERSPECTIVE, PROMPT};
use crate::domain::framework::check::{FIXED_COLUMNS, PERMISSION, STATE};
use crate::domain::framework::{self, Framework};
use crate::domain::json;
use crate::domain::problem::Problems;
use crate::domain::texts::is_language_tag;
use crate::exchange::keys::{Keys, slug};
use crate::exchange::plain_text::plain_text;
use crate::exchange::report::{Tally, Warning};

/// A framework that was read, and how its data files name its questions.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Our framework document; [`framework::parse`] accepts it.
    pub framework: Value,
    /// What has no counterpart in our document.
    pub warnings: Vec<Warning>,
    pub(super) parsed: Framework,
    /// Id of the project in the export.
    pub(super) project: String,
    /// Id of the question whose answer is the story itself.
    pub(super) story: Option<String>,
    pub(super) questions: Vec<Question>,
    /// Ids of questions that have no counterpart.
    pub(super) unmapped: Vec<String>,
}

/// A question and the ids that name its columns.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub id: String,
    pub key: String,
    pub title: String,
    pub kind: Kind,
}

/// The parts of a question, in the order of our signifier.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Triad(Vec<Part>),
    Dyad(Vec<Part>),
    Stones(Vec<Part>),
    Choice { options: Vec<Part>, multiple: bool },
    Text,
}

/// An anchor, stone or option.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub id: String,
    pub key: String,
    /// What the data file has instead of the id when a picture was chosen.
    pub image: String,
}

/// Reads a framework. Errors: it is not a SenseMaker framework, or ours would not be valid.
pub fn read_definition(json: &[u8]) -> Result<Definition, Problems> {
    let document = json::parse(json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json))?;
    let root = scalar(&document);
    let Some(raw) = root["signifiers"].as_array() else {
        let message = "this is not a SenseMaker framework: it has no list of signifiers";
        return Err(Problems::one("$.signifiers", "required", message));
    };
    let mut raw: Vec<&Value> = raw.iter().collect();
    raw.sort_by(|a, b| order(a).total_cmp(&order(b)));
    let language = language_tag(text(&root["language"])).unwrap_or_else(|| "en".to_owned());
    let story = story_question(root, &raw);
    let reserved = FIXED_COLUMNS.into_iter().chain([PERMISSION]);
    let mut reader =
        Reader { language, tally: Tally::default(), keys: Keys::without(reserved), questions: vec![], unmapped: vec![] };
    if story.is_none() {
        reader.tally.note("noStoryText", None, "no text question is marked as the story: the stories have no text");
    }
    let is_story = |s: &&Value| story.as_deref() == Some(text(&s["id"]));
    let mut signifiers = Vec::new();
    for raw in raw.iter().filter(|s| !is_story(s)) {
        signifiers.extend(reader.signifier(raw));
    }
    if root["linked_frameworks"].as_array().is_some_and(|l| !l.is_empty()) {
        reader.tally.note("linkedFrameworks", None, "linked frameworks are not imported with this one");
    }
    let name = or(plain_text(text(&root["name"])), "Imported framework");
    let prompt = raw.iter().find(|s| is_story(s)).map(|s| plain_text(text(&s["title"]))).unwrap_or_default();
    let framework = json!({
        "schema": 1,
        "key": or(slug(&name), "imported"),
        "title": reader.texts(&name),
        "languages": [&reader.language],
        "defaultLanguage": &reader.language,
        "perspectives": [{"key": PERSPECTIVE, "label": reader.texts("Teller")}],
        "prompts": [{"key": PROMPT, "text": reader.texts(&or(prompt, &name))}],
        "signifiers": signifiers,
    });
    Ok(Definition {
        parsed: framework::parse(&framework)?,
        framework,
        warnings: reader.tally.warnings(),
        project: text(&root["id"]).to_owned(),
        story,
        questions: reader.questions,
        unmapped: reader.unmapped,
    })
}

/// The text question that is the story: the one that the framework names, else the first that is marked.
fn story_question(root: &Value, raw: &[&Value]) -> Option<String> {
    let is_text = |s: &&&Value| s["type"] == "freetext";
    let named = raw.iter().filter(is_text).find(|s| text(&s["id"]) == text(&root["fragment_signifier_id"]));
    let marked = || raw.iter().filter(is_text).find(|s| is_true(&s["fragment"]));
    named.or_else(marked).map(|s| text(&s["id"]).to_owned())
}

struct Reader {
    language: String,
    tally: Tally,
    keys: Keys,
    questions: Vec<Question>,
    unmapped: Vec<String>,
}

impl Reader {
    fn texts(&self, text: &str) -> Value {
        json!({&self.language: text})
    }

    /// The signifier, or a warning that there is none.
    fn signifier(&mut self, raw: &Value) -> Option<Value> {
        let (id, kind_name) = (text(&raw["id"]), text(&raw["type"]));
        let title = or(plain_text(text(&raw["title"])), &format!("{kind_name} {}", self.questions.len() + 1));
        let content = &raw["content"];
        let mut mapped = json!({
            "key": "", "kind": kind_name, "question": self.texts(&title), "required": is_true(&raw["required"]),
            "background": is_true(&raw["sticky"]), "allow": [],
        });
        if is_true(&raw["allow_na"]) {
            mapped["allow"] = json!(["notApplicable"]);
        }
        let labels = list(&content["labels"]);
        let (stones, items) = (list(&content["stones"]), list(&content["items"]));
        let kind = match kind_name {
            "triad" if labels.len() == 3 => Kind::Triad(self.parts(labels, &title, &mut mapped, "anchors")),
            "dyad" if labels.len() == 2 => Kind::Dyad(self.parts(labels, &title, &mut mapped, "anchors")),
            "stones" if (1..=50).contains(&stones.len()) => {
                mapped["axes"] =
                    json!({"x": self.axis(&content["axis"]["x"], &title), "y": self.axis(&content["axis"]["y"], &title)});
                Kind::Stones(self.parts(stones, &title, &mut mapped, "stones"))
            }
            "list" | "imageselect" if (1..=200).contains(&items.len()) => {
                let multiple = number(&content["max_responses"]).is_some_and(|most| most > 1.0);
                mapped["kind"] = "choice".into();
                mapped["multiple"] = multiple.into();
                Kind::Choice { options: self.parts(items, &title, &mut mapped, "options"), multiple }
            }
            "freetext" | "imageselect" => {
                mapped["kind"] = "text".into();
                Kind::Text
            }
            _ => {
                self.leave_out(id, kind_name, &title);
                return None;
            }
        };
        let key = self.keys.make(&title, &format!("{}-{}", mapped["kind"].as_str()?, self.questions.len() + 1));
        mapped["key"] = key.as_str().into();
        self.questions.push(Question { id: id.to_owned(), key, title, kind });
        Some(mapped)
    }

    fn leave_out(&mut self, id: &str, kind: &str, title: &str) {
        self.unmapped.push(id.to_owned());
        if matches!(kind, "label" | "navigation" | "save") {
            return self.tally.note("layoutOnly", Some(id), format!("{kind} {title:?} is layout only: it is left out"));
        }
        let known = matches!(kind, "triad" | "dyad" | "stones" | "list");
        let why = if known { "has too few or too many parts" } else { "has no counterpart here" };
        self.tally.note("notMapped", Some(id), format!("{kind} {title:?} {why}: its answers are not imported"));
    }

    /// Anchors, stones or options, put into the signifier.
    fn parts(&mut self, raw: &[Value], title: &str, signifier: &mut Value, name: &str) -> Vec<Part> {
        let mut keys = Keys::without([STATE]);
        let (mut parts, mut mapped) = (Vec::new(), Vec::new());
        for (i, raw) in raw.iter().enumerate() {
            let (told, image) = (or(plain_text(text(&raw["text"])), &plain_text(text(&raw["title"]))), text(&raw["image"]));
            if told.is_empty() {
                self.label_missing(title);
            }
            let number = format!("{}-{}", name.trim_end_matches('s'), i + 1);
            let label = or(told.clone(), &or(file_stem(image), &number));
            let key = keys.make(&told, &number);
            mapped.push(json!({"key": key, "label": self.texts(&label)}));
            parts.push(Part { id: text(&raw["id"]).to_owned(), key, image: image.to_owned() });
        }
        signifier[name] = mapped.into();
        parts
    }

    /// An axis; signs that need no translation where the framework has no words for its ends.
    fn axis(&mut self, raw: &Value, title: &str) -> Value {
        let name = plain_text(text(&raw["name"]));
        let ends = [("start_label", "–"), ("end_label", "+")].map(|(member, sign)| {
            let label = plain_text(text(&raw[member]));
            if label.is_empty() {
                self.label_missing(title);
            }
            or(label, format!("{name} {sign}").trim())
        });
        json!({"start": self.texts(&ends[0]), "end": self.texts(&ends[1])})
    }

    fn label_missing(&mut self, title: &str) {
        let message = format!("{title:?} has a part without words, perhaps a picture: give it a label");
        self.tally.note("labelMissing", Some(title), message);
    }
}

/// A BCP-47 tag from what tools write for a language (`EN`, `pt_br`).
pub(super) fn language_tag(told: &str) -> Option<String> {
    let mut parts = told.trim().split(['-', '_']);
    let mut tag = parts.next()?.to_ascii_lowercase();
    for part in parts {
        let lower = part.to_ascii_lowercase();
        tag.push('-');
        match part.len() {
            2 => tag.push_str(&part.to_ascii_uppercase()),
            4 => tag.extend(lower.chars().take(1).map(|c| c.to_ascii_uppercase()).chain(lower.chars().skip(1))),
            _ => tag.push_str(&lower),
        }
    }
    is_language_tag(&tag).then_some(tag)
}

/// The export wraps scalars in lists of one.
fn scalar(value: &Value) -> &Value {
    match value.as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => value,
    }
}

fn text(value: &Value) -> &str {
    scalar(value).as_str().unwrap_or_default().trim()
}

fn number(value: &Value) -> Option<f64> {
    let value = scalar(value);
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn is_true(value: &Value) -> bool {
    scalar(value) == &Value::Bool(true) || text(value) == "true"
}

fn order(signifier: &Value) -> f64 {
    number(&signifier["order"]).unwrap_or(f64::MAX)
}

/// A list; where there is nothing to list, the export has an empty object.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn or(text: String, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text }
}

fn file_stem(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
}
