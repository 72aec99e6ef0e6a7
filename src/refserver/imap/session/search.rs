//! SEARCH (RFC 3501 §6.4.4, RFC 5032, RFC 5182, RFC 6855 §3).

use std::cell::OnceCell;
use std::ops::RangeInclusive;

use super::awareness::Awareness;
use super::fetching::email_id;
use super::found::{Found, Modseqs};
use super::mailboxes::now;
use super::reply::{Answer, Reply};
use super::sets::contains;
use super::state::Session;
use super::unicode::Unicode;
use super::view::{Target, View};
use super::wrong::mistexts;
use crate::refserver::Faults;
use crate::refserver::imap::command::{Search, SearchKey, SearchResult};
use crate::refserver::imap::mime::{Part, Texts};
use crate::refserver::store::Message;

/// In which form texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charset {
    /// As they stand, or decoded.
    Ascii,
    /// Decoded only, as RFC 3501 §6.4.4 wants for all others.
    Utf8,
}

/// Finds messages. Those that are gone already, unknown to the client, match nothing (RFC 2180 §4.3).
pub(super) fn search(session: &mut Session<'_>, tag: &str, command: &Search, out: &mut Vec<u8>) -> Answer {
    let results = command.results.as_deref().unwrap_or_default();
    // RFC 6855 §3: strings are in UTF-8, and nothing else may be said of them.
    if session.unicode == Unicode::Accepted && command.charset.is_some() {
        return Err(Reply::bad("strings are in UTF-8, as was enabled"));
    }
    let by_modseq = asks_modseq(&command.key);
    if by_modseq {
        session.become_aware(Awareness::Condstore, out)?;
    }
    let found = match find(session, command) {
        Ok(found) => found,
        Err(refusal) => {
            // RFC 5182 §2.1: after NO nothing is saved, after BAD what was.
            if results.contains(&SearchResult::Save) && refusal.is_no() {
                session.selected(|view, _| view.save(Vec::new()))?;
            }
            return Err(refusal);
        }
    };
    if results.contains(&SearchResult::Save) {
        session.selected(|view, _| view.save(found.saved(results)))?;
    }
    let modseqs = if by_modseq { Modseqs::Told } else { Modseqs::Untold };
    match &command.results {
        Some(results) => found.tell_results(tag, command.by, results, modseqs, out),
        // RFC 9051 §6.4.4: the answer has one form.
        None if session.is_rev2() => found.tell_results(tag, command.by, &[SearchResult::All], modseqs, out),
        None => found.tell(command.by, modseqs, out),
    }
    Ok(Reply::ok("searched"))
}

/// The messages that a command is about.
pub(super) fn find(session: &mut Session<'_>, command: &Search) -> Result<Found, Reply> {
    let charset = match command.charset.as_deref().map(<[u8]>::to_ascii_uppercase).as_deref() {
        // RFC 9051 §6.4.4: UTF-8 goes without saying.
        None if session.names() == Unicode::Accepted => Charset::Utf8,
        None | Some(b"US-ASCII") => Charset::Ascii,
        Some(b"UTF-8") => Charset::Utf8,
        Some(_) => return Err(Reply::no("that charset is not known").with("BADCHARSET (US-ASCII UTF-8)")),
    };
    let (test, candidates) = session.selected(|view, account| {
        let test = Test::new(&command.key, &Terms { view, charset, now: now().seconds })?;
        let mailbox = account.mailbox(view.id);
        let candidates: Vec<Candidate> = view
            .all()
            .filter_map(|target| {
                let message = mailbox?.message(target.uid)?.clone();
                let recency = if view.is_recent(target) { Recency::Recent } else { Recency::Old };
                Some(Candidate { target, message, recency, texts: OnceCell::new(), faults: view.faults.clone() })
            })
            .collect();
        Ok::<_, Reply>((test, candidates))
    })??;
    // Each is thrown away with its decoded texts before the next one is looked at.
    let matching = candidates.into_iter().filter(|candidate| test.matches(candidate, charset));
    Ok(Found::new(matching.map(|candidate| (candidate.target, candidate.message.modified)).collect()))
}

