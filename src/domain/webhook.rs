//! What is told to an address outside: that something happened in a project, never what.
//!
//! Whoever makes a webhook may be the employer of those who tell. So what concerns stories is gathered over an hour and told
//! after it as a count, without ids, waves, perspectives or moments. That stories came in or went the owner can see at any
//! moment in the counts of the response, and that one was released in the audit trail: both say more.

use std::time::Duration;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::problem::Problems;

/// What may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum EventKind {
    /// Stories came in, within an hour.
    #[serde(rename = "story.delivered")]
    StoryDelivered,
    /// Stories were released, within an hour.
    #[serde(rename = "story.released")]
    StoryReleased,
    /// A wave was planned or changed.
    #[serde(rename = "wave.changed")]
    WaveChanged,
    /// A framework version was published.
    #[serde(rename = "framework.published")]
    FrameworkPublished,
    /// What the workgroup reads was renewed.
    #[serde(rename = "snapshot.published")]
    SnapshotPublished,
    /// Somebody asked for a test.
    #[serde(rename = "webhook.test")]
    WebhookTest,
}

impl EventKind {
    /// All, with the names used in JSON and in the database.
    pub const ALL: [(EventKind, &'static str); 6] = [
        (Self::StoryDelivered, "story.delivered"),
        (Self::StoryReleased, "story.released"),
        (Self::WaveChanged, "wave.changed"),
        (Self::FrameworkPublished, "framework.published"),
        (Self::SnapshotPublished, "snapshot.published"),
        (Self::WebhookTest, "webhook.test"),
    ];

    /// The name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(kind, _)| *kind)
    }

    /// Whether many deeds are gathered before they are told.
    pub fn is_gathered(self) -> bool {
        matches!(self, Self::StoryDelivered | Self::StoryReleased)
    }
}

/// End of the hour in which something happened: then it is told.
pub fn gathered_until(happened: DateTime<Utc>) -> DateTime<Utc> {
    let hour = TimeDelta::hours(1);
    happened.duration_trunc(hour).unwrap_or(happened) + hour
}

/// What is sent. `about` is the key of a wave or the version of a framework; `amount` is how many stories it was.
pub fn payload(kind: EventKind, project_id: &str, about: &str, amount: i64, happened: DateTime<Utc>) -> Value {
    let data = match kind {
        _ if kind.is_gathered() => json!({"projectId": project_id, "count": amount}),
        EventKind::WaveChanged => json!({"projectId": project_id, "wave": about}),
        EventKind::FrameworkPublished => json!({"projectId": project_id, "version": about.parse::<i32>().ok()}),
        _ => json!({"projectId": project_id}),
    };
    json!({"type": kind.name(), "timestamp": happened.to_rfc3339_opts(chrono::SecondsFormat::Secs, true), "data": data})
}

/// How long to wait after each attempt that failed; after the last nothing more is tried. Together almost three days.
const WAITS: [u64; 9] = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 20 * 3600];

/// When to try again after so many attempts; `None` when it is given up.
pub fn retry_after(attempts: i32) -> Option<Duration> {
    let place = usize::try_from(attempts).ok()?.checked_sub(1)?;
    WAITS.get(place).map(|seconds| Duration::from_secs(*seconds))
}

/// The address of a webhook in its usual form. Errors: all that is wrong with it.
pub fn parse_url(path: &str, text: &str, private: bool) -> Result<url::Url, Problems> {
    let url =
        url::Url::parse(text).map_err(|_| Problems::one(path, "wrongFormat", "not an address as https://example.org/path"))?;
    let mut problems = Problems::default();
    if url.scheme() != "https" && !(private && url.scheme() == "http") {
        problems.add(path, "wrongFormat", "must begin with https://");
    }
    if url.host().is_none() {
        problems.add(path, "wrongFormat", "must name a host");
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        problems.add(path, "wrongFormat", "must have no user name, password or fragment");
    }
    problems.or_ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for (kind, name) in EventKind::ALL {
            assert_eq!((EventKind::from_name(name), kind.name()), (Some(kind), name));
            assert_eq!(serde_json::to_value(kind).unwrap(), name);
        }
    }

    #[test]
    fn what_concerns_stories_tells_no_more_than_an_hour_and_a_count() {
        let happened = "2026-03-02T10:17:23Z".parse().unwrap();
        let told = gathered_until(happened);
        assert_eq!(told, "2026-03-02T11:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert_eq!(gathered_until(told), "2026-03-02T12:00:00Z".parse::<DateTime<Utc>>().unwrap());
        for kind in [EventKind::StoryDelivered, EventKind::StoryReleased] {
            let sent = payload(kind, "p", "what must not be told", 3, told);
            assert_eq!(sent["data"], json!({"projectId": "p", "count": 3}));
            assert_eq!(sent["timestamp"], "2026-03-02T11:00:00Z");
        }
    }

    #[test]
    fn attempts_come_to_an_end() {
        assert_eq!(retry_after(1), Some(Duration::from_secs(5)));
        assert_eq!(retry_after(2), Some(Duration::from_secs(300)));
        assert!(retry_after(9).is_some());
        assert_eq!((retry_after(10), retry_after(0), retry_after(-1)), (None, None, None));
    }

    #[test]
    fn an_address_is_https_and_nothing_else() {
        for good in ["https://example.org/hook?key=1", "https://example.org:8443"] {
            assert!(parse_url("$.url", good, false).is_ok(), "{good}");
        }
        for bad in [
            "http://example.org",
            "ftp://example.org",
            "https://",
            "example.org",
            "https://me:secret@example.org",
            "https://example.org/#a",
        ] {
            assert!(parse_url("$.url", bad, false).is_err(), "{bad}");
        }
        assert!(parse_url("$.url", "http://127.0.0.1:9", true).is_ok());
    }
}
