//! The commands of the TRANSACTION state, pure.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::unicode::{Mode, is_sendable};
use crate::refserver::store::{Maildrop, MaildropMessage};

/// A maildrop and what is marked as deleted in it.
#[derive(Debug)]
pub(super) struct Transaction {
    maildrop: Maildrop,
    deleted: BTreeSet<u32>,
    mode: Mode,
}

const NO_SUCH: &str = "-ERR no such message\r\n";

impl Transaction {
    pub(super) fn new(maildrop: Maildrop, mode: Mode) -> Self {
        Self { maildrop, deleted: BTreeSet::new(), mode }
    }

    /// Answers everything but QUIT. `name` is in upper case.
    pub(super) fn answer(&mut self, name: &str, arguments: &[&str]) -> Vec<u8> {
        let text = match (name, arguments) {
            ("NOOP", []) => "+OK\r\n".to_owned(),
            ("RSET", []) => {
                self.deleted.clear();
                "+OK\r\n".to_owned()
            }
            ("STAT", []) => {
                let octets: usize = self.present().map(|(_, message)| size(message)).sum();
                format!("+OK {} {octets}\r\n", self.present().count())
            }
            ("LIST", []) => self.listing(|message| size(message).to_string()),
            ("UIDL", []) => self.listing(|message| message.unique_id.clone()),
            ("LIST", [number]) => self.one(number, |message| size(message).to_string()),
            ("UIDL", [number]) => self.one(number, |message| message.unique_id.clone()),
            ("DELE", [number]) => match self.find(number).map(|message| message.uid) {
                Some(uid) => {
                    self.deleted.insert(uid);
                    "+OK deleted\r\n".to_owned()
                }
                None => NO_SUCH.to_owned(),
            },
            ("RETR", [number]) => return self.content(number, usize::MAX),
            ("TOP", [number, lines]) => match decimal(lines) {
                Some(lines) => return self.content(number, lines),
                None => "-ERR a number of lines is needed\r\n".to_owned(),
            },
            _ => "-ERR unknown command or wrong arguments\r\n".to_owned(),
        };
        text.into_bytes()
    }

    /// The UPDATE state (RFC 1939 §6).
    pub(super) fn update(self) {
        self.maildrop.update(&self.deleted);
    }

    fn present(&self) -> impl Iterator<Item = (usize, &MaildropMessage)> {
        let numbered = self.maildrop.messages().iter().enumerate();
        numbered.map(|(at, message)| (at + 1, message)).filter(|(_, message)| !self.deleted.contains(&message.uid))
    }

    fn find(&self, number: &str) -> Option<&MaildropMessage> {
        let number = decimal(number)?;
        self.present().find(|(at, _)| *at == number).map(|(_, message)| message)
    }

    fn one(&self, number: &str, show: impl Fn(&MaildropMessage) -> String) -> String {
        match (self.find(number), decimal(number)) {
            (Some(message), Some(number)) => format!("+OK {number} {}\r\n", show(message)),
            (None, _) | (_, None) => NO_SUCH.to_owned(),
        }
    }

    fn listing(&self, show: impl Fn(&MaildropMessage) -> String) -> String {
        let lines: String = self.present().map(|(number, message)| format!("{number} {}\r\n", show(message))).collect();
        format!("+OK\r\n{lines}.\r\n")
    }

    /// The header, the empty line and so many lines of the body, byte-stuffed (RFC 1939 §3, §7).
    fn content(&self, number: &str, body_lines: usize) -> Vec<u8> {
        let Some(message) = self.find(number) else { return NO_SUCH.as_bytes().to_vec() };
        if !is_sendable(&message.octets, self.mode) {
            return b"-ERR [UTF8] the message has UTF-8 in its header: say UTF8 before the login\r\n".to_vec();
        }
        let mut answer = b"+OK\r\n".to_vec();
        let mut left = None;
        for line in lines_of(&message.octets).split_inclusive(|octet| *octet == b'\n') {
            match left {
                Some(0) => break,
                Some(lines) => left = Some(lines - 1),
                None if line == b"\r\n" => left = Some(body_lines),
                None => {}
            }
            if line.first() == Some(&b'.') {
                answer.push(b'.');
            }
            answer.extend_from_slice(line);
        }
        answer.extend_from_slice(b".\r\n");
        answer
    }
}

/// What RETR sends, without stuffing and end (RFC 1939 §11).
fn size(message: &MaildropMessage) -> usize {
    lines_of(&message.octets).len()
}

/// A message with CRLF at the end of each line (RFC 1939 §3). IMAP may have stored bare LFs, or a last line without an end.
fn lines_of(octets: &[u8]) -> Cow<'_, [u8]> {
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

fn decimal(text: &str) -> Option<usize> {
    text.bytes().all(|octet| octet.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
