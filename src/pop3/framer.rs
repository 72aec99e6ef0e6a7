//! Cuts a stream of octets into responses. Tolerant in cutting: the strict parser says what is wrong with a frame.

use std::collections::VecDeque;

use thiserror::Error;

use super::{Form, Reply, parse};
use crate::base::{ByteString, SyntaxError};

/// Octets of the first line; far above the 512 of RFC 1939 §3.
const LINE: usize = 64 * 1024;
/// Octets of one response: a message of the largest size a suite may send, stuffed.
const FRAME: usize = 136 * 1024 * 1024;
/// Lines of one response, unless set otherwise.
const LINES: usize = 4_000_000;

/// One response as it came, and what the strict parser made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// All octets, line ends and stuffing included.
    pub raw: ByteString,
    /// The response, or the first rule it breaks.
    pub parsed: Result<Reply, SyntaxError>,
}

/// A response beyond every bound; nothing more can be read from this stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrameError {
    /// A first line without an end.
    #[error("a first line of more than {LINE} octets")]
    Line,
    /// A response with too many lines.
    #[error("a response of too many lines")]
    Lines,
    /// A response with too many octets.
    #[error("a response of more than {FRAME} octets")]
    Frame,
}

/// Collects octets and hands out whole responses. Once it failed, it fails for ever.
#[derive(Debug)]
pub struct Framer {
    buffer: Vec<u8>,
    forms: VecDeque<Form>,
    /// Up to where lines were looked at, once the first line said that more follow.
    body: Option<usize>,
    seen: usize,
    lines: usize,
    lines_max: usize,
    failed: Option<FrameError>,
}

impl Default for Framer {
    fn default() -> Self {
        let (buffer, forms) = (Vec::new(), VecDeque::new());
        Self { buffer, forms, body: None, seen: 0, lines: 0, lines_max: LINES, failed: None }
    }
}

impl Framer {
    /// A framer at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many lines one response may have: each takes memory, however short it is.
    pub fn set_lines(&mut self, most: usize) {
        self.lines_max = most;
    }

    /// Says what comes after the responses already announced; one call per line sent. The greeting counts as
    /// `Single` where commands are sent before it was read. Without announcement a response has one line.
    pub fn expect(&mut self, form: Form) {
        self.forms.push_back(form);
    }

    /// Forgets the forms that were announced: all that was asked for is answered, whatever the server took for a line. Does
    /// nothing while something is being read.
    pub fn forget(&mut self) {
        if self.body.is_none() && self.buffer.is_empty() {
            self.forms.clear();
        }
    }

    /// Adds octets that arrived. What is kept is bounded if `next` is called until it gives nothing.
    pub fn push(&mut self, octets: &[u8]) {
        if self.failed.is_none() {
            self.buffer.extend_from_slice(octets);
        }
    }

    /// The next whole response, if it is there.
    #[expect(clippy::should_implement_trait, reason = "a framer goes on after `None`, an iterator does not")]
    pub fn next(&mut self) -> Option<Result<Frame, FrameError>> {
        if let Some(error) = self.failed {
            return Some(Err(error));
        }
        loop {
            let rest = self.buffer.get(self.seen..).unwrap_or_default();
            let found = rest.iter().position(|octet| *octet == b'\n');
            let Some(found) = found else {
                self.seen = self.buffer.len();
                return match self.body {
                    None if self.seen > LINE => self.fail(FrameError::Line),
                    _ if self.seen > FRAME => self.fail(FrameError::Frame),
                    Some(_) | None => None,
                };
            };
            let end = self.seen + found + 1;
            self.seen = end;
            let Some(start) = self.body else {
                let line = self.buffer.get(..end).unwrap_or_default();
                if line.len() > LINE {
                    return self.fail(FrameError::Line);
                }
                let multi = self.forms.pop_front() == Some(Form::Multi) && is_ok(line);
                if !multi {
                    return Some(Ok(self.cut(end, Form::Single)));
                }
                self.body = Some(end);
                continue;
            };
            let line = self.buffer.get(start..end).unwrap_or_default();
            // A line of content is stuffed, so a single dot ends the body whatever follows it; the parser blames a bare LF.
            if line == b".\r\n" || line == b".\n" {
                return Some(Ok(self.cut(end, Form::Multi)));
            }
            // Within a body only CRLF ends a line, unless the first line showed that this server writes bare LF.
            if !line.ends_with(b"\r\n") && !self.first_line_is_bare() {
                continue;
            }
            self.lines += 1;
            self.body = Some(end);
            if self.lines > self.lines_max {
                return self.fail(FrameError::Lines);
            }
            if end > FRAME {
                return self.fail(FrameError::Frame);
            }
        }
    }

    /// Takes what is not yet part of a response: after the go-ahead of STLS, octets of the TLS handshake or injected text.
    pub fn take_rest(&mut self) -> Vec<u8> {
        let (failed, lines_max) = (self.failed, self.lines_max);
        std::mem::replace(self, Self { failed, lines_max, ..Self::default() }).buffer
    }

    fn first_line_is_bare(&self) -> bool {
        let end = self.buffer.iter().position(|octet| *octet == b'\n').unwrap_or_default();
        end == 0 || self.buffer.get(end - 1) != Some(&b'\r')
    }

    fn cut(&mut self, end: usize, form: Form) -> Frame {
        // A copy: whoever keeps the frame must not keep the whole buffer.
        let raw = ByteString::from(self.buffer.drain(..end).collect::<Vec<u8>>());
        (self.body, self.seen, self.lines) = (None, 0, 0);
        Frame { parsed: parse(&raw, form), raw }
    }

    fn fail(&mut self, error: FrameError) -> Option<Result<Frame, FrameError>> {
        self.failed = Some(error);
        self.buffer = Vec::new();
        Some(Err(error))
    }
}

fn is_ok(line: &[u8]) -> bool {
    line.get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"+OK"))
}
