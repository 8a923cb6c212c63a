//! Clients that are slow, silent or gone: the server answers others meanwhile, and lets go of the slow ones in time.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::ONE_AT_A_TIME;
use crate::load::{Field, single};
use crate::looks::{ask, connections, everything_is_there, files, memory, until};
use crate::server::Place;

/// Connections that are opened and say nothing.
const SILENT: usize = 300;
/// Connections on which a head, or a body, comes byte by byte.
const TRICKLES: usize = 40;

/// What a client saw at the end: what the server had said, and after how long it let go.
type End = (String, Duration);

/// Reads until the server lets go, while a task of its own sends what is left byte by byte.
async fn held(address: String, first: String, rest: String) -> End {
    let began = Instant::now();
    let stream = TcpStream::connect(address).await.expect("the server listens");
    let (mut from, mut to) = stream.into_split();
    let sender = actix_web::rt::spawn(async move {
        to.write_all(first.as_bytes()).await?;
        for byte in rest.into_bytes() {
            tokio::time::sleep(Duration::from_millis(100)).await; // a slow client
            to.write_all(&[byte]).await?;
        }
        std::future::pending::<std::io::Result<()>>().await // keeps its side open
    });
    let mut heard = Vec::new();
    let _ = from.read_to_end(&mut heard).await; // a reset is an end as well
    sender.abort();
    (String::from_utf8_lossy(&heard).into_owned(), began.elapsed())
}

#[actix_web::test]
async fn slow_and_silent_clients_are_let_go_and_keep_nobody_waiting() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let place = Place::with(&[("DUIDING_HEAD_SECONDS", "6"), ("DUIDING_BODY_SECONDS", "6")]);
    let server = place.start();
    let field = Field::new(&place, &server.url, 4).await;
    single(&field, 0).await.expect("it is kept");
    let (files_before, memory_before, before) = (files(&server), memory(&server), connections(&server));

    let address = server.url.trim_start_matches("http://").to_owned();
    let id = Uuid::new_v4();
    let head = format!("PUT {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ", field.study.path(&format!("/stories/{id}")));
    let whole_head =
        format!("{head}{}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n", field.study.researcher);
    let mut clients = Vec::new();
    for n in 0..SILENT + 2 * TRICKLES {
        let (first, rest) = match n {
            n if n < SILENT => (String::new(), String::new()),
            n if n < SILENT + TRICKLES => (String::new(), head.clone()),
            _ => (whole_head.clone(), " ".repeat(1000)),
        };
        clients.push(actix_web::rt::spawn(held(address.clone(), first, rest)));
    }
    until("all of them are connected", 20, async || files(&server) >= files_before + SILENT).await;
    let began = Instant::now();
    for sender in 0..3 {
        single(&field, sender).await.expect("others deliver meanwhile");
    }
    assert!(began.elapsed() < Duration::from_secs(5), "others waited {:?}", began.elapsed());

    for (n, client) in clients.into_iter().enumerate() {
        let (heard, after) = client.await.expect("it ends");
        assert!(after < Duration::from_secs(25), "client {n} was held for {after:?}");
        let silent = heard.is_empty() || heard.starts_with("HTTP/1.1 408");
        assert!(silent, "client {n} heard {heard}");
        if n >= SILENT + TRICKLES {
            assert!(heard.contains("\"code\":\"tooSlow\""), "a slow body is told so: {heard}");
        }
    }
    until("they are closed", 20, async || connections(&server) <= before + 1).await;
    // The pool of database connections may have grown.
    assert!(files(&server) <= files_before + 30, "{} files, {files_before} before", files(&server));
    let grown = memory(&server).saturating_sub(memory_before);
    assert!(grown < 32 << 20, "{} KiB more memory than before", grown / 1024);
    println!("{} slow clients: {} KiB more memory afterwards", SILENT + 2 * TRICKLES, grown / 1024);
    everything_is_there(&field, &place).await;
}

#[actix_web::test]
async fn a_batch_that_is_cut_leaves_nothing_and_is_kept_once_when_it_comes_again() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let place = Place::new();
    let server = place.start();
    let field = Field::new(&place, &server.url, 5).await;
    let ids: Vec<Uuid> = (0..30).map(|_| field.tell(1, 0)).collect();
    let token = field.sending(ids[0]).0;
    let stories: Vec<Value> = ids.iter().map(|id| json!({"id": id, "body": field.sending(*id).1})).collect();
    let (body, path) = (json!({"stories": stories}).to_string(), field.study.path("/stories/_batch"));
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let before = connections(&server);
    for tenth in 1..10 {
        let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).await.expect("the server listens");
        stream.write_all(head.as_bytes()).await.expect("it reads");
        stream.write_all(&body.as_bytes()[..body.len() * tenth / 10]).await.expect("it reads");
    }
    until("the server has noticed", 20, async || connections(&server) <= before).await;
    let read = ask(&field, Method::GET, &field.study.path("/stories"), &field.study.researcher, &Value::Null).await;
    let read: Value = read.json().await.expect("JSON");
    assert_eq!(read["items"], json!([]), "nothing of what did not arrive whole is kept");
    assert_eq!(field.put_batch(&ids).await.expect("it is answered"), [201].repeat(30));
    assert_eq!(field.put_batch(&ids).await.expect("it is answered"), [200].repeat(30));
    everything_is_there(&field, &place).await;
}
