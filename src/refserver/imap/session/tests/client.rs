//! A client that compares answers line by line.

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::refserver::deflate::Deflated;
use crate::refserver::tls::tests::connector;
use crate::refserver::{Config, Role, Running, start};

trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

pub(super) struct Client {
    stream: Box<dyn Transport>,
    heard: Vec<u8>,
}

pub(super) async fn server() -> Running {
    start(Config::default()).await.unwrap()
}

/// What a test deals with: mail for alice of a given text.
pub(super) fn deliver(running: &Running, text: &str) {
    let date = crate::refserver::store::InternalDate { seconds: 951_782_400, zone: 0 };
    running.store.deliver("alice", text.as_bytes(), date).unwrap();
}

impl Client {
    /// A connection in clear.
    pub(super) async fn clear(running: &Running) -> Self {
        let tcp = TcpStream::connect(running.endpoints()[&Role::Imap]).await.unwrap();
        Self { stream: Box::new(tcp), heard: Vec::new() }
    }

    /// A connection under TLS whose greeting was read.
    pub(super) async fn tls(running: &Running) -> Self {
        let tcp = TcpStream::connect(running.endpoints()[&Role::Imaps]).await.unwrap();
        let mut client = Self { stream: Box::new(tcp), heard: Vec::new() }.secured(running).await;
        assert!(client.line().await.starts_with("* OK [CAPABILITY IMAP4rev1 "));
        client
    }

    /// Alice's session.
    pub(super) async fn alice(running: &Running) -> Self {
        let mut client = Self::tls(running).await;
        assert!(client.ask("LOGIN alice alice-secret").await[0].starts_with("OK [CAPABILITY IMAP4rev1"));
        client
    }

    /// Bob's session.
    pub(super) async fn bob(running: &Running) -> Self {
        let mut client = Self::tls(running).await;
        assert!(client.ask("LOGIN bob bob-secret").await[0].starts_with("OK [CAPABILITY IMAP4rev1"));
        client
    }

    /// Alice's session with INBOX selected.
    pub(super) async fn in_inbox(running: &Running) -> Self {
        let mut client = Self::alice(running).await;
        assert_eq!(client.ask("SELECT INBOX").await.last().unwrap(), "OK [READ-WRITE] selected");
        client
    }

    /// Starts TLS on what is a connection in clear.
    pub(super) async fn secured(self, running: &Running) -> Self {
        assert_eq!(String::from_utf8_lossy(&self.heard), "", "nothing is left over from the connection in clear");
        let name = ServerName::try_from("mail.example.test").unwrap();
        let stream = connector(&running.ca_pem).connect(name, self.stream).await.unwrap();
        Self { stream: Box::new(stream), heard: Vec::new() }
    }

    /// Compresses from here on, as the other side does.
    pub(super) fn deflated(self) -> Self {
        Self { stream: Box::new(Deflated::new(self.stream, self.heard)), heard: Vec::new() }
    }

    pub(super) async fn send(&mut self, octets: &[u8]) {
        self.stream.write_all(octets).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// The next line; numbers as long as a UIDVALIDITY become `V`.
    pub(super) async fn line(&mut self) -> String {
        loop {
            if let Some(at) = self.heard.windows(2).position(|pair| pair == b"\r\n") {
                let line: Vec<u8> = self.heard.drain(..at + 2).collect();
                return generalised(&String::from_utf8_lossy(&line[..at]));
            }
            assert_ne!(self.stream.read_buf(&mut self.heard).await.unwrap(), 0, "the server closed");
        }
    }

    /// All up to the end of the connection.
    pub(super) async fn rest(&mut self) -> String {
        while let Ok(1..) = self.stream.read_buf(&mut self.heard).await {}
        String::from_utf8_lossy(&std::mem::take(&mut self.heard)).into_owned()
    }

    /// Sends a command and gives all lines up to its tagged one, which loses the tag.
    pub(super) async fn ask(&mut self, command: &str) -> Vec<String> {
        self.send(format!("t {command}\r\n").as_bytes()).await;
        self.answer().await
    }

    pub(super) async fn answer(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.line().await;
            if let Some(last) = line.strip_prefix("t ") {
                lines.push(last.to_owned());
                return lines;
            }
            lines.push(line);
        }
    }

    /// Holds each answer of a table against the lines that are expected, which are written as one text.
    pub(super) async fn talk(&mut self, table: &[(&str, &str)]) {
        for (command, expected) in table {
            let got = self.ask(command).await.join("\n");
            assert_eq!(got, *expected, "{command}");
        }
    }
}

fn generalised(line: &str) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for c in line.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        out.push_str(if digits.len() >= 9 { "V" } else { &digits });
        digits.clear();
        out.push(c);
    }
    out.pop();
    out
}
