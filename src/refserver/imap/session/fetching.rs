//! FETCH in progress, one item at a time, so that a long answer is never whole in memory.

use std::collections::VecDeque;
use std::sync::Arc;

use super::awareness::Awareness;
use super::binary::{is_decodable, unknown_encoding};
use super::fetch::{Octets, write_item};
use super::reply::{Answer, Reply, say};
use super::resync::tell_vanished;
use super::state::Session;
use super::store::gone;
use super::view::{Expunges, Target, View, modseq_text};
use super::wrong::{has_nobody, mismarks, misshow};
use crate::refserver::imap::command::{Absence, BinaryWhat, Changed, Fetch, FetchItem, Gone, Numbering, SelectMode};
use crate::refserver::imap::fault::{ChangeFault, MessageFault, SyncFault};
use crate::refserver::store::{Account, Flag, FlagChange, Flags, Message, Right};

/// A FETCH whose answer is being sent.
#[derive(Debug)]
pub(super) struct Fetching {
    tag: String,
    by: Numbering,
    absence: Absence,
    /// Only messages of a greater mod-sequence.
    since: u64,
    items: Vec<FetchItem>,
    targets: VecDeque<Target>,
    current: Option<Current>,
    /// Messages that were gone already.
    lost: usize,
    /// Messages of which something is wanted in an encoding that is not known.
    undecodable: usize,
}

/// Whether there is more to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    More,
    Done,
}

/// The message whose response has begun.
#[derive(Debug)]
struct Current {
    message: Message,
    octets: Octets,
    flags: String,
    /// The flags once more, if the FETCH changed them and does not ask for them.
    changed: Option<String>,
    next: usize,
}

impl Session<'_> {
    /// Begins a FETCH.
    pub(super) fn begin_fetch(&mut self, tag: &str, command: Fetch, out: &mut Vec<u8>) -> Result<Fetching, Reply> {
        let Fetch { by, set, items: wanted, changed, partial } = command;
        let view = self.view.as_ref().ok_or_else(|| Reply::bad("select a mailbox first"))?;
        let all = view.resolve(by, &set)?;
        // RFC 9394 §3.4: the window comes first, then what has changed of it.
        let targets = VecDeque::from(match partial {
            Some(partial) => partial.of(&all).to_vec(),
            None => all,
        });
        let gone_too = changed.filter(|changed| changed.gone == Gone::Told);
        if gone_too.is_some() && self.awareness < Awareness::Qresync {
            return Err(Reply::bad("ENABLE QRESYNC comes first"));
        }
        if changed.is_some() || wanted.contains(&FetchItem::Modseq) {
            self.become_aware(Awareness::Condstore, out)?;
        }
        if let Some(Changed { since, .. }) = gone_too {
            self.selected(|view, account| tell_vanished(view, account, Some(&set), since, 0, out))?;
        }
        // RFC 3501 §6.4.8: after UID each response has the UID. RFC 7162 §3.1: flags go with mod-sequences.
        let hidden = self.has(ChangeFault::UidFetchWithoutUid);
        let uid = if by == Numbering::Uid && !hidden { Some(FetchItem::Uid) } else { None };
        let hushed = changed.is_some() && self.has(SyncFault::ChangedSinceWithoutModseq);
        let told = self.awareness > Awareness::Plain && wanted.contains(&FetchItem::Flags) && !hushed;
        let modseq = if (changed.is_some() && !hushed) || told { Some(FetchItem::Modseq) } else { None };
        let mut items: Vec<FetchItem> = Vec::new();
        for item in uid.into_iter().chain(wanted).chain(modseq) {
            if !items.contains(&item) {
                items.push(item);
            }
        }
        let since = changed.map_or(0, |changed| changed.since);
        let absence = set.absence(by);
        Ok(Fetching { tag: tag.to_owned(), by, absence, since, items, targets, current: None, lost: 0, undecodable: 0 })
    }
}

impl Fetching {
    /// Writes one more item, or the end of a response, or the end of all.
    pub(super) fn step(&mut self, session: &mut Session<'_>, out: &mut Vec<u8>) -> Progress {
        if let Some(current) = &mut self.current {
            if let Some(item) = self.items.get(current.next) {
                if current.next > 0 {
                    out.push(b' ');
                }
                current.next += 1;
                let start = out.len();
                current.write(item, out);
                if !session.config.faults.is_empty() {
                    let written = out.split_off(start);
                    let shown = misshow(&session.config.faults, item, &current.message, written);
                    out.extend(session.misremember(item, &current.message, shown));
                }
            } else {
                if let Some(flags) = &current.changed {
                    out.extend_from_slice(format!(" FLAGS {flags}").as_bytes());
                }
                say(out, ")");
                self.current = None;
            }
            return Progress::More;
        }
        if let Some(target) = self.targets.pop_front() {
            let begun = session.selected(|view, account| begin(view, account, self, target, out));
            match begun {
                Ok(Begun::Response(current)) => self.current = Some(*current),
                Ok(Begun::Unchanged) => {}
                Ok(Begun::Lost) | Err(_) => self.lost += 1,
                Ok(Begun::Undecodable) => self.undecodable += 1,
            }
            return Progress::More;
        }
        let expunges = match self.by {
            Numbering::Sequence => Expunges::Held,
            Numbering::Uid => Expunges::Told,
        };
        session.update(expunges, out);
        self.answer().unwrap_or_else(|refusal| refusal).write(out, Some(&self.tag));
        Progress::Done
    }

