//! Telling addresses outside that something happened: what is due is taken out of the database, signed, sent, and what came of
//! it written down.

pub mod address;
pub mod dial;
pub mod sign;

use std::str::FromStr;
use std::sync::Arc;

use chrono::{Duration, NaiveDateTime};
use futures_util::future::join_all;
use url::Url;

use crate::db::audit::{Event, record};
use crate::db::webhooks::{self, AttemptRow, DELIVERED, FAILED, MessageRow, WAITING, WebhookRow};
use crate::db::{Conn, Db, DbResult, now};
use crate::domain::webhook::{EventKind, payload, retry_after};
use crate::secrets::{Keyring, Sealed, open};
use dial::{Dialler, Outcome};

/// Attempts at the same time.
const AT_ONCE: i64 = 16;
/// How long others leave a message alone whose attempt has begun, in seconds: longer than an attempt may take.
const LEASE_SECONDS: i64 = 60;
/// How long it is remembered what was told, in days.
pub const KEPT_DAYS: i64 = 30;

/// Names and values of the headers of a message.
type Headers = [(&'static str, String); 4];

/// Sends what is due.
pub struct Sender {
    db: Db,
    keys: Arc<Keyring>,
    dialler: Dialler,
}

impl Sender {
    /// `private` allows addresses of private networks. Errors: TLS cannot be set up.
    pub fn new(db: Db, keys: Arc<Keyring>, private: bool) -> anyhow::Result<Self> {
        Ok(Self { db, keys, dialler: Dialler::new(private)? })
    }

    /// Makes one attempt for each message that is due at this moment. Answers how many. Errors: those of the database; what
    /// was begun is tried again after its lease.
    pub async fn send_due(&self, at: NaiveDateTime) -> DbResult<usize> {
        if !self.db.run(move |conn| webhooks::any_due(conn, at)).await? {
            return Ok(0);
        }
        let lease = Duration::seconds(LEASE_SECONDS);
        let claimed = self.db.write(move |conn| webhooks::claim(conn, at, lease, AT_ONCE)).await?;
        let count = claimed.len();
        for ended in join_all(claimed.into_iter().map(|(message, webhook)| self.attempt(message, webhook))).await {
            ended?;
        }
        Ok(count)
    }

    /// Forgets what was told long ago. Errors: those of the database.
    pub async fn forget(&self) -> DbResult<()> {
        self.db.write(|conn| webhooks::forget_before(conn, now() - Duration::days(KEPT_DAYS))).await
    }

    async fn attempt(&self, message: MessageRow, webhook: WebhookRow) -> DbResult<()> {
        let outcome = match self.prepare(&message, &webhook) {
            Ok((url, headers, body)) => self.dialler.post(&url, &headers, body).await,
            Err(cause) => {
                tracing::error!(%cause, "a webhook cannot be prepared");
                Outcome::Unreachable
            }
        };
        self.db.write(move |conn| note(conn, &message, outcome)).await
    }

    fn prepare(&self, message: &MessageRow, webhook: &WebhookRow) -> anyhow::Result<(Url, Headers, String)> {
        let kind = EventKind::from_name(&message.kind).ok_or_else(|| anyhow::anyhow!("there is no kind {}", message.kind))?;
        let body = payload(kind, &message.project_id, &message.about, message.amount, message.happened_at.and_utc()).to_string();
        let secret = open(&self.keys.get(), &webhook.id, &Sealed::from_str(&webhook.secret)?)?;
        let (id, at) = (format!("msg_{}", message.id), chrono::Utc::now().timestamp());
        let signature = sign::signature(&secret, &id, at, &body);
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("webhook-id", id),
            ("webhook-timestamp", at.to_string()),
            ("webhook-signature", signature),
        ];
        Ok((Url::parse(&webhook.url)?, headers, body))
    }
}

/// Writes down what came of an attempt. 410 means that nobody wants to be told any more.
fn note(conn: &mut Conn, message: &MessageRow, outcome: Outcome) -> DbResult<()> {
    let (name, status) = described(outcome);
    let attempt = AttemptRow {
        project_id: message.project_id.clone(),
        message_id: message.id.clone(),
        number: message.attempts,
        at: now(),
        outcome: name.to_owned(),
        status: status.map(i32::from),
    };
    let wait = retry_after(message.attempts).and_then(|wait| Duration::from_std(wait).ok());
    match (outcome, wait) {
        (Outcome::Answered(200..=299), _) => webhooks::finish(conn, &attempt, DELIVERED, None),
        (Outcome::Answered(410), _) => {
            webhooks::finish(conn, &attempt, FAILED, None)?;
            stop(conn, message)
        }
        (_, Some(wait)) => webhooks::finish(conn, &attempt, WAITING, Some(attempt.at + wait)),
        (_, None) => webhooks::finish(conn, &attempt, FAILED, None),
    }
}

/// Tells the webhook of a message nothing more, and writes that down for those who look after the project.
fn stop(conn: &mut Conn, message: &MessageRow) -> DbResult<()> {
    let (project_id, id) = (&message.project_id, &message.webhook_id);
    if webhooks::disable(conn, project_id, id, "gone")? {
        record(conn, &Event::on(project_id, "command", "webhook.disable", id, "gone"))?;
    }
    Ok(())
}

/// The name of an outcome in JSON and in the database, and the HTTP status.
fn described(outcome: Outcome) -> (&'static str, Option<u16>) {
    match outcome {
        Outcome::Answered(status) => ("answered", Some(status)),
        Outcome::Unreachable => ("unreachable", None),
        Outcome::PrivateAddress => ("privateAddress", None),
        Outcome::Tls => ("tls", None),
        Outcome::NoAnswer => ("noAnswer", None),
        Outcome::TooSlow => ("tooSlow", None),
    }
}
