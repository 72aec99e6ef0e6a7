//! What a client knows of a maildrop within one session. RFC 1939 §5: the answers follow from the messages that were there at
//! the login and from the marks alone.

mod listing;

use std::collections::{BTreeMap, BTreeSet};

use self::listing::{LIST_EXTRA, LIST_FORM, Listing, UIDL_CHARS, UIDL_FORM, listings, number};
use super::invariant::{Contradiction, Sheet};
use super::{CommandLine, Keyword, Reply};
use crate::base::ByteString;

const STAT_FORM: &str = "rfc1939-5-stat-format";
const STAT_EXTRA: &str = "rfc1939-5-stat-no-extra-text";
const STAT_MARKED: &str = "rfc1939-5-stat-excludes-deleted";
const STAT_LIST: &str = "rfc1939-5-stat-agrees-with-list";
const EXCLUSIVE: &str = "rfc1939-4-exclusive-access";
pub(super) const LIST_ONE: &str = "rfc1939-5-list-single-form";
const LIST_ONCE: &str = "rfc1939-5-list-every-message-once";
const CONSECUTIVE: &str = "rfc1939-4-message-numbers-consecutive";
const REPEATABLE: &str = "rfc1939-5-commands-repeatable";
const STABLE: &str = "rfc1939-5-numbers-stable-after-dele";
pub(super) const UIDL_ONE: &str = "rfc1939-7-uidl-single-form";
const UIDL_UNIQUE: &str = "rfc1939-7-uidl-unique";
const UIDL_MARKED: &str = "rfc1939-7-uidl-excludes-deleted";
pub(super) const PERSISTENT: &str = "rfc1939-7-uidl-persistent";
const UNMARKED: &str = "rfc1939-5-rset-unmarks";
const REFERENCE: &str = "rfc1939-5-deleted-reference-err";
const NOBODY: &str = "rfc1939-5-nonexistent-number-err";
const SAME_AGAIN: &str = "rfc1939-5-retr-no-side-effect";
const STUFFING_COUNTED: &str = "rfc1939-11-octet-count-without-stuffing";
const LINE_ENDS: &str = "rfc1939-11-octet-count-line-ends";
const TOP_NONE: &str = "rfc1939-7-top-zero-lines";
const TOP_ALL: &str = "rfc1939-7-top-more-than-body";
const TOP_SOME: &str = "rfc1939-7-top-prefix-of-retr";

/// What this file judges.
pub(super) const BEHIND: &[&str] = &[
    STAT_FORM,
    STAT_EXTRA,
    STAT_MARKED,
    STAT_LIST,
    EXCLUSIVE,
    LIST_FORM,
    LIST_EXTRA,
    LIST_ONE,
    LIST_ONCE,
    CONSECUTIVE,
    REPEATABLE,
    STABLE,
    UIDL_FORM,
    UIDL_ONE,
    UIDL_CHARS,
    UIDL_UNIQUE,
    UIDL_MARKED,
    PERSISTENT,
    UNMARKED,
    REFERENCE,
    NOBODY,
    SAME_AGAIN,
    STUFFING_COUNTED,
    LINE_ENDS,
    TOP_NONE,
    TOP_ALL,
    TOP_SOME,
];

/// Messages whose values are remembered.
const REMEMBERED: usize = 100_000;
/// Octets of messages that are remembered.
const BODIES: usize = 4 * 1024 * 1024;

/// The maildrop of one session in TRANSACTION.
#[derive(Debug, Default)]
pub(super) struct View {
    sight: Sight,
    marked: BTreeSet<u64>,
    /// Marks that RSET took back.
    unmarked: BTreeSet<u64>,
    /// DELE was accepted at least once.
    deletions: usize,
    sizes: BTreeMap<u64, u64>,
    ids: BTreeMap<u64, Vec<u8>>,
    bodies: BTreeMap<u64, Vec<ByteString>>,
    kept: usize,
    /// How many messages were counted since the marks last changed, and by what.
    counted: Option<(u64, Counting)>,
    /// What STAT said before any mark.
    whole: Option<(u64, u64)>,
}

