//! The client that speaks to the next hop (RFC 5321).

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::queue::Letter;
use crate::refserver::Stream;
use crate::refserver::wire::{Line, Wire};

/// RFC 5321 §4.5.3.2: at least five minutes for most replies. The longest of them, after the content, is ten.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// RFC 5321 §4.5.3.1.5 allows 512 octets to a reply line.
const REPLY_MAX: usize = 4096;

/// Lines of one reply.
const LINES_MAX: usize = 200;

/// How one recipient fared. The texts are for the notice to the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// The next hop has taken the message.
    Sent,
    /// It may take it later.
    Later(String),
    /// It never will.
    Never(String),
}

#[derive(Debug)]
struct Reply {
    class: u8,
    lines: Vec<String>,
}

/// Why a transaction ended early, for all recipients that are left.
#[derive(Debug)]
enum Trouble {
    Connection(String),
    Refused(Reply),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Connection(error.to_string())
    }
}

impl From<Trouble> for Fate {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Connection(what) => Self::Later(what),
            Trouble::Refused(reply) => reply.refusal(),
        }
    }
}

impl Reply {
    fn text(&self) -> String {
        self.lines.join(" ")
    }

    fn refusal(&self) -> Fate {
        if self.class == b'5' { Fate::Never(self.text()) } else { Fate::Later(self.text()) }
    }

    fn require(self, class: u8) -> Result<Self, Trouble> {
        if self.class == class { Ok(self) } else { Err(Trouble::Refused(self)) }
    }

    /// Whether an extension is announced in a reply to EHLO.
    fn announces(&self, keyword: &str) -> bool {
        let words = self.lines.iter().skip(1).filter_map(|line| line.get(4..)?.split(' ').next());
        words.into_iter().any(|word| word.eq_ignore_ascii_case(keyword))
    }
}

/// Tries once to hand over a letter. What is not known in the end may come later.
pub(super) async fn send(hop: SocketAddr, hostname: &str, letter: &Letter) -> BTreeMap<String, Fate> {
    let mut fates = BTreeMap::new();
    if let Err(trouble) = transfer(hop, hostname, letter, &mut fates).await {
        let fate = Fate::from(trouble);
        for recipient in &letter.recipients {
            fates.entry(recipient.clone()).or_insert_with(|| fate.clone());
        }
    }
    fates
}

async fn transfer(
    hop: SocketAddr,
    hostname: &str,
    letter: &Letter,
    fates: &mut BTreeMap<String, Fate>,
) -> Result<(), Trouble> {
    let tcp = timeout(PATIENCE, TcpStream::connect(hop)).await.map_err(io::Error::from)??;
    tcp.set_nodelay(true)?;
    let mut wire = Wire::new(Stream::plain(tcp), PATIENCE);
    reply(&mut wire).await?.require(b'2')?;
    let hello = hello(&mut wire, hostname).await?;
    let mut mail = format!("MAIL FROM:<{}>", letter.reverse);
    if hello.announces("SIZE") {
        mail.push_str(&format!(" SIZE={}", letter.octets.len()));
    }
    if !letter.octets.is_ascii() {
        // RFC 6152 §3: what has eight bits does not go where they are not taken.
        if !hello.announces("8BITMIME") {
            let text = "550 5.6.3 the next hop takes no 8-bit content".to_owned();
            return Err(Trouble::Refused(Reply { class: b'5', lines: vec![text] }));
        }
        mail.push_str(" BODY=8BITMIME");
    }
    // RFC 4954 §5: nobody vouches for what submitters claim.
    if hello.announces("AUTH") {
        mail.push_str(" AUTH=<>");
    }
    command(&mut wire, &mail).await?.require(b'2')?;
    let mut accepted = Vec::new();
    for recipient in &letter.recipients {
        let reply = command(&mut wire, &format!("RCPT TO:<{recipient}>")).await?;
        if reply.class == b'2' {
            accepted.push(recipient.clone());
        } else {
            fates.insert(recipient.clone(), reply.refusal());
        }
    }
    if !accepted.is_empty() {
        command(&mut wire, "DATA").await?.require(b'3')?;
        wire.send(&stuffed(&letter.octets)).await?;
        reply(&mut wire).await?.require(b'2')?;
        fates.extend(accepted.into_iter().map(|recipient| (recipient, Fate::Sent)));
    }
    // The message is handed over, whatever comes of the farewell.
    let _farewell = command(&mut wire, "QUIT").await;
    let _closed = wire.close().await;
    Ok(())
}

async fn hello(wire: &mut Wire, hostname: &str) -> Result<Reply, Trouble> {
    let hello = command(wire, &format!("EHLO {hostname}")).await?;
    match hello.class {
        b'5' => command(wire, &format!("HELO {hostname}")).await?.require(b'2'),
        _ => hello.require(b'2'),
    }
}

async fn command(wire: &mut Wire, line: &str) -> Result<Reply, Trouble> {
    wire.send(format!("{line}\r\n").as_bytes()).await?;
    reply(wire).await
}

async fn reply(wire: &mut Wire) -> Result<Reply, Trouble> {
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

/// The content with its end; one more dot before each line that begins with one (RFC 5321 §4.5.2).
fn stuffed(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len() + 5);
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    // BDAT may bring a message whose last line has no end.
    if !out.is_empty() && !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_stuffed_and_ends_once() {
        let table: [(&[u8], &[u8]); 4] = [
            (b"a\r\n.\r\n..b\r\n", b"a\r\n..\r\n...b\r\n.\r\n"),
            (b"a.b", b"a.b\r\n.\r\n"),
            (b"\r\n", b"\r\n.\r\n"),
            (b"", b".\r\n"),
        ];
        for (octets, sent) in table {
            assert_eq!(stuffed(octets), sent);
        }
    }
}
