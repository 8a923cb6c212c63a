//! What a finished file holds, so that a cut file never looks whole.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// Size and hash of a file that was written to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileDigest {
    /// Number of rows or lines, without the header.
    #[schema(minimum = 0, example = 129)]
    pub rows: u64,
    /// Size in bytes.
    #[schema(minimum = 0, example = 183220)]
    pub bytes: u64,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
}

impl FileDigest {
    /// The digest of a file that is in memory as a whole.
    pub fn of(content: &[u8], rows: u64) -> Self {
        Self { rows, bytes: content.len() as u64, sha256: hex::encode(Sha256::digest(content)) }
    }
}

/// Passes bytes on and takes their digest.
pub(crate) struct DigestWriter<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> DigestWriter<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    /// Flushes, and says what was written.
    pub fn finish(mut self, rows: u64) -> io::Result<(W, FileDigest)> {
        self.inner.flush()?;
        let sha256 = hex::encode(self.hash.finalize());
        Ok((self.inner, FileDigest { rows, bytes: self.bytes, sha256 }))
    }
}

impl<W: Write> Write for DigestWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.hash.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
