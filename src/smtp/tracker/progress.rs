//! Which reply is to which command. RFC 5321 §4.2: each command has one.

use std::collections::VecDeque;

use super::super::{CommandLine, Verb, command_of};

/// Beyond this a server may cut a command line in two. RFC 5321 §4.5.3.1.4.
const LONGEST_COMMAND: usize = 512;

/// Whether the replies owed are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Known,
    Unknown,
}

/// Whether it is certain which command a reply answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Certain,
    /// Commands were sent together to a server that did not offer PIPELINING: it may lose some.
    Uncertain,
}

/// What the server takes the next octets for.
#[derive(Debug, PartialEq, Eq)]
enum Input {
    Lines,
    /// Content after 354; the last octets of it.
    Content(Vec<u8>),
    /// So many octets of a chunk.
    Chunk(u64),
    /// The answer to a challenge.
    Response,
}

/// Whether commands may be sent without waiting. RFC 2920 §3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pipelining {
    Offered,
    NotOffered,
}

/// Whom a reply answers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// This, for certain.
    Command(CommandLine),
    /// One of those that were sent.
    SomeCommand,
    /// Nobody asked.
    Nobody,
    /// Nobody knows.
    Unknown,
}

/// What was sent and is not yet answered.
#[derive(Debug)]
pub(super) struct Progress {
    owed: VecDeque<CommandLine>,
    count: Count,
    order: Order,
    input: Input,
}

impl Progress {
    /// At the start of a connection the greeting is owed.
    pub(super) fn new() -> Self {
        let owed = VecDeque::from([CommandLine::of(Verb::Greeting)]);
        Self { owed, count: Count::Known, order: Order::Certain, input: Input::Lines }
    }

    /// From here on nobody knows how many replies are owed.
    pub(super) fn lose(&mut self) {
        self.count = Count::Unknown;
        self.owed.clear();
        self.input = Input::Lines;
    }

    pub(super) fn is_lost(&self) -> bool {
        self.count == Count::Unknown
    }

    /// Whether something waits for its reply.
    pub(super) fn is_owed(&self) -> bool {
        !self.owed.is_empty()
    }

    /// Whether this waits for its reply.
    pub(super) fn owes(&self, verb: Verb) -> bool {
        self.owed.iter().any(|command| command.verb == verb)
    }

    /// The client sends these octets. `chunking` tells whether the server knows BDAT; if not, the octets behind it are lines.
    pub(super) fn sent(&mut self, octets: &[u8], pipelining: Pipelining, chunking: Chunking) {
        let mut rest = octets;
        while self.count == Count::Known && !rest.is_empty() {
            rest = match &mut self.input {
                Input::Content(tail) => {
                    let (after, end) = content(tail, rest);
                    if end == ContentEnd::Seen {
                        self.input = Input::Lines;
                        self.owed.push_back(CommandLine::of(Verb::EndOfData));
                    }
                    after
                }
                Input::Chunk(left) => {
                    let taken = usize::try_from(*left).map_or(rest.len(), |left| left.min(rest.len()));
                    *left -= taken as u64;
                    if *left == 0 {
                        self.input = Input::Lines;
                    }
                    rest.get(taken..).unwrap_or_default()
                }
                Input::Lines | Input::Response => self.line(rest, pipelining, chunking),
            };
        }
    }

