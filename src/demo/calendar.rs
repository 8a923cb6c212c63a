//! The three measurement moments and the clock times of a story.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use rand_chacha::ChaCha20Rng;

use super::DemoWave;
use super::draw::{between, chance};

/// How many measurement moments the study has.
pub(super) const WAVES: usize = 3;
const WINDOW_DAYS: i64 = 42;
/// The last wave is still open: nothing was told yet in its last days.
const OPEN_WAVE_DAYS: u32 = 34;
/// Stories received from this day of the open wave on wait for a researcher.
const RELEASED_DAYS: i64 = 26;

/// The waves as the study plans them.
pub(super) fn waves() -> Vec<DemoWave> {
    let labels = [
        ("Eerste meetmoment, voorjaar 2025", "First wave, spring 2025"),
        ("Tweede meetmoment, najaar 2025", "Second wave, autumn 2025"),
        ("Derde meetmoment, voorjaar 2026", "Third wave, spring 2026"),
    ];
    let wave = |(index, (nl, en)): (usize, (&str, &str))| DemoWave {
        key: wave_key(index),
        label_nl: nl.to_owned(),
        label_en: en.to_owned(),
        opens_on: opens_on(index),
        closes_on: opens_on(index) + Duration::days(WINDOW_DAYS - 1),
        state: if index + 1 == WAVES { "open" } else { "closed" },
    };
    labels.into_iter().enumerate().map(wave).collect()
}

/// The key of a wave.
pub(super) fn wave_key(index: usize) -> String {
    (index + 1).to_string()
}

fn opens_on(index: usize) -> NaiveDate {
    let (year, month, day) = [(2025, 3, 3), (2025, 9, 1), (2026, 3, 2)][index];
    NaiveDate::from_ymd_opt(year, month, day).expect("a date of the calendar")
}

/// When one story was told and arrived.
#[derive(Debug)]
pub(super) struct Times {
    pub(super) started: DateTime<Utc>,
    pub(super) finished: DateTime<Utc>,
    pub(super) sent: DateTime<Utc>,
    pub(super) received: DateTime<Utc>,
}

/// Draws the times of a story in this wave. What is told on site is sometimes sent days later, when there is signal.
pub(super) fn times(wave: usize, on_site: bool, rng: &mut ChaCha20Rng) -> Times {
    let days = if wave + 1 == WAVES { OPEN_WAVE_DAYS } else { WINDOW_DAYS as u32 };
    let day = workday(opens_on(wave) + Duration::days(i64::from(between(rng, 0, days - 1))));
    let hour = NaiveTime::from_hms_opt(between(rng, 8, 16), between(rng, 0, 59), between(rng, 0, 59));
    let started = day.and_time(hour.expect("a time of the day")).and_utc();
    let finished = started + Duration::seconds(i64::from(between(rng, 9 * 60, 38 * 60)));
    let minutes = if on_site && chance(rng, 0.2) { between(rng, 120, 4000) } else { between(rng, 0, 3) };
    let sent = finished + Duration::minutes(i64::from(minutes)) + Duration::seconds(i64::from(between(rng, 2, 40)));
    let received = sent + Duration::milliseconds(i64::from(between(rng, 300, 9000)));
    Times { started, finished, sent, received }
}

fn workday(day: NaiveDate) -> NaiveDate {
    use chrono::Datelike;
    let past_friday = i64::from(day.weekday().num_days_from_monday()) - 4;
    day - Duration::days(past_friday.max(0))
}

/// Whether researchers have had the time to read and release what was received then.
pub(super) fn had_time_to_release(wave: usize, received: DateTime<Utc>) -> bool {
    wave + 1 < WAVES || received.date_naive() < opens_on(wave) + Duration::days(RELEASED_DAYS)
}

/// A month (1 to 12) shortly before the story was told.
pub(super) fn recent_month(told: DateTime<Utc>, rng: &mut ChaCha20Rng) -> u32 {
    use chrono::Datelike;
    let back = between(rng, 1, 4);
    (told.month() + 11 - back) % 12 + 1
}

/// A month (`YYYY-MM`) between this wave and the next.
pub(super) fn month_after(wave: usize, rng: &mut ChaCha20Rng) -> String {
    use chrono::Datelike;
    let day = opens_on(wave) + Duration::days(WINDOW_DAYS) + Duration::days(i64::from(between(rng, 5, 125)));
    format!("{:04}-{:02}", day.year(), day.month())
}
