//! Reading what is kept of an attachment, wherever that is.

use std::io::{self, Cursor, Read};

use crate::db::attachment_parts::PartRow;
use crate::files::{Bucket, FileKey, Files};

/// What there is of an attachment: the whole file, or, when the database calls it incomplete, perhaps only what has come in.
/// Errors: `NotFound`; the file or the store cannot be read.
pub fn open(live: &Files, key: &FileKey, whole: bool, pieces: &[PartRow]) -> io::Result<Box<dyn Read + Send>> {
    match (live.read(key), live) {
        (Err(_), Files::Folder(folder)) if !whole => Ok(Box::new(std::fs::File::open(folder.part(key))?)),
        (Err(e), Files::Bucket(bucket)) if !whole && e.kind() == io::ErrorKind::NotFound => {
            let names = pieces.iter().map(|p| p.object.clone()).rev().collect();
            Ok(Box::new(Pieces { bucket: bucket.clone(), key: key.clone(), names, piece: Cursor::default() }))
        }
        (read, _) => read, // whole, perhaps since a moment ago only
    }
}

/// The pieces of a file, one after the other.
struct Pieces {
    bucket: Bucket,
    key: FileKey,
    /// The next one is the last of these.
    names: Vec<String>,
    piece: Cursor<bytes::Bytes>,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match (self.piece.read(buffer)?, self.names.pop()) {
                (0, Some(name)) => self.piece = Cursor::new(self.bucket.get_part(&self.key, &name)?),
                (n, next) => {
                    self.names.extend(next);
                    return Ok(n);
                }
            }
        }
    }
}
