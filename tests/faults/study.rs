//! A study that is open for stories, set up as its owner, researcher and coordinator would.

use std::time::Duration;

use duiding::domain::framework::{Framework, REFERENCE, parse};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::server::Place;

pub const PASSWORD: &str = "a long and secret sentence";
/// Devices of facilitators.
const DEVICES: u8 = 3;

/// Status and body of an answer; none when no whole answer came.
pub type Answer = Option<(u16, Value)>;

/// A server to ask.
pub struct Api {
    pub client: Client,
    pub url: String,
}

impl Api {
    pub fn new(url: &str) -> Self {
        duiding::files::choose_cryptography();
        // A connection that lay idle is not used again while a server that stops is closing it.
        let idle = Duration::from_millis(500);
        let client = Client::builder().timeout(Duration::from_secs(60)).pool_idle_timeout(idle).no_proxy().build();
        let client = client.expect("a client can be made");
        Self { client, url: url.to_owned() }
    }

    pub async fn send(&self, method: Method, path: &str, token: &str, body: &Value) -> Answer {
        let answer = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(token).json(body).send().await;
        whole(answer).await
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        whole(self.client.get(format!("{}{path}", self.url)).bearer_auth(token).send().await).await
    }

    /// Sends a part of a file.
    pub async fn send_part(&self, path: &str, token: &str, offset: u64, bytes: &[u8]) -> Answer {
        let request = self.client.patch(format!("{}{path}", self.url)).bearer_auth(token);
        let request = request.header("upload-offset", offset).header("content-type", "application/offset+octet-stream");
        whole(request.body(bytes.to_vec()).send().await).await
    }

    /// Fetches a file.
    pub async fn download(&self, path: &str, token: &str) -> Option<Vec<u8>> {
        let answer = self.client.get(format!("{}{path}", self.url)).bearer_auth(token).send().await.ok()?;
        let answer = answer.error_for_status().ok()?;
        answer.bytes().await.ok().map(|b| b.to_vec())
    }

    /// Asks for something that must succeed, with this status.
    async fn expect(&self, status: u16, method: Method, path: &str, token: &str, body: &Value) -> Value {
        match self.send(method, path, token, body).await {
            Some((got, answer)) if got == status => answer,
            other => panic!("{path}: expected {status}, not {other:?}"),
        }
    }
}

async fn whole(answer: reqwest::Result<reqwest::Response>) -> Answer {
    let answer = answer.ok()?;
    let status = answer.status().as_u16();
    let text = answer.text().await.ok()?;
    Some((status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).ok()? }))
}

/// The study, and who may do something in it.
pub struct Study {
    pub project: String,
    pub researcher: String,
    pub coordinator: String,
    /// Those who deliver: devices, and the researcher.
    pub senders: Vec<String>,
    pub framework: Framework,
}

impl Study {
    /// Sets up the study over HTTP; only accounts are made on the command line.
    pub async fn set_up(place: &Place, api: &Api) -> Self {
        place.user("owner@example.org", PASSWORD, None);
        let owner = login(api, "owner@example.org").await;
        let made = api.expect(201, Method::POST, "/v1/projects", &owner, &json!({"title": "Kills"})).await;
        let project = text(&made["id"]);
        place.user("researcher@example.org", PASSWORD, Some((&project, "researcher")));
        place.user("coordinator@example.org", PASSWORD, Some((&project, "coordinator")));
        let researcher = login(api, "researcher@example.org").await;
        let coordinator = login(api, "coordinator@example.org").await;
        let base = format!("/v1/projects/{project}");
        let document: Value = serde_json::from_str(REFERENCE).expect("the reference framework is JSON");
        api.expect(201, Method::POST, &format!("{base}/frameworks"), &researcher, &document).await;
        api.expect(200, Method::POST, &format!("{base}/frameworks/1/_publish"), &researcher, &json!({})).await;
        let wave = json!({"key": "1", "ordinal": 1, "label": {"en": "First wave"}});
        api.expect(201, Method::POST, &format!("{base}/waves"), &researcher, &wave).await;
        api.expect(200, Method::PATCH, &format!("{base}/waves/1"), &researcher, &json!({"state": "open"})).await;
        let mut senders = vec![researcher.clone()];
        for number in 1..=DEVICES {
            senders.push(device(api, &base, &coordinator, number).await);
        }
        let framework = parse(&document).expect("the reference framework is valid");
        Self { project, researcher, coordinator, senders, framework }
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/v1/projects/{}{rest}", self.project)
    }

    /// Registers participants who are expected to tell; answers their codes.
    pub async fn participants(&self, api: &Api, count: usize) -> Vec<String> {
        let body = json!({"count": count, "firstWave": "1", "attributes": {"trajectory": "temporary-job"}});
        let made = api.expect(201, Method::POST, &self.path("/participants"), &self.coordinator, &body).await;
        made.as_array().into_iter().flatten().map(|p| text(&p["participant"]["code"])).collect()
    }
}

pub async fn login(api: &Api, email: &str) -> String {
    let body = json!({"email": email, "password": PASSWORD});
    text(&api.expect(201, Method::POST, "/v1/sessions", "", &body).await["accessToken"])
}

async fn device(api: &Api, base: &str, coordinator: &str, number: u8) -> String {
    let body = json!({"facilitator": format!("facilitator {number}"), "wave": "1", "perspectives": ["candidate"]});
    let made = api.expect(201, Method::POST, &format!("{base}/enrolments"), coordinator, &body).await;
    text(&api.expect(201, Method::POST, "/v1/devices/_enrol", "", &json!({"code": made["code"]})).await["token"])
}

/// A member that must be a text.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text was expected, not {value}")).to_owned()
}
