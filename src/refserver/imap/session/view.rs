//! What one session has been told of its selected mailbox (RFC 3501 §2.3.1.2, §5.2, §7.4.1).

use std::collections::BTreeSet;

use super::awareness::Awareness;
use super::reply::{Reply, say};
use super::revision::Revision;
use super::sets::{contains, set_text};
use crate::refserver::Faults;
use crate::refserver::imap::command::{Numbering, SelectMode, SequenceSet};
use crate::refserver::imap::fault::{AclFault, ChangeFault, SyncFault};
use crate::refserver::store::{Account, Flag, Flags, Mailbox, MailboxId, Message, Right, Rights};

/// Whether the client may be told now that messages are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expunges {
    /// It may.
    Told,
    /// Its command goes by message numbers, which must not change meanwhile (RFC 3501 §7.4.1).
    Held,
}

/// A message number and the UID of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) number: usize,
    pub(super) uid: u32,
}

/// The selected mailbox as the client knows it. Messages stay here until the client has been told that they are gone. A deleted
/// mailbox is to its sessions one whose messages are all gone.
#[derive(Debug)]
pub(super) struct View {
    pub(super) id: MailboxId,
    /// Whose mailbox it is.
    pub(super) owner: String,
    /// Who has it selected.
    user: String,
    /// SELECT or EXAMINE.
    asked: SelectMode,
    /// What the rights left of that.
    pub(super) mode: SelectMode,
    /// The rights that PERMANENTFLAGS told last.
    told: Rights,
    pub(super) awareness: Awareness,
    /// Which revision is in force.
    pub(super) revision: Revision,
    /// Message number `n` is the element `n - 1`.
    known: Vec<Known>,
    keywords: Flags,
    recent: usize,
    /// The result of the last search that was to be saved, by UID; some may be gone.
    saved: BTreeSet<u32>,
    /// What is done wrong on purpose.
    pub(super) faults: Faults,
}

#[derive(Debug)]
struct Known {
    uid: u32,
    /// [`Message::modified`] of the flags that the client knows, or does not want to know.
    modified: u64,
    recency: Recency,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recency {
    Recent,
    Old,
}

/// How a mailbox is selected.
#[derive(Debug)]
pub(super) struct Opening<'o> {
    pub(super) id: MailboxId,
    /// SELECT or EXAMINE.
    pub(super) asked: SelectMode,
    /// What the rights leave of that.
    pub(super) granted: SelectMode,
    pub(super) awareness: (Awareness, &'o Faults),
    pub(super) revision: Revision,
    /// Who selects it, in lower case.
    pub(super) user: &'o str,
}

impl View {
    /// Selects a mailbox and writes what SELECT tells (RFC 3501 §6.3.1).
    pub(super) fn open(account: &mut Account, opening: Opening<'_>, out: &mut Vec<u8>) -> Option<Self> {
        let Opening { id, asked, granted: mode, awareness: (awareness, faults), revision, user } = opening;
        let (owner, user, faults) = (account.user().to_owned(), user.to_owned(), faults.clone());
        let (known, keywords, saved) = (Vec::new(), Flags::new(), BTreeSet::new());
        let (told, recent) = (Rights::default(), 0);
        let mut view =
            Self { id, owner, user, asked, mode, told, awareness, revision, known, keywords, recent, saved, faults };
        view.told = view.rights(account);
        view.learn(account);
        let mailbox = account.mailbox(id)?;
        view.keywords.clone_from(mailbox.keywords());
        view.write_flags(mailbox, out);
        view.write_count(out);
        let unseen = mailbox.messages().iter().position(|message| !message.flags.contains(&Flag::seen()));
        // RFC 9051 §E has no UNSEEN.
        if let Some(at) = unseen.filter(|_| revision == Revision::Rev1) {
            say(out, &format!("* OK [UNSEEN {}] first unseen message", at + 1));
        }
        say(out, &format!("* OK [UIDNEXT {}] next UID", mailbox.uidnext()));
        say(out, &format!("* OK [UIDVALIDITY {}] UIDs are valid", mailbox.uidvalidity()));
        Some(view)
    }

