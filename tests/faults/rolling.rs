//! Two servers on one PostgreSQL behind a proxy, restarted one after the other under load.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::Value;

use crate::ONE_AT_A_TIME;
use crate::load::{self, Field};
use crate::looks::{ask, everything_is_there, until};
use crate::proxy::Proxy;
use crate::server::{Place, Running};
use crate::study::Api;

/// How often each of the two servers is restarted.
const TURNS: usize = 2;

#[actix_web::test]
async fn a_rolling_restart_fails_no_request() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let place = Place::with(&[("DUIDING_DRAIN_SECONDS", "1")]);
    if place.is_sqlite() {
        println!("a file belongs to one server: nothing to roll");
        return;
    }
    let mut servers = vec![place.start(), place.start()];
    let proxy = Proxy::start().await;
    servers.iter().for_each(|s| proxy.add(&s.url));
    until("both servers are ready", 20, async || proxy.ready() == 2).await;
    let field = Rc::new(Field::new(&place, &proxy.url, 6).await);
    let workers = load::start(&field);
    let reads = Rc::new(Cell::new(0));
    let reader = actix_web::rt::spawn(read(Rc::clone(&field), Rc::clone(&reads)));
    let began = Instant::now();
    for _ in 0..TURNS {
        for server in &mut servers {
            let told = field.ledger.borrow().stories.len();
            restart(&place, &proxy, server).await;
            until("stories go on coming in", 20, async || field.ledger.borrow().stories.len() > told + 20).await;
        }
    }
    field.stop.set(true);
    for worker in workers {
        worker.await.expect("every delivery was answered well");
    }
    reader.await.expect("every question was answered well");
    assert_eq!((field.unanswered.get(), field.later.get()), (0, 0), "no delivery failed");
    let told = field.ledger.borrow().stories.len();
    println!("{} restarts in {:?}: {told} stories and {} reads, none failed", 2 * TURNS, began.elapsed(), reads.get());
    everything_is_there(&field, &place).await;
}

/// Asks a server to stop, waits until it has, and starts another in its place.
async fn restart(place: &Place, proxy: &Proxy, server: &mut Running) {
    let began = Instant::now();
    server.process.ask_to_stop();
    until("the proxy has noticed", 10, async || proxy.ready() == 1).await;
    let ended = Cell::new(None);
    until("the server has stopped", 40, async || {
        ended.set(server.process.ended());
        ended.get().is_some()
    })
    .await;
    assert_eq!(ended.get(), Some(true), "it stops well: {}", place.last_words());
    assert!(began.elapsed() >= Duration::from_secs(1), "it said for a second that it would stop");
    proxy.remove(&server.url);
    *server = place.start();
    proxy.add(&server.url);
    until("the new server is ready", 20, async || proxy.ready() == 2).await;
}

async fn read(field: Rc<Field>, reads: Rc<Cell<usize>>) {
    let path = field.study.path("/stories?limit=20");
    let api: Rc<Api> = field.api();
    while !field.stop.get() {
        let answer = api.get(&path, &field.study.researcher).await;
        assert!(matches!(answer, Some((200, _))), "a reader got {answer:?}");
        reads.set(reads.get() + 1);
    }
}

#[actix_web::test]
async fn a_server_that_was_asked_to_stop_says_so_and_goes_on_until_then() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let place = Place::with(&[("DUIDING_DRAIN_SECONDS", "5")]);
    let mut server = place.start();
    let field = Field::new(&place, &server.url, 8).await;
    let health = async || reqwest::get(format!("{}/healthz", server.url)).await.expect("an answer");
    let before = health().await;
    assert!(before.headers().get("connection").is_none(), "a connection is kept");
    let began = Instant::now();
    server.process.ask_to_stop();
    until("it says that it will stop", 5, async || ask(&field, Method::GET, "/readyz", "", &Value::Null).await.status() == 503)
        .await;
    load::single(&field, 0).await.expect("it is still taken in");
    let after = health().await;
    assert_eq!((after.status().as_u16(), &after.headers()["connection"]), (200, &"close".parse().expect("a value")));
    until("it has stopped", 30, async || server.process.ended().is_some()).await;
    assert_eq!(server.process.ended(), Some(true), "it stops well");
    assert!(began.elapsed() >= Duration::from_secs(5), "it went on for as long as it was told to");
    let server = place.start();
    field.api.replace(Rc::new(Api::new(&server.url)));
    everything_is_there(&field, &place).await;
}
