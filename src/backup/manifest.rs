//! What a backup says of itself.

use std::fs::{self, File};
use std::path::{Component, Path};

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::secrets::write_private;

/// Name of the manifest in the folder of a backup.
pub const MANIFEST: &str = "manifest.json";
/// Form of the folder and of the manifest.
pub const FORMAT: u32 = 1;

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileEntry {
    /// Path within the folder, with `/`.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

/// The manifest, `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// Form of the backup, 1.
    pub format_version: u32,
    /// When the copy of the database was made: stories acknowledged before are in it.
    pub made_at: DateTime<Utc>,
    /// Version of the program.
    pub duiding: String,
    /// Version of the newest migration of the database.
    pub migration: String,
    /// Stories in the database, withdrawn ones included.
    pub stories: i64,
    /// Every file but the manifest.
    pub files: Vec<FileEntry>,
    /// Attachments that were lost or damaged already when the backup was made, by path.
    pub lost: Vec<String>,
}

impl Manifest {
    /// Reads and checks the manifest of a backup. Errors: it is missing, cut, of another form, or names a file outside.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(MANIFEST);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{}: cannot be read; a backup without its manifest is not whole", path.display()))?;
        let manifest: Self =
            serde_json::from_str(&text).with_context(|| format!("{}: is cut, damaged or of a newer duiding", path.display()))?;
        let form = manifest.format_version;
        anyhow::ensure!(form == FORMAT, "{}: formatVersion: {form} is not known, only {FORMAT}", path.display());
        for file in &manifest.files {
            let inside = Path::new(&file.path).components().all(|c| matches!(c, Component::Normal(_)));
            anyhow::ensure!(inside && !file.path.is_empty(), "{}: files: {:?} is not a path within", path.display(), file.path);
        }
        Ok(manifest)
    }

    /// Writes the manifest as the last file: under its name it is whole. Errors: it cannot be written.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let draft = folder.join("manifest.json.part");
        write_private(&draft, &(serde_json::to_string_pretty(self)? + "\n"))?;
        fs::rename(&draft, folder.join(MANIFEST))?;
        File::open(folder)?.sync_all()?;
        Ok(())
    }
}
