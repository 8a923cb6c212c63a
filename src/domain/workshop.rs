//! Workshops: the closed lists, the limits and the steps of a session in which a workgroup gives meaning to exhibits.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{Problems, item, member};
use super::texts::{Texts, is_key, is_language_tag};

/// Most exhibits of a workshop.
pub const MOST_EXHIBITS: i64 = 50;
/// Most observations, interpretations and ideas of a workshop, of each kind.
pub const MOST_ITEMS: i64 = 2000;
/// Most clusters of a workshop.
pub const MOST_CLUSTERS: i64 = 50;
/// Most workshops of a project.
pub const MOST_WORKSHOPS: i64 = 500;
/// An observation with fewer interpretations asks for more: with one, people stop looking.
pub const ENOUGH_INTERPRETATIONS: u32 = 2;

/// Whether a workshop takes input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum WorkshopState {
    /// It takes input.
    Open,
    /// It is read only, until somebody opens it again.
    Closed,
}

/// Where an exhibit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ExhibitKind {
    /// A finding that was kept.
    Finding,
    /// A figure under a lens, as it is when somebody looks.
    View,
}

/// How strongly something is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Strength {
    /// Everybody sees it at once.
    Strong,
    /// In between.
    Medium,
    /// One has to look for it.
    Weak,
}

/// What people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ItemKind {
    /// What somebody sees in an exhibit.
    Observation,
    /// What it could mean.
    Interpretation,
    /// What could be done.
    Idea,
}

/// What is wished for in a part of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// More stories like these.
    More,
    /// Fewer stories like those.
    Fewer,
}

/// What interpretations in a cluster have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ClusterKind {
    /// How somebody looks at it.
    Perspective,
    /// What it is about.
    Theme,
}

/// A step of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// Kebab-case key.
    #[schema(min_length = 1, max_length = 64, example = "observe")]
    pub key: String,
    /// What it is called, by language; each at most 200 characters.
    pub title: Texts,
    /// Planned time, in minutes.
    #[schema(minimum = 1, maximum = 480, example = 15)]
    pub minutes: i32,
}

/// The step that is to run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NextStep {
    /// Key of one of the steps.
    #[schema(min_length = 1, max_length = 64, example = "observe")]
    pub key: String,
    /// Time that it has, in minutes.
    #[schema(minimum = 1, maximum = 480, example = 15)]
    pub minutes: i32,
}

/// The step that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningStep {
    /// Key of one of the steps.
    pub key: String,
    /// Since when.
    pub started_at: NaiveDateTime,
    /// Time that it has, in minutes.
    pub minutes: i32,
}

/// The steps of a workshop where nobody says otherwise.
pub fn standard_steps() -> Vec<Step> {
    let all = [
        ("look", "Kijk eerst alleen", "Look alone first", 5),
        ("share", "Deel wat u opvalt", "Share what strikes you", 10),
        ("observe", "Schrijf waarnemingen op", "Write observations", 15),
        ("interpret", "Geef elke waarneming twee duidingen of meer", "Give each observation two interpretations or more", 20),
        ("ideas", "Bedenk ideeën", "Think of ideas", 15),
        ("vote", "Stem", "Vote", 5),
        ("cluster", "Breng duidingen bij elkaar", "Put interpretations together", 15),
        ("close", "Sluit af", "Close", 10),
    ];
    let step = |(key, nl, en, minutes): (&str, &str, &str, i32)| {
        let title = Texts([("nl", nl), ("en", en)].map(|(tag, text)| (tag.to_owned(), text.to_owned())).into());
        Step { key: key.to_owned(), title, minutes }
    };
    all.into_iter().map(step).collect()
}

