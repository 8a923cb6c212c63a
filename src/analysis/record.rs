//! What the analysis is given: stories as records, and the shape of the study they belong to.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::framework::Framework;

/// One story as the analysis reads it: its current version, not held and not withdrawn.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryRecord {
    /// Id of the story; rows of a frame are in its order.
    pub id: Uuid,
    /// Version of the framework in which it was answered.
    pub framework_version: i32,
    /// Key of the wave.
    pub wave: String,
    /// Key of the perspective.
    pub perspective: String,
    /// Opaque id of the participant whom it is about, if it is about one.
    pub participant: Option<String>,
    /// Opaque id of the teller, if known.
    pub teller: Option<String>,
    /// Language of the story (BCP 47).
    pub language: String,
    /// Whether a researcher released it.
    pub released: bool,
    /// Whether its teller lets the workgroup read it.
    pub permitted: bool,
    /// Whether it was published for the workgroup.
    pub published: bool,
    /// Attributes of the participant and of the participation in this story's wave: key and option.
    pub attributes: Vec<(String, String)>,
    /// JSON of [`crate::domain::story::Facts`]: answers and attributes of the story itself.
    pub facts: String,
}

/// What the stories of a study are read against.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StudyShape {
    /// Published frameworks by version.
    pub frameworks: BTreeMap<i32, Arc<Framework>>,
    /// Keys of the waves in their order.
    pub waves: Vec<String>,
    /// Change number of the last publication for the workgroup; 0 if there was none.
    pub published: i64,
}

/// Why records cannot become a frame. Names the story and the place, never what stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The facts are not the JSON that the domain writes.
    #[error("the facts of story {story} cannot be read (line {line}, column {column})")]
    UnreadableFacts {
        /// Id of the story.
        story: Uuid,
        /// Line in the facts, from 1.
        line: usize,
        /// Column in that line, from 1.
        column: usize,
    },
    /// The story was answered in a framework version that the study does not have.
    #[error("story {story} was answered in framework version {version}, which is not known")]
    UnknownFramework {
        /// Id of the story.
        story: Uuid,
        /// The version it names.
        version: i32,
    },
}
