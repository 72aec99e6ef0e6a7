//! What is known of messages beyond one session and one selection. RFC 3501 §2.3.1.1: mailbox name, UIDVALIDITY and UID
//! name one message that never changes, for ever.

use std::collections::BTreeMap;

use super::notes::Notes;
use super::value::{digest, has_zero, number_of, says_something};
use super::{Revision, Value};
use crate::base::NumberSet;

const IMMUTABLE: &str = "message-immutable-for-uid";
const EMAILID: &str = "rfc8474-5.1-emailid-immutable";
const THREADID: &str = "rfc8474-5.2-threadid-immutable";
const ASCENDING: &str = "rfc3501-2.3.1.1-uid-ascending-on-add";
const NOT_REUSED: &str = "rfc3501-2.3.1.1-uid-not-reused";
const RECREATED: &str = "rfc3501-6.3.3-recreate-uids";
const UIDNEXT: &str = "rfc3501-2.3.1.1-uidnext-lower-bound";
const HIGHEST: &str = "rfc7162-3.1.2.1-highestmodseq-is-highest";

/// What this file judges.
pub(super) const BEHIND: &[&str] = &[IMMUTABLE, EMAILID, THREADID, ASCENDING, NOT_REUSED, RECREATED, UIDNEXT, HIGHEST];

/// Facts that are kept, over all mailboxes.
const MOST_FACTS: usize = 100_000;
/// Mailboxes of which something is kept.
const MOST_PLACES: usize = 1_000;
/// Octets of a section text that is kept apart from others.
const LONGEST_SECTION: usize = 40;

/// Items of FETCH that are facts, beside sections.
const FACTS: [(&str, &str, &str); 10] = [
    ("RFC822.SIZE", IMMUTABLE, "another RFC822.SIZE for the same UID"),
    ("INTERNALDATE", IMMUTABLE, "another INTERNALDATE for the same UID"),
    ("ENVELOPE", IMMUTABLE, "another ENVELOPE for the same UID"),
    ("BODYSTRUCTURE", IMMUTABLE, "another BODYSTRUCTURE for the same UID"),
    ("BODY", IMMUTABLE, "another BODY for the same UID"),
    ("RFC822", IMMUTABLE, "another RFC822 for the same UID"),
    ("RFC822.HEADER", IMMUTABLE, "another RFC822.HEADER for the same UID"),
    ("RFC822.TEXT", IMMUTABLE, "another RFC822.TEXT for the same UID"),
    ("EMAILID", EMAILID, "another EMAILID for the same UID"),
    ("THREADID", THREADID, "another THREADID for the same UID"),
];
const SECTION: (&str, &str) = (IMMUTABLE, "another text for the same section and UID");

/// Where UIDs mean the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// In every session of this user.
    Named { user: Vec<u8>, mailbox: Vec<u8>, validity: u64 },
    /// In one selection of one session: whose session it is, or UIDVALIDITY, is unknown.
    Alone { session: usize, since: u64 },
}

/// All that is remembered, with a clock that ticks with everything that is sent or comes.
#[derive(Debug, Default)]
pub(super) struct Memory {
    places: BTreeMap<Place, Uids>,
    facts: usize,
    now: u64,
}

#[derive(Debug, Default)]
struct Uids {
    /// The highest UIDNEXT told, and when.
    next: Told,
    /// The highest UID told, and when.
    top: Told,
    /// The highest mod-sequence of a message, and when it was told.
    modseq: Told,
    messages: BTreeMap<u64, Message>,
    /// Somebody deleted the mailbox of this name.
    deleted: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Told {
    value: u64,
    at: u64,
}

#[derive(Debug, Default)]
struct Message {
    /// By item: a digest of what never changes.
    facts: BTreeMap<(String, FetchedAs), u64>,
    gone: bool,
}

/// Texts of internationalised messages differ between clients that asked for UTF-8 and others. RFC 6855 §4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum FetchedAs {
    Rev1,
    Rev2,
}

impl Told {
    fn raise(&mut self, value: u64, now: u64) {
        if value > self.value {
            *self = Self { value, at: now };
        }
    }

    /// The value, if it was told before a command was begun. Without a command nothing is compared.
    fn before(self, begun: Option<u64>) -> Option<u64> {
        begun.filter(|begun| self.value > 0 && self.at < *begun).map(|_| self.value)
    }
}

