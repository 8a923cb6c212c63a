//! The load: phones and a researcher who deliver all at the same time, and write down what was acknowledged.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use actix_web::rt::{spawn, task::JoinHandle};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::server::Place;
use crate::study::{Answer, Api, Study};
use crate::told::{Drawing, Ledger};

/// Connections that deliver single stories.
const SINGLES: usize = 6;
/// Connections that deliver batches.
const BATCHES: usize = 2;
/// Connections that deliver stories with recordings.
const UPLOADS: usize = 2;
/// Largest batch.
const BATCH: usize = 40;

/// What everybody who delivers shares. All run on one thread.
pub struct Field {
    pub api: RefCell<Rc<Api>>,
    pub study: Study,
    pub ledger: RefCell<Ledger>,
    pub rng: RefCell<ChaCha8Rng>,
    /// Codes of participants who have not told yet.
    pub waiting: RefCell<Vec<String>>,
    /// Set when nothing new is to be begun.
    pub stop: Cell<bool>,
    /// Answers 503: come back later.
    pub later: Cell<usize>,
    /// Requests that got no answer.
    pub unanswered: Cell<usize>,
}

impl Field {
    /// A study on a fresh server, about which nothing was told yet.
    pub async fn new(place: &Place, url: &str, seed: u64) -> Self {
        let api = Rc::new(Api::new(url));
        Self {
            study: Study::set_up(place, &api).await,
            api: RefCell::new(api),
            ledger: RefCell::default(),
            rng: RefCell::new(ChaCha8Rng::seed_from_u64(seed)),
            waiting: RefCell::default(),
            stop: Cell::new(false),
            later: Cell::new(0),
            unanswered: Cell::new(0),
        }
    }

    pub fn api(&self) -> Rc<Api> {
        self.api.borrow().clone()
    }

    /// Makes a story and writes it into the ledger before anything of it is sent.
    pub fn tell(&self, sender: usize, files: usize) -> Uuid {
        let mut rng = self.rng.borrow_mut();
        // Half of the stories name a participant, each another one, who must then have told.
        let participant = if rng.random() { self.waiting.borrow_mut().pop() } else { None };
        let mut drawing = Drawing { rng: &mut rng, framework: &self.study.framework };
        let (id, told) = drawing.story(sender, participant, files);
        self.ledger.borrow_mut().stories.insert(id, told);
        id
    }

    fn draw(&self, below: usize) -> usize {
        self.rng.borrow_mut().random_range(0..below)
    }

    /// Delivers a story once; the status when it was acknowledged.
    pub async fn put(&self, id: Uuid) -> Option<u16> {
        let (token, body) = self.sending(id);
        let answer = self.api().send(Method::PUT, &self.study.path(&format!("/stories/{id}")), &token, &body).await;
        let (status, receipt) = self.judge(answer)?;
        self.acknowledge(id, status, &receipt);
        Some(status)
    }

    /// Delivers stories of one sender at once; the status of each, when the batch was answered.
    pub async fn put_batch(&self, ids: &[Uuid]) -> Option<Vec<u16>> {
        let (token, _) = self.sending(*ids.first()?);
        let stories: Vec<Value> = ids.iter().map(|id| json!({"id": id, "body": self.sending(*id).1})).collect();
        let path = self.study.path("/stories/_batch");
        let (_, answer) = self.judge(self.api().send(Method::POST, &path, &token, &json!({"stories": stories})).await)?;
        let results = answer["results"].as_array().expect("a batch has results");
        assert_eq!(results.len(), ids.len(), "a batch answers for every story");
        let one = |(id, result): (&Uuid, &Value)| {
            let status = result["status"].as_u64().and_then(|s| u16::try_from(s).ok()).expect("a result has a status");
            self.acknowledge(*id, status, &result["receipt"]);
            status
        };
        Some(ids.iter().zip(results).map(one).collect())
    }

    /// Token and body with which a story is sent.
    pub fn sending(&self, id: Uuid) -> (String, Value) {
        let ledger = self.ledger.borrow();
        let told = ledger.story(id);
        (self.study.senders[told.sender].clone(), told.body.clone().expect("a story that is sent has its body"))
    }

