//! What one session has been told of its selected mailbox.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Value;
use crate::base::NumberSet;

const NEVER_SHRINKS: &str = "rfc3501-5.2-exists-never-shrinks";
const RENUMBERING: &str = "rfc3501-7.4.1-expunge-renumbering";
const BY_UID: &str = "rfc3501-2.3.1.2-msn-order-by-uid";
const STABLE: &str = "rfc3501-2.3.1.1-uid-stable-in-session";
const IMMUTABLE: &str = "message-immutable-for-uid";

/// What this file judges.
pub(super) const BEHIND: &[&str] = &[NEVER_SHRINKS, RENUMBERING, BY_UID, STABLE, IMMUTABLE];

/// Messages whose UID is kept; beyond it only the count is followed.
const MOST_KNOWN: usize = 20_000;

/// A broken requirement and what broke it.
pub(super) type Contradiction = (&'static str, &'static str);

/// The mailbox as the client sees it. RFC 3501 §2.3.1, §5.2, §7.4.1.
#[derive(Debug, Default)]
pub(super) struct View {
    /// Messages; none until the server said how many.
    count: Option<u64>,
    /// By message number.
    known: BTreeMap<u64, Known>,
    /// By UID, then item: a digest of what never changes.
    facts: BTreeMap<(u64, &'static str), u64>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    uid: u64,
    /// Its number changed since the server named it with its UID.
    moved: bool,
}

impl View {
    /// The count of a mailbox just being opened, which is judged against nothing.
    pub(super) fn begin(&mut self, count: u64) {
        self.count = Some(count);
    }

    /// `* n EXISTS`
    pub(super) fn exists(&mut self, count: u64) -> Vec<Contradiction> {
        let shrunk = self.count.is_some_and(|before| count < before);
        if shrunk {
            self.known.clear();
        }
        self.count = Some(count);
        if shrunk { vec![(NEVER_SHRINKS, "EXISTS below the present number of messages")] } else { Vec::new() }
    }

    /// `* n EXPUNGE`: all higher numbers drop by one.
    pub(super) fn expunge(&mut self, number: u64) -> Vec<Contradiction> {
        if self.count.is_some_and(|count| number > count) {
            self.known.clear();
            self.count = None;
            return vec![(RENUMBERING, "EXPUNGE of a number above the present number of messages")];
        }
        self.count = self.count.map(|count| count - 1);
        let higher = self.known.split_off(&number);
        self.known.extend(higher.into_iter().filter(|(at, _)| *at > number).map(|(at, known)| {
            let moved = Known { uid: known.uid, moved: true };
            (at - 1, moved)
        }));
        Vec::new()
    }

    /// `* VANISHED uids`: exact only where all of them are known, else what is known is given up.
    pub(super) fn vanished(&mut self, uids: &NumberSet) {
        let gone = |uid: u64| uids.ranges().iter().any(|(low, high)| (*low..=*high).contains(&uid));
        let numbers: Vec<u64> = self.known.iter().filter(|(_, known)| gone(known.uid)).map(|(at, _)| *at).collect();
        if numbers.len() as u64 == uids.count() {
            for number in numbers.into_iter().rev() {
                self.expunge(number);
            }
        } else {
            *self = Self { facts: std::mem::take(&mut self.facts), ..Self::default() };
        }
    }

    /// UIDs were assigned anew.
    pub(super) fn forget_uids(&mut self) {
        self.known.clear();
        self.facts.clear();
    }

    /// `* n FETCH (items)`
    pub(super) fn fetch(&mut self, number: u64, items: &[Value]) -> Vec<Contradiction> {
        if self.count.is_some_and(|count| number > count) {
            return vec![(BY_UID, "FETCH of a number above the present number of messages")];
        }
        let mut found = Vec::new();
        let named = item(items, "UID").and_then(as_number);
        if let Some(uid) = named {
            found.extend(self.name(number, uid));
        }
        if let Some(uid) = named.or_else(|| self.known.get(&number).map(|known| known.uid)) {
            found.extend(self.compare(uid, items));
        }
        found
    }

