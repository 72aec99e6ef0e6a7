//! The handle that all sessions share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thiserror::Error;
use tokio::sync::watch;

use super::maildrop::messages_of;
use super::{Account, Flags, InternalDate, MailboxName, MaildropError, MaildropMessage, NewMessage, NodeError};

/// No room for one more message, mailbox or subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("there is no room left")]
pub struct Full;

/// Bounds of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Mailboxes, and as many subscriptions.
    pub mailboxes: usize,
    /// Messages over all mailboxes.
    pub messages: usize,
    /// Octets of messages over all mailboxes.
    pub octets: u64,
    /// The UIDVALIDITY of the first mailbox, at least 1. Whoever starts one server after the other takes the time.
    pub first_uidvalidity: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { mailboxes: 1000, messages: 20_000, octets: 256 * 1024 * 1024, first_uidvalidity: 1 }
    }
}

/// The accounts of the server. Clones are the same store.
#[derive(Debug, Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    limits: Limits,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    accounts: BTreeMap<String, Slot>,
    /// Users whose maildrop a POP3 session holds.
    maildrops: BTreeSet<String>,
}

#[derive(Debug)]
struct Slot {
    account: Account,
    changes: watch::Sender<u64>,
}

/// So many numbers of mailboxes and messages has each account, so that no two of them are the same on the whole server (RFC 8474
/// §4, §5.1).
const IDS_OF_ACCOUNT: u64 = 1 << 32;

impl Slot {
    /// Wakes those who watch the account if it has changed since.
    fn wake(&self) {
        let modified = self.account.modified();
        self.changes.send_if_modified(|seen| std::mem::replace(seen, modified) != modified);
    }
}

/// All accounts, while nobody else has any.
#[derive(Debug)]
pub struct Accounts<'s>(&'s mut BTreeMap<String, Slot>);

impl Accounts<'_> {
    /// The account of a user. Names of users compare in any case.
    pub fn get(&mut self, user: &str) -> Option<&mut Account> {
        self.0.get_mut(&key(user)).map(|slot| &mut slot.account)
    }
}

impl Store {
    /// A store without accounts.
    pub fn new(limits: Limits) -> Self {
        Self { shared: Arc::new(Shared { limits, state: Mutex::default() }) }
    }

    /// Makes an account with an empty INBOX, unless it is there. Names of users compare in any case.
    pub fn add_account(&self, user: &str) {
        let limits = self.shared.limits;
        let user = key(user);
        let mut state = self.lock();
        let count = state.accounts.len() as u64;
        state.accounts.entry(user.clone()).or_insert_with(|| {
            let account = Account::new(&user, limits, count * IDS_OF_ACCOUNT + 1);
            let changes = watch::Sender::new(account.modified());
            Slot { account, changes }
        });
    }

    /// Whether there is such an account.
    pub fn has_account(&self, user: &str) -> bool {
        self.lock().accounts.contains_key(&key(user))
    }

    /// Looks at or changes one account while no one else does, then wakes those who watch it if it changed.
    pub fn with<R>(&self, user: &str, action: impl FnOnce(&mut Account) -> R) -> Option<R> {
        let mut state = self.lock();
        let slot = state.accounts.get_mut(&key(user))?;
        let result = action(&mut slot.account);
        slot.wake();
        Some(result)
    }

