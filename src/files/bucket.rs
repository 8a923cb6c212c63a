//! Attachments in an object store that speaks S3, shared by several servers.
//!
//! A whole file is the object `<project>/<story>/<attachment>`. Until then every acknowledged piece is an object of its
//! own, `<project>/<story>/<attachment>.part/<name>`: its bytes are durable when the store answers, whichever server took
//! them. Names are never used twice, and the database says which pieces count, so a late answer of the store to a request
//! that was given up changes nothing. The whole is joined by a multipart upload, which appears at once or not at all.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart};
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;

use super::{FileKey, Sealed};
use crate::config::BucketSettings;

/// How long one request to the store may take.
const REQUEST: Duration = Duration::from_secs(30);
/// How long the store may take to be reached.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a request that failed is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// How often, at most.
const RETRIES: usize = 3;
/// Requests at the same time for one removal or one join.
const AT_ONCE: usize = 4;
/// Pieces in which files are read and written, in bytes; the store wants at least 5 MiB but for the last.
const PIECE: usize = 8 * 1024 * 1024;

type Stored<T> = Result<T, Error>;

/// Files below a prefix of a bucket.
#[derive(Debug, Clone)]
pub struct Bucket(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: AmazonS3,
    prefix: Path,
    /// Of its own, so that threads for blocking work can wait for it. Only empty while it is dropped.
    runtime: Option<Runtime>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background(); // waiting is not allowed where the server may drop this
        }
    }
}

/// What came of joining the pieces of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// As with a folder.
    Sealed(Sealed),
    /// The store has lost the piece with this number.
    Lost(usize),
}

impl Bucket {
    /// The bucket of these settings; nothing is asked of the store yet. Keys come from the settings or, when they have
    /// none, from where such programs get them (`AWS_*` variables, the role of the machine). Errors: the settings or those
    /// variables do not fit together.
    pub fn open(settings: &BucketSettings) -> anyhow::Result<Self> {
        super::choose_cryptography();
        let options = ClientOptions::new().with_timeout(REQUEST).with_connect_timeout(CONNECT);
        let retry = RetryConfig { max_retries: RETRIES, retry_timeout: RETRY, ..Default::default() };
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(&settings.bucket).with_retry(retry);
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(region) = &settings.region {
            builder = builder.with_region(region);
        }
        if let Some(keys) = &settings.keys {
            builder = builder.with_access_key_id(&keys.id).with_secret_access_key(&keys.secret);
        }
        let store = builder.with_client_options(options.with_allow_http(settings.allow_http)).build()?;
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = Some(runtime.worker_threads(2).thread_name("objects").enable_all().build()?);
        Ok(Self(Arc::new(Inner { store, prefix: Path::parse(&settings.prefix)?, runtime })))
    }

    /// Blocks this thread until the store has answered. Errors: `NotFound`, or that the store refuses or is away.
    fn wait<T, F>(&self, work: impl FnOnce(AmazonS3) -> F) -> io::Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Stored<T>> + Send + 'static,
    {
        let Some(runtime) = &self.0.runtime else { return Err(io::Error::other("the server is stopping")) };
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let work = work(self.0.store.clone());
        runtime.spawn(async move { sender.send(work.await) });
        let done = receiver.recv().map_err(|_| io::Error::other("a request to the object store broke off"))?;
        done.map_err(told)
    }

    fn path(&self, key: &FileKey) -> Path {
        self.0.prefix.clone().join(key.project_id.as_str()).join(key.story_id.as_str()).join(key.id.as_str())
    }

    fn parts(&self, key: &FileKey) -> Path {
        let folder = self.0.prefix.clone().join(key.project_id.as_str()).join(key.story_id.as_str());
        folder.join(format!("{}.part", key.id))
    }

    /// Keeps a piece of a file under a name that was never used. When this answers, the piece is durable.
    pub fn put_part(&self, key: &FileKey, name: &str, bytes: Bytes) -> io::Result<()> {
        let path = self.parts(key).join(name);
        self.wait(|store| async move { store.put(&path, bytes.into()).await.map(drop) })
    }

    /// A piece of a file.
    pub fn get_part(&self, key: &FileKey, name: &str) -> io::Result<Bytes> {
        let path = self.parts(key).join(name);
        self.wait(|store| async move { store.get(&path).await?.bytes().await })
    }

    /// Removes a piece that does not count any more; that there is none is no error.
    pub fn remove_part(&self, key: &FileKey, name: &str) -> io::Result<()> {
        let path = self.parts(key).join(name);
        self.wait(|store| async move { delete(&store, path).await })
    }

    /// Removes all pieces of a file.
    pub fn remove_parts(&self, key: &FileKey) -> io::Result<()> {
        self.remove_below(self.parts(key))
    }

    /// Makes the pieces the whole file if they have the declared hash; the pieces stay. Repeating it is safe.
    pub fn join(&self, key: &FileKey, names: &[String], sha256: &str) -> io::Result<Joined> {
        let (to, folder) = (self.path(key), self.parts(key));
        let paths: Vec<Path> = names.iter().map(|name| folder.clone().join(name.as_str())).collect();
        let sha256 = sha256.to_owned();
        self.wait(|store| async move { join(&store, &to, &paths, &sha256).await })
    }

    /// Puts a whole file, in one step as its readers see it. Errors: it cannot be read, or the store refuses.
    pub fn put_whole(&self, key: &FileKey, mut from: impl Read) -> io::Result<()> {
        let path = self.path(key);
        let mut upload = self.wait(|store| async move {
            let upload = store.put_multipart(&path).await?;
            Ok(WriteMultipart::new_with_chunk_size(upload, PIECE))
        })?;
        loop {
            let piece = match piece_of(&mut from) {
                Err(e) => return self.wait(|_| upload.abort()).and(Err(e)),
                Ok(piece) => piece,
            };
            if piece.is_empty() {
                return self.wait(|_| async move { upload.finish().await.map(drop) });
            }
            upload = self.wait(|_| async move {
                upload.wait_for_capacity(AT_ONCE).await?;
                upload.put(piece);
                Ok(upload)
            })?;
        }
    }

