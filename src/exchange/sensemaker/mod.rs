//! SenseMaker exports, raw dialect: a framework in JSON and a CSV whose columns are named by its UUIDs.
//!
//! The framework becomes one of ours, with a key per question made from its title; the stories become story bodies
//! for it. What is changed, computed or left out on the way is counted in warnings, never done in silence. People's
//! traces in the file (`responder_id`, most of `meta_*`) are not read.

mod answers;
mod definition;
mod places;
mod stories;
#[cfg(test)]
mod tests;

pub use definition::{Definition, read_definition};
pub use stories::{ImportedStory, Stories, read_stories};

/// Key of the only perspective: the file does not say whose view a story is.
pub(crate) const PERSPECTIVE: &str = "teller";

/// Key of the only prompt.
pub(crate) const PROMPT: &str = "story";