    /// Takes one line; gives what follows it.
    fn line<'o>(&mut self, octets: &'o [u8], pipelining: Pipelining, chunking: Chunking) -> &'o [u8] {
        let end = octets.windows(2).position(|two| two == b"\r\n");
        // Behind these it depends on the answer what a line is.
        let open = self.owed.iter().any(|command| match command.verb {
            Verb::Data | Verb::StartTls | Verb::Response => true,
            Verb::Auth => !command.is_short_auth(),
            Verb::Greeting
            | Verb::Ehlo
            | Verb::Helo
            | Verb::Mail
            | Verb::Rcpt
            | Verb::EndOfData
            | Verb::Bdat(..)
            | Verb::Rset
            | Verb::Noop
            | Verb::Quit
            | Verb::Vrfy
            | Verb::Expn
            | Verb::Help
            | Verb::Etrn
            | Verb::Other => false,
        });
        let (Some(end), false) = (end, open) else {
            self.lose();
            return &[];
        };
        let (line, after) = octets.split_at(end);
        let bare = line.iter().any(|octet| matches!(octet, b'\n' | b'\r' | 0));
        if bare || line.len() + 2 > LONGEST_COMMAND {
            self.lose();
            return &[];
        }
        let command = match std::mem::replace(&mut self.input, Input::Lines) {
            Input::Response => CommandLine::of(Verb::Response),
            Input::Lines | Input::Content(_) | Input::Chunk(_) => command_of(line),
        };
        if begins_with_bdat(line) && command.verb != Verb::Response {
            // A server may refuse what is not written as RFC 3030 §2 has it, and then the octets behind it are lines.
            match command.verb.chunk_octets().filter(|_| chunking == Chunking::Offered && is_evenly_spaced(line)) {
                Some(0) => {}
                Some(size) => self.input = Input::Chunk(size),
                None => {
                    self.lose();
                    return &[];
                }
            }
        }
        if self.is_owed() && pipelining == Pipelining::NotOffered {
            self.order = Order::Uncertain;
        }
        self.owed.push_back(command);
        after.get(2..).unwrap_or_default()
    }

    /// A reply with this code came.
    pub(super) fn answered(&mut self, code: u16) -> Answered {
        if self.count == Count::Unknown {
            return Answered::Unknown;
        }
        let Some(command) = self.owed.pop_front() else { return Answered::Nobody };
        let order = self.order;
        match (command.verb, code) {
            (Verb::Data, 354) => self.input = Input::Content(b"\r\n".to_vec()),
            // Whoever pipelined behind AUTH sees the server take a command for a response.
            (Verb::Auth | Verb::Response, 334) if self.is_owed() => self.lose(),
            (Verb::Auth | Verb::Response, 334) => self.input = Input::Response,
            // A command that nobody knows here, after which the server takes lines for something else.
            (Verb::Other, 334 | 354) => self.lose(),
            (_, _) => {}
        }
        if self.owed.is_empty() {
            self.order = Order::Certain;
        }
        match order {
            Order::Certain => Answered::Command(command),
            Order::Uncertain => Answered::SomeCommand,
        }
    }
}

/// Whether the verb is BDAT, whatever follows.
fn begins_with_bdat(line: &[u8]) -> bool {
    let verb = line.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    verb.eq_ignore_ascii_case(b"BDAT")
}

/// Whether each word is parted from the next by one blank, and nothing else stands around them.
fn is_evenly_spaced(line: &[u8]) -> bool {
    line.split(|octet| *octet == b' ').all(|word| !word.is_empty() && !word.contains(&b'\t'))
}

/// Whether the server knows BDAT. RFC 3030 §2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunking {
    Offered,
    NotOffered,
}

#[derive(Debug, PartialEq, Eq)]
enum ContentEnd {
    Seen,
    NotYet,
}

/// Looks for the end of data, of which the first octets may have been sent before: `tail`. RFC 5321 §4.1.1.4.
fn content<'o>(tail: &mut Vec<u8>, octets: &'o [u8]) -> (&'o [u8], ContentEnd) {
    const END: &[u8] = b"\r\n.\r\n";
    let before = tail.len();
    tail.extend_from_slice(octets);
    // Few octets are a period, and contents are long.
    let mut dots =
        tail.iter().enumerate().filter(|(_, octet)| **octet == b'.').filter_map(|(dot, _)| dot.checked_sub(2));
    if let Some(at) = dots.find(|at| tail.get(*at..).is_some_and(|rest| rest.starts_with(END))) {
        let after = octets.get(at + END.len() - before..).unwrap_or_default();
        return (after, ContentEnd::Seen);
    }
    // Only the last octets matter, so the memory stays bounded.
    let keep = tail.len().saturating_sub(END.len() - 1);
    tail.drain(..keep);
    (&[], ContentEnd::NotYet)
}
