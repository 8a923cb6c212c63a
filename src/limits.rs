//! How fast somebody may ask. All of it is in the memory of this process and gone with it: several servers count each for
//! themselves.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::config::Config;

/// Over this time a limit is counted: who was quiet so long may use a whole minute's worth at once.
const WINDOW: Duration = Duration::from_secs(60);

/// Most keys that one limit remembers: some megabytes.
const MOST_KEYS: usize = 100_000;

/// A limit for every key (the "generic cell rate algorithm": one moment is kept for each, when it will have its whole
/// allowance again).
pub struct Limit {
    each: Duration,
    hasher: RandomState,
    most: usize,
    whole_again: Mutex<HashMap<u64, Instant>>,
}

impl Limit {
    /// So many a minute, 1 or more.
    pub fn per_minute(count: u32) -> Self {
        Self::remembering(count, MOST_KEYS)
    }

    fn remembering(count: u32, most: usize) -> Self {
        Self { each: WINDOW / count.max(1), hasher: RandomState::new(), most, whole_again: Mutex::default() }
    }

    /// Takes one from the allowance of a key. Errors: how long to wait until there is one again; then none is taken.
    pub fn take(&self, key: &impl Hash, now: Instant) -> Result<(), Duration> {
        let key = self.hasher.hash_one(key);
        let mut map = self.whole_again.lock().expect("no panic while held");
        let known = map.get(&key).copied();
        self.left(known, now)?;
        if known.is_none() && map.len() >= self.most {
            make_room(&mut map, now);
        }
        map.insert(key, known.map_or(now, |at| at.max(now)) + self.each);
        Ok(())
    }

    /// Whether a key has any allowance, without taking of it. Errors: how long to wait.
    pub fn look(&self, key: &impl Hash, now: Instant) -> Result<(), Duration> {
        let key = self.hasher.hash_one(key);
        self.left(self.whole_again.lock().expect("no panic while held").get(&key).copied(), now)
    }

    fn left(&self, whole_again: Option<Instant>, now: Instant) -> Result<(), Duration> {
        let missing = whole_again.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        match (missing + self.each).checked_sub(WINDOW).filter(|wait| !wait.is_zero()) {
            None => Ok(()),
            Some(wait) => Err(wait),
        }
    }
}

/// Forgets keys that have their whole allowance again: that changes nothing. When that is not enough all are forgotten: to
/// let somebody ask too often for a minute is better than to run out of memory, or to refuse those who are new.
fn make_room(map: &mut HashMap<u64, Instant>, now: Instant) {
    let before = map.len();
    map.retain(|_, at| *at > now);
    if map.len() > before / 2 {
        map.clear();
    }
}

/// The limits of a server.
pub struct Limits {
    /// Requests of a session, token or device.
    pub actors: Limit,
    /// Requests from an address that show no good token.
    pub addresses: Limit,
    /// Refusals in a project, or elsewhere, to one actor.
    pub failures: Limit,
}

impl Limits {
    /// As the settings have them.
    pub fn of(config: &Config) -> Self {
        Self {
            actors: Limit::per_minute(config.rate_actor),
            addresses: Limit::per_minute(config.rate_address),
            failures: Limit::per_minute(config.rate_failures),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_at_once_and_then_one_by_one() {
        let (limit, start) = (Limit::per_minute(60), Instant::now());
        for _ in 0..60 {
            limit.take(&"me", start).unwrap();
        }
        assert_eq!(limit.take(&"me", start), Err(Duration::from_secs(1)));
        assert_eq!(limit.look(&"me", start), Err(Duration::from_secs(1)));
        assert_eq!(limit.look(&"you", start), Ok(()), "everybody has an own allowance");
        let later = start + Duration::from_secs(1);
        assert_eq!(limit.look(&"me", later), Ok(()));
        limit.take(&"me", later).unwrap();
        assert_eq!(limit.take(&"me", later), Err(Duration::from_secs(1)), "who was refused lost nothing by it");
        let much_later = start + Duration::from_secs(3600);
        for _ in 0..60 {
            limit.take(&"me", much_later).unwrap();
        }
        assert!(limit.take(&"me", much_later).is_err(), "an hour of quiet is worth no more than a minute");
    }

    #[test]
    fn even_the_smallest_limit_lets_one_through() {
        let (limit, start) = (Limit::per_minute(1), Instant::now());
        limit.take(&"me", start).unwrap();
        assert_eq!(limit.take(&"me", start), Err(WINDOW));
        limit.take(&"me", start + WINDOW).unwrap();
    }

    #[test]
    fn memory_is_bounded_and_who_is_slowed_down_stays_so_while_there_is_room() {
        let (limit, start) = (Limit::remembering(1, 1000), Instant::now());
        for key in 0..100_000 {
            limit.take(&key, start).unwrap();
            assert!(limit.whole_again.lock().unwrap().len() <= 1000);
        }
        let limit = Limit::remembering(1, 1000);
        for key in 0..900 {
            limit.take(&key, start).unwrap();
        }
        let later = start + WINDOW;
        limit.take(&"new", later).unwrap();
        for key in 1000..1099 {
            limit.take(&key, later).unwrap();
        }
        limit.take(&"one more", later).unwrap(); // those of the first minute make room
        assert!(limit.look(&"new", later).is_err());
    }
}
