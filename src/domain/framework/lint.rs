//! What makes a framework a worse questionnaire though it is valid: the design rules of the field.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Anchor, Framework, Signifier, SignifierKind};
use crate::domain::placement::AnswerState;
use crate::domain::problem::{item, member};
use crate::domain::texts::Texts;

/// How much a finding of the lint matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Think about it.
    Warning,
    /// Publishing is refused.
    Error,
}

/// One finding of the lint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LintFinding {
    /// JSON path in the document.
    #[schema(example = "$.signifiers[3].anchors[0].label")]
    pub path: String,
    /// Stable, machine-readable code.
    #[schema(example = "anchorTooLong")]
    pub code: String,
    /// What is wrong and why it matters.
    #[schema(example = "an anchor has at most 8 words, so that it can be read at a glance")]
    pub message: String,
    /// How much it matters.
    pub severity: Severity,
}

const MAX_ANCHOR_WORDS: usize = 8;
const MANY_QUESTIONS: usize = 15;
const TOO_MANY_QUESTIONS: usize = 20;

/// All findings, in the order of the document.
pub fn lint(framework: &Framework) -> Vec<LintFinding> {
    let mut lint = Lint { framework, found: Vec::new() };
    lint.languages();
    lint.question_counts();
    lint.indicators();
    for (i, signifier) in framework.signifiers.iter().enumerate() {
        lint.signifier(signifier, &item("$.signifiers", i));
    }
    lint.consents();
    lint.found
}

struct Lint<'a> {
    framework: &'a Framework,
    found: Vec<LintFinding>,
}

impl Lint<'_> {
    fn add(&mut self, severity: Severity, path: String, code: &str, message: impl Into<String>) {
        self.found.push(LintFinding { path, code: code.to_owned(), message: message.into(), severity });
    }

    /// All offered languages are complete: a teller must not meet a question in a language not chosen.
    fn languages(&mut self) {
        let document = serde_json::to_value(self.framework).expect("a framework is JSON");
        let mut missing = Vec::new();
        missing_texts(&document, "$", &self.framework.languages, &mut missing);
        for (path, language) in missing {
            let message = format!("the offered language {language:?} has no text here");
            self.add(Severity::Error, path, "languageIncomplete", message);
        }
    }

    fn question_counts(&mut self) {
        for perspective in &self.framework.perspectives {
            let asked = |s: &&Signifier| !s.background && s.is_asked_of(&perspective.key);
            let count = self.framework.signifiers.iter().filter(asked).count();
            let message =
                format!("{} is asked {count} questions after the story; {MANY_QUESTIONS} is much already", perspective.key);
            if count > TOO_MANY_QUESTIONS {
                self.add(Severity::Error, "$.signifiers".to_owned(), "tooManyQuestions", message);
            } else if count > MANY_QUESTIONS {
                self.add(Severity::Warning, "$.signifiers".to_owned(), "manyQuestions", message);
            }
        }
    }

    fn indicators(&mut self) {
        let used: BTreeSet<&str> = self.framework.signifiers.iter().filter_map(|s| s.indicator.as_deref()).collect();
        for (i, indicator) in self.framework.indicators.iter().enumerate() {
            if !used.contains(indicator.key.as_str()) {
                let message = format!("no signifier expresses the indicator {:?}", indicator.key);
                self.add(Severity::Warning, item("$.indicators", i), "indicatorNotCovered", message);
            }
        }
    }

    fn signifier(&mut self, signifier: &Signifier, path: &str) {
        let parts = [("anchors", &signifier.anchors), ("stones", &signifier.stones)];
        for (name, anchors) in parts {
            for (i, anchor) in anchors.iter().enumerate() {
                self.anchor(anchor, &item(&member(path, name), i));
            }
        }
        if signifier.purpose.is_none() {
            let message = "does not say what the question is for";
            self.add(Severity::Warning, path.to_owned(), "purposeMissing", message);
        }
        let third_person = self.framework.perspectives.iter().skip(1).any(|p| signifier.is_asked_of(&p.key));
        let knows_dont_know = signifier.options.iter().any(|o| o.key.contains("know"));
        let own_text = signifier.kind == SignifierKind::Text || signifier.background;
        if third_person && !own_text && !signifier.allow.contains(&AnswerState::Unknown) && !knows_dont_know {
            let message = "is asked of third persons, who need 'I don't know' beside 'not about this'";
            self.add(Severity::Warning, path.to_owned(), "unknownNotOffered", message);
        }
    }

    fn anchor(&mut self, anchor: &Anchor, path: &str) {
        let labels = std::iter::once((member(path, "label"), &anchor.label))
            .chain(anchor.label_for.iter().map(|(p, t)| (member(&member(path, "labelFor"), p), t)));
        for (at, texts) in labels {
            if longest(texts) > MAX_ANCHOR_WORDS {
                let message = format!("an anchor has at most {MAX_ANCHOR_WORDS} words, so that it can be read at a glance");
                self.add(Severity::Warning, at, "anchorTooLong", message);
            }
        }
    }

    fn consents(&mut self) {
        use super::ConsentScope::{Participation, Workgroup};
        for scope in [Participation, Workgroup] {
            if !self.framework.consents.iter().any(|c| c.scope == scope) {
                let message = format!("no consent asks for {scope:?}; without it no story can be shown");
                self.add(Severity::Warning, "$.consents".to_owned(), "consentMissing", message);
            }
        }
    }
}

fn longest(texts: &Texts) -> usize {
    texts.0.values().map(|t| t.split_whitespace().count()).max().unwrap_or(0)
}

/// Texts are the only objects in the document whose members are language tags with strings.
fn missing_texts(value: &serde_json::Value, path: &str, languages: &[String], missing: &mut Vec<(String, String)>) {
    if let Some(object) = value.as_object() {
        let is_text = !object.is_empty() && object.iter().all(|(k, v)| v.is_string() && languages.contains(k));
        if is_text {
            let absent = languages.iter().filter(|l| object.get(*l).and_then(|t| t.as_str()).is_none_or(|t| t.trim().is_empty()));
            missing.extend(absent.map(|l| (path.to_owned(), l.clone())));
        }
        for (name, inner) in object {
            missing_texts(inner, &member(path, name), languages, missing);
        }
    }
    for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
        missing_texts(inner, &item(path, i), languages, missing);
    }
}