    /// Status and body, unless there was no answer or the server asks to come back later. Anything else than success is a
    /// fault: a well-formed story is never refused.
    fn judge(&self, answer: Answer) -> Option<(u16, Value)> {
        let Some((status, body)) = answer else {
            self.unanswered.set(self.unanswered.get() + 1);
            return None;
        };
        if status == 503 {
            self.later.set(self.later.get() + 1);
            return None;
        }
        assert!(matches!(status, 200 | 201), "a delivery was answered with {status}: {body}");
        Some((status, body))
    }

    fn acknowledge(&self, id: Uuid, status: u16, receipt: &Value) {
        assert!(matches!(status, 200 | 201), "story {id} was answered with {status}");
        let mut ledger = self.ledger.borrow_mut();
        let told = ledger.story_mut(id);
        assert_eq!(receipt["sha256"], told.sha256, "the receipt of {id} is for other content");
        let held = if told.held { json!(["consentMissing"]) } else { json!([]) };
        assert_eq!(receipt["held"], held, "story {id} is held for other reasons");
        told.acknowledged = true;
    }

    /// Sends a file from where the server has it, in parts of at most `part` bytes; whether all of it was acknowledged.
    pub async fn upload(&self, story: Uuid, number: usize, from: u64, part: usize) -> Option<()> {
        let mut at = from;
        loop {
            let (path, token, bytes, length) = {
                let ledger = self.ledger.borrow();
                let told = ledger.story(story);
                let file = &told.files[number];
                let end = (at as usize).saturating_add(part).min(file.bytes.len());
                let path = self.study.path(&format!("/stories/{story}/attachments/{}", file.id));
                (path, self.study.senders[told.sender].clone(), file.bytes[at as usize..end].to_vec(), file.length)
            };
            let (_, state) = self.judge(self.api().send_part(&path, &token, at, &bytes).await)?;
            at += bytes.len() as u64;
            assert_eq!(state["receivedBytes"], at, "{path}: other bytes were acknowledged than were sent");
            let complete = !state["completedAt"].is_null();
            assert_eq!(complete, at == length, "{path}: complete at {at} of {length} bytes");
            let mut ledger = self.ledger.borrow_mut();
            let file = &mut ledger.story_mut(story).files[number];
            (file.acknowledged, file.complete) = (at, complete);
            if complete {
                return Some(());
            }
        }
    }
}

/// Starts everybody. Each ends when a request gets no answer, or when nothing new is to be begun.
pub fn start(field: &Rc<Field>) -> Vec<JoinHandle<()>> {
    let mut workers = Vec::new();
    for i in 0..SINGLES + BATCHES + UPLOADS {
        let (field, sender) = (field.clone(), i % field.study.senders.len());
        workers.push(spawn(async move {
            while !field.stop.get() {
                let done = match i {
                    i if i < SINGLES => single(&field, sender).await,
                    i if i < SINGLES + BATCHES => batch(&field, sender).await,
                    _ => with_recordings(&field, sender).await,
                };
                if done.is_none() {
                    return;
                }
            }
        }));
    }
    workers
}

/// One story; one in eight is sent twice at the same time, as by an impatient phone.
pub async fn single(field: &Field, sender: usize) -> Option<()> {
    let id = field.tell(sender, 0);
    if field.draw(8) > 0 {
        let status = field.put(id).await?;
        assert_eq!(status, 201, "story {id} was there before it was sent");
        return Some(());
    }
    let (one, other) = futures_util::join!(field.put(id), field.put(id));
    let (one, other) = (one?, other?);
    assert_eq!(one + other, 401, "of two equal deliveries one is new: {one} and {other}");
    Some(())
}

pub async fn batch(field: &Field, sender: usize) -> Option<()> {
    let ids: Vec<Uuid> = (0..=field.draw(BATCH)).map(|_| field.tell(sender, 0)).collect();
    let statuses = field.put_batch(&ids).await?;
    assert!(statuses.iter().all(|s| *s == 201), "a story of a batch was there before it was sent");
    Some(())
}

pub async fn with_recordings(field: &Field, sender: usize) -> Option<()> {
    let files = 1 + field.draw(2);
    let id = field.tell(sender, files);
    field.put(id).await?;
    for number in 0..files {
        let part = 1 + field.draw(40_000);
        // A part of a few bytes would make thousands of requests.
        field.upload(id, number, 0, part.max(8_000)).await?;
    }
    Some(())
}
