//! The line that is being read.

use crate::refserver::imap::command::LiteralMode;

/// How many octets of the end of a line are kept when it is too long: enough for the announcement of a literal.
const TAIL_OCTETS: usize = 32;

/// A line as far as it has come. What is beyond the bound is thrown away, but for the last octets.
#[derive(Debug, Default)]
pub(super) struct LineBuffer {
    head: Vec<u8>,
    /// What came after `head` was full.
    tail: Vec<u8>,
    previous: u8,
}

/// A whole line without its CRLF.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its octets, or the first of them if it is too long.
    pub(super) octets: Vec<u8>,
    /// Whether it is all there.
    pub(super) length: Length,
    /// The literal that it announces: its length, all numbers that are too large being one.
    pub(super) literal: Option<(u64, LiteralMode)>,
}

/// Whether a line keeps the bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// It does.
    Within,
    /// It does not.
    Beyond,
}

impl LineBuffer {
    /// Forgets that a CR came last, as a server does that breaks RFC 3501 §2.2.
    pub(super) fn forget_cr(&mut self) {
        self.previous = 0;
    }

    /// Forgets all that came so far, as a server does that takes each segment for a line.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Takes octets up to the end of the line, of which `max` are kept; says how many, once the end is there. A bare CR or LF
    /// ends nothing.
    pub(super) fn take(&mut self, piece: &[u8], max: usize) -> Option<usize> {
        for (at, &octet) in piece.iter().enumerate() {
            let ended = self.previous == b'\r' && octet == b'\n';
            self.previous = octet;
            // The CRLF is kept too for now.
            if self.head.len() < max + 2 && self.tail.is_empty() {
                self.head.push(octet);
            } else {
                self.tail.push(octet);
            }
            if ended {
                return Some(at + 1);
            }
            if self.tail.len() > 4 * TAIL_OCTETS {
                self.tail.drain(..self.tail.len() - TAIL_OCTETS);
            }
        }
        None
    }

    /// The line, once its end has been taken.
    pub(super) fn finish(&mut self) -> Line {
        let Self { mut head, tail, .. } = std::mem::take(self);
        if tail.is_empty() {
            head.truncate(head.len().saturating_sub(2));
            let literal = announced(&head);
            return Line { octets: head, length: Length::Within, literal };
        }
        let end = [head.as_slice(), &tail].concat();
        let literal = announced(end.strip_suffix(b"\r\n").unwrap_or(&end));
        Line { octets: head, length: Length::Beyond, literal }
    }
}

/// The literal that a line announces at its end: `{n}` or `{n+}`, whatever is before it.
fn announced(line: &[u8]) -> Option<(u64, LiteralMode)> {
    let inner = line.strip_suffix(b"}")?;
    let (inner, mode) = match inner.strip_suffix(b"+") {
        Some(inner) => (inner, LiteralMode::NonSynchronising),
        None => (inner, LiteralMode::Synchronising),
    };
    let start = inner.iter().rposition(|octet| !octet.is_ascii_digit())?;
    let digits = inner.get(start + 1..)?;
    if inner.get(start) != Some(&b'{') || digits.is_empty() {
        return None;
    }
    let length = digits.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    Some((length, mode))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(octets: &[u8], max: usize) -> Line {
        let mut buffer = LineBuffer::default();
        for (at, octet) in octets.iter().enumerate() {
            if buffer.take(&[*octet], max).is_some() {
                assert_eq!(at + 1, octets.len());
                return buffer.finish();
            }
        }
        panic!("no end");
    }

    #[test]
    fn only_the_end_of_a_line_announces_a_literal() {
        let table: [(&[u8], _); 9] = [
            (b"a {5}", Some((5, LiteralMode::Synchronising))),
            (b"{0+}", Some((0, LiteralMode::NonSynchronising))),
            (b"{99999999999999999999999+}", Some((u64::MAX, LiteralMode::NonSynchronising))),
            (b"a {}", None),
            (b"a 5}", None),
            (b"a {5} ", None),
            (b"a \"{5}\"", None),
            (b"a {-5}", None),
            (b"a {5++}", None),
        ];
        for (line, literal) in table {
            assert_eq!(read(&[line, b"\r\n"].concat(), 100).literal, literal, "{line:?}");
        }
    }

    #[test]
    fn a_line_is_cut_at_the_bound_and_its_literal_is_seen_still() {
        let whole = read(b"12345\r\n", 5);
        assert_eq!((whole.octets.as_slice(), whole.length), (&b"12345"[..], Length::Within));
        let long = [b"a b".as_slice(), &[b'x'; 1000], b"\r \n {12+}\r\n"].concat();
        let cut = read(&long, 5);
        assert!(cut.octets.starts_with(b"a bxx") && cut.octets.len() < 10);
        assert_eq!(cut.length, Length::Beyond);
        assert_eq!(cut.literal, Some((12, LiteralMode::NonSynchronising)));
    }
}
