//! Making a backup while the server runs.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use chrono::Utc;

use super::manifest::{FORMAT, FileEntry, Manifest};
use super::source;
use super::{ATTACHMENTS, DATABASE, ERASURES, attachment_path, copy_hashed, create_private, require_sqlite, sync_folders};
use crate::config::Config;
use crate::db::attachment_parts::{self, PartRow};
use crate::db::attachments::{self, AttachmentRow};
use crate::db::{Db, DbError, copies, stories};
use crate::files::{FileKey, Files, hash_of};
use crate::secrets::make_private_folder;

/// So often a backup begins again because somebody withdrew while files were copied.
const ATTEMPTS: usize = 5;

/// What was backed up.
#[derive(Debug)]
pub struct Made {
    /// As written.
    pub manifest: Manifest,
    /// Attachments in it, whole or in part.
    pub attachments: usize,
}

/// Makes a backup in a folder that is empty or not there yet. Errors: PostgreSQL; the folder has something in it; something
/// cannot be read or written. Then there is no manifest, and what is there is no backup.
pub fn make(config: &Config, folder: &Path) -> anyhow::Result<Made> {
    require_sqlite(config, "backup")?;
    anyhow::ensure!(Path::new(&config.database_url).is_file(), "there is no database {}", config.database_url);
    make_private_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut inside = fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    anyhow::ensure!(inside.next().is_none(), "{}: is not empty; every backup has a folder of its own", folder.display());
    close_to_others(folder)?;
    let db = Db::open(&config.database_url, 1)?;
    let live = Files::of(config)?;
    for _ in 0..ATTEMPTS {
        if let Some(made) = attempt(config, &live, &db, folder)? {
            return Ok(made);
        }
        fs::remove_file(folder.join(DATABASE))?;
        fs::remove_dir_all(folder.join(ATTACHMENTS))?;
    }
    anyhow::bail!("files went away {ATTEMPTS} times while they were copied, as stories were withdrawn; begin again later")
}

fn close_to_others(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).with_context(|| format!("cannot close {}", folder.display()))
}

/// The database first and the files after it: what the copy names was there. `None` when a story was withdrawn meanwhile.
fn attempt(config: &Config, live: &Files, db: &Db, folder: &Path) -> anyhow::Result<Option<Made>> {
    let made_at = Utc::now();
    let copy = folder.join(DATABASE);
    let failed = || format!("cannot copy the database to {}", copy.display());
    create_private(&copy).with_context(failed)?; // SQLite writes into an empty file and leaves its permissions
    let address = copy.to_str().with_context(|| format!("{}: is not a name in UTF-8", copy.display()))?;
    db.run_blocking(|conn| copies::copy_to(conn, address)).with_context(failed)?;
    File::open(&copy)?.sync_all()?;
    let mut conn = copies::open_copy(&copy)?;
    make_private_folder(&folder.join(ATTACHMENTS))?;
    let (mut files, mut lost) = (vec![entry(folder, DATABASE)?], Vec::new());
    for row in attachments::all_received(&mut conn)? {
        let pieces = match live {
            Files::Bucket(_) => attachment_parts::of_file(&mut conn, &row)?,
            Files::Folder(_) => Vec::new(),
        };
        match copy_attachment(live, &row, &pieces, folder)? {
            Some(file) => files.push(file),
            None if is_gone(db, &row)? => return Ok(None),
            None if row.completed_at.is_none() => {} // the device is asked for it again
            None => lost.push(path_of(&row, true)),
        }
    }
    let attachments = files.len() - 1;
    if let Some(file) = copy_log(config, folder)? {
        files.push(file);
    }
    sync_folders(folder)?;
    let manifest = Manifest {
        format_version: FORMAT,
        made_at,
        duiding: env!("CARGO_PKG_VERSION").to_owned(),
        migration: copies::newest_migration(&mut conn)?,
        stories: stories::count(&mut conn)?,
        files,
        lost,
    };
    manifest.write(folder)?;
    Ok(Some(Made { manifest, attachments }))
}

fn entry(folder: &Path, name: &str) -> std::io::Result<FileEntry> {
    let path = folder.join(name);
    Ok(FileEntry { path: name.to_owned(), bytes: fs::metadata(&path)?.len(), sha256: hash_of(&path)? })
}

fn key_of(row: &AttachmentRow) -> FileKey {
    FileKey { project_id: row.project_id.clone(), story_id: row.story_id.clone(), id: row.id.clone() }
}

fn path_of(row: &AttachmentRow, whole: bool) -> String {
    attachment_path(&key_of(row), whole).display().to_string()
}

/// Copies as much of an attachment as the copy of the database says has come in; `None` when that is not there.
fn copy_attachment(live: &Files, row: &AttachmentRow, pieces: &[PartRow], folder: &Path) -> anyhow::Result<Option<FileEntry>> {
    let whole = row.completed_at.is_some();
    let path = path_of(row, whole);
    let file = match source::open(live, &key_of(row), whole, pieces) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other.with_context(|| format!("cannot read {path}"))?,
    };
    let to = folder.join(&path);
    make_private_folder(to.parent().unwrap_or(folder))?;
    let most = if whole { u64::MAX } else { row.received_bytes.unsigned_abs() };
    let copied = match copy_hashed(file.take(most), &to) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None, // a piece that was joined or withdrawn meanwhile
        other => Some(other.with_context(|| format!("cannot copy to {}", to.display()))?),
    };
    let Some((bytes, sha256)) = copied.filter(|(_, sha256)| !whole || *sha256 == row.sha256) else {
        fs::remove_file(&to)?;
        return Ok(None);
    };
    Ok(Some(FileEntry { path, bytes, sha256 }))
}

/// Whether the attachment was withdrawn with its story since the copy was made.
fn is_gone(db: &Db, row: &AttachmentRow) -> anyhow::Result<bool> {
    match db.run_blocking(|conn| attachments::get(conn, &row.project_id, &row.story_id, &row.id)) {
        Ok(_) => Ok(false),
        Err(DbError::NotFound) => Ok(true),
        Err(e) => Err(e.into()),
    }
}

/// The log after the database: it has all that the copy knows of. An installation before the first start has none.
fn copy_log(config: &Config, folder: &Path) -> anyhow::Result<Option<FileEntry>> {
    let file = match File::open(&config.erasures_file) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other.with_context(|| format!("cannot read the erasure log {}", config.erasures_file.display()))?,
    };
    let (bytes, sha256) = copy_hashed(file, &folder.join(ERASURES))?;
    Ok(Some(FileEntry { path: ERASURES.to_owned(), bytes, sha256 }))
}
