//! The secrets file: keys that sign access tokens and keys that encrypt what the database must not show.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::file::{locked, replace_private, write_private};
use super::random;

/// Seconds before a new key is used: meanwhile every server that shares the file reads it.
pub const SETTLE_SECONDS: i64 = 10;
/// Hours that an access token works at the longest, as `DUIDING_ACCESS_MINUTES` allows, and one more for clocks.
const LONGEST_TOKEN_HOURS: i64 = 24 + 1;

/// A key with its id.
#[derive(Clone, Serialize, Deserialize)]
pub struct Key {
    /// Id, in the header of a token or beside what was encrypted.
    pub kid: String,
    /// 256 bits, base64url.
    pub secret: String,
    /// When it was made; unknown for keys of the first version, which had no times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_at: Option<DateTime<Utc>>,
}

impl Key {
    fn new(made_at: Option<DateTime<Utc>>) -> Self {
        Self { kid: random(6), secret: random(32), made_at }
    }

    fn is_settled(&self, now: DateTime<Utc>) -> bool {
        // Counted from now: a time that somebody wrote into the file may be the last that there is.
        self.made_at.is_none_or(|made| made <= now - Duration::seconds(SETTLE_SECONDS))
    }
}

/// The keys of the server, newest first. All verify and decrypt; the newest that every server knows signs and encrypts.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// Keys of access tokens.
    pub signing_keys: Vec<Key>,
    /// Keys of secrets in the database. Files of the first version have none.
    #[serde(default)]
    pub encryption_keys: Vec<Key>,
}

impl Secrets {
    /// Reads the file, or makes it, readable by its owner only; a file of the first version gets an encryption key.
    /// Errors: the file cannot be read, made or understood.
    pub fn load_or_create(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            let made = Self::new();
            match write_private(path, &made.text()?) {
                Ok(()) => return Ok(made),
                Err(_) if path.exists() => {} // another server was faster
                Err(e) => return Err(e),
            }
        }
        let secrets = Self::load(path)?;
        if !secrets.encryption_keys.is_empty() {
            return Ok(secrets);
        }
        let completed = Self::change(path, |s| s.add_encryption_key());
        completed.or_else(|e| {
            tracing::warn!(cause = %e, "the secrets file has no encryption key and cannot be changed: nobody can set up a second factor");
            Ok(secrets)
        })
    }

    /// Reads the file. Errors: it cannot be read or understood.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let secrets: Self = serde_json::from_str(&text).map_err(|e| {
            // Without the parser's own words, which may quote a key.
            anyhow::anyhow!("{} is not understood, line {} column {}", path.display(), e.line(), e.column())
        })?;
        anyhow::ensure!(!secrets.signing_keys.is_empty(), "{} has no signing key", path.display());
        for keys in [&secrets.signing_keys, &secrets.encryption_keys] {
            // What one of two encrypts the other would be asked to decrypt.
            let ids: BTreeSet<&str> = keys.iter().map(|k| k.kid.as_str()).collect();
            anyhow::ensure!(ids.len() == keys.len(), "{}: two keys have the same kid", path.display());
        }
        Ok(secrets)
    }

    /// Changes the file while no other process does; it is replaced as a whole. Errors: as for reading and writing.
    pub fn change(path: &Path, work: impl FnOnce(&mut Self)) -> anyhow::Result<Self> {
        let path = fs::canonicalize(path).with_context(|| format!("cannot find {}", path.display()))?;
        let _lock = locked(&path)?;
        let mut secrets = Self::load(&path)?;
        work(&mut secrets);
        replace_private(&path, &secrets.text()?)?;
        Ok(secrets)
    }

    /// New random keys, which are used at once.
    pub fn new() -> Self {
        let now = Some(Utc::now());
        Self { signing_keys: vec![Key::new(now)], encryption_keys: vec![Key::new(now)] }
    }

    /// Puts new keys in front and drops signing keys that no token can be of any more, or with `leaked` all older ones;
    /// answers how many. Encryption keys stay: backups hold what they encrypted.
    pub fn rotate(&mut self, now: DateTime<Utc>, leaked: bool) -> usize {
        let before = self.signing_keys.len();
        if leaked {
            self.signing_keys.clear();
        }
        self.signing_keys.insert(0, Key::new(Some(now)));
        self.encryption_keys.insert(0, Key::new(Some(now)));
        let over = self.signing_keys.iter().position(|newer| is_over_before(newer, now));
        self.signing_keys.truncate(over.map_or(usize::MAX, |newest_over| newest_over + 1));
        before + 1 - self.signing_keys.len()
    }

    /// The signing key with this id, while tokens of it can still be good.
    pub fn verifies(&self, kid: &str, now: DateTime<Utc>) -> Option<&Key> {
        let place = self.signing_keys.iter().position(|k| k.kid == kid)?;
        let replaced = place.checked_sub(1).map(|newer| &self.signing_keys[newer]);
        Some(&self.signing_keys[place]).filter(|_| !replaced.is_some_and(|newer| is_over_before(newer, now)))
    }

    /// The encryption key with this id.
    pub fn decrypts(&self, kid: &str) -> Option<&Key> {
        self.encryption_keys.iter().find(|k| k.kid == kid)
    }

    fn add_encryption_key(&mut self) {
        if self.encryption_keys.is_empty() {
            self.encryption_keys.push(Key::new(Some(Utc::now())));
        }
    }

    /// The key that signs at this moment.
    pub fn signs(&self, now: DateTime<Utc>) -> Option<&Key> {
        in_use(&self.signing_keys, now)
    }

    /// The key that encrypts at this moment. `None` when a file of the first version could not be completed.
    pub fn encrypts(&self, now: DateTime<Utc>) -> Option<&Key> {
        in_use(&self.encryption_keys, now)
    }

    fn text(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)?)
    }
}

