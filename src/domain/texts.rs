//! Texts in several languages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The same text in one or more languages: BCP-47 tag to text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"nl": "Zelfvertrouwen", "en": "Self-confidence"}))]
pub struct Texts(pub BTreeMap<String, String>);

impl Texts {
    /// A text in one language.
    pub fn one(language: &str, text: &str) -> Self {
        Self(BTreeMap::from([(language.to_owned(), text.to_owned())]))
    }

    /// The text in `language`, else in the language without its region, else in any language.
    pub fn get(&self, language: &str) -> &str {
        let base = language.split('-').next().unwrap_or(language);
        let found = self.0.get(language).or_else(|| self.0.get(base)).or_else(|| self.0.values().next());
        found.map_or("", String::as_str)
    }
}

/// Whether a text looks like a BCP-47 language tag (`nl`, `ar`, `zh-Hant`, `pt-BR`).
pub fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or("");
    let primary_ok = (2..=3).contains(&primary.len()) && primary.chars().all(|c| c.is_ascii_lowercase());
    let part_ok = |p: &str| (1..=8).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphanumeric());
    primary_ok && tag.len() <= 35 && parts.all(part_ok)
}

/// Whether a text is a kebab-case key: lower-case letters and digits in parts joined by single hyphens.
pub fn is_key(key: &str) -> bool {
    let part_ok = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    key.len() <= 64 && key.split('-').all(part_ok)
}
