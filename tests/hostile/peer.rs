//! One connection as a hostile server sees it: octets in, octets out, in clear, in TLS or compressed.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use rustls::{ContentType, ServerConfig, ServerConnection, StreamOwned};

use super::records::Records;

/// No connection outlives this, whatever becomes of the client.
const LONGEST: Duration = Duration::from_secs(90);
/// Octets of a line that a client sends; the harness sends no longer ones to these servers.
const LINE_MAX: usize = 64 * 1024;
/// Octets read at once.
const CHUNK: usize = 16 * 1024;

/// What a server does with each of its connections.
pub(super) type Play = dyn Fn(&mut Peer) -> io::Result<()> + Send + Sync;

/// A listening server, until it is dropped.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    over: Arc<AtomicBool>,
}

impl Server {
    /// Serves each connection in a thread of its own.
    pub(super) fn start(play: Arc<Play>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if ends.load(Ordering::Acquire) {
                    return;
                }
                let play = Arc::clone(&play);
                thread::spawn(move || {
                    // A client that goes away in the middle is what these servers are made for.
                    let _ = Peer::new(stream).and_then(|mut peer| play(&mut peer));
                });
            }
        });
        Ok(Self { address, over })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        // Wakes the listener, which then ends; a port that takes nobody any more needs no waking.
        let _ = TcpStream::connect(self.address);
    }
}

/// One connection.
pub(super) struct Peer {
    stream: Stream,
    deflate: Option<(Compress, Decompress)>,
    /// Read and not yet taken.
    input: Vec<u8>,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
    /// TLS 1.2 with the records in our own hands.
    Records(Box<Records>),
}

impl Peer {
    fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_read_timeout(Some(LONGEST))?;
        stream.set_write_timeout(Some(LONGEST))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: Stream::Plain(stream), deflate: None, input: Vec::new() })
    }

    /// The socket itself.
    pub(super) fn socket(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => &stream.sock,
            Stream::Records(records) => &records.socket,
        }
    }

    /// Says these octets.
    pub(super) fn say(&mut self, octets: impl AsRef<[u8]>) -> io::Result<()> {
        let Some((compress, _)) = &mut self.deflate else { return self.raw(octets.as_ref()) };
        let octets = octets.as_ref();
        let mut out = Vec::with_capacity(octets.len() + 64 * 1024);
        compress.compress_vec(octets, &mut out, FlushCompress::Sync).map_err(io::Error::other)?;
        self.raw(&out)
    }

    /// These octets as they are, whatever was agreed about compression.
    pub(super) fn raw(&mut self, octets: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(octets),
            Stream::Tls(stream) => stream.write_all(octets).and_then(|()| stream.flush()),
            Stream::Records(records) => records.send(ContentType::ApplicationData, octets),
        }
    }

    /// The same octets again and again, up to so many or until the client goes.
    pub(super) fn flood(&mut self, again: &[u8], octets: u64) -> io::Result<()> {
        let chunk = again.repeat((4 * CHUNK / again.len()).max(1));
        let mut left = octets;
        while left > 0 {
            let part = chunk.get(..usize::try_from(left).unwrap_or(usize::MAX)).unwrap_or(&chunk);
            self.say(part)?;
            left -= part.len() as u64;
        }
        Ok(())
    }

    /// The next line of the client, without its end; none once it has gone.
    pub(super) fn line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.input.iter().position(|octet| *octet == b'\n') {
                let line: Vec<u8> = self.input.drain(..=end).collect();
                return Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()));
            }
            if self.input.len() > LINE_MAX || !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Reads and says nothing until the client goes.
    pub(super) fn stay(&mut self) -> io::Result<()> {
        self.input.clear();
        while self.fill()? {
            self.input.clear();
        }
        Ok(())
    }

    /// Waits for the client to say anything, and tells whether it went within this time.
    pub(super) fn gone_within(&mut self, time: Duration) -> io::Result<bool> {
        self.socket().set_read_timeout(Some(time))?;
        let gone = match self.fill() {
            Ok(more) => !more,
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => false,
            Err(_) => true,
        };
        self.input.clear();
        self.socket().set_read_timeout(Some(LONGEST))?;
        Ok(gone)
    }

    /// Ends the connection by RST, as soon as this is dropped.
    pub(super) fn reset(&self) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let _inside = runtime.enter();
        let socket = self.socket().try_clone()?;
        socket.set_nonblocking(true)?;
        tokio::net::TcpStream::from_std(socket)?.set_zero_linger()
    }

    /// Closes the sending side only.
    pub(super) fn half_close(&mut self) -> io::Result<()> {
        self.socket().shutdown(Shutdown::Write)
    }

    /// The server side of a TLS handshake.
    pub(super) fn tls(&mut self, config: &Arc<ServerConfig>) -> io::Result<()> {
        let Stream::Plain(stream) = &self.stream else { return Err(io::Error::other("TLS in TLS")) };
        let mut stream = stream.try_clone()?;
        let mut connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        while connection.is_handshaking() {
            connection.complete_io(&mut stream)?;
        }
        self.stream = Stream::Tls(Box::new(StreamOwned::new(connection, stream)));
        Ok(())
    }

    /// The TLS connection, once there is one.
    pub(super) fn tls_connection(&mut self) -> Option<&mut ServerConnection> {
        match &mut self.stream {
            Stream::Plain(_) | Stream::Records(_) => None,
            Stream::Tls(stream) => Some(&mut stream.conn),
        }
    }

    /// A message of the TLS handshake in the middle of the connection, which has to be one of `Certificate::Old`.
    pub(super) fn handshake_message(&mut self, octets: &[u8]) -> io::Result<()> {
        if let Stream::Tls(_) = self.stream {
            let spare = Stream::Plain(self.socket().try_clone()?);
            let Stream::Tls(stream) = std::mem::replace(&mut self.stream, spare) else { return Ok(()) };
            self.stream = Stream::Records(Box::new(Records::new(stream.conn, stream.sock)?));
        }
        match &mut self.stream {
            Stream::Records(records) => records.send(ContentType::Handshake, octets),
            Stream::Plain(_) | Stream::Tls(_) => Err(io::Error::other("no TLS")),
        }
    }

    /// From here on both sides compress. RFC 4978.
    pub(super) fn compress(&mut self) {
        self.deflate = Some((Compress::new(Compression::default(), false), Decompress::new(false)));
    }

    /// Reads more; false once the client has gone.
    fn fill(&mut self) -> io::Result<bool> {
        let mut chunk = [0; CHUNK];
        let count = match &mut self.stream {
            Stream::Plain(stream) => stream.read(&mut chunk)?,
            Stream::Tls(stream) => stream.read(&mut chunk)?,
            Stream::Records(records) => records.read(&mut chunk)?,
        };
        let came = chunk.get(..count).unwrap_or_default();
        match &mut self.deflate {
            None => self.input.extend_from_slice(came),
            Some((_, decompress)) => {
                self.input.reserve(16 * CHUNK);
                decompress.decompress_vec(came, &mut self.input, FlushDecompress::Sync).map_err(io::Error::other)?;
            }
        }
        Ok(count > 0)
    }
}
