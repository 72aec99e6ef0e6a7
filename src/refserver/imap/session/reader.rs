//! Whole commands from the octets of a connection (RFC 3501 §2.2.1, §4.3, RFC 7888).

use std::io;

use thiserror::Error;

use super::buffer::{Length, Line, LineBuffer};
use super::reply::Reply;
use super::wrong::{Asking, misasked};
use crate::refserver::Faults;
use crate::refserver::imap::command::{Command, Extent, LiteralMode, ParseError, Phase, parse, tag_of};
use crate::refserver::imap::fault::SessionFault;
use crate::refserver::wire::{Fed, Wire};

/// All lines of one command together, and all its literals but the message of APPEND.
const COMMAND_MAX_OCTETS: usize = 64 * 1024;

/// The octets of one APPEND, in messages of the greatest size.
const MESSAGES_MAX: u64 = 4;

/// Literals in one command.
const LITERALS_MAX: usize = 1000;

/// The longest literal that is thrown away; RFC 7888 §4 lets the server close instead.
const SKIP_MAX_OCTETS: u64 = 64 * 1024 * 1024;

/// Which literals are taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Welcome {
    /// The longest message of APPEND, in octets.
    pub(super) message_max: u64,
    /// The longest literal that does not wait, in octets; nothing if none may come so.
    pub(super) unasked_max: Option<u64>,
}

/// What the client says next.
#[derive(Debug)]
pub(super) struct Input {
    /// The command with its literals, without its last CRLF.
    pub(super) octets: Vec<u8>,
    /// What it says, or why it is none.
    pub(super) command: Result<Command, Refusal>,
}

/// The answer to octets that are no command.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The tag, if they have one.
    pub(super) tag: Option<String>,
    /// The answer.
    pub(super) reply: Reply,
}

/// Why nothing more is read.
#[derive(Debug, Error)]
pub(super) enum Stop {
    /// The client closed.
    #[error("the client closed")]
    Closed,
    /// The client said nothing for too long.
    #[error("the client waited too long")]
    Idle,
    /// A literal comes that will not even be thrown away.
    #[error("the literal is too big")]
    Flood,
    /// The connection broke.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A connection, read by commands.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) wire: Wire,
    line: LineBuffer,
    faults: Faults,
}

impl Reader {
    /// Nothing was read yet.
    pub(super) fn new(wire: Wire, faults: &Faults) -> Self {
        Self { wire, line: LineBuffer::default(), faults: faults.clone() }
    }

    /// The next line, of which at most `max` octets are kept. Nothing is lost when the future is dropped.
    pub(super) async fn line(&mut self, max: usize) -> Result<Line, Stop> {
        let (line, faults) = (&mut self.line, &self.faults);
        let take = |piece: &[u8]| {
            if faults.has(SessionFault::LastSegmentCounts) {
                line.forget();
            }
            if faults.has(SessionFault::CrlfOverTwoSegments) {
                line.forget_cr();
            }
            line.take(piece, max)
        };
        ended(self.wire.feed(take).await?)?;
        Ok(self.line.finish())
    }

    /// The next response to a challenge.
    pub(super) async fn response(&mut self) -> Result<Vec<u8>, Stop> {
        Ok(self.line(COMMAND_MAX_OCTETS).await?.octets)
    }