impl Memory {
    /// Something is sent or came: what was told before is told earlier.
    pub(super) fn tick(&mut self) -> u64 {
        self.now += 1;
        self.now
    }

    fn place(&mut self, place: &Place) -> Option<&mut Uids> {
        if self.places.len() >= MOST_PLACES && !self.places.contains_key(place) {
            return None;
        }
        Some(self.places.entry(place.clone()).or_default())
    }

    /// A selection is over: what was known by it alone is of no use.
    pub(super) fn leave(&mut self, place: &Place) {
        match place {
            Place::Named { .. } => {}
            Place::Alone { .. } => {
                let facts = |message: &Message| message.facts.len();
                let gone = self.places.remove(place).map_or(0, |uids| uids.messages.values().map(facts).sum());
                self.facts = self.facts.saturating_sub(gone);
            }
        }
    }

    /// A mailbox is renamed, and those below it: which name means what is not followed.
    pub(super) fn renamed(&mut self) {
        self.places.retain(|place, _| matches!(place, Place::Alone { .. }));
    }

    /// DELETE was sent for a mailbox.
    pub(super) fn deleted(&mut self, whose: &[u8], name: &[u8]) {
        for (place, uids) in &mut self.places {
            match place {
                Place::Named { user, mailbox, .. } if user == whose && mailbox == name => uids.deleted = true,
                Place::Named { .. } | Place::Alone { .. } => {}
            }
        }
    }

    /// UIDNEXT of a mailbox, told in answer to a command begun then. RFC 3501 §2.3.1.1: messages that arrive after UIDNEXT
    /// was told have at least that UID.
    pub(super) fn next(&mut self, place: &Place, next: u64, begun: Option<u64>, notes: &mut Notes<'_>) {
        let now = self.now;
        let Some(uids) = self.place(place) else { return };
        if let Some(before) = uids.next.before(begun) {
            let id = if uids.deleted { RECREATED } else { UIDNEXT };
            notes.judge(id, (next < before).then_some("UIDNEXT below what it was under the same UIDVALIDITY"));
            if next < before {
                return;
            }
        }
        if let Some(top) = uids.top.before(begun) {
            let id = if uids.deleted { RECREATED } else { UIDNEXT };
            notes.judge(id, (next <= top).then_some("UIDNEXT not above a UID of the mailbox"));
        }
        uids.next.raise(next, now);
    }

    /// A command begun then gave these UIDs to new messages.
    pub(super) fn added(&mut self, place: &Place, added: &NumberSet, begun: u64, notes: &mut Notes<'_>) {
        let now = self.now;
        let Some(uids) = self.place(place) else { return };
        let (Some((lowest, _)), Some((_, highest))) = (added.ranges().first(), added.ranges().last()) else { return };
        let seen = uids.messages.contains_key(lowest) || uids.top.value == *lowest;
        match (uids.top.before(Some(begun)), uids.next.before(Some(begun))) {
            (Some(top), _) if *lowest <= top => {
                let id = if uids.deleted {
                    RECREATED
                } else if seen {
                    NOT_REUSED
                } else {
                    ASCENDING
                };
                notes.judge(id, Some("a new message with a UID not above those told before"));
            }
            (_, Some(next)) if *lowest < next => {
                let id = if uids.deleted { RECREATED } else { UIDNEXT };
                notes.judge(id, Some("a new message with a UID below UIDNEXT as told before"));
            }
            (top, next) => {
                for (tested, id) in [(top.is_some(), ASCENDING), (top.is_some(), NOT_REUSED), (next.is_some(), UIDNEXT)]
                {
                    if tested {
                        notes.judge(id, None);
                    }
                }
            }
        }
        uids.top.raise(*highest, now);
    }

    /// HIGHESTMODSEQ of a mailbox whose server remembers expunges, told in answer to a command begun then. RFC 7162
    /// §3.1.2.1, §3.2.
    pub(super) fn highest(&mut self, place: &Place, highest: u64, begun: u64, notes: &mut Notes<'_>) {
        let Some(told) = self.place(place).and_then(|uids| uids.modseq.before(Some(begun))) else { return };
        notes.judge(HIGHEST, (highest < told).then_some("HIGHESTMODSEQ below the mod-sequence of a message"));
    }

    /// A message of this UID was told to be gone.
    pub(super) fn gone(&mut self, place: &Place, uid: u64) {
        if let Some(message) = self.place(place).and_then(|uids| uids.messages.get_mut(&uid)) {
            message.gone = true;
        }
    }

