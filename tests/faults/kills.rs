//! No kill loses a story: the real program is put under load and killed, again and again, and after every kill
//! everything that it had acknowledged must be there, once and whole.
//!
//! `make proof-kills` kills a hundred times on each database; without `PROOF_KILLS` it is three times. `PROOF_SEED` repeats
//! what is drawn (stories and moments), though not the race. `DUIDING_BIN` names another program to kill.
//!
//! A kill takes the process away, not the power: what the operating system has taken, it writes. That commits wait for
//! the disk is a setting of both databases (`db/conn.rs`) and not shown here.

use std::rc::Rc;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::ONE_AT_A_TIME;
use crate::figures::Figures;
use crate::load::{self, Field};
use crate::resend::{self, Reader};
use crate::server::{Place, Running};
use crate::study::Api;
use crate::{check, stored};

/// Longest load before a kill, in milliseconds.
const LOAD: u64 = 600;
/// Participants registered before each load.
const PARTICIPANTS: usize = 60;
/// Every so many kills all files are read, and SQLite checks its file.
const DEEP: usize = 10;

/// What dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    /// The server, by SIGKILL.
    Server,
    /// A process of PostgreSQL, which then stops all others and recovers. The server lives on.
    Database,
}

#[actix_web::test]
async fn no_kill_of_the_server_loses_a_story() {
    prove(Victim::Server).await;
}

#[actix_web::test]
async fn no_crash_of_postgresql_loses_a_story() {
    if std::env::var_os("TEST_DATABASE_URL").is_none() {
        println!("no PostgreSQL in TEST_DATABASE_URL: nothing to crash");
        return;
    }
    prove(Victim::Database).await;
}

#[test]
fn a_first_start_that_is_killed_can_be_started_again() {
    let _alone = ONE_AT_A_TIME.blocking_lock();
    let mut rng = ChaCha8Rng::seed_from_u64(number("PROOF_SEED", rand::random()));
    for _ in 0..number("PROOF_KILLS", 3) {
        let place = Place::new();
        let process = place.spawn();
        std::thread::sleep(Duration::from_millis(rng.random_range(0..60))); // the random moment
        process.kill();
        place.start();
    }
}

fn number(name: &str, default: u64) -> u64 {
    let Ok(text) = std::env::var(name) else { return default };
    text.parse().unwrap_or_else(|_| panic!("{name} must be a whole number, not {text:?}"))
}

async fn prove(victim: Victim) {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (kills, seed) = (number("PROOF_KILLS", 3) as usize, number("PROOF_SEED", rand::random()));
    let place = Place::new();
    let database = if place.is_sqlite() { "SQLite" } else { "PostgreSQL" };
    println!("{database}, {kills} kills of the {victim:?}, PROOF_SEED={seed}");
    let mut proof = Proof::begin(place, victim, seed).await;
    for kill in 1..=kills {
        proof.round(kill % DEEP == 0 || kill == kills).await;
        if kill % DEEP == 0 {
            println!("  after {kill} kills: {} stories", proof.field.ledger.borrow().stories.len());
        }
    }
    let stories = proof.field.ledger.borrow().stories.len();
    proof.figures.print(stories, proof.field.later.get());
}

/// A study, the server that keeps it, and everything that is known about what it must hold.
struct Proof {
    place: Place,
    victim: Victim,
    server: Option<Running>,
    field: Rc<Field>,
    reader: Reader,
    figures: Figures,
    /// Process of PostgreSQL's checkpointer before the last kill.
    checkpointer: Vec<i64>,
}

impl Proof {
    async fn begin(place: Place, victim: Victim, seed: u64) -> Self {
        let server = place.start();
        let field = Field::new(&place, &server.url, seed).await;
        let (reader, figures) = (Reader::default(), Figures::default());
        Self { place, victim, server: Some(server), field: Rc::new(field), reader, figures, checkpointer: Vec::new() }
    }