    /// The next command. Its literals are asked for as long as all before them is well.
    pub(super) async fn command(&mut self, phase: Phase, welcome: Welcome) -> Result<Input, Stop> {
        let mut octets = Vec::new();
        let mut budget = Budget { lines: COMMAND_MAX_OCTETS, literals: LITERALS_MAX, octets: None };
        let mut fault = None;
        // As far as the command was kept.
        let mut kept = Length::Within;
        for count in 1.. {
            let line = self.line(budget.lines).await?;
            if fault.is_none() {
                budget.lines = budget.lines.saturating_sub(line.octets.len());
                octets.extend_from_slice(&line.octets);
                if line.length == Length::Beyond {
                    kept = Length::Beyond;
                    fault = Some(Reply::bad("the command is too long"));
                }
            }
            let Some((length, mode)) = line.literal else { break };
            if fault.is_none() {
                octets.extend_from_slice(b"\r\n");
                fault = budget.admit(&octets, (length, mode), phase, welcome).err();
            }
            let asking = match (&fault, mode) {
                (None, LiteralMode::Synchronising) => Asking::Ask,
                // The client waits, and is told to wait no longer.
                (Some(_), LiteralMode::Synchronising) => Asking::Leave,
                (_, LiteralMode::NonSynchronising) if length > SKIP_MAX_OCTETS => return Err(Stop::Flood),
                (_, LiteralMode::NonSynchronising) => Asking::Take,
            };
            match misasked(asking, fault.as_ref(), count, &self.faults) {
                Asking::Ask => self.wire.send(b"+ ready\r\n").await?,
                Asking::Take => {}
                Asking::Leave => break,
            }
            let start = octets.len();
            let into = if fault.is_none() { Some(&mut octets) } else { None };
            self.literal(length, into).await?;
            if self.faults.has(SessionFault::LiteralInUpperCase) && !is_append(&octets) {
                octets.iter_mut().skip(start).for_each(|octet| octet.make_ascii_uppercase());
            }
        }
        let command = match fault {
            Some(reply) => Err(reply),
            None => parse(&octets, Extent::Whole, phase).map_err(Reply::from),
        };
        // What was cut may have been cut within the tag.
        let whole = |tag: &String| kept == Length::Within || octets.len() > tag.len();
        let command = command.map_err(|reply| Refusal { tag: tag_of(&octets).filter(whole), reply });
        Ok(Input { octets, command })
    }

    /// Reads the octets of a literal, or throws them away.
    async fn literal(&mut self, length: u64, mut into: Option<&mut Vec<u8>>) -> Result<(), Stop> {
        let mut left = length;
        let take = |piece: &[u8]| {
            let wanted = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
            if let Some(into) = &mut into {
                into.extend_from_slice(piece.get(..wanted).unwrap_or_default());
            }
            left -= wanted as u64;
            (left == 0).then_some(wanted)
        };
        ended(self.wire.feed(take).await?)
    }
}

fn ended(fed: Fed) -> Result<(), Stop> {
    match fed {
        Fed::Ended => Ok(()),
        Fed::Closed => Err(Stop::Closed),
        Fed::Idle => Err(Stop::Idle),
    }
}

/// What a command may still bring.
#[derive(Debug)]
struct Budget {
    lines: usize,
    literals: usize,
    /// Octets of literals; nothing before the first one.
    octets: Option<u64>,
}

impl Budget {
    /// Whether the literal is welcome that the octets announce at their end.
    fn admit(
        &mut self,
        octets: &[u8],
        (length, mode): (u64, LiteralMode),
        phase: Phase,
        welcome: Welcome,
    ) -> Result<(), Reply> {
        // RFC 7888 §5: BAD for one that is too long to come without waiting.
        if mode == LiteralMode::NonSynchronising && welcome.unasked_max.is_none_or(|max| length > max) {
            return Err(Reply::bad("that literal has to wait"));
        }
        match parse(octets, Extent::UpToLiteral, phase) {
            Err(ParseError::Literal { .. }) => {}
            Err(error) => return Err(error.into()),
            Ok(_) => return Err(Reply::bad("no literal belongs here")),
        }
        self.literals = self.literals.checked_sub(1).ok_or_else(|| Reply::bad("too many literals"))?;
        let others = COMMAND_MAX_OCTETS as u64;
        let (one, all) = if is_append(octets) {
            let one = welcome.message_max.max(others);
            (one, one.saturating_mul(MESSAGES_MAX))
        } else {
            (others, others)
        };
        let left = self.octets.get_or_insert(all);
        // RFC 7888 §4 and RFC 4469 §4: TOOBIG.
        let too_big = || Reply::no("the literal is too big").with("TOOBIG");
        *left = left.checked_sub(length).filter(|_| length <= one).ok_or_else(too_big)?;
        Ok(())
    }
}

/// Whether a command brings messages: APPEND and REPLACE, the latter perhaps after UID.
fn is_append(octets: &[u8]) -> bool {
    let mut words = octets.split(|&octet| octet == b' ').skip(1).map(<[u8]>::to_ascii_uppercase);
    match words.next().as_deref() {
        Some(b"APPEND" | b"REPLACE") => true,
        Some(b"UID") => words.next().as_deref() == Some(b"REPLACE"),
        Some(_) | None => false,
    }
}
