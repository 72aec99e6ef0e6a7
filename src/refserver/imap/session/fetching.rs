//! FETCH in progress, one item at a time, so that a long answer is never whole in memory.

use std::collections::VecDeque;
use std::sync::Arc;

use super::fetch::{Octets, write_item};
use super::reply::{Answer, Reply, say};
use super::state::Session;
use super::store::gone;
use super::view::{Expunges, Target, View};
use crate::refserver::imap::command::{Absence, FetchItem, Numbering, SelectMode, SequenceSet};
use crate::refserver::store::{Account, Flag, FlagChange, Flags, InternalDate};

/// A FETCH whose answer is being sent.
#[derive(Debug)]
pub(super) struct Fetching {
    tag: String,
    by: Numbering,
    absence: Absence,
    items: Vec<FetchItem>,
    targets: VecDeque<Target>,
    current: Option<Current>,
    /// Messages that were gone already.
    lost: usize,
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
    uid: u32,
    octets: Octets,
    date: InternalDate,
    flags: String,
    /// The flags once more, if the FETCH changed them and does not ask for them.
    changed: Option<String>,
    next: usize,
}

impl Session<'_> {
    /// Begins a FETCH.
    pub(super) fn begin_fetch(
        &self,
        tag: &str,
        by: Numbering,
        set: &SequenceSet,
        wanted: Vec<FetchItem>,
    ) -> Result<Fetching, Reply> {
        let view = self.view.as_ref().ok_or_else(|| Reply::bad("select a mailbox first"))?;
        let targets = VecDeque::from(view.resolve(by, set)?);
        // RFC 3501 §6.4.8: after UID each response has the UID.
        let implied = if by == Numbering::Uid { Some(FetchItem::Uid) } else { None };
        let mut items: Vec<FetchItem> = Vec::new();
        for item in implied.into_iter().chain(wanted) {
            if !items.contains(&item) {
                items.push(item);
            }
        }
        Ok(Fetching { tag: tag.to_owned(), by, absence: set.absence(by), items, targets, current: None, lost: 0 })
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
                current.write(item, out);
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
            let begun = session.selected(|view, account| begin(view, account, &self.items, target, out));
            match begun {
                Ok(Some(current)) => self.current = Some(current),
                Ok(None) | Err(_) => self.lost += 1,
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
            Absence::Missed | Absence::Ignored => Ok(Reply::ok("fetched")),
        }
    }
}

/// Begins the response for one message, which is seen from now on if its content is asked for.
fn begin(
    view: &mut View,
    account: &mut Account,
    items: &[FetchItem],
    target: Target,
    out: &mut Vec<u8>,
) -> Option<Current> {
    let mut message = account.mailbox(view.id)?.message(target.uid)?.clone();
    let before = message.modified;
    if view.mode == SelectMode::ReadWrite && items.iter().any(marks_seen) {
        let seen = Flags::from([Flag::seen()]);
        message = account.change_flags(view.id, target.uid, FlagChange::Add, &seen)?.clone();
    }
    view.tell_keywords(account.mailbox(view.id)?, out);
    let flags = view.flags(target, &message);
    let asked = items.contains(&FetchItem::Flags);
    let changed = if message.modified != before && !asked { Some(flags.clone()) } else { None };
    if asked || changed.is_some() {
        view.settle(target, &message);
    }
    out.extend_from_slice(format!("* {} FETCH (", target.number).as_bytes());
    let octets = Octets::new(Arc::clone(&message.octets));
    Some(Current { uid: target.uid, octets, date: message.date, flags, changed, next: 0 })
}

/// RFC 3501 §6.4.5: what sets `\Seen`.
fn marks_seen(item: &FetchItem) -> bool {
    match item {
        FetchItem::Rfc822 | FetchItem::Rfc822Text | FetchItem::Section { .. } => true,
        FetchItem::Envelope
        | FetchItem::Flags
        | FetchItem::InternalDate
        | FetchItem::Rfc822Header
        | FetchItem::Rfc822Size
        | FetchItem::Body
        | FetchItem::BodyStructure
        | FetchItem::Uid
        | FetchItem::Peek { .. } => false,
    }
}

impl Current {
    fn write(&mut self, item: &FetchItem, out: &mut Vec<u8>) {
        match item {
            FetchItem::Uid => out.extend_from_slice(format!("UID {}", self.uid).as_bytes()),
            FetchItem::Flags => out.extend_from_slice(format!("FLAGS {}", self.flags).as_bytes()),
            FetchItem::InternalDate => {
                out.extend_from_slice(format!("INTERNALDATE \"{}\"", self.date.to_imap()).as_bytes());
            }
            FetchItem::Envelope
            | FetchItem::Rfc822
            | FetchItem::Rfc822Header
            | FetchItem::Rfc822Size
            | FetchItem::Rfc822Text
            | FetchItem::Body
            | FetchItem::BodyStructure
            | FetchItem::Section { .. }
            | FetchItem::Peek { .. } => write_item(out, item, &mut self.octets),
        }
    }
}
