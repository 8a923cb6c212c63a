//! A story as it is delivered: its body, and the check of it against its framework.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::framework::{ConsentScope, Framework, Signifier};
use super::placement::{self, Placement, close_shares};
use super::problem::{Problems, item, member};
use super::shape;
use super::texts::is_language_tag;

/// How teller and facilitator met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// In the same room.
    OnSite,
    /// By telephone.
    Phone,
    /// By video call.
    Video,
    /// The teller alone.
    #[serde(rename = "self")]
    Alone,
}

/// A told experience with its meaning: the body of a delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "schema": 1, "frameworkVersion": 1, "wave": "1", "teller": "7K3M-PX2C", "participant": "7K3M-PX2C",
    "perspective": "candidate", "mode": "onSite", "prompt": "recent-moment", "title": "De bus",
    "text": "Ik nam voor het eerst zelf de bus naar het werk.", "language": "nl", "interpreter": false,
    "placements": {"competence": {"state": "answered", "value": {"shares": [0.6, 0.3, 0.1]}},
                   "confidence": {"state": "answered", "value": {"position": 0.55}},
                   "money": {"state": "declined"}},
    "permissions": {"quote": true, "workgroup": true},
    "consent": {"version": "1", "language": "nl", "way": "spoken", "at": "2026-03-02T10:00:00Z"}
}))]
pub struct StoryBody {
    /// Version of this format; 1.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 1, example = 1)]
    pub schema: u32,
    /// Version of the project's framework that was answered.
    #[schema(minimum = 1, example = 1)]
    pub framework_version: i32,
    /// Key of the wave of the assignment, never taken from a device clock.
    #[schema(min_length = 1, max_length = 64, example = "1")]
    pub wave: String,
    /// Code of the teller.
    #[serde(default)]
    #[schema(max_length = 64, example = "7K3M-PX2C")]
    pub teller: Option<String>,
    /// Code of the participant whom the story is about; null for a professional's story of the own work.
    #[serde(default)]
    #[schema(max_length = 64, example = "7K3M-PX2C")]
    pub participant: Option<String>,
    /// Key of the perspective.
    #[schema(example = "candidate")]
    pub perspective: String,
    /// How teller and facilitator met.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// Key of the prompting question that was picked.
    #[serde(default)]
    #[schema(max_length = 64, example = "recent-moment")]
    pub prompt: Option<String>,
    /// The teller's name for the story.
    #[serde(default)]
    #[schema(max_length = 1000, example = "De bus")]
    pub title: Option<String>,
    /// The story in the teller's words; absent when it is only spoken.
    #[serde(default)]
    #[schema(max_length = 200000, example = "Ik nam voor het eerst zelf de bus naar het werk.")]
    pub text: Option<String>,
    /// Language of the story (BCP 47).
    #[schema(max_length = 35, example = "nl")]
    pub language: String,
    /// Whether an interpreter helped.
    #[serde(default)]
    pub interpreter: Option<bool>,
    /// Day on which the story was told, if known.
    #[serde(default)]
    #[schema(example = "2026-03-02")]
    pub told_on: Option<NaiveDate>,
    /// Answers by signifier key; an absent one was skipped.
    #[schema(example = json!({"confidence": {"state": "answered", "value": {"position": 0.55}}}))]
    pub placements: BTreeMap<String, Placement>,
    /// Answers to background questions by signifier key.
    #[serde(default)]
    pub background: BTreeMap<String, Placement>,
    /// Attributes of this story: key to option.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// What the teller permits, by consent key.
    #[serde(default)]
    #[schema(example = json!({"quote": true, "workgroup": false}))]
    pub permissions: BTreeMap<String, bool>,
    /// The consent to take part.
    #[serde(default)]
    pub consent: Option<ConsentRecord>,
    /// Facilitator, as known to the project.
    #[serde(default)]
    #[schema(max_length = 200, example = "facilitator 3")]
    pub collected_by: Option<String>,
    /// What the device's clock said; never used to order or to pick a wave.
    #[serde(default)]
    pub device: Option<DeviceTimes>,
    /// Files that belong to the story; each is uploaded afterwards.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachments: Vec<AttachmentDeclaration>,
}

fn one() -> u32 {
    1
}

/// Way in which consent was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ConsentWay {
    /// Said aloud.
    Spoken,
    /// Signed on paper.
    Written,
    /// Tapped on the screen.
    Tapped,
}

/// How and when the teller agreed to take part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentRecord {
    /// Version of the consent text.
    #[schema(max_length = 64, example = "1")]
    pub version: String,
    /// Language it was read in (BCP 47).
    #[schema(max_length = 35, example = "nl")]
    pub language: String,
    /// How it was given.
    pub way: ConsentWay,
    /// When, by the device's clock.
    pub at: DateTime<Utc>,
    /// Who agreed for somebody under 16 or under guardianship.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub representative: Option<String>,
}

/// What the device's clock said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeviceTimes {
    /// The conversation began.
    #[serde(default)]
    pub started_at: Option<DateTime<Utc>>,
    /// The story was sealed.
    #[serde(default)]
    pub finished_at: Option<DateTime<Utc>>,
    /// The story was sent for the first time.
    #[serde(default)]
    pub sent_at: Option<DateTime<Utc>>,
    /// Version of the app.
    #[serde(default)]
    #[schema(max_length = 100, example = "1.4.0")]
    pub app_version: Option<String>,
}

