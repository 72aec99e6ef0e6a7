//! The octets after DATA, up to the one true end, and those after BDAT.

use super::letter::Body;
use super::wrong::Misreading;

/// Where in a line the next octet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// First of its line.
    Start,
    /// After a dot that is first of its line.
    Dot,
    /// After such a dot and a CR.
    DotCr,
    /// After a CR.
    Cr,
    /// Anywhere else.
    Middle,
}

/// Why content is refused, once it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A CR or LF that is no part of CRLF (RFC 5321 §2.3.8).
    BareLineBreak,
    /// More octets than the limit.
    TooBig,
}

/// Octets up to a limit; what comes beyond is thrown away.
#[derive(Debug, Clone)]
struct Kept {
    octets: Vec<u8>,
    limit: u64,
    flaw: Option<Flaw>,
}

impl Kept {
    fn new(limit: u64) -> Self {
        Self { octets: Vec::new(), limit, flaw: None }
    }

    fn push(&mut self, octet: u8) {
        if (self.octets.len() as u64) < self.limit {
            self.octets.push(octet);
        } else if self.flaw.is_none() {
            self.flaw = Some(Flaw::TooBig);
        }
    }

    fn finish(self) -> Result<Vec<u8>, Flaw> {
        self.flaw.map_or(Ok(self.octets), Err)
    }
}

/// Mail data on its way in. Only CRLF `.` CRLF ends it (RFC 5321 §4.1.1.4); the first dot of a line is taken off (§4.5.2).
#[derive(Debug)]
pub(super) struct Content {
    kept: Kept,
    at: At,
    misreading: Misreading,
}

impl Content {
    /// Keeps at most `limit` octets.
    pub(super) fn new(limit: u64, misreading: Misreading) -> Self {
        let at = if misreading.begins_inside() { At::Middle } else { At::Start };
        Self { kept: Kept::new(limit), at, misreading }
    }

    /// Takes a piece. At the end: how many of its octets belonged to the content and its end.
    pub(super) fn take(&mut self, piece: &[u8]) -> Option<usize> {
        for (index, octet) in piece.iter().enumerate() {
            if self.at == At::DotCr && *octet == b'\n' && !self.misreading.misses_end() {
                return Some(index + 1);
            }
            let ends = self.misreading.ends(*octet);
            self.at = self.next(*octet);
            if ends {
                return Some(index + 1);
            }
        }
        None
    }

    /// The message, without its stuffing.
    pub(super) fn finish(self) -> Result<Vec<u8>, Flaw> {
        self.kept.finish()
    }

    fn next(&mut self, octet: u8) -> At {
        match (self.at, octet) {
            (At::Start, b'.') => At::Dot,
            (At::Dot, b'\r') => At::DotCr,
            (At::Cr, b'\n') => {
                self.kept.push(octet);
                At::Start
            }
            (before, _) => {
                if before == At::Dot && self.misreading.keeps_dot() {
                    self.kept.push(b'.');
                }
                // The CR after a dot was held back as it might have been the end.
                if before == At::DotCr {
                    self.kept.push(b'\r');
                }
                if octet == b'\n' || matches!(before, At::Cr | At::DotCr) {
                    self.kept.flaw = Some(Flaw::BareLineBreak);
                }
                self.kept.push(octet);
                if octet == b'\r' { At::Cr } else { At::Middle }
            }
        }
    }
}

/// A message on its way in by BDAT: no dots are taken off and nothing ends it but LAST (RFC 3030 §2). It is text all the
/// same, unless MAIL said BINARYMIME.
#[derive(Debug, Clone)]
pub(super) struct Chunks {
    kept: Kept,
    /// The octet before the next one.
    before: u8,
    body: Body,
}

impl Chunks {
    /// Keeps at most `limit` octets.
    pub(super) fn new(limit: u64, body: Body) -> Self {
        Self { kept: Kept::new(limit), before: b'\n', body }
    }

    /// Takes octets of a chunk.
    pub(super) fn take(&mut self, piece: &[u8]) {
        for octet in piece {
            if self.body == Body::Lines && (self.before == b'\r') != (*octet == b'\n') {
                self.kept.flaw = Some(Flaw::BareLineBreak);
            }
            self.kept.push(*octet);
            self.before = *octet;
        }
    }

    /// Whether the last octet ended a line.
    pub(super) fn ends_line(&self) -> bool {
        self.before == b'\n'
    }

    /// What is wrong so far, if anything is.
    pub(super) fn flaw(&self) -> Option<Flaw> {
        self.kept.flaw
    }

