//! What leaves of workshops: the shapes.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::analysis::report::findings::Finding;
use crate::domain::lens::Lens;
use crate::domain::region::Region;
use crate::domain::role::Audience;
use crate::domain::workshop::{ClusterKind, Direction, ExhibitKind, Step, Strength, WorkshopState};

/// A member of the project.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Id of the person.
    pub id: Uuid,
    /// Name of the person.
    #[schema(example = "Ada")]
    pub name: String,
}

/// The step of a workshop that runs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CurrentStep {
    /// Key of the step.
    #[schema(example = "observe")]
    pub key: String,
    /// Since when, by the clock of the server.
    pub started_at: DateTime<Utc>,
    /// Time that it has, in minutes.
    #[schema(minimum = 1, example = 15)]
    pub minutes: i32,
}

/// A workshop.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Workshop {
    /// Random id.
    pub id: Uuid,
    /// What it is called.
    #[schema(example = "Session of 12 March")]
    pub title: String,
    /// Whether it takes input.
    pub state: WorkshopState,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// The step that runs.
    pub step: Option<CurrentStep>,
    /// Who made it.
    pub created_by: Person,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its own fields were last changed.
    pub updated_at: DateTime<Utc>,
    /// Number of the last change to its own fields; with quotes it is the `ETag`.
    #[schema(minimum = 1, example = 3)]
    pub revision: i64,
    /// Number of the last change to anything in it.
    #[schema(minimum = 1, example = 17)]
    pub change: i64,
    /// Whether whoever asks may change and remove it.
    #[schema(example = true)]
    pub may_edit: bool,
}

/// What a workshop looks at.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exhibit {
    /// Random id.
    pub id: Uuid,
    /// A finding that was kept, or a view of a figure.
    pub kind: ExhibitKind,
    /// What it is called.
    #[schema(example = "Confidence goes up")]
    pub title: String,
    /// What somebody wrote beside it.
    #[schema(example = "Look at the left side first")]
    pub note: String,
    /// Place in the order.
    #[schema(minimum = 0, example = 1)]
    pub order: i32,
    /// The pin that it was made from, which may be gone by now.
    pub pin_id: Option<Uuid>,
    /// The saved lens that it was made from, which may be gone or changed by now.
    pub lens_id: Option<Uuid>,
    /// Of a view: key of the signifier.
    #[schema(example = "confidence")]
    pub signifier: Option<String>,
    /// Of a finding: as it was computed when it was pinned, without stories; null when withheld.
    pub finding: Option<Finding>,
    /// Under which lens; null when withheld.
    pub lens: Option<Lens>,
    /// Of a view: by what it is split.
    #[schema(example = "wave")]
    pub compare_by: Option<String>,
    /// For which audience the finding was computed; of a view, of which audience whoever added it is.
    pub audience: Audience,
    /// Whether the finding is withheld from whoever asks: it was computed for others, and may hold numbers about few people.
    #[schema(example = false)]
    pub withheld: bool,
    /// Whether whoever asks may change and remove it.
    #[schema(example = true)]
    pub may_edit: bool,
    /// Who added it.
    pub created_by: Person,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Number of the last change to its own fields; with quotes it is the `ETag`.
    #[schema(minimum = 1, example = 4)]
    pub revision: i64,
}

/// Votes for something, and never by whom.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Votes {
    /// How many.
    #[schema(minimum = 0, example = 3)]
    pub count: u32,
    /// Whether whoever asks is among them.
    #[schema(example = true)]
    pub mine: bool,
}

/// What somebody sees in an exhibit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// Random id.
    pub id: Uuid,
    /// The exhibit.
    pub exhibit_id: Uuid,
    /// What is seen.
    #[schema(example = "Most candidates say that they dared more")]
    pub text: String,
    /// How strongly it is seen.
    pub strength: Strength,
    /// How many interpretations it has.
    #[schema(minimum = 0, example = 1)]
    pub interpretations: u32,
    /// Whether it has fewer than two: with one, people stop looking.
    #[schema(example = true)]
    pub needs_interpretations: bool,
    /// Who wrote it.
    pub author: Person,
    /// Whether whoever asks may change and remove it.
    #[schema(example = true)]
    pub may_edit: bool,
    /// Votes for it.
    pub votes: Votes,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Number of the last change to its own fields; with quotes it is the `ETag`.
    #[schema(minimum = 1, example = 5)]
    pub revision: i64,
}

/// What an observation could mean.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Interpretation {
    /// Random id.
    pub id: Uuid,
    /// The observation.
    pub observation_id: Uuid,
    /// What it could mean.
    #[schema(example = "They know the way by now")]
    pub text: String,
    /// The clusters that it is in.
    pub cluster_ids: Vec<Uuid>,
    /// Who wrote it.
    pub author: Person,
    /// Whether whoever asks may change and remove it.
    #[schema(example = true)]
    pub may_edit: bool,
    /// Votes for it.
    pub votes: Votes,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Number of the last change to its own fields; with quotes it is the `ETag`.
    #[schema(minimum = 1, example = 6)]
    pub revision: i64,
}

/// What could be done.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Idea {
    /// Random id.
    pub id: Uuid,
    /// The observation.
    pub observation_id: Uuid,
    /// What could be done.
    #[schema(example = "Go along on the first trip")]
    pub text: String,
    /// Of which stories there should be more or fewer.
    pub region: Option<Region>,
    /// More or fewer of them.
    pub direction: Option<Direction>,
    /// Who wrote it.
    pub author: Person,
    /// Whether whoever asks may change and remove it.
    #[schema(example = true)]
    pub may_edit: bool,
    /// Votes for it.
    pub votes: Votes,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Number of the last change to its own fields; with quotes it is the `ETag`.
    #[schema(minimum = 1, example = 7)]
    pub revision: i64,
}

/// Interpretations that belong together.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// Random id.
    pub id: Uuid,
    /// What it is called.
    #[schema(example = "Getting used to it")]
    pub name: String,
    /// What they have in common.
    pub kind: ClusterKind,
    /// Place in the order.
    #[schema(minimum = 0, example = 1)]
    pub order: i32,
    /// Who made it.
    pub created_by: Person,
    /// Whether whoever asks may change and remove it.
    #[schema(example = true)]
    pub may_edit: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Number of the last change to its own fields; with quotes it is the `ETag`.
    #[schema(minimum = 1, example = 8)]
    pub revision: i64,
}
