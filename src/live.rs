//! Who listens to which workshop, and what they are told: that something changed, and how many people are there.
//!
//! One task for each workshop with listeners looks into the database again and again, so that it does not matter to which
//! server process somebody is connected. Nobody holds a connection to the database while waiting.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use crate::app::Draining;
use crate::db::workshops::{self, presence};
use crate::db::{Conn, Db, DbError, DbResult, members, sessions};
use crate::domain::role::{Capability, Role};

/// How often it is looked whether something changed.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Every so many looks it is also looked whether the listeners may still listen: once a second.
const LOOKS_TO_CHECK: u64 = 4;
/// Every so many looks it is said again who is there: every ten seconds.
const LOOKS_TO_SAY: u64 = 40;
/// Streams that one person may have at the same time: a few tabs on a few machines.
const MOST_OF_ONE: usize = 6;

/// A workshop of a project.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The project.
    pub project_id: String,
    /// The workshop.
    pub workshop_id: String,
}

/// Who listens.
#[derive(Debug, Clone)]
pub struct Listener {
    /// The person.
    pub user_id: String,
    /// The session, with which listening ends.
    pub session_id: String,
}

/// What listeners are told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// Number of the last change to anything in the workshop; 0 until it was looked up.
    pub change: i64,
    /// People who are there.
    pub present: u32,
    /// Whether it ends for everybody: the workshop is gone, or the server stops.
    over: bool,
    /// Seats of those who may listen no more.
    ended: Arc<BTreeSet<u64>>,
}

/// Why somebody may not listen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// The person has as many streams as one may have.
    Person,
    /// The server has.
    Server,
}

/// All workshops to which somebody listens.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    db: Db,
    draining: Draining,
    /// Most streams at the same time.
    most: usize,
    /// A name of this process among others.
    server: String,
    rooms: Mutex<Rooms>,
}

#[derive(Default)]
struct Rooms {
    rooms: HashMap<Place, Room>,
    of_person: HashMap<String, usize>,
    open: usize,
    last_seat: u64,
}

struct Room {
    news: Arc<watch::Sender<News>>,
    seats: BTreeMap<u64, Listener>,
}

/// A place to listen from; it is free again when dropped.
pub struct Seat {
    number: u64,
    place: Place,
    user_id: String,
    news: watch::Receiver<News>,
    hub: Hub,
}

impl Hub {
    /// A hub without listeners, for at most so many streams.
    pub fn new(db: Db, draining: Draining, most: usize) -> Self {
        let server = Uuid::new_v4().to_string();
        Self(Arc::new(Inner { db, draining, most, server, rooms: Mutex::default() }))
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.0.rooms.lock().expect("no panic while held")
    }

    /// Number of streams at this moment.
    pub fn open(&self) -> usize {
        self.rooms().open
    }

    /// Takes a seat. The first of a workshop starts looking. Errors: too many listen.
    pub fn join(&self, place: Place, listener: Listener) -> Result<Seat, Full> {
        let mut rooms = self.rooms();
        if rooms.open >= self.0.most {
            return Err(Full::Server);
        }
        let of_person = rooms.of_person.entry(listener.user_id.clone()).or_default();
        if *of_person >= MOST_OF_ONE {
            return Err(Full::Person);
        }
        *of_person += 1;
        rooms.open += 1;
        rooms.last_seat += 1;
        let (number, user_id) = (rooms.last_seat, listener.user_id.clone());
        let is_new = !rooms.rooms.contains_key(&place);
        let empty = || Room { news: Arc::new(watch::Sender::new(News::default())), seats: BTreeMap::new() };
        let room = rooms.rooms.entry(place.clone()).or_insert_with(empty);
        room.seats.insert(number, listener);
        let news = room.news.subscribe();
        if is_new {
            tokio::spawn(self.clone().look(place.clone(), room.news.clone()));
        }
        Ok(Seat { number, place, user_id, news, hub: self.clone() })
    }

    /// Who sits there; `None` when nobody does: the room is closed then.
    fn seated(&self, place: &Place) -> Option<BTreeMap<u64, Listener>> {
        let mut rooms = self.rooms();
        let seats = rooms.rooms.get(place).map(|r| r.seats.clone()).filter(|s| !s.is_empty());
        if seats.is_none() {
            rooms.rooms.remove(place);
        }
        seats
    }

