//! One TCP connection, in clear or in TLS, with or without DEFLATE. It owns what was read, so that a dropped future loses
//! nothing. A hostile peer can neither hang it (deadlines are absolute) nor exhaust it (the buffer is bounded).

use std::borrow::Cow;
use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll};

use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};
use tokio_rustls::client::TlsStream;

use super::deflate::Deflate;
use super::tls::{HandshakeError, TlsClient, TlsInfo, describe};
use crate::base::ByteString;
use crate::target::{Endpoint, Security};

/// Octets that may lie unread, unless [`Wire::limit`] says otherwise. docs/suite-language.md section 14.
pub const BUFFER_MAX_OCTETS: usize = 8 * 1024 * 1024;
/// The kind of a handshake that failed for another reason than trust.
pub(super) const TLS_FAILED: &str = "TLS failed";
/// Octets taken from the socket at once.
const CHUNK: usize = 16 * 1024;

/// Trouble on the wire. Never a finding by itself.
#[derive(Debug, Error)]
pub enum WireError {
    /// The deadline passed.
    #[error("timed out")]
    Timeout,
    /// Nobody listens there.
    #[error("connection refused")]
    Refused,
    /// The peer reset the connection, or closed it before we wrote.
    #[error("connection reset")]
    Reset,
    /// The handshake or a record failed.
    #[error("TLS: {0}")]
    Tls(String),
    /// The DEFLATE layer received something else.
    #[error("the compressed stream is broken")]
    Deflate,
    /// More octets than may lie unread.
    #[error("more than {0} octets unread")]
    TooMuch(usize),
    /// This program closed or aborted before.
    #[error("already closed")]
    Gone,
    /// Anything else of the operating system.
    #[error("{0}")]
    Io(io::Error),
}

impl WireError {
    /// What it is, in words that are the same in every run: no addresses, no times, no words of the peer.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Timeout => "timed out",
            Self::Refused => "connection refused",
            Self::Reset => "connection reset",
            Self::Tls(what) if what.contains("invalid peer certificate") => "the certificate is not trusted",
            // No RFC bounds a chain of certificates below 16 MiB: the bound is ours, and nobody is accused of going beyond.
            Self::Tls(what) if what.contains("HandshakePayloadTooLarge") => "a handshake message beyond every bound",
            Self::Tls(_) => TLS_FAILED,
            Self::Deflate => "the compressed stream is broken",
            Self::TooMuch(_) => "too many octets unread",
            Self::Gone => "already closed",
            Self::Io(_) => "the network failed",
        }
    }
}

/// What a read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOutcome {
    /// So many octets more are buffered, at least one.
    Octets(usize),
    /// The peer closed its side.
    Eof,
}

/// One connection.
#[derive(Debug)]
pub struct Wire {
    stream: Stream,
    host: String,
    buffer: Vec<u8>,
    limit: usize,
    deflate: Option<Box<Deflate>>,
    tls: Option<TlsInfo>,
    eof: bool,
    /// Wakes no later than the deadline of what is being waited for. It stays armed from one wait to the next.
    alarm: Option<Pin<Box<Sleep>>>,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    Gone,
}

impl Wire {
    /// Connects, and on an endpoint with implicit TLS goes through the handshake.
    pub async fn connect(endpoint: &Endpoint, tls: &TlsClient, deadline: Instant) -> Result<Self, WireError> {
        let address = (endpoint.host.as_str(), endpoint.port);
        let stream = timeout_at(deadline, TcpStream::connect(address)).await.map_err(|_| WireError::Timeout)?;
        let stream = stream.map_err(WireError::from)?;
        // Each segment of a suite is to leave as a segment of its own.
        stream.set_nodelay(true).map_err(WireError::from)?;
        let mut wire = Self {
            stream: Stream::Plain(stream),
            host: endpoint.host.clone(),
            buffer: Vec::new(),
            limit: BUFFER_MAX_OCTETS,
            deflate: None,
            tls: None,
            eof: false,
            alarm: None,
        };
        match endpoint.security {
            Security::Implicit => wire.handshake(tls, deadline).await?,
            Security::Clear | Security::Offered => {}
        }
        Ok(wire)
    }

    /// Sets how many octets may lie unread.
    pub fn limit(&mut self, octets: usize) {
        self.limit = octets;
    }

    /// What was read and not yet taken.
    pub fn buffered(&self) -> &[u8] {
        &self.buffer
    }

    /// Takes what was read first, up to so many octets. Whoever cuts it into frames works on little at a time: after
    /// every frame the rest moves.
    pub fn take(&mut self, most: usize) -> Vec<u8> {
        if self.buffer.len() <= most {
            return std::mem::take(&mut self.buffer);
        }
        self.buffer.drain(..most).collect()
    }

