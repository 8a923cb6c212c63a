//! Putting the attachments of a backup where these settings keep them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use uuid::Uuid;

use super::files_below;
use crate::config::{Attachments, Config};
use crate::db::attachment_parts::{self, PartRow};
use crate::db::attachments::{self, AttachmentRow};
use crate::db::{Db, DbError, write_tx};
use crate::files::{Bucket, FileKey};

/// Size of the objects that hold a file which is not whole, in bytes.
const PIECE: u64 = 8 * 1024 * 1024;

/// The bucket to restore into, if attachments are in one. Errors: there is something below its prefix, which may be what
/// another database names.
pub fn empty_bucket(config: &Config) -> anyhow::Result<Option<Bucket>> {
    let Attachments::Bucket(settings) = &config.attachments else { return Ok(None) };
    let bucket = Bucket::open(settings)?;
    anyhow::ensure!(
        bucket.is_empty().context("the bucket of DUIDING_ATTACHMENTS cannot be looked into")?,
        "there are objects in s3://{}/{} already. Restore below another prefix (DUIDING_ATTACHMENTS), and remove the old one \
         when you are sure; what a restore that was cut has put there may be removed at once",
        settings.bucket,
        settings.prefix
    );
    Ok(Some(bucket))
}

/// Puts all attachments of a restored folder into a bucket, and notes in the restored database which objects hold what of
/// files that are not whole. Errors: a file or the store refuses.
pub fn fill(bucket: &Bucket, folder: &Path, db: &Db) -> anyhow::Result<()> {
    for path in files_below(folder)? {
        let Some(key) = key_of(&path) else { continue };
        let file = File::open(folder.join(&path))?;
        let failed = || format!("cannot put {} into the bucket", path.display());
        let found = |conn: &mut _| attachments::get(conn, &key.project_id, &key.story_id, &key.id);
        match path.extension() {
            None => bucket.put_whole(&key, file).with_context(failed)?,
            Some(_) => put_pieces(bucket, &key, db, &db.run_blocking::<_, DbError>(found)?, file).with_context(failed)?,
        }
    }
    Ok(())
}

/// `<project>/<story>/<attachment>`, or that with `.part`.
fn key_of(path: &Path) -> Option<FileKey> {
    let mut names = path.with_extension("").iter().map(|n| n.to_str().map(str::to_owned)).collect::<Option<Vec<_>>>()?;
    let (id, story_id, project_id) = (names.pop()?, names.pop()?, names.pop()?);
    Some(FileKey { project_id, story_id, id })
}

/// Puts what has come in of a file, in pieces.
fn put_pieces(bucket: &Bucket, key: &FileKey, db: &Db, row: &AttachmentRow, mut from: impl Read) -> anyhow::Result<()> {
    let mut first_byte = 0;
    loop {
        let mut bytes = Vec::new();
        from.by_ref().take(PIECE).read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            return Ok(());
        }
        let piece = PartRow {
            project_id: key.project_id.clone(),
            story_id: key.story_id.clone(),
            attachment_id: key.id.clone(),
            first_byte,
            bytes: i64::try_from(bytes.len())?,
            object: Uuid::new_v4().to_string(),
        };
        bucket.put_part(key, &piece.object, bytes.into())?;
        db.run_blocking::<_, DbError>(|conn| write_tx(conn, |conn| attachment_parts::put(conn, row, &piece)))?;
        first_byte += piece.bytes;
    }
}
