//! Bodies that are made while they are sent, with bounded memory.

use std::io::{Read, Write};

use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::mpsc;

/// Size of a piece.
const PIECE: usize = 64 * 1024;
/// Pieces that may wait for a slow client.
const WAITING: usize = 8;

type Piece = Result<Bytes, std::io::Error>;

/// A body that is read from somewhere, on a thread for blocking work.
pub fn of_reader(mut reader: impl Read + Send + 'static) -> impl Stream<Item = Piece> {
    of_writer(move |out| std::io::copy(&mut reader, out).map(|_| ()))
}

/// A body that `write` writes, on a thread for blocking work. An error breaks the connection hard, so that a cut file
/// never looks whole.
pub fn of_writer(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()> + Send + 'static) -> impl Stream<Item = Piece> {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut out = Pieces { buffer: Vec::with_capacity(PIECE), sender };
        let done = write(&mut out).and_then(|()| out.flush());
        if let Err(e) = done {
            tracing::warn!(error = %e, "a streamed answer was cut off");
            let _ = out.sender.blocking_send(Err(e));
        }
    });
    futures_util::stream::unfold(receiver, |mut receiver| async move {
        let piece = receiver.recv().await?;
        Some((piece, receiver))
    })
}

struct Pieces {
    buffer: Vec<u8>,
    sender: mpsc::Sender<Piece>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE)));
        let gone = |_| std::io::Error::new(std::io::ErrorKind::BrokenPipe, "the client went away");
        self.sender.blocking_send(Ok(piece)).map_err(gone)
    }
}
