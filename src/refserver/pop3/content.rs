//! RETR and TOP: messages, whole or in part, byte-stuffed (RFC 1939 §3, §5, §7).

use super::fault::{CommandFault, MaildropFault};
use super::maildrop::{NO_SUCH, Transaction, lines_of};
use super::unicode::is_sendable;
use crate::refserver::Faults;

/// RFC 6856 §2.1.
const UNSENDABLE: &[u8] = b"-ERR [UTF8] the message has UTF-8 in its header: say UTF8 before the login\r\n";

impl Transaction {
    /// RETR.
    pub(super) fn retrieve(&mut self, number: &str) -> Vec<u8> {
        let deleted = self.has(MaildropFault::DeletedCanBeRetrieved).then(|| self.find_any(number)).flatten();
        let Some((_, message)) = self.find(number).or(deleted) else {
            let end = if self.has(CommandFault::RefusalWithTerminator) { ".\r\n" } else { "" };
            return format!("{NO_SUCH}{end}").into_bytes();
        };
        let (uid, octets) = (message.uid, message.octets.clone());
        if !is_sendable(&octets, self.mode) {
            return UNSENDABLE.to_vec();
        }
        if self.has(MaildropFault::NoLock) && self.maildrop.is_gone(uid) {
            return NO_SUCH.as_bytes().to_vec();
        }
        let again = !self.retrieved.insert(uid) && self.has(MaildropFault::RetrMarksSeen);
        let mut octets = lines_of(&octets).into_owned();
        if again {
            octets.splice(..0, *b"Status: RO\r\n");
        }
        let blank = |line: &&[u8]| self.has(MaildropFault::RetrLosesBlankLines) && *line == b" \r\n";
        let lines = octets.split_inclusive(|octet| *octet == b'\n').filter(|line| !blank(line));
        answer(lines, &self.faults)
    }

    /// TOP: the header, the empty line and so many lines of the body.
    pub(super) fn top(&self, number: &str, lines: usize) -> Vec<u8> {
        let Some((_, message)) = self.find(number) else { return NO_SUCH.as_bytes().to_vec() };
        if !is_sendable(&message.octets, self.mode) {
            return UNSENDABLE.to_vec();
        }
        let octets = lines_of(&message.octets);
        let all = || octets.split_inclusive(|octet| *octet == b'\n');
        let header = all().position(|line| line == b"\r\n").map_or(usize::MAX, |at| at + 1);
        if self.has(MaildropFault::TopBeyondBodyRefused) && all().count() < header.saturating_add(lines) {
            return b"-ERR there are not so many lines\r\n".to_vec();
        }
        let lines = lines.max(usize::from(self.has(MaildropFault::TopZeroSendsOne)));
        let hidden = self.has(MaildropFault::TopWithoutEmptyLine).then(|| header.saturating_sub(1));
        let shown = all().take(header.saturating_add(lines)).enumerate().filter(|(at, _)| Some(*at) != hidden);
        answer(shown.map(|(_, line)| line), &self.faults)
    }
}

/// A positive answer with these lines.
fn answer<'a>(lines: impl Iterator<Item = &'a [u8]>, faults: &Faults) -> Vec<u8> {
    let mut answer = b"+OK\r\n".to_vec();
    let mut before: &[u8] = b"";
    for line in lines {
        let plain = faults.has(MaildropFault::NoStuffing)
            || (faults.has(MaildropFault::NoStuffingAfterEmptyLine) && before == b"\r\n");
        if line.starts_with(b".") && !plain {
            answer.push(b'.');
        }
        if faults.has(MaildropFault::StuffingInsideLines) {
            answer.extend(line.iter().zip([&b'\n'].into_iter().chain(line)).flat_map(|(octet, left)| {
                std::iter::repeat_n(*octet, if (*octet, *left) == (b'.', b' ') { 2 } else { 1 })
            }));
        } else {
            answer.extend_from_slice(line);
        }
        before = line;
    }
    answer.extend_from_slice(b".\r\n");
    answer
}
