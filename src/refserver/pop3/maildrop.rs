//! The commands of the TRANSACTION state, pure.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::fault::{CommandFault, MaildropFault};
use super::unicode::Mode;
use crate::refserver::sasl::timestamp;
use crate::refserver::store::{Maildrop, MaildropMessage};
use crate::refserver::{Fault, Faults};

/// A maildrop and what is marked as deleted in it.
#[derive(Debug)]
pub(super) struct Transaction {
    pub(super) maildrop: Maildrop,
    deleted: BTreeSet<u32>,
    pub(super) mode: Mode,
    pub(super) faults: Faults,
    /// Marks that RSET has taken back, for a server that does not forget them.
    reset: BTreeSet<u32>,
    /// What was retrieved, for a server that leaves traces.
    pub(super) retrieved: BTreeSet<u32>,
    /// How often RSET was said, for a server that makes something of it.
    resets: usize,
    /// What stands behind unique-ids, for a server that makes them anew.
    salt: String,
}

pub(super) const NO_SUCH: &str = "-ERR no such message\r\n";

/// Which messages a listing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Those that are not marked as deleted.
    Present,
    /// All.
    All,
}

/// One message with its number.
type Numbered<'a> = (usize, &'a MaildropMessage);

impl Transaction {
    pub(super) fn new(maildrop: Maildrop, mode: Mode, faults: Faults) -> Self {
        let (deleted, reset, retrieved, resets) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), 0);
        let salted = faults.has(MaildropFault::UidlBySession).then(|| timestamp("")).flatten();
        let salt = salted.map(|salt| salt.trim_matches(['<', '>']).to_owned()).unwrap_or_default();
        Self { maildrop, deleted, mode, faults, reset, retrieved, resets, salt }
    }

    /// Answers everything but QUIT. `name` is in upper case.
    pub(super) fn answer(&mut self, name: &str, arguments: &[&str]) -> Vec<u8> {
        if self.has(MaildropFault::MaildropReadAnew) {
            self.maildrop.read_anew();
        }
        let answer = self.right(name, arguments);
        if answer.starts_with(b"-") && self.has(MaildropFault::RefusalUnmarks) {
            self.deleted.clear();
        }
        answer
    }

    fn right(&mut self, name: &str, arguments: &[&str]) -> Vec<u8> {
        let text = match (name, arguments) {
            ("NOOP", []) => self.noop(),
            ("RSET", []) => self.reset(),
            ("STAT", []) => self.stat(),
            ("LIST", []) => self.list(),
            ("UIDL", []) => {
                self.listing(self.shown(MaildropFault::UidlNamesDeleted), |numbered| self.unique_id(numbered))
            }
            ("LIST", [number]) if self.find(number).is_none() && self.has(CommandFault::ListRefusalWithTerminator) => {
                format!("{NO_SUCH}.\r\n")
            }
            ("LIST", [number]) => self.one(number, |(_, message)| {
                (self.size(message) + usize::from(self.has(MaildropFault::ListSingleDiffers))).to_string()
            }),
            ("UIDL", [number]) => self.one(number, |numbered| {
                let differs = if self.has(MaildropFault::UidlSingleDiffers) { "-" } else { "" };
                format!("{}{differs}", self.unique_id(numbered))
            }),
            ("DELE", [number]) => self.delete(number),
            ("DELE", []) if self.has(MaildropFault::DeleWithoutNumber) => "+OK nothing to delete\r\n".to_owned(),
            ("RETR", []) if self.has(MaildropFault::RetrAnyWord) => return self.retrieve("1"),
            ("RETR", [word]) if begins_as_word(word) && self.has(MaildropFault::RetrAnyWord) => {
                return self.retrieve("1");
            }
            ("RETR", [number]) => return self.retrieve(number),
            ("TOP", [number, lines]) => match self.decimal(lines) {
                Some(lines) => return self.top(number, lines),
                None if self.has(MaildropFault::TopAnyWord) => return self.top(number, 0),
                None => "-ERR a number of lines is needed\r\n".to_owned(),
            },
            ("TOP", [number]) if self.has(MaildropFault::TopWithoutLines) => return self.top(number, 0),
            _ => "-ERR unknown command or wrong arguments\r\n".to_owned(),
        };
        text.into_bytes()
    }

    /// The UPDATE state (RFC 1939 §6).
    pub(super) fn update(mut self) {
        let last = self.deleted.last().copied();
        if self.has(MaildropFault::QuitForgetsRset) {
            self.deleted.append(&mut self.reset);
        }
        if let (true, Some(last)) = (self.has(MaildropFault::QuitRemovesNeighbour), last) {
            let behind = self.maildrop.messages().iter().map(|message| message.uid).find(|uid| *uid > last);
            self.deleted.extend(behind);
        }
        if self.has(MaildropFault::QuitRemovesOne) {
            self.deleted = self.deleted.iter().copied().take(1).collect();
        }
        self.maildrop.update(&self.deleted);
    }

    /// The connection has ended without QUIT: nothing is removed (RFC 1939 §6).
    pub(super) fn drop_unsaid(self) {
        if self.has(MaildropFault::UpdateWithoutQuit) {
            self.maildrop.update(&self.deleted);
        }
    }

    pub(super) fn has(&self, fault: impl Into<Fault>) -> bool {
        self.faults.has(fault)
    }

    fn noop(&mut self) -> String {
        if self.has(MaildropFault::NoopUnmarks) {
            self.deleted.clear();
        }
        if self.has(CommandFault::NoopEndsInLf) { "+OK\n".to_owned() } else { "+OK\r\n".to_owned() }
    }

    /// Whether RSET was said, and nothing was marked since.
    pub(super) fn is_reset(&self) -> bool {
        self.resets > 0 && self.deleted.is_empty()
    }

    fn reset(&mut self) -> String {
        self.resets += 1;
        let kept = self.deleted.first().copied().filter(|_| self.has(MaildropFault::RsetKeepsMarks));
        self.reset.append(&mut self.deleted);
        self.deleted.extend(kept);
        if self.has(CommandFault::StatusInLowerCase) { "+ok\r\n".to_owned() } else { "+OK\r\n".to_owned() }
    }

    fn stat(&self) -> String {
        let counted: Vec<Numbered<'_>> = match self.has(MaildropFault::StatCountsDeleted) {
            true => self.numbered().collect(),
            false => self.present().collect(),
        };
        let octets: usize = counted.iter().map(|(_, message)| self.size(message)).sum();
        let more = usize::from(self.has(MaildropFault::StatOffByOne) && counted.len() > 2);
        let text = if self.has(MaildropFault::StatSaysMore) { " octets" } else { "" };
        format!("+OK {} {octets}{text}\r\n", counted.len() + more)
    }

    fn list(&self) -> String {
        if self.has(MaildropFault::EmptyListRefused) && self.present().next().is_none() {
            return "-ERR nothing to list\r\n".to_owned();
        }
        let last = self.present().last().map(|(number, _)| number).filter(|number| *number > 1);
        let text = if self.has(MaildropFault::ListSaysMore) { " octets" } else { "" };
        let size = |(_, message): Numbered<'_>| format!("{}{text}", self.size(message));
        let all = self.listing(self.shown(MaildropFault::ListNamesDeleted), size);
        match last.filter(|_| self.has(MaildropFault::ListLeavesOutLast)) {
            None => all,
            Some(last) => all.split_inclusive("\r\n").filter(|line| !line.starts_with(&format!("{last} "))).collect(),
        }
    }

    fn delete(&mut self, number: &str) -> String {
        let again = self.has(MaildropFault::DeleTwice).then(|| self.find_any(number)).flatten();
        match self.find(number).or(again).map(|(_, message)| message.uid) {
            Some(uid) => {
                self.deleted.insert(uid);
                "+OK deleted\r\n".to_owned()
            }
            None => NO_SUCH.to_owned(),
        }
    }

    /// All messages, with their numbers.
    fn numbered(&self) -> impl Iterator<Item = Numbered<'_>> {
        let gap = |number| number + usize::from(number > 2 && self.has(MaildropFault::NumberLeftOut));
        let gone = self.has(MaildropFault::DeleRenumbers);
        let there = move |message: &&MaildropMessage| !(gone && self.deleted.contains(&message.uid));
        self.maildrop.messages().iter().filter(there).enumerate().map(move |(at, message)| (gap(at + 1), message))
    }

    fn present(&self) -> impl Iterator<Item = Numbered<'_>> {
        self.numbered().filter(|(_, message)| !self.deleted.contains(&message.uid))
    }

    pub(super) fn find(&self, number: &str) -> Option<Numbered<'_>> {
        let number = self.understood(self.decimal(number)?);
        self.present().find(|(at, _)| *at == number)
    }

    /// The same among all messages, marked ones included.
    pub(super) fn find_any(&self, number: &str) -> Option<Numbered<'_>> {
        let number = self.decimal(number)?;
        self.numbered().find(|(at, _)| *at == number)
    }

    fn one(&self, number: &str, show: impl Fn(Numbered<'_>) -> String) -> String {
        self.find(number).map_or_else(
            || NO_SUCH.to_owned(),
            |(number, message)| format!("+OK {number} {}\r\n", show((number, message))),
        )
    }

    /// What a listing shows, which a fault makes everything.
    fn shown(&self, fault: MaildropFault) -> Shown {
        if self.has(fault) { Shown::All } else { Shown::Present }
    }

    fn listing(&self, shown: Shown, show: impl Fn(Numbered<'_>) -> String) -> String {
        let listed = |uid: u32| shown == Shown::All || !self.deleted.contains(&uid);
        let shown = self.numbered().filter(|(_, message)| listed(message.uid));
        let lines: String = shown.map(|numbered| format!("{} {}\r\n", numbered.0, show(numbered))).collect();
        format!("+OK\r\n{lines}.\r\n")
    }

    fn unique_id(&self, (number, message): Numbered<'_>) -> String {
        let first = || self.numbered().next().map(|(_, first)| first.unique_id.clone());
        match number {
            _ if self.has(MaildropFault::UidlBySession) => format!("{}{}", message.unique_id, self.salt),
            3 if self.has(MaildropFault::UidlTwice) => first().unwrap_or_default(),
            _ if self.has(MaildropFault::UidlByPosition) => format!("position-{number}"),
            _ if self.has(MaildropFault::UidlTooLong) => format!("{:0>71}", message.unique_id),
            _ => message.unique_id.clone(),
        }
    }

    /// What RETR sends, without stuffing and end (RFC 1939 §11).
    fn size(&self, message: &MaildropMessage) -> usize {
        let octets = lines_of(&message.octets);
        let lines = || octets.split_inclusive(|octet| *octet == b'\n');
        let stuffed = if self.has(MaildropFault::SizesCountStuffing) {
            lines().filter(|line| line.starts_with(b".")).count()
        } else {
            0
        };
        let ends = if self.has(MaildropFault::SizesCountOneForCrlf) { lines().count() } else { 0 };
        octets.len() + stuffed - ends
    }

    /// The number that is taken for one that was given.
    fn understood(&self, number: usize) -> usize {
        let last = self.maildrop.messages().len();
        if number > last && self.has(MaildropFault::NumberBeyondLast) {
            last
        } else if number == 0 && self.has(MaildropFault::NumberZero) {
            1
        } else {
            number
        }
    }

    fn decimal(&self, text: &str) -> Option<usize> {
        let unsigned = text.trim_start_matches(['+', '-']);
        let text = if self.has(MaildropFault::SignsPassedOver) { unsigned } else { text };
        let low = |number: u128| usize::try_from(number & u128::from(u32::MAX)).ok();
        if self.has(MaildropFault::NumbersOf32Bits) {
            return text.parse().ok().and_then(low);
        }
        let digits = text.strip_prefix("0x").filter(|_| self.has(MaildropFault::HexadecimalNumbers));
        if let Some(digits) = digits {
            return usize::from_str_radix(digits, 16).ok();
        }
        text.bytes().all(|octet| octet.is_ascii_digit()).then(|| text.parse().ok()).flatten()
    }
}

/// Whether an argument is no attempt at a number.
fn begins_as_word(argument: &str) -> bool {
    argument.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// A message with CRLF at the end of each line (RFC 1939 §3). IMAP may have stored bare LFs, or a last line without an end.
pub(super) fn lines_of(octets: &[u8]) -> Cow<'_, [u8]> {
    let lines = || octets.split_inclusive(|octet| *octet == b'\n');
    if lines().all(|line| line.ends_with(b"\r\n")) {
        return Cow::Borrowed(octets);
    }
    let ended = lines().flat_map(|line| {
        let text = line.strip_suffix(b"\n").map_or(line, |text| text.strip_suffix(b"\r").unwrap_or(text));
        [text, b"\r\n"].concat()
    });
    Cow::Owned(ended.collect())
}
