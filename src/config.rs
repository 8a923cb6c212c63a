//! Settings from the environment. There is no global: whoever needs a setting is given it.

mod attachments;
mod oidc;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

pub use attachments::{Attachments, BucketKeys, BucketSettings};

use crate::domain::problem::Problems;

pub use oidc::{OidcSettings, is_safe};

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Who needs a second factor to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Whoever set one up.
    Optional,
    /// Everybody: without one a person may only set it up.
    Required,
}

/// Certificate and key files for TLS in the server itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM file with the certificate chain.
    pub certificate: PathBuf,
    /// PEM file with the private key.
    pub key: PathBuf,
}

/// All settings. Every variable is in the README's table.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on; 0 takes any free one.
    pub port: u16,
    /// Path of an SQLite file, or a `postgres://` address.
    pub database_url: String,
    /// Connections kept open.
    pub db_pool: u32,
    /// How long a request waits for a connection, in seconds.
    pub db_wait_seconds: u64,
    /// Folder for the database file, attachments and secrets.
    pub data_dir: PathBuf,
    /// What keeps the attachments.
    pub attachments: Attachments,
    /// File with the signing keys.
    pub secrets_file: PathBuf,
    /// The erasure log.
    pub erasures_file: PathBuf,
    /// Where Prometheus may read; nowhere when absent.
    pub metrics_address: Option<SocketAddr>,
    /// Address under which people reach the server.
    pub public_url: String,
    /// Certificate files, when the server speaks TLS itself.
    pub tls: Option<TlsFiles>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// What is logged, as a tracing filter.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// Threads that answer requests.
    pub workers: usize,
    /// Questions to the analysis that are computed at the same time.
    pub analysis_slots: usize,
    /// Streams of events of workshops at the same time.
    pub live_streams: usize,
    /// How long an access token works, in minutes.
    pub access_minutes: i64,
    /// How long a login lasts, in days.
    pub session_days: i64,
    /// Who needs a second factor.
    pub second_factor: SecondFactor,
    /// The identity provider, where there is one.
    pub oidc: Option<OidcSettings>,
    /// Requests of one session, token or device in a minute.
    pub rate_actor: u32,
    /// Requests without a good token from one address in a minute.
    pub rate_address: u32,
    /// Refusals (403, 404, 409) in a project to one actor in a minute.
    pub rate_failures: u32,
    /// Where to report weaknesses of the server, as `mailto:` or `https://`.
    pub security_contact: Option<String>,
    /// Whether webhooks may go to private networks, and without TLS.
    pub webhooks_private: bool,
    /// How long a client may take for the head of a request, in seconds.
    pub head_seconds: u64,
    /// How long a body may be silent, in seconds.
    pub body_seconds: u64,
    /// How long a connection is kept between two requests, in seconds.
    pub keep_alive_seconds: u64,
    /// How long the server says that it is about to stop before it stops, in seconds.
    pub drain_seconds: u64,
    /// How long requests under way may take to finish at the end, in seconds.
    pub shutdown_seconds: u64,
}

/// Beyond this many requests a minute a limit is none.
const MOST_A_MINUTE: u32 = 1_000_000_000;

impl Config {
    /// Reads the process environment. Errors: every wrong setting, by name.
    pub fn from_env() -> Result<Self, Problems> {
        Self::from(|name| std::env::var(name).ok().filter(|v| !v.trim().is_empty()))
    }