    /// The message, after LAST.
    pub(super) fn finish(self) -> Result<Vec<u8>, Flaw> {
        let open = self.body == Body::Lines && self.before == b'\r';
        if open { Err(Flaw::BareLineBreak) } else { self.kept.finish() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::ReadingFault;
    use super::super::session::{Service, Session};
    use super::*;
    use crate::refserver::sasl::Channel;
    use crate::refserver::{Config, Faults};

    type Case = (&'static [u8], Result<&'static [u8], Flaw>, &'static [u8]);
    type Joined = (&'static [&'static [u8]], Result<&'static [u8], Flaw>);
    type Read = (Result<Vec<u8>, Flaw>, Vec<u8>);

    /// What is kept, and what is left after the end, when the octets come one by one and when they come at once.
    fn read(octets: &[u8], limit: u64) -> Option<Read> {
        let mut slowly = Content::new(limit, Misreading::default());
        let ended = octets.iter().position(|octet| slowly.take(&[*octet]).is_some()).map(|at| at + 1);
        let mut fast = Content::new(limit, Misreading::default());
        assert_eq!(fast.take(octets), ended);
        let (slowly, fast) = (slowly.finish(), fast.finish());
        assert_eq!(slowly, fast);
        ended.map(|at| (fast, octets[at..].to_vec()))
    }

    #[test]
    fn only_the_true_end_ends_and_dots_are_taken_off() {
        let bare = Err(Flaw::BareLineBreak);
        let table: [Case; 12] = [
            (b".\r\nQUIT\r\n", Ok(b""), b"QUIT\r\n"),
            (b"a\r\n.\r\n", Ok(b"a\r\n"), b""),
            (b"\r\n.\r\n.\r\n", Ok(b"\r\n"), b".\r\n"),
            (b"..\r\n...a\r\n.b\r\nc.\r\n.\r\n", Ok(b".\r\n..a\r\nb\r\nc.\r\n"), b""),
            (b"a\n.\n\r\n.\r\n", bare, b""),
            (b"a\n.\r\nRSET\r\n.\r\n", bare, b""),
            (b"a\r\n.\nRSET\r\n.\r\n", bare, b""),
            (b"a\r.\r\n.\r\n", bare, b""),
            (b"a\r\n.\r.\r\n.\r\n", bare, b""),
            (b"a\r\r\n.\r\n", bare, b""),
            (b".\r\r\n.\r\n", bare, b""),
            (b"\0\xff\r\n.\r\n", Ok(b"\0\xff\r\n"), b""),
        ];
        for (octets, kept, left) in table {
            let expected = Some((kept.map(<[u8]>::to_vec), left.to_vec()));
            assert_eq!(read(octets, 100), expected, "{:?}", octets.escape_ascii().to_string());
        }
        assert_eq!(read(b"a\n.\r\n", 100), None);
    }

    #[test]
    fn each_false_end_is_one_for_its_fault_and_for_no_other() {
        let table = [
            (ReadingFault::LfDotLfEnds, "a\n.\nb"),
            (ReadingFault::LfDotCrlfEnds, "a\n.\r\nb"),
            (ReadingFault::CrlfDotLfEnds, "a\r\n.\nb"),
            (ReadingFault::CrDotCrEnds, "a\r.\rb"),
            (ReadingFault::CrDotCrlfEnds, "a\r.\r\nb"),
        ];
        for (fault, end) in table {
            for (own, _) in table {
                let config = Config { faults: Faults::from_iter([own.into()]), ..Config::default() };
                let config = Arc::new(config);
                let session = Session::new(&config, Channel::Clear, Service::Transfer);
                let mut content = Content::new(100, session.misreading());
                let ended = content.take(end.as_bytes());
                // CR, a dot and CR stand also before LF.
                let earlier = fault == ReadingFault::CrDotCrlfEnds && own == ReadingFault::CrDotCrEnds;
                assert_eq!(ended.is_some(), fault == own || earlier, "{end:?} {own:?}");
            }
        }
    }

    #[test]
    fn the_limit_counts_octets_without_stuffing() {
        assert_eq!(read(b"..a\r\n.\r\n", 4), Some((Ok(b".a\r\n".to_vec()), Vec::new())));
        assert_eq!(read(b"..a\r\n.\r\nX", 3), Some((Err(Flaw::TooBig), b"X".to_vec())));
    }

    #[test]
    fn chunks_are_joined_as_they_are_and_a_line_end_may_lie_across_them() {
        let bare = Err(Flaw::BareLineBreak);
        let table: [Joined; 8] = [
            (&[b".a\r\n.\r\n", b"..\r\n"], Ok(b".a\r\n.\r\n..\r\n")),
            (&[b"a\r", b"\nb"], Ok(b"a\r\nb")),
            (&[b"", b"a", b""], Ok(b"a")),
            (&[], Ok(b"")),
            (&[b"a\r", b"b"], bare),
            (&[b"a\n"], bare),
            (&[b"a\r"], bare),
            (&[b"0123456789", b"0123"], Err(Flaw::TooBig)),
        ];
        for (pieces, expected) in table {
            let mut chunks = Chunks::new(13, Body::Lines);
            pieces.iter().for_each(|piece| chunks.take(piece));
            assert_eq!(chunks.finish(), expected.map(<[u8]>::to_vec), "{pieces:?}");
        }
        let mut chunks = Chunks::new(13, Body::Binary);
        [b"a\nb\r".as_slice(), b"c\0\r"].iter().for_each(|piece| chunks.take(piece));
        assert_eq!((chunks.flaw(), chunks.finish()), (None, Ok(b"a\nb\rc\0\r".to_vec())));
    }
}