    /// Looks at or changes several accounts while no one else does, then wakes those who watch one that changed.
    pub fn with_all<R>(&self, action: impl FnOnce(&mut Accounts<'_>) -> R) -> R {
        let mut state = self.lock();
        let result = action(&mut Accounts(&mut state.accounts));
        state.accounts.values().for_each(Slot::wake);
        result
    }

    /// Who has an account, in lower case and in order.
    pub fn users(&self) -> Vec<String> {
        self.lock().accounts.keys().cloned().collect()
    }

    /// Wakes its reader whenever the account changes.
    pub fn subscribe(&self, user: &str) -> Option<watch::Receiver<u64>> {
        Some(self.lock().accounts.get(&key(user))?.changes.subscribe())
    }

    /// Puts a message into the INBOX of a user, without flags.
    pub fn deliver(&self, user: &str, octets: impl Into<Arc<[u8]>>, date: InternalDate) -> Result<(), NodeError> {
        let octets = octets.into();
        self.with(user, |account| {
            let (inbox, _) = account.find(&MailboxName::inbox()).ok_or(NodeError::Missing)?;
            let new = NewMessage { octets, flags: Flags::new(), date, saved: date };
            account.append(inbox, vec![new]).map(|_| ())
        })
        .unwrap_or(Err(NodeError::Missing))
    }

    /// Takes the maildrop of a user; nobody else gets it before the value is dropped (RFC 1939 §4).
    pub fn open_maildrop(&self, user: &str) -> Result<Maildrop, MaildropError> {
        self.maildrop(user, Hold::Alone)
    }

    /// The same, but others may have it too: what a server does that breaks RFC 1939 §4.
    pub fn share_maildrop(&self, user: &str) -> Result<Maildrop, MaildropError> {
        self.maildrop(user, Hold::Shared)
    }

    fn maildrop(&self, user: &str, hold: Hold) -> Result<Maildrop, MaildropError> {
        let user = key(user);
        let mut state = self.lock();
        let slot = state.accounts.get(&user).ok_or(MaildropError::Missing)?;
        let (_, inbox) = slot.account.find(&MailboxName::inbox()).ok_or(MaildropError::Missing)?;
        let messages = messages_of(inbox);
        if hold == Hold::Alone && !state.maildrops.insert(user.clone()) {
            return Err(MaildropError::InUse);
        }
        drop(state);
        Ok(Maildrop { store: self.clone(), user, messages, hold })
    }

    // A panic in another thread leaves a state that is still a state; every change keeps the invariants step by step.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A maildrop that one POP3 session holds, as it was when opened. What IMAP expunges meanwhile can still be read.
#[derive(Debug)]
pub struct Maildrop {
    store: Store,
    user: String,
    messages: Vec<MaildropMessage>,
    hold: Hold,
}

/// Who else may have a maildrop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// Nobody.
    Alone,
    /// Anybody.
    Shared,
}

impl Maildrop {
    /// The messages; message number `n` of POP3 is the element `n - 1`.
    pub fn messages(&self) -> &[MaildropMessage] {
        &self.messages
    }

    /// Takes the messages that are there now: what a server does that breaks RFC 1939 §4.
    pub fn read_anew(&mut self) {
        let messages = self.store.with(&self.user, |account| {
            account.find(&MailboxName::inbox()).map(|(_, inbox)| messages_of(inbox)).unwrap_or_default()
        });
        self.messages = messages.unwrap_or_default();
    }

    /// Whether somebody has removed this message since.
    pub fn is_gone(&self, uid: u32) -> bool {
        let there = self.store.with(&self.user, |account| {
            account.find(&MailboxName::inbox()).is_some_and(|(_, inbox)| inbox.message(uid).is_some())
        });
        there != Some(true)
    }

    /// Deletes the messages with these UIDs: the UPDATE state (RFC 1939 §6). UIDs that are gone already are ignored.
    pub fn update(self, deleted: &BTreeSet<u32>) {
        let uids: Vec<u32> = deleted.iter().copied().collect();
        let _gone = self.store.with(&self.user, |account| {
            let inbox = account.find(&MailboxName::inbox()).map(|(id, _)| id);
            inbox.map(|id| account.remove(id, &uids))
        });
    }
}

impl Drop for Maildrop {
    fn drop(&mut self) {
        if self.hold == Hold::Alone {
            self.store.lock().maildrops.remove(&self.user);
        }
    }
}

fn key(user: &str) -> String {
    user.to_ascii_lowercase()
}
