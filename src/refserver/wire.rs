//! Lines from a client, bounded in length and time, and octets back.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::sasl::Channel;
use super::security::TlsFault;
use super::tap::{Ear, Speaker};
use super::{Faults, Identity, Protection, Stream};

/// Octets to ask for at once. Vectors ask for only 64 by themselves, and what a client sends in one piece after STARTTLS
/// should be read, and so be thrown away, in one piece.
const PIECE: usize = 8192;

/// What came instead of more octets.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line without its CRLF.
    Whole(Vec<u8>),
    /// A line beyond the bound; all of it is thrown away.
    TooLong,
    /// The client closed.
    Closed,
    /// The client said nothing for too long.
    Idle,
}

/// How a reading of octets without bounds ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fed {
    /// The reader has all it wants.
    Ended,
    /// The client closed.
    Closed,
    /// The client said nothing for too long.
    Idle,
}

/// Whether the client has sent more than was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ahead {
    /// It has.
    More,
    /// Not as far as is known.
    Nothing,
}

/// What becomes of octets that were sent in clear behind the command that starts TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// They are thrown away, as it must be.
    Dropped,
    /// They are read in TLS.
    Kept,
    /// A last line without its end is read in TLS.
    HalfLine,
}

impl Tail {
    /// What the faults of a protocol make of it: one keeps all, the other a half line.
    pub(super) fn by(faults: &Faults, [all, half]: [TlsFault; 2]) -> Self {
        if faults.has(all) {
            Self::Kept
        } else if faults.has(half) {
            Self::HalfLine
        } else {
            Self::Dropped
        }
    }

    fn of(self, mut ahead: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Dropped => Vec::new(),
            Self::Kept => ahead,
            Self::HalfLine => {
                let whole = ahead.iter().rposition(|octet| *octet == b'\n').map_or(0, |at| at + 1);
                ahead.split_off(whole)
            }
        }
    }
}

/// A connection and what was read ahead.
#[derive(Debug)]
pub struct Wire {
    stream: Stream,
    ahead: Vec<u8>,
    idle: Duration,
    ear: Option<Ear>,
    ends: &'static [&'static [u8]],
}

impl Wire {
    /// A connection whose client may be silent for `idle`.
    pub fn new(stream: Stream, idle: Duration) -> Self {
        Self { stream, ahead: Vec::new(), idle, ear: None, ends: &[b"\r\n"] }
    }

    /// The same connection, with somebody who listens from here on.
    pub(super) fn tapped(mut self, ear: Option<Ear>) -> Self {
        self.ear = ear;
        self
    }