/// Whether it is known which messages are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Sight {
    #[default]
    Clear,
    /// The server took a DELE of another form than RFC 1939 §5 gives it.
    Lost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counting {
    Stat,
    List,
}

/// How much of the maildrop a listing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    All,
    One,
}

impl View {
    /// A positive response came to this command.
    pub(super) fn answered(&mut self, command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
        if self.sight == Sight::Lost {
            return;
        }
        if let Some((id, broken)) = self.reference(command) {
            sheet.look(id, Some(broken));
        }
        match (command.keyword, &reply.body) {
            (Keyword::Stat, _) => self.stat(reply, sheet),
            (Keyword::List, Some(body)) => self.list(body, sheet),
            (Keyword::List, None) => self.one(Listing::Sizes, command, reply, sheet),
            (Keyword::Uidl, Some(body)) => self.uidl(body, sheet),
            (Keyword::Uidl, None) => self.one(Listing::Ids, command, reply, sheet),
            (Keyword::Dele, _) => self.dele(command),
            (Keyword::Rset, _) => {
                self.unmarked.append(&mut self.marked);
                self.counted = None;
            }
            (Keyword::Retr, Some(body)) => self.retr(command, body, sheet),
            (Keyword::Top, Some(body)) => self.top(command, body, sheet),
            (
                Keyword::Greeting
                | Keyword::Response
                | Keyword::User
                | Keyword::Pass
                | Keyword::Apop
                | Keyword::Quit
                | Keyword::Retr
                | Keyword::Noop
                | Keyword::Top
                | Keyword::Auth
                | Keyword::Capa
                | Keyword::Stls
                | Keyword::Utf8
                | Keyword::Lang
                | Keyword::Other,
                _,
            ) => {}
        }
    }

    /// The unique-ids of all messages, where they are all known and none was ever marked.
    pub(super) fn all_ids(&self) -> Option<BTreeSet<Vec<u8>>> {
        (self.deletions == 0).then(|| self.ids.values().cloned().collect())
    }

    /// A negative response came to this command.
    pub(super) fn refused(&self, command: &CommandLine, sheet: &mut Sheet) {
        if let Some((id, _)) = self.reference(command) {
            sheet.look(id, None);
        }
    }

    /// What a positive response breaks by the number that the command names. RFC 1939 §5.
    fn reference(&self, command: &CommandLine) -> Option<Contradiction> {
        let names =
            matches!(command.keyword, Keyword::List | Keyword::Retr | Keyword::Dele | Keyword::Top | Keyword::Uidl);
        match command.message().filter(|_| names)? {
            0 => Some((NOBODY, "a positive response for message 0")),
            number if self.marked.contains(&number) => {
                Some((REFERENCE, "a positive response for a message that is marked as deleted"))
            }
            _ => None,
        }
    }

    fn dele(&mut self, command: &CommandLine) {
        self.deletions += 1;
        self.counted = None;
        match (command.message(), command.args.len()) {
            (Some(number), 1) => {
                self.marked.insert(number);
                self.unmarked.remove(&number);
            }
            (_, _) => self.sight = Sight::Lost,
        }
    }

    /// `+OK count size`. What follows the size is left open. RFC 1939 §5.
    fn stat(&mut self, reply: &Reply, sheet: &mut Sheet) {
        let mut words = reply.text.splitn(3, |octet| *octet == b' ');
        let (count, size) = (words.next().and_then(number), words.next());
        let end = size.map_or(0, |word| word.iter().take_while(|octet| octet.is_ascii_digit()).count());
        let octets = size.and_then(|word| word.get(..end)).and_then(number);
        let (Some(count), Some(octets)) = (count, octets) else {
            return sheet.look(STAT_FORM, Some("STAT without two numbers after one space each"));
        };
        sheet.look(STAT_FORM, None);
        let more = size.is_some_and(|word| word.len() > end) || words.next().is_some();
        sheet.look(STAT_EXTRA, more.then_some("text after the size"));
        if self.marked.is_empty() {
            self.whole = Some((count, octets));
        } else if let Some((before, all)) = self.whole {
            // With other messages among the marked ones the sum would differ, had new ones come in.
            let included = count == before && octets == all && count > 0;
            sheet.look(STAT_MARKED, included.then_some("STAT counts messages that are marked as deleted"));
            if included {
                return;
            }
        }
        self.count(count, Counting::Stat, sheet);
    }

