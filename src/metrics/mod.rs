//! What the server counts of itself, for Prometheus. Labels are taken from closed lists that the code writes: no ids, no
//! addresses, no words of anybody.

mod process;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// What `Content-Type` says of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Seconds, from a quick read to the longest wait.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// Stories in one commit, of which there are at most 512 and a batch.
const STORIES: [f64; 11] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];

/// A kind of request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Route {
    /// Method, or `other`.
    pub method: &'static str,
    /// Pattern of the route with the names of its parameters, or `none`.
    pub route: String,
}

/// A kind of request with a kind of answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Answered {
    /// Method, or `other`.
    pub method: &'static str,
    /// Pattern of the route with the names of its parameters, or `none`.
    pub route: String,
    /// `2xx`, `3xx`, `4xx` or `5xx`.
    pub status: &'static str,
}

/// What became of a story that was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Outcome {
    /// `kept`, `held`, `replayed`, `refused` or `unavailable`.
    pub outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

/// What can only be read at the moment when somebody asks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// Connections of the pool at work.
    pub db_used: u32,
    /// Connections of the pool that are open.
    pub db_open: u32,
    /// Most that there may be.
    pub db_most: u32,
    /// Questions that are being computed.
    pub analysis_used: usize,
    /// Most that there may be.
    pub analysis_most: usize,
    /// Studies kept in memory.
    pub snapshots: usize,
    /// Whether the server is about to stop.
    pub draining: bool,
}

/// All counts of one server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    deliveries: Family<Outcome, Counter>,
    /// Deliveries, single ones or batches, that wait for the writer.
    pub waiting: Gauge,
    /// How long they waited, in seconds.
    pub waited: Histogram,
    /// Stories in a commit.
    pub group: Histogram,
    /// How long a commit took, in seconds.
    pub commit: Histogram,
    /// Units of work that got no connection in time.
    pub pool_timeouts: Counter,
    /// Wrong addresses or passwords.
    pub failed_logins: Counter,
    /// Bodies that came too slowly.
    pub slow_bodies: Counter,
    read: Gauges,
}

/// Set from a [`Reading`].
#[derive(Debug, Default)]
struct Gauges {
    db_used: Gauge,
    db_open: Gauge,
    db_most: Gauge,
    analysis_used: Gauge,
    analysis_most: Gauge,
    snapshots: Gauge,
    draining: Gauge,
    memory: Gauge,
    files: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let in_seconds: fn() -> Histogram = || Histogram::new(SECONDS);
        let mut metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            seconds: Family::new_with_constructor(in_seconds),
            deliveries: Family::default(),
            waiting: Gauge::default(),
            waited: in_seconds(),
            group: Histogram::new(STORIES),
            commit: in_seconds(),
            pool_timeouts: Counter::default(),
            failed_logins: Counter::default(),
            slow_bodies: Counter::default(),
            read: Gauges::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        self.read.register(&mut self.registry);
        let r = self.registry.sub_registry_with_prefix("duiding");
        r.register("build", "Version of the server", Info::new(Build { version: env!("CARGO_PKG_VERSION") }));
        r.register("requests", "Requests that were answered", self.requests.clone());
        r.register_with_unit("request", "Time until an answer began", Unit::Seconds, self.seconds.clone());
        r.register("deliveries", "Stories that were delivered, by what became of them", self.deliveries.clone());
        r.register("writer_waiting", "Deliveries that wait to be written", self.waiting.clone());
        r.register_with_unit("writer_wait", "Time that deliveries waited to be written", Unit::Seconds, self.waited.clone());
        r.register("writer_group_stories", "Stories in one commit", self.group.clone());
        r.register_with_unit("writer_commit", "Time that a commit took", Unit::Seconds, self.commit.clone());
        r.register("db_pool_timeouts", "Units of work that got no database connection in time", self.pool_timeouts.clone());
        r.register("failed_logins", "Logins with a wrong address or password", self.failed_logins.clone());
        r.register("slow_bodies", "Requests that were dropped because their body came too slowly", self.slow_bodies.clone());
    }

    /// Counts an answer. `route` is the pattern of the route, never the address; `seconds` is the time until it began.
    pub fn answered(&self, method: &str, route: Option<String>, status: u16, seconds: f64) {
        let (method, route) = (known_method(method), route.unwrap_or_else(|| "none".to_owned()));
        self.seconds.get_or_create(&Route { method, route: route.clone() }).observe(seconds);
        self.requests.get_or_create(&Answered { method, route, status: class(status) }).inc();
    }

    /// Counts stories by what became of them.
    pub fn delivered(&self, outcome: &'static str, stories: usize) {
        self.deliveries.get_or_create(&Outcome { outcome }).inc_by(stories as u64);
    }

    /// Everything, in the text form of OpenMetrics. Errors: never in practice, for it writes to memory.
    pub fn text(&self, reading: &Reading) -> Result<String, std::fmt::Error> {
        self.read.set(reading);
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Gauges {
    fn register(&self, registry: &mut Registry) {
        let r = registry.sub_registry_with_prefix("duiding");
        r.register("db_connections_used", "Database connections at work", self.db_used.clone());
        r.register("db_connections_open", "Database connections that are open", self.db_open.clone());
        r.register("db_connections_most", "Database connections that there may be", self.db_most.clone());
        r.register("analysis_slots_used", "Questions that are being computed", self.analysis_used.clone());
        r.register("analysis_slots_most", "Questions that may be computed at the same time", self.analysis_most.clone());
        r.register("snapshots", "Studies kept in memory", self.snapshots.clone());
        r.register("draining", "1 when the server is about to stop", self.draining.clone());
        registry.register("process_resident_memory_bytes", "Memory of the process", self.memory.clone());
        registry.register("process_open_fds", "Files and connections that the process has open", self.files.clone());
    }

    fn set(&self, reading: &Reading) {
        self.db_used.set(reading.db_used.into());
        self.db_open.set(reading.db_open.into());
        self.db_most.set(reading.db_most.into());
        self.analysis_used.set(reading.analysis_used as i64);
        self.analysis_most.set(reading.analysis_most as i64);
        self.snapshots.set(reading.snapshots as i64);
        self.draining.set(reading.draining.into());
        // Where the system does not tell, 0.
        self.memory.set(process::resident_bytes().unwrap_or(0));
        self.files.set(process::open_files().unwrap_or(0));
    }
}

/// A client may send any word as its method: only known ones become a label.
fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|m| *m == method).unwrap_or("other")
}

fn class(status: u16) -> &'static str {
    match status {
        ..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500.. => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_method_or_address_is_no_label() {
        let metrics = Metrics::default();
        metrics.answered("SECRET", None, 404, 0.1);
        let text = metrics.text(&Reading::default()).unwrap();
        assert!(!text.contains("SECRET"));
        assert!(text.contains("duiding_requests_total{method=\"other\",route=\"none\",status=\"4xx\"} 1"), "{text}");
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn a_reading_is_told_as_it_is() {
        let reading = Reading { db_used: 3, db_open: 4, db_most: 8, snapshots: 2, draining: true, ..Reading::default() };
        let text = Metrics::default().text(&reading).unwrap();
        for line in
            ["duiding_db_connections_used 3", "duiding_db_connections_most 8", "duiding_snapshots 2", "duiding_draining 1"]
        {
            assert!(text.lines().any(|l| l == line), "{line}: {text}");
        }
        let memory = text.lines().find_map(|l| l.strip_prefix("process_resident_memory_bytes ")).unwrap();
        assert!(memory.parse::<i64>().unwrap() > 1 << 20, "{memory}");
    }
}
