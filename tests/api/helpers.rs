//! Starts the real application in process, on a free port, with a database of its own for every test.

use std::sync::Once;

use duiding::app::{self, AppState};
use duiding::config::{Attachments, BucketKeys, BucketSettings, Config};
use duiding::db::sessions::{self, Session};
use duiding::db::users::{self, User};
use duiding::db::{DbError, now};
use duiding::domain::role::Role;
use duiding::secrets::hash_password;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

/// A running server.
pub struct TestApp {
    pub url: String,
    pub client: Client,
    pub state: actix_web::web::Data<AppState>,
    pub folder: tempfile::TempDir,
    /// Where Prometheus may read, if the settings say so.
    pub metrics_port: Option<u16>,
    stop: actix_web::dev::ServerHandle,
    running: actix_web::rt::task::JoinHandle<std::io::Result<()>>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("not JSON ({e}): {}", self.text))
    }

    /// The body, after checking the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// `path code` of every field error, sorted, after checking that it is a complete problem document.
    #[track_caller]
    pub fn errors(&self) -> Vec<String> {
        let problem = self.problem(400, "invalidInput");
        let list = problem["errors"].as_array().unwrap();
        let one = |e: &Value| format!("{} {}", e["path"].as_str().unwrap(), e["code"].as_str().unwrap());
        let mut errors: Vec<String> = list.iter().map(one).collect();
        errors.sort();
        errors
    }

    /// The problem document, after checking its status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(u64::from(status)), Some(code)), "{problem}");
        problem
    }

    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

/// A temporary database: a file, or a schema of its own on the server named by `TEST_DATABASE_URL`.
fn database(folder: &tempfile::TempDir) -> String {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        return folder.path().join("test.sqlite").display().to_string();
    };
    let schema = format!("t{}", Uuid::new_v4().simple());
    let db = duiding::db::Db::open(&server, 2).unwrap();
    db.create_schema(&schema).unwrap();
    let sign = if server.contains('?') { '&' } else { '?' };
    format!("{server}{sign}options=-c%20search_path%3D{schema}")
}

/// Settings for a server on a database and folder of its own.
pub fn config(folder: &tempfile::TempDir) -> Config {
    let mut config = Config::from(|_| None).unwrap();
    config.port = 0;
    config.data_dir = folder.path().to_owned();
    config.secrets_file = folder.path().join("secrets.json");
    config.erasures_file = folder.path().join("erasures.jsonl");
    config.database_url = database(folder);
    config.attachments = attachments();
    config.db_pool = 4;
    // Many at once on a slow disk wait their turn; the test about waiting in vain sets its own.
    config.db_wait_seconds = 60;
    config.workers = 1;
    // Tests ask a lot from one address; those about limits set their own.
    (config.rate_actor, config.rate_address, config.rate_failures) = (1_000_000, 1_000_000, 1_000_000);
    config
}

/// A folder, or a place of its own in the object store named by `TEST_S3_ENDPOINT`, with any keys.
fn attachments() -> Attachments {
    let Ok(endpoint) = std::env::var("TEST_S3_ENDPOINT") else { return Attachments::Folder };
    Attachments::Bucket(BucketSettings {
        bucket: "duiding".to_owned(),
        prefix: format!("test/{}", Uuid::new_v4()),
        endpoint: Some(endpoint),
        region: Some("us-east-1".to_owned()),
        keys: Some(BucketKeys { id: "test".to_owned(), secret: "test".to_owned() }),
        allow_http: true,
    })
}

pub async fn start() -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder);
    start_with(config, folder).await
}

pub async fn start_with(config: Config, folder: tempfile::TempDir) -> TestApp {
    static LOG: Once = Once::new();
    LOG.call_once(|| {
        if let Ok(filter) = std::env::var("TEST_LOG") {
            duiding::telemetry::init(&filter, duiding::config::LogFormat::Text);
        }
    });
    let application = app::build(config).await.unwrap();
    let (port, state, stop) = (application.port, application.state(), application.handle());
    let metrics_port = application.metrics_port;
    let running = actix_web::rt::spawn(application.run_until_stopped());
    let client = Client::builder().no_proxy().build().unwrap();
    TestApp { url: format!("http://127.0.0.1:{port}"), client, state, folder, metrics_port, stop, running }
}

