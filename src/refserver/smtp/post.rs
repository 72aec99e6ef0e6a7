//! Where accepted messages go, and notices of what became of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::task::JoinSet;

use super::attempt::Attempt;
use super::binary::as_lines;
use super::envelope::Transaction;
use super::letter::{Body, Envelope, Letter};
use super::notice::{Action, Notice};
use super::notify::{Addressee, Notify};
use super::queue::Queue;
use super::recipient::{Recipient, local_user};
use super::trace::{Trace, loops, without_field};
use super::wrong::{Rumours, arrival, filed, handed_on, is_told, misworded, remodified};
use crate::refserver::Config;
use crate::refserver::sasl::timestamp;
use crate::refserver::store::{InternalDate, MailboxName, Store};

const FULL: &str = "452 4.3.1 no room left";

/// The mailboxes of this server, and the way to others. Clones are the same.
#[derive(Debug, Clone)]
pub struct Post {
    pub(super) config: Arc<Config>,
    store: Store,
    queue: Option<Queue>,
    pub(super) rumours: Rumours,
}

impl Post {
    /// Begins to serve the queue, if there is a next hop, in a task of `tasks`.
    pub fn open(config: &Arc<Config>, store: &Store, tasks: &mut JoinSet<()>) -> Self {
        let (config, store) = (Arc::clone(config), store.clone());
        let Some(hop) = config.next_hop else {
            return Self { config, store, queue: None, rumours: Rumours::default() };
        };
        let (queue, letters) = Queue::new(&config);
        let post = Self { config, store, queue: Some(queue), rumours: Rumours::default() };
        tasks.spawn(letters.carried(hop, post.clone()));
        post
    }

    /// Puts the message into each INBOX and into the queue; the reply. When one INBOX is full the client is told to try
    /// again, which may bring the others a second copy: better than none (RFC 5321 §6.1).
    pub(super) fn deliver(&self, trace: &Trace<'_>, transaction: Transaction, octets: &[u8]) -> &'static str {
        if loops(octets) {
            return "554 5.4.6 the message goes round in circles";
        }
        let Transaction { envelope, recipients, .. } = transaction;
        let (here, there): (Vec<_>, Vec<_>) =
            recipients.into_iter().partition(|(_, recipient)| matches!(recipient, Recipient::User(_)));
        let faults = &self.config.faults;
        let told = here.iter().any(|(addressee, _)| is_told(Action::Delivered, addressee, &envelope, faults));
        // Most messages are neither sent on nor told of.
        let whole: Arc<[u8]> = match told || !there.is_empty() {
            true => [trace.received().as_bytes(), octets].concat().into(),
            false => Arc::default(),
        };
        let letter = |recipients: Vec<Addressee>| Letter {
            envelope: envelope.clone(),
            recipients,
            octets: Arc::clone(&whole),
            arrived: trace.date,
        };
        let onward = letter(there.into_iter().map(|(addressee, _)| addressee).collect());
        let onward = Letter { octets: handed_on(onward.octets, faults), ..onward };
        let room = match (onward.recipients.is_empty(), &self.queue) {
            (true, _) => None,
            (false, None) => return FULL,
            (false, Some(queue)) => match queue.room(&onward) {
                Some(room) => Some((queue, room)),
                None => return FULL,
            },
        };
        let users = here.iter().filter_map(|(_, recipient)| match recipient {
            Recipient::User(user) => Some(user.as_str()),
            Recipient::Foreign => None,
        });
        if !self.put(&users.collect(), trace, &envelope, octets) {
            return FULL;
        }
        let delivered = here.into_iter().map(|(addressee, _)| (addressee, None)).collect();
        self.tell(Action::Delivered, &letter(Vec::new()), delivered);
        if let Some((queue, room)) = room {
            queue.push(onward, room);
        }
        "250 2.0.0 delivered"
    }

    /// Removes the last message of an INBOX, for a server with faults.
    pub(super) fn take_back(&self, user: &str) {
        self.store.with(user, |account| {
            let found = account.find(&MailboxName::inbox());
            let last = found.and_then(|(inbox, mailbox)| Some((inbox, mailbox.messages().last()?.uid)));
            last.into_iter().for_each(|(inbox, uid)| drop(account.remove(inbox, &[uid])));
        });
    }

    /// Puts the message into each INBOX; whether all had room. POP3 and IMAP read lines, so that binary bodies get an
    /// encoding in which they keep every bit (RFC 3030 §3); those that tell nobody that they are binary stay as they are.
    fn put(&self, users: &BTreeSet<&str>, trace: &Trace<'_>, envelope: &Envelope, octets: &[u8]) -> bool {
        let encoded = match envelope.body {
            Body::Binary => as_lines(octets),
            Body::Lines => None,
        };
        let octets = encoded.as_deref().unwrap_or(octets);
        // The Return-Path it came with is not the true one (RFC 5321 §4.4).
        let message = match self.config.faults.is_empty() {
            true => [trace.fields().as_bytes(), &without_field(octets, b"Return-Path:")].concat(),
            false => filed(trace, users, octets, &self.config),
        };
        let arrived = arrival(trace, octets, &self.config);
        let mut all = true;
        for user in users {
            all &= self.store.deliver(user, message.clone(), arrived).is_ok();
            remodified(&self.store, user, &self.config.faults);
        }
        all
    }

    /// Tells the sender of those recipients for whom that was asked (RFC 3461 §5.2, RFC 5321 §6.1). The null sender has
    /// nobody to tell, and a notice for which there is no room or no way is lost, as a notice about it would be.
    #[expect(clippy::disallowed_methods, reason = "a notice says when it was written")]
    pub(super) fn tell(&self, action: Action, letter: &Letter, recipients: Vec<(Addressee, Option<Attempt>)>) {
        let wanted = |(addressee, _): &(Addressee, Option<Attempt>)| {
            is_told(action, addressee, &letter.envelope, &self.config.faults)
        };
        let recipients: Vec<_> = recipients.into_iter().filter(wanted).collect();
        let sender = &letter.envelope.reverse;
        if recipients.is_empty() || sender.is_empty() {
            return;
        }
        let date = InternalDate::from_system(SystemTime::now());
        let Some(id) = timestamp(&self.config.hostname) else { return };
        let notice = Notice { config: &self.config, date, id: &id, action, letter, recipients: &recipients };
        let octets = notice.message();
        if let Some(user) = local_user(sender, &self.config) {
            let octets = [b"Return-Path: <>\r\n", octets.as_slice()].concat();
            let _delivered = self.store.deliver(&user, misworded(octets, letter, &self.config), date);
        } else if let Some(queue) = &self.queue {
            let envelope = Envelope { reverse: String::new(), ..Envelope::plain(sender) };
            let back = Addressee { address: sender.clone(), notify: Some(Notify::never()), original: None };
            let letter = Letter { envelope, recipients: vec![back], octets: octets.into(), arrived: date };
            if let Some(room) = queue.room(&letter) {
                queue.push(letter, room);
            }
        }
    }
}
