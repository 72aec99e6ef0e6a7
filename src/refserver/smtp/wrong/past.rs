//! What a server with faults remembers of a connection, and of all of them.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::envelope::Transaction;
use super::super::notify::Addressee;
use super::super::recipient::Recipient;
use super::Said;

/// What connections tell each other.
#[derive(Debug, Clone, Default)]
pub(in crate::refserver::smtp) struct Rumours(Arc<Mutex<BTreeSet<String>>>);

impl Rumours {
    pub(super) fn spread(&self, word: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(word);
    }

    pub(super) fn tell_of(&self, word: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(word)
    }
}

/// What was before on a connection. A server without faults never looks at it.
#[derive(Debug, Default)]
pub(in crate::refserver::smtp) struct Past {
    pub(in crate::refserver::smtp) rumours: Rumours,
    /// Accepted EHLO and HELO.
    pub(super) hellos: u32,
    /// Commands since the last of them.
    pub(super) since_hello: u32,
    /// MAIL that was accepted, and that was refused for its path.
    pub(super) mails: u32,
    pub(super) bad_mails: u32,
    /// Whether the sender of this transaction was given without a domain.
    pub(super) unqualified: bool,
    /// RSET since the last accepted MAIL.
    pub(super) resets: u32,
    /// Recipients of this transaction that were accepted, each as often as it was named, and that were refused.
    pub(super) recipients: u32,
    pub(super) refused: u32,
    /// Recipients that were reached by a route.
    pub(super) routed: u32,
    /// Transactions that came to their end, and how many of them by BDAT.
    pub(super) finished: u32,
    pub(super) chunked: u32,
    /// Chunks of this transaction.
    pub(super) chunks: u32,
    /// Commands that were not known.
    pub(super) unknown: u32,
    /// Logins that failed.
    pub(super) failed_logins: u32,
    /// Commands of a pipelined group before this one.
    pub(super) grouped: u32,
    /// Replies that wait for others.
    pub(super) held: String,
    /// SIZE of this transaction, and whether one before had it.
    pub(super) declared: Option<u64>,
    pub(super) sized: u32,
    /// The transaction that RSET has ended.
    pub(super) dropped: Option<Transaction>,
    /// The transaction that EHLO has ended.
    pub(super) interrupted: Option<Transaction>,
    /// Who got the last message.
    pub(super) last: Vec<(Addressee, Recipient)>,
}

impl Past {
    /// Notes a command and whether it was accepted.
    pub(super) fn note(&mut self, said: &Said<'_>, code: &str) {
        let accepted = code < "4";
        self.since_hello += 1;
        match (said.verb.as_str(), accepted) {
            ("EHLO" | "HELO", true) => {
                self.hellos += 1;
                self.since_hello = 0;
                self.resets = 0;
                self.dropped = None;
            }
            ("MAIL", true) => {
                self.mails += 1;
                self.unqualified = said.is_unqualified();
                self.declared = said.value("SIZE=").and_then(|size| size.parse().ok());
                self.sized += u32::from(self.declared.is_some());
                (self.recipients, self.refused, self.routed, self.chunks, self.resets) = (0, 0, 0, 0, 0);
            }
            ("MAIL", false) => self.bad_mails += u32::from(code.starts_with("501 5.1.7")),
            ("RCPT", true) => {
                self.recipients += 1;
                self.routed += u32::from(said.path().is_some_and(|path| path.starts_with("<@")));
            }
            ("RCPT", false) => self.refused += 1,
            ("RSET", true) => self.resets += 1,
            ("BDAT", _) => self.chunks += 1,
            (_, _) if code.starts_with("500") => self.unknown += 1,
            (_, _) if code.starts_with("535") || code.starts_with("501 5.7.0") || code.starts_with("501 5.5.2") => {
                self.failed_logins += 1;
            }
            (_, _) => {}
        }
    }
}
