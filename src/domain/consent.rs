//! Consent to take part: what was decided, how, for whom by whom, and how far a withdrawal goes.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::Problems;

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
