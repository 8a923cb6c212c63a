//! The keys of a running server: another version of the file is taken up without a restart.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock, Weak};
use std::time::Duration;

use super::keys::Secrets;

/// How often the file is looked at. A new key is used only later, when every server has looked.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The keys as they are now. Asking for them costs no look at the file.
pub struct Keyring {
    path: Option<PathBuf>,
    held: RwLock<Held>,
}

struct Held {
    version: Option<Version>,
    secrets: Arc<Secrets>,
}

/// What tells one version of the file from another: a replaced one is another file.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Version {
    inode: u64,
    bytes: u64,
    seconds: i64,
    nanoseconds: i64,
}

impl Version {
    fn of(path: &Path) -> Option<Self> {
        let m = fs::metadata(path).ok()?;
        Some(Self { inode: m.ino(), bytes: m.size(), seconds: m.mtime(), nanoseconds: m.mtime_nsec() })
    }
}

impl Keyring {
    /// The keys of a file, which is made when absent. Errors: it cannot be read, made or understood.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let secrets = Arc::new(Secrets::load_or_create(path)?);
        // No version yet: the first look reads it again, also when somebody replaced it in between.
        Ok(Self { path: Some(path.to_owned()), held: RwLock::new(Held { version: None, secrets }) })
    }

    /// Keys that never change.
    pub fn fixed(secrets: Secrets) -> Self {
        Self { path: None, held: RwLock::new(Held { version: None, secrets: Arc::new(secrets) }) }
    }

    /// The keys.
    pub fn get(&self) -> Arc<Secrets> {
        self.held.read().expect("no panic while held").secrets.clone()
    }

    /// Takes up another version of the file. One that is not understood is told once, and the keys stay as they are.
    pub fn look(&self) {
        let Some(path) = &self.path else { return };
        let version = Version::of(path);
        if version.is_none() || self.held.read().expect("no panic while held").version == version {
            return;
        }
        let read = Secrets::load(path);
        let mut held = self.held.write().expect("no panic while held");
        held.version = version;
        match read {
            Ok(secrets) => held.secrets = Arc::new(secrets),
            Err(e) => tracing::error!(cause = %e, "the changed secrets file is not taken up"),
        }
    }
}

/// Looks at the file as long as somebody has the keys.
pub async fn watch(keys: Weak<Keyring>) {
    while let Some(keys) = keys.upgrade() {
        // The file may be on a slow disk.
        if tokio::task::spawn_blocking(move || keys.look()).await.is_err() {
            tracing::error!("looking at the secrets file failed");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Utc;

    #[test]
    fn a_replaced_file_is_taken_up_and_a_broken_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let keys = Keyring::open(&path).unwrap();
        let first = keys.get().signing_keys[0].kid.clone();
        keys.look();
        Secrets::change(&path, |s| _ = s.rotate(Utc::now(), false)).unwrap();
        assert_eq!(keys.get().signing_keys.len(), 1, "not before somebody looks");
        keys.look();
        assert_eq!((keys.get().signing_keys.len(), &keys.get().signing_keys[1].kid), (2, &first));
        for broken in ["", "{", "{\"signing_keys\": []}"] {
            fs::write(&path, broken).unwrap();
            keys.look();
            assert_eq!(keys.get().signing_keys.len(), 2, "{broken:?}");
        }
        fs::remove_file(&path).unwrap();
        keys.look();
        assert_eq!(keys.get().signing_keys.len(), 2);
    }

    #[test]
    fn of_servers_that_share_the_file_none_signs_with_a_key_that_another_has_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let servers = [Keyring::open(&path).unwrap(), Keyring::open(&path).unwrap()];
        let now = Utc::now();
        Secrets::change(&path, |s| _ = s.rotate(now, false)).unwrap();
        servers[0].look();
        let (first, other) = (servers[0].get(), servers[1].get());
        assert!(other.verifies(&first.signs(now).unwrap().kid, now).is_some());
        assert!(other.decrypts(&first.encrypts(now).unwrap().kid).is_some());
        let later = now + chrono::Duration::seconds(crate::secrets::SETTLE_SECONDS);
        assert!(other.verifies(&first.signs(later).unwrap().kid, later).is_none(), "by then it has looked");
    }
}
