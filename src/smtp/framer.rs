//! Cuts a stream of octets into replies. Tolerant in cutting: the strict parser says what is wrong with a frame.

use thiserror::Error;

use super::{Reply, parse};
use crate::base::{ByteString, SyntaxError};

/// Octets of one line; far above the 512 of RFC 5321 §4.5.3.1.5, so that longer lines can be blamed.
const LINE: usize = 64 * 1024;
/// Lines of one reply.
const LINES: usize = 10_000;
/// Octets of one reply.
const FRAME: usize = 1024 * 1024;

/// One reply as it came, and what the strict parser made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// All octets, line ends included.
    pub raw: ByteString,
    /// The reply, or the first rule it breaks.
    pub parsed: Result<Reply, SyntaxError>,
}

/// A reply beyond every bound; nothing more can be read from this stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrameError {
    /// A line without an end.
    #[error("a line of more than {LINE} octets")]
    Line,
    /// A reply with too many lines.
    #[error("a reply of more than {LINES} lines")]
    Lines,
    /// A reply with too many octets.
    #[error("a reply of more than {FRAME} octets")]
    Frame,
}

/// Collects octets and hands out whole replies. Once it failed, it fails for ever.
#[derive(Debug, Default)]
pub struct Framer {
    buffer: Vec<u8>,
    /// Where the line begins that is being looked at.
    line: usize,
    /// Up to where no line end was found.
    seen: usize,
    lines: usize,
    failed: Option<FrameError>,
}

impl Framer {
    /// A framer at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds octets that arrived. What is kept is bounded if `next` is called until it gives nothing.
    pub fn push(&mut self, octets: &[u8]) {
        if self.failed.is_none() {
            self.buffer.extend_from_slice(octets);
        }
    }

    /// The next whole reply, if it is there. A bare LF ends a line too, so that the parser can blame it.
    #[expect(clippy::should_implement_trait, reason = "a framer goes on after `None`, an iterator does not")]
    pub fn next(&mut self) -> Option<Result<Frame, FrameError>> {
        if let Some(error) = self.failed {
            return Some(Err(error));
        }
        loop {
            let rest = self.buffer.get(self.seen..).unwrap_or_default();
            let Some(found) = rest.iter().position(|octet| *octet == b'\n') else {
                self.seen = self.buffer.len();
                return if self.seen - self.line > LINE { self.fail(FrameError::Line) } else { None };
            };
            let end = self.seen + found + 1;
            let line = self.buffer.get(self.line..end).unwrap_or_default();
            if line.len() > LINE {
                return self.fail(FrameError::Line);
            }
            let goes_on = matches!(line, [a, b, c, b'-', ..] if [a, b, c].iter().all(|digit| digit.is_ascii_digit()));
            self.lines += 1;
            self.seen = end;
            // A line that is no reply line is a frame of its own, and does not swallow the lines before it.
            let cut = if is_reply_line(line) || self.line == 0 { end } else { self.line };
            self.line = end;
            if !goes_on {
                return Some(Ok(self.cut(cut)));
            }
            if self.lines >= LINES {
                return self.fail(FrameError::Lines);
            }
            if end > FRAME {
                return self.fail(FrameError::Frame);
            }
        }
    }

    /// Takes what is not yet part of a reply: after the go-ahead of STARTTLS, octets of the TLS handshake or injected text.
    pub fn take_rest(&mut self) -> Vec<u8> {
        let failed = self.failed;
        std::mem::replace(self, Self { failed, ..Self::default() }).buffer
    }

    fn cut(&mut self, end: usize) -> Frame {
        // A copy: whoever keeps the frame must not keep the whole buffer.
        let raw = ByteString::from(self.buffer.drain(..end).collect::<Vec<u8>>());
        (self.line, self.seen, self.lines) = (0, 0, 0);
        Frame { parsed: parse(&raw), raw }
    }

    fn fail(&mut self, error: FrameError) -> Option<Result<Frame, FrameError>> {
        self.failed = Some(error);
        self.buffer = Vec::new();
        Some(Err(error))
    }
}

fn is_reply_line(line: &[u8]) -> bool {
    matches!(line, [a, b, c, b' ' | b'-' | b'\r' | b'\n', ..] if [a, b, c].iter().all(|digit| digit.is_ascii_digit()))
}
