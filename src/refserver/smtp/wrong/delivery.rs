//! What a server with faults does to a message on its way into a mailbox.

use super::super::fault::DeliveryFault;
use super::change::parts;
use crate::refserver::Faults;
use crate::refserver::store::{MailboxName, Store};

const COMMANDS: [&[u8]; 4] = [b"DATA\r\n", b"NOOP\r\n", b"QUIT\r\n", b"RSET\r\n"];

/// The message that gets into the mailbox.
pub(super) fn misdelivered(octets: Vec<u8>, faults: &Faults) -> Vec<u8> {
    let (head, body) = parts(&octets);
    let mut lines: Vec<&[u8]> = body.split_inclusive(|octet| *octet == b'\n').collect();
    if faults.has(DeliveryFault::CommandsLeaveBody) {
        lines.retain(|line| !COMMANDS.contains(line));
    }
    if faults.has(DeliveryFault::EmptyPartLost)
        && let Some(empty) = empty_part(&lines)
    {
        lines.drain(empty);
    }
    let joined = lines.first().is_some_and(|line| is_field(line)) && faults.has(DeliveryFault::BodyJoinsHeader);
    let head = if joined { head.strip_suffix(b"\r\n").unwrap_or(head) } else { head };
    [head, &lines.concat()].concat()
}

/// The lines of the first part that has fields and no content, from its delimiter to the next one.
fn empty_part(lines: &[&[u8]]) -> Option<std::ops::Range<usize>> {
    let delimits = |line: &[u8], boundary: &[u8]| line.starts_with(b"--") && line.starts_with(boundary);
    lines.iter().enumerate().find_map(|(at, line)| {
        let boundary = line.strip_suffix(b"\r\n").filter(|line| line.len() > 2 && delimits(line, b"--"))?;
        let behind = lines.get(at + 1..)?;
        let length = behind.iter().position(|line| delimits(line, boundary))?;
        let part = behind.get(..length)?;
        let fields = part.iter().take_while(|line| is_field(line)).count();
        let empty = part.iter().skip(fields).all(|line| *line == b"\r\n");
        (fields > 0 && empty).then(|| at..at + 1 + length)
    })
}

/// Whether a line looks like a field of a header.
fn is_field(line: &[u8]) -> bool {
    let colon = line.iter().position(|octet| *octet == b':').filter(|at| *at > 0);
    colon.and_then(|at| line.get(..at)).is_some_and(|name| name.iter().all(u8::is_ascii_graphic))
}

/// Gives the last message of an INBOX the mod-sequence of the one before it.
pub(in crate::refserver::smtp) fn remodified(store: &Store, user: &str, faults: &Faults) {
    if !faults.has(DeliveryFault::OldModseq) {
        return;
    }
    store.with(user, |account| {
        let (inbox, mailbox) = account.find(&MailboxName::inbox())?;
        let [.., before, last] = mailbox.messages() else { return None };
        let (modified, uid) = (before.modified, last.uid);
        account.remodify(inbox, |message| (message.uid == uid).then_some(modified));
        Some(())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refserver::Fault;

    #[test]
    fn bodies_change_as_the_fault_says() {
        let with = |fault: DeliveryFault, message: &str| {
            let octets = misdelivered(message.as_bytes().to_vec(), &Faults::from_iter([Fault::from(fault)]));
            String::from_utf8(octets).unwrap()
        };
        let table = [
            (
                DeliveryFault::EmptyPartLost,
                "X: 1\r\n\r\na\r\n--b\r\nY: 2\r\n\r\n--b--\r\n",
                "X: 1\r\n\r\na\r\n--b--\r\n",
            ),
            (
                DeliveryFault::EmptyPartLost,
                "X: 1\r\n\r\n--b\r\nY: 2\r\n\r\na\r\n--b--\r\n",
                "X: 1\r\n\r\n--b\r\nY: 2\r\n\r\na\r\n--b--\r\n",
            ),
            (DeliveryFault::BodyJoinsHeader, "X: 1\r\n\r\nY: 2\r\n", "X: 1\r\nY: 2\r\n"),
            (DeliveryFault::BodyJoinsHeader, "X: 1\r\n\r\ntwo words: 2\r\n", "X: 1\r\n\r\ntwo words: 2\r\n"),
            (DeliveryFault::CommandsLeaveBody, "X: 1\r\n\r\nQUIT\r\na\r\n", "X: 1\r\n\r\na\r\n"),
        ];
        for (fault, message, stored) in table {
            assert_eq!(with(fault, message), stored, "{fault:?}");
        }
    }
}
