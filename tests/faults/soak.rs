//! Everything that people do, for a long time: memory, files, connections and the write-ahead log must not grow without end,
//! and nothing may fail. `make proof-soak`; `SOAK_MINUTES` says how long.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::rt::{spawn, task::JoinHandle};
use rand::RngExt;
use reqwest::Method;
use serde_json::{Value, json};

use crate::ONE_AT_A_TIME;
use crate::load::{Field, batch, single, with_recordings};
use crate::looks::everything_is_there;
use crate::samples::{Sample, report};
use crate::server::Place;
use crate::study::text;

/// Between two looks at the server.
const EVERY: Duration = Duration::from_secs(10);

/// Somebody in the demo study.
struct Guest {
    project: String,
    token: String,
}

/// How often something was asked, and the slowest answer.
#[derive(Default)]
struct Asked {
    times: usize,
    later: usize,
    slowest: Duration,
}

/// What everybody shares.
struct Soak {
    field: Rc<Field>,
    asked: RefCell<BTreeMap<&'static str, Asked>>,
    errors: RefCell<Vec<String>>,
}

impl Soak {
    /// Asks, and notes how long it took and whether it went well. 503 is noted apart: it is an answer, not an error.
    async fn ask(&self, kind: &'static str, method: Method, path: &str, token: &str, body: &Value) -> Option<Vec<u8>> {
        let (api, began) = (self.field.api(), Instant::now());
        let request = api.client.request(method, format!("{}{path}", api.url)).bearer_auth(token).json(body);
        // Findings of a debug build take a minute.
        let answer = request.timeout(Duration::from_secs(300)).send().await;
        let (status, bytes) = match answer {
            Ok(answer) => (answer.status().as_u16(), answer.bytes().await),
            Err(e) => (0, Err(e)),
        };
        self.note(kind, began.elapsed(), status == 503);
        match bytes {
            Ok(bytes) if status == 200 => return Some(bytes.to_vec()),
            Ok(_) if status == 503 => {}
            Ok(bytes) => self.errors.borrow_mut().push(format!("{kind}: {status} {}", String::from_utf8_lossy(&bytes))),
            Err(e) => self.errors.borrow_mut().push(format!("{kind}: {status} {e}")),
        }
        None
    }

    fn note(&self, kind: &'static str, took: Duration, later: bool) {
        let mut asked = self.asked.borrow_mut();
        let entry = asked.entry(kind).or_default();
        entry.times += 1;
        entry.later += usize::from(later);
        entry.slowest = entry.slowest.max(took);
    }

    fn draw(&self, below: usize) -> usize {
        self.field.rng.borrow_mut().random_range(0..below)
    }
}

#[actix_web::test]
#[ignore = "long: make proof-soak"]
async fn nothing_grows_and_nothing_fails() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let minutes: u64 = std::env::var("SOAK_MINUTES").map_or(15, |m| m.parse().expect("SOAK_MINUTES is a number"));
    let place = Place::with(&[("DUIDING_DB_POOL", "4")]);
    place.run(&["demo"]);
    let server = place.start();
    let soak = Rc::new(Soak {
        field: Rc::new(Field::new(&place, &server.url, 7).await),
        asked: RefCell::default(),
        errors: RefCell::default(),
    });
    let workers = start(&soak, &place).await;
    let began = Instant::now();
    let mut samples = Vec::new();
    while began.elapsed() < Duration::from_secs(minutes * 60) {
        tokio::time::sleep(EVERY).await; // the pace of looking
        samples.push(Sample::take(&place, &server, began.elapsed()));
    }
    soak.field.stop.set(true);
    for worker in workers {
        worker.await.expect("whoever worked had no trouble");
    }
    println!("{minutes} minutes, {} stories told", soak.field.ledger.borrow().stories.len());
    for (kind, asked) in soak.asked.borrow().iter() {
        println!("  {kind}: {} times, {} told to wait, slowest {:?}", asked.times, asked.later, asked.slowest);
    }
    report(&samples, minutes);
    assert_eq!(*soak.errors.borrow(), Vec::<String>::new());
    assert_eq!((soak.field.unanswered.get(), soak.field.later.get()), (0, 0), "no delivery failed or had to wait");
    everything_is_there(&soak.field, &place).await;
}

