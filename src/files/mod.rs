//! Where attachments are kept: in a folder, or in an object store that several servers share.

mod bucket;
mod folder;

pub use bucket::{Bucket, Joined};
pub use folder::{Folder, Sealed, hash_of};

use std::io::Read;
use std::path::PathBuf;

use crate::config::{Attachments, Config};

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

/// What keeps the attachments.
#[derive(Debug, Clone)]
pub enum Files {
    /// A folder of this machine.
    Folder(Folder),
    /// An object store.
    Bucket(Bucket),
}

/// Chooses the cryptography of HTTPS clients in this process, which have none of their own; safe to repeat.
pub fn choose_cryptography() {
    // There is one already when TLS was asked for before: the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl Files {
    /// As the settings say. Errors: they do not make an object store.
    pub fn of(config: &Config) -> anyhow::Result<Self> {
        match &config.attachments {
            Attachments::Folder => Ok(Self::folder(config.attachments_dir())),
            Attachments::Bucket(settings) => Ok(Self::Bucket(Bucket::open(settings)?)),
        }
    }

    /// In this folder, which is made when it is needed.
    pub fn folder(root: PathBuf) -> Self {
        Self::Folder(Folder::new(root))
    }

    /// The whole file, for reading. Errors: it is not there; it cannot be read now.
    pub fn read(&self, key: &FileKey) -> std::io::Result<Box<dyn Read + Send>> {
        match self {
            Self::Folder(folder) => Ok(Box::new(folder.open(key)?)),
            Self::Bucket(bucket) => Ok(Box::new(bucket.read(key)?)),
        }
    }

    /// The first bytes of the whole file, by which its type is known.
    pub fn beginning(&self, key: &FileKey) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read(key)?.take(BEGINNING).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Whether anything of a file is there, whole or not.
    pub fn has(&self, key: &FileKey) -> std::io::Result<bool> {
        match self {
            Self::Folder(folder) => Ok(folder.received(key) > 0),
            Self::Bucket(bucket) => bucket.has(key),
        }
    }

    /// Removes one file, whole or not; that there is none is no error.
    pub fn remove(&self, key: &FileKey) -> std::io::Result<()> {
        match self {
            Self::Folder(folder) => folder.remove(key),
            Self::Bucket(bucket) => bucket.remove(key),
        }
    }

    /// Ids of the stories of a project that have files.
    pub fn stories(&self, project_id: &str) -> std::io::Result<Vec<String>> {
        match self {
            Self::Folder(folder) => folder.stories(project_id),
            Self::Bucket(bucket) => bucket.stories(project_id),
        }
    }

    /// Removes all files of a story; that there are none is no error.
    pub fn remove_story(&self, project_id: &str, story_id: &str) -> std::io::Result<()> {
        match self {
            Self::Folder(folder) => folder.remove_story(project_id, story_id),
            Self::Bucket(bucket) => bucket.remove_story(project_id, story_id),
        }
    }

    /// The same for several stories, on a thread for blocking work. Errors: the first that could not be removed; the
    /// others were tried.
    pub async fn remove_stories(&self, project_id: &str, stories: Vec<String>) -> std::io::Result<()> {
        let (files, project_id) = (self.clone(), project_id.to_owned());
        let remove = move || {
            let tried: Vec<_> = stories.iter().map(|story| files.remove_story(&project_id, story)).collect();
            tried.into_iter().collect()
        };
        tokio::task::spawn_blocking(remove).await.map_err(std::io::Error::other)?
    }
}
