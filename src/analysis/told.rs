//! A story's facts, read without copying: only what the frame needs, borrowed from the JSON text.
//!
//! The same JSON as [`crate::domain::story::Facts`]; the texts of text signifiers are passed over.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::domain::placement::AnswerState;

/// The facts of one story.
#[derive(Debug, serde::Deserialize)]
pub struct Told<'a> {
    /// Answers by signifier key.
    #[serde(borrow)]
    pub placements: Entries<'a, Given<'a>>,
    /// Attributes of the story: key to option.
    #[serde(borrow, default)]
    pub attributes: Entries<'a, Text<'a>>,
}

/// One answer.
#[derive(Debug, serde::Deserialize)]
pub struct Given<'a> {
    /// How the question was answered.
    pub state: AnswerState,
    /// What was placed.
    #[serde(borrow, default)]
    pub value: Option<Value<'a>>,
}

/// What was placed; the members of all kinds but text.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Value<'a> {
    /// Triad: shares of top, left, right.
    pub shares: Option<[f64; 3]>,
    /// Dyad: 0 (left) to 1 (right).
    pub position: Option<f64>,
    /// Stones that were placed.
    #[serde(borrow)]
    pub stones: Option<Vec<Stone<'a>>>,
    /// Scale: key of the point.
    #[serde(borrow)]
    pub point: Option<Text<'a>>,
    /// Choice: keys of the options.
    #[serde(borrow)]
    pub options: Option<Vec<Text<'a>>>,
}

/// Where one stone lies; 0 to 1, origin bottom left.
#[derive(Debug, serde::Deserialize)]
pub struct Stone<'a> {
    /// Key of the stone.
    #[serde(borrow)]
    pub key: Cow<'a, str>,
    /// Across.
    pub x: f64,
    /// Up.
    pub y: f64,
}

/// A string that is copied only when it has escapes.
#[derive(Debug, serde::Deserialize)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// A JSON object as a list: a story has few members, and a map would cost an allocation for each.
#[derive(Debug)]
pub struct Entries<'a, T>(pub Vec<(Cow<'a, str>, T)>);

impl<T> Default for Entries<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Entries<'a, T> {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        de.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<'a, T>(PhantomData<(&'a (), T)>);

impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<'a, T> {
    type Value = Entries<'a, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::with_capacity(24);
        while let Some((key, value)) = map.next_entry::<Text<'a>, T>()? {
            entries.push((key.0, value));
        }
        Ok(Entries(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_borrowed_and_texts_passed_over() {
        let json = r#"{"placements":{"a":{"state":"answered","value":{"options":["x","é"]},"inputMethod":"tap"},
            "t":{"state":"answered","value":{"text":"long story"}},"n":{"state":"skipped"}}}"#;
        let told: Told = serde_json::from_str(json).unwrap();
        assert!(told.placements.0.iter().all(|(k, _)| matches!(k, Cow::Borrowed(_))));
        let options = told.placements.0[0].1.value.as_ref().unwrap().options.as_ref().unwrap();
        assert_eq!(options.iter().map(|o| &*o.0).collect::<Vec<_>>(), ["x", "é"]);
        assert_eq!(told.placements.0[2].1.state, AnswerState::Skipped);
        assert!(told.attributes.0.is_empty());
    }
}