    /// Load, a kill at a random moment, a restart, and every check.
    async fn round(&mut self, deep: bool) {
        let people = self.field.study.participants(&self.field.api(), PARTICIPANTS).await;
        self.field.waiting.replace(people);
        self.field.stop.set(false);
        let workers = load::start(&self.field);
        let moment = Duration::from_millis(self.draw(LOAD));
        tokio::time::sleep(moment).await; // the random moment; nothing is waited for
        match self.victim {
            Victim::Server => self.kill_server(),
            Victim::Database => self.kill_database(),
        }
        let killed = Instant::now();
        self.field.stop.set(true);
        for worker in workers {
            worker.await.unwrap_or_else(|e| panic!("{e}: {}", self.place.last_words()));
        }
        self.come_back(killed).await;
        self.check(deep).await;
    }

    fn draw(&self, below: u64) -> u64 {
        self.field.rng.borrow_mut().random_range(0..below)
    }

    fn kill_server(&mut self) {
        self.server.take().expect("a server runs").process.kill();
    }

    fn kill_database(&mut self) {
        let list = |kind| stored::processes(&self.place.database_url, kind).expect("PostgreSQL answers");
        self.checkpointer = list("checkpointer");
        let pids = list("client backend");
        let pid = pids[self.draw(pids.len() as u64) as usize];
        let killed = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
        assert!(killed.is_ok_and(|s| s.success()), "process {pid} of PostgreSQL can be killed from here");
    }

    /// Whether PostgreSQL went down and came up again: for a moment after the kill it still answers as if nothing had
    /// happened. It then has another checkpointer.
    fn crashed_and_recovered(&self) -> bool {
        let now = stored::processes(&self.place.database_url, "checkpointer");
        now.is_ok_and(|now| !now.is_empty() && now != self.checkpointer)
    }

    /// Starts the server again, or waits until it answers again.
    async fn come_back(&mut self, killed: Instant) {
        if self.victim == Victim::Database {
            while !self.crashed_and_recovered() || !matches!(self.field.api().get("/readyz", "").await, Some((200, _))) {
                assert!(killed.elapsed() < Duration::from_secs(60), "no recovery: {}", self.place.last_words());
                tokio::time::sleep(Duration::from_millis(20)).await; // between two questions
            }
            self.figures.ready.push(killed.elapsed());
            return;
        }
        if self.draw(4) == 0 {
            // The restart is killed too, while it recovers.
            let process = self.place.spawn();
            tokio::time::sleep(Duration::from_millis(self.draw(60))).await;
            process.kill();
            self.figures.killed_restarts += 1;
        }
        let server = self.place.start();
        self.figures.ready.push(server.ready_after);
        self.field.api.replace(Rc::new(Api::new(&server.url)));
        self.server = Some(server);
    }

    /// Everything that must be true, before and after the phones sent again what was not acknowledged.
    async fn check(&mut self, deep: bool) {
        let url = self.place.database_url.clone();
        let stored = stored::read(&url, &self.field.study.project).expect("the database can be read");
        let present = {
            let ledger = self.field.ledger.borrow();
            let present = check::stories(&ledger, &stored);
            check::files(&ledger, &stored, &present, &self.place, &self.field.study.project, deep);
            check::participations(&ledger, &stored, &present);
            self.figures.count(&ledger);
            present
        };
        self.figures.whole += resend::stories(&self.field, &present).await;
        self.figures.resumed += resend::files(&self.field).await;
        self.reader.read_on(&self.field).await;
        if deep {
            self.check_deeply(&url);
        }
        for told in self.field.ledger.borrow_mut().stories.values_mut() {
            told.body = None; // kept and checked: its hash is enough from now on
            told.files.iter_mut().for_each(|f| f.bytes = Vec::new());
        }
    }

    /// Nothing is left behind on disk, and SQLite finds its file sound.
    fn check_deeply(&self, url: &str) {
        let ledger = self.field.ledger.borrow();
        let files: usize = ledger.stories.values().map(|t| t.files.len()).sum();
        assert_eq!(check::files_on_disk(&self.place.attachments()), files, "every file is on disk, and no other");
        if self.place.is_sqlite() {
            assert_eq!(stored::damage(url).expect("the file can be read"), Vec::<String>::new(), "SQLite finds damage");
        }
    }
}