    /// Reads settings from a function that knows them by name.
    pub fn from(get: impl Fn(&str) -> Option<String>) -> Result<Self, Problems> {
        let mut read = Reader { get, problems: Problems::default() };
        let port = read.parsed("DUIDING_PORT", "a port number (0 to 65535)", 8080);
        let data_dir: PathBuf = read.parsed("DUIDING_DATA_DIR", "a folder", "data".into());
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let tls = read.tls();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let config = Self {
            host: read.parsed("DUIDING_HOST", "an IP address", IpAddr::from([127, 0, 0, 1])),
            port,
            database_url: read.database_url(&data_dir),
            db_pool: read.within("DUIDING_DB_POOL", 2, 200, 8),
            db_wait_seconds: read.within("DUIDING_DB_WAIT_SECONDS", 1, 60, 5),
            attachments: attachments::read(&read.get, &mut read.problems),
            secrets_file: read.parsed("DUIDING_SECRETS_FILE", "a file", data_dir.join("secrets.json")),
            erasures_file: read.parsed("DUIDING_ERASURES_FILE", "a file", data_dir.join("erasures.jsonl")),
            metrics_address: read.optional("DUIDING_METRICS_ADDRESS", "an IP address and a port, as in 127.0.0.1:9090"),
            public_url: read.public_url(format!("{scheme}://localhost:{port}")),
            tls,
            trusted_proxies: read.addresses("DUIDING_TRUSTED_PROXIES"),
            log: read.parsed("DUIDING_LOG", "a log filter", "info".to_owned()),
            log_format: read.log_format(),
            workers: read.within("DUIDING_WORKERS", 1, 256, cores),
            analysis_slots: read.within("DUIDING_ANALYSIS_SLOTS", 1, 256, cores),
            live_streams: read.within("DUIDING_LIVE_STREAMS", 1, 100_000, 500),
            access_minutes: read.within("DUIDING_ACCESS_MINUTES", 1, 24 * 60, 15),
            session_days: read.within("DUIDING_SESSION_DAYS", 1, 365, 30),
            second_factor: read.second_factor(),
            oidc: read.oidc(),
            rate_actor: read.within("DUIDING_RATE_ACTOR", 1, MOST_A_MINUTE, 1200),
            rate_address: read.within("DUIDING_RATE_ADDRESS", 1, MOST_A_MINUTE, 1200),
            rate_failures: read.within("DUIDING_RATE_FAILURES", 1, MOST_A_MINUTE, 120),
            security_contact: read.security_contact(),
            webhooks_private: read.parsed("DUIDING_WEBHOOKS_PRIVATE", "true or false", false),
            head_seconds: read.within("DUIDING_HEAD_SECONDS", 1, 600, 30),
            body_seconds: read.within("DUIDING_BODY_SECONDS", 1, 3600, 60),
            keep_alive_seconds: read.within("DUIDING_KEEP_ALIVE_SECONDS", 1, 3600, 125),
            drain_seconds: read.within("DUIDING_DRAIN_SECONDS", 0, 600, 0),
            shutdown_seconds: read.within("DUIDING_SHUTDOWN_SECONDS", 1, 600, 30),
            data_dir,
        };
        read.problems.or_ok(config)
    }

    /// Folder for attachments, when they are not in an object store.
    pub fn attachments_dir(&self) -> PathBuf {
        self.data_dir.join("attachments")
    }
}

struct Reader<F> {
    get: F,
    problems: Problems,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    fn parsed<T: FromStr>(&mut self, name: &str, what: &str, default: T) -> T {
        let Some(text) = (self.get)(name) else { return default };
        text.trim().parse().unwrap_or_else(|_| {
            self.problems.add(name, "wrongFormat", format!("must be {what}, not {text:?}"));
            default
        })
    }

    fn optional<T: FromStr>(&mut self, name: &str, what: &str) -> Option<T> {
        let text = (self.get)(name)?;
        let value = text.trim().parse().ok();
        if value.is_none() {
            self.problems.add(name, "wrongFormat", format!("must be {what}, not {text:?}"));
        }
        value
    }

    fn within<T: FromStr + PartialOrd + std::fmt::Display>(&mut self, name: &str, low: T, high: T, default: T) -> T {
        let what = format!("a number from {low} to {high}");
        let Some(text) = (self.get)(name) else { return default };
        match text.trim().parse::<T>() {
            Ok(value) if value >= low && value <= high => value,
            _ => {
                self.problems.add(name, "outOfRange", format!("must be {what}, not {text:?}"));
                default
            }
        }
    }

    fn database_url(&mut self, data_dir: &std::path::Path) -> String {
        let Some(url) = (self.get)("DATABASE_URL") else { return data_dir.join("duiding.sqlite").display().to_string() };
        let url = url.trim().to_owned();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return url;
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(&url);
        if path.is_empty() || path.contains("://") {
            let message = "must be postgres://..., sqlite://path or the path of a file";
            self.problems.add("DATABASE_URL", "wrongFormat", message);
        }
        path.to_owned()
    }

