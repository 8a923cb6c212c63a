//! One request to an address outside. The name is looked up here and the connection made to the very address that was
//! checked, so a name that answers otherwise the second time gains nothing. There is no proxy, and no redirect is followed.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::address::is_public;

/// How long an attempt may take, from looking up the name to the head of the answer.
const TIME: Duration = Duration::from_secs(15);
/// The head of an answer may have so many bytes; its body is not read.
const HEAD: usize = 16 * 1024;

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody answered, with this status.
    Answered(u16),
    /// The name is not known, or nobody took the connection.
    Unreachable,
    /// The address is not a public one.
    PrivateAddress,
    /// The certificate is not good, or TLS is not spoken.
    Tls,
    /// There was no answer that is HTTP.
    NoAnswer,
    /// It took too long.
    TooSlow,
}

/// Makes requests.
#[derive(Clone)]
pub struct Dialler {
    tls: TlsConnector,
    private: bool,
}

impl Dialler {
    /// With the certificates that this machine trusts; `private` allows all addresses. Errors: TLS cannot be set up.
    pub fn new(private: bool) -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let config = config.with_root_certificates(roots).with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)), private })
    }

    /// Sends a body with these headers, within a limit of time.
    pub async fn post(&self, url: &Url, headers: &[(&str, String)], body: String) -> Outcome {
        match tokio::time::timeout(TIME, self.send(url, headers, body)).await {
            Ok(Ok(status)) => Outcome::Answered(status),
            Ok(Err(outcome)) => outcome,
            Err(_) => Outcome::TooSlow,
        }
    }

    async fn send(&self, url: &Url, headers: &[(&str, String)], body: String) -> Result<u16, Outcome> {
        let request = request(url, headers, body).ok_or(Outcome::Unreachable)?;
        let stream = self.connect(url).await?;
        if url.scheme() != "https" {
            return exchange(stream, request).await;
        }
        let name = ServerName::try_from(url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned());
        let name = name.map_err(|_| Outcome::Tls)?;
        let stream = self.tls.connect(name, stream).await.map_err(|_| Outcome::Tls)?;
        exchange(stream, request).await
    }

    /// A connection to the first address of the host that takes it. Errors: none does, or all are private ones.
    async fn connect(&self, url: &Url) -> Result<TcpStream, Outcome> {
        let port = url.port_or_known_default().ok_or(Outcome::Unreachable)?;
        let allowed: Vec<SocketAddr> = match url.host().ok_or(Outcome::Unreachable)? {
            Host::Ipv4(v4) => vec![(IpAddr::V4(v4), port).into()],
            Host::Ipv6(v6) => vec![(IpAddr::V6(v6), port).into()],
            Host::Domain(name) => tokio::net::lookup_host((name, port)).await.map_err(|_| Outcome::Unreachable)?.collect(),
        };
        let allowed: Vec<SocketAddr> = allowed.into_iter().filter(|a| self.private || is_public(a.ip())).collect();
        if allowed.is_empty() {
            return Err(Outcome::PrivateAddress);
        }
        TcpStream::connect(allowed.as_slice()).await.map_err(|_| Outcome::Unreachable)
    }
}

fn request(url: &Url, headers: &[(&str, String)], body: String) -> Option<Request<Full<Bytes>>> {
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let host =
        url.port().map_or_else(|| url.host_str().map(str::to_owned), |port| Some(format!("{}:{port}", url.host_str()?)))?;
    let request =
        Request::post(target).header("host", host).header("user-agent", "duiding-webhooks").header("connection", "close");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
    request.body(Full::new(Bytes::from(body))).ok()
}

/// Sends a request on a connection of its own; answers the status. The connection ends with it.
async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<u16, Outcome>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = hyper::client::conn::http1::Builder::new();
    builder.max_buf_size(HEAD);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(|_| Outcome::NoAnswer)?;
    let answered = async { sender.send_request(request).await.map(|answer| answer.status().as_u16()) };
    tokio::pin!(answered);
    tokio::select! {
        status = &mut answered => status.map_err(|_| Outcome::NoAnswer),
        _ = connection => answered.await.map_err(|_| Outcome::NoAnswer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_refused_when_dialled() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let dialler = Dialler::new(false).unwrap();
        for host in
            ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "0x7f.1", "2130706433", "169.254.169.254"]
        {
            let url = Url::parse(&format!("https://{host}:{port}/")).unwrap();
            assert_eq!(dialler.post(&url, &[], String::new()).await, Outcome::PrivateAddress, "{host}");
        }
        let nobody = tokio::time::timeout(Duration::from_millis(1), listener.accept()).await;
        assert!(nobody.is_err(), "not even a connection was made");
    }
}
