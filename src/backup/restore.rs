//! Restoring: everything is made ready beside its place, and put there only when the withdrawals were done again.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::Utc;

use super::manifest::Manifest;
use super::{
    ATTACHMENTS, Counts, DATABASE, ERASURES, Verdict, copy_hashed, replay_log, require_sqlite, sync_folders, target, verify,
};
use crate::config::Config;
use crate::db::{Db, DbError, copies, write_tx};
use crate::erasures::{self, Erasure, ErasureLog};
use crate::files::{Bucket, Files};
use crate::secrets::make_private_folder;

/// What whoever restores allows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Move a database and attachments that are there aside.
    pub replace: bool,
    /// Go on without the erasure log of this installation, though people who withdrew may come back.
    pub without_erasure_log: bool,
}

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// The manifest of the backup.
    pub manifest: Manifest,
    /// What became of the lines of the erasure log.
    pub replayed: Counts,
    /// What was there before, under its new names.
    pub aside: Vec<PathBuf>,
}

/// Restores a backup into the data folder of these settings. Errors: PostgreSQL; the backup is not whole; a server is
/// running; the data folder is not empty; the erasure log is missing. Until everything is ready nothing is replaced.
pub fn restore(config: &Config, folder: &Path, options: Options) -> anyhow::Result<Restored> {
    require_sqlite(config, "restore")?;
    let manifest = whole(folder)?;
    if !options.replace {
        let there = occupied(config)?;
        anyhow::ensure!(
            there.is_empty(),
            "the data folder is not empty: {}. Restore into an empty one, or move the database and attachments aside with --replace",
            there.join(", ")
        );
    }
    make_private_folder(&config.data_dir).with_context(|| format!("cannot make {}", config.data_dir.display()))?;
    let _lock = crate::app::lock_database(config)?;
    let log = erasures_to_do(config, folder, options)?;
    let bucket = target::empty_bucket(config)?;
    let (database, attachments) = (staged_database(config), staged_attachments(config));
    clear(&database, &attachments)?;
    for file in manifest.files.iter().filter(|f| f.path != ERASURES) {
        let to = match Path::new(&file.path).strip_prefix(ATTACHMENTS) {
            Ok(rest) => attachments.join(rest),
            Err(_) => database.clone(),
        };
        make_private_folder(to.parent().unwrap_or(&config.data_dir))?;
        let from = File::open(folder.join(&file.path))?;
        let (_, sha256) = copy_hashed(from, &to).with_context(|| format!("cannot copy to {}", to.display()))?;
        anyhow::ensure!(sha256 == file.sha256, "{}: changed while it was copied", file.path);
    }
    make_private_folder(&attachments)?;
    let replayed = prepare(&database, &attachments, &log, bucket.as_ref())?;
    let aside = move_aside(config)?;
    if bucket.is_some() {
        fs::remove_dir_all(&attachments)?;
    } else {
        sync_folders(&attachments)?;
        fs::rename(&attachments, config.attachments_dir())?;
    }
    fs::rename(&database, &config.database_url)?; // the last step: before it there is no database to serve from
    sync_parents(config)?;
    Ok(Restored { manifest, replayed, aside })
}

/// The manifest of a backup in which nothing is wrong, and whose files are those that we know. Errors: all that is wrong.
fn whole(folder: &Path) -> anyhow::Result<Manifest> {
    let Verdict { manifest, wrong } = verify(folder);
    let list = || wrong.join("\n  ");
    let manifest = manifest.filter(|_| wrong.is_empty());
    let manifest = manifest.with_context(|| format!("{} is not a whole backup:\n  {}", folder.display(), list()))?;
    for file in &manifest.files {
        let known = file.path == DATABASE || file.path == ERASURES || Path::new(&file.path).starts_with(ATTACHMENTS);
        anyhow::ensure!(known, "{}: {} is no part of a backup", folder.display(), file.path);
    }
    Ok(manifest)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn staged_database(config: &Config) -> PathBuf {
    with_suffix(Path::new(&config.database_url), ".restoring")
}

fn staged_attachments(config: &Config) -> PathBuf {
    with_suffix(&config.attachments_dir(), ".restoring")
}

/// What a running installation has: the files of the database, and the attachments.
fn installed(config: &Config) -> Vec<PathBuf> {
    let database = Path::new(&config.database_url);
    let files = ["", "-wal", "-shm", "-journal"].map(|suffix| with_suffix(database, suffix));
    files.into_iter().chain([config.attachments_dir()]).filter(|p| p.exists()).collect()
}

/// What is in the way: everything in the data folder but the erasure log, the lock and the rests of a cut restore.
fn occupied(config: &Config) -> anyhow::Result<Vec<String>> {
    let entries = match fs::read_dir(&config.data_dir) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        other => other.with_context(|| format!("cannot read {}", config.data_dir.display()))?.collect::<Result<Vec<_>, _>>()?,
    };
    let staged = [staged_database(config), staged_attachments(config)];
    let mut ours = vec![config.erasures_file.clone(), with_suffix(Path::new(&config.database_url), ".lock")];
    ours.extend(["", "-wal", "-shm", "-journal"].map(|suffix| with_suffix(&staged[0], suffix)));
    ours.push(staged[1].clone());
    let ours: Vec<PathBuf> = ours.iter().map(std::path::absolute).collect::<Result<_, _>>()?;
    let inside = entries.into_iter().map(|e| e.path());
    let mut found: Vec<PathBuf> = Vec::new();
    for path in inside.chain(installed(config)) {
        let path = std::path::absolute(path)?;
        if !ours.contains(&path) && !found.contains(&path) {
            found.push(path);
        }
    }
    Ok(found.iter().map(|p| p.display().to_string()).collect())
}