/// A file that belongs to a story: complete when the server has these bytes with this hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttachmentDeclaration {
    /// Id made by the device.
    pub id: uuid::Uuid,
    /// SHA-256 of the whole file, 64 lower-case hexadecimal digits.
    #[schema(pattern = "^[0-9a-f]{64}$", example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// Size in bytes.
    #[schema(minimum = 1, maximum = 209715200, example = 183220)]
    pub bytes: i64,
    /// Media type: audio, or a picture.
    #[schema(pattern = "^(audio|image)/[a-z0-9.+-]{1,60}(;codecs=[a-z0-9.]{1,20})?$", example = "audio/webm")]
    pub media_type: String,
}

/// What the analysis needs of a story; kept beside its body so that the texts need not be read for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Answers by signifier key, background questions included.
    pub placements: BTreeMap<String, Placement>,
    /// Attributes of the story.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

impl StoryBody {
    /// The facts for the analysis.
    pub fn facts(&self) -> Facts {
        let all = self.placements.iter().chain(&self.background);
        Facts { placements: all.map(|(k, v)| (k.clone(), v.clone())).collect(), attributes: self.attributes.clone() }
    }

    /// Whether the teller lets the workgroup read the whole story.
    pub fn permits(&self, framework: &Framework, scope: ConsentScope) -> bool {
        let given = |key: &str| self.permissions.get(key).copied().unwrap_or(false);
        framework.consents.iter().any(|c| c.scope == scope && given(&c.key))
    }
}

/// Reads a story body against the framework version it was answered in.
///
/// Returns the body in canonical form (shares closed). Errors: everything that is wrong, at once.
pub fn parse(body: &Value, framework: &Framework) -> Result<StoryBody, Problems> {
    let mut problems = shape::check::<StoryBody>(body);
    meaning(body, framework, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let read: Result<StoryBody, _> = Deserialize::deserialize(body);
    let mut story = read.map_err(|e| Problems::one("$", "invalidValue", e.to_string()))?;
    for placement in story.placements.values_mut().chain(story.background.values_mut()) {
        let shares = placement.value.as_mut().and_then(|v| v.shares.as_mut());
        if let Some(shares) = shares {
            *shares = close_shares([shares[0], shares[1], shares[2]]).to_vec();
        }
    }
    Ok(story)
}

/// Whether an id was made of a clock (UUID versions 1, 2, 6 and 7): whoever reads the story could tell when it was told.
pub fn tells_time(id: uuid::Uuid) -> bool {
    matches!(id.get_version_num(), 1 | 2 | 6 | 7)
}

/// The shape alone, for a story whose framework is not known.
pub fn shape_problems(body: &Value) -> Problems {
    shape::check::<StoryBody>(body)
}

fn meaning(body: &Value, framework: &Framework, problems: &mut Problems) {
    let perspective = body["perspective"].as_str();
    if perspective.is_some_and(|p| !framework.has_perspective(p)) {
        problems.add("$.perspective", "unknownOption", "not a perspective of this framework");
    }
    if body["prompt"].as_str().is_some_and(|p| !framework.prompts.iter().any(|q| q.key == p)) {
        problems.add("$.prompt", "unknownOption", "not a prompt of this framework");
    }
    for at in ["language", "consent.language"] {
        let tag = at.split('.').fold(body, |v, name| &v[name]).as_str();
        if tag.is_some_and(|t| !is_language_tag(t)) {
            problems.add(format!("$.{at}"), "wrongFormat", "not a BCP-47 language tag");
        }
    }
    for (name, background) in [("placements", false), ("background", true)] {
        placements(body, name, background, framework, problems);
    }
    options(body, framework, problems);
    let mut ids = HashSet::new();
    for (i, attachment) in body["attachments"].as_array().into_iter().flatten().enumerate() {
        if attachment["id"].as_str().is_some_and(|id| !ids.insert(id)) {
            problems.add(member(&item("$.attachments", i), "id"), "duplicateKey", "this id is declared twice");
        }
    }
}

fn placements(body: &Value, name: &str, background: bool, framework: &Framework, problems: &mut Problems) {
    let path = member("$", name);
    for (key, placed) in body[name].as_object().into_iter().flatten() {
        let at = member(&path, key);
        match framework.signifier(key).filter(|s| s.background == background) {
            Some(signifier) if is_not_asked(signifier, body, framework) => {
                problems.add(at, "notAsked", "this question is not asked from this perspective");
            }
            Some(signifier) => placement::check(signifier, placed, &at, problems),
            None => problems.add(at, "unknownSignifier", format!("not one of the {name} of this framework version")),
        }
    }
}

fn is_not_asked(signifier: &Signifier, body: &Value, framework: &Framework) -> bool {
    body["perspective"].as_str().is_some_and(|p| framework.has_perspective(p) && !signifier.is_asked_of(p))
}

fn options(body: &Value, framework: &Framework, problems: &mut Problems) {
    for key in body["permissions"].as_object().into_iter().flat_map(|o| o.keys()) {
        if !framework.consents.iter().any(|c| c.key == *key) {
            problems.add(member("$.permissions", key), "unknownOption", "not a consent of this framework");
        }
    }
    for (key, option) in body["attributes"].as_object().into_iter().flatten() {
        let at = member("$.attributes", key);
        let story_attribute = |a: &&super::framework::Attribute| a.of == super::framework::AttributeOf::Story;
        match framework.attribute(key).filter(story_attribute) {
            None => problems.add(at, "unknownAttribute", "not a story attribute of this framework"),
            Some(attribute) if !attribute.options.iter().any(|o| option == o.key.as_str()) => {
                problems.add(at, "unknownOption", "not an option of this attribute");
            }
            Some(_) => {}
        }
    }
}
