//! What this program wrote and somebody else may have touched: the erasure log, the manifest of a backup, keys, and what was
//! sealed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use duiding::backup::{MANIFEST, Manifest};
use duiding::erasures::{self, ErasureLog};
use duiding::secrets::{Sealed, Secrets, open, seal};
use tempfile::TempDir;

use super::told::stopped;

/// A folder for each reader; they run at the same time as tests.
struct Folder(TempDir);

/// One input at a time: two tests that feed the same reader run at once.
type OneAtATime = LazyLock<Mutex<Folder>>;

fn alone(folder: &'static OneAtATime) -> MutexGuard<'static, Folder> {
    // What broke a reader is told by whoever fed it; the folder is as good as before.
    folder.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Folder {
    fn default() -> Self {
        Self(tempfile::tempdir().expect("a folder for temporary files"))
    }
}

impl Folder {
    /// Path of a file with this content.
    fn with(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content).expect("a temporary file can be written");
        path
    }

    /// A new folder in it.
    fn empty(&self, name: &str) -> PathBuf {
        let path = self.0.path().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a temporary folder can be made");
        path
    }
}

pub fn erasure_logs(input: &[u8]) {
    static FOLDER: OneAtATime = LazyLock::new(Mutex::default);
    let kept = alone(&FOLDER);
    let lines = match erasures::read(&kept.with("log", input)) {
        Ok(lines) => lines,
        Err(error) => return stopped(&error, input),
    };
    let copy = kept.empty("copy").join("log");
    let log = ErasureLog::open(&copy).expect("a temporary file can be made");
    let few = &lines[..lines.len().min(3)]; // each waits for the disk
    few.iter().for_each(|line| log.append(line).expect("a temporary file can be written"));
    assert_eq!(erasures::read(&copy).expect("it was just written"), few, "what was read is written and read back the same");
}

pub fn manifests(input: &[u8]) {
    static FOLDER: OneAtATime = LazyLock::new(Mutex::default);
    let kept = alone(&FOLDER);
    let folder = kept.0.path();
    kept.with(MANIFEST, input);
    let manifest = match Manifest::read(folder) {
        Ok(manifest) => manifest,
        Err(error) => return stopped(&error, input),
    };
    manifest.files.iter().for_each(|file| inside(folder, &file.path));
    let copy = kept.empty("copy");
    manifest.write(&copy).expect("a temporary file can be written");
    assert_eq!(Manifest::read(&copy).expect("it was just written"), manifest);
}

fn inside(folder: &Path, path: &str) {
    let joined = folder.join(path);
    let leads_up = Path::new(path).components().any(|c| c.as_os_str() == "..");
    assert!(joined.starts_with(folder) && joined != folder && !leads_up, "{path:?} leads outside");
}

pub fn secrets_files(input: &[u8]) {
    static FOLDER: OneAtATime = LazyLock::new(Mutex::default);
    let kept = alone(&FOLDER);
    let now = chrono::Utc::now();
    let mut secrets = match Secrets::load(&kept.with("secrets", input)) {
        Ok(secrets) => secrets,
        Err(error) => {
            assert!(!format!("{error:#}").contains(KNOWN), "a key is told to whoever reads the log");
            return stopped(&error, input);
        }
    };
    assert!(secrets.signs(now).is_some(), "a server that starts can log people in");
    if let Ok(sealed) = seal(&secrets, "me", b"secret") {
        assert_eq!(open(&secrets, "me", &sealed).expect("it was just sealed"), b"secret");
    }
    secrets.rotate(now, false);
    assert!(!secrets.signing_keys.is_empty() && !secrets.encryption_keys.is_empty());
}

/// A key of the seeds.
pub const KNOWN: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// Keys that everybody knows, so that the seeds of one run are good in the next.
pub fn known_secrets() -> Secrets {
    let key = |kid: &str| serde_json::json!({"kid": kid, "secret": KNOWN});
    let document = serde_json::json!({"signing_keys": [key("one")], "encryption_keys": [key("two")]});
    serde_json::from_value(document).expect("keys as in the file")
}

pub fn sealed_texts(input: &[u8]) {
    static SECRETS: LazyLock<Secrets> = LazyLock::new(known_secrets);
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(sealed) = text.parse::<Sealed>() else { return };
    assert_eq!(sealed.to_string(), text);
    if open(&SECRETS, "me", &sealed).is_ok() {
        assert!(open(&SECRETS, "somebody else", &sealed).is_err(), "what is sealed for one opens for another");
    }
}