    fn name(&mut self, number: u64, uid: u64) -> Vec<Contradiction> {
        let before = self.known.range(..number).next_back().map(|(_, known)| *known);
        let after = self.known.range(number + 1..).next().map(|(_, known)| *known);
        let same = self.known.get(&number).copied();
        if let Some(other) = same.filter(|known| known.uid != uid) {
            self.known.clear();
            let what = "another UID for the same message number";
            return vec![(if other.moved { RENUMBERING } else { STABLE }, what)];
        }
        let wrong = before.filter(|known| known.uid >= uid).or_else(|| after.filter(|known| known.uid <= uid));
        if let Some(other) = wrong {
            self.known.clear();
            let id = if other.moved { RENUMBERING } else { BY_UID };
            return vec![(id, "UIDs that do not ascend with the message numbers")];
        }
        if self.known.len() < MOST_KNOWN {
            self.known.insert(number, Known { uid, moved: false });
        }
        Vec::new()
    }

    /// What a message never changes: RFC 3501 §2.3.1.1.
    fn compare(&mut self, uid: u64, items: &[Value]) -> Vec<Contradiction> {
        let mut found = Vec::new();
        for (name, what) in [
            ("RFC822.SIZE", "another RFC822.SIZE for the same UID"),
            ("INTERNALDATE", "another INTERNALDATE for the same UID"),
            ("ENVELOPE", "another ENVELOPE for the same UID"),
        ] {
            let Some(value) = item(items, name).filter(|value| says_something(value)) else { continue };
            if self.facts.len() >= MOST_KNOWN && !self.facts.contains_key(&(uid, name)) {
                continue;
            }
            let digest = if name == "INTERNALDATE" { date_digest(value) } else { Some(digest(value)) };
            let Some(digest) = digest else { continue };
            if self.facts.insert((uid, name), digest).is_some_and(|before| before != digest) {
                found.push((IMMUTABLE, what));
            }
        }
        found
    }
}

/// The value behind a data item's name.
pub(super) fn item<'a>(items: &'a [Value], name: &str) -> Option<&'a Value> {
    let at = items.iter().step_by(2).position(|item| is_word(item, name))?;
    items.get(at * 2 + 1)
}

pub(super) fn is_word(value: &Value, word: &str) -> bool {
    matches!(value, Value::Atom(name) if name.eq_ignore_ascii_case(word.as_bytes()))
}

fn as_number(value: &Value) -> Option<u64> {
    if let Value::Number(number) = value { Some(*number) } else { None }
}

/// A server may answer for a message that another session expunged with NIL and zero: that is no contradiction.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Nil | Value::Number(0) => false,
        Value::List(values) => values.iter().any(says_something),
        Value::Quoted(text) | Value::Literal(text) => !text.is_empty() && !text.windows(4).any(|year| year == b"1970"),
        Value::Number(_) | Value::Atom(_) | Value::Literal8(_) | Value::Section { .. } => true,
    }
}

/// Equal for values that mean the same: a quoted string and a literal of the same octets.
fn digest(value: &Value) -> u64 {
    fn add(value: &Value, state: &mut DefaultHasher) {
        match value {
            Value::Nil => 0_u8.hash(state),
            Value::Number(number) => (1_u8, number).hash(state),
            Value::Atom(text) => (2_u8, text).hash(state),
            Value::Quoted(text) | Value::Literal(text) | Value::Literal8(text) => (3_u8, text).hash(state),
            Value::List(values) => {
                (4_u8, values.len()).hash(state);
                values.iter().for_each(|value| add(value, state));
            }
            Value::Section { item, spec, origin } => (5_u8, item, spec, origin).hash(state),
        }
    }
    let mut state = DefaultHasher::new();
    add(value, &mut state);
    state.finish()
}

/// Dates in the same zone are compared by their text; another zone may be the same instant and is not compared.
fn date_digest(value: &Value) -> Option<u64> {
    let Value::Quoted(text) = value else { return None };
    text.ends_with(b"+0000").then(|| digest(&Value::Quoted(text.to_ascii_uppercase().into())))
}
