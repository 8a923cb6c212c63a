//! Is a backup whole? Everything that is wrong is told, not only the first.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::manifest::{FileEntry, MANIFEST, Manifest};
use super::{ATTACHMENTS, DATABASE, ERASURES, attachment_path, files_below};
use crate::db::attachments::{self, AttachmentRow};
use crate::db::{DbResult, copies, stories};
use crate::erasures;
use crate::files::{FileKey, hash_of};

/// What was found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// The manifest, when it can be read.
    pub manifest: Option<Manifest>,
    /// What is wrong, each with the name of its file; nothing when the backup is whole.
    pub wrong: Vec<String>,
}

/// Checks every file of a backup, the database itself, and that both agree. Changes nothing.
pub fn verify(folder: &Path) -> Verdict {
    let mut verdict = Verdict::default();
    match Manifest::read(folder) {
        Ok(manifest) => verdict.manifest = Some(manifest),
        Err(e) => verdict.wrong.push(format!("{e:#}")),
    }
    let listed = verdict.manifest.clone().map(|m| m.files).unwrap_or_default();
    verdict.wrong.extend(listed.iter().filter_map(|file| wrong_file(folder, file)));
    if verdict.manifest.is_some() {
        verdict.wrong.extend(strangers(folder, &listed));
    }
    if folder.join(DATABASE).is_file() {
        let checked = check_database(folder, verdict.manifest.as_ref());
        verdict.wrong.extend(checked.unwrap_or_else(|e| vec![format!("{DATABASE}: cannot be read: {e}")]));
    } else if !listed.iter().any(|f| f.path == DATABASE) {
        verdict.wrong.push(format!("{DATABASE}: is missing"));
    }
    if folder.join(ERASURES).is_file()
        && let Err(e) = erasures::read(&folder.join(ERASURES))
    {
        verdict.wrong.push(format!("{e:#}"));
    }
    verdict
}

/// What is wrong with the bytes of a file.
fn wrong_file(folder: &Path, file: &FileEntry) -> Option<String> {
    let path = folder.join(&file.path);
    let size = match std::fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() => found.len(),
        Ok(_) => return Some(format!("{}: is not an ordinary file", file.path)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Some(format!("{}: is missing", file.path)),
        Err(e) => return Some(format!("{}: cannot be read: {e}", file.path)),
    };
    if size != file.bytes {
        return Some(format!("{}: has {size} bytes, not {}", file.path, file.bytes));
    }
    match hash_of(&path) {
        Ok(hash) if hash == file.sha256 => None,
        Ok(_) => Some(format!("{}: has other content than when the backup was made", file.path)),
        Err(e) => Some(format!("{}: cannot be read: {e}", file.path)),
    }
}

/// Files that the manifest does not name.
fn strangers(folder: &Path, listed: &[FileEntry]) -> Vec<String> {
    let known: BTreeSet<&str> = listed.iter().map(|f| f.path.as_str()).chain([MANIFEST]).collect();
    match files_below(folder) {
        Ok(found) => {
            let names = found.iter().map(|p| p.display().to_string());
            names.filter(|p| !known.contains(p.as_str())).map(|p| format!("{p}: is not in the manifest")).collect()
        }
        Err(e) => vec![format!("{}: cannot be read: {e}", folder.display())],
    }
}

fn check_database(folder: &Path, manifest: Option<&Manifest>) -> DbResult<Vec<String>> {
    let mut conn = copies::open_copy(&folder.join(DATABASE))?;
    let faults = copies::faults(&mut conn)?;
    let mut wrong: Vec<String> = faults.into_iter().map(|fault| format!("{DATABASE}: {fault}")).collect();
    let Some(manifest) = manifest else { return Ok(wrong) };
    let kept = stories::count(&mut conn)?;
    if kept != manifest.stories {
        wrong.push(format!("{DATABASE}: has {kept} stories, not {}", manifest.stories));
    }
    let migration = copies::newest_migration(&mut conn)?;
    if migration != manifest.migration {
        wrong.push(format!("{DATABASE}: has migration {migration:?}, not {:?}", manifest.migration));
    } else if !copies::knows_migration(&migration)? {
        wrong.push(format!("{DATABASE}: migration {migration} is of a newer duiding than this one"));
    }
    let listed: BTreeMap<&str, &FileEntry> = manifest.files.iter().map(|f| (f.path.as_str(), f)).collect();
    let whole = attachments::all_received(&mut conn)?.into_iter().filter(|row| row.completed_at.is_some());
    wrong.extend(whole.filter_map(|row| wrong_attachment(&row, &listed, &manifest.lost)));
    Ok(wrong)
}

/// What is wrong with an attachment that the database calls whole, as far as the manifest tells.
fn wrong_attachment(row: &AttachmentRow, listed: &BTreeMap<&str, &FileEntry>, lost: &[String]) -> Option<String> {
    let key = FileKey { project_id: row.project_id.clone(), story_id: row.story_id.clone(), id: row.id.clone() };
    let path = attachment_path(&key, true).display().to_string();
    match listed.get(path.as_str()) {
        Some(file) if file.sha256 == row.sha256 && Ok(file.bytes) == u64::try_from(row.bytes) => None,
        Some(_) => Some(format!("{path}: is not the file that the database in this backup declares")),
        None if lost.contains(&path) => None,
        None => Some(format!("{path}: is complete in the database, but not in {ATTACHMENTS}")),
    }
}