    /// Looks again and again, until nobody listens.
    async fn look(self, place: Place, news: Arc<watch::Sender<News>>) {
        let (mut looks, mut said) = (0, BTreeSet::new());
        while let Some(seats) = self.seated(&place) {
            let people: BTreeSet<String> = seats.values().map(|l| l.user_id.clone()).collect();
            let look = Look {
                server: self.0.server.clone(),
                place: place.clone(),
                people: Some(people.clone()).filter(|p| *p != said || looks % LOOKS_TO_SAY == 0),
                check: Some(seats).filter(|_| looks % LOOKS_TO_CHECK == 0),
            };
            match self.0.db.run(move |conn| look.run(conn)).await {
                Ok(seen) => {
                    said = people;
                    news.send_if_modified(|known| seen.tell(known, self.0.draining.get()));
                }
                // It is looked again soon; the listeners wait.
                Err(cause) => {
                    tracing::debug!(%cause, "a workshop could not be looked at");
                    let stops = self.0.draining.get();
                    news.send_if_modified(|known| stops && !std::mem::replace(&mut known.over, true));
                }
            }
            looks += 1;
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let (server, said_last) = (self.0.server.clone(), place.clone());
        let leave = move |conn: &mut Conn| presence::say(conn, &said_last.project_id, &said_last.workshop_id, &server, &[]);
        if let Err(cause) = self.0.db.write::<_, DbError>(leave).await {
            tracing::debug!(%cause, "that nobody is there any more was not noted"); // it is forgotten after a while
        }
    }
}

/// One look into the database.
struct Look {
    server: String,
    place: Place,
    /// Who is there, when that is to be said.
    people: Option<BTreeSet<String>>,
    /// Whether these may still listen, when that is to be checked.
    check: Option<BTreeMap<u64, Listener>>,
}

/// What was seen.
struct Seen {
    /// `None` when there is no such workshop.
    change: Option<i64>,
    present: u32,
    ended: Option<BTreeSet<u64>>,
}

impl Look {
    fn run(self, conn: &mut Conn) -> DbResult<Seen> {
        let Place { project_id, workshop_id } = &self.place;
        let change = workshops::change_of(conn, project_id, workshop_id)?;
        if let (Some(people), true) = (&self.people, change.is_some()) {
            let people: Vec<String> = people.iter().cloned().collect();
            let say = |conn: &mut Conn| presence::say(conn, project_id, workshop_id, &self.server, &people);
            crate::db::write_tx(conn, say)?;
        }
        let ended = self.check.as_ref().map(|seats| ended(conn, project_id, seats)).transpose()?;
        Ok(Seen { change, present: presence::count(conn, project_id, workshop_id)?, ended })
    }
}

/// Seats of those whose session or membership ended, or whose role is another now.
fn ended(conn: &mut Conn, project_id: &str, seats: &BTreeMap<u64, Listener>) -> DbResult<BTreeSet<u64>> {
    let ids: Vec<String> = seats.values().map(|l| l.session_id.clone()).collect();
    let people: Vec<String> = seats.values().map(|l| l.user_id.clone()).collect();
    let running: BTreeSet<String> = sessions::running(conn, &ids)?.into_iter().collect();
    let may = |(_, role): &(String, String)| Role::from_name(role).is_some_and(|r| r.may(Capability::Workshop));
    let roles = members::roles_of(conn, project_id, &people)?;
    let taking_part: BTreeSet<String> = roles.into_iter().filter(may).map(|(user_id, _)| user_id).collect();
    let is_over = |l: &Listener| !running.contains(&l.session_id) || !taking_part.contains(&l.user_id);
    Ok(seats.iter().filter(|(_, l)| is_over(l)).map(|(number, _)| *number).collect())
}

impl News {
    /// What goes on being told.
    pub fn of(change: i64, present: u32) -> Self {
        Self { change, present, over: false, ended: Arc::default() }
    }
}

impl Seen {
    /// Brings what is known up to date. Answers whether that is news.
    fn tell(self, known: &mut News, draining: bool) -> bool {
        let ended = self.ended.map_or_else(|| known.ended.clone(), Arc::new);
        let change = self.change.unwrap_or(known.change);
        let news = News { change, present: self.present, over: self.change.is_none() || draining, ended };
        let is_news = news != *known;
        *known = news;
        is_news
    }
}

impl Seat {
    /// What is known now; `None` when listening ended.
    pub fn news(&mut self) -> Option<News> {
        let news = self.news.borrow_and_update().clone();
        Some(news).filter(|n| !n.over && !n.ended.contains(&self.number))
    }

    /// Waits for news. Answers whether there will be any more.
    pub async fn wait(&mut self) -> bool {
        self.news.changed().await.is_ok()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut rooms = self.hub.rooms();
        rooms.open = rooms.open.saturating_sub(1);
        if let Some(count) = rooms.of_person.get_mut(&self.user_id) {
            *count -= 1;
            if *count == 0 {
                rooms.of_person.remove(&self.user_id);
            }
        }
        if let Some(room) = rooms.rooms.get_mut(&self.place) {
            room.seats.remove(&self.number);
        }
    }
}
