//! Consent to take part: what was decided, how, for whom by whom, and how far a withdrawal goes.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{Problems, member};
use super::texts::{is_key, is_language_tag};

/// What somebody decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ConsentDecision {
    /// Agreed.
    Given,
    /// Did not agree.
    Refused,
    /// Took an earlier agreement back; see the scope.
    Withdrawn,
}

/// What somebody was asked and answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ConsentAnswer {
    /// Agreed.
    Given,
    /// Did not agree.
    Refused,
}

/// The way in which somebody said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum GivenWay {
    /// Tapped on a screen.
    OnScreen,
    /// Signed on paper.
    OnPaper,
    /// Said aloud, and recorded.
    OralRecorded,
    /// Said aloud, and written down by whoever heard it.
    OralNoted,
}

/// Who decided for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Representative {
    /// Nobody: the person did.
    None,
    /// A parent.
    Parent,
    /// A guardian.
    Guardian,
}

/// How far a withdrawal goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum WithdrawalScope {
    /// Nothing new; what was told stays, and what still comes in is held.
    Stop,
    /// Nothing new; what was told stays, and of what still comes in nothing is kept.
    StopAndRemoveFuture,
    /// Nothing new, and everything that was told is gone.
    EraseAll,
}

/// The next version of a text.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewConsentText {
    /// Key; one that is not there yet begins a text.
    #[schema(min_length = 1, max_length = 64, example = "taking-part")]
    pub key: String,
    /// Key of the purpose of processing that it is about.
    #[serde(default)]
    #[schema(max_length = 64, example = "research")]
    pub purpose: Option<String>,
    /// The text in each language.
    #[schema(example = json!({"nl": "Ik doe mee.", "en": "I take part."}))]
    pub texts: BTreeMap<String, String>,
}

impl NewConsentText {
    /// What the shape does not say. Whether the purpose is one of the project is the caller's question.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::default();
        if !is_key(&self.key) {
            problems.add("$.key", "wrongFormat", "a key has lower-case letters, digits and single hyphens");
        }
        if self.texts.is_empty() {
            problems.add("$.texts", "tooShort", "a text has at least one language");
        }
        for (language, text) in &self.texts {
            let at = member("$.texts", language);
            if !is_language_tag(language) {
                problems.add(at, "wrongFormat", "not a BCP-47 language tag");
            } else if text.trim().is_empty() {
                problems.add(at, "tooShort", "the text is empty");
            }
        }
        problems
    }
}

/// The circumstances of a decision, as far as rules look at them.
pub struct Circumstances {
    /// Whether the person is under 16.
    pub under_sixteen: bool,
    /// Whether the person is under guardianship.
    pub guardianship: bool,
    /// Who decided.
    pub representative: Representative,
    /// When it was decided.
    pub at: DateTime<Utc>,
}

/// Clocks of devices may be ahead of ours by so much.
const AHEAD: Duration = Duration::minutes(10);

/// Checks a decision at the time `now`: whoever may not decide alone is represented, and nothing was decided in the future.
pub fn check(circumstances: &Circumstances, now: DateTime<Utc>, problems: &mut Problems) {
    let needed = circumstances.under_sixteen || circumstances.guardianship;
    if needed && circumstances.representative == Representative::None {
        let message = "for somebody under 16 or under guardianship a parent or guardian decides";
        problems.add("$.representative", "required", message);
    }
    if circumstances.at > now + AHEAD {
        problems.add("$.at", "outOfRange", "this is in the future");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(under_sixteen: bool, guardianship: bool, representative: Representative, ahead: Duration) -> Vec<String> {
        let now = Utc::now();
        let mut problems = Problems::default();
        check(&Circumstances { under_sixteen, guardianship, representative, at: now + ahead }, now, &mut problems);
        problems.0.into_iter().map(|e| format!("{} {}", e.path, e.code)).collect()
    }

    #[test]
    fn whoever_may_not_decide_alone_is_represented() {
        let none = Duration::zero();
        for (young, guarded) in [(true, false), (false, true), (true, true)] {
            assert_eq!(errors(young, guarded, Representative::None, none), ["$.representative required"]);
            assert!(errors(young, guarded, Representative::Parent, none).is_empty());
            assert!(errors(young, guarded, Representative::Guardian, none).is_empty());
        }
        assert!(errors(false, false, Representative::None, none).is_empty());
    }

    #[test]
    fn nothing_is_decided_in_the_future() {
        assert!(errors(false, false, Representative::None, Duration::minutes(9)).is_empty());
        assert_eq!(errors(false, false, Representative::None, Duration::minutes(11)), ["$.at outOfRange"]);
    }
}