    /// Tells all that has changed and may be told.
    pub(super) fn update(&mut self, account: &mut Account, expunges: Expunges, out: &mut Vec<u8>) {
        match expunges {
            Expunges::Held if self.faults.has(ChangeFault::NumbersMoveSilently) => {
                self.tell_expunges(account.mailbox(self.id), &mut Vec::new());
            }
            Expunges::Told => self.tell_expunges(account.mailbox(self.id), out),
            // RFC 7162 §3.2: mod-sequences that are told now must not hide what went before them.
            Expunges::Held if self.awareness == Awareness::Qresync && self.hides_expunges(account) => {
                self.tell_highest(account, out);
            }
            Expunges::Held => {}
        }
        let before = self.known.len();
        if !self.faults.has(ChangeFault::NewMessagesUntold) {
            self.learn(account);
        }
        if self.known.len() > before {
            self.write_count(out);
        } else if self.count_recent() != self.recent {
            self.write_recent(out);
        }
        self.tell_rights(account, out);
        let Some(mailbox) = account.mailbox(self.id) else { return };
        self.tell_keywords(mailbox, out);
        let revision = self.revision;
        for (at, known) in self.known.iter_mut().enumerate() {
            let Some(message) = mailbox.message(known.uid) else { continue };
            if message.modified != known.modified && !self.faults.has(ChangeFault::FlagsOfOthersUntold) {
                known.modified = message.modified;
                let flags = flags_text(message, known.recency, revision);
                let modseq = modseq_text(self.awareness, message);
                say(out, &format!("* {} FETCH (UID {} FLAGS {flags}{modseq})", at + 1, known.uid));
            }
        }
    }

    /// What the user may do with the mailbox as things are now; once it is deleted, what they could do last.
    pub(super) fn rights(&self, account: &Account) -> Rights {
        let now = account.mailbox(self.id).map(|mailbox| account.rights(mailbox, &self.user));
        now.unwrap_or_else(|| self.told.clone())
    }

    /// Those of some flags that the user may change (RFC 4314 §4).
    pub(super) fn changeable(&self, account: &Account, flags: &Flags) -> Flags {
        let rights = self.rights(account);
        let all = self.passes_over_rights();
        flags.iter().filter(|flag| all || may_change(&rights, flag)).cloned().collect()
    }

    /// Whether flags of a mailbox that only the rights make read-only are changed, by a fault.
    pub(super) fn passes_over_rights(&self) -> bool {
        self.asked == SelectMode::ReadWrite && self.faults.has(AclFault::StoreWithoutRight)
    }

    /// RFC 4314 §5.1.1: PERMANENTFLAGS tells what the user may change, and is told anew when that is something else.
    fn tell_rights(&mut self, account: &Account, out: &mut Vec<u8>) {
        let flags: Rights = [Right::Seen, Right::Write, Right::Mark].into_iter().collect();
        let Some(mailbox) = account.mailbox(self.id) else { return };
        let now = self.rights(account);
        let before = std::mem::replace(&mut self.told, now.clone());
        if self.mode == SelectMode::ReadWrite && before.shared_with(&flags) != now.shared_with(&flags) {
            self.write_flags(mailbox, out);
        }
    }

    /// The messages of a set, in the order of the mailbox. A number beyond the last message is an error, a UID without a
    /// message is not (RFC 3501 §6.4.8, §9).
    pub(super) fn resolve(&self, by: Numbering, set: &SequenceSet) -> Result<Vec<Target>, Reply> {
        let targets = self.all();
        match by {
            Numbering::Sequence => {
                let count = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
                let ranges = self.number_ranges(set);
                if ranges.iter().any(|&(low, high)| low == 0 || high > count) {
                    return Err(Reply::bad("no such message number"));
                }
                Ok(targets.filter(|target| u32::try_from(target.number).is_ok_and(|n| contains(&ranges, n))).collect())
            }
            Numbering::Uid => {
                let ranges = self.uid_ranges(set);
                Ok(targets.filter(|target| contains(&ranges, target.uid)).collect())
            }
        }
    }

