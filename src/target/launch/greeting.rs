//! Waiting until a server really speaks. Docker's proxy accepts connections as soon as the container runs, whether or not
//! anybody listens behind it, so only a greeting counts.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, Lines};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;

use super::error::LaunchError;
use crate::scenario::Role;
use crate::target::types::{Endpoint, Security};

/// A connection that got no greeting within this time is tried again.
const PATIENCE: Duration = Duration::from_secs(3);
/// A closed connection is tried again after the next line of the log, or after this time.
const PAUSE: Duration = Duration::from_millis(50);
/// Octets of a greeting that are looked at.
const GREETING_MAX: usize = 512;
/// Lines of the log that are kept for an error message, and octets of each.
const LINES_MAX: usize = 12;
const LINE_MAX: usize = 300;
/// Lines that are read for the last words of a server that did not come up.
const UNREAD_MAX: usize = 1000;

/// One of the two log streams of a container.
type Stream = Pin<Box<dyn AsyncBufRead + Send>>;

/// Whether the log moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// A line, or the end of a stream.
    Something,
    /// Not within the pause.
    Nothing,
}

/// The log of a container, read as it is written.
pub(super) struct Log {
    out: Option<Lines<Stream>>,
    err: Option<Lines<Stream>>,
    last: Vec<String>,
}

impl Log {
    pub(super) fn new(out: Stream, err: Stream) -> Self {
        Self { out: Some(out.lines()), err: Some(err.lines()), last: Vec::new() }
    }

    /// Waits for a line or the end of a stream, at most for a pause. Where the engine keeps no log, the pause remains.
    async fn hear(&mut self) -> Heard {
        let line = timeout(PAUSE, async {
            tokio::select! {
                line = next(&mut self.out) => line,
                line = next(&mut self.err) => line,
            }
        });
        match line.await {
            Ok(Some(line)) => {
                self.keep(&line);
                Heard::Something
            }
            Ok(None) => Heard::Something,
            Err(_) => Heard::Nothing,
        }
    }

    /// The last lines, with those that were not read yet.
    async fn last_words(mut self) -> Vec<String> {
        for _ in 0..UNREAD_MAX {
            if self.hear().await == Heard::Nothing {
                break;
            }
        }
        self.last
    }

    fn keep(&mut self, line: &str) {
        if self.last.len() == LINES_MAX {
            self.last.remove(0);
        }
        self.last.push(shown(line));
    }
}

/// The next line; none when the stream ended. A stream that ended before is never ready.
async fn next(lines: &mut Option<Lines<Stream>>) -> Option<String> {
    let Some(open) = lines else { return std::future::pending().await };
    // Octets that are no text end the reading of this stream, not the waiting.
    let line = open.next_line().await.ok().flatten();
    if line.is_none() {
        *lines = None;
    }
    line
}

