//! Keys and codes: the signing keys of the server, random tokens, and password hashes.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use rand::Rng;
use serde::{Deserialize, Serialize};

use crate::domain::canonical::sha256_hex;

/// Prefixes tell what a secret is for, so that none works elsewhere and a leaked one is recognised.
pub mod prefix {
    /// Refresh token of a session.
    pub const REFRESH: &str = "dur_";
    /// Personal access token.
    pub const PERSONAL: &str = "dup_";
    /// Device token.
    pub const DEVICE: &str = "dud_";
    /// One-time code of an enrolment.
    pub const ENROLMENT: &str = "due_";
    /// One-time code of an invitation.
    pub const INVITATION: &str = "dui_";
}

/// A signing key with its id.
#[derive(Clone, Serialize, Deserialize)]
pub struct SigningKey {
    /// Id in the header of a token.
    pub kid: String,
    /// 256 bits, base64url.
    pub secret: String,
}

/// A key that seals small secrets in the database, with its id.
#[derive(Clone, Serialize, Deserialize)]
pub struct EncryptionKey {
    /// Id before what was sealed with it.
    pub kid: String,
    /// 256 bits, base64url.
    pub secret: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

impl EncryptionKey {
    /// A new random key.
    pub fn new() -> Self {
        Self { kid: random(6), secret: random(32), made_at: Utc::now() }
    }
}

impl Default for EncryptionKey {
    fn default() -> Self {
        Self::new()
    }
}

/// The keys of the server.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// Keys of access tokens: the first signs, all verify.
    pub signing_keys: Vec<SigningKey>,
    /// Keys of what is sealed in the database: the first seals, all open. Without them it is lost.
    #[serde(default)]
    pub encryption_keys: Vec<EncryptionKey>,
}

impl Secrets {
    /// Reads the file, or makes it, readable by its owner only; an encryption key that a file of an older version does
    /// not have yet is added. Errors: the file cannot be read, made, understood or written.
    pub fn load_or_create(path: &Path) -> anyhow::Result<Self> {
        if let Some(secrets) = Self::read(path)? {
            return if secrets.encryption_keys.is_empty() { Self::add_encryption_key(path) } else { Ok(secrets) };
        }
        let secrets = Self::new();
        write_private(path, &serde_json::to_string_pretty(&secrets)?)?;
        Ok(secrets)
    }

    fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        let Ok(text) = fs::read_to_string(path) else { return Ok(None) };
        let secrets: Self = serde_json::from_str(&text).with_context(|| format!("{} is not understood", path.display()))?;
        anyhow::ensure!(!secrets.signing_keys.is_empty(), "{} has no signing key", path.display());
        Ok(Some(secrets))
    }

    /// Several servers that share the file and start at once must end up with the same key, or what one of them seals
    /// is lost: one at a time looks again and adds it.
    fn add_encryption_key(path: &Path) -> anyhow::Result<Self> {
        let folder = folder_of(path);
        let lock = fs::File::open(folder).and_then(|folder| folder.lock().map(|()| folder));
        let lock = lock.with_context(|| format!("cannot lock {}", folder.display()))?;
        let mut secrets = Self::read(path)?.with_context(|| format!("cannot read {}", path.display()))?;
        if secrets.encryption_keys.is_empty() {
            secrets.encryption_keys.push(EncryptionKey::new());
            let file = private_file(folder, path, &serde_json::to_string_pretty(&secrets)?)?;
            file.persist(path).map_err(|e| e.error).with_context(|| format!("cannot write {}", path.display()))?;
            lock.sync_all().with_context(|| format!("cannot write {}", folder.display()))?;
        }
        Ok(secrets)
    }

    /// New random keys.
    pub fn new() -> Self {
        let key = SigningKey { kid: random(6), secret: random(32) };
        Self { signing_keys: vec![key], encryption_keys: vec![EncryptionKey::new()] }
    }
}

impl Default for Secrets {
    fn default() -> Self {
        Self::new()
    }
}

/// Makes a folder, and those above it that are missing, for its owner only: stories or keys will be in it. One that is
/// there is left as it is.
pub fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes a file that only its owner can read. It is there whole or not at all: a process that is killed on the way
/// leaves no half file, which no later start would understand. Errors: the file is there already or cannot be made.
pub fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = folder_of(path);
    make_private_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let file = private_file(folder, path, text)?;
    file.persist_noclobber(path).map_err(|e| e.error).with_context(|| format!("cannot make {}", path.display()))?;
    let named = fs::File::open(folder).and_then(|folder| folder.sync_all());
    named.with_context(|| format!("cannot write {}", folder.display()))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file beside its place with this text, on disk; only its owner can read it, from the start.
