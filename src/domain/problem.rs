//! Field errors: what is wrong with an input, where, and in which words.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldError {
    /// JSON path of the member that is wrong; `$` is the whole document.
    #[schema(example = "$.placements.confidence.value.position")]
    pub path: String,
    /// Stable, machine-readable code.
    #[schema(example = "outOfRange")]
    pub code: String,
    /// What is wrong, in English, for a person.
    #[schema(example = "must be between 0 and 1")]
    pub message: String,
}

/// All things that are wrong with an input, collected before anything is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<FieldError>);

/// More errors than this are not listed one by one: the answer stays readable and bounded.
pub const MAX_LISTED: usize = 200;

/// Longest path, in characters; one of a document has at most 32 names of 200 bytes.
pub const MAX_PATH: usize = 8000;
/// Longest message, in characters. One that quotes a key would be as long as the key is, 200 times over.
pub const MAX_MESSAGE: usize = 500;

/// A text of at most so many characters, with `…` where it was cut.
pub fn brief(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}

impl Problems {
    /// A single problem.
    pub fn one(path: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        let mut problems = Self::default();
        problems.add(path, code, message);
        problems
    }

    /// Adds a problem unless the very same place and code is there already; stops listing after [`MAX_LISTED`].
    pub fn add(&mut self, path: impl Into<String>, code: &str, message: impl Into<String>) {
        let path = brief(path.into(), MAX_PATH);
        let known = |e: &FieldError| e.path == path && e.code == code;
        if self.is_full() || self.0.iter().any(known) {
            return;
        }
        self.0.push(FieldError { path, code: code.to_owned(), message: brief(message.into(), MAX_MESSAGE) });
    }

    /// Takes over all problems of another list.
    pub fn extend(&mut self, other: Problems) {
        for e in other.0 {
            self.add(e.path, &e.code, e.message);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether no more are listed.
    pub fn is_full(&self) -> bool {
        self.0.len() >= MAX_LISTED
    }

    /// `Ok` with the value when nothing is wrong, else all problems.
    pub fn or_ok<T>(self, value: T) -> Result<T, Problems> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, e) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{}: {} ({})", e.path, e.message, e.code)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The path of a member below `parent`: `$.a.b`, or `$.a['fitting-work']` where a dot would not do.
pub fn member(parent: &str, key: &str) -> String {
    let plain = !key.is_empty()
        && !key.starts_with(|c: char| c.is_ascii_digit())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { format!("{parent}.{key}") } else { format!("{parent}['{}']", key.replace('\\', "\\\\").replace('\'', "\\'")) }
}

/// The path of an item of the list at `parent`.
pub fn item(parent: &str, index: usize) -> String {
    format!("{parent}[{index}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_from_an_input_is_cut() {
        let problems = Problems::one("é".repeat(9000), "duplicateKey", format!("the key {:?} is taken", "ü".repeat(100_000)));
        let error = &problems.0[0];
        assert_eq!((error.path.chars().count(), error.message.chars().count()), (MAX_PATH + 1, MAX_MESSAGE + 1));
        assert!(error.message.starts_with("the key \"ü") && error.message.ends_with("ü…"), "{}", error.message);
        assert_eq!(brief("short".to_owned(), 5), "short");
    }
}
