//! What must hold in every session, whatever the scenario. When in doubt it says nothing.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::{Charset, Command, Frame, command_of, faults, parse_ehlo, requirements};
use crate::base::{Breach, RequirementId, SyntaxError};

const ONE_REPLY: &str = "rfc5321-4.2-one-reply-per-command";
const CLOSE: &str = "rfc5321-3.8-421-before-unsolicited-close";
const EHLO: &str = "rfc5321-4.1.1.1-ehlo-reply-syntax";
/// Beyond this a server may cut a command line in two. RFC 5321 §4.5.3.1.4.
const LONGEST_COMMAND: usize = 512;

/// Whether the replies owed are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Known,
    Unknown,
}

/// Judges one connection from its greeting on.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "three facts about a session, independent of each other")]
pub struct Invariants {
    /// Commands without a reply; the greeting counts as one.
    owed: Vec<Command>,
    count: Count,
    /// The server said something that explains a close.
    excused: bool,
    utf8: bool,
    replies: usize,
    content: Option<Vec<u8>>,
    challenged: bool,
    watched: BTreeSet<&'static str>,
}

impl Default for Invariants {
    fn default() -> Self {
        Self::new()
    }
}

impl Invariants {
    /// At the start of a connection, nothing read yet.
    pub fn new() -> Self {
        Self {
            owed: vec![Command::Plain],
            count: Count::Known,
            excused: false,
            utf8: false,
            replies: 0,
            content: None,
            challenged: false,
            watched: BTreeSet::new(),
        }
    }

    /// From here on nobody knows how many replies are owed: octets were sent raw.
    pub fn suspend(&mut self) {
        self.count = Count::Unknown;
        self.owed.clear();
        self.content = None;
    }

    /// The client sent these octets: whole lines, or message content after 354.
    pub fn sent(&mut self, octets: &[u8]) {
        self.utf8 |= octets.to_ascii_uppercase().windows(8).any(|word| word == b"SMTPUTF8");
        if self.count == Count::Unknown {
            return;
        }
        if let Some(content) = &mut self.content {
            content.extend_from_slice(octets);
            let end = content.windows(5).position(|five| five == b"\r\n.\r\n");
            match end {
                Some(at) if at + 5 == content.len() => {
                    self.content = None;
                    self.owed.push(Command::Plain);
                }
                Some(_) => self.suspend(),
                None => {
                    // Only the last octets matter for the end of data, so the memory stays bounded.
                    let keep = content.len().saturating_sub(4);
                    content.drain(..keep);
                }
            }
            return;
        }
        self.sent_lines(octets);
    }

    fn sent_lines(&mut self, octets: &[u8]) {
        let mut rest = octets;
        while !rest.is_empty() {
            let end = rest.windows(2).position(|two| two == b"\r\n");
            // Whether a line is content or a command is unknown while the answer to DATA is awaited.
            let open = self.owed.contains(&Command::Data) || self.owed.contains(&Command::StartTls);
            let (Some(end), false) = (end, open) else { return self.suspend() };
            let (line, after) = rest.split_at(end);
            let bare = line.iter().any(|octet| *octet == b'\n' || *octet == b'\r' || *octet == 0);
            if bare || line.len() + 2 > LONGEST_COMMAND {
                return self.suspend();
            }
            rest = after.get(2..).unwrap_or_default();
            let command = if std::mem::take(&mut self.challenged) { Command::Plain } else { command_of(line) };
            // After AUTH or BDAT in a group the rest may be read in more than one way.
            if matches!(command, Command::Bdat(_)) || (command == Command::Auth && !rest.is_empty()) {
                return self.suspend();
            }
            self.owed.push(command);
        }
    }

    /// The server sent a whole reply.
    pub fn received(&mut self, frame: &Frame) -> Vec<Breach> {
        self.replies += 1;
        let answered = if self.owed.is_empty() { None } else { Some(self.owed.remove(0)) };
        self.watched.extend(requirements().iter().copied().filter(|id| *id != EHLO && !id.starts_with("rfc4954")));
        let reply = match &frame.parsed {
            Ok(reply) => reply,
            Err(error) => {
                self.suspend();
                self.watched.extend(requirements().iter().copied().filter(|id| *id == error.requirement.as_str()));
                return vec![breach(error)];
            }
        };
        let ehlo = answered == Some(Command::Ehlo) && reply.code == 250;
        let charset = match (self.utf8, ehlo || self.count == Count::Unknown) {
            (true, _) => Charset::Utf8,
            (false, true) => Charset::EhloGreeting,
            (false, false) => Charset::Ascii,
        };
        let mut breaches: Vec<Breach> = faults(&frame.raw, charset).iter().map(breach).collect();
        if ehlo {
            self.watched.insert(EHLO);
            breaches.extend(parse_ehlo(&frame.raw).err().iter().map(breach));
        }
        self.excused |= reply.code == 221 || reply.code >= 400 || answered == Some(Command::Quit);
        if self.count == Count::Known {
            self.watched.insert(ONE_REPLY);
            if answered.is_none() && reply.code != 421 {
                breaches.extend(named(ONE_REPLY, "a reply that no command asked for"));
                self.suspend();
            }
        }
        self.challenged = reply.code == 334;
        match (answered, reply.code) {
            (Some(Command::Data), 354) => self.content = Some(b"\r\n".to_vec()),
            // What comes next belongs to TLS, and its count begins anew.
            (Some(Command::StartTls), 220) => self.excused = true,
            (_, _) => {}
        }
        breaches
    }

    /// The server closed the connection by itself.
    pub fn closed(&mut self) -> Vec<Breach> {
        let quit = self.owed.contains(&Command::Quit);
        // Without an open command it may be a timeout; after an error, defence: both are allowed in silence.
        if self.count == Count::Unknown || self.excused || quit || self.owed.is_empty() || self.replies == 0 {
            return Vec::new();
        }
        self.watched.insert(CLOSE);
        named(CLOSE, "the server closes with a command open and without 421").into_iter().collect()
    }

    /// Requirements for which something was seen that could have broken them.
    pub fn watched(&self) -> Vec<RequirementId> {
        self.watched.iter().filter_map(|id| RequirementId::from_str(id).ok()).collect()
    }
}

/// Every requirement that an invariant of this module stands behind.
pub fn behind() -> &'static [&'static str] {
    &[
        "rfc5321-2.3.8-replies-end-in-crlf",
        CLOSE,
        EHLO,
        ONE_REPLY,
        "rfc5321-4.2-reply-code-range",
        "rfc5321-4.2-reply-line-syntax",
        "rfc5321-4.2-reply-text-characters",
        "rfc5321-4.2.1-multiline-same-code",
        "rfc5321-4.5.3.1.5-reply-line-512",
        "rfc4954-4-empty-challenge-format",
    ]
}

fn breach(error: &SyntaxError) -> Breach {
    Breach {
        requirement: error.requirement.clone(),
        what: format!("expected {} ({})", error.expected, error.rule),
        at: Some(error.at..error.at + 1),
    }
}

fn named(id: &str, what: &str) -> Option<Breach> {
    let requirement = RequirementId::from_str(id).ok()?;
    Some(Breach { requirement, what: what.to_owned(), at: None })
}