    /// Messages may come in, if the server shows them, but none goes within a session. RFC 1939 §4.
    fn count(&mut self, count: u64, by: Counting, sheet: &mut Sheet) {
        if let Some((before, how)) = self.counted {
            let fewer = count < before;
            if how == by {
                sheet.look(EXCLUSIVE, fewer.then_some("a message is gone that nobody in this session marked"));
            } else {
                sheet.look(STAT_LIST, fewer.then_some("STAT and LIST count differently"));
            }
        }
        self.counted = Some((count, by));
    }

    fn list(&mut self, body: &[ByteString], sheet: &mut Sheet) {
        let Some(entries) = listings(Listing::Sizes, body, sheet) else { return };
        let numbers: BTreeSet<u64> = entries.iter().map(|(number, _)| *number).collect();
        let marked = self.marked.iter().any(|number| numbers.contains(number));
        let twice = numbers.len() < entries.len();
        let last = numbers.last().copied().unwrap_or_default();
        let missing = |number: &u64| !numbers.contains(number) && !self.marked.contains(number);
        let lost = self.unmarked.iter().any(&missing);
        // Only up to the last one that is shown: whether more were there is told by STAT.
        let known = (numbers.len() + self.marked.len()) as u64;
        let gap = numbers.contains(&0) || last > known || (1..last).any(|number| missing(&number));
        if !self.unmarked.is_empty() {
            sheet.look(UNMARKED, lost.then_some("a message is missing that RSET unmarked"));
        }
        let once = match (marked, twice) {
            (true, _) => Some("LIST names a message that is marked as deleted"),
            (false, true) => Some("LIST names a message twice"),
            (false, false) => None,
        };
        if self.deletions == 0 {
            sheet.look(LIST_ONCE, once);
            sheet.look(CONSECUTIVE, gap.then_some("a number is missing"));
        } else {
            let gap = (gap && !lost).then_some("LIST leaves out a message that is not marked");
            sheet.look(LIST_ONCE, once.or(gap));
        }
        self.remember(Listing::Sizes, Extent::All, &entries, sheet);
        if !marked && !twice && !lost && !gap {
            self.count(numbers.len() as u64, Counting::List, sheet);
        }
        self.unique(sheet);
    }

    fn uidl(&mut self, body: &[ByteString], sheet: &mut Sheet) {
        let Some(entries) = listings(Listing::Ids, body, sheet) else { return };
        if !self.marked.is_empty() {
            let marked = entries.iter().any(|(number, _)| self.marked.contains(number));
            sheet.look(UIDL_MARKED, marked.then_some("UIDL names a message that is marked as deleted"));
        }
        self.remember(Listing::Ids, Extent::All, &entries, sheet);
        self.unique(sheet);
    }

    /// Identical copies may share a unique-id; messages of different size are none. RFC 1939 §7.
    fn unique(&self, sheet: &mut Sheet) {
        if self.ids.len() < 2 {
            return;
        }
        let mut sizes: BTreeMap<&[u8], u64> = BTreeMap::new();
        let mut shared = false;
        for (number, id) in &self.ids {
            if let Some(size) = self.sizes.get(number) {
                shared |= *sizes.entry(id).or_insert(*size) != *size;
            }
        }
        if !sizes.is_empty() {
            sheet.look(UIDL_UNIQUE, shared.then_some("messages of different size have one unique-id"));
        }
    }

    /// The answer to LIST or UIDL with a number.
    fn one(&mut self, listing: Listing, command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
        let Some(entries) = listings(listing, std::slice::from_ref(&reply.text), sheet) else { return };
        let other = entries.iter().any(|(number, _)| Some(*number) != command.message());
        let id = if listing == Listing::Sizes { LIST_ONE } else { UIDL_ONE };
        sheet.look(id, other.then_some("the listing of another message than the one asked for"));
        if !other {
            self.remember(listing, Extent::One, &entries, sheet);
        }
    }

