//! A way to the object store that can be closed, and that can answer in its place.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What happens to connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// They reach the store.
    Open,
    /// They are closed at once.
    Closed,
    /// They are answered with this status.
    Answers(u16),
}

/// The way, on a port of its own until it is dropped.
pub struct Gate {
    address: SocketAddr,
    way: watch::Sender<Way>,
}

impl Gate {
    /// An open way to a store, `http://host:port`.
    pub async fn to(store: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, store) = (listener.local_addr().unwrap(), store.trim_start_matches("http://").to_owned());
        let (way, changes) = watch::channel(Way::Open);
        actix_web::rt::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                actix_web::rt::spawn(lead(client, store.clone(), changes.clone()));
            }
        });
        Self { address, way }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes what happens, also to connections that are there.
    pub fn set(&self, way: Way) {
        self.way.send_replace(way);
    }
}

async fn lead(mut client: TcpStream, store: String, mut changes: watch::Receiver<Way>) {
    let way = *changes.borrow_and_update();
    match way {
        Way::Closed => {}
        Way::Answers(status) => {
            let mut some = [0; 1024];
            let _ = client.read(&mut some).await;
            let answer = format!("HTTP/1.1 {status} Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = client.write_all(answer.as_bytes()).await;
        }
        Way::Open => {
            let mut there = TcpStream::connect(store).await.unwrap();
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut there) => {}
                _ = changes.changed() => {}
            }
        }
    }
}
