//! What one session has been told of its selected mailbox.

use std::collections::BTreeMap;

use super::Value;
use super::notes::Notes;
use super::value::number_of;
use crate::base::NumberSet;

const NEVER_SHRINKS: &str = "rfc3501-5.2-exists-never-shrinks";
const RENUMBERING: &str = "rfc3501-7.4.1-expunge-renumbering";
const BY_UID: &str = "rfc3501-2.3.1.2-msn-order-by-uid";
const UNTOLD: &str = "rfc3501-7.4.1-numbers-valid-until-reported";
const STABLE: &str = "rfc3501-2.3.1.1-uid-stable-in-session";
const ASCENDING: &str = "rfc3501-2.3.1.1-uid-ascending-on-add";
const NOT_REUSED: &str = "rfc3501-2.3.1.1-uid-not-reused";
const UIDNEXT: &str = "rfc3501-2.3.1.1-uidnext-lower-bound";
const ONLY_KNOWN: &str = "rfc7162-3.2.10.2-vanished-only-known";

/// What this file judges.
pub(super) const BEHIND: &[&str] =
    &[NEVER_SHRINKS, RENUMBERING, BY_UID, UNTOLD, STABLE, ASCENDING, NOT_REUSED, UIDNEXT, ONLY_KNOWN];

/// Messages whose UID is kept; beyond it only the count is followed.
const MOST_KNOWN: usize = 20_000;

/// Ranges of one VANISHED response that are looked for among the messages.
const MOST_LOOKED_AT: usize = 100;

/// The mailbox as the client sees it. RFC 3501 §2.3.1, §5.2, §7.4.1.
#[derive(Debug, Default)]
pub(super) struct View {
    /// Messages; none until the server said how many.
    count: Option<u64>,
    /// By message number.
    known: BTreeMap<u64, Known>,
    /// The highest UID seen: messages behind came later.
    top: Option<Fence>,
    /// UIDNEXT as told when the mailbox was opened: the messages of that moment are below.
    next: Option<Fence>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    uid: u64,
    /// Its number changed since the server named it with its UID.
    moved: bool,
}

/// A UID, and how many messages there were when it was told, less those of them that are gone.
#[derive(Debug, Clone, Copy)]
struct Fence {
    uid: u64,
    messages: u64,
}

impl View {
    /// A mailbox that was just opened: the count, and UIDNEXT if it was told behind it.
    pub(super) fn opened(&mut self, count: Option<u64>, next: Option<u64>) {
        self.count = count;
        self.next = count.zip(next).map(|(messages, uid)| Fence { uid, messages });
    }

    /// Messages, if that is known.
    pub(super) fn count(&self) -> Option<u64> {
        self.count
    }

    /// The UID of a message, if it is known.
    pub(super) fn uid(&self, number: u64) -> Option<u64> {
        self.known.get(&number).map(|known| known.uid)
    }

    /// `* n EXISTS`
    pub(super) fn exists(&mut self, count: u64, notes: &mut Notes<'_>) {
        let shrunk = self.count.is_some_and(|before| count < before);
        notes.judge(NEVER_SHRINKS, shrunk.then_some("EXISTS below the present number of messages"));
        if shrunk {
            *self = Self::default();
        }
        self.count = Some(count);
    }

    /// `* n EXPUNGE`: all higher numbers drop by one. Gives the UID of the message that went, if it is known.
    pub(super) fn expunge(&mut self, number: u64, notes: &mut Notes<'_>) -> Option<u64> {
        let beyond = self.count.is_some_and(|count| number > count);
        notes.judge(RENUMBERING, beyond.then_some("EXPUNGE of a number above the present number of messages"));
        if beyond {
            *self = Self::default();
            return None;
        }
        self.remove(number)
    }

    fn remove(&mut self, number: u64) -> Option<u64> {
        self.count = self.count.map(|count| count.saturating_sub(1));
        for fence in [&mut self.top, &mut self.next].into_iter().flatten() {
            if number <= fence.messages {
                fence.messages = fence.messages.saturating_sub(1);
            }
        }
        let mut higher = self.known.split_off(&number);
        let gone = higher.remove(&number).map(|known| known.uid);
        self.known.extend(higher.into_iter().map(|(at, known)| (at - 1, Known { uid: known.uid, moved: true })));
        gone
    }