impl TestApp {
    /// Stops the server and starts another on the same database.
    pub async fn restart(self) -> Self {
        self.restart_with(|_| ()).await
    }

    /// The same with other settings.
    pub async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Self {
        self.stop.stop(true).await;
        self.running.await.unwrap().unwrap();
        let mut config = self.state.config.clone();
        change(&mut config);
        drop(self.state);
        start_with(config, self.folder).await
    }

    pub fn request(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        Answer::of(self.request(Method::GET, path, token).send().await.unwrap()).await
    }

    pub async fn delete(&self, path: &str, token: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path, token).send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, token, body).await
    }

    pub async fn put(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, token, body).await
    }

    pub async fn patch(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, token, body).await
    }

    pub async fn send(&self, method: Method, path: &str, token: &str, body: &Value) -> Answer {
        Answer::of(self.request(method, path, token).json(body).send().await.unwrap()).await
    }

    /// Sends bytes as they are, with a content type.
    pub async fn send_raw(&self, method: Method, path: &str, token: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
        let request = self.request(method, path, token).header("content-type", kind).body(body.into());
        Answer::of(request.send().await.unwrap()).await
    }

    /// A person with a running session; answers the id and an access token. The password is `PASSWORD`.
    pub async fn user(&self, email: &str) -> (String, String) {
        let user = User {
            id: Uuid::new_v4().to_string(),
            email: email.to_owned(),
            name: email.to_owned(),
            password_hash: password_hash(),
            may_create_projects: true,
            created_at: now(),
            disabled_at: None,
        };
        let session = Session {
            id: Uuid::new_v4().to_string(),
            user_id: user.id.clone(),
            created_at: now(),
            expires_at: now() + chrono::Duration::days(1),
            revoked_at: None,
            last_used_at: Some(now()),
            device: String::new(),
            provider_factor: false,
        };
        let (id, session_id) = (user.id.clone(), session.id.clone());
        let insert = move |conn: &mut duiding::db::Conn| {
            users::insert(conn, &user)?;
            sessions::begin(conn, &session, &Uuid::new_v4().to_string())
        };
        self.state.db.write::<(), DbError>(insert).await.unwrap();
        let token = self.state.tokens.issue(&id, &session_id).unwrap();
        (id, token)
    }

    /// A study with the published reference framework, wave 1 open, wave 2 planned, and one member of each role.
    pub async fn study(&self) -> Study {
        let (_, owner) = self.user(&format!("owner-{}@example.org", Uuid::new_v4())).await;
        let project = self.post("/v1/projects", &owner, &json!({"title": "Study"})).await.expect(201);
        let id = project["id"].as_str().unwrap().to_owned();
        let mut tokens = vec![(Role::Owner, owner)];
        for role in Role::ALL.into_iter().filter(|r| *r != Role::Owner) {
            tokens.push((role, self.member(&id, role).await));
        }
        let study = Study { base: format!("/v1/projects/{id}"), id, tokens };
        let researcher = study.token(Role::Researcher);
        let framework: Value = serde_json::from_str(duiding::domain::framework::REFERENCE).unwrap();
        self.post(&study.path("/frameworks"), researcher, &framework).await.expect(201);
        self.post(&study.path("/frameworks/1/_publish"), researcher, &json!({})).await.expect(200);
        for wave in [1, 2] {
            let body = json!({"key": wave.to_string(), "ordinal": wave, "label": {"en": format!("Wave {wave}")}});
            self.post(&study.path("/waves"), researcher, &body).await.expect(201);
        }
        self.patch(&study.path("/waves/1"), researcher, &json!({"state": "open"})).await.expect(200);
        study
    }

    /// A new member of a project with a running session; answers the access token.
    pub async fn member(&self, project_id: &str, role: Role) -> String {
        let (user_id, token) = self.user(&format!("{}-{}@example.org", role.name(), Uuid::new_v4())).await;
        let project_id = project_id.to_owned();
        let add = move |conn: &mut duiding::db::Conn| {
            let membership = duiding::db::members::Membership {
                project_id,
                user_id,
                role: role.name().to_owned(),
                ends_on: None,
                created_at: now(),
            };
            duiding::db::members::set(conn, &membership)
        };
        self.state.db.write::<(), DbError>(add).await.unwrap();
        token
    }

    /// A participant who is also a teller of the own story; answers (id, code).
    pub async fn participant(&self, study: &Study) -> (String, String) {
        let coordinator = study.token(Role::Coordinator);
        let body = json!({"firstWave": "1", "attributes": {"trajectory": "temporary-job"}});
        let made = self.post(&study.path("/participants"), coordinator, &body).await.expect(201);
        let participant = &made[0]["participant"];
        let code = participant["code"].as_str().unwrap().to_owned();
        let teller = json!({"perspective": "candidate", "participant": code});
        self.post(&study.path("/tellers"), coordinator, &teller).await.expect(201);
        (participant["id"].as_str().unwrap().to_owned(), code)
    }

    /// An enrolled device for wave 1 and candidates; answers its token.
    pub async fn device(&self, study: &Study) -> String {
        let body = json!({"facilitator": "facilitator 1", "wave": "1", "perspectives": ["candidate"]});
        let made = self.post(&study.path("/enrolments"), study.token(Role::Coordinator), &body).await.expect(201);
        let device = self.post("/v1/devices/_enrol", "", &json!({"code": made["code"]})).await.expect(201);
        device["token"].as_str().unwrap().to_owned()
    }

    /// Number of rows in the table of stories.
    pub async fn stories_kept(&self) -> i64 {
        self.state.db.run(duiding::db::stories::count).await.unwrap()
    }
}