/// Everybody begins.
async fn start(soak: &Rc<Soak>, place: &Place) -> Vec<JoinHandle<()>> {
    let workgroup = Rc::new(guest(soak, place, "workgroup").await);
    let researcher = Rc::new(guest(soak, place, "researcher").await);
    let mut workers = Vec::new();
    for n in 0..9 {
        workers.push(spawn(deliver(Rc::clone(soak), n)));
    }
    for guest in [&workgroup, &researcher] {
        workers.push(spawn(look_at_patterns(Rc::clone(soak), Rc::clone(guest))));
    }
    workers.push(spawn(export(Rc::clone(soak), researcher)));
    workers.push(spawn(read_on(Rc::clone(soak))));
    workers
}

/// Logs in to the demo study with the login that it wrote down.
async fn guest(soak: &Soak, place: &Place, role: &str) -> Guest {
    let sheet = std::fs::read_to_string(place.folder().join("demo-logins.txt")).expect("the demo study was loaded");
    let project = sheet.lines().find_map(|l| l.strip_prefix("project: ")).expect("it names its project").to_owned();
    let line = sheet.lines().find(|l| l.split_whitespace().next() == Some(role)).expect("it has the role");
    let words: Vec<&str> = line.split_whitespace().collect();
    let body = json!({"email": words[1], "password": words[2]});
    let answer = soak.field.api().send(Method::POST, "/v1/sessions", "", &body).await;
    let Some((201, session)) = answer else { panic!("no login as {role}: {answer:?}") };
    Guest { project, token: text(&session["accessToken"]) }
}

/// A facilitator: single stories, batches, or stories with recordings, with a pause after each.
async fn deliver(soak: Rc<Soak>, n: usize) {
    let sender = n % soak.field.study.senders.len();
    while !soak.field.stop.get() {
        let began = Instant::now();
        let (kind, pause) = match n {
            0..6 => {
                single(&soak.field, sender).await;
                ("a story", 400)
            }
            6..8 => {
                batch(&soak.field, sender).await;
                ("a batch", 4000)
            }
            _ => {
                with_recordings(&soak.field, sender).await;
                ("a story with recordings", 1000)
            }
        };
        soak.note(kind, began.elapsed(), false);
        tokio::time::sleep(Duration::from_millis(pause)).await; // people take their time
    }
}

/// Summaries and findings for lenses that change.
async fn look_at_patterns(soak: Rc<Soak>, guest: Rc<Guest>) {
    const SIGNIFIERS: [&str; 6] = ["competence", "confidence", "health", "tone", "transport", "money"];
    const PERSPECTIVES: [&str; 3] = ["candidate", "case-manager", "job-coach"];
    let base = format!("/v1/projects/{}", guest.project);
    while !soak.field.stop.get() {
        let wave = (1 + soak.draw(3)).to_string();
        let lens = json!({"waves": [wave], "perspectives": [PERSPECTIVES[soak.draw(3)]]});
        let path = format!("{base}/signifiers/{}/summaries/_search", SIGNIFIERS[soak.draw(6)]);
        soak.ask("a summary", Method::POST, &path, &guest.token, &lens).await;
        if soak.draw(10) == 0 {
            soak.ask("findings", Method::POST, &format!("{base}/findings/_search"), &guest.token, &lens).await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await; // people look at what they see
    }
}

async fn export(soak: Rc<Soak>, guest: Rc<Guest>) {
    while !soak.field.stop.get() {
        for what in ["stories", "codebook", "datapackage"] {
            let path = format!("/v1/projects/{}/exports/{what}", guest.project);
            soak.ask("an export", Method::GET, &path, &guest.token, &Value::Null).await;
        }
        tokio::time::sleep(Duration::from_secs(5)).await; // now and then
    }
}

/// A researcher's tool that reads what is new.
async fn read_on(soak: Rc<Soak>) {
    let mut change = 0;
    while !soak.field.stop.get() {
        let path = soak.field.study.path(&format!("/stories?changedSince={change}&limit=500"));
        let token = soak.field.study.researcher.clone();
        let page = soak.ask("new stories", Method::GET, &path, &token, &Value::Null).await;
        let page: Value = page.and_then(|p| serde_json::from_slice(&p).ok()).unwrap_or_default();
        let changes = page["items"].as_array().into_iter().flatten().filter_map(|s| s["change"].as_i64());
        change = changes.fold(change, i64::max);
        tokio::time::sleep(Duration::from_secs(2)).await; // as tools do
    }
}