/// Whether a key asks for a mod-sequence, so that the answer has one (RFC 7162 §3.1.5).
pub(super) fn asks_modseq(key: &SearchKey) -> bool {
    match key {
        SearchKey::Modseq(_) => true,
        SearchKey::And(keys) => keys.iter().any(asks_modseq),
        SearchKey::Or(left, right) => asks_modseq(left) || asks_modseq(right),
        SearchKey::Not(key) => asks_modseq(key),
        SearchKey::All
        | SearchKey::Sequence(_)
        | SearchKey::Uid(_)
        | SearchKey::Flag(_)
        | SearchKey::Recent
        | SearchKey::Body(_)
        | SearchKey::Text(_)
        | SearchKey::Header { .. }
        | SearchKey::Before(_)
        | SearchKey::On(_)
        | SearchKey::Since(_)
        | SearchKey::SentBefore(_)
        | SearchKey::SentOn(_)
        | SearchKey::SentSince(_)
        | SearchKey::Larger(_)
        | SearchKey::Smaller(_)
        | SearchKey::Older(_)
        | SearchKey::Younger(_)
        | SearchKey::EmailId(_)
        | SearchKey::ThreadId(_)
        | SearchKey::SavedBefore(_)
        | SearchKey::SavedOn(_)
        | SearchKey::SavedSince(_) => false,
    }
}

#[derive(Debug)]
struct Candidate {
    target: Target,
    message: Message,
    recency: Recency,
    texts: OnceCell<Texts>,
    /// What is done wrong on purpose.
    faults: Faults,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recency {
    Recent,
    Old,
}

/// A key with its sets resolved and its strings ready to be compared.
#[derive(Debug)]
enum Test<'k> {
    And(Vec<Self>),
    Or(Box<(Self, Self)>),
    Not(Box<Self>),
    Numbers(Vec<(u32, u32)>),
    Uids(Vec<(u32, u32)>),
    Body(String),
    Text(String),
    Header {
        name: &'k [u8],
        value: String,
    },
    /// An internal date in seconds since 1970.
    Dated(RangeInclusive<i64>),
    Plain(&'k SearchKey),
}

/// What keys are read by.
struct Terms<'v> {
    view: &'v View,
    charset: Charset,
    /// Seconds since 1970.
    now: i64,
}

impl<'k> Test<'k> {
    fn new(key: &'k SearchKey, terms: &Terms<'_>) -> Result<Self, Reply> {
        let charset = terms.charset;
        Ok(match key {
            SearchKey::And(keys) => Self::And(keys.iter().map(|key| Self::new(key, terms)).collect::<Result<_, _>>()?),
            SearchKey::Or(left, right) => Self::Or(Box::new((Self::new(left, terms)?, Self::new(right, terms)?))),
            SearchKey::Not(key) => Self::Not(Box::new(Self::new(key, terms)?)),
            SearchKey::Sequence(set) => Self::Numbers(terms.view.number_ranges(set)),
            SearchKey::Uid(set) => Self::Uids(terms.view.uid_ranges(set)),
            // RFC 5032 §2: what is just as old is both.
            SearchKey::Older(seconds) => Self::Dated(i64::MIN..=terms.now - i64::from(*seconds)),
            SearchKey::Younger(seconds) => Self::Dated(terms.now - i64::from(*seconds)..=i64::MAX),
            SearchKey::Body(text) => Self::Body(needle(text, charset)?),
            SearchKey::Text(text) => Self::Text(needle(text, charset)?),
            SearchKey::Header { name, value } => Self::Header { name, value: needle(value, charset)? },
            SearchKey::All
            | SearchKey::Flag(_)
            | SearchKey::Recent
            | SearchKey::Before(_)
            | SearchKey::On(_)
            | SearchKey::Since(_)
            | SearchKey::SentBefore(_)
            | SearchKey::SentOn(_)
            | SearchKey::SentSince(_)
            | SearchKey::Larger(_)
            | SearchKey::Smaller(_)
            | SearchKey::Modseq(_)
            | SearchKey::EmailId(_)
            | SearchKey::ThreadId(_)
            | SearchKey::SavedBefore(_)
            | SearchKey::SavedOn(_)
            | SearchKey::SavedSince(_) => Self::Plain(key),
        })
    }