    /// RFC 2180 §4.1.2: NO if messages have gone that the client does not know to be so.
    fn answer(&self) -> Answer {
        match self.absence {
            Absence::Missed if self.lost > 0 => Err(gone()),
            Absence::Missed | Absence::Ignored if self.undecodable > 0 => Err(unknown_encoding()),
            Absence::Missed | Absence::Ignored => Ok(Reply::ok("fetched")),
        }
    }
}

/// What a message comes to.
enum Begun {
    Response(Box<Current>),
    /// It has not changed since.
    Unchanged,
    /// It is gone.
    Lost,
    /// Something of it cannot be decoded.
    Undecodable,
}

/// Begins the response for one message, which is seen from now on if its content is asked for.
fn begin(view: &mut View, account: &mut Account, fetching: &Fetching, target: Target, out: &mut Vec<u8>) -> Begun {
    let items = &fetching.items;
    let Some(message) = account.mailbox(view.id).and_then(|mailbox| mailbox.message(target.uid)) else {
        return Begun::Lost;
    };
    let last = fetching.by == Numbering::Uid && fetching.targets.is_empty();
    let found_still = last && view.faults.has(SyncFault::ChangedSinceFindsLast);
    if message.modified <= fetching.since && !found_still {
        return Begun::Unchanged;
    }
    if items.contains(&FetchItem::Envelope) && has_nobody(&message.octets, &view.faults) {
        return Begun::Lost;
    }
    let mut message = message.clone();
    let mut octets = Octets::new(Arc::clone(&message.octets));
    if !is_decodable(items, &mut octets) {
        return Begun::Undecodable;
    }
    let before = message.modified;
    let mut marked = false;
    let marks = |item: &FetchItem| mismarks(&view.faults, item).unwrap_or_else(|| marks_seen(item));
    // RFC 4314 §4: without the right to it nothing becomes seen.
    let may_mark = view.mode == SelectMode::ReadWrite && view.rights(account).has(Right::Seen);
    if may_mark && items.iter().any(marks) {
        let seen = Flags::from([Flag::seen()]);
        if let Some(after) = account.change_flags(view.id, target.uid, FlagChange::Add, &seen) {
            message = after.clone();
        }
        marked = message.modified != before;
        if view.faults.has(SyncFault::SeenKeepsModseq) {
            account.remodify(view.id, |other| (other.uid == target.uid).then_some(before));
            message.modified = before;
        }
    }
    if let Some(mailbox) = account.mailbox(view.id) {
        view.tell_keywords(mailbox, out);
    }
    let flags = view.flags(target, &message);
    let asked = items.contains(&FetchItem::Flags);
    let hidden = view.faults.has(MessageFault::SeenUntold);
    let changed = if marked && !asked && !hidden {
        let modseq =
            if items.contains(&FetchItem::Modseq) { String::new() } else { modseq_text(view.awareness, &message) };
        Some(format!("{flags}{modseq}"))
    } else {
        None
    };
    if asked || changed.is_some() || hidden {
        view.settle(target, &message);
    }
    let by_uid = fetching.by == Numbering::Uid && view.faults.has(ChangeFault::UidFetchNumbersByUid);
    let number = if by_uid { usize::try_from(target.uid).unwrap_or(usize::MAX) } else { target.number };
    out.extend_from_slice(format!("* {number} FETCH (").as_bytes());
    Begun::Response(Box::new(Current { message, octets, flags, changed, next: 0 }))
}

/// RFC 3501 §6.4.5: what sets `\Seen`.
fn marks_seen(item: &FetchItem) -> bool {
    match item {
        FetchItem::Rfc822 | FetchItem::Rfc822Text | FetchItem::Section { .. } => true,
        FetchItem::Binary(binary) => matches!(binary.what, BinaryWhat::Content(_)),
        FetchItem::Envelope
        | FetchItem::Flags
        | FetchItem::InternalDate
        | FetchItem::Rfc822Header
        | FetchItem::Rfc822Size
        | FetchItem::Body
        | FetchItem::BodyStructure
        | FetchItem::Uid
        | FetchItem::EmailId
        | FetchItem::Modseq
        | FetchItem::Preview
        | FetchItem::SaveDate
        | FetchItem::ThreadId
        | FetchItem::Peek { .. } => false,
    }
}

impl Current {
    fn write(&mut self, item: &FetchItem, out: &mut Vec<u8>) {
        let message = &self.message;
        let text = match item {
            FetchItem::Uid => format!("UID {}", message.uid),
            FetchItem::Flags => format!("FLAGS {}", self.flags),
            FetchItem::InternalDate => format!("INTERNALDATE \"{}\"", message.date.to_imap()),
            FetchItem::SaveDate => format!("SAVEDATE \"{}\"", message.saved.to_imap()),
            FetchItem::Modseq => format!("MODSEQ ({})", message.modified),
            FetchItem::EmailId => format!("EMAILID ({})", email_id(message)),
            // RFC 8474 §5.2: nothing is known of threads.
            FetchItem::ThreadId => "THREADID NIL".to_owned(),
            FetchItem::Envelope
            | FetchItem::Rfc822
            | FetchItem::Rfc822Header
            | FetchItem::Rfc822Size
            | FetchItem::Rfc822Text
            | FetchItem::Body
            | FetchItem::BodyStructure
            | FetchItem::Binary(_)
            | FetchItem::Preview
            | FetchItem::Section { .. }
            | FetchItem::Peek { .. } => return write_item(out, item, &mut self.octets),
        };
        out.extend_from_slice(text.as_bytes());
    }
}

/// The object identifier of a message (RFC 8474 §5.1).
pub(super) fn email_id(message: &Message) -> String {
    format!("M{}", message.email_id)
}