    /// The whole file, for reading in pieces.
    pub fn read(&self, key: &FileKey) -> io::Result<impl Read + Send + 'static> {
        let path = self.path(key);
        let asked = path.clone();
        let size = self.wait(|store| async move { Ok(store.head(&asked).await?.size) })?;
        Ok(Reader { bucket: self.clone(), path, size, position: 0, piece: Bytes::new() })
    }

    /// Whether there are pieces of a file.
    pub fn has_parts(&self, key: &FileKey) -> io::Result<bool> {
        let parts = self.parts(key);
        self.wait(|store| async move { Ok(store.list(Some(&parts)).try_next().await?.is_some()) })
    }

    /// Whether anything of a file is there, whole or not.
    pub fn has(&self, key: &FileKey) -> io::Result<bool> {
        let path = self.path(key);
        match self.wait(|store| async move { store.head(&path).await }) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => self.has_parts(key),
            other => other.map(|_| true),
        }
    }

    /// Removes one file, whole or not.
    pub fn remove(&self, key: &FileKey) -> io::Result<()> {
        let path = self.path(key);
        self.wait(|store| async move { delete(&store, path).await })?;
        self.remove_parts(key)
    }

    /// Ids of the stories of a project that have files.
    pub fn stories(&self, project_id: &str) -> io::Result<Vec<String>> {
        let folder = self.0.prefix.clone().join(project_id);
        let listed = self.wait(|store| async move { store.list_with_delimiter(Some(&folder)).await })?;
        Ok(listed.common_prefixes.iter().filter_map(|p| p.filename()).map(str::to_owned).collect())
    }

    /// Removes all files of a story.
    pub fn remove_story(&self, project_id: &str, story_id: &str) -> io::Result<()> {
        self.remove_below(self.0.prefix.clone().join(project_id).join(story_id))
    }

    /// Whether there is nothing at all below the prefix.
    pub fn is_empty(&self) -> io::Result<bool> {
        let prefix = self.0.prefix.clone();
        self.wait(|store| async move { Ok(store.list(Some(&prefix)).try_next().await?.is_none()) })
    }

    fn remove_below(&self, folder: Path) -> io::Result<()> {
        self.wait(|store| async move {
            let found = store.list(Some(&folder));
            found.try_for_each_concurrent(AT_ONCE, |object| delete(&store, object.location)).await
        })
    }
}

async fn delete(store: &AmazonS3, path: Path) -> Stored<()> {
    match store.delete(&path).await {
        Err(Error::NotFound { .. }) => Ok(()),
        other => other,
    }
}

/// Streams the pieces into one object, which appears only when all were read and the hash fits.
async fn join(store: &AmazonS3, to: &Path, paths: &[Path], sha256: &str) -> Stored<Joined> {
    let upload = store.put_multipart(to).await?;
    let mut upload = WriteMultipart::new_with_chunk_size(upload, PIECE);
    let mut hasher = Sha256::new();
    for (i, path) in paths.iter().enumerate() {
        match copy_piece(store, path, &mut upload, &mut hasher).await {
            Ok(()) => {}
            Err(e) => {
                let _ = upload.abort().await; // the store removes what is left of it by its own rule
                return if matches!(e, Error::NotFound { .. }) { Ok(Joined::Lost(i)) } else { Err(e) };
            }
        }
    }
    if hex::encode(hasher.finalize()) != sha256 {
        upload.abort().await?;
        return Ok(Joined::Sealed(Sealed::WrongHash));
    }
    upload.finish().await?;
    Ok(Joined::Sealed(Sealed::Whole))
}

async fn copy_piece(store: &AmazonS3, path: &Path, upload: &mut WriteMultipart, hasher: &mut Sha256) -> Stored<()> {
    let mut stream = store.get(path).await?.into_stream();
    while let Some(bytes) = stream.next().await {
        let bytes = bytes?;
        hasher.update(&bytes);
        upload.wait_for_capacity(AT_ONCE).await?;
        upload.put(bytes);
    }
    Ok(())
}

/// The next piece of a file; empty at its end.
fn piece_of(from: &mut impl Read) -> io::Result<Bytes> {
    let mut piece = Vec::new();
    from.take(PIECE as u64).read_to_end(&mut piece)?;
    Ok(piece.into())
}

struct Reader {
    bucket: Bucket,
    path: Path,
    size: u64,
    position: u64,
    piece: Bytes,
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.piece.is_empty() && self.position < self.size {
            let (path, range) = (self.path.clone(), self.position..self.size.min(self.position + PIECE as u64));
            self.piece = self.bucket.wait(|store| async move { store.get_range(&path, range).await })?;
            if self.piece.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.position += self.piece.len() as u64;
        }
        let n = buffer.len().min(self.piece.len());
        buffer[..n].copy_from_slice(&self.piece.split_to(n));
        Ok(n)
    }
}

/// An error without the names in it, which are ids; all of it is in the log for who asks for details.
fn told(error: Error) -> io::Error {
    tracing::debug!(%error, "the object store");
    match error {
        Error::NotFound { .. } => io::Error::new(io::ErrorKind::NotFound, "the object is not there"),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            io::Error::new(io::ErrorKind::PermissionDenied, "the object store does not accept the keys of this server")
        }
        _ => io::Error::other("the object store is away or refuses"),
    }
}
