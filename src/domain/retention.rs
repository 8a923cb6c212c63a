//! How long what is kept: classes of what a project has, with a term for each, counted from a day that the class names.

use chrono::{Duration, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wave::WaveState;

/// What has a term of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum RetentionClass {
    /// Recordings, from the day on which their story had its text.
    Audio,
    /// The table that links tellers to participants, from the last day of the last wave.
    TellerLinks,
    /// How to reach participants, from the last day of the last wave.
    Contacts,
    /// Texts that were not released: title, text and written answers of every version but the released one, and their
    /// translations; from the day of the report. Placements stay.
    RawText,
    /// Invitations with their addresses, from the day on which they could last be accepted.
    Invitations,
}

/// What a term is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum CountedFrom {
    /// A day of its own for each.
    EachItem,
    /// The last day of the last wave, once that wave is closed.
    LastWave,
    /// The day of the report.
    Report,
}

impl RetentionClass {
    /// Every class.
    pub const ALL: [RetentionClass; 5] = [Self::Audio, Self::TellerLinks, Self::Contacts, Self::RawText, Self::Invitations];

    /// The name used in JSON and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::TellerLinks => "tellerLinks",
            Self::Contacts => "contacts",
            Self::RawText => "rawText",
            Self::Invitations => "invitations",
        }
    }

    /// What it is, in words for a register.
    pub fn words(self) -> &'static str {
        match self {
            Self::Audio => "Recordings",
            Self::TellerLinks => "Which teller belongs to which participant",
            Self::Contacts => "Contact data of participants",
            Self::RawText => "Texts that were not released",
            Self::Invitations => "Invitations with their addresses",
        }
    }

    /// What its term is counted from, in words for a register.
    pub fn since_words(self) -> &'static str {
        match self {
            Self::Audio => "after the story had its text",
            Self::TellerLinks | Self::Contacts => "after the last day of the last wave",
            Self::RawText => "after the report",
            Self::Invitations => "after they could last be accepted",
        }
    }

    /// Days that it is kept where a project does not say otherwise: recordings 30 days after transcription, the link
    /// table and contact data three months, raw text a year after the report.
    pub fn standard_days(self) -> i32 {
        match self {
            Self::Audio => 30,
            Self::TellerLinks | Self::Contacts => 92,
            Self::RawText => 365,
            Self::Invitations => 90,
        }
    }

    /// What the term is counted from.
    pub fn counted_from(self) -> CountedFrom {
        match self {
            Self::Audio | Self::Invitations => CountedFrom::EachItem,
            Self::TellerLinks | Self::Contacts => CountedFrom::LastWave,
            Self::RawText => CountedFrom::Report,
        }
    }
}

/// Longest term that can be chosen, in days: ten years.
pub const MOST_DAYS: i32 = 3653;

/// What a project keeps how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// What.
    pub class: RetentionClass,
    /// Days; `None` keeps it until the project ends.
    pub days: Option<i32>,
    /// Why, where it is not the standard.
    pub reason: String,
}

impl Term {
    /// The standard of a class.
    pub fn standard(class: RetentionClass) -> Self {
        Self { class, days: Some(class.standard_days()), reason: String::new() }
    }
}

/// The days that terms of a project are counted from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Milestones {
    /// Last day of the last wave, once that wave is closed.
    pub last_wave: Option<NaiveDate>,
    /// Day of the report.
    pub report: Option<NaiveDate>,
}

impl Milestones {
    /// From the waves of a project, as (place in the order, state, last day), and the day of its report.
    pub fn of(waves: &[(i32, WaveState, Option<NaiveDate>)], report: Option<NaiveDate>) -> Self {
        let last = waves.iter().max_by_key(|(ordinal, ..)| *ordinal);
        Self { last_wave: last.filter(|(_, state, _)| *state == WaveState::Closed).and_then(|(_, _, day)| *day), report }
    }

    /// The day that a class is counted from; `None` when it is not known yet, or when each item has its own.
    pub fn since(&self, class: RetentionClass) -> Option<NaiveDate> {
        match class.counted_from() {
            CountedFrom::EachItem => None,
            CountedFrom::LastWave => self.last_wave,
            CountedFrom::Report => self.report,
        }
    }

    /// What had its day at or before this moment goes now; `None` when nothing of the class goes.
    pub fn cutoff(&self, term: &Term, now: NaiveDateTime) -> Option<NaiveDateTime> {
        let before = now - Duration::days(i64::from(term.days?));
        match term.class.counted_from() {
            CountedFrom::EachItem => Some(before),
            _ => self.since(term.class).filter(|day| *day < before.date()).map(|_| before),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> NaiveDateTime {
        day(text).and_hms_opt(12, 0, 0).unwrap()
    }

    #[test]
    fn links_go_three_months_after_the_last_wave_is_closed_and_not_before() {
        let waves = |state| [(1, WaveState::Closed, Some(day("2026-01-31"))), (2, state, Some(day("2026-06-30")))];
        let term = Term::standard(RetentionClass::TellerLinks);
        let closed = Milestones::of(&waves(WaveState::Closed), None);
        assert_eq!(closed.cutoff(&term, at("2026-09-30")), None);
        assert!(closed.cutoff(&term, at("2026-10-01")).is_some());
        let open = Milestones::of(&waves(WaveState::Closing), None);
        assert_eq!(open.cutoff(&term, at("2027-10-01")), None, "the wave is not closed");
        let undated = Milestones::of(&[(1, WaveState::Closed, None)], None);
        assert_eq!(undated.cutoff(&term, at("2030-01-01")), None, "the wave has no last day");
        assert_eq!(Milestones::of(&[], None), Milestones::default());
    }

    #[test]
    fn a_term_that_was_switched_off_never_comes() {
        let milestones = Milestones { last_wave: None, report: Some(day("2020-01-01")) };
        let term = Term { days: None, ..Term::standard(RetentionClass::RawText) };
        assert_eq!(milestones.cutoff(&term, at("2026-01-01")), None);
        assert!(milestones.cutoff(&Term::standard(RetentionClass::RawText), at("2026-01-01")).is_some());
    }

    #[test]
    fn recordings_have_a_day_of_their_own() {
        let cutoff = Milestones::default().cutoff(&Term::standard(RetentionClass::Audio), at("2026-03-31"));
        assert_eq!(cutoff, Some(at("2026-03-01")));
    }

    #[test]
    fn names_are_those_of_json() {
        for class in RetentionClass::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.name());
        }
    }
}
