//! The client that speaks to the next hop (RFC 5321).

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::attempt::{Attempt, Fate, Saying};
use super::letter::Letter;
use super::parcel::Parcel;
use super::path::is_host;
use crate::refserver::Stream;
use crate::refserver::wire::{Line, Wire};

/// RFC 5321 §4.5.3.2: at least five minutes for most replies. The longest of them, after the content, is ten.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// RFC 5321 §4.5.3.1.5 allows 512 octets to a reply line.
const REPLY_MAX: usize = 4096;

/// Lines of one reply.
const LINES_MAX: usize = 200;

/// A reply of the next hop.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) class: u8,
    pub(super) lines: Vec<String>,
}

/// Why a transaction ended early, for all recipients that are left.
#[derive(Debug)]
pub(super) enum Trouble {
    Connection(String),
    Refused(Reply),
    /// The message cannot go there as it is; the status code and the reason.
    Unfit(&'static str, &'static str),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Connection(error.to_string())
    }
}

impl Trouble {
    fn fate(self, remote: &str) -> Fate {
        let attempt = |saying| Attempt { remote: remote.to_owned(), saying };
        match self {
            Self::Connection(what) => Fate::Later(attempt(Saying::Trouble("4.4.1", what))),
            Self::Unfit(status, why) => Fate::Never(attempt(Saying::Trouble(status, why.to_owned()))),
            Self::Refused(reply) => reply.refusal(remote),
        }
    }
}

impl Reply {
    fn text(&self) -> String {
        self.lines.join(" ")
    }

    fn attempt(&self, remote: &str) -> Attempt {
        Attempt { remote: remote.to_owned(), saying: Saying::Reply(self.text()) }
    }

    fn refusal(&self, remote: &str) -> Fate {
        let attempt = self.attempt(remote);
        if self.class == b'5' { Fate::Never(attempt) } else { Fate::Later(attempt) }
    }

    pub(super) fn require(self, class: u8) -> Result<Self, Trouble> {
        if self.class == class { Ok(self) } else { Err(Trouble::Refused(self)) }
    }

    /// The name at the begin of a greeting.
    fn host(&self) -> Option<&str> {
        let name = self.lines.first()?.get(4..)?.split(' ').next()?;
        is_host(name).then_some(name)
    }

    /// Whether an extension is announced in a reply to EHLO.
    pub(super) fn announces(&self, keyword: &str) -> bool {
        let words = self.lines.iter().skip(1).filter_map(|line| line.get(4..)?.split(' ').next());
        words.into_iter().any(|word| word.eq_ignore_ascii_case(keyword))
    }
}

/// Tries once to hand over a letter: what came of it for each address. What is not known in the end may come later.
pub(super) async fn send(hop: SocketAddr, hostname: &str, letter: &Letter) -> BTreeMap<String, Fate> {
    let mut passage = Passage { letter, remote: literal(hop), fates: BTreeMap::new() };
    if let Err(trouble) = passage.transfer(hop, hostname).await {
        let fate = trouble.fate(&passage.remote);
        for recipient in &letter.recipients {
            passage.fates.entry(recipient.address.clone()).or_insert_with(|| fate.clone());
        }
    }
    passage.fates
}

fn literal(hop: SocketAddr) -> String {
    match hop.ip() {
        IpAddr::V4(address) => format!("[{address}]"),
        IpAddr::V6(address) => format!("[IPv6:{address}]"),
    }
}

/// One attempt for one letter.
struct Passage<'a> {
    letter: &'a Letter,
    /// The name that the next hop gives itself, once it has.
    remote: String,
    fates: BTreeMap<String, Fate>,
}

impl Passage<'_> {
    async fn transfer(&mut self, hop: SocketAddr, hostname: &str) -> Result<(), Trouble> {
        let tcp = timeout(PATIENCE, TcpStream::connect(hop)).await.map_err(io::Error::from)??;
        tcp.set_nodelay(true)?;
        let mut wire = Wire::new(Stream::plain(tcp), PATIENCE);
        let greeting = reply(&mut wire).await?.require(b'2')?;
        if let Some(name) = greeting.host() {
            name.clone_into(&mut self.remote);
        }
        let hello = hello(&mut wire, hostname).await?;
        let parcel = Parcel::fit(self.letter, &hello)?;
        command(&mut wire, &parcel.mail(self.letter)).await?.require(b'2')?;
        let mut accepted = Vec::new();
        for recipient in &self.letter.recipients {
            let fate = match parcel.recipient(recipient) {
                Err(trouble) => trouble.fate(&self.remote),
                Ok(line) => {
                    let reply = command(&mut wire, &line).await?;
                    if reply.class == b'2' {
                        accepted.push(recipient.address.clone());
                        continue;
                    }
                    reply.refusal(&self.remote)
                }
            };
            self.fates.insert(recipient.address.clone(), fate);
        }
        if !accepted.is_empty() {
            let taken = parcel.content(&mut wire).await?.require(b'2')?.attempt(&self.remote);
            let sent = |recipient| (recipient, Fate::Sent(taken.clone(), parcel.duty));
            self.fates.extend(accepted.into_iter().map(sent));
        }
        // The message is handed over, whatever comes of the farewell.
        let _farewell = command(&mut wire, "QUIT").await;
        let _closed = wire.close().await;
        Ok(())
    }
}

async fn hello(wire: &mut Wire, hostname: &str) -> Result<Reply, Trouble> {
    let hello = command(wire, &format!("EHLO {hostname}")).await?;
    match hello.class {
        b'5' => command(wire, &format!("HELO {hostname}")).await?.require(b'2'),
        _ => hello.require(b'2'),
    }
}

pub(super) async fn command(wire: &mut Wire, line: &str) -> Result<Reply, Trouble> {
    wire.send(format!("{line}\r\n").as_bytes()).await?;
    reply(wire).await
}

pub(super) async fn reply(wire: &mut Wire) -> Result<Reply, Trouble> {
    let mut lines = Vec::new();
    while lines.len() < LINES_MAX {
        let line = match wire.line(REPLY_MAX).await? {
            Line::Whole(line) => String::from_utf8_lossy(&line).into_owned(),
            Line::TooLong => return Err(Trouble::Connection("a reply line without end".to_owned())),
            Line::Closed => return Err(Trouble::Connection("the next hop closed".to_owned())),
            Line::Idle => return Err(Trouble::Connection("the next hop says nothing".to_owned())),
        };
        let (class, goes_on) = match line.as_bytes() {
            [class @ b'2'..=b'5', b'0'..=b'9', b'0'..=b'9', b'-', ..] => (*class, true),
            [class @ b'2'..=b'5', b'0'..=b'9', b'0'..=b'9'] => (*class, false),
            [class @ b'2'..=b'5', b'0'..=b'9', b'0'..=b'9', b' ', ..] => (*class, false),
            _ => return Err(Trouble::Connection("the next hop does not speak SMTP".to_owned())),
        };
        lines.push(line);
        if !goes_on {
            return Ok(Reply { class, lines });
        }
    }
    Err(Trouble::Connection("a reply without end".to_owned()))
}
