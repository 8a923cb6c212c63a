//! The parts of a framework document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::placement::AnswerState;
use crate::domain::texts::Texts;

/// A signification framework: the questionnaire of a study. Immutable once published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Framework {
    /// Version of this document format; 1.
    #[schema(minimum = 1, maximum = 1, example = 1)]
    pub schema: u32,
    /// Key of the framework, stable over its versions.
    #[schema(example = "reference")]
    pub key: String,
    /// Name of the framework.
    pub title: Texts,
    /// Languages that every text is given in (BCP 47).
    #[schema(min_items = 1, max_items = 100, example = json!(["nl", "en"]))]
    pub languages: Vec<String>,
    /// Language to fall back to; one of `languages`.
    #[schema(example = "nl")]
    pub default_language: String,
    /// Whose view a story may be.
    #[schema(min_items = 1, max_items = 50)]
    pub perspectives: Vec<Labelled>,
    /// Properties of participants, participations and stories, used to compare.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub attributes: Vec<Attribute>,
    /// What is studied.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub indicators: Vec<Labelled>,
    /// Open questions that elicit the story; the teller picks one.
    #[schema(min_items = 1, max_items = 50)]
    pub prompts: Vec<Prompt>,
    /// Figures and questions, in the order they are asked.
    #[schema(max_items = 500)]
    pub signifiers: Vec<Signifier>,
    /// What the teller is asked to permit.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub consents: Vec<Consent>,
    /// Main research questions, written down before the first wave.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub planned: Vec<Planned>,
}

impl Framework {
    /// The signifier with this key.
    pub fn signifier(&self, key: &str) -> Option<&Signifier> {
        self.signifiers.iter().find(|s| s.key == key)
    }

    /// The attribute with this key.
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.key == key)
    }

    /// What the recordings of its questions are called, in every language; some may be addresses elsewhere.
    pub fn recordings(&self) -> impl Iterator<Item = &str> {
        let prompts = self.prompts.iter().filter_map(|p| p.audio.as_ref());
        let signifiers = self.signifiers.iter().filter_map(|s| s.audio.as_ref());
        prompts.chain(signifiers).flat_map(|texts| texts.0.values()).map(String::as_str)
    }

    /// Whether there is such a perspective.
    pub fn has_perspective(&self, key: &str) -> bool {
        self.perspectives.iter().any(|p| p.key == key)
    }
}

/// A key with its label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Labelled {
    /// Kebab-case key, stable over versions.
    #[schema(example = "candidate")]
    pub key: String,
    /// What people read.
    pub label: Texts,
}

/// What an attribute belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AttributeOf {
    /// The participant, the same in all waves.
    Participant,
    /// The participant in one wave.
    Participation,
    /// One story.
    Story,
}

/// A property used to compare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attribute {
    /// Kebab-case key.
    #[schema(example = "trajectory")]
    pub key: String,
    /// What people read.
    pub label: Texts,
    /// What the attribute belongs to.
    pub of: AttributeOf,
    /// The categories.
    #[schema(min_items = 1, max_items = 200)]
    pub options: Vec<Labelled>,
}

/// A prompting question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Prompt {
    /// Kebab-case key.
    #[schema(example = "recent-moment")]
    pub key: String,
    /// The question.
    pub text: Texts,
    /// Its wording per perspective, where that differs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text_for: BTreeMap<String, Texts>,
    /// Its wording in later waves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub text_for_wave: Vec<WaveWording>,
    /// Recorded speech per language: a URL or attachment name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<Texts>,
}

/// The wording of a prompt from some wave on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WaveWording {
    /// Ordinal number of the first wave with this wording.
    #[schema(minimum = 2, maximum = 1000, example = 2)]
    pub from: u32,
    /// The question.
    pub text: Texts,
    /// Its wording per perspective.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text_for: BTreeMap<String, Texts>,
}

/// The kinds of figure and question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SignifierKind {
    /// A triangle between three anchors.
    Triad,
    /// A slider between two extremes.
    Dyad,
    /// Points on a canvas with two axes.
    Stones,
    /// A Likert scale, low to high.
    Scale,
    /// One or more options.
    Choice,
    /// Free text.
    Text,
}

impl SignifierKind {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Triad => "triad",
            Self::Dyad => "dyad",
            Self::Stones => "stones",
            Self::Scale => "scale",
            Self::Choice => "choice",
            Self::Text => "text",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Triad, Self::Dyad, Self::Stones, Self::Scale, Self::Choice, Self::Text].into_iter().find(|k| k.name() == name)
    }

    /// Members that the value of a placement of this kind may have; the first is required.
    pub fn value_members(self) -> &'static [&'static str] {
        match self {
            Self::Triad => &["shares", "placement"],
            Self::Dyad => &["position"],
            Self::Stones => &["stones"],
            Self::Scale => &["point"],
            Self::Choice => &["options"],
            Self::Text => &["text"],
        }
    }
}