    /// What was negotiated, once TLS is established.
    pub fn tls(&self) -> Option<&TlsInfo> {
        self.tls.as_ref()
    }

    /// Waits for octets. Cancel-safe: what was read is in the buffer.
    pub async fn read_some(&mut self, deadline: Instant) -> Result<ReadOutcome, WireError> {
        if matches!(self.stream, Stream::Gone) {
            return Err(WireError::Gone);
        }
        self.until(deadline, Self::poll_fill).await
    }

    /// Waits for what `poll` waits for. What is ready already counts, also after the deadline.
    async fn until<T>(
        &mut self,
        deadline: Instant,
        mut poll: impl FnMut(&mut Self, &mut Context<'_>) -> Poll<Result<T, WireError>>,
    ) -> Result<T, WireError> {
        poll_fn(|cx| match poll(self, cx) {
            Poll::Ready(ready) => Poll::Ready(ready),
            Poll::Pending => self.poll_deadline(cx, deadline).map(|()| Err(WireError::Timeout)),
        })
        .await
    }

    /// A timer is not armed for every read: one that rings too early is armed again.
    fn poll_deadline(&mut self, cx: &mut Context<'_>, deadline: Instant) -> Poll<()> {
        if Instant::now() >= deadline {
            return Poll::Ready(());
        }
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if alarm.deadline() > deadline {
            alarm.as_mut().reset(deadline);
        }
        while alarm.as_mut().poll(cx).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            alarm.as_mut().reset(deadline);
        }
        Poll::Pending
    }

    /// Writes each segment by a write and a flush of its own. What arrives meanwhile is buffered, so that two sides which
    /// both write much do not wait for each other.
    pub async fn write_segments(&mut self, segments: &[ByteString], deadline: Instant) -> Result<(), WireError> {
        for segment in segments {
            let octets = match &mut self.deflate {
                Some(deflate) => Cow::Owned(deflate.compress(segment)?),
                None => Cow::Borrowed(segment.as_bytes()),
            };
            let mut written = 0;
            self.until(deadline, |wire, cx| wire.poll_write_all(cx, &octets, &mut written)).await?;
        }
        Ok(())
    }

    /// The client side of the handshake, after the go-ahead. `leftover` is what came after the go-ahead and was read
    /// already; whatever else of it lies in the buffer or the socket is taken too, since a TLS server says nothing before
    /// the client. All of it is reported, and none of it is ever read as an answer.
    pub async fn start_tls(
        &mut self,
        tls: &TlsClient,
        leftover: Vec<u8>,
        deadline: Instant,
    ) -> Result<&TlsInfo, WireError> {
        let mut injected = leftover;
        injected.append(&mut self.buffer);
        if let Stream::Plain(stream) = &self.stream {
            let mut chunk = [0_u8; CHUNK];
            if let Ok(count) = stream.try_read(&mut chunk) {
                injected.extend_from_slice(chunk.get(..count).unwrap_or_default());
            }
        }
        self.handshake(tls, deadline).await?;
        let info = self.tls.get_or_insert_default();
        info.plaintext_after_go_ahead = injected.into();
        Ok(info)
    }

    /// From here on both directions are compressed. RFC 4978 §3. Octets already buffered came after the go-ahead and are
    /// read as compressed.
    pub fn start_deflate(&mut self, leftover: Vec<u8>) -> Result<(), WireError> {
        let mut raw = leftover;
        raw.append(&mut self.buffer);
        self.deflate = Some(Box::default());
        self.accept(&raw)
    }

