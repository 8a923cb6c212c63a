//! A server with a study, in this process.

use actix_web::web::Data;
use duiding::app::{self, AppState};
use duiding::config::Config;
use duiding::db::{Db, DbError, frameworks, members, now, projects, sessions, users, waves, write_tx};
use duiding::domain::framework::{Framework, REFERENCE, parse};
use duiding::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

/// The server and who asks it.
pub struct Bench {
    pub url: String,
    pub state: Data<AppState>,
    pub project: String,
    pub token: String,
    pub client: reqwest::Client,
    pub framework: Framework,
    _folder: tempfile::TempDir,
}

impl Bench {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::from(|_| None).unwrap();
        config.port = 0;
        // One device and one address are many here.
        (config.rate_actor, config.rate_address, config.rate_failures) = (1_000_000_000, 1_000_000_000, 1_000_000_000);
        config.data_dir = folder.path().to_owned();
        config.secrets_file = folder.path().join("secrets.json");
        config.erasures_file = folder.path().join("erasures.jsonl");
        config.database_url = database(&folder);
        let application = app::build(config).await.unwrap();
        let (port, state) = (application.port, application.state());
        actix_web::rt::spawn(application.run_until_stopped());
        let (project, token) = study(&state);
        let document: Value = serde_json::from_str(REFERENCE).unwrap();
        Self {
            url: format!("http://127.0.0.1:{port}"),
            state,
            project,
            token,
            // The server closes idle connections after five seconds.
            client: reqwest::Client::builder().pool_idle_timeout(std::time::Duration::from_secs(2)).build().unwrap(),
            framework: parse(&document).unwrap(),
            _folder: folder,
        }
    }

    pub async fn change(&self) -> i64 {
        let id = self.project.clone();
        self.state.db.run(move |conn| projects::changes(conn, &id)).await.unwrap().0
    }
}

fn database(folder: &tempfile::TempDir) -> String {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        return folder.path().join("bench.sqlite").display().to_string();
    };
    let schema = format!("b{}", Uuid::new_v4().simple());
    Db::open(&server, 1).unwrap().create_schema(&schema).unwrap();
    format!("{server}?options=-c%20search_path%3D{schema}")
}

fn study(state: &Data<AppState>) -> (String, String) {
    let project = duiding::http::new_project("Bench", "");
    let user = users::User {
        id: Uuid::new_v4().to_string(),
        email: "bench@example.org".to_owned(),
        name: "Bench".to_owned(),
        password_hash: String::new(),
        may_create_projects: true,
        created_at: now(),
        disabled_at: None,
    };
    let session = sessions::Session {
        id: Uuid::new_v4().to_string(),
        user_id: user.id.clone(),
        created_at: now(),
        expires_at: now() + chrono::Duration::days(1),
        revoked_at: None,
        last_used_at: Some(now()),
        device: String::new(),
        provider_factor: false,
    };
    let token = state.tokens.issue(&user.id, &session.id).unwrap();
    let made = project.clone();
    let work = |conn: &mut duiding::db::Conn| -> Result<(), DbError> {
        projects::insert(conn, &made)?;
        users::insert(conn, &user)?;
        sessions::begin(conn, &session, "bench")?;
        let role = Role::Researcher.name().to_owned();
        let (project_id, user_id) = (made.id.clone(), user.id.clone());
        members::set(conn, &members::Membership { project_id, user_id, role, ends_on: None, created_at: now() })?;
        let draft = frameworks::begin_draft(conn, &made.id, REFERENCE)?;
        frameworks::publish(conn, &made.id, draft.version)?;
        for ordinal in 1..=3 {
            waves::insert(conn, &wave(&made.id, ordinal))?;
        }
        Ok(())
    };
    state.db.run_blocking(|conn| write_tx(conn, work)).unwrap();
    (project.id, token)
}

fn wave(project_id: &str, ordinal: i32) -> waves::WaveRow {
    waves::WaveRow {
        project_id: project_id.to_owned(),
        key: ordinal.to_string(),
        ordinal,
        label: "{}".to_owned(),
        opens_on: None,
        closes_on: None,
        state: "open".to_owned(),
        created_at: now(),
    }
}

/// A story as a phone sends it, with every signifier answered.
pub fn story() -> Value {
    let answered = |value: Value| json!({"state": "answered", "value": value, "inputMethod": "tap"});
    // Two numbers: with one, stones would all lie on a line, which no canvas looks like.
    let (x, y) = (rand::random::<f64>(), rand::random::<f64>());
    let shares = || answered(json!({"shares": [x / 2.0, (1.0 - x) / 2.0, 0.5]}));
    json!({
        "schema": 1, "frameworkVersion": 1, "wave": (1 + rand::random::<u8>() % 3).to_string(), "perspective": "candidate",
        "mode": "onSite", "prompt": "recent-moment", "title": "De bus", "language": "nl", "interpreter": false,
        "text": "Ik nam voor het eerst zelf de bus naar het werk. ".repeat(8),
        "placements": {
            "competence": shares(), "fitting-work": shares(), "meaningful-days": shares(), "influence": shares(),
            "culture": answered(json!({"position": x})), "language-around": answered(json!({"position": 1.0 - x})),
            "confidence": answered(json!({"position": x})), "money": answered(json!({"point": "3"})),
            "home": answered(json!({"point": "4"})), "transport-effort": answered(json!({"point": "2"})),
            "tone": answered(json!({"point": "5"})), "transport": answered(json!({"options": ["bike"]})),
            "health": answered(json!({"stones": [{"key": "body", "x": x, "y": y}, {"key": "mind", "x": y, "y": x},
                {"key": "contact", "x": x, "y": (x + y) / 2.0}]})),
            "how-common": {"state": "notApplicable"}
        },
        "permissions": {"quote": true, "workgroup": true},
        "consent": {"version": "1", "language": "nl", "way": "spoken", "at": "2026-03-02T10:00:00Z"}
    })
}

/// Resident memory of this process.
pub fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or("VmRSS: 0 kB");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