fn private_file(folder: &Path, path: &Path, text: &str) -> anyhow::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(|| format!("cannot make {}", path.display()))?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all());
    written.with_context(|| format!("cannot write {}", path.display()))?;
    Ok(file)
}

/// Random bytes as base64url.
pub fn random(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    rand::rng().fill_bytes(&mut buffer);
    URL_SAFE_NO_PAD.encode(buffer)
}

/// A new secret of 256 bits with its prefix, and the hash to keep.
pub fn new_token(prefix: &str) -> (String, String) {
    let token = format!("{prefix}{}", random(32));
    let hash = token_hash(&token);
    (token, hash)
}

/// The hash under which a random secret is kept. It has 256 random bits, so a plain hash is enough.
pub fn token_hash(token: &str) -> String {
    sha256_hex(token)
}

/// Argon2id hash of a password.
pub fn hash_password(password: &str) -> anyhow::Result<String> {
    let mut salt = [0; 16];
    rand::rng().fill_bytes(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(|e| anyhow::anyhow!("salt: {e}"))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(|e| anyhow::anyhow!("hash: {e}"))?;
    Ok(hash.to_string())
}

/// Whether a password fits a hash. Takes as long for an unknown person (`None`) as for a known one.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$2jUOoGjZbCvcvZHhEHJVb0F0bWVhbmluZ2xlc3Nz";
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    let fits = parsed.is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
    fits && hash.is_some()
}

/// Whether a password may be chosen. Errors: why not.
pub fn check_password(password: &str) -> Result<(), &'static str> {
    let length = password.chars().count();
    let distinct = password.chars().collect::<std::collections::BTreeSet<_>>().len();
    match length {
        0..12 => Err("a password has at least 12 characters"),
        257.. => Err("a password has at most 256 characters"),
        _ if distinct < 5 => Err("a password has at least 5 different characters"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let text = "secret ".repeat(20_000);
        for i in 0..50 {
            let path = folder.path().join(i.to_string());
            let seen = path.clone();
            // Whoever looks at any moment, as a start after a kill does, sees what will stay.
            let looker = std::thread::spawn(move || {
                loop {
                    if let Ok(text) = fs::read_to_string(&seen) {
                        return text;
                    }
                }
            });
            write_private(&path, &text).unwrap();
            assert!(looker.join().unwrap() == text);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 50, "nothing is left behind");
    }

    #[test]
    fn a_private_file_is_for_its_owner_and_never_written_over() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("secret");
        write_private(&path, "one").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let refused = write_private(&path, "other").unwrap_err();
        assert!(refused.to_string().contains("secret"), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    }

    #[test]
    fn only_the_right_password_fits() {
        let hash = hash_password("correct horse battery").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify_password("correct horse battery", Some(&hash)));
        assert!(!verify_password("correct horse batter", Some(&hash)));
        assert!(!verify_password("correct horse battery", None));
    }

    #[test]
    fn the_stand_in_hash_costs_as_much_as_a_real_one() {
        assert!(
            PasswordHash::new("$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$2jUOoGjZbCvcvZHhEHJVb0F0bWVhbmluZ2xlc3Nz")
                .is_ok()
        );
    }

    #[test]
    fn a_folder_that_we_make_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let settings = [("DUIDING_DATA_DIR".to_owned(), data.display().to_string())];
        let config = crate::config::Config::from(|name| settings.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()));
        crate::app::prepare_database(&config.unwrap()).unwrap();
        assert_eq!(mode(&data), 0o700);
        let theirs = folder.path().join("theirs");
        fs::create_dir(&theirs).unwrap();
        let before = mode(&theirs);
        make_private_folder(&theirs).unwrap();
        assert_eq!(mode(&theirs), before, "a folder that is there is left as it is");
    }

    #[test]
    fn a_file_of_an_older_version_gets_one_encryption_key_and_keeps_the_rest() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        write_private(&path, r#"{"signing_keys": [{"kid": "k", "secret": "s"}]}"#).unwrap();
        let starts: Vec<_> = (0..8)
            .map(|_| {
                let path = path.clone();
                std::thread::spawn(move || Secrets::load_or_create(&path).unwrap())
            })
            .collect();
        let found: Vec<Secrets> = starts.into_iter().map(|s| s.join().unwrap()).collect();
        let kept = Secrets::load_or_create(&path).unwrap();
        assert_eq!((kept.signing_keys.len(), kept.encryption_keys.len()), (1, 1));
        assert_eq!(kept.signing_keys[0].kid, "k");
        assert!(found.iter().all(|s| s.encryption_keys[0].secret == kept.encryption_keys[0].secret), "all have the same");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn the_secrets_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/secrets.json");
        let made = Secrets::load_or_create(&path).unwrap();
        let read = Secrets::load_or_create(&path).unwrap();
        assert_eq!(made.signing_keys[0].secret, read.signing_keys[0].secret);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
