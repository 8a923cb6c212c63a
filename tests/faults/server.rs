//! The real program, as a process that can be killed.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use duiding::db::Db;
use tempfile::TempDir;
use uuid::Uuid;

/// Longest wait for a server to be ready; far more than it ever needs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a server keeps its things: a fresh folder, and a database in it or a fresh schema on a database server.
pub struct Place {
    folder: TempDir,
    pub database_url: String,
    binary: PathBuf,
    settings: Vec<(&'static str, String)>,
}

impl Place {
    /// On the server in `TEST_DATABASE_URL`, else in an SQLite file. The program is the one in `DUIDING_BIN`, else the
    /// one built beside this test.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// The same, with more settings for the program.
    pub fn with(settings: &[(&'static str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let database_url = match std::env::var("TEST_DATABASE_URL") {
            Err(_) => folder.path().join("duiding.sqlite").display().to_string(),
            Ok(server) => {
                let schema = format!("k{}", Uuid::new_v4().simple());
                Db::open(&server, 1).and_then(|db| db.create_schema(&schema)).expect("TEST_DATABASE_URL can be used");
                format!("{server}?options=-c%20search_path%3D{schema}")
            }
        };
        let binary = std::env::var_os("DUIDING_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_duiding").into()).into();
        let settings = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { folder, database_url, binary, settings }
    }

    pub fn is_sqlite(&self) -> bool {
        std::env::var_os("TEST_DATABASE_URL").is_none()
    }

    /// Folder with a file for every attachment: `<project>/<story>/<attachment>`.
    pub fn attachments(&self) -> PathBuf {
        self.folder.path().join("attachments")
    }

    /// The folder with everything that is not in the database.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Runs a command of the program to its end.
    pub fn run(&self, arguments: &[&str]) {
        let status = self.command().args(arguments).stdout(Stdio::null()).status().expect("the program starts");
        assert!(status.success(), "{arguments:?}: {}", self.last_words());
    }

    /// The program with settings for this place and no others.
    fn command(&self) -> Command {
        let log = OpenOptions::new().create(true).append(true).open(self.log()).expect("the log can be written");
        let mut command = Command::new(&self.binary);
        command
            .env_clear()
            .env("DATABASE_URL", &self.database_url)
            .env("DUIDING_DATA_DIR", self.folder.path())
            .env("DUIDING_PORT", "0")
            .env("DUIDING_LOG", "warn")
            // One login lasts for the whole proof.
            .env("DUIDING_ACCESS_MINUTES", "1440")
            .env("DUIDING_RATE_ACTOR", "1000000000")
            .env("DUIDING_RATE_ADDRESS", "1000000000")
            .env("DUIDING_RATE_FAILURES", "1000000000")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stderr(log);
        command
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    /// What the server said of itself, for whoever looks for the cause of a failure.
    pub fn last_words(&self) -> String {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// Makes an account on the command line.
    pub fn user(&self, email: &str, password: &str, place: Option<(&str, &str)>) {
        let mut command = self.command();
        command.args(["user", "create", "--email", email, "--name", email]).stdin(Stdio::piped()).stdout(Stdio::null());
        if let Some((project, role)) = place {
            command.args(["--project", project, "--role", role]);
        }
        let mut child = command.spawn().expect("the program starts");
        let mut input = child.stdin.take().expect("its input is open");
        writeln!(input, "{password}").expect("it reads a password");
        drop(input);
        assert!(child.wait().expect("it ends").success(), "user create: {}", self.last_words());
    }

    /// Starts a server and does not wait for it.
    pub fn spawn(&self) -> Process {
        let mut command = self.command();
        let mut child = command.arg("serve").stdout(Stdio::piped()).spawn().expect("the program starts");
        let lines = child.stdout.take().map(|out| {
            let (send, lines) = channel();
            // Reads on to the end, so that the server never waits for us.
            std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).for_each(|l| drop(send.send(l))));
            lines
        });
        Process { child, lines, started: Instant::now() }
    }

    /// Starts a server and waits until it takes requests.
    pub fn start(&self) -> Running {
        let mut process = self.spawn();
        let Some(port) = process.port() else { panic!("the server did not become ready: {}", self.last_words()) };
        Running { url: format!("http://127.0.0.1:{port}"), ready_after: process.started.elapsed(), process }
    }

    /// A file of a story, as the server has it.
    pub fn file(&self, project: &str, story: &str, id: &str) -> std::io::Result<Vec<u8>> {
        std::fs::read(self.attachments().join(project).join(story).join(id))
    }
}

/// A server that may not be ready yet. It dies with this value.
pub struct Process {
    child: Child,
    lines: Option<Receiver<String>>,
    started: Instant,
}

impl Process {
    /// The port that it says it listens on; none when it ended or took too long.
    fn port(&mut self) -> Option<u16> {
        let lines = self.lines.as_ref()?;
        loop {
            let line = lines.recv_timeout(PATIENCE).ok()?;
            if let Some((_, rest)) = line.split_once("(port ") {
                return rest.split(')').next()?.parse().ok();
            }
        }
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGTERM, as whoever restarts a service sends it; does not wait.
    pub fn ask_to_stop(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it can be asked");
    }

    /// Whether it has ended; well or not.
    pub fn ended(&mut self) -> Option<bool> {
        self.child.try_wait().expect("it can be looked at").map(|status| status.success())
    }

    /// SIGKILL: the process gets no chance to do anything more.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        let status = self.child.wait().expect("it ends");
        assert!(!status.success() && status.code().is_none(), "it had ended by itself before the kill: {status}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Already ended is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server that takes requests.
pub struct Running {
    pub url: String,
    /// From the start of the process to its first word.
    pub ready_after: Duration,
    pub process: Process,
}