    fn matches(&self, candidate: &Candidate, charset: Charset) -> bool {
        match self {
            Self::And(tests) => tests.iter().all(|test| test.matches(candidate, charset)),
            Self::Or(tests) => tests.0.matches(candidate, charset) || tests.1.matches(candidate, charset),
            Self::Not(test) => !test.matches(candidate, charset),
            Self::Numbers(ranges) => u32::try_from(candidate.target.number).is_ok_and(|n| contains(ranges, n)),
            Self::Uids(ranges) => contains(ranges, candidate.target.uid),
            Self::Dated(range) => range.contains(&candidate.message.date.seconds),
            Self::Body(needle) => {
                let texts = candidate.texts();
                texts.body.contains(needle) || (charset == Charset::Ascii && texts.raw_body.contains(needle))
            }
            Self::Text(needle) => {
                let texts = candidate.texts();
                let raw = charset == Charset::Ascii && texts.raw.contains(needle);
                texts.body.contains(needle) || texts.header.contains(needle) || raw
            }
            Self::Header { name, value } => {
                let fits = |field: &str| value.is_empty() || field.contains(value);
                candidate
                    .texts()
                    .fields
                    .iter()
                    .filter(|field| field.name.eq_ignore_ascii_case(name))
                    .any(|field| fits(&field.decoded) || (charset == Charset::Ascii && fits(&field.raw)))
            }
            Self::Plain(key) => candidate.has(key),
        }
    }
}

/// RFC 3501 §6.4.4: strings compare in any case. Eight bits mean nothing in US-ASCII.
fn needle(octets: &[u8], charset: Charset) -> Result<String, Reply> {
    let text = str::from_utf8(octets).map_err(|_| Reply::bad("the string is not in that charset"))?;
    if charset == Charset::Ascii && !text.is_ascii() {
        return Err(Reply::bad("8-bit strings need CHARSET UTF-8"));
    }
    Ok(text.to_lowercase())
}

impl Candidate {
    fn texts(&self) -> &Texts {
        let octets = &self.message.octets;
        self.texts.get_or_init(|| mistexts(&self.faults, octets, Texts::of(octets, &Part::parse(octets))))
    }

    /// Keys without texts, sets and other keys.
    fn has(&self, key: &SearchKey) -> bool {
        let size = self.message.octets.len() as u64;
        let sent = |wanted: &dyn Fn(_) -> bool| self.texts().sent.is_some_and(wanted);
        match key {
            SearchKey::All => true,
            SearchKey::Flag(flag) => self.message.flags.contains(flag),
            SearchKey::Recent => self.recency == Recency::Recent,
            SearchKey::Before(day) => self.message.date.day() < *day,
            SearchKey::On(day) => self.message.date.day() == *day,
            SearchKey::Since(day) => self.message.date.day() >= *day,
            SearchKey::SentBefore(day) => sent(&|date| date < *day),
            SearchKey::SentOn(day) => sent(&|date| date == *day),
            SearchKey::SentSince(day) => sent(&|date| date >= *day),
            SearchKey::Larger(octets) => size > u64::from(*octets),
            SearchKey::Smaller(octets) => size < u64::from(*octets),
            SearchKey::Modseq(modseq) => self.message.modified >= *modseq,
            SearchKey::EmailId(id) => email_id(&self.message).as_bytes() == id.as_slice(),
            // RFC 8474 §5.2: without threads it matches nothing.
            SearchKey::ThreadId(_) => false,
            SearchKey::SavedBefore(day) => self.message.saved.day() < *day,
            SearchKey::SavedOn(day) => self.message.saved.day() == *day,
            SearchKey::SavedSince(day) => self.message.saved.day() >= *day,
            SearchKey::And(_)
            | SearchKey::Or(..)
            | SearchKey::Not(_)
            | SearchKey::Sequence(_)
            | SearchKey::Uid(_)
            | SearchKey::Older(_)
            | SearchKey::Younger(_)
            | SearchKey::Body(_)
            | SearchKey::Text(_)
            | SearchKey::Header { .. } => false,
        }
    }
}