/// All withdrawals to be done again: the log of this installation, with what the backup's copy has beyond it. What was
/// missing in the log is added to it. Errors: the log is not there, or not the one that belongs to the backup.
fn erasures_to_do(config: &Config, folder: &Path, options: Options) -> anyhow::Result<Vec<Erasure>> {
    let (live, kept) = (&config.erasures_file, folder.join(ERASURES));
    let copied = if kept.exists() { erasures::read(&kept)? } else { Vec::new() };
    let mut log = if live.exists() { erasures::read(live)? } else { Vec::new() };
    let missing: Vec<Erasure> = copied.into_iter().filter(|line| !log.iter().any(|l| l.id == line.id)).collect();
    let path = live.display();
    if !options.without_erasure_log {
        let advice = "put it back (DUIDING_ERASURES_FILE), or restore with --without-erasure-log and withdraw by hand \
                      whoever withdrew since the backup";
        anyhow::ensure!(live.exists(), "the erasure log {path} is not there; {advice}");
        anyhow::ensure!(missing.is_empty(), "the erasure log {path} lacks what the log in the backup has; {advice}");
    }
    let file = ErasureLog::open(live)?;
    for line in &missing {
        file.append(line)?;
    }
    log.extend(missing);
    Ok(log)
}

/// Removes the rests of a restore that was cut: copies only.
fn clear(database: &Path, attachments: &Path) -> anyhow::Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let path = with_suffix(database, suffix);
        if path.exists() {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    if attachments.exists() {
        fs::remove_dir_all(attachments).with_context(|| format!("cannot remove {}", attachments.display()))?;
    }
    Ok(())
}

/// Brings the copied database to the newest form, withdraws again, and leaves it in one file without what was withdrawn.
/// With a bucket the attachments that are left are put there.
fn prepare(database: &Path, attachments: &Path, log: &[Erasure], bucket: Option<&Bucket>) -> anyhow::Result<Counts> {
    let address = database.to_str().with_context(|| format!("{}: is not a name in UTF-8", database.display()))?;
    let db = Db::open(address, 1)?;
    db.migrate()?;
    // First, so that readers of increments see what is withdrawn again.
    db.run_blocking(|conn| write_tx::<_, DbError>(conn, copies::jump_changes))?;
    let counts = replay_log(&db, &Files::folder(attachments.to_owned()), log)?;
    if let Some(bucket) = bucket {
        target::fill(bucket, attachments, &db)?;
    }
    db.run_blocking(copies::make_single_file).with_context(|| format!("cannot finish {}", database.display()))?;
    drop(db);
    let wal = with_suffix(database, "-wal");
    anyhow::ensure!(!wal.exists(), "{}: the database could not be left in one file", wal.display());
    File::open(database)?.sync_all()?;
    Ok(counts)
}

/// Gives what is there another name; answers the new names.
fn move_aside(config: &Config) -> anyhow::Result<Vec<PathBuf>> {
    let suffix = format!(".replaced-{}", Utc::now().format("%Y%m%dT%H%M%S%3fZ"));
    let database = Path::new(&config.database_url);
    let mut aside = Vec::new();
    for path in installed(config) {
        // The write-ahead log goes on belonging to its database: DATABASE.replaced-...-wal.
        let tail = path.as_os_str().to_string_lossy().strip_prefix(&*config.database_url).map(str::to_owned);
        let to = match tail {
            Some(tail) => with_suffix(database, &format!("{suffix}{tail}")),
            None => with_suffix(&path, &suffix),
        };
        fs::rename(&path, &to).with_context(|| format!("cannot move {} aside", path.display()))?;
        aside.push(to);
    }
    Ok(aside)
}

fn sync_parents(config: &Config) -> anyhow::Result<()> {
    let database = Path::new(&config.database_url).parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for folder in [database, &config.data_dir] {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