    /// `* VANISHED uids`: exact only where all of them are known, else what is known is given up.
    pub(super) fn vanished(&mut self, uids: &NumberSet, notes: &mut Notes<'_>) {
        let more = self.count.is_some_and(|count| uids.count() > count);
        let stray = more || uids.ranges().iter().take(MOST_LOOKED_AT).any(|(low, _)| self.is_between(*low));
        notes.judge(ONLY_KNOWN, stray.then_some("VANISHED with a UID that is not in the mailbox"));
        let numbers: Vec<u64> =
            self.known.iter().filter(|(_, known)| holds(uids, known.uid)).map(|(at, _)| *at).collect();
        if !stray && numbers.len() as u64 == uids.count() {
            for number in numbers.into_iter().rev() {
                self.remove(number);
            }
        } else {
            *self = Self::default();
        }
    }

    /// Whether a UID lies between two neighbours, or beyond the last message.
    fn is_between(&self, uid: u64) -> bool {
        let below = self.known.iter().rev().find(|(_, known)| known.uid <= uid);
        let Some((number, known)) = below else {
            return self.known.first_key_value().is_some_and(|(number, _)| *number == 1);
        };
        let next = self.known.get(&(number + 1));
        known.uid < uid && (next.is_some() || self.count == Some(*number))
    }

    /// UIDs were assigned anew.
    pub(super) fn forget_uids(&mut self) {
        *self = Self { count: self.count, ..Self::default() };
    }

    /// `* n FETCH (items)`: gives the UID of the message, if it is known.
    pub(super) fn fetch(&mut self, number: u64, items: &[Value], notes: &mut Notes<'_>) -> Option<u64> {
        let beyond = self.beyond(number, notes);
        let named = number_of(items, "UID");
        if let Some(uid) = named.filter(|_| !beyond) {
            self.name(number, uid, notes);
        }
        named.or_else(|| self.uid(number)).filter(|_| !beyond)
    }

    /// A response names a message number: whether there is no such message.
    pub(super) fn beyond(&self, number: u64, notes: &mut Notes<'_>) -> bool {
        let Some(count) = self.count else { return false };
        notes.judge(BY_UID, (number > count).then_some("a number above the present number of messages"));
        number > count
    }

    fn name(&mut self, number: u64, uid: u64, notes: &mut Notes<'_>) {
        let broken = self.misplaced(number, uid);
        let new = self.top.is_some_and(|top| number > top.messages);
        let promised = self.next.is_some_and(|next| number <= next.messages);
        let again = self.known.contains_key(&number);
        for (tested, id) in
            [(again, UNTOLD), (true, STABLE), (true, BY_UID), (new, ASCENDING), (new, NOT_REUSED), (promised, UIDNEXT)]
        {
            if tested {
                notes.judge(id, None);
            }
        }
        if let Some((id, what)) = broken {
            notes.judge(id, Some(what));
            self.forget_uids();
            return;
        }
        if let Some(messages) = self.count.filter(|_| self.top.is_none_or(|top| uid > top.uid)) {
            self.top = Some(Fence { uid, messages });
        }
        if self.known.len() < MOST_KNOWN {
            self.known.insert(number, Known { uid, moved: false });
        }
    }

    /// What is wrong with a UID at this place.
    fn misplaced(&self, number: u64, uid: u64) -> Option<(&'static str, &'static str)> {
        if let Some(other) = self.known.get(&number).filter(|known| known.uid != uid) {
            // A UID that stood behind another number is the same still: its message has moved.
            let otherwise = if self.known.values().any(|known| known.uid == uid) { UNTOLD } else { STABLE };
            return Some((moved(*other, otherwise), "another UID for the same message number"));
        }
        let before = self.known.range(..number).next_back().filter(|(_, known)| known.uid >= uid);
        let after = || self.known.range(number + 1..).next().filter(|(_, known)| known.uid <= uid);
        if let Some((_, other)) = before.or_else(after) {
            return Some((moved(*other, BY_UID), "UIDs that do not ascend with the message numbers"));
        }
        match (self.top, self.next) {
            (Some(top), _) if number > top.messages && uid == top.uid => {
                Some((NOT_REUSED, "a new message with a UID that another had"))
            }
            (Some(top), _) if number > top.messages && uid < top.uid => {
                Some((ASCENDING, "a new message with a UID below that of an earlier one"))
            }
            (_, Some(next)) if number <= next.messages && uid >= next.uid => {
                Some((UIDNEXT, "a UID not below UIDNEXT as told when the mailbox was opened"))
            }
            (_, _) => None,
        }
    }
}

/// Whether a number is in a set.
fn holds(set: &NumberSet, number: u64) -> bool {
    let at = set.ranges().partition_point(|(_, high)| *high < number);
    set.ranges().get(at).is_some_and(|(low, _)| *low <= number)
}

/// After an EXPUNGE it is the renumbering that went wrong.
fn moved(known: Known, otherwise: &'static str) -> &'static str {
    if known.moved { RENUMBERING } else { otherwise }
}
