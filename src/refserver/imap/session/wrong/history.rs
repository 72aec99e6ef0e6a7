//! What a server with faults remembers of a session.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::refserver::store::Flags;

/// What went before, as far as a fault makes something of it.
#[derive(Debug, Default)]
pub(in crate::refserver::imap::session) struct History {
    /// How often ID was answered.
    pub(super) ids: usize,
    /// How often IDLE told something.
    pub(super) news: usize,
    /// How often IDLE ended since the last command.
    pub(super) idles: usize,
    /// How many messages came in literals that did not wait.
    pub(super) unasked: usize,
    /// How often EXPUNGE was carried out.
    pub(super) expunges: usize,
    /// How many flags in parentheses the last line had.
    pub(super) lists: usize,
    /// The code of the first APPEND.
    pub(super) appended: Option<String>,
    /// The mod-sequence that the first STORE told.
    pub(super) modseq: Option<String>,
    /// The first UIDNEXT that STATUS told of each mailbox.
    pub(super) uidnexts: BTreeMap<Vec<u8>, String>,
    /// The first line of LIST for each name.
    pub(super) listed: BTreeMap<String, String>,
    /// UIDVALIDITY of names that were mailboxes.
    pub(super) deleted: BTreeMap<Vec<u8>, u32>,
    /// Names that APPEND made.
    pub(super) made: BTreeSet<Vec<u8>>,
    /// Names that CREATE and RENAME made.
    pub(super) created: BTreeSet<String>,
    /// Names that RENAME made.
    pub(super) renamed: BTreeSet<Vec<u8>>,
    /// Names that SUBSCRIBE subscribed.
    pub(super) subscribed: BTreeSet<Vec<u8>>,
    /// How many commands brought messages or flags.
    pub(super) changes: usize,
    /// Flags that messages had when their mailbox was selected, by UID.
    pub(super) earlier: BTreeMap<u32, Flags>,
    /// The messages of the first mailbox that was selected, by UID.
    pub(super) letters: Option<BTreeMap<u32, Arc<[u8]>>>,
    /// UIDs that the last saved search found.
    pub(super) saved: Vec<u32>,
}