    fn public_url(&mut self, default: String) -> String {
        let url = (self.get)("DUIDING_PUBLIC_URL").unwrap_or(default);
        let url = url.trim().trim_end_matches('/').to_owned();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            let message = format!("must begin with http:// or https://, not {url:?}");
            self.problems.add("DUIDING_PUBLIC_URL", "wrongFormat", message);
        }
        url
    }

    fn security_contact(&mut self) -> Option<String> {
        let contact = (self.get)("DUIDING_SECURITY_CONTACT")?.trim().to_owned();
        let known = contact.starts_with("mailto:") || contact.starts_with("https://");
        if known && !contact.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Some(contact);
        }
        let message = format!("must begin with mailto: or https:// and have no spaces, not {contact:?}");
        self.problems.add("DUIDING_SECURITY_CONTACT", "wrongFormat", message);
        None
    }

    fn addresses(&mut self, name: &str) -> Vec<IpAddr> {
        let text = (self.get)(name).unwrap_or_default();
        let parts = text.split(',').map(str::trim).filter(|p| !p.is_empty());
        let mut addresses = Vec::new();
        for part in parts {
            match part.parse() {
                Ok(address) => addresses.push(address),
                Err(_) => {
                    let message = format!("must be IP addresses separated by commas; {part:?} is none");
                    self.problems.add(name, "wrongFormat", message);
                }
            }
        }
        addresses
    }

    fn log_format(&mut self) -> LogFormat {
        match (self.get)("DUIDING_LOG_FORMAT").as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => {
                let message = format!("must be text or json, not {other:?}");
                self.problems.add("DUIDING_LOG_FORMAT", "unknownOption", message);
                LogFormat::Text
            }
        }
    }

    fn second_factor(&mut self) -> SecondFactor {
        match (self.get)("DUIDING_SECOND_FACTOR").as_deref().map(str::trim) {
            None | Some("optional") => SecondFactor::Optional,
            Some("required") => SecondFactor::Required,
            Some(other) => {
                let message = format!("must be optional or required, not {other:?}");
                self.problems.add("DUIDING_SECOND_FACTOR", "unknownOption", message);
                SecondFactor::Required
            }
        }
    }

    fn tls(&mut self) -> Option<TlsFiles> {
        match ((self.get)("DUIDING_TLS_CERT"), (self.get)("DUIDING_TLS_KEY")) {
            (Some(certificate), Some(key)) => {
                let files = TlsFiles { certificate: certificate.into(), key: key.into() };
                for (name, path) in [("DUIDING_TLS_CERT", &files.certificate), ("DUIDING_TLS_KEY", &files.key)] {
                    if !path.is_file() {
                        self.problems.add(name, "notFound", format!("there is no file {}", path.display()));
                    }
                }
                Some(files)
            }
            (None, None) => None,
            (cert, _) => {
                let missing = if cert.is_some() { "DUIDING_TLS_KEY" } else { "DUIDING_TLS_CERT" };
                self.problems.add(missing, "required", "TLS needs a certificate and a key");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn config(settings: &[(&str, &str)]) -> Result<Config, Problems> {
        let map: HashMap<String, String> = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::from(|name| map.get(name).cloned())
    }

    #[test]
    fn nothing_need_be_set() {
        let config = config(&[]).unwrap();
        assert_eq!(config.database_url, "data/duiding.sqlite");
        assert_eq!(config.public_url, "http://localhost:8080");
    }

    #[test]
    fn all_wrong_settings_are_named_at_once() {
        let wrong = [
            ("DUIDING_PORT", "eighty"),
            ("DUIDING_HOST", "home"),
            ("DUIDING_TLS_CERT", "/nowhere.pem"),
            ("DATABASE_URL", "mysql://x"),
            ("DUIDING_TRUSTED_PROXIES", "10.0.0.1, all"),
            ("DUIDING_LOG_FORMAT", "xml"),
            ("DUIDING_DB_POOL", "0"),
            ("DUIDING_SECOND_FACTOR", "sometimes"),
            ("DUIDING_METRICS_ADDRESS", "9090"),
            ("DUIDING_OIDC_ISSUER", "http://id.example.org"),
            ("DUIDING_OIDC_CLIENT_SECRET_FILE", "/nowhere"),
            ("DUIDING_RATE_ACTOR", "0"),
            ("DUIDING_SECURITY_CONTACT", "somebody@example.org"),
            ("DUIDING_WEBHOOKS_PRIVATE", "perhaps"),
        ];
        let mut named: Vec<String> = config(&wrong).unwrap_err().0.into_iter().map(|e| e.path).collect();
        named.sort();
        let expected = [
            "DATABASE_URL",
            "DUIDING_DB_POOL",
            "DUIDING_HOST",
            "DUIDING_LOG_FORMAT",
            "DUIDING_METRICS_ADDRESS",
            "DUIDING_OIDC_CLIENT_ID",
            "DUIDING_OIDC_CLIENT_SECRET_FILE",
            "DUIDING_OIDC_ISSUER",
            "DUIDING_PORT",
            "DUIDING_RATE_ACTOR",
            "DUIDING_SECOND_FACTOR",
            "DUIDING_SECURITY_CONTACT",
            "DUIDING_TLS_KEY",
            "DUIDING_TRUSTED_PROXIES",
            "DUIDING_WEBHOOKS_PRIVATE",
        ];
        assert_eq!(named, expected);
    }
}
