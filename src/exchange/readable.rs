//! Placements in words, for whoever wants to read what is kept about them.

use crate::domain::framework::{Anchor, Signifier, SignifierKind};
use crate::domain::placement::{AnswerState, Placement, PlacementValue};

/// The answer to a signifier in words, in Dutch where `language` is Dutch, else in English; labels in `language` as far as
/// the framework has it.
pub fn readable(signifier: &Signifier, placement: &Placement, language: &str) -> String {
    let dutch = is_dutch(language);
    match (placement.state, &placement.value) {
        (AnswerState::Answered, Some(value)) => answer(signifier, value, language),
        (AnswerState::Answered, None) => String::new(),
        (AnswerState::NotApplicable, _) => if dutch { "niet van toepassing" } else { "not about this" }.to_owned(),
        (AnswerState::Unknown, _) => if dutch { "weet ik niet" } else { "I don't know" }.to_owned(),
        (AnswerState::Declined, _) => if dutch { "zeg ik liever niet" } else { "rather not say" }.to_owned(),
        (AnswerState::Skipped, _) => if dutch { "overgeslagen" } else { "passed over" }.to_owned(),
    }
}

/// Whether a language tag is of Dutch.
pub fn is_dutch(language: &str) -> bool {
    language == "nl" || language.starts_with("nl-")
}

fn answer(signifier: &Signifier, value: &PlacementValue, language: &str) -> String {
    match signifier.kind {
        SignifierKind::Triad => triad(signifier, value, language),
        SignifierKind::Dyad => dyad(signifier, value, language),
        SignifierKind::Stones => stones(signifier, value, language),
        SignifierKind::Scale => value.point.as_deref().map(|key| label(&signifier.points, key, language)).unwrap_or_default(),
        SignifierKind::Choice => {
            let keys = value.options.iter().flatten();
            keys.map(|key| label(&signifier.options, key, language)).collect::<Vec<_>>().join("; ")
        }
        SignifierKind::Text => value.text.clone().unwrap_or_default(),
    }
}

fn triad(signifier: &Signifier, value: &PlacementValue, language: &str) -> String {
    let shares = value.shares.iter().flatten();
    let one = |(anchor, share): (&Anchor, &f64)| format!("{}: {} %", anchor.label.get(language), percent(*share));
    signifier.anchors.iter().zip(shares).map(one).collect::<Vec<_>>().join("; ")
}

fn dyad(signifier: &Signifier, value: &PlacementValue, language: &str) -> String {
    let (Some(position), [left, right]) = (value.position, signifier.anchors.as_slice()) else { return String::new() };
    let (left, right) = (left.label.get(language), right.label.get(language));
    match is_dutch(language) {
        true => format!("{} op een lijn van 0 ({left}) tot 100 ({right})", percent(position)),
        false => format!("{} on a line from 0 ({left}) to 100 ({right})", percent(position)),
    }
}

fn stones(signifier: &Signifier, value: &PlacementValue, language: &str) -> String {
    let words = |x: f64, y: f64| match is_dutch(language) {
        true => format!("{} van links, {} van onder (van 100)", percent(x), percent(y)),
        false => format!("{} from the left, {} from the bottom (of 100)", percent(x), percent(y)),
    };
    let placed = value.stones.iter().flatten();
    placed
        .map(|stone| format!("{}: {}", label(&signifier.stones, &stone.key, language), words(stone.x, stone.y)))
        .collect::<Vec<_>>()
        .join("; ")
}

fn percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

/// The words of an option, or its key when the framework does not have it.
fn label(all: &[Anchor], key: &str, language: &str) -> String {
    all.iter().find(|a| a.key == key).map_or(key, |a| a.label.get(language)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::framework::{self, Framework};
    use serde_json::{Value, json};

    fn reference() -> Framework {
        let document: Value = serde_json::from_str(framework::REFERENCE).unwrap();
        framework::parse(&document).unwrap()
    }

    fn told(key: &str, placement: Value, language: &str) -> String {
        let framework = reference();
        readable(framework.signifier(key).unwrap(), &serde_json::from_value(placement).unwrap(), language)
    }

    #[test]
    fn answers_are_told_in_the_words_of_the_framework() {
        let position = json!({"state": "answered", "value": {"position": 0.416}});
        let told_in = |language| told("confidence", position.clone(), language);
        assert!(told_in("en").starts_with("42 on a line from 0 ("), "{}", told_in("en"));
        assert!(told_in("nl").starts_with("42 op een lijn van 0 ("), "{}", told_in("nl"));
        let shares = told("competence", json!({"state": "answered", "value": {"shares": [0.6, 0.3, 0.1]}}), "nl");
        assert!(shares.contains(": 60 %; ") && shares.ends_with(": 10 %"), "{shares}");
    }

    #[test]
    fn not_answering_is_told_too() {
        for (state, en, nl) in [
            ("notApplicable", "not about this", "niet van toepassing"),
            ("unknown", "I don't know", "weet ik niet"),
            ("declined", "rather not say", "zeg ik liever niet"),
            ("skipped", "passed over", "overgeslagen"),
        ] {
            assert_eq!(
                (told("confidence", json!({"state": state}), "en"), told("confidence", json!({"state": state}), "nl-BE")),
                (en.to_owned(), nl.to_owned())
            );
        }
    }
}
