//! One mailbox: messages in the order of their UIDs.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::vanished::Vanished;
use super::{Acl, Flag, Flags, InternalDate, SpecialUse};

/// A message that lies in a mailbox.
#[derive(Debug, Clone)]
pub struct Message {
    /// Unique in the mailbox for one UIDVALIDITY (RFC 3501 §2.3.1.1).
    pub uid: u32,
    /// The octets as they came, never changed.
    pub octets: Arc<[u8]>,
    /// Flags and keywords, without `\Recent`.
    pub flags: Flags,
    /// When it came, or the date that APPEND gave.
    pub date: InternalDate,
    /// When it came into this mailbox (RFC 8514).
    pub saved: InternalDate,
    /// Shared with its copies and with no other message of the account (RFC 8474 §5.1).
    pub email_id: u64,
    /// The account's modification number when its flags last changed: its mod-sequence (RFC 7162).
    pub modified: u64,
}

/// A message that is to lie in a mailbox.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The octets.
    pub octets: Arc<[u8]>,
    /// Flags and keywords.
    pub flags: Flags,
    /// When it came, or the date that APPEND gave.
    pub date: InternalDate,
    /// Now.
    pub saved: InternalDate,
}

/// A mailbox that can be selected.
#[derive(Debug, Clone)]
pub struct Mailbox {
    pub(super) uidvalidity: u32,
    pub(super) uidnext: u32,
    /// UIDs from here on were told to no session that may claim them as recent.
    pub(super) recent_from: u32,
    pub(super) messages: Vec<Message>,
    pub(super) keywords: Flags,
    pub(super) uses: BTreeSet<SpecialUse>,
    /// The account's modification number when anything in the mailbox last changed.
    pub(super) modified: u64,
    pub(super) vanished: Vanished,
    pub(super) acl: Acl,
}

/// How many keywords a mailbox remembers.
const KEYWORDS_MAX: usize = 200;

impl Mailbox {
    pub(super) fn new(uidvalidity: u32, modified: u64, acl: Acl) -> Self {
        Self {
            uidvalidity,
            uidnext: 1,
            recent_from: 1,
            messages: Vec::new(),
            keywords: Flags::new(),
            uses: BTreeSet::new(),
            modified,
            vanished: Vanished::default(),
            acl,
        }
    }

    /// The mod-sequence of the last change, the going of messages among them (RFC 7162 §3.2).
    pub fn highest_modseq(&self) -> u64 {
        self.modified
    }

    /// The sorted UIDs of messages that are gone since a mod-sequence; all that are gone if that is too long ago (RFC 7162
    /// §3.2.6).
    pub fn vanished_since(&self, modseq: u64) -> Vec<u32> {
        let all = || (1..self.uidnext).filter(|uid| self.message(*uid).is_none()).collect();
        self.vanished.since(modseq).unwrap_or_else(all)
    }

    /// The mod-sequence of the going of a message that is gone.
    pub fn vanished_at(&self, uid: u32) -> u64 {
        self.vanished.at(uid)
    }

    /// Greater than that of any mailbox that had the name before.
    pub fn uidvalidity(&self) -> u32 {
        self.uidvalidity
    }

    /// The UID of the next message; no message ever has had it.
    pub fn uidnext(&self) -> u32 {
        self.uidnext
    }

    /// The messages by rising UID.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// A message by UID.
    pub fn message(&self, uid: u32) -> Option<&Message> {
        let at = self.messages.binary_search_by_key(&uid, |message| message.uid).ok()?;
        self.messages.get(at)
    }

    /// The octets of all messages together.
    pub fn size(&self) -> u64 {
        self.messages.iter().map(|message| message.octets.len() as u64).sum()
    }

    /// Who may do what with it (RFC 4314).
    pub fn acl(&self) -> &Acl {
        &self.acl
    }

    /// What the mailbox is for (RFC 6154).
    pub fn uses(&self) -> &BTreeSet<SpecialUse> {
        &self.uses
    }

    /// All keywords that messages here have had.
    pub fn keywords(&self) -> &Flags {
        &self.keywords
    }

    /// Whether one more keyword can be made.
    pub fn has_room_for_keywords(&self) -> bool {
        self.keywords.len() < KEYWORDS_MAX
    }

    /// The least UID that no session has claimed as recent (RFC 3501 §2.3.2).
    pub fn recent_from(&self) -> u32 {
        self.recent_from
    }

    /// Those of `flags` that the mailbox can keep: known ones as first spelled, and new keywords while there is room.
    pub(super) fn admit(&mut self, flags: Flags) -> Flags {
        let mut kept = Flags::new();
        for flag in flags {
            if flag.is_system() {
                kept.insert(flag);
            } else if let Some(known) = self.keywords.get(&flag) {
                kept.insert(known.clone());
            } else if flag.is_keyword() && self.has_room_for_keywords() {
                self.keywords.insert(flag.clone());
                kept.insert(flag);
            }
        }
        kept
    }

    pub(super) fn message_mut(&mut self, uid: u32) -> Option<&mut Message> {
        let at = self.messages.binary_search_by_key(&uid, |message| message.uid).ok()?;
        self.messages.get_mut(at)
    }

    /// Takes out the messages with these UIDs, which are sorted; `only` decides once more for each.
    pub(super) fn take(&mut self, uids: &[u32], only: impl Fn(&Message) -> bool) -> Vec<Message> {
        let all = std::mem::take(&mut self.messages);
        let (gone, kept) =
            all.into_iter().partition(|message| uids.binary_search(&message.uid).is_ok() && only(message));
        self.messages = kept;
        gone
    }

    /// Whether a message bears `\Deleted`.
    pub fn is_deleted(message: &Message) -> bool {
        message.flags.contains(&Flag::deleted())
    }
}
