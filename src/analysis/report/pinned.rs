//! Findings that a project keeps. A kept finding is named by its question, for its id changes with the stories, and it
//! holds no ids of stories: whoever withdraws a story need not be looked for in what was kept.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::Report;
use super::findings::{Finding, FindingKind, compared};
use super::study::{Choices, LayerName, Study};
use super::types::Of;
use crate::analysis::protect::Viewer;
use crate::analysis::snapshot::Snapshot;

/// What a finding answers: the same whatever the stories are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    kind: FindingKind,
    signifiers: Vec<String>,
    layer: LayerName,
    compared: Vec<String>,
    /// Absent where answers are compared, as in what was kept before there was anything else.
    #[serde(default, skip_serializing_if = "Of::is_answer")]
    of: Of,
}

impl Question {
    /// The question of a finding. `None` for stories apart and small groups: they are about a few people and not about a
    /// question, so nothing would find them again, and what is kept of them would outlive a withdrawal.
    pub fn of(finding: &Finding) -> Option<Self> {
        if matches!(finding.kind, FindingKind::Outlier | FindingKind::MinorityCluster) {
            return None;
        }
        let Finding { kind, mut signifiers, layer, mut compared, of, .. } = finding.clone();
        // Two signifiers go together in either order, which is that of the framework.
        if kind == FindingKind::Association {
            signifiers.sort();
        }
        // Which groups are large enough depends on the stories and on who asks: the attribute is the question.
        if kind == FindingKind::Contrast {
            compared.clear();
        }
        Some(Self { kind, signifiers, layer, compared, of })
    }
}

/// The finding without ids of stories, those that it is drawn with included.
pub fn without_stories(mut finding: Finding) -> Finding {
    finding.typical.clear();
    finding.contradicting.clear();
    forget_ids(&mut finding.plot);
    finding
}

/// Whatever looks like an id goes, wherever it is: what a plot holds depends on its kind.
fn forget_ids(value: &mut Value) {
    let is_id = |v: &Value| v.as_str().is_some_and(|text| Uuid::parse_str(text).is_ok());
    match value {
        Value::Array(items) => {
            items.retain(|item| !is_id(item));
            items.iter_mut().for_each(forget_ids);
        }
        Value::Object(members) => members.values_mut().for_each(forget_ids),
        other if is_id(other) => *other = Value::Null,
        _ => {}
    }
}

/// What a report (with all sections) says to a question now, and whether that is among its findings: what could be chance
/// is not, and is answered with its evidence. `None` when the report has no answer, or none for this viewer.
pub fn answer(snapshot: &Snapshot, viewer: Viewer, report: &Report, question: &Question) -> Option<(Finding, bool)> {
    let is_it = |f: &&Finding| Question::of(f).as_ref() == Some(question);
    if let Some(found) = report.findings.iter().find(is_it) {
        return Some((found.clone(), true));
    }
    let choices = Choices { pool: report.settings.pool, seed: report.settings.seed };
    let seed = Study::of(snapshot, &report.settings.lens, viewer, choices).seed;
    let found = compared(&seed, report).into_iter().find(|f| is_it(&f))?;
    Some((found, false))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn finding(kind: &str, signifiers: &[&str], compared: &[&str]) -> Finding {
        let finding = json!({
            "id": "0", "kind": kind, "signifiers": signifiers, "layer": {"wave": "1", "perspective": "candidate"},
            "compared": compared, "n": 30, "participants": 30, "effect": {"name": "tau"}, "evidence": "clear",
            "sentence": {"nl": "", "en": ""}, "plot": null, "typical": [], "contradicting": [], "caveats": []
        });
        serde_json::from_value(finding).unwrap()
    }

    #[test]
    fn a_question_is_the_same_whatever_the_stories_are() {
        let question = |kind, signifiers: &[&str], compared: &[&str]| Question::of(&finding(kind, signifiers, compared));
        assert_eq!(question("association", &["tone", "confidence"], &[]), question("association", &["confidence", "tone"], &[]));
        let of = ["confidence", "trajectory"];
        assert_eq!(question("contrast", &of, &["a", "b"]), question("contrast", &of, &["a", "b", "c"]));
        assert_ne!(question("contrast", &of, &[]), question("contrast", &["trajectory", "confidence"], &[]));
        assert_ne!(question("change", &["tone"], &["1", "2"]), question("change", &["tone"], &["1", "3"]));
        assert_ne!(question("dominant", &["tone"], &[]), question("dominant", &["confidence"], &[]));
        let silent = Finding { of: Of::NotApplicable, ..finding("contrast", &of, &[]) };
        assert_ne!(Question::of(&silent), question("contrast", &of, &[]));
        let written = serde_json::to_value(question("contrast", &of, &[])).unwrap();
        assert!(written.get("of").is_none(), "questions that were kept before read the same: {written}");
        assert_eq!(question("outlier", &["tone"], &[]), None);
        assert_eq!(question("minority-cluster", &[], &[]), None);
    }

    #[test]
    fn ids_of_stories_go_and_all_else_stays() {
        let id = Uuid::from_u128(7);
        let mut plot = json!({"hotspots": [{"at": [0.5], "exemplar": id, "stories": [id, id]}], "zones": null, "test": "energy"});
        forget_ids(&mut plot);
        let kept = json!({"hotspots": [{"at": [0.5], "exemplar": null, "stories": []}], "zones": null, "test": "energy"});
        assert_eq!(plot, kept);
    }
}