/// A figure or question on which the teller places the story. Which of `anchors`, `axes`, `stones`, `points` and
/// `options` it has depends on its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signifier {
    /// Kebab-case key, stable over versions; shares one namespace with attributes and fixed columns.
    #[schema(example = "confidence")]
    pub key: String,
    /// The kind of figure.
    pub kind: SignifierKind,
    /// Key of the indicator it expresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "self-confidence")]
    pub indicator: Option<String>,
    /// What the question is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Texts>,
    /// The question.
    pub question: Texts,
    /// Its wording per perspective, where that differs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub question_for: BTreeMap<String, Texts>,
    /// Triad: top, left, right. Dyad: left, right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anchors: Vec<Anchor>,
    /// Stones: the two axes of the canvas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axes: Option<Axes>,
    /// Stones: width of the canvas divided by its height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0.2, maximum = 5, example = 1.5)]
    pub aspect: Option<f64>,
    /// Stones: the stones to place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub stones: Vec<Anchor>,
    /// Scale: the points, low to high.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub points: Vec<Anchor>,
    /// Scale: shown as faces.
    #[serde(default, skip_serializing_if = "is_false")]
    pub faces: bool,
    /// Choice: whether more than one option may be taken.
    #[serde(default, skip_serializing_if = "is_false")]
    pub multiple: bool,
    /// Choice: the options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub options: Vec<Anchor>,
    /// States offered beside an answer: `notApplicable` is always offered, `unknown` and `declined` when listed.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub allow: Vec<AnswerState>,
    /// Conditions under which the question is shown; all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub show_if: Vec<ShowIf>,
    /// Whether an answer or one of its states must be given before the form goes on.
    #[serde(default)]
    pub required: bool,
    /// Perspectives that are asked; absent means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 50)]
    pub asked_of: Option<Vec<String>>,
    /// No brushing on it and never on story pages for a workgroup.
    #[serde(default)]
    pub sensitive: bool,
    /// Asked once per participant instead of with every story.
    #[serde(default)]
    pub background: bool,
    /// Recorded speech per language: a URL or attachment name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<Texts>,
}

impl Signifier {
    /// Whether people with this perspective are asked.
    pub fn is_asked_of(&self, perspective: &str) -> bool {
        self.asked_of.as_ref().is_none_or(|list| list.iter().any(|p| p == perspective))
    }

    /// Whether the question offers this state.
    pub fn allows(&self, state: AnswerState) -> bool {
        match state {
            AnswerState::Unknown | AnswerState::Declined => self.allow.contains(&state),
            _ => true,
        }
    }

    /// Number of a scale point, 1 = lowest.
    pub fn point_number(&self, key: &str) -> Option<u32> {
        self.points.iter().position(|p| p.key == key).map(|i| i as u32 + 1)
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

/// A labelled corner, end, stone, point or option.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Anchor {
    /// Kebab-case key, unique in its signifier.
    #[schema(example = "almost-nothing")]
    pub key: String,
    /// What people read.
    pub label: Texts,
    /// Its wording per perspective, where that differs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub label_for: BTreeMap<String, Texts>,
}

/// The axes of a canvas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Axes {
    /// From left to right.
    pub x: Axis,
    /// From bottom to top.
    pub y: Axis,
}

/// One axis of a canvas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Axis {
    /// Label at the low end.
    pub start: Texts,
    /// Label at the high end.
    pub end: Texts,
}

/// A condition for showing a question: an earlier choice, or a perspective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShowIf {
    /// Key of an earlier choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signifier: Option<String>,
    /// Any of these options was taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The story has one of these perspectives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perspectives: Vec<String>,
}

/// What a consent covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ConsentScope {
    /// Taking part at all.
    Participation,
    /// A sentence may be quoted without name.
    Quote,
    /// The workgroup may read the whole story.
    Workgroup,
    /// The story may be recorded.
    Recording,
    /// The recording may be kept.
    Archive,
}

/// Something the teller is asked to permit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Consent {
    /// Kebab-case key.
    #[schema(example = "workgroup")]
    pub key: String,
    /// What it covers.
    pub scope: ConsentScope,
    /// The question.
    pub text: Texts,
}

/// How a planned question compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Comparison {
    /// Change over waves.
    Waves,
    /// Difference between perspectives.
    Perspectives,
    /// Difference between groups of an attribute.
    Groups,
}

/// A main research question, part of the planned family of the analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Planned {
    /// Key of the signifier.
    pub signifier: String,
    /// What is compared.
    pub comparison: Comparison,
    /// Key of the attribute that makes the groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
}