    /// Lines end in these from here on, for a server that is wrong about them; where two fit, the first counts.
    pub(super) fn end_lines_in(&mut self, ends: &'static [&'static [u8]]) {
        self.ends = ends;
    }

    /// Whether TLS runs.
    pub fn protection(&self) -> Protection {
        self.stream.protection()
    }

    /// Whether octets were read beyond the last line.
    pub fn has_ahead(&self) -> Ahead {
        if self.ahead.is_empty() { Ahead::Nothing } else { Ahead::More }
    }

    /// What SASL can bind to.
    pub fn channel(&self) -> Channel {
        self.stream.channel()
    }

    /// The next line that ends in CRLF, of at most `max` octets with it. A bare CR or LF ends nothing (RFC 5321 §2.3.8).
    pub async fn line(&mut self, max: usize) -> io::Result<Line> {
        let mut dropped = false;
        let mut searched: usize = 0;
        loop {
            let tail = self.ahead.get(searched..).unwrap_or_default();
            if let Some((at, end)) = first_end(tail, self.ends) {
                let mut line: Vec<u8> = self.ahead.drain(..searched + at + end.len()).collect();
                if dropped || line.len() > max {
                    return Ok(Line::TooLong);
                }
                line.truncate(line.len().saturating_sub(end.len()));
                return Ok(Line::Whole(line));
            }
            if self.ahead.len() > max {
                // Only a last CR may still belong to the end of the line.
                dropped = true;
                let keep = usize::from(self.ahead.last() == Some(&b'\r'));
                self.ahead.drain(..self.ahead.len() - keep);
            }
            searched = self.ahead.len().saturating_sub(1);
            self.ahead.reserve(PIECE);
            match self.read().await {
                Err(_) => return Ok(Line::Idle),
                Ok(Ok(0)) => return Ok(Line::Closed),
                Ok(read) => drop(read?),
            }
        }
    }

    /// Gives octets to `take`, piece by piece, until it says how many of a piece it wanted; the others stay for the next reading.
    pub async fn feed(&mut self, mut take: impl FnMut(&[u8]) -> Option<usize>) -> io::Result<Fed> {
        loop {
            if let Some(wanted) = take(&self.ahead) {
                self.ahead.drain(..wanted.min(self.ahead.len()));
                return Ok(Fed::Ended);
            }
            self.ahead.clear();
            self.ahead.reserve(PIECE);
            match self.read().await {
                Err(_) => return Ok(Fed::Idle),
                Ok(Ok(0)) => return Ok(Fed::Closed),
                Ok(read) => drop(read?),
            }
        }
    }

    /// Reads some octets more, unless the client is silent for too long.
    async fn read(&mut self) -> Result<io::Result<usize>, Elapsed> {
        let known = self.ahead.len();
        let read = timeout(self.idle, self.stream.read_buf(&mut self.ahead)).await?;
        if let Some(ear) = &self.ear {
            ear.hear(Speaker::Client, self.ahead.get(known..).unwrap_or_default());
        }
        Ok(read)
    }

    /// Sends octets at once; a client that takes none of them for too long is an error.
    pub async fn send(&mut self, octets: &[u8]) -> io::Result<()> {
        self.ear.iter().for_each(|ear| ear.hear(Speaker::Server, octets));
        timeout(self.idle, async {
            self.stream.write_all(octets).await?;
            self.stream.flush().await
        })
        .await?
    }

    /// Starts TLS. What was read ahead in clear is thrown away (RFC 3207 §4.2), unless a fault keeps it.
    pub async fn upgrade(self, identity: &Identity, tail: Tail) -> io::Result<Self> {
        let ahead = tail.of(self.ahead);
        let stream = timeout(self.idle, self.stream.upgrade(identity)).await??;
        Ok(Self { ahead, ..Self::new(stream, self.idle).tapped(self.ear) })
    }

    /// Compresses all that follows (RFC 4978).
    pub(super) fn deflated(self) -> Self {
        let Self { stream, ahead, idle, ear, ends } = self;
        Self { stream: stream.deflated(ahead), ahead: Vec::new(), idle, ear, ends }
    }

    /// What was read beyond the last line.
    pub(super) fn ahead(&self) -> &[u8] {
        &self.ahead
    }

    /// Throws away what was read beyond the last line.
    pub(super) fn forget_ahead(&mut self) {
        self.ahead.clear();
    }

    /// Closes the connection, under TLS with `close_notify`.
    pub async fn close(mut self) -> io::Result<()> {
        timeout(self.idle, self.stream.shutdown()).await?
    }
}

/// Where the first line of these octets ends, and in what.
fn first_end(octets: &[u8], ends: &[&'static [u8]]) -> Option<(usize, &'static [u8])> {
    (0..octets.len()).find_map(|at| {
        let rest = octets.get(at..)?;
        ends.iter().find(|end| rest.starts_with(end)).map(|end| (at, *end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_end_in_crlf_only_and_are_bounded() {
        let (mut client, server) = tokio::io::duplex(4096);
        let mut wire = Wire::new(Stream::plain(server), Duration::from_secs(5));
        client.write_all(b"a\nb\rc\r\n12345678\r\n1234567890123456789\r\nok\r\nrest").await.unwrap();
        drop(client);
        assert_eq!(wire.line(10).await.unwrap(), Line::Whole(b"a\nb\rc".to_vec()));
        assert_eq!(wire.line(10).await.unwrap(), Line::Whole(b"12345678".to_vec()));
        assert_eq!(wire.line(10).await.unwrap(), Line::TooLong);
        assert_eq!(wire.line(10).await.unwrap(), Line::Whole(b"ok".to_vec()));
        assert_eq!(wire.line(10).await.unwrap(), Line::Closed);
    }
}
