//! A small proxy, as one stands before several servers: connections go to those that say that they are ready, in turn.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use actix_web::rt::{spawn, task::JoinHandle};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// A server behind the proxy.
struct Backend {
    url: String,
    ready: Cell<bool>,
}

/// The proxy. It ends with this value.
pub struct Proxy {
    pub url: String,
    backends: Rc<RefCell<Vec<Rc<Backend>>>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Proxy {
    /// Listens, with no servers behind it yet.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let backends = Rc::default();
        let tasks = vec![spawn(look(Rc::clone(&backends))), spawn(serve(listener, Rc::clone(&backends)))];
        Self { url, backends, tasks }
    }

    /// Puts a server behind it.
    pub fn add(&self, url: &str) {
        self.backends.borrow_mut().push(Rc::new(Backend { url: url.to_owned(), ready: Cell::new(false) }));
    }

    /// Takes a server away.
    pub fn remove(&self, url: &str) {
        self.backends.borrow_mut().retain(|b| b.url != url);
    }

    /// Servers that said that they are ready.
    pub fn ready(&self) -> usize {
        self.backends.borrow().iter().filter(|b| b.ready.get()).count()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Asks every server again and again whether it is ready.
async fn look(backends: Rc<RefCell<Vec<Rc<Backend>>>>) {
    duiding::files::choose_cryptography();
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).no_proxy().build().expect("a client can be made");
    loop {
        let all = backends.borrow().clone();
        for backend in all {
            let answer = client.get(format!("{}/readyz", backend.url)).send().await;
            backend.ready.set(answer.is_ok_and(|a| a.status() == 200));
        }
        tokio::time::sleep(Duration::from_millis(50)).await; // between two looks
    }
}

async fn serve(listener: TcpListener, backends: Rc<RefCell<Vec<Rc<Backend>>>>) {
    let turn = Rc::new(Cell::new(0));
    while let Ok((client, _)) = listener.accept().await {
        let (backends, turn) = (Rc::clone(&backends), Rc::clone(&turn));
        spawn(async move {
            let ready: Vec<_> = backends.borrow().iter().filter(|b| b.ready.get()).cloned().collect();
            for _ in 0..ready.len() {
                turn.set(turn.get() + 1);
                let address = ready[turn.get() % ready.len()].url.trim_start_matches("http://");
                // One that refuses is passed over.
                if let Ok(mut server) = TcpStream::connect(address).await {
                    let mut client = client;
                    let _ = copy_bidirectional(&mut client, &mut server).await;
                    return;
                }
            }
        });
    }
}
