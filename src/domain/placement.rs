//! Placements: the answer to one signifier, checked against it and brought to its canonical form.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::framework::{Signifier, SignifierKind};
use super::problem::{Problems, item, member};

/// How a question was answered. A sixth state, `notAsked`, is computed and never sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AnswerState {
    /// There is a value.
    Answered,
    /// 'Not about this'.
    NotApplicable,
    /// 'I don't know' (third persons).
    Unknown,
    /// 'Rather not say'.
    Declined,
    /// Passed over.
    Skipped,
}

impl AnswerState {
    /// Every state, in the order of the codes used in data frames.
    pub const ALL: [AnswerState; 5] = [Self::Answered, Self::NotApplicable, Self::Unknown, Self::Declined, Self::Skipped];

    /// The name used in JSON and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::NotApplicable => "notApplicable",
            Self::Unknown => "unknown",
            Self::Declined => "declined",
            Self::Skipped => "skipped",
        }
    }

    /// The state with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// How the teller placed the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum InputMethod {
    /// Dragged with a finger or mouse.
    Drag,
    /// Tapped or clicked.
    Tap,
    /// Arrow keys.
    Keyboard,
    /// Typed as a number.
    Number,
}

/// The answer to one signifier. `value` is given exactly when the state is `answered`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Placement {
    /// How the question was answered.
    pub state: AnswerState,
    /// What was placed; which members it has depends on the signifier's kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<PlacementValue>,
    /// How the answer was placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_method: Option<InputMethod>,
    /// By how many corners the figure was turned when shown; values are always stored in canonical order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 2)]
    pub rotation: Option<u8>,
}

impl Placement {
    /// The answer alone, without how it was given.
    pub fn without_manner(&self) -> Self {
        Self { input_method: None, rotation: None, ..self.clone() }
    }
}

/// What was placed. Exactly the members of the signifier's kind: triad `shares` (and `placement`), dyad `position`,
/// stones `stones`, scale `point`, choice `options`, text `text`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"shares": [0.6, 0.3, 0.1]}))]
pub struct PlacementValue {
    /// Triad: shares of the top, left and right anchor, 0 to 1, together 1 (within 0.02, then closed to exactly 1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 3, max_items = 3)]
    pub shares: Option<Vec<f64>>,
    /// Triad: the raw point in the unit-height triangle (y = top, x = right + top/2), kept when given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<RawPoint>,
    /// Dyad: from left (0) to right (1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.42)]
    pub position: Option<f64>,
    /// Stones: where each stone lies; a stone may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 50)]
    pub stones: Option<Vec<StonePoint>>,
    /// Scale: key of the point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "4")]
    pub point: Option<String>,
    /// Choice: keys of the options; exactly one unless the signifier allows more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 200)]
    pub options: Option<Vec<String>>,
    /// Text: what was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 20000)]
    pub text: Option<String>,
}

/// A raw point on the drawn triangle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RawPoint {
    /// Across, 0 to 1.
    #[schema(minimum = -0.1, maximum = 1.1)]
    pub x: f64,
    /// Up, 0 to 1.
    #[schema(minimum = -0.1, maximum = 1.1)]
    pub y: f64,
}

/// Where one stone lies; origin bottom left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StonePoint {
    /// Key of the stone.
    #[schema(example = "body")]
    pub key: String,
    /// Across, 0 (left) to 1 (right).
    #[schema(minimum = 0, maximum = 1, example = 0.25)]
    pub x: f64,
    /// Up, 0 (bottom) to 1 (top).
    #[schema(minimum = 0, maximum = 1, example = 0.75)]
    pub y: f64,
}

/// Smallest share taken for a zero: devices and old exports give up to half a percent less than nothing.
const LOWEST_SHARE: f64 = -0.005;
/// How far the sum of the shares may be from one.
const SUM_TOLERANCE: f64 = 0.02;

/// Checks a placement as sent against its signifier, adding every error at `path`. Works on the raw value, so
/// that it finds errors of meaning beside errors of shape.
pub fn check(signifier: &Signifier, placement: &Value, path: &str, problems: &mut Problems) {
    let Some(state) = placement.get("state").and_then(Value::as_str).and_then(AnswerState::from_name) else {
        return; // the shape check has named it
    };
    let value = placement.get("value").filter(|v| !v.is_null());
    let at = member(path, "value");
    match (state, value) {
        (AnswerState::Answered, None) => problems.add(at, "required", "an answered question has a value"),
        (AnswerState::Answered, Some(value)) => check_value(signifier, value, &at, problems),
        (_, Some(_)) => problems.add(at, "unexpectedValue", "only an answered question has a value"),
        (AnswerState::Unknown | AnswerState::Declined, None) if !signifier.allows(state) => problems.add(
            member(path, "state"),
            "stateNotOffered",
            format!("this signifier does not offer the state {}", state.name()),
        ),
        _ => {}
    }
}

