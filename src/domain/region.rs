//! A region of a figure: which answers of one signifier a lens selects.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::framework::{Framework, Signifier, SignifierKind};
use super::problem::{Problems, item, member};

/// A part of a figure. Stories whose answer lies in it, or on its border, are inside; a story without an answer is not.
/// Triad: `polygon` with corners of three shares; stones: `stone` and `polygon` with corners of two coordinates; dyad
/// and scale: `interval`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"signifier": "competence", "polygon": [[1.0, 0.0, 0.0], [0.6, 0.4, 0.0], [0.6, 0.0, 0.4]]}))]
pub struct Region {
    /// Key of the signifier.
    #[schema(example = "competence")]
    pub signifier: String,
    /// Stones: key of the stone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub stone: Option<String>,
    /// Triad: corners as shares of the top, left and right anchor, together 1. Stones: corners as x and y, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 3, max_items = 200, example = json!([[1.0, 0.0, 0.0], [0.6, 0.4, 0.0], [0.6, 0.0, 0.4]]))]
    pub polygon: Option<Vec<Vec<f64>>>,
    /// Dyad: positions from and to, 0 to 1. Scale: numbers of the points from and to, 1 = lowest. Both are included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 2, max_items = 2, example = json!(null))]
    pub interval: Option<Vec<f64>>,
}

/// How far the shares of a corner may be from one together.
const SUM_TOLERANCE: f64 = 1e-6;

impl Region {
    /// Checks the region at path `at`. Adds everything that does not fit its signifier.
    pub fn check(&self, framework: &Framework, at: &str, problems: &mut Problems) {
        let Some(signifier) = framework.signifier(&self.signifier) else {
            problems.add(member(at, "signifier"), "unknownReference", "not a signifier of this framework");
            return;
        };
        match signifier.kind {
            SignifierKind::Triad => self.check_polygon(3, at, problems),
            SignifierKind::Stones => {
                self.check_stone(signifier, at, problems);
                self.check_polygon(2, at, problems);
            }
            SignifierKind::Dyad => self.check_interval(0.0, 1.0, at, problems),
            SignifierKind::Scale => self.check_interval(1.0, signifier.points.len() as f64, at, problems),
            SignifierKind::Choice | SignifierKind::Text => {
                problems.add(member(at, "signifier"), "wrongKind", "a choice or text has no regions");
                return;
            }
        }
        let has_polygon = matches!(signifier.kind, SignifierKind::Triad | SignifierKind::Stones);
        let mut unfit = |name: &str, is_given: bool, fits: bool| {
            if is_given && !fits {
                problems.add(member(at, name), "wrongKind", "a region of this kind of signifier does not have this member");
            }
        };
        unfit("stone", self.stone.is_some(), signifier.kind == SignifierKind::Stones);
        unfit("polygon", self.polygon.is_some(), has_polygon);
        unfit("interval", self.interval.is_some(), !has_polygon);
    }

    fn check_stone(&self, signifier: &Signifier, at: &str, problems: &mut Problems) {
        match &self.stone {
            None => problems.add(member(at, "stone"), "required", "a region of stones names one stone"),
            Some(key) if !signifier.stones.iter().any(|s| s.key == *key) => {
                problems.add(member(at, "stone"), "unknownOption", "not a stone of this signifier");
            }
            Some(_) => {}
        }
    }

    fn check_polygon(&self, numbers: usize, at: &str, problems: &mut Problems) {
        let path = member(at, "polygon");
        let Some(polygon) = &self.polygon else {
            problems.add(path, "required", "a region of this kind of signifier is a polygon");
            return;
        };
        if polygon.len() < 3 {
            problems.add(&path, "tooShort", "a polygon has at least 3 corners");
        }
        for (i, corner) in polygon.iter().enumerate() {
            let path = item(&path, i);
            if corner.len() != numbers {
                problems.add(path, "wrongCount", format!("a corner here has {numbers} numbers"));
            } else if corner.iter().any(|n| !(0.0..=1.0).contains(n)) {
                problems.add(path, "outOfRange", "must be between 0 and 1");
            } else if numbers == 3 && (corner.iter().sum::<f64>() - 1.0).abs() > SUM_TOLERANCE {
                problems.add(path, "sharesSum", "the three shares must add up to 1 (within 0.000001)");
            }
        }
    }

    fn check_interval(&self, least: f64, most: f64, at: &str, problems: &mut Problems) {
        let path = member(at, "interval");
        match self.interval.as_deref() {
            None => problems.add(path, "required", "a region of this kind of signifier is an interval"),
            Some([from, to]) => {
                for (i, end) in [from, to].into_iter().enumerate() {
                    if !(least..=most).contains(end) {
                        problems.add(item(&path, i), "outOfRange", format!("must be between {least} and {most}"));
                    }
                }
                if from > to {
                    problems.add(path, "wrongOrder", "an interval ends where it begins, or later");
                }
            }
            Some(_) => problems.add(path, "wrongCount", "an interval has two ends"),
        }
    }

    /// What equal regions have in common, to sort them by.
    pub(super) fn sort_key(&self) -> String {
        serde_json::to_string(self).expect("a region is JSON")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::framework;

    fn errors(region: Value) -> Vec<String> {
        let reference = framework::parse(&serde_json::from_str(framework::REFERENCE).unwrap()).unwrap();
        let mut problems = Problems::default();
        serde_json::from_value::<Region>(region).unwrap().check(&reference, "$.regions[0]", &mut problems);
        problems.0.into_iter().map(|e| format!("{} {}", e.path.replace("$.regions[0]", "$"), e.code)).collect()
    }

    #[test]
    fn each_kind_has_its_form() {
        let none: [&str; 0] = [];
        let square = json!([[0, 0], [1, 0], [1, 1], [0, 1]]);
        assert_eq!(errors(json!({"signifier": "competence", "polygon": [[1, 0, 0], [0, 1, 0], [0, 0.5, 0.5]]})), none);
        assert_eq!(errors(json!({"signifier": "confidence", "interval": [0.25, 0.25]})), none);
        assert_eq!(errors(json!({"signifier": "tone", "interval": [1, 2]})), none);
        assert_eq!(errors(json!({"signifier": "health", "stone": "body", "polygon": square})), none);
        assert_eq!(errors(json!({"signifier": "nowhere"})), ["$.signifier unknownReference"]);
        assert_eq!(errors(json!({"signifier": "transport", "interval": [0, 1]})), ["$.signifier wrongKind"]);
        assert_eq!(
            errors(json!({"signifier": "competence", "interval": [0, 1]})),
            ["$.polygon required", "$.interval wrongKind"]
        );
        assert_eq!(
            errors(json!({"signifier": "health", "stone": "moon", "polygon": [[0, 0], [1, 0]]})),
            ["$.stone unknownOption", "$.polygon tooShort"]
        );
    }

    #[test]
    fn every_wrong_number_is_named() {
        let polygon = json!([[1, 0], [0.5, 0.4, 0.0], [-0.5, 1.5, 0.0], [0, 1, 0]]);
        assert_eq!(
            errors(json!({"signifier": "competence", "polygon": polygon})),
            ["$.polygon[0] wrongCount", "$.polygon[1] sharesSum", "$.polygon[2] outOfRange"]
        );
        assert_eq!(errors(json!({"signifier": "confidence", "interval": [0.9, 0.1]})), ["$.interval wrongOrder"]);
        assert_eq!(
            errors(json!({"signifier": "tone", "interval": [0, 99]})),
            ["$.interval[0] outOfRange", "$.interval[1] outOfRange"]
        );
    }
}