/// Checks the steps of a workshop, at path `$.steps`, and the one that is to run.
pub fn check_steps(steps: &[Step], next: Option<&NextStep>, problems: &mut Problems) {
    let mut seen = HashSet::new();
    for (i, step) in steps.iter().enumerate() {
        let at = item("$.steps", i);
        if !is_key(&step.key) {
            problems.add(member(&at, "key"), "wrongFormat", "a key has lower-case letters and digits, joined by hyphens");
        } else if !seen.insert(&step.key) {
            problems.add(member(&at, "key"), "duplicateKey", "two steps have this key");
        }
        check_title(&step.title, &member(&at, "title"), problems);
    }
    if next.is_some_and(|n| !steps.iter().any(|s| s.key == n.key)) {
        problems.add("$.step.key", "unknownReference", "not one of the steps");
    }
}

fn check_title(title: &Texts, at: &str, problems: &mut Problems) {
    if title.0.is_empty() {
        problems.add(at, "tooShort", "say it in one language at least");
    }
    for (tag, text) in &title.0 {
        if !is_language_tag(tag) {
            problems.add(member(at, tag), "wrongFormat", "not a BCP-47 language tag");
        }
        check_text(text, &member(at, tag), problems);
        if text.chars().count() > 200 {
            problems.add(member(at, tag), "tooLong", "at most 200 characters");
        }
    }
}

/// Checks that somebody wrote something.
pub fn check_text(text: &str, at: &str, problems: &mut Problems) {
    if text.trim().is_empty() {
        problems.add(at, "tooShort", "must not be blank");
    }
}

/// The step that runs from now on: the same step goes on with its clock, another begins. A closed workshop has none.
pub fn next_running(
    state: WorkshopState,
    before: Option<RunningStep>,
    next: Option<NextStep>,
    now: NaiveDateTime,
) -> Option<RunningStep> {
    let next = next.filter(|_| state == WorkshopState::Open)?;
    let started_at = before.filter(|b| b.key == next.key).map_or(now, |b| b.started_at);
    Some(RunningStep { key: next.key, started_at, minutes: next.minutes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u32) -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 6, 1).unwrap().and_hms_opt(10, minute, 0).unwrap()
    }

    fn next(key: &str, minutes: i32) -> Option<NextStep> {
        Some(NextStep { key: key.to_owned(), minutes })
    }

    #[test]
    fn the_standard_steps_are_in_order() {
        let mut problems = Problems::default();
        check_steps(&standard_steps(), next("vote", 5).as_ref(), &mut problems);
        assert_eq!(problems, Problems::default());
        assert!(standard_steps().iter().all(|s| ["nl", "en"].iter().all(|tag| s.title.0.contains_key(*tag))));
    }

    #[test]
    fn every_wrong_step_is_named() {
        let mut steps = standard_steps();
        steps[1].key = "look".to_owned();
        steps[2].key = "Share it".to_owned();
        steps[3].title = Texts::default();
        steps[4].title = Texts::one("Dutch", " ");
        let mut problems = Problems::default();
        check_steps(&steps, next("dance", 5).as_ref(), &mut problems);
        let found: Vec<String> = problems.0.iter().map(|e| format!("{} {}", e.path, e.code)).collect();
        let expected = [
            "$.steps[1].key duplicateKey",
            "$.steps[2].key wrongFormat",
            "$.steps[3].title tooShort",
            "$.steps[4].title.Dutch wrongFormat",
            "$.steps[4].title.Dutch tooShort",
            "$.step.key unknownReference",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn more_time_does_not_start_the_clock_again() {
        let open = WorkshopState::Open;
        let running = next_running(open, None, next("vote", 5), at(0));
        let longer = next_running(open, running.clone(), next("vote", 8), at(3)).unwrap();
        assert_eq!((longer.started_at, longer.minutes), (at(0), 8));
        let other = next_running(open, running.clone(), next("cluster", 5), at(3)).unwrap();
        assert_eq!(other.started_at, at(3));
        assert_eq!(next_running(open, running.clone(), None, at(3)), None);
        assert_eq!(next_running(WorkshopState::Closed, running, next("vote", 5), at(3)), None);
    }
}
