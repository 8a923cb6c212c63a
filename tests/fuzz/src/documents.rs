//! JSON: the strict parser, and the documents that come in as JSON.

use std::sync::LazyLock;

use duiding::domain::canonical::canonical_json;
use duiding::domain::consent::NewConsentText;
use duiding::domain::framework::{self, Framework, lint};
use duiding::domain::lens::Lens;
use duiding::domain::processing::{self, Processing};
use duiding::domain::texts::Texts;
use duiding::domain::{json, shape, story};
use serde_json::Value;

use super::examples;
use super::told::refused;

static FRAMEWORK: LazyLock<Framework> = LazyLock::new(examples::framework);

/// Parses strictly. `None` for what is refused, which is checked.
pub fn parsed(input: &[u8]) -> Option<Value> {
    json::parse(input).inspect_err(refused).ok()
}

pub fn strict_json(input: &[u8]) {
    let Some(value) = parsed(input) else { return };
    let written = canonical_json(&value);
    let again = json::parse(written.as_bytes()).unwrap_or_else(|p| panic!("{p}: {written}"));
    assert_eq!(canonical_json(&again), written, "the canonical form is stable");
    assert_eq!(json::parse(value.to_string().as_bytes()).as_ref(), Ok(&value), "what was read is written the same");
}

pub fn story_bodies(input: &[u8]) {
    let Some(value) = parsed(input) else { return };
    let story = match story::parse(&value, &FRAMEWORK) {
        Ok(story) => story,
        Err(problems) => return refused(&problems),
    };
    let written = serde_json::to_value(&story).expect("a story is JSON");
    let again = story::parse(&written, &FRAMEWORK).unwrap_or_else(|p| panic!("{p}: {written}"));
    assert_eq!(again, story, "what is accepted is written and read back the same");
    let facts = story.facts();
    let kept = serde_json::to_string(&facts).expect("facts are JSON");
    assert_eq!(serde_json::from_str::<story::Facts>(&kept).expect("they were just written"), facts);
}

pub fn framework_documents(input: &[u8]) {
    let Some(value) = parsed(input) else { return };
    let framework = match framework::parse(&value) {
        Ok(framework) => framework,
        Err(problems) => return refused(&problems),
    };
    let written = serde_json::to_value(&framework).expect("a framework is JSON");
    let again = framework::parse(&written).unwrap_or_else(|p| panic!("{p}: {written}"));
    assert_eq!(serde_json::to_value(&again).expect("a framework is JSON"), written);
    lint::lint(&framework);
}

pub fn lenses(input: &[u8]) {
    let waves = ["1".to_owned(), "2".to_owned()];
    let Some(value) = parsed(input) else { return };
    let lens = match Lens::read(&value, &FRAMEWORK, &waves) {
        Ok(lens) => lens.canonical(),
        Err(problems) => return refused(&problems),
    };
    assert_eq!(lens.clone().canonical(), lens, "canonical is canonical");
    let written = serde_json::to_value(&lens).expect("a lens is JSON");
    let again = Lens::read(&written, &FRAMEWORK, &waves).unwrap_or_else(|p| panic!("{p}: {written}"));
    assert_eq!(again, lens, "what is accepted is written and read back the same");
}

pub fn registers(input: &[u8]) {
    let Some(value) = parsed(input) else { return };
    let register = match shape::read::<Processing>(&value) {
        Ok(register) => register,
        Err(problems) => return refused(&problems),
    };
    let problems = processing::check(&register, &["research".to_owned()]);
    if !problems.is_empty() {
        return refused(&problems);
    }
    let written = serde_json::to_value(&register).expect("a register is JSON");
    assert_eq!(shape::read::<Processing>(&written).as_ref(), Ok(&register), "it is written and read back the same");
}

pub fn consent_texts(input: &[u8]) {
    let Some(value) = parsed(input) else { return };
    let new = match shape::read::<NewConsentText>(&value) {
        Ok(new) => new,
        Err(problems) => return refused(&problems),
    };
    let problems = new.check();
    if !problems.is_empty() {
        return refused(&problems);
    }
    let kept = serde_json::to_string(&new.texts).expect("texts are JSON");
    let texts: Texts = serde_json::from_str(&kept).expect("they were just written");
    assert_eq!(texts.0, new.texts, "people are asked with the very words");
    assert!(["nl", "en-GB", ""].iter().all(|language| !texts.get(language).trim().is_empty()), "somebody is asked nothing");
}
