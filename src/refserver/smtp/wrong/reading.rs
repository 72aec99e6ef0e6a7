//! Content as a server with faults reads it.

use super::super::fault::{ChunkFault, LetterFault, ReadingFault};
use super::super::recipient::Recipient;
use super::super::session::Session;
use crate::refserver::{Faults, Protection};

/// Ends of commands beside CRLF.
const LF: &[&[u8]] = &[b"\r\n", b"\n"];
const CR: &[&[u8]] = &[b"\r\n", b"\r"];
const CRLF: &[&[u8]] = &[b"\r\n"];

/// A size of blocks that many servers read by.
const BLOCK: u64 = 4096;

/// Ends of the content that are none: what they look like, and what must not stand before them.
const FALSE_ENDS: &[(ReadingFault, &[u8], &[u8])] = &[
    (ReadingFault::LfDotLfEnds, b"\n.\n", b"\r"),
    (ReadingFault::LfDotCrlfEnds, b"\n.\r\n", b"\r"),
    (ReadingFault::CrlfDotLfEnds, b"\r\n.\n", b""),
    (ReadingFault::CrDotCrEnds, b"\r.\r", b""),
    (ReadingFault::CrDotCrlfEnds, b"\r.\r\n", b""),
];

/// What a server with faults makes of the octets behind DATA. Without faults it never says a word.
#[derive(Debug, Clone, Default)]
pub(in crate::refserver::smtp) struct Misreading {
    faults: Faults,
    /// The last octets, oldest first.
    seen: Vec<u8>,
    octets: u64,
    line: u64,
    line_before: u64,
    wide: u32,
    declared: Option<u64>,
    tls: bool,
}

impl Misreading {
    /// Whether the content ends with this octet, though it does not.
    pub(in crate::refserver::smtp) fn ends(&mut self, octet: u8) -> bool {
        if self.faults.is_empty() {
            return false;
        }
        if self.seen.ends_with(b"\n") {
            (self.line_before, self.line) = (self.line, 0);
        }
        self.seen.push(octet);
        if self.seen.len() > 8 {
            self.seen.remove(0);
        }
        self.octets += 1;
        self.line += 1;
        self.wide += u32::from(!octet.is_ascii());
        let false_end = FALSE_ENDS.iter().any(|(fault, end, not_before)| {
            let before = self.seen.strip_suffix(*end);
            let alone = |before: &[u8]| not_before.is_empty() || !before.ends_with(not_before);
            self.faults.has(*fault) && before.is_some_and(alone)
        });
        let declared = self.faults.has(ReadingFault::DeclaredSizeEnds) && self.declared == Some(self.octets);
        false_end || declared
    }

    /// Whether a dot that begins the line, and is not alone in it, stays.
    pub(in crate::refserver::smtp) fn keeps_dot(&self) -> bool {
        let has = |fault: ReadingFault| self.faults.has(fault);
        // The octet behind the dot was just counted.
        (has(ReadingFault::TlsDotsKept) && self.tls)
            || (has(ReadingFault::DotAfterEmptyLineKept) && self.line_before == 2)
            || (has(ReadingFault::DotAfterEightBitKept) && self.wide > 0)
            || (has(ReadingFault::DotAfterLongLineKept) && self.line_before >= 990)
            || (has(ReadingFault::DotAtBlockKept)
                && self.octets.saturating_sub(2).is_multiple_of(BLOCK)
                && self.octets > BLOCK)
    }

    /// Whether the true end is passed over.
    pub(in crate::refserver::smtp) fn misses_end(&self) -> bool {
        let few = self.declared.is_some_and(|declared| self.octets < declared);
        self.faults.has(ReadingFault::DeclaredSizeAwaited) && few
    }

    /// Whether a dot directly behind DATA is no beginning of a line.
    pub(in crate::refserver::smtp) fn begins_inside(&self) -> bool {
        self.faults.has(ReadingFault::EmptyContentGoesOn)
    }
}

impl Session<'_> {
    /// How the content of this transaction is misread.
    pub(in crate::refserver::smtp) fn misreading(&self) -> Misreading {
        let tls = self.channel.protection() == Protection::Tls;
        Misreading { faults: self.config.faults.clone(), declared: self.past.declared, tls, ..Misreading::default() }
    }

    /// What ends a command.
    pub(in crate::refserver::smtp) fn line_ends(&self) -> &'static [&'static [u8]] {
        match (self.has(ReadingFault::LfEndsCommand), self.has(ReadingFault::CrEndsCommand)) {
            (true, _) => LF,
            (false, true) => CR,
            (false, false) => CRLF,
        }
    }

    /// Whether content is delivered of which the end never came.
    pub(in crate::refserver::smtp) fn delivers_parts(&self) -> bool {
        self.has(ReadingFault::PartDelivered)
    }

    /// Whether chunks are delivered of which the last one never came.
    pub(in crate::refserver::smtp) fn delivers_chunks(&self) -> bool {
        self.has(ChunkFault::LossDeliversChunks)
    }

    /// Who loses the last message because the connection is lost.
    pub(in crate::refserver::smtp) fn robbed(&self) -> Vec<String> {
        let lost = self.has(ReadingFault::LossTakesMessage) && self.transaction.is_some();
        let users = self.past.last.iter().filter(|_| lost).filter_map(|(_, recipient)| match recipient {
            Recipient::User(user) => Some(user.clone()),
            Recipient::Foreign => None,
        });
        users.collect()
    }

    /// Whether submission adds the fields that are missing.
    pub(in crate::refserver::smtp) fn completes(&self) -> bool {
        !self.has(LetterFault::NoMessageId)
    }

    /// How often a line that is too long is refused.
    pub(in crate::refserver::smtp) fn refusals_of_long_lines(&self) -> usize {
        if self.has(ReadingFault::LongLineRefusedTwice) { 2 } else { 1 }
    }

    /// The commands in one line.
    pub(super) fn parted<'t>(&self, line: &'t str) -> Vec<&'t str> {
        if self.has(ReadingFault::LfPartsCommands) {
            line.split('\n').collect()
        } else if self.has(ReadingFault::CrPartsCommands) {
            line.split('\r').collect()
        } else if self.has(ReadingFault::CrEndsCommand) {
            vec![line.strip_prefix('\n').unwrap_or(line)]
        } else {
            vec![line]
        }
    }
}