/// Whether all tokens of the keys before this one are over: it signs for so long already.
fn is_over_before(newer: &Key, now: DateTime<Utc>) -> bool {
    let over = now - Duration::hours(LONGEST_TOKEN_HOURS) - Duration::seconds(SETTLE_SECONDS);
    newer.made_at.is_none_or(|made| made < over)
}

/// The newest key that every server has read; the oldest when all are too new.
fn in_use(keys: &[Key], now: DateTime<Utc>) -> Option<&Key> {
    keys.iter().find(|k| k.is_settled(now)).or(keys.last())
}

impl Default for Secrets {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_first_version_loads_and_gets_an_encryption_key_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        fs::write(&path, r#"{"signing_keys": [{"kid": "old", "secret": "c2VjcmV0"}]}"#).unwrap();
        let first = Secrets::load_or_create(&path).unwrap();
        let second = Secrets::load_or_create(&path).unwrap();
        assert_eq!(first.signing_keys[0].kid, "old");
        assert_eq!(first.signing_keys.len(), 1);
        assert_eq!(first.encryption_keys[0].secret, second.encryption_keys[0].secret);
    }

    #[test]
    fn a_file_that_somebody_changed_by_hand_stops_nothing_and_shows_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let key = |at: &str| format!(r#"{{"kid": "a", "secret": "c2VjcmV0", "made_at": "{at}"}}"#);
        let (late, early) = (key("+262142-12-31T23:59:59Z"), key("-262143-01-01T00:00:00Z"));
        for keys in [late.clone(), early.clone()] {
            fs::write(&path, format!(r#"{{"signing_keys": [{keys}]}}"#)).unwrap();
            let mut secrets = Secrets::load(&path).unwrap();
            assert!(secrets.signs(Utc::now()).is_some() && secrets.verifies("a", Utc::now()).is_some());
            secrets.rotate(Utc::now(), false);
        }
        fs::write(&path, format!(r#"{{"signing_keys": [{late}, {early}]}}"#)).unwrap();
        let told = format!("{:#}", Secrets::load(&path).err().unwrap());
        assert!(told.contains("two keys have the same kid"), "{told}");
        fs::write(&path, r#"{"signing_keys": "c2VjcmV0"}"#).unwrap();
        let told = format!("{:#}", Secrets::load(&path).err().unwrap());
        assert!(told.contains("line 1") && !told.contains("c2VjcmV0"), "{told}");
    }

    #[test]
    fn servers_that_complete_an_old_file_at_once_have_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        fs::write(&path, r#"{"signing_keys": [{"kid": "old", "secret": "c2VjcmV0"}]}"#).unwrap();
        let start = |path: std::path::PathBuf| std::thread::spawn(move || Secrets::load_or_create(&path).unwrap());
        let servers: Vec<_> = (0..8).map(|_| start(path.clone())).collect();
        let kids: std::collections::BTreeSet<String> =
            servers.into_iter().map(|s| s.join().unwrap().encryption_keys[0].kid.clone()).collect();
        assert_eq!(kids.len(), 1);
    }

    #[test]
    fn a_rotation_keeps_what_may_still_verify_and_drops_the_rest() {
        let start = Utc::now();
        let mut secrets = Secrets::new();
        let (first, sealing) = (secrets.signing_keys[0].kid.clone(), secrets.encryption_keys[0].kid.clone());
        assert_eq!(secrets.rotate(start + Duration::hours(100), false), 0, "the first key signed until now");
        assert_eq!(secrets.rotate(start + Duration::hours(110), false), 0, "ten hours ago is too short");
        assert!(secrets.signing_keys.iter().any(|k| k.kid == first));
        assert_eq!(secrets.rotate(start + Duration::hours(126), false), 1, "only the first one's tokens are all over");
        assert!(!secrets.signing_keys.iter().any(|k| k.kid == first));
        assert_eq!(secrets.rotate(start + Duration::hours(1000), false), 2);
        assert_eq!(secrets.signing_keys.len(), 2);
        assert!(secrets.encryption_keys.iter().any(|k| k.kid == sealing), "what it encrypted is in backups");
    }

    #[test]
    fn a_key_without_a_time_is_kept_at_the_first_rotation() {
        let mut secrets = Secrets::new();
        secrets.signing_keys[0].made_at = None;
        let old = secrets.signing_keys[0].kid.clone();
        assert_eq!(secrets.rotate(Utc::now(), false), 0);
        assert_eq!(secrets.signing_keys[1].kid, old);
    }

    #[test]
    fn a_replaced_key_verifies_only_as_long_as_a_token_of_it_can_last() {
        let mut secrets = Secrets::new();
        let (old, now) = (secrets.signing_keys[0].kid.clone(), Utc::now());
        secrets.rotate(now, false);
        assert!(secrets.verifies(&old, now + Duration::hours(24)).is_some());
        assert!(secrets.verifies(&old, now + Duration::hours(26)).is_none(), "also without another rotation");
        assert!(secrets.verifies(&secrets.signing_keys[0].kid, now + Duration::hours(26)).is_some());
        assert!(secrets.verifies("unknown", now).is_none());
    }

    #[test]
    fn keys_that_leaked_stop_at_once_and_the_new_one_signs_at_once() {
        let (mut secrets, now) = (Secrets::new(), Utc::now() + Duration::hours(1));
        let old = secrets.signing_keys[0].kid.clone();
        assert_eq!(secrets.rotate(now, true), 1);
        assert!(secrets.verifies(&old, now).is_none());
        assert_eq!(secrets.signs(now).unwrap().kid, secrets.signing_keys[0].kid);
        assert_eq!(secrets.encryption_keys.len(), 2);
    }

    #[test]
    fn a_new_key_waits_until_every_server_knows_it() {
        let mut secrets = Secrets::new();
        let (old, now) = (secrets.signing_keys[0].kid.clone(), Utc::now() + Duration::hours(1));
        secrets.rotate(now, false);
        let at = |seconds: i64| secrets.signs(now + Duration::seconds(seconds)).unwrap().kid.clone();
        assert_eq!(at(SETTLE_SECONDS - 1), old);
        assert_eq!(at(SETTLE_SECONDS), secrets.signing_keys[0].kid);
        assert_eq!(secrets.encrypts(now).unwrap().kid, secrets.encryption_keys[1].kid);
    }
}
