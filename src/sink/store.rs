//! The listener, and what it caught.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use super::session::serve;
use crate::base::ByteString;

/// Bounds of what a sink keeps and does at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Messages kept.
    pub messages: usize,
    /// Octets of all messages together.
    pub octets: usize,
    /// Octets of one message; announced by SIZE.
    pub message_octets: usize,
    /// Connections at once; further ones wait.
    pub sessions: usize,
}

/// One message as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caught {
    /// Reverse-path, without brackets.
    pub from: String,
    /// Forward-paths, without brackets, in order.
    pub to: Vec<String>,
    /// The message, without dot-stuffing and otherwise octet for octet.
    pub octets: ByteString,
    /// When its last octet arrived.
    pub received_at: Instant,
}

/// A running sink. It ends when it is dropped.
#[derive(Debug)]
pub struct Sink {
    address: SocketAddr,
    store: Arc<Store>,
    news: watch::Receiver<usize>,
    stop: CancellationToken,
}

/// What the sessions share.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) bounds: Bounds,
    held: Mutex<Held>,
    news: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Held {
    messages: Vec<Arc<Caught>>,
    octets: usize,
}

/// There is no room for the message now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

impl Default for Bounds {
    fn default() -> Self {
        Self { messages: 20_000, octets: 512 * 1024 * 1024, message_octets: 64 * 1024 * 1024, sessions: 200 }
    }
}

impl Sink {
    /// Listens on `address`; port 0 takes any.
    pub async fn bind(address: impl tokio::net::ToSocketAddrs) -> io::Result<Self> {
        Self::bind_with(address, Bounds::default()).await
    }

    /// Listens within these bounds.
    pub async fn bind_with(address: impl tokio::net::ToSocketAddrs, bounds: Bounds) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let (sender, news) = watch::channel(0);
        let store = Arc::new(Store { bounds, held: Mutex::default(), news: sender });
        let stop = CancellationToken::new();
        let address = listener.local_addr()?;
        tokio::spawn(accept(listener, Arc::clone(&store), stop.clone()));
        Ok(Self { address, store, news, stop })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All that arrived so far, in order of arrival.
    pub fn messages(&self) -> Vec<Arc<Caught>> {
        self.store.lock().messages.clone()
    }

    /// Changes with every message that arrives; the value is how many there were.
    pub fn news(&self) -> watch::Receiver<usize> {
        self.news.clone()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Store {
    /// Keeps a message, or tells that there is no room. What was caught is evidence: nothing old is dropped for it.
    pub(super) fn keep(&self, caught: Caught) -> Result<(), Full> {
        let mut held = self.lock();
        let octets = held.octets.saturating_add(caught.octets.len());
        if held.messages.len() >= self.bounds.messages || octets > self.bounds.octets {
            return Err(Full);
        }
        held.octets = octets;
        held.messages.push(Arc::new(caught));
        let count = held.messages.len();
        drop(held);
        self.news.send_replace(count);
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: TcpListener, store: Arc<Store>, stop: CancellationToken) {
    let room = Arc::new(Semaphore::new(store.bounds.sessions));
    loop {
        let permit = tokio::select! {
            () = stop.cancelled() => return,
            permit = Arc::clone(&room).acquire_owned() => permit,
        };
        let Ok(permit) = permit else { return };
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        // A connection that broke before it was accepted, or a lack of descriptors, says nothing about the next one.
        let Ok((stream, _)) = accepted else {
            tokio::task::yield_now().await;
            continue;
        };
        let (store, stop) = (Arc::clone(&store), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                // A peer that breaks off leaves nothing behind: its message was never accepted.
                _ = serve(stream, &store) => {}
            }
            drop(permit);
        });
    }
}