    /// Closes this side: close_notify in TLS, then FIN. What the peer still sends can be read.
    pub async fn close(&mut self, deadline: Instant) -> Result<(), WireError> {
        self.until(deadline, |wire, cx| match &mut wire.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx).map_err(WireError::from),
            Stream::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(cx).map_err(WireError::from),
            Stream::Gone => Poll::Ready(Ok(())),
        })
        .await
    }

    /// Ends the connection by RST.
    pub fn abort(&mut self) -> Result<(), WireError> {
        let gone = std::mem::replace(&mut self.stream, Stream::Gone);
        match &gone {
            Stream::Plain(stream) => stream.set_zero_linger(),
            Stream::Tls(stream) => stream.get_ref().0.set_zero_linger(),
            Stream::Gone => Ok(()),
        }
        .map_err(WireError::from)
    }

    async fn handshake(&mut self, tls: &TlsClient, deadline: Instant) -> Result<(), WireError> {
        let stream = match std::mem::replace(&mut self.stream, Stream::Gone) {
            Stream::Plain(stream) => stream,
            Stream::Tls(_) => return Err(WireError::Tls("TLS is already established".to_owned())),
            Stream::Gone => return Err(WireError::Gone),
        };
        let shaken = timeout_at(deadline, tls.handshake(stream, &self.host)).await.map_err(|_| WireError::Timeout)?;
        let stream = shaken.map_err(|error| match error {
            HandshakeError::Name(_) => WireError::Tls(error.to_string()),
            HandshakeError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                WireError::Tls("the server closed during the handshake".to_owned())
            }
            HandshakeError::Io(error) => match WireError::from(error) {
                WireError::Io(error) => WireError::Tls(error.to_string()),
                WireError::Reset => WireError::Tls("the server reset the connection during the handshake".to_owned()),
                other @ (WireError::Timeout
                | WireError::Refused
                | WireError::Tls(_)
                | WireError::Deflate
                | WireError::TooMuch(_)
                | WireError::Gone) => other,
            },
        })?;
        self.tls = Some(describe(&stream));
        self.stream = Stream::Tls(Box::new(stream));
        Ok(())
    }

    /// Reads until at least one octet for the reader came; compressed input may bring none for a while.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<ReadOutcome, WireError>> {
        loop {
            if self.eof {
                return Poll::Ready(Ok(ReadOutcome::Eof));
            }
            if self.buffer.len() >= self.limit {
                return Poll::Ready(Err(WireError::TooMuch(self.limit)));
            }
            let mut chunk = [MaybeUninit::uninit(); CHUNK];
            let mut read = ReadBuf::uninit(&mut chunk);
            let polled = match &mut self.stream {
                Stream::Plain(stream) => Pin::new(stream).poll_read(cx, &mut read),
                Stream::Tls(stream) => Pin::new(stream.as_mut()).poll_read(cx, &mut read),
                Stream::Gone => return Poll::Ready(Err(WireError::Gone)),
            };
            match polled {
                Poll::Pending => return Poll::Pending,
                // A TLS peer that closes without close_notify closes all the same.
                Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => self.eof = true,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error.into())),
                Poll::Ready(Ok(())) if read.filled().is_empty() => self.eof = true,
                Poll::Ready(Ok(())) => {
                    let before = self.buffer.len();
                    let taken = self.accept(read.filled());
                    if let Err(error) = taken {
                        return Poll::Ready(Err(error));
                    }
                    let count = self.buffer.len() - before;
                    if count > 0 {
                        return Poll::Ready(Ok(ReadOutcome::Octets(count)));
                    }
                }
            }
        }
    }

    fn accept(&mut self, raw: &[u8]) -> Result<(), WireError> {
        match &mut self.deflate {
            Some(deflate) => deflate.decompress(raw, &mut self.buffer, self.limit),
            None => {
                self.buffer.extend_from_slice(raw);
                Ok(())
            }
        }
    }

    fn poll_write_all(
        &mut self,
        cx: &mut Context<'_>,
        octets: &[u8],
        written: &mut usize,
    ) -> Poll<Result<(), WireError>> {
        loop {
            let rest = octets.get(*written..).unwrap_or_default();
            let polled = match &mut self.stream {
                Stream::Plain(stream) if rest.is_empty() => Pin::new(stream).poll_flush(cx).map_ok(|()| 0),
                Stream::Plain(stream) => Pin::new(stream).poll_write(cx, rest),
                Stream::Tls(stream) if rest.is_empty() => Pin::new(stream.as_mut()).poll_flush(cx).map_ok(|()| 0),
                Stream::Tls(stream) => Pin::new(stream.as_mut()).poll_write(cx, rest),
                Stream::Gone => return Poll::Ready(Err(WireError::Gone)),
            };
            match polled {
                Poll::Ready(Ok(_)) if rest.is_empty() => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(WireError::Reset)),
                Poll::Ready(Ok(count)) => *written += count,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error.into())),
                Poll::Pending => match self.poll_fill(cx) {
                    Poll::Ready(Ok(ReadOutcome::Octets(_))) => {}
                    // Nothing more to read now: only the writing side can still make progress.
                    Poll::Ready(Ok(ReadOutcome::Eof)) | Poll::Pending => return Poll::Pending,
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                },
            }
        }
    }
}

impl From<io::Error> for WireError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, NotConnected};
        let kind = error.kind();
        if [ConnectionReset, BrokenPipe, ConnectionAborted, NotConnected].contains(&kind) {
            Self::Reset
        } else if kind == ConnectionRefused {
            Self::Refused
        } else {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(tls) => Self::Tls(tls.to_string()),
                None => Self::Io(error),
            }
        }
    }
}
