//! Messages that wait for the next hop, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::bounce::Bounce;
use super::client::{Fate, send};
use super::recipient::local_user;
use crate::refserver::Config;
use crate::refserver::sasl::timestamp;
use crate::refserver::store::{InternalDate, Store};

/// A memory that ends with the process cannot try for days, as RFC 5321 §4.5.4.1 asks; tests want to know soon.
const ATTEMPTS: u32 = 10;
const PAUSE: Duration = Duration::from_secs(1);

/// Connections to the next hop at once.
const CONNECTIONS: usize = 10;

/// How much may wait, in KiB; at least two messages of the largest size.
const ROOM_KIB: usize = 64 * 1024;

/// One message on its way.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    /// The mailbox of the reverse-path; empty for the null one.
    pub(super) reverse: String,
    /// Mailboxes, as given.
    pub(super) recipients: BTreeSet<String>,
    pub(super) octets: Arc<[u8]>,
}

/// The way into the queue.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    sender: mpsc::UnboundedSender<(Letter, OwnedSemaphorePermit)>,
    room: Arc<Semaphore>,
}

#[derive(Debug, Clone)]
struct Carrier {
    hop: SocketAddr,
    config: Arc<Config>,
    store: Store,
    connections: Arc<Semaphore>,
}

impl Queue {
    /// A queue that is served by a task of `tasks`.
    pub(super) fn start(hop: SocketAddr, config: &Arc<Config>, store: &Store, tasks: &mut JoinSet<()>) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let largest = usize::try_from(config.size_limit / 512).unwrap_or(usize::MAX);
        let room = largest.saturating_add(2).clamp(ROOM_KIB, Semaphore::MAX_PERMITS);
        let (config, store, connections) = (Arc::clone(config), store.clone(), Arc::new(Semaphore::new(CONNECTIONS)));
        tasks.spawn(run(receiver, Carrier { hop, config, store, connections }));
        Self { sender, room: Arc::new(Semaphore::new(room)) }
    }

    /// Room for one letter, if there is any.
    pub(super) fn room(&self, letter: &Letter) -> Option<OwnedSemaphorePermit> {
        let size = u32::try_from(letter.octets.len() / 1024 + 1).ok()?;
        Arc::clone(&self.room).try_acquire_many_owned(size).ok()
    }

    /// Puts a letter into the queue; its room is free again when the letter has arrived or come back.
    pub(super) fn push(&self, letter: Letter, room: OwnedSemaphorePermit) {
        // The receiver lives as long as the server.
        let _sent = self.sender.send((letter, room));
    }
}

async fn run(mut receiver: mpsc::UnboundedReceiver<(Letter, OwnedSemaphorePermit)>, carrier: Carrier) {
    let mut letters = JoinSet::new();
    while let Some((letter, room)) = receiver.recv().await {
        while letters.try_join_next().is_some() {}
        let carrier = carrier.clone();
        letters.spawn(async move {
            let mut next = Some(letter);
            while let Some(letter) = next {
                next = carrier.carry(letter).await;
            }
            drop(room);
        });
    }
}

impl Carrier {
    /// Tries until every recipient has the letter or is given up. A notice of failure that has to go on by the next hop.
    async fn carry(&self, mut letter: Letter) -> Option<Letter> {
        let mut failed = BTreeMap::new();
        let mut ticks = interval(PAUSE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for attempt in 1..=ATTEMPTS {
            ticks.tick().await;
            let Ok(connection) = self.connections.acquire().await else { return None };
            let fates = send(self.hop, &self.config.hostname, &letter).await;
            drop(connection);
            for (recipient, fate) in fates {
                match fate {
                    Fate::Later(_) if attempt < ATTEMPTS => continue,
                    Fate::Sent => {}
                    Fate::Later(failure) | Fate::Never(failure) => {
                        failed.insert(recipient.clone(), failure);
                    }
                }
                letter.recipients.remove(&recipient);
            }
            if letter.recipients.is_empty() {
                break;
            }
        }
        if failed.is_empty() { None } else { self.bounce(&letter, &failed) }
    }

    /// Tells the sender (RFC 5321 §6.1); the null one has nobody to tell.
    #[expect(clippy::disallowed_methods, reason = "a notice says when it was written")]
    fn bounce(&self, letter: &Letter, failed: &BTreeMap<String, String>) -> Option<Letter> {
        if letter.reverse.is_empty() {
            return None;
        }
        let date = InternalDate::from_system(SystemTime::now());
        let id = timestamp(&self.config.hostname)?;
        let (to, message) = (letter.reverse.as_str(), &*letter.octets);
        let bounce = Bounce { config: &self.config, date, id: &id, to, failed, message };
        let octets = bounce.message();
        let Some(user) = local_user(&letter.reverse, &self.config) else {
            let recipients = BTreeSet::from([letter.reverse.clone()]);
            return Some(Letter { reverse: String::new(), recipients, octets: octets.into() });
        };
        // Mail for a full INBOX is lost here as a bounce to the null sender would be.
        let _delivered = self.store.deliver(&user, [b"Return-Path: <>\r\n", octets.as_slice()].concat(), date);
        None
    }
}
