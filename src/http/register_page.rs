//! The register of processing as a page: text only, nothing is loaded and nothing runs.

use maud::{DOCTYPE, Markup, html};

use super::common::name_of;
use super::register::{AudienceRule, Register};
use super::retention::RetentionTerm;
use crate::domain::processing::{Processing, Purpose};

/// The page.
pub fn page(register: &Register) -> String {
    let version = match register.version {
        0 => "The owner wrote nothing yet.".to_owned(),
        n => format!("Version {n} of what the owner wrote."),
    };
    let members = register.members.iter().map(|m| format!("{}: {}", name_of(&m.role), m.members));
    let steps = register.threshold_history.iter().map(|e| format!("{} {}: {}", time(e.at), name_of(&e.step), e.reason));
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Register of processing: " (register.title) } }
            body {
                h1 { "Register of processing" }
                p { "Project: " (register.title) ". Made at " (time(register.made_at)) ". " (version) }
                (controller(&register.processing))
                @for purpose in &register.processing.purposes { (of_purpose(purpose)) }
                (list("How long what is kept", register.retention.iter().map(term)))
                (list("Security: what the owner wrote", register.processing.security.iter().cloned()))
                (list("Security: what the server does", register.safeguards.iter().map(|s| (*s).to_owned())))
                (list("Members in each role", members))
                (list("Who sees what", register.audiences.iter().map(audience)))
                (list("Changes of the thresholds of small groups", steps))
            }
        }
    };
    markup.into_string()
}

fn controller(processing: &Processing) -> Markup {
    html! {
        h2 { "Controller" }
        @match &processing.controller {
            None => p { "Not written yet." },
            Some(controller) => (table(&[
                ("Name", &controller.name),
                ("Contact", &controller.contact),
                ("Data protection officer", controller.data_protection_officer.as_deref().unwrap_or("none")),
            ])),
        }
    }
}

fn of_purpose(purpose: &Purpose) -> Markup {
    let joined = |words: &[String]| if words.is_empty() { "none".to_owned() } else { words.join("; ") };
    html! {
        h2 { "Purpose: " (purpose.key) }
        (table(&[
            ("What for", &purpose.description),
            ("Legal basis (article 6)", purpose.legal_basis.words()),
            ("Ground for special categories (article 9)", purpose.special_ground.words()),
            ("People", &joined(&purpose.people)),
            ("Data", &joined(&purpose.data)),
            ("Recipients", &joined(&purpose.recipients)),
            ("Kept for", &purpose.retention),
            ("Transfers outside the European Union", purpose.transfers.as_deref().unwrap_or("none")),
        ]))
    }
}

fn term(term: &RetentionTerm) -> String {
    let class = term.class;
    let kept = match term.days {
        Some(days) => format!("{days} days {}", class.since_words()),
        None => "until the project ends".to_owned(),
    };
    let why = if term.reason.is_empty() { String::new() } else { format!(" ({})", term.reason) };
    format!("{}: {kept}{why}", class.words())
}

fn audience(rule: &AudienceRule) -> String {
    let name = name_of(&rule.audience);
    match &rule.thresholds {
        Some(t) => format!("{name}: {} (groups of {} or more, differences of {} or more)", rule.sees, t.population, t.cell),
        None => format!("{name}: {}", rule.sees),
    }
}

fn time(at: chrono::DateTime<chrono::Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn list(title: &str, items: impl Iterator<Item = String>) -> Markup {
    let items: Vec<String> = items.collect();
    html! {
        h2 { (title) }
        @if items.is_empty() { p { "None." } } @else { ul { @for item in &items { li { (item) } } } }
    }
}

fn table(rows: &[(&str, &str)]) -> Markup {
    html! { table { @for (name, value) in rows { tr { th align="left" scope="row" { (name) } td { (value) } } } } }
}
