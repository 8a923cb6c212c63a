//! Attachments in a folder: received part by part, whole when size and hash are as declared.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::FileKey;

/// Folder of attachments: `<project>/<story>/<attachment>`, with `.part` until it is whole.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// What came of the last part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// The whole file is there with the declared hash.
    Whole,
    /// The hash is not as declared: everything received was thrown away.
    WrongHash,
}

impl Folder {
    /// In this folder, which is made when it is needed.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Where the whole file is.
    pub fn path(&self, key: &FileKey) -> PathBuf {
        self.root.join(&key.project_id).join(&key.story_id).join(&key.id)
    }

    /// Where it is until it is whole.
    pub fn part(&self, key: &FileKey) -> PathBuf {
        self.path(key).with_extension("part")
    }

    /// Bytes that are safely on disk.
    pub fn received(&self, key: &FileKey) -> u64 {
        let whole = fs::metadata(self.path(key)).map(|m| m.len());
        whole.or_else(|_| fs::metadata(self.part(key)).map(|m| m.len())).unwrap_or(0)
    }

    /// Writes a part at `offset` (which must not be beyond what is there) and waits for the disk. Answers how many
    /// bytes there are now.
    pub fn append(&self, key: &FileKey, offset: u64, bytes: &[u8]) -> std::io::Result<u64> {
        let path = self.part(key);
        let new = !path.exists();
        if let Some(folder) = path.parent() {
            make_durable_folder(folder)?;
        }
        if new && self.path(key).exists() {
            fs::rename(self.path(key), &path)?; // sealed, but the power failed before that was noted
        }
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        file.set_len(offset)?; // what follows an interrupted part is not trusted
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        if new {
            self.sync_names(&path)?;
        }
        Ok(offset + bytes.len() as u64)
    }

    /// Checks the hash of what is there and makes it the whole file.
    pub fn seal(&self, key: &FileKey, sha256: &str) -> std::io::Result<Sealed> {
        let part = self.part(key);
        if hash_of(&part)? != sha256 {
            fs::remove_file(&part)?;
            return Ok(Sealed::WrongHash);
        }
        let path = self.path(key);
        fs::rename(&part, &path)?;
        self.sync_names(&path)?;
        Ok(Sealed::Whole)
    }

    /// Waits until the names of a file and of its folders are on disk: another part may have made them a moment ago, and
    /// not have waited yet.
    fn sync_names(&self, path: &Path) -> std::io::Result<()> {
        path.ancestors().skip(1).take_while(|f| f.starts_with(&self.root)).try_for_each(|f| File::open(f)?.sync_all())
    }

    /// The whole file, for reading.
    pub fn open(&self, key: &FileKey) -> std::io::Result<File> {
        File::open(self.path(key))
    }

    /// Removes one file, whole or not; that there is none is no error.
    pub fn remove(&self, key: &FileKey) -> std::io::Result<()> {
        for path in [self.path(key), self.part(key)] {
            match fs::remove_file(path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
                _ => {}
            }
        }
        Ok(())
    }

    /// Ids of the stories of a project that have files.
    pub fn stories(&self, project_id: &str) -> std::io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.root.join(project_id)) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    }

    /// Removes all files of a story; that there are none is no error.
    pub fn remove_story(&self, project_id: &str, story_id: &str) -> std::io::Result<()> {
        match fs::remove_dir_all(self.root.join(project_id).join(story_id)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }
}

/// Makes a private folder and those above it that are missing, and waits until the name of each new one is on disk:
/// after a power cut there is a path to every acknowledged part.
fn make_durable_folder(folder: &Path) -> std::io::Result<()> {
    let missing: Vec<&Path> = folder.ancestors().take_while(|f| !f.as_os_str().is_empty() && !f.exists()).collect();
    crate::secrets::make_private_folder(folder)?;
    for parent in missing.into_iter().filter_map(Path::parent) {
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}

/// SHA-256 of a file, in hexadecimal.
pub fn hash_of(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex::encode(hasher.finalize())),
            n => hasher.update(&buffer[..n]),
        }
    }
}
