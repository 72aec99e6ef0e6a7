//! Compression of a connection, as IMAP can ask for it: raw DEFLATE in both directions, flushed with every answer (RFC 4978 §3).

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Octets that are read, or made, at once.
const PIECE: usize = 8 * 1024;

/// So much may wait to be sent before no more is taken, in octets.
const WAITING_MAX: usize = 64 * 1024;

/// A connection whose octets are compressed on their way. However much a client's octets grow, only as many are made at a time
/// as are asked for: there is no bomb.
pub struct Deflated<S> {
    inner: S,
    inflate: Decompress,
    deflate: Compress,
    /// What came and is still compressed.
    came: Vec<u8>,
    /// What is compressed and still to be sent.
    waiting: Vec<u8>,
    sending: Sending,
    receiving: Receiving,
}

/// Whether the peer can make out all that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sending {
    /// It can, once what is waiting is sent.
    Flushed,
    /// Some of it is within the compressor.
    Begun,
}

/// Whether more can come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Receiving {
    Open,
    /// The peer has ended its DEFLATE stream.
    Over,
}

impl<S> Deflated<S> {
    /// Compresses a connection from here on. `came` was read from it beyond the command that asked for compression, so it is
    /// compressed already.
    pub(super) fn new(inner: S, came: Vec<u8>) -> Self {
        Self {
            inner,
            inflate: Decompress::new(false),
            deflate: Compress::new(Compression::default(), false),
            came,
            waiting: Vec::new(),
            sending: Sending::Flushed,
            receiving: Receiving::Open,
        }
    }

    /// The connection below.
    pub(super) fn inner(&self) -> &S {
        &self.inner
    }