    /// The message numbers of a set as sorted ranges; `*` is the last one.
    pub(super) fn number_ranges(&self, set: &SequenceSet) -> Vec<(u32, u32)> {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let saved = self.all().filter(|target| self.saved.contains(&target.uid));
        set.ranges(number(self.known.len()), || saved.map(|target| number(target.number)).collect())
    }

    /// The UIDs of a set as sorted ranges; `*` is the last one.
    pub(super) fn uid_ranges(&self, set: &SequenceSet) -> Vec<(u32, u32)> {
        set.ranges(self.known.last().map_or(0, |known| known.uid), || self.saved.iter().copied().collect())
    }

    /// Keeps UIDs as what `$` stands for (RFC 5182).
    pub(super) fn save(&mut self, uids: Vec<u32>) {
        self.saved = uids.into_iter().collect();
    }

    /// What `$` stands for.
    pub(super) fn saved(&self) -> Vec<u32> {
        self.saved.iter().copied().collect()
    }

    /// All messages.
    pub(super) fn all(&self) -> impl Iterator<Item = Target> {
        self.known.iter().enumerate().map(|(at, known)| Target { number: at + 1, uid: known.uid })
    }

    /// Whether the session is the first to hear of a message.
    pub(super) fn is_recent(&self, target: Target) -> bool {
        self.known.get(target.number - 1).is_some_and(|known| known.recency == Recency::Recent)
    }

    /// Whether flags were changed that the client has not heard of.
    pub(super) fn is_stale(&self, target: Target, message: &Message) -> bool {
        self.known.get(target.number - 1).is_some_and(|known| known.modified != message.modified)
    }

    /// The client needs no more be told of the flags as they are now.
    pub(super) fn settle(&mut self, target: Target, message: &Message) {
        if let Some(known) = self.known.get_mut(target.number - 1) {
            known.modified = message.modified;
        }
    }

    /// The flags of a message with `\Recent`, in parentheses.
    pub(super) fn flags(&self, target: Target, message: &Message) -> String {
        let recency = self.known.get(target.number - 1).map_or(Recency::Old, |known| known.recency);
        flags_text(message, recency, self.revision)
    }

    /// Tells which flags there are if new ones have come up (RFC 3501 §7.2.6).
    pub(super) fn tell_keywords(&mut self, mailbox: &Mailbox, out: &mut Vec<u8>) {
        if self.keywords != *mailbox.keywords() {
            self.keywords.clone_from(mailbox.keywords());
            self.write_flags(mailbox, out);
        }
    }

    /// The mod-sequence up to which the client knows all, once what is written has reached it (RFC 7162 §3.1.2.1, §3.2).
    pub(super) fn highest(&self, account: &Account) -> Option<u64> {
        let mailbox = account.mailbox(self.id)?;
        let untold = self.known.iter().filter_map(|known| match mailbox.message(known.uid) {
            None => Some(mailbox.vanished_at(known.uid)),
            Some(message) if message.modified != known.modified => Some(message.modified),
            Some(_) => None,
        });
        let last = self.known.last().map_or(0, |known| known.uid);
        let new = mailbox.messages().iter().filter(|message| message.uid > last).map(|message| message.modified);
        let before = untold.chain(new).map(|modseq| modseq.saturating_sub(1).max(1));
        before.chain([mailbox.highest_modseq()]).min()
    }

    /// Tells up to where the client knows all.
    pub(super) fn tell_highest(&self, account: &Account, out: &mut Vec<u8>) {
        if let Some(highest) = self.highest(account) {
            say(out, &format!("* OK [HIGHESTMODSEQ {highest}] all is told up to here"));
        }
    }

    /// The UID of a message number.
    pub(super) fn uid_of(&self, number: u32) -> Option<u32> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.known.get(at).map(|known| known.uid)
    }

    fn hides_expunges(&self, account: &Account) -> bool {
        account
            .mailbox(self.id)
            .is_some_and(|mailbox| self.known.iter().any(|known| mailbox.message(known.uid).is_none()))
    }

