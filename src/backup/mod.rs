//! Backups of an installation on SQLite: made while the server runs, checked, and restored with every withdrawal since.
//!
//! A backup is a folder: `manifest.json` (written last: without it there is no backup), `duiding.sqlite`,
//! `erasures.jsonl` and `attachments/`. The signing keys are not in it: without them a new server makes new ones, and
//! everybody's access token is renewed by the login that is still valid; with them whoever finds a backup could forge
//! the access of anybody to the running server.

mod make;
mod manifest;
mod replay;
mod restore;
mod source;
mod target;
mod verify;

pub use make::{Made, make};
pub use manifest::{FileEntry, MANIFEST, Manifest};
pub use replay::{Counts, replay_log};
pub use restore::{Options, Restored, restore};
pub use verify::{Verdict, verify};

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::db::Kind;
use crate::files::FileKey;

/// The database within a backup.
const DATABASE: &str = "duiding.sqlite";
/// The erasure log as it was, within a backup.
const ERASURES: &str = "erasures.jsonl";
/// The folder of attachments within a backup.
const ATTACHMENTS: &str = "attachments";

/// Errors: the database is on a server, which has its own tools.
fn require_sqlite(config: &Config, command: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        Kind::of(&config.database_url) == Kind::Sqlite,
        "DATABASE_URL: `duiding {command}` is for SQLite. For PostgreSQL use pg_dump and pg_restore with a copy of the \
         attachments, and then `duiding replay-erasures`, as the README says under 'Backup on PostgreSQL'"
    );
    Ok(())
}

/// Where an attachment is in a backup, whole or in part.
fn attachment_path(key: &FileKey, whole: bool) -> PathBuf {
    let path = Path::new(ATTACHMENTS).join(&key.project_id).join(&key.story_id).join(&key.id);
    if whole { path } else { path.with_extension("part") }
}

/// A new file for its owner only.
fn create_private(path: &Path) -> std::io::Result<File> {
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Copies what `from` has into a new file and waits for the disk; answers bytes and SHA-256.
fn copy_hashed(mut from: impl Read, to: &Path) -> std::io::Result<(u64, String)> {
    let mut file = create_private(to)?;
    let (mut hasher, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let n = from.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
        file.write_all(&buffer[..n])?;
        bytes += n as u64;
    }
    file.sync_all()?;
    Ok((bytes, hex::encode(hasher.finalize())))
}

/// All files below a folder, as paths from it, in order; no folder has none.
fn files_below(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = match fs::read_dir(&next) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            other => other?,
        };
        for entry in entries {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => folders.push(entry.path()),
                false => found.push(entry.path().strip_prefix(folder).unwrap_or(&entry.path()).to_owned()),
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Waits until the names in a folder, and in those below it, are on disk.
fn sync_folders(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    File::open(folder)?.sync_all()
}
