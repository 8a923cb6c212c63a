//! Stories: where each stands now, and its bodies, which never change.

mod deliver;
mod edit;
mod late;
mod read;

pub use deliver::{Delivered, Deliverer, Delivery, DeliveryContext, deliver, insert_story, insert_version};
pub use edit::{
    Correction, NewVersion, accept_held, add_translation, add_version, correct, release, release_at, unrelease, withdraw,
    withdraw_about, withdraw_told_by,
};
pub use late::{withdraw_late_about, withdraw_late_by};
pub use read::{
    StoryFilter, bodies, bodies_told_by_participant, bodies_told_by_teller, by_id, count, export_page, has_told, ids_between,
    page, page_by_id, response, translations, translations_of, versions,
};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use deliver::created_by;

use super::schema::{stories, story_versions, translations};

/// Taken part in by every reader and every analysis that may.
pub const ACTIVE: &str = "active";
/// Kept, but administration has a question: outside every analysis until a researcher decides.
pub const HELD: &str = "held";
/// Taken back by the teller: contents are gone.
pub const WITHDRAWN: &str = "withdrawn";

/// Where a story stands now.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = stories)]
pub struct StoryRow {
    /// The project.
    pub project_id: String,
    /// Id made by the device.
    pub id: String,
    /// Number of the project's change that last touched it.
    pub change: i64,
    /// SHA-256 of the canonical body as received.
    pub hash: String,
    /// active, held or withdrawn.
    pub status: String,
    /// Reasons for holding it, as JSON.
    pub held: String,
    /// Newest version.
    pub version: i32,
    /// Version released for reading.
    pub released_version: Option<i32>,
    /// Whether the teller lets the workgroup read it.
    pub workgroup_permitted: bool,
    /// Version of the framework that was answered.
    pub framework_version: i32,
    /// Key of the wave.
    pub wave: String,
    /// Key of the perspective.
    pub perspective: String,
    /// The participant, when known.
    pub participant_id: Option<String>,
    /// The teller, when known.
    pub teller_id: Option<String>,
    /// Language of the story.
    pub language: String,
    /// Title of the newest version.
    pub title: String,
    /// What the analysis needs (JSON of `Facts`).
    pub facts: String,
    /// When the server had it.
    pub received_at: NaiveDateTime,
    /// The device that brought it.
    pub device_id: Option<String>,
    /// Whether it was published for the workgroup.
    pub published: bool,
}

/// A body of a story. Version 1 is what was received.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = story_versions)]
pub struct VersionRow {
    /// The project.
    pub project_id: String,
    /// The story.
    pub story_id: String,
    /// 1, 2, 3, ...
    pub version: i32,
    /// received, correction or redaction.
    pub kind: String,
    /// The body as JSON.
    pub body: String,
    /// Why it was made.
    pub reason: Option<String>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: NaiveDateTime,
    /// When its words were removed, their term being over.
    pub text_removed_at: Option<NaiveDateTime>,
}

/// A translation of one version of a story.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = translations)]
pub struct TranslationRow {
    /// The project.
    pub project_id: String,
    /// The story.
    pub story_id: String,
    /// The version that was translated.
    pub version: i32,
    /// Language it was translated into (BCP 47).
    pub language: String,
    /// Translated title.
    pub title: String,
    /// Translated text.
    pub text: String,
    /// Who translated.
    pub created_by: String,
    /// When.
    pub created_at: NaiveDateTime,
}
