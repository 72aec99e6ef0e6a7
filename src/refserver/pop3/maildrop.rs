//! The commands of the TRANSACTION state, pure.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Fault;
use super::unicode::Mode;
use crate::refserver::Faults;
use crate::refserver::store::{Maildrop, MaildropMessage};

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
        let (deleted, reset, retrieved) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self { maildrop, deleted, mode, faults, reset, retrieved }
    }

    /// Answers everything but QUIT. `name` is in upper case.
    pub(super) fn answer(&mut self, name: &str, arguments: &[&str]) -> Vec<u8> {
        let answer = self.right(name, arguments);
        if answer.starts_with(b"-") && self.has(Fault::RefusalUnmarks) {
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
            ("UIDL", []) => self.listing(self.shown(Fault::UidlNamesDeleted), |numbered| self.unique_id(numbered)),
            ("LIST", [number]) => self.one(number, |(_, message)| {
                (self.size(message) + usize::from(self.has(Fault::ListSingleDiffers))).to_string()
            }),
            ("UIDL", [number]) => self.one(number, |numbered| {
                let differs = if self.has(Fault::UidlSingleDiffers) { "-" } else { "" };
                format!("{}{differs}", self.unique_id(numbered))
            }),
            ("DELE", [number]) => self.delete(number),
            ("DELE", []) if self.has(Fault::DeleWithoutNumber) => "+OK nothing to delete\r\n".to_owned(),
            ("RETR", [number]) => return self.retrieve(number),
            ("TOP", [number, lines]) => match self.decimal(lines) {
                Some(lines) => return self.top(number, lines),
                None => "-ERR a number of lines is needed\r\n".to_owned(),
            },
            ("TOP", [number]) if self.has(Fault::TopWithoutLines) => return self.top(number, 0),
            _ => "-ERR unknown command or wrong arguments\r\n".to_owned(),
        };
        text.into_bytes()
    }

    /// The UPDATE state (RFC 1939 §6).
    pub(super) fn update(mut self) {
        let last = self.deleted.last().copied();
        if self.has(Fault::QuitForgetsRset) {
            self.deleted.append(&mut self.reset);
        }
        if let (true, Some(last)) = (self.has(Fault::QuitRemovesNeighbour), last) {
            let behind = self.maildrop.messages().iter().map(|message| message.uid).find(|uid| *uid > last);
            self.deleted.extend(behind);
        }
        if self.has(Fault::QuitRemovesOne) {
            self.deleted = self.deleted.iter().copied().take(1).collect();
        }
        self.maildrop.update(&self.deleted);
    }

    /// The connection has ended without QUIT: nothing is removed (RFC 1939 §6).
    pub(super) fn drop_unsaid(self) {
        if self.has(Fault::UpdateWithoutQuit) {
            self.maildrop.update(&self.deleted);
        }
    }

    pub(super) fn has(&self, fault: Fault) -> bool {
        self.faults.has(fault)
    }

    fn noop(&mut self) -> String {
        if self.has(Fault::NoopUnmarks) {
            self.deleted.clear();
        }
        if self.has(Fault::NoopEndsInLf) { "+OK\n".to_owned() } else { "+OK\r\n".to_owned() }
    }

    fn reset(&mut self) -> String {
        let kept = self.deleted.first().copied().filter(|_| self.has(Fault::RsetKeepsMarks));
        self.reset.append(&mut self.deleted);
        self.deleted.extend(kept);
        if self.has(Fault::StatusInLowerCase) { "+ok\r\n".to_owned() } else { "+OK\r\n".to_owned() }
    }

    fn stat(&self) -> String {
        let counted: Vec<Numbered<'_>> = match self.has(Fault::StatCountsDeleted) {
            true => self.numbered().collect(),
            false => self.present().collect(),
        };
        let octets: usize = counted.iter().map(|(_, message)| self.size(message)).sum();
        let more = usize::from(self.has(Fault::StatOffByOne) && counted.len() > 2);
        let text = if self.has(Fault::StatSaysMore) { " octets" } else { "" };
        format!("+OK {} {octets}{text}\r\n", counted.len() + more)
    }

    fn list(&self) -> String {
        if self.has(Fault::EmptyListRefused) && self.present().next().is_none() {
            return "-ERR nothing to list\r\n".to_owned();
        }
        let last = self.present().last().map(|(number, _)| number).filter(|number| *number > 1);
        let text = if self.has(Fault::ListSaysMore) { " octets" } else { "" };
        let size = |(_, message): Numbered<'_>| format!("{}{text}", self.size(message));
        let all = self.listing(self.shown(Fault::ListNamesDeleted), size);
        match last.filter(|_| self.has(Fault::ListLeavesOutLast)) {
            None => all,
            Some(last) => all.split_inclusive("\r\n").filter(|line| !line.starts_with(&format!("{last} "))).collect(),
        }
    }

    fn delete(&mut self, number: &str) -> String {
        let again = self.has(Fault::DeleTwice).then(|| self.find_any(number)).flatten();
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
        let gap = |number| number + usize::from(number > 2 && self.has(Fault::NumberLeftOut));
        let gone = self.has(Fault::DeleRenumbers);
        let there = move |message: &&MaildropMessage| !(gone && self.deleted.contains(&message.uid));
        self.maildrop.messages().iter().filter(there).enumerate().map(move |(at, message)| (gap(at + 1), message))
    }

    fn present(&self) -> impl Iterator<Item = Numbered<'_>> {
        self.numbered().filter(|(_, message)| !self.deleted.contains(&message.uid))
    }

    pub(super) fn find(&self, number: &str) -> Option<Numbered<'_>> {
        let number = self.decimal(number)?;
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
    fn shown(&self, fault: Fault) -> Shown {
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
            3 if self.has(Fault::UidlTwice) => first().unwrap_or_default(),
            _ if self.has(Fault::UidlByPosition) => format!("position-{number}"),
            _ if self.has(Fault::UidlTooLong) => format!("{:0>71}", message.unique_id),
            _ => message.unique_id.clone(),
        }
    }

    /// What RETR sends, without stuffing and end (RFC 1939 §11).
    fn size(&self, message: &MaildropMessage) -> usize {
        let octets = lines_of(&message.octets);
        let lines = || octets.split_inclusive(|octet| *octet == b'\n');
        let stuffed =
            if self.has(Fault::SizesCountStuffing) { lines().filter(|line| line.starts_with(b".")).count() } else { 0 };
        let ends = if self.has(Fault::SizesCountOneForCrlf) { lines().count() } else { 0 };
        octets.len() + stuffed - ends
    }

    fn decimal(&self, text: &str) -> Option<usize> {
        let digits = text.strip_prefix("0x").filter(|_| self.has(Fault::HexadecimalNumbers));
        if let Some(digits) = digits {
            return usize::from_str_radix(digits, 16).ok();
        }
        text.bytes().all(|octet| octet.is_ascii_digit()).then(|| text.parse().ok()).flatten()
    }
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
