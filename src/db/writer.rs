//! Group commit: what arrives together is made durable together.
//!
//! One thread takes the deliveries that are waiting, gives each a savepoint of its own, commits once and then
//! answers all. A commit waits for the disk, so sixteen phones that deliver at the same moment cost one wait
//! instead of sixteen. Readers never wait for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Instant;

use tokio::sync::oneshot;

use super::stories::{Delivered, Delivery, DeliveryContext, deliver};
use super::{Conn, Db, DbError, DbResult, projects, savepoint, webhooks, write_tx};
use crate::domain::webhook::EventKind;
use crate::metrics::Metrics;

/// Most deliveries in one commit.
const GROUP: usize = 512;
/// Deliveries that may wait; beyond that a sender is told to come back later.
const WAITING: usize = 4096;

struct Job {
    deliveries: Vec<Delivery>,
    answer: oneshot::Sender<DbResult<Vec<Delivered>>>,
    since: Instant,
}

/// Hands deliveries to the writing thread.
#[derive(Clone)]
pub struct Writer {
    queue: SyncSender<Job>,
    metrics: Arc<Metrics>,
}

impl Writer {
    /// Starts the writing thread; it ends when the last writer is dropped.
    pub fn start(db: Db, metrics: Arc<Metrics>) -> Self {
        let counts = metrics.clone();
        let (queue, jobs) = sync_channel(WAITING);
        std::thread::Builder::new()
            .name("story-writer".to_owned())
            .spawn(move || work(&db, &jobs, &counts))
            .expect("a thread can be started");
        Self { queue, metrics }
    }

    /// Makes stories durable. All of a call are kept together, or none.
    pub async fn deliver(&self, deliveries: Vec<Delivery>) -> DbResult<Vec<Delivered>> {
        let (answer, answered) = oneshot::channel();
        let job = Job { deliveries, answer, since: Instant::now() };
        self.metrics.waiting.inc(); // before the thread can take it out
        self.queue.try_send(job).map_err(|e| {
            self.metrics.waiting.dec();
            match e {
                TrySendError::Full(_) => DbError::Unavailable("too many stories are waiting".to_owned()),
                TrySendError::Disconnected(_) => DbError::Internal("the story writer has stopped".to_owned()),
            }
        })?;
        answered.await.unwrap_or_else(|_| Err(DbError::Internal("the story writer gave no answer".to_owned())))
    }
}

fn work(db: &Db, jobs: &Receiver<Job>, metrics: &Metrics) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        let mut size = group[0].deliveries.len();
        while size < GROUP {
            let Ok(next) = jobs.try_recv() else { break };
            size += next.deliveries.len();
            group.push(next);
        }
        let began = count(metrics, &group, size);
        let answers = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| commit(db, &group)));
        let answers = answers.unwrap_or_else(|_| Err(DbError::Internal("the story writer panicked".to_owned())));
        metrics.commit.observe(began.elapsed().as_secs_f64());
        match answers {
            Ok(answers) => {
                for (job, answer) in group.into_iter().zip(answers) {
                    // A client that went away will ask again; the story is kept.
                    let _ = job.answer.send(answer);
                }
            }
            Err(e) => fail(group, &e),
        }
    }
}

/// Counts a group that is about to be written; the moment at which it is.
fn count(metrics: &Metrics, group: &[Job], stories: usize) -> Instant {
    let now = Instant::now();
    metrics.waiting.dec_by(group.len() as i64);
    metrics.group.observe(stories as f64);
    group.iter().for_each(|job| metrics.waited.observe((now - job.since).as_secs_f64()));
    now
}

/// One transaction for the whole group; the answer of each job in order.
fn commit(db: &Db, group: &[Job]) -> DbResult<Vec<DbResult<Vec<Delivered>>>> {
    db.run_blocking(|conn| {
        write_tx(conn, |conn| {
            let changes = take_changes(conn, group)?;
            let mut ctx = DeliveryContext::default();
            let mut answers = Vec::with_capacity(group.len());
            for job in group {
                let answer = savepoint(conn, |conn| deliver_all(conn, &mut ctx, &changes, &job.deliveries));
                if let Err(DbError::Unavailable(why)) = answer {
                    return Err(DbError::Unavailable(why)); // the whole commit would fail as well
                }
                answers.push(answer);
            }
            announce(conn, group, &answers)?;
            Ok(answers)
        })
    })
}

/// Notes for webhooks how many stories came in. That this fails is no reason to keep a story out. Errors: the database has
/// no room or went away, so that the whole commit would fail as well.
fn announce(conn: &mut Conn, group: &[Job], answers: &[DbResult<Vec<Delivered>>]) -> DbResult<()> {
    let mut new: BTreeMap<&str, i64> = BTreeMap::new();
    for (job, answer) in group.iter().zip(answers) {
        let kept = job.deliveries.iter().zip(answer.iter().flatten());
        for (delivery, _) in kept.filter(|(_, delivered)| matches!(delivered, Delivered::New { .. })) {
            *new.entry(delivery.project_id.as_str()).or_default() += 1;
        }
    }
    for (project_id, count) in new {
        let told = savepoint(conn, |conn| webhooks::announce(conn, project_id, EventKind::StoryDelivered, "", count));
        match told {
            Err(DbError::Unavailable(why)) => return Err(DbError::Unavailable(why)),
            Err(cause) => tracing::warn!(%cause, "webhooks are not told of new stories"),
            Ok(()) => {}
        }
    }
    Ok(())
}

fn deliver_all(
    conn: &mut Conn,
    ctx: &mut DeliveryContext,
    changes: &BTreeMap<&str, i64>,
    deliveries: &[Delivery],
) -> DbResult<Vec<Delivered>> {
    let one = |d: &Delivery| {
        let change = changes.get(d.project_id.as_str()).copied().ok_or(DbError::NotFound)?;
        deliver(conn, ctx, change, d)
    };
    deliveries.iter().map(one).collect()
}

/// One change number per project and commit, taken in the order of ids, so that two processes cannot lock each other.
fn take_changes<'a>(conn: &mut Conn, group: &'a [Job]) -> DbResult<BTreeMap<&'a str, i64>> {
    let mut changes = BTreeMap::new();
    for delivery in group.iter().flat_map(|job| &job.deliveries) {
        changes.insert(delivery.project_id.as_str(), 0);
    }
    let mut gone = Vec::new();
    for (project, change) in &mut changes {
        match projects::next_change(conn, project) {
            Ok(next) => *change = next,
            Err(DbError::NotFound) => gone.push(*project),
            Err(e) => return Err(e),
        }
    }
    for project in gone {
        changes.remove(project);
    }
    Ok(changes)
}

fn fail(group: Vec<Job>, e: &DbError) {
    for job in group {
        let again = match e {
            DbError::Unavailable(why) => DbError::Unavailable(why.clone()),
            other => DbError::Internal(other.to_string()),
        };
        let _ = job.answer.send(Err(again));
    }
}