fn check_value(signifier: &Signifier, value: &Value, path: &str, problems: &mut Problems) {
    let wanted = signifier.kind.value_members();
    for name in value.as_object().into_iter().flat_map(|o| o.keys()) {
        if !wanted.contains(&name.as_str()) && PLACEMENT_MEMBERS.contains(&name.as_str()) {
            problems.add(member(path, name), "wrongKind", format!("not a member of the value of a {}", signifier.kind.name()));
        }
    }
    let Some(main) = value.get(wanted[0]).filter(|v| !v.is_null()) else {
        let message = format!("the value of a {} has the member {}", signifier.kind.name(), wanted[0]);
        return problems.add(member(path, wanted[0]), "required", message);
    };
    let at = member(path, wanted[0]);
    match signifier.kind {
        SignifierKind::Triad => check_shares(main, &at, problems),
        SignifierKind::Stones => check_stones(signifier, main, &at, problems),
        SignifierKind::Scale => {
            if main.as_str().is_some_and(|p| signifier.point_number(p).is_none()) {
                problems.add(at, "unknownOption", "not a point of this scale");
            }
        }
        SignifierKind::Choice => check_options(signifier, main, &at, problems),
        SignifierKind::Dyad | SignifierKind::Text => {} // range and length are in the schema
    }
}

const PLACEMENT_MEMBERS: [&str; 7] = ["shares", "placement", "position", "stones", "point", "options", "text"];

fn check_shares(shares: &Value, path: &str, problems: &mut Problems) {
    let numbers: Vec<f64> = shares.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    if numbers.len() != 3 {
        return; // the shape check has named it
    }
    for (i, share) in numbers.iter().enumerate() {
        if !(LOWEST_SHARE..=1.0 - LOWEST_SHARE).contains(share) {
            problems.add(item(path, i), "outOfRange", "a share is between 0 and 1");
        }
    }
    if (numbers.iter().sum::<f64>() - 1.0).abs() > SUM_TOLERANCE + 1e-9 {
        problems.add(path, "sharesSum", "the three shares must add up to 1 (within 0.02)");
    }
}

fn check_stones(signifier: &Signifier, stones: &Value, path: &str, problems: &mut Problems) {
    let keys: Vec<&str> =
        stones.as_array().into_iter().flatten().map(|s| s.get("key").and_then(Value::as_str).unwrap_or("")).collect();
    for (i, key) in keys.iter().enumerate() {
        let at = member(&item(path, i), "key");
        if !key.is_empty() && !signifier.stones.iter().any(|s| s.key == *key) {
            problems.add(at, "unknownOption", "not a stone of this canvas");
        } else if keys[..i].contains(key) {
            problems.add(at, "duplicateOption", "this stone is placed twice");
        }
    }
}

fn check_options(signifier: &Signifier, options: &Value, path: &str, problems: &mut Problems) {
    let keys: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (i, key) in keys.iter().enumerate() {
        if !signifier.options.iter().any(|o| o.key == *key) {
            problems.add(item(path, i), "unknownOption", "not an option of this question");
        } else if keys[..i].contains(key) {
            problems.add(item(path, i), "duplicateOption", "this option is given twice");
        }
    }
    if keys.len() > 1 && !signifier.multiple {
        problems.add(path, "tooLong", "this question takes one option");
    }
}

/// Shares are kept in steps of 2^-53: sums of such numbers up to 1 are exact in double precision.
const STEPS: f64 = (1u64 << 53) as f64;

/// Shares brought to their canonical form: slightly negative ones are zero, and together they are exactly 1.
///
/// Shares that add up to 1 stay as they were told. Else the largest takes up the rounding; because the other two are
/// in steps of 2^-53 the sum is exactly 1, so that closing closed shares again changes nothing (an export can be
/// imported again).
pub fn close_shares(shares: [f64; 3]) -> [f64; 3] {
    let floored = shares.map(|s| s.max(0.0));
    let sum: f64 = floored.iter().sum();
    if sum == 1.0 {
        return floored;
    }
    let mut closed = floored.map(|s| (s / sum * STEPS).round() / STEPS);
    let largest = (0..3).max_by(|a, b| closed[*a].total_cmp(&closed[*b])).unwrap_or(0);
    closed[largest] = 1.0 - (closed[(largest + 1) % 3] + closed[(largest + 2) % 3]);
    closed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn closed_shares_are_exactly_one_and_stay_as_they_are(
            top in 0.0..1.0f64, cut in 0.0..1.0f64, off in -0.02..0.02f64, places in prop::option::of(2..6i32),
        ) {
            let left = (1.0 - top) * cut;
            let rounded = |s: f64| places.map_or(s, |p| (s * 10f64.powi(p)).round() / 10f64.powi(p));
            let told = [top, left, 1.0 - top - left].map(|s| rounded(s) * (1.0 + off));
            let [a, b, c] = close_shares(told);
            prop_assert_eq!(a + b + c, 1.0);
            prop_assert_eq!(close_shares([a, b, c]).map(f64::to_bits), [a, b, c].map(f64::to_bits));
        }
    }

    #[test]
    fn a_share_slightly_below_zero_is_zero() {
        assert_eq!(close_shares([-0.004, 0.5, 0.504]), [0.0, 0.5 / 1.004, 1.0 - 0.5 / 1.004]);
    }
}
