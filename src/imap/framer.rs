//! Cuts a stream of octets into responses. Tolerant in cutting: the strict parser says what is wrong with a frame.

use thiserror::Error;

use super::parse::{RuleSet, TOO_DEEP, read};
use super::{Response, Revision};
use crate::base::{ByteString, SyntaxError};

/// Octets of one frame, literals included, unless set otherwise.
pub const DEFAULT_LIMIT: usize = 8 * 1024 * 1024;
/// Octets of one frame outside its literals. A SEARCH response over 100,000 messages still fits.
pub const LINE_LIMIT: usize = 1024 * 1024;

/// One response line with all its literals as it came, and what the strict parser made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// All octets, the line end included.
    pub raw: ByteString,
    /// The response, or the first rule it breaks.
    pub parsed: Result<Response, SyntaxError>,
    /// The grammar by which it was read.
    pub(super) revision: Revision,
    /// The rules that were read.
    pub(super) rules: RuleSet,
}

impl Frame {
    /// One response, its line end included, read by the grammar of `revision`.
    pub fn read(raw: impl Into<ByteString>, revision: Revision) -> Self {
        let raw = raw.into();
        let (parsed, rules) = read(&raw, revision);
        Self { raw, parsed, revision, rules }
    }
}

/// A response beyond every bound; nothing more can be read from this stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrameError {
    /// A line without an end.
    #[error("a line of more than {LINE_LIMIT} octets")]
    Line,
    /// A literal that would not fit. Nothing was set aside for it.
    #[error("a literal of {announced} octets in a response that may have {limit}")]
    Literal {
        /// What the server announced; the largest number if it announced more than fits into one.
        announced: u64,
        /// Octets that one response may have.
        limit: usize,
    },
    /// A response with more lists within lists than are followed. The grammar sets no bound, so it is no syntax error.
    #[error("more lists within lists than are followed")]
    Nesting,
    /// A response with too many octets.
    #[error("a response of more than {limit} octets")]
    Frame {
        /// Octets that one response may have.
        limit: usize,
    },
}

/// Collects octets and hands out whole responses. Once it failed, it fails for ever.
#[derive(Debug)]
pub struct Framer {
    buffer: Vec<u8>,
    /// Where the line begins that is being looked at: at 0 or behind a literal.
    line: usize,
    /// Up to where no line end is.
    seen: usize,
    /// Octets of this frame that are not in literals, up to `line`.
    outside: usize,
    limit: usize,
    revision: Revision,
    failed: Option<FrameError>,
}

impl Framer {
    /// A framer at the start of a stream.
    pub fn new(revision: Revision) -> Self {
        Self { buffer: Vec::new(), line: 0, seen: 0, outside: 0, limit: DEFAULT_LIMIT, revision, failed: None }
    }

    /// Sets how many octets one response may have, literals included.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Sets the grammar for the responses that follow, as after `ENABLE IMAP4rev2`.
    pub fn set_revision(&mut self, revision: Revision) {
        self.revision = revision;
    }

    /// Adds octets that arrived. What is kept is bounded if `next` is called until it gives nothing.
    pub fn push(&mut self, octets: &[u8]) {
        if self.failed.is_none() {
            self.buffer.extend_from_slice(octets);
        }
    }

    /// The next whole response, if it is there. A bare LF ends a line too, so that the parser can blame it.
    #[expect(clippy::should_implement_trait, reason = "a framer goes on after `None`, an iterator does not")]
    pub fn next(&mut self) -> Option<Result<Frame, FrameError>> {
        if let Some(error) = self.failed {
            return Some(Err(error));
        }
        loop {
            let rest = self.buffer.get(self.seen..).unwrap_or_default();
            let Some(found) = rest.iter().position(|octet| *octet == b'\n') else {
                // Within a literal `seen` lies beyond what has arrived.
                self.seen = self.seen.max(self.buffer.len());
                return self.check_length(self.buffer.len()).and_then(|error| self.fail(error));
            };
            let end = self.seen + found + 1;
            if let Some(error) = self.check_length(end) {
                return self.fail(error);
            }
            let Some(octets) = self.literal_at(end) else {
                let frame = self.cut(end);
                let deep = frame.parsed.as_ref().is_err_and(|error| error.expected == TOO_DEEP);
                return if deep { self.fail(FrameError::Nesting) } else { Some(Ok(frame)) };
            };
            let room = self.limit.saturating_sub(end);
            match usize::try_from(octets) {
                Ok(octets) if octets <= room => {
                    self.outside += end - self.line;
                    self.line = end + octets;
                    self.seen = self.line;
                }
                Ok(_) | Err(_) => {
                    return self.fail(FrameError::Literal { announced: octets, limit: self.limit });
                }
            }
        }
    }

    /// Octets that arrived and are not yet a whole response.
    pub fn rest(&self) -> &[u8] {
        &self.buffer
    }

    /// Takes what is not yet part of a response: after the go-ahead of STARTTLS, octets of the TLS handshake or injected
    /// text.
    pub fn take_rest(&mut self) -> Vec<u8> {
        (self.line, self.seen, self.outside) = (0, 0, 0);
        std::mem::take(&mut self.buffer)
    }

    fn check_length(&self, end: usize) -> Option<FrameError> {
        if self.outside + end.saturating_sub(self.line) > LINE_LIMIT {
            Some(FrameError::Line)
        } else if end > self.limit {
            Some(FrameError::Frame { limit: self.limit })
        } else {
            None
        }
    }

    /// Octets of the literal that the line ending at `end` announces.
    fn literal_at(&self, end: usize) -> Option<u64> {
        let line = self.buffer.get(self.line..end).unwrap_or_default();
        let announced = announced(line)?;
        let first = self.buffer.get(..end).unwrap_or_default();
        (!is_free_text(first)).then_some(announced)
    }

    fn cut(&mut self, end: usize) -> Frame {
        // A copy: whoever keeps the frame must not keep the whole buffer.
        let raw: Vec<u8> = self.buffer.drain(..end).collect();
        (self.line, self.seen, self.outside) = (0, 0, 0);
        Frame::read(raw, self.revision)
    }

    fn fail(&mut self, error: FrameError) -> Option<Result<Frame, FrameError>> {
        self.failed = Some(error);
        self.buffer = Vec::new();
        Some(Err(error))
    }
}

/// The number in `{n}` or `{n+}` at the end of a line; a number beyond `u64` counts as the largest.
fn announced(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_suffix(b"}")?;
    let line = line.strip_suffix(b"+").unwrap_or(line);
    let open = line.iter().rposition(|octet| *octet == b'{')?;
    let digits = line.get(open + 1..)?;
    let all_digits = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    all_digits
        .then(|| digits.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'))))
}

/// Whether a line holds text for people, in which `{5}` is just that: after `+`, a status word, or a tag. Only the
/// list of `[BADCHARSET (…)]` may hold literals there. RFC 3501 §9 `resp-text-code`.
fn is_free_text(line: &[u8]) -> bool {
    let mut words = line.splitn(3, |octet| *octet == b' ');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let status = [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"].iter().any(|word| second.eq_ignore_ascii_case(word));
    if first == b"*" && !status {
        return false;
    }
    let charsets = b"[BADCHARSET (";
    let rest = words.next().unwrap_or_default();
    let open = rest.get(..charsets.len()).is_some_and(|start| start.eq_ignore_ascii_case(charsets));
    !(open && status && !rest.contains(&b']'))
}
