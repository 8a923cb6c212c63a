//! A PostgreSQL that is stopped and started under the running server. `scripts/with-postgres` says by
//! `TEST_POSTGRES_CONTROL` how.

use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::Value;

use crate::ONE_AT_A_TIME;
use crate::load::{self, Field};
use crate::looks::{ask, everything_is_there, told_to_wait, until};
use crate::server::Place;

/// Nobody waits longer for a 503.
const QUICKLY: Duration = Duration::from_secs(8);

fn control(arguments: &[&str]) -> bool {
    let Some(program) = std::env::var_os("TEST_POSTGRES_CONTROL") else { return false };
    let status = Command::new(program).args(arguments).status();
    assert!(status.is_ok_and(|s| s.success()), "PostgreSQL does not {arguments:?}");
    true
}

#[actix_web::test]
async fn a_database_that_is_away_is_said_quickly_and_waited_for() {
    let _alone = ONE_AT_A_TIME.lock().await;
    if !control(&["status"]) {
        println!("no TEST_POSTGRES_CONTROL: no database to stop");
        return;
    }
    let place = Place::new();
    let server = place.start();
    let field = Rc::new(Field::new(&place, &server.url, 3).await);
    for (round, how) in ["fast", "immediate"].into_iter().enumerate() {
        field.stop.set(false);
        let workers = load::start(&field);
        let enough = (round + 1) * 100;
        until("some stories were told", 60, async || field.ledger.borrow().stories.len() > enough).await;
        control(&["stop", "--mode", how, "-w"]);
        for worker in workers {
            worker.await.expect("whoever delivers is answered well, or with 503");
        }
        away(&field).await;
        control(&["start", "-w"]);
        let back = until("the server answers again", 30, async || ready(&field).await == 200).await;
        println!("PostgreSQL stopped ({how}) and started: ready again after {} ms", back.as_millis());
        everything_is_there(&field, &place).await;
        assert_eq!(field.unanswered.get(), 0, "every request was answered");
    }
}

async fn ready(field: &Field) -> u16 {
    ask(field, Method::GET, "/readyz", "", &Value::Null).await.status().as_u16()
}

/// What the server says without its database.
async fn away(field: &Field) {
    assert_eq!(ask(field, Method::GET, "/healthz", "", &Value::Null).await.status(), 200);
    let began = Instant::now();
    told_to_wait("readiness", ask(field, Method::GET, "/readyz", "", &Value::Null).await).await;
    assert!(began.elapsed() < Duration::from_secs(5), "a proxy learns it at once: {:?}", began.elapsed());
    let id = field.tell(0, 0);
    let (token, body) = field.sending(id);
    let path = field.study.path(&format!("/stories/{id}"));
    for (method, path) in [(Method::PUT, path), (Method::GET, field.study.path("/stories"))] {
        let began = Instant::now();
        told_to_wait("a request", ask(field, method, &path, &token, &body).await).await;
        assert!(began.elapsed() < QUICKLY, "{path} was answered after {:?}", began.elapsed());
    }
}
