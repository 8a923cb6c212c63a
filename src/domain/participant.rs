//! Participants: whom the study follows, and how they take part wave by wave.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether somebody is still followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ParticipantStatus {
    /// Followed.
    Active,
    /// Left the trajectory; see the exit reason (leaving for a job is not dropping out).
    Exited,
    /// Does not want to take part any more.
    Withdrawn,
}

/// Why somebody left the trajectory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ExitReason {
    /// Found work.
    Work,
    /// Went to school.
    Education,
    /// Moved to another track.
    OtherTrack,
    /// Stopped.
    Stopped,
    /// Not known.
    Unknown,
}

/// How a participant takes part in one wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ParticipationState {
    /// Not in the study at this wave (joined later or left before).
    NotApplicable,
    /// Should tell a story.
    Expected,
    /// A conversation was begun.
    Started,
    /// A story was told.
    Completed,
    /// The wave passed without a story.
    Missed,
    /// Did not want to tell this time.
    Declined,
    /// Does not want to take part any more.
    Withdrawn,
}

/// How a participant was told that others tell about them (GDPR, article 14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum InformedWay {
    /// In a conversation.
    Conversation,
    /// By letter.
    Letter,
    /// By e-mail.
    Email,
    /// By telephone.
    Telephone,
}
