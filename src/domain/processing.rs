//! What a project does with personal data and why: what the GDPR asks a controller to write down (articles 6, 9 and 30).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{Problems, item, member};
use super::texts::is_key;

/// Why personal data may be processed (GDPR, article 6, paragraph 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum LegalBasis {
    /// (a) The person agreed.
    Consent,
    /// (b) A contract with the person.
    Contract,
    /// (c) A law demands it.
    LegalObligation,
    /// (d) Somebody's life depends on it.
    VitalInterests,
    /// (e) A task in the public interest.
    PublicTask,
    /// (f) Legitimate interests.
    LegitimateInterests,
}

/// Why special categories of data (health, belief, origin) may be processed (GDPR, article 9, paragraph 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SpecialGround {
    /// None are processed.
    None,
    /// (a) Explicit consent.
    ExplicitConsent,
    /// (b) Law on work and social security.
    SocialSecurityLaw,
    /// (c) Vital interests of somebody who cannot agree.
    VitalInterests,
    /// (d) Members of a body without profit.
    NonProfitBody,
    /// (e) The person made them public.
    MadePublic,
    /// (f) Claims at law.
    LegalClaims,
    /// (g) Substantial public interest.
    PublicInterest,
    /// (h) Care for health or social care.
    Care,
    /// (i) Public health.
    PublicHealth,
    /// (j) Archives, research and statistics.
    Research,
}

/// Who decides what is processed and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Controller {
    /// Name of the organisation.
    #[schema(min_length = 1, max_length = 300, example = "Municipality of Voorbeeld")]
    pub name: String,
    /// How to reach it.
    #[schema(min_length = 1, max_length = 1000, example = "privacy@voorbeeld.example")]
    pub contact: String,
    /// Name and contact of the data protection officer, if there is one.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub data_protection_officer: Option<String>,
}

/// One purpose of processing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Purpose {
    /// Key; consent texts name it.
    #[schema(min_length = 1, max_length = 64, example = "research")]
    pub key: String,
    /// What for.
    #[schema(min_length = 1, max_length = 2000, example = "To learn what helps people on the way to work.")]
    pub description: String,
    /// Why it may be done.
    pub legal_basis: LegalBasis,
    /// Why special categories of data may be processed.
    pub special_ground: SpecialGround,
    /// About whom.
    #[schema(min_items = 1, max_items = 50, example = json!(["participants", "job coaches"]))]
    pub people: Vec<String>,
    /// Which data.
    #[schema(min_items = 1, max_items = 50, example = json!(["stories", "answers", "attributes"]))]
    pub data: Vec<String>,
    /// Who receives them.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub recipients: Vec<String>,
    /// How long they are kept, in words.
    #[schema(min_length = 1, max_length = 1000, example = "Twelve months after the report.")]
    pub retention: String,
    /// Countries outside the European Union that receive them, with the safeguards; absent when there are none.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub transfers: Option<String>,
}

/// What a project does with personal data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Processing {
    /// Who decides; null until it was written.
    pub controller: Option<Controller>,
    /// What for.
    #[schema(max_items = 50)]
    pub purposes: Vec<Purpose>,
    /// How the data are protected, beside what the server does.
    #[serde(default)]
    #[schema(max_items = 50, example = json!(["encrypted disk", "two people have access to the machine"]))]
    pub security: Vec<String>,
}

/// Checks what the shape does not say; `used` are the purposes that consent texts name.
pub fn check(processing: &Processing, used: &[String]) -> Problems {
    let mut problems = Problems::default();
    let mut keys = BTreeSet::new();
    for (i, purpose) in processing.purposes.iter().enumerate() {
        let at = item("$.purposes", i);
        if !is_key(&purpose.key) {
            problems.add(member(&at, "key"), "wrongFormat", "a key has lower-case letters, digits and single hyphens");
        }
        if !keys.insert(&purpose.key) {
            problems.add(member(&at, "key"), "duplicateKey", "another purpose has this key");
        }
    }
    for key in used.iter().filter(|key| !keys.contains(key)) {
        problems.add("$.purposes", "inUse", format!("people were asked to agree to the purpose {key}, which must stay"));
    }
    problems
}

impl LegalBasis {
    /// Letter and words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Consent => "6(1)(a) consent",
            Self::Contract => "6(1)(b) contract",
            Self::LegalObligation => "6(1)(c) legal obligation",
            Self::VitalInterests => "6(1)(d) vital interests",
            Self::PublicTask => "6(1)(e) task in the public interest",
            Self::LegitimateInterests => "6(1)(f) legitimate interests",
        }
    }
}

impl SpecialGround {
    /// Letter and words.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "none: no special categories of data",
            Self::ExplicitConsent => "9(2)(a) explicit consent",
            Self::SocialSecurityLaw => "9(2)(b) law on work and social security",
            Self::VitalInterests => "9(2)(c) vital interests",
            Self::NonProfitBody => "9(2)(d) members of a body without profit",
            Self::MadePublic => "9(2)(e) made public by the person",
            Self::LegalClaims => "9(2)(f) claims at law",
            Self::PublicInterest => "9(2)(g) substantial public interest",
            Self::Care => "9(2)(h) care for health or social care",
            Self::PublicHealth => "9(2)(i) public health",
            Self::Research => "9(2)(j) archives, research and statistics",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purpose(key: &str) -> Purpose {
        Purpose {
            key: key.to_owned(),
            description: "why".to_owned(),
            legal_basis: LegalBasis::Consent,
            special_ground: SpecialGround::None,
            people: vec!["participants".to_owned()],
            data: vec!["stories".to_owned()],
            recipients: Vec::new(),
            retention: "a year".to_owned(),
            transfers: None,
        }
    }

    #[test]
    fn keys_are_keys_of_their_own_and_stay_while_people_agreed_to_them() {
        let purposes = vec![purpose("research"), purpose("Research!"), purpose("research")];
        let processing = Processing { purposes, ..Default::default() };
        let found = check(&processing, &["research".to_owned(), "quality".to_owned()]);
        let found: Vec<String> = found.0.iter().map(|e| format!("{} {}", e.path, e.code)).collect();
        assert_eq!(found, ["$.purposes[1].key wrongFormat", "$.purposes[2].key duplicateKey", "$.purposes inUse"]);
    }
}