    fn tell_expunges(&mut self, mailbox: Option<&Mailbox>, out: &mut Vec<u8>) {
        let mut number = 1;
        let old = self.faults.has(SyncFault::ExpungeAfterEnable);
        let awareness = if old { Awareness::Plain } else { self.awareness };
        let mut gone = Vec::new();
        self.known.retain(|known| {
            let there = mailbox.is_some_and(|mailbox| mailbox.message(known.uid).is_some());
            if there {
                number += 1;
            } else if awareness == Awareness::Qresync {
                gone.push(known.uid);
            } else {
                say(out, &format!("* {number} EXPUNGE"));
            }
            there
        });
        if !gone.is_empty() {
            say(out, &format!("* VANISHED {}", set_text(&gone)));
        }
    }

    /// Takes up new messages. SELECT claims them as recent, EXAMINE only looks (RFC 3501 §2.3.2).
    fn learn(&mut self, account: &mut Account) {
        let claimed = match self.mode {
            SelectMode::ReadWrite => account.claim_recent(self.id),
            SelectMode::ReadOnly => account.mailbox(self.id).map(Mailbox::recent_from),
        };
        let Some(mailbox) = account.mailbox(self.id) else { return };
        let recent_from = claimed.unwrap_or_else(|| mailbox.uidnext());
        let last = self.known.last().map_or(0, |known| known.uid);
        let first_new = mailbox.messages().partition_point(|message| message.uid <= last);
        self.known.extend(mailbox.messages().iter().skip(first_new).map(|message| Known {
            uid: message.uid,
            modified: message.modified,
            recency: if message.uid >= recent_from { Recency::Recent } else { Recency::Old },
        }));
    }

    fn count_recent(&self) -> usize {
        self.known.iter().filter(|known| known.recency == Recency::Recent).count()
    }

    fn write_count(&mut self, out: &mut Vec<u8>) {
        say(out, &format!("* {} EXISTS", self.known.len()));
        self.write_recent(out);
    }

    fn write_recent(&mut self, out: &mut Vec<u8>) {
        self.recent = self.count_recent();
        if self.revision == Revision::Rev1 {
            say(out, &format!("* {} RECENT", self.recent));
        }
    }

    /// `\*` says that new keywords can be made.
    fn write_flags(&self, mailbox: &Mailbox, out: &mut Vec<u8>) {
        let all: Vec<Flag> = Flag::system().into_iter().chain(self.keywords.iter().cloned()).collect();
        say(out, &format!("* FLAGS ({})", all.iter().map(Flag::as_str).collect::<Vec<_>>().join(" ")));
        let new = self.told.has(Right::Write) && mailbox.has_room_for_keywords();
        let kept = all.iter().filter(|flag| may_change(&self.told, flag)).map(Flag::as_str);
        let kept: Vec<&str> = kept.chain(new.then_some("\\*")).collect();
        match self.mode {
            SelectMode::ReadWrite => say(out, &format!("* OK [PERMANENTFLAGS ({})] kept for good", kept.join(" "))),
            SelectMode::ReadOnly => say(out, "* OK [PERMANENTFLAGS ()] nothing is kept"),
        }
    }
}

/// RFC 4314 §4: which right a flag needs.
pub(super) fn may_change(rights: &Rights, flag: &Flag) -> bool {
    rights.has(if *flag == Flag::deleted() {
        Right::Mark
    } else if *flag == Flag::seen() {
        Right::Seen
    } else {
        Right::Write
    })
}

/// What an aware client is told with flags (RFC 7162 §3.1).
pub(super) fn modseq_text(awareness: Awareness, message: &Message) -> String {
    match awareness {
        Awareness::Plain => String::new(),
        Awareness::Condstore | Awareness::Qresync => format!(" MODSEQ ({})", message.modified),
    }
}

/// RFC 9051 §E has no `\Recent`.
fn flags_text(message: &Message, recency: Recency, revision: Revision) -> String {
    let recent = if recency == Recency::Recent && revision == Revision::Rev1 { Some("\\Recent") } else { None };
    let all: Vec<&str> = message.flags.iter().map(Flag::as_str).chain(recent).collect();
    format!("({})", all.join(" "))
}