    /// Messages of these UIDs were told to be gone.
    pub(super) fn vanished(&mut self, place: &Place, gone: &NumberSet) {
        let Some(uids) = self.place(place) else { return };
        for (low, high) in gone.ranges() {
            uids.messages.range_mut(*low..=*high).for_each(|(_, message)| message.gone = true);
        }
    }

    /// FETCH told these items of a message.
    pub(super) fn fetched(
        &mut self,
        place: &Place,
        uid: u64,
        items: &[Value],
        revision: Revision,
        notes: &mut Notes<'_>,
    ) {
        let (now, mut free) = (self.now, MOST_FACTS.saturating_sub(self.facts));
        let Some(uids) = self.place(place) else { return };
        uids.top.raise(uid, now);
        if let Some(modseq) =
            super::value::item(items, "MODSEQ").and_then(|value| super::value::list(Some(value)).first())
        {
            uids.modseq.raise(super::value::number(modseq).unwrap_or(0), now);
        }
        let revision = match revision {
            Revision::Rev1 => FetchedAs::Rev1,
            Revision::Rev2 => FetchedAs::Rev2,
        };
        let room = free;
        let deleted = uids.deleted;
        for pair in items.chunks(2) {
            let [name, value] = pair else { continue };
            let Some((name, (id, what))) = fact(name).filter(|_| says_something(value)) else { continue };
            let Some(digest) = comparable(&name, value) else { continue };
            let message = uids.messages.get(&uid);
            let key = (name, revision);
            if let Some(before) = message.and_then(|message| message.facts.get(&key)) {
                let gone = message.is_some_and(|message| message.gone);
                let id = if deleted {
                    RECREATED
                } else if gone {
                    NOT_REUSED
                } else {
                    id
                };
                notes.judge(id, (*before != digest).then_some(what));
            } else if free > 0 {
                free -= 1;
                uids.messages.entry(uid).or_default().facts.insert(key, digest);
            }
        }
        self.facts += room - free;
    }
}

/// The name under which a data item is kept, and what it breaks when it changes.
fn fact(name: &Value) -> Option<(String, (&'static str, &'static str))> {
    match name {
        Value::Atom(name) => {
            let fact = FACTS.iter().find(|(fact, _, _)| name.eq_ignore_ascii_case(fact.as_bytes()))?;
            Some((fact.0.to_owned(), (fact.1, fact.2)))
        }
        // How field names are written is free, so that lists of them are not compared.
        Value::Section { item, spec, origin: None }
            if item == "BODY" && spec.len() <= LONGEST_SECTION && !spec.contains(&b'(') =>
        {
            Some((format!("[{}]", spec.escape_ascii().to_string().to_ascii_uppercase()), SECTION))
        }
        Value::Section { .. }
        | Value::Nil
        | Value::Number(_)
        | Value::Quoted(_)
        | Value::Literal(_)
        | Value::Literal8(_)
        | Value::List(_) => None,
    }
}

/// A digest of a value, unless another form may mean the same, or it may be made up for a message that is gone.
fn comparable(name: &str, value: &Value) -> Option<u64> {
    match (name, value) {
        // Another zone may be the same instant.
        ("INTERNALDATE", Value::Quoted(text)) => {
            text.ends_with(b"+0000").then(|| digest(&Value::Quoted(text.to_ascii_uppercase().into())))
        }
        ("BODY" | "BODYSTRUCTURE", value) if has_zero(value) => None,
        (_, value) => Some(digest(value)),
    }
}

/// UIDNEXT and the place it belongs to, as STATUS tells them.
pub(super) fn status_of(user: &[u8], mailbox: &[u8], items: &[Value]) -> Option<(Place, u64)> {
    let (validity, next) = (number_of(items, "UIDVALIDITY")?, number_of(items, "UIDNEXT")?);
    let place = Place::Named { user: user.to_vec(), mailbox: name_of(mailbox), validity };
    (next > 0).then_some((place, next))
}

/// A mailbox name to compare by. RFC 3501 §5.1: INBOX in any letter case.
pub(super) fn name_of(name: &[u8]) -> Vec<u8> {
    if name.eq_ignore_ascii_case(b"INBOX") { b"INBOX".to_vec() } else { name.to_vec() }
}