    /// Holds values against those seen before.
    fn remember(&mut self, listing: Listing, extent: Extent, entries: &[(u64, Vec<u8>)], sheet: &mut Sheet) {
        let id = match (listing, extent) {
            _ if self.deletions > 0 => STABLE,
            (Listing::Sizes, Extent::One) => LIST_ONE,
            (Listing::Ids, Extent::One) => UIDL_ONE,
            (Listing::Sizes, Extent::All) => REPEATABLE,
            (Listing::Ids, Extent::All) => PERSISTENT,
        };
        let mut compared = 0;
        let mut changed = 0;
        for (number, value) in entries {
            let old = match listing {
                Listing::Sizes => {
                    let Some(size) = listing::number(value) else { continue };
                    let old = (self.sizes.len() < REMEMBERED).then(|| self.sizes.insert(*number, size)).flatten();
                    old.map(|old| old == size)
                }
                Listing::Ids => {
                    let old = (self.ids.len() < REMEMBERED).then(|| self.ids.insert(*number, value.clone())).flatten();
                    old.map(|old| old == *value)
                }
            };
            compared += usize::from(old.is_some());
            changed += usize::from(old == Some(false));
        }
        if compared > 0 {
            sheet.look(id, (changed > 0).then_some("a message number has another size or unique-id than before"));
        }
        if listing == Listing::Sizes {
            entries.iter().for_each(|(number, _)| self.exact(*number, sheet));
        }
    }

    fn retr(&mut self, command: &CommandLine, body: &[ByteString], sheet: &mut Sheet) {
        let Some(number) = command.message() else { return };
        if let Some(before) = self.bodies.get(&number) {
            sheet.look(SAME_AGAIN, (before != body).then_some("another text than RETR gave before"));
            return;
        }
        let octets: usize = body.iter().map(|line| line.len() + 2).sum();
        self.kept = self.kept.saturating_add(octets);
        if self.kept <= BODIES {
            self.bodies.insert(number, body.to_vec());
            self.exact(number, sheet);
        }
    }

    /// The size in LIST is that of the text, with line ends of two octets and without stuffing. RFC 1939 §11. A store may have
    /// lost the last line end, and text that is not ASCII may be a substitute (RFC 6856 §2.1): only the two wrong ways of
    /// counting that §11 names are told.
    fn exact(&self, number: u64, sheet: &mut Sheet) {
        let (Some(size), Some(body)) = (self.sizes.get(&number), self.bodies.get(&number)) else { return };
        if !body.iter().all(|line| line.is_ascii()) {
            return;
        }
        let octets: u64 = body.iter().map(|line| line.len() as u64 + 2).sum();
        let stuffed = body.iter().filter(|line| line.starts_with(b".")).count() as u64;
        if stuffed > 0 {
            let counted = *size == octets + stuffed;
            sheet.look(STUFFING_COUNTED, counted.then_some("the size counts the octets of byte-stuffing"));
        }
        // With few lines one line end that is missing in the store looks alike.
        let lines = body.len() as u64;
        if lines > 3 {
            sheet.look(LINE_ENDS, (*size == octets - lines).then_some("the size counts one octet for each line end"));
        }
    }

    /// Held against RETR, where that was seen. RFC 1939 §7.
    fn top(&self, command: &CommandLine, body: &[ByteString], sheet: &mut Sheet) {
        let lines = command.args.get(1).and_then(|word| number(word.as_bytes()));
        let (Some(message), Some(lines)) = (command.message(), lines) else { return };
        let Some(whole) = self.bodies.get(&message) else { return };
        // Without a blank line there is no body, and a server may add the line.
        let Some(head) = whole.iter().position(|line| line.is_empty()) else { return };
        let rest = whole.len() - head - 1;
        let asked = usize::try_from(lines).unwrap_or(usize::MAX);
        let id = match asked {
            0 => TOP_NONE,
            _ if asked >= rest => TOP_ALL,
            _ => TOP_SOME,
        };
        let expected = whole.get(..head + 1 + asked.min(rest)).unwrap_or_default();
        sheet.look(id, (body != expected).then_some("another text than the beginning of what RETR gave"));
    }
}
