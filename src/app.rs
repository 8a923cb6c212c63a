//! Puts the parts together: `main` and the tests start the same application.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, RwLock};

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};
use anyhow::Context;
use tokio::sync::Semaphore;

use crate::config::{Config, TlsFiles};
use crate::db::{Db, Kind, writer::Writer};
use crate::domain::framework::Framework;
use crate::erasures::ErasureLog;
use crate::files::Files;
use crate::http;
use crate::http::token::AccessTokens;
use crate::secrets::{Keyring, make_private_folder, watch};

/// What every handler can reach.
pub struct AppState {
    /// Settings.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Makes stories durable.
    pub writer: Writer,
    /// The keys of the secrets file, as it is now.
    pub keys: Arc<Keyring>,
    /// Signs and verifies access tokens.
    pub tokens: AccessTokens,
    /// Attachments.
    pub files: Files,
    /// Who and what was withdrawn, outside the database.
    pub erasures: ErasureLog,
    /// Published frameworks that were read; they never change.
    pub frameworks: FrameworkCache,
    /// Snapshots of the studies that were asked about.
    pub snapshots: crate::analysis::cache::Snapshots,
    /// Reports that were made on them.
    pub reports: crate::analysis::report::kept::Reports,
    /// Lets only so many questions be computed at the same time.
    pub analysis_slots: Arc<Semaphore>,
}

/// Published frameworks by project and version.
#[derive(Default)]
pub struct FrameworkCache(RwLock<HashMap<(String, i32), Arc<Framework>>>);

impl FrameworkCache {
    /// More than this many are not kept.
    const MOST: usize = 1000;

    /// The framework, when it was read before.
    pub fn get(&self, project_id: &str, version: i32) -> Option<Arc<Framework>> {
        self.0.read().expect("no panic while held").get(&(project_id.to_owned(), version)).cloned()
    }

    /// Keeps a published framework.
    pub fn put(&self, project_id: &str, version: i32, framework: Arc<Framework>) {
        let mut map = self.0.write().expect("no panic while held");
        if map.len() >= Self::MOST {
            map.clear();
        }
        map.insert((project_id.to_owned(), version), framework);
    }
}

/// A server that is ready to run.
pub struct Application {
    /// Port it listens on.
    pub port: u16,
    server: Server,
    state: web::Data<AppState>,
    // Held as long as the server runs: one server per SQLite file.
    _lock: Option<File>,
}

/// Opens the database, brings it up to date and binds the port. Errors: what of that cannot be done.
pub async fn build(config: Config) -> anyhow::Result<Application> {
    let lock = lock_database(&config)?;
    let db = open_database(&config)?;
    let keys = Arc::new(Keyring::open(&config.secrets_file)?);
    actix_web::rt::spawn(watch(Arc::downgrade(&keys)));
    let state = web::Data::new(AppState {
        writer: Writer::start(db.clone()),
        tokens: AccessTokens::with(keys.clone(), config.access_minutes),
        keys,
        files: Files::new(config.attachments_dir()),
        erasures: ErasureLog::open(&config.erasures_file)?,
        frameworks: FrameworkCache::default(),
        snapshots: crate::analysis::cache::Snapshots::new(64),
        reports: Default::default(),
        analysis_slots: Arc::new(Semaphore::new(config.analysis_slots)),
        db,
        config,
    });
    let (server, port) = bind(&state)?;
    Ok(Application { port, server, state, _lock: lock })
}

impl Application {
    /// Serves until the process is asked to stop; requests under way are finished first.
    pub async fn run_until_stopped(self) -> std::io::Result<()> {
        let upkeep = actix_web::rt::spawn(crate::upkeep::run(self.state.db.clone(), self.state.files.clone()));
        let stopped = self.server.await;
        upkeep.abort();
        stopped
    }

    /// Stops the server from elsewhere.
    pub fn handle(&self) -> actix_web::dev::ServerHandle {
        self.server.handle()
    }

    /// What the handlers reach.
    pub fn state(&self) -> web::Data<AppState> {
        self.state.clone()
    }
}

/// Opens the database of these settings, with all migrations done.
pub fn open_database(config: &Config) -> anyhow::Result<Db> {
    prepare_database(config)?;
    let db = Db::open(&config.database_url, config.db_pool)?;
    db.migrate()?;
    Ok(db)
}

/// Makes the folder of the database file, when the database is a file.
pub fn prepare_database(config: &Config) -> anyhow::Result<()> {
    if Kind::of(&config.database_url) == Kind::Postgres {
        return Ok(());
    }
    let path = std::path::Path::new(&config.database_url);
    match path.parent().filter(|p| !p.as_os_str().is_empty()) {
        Some(folder) => make_private_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display())),
        None => Ok(()),
    }
}

/// Runs the future that is the program, on the runtime that the server needs.
pub fn run<T>(program: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(program)
}

/// Takes the right to be the one server on an SQLite file, until the answer is dropped; `None` on PostgreSQL. Errors: another
/// server has it.
pub fn lock_database(config: &Config) -> anyhow::Result<Option<File>> {
    if Kind::of(&config.database_url) != Kind::Sqlite {
        return Ok(None);
    }
    prepare_database(config)?;
    let path = format!("{}.lock", config.database_url);
    let file = File::create(&path).with_context(|| format!("cannot make {path}"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(_) => anyhow::bail!("another duiding server uses {} already; use PostgreSQL for several", config.database_url),
    }
}

fn bind(state: &web::Data<AppState>) -> anyhow::Result<(Server, u16)> {
    let config = &state.config;
    let data = state.clone();
    let document = Arc::new(http::document());
    let routes = web::Data::from(Arc::new(http::RouteTable::of(&document)));
    let app = move || {
        App::new()
            .app_data(data.clone())
            .app_data(routes.clone())
            .wrap(actix_web::middleware::from_fn(http::follow))
            .wrap(http::headers())
            .wrap(tracing_actix_web::TracingLogger::<http::log::WithoutPeople>::new())
            .configure(|cfg| http::configure(cfg, &document))
    };
    let server = HttpServer::new(app)
        .workers(config.workers)
        .shutdown_timeout(config.shutdown_seconds)
        .client_request_timeout(std::time::Duration::from_secs(30));
    let address = (config.host, config.port);
    let server = match &config.tls {
        Some(files) => server.bind_rustls_0_23(address, tls_config(files)?),
        None => server.bind(address),
    };
    let server = server.with_context(|| format!("cannot listen on {}:{}", config.host, config.port))?;
    let port = server.addrs()[0].port();
    Ok((server.run(), port))
}

fn tls_config(files: &TlsFiles) -> anyhow::Result<rustls::ServerConfig> {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let certificate = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .with_context(|| format!("cannot read the certificate {}", files.certificate.display()))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).with_context(|| format!("cannot read the key {}", files.key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificate, key)?;
    Ok(config)
}
