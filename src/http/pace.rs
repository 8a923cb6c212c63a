//! Bodies that come too slowly: a phone with little signal is waited for, a silent connection is not.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

/// Bytes a second that a body must come with on the whole, once the patience is over. Weak signal (GPRS) carries about
/// this much; 8 MiB at this rate take 35 minutes.
pub const LEAST_RATE: u64 = 4_000;

/// A body with a limit on its time. It may be silent for at most the patience, and from its beginning it has the patience
/// and a second for every [`LEAST_RATE`] bytes that came.
struct Paced {
    body: Payload,
    patience: Duration,
    received: u64,
    times: Option<Times>,
}

struct Times {
    began: Instant,
    timer: Pin<Box<Sleep>>,
}

/// Puts the limit on the body of a request. The time begins when somebody begins to read it.
pub fn limit(req: &mut ServiceRequest, patience: Duration) {
    let body = req.take_payload();
    if matches!(body, Payload::None) {
        return;
    }
    let paced = Paced { body, patience, received: 0, times: None };
    req.set_payload(Payload::Stream { payload: Box::pin(paced) });
}

/// Whether reading ended because the body came too slowly.
pub fn was_too_slow(error: &PayloadError) -> bool {
    matches!(error, PayloadError::Io(e) if e.kind() == io::ErrorKind::TimedOut)
}

impl Paced {
    /// The next moment at which the body is too slow, if nothing comes until then.
    fn deadline(&self, began: Instant) -> Instant {
        let whole = began + self.patience + Duration::from_secs(self.received / LEAST_RATE);
        whole.min(Instant::now() + self.patience)
    }
}

impl Stream for Paced {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let began = this.times.as_ref().map_or_else(Instant::now, |t| t.began);
        if let Poll::Ready(next) = Pin::new(&mut this.body).poll_next(cx) {
            if let Some(Ok(chunk)) = &next {
                this.received += chunk.len() as u64;
                let deadline = this.deadline(began);
                match &mut this.times {
                    Some(times) => times.timer.as_mut().reset(deadline),
                    None => this.times = Some(Times { began, timer: Box::pin(sleep_until(deadline)) }),
                }
            }
            return Poll::Ready(next);
        }
        let deadline = this.deadline(began);
        let times = this.times.get_or_insert_with(|| Times { began, timer: Box::pin(sleep_until(deadline)) });
        ready!(times.timer.as_mut().poll(cx));
        Poll::Ready(Some(Err(PayloadError::Io(io::ErrorKind::TimedOut.into()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;

    const PATIENCE: Duration = Duration::from_secs(60);

    /// A body whose parts of so many bytes come so many seconds apart, on a clock of its own.
    fn body(bytes: usize, seconds: u64, parts: usize) -> Paced {
        let part = move |n| async move {
            if n == parts {
                return None;
            }
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            Some((Ok(Bytes::from(vec![0; bytes])), n + 1))
        };
        let stream = futures_util::stream::unfold(0, part);
        Paced { body: Payload::Stream { payload: Box::pin(stream) }, patience: PATIENCE, received: 0, times: None }
    }

    /// How many bytes came, whether it was too slow, and the seconds that it took.
    async fn read(mut body: Paced) -> (usize, bool, u64) {
        let (began, mut bytes) = (Instant::now(), 0);
        while let Some(part) = body.next().await {
            match part {
                Ok(part) => bytes += part.len(),
                Err(e) => return (bytes, was_too_slow(&e), began.elapsed().as_secs()),
            }
        }
        (bytes, false, began.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn eight_mebibytes_come_in_at_twenty_kilobytes_a_second() {
        let parts = (8 << 20) / 20_000;
        assert_eq!(read(body(20_000, 1, parts)).await, (parts * 20_000, false, 419));
    }

    #[tokio::test(start_paused = true)]
    async fn a_weak_signal_that_comes_and_goes_is_waited_for() {
        assert_eq!(read(body(240_000, 50, 10)).await, (2_400_000, false, 500));
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_silent_is_not_waited_for() {
        assert_eq!(read(body(1_000_000, 61, 2)).await, (0, true, 60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_a_second_is_too_slow() {
        assert_eq!(read(body(1, 1, 1000)).await, (60, true, 60));
    }
}
