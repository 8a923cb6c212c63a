//! Attachments on disk: received part by part, whole when size and hash are as declared.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// Folder of attachments: `<project>/<story>/<attachment>`, with `.part` until it is whole.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
}

/// How many bytes of a file are looked at to know its type.
const BEGINNING: u64 = 8192;

/// Names of one file; all are ids, checked at the edge.
#[derive(Debug, Clone)]
pub struct FileKey {
    /// The project.
    pub project_id: String,
    /// The story.
    pub story_id: String,
    /// The attachment.
    pub id: String,
}

/// What came of the last part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// The whole file is there with the declared hash.
    Whole,
    /// The hash is not as declared: everything received was thrown away.
    WrongHash,
}

impl Files {
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
        if let Some(folder) = path.parent() {
            crate::secrets::make_private_folder(folder)?;
        }
        if !path.exists() && self.path(key).exists() {
            fs::rename(self.path(key), &path)?; // sealed, but the power failed before that was noted
        }
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        file.set_len(offset)?; // what follows an interrupted part is not trusted
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)?;
        file.sync_all()?;
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
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(Sealed::Whole)
    }

    /// The first bytes of the whole file, by which its type is known.
    pub fn beginning(&self, key: &FileKey) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(key)?.take(BEGINNING).read_to_end(&mut bytes)?;
        Ok(bytes)
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

/// SHA-256 of a file, in hexadecimal.
pub fn hash_of(path: &std::path::Path) -> std::io::Result<String> {
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
