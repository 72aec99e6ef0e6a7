//! Messages that wait for the next hop, in memory.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::attempt::{Attempt, Duty, Fate};
use super::client::send;
use super::letter::Letter;
use super::notice::Action;
use super::notify::Addressee;
use super::post::Post;
use crate::refserver::Config;
use crate::refserver::store::InternalDate;

/// A memory that ends with the process cannot try for days, as RFC 5321 §4.5.4.1 asks; tests want to know soon.
const ATTEMPTS: u32 = 10;
const PAUSE: Duration = Duration::from_secs(1);

/// After so many attempts a message counts as delayed.
const DELAYED: u32 = 3;

/// Connections to the next hop at once.
const CONNECTIONS: usize = 10;

/// How much may wait, in KiB; at least two messages of the largest size.
const ROOM_KIB: usize = 64 * 1024;

type Waiting = (Letter, OwnedSemaphorePermit);

/// The way into the queue.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    sender: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
}

/// The way out of it.
#[derive(Debug)]
pub(super) struct Letters(mpsc::UnboundedReceiver<Waiting>);

#[derive(Debug, Clone)]
struct Carrier {
    hop: SocketAddr,
    post: Post,
    connections: Arc<Semaphore>,
}

/// A recipient and the last attempt.
type Ended = (Addressee, Option<Attempt>);

impl Queue {
    /// An empty queue.
    pub(super) fn new(config: &Config) -> (Self, Letters) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let largest = usize::try_from(config.size_limit / 512).unwrap_or(usize::MAX);
        let room = largest.saturating_add(2).clamp(ROOM_KIB, Semaphore::MAX_PERMITS);
        (Self { sender, room: Arc::new(Semaphore::new(room)) }, Letters(receiver))
    }

    /// Room for one letter, if there is any.
    pub(super) fn room(&self, letter: &Letter) -> Option<OwnedSemaphorePermit> {
        let size = u32::try_from(letter.octets.len() / 1024 + 1).ok()?;
        Arc::clone(&self.room).try_acquire_many_owned(size).ok()
    }

    /// Puts a letter into the queue; its room is free again when the letter has arrived or is given up.
    pub(super) fn push(&self, letter: Letter, room: OwnedSemaphorePermit) {
        // The receiver lives as long as the server.
        let _sent = self.sender.send((letter, room));
    }
}

impl Letters {
    /// Carries letters to the next hop, as long as the server lives.
    pub(super) async fn carried(mut self, hop: SocketAddr, post: Post) {
        let carrier = Carrier { hop, post, connections: Arc::new(Semaphore::new(CONNECTIONS)) };
        let mut letters = JoinSet::new();
        while let Some((letter, room)) = self.0.recv().await {
            while letters.try_join_next().is_some() {}
            let carrier = carrier.clone();
            letters.spawn(async move {
                carrier.carry(letter).await;
                drop(room);
            });
        }
    }
}

impl Carrier {
    /// Tries until every recipient has the letter or is given up, and tells the sender.
    async fn carry(&self, mut letter: Letter) {
        let mut ticks = interval(PAUSE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failed = Vec::new();
        for number in 1..=ATTEMPTS {
            ticks.tick().await;
            let Ok(connection) = self.connections.acquire().await else { return };
            let fates = send(self.hop, &self.post.config.hostname, &letter).await;
            drop(connection);
            let (mut relayed, mut waiting) = (Vec::<Ended>::new(), Vec::<Ended>::new());
            for addressee in std::mem::take(&mut letter.recipients) {
                match fates.get(&addressee.address).cloned() {
                    Some(Fate::Sent(_, Duty::Theirs)) => {}
                    Some(Fate::Sent(attempt, Duty::Ours)) => relayed.push((addressee, Some(attempt))),
                    Some(Fate::Never(attempt)) => failed.push((addressee, Some(attempt))),
                    Some(Fate::Later(attempt)) if number == ATTEMPTS => failed.push((addressee, Some(attempt))),
                    Some(Fate::Later(attempt)) => waiting.push((addressee, Some(attempt))),
                    None => waiting.push((addressee, None)),
                }
            }
            self.post.tell(Action::Relayed, &letter, relayed);
            letter.recipients = waiting.iter().map(|(addressee, _)| addressee.clone()).collect();
            if number == DELAYED {
                self.post.tell(Action::Delayed(until()), &letter, waiting);
            }
            if letter.recipients.is_empty() {
                break;
            }
        }
        self.post.tell(Action::Failed, &letter, failed);
    }
}

/// When a delayed letter is given up, if every attempt takes as long as the pause.
#[expect(clippy::disallowed_methods, reason = "a notice of delay names a moment")]
fn until() -> InternalDate {
    InternalDate::from_system(SystemTime::now() + PAUSE * (ATTEMPTS - DELAYED))
}