/// A log line that cannot write into a terminal.
fn shown(line: &str) -> String {
    line.chars().take(LINE_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A TLS client that trusts one authority and looks for one name.
pub(super) struct Trust {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Trust {
    pub(super) fn new(authority_pem: &str, name: &str) -> Result<Self, LaunchError> {
        let failed = |reason: String| LaunchError::Certificate(reason);
        let mut roots = RootCertStore::empty();
        for certificate in rustls_pemfile::certs(&mut authority_pem.as_bytes()) {
            let certificate = certificate.map_err(|error| failed(error.to_string()))?;
            roots.add(certificate).map_err(|error| failed(error.to_string()))?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(name.to_owned()).map_err(|error| failed(error.to_string()))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }
}

/// One service to wait for.
pub(super) struct Awaited<'a> {
    /// Name of the server, for messages.
    pub(super) server: &'a str,
    pub(super) role: Role,
    /// Where it is reached from here.
    pub(super) endpoint: &'a Endpoint,
    /// Its port inside the container.
    pub(super) port: u16,
}

/// Waits until every service greets, at most for `within`, and no longer than the container is `alive`.
pub(super) async fn wait(
    services: &[Awaited<'_>],
    trust: &Trust,
    mut log: Log,
    within: Duration,
    alive: impl AsyncFn() -> bool,
) -> Result<(), LaunchError> {
    let deadline = Instant::now() + within;
    for service in services {
        loop {
            match timeout_at(deadline, timeout(PATIENCE, greets(service, trust))).await {
                Ok(Ok(Ok(true))) => break,
                Ok(Ok(Ok(false) | Err(_)) | Err(_)) => {}
                Err(_) => {
                    let (name, port) = (service.server.to_owned(), service.port);
                    return Err(LaunchError::Silent { name, port, within, log: log.last_words().await });
                }
            }
            log.hear().await;
            if !alive().await {
                return Err(LaunchError::Died { name: service.server.to_owned(), log: log.last_words().await });
            }
        }
    }
    Ok(())
}

/// Whether a connection is greeted as the role's protocol has it.
async fn greets(service: &Awaited<'_>, trust: &Trust) -> io::Result<bool> {
    let mut stream = TcpStream::connect((service.endpoint.host.as_str(), service.endpoint.port)).await?;
    let start = match service.endpoint.security {
        Security::Clear | Security::Offered => first_octets(&mut stream).await?,
        Security::Implicit => first_octets(&mut trust.connector.connect(trust.name.clone(), stream).await?).await?,
    };
    Ok(start.starts_with(greeting(service.role)))
}

/// How a ready server greets. RFC 5321 §4.3.1, RFC 1939 §4, RFC 3501 §7.1.
fn greeting(role: Role) -> &'static [u8] {
    match role {
        Role::Mx | Role::Smtp | Role::Submission | Role::Submissions => b"220",
        Role::Pop3 | Role::Pop3s => b"+OK",
        Role::Imap | Role::Imaps => b"* OK",
    }
}

/// The first four octets; fewer when the connection is closed before.
async fn first_octets(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    let mut limited = stream.take(GREETING_MAX as u64);
    while start.len() < 4 && limited.read_buf(&mut start).await? > 0 {}
    Ok(start)
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;
    use crate::target::launch::certificate::Certificates;

    fn log(text: &'static str) -> Log {
        Log::new(Box::pin(text.as_bytes()), Box::pin(&b""[..]))
    }

    /// Waits for an IMAP server that treats its connections in these ways, one after the other: closes without a word, or
    /// says something and closes.
    async fn waited(ways: &'static [&'static str], alive: fn() -> bool) -> Result<(), LaunchError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = Endpoint::of(Role::Imap, "127.0.0.1", listener.local_addr().unwrap().port());
        tokio::spawn(async move {
            let mut silent = Vec::new();
            for way in ways {
                let (mut stream, _) = listener.accept().await.unwrap();
                stream.write_all(way.as_bytes()).await.unwrap();
            }
            // Whoever comes later is left waiting.
            while let Ok((stream, _)) = listener.accept().await {
                silent.push(stream);
            }
        });
        let trust = Trust::new(&Certificates::generate("mail.example.test").unwrap().authority, "mail.example.test");
        let service = Awaited { server: "imapd", role: Role::Imap, endpoint: &endpoint, port: 143 };
        let within = Duration::from_millis(500);
        wait(&[service], &trust.unwrap(), log("starting\nbroken\x1b[m\n"), within, async || alive()).await
    }

    #[tokio::test]
    async fn connections_that_are_closed_without_a_greeting_are_tried_again() {
        waited(&["", "* B", "* BYE not yet\r\n", "* OK hello\r\n"], || true).await.unwrap();
    }

    #[tokio::test]
    async fn a_server_that_never_greets_is_told_with_its_last_words() {
        let error = waited(&[""], || true).await.unwrap_err();
        let text = "`imapd` did not greet on port 143 within 500ms; its log ends with:\n  starting\n  broken [m";
        assert_eq!(error.to_string(), text);
    }

    #[tokio::test]
    async fn a_server_that_died_is_told_at_once() {
        let error = waited(&[""], || false).await.unwrap_err();
        let text = "`imapd` ended before it greeted; its log ends with:\n  starting\n  broken [m";
        assert_eq!(error.to_string(), text);
    }
}
