//! Puts the parts together: `main` and the tests start the same application.

use std::collections::HashMap;
use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;

use crate::config::{Config, TlsFiles};
use crate::db::{Db, Kind, writer::Writer};
use crate::domain::framework::Framework;
use crate::erasures::ErasureLog;
use crate::files::Files;
use crate::http;
use crate::http::token::AccessTokens;
use crate::metrics::Metrics;
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
    /// The identity provider, where there is one.
    pub oidc: Option<crate::oidc::Provider>,
    /// How fast somebody may ask.
    pub limits: crate::limits::Limits,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Who listens to which workshop.
    pub live: crate::live::Hub,
    /// Whether the server is about to stop.
    pub draining: Draining,
}

/// Set once, when the server was asked to stop: it still answers, and says that others should be asked. What lasts, such as a
/// stream of events, ends.
#[derive(Clone, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// Whether it was set.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets it.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
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
    /// Port on which Prometheus may read, if there is one.
    pub metrics_port: Option<u16>,
    server: Server,
    metrics_server: Option<Server>,
    state: web::Data<AppState>,
    webhooks: crate::webhooks::Sender,
    // Held as long as the server runs: one server per SQLite file.
    _lock: Option<File>,
}

/// Opens the database, brings it up to date and binds the port. Errors: what of that cannot be done.
pub async fn build(config: Config) -> anyhow::Result<Application> {
    crate::files::choose_cryptography();
    let lock = lock_database(&config)?;
    let metrics = Arc::new(Metrics::default());
    let db = open_database(&config)?.count_timeouts(metrics.pool_timeouts.clone());
    let oidc = config.oidc.as_ref().map(|o| crate::oidc::Provider::new(o, &config.public_url)).transpose()?;
    let keys = Arc::new(Keyring::open(&config.secrets_file)?);
    actix_web::rt::spawn(watch(Arc::downgrade(&keys)));
    let draining = Draining::default();
    let state = web::Data::new(AppState {
        live: crate::live::Hub::new(db.clone(), draining.clone(), config.live_streams),
        writer: Writer::start(db.clone(), metrics.clone()),
        tokens: AccessTokens::with(keys.clone(), config.access_minutes),
        keys,
        files: Files::of(&config)?,
        erasures: ErasureLog::open(&config.erasures_file)?,
        frameworks: FrameworkCache::default(),
        snapshots: crate::analysis::cache::Snapshots::new(64),
        reports: Default::default(),
        analysis_slots: Arc::new(Semaphore::new(config.analysis_slots)),
        oidc,
        limits: crate::limits::Limits::of(&config),
        metrics,
        draining,
        db,
        config,
    });
    let private = state.config.webhooks_private;
    let webhooks = crate::webhooks::Sender::new(state.db.clone(), state.keys.clone(), private)?;
    let (server, port) = bind(&state)?;
    let (metrics_server, metrics_port) = bind_metrics(&state)?.unzip();
    Ok(Application { port, metrics_port, server, metrics_server, state, webhooks, _lock: lock })
}

impl Application {
    /// Serves until the process is asked to stop; requests under way are finished first.
    pub async fn run_until_stopped(self) -> std::io::Result<()> {
        let beside = self.metrics_server.as_ref().map(Server::handle);
        if let Some(metrics_server) = self.metrics_server {
            actix_web::rt::spawn(metrics_server);
        }
        let upkeep = actix_web::rt::spawn(crate::upkeep::run(self.state.db.clone(), self.state.files.clone(), self.webhooks));
        let asked = actix_web::rt::spawn(stop_when_asked(self.state, self.server.handle()));
        let ended = self.server.await;
        asked.abort();
        upkeep.abort();
        if let Some(handle) = beside {
            handle.stop(false).await;
        }
        ended
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

/// Waits for a signal to stop. After SIGTERM the server says for a while that it is about to stop (`/readyz` is 503, and
/// connections end with their next answer), so that a proxy can turn to another one; after SIGINT it stops at once. Requests
/// under way are finished in either case.
async fn stop_when_asked(state: web::Data<AppState>, server: ServerHandle) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let drained = tokio::select! {
        _ = terminate.recv() => Duration::from_secs(state.config.drain_seconds),
        interrupted = tokio::signal::ctrl_c() => interrupted.map(|()| Duration::ZERO)?,
    };
    state.draining.set();
    tracing::info!(seconds = drained.as_secs(), "asked to stop");
    tokio::time::sleep(drained).await;
    server.stop(true).await;
    Ok(())
}

/// A file that may not grow is an error to whoever writes it, not the end of the process.
pub fn survive_full_files() -> std::io::Result<()> {
    let too_large = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
    signal(too_large).map(drop)
}

/// Opens the database of these settings, with all migrations done.
pub fn open_database(config: &Config) -> anyhow::Result<Db> {
    prepare_database(config)?;
    let db = Db::open_waiting(&config.database_url, config.db_pool, Duration::from_secs(config.db_wait_seconds))?;
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
            .wrap(from_fn(http::around))
            .wrap(tracing_actix_web::TracingLogger::<http::log::WithoutPeople>::new())
            .configure(|cfg| http::configure(cfg, &document))
    };
    let server = HttpServer::new(app)
        .workers(config.workers)
        .shutdown_timeout(config.shutdown_seconds)
        .disable_signals() // `stop_when_asked` looks after them
        .keep_alive(Duration::from_secs(config.keep_alive_seconds))
        .client_request_timeout(Duration::from_secs(config.head_seconds));
    let address = (config.host, config.port);
    let server = match &config.tls {
        Some(files) => server.bind_rustls_0_23(address, tls_config(files)?),
        None => server.bind(address),
    };
    let server = server.with_context(|| format!("cannot listen on {}:{}", config.host, config.port))?;
    let port = server.addrs()[0].port();
    Ok((server.run(), port))
}

/// The server that only Prometheus asks, with its port. Errors: the address cannot be had.
fn bind_metrics(state: &web::Data<AppState>) -> anyhow::Result<Option<(Server, u16)>> {
    let Some(address) = state.config.metrics_address else { return Ok(None) };
    let data = state.clone();
    let server = HttpServer::new(move || App::new().app_data(data.clone()).configure(http::configure_metrics));
    let server = server.workers(1).disable_signals();
    let server = server.bind(address).with_context(|| format!("cannot listen on {address} for metrics"))?;
    let port = server.addrs()[0].port();
    Ok(Some((server.run(), port)))
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
