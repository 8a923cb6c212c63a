//! The outgoing client: one that waits a short while, follows nothing and reads little.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};

/// Until the provider takes the connection.
const CONNECT: Duration = Duration::from_secs(4);
/// Until its whole answer is there.
const WHOLE: Duration = Duration::from_secs(10);
/// Bytes of an answer; key sets have some thousands.
const MOST: usize = 1 << 20;

/// Asks the provider.
pub struct Transport(reqwest::Client);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// No connection, no TLS, or not in time.
    #[error("the provider cannot be reached: {0}")]
    Unreached(#[from] reqwest::Error),
    /// The provider has troubles of its own, or is too busy.
    #[error("the provider answers {0}")]
    Status(u16),
    /// The answer has no end.
    #[error("the provider's answer is too large")]
    TooLarge,
    /// The answer cannot be handed on.
    #[error("the provider's answer is broken: {0}")]
    Broken(#[from] http::Error),
}

impl Transport {
    /// Errors: this machine knows no certificate authorities.
    pub fn new() -> anyhow::Result<Self> {
        // Whoever was first is as good: every part of the program takes this one.
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .build()?;
        Ok(Self(client))
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut answer = self.0.execute(request.try_into()?).await.map_err(reqwest::Error::without_url)?;
        let status = answer.status();
        if status.is_server_error() || status.as_u16() == 429 {
            return Err(TransportError::Status(status.as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
            if body.len() + chunk.len() > MOST {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = http::Response::builder().status(status).body(body)?;
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Transport {
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}
