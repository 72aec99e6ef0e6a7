//! A client connection in clear or under TLS, which can be upgraded and compressed in place.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use rustls::ProtocolVersion;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::server::TlsStream;

use super::Identity;
use super::deflate::Deflated;
use super::sasl::Channel;

/// What a connection can run over: a TCP socket, or a pipe in memory.
pub trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// The server's end of one connection.
pub enum Stream {
    /// Octets in clear.
    Plain(Box<dyn Transport>),
    /// Octets under TLS, and the `tls-server-end-point` of the certificate.
    Tls(Box<TlsStream<Box<dyn Transport>>>, Vec<u8>),
    /// One of these, with compressed octets (RFC 4978).
    Deflated(Box<Deflated<Self>>),
}

/// Whether the octets of a connection are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Everybody on the way can read them.
    Clear,
    /// TLS.
    Tls,
}

impl Stream {
    /// A connection in clear.
    pub fn plain(transport: impl Transport + 'static) -> Self {
        Self::Plain(Box::new(transport))
    }

    /// Whether TLS runs.
    pub fn protection(&self) -> Protection {
        match self {
            Self::Plain(_) => Protection::Clear,
            Self::Tls(..) => Protection::Tls,
            Self::Deflated(deflated) => deflated.inner().protection(),
        }
    }

    /// What SASL can bind to. The exporter is for TLS 1.3 only (RFC 9266 §3), where it is unique by itself.
    pub fn channel(&self) -> Channel {
        let (tls, end_point) = match self {
            Self::Plain(_) => return Channel::Clear,
            Self::Tls(tls, end_point) => (tls, end_point),
            Self::Deflated(deflated) => return deflated.inner().channel(),
        };
        let (_, connection) = tls.get_ref();
        let exporter = (connection.protocol_version() == Some(ProtocolVersion::TLSv1_3))
            .then(|| connection.export_keying_material(vec![0; 32], b"EXPORTER-Channel-Binding", Some(b"")).ok());
        Channel::Tls { exporter: exporter.flatten(), end_point: end_point.clone() }
    }

    /// Runs the server's side of the TLS handshake. What the caller has read ahead in clear is the caller's to throw away
    /// (RFC 3207 §4.2, RFC 2595 §2.1). Fails when the handshake fails, or TLS or compression runs already.
    pub async fn upgrade(self, identity: &Identity) -> io::Result<Self> {
        match self {
            Self::Plain(transport) => {
                let tls = identity.acceptor.accept(transport).await?;
                Ok(Self::Tls(Box::new(tls), identity.end_point.clone()))
            }
            Self::Tls(..) | Self::Deflated(_) => {
                Err(io::Error::new(io::ErrorKind::InvalidInput, "TLS or compression runs already"))
            }
        }
    }

    /// Compresses from here on; what was read ahead came compressed already. Protection stays around what is compressed
    /// (RFC 4978 §3).
    pub(super) fn deflated(self, ahead: Vec<u8>) -> Self {
        Self::Deflated(Box::new(Deflated::new(self, ahead)))
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stream").field(&self.protection()).finish()
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(transport) => Pin::new(transport).poll_read(cx, into),
            Self::Tls(tls, _) => Pin::new(tls).poll_read(cx, into),
            Self::Deflated(deflated) => Pin::new(deflated).poll_read(cx, into),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(transport) => Pin::new(transport).poll_write(cx, octets),
            Self::Tls(tls, _) => Pin::new(tls).poll_write(cx, octets),
            Self::Deflated(deflated) => Pin::new(deflated).poll_write(cx, octets),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(transport) => Pin::new(transport).poll_flush(cx),
            Self::Tls(tls, _) => Pin::new(tls).poll_flush(cx),
            Self::Deflated(deflated) => Pin::new(deflated).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(transport) => Pin::new(transport).poll_shutdown(cx),
            Self::Tls(tls, _) => Pin::new(tls).poll_shutdown(cx),
            Self::Deflated(deflated) => Pin::new(deflated).poll_shutdown(cx),
        }
    }
}