/// A study for a test.
pub struct Study {
    pub id: String,
    pub base: String,
    tokens: Vec<(Role, String)>,
}

impl Study {
    pub fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.base)
    }

    /// Path of a story.
    pub fn story(&self, id: impl std::fmt::Display) -> String {
        format!("{}/stories/{id}", self.base)
    }

    /// Access token of the member with this role.
    pub fn token(&self, role: Role) -> &str {
        &self.tokens.iter().find(|(r, _)| *r == role).unwrap().1
    }
}

pub const PASSWORD: &str = "a long and secret sentence";

/// Hashing is slow by design: once is enough for all tests.
fn password_hash() -> String {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(|| hash_password(PASSWORD).unwrap()).clone()
}

/// A story of a candidate in wave 1 of the reference framework.
pub fn story(code: Option<&str>) -> Value {
    json!({
        "schema": 1, "frameworkVersion": 1, "wave": "1", "teller": code, "participant": code,
        "perspective": "candidate", "mode": "onSite", "prompt": "recent-moment", "title": "De bus",
        "text": "Ik nam voor het eerst zelf de bus naar het werk.", "language": "nl", "interpreter": false,
        "placements": {
            "competence": {"state": "answered", "value": {"shares": [0.6, 0.3, 0.1]}, "inputMethod": "drag"},
            "confidence": {"state": "answered", "value": {"position": 0.55}},
            "health": {"state": "answered", "value": {"stones": [{"key": "body", "x": 0.25, "y": 0.75}]}},
            "money": {"state": "declined"},
            "culture": {"state": "notApplicable"},
            "tone": {"state": "answered", "value": {"point": "4"}},
            "transport": {"state": "answered", "value": {"options": ["public-transport"]}}
        },
        "background": {}, "permissions": {"quote": true, "workgroup": true},
        "consent": {"version": "1", "language": "nl", "way": "spoken", "at": "2026-03-02T10:00:00Z"},
        "collectedBy": "facilitator 1", "device": {"startedAt": "2026-03-02T10:00:00Z", "appVersion": "1"}, "attachments": []
    })
}