    /// Makes octets of what came, as many as there is room for; says whether that was any.
    fn inflate(&mut self, into: &mut ReadBuf<'_>) -> io::Result<bool> {
        let (read, made) = (self.inflate.total_in(), self.inflate.total_out());
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "octets that are no DEFLATE");
        let status = self.inflate.decompress(&self.came, into.initialize_unfilled(), FlushDecompress::Sync);
        let status = status.map_err(|_| wrong())?;
        let read = narrow(self.inflate.total_in() - read);
        let made = narrow(self.inflate.total_out() - made);
        self.came.drain(..read.min(self.came.len()));
        into.advance(made);
        match status {
            Status::StreamEnd => self.receiving = Receiving::Over,
            Status::Ok | Status::BufError if read == 0 && made == 0 && !self.came.is_empty() => {
                return Err(wrong());
            }
            Status::Ok | Status::BufError => {}
        }
        Ok(made > 0)
    }

    fn deflate(&mut self, octets: &[u8], flush: FlushCompress) -> io::Result<()> {
        let mut rest = octets;
        loop {
            self.waiting.reserve(PIECE);
            let before = self.deflate.total_in();
            self.deflate.compress_vec(rest, &mut self.waiting, flush).map_err(io::Error::other)?;
            rest = rest.get(narrow(self.deflate.total_in() - before)..).unwrap_or_default();
            // Room left over means that the compressor holds nothing back.
            if rest.is_empty() && self.waiting.len() < self.waiting.capacity() {
                return Ok(());
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> Deflated<S> {
    /// Sends what waits until at most `left` octets do.
    fn poll_send(&mut self, cx: &mut Context<'_>, left: usize) -> Poll<io::Result<()>> {
        while self.waiting.len() > left {
            let sent = ready!(Pin::new(&mut self.inner).poll_write(cx, &self.waiting))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.waiting.drain(..sent);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_flush_all(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.sending == Sending::Begun {
            self.deflate(&[], FlushCompress::Sync)?;
            self.sending = Sending::Flushed;
        }
        self.poll_send(cx, 0)
    }
}

fn narrow(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl<S> fmt::Debug for Deflated<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deflated").finish_non_exhaustive()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Deflated<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if into.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        loop {
            if this.receiving == Receiving::Over || this.inflate(into)? {
                return Poll::Ready(Ok(()));
            }
            if !this.came.is_empty() || this.receiving == Receiving::Over {
                continue;
            }
            let mut piece = [0; PIECE];
            let mut read = ReadBuf::new(&mut piece);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut read))?;
            if read.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.came.extend_from_slice(read.filled());
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Deflated<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_send(cx, WAITING_MAX))?;
        let piece = octets.get(..PIECE).unwrap_or(octets);
        this.deflate(piece, FlushCompress::None)?;
        this.sending = Sending::Begun;
        Poll::Ready(Ok(piece.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_flush_all(cx))?;
        Pin::new(&mut this.inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_flush_all(cx))?;
        Pin::new(&mut this.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use flate2::write::{DeflateDecoder, DeflateEncoder};
    use proptest::prelude::*;
    use std::io::Write;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// What is read of octets that came compressed, in a buffer of so many octets, and the error in the end.
    async fn read(came: &[u8], room: usize) -> (Vec<u8>, Option<io::ErrorKind>) {
        let mut stream = Deflated::new(tokio::io::empty(), came.to_vec());
        let (mut heard, mut buffer) = (Vec::new(), vec![0; room]);
        loop {
            match stream.read(&mut buffer).await {
                Ok(0) => return (heard, None),
                Ok(count) => heard.extend_from_slice(&buffer[..count]),
                Err(error) => return (heard, Some(error.kind())),
            }
        }
    }

    fn deflated(octets: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(octets).unwrap();
        encoder.flush().unwrap();
        encoder.get_ref().clone()
    }

    #[tokio::test]
    async fn every_answer_can_be_read_at_once() {
        let (mut client, server) = tokio::io::duplex(64);
        let mut server = Deflated::new(server, Vec::new());
        let large: Vec<u8> = (0_u32..50_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        let mut decoder = DeflateDecoder::new(Vec::new());
        for answer in [b"a1 OK done\r\n".to_vec(), large, b"a2 OK done\r\n".to_vec()] {
            let sending = async {
                server.write_all(&answer).await.unwrap();
                server.flush().await.unwrap();
                // Nothing was written, so nothing is sent.
                server.flush().await.unwrap();
            };
            let hearing = async {
                while decoder.get_ref().len() < answer.len() {
                    let mut piece = [0; 33];
                    let count = client.read(&mut piece).await.unwrap();
                    decoder.write_all(&piece[..count]).unwrap();
                    decoder.flush().unwrap();
                }
            };
            tokio::join!(sending, hearing);
            assert!(*decoder.get_ref() == answer, "{} octets", answer.len());
            decoder.get_mut().clear();
        }
    }

    #[tokio::test]
    async fn what_a_bomb_makes_is_read_piece_by_piece() {
        let bomb = deflated(&vec![0; 50_000_000]);
        assert!(bomb.len() < 60_000);
        let mut stream = Deflated::new(tokio::io::empty(), bomb);
        let (mut sum, mut buffer) = (0, vec![1; 1000]);
        loop {
            let count = stream.read(&mut buffer).await.unwrap();
            if count == 0 {
                break;
            }
            sum += count;
            assert!(stream.came.capacity() < 200_000, "nothing is kept of what was made");
        }
        assert_eq!(sum, 50_000_000);
    }

    #[tokio::test]
    async fn the_end_of_deflate_is_the_end_and_other_octets_are_an_error() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(b"a1 NOOP\r\n").unwrap();
        let ended = [encoder.finish().unwrap(), b"more".to_vec()].concat();
        assert_eq!(read(&ended, 3).await, (b"a1 NOOP\r\n".to_vec(), None));
        assert_eq!(read(b"\x07\xff", 100).await, (Vec::new(), Some(io::ErrorKind::InvalidData)));
        assert_eq!(read(b"", 100).await, (Vec::new(), None));
    }

    proptest! {
        #[test]
        fn any_octets_are_read_or_refused(came in prop::collection::vec(any::<u8>(), 0..300), room in 1_usize..50) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (heard, _) = runtime.block_on(read(&came, room));
            // RFC 1951: no octet stands for more than 1032 others.
            prop_assert!(heard.len() <= came.len() * 1100);
        }

        #[test]
        fn what_was_compressed_is_read_whatever_is_read_at_once(
            octets in prop::collection::vec(any::<u8>(), 0..2000), room in 1_usize..300,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            prop_assert_eq!(runtime.block_on(read(&deflated(&octets), room)), (octets, None));
        }
    }
}
