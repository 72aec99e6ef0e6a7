//! Where accepted messages go.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::envelope::Transaction;
use super::queue::{Letter, Queue};
use super::trace::{Trace, loops, without_return_path};
use crate::refserver::Config;
use crate::refserver::store::Store;

const FULL: &str = "452 4.3.1 no room left";

/// The mailboxes of this server, and the way to others. Clones are the same.
#[derive(Debug, Clone)]
pub struct Post {
    pub(super) config: Arc<Config>,
    store: Store,
    queue: Option<Queue>,
}

impl Post {
    /// Begins to serve the queue, if there is a next hop, in a task of `tasks`.
    pub fn open(config: &Arc<Config>, store: &Store, tasks: &mut JoinSet<()>) -> Self {
        let queue = config.next_hop.map(|hop| Queue::start(hop, config, store, tasks));
        Self { config: Arc::clone(config), store: store.clone(), queue }
    }

    /// Puts the message into each INBOX and into the queue; the reply. When one INBOX is full the client is told to try
    /// again, which may bring the others a second copy: better than none (RFC 5321 §6.1).
    pub(super) fn deliver(&self, trace: &Trace<'_>, transaction: &Transaction, octets: &[u8]) -> &'static str {
        if loops(octets) {
            return "554 5.4.6 the message goes round in circles";
        }
        let letter = (!transaction.foreign.is_empty()).then(|| Letter {
            reverse: transaction.reverse.clone(),
            recipients: transaction.foreign.clone(),
            octets: [trace.received().as_bytes(), octets].concat().into(),
        });
        let room = match (&letter, &self.queue) {
            (None, _) => None,
            (Some(letter), Some(queue)) => match queue.room(letter) {
                Some(room) => Some(room),
                None => return FULL,
            },
            (Some(_), None) => return FULL,
        };
        let message = [trace.fields().as_bytes(), &without_return_path(octets)].concat();
        let mut all = true;
        for user in &transaction.users {
            all &= self.store.deliver(user, message.clone(), trace.date).is_ok();
        }
        if !all {
            return FULL;
        }
        if let (Some(letter), Some(queue), Some(room)) = (letter, &self.queue, room) {
            queue.push(letter, room);
        }
        "250 2.0.0 delivered"
    }
}
