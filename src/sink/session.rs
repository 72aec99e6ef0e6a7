//! One SMTP session of the sink. It accepts everything and judges nothing.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::data::{Data, Ended};
use super::store::{Caught, Full, Store};

/// RFC 5321 §4.5.3.2.7: a server waits at least five minutes.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// Octets of a command line; far above the 512 of RFC 5321 §4.5.3.1.4.
const LINE_MAX_OCTETS: usize = 64 * 1024;
/// Recipients of one message.
const RECIPIENTS_MAX: usize = 1000;

struct Session<'a> {
    stream: TcpStream,
    store: &'a Store,
    buffer: Vec<u8>,
    from: Option<String>,
    to: Vec<String>,
}

/// Speaks until the peer quits, closes, or says nothing for too long.
pub(super) async fn serve(stream: TcpStream, store: &Store) -> io::Result<()> {
    let mut session = Session { stream, store, buffer: Vec::new(), from: None, to: Vec::new() };
    session.reply("220 sink.invalid ESMTP\r\n").await?;
    while let Some(line) = session.line().await? {
        let (verb, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
        match verb.to_ascii_uppercase().as_str() {
            "QUIT" => return session.reply("221 sink.invalid\r\n").await,
            "DATA" => session.data().await?,
            verb => {
                let answer = session.answer(verb, rest);
                session.reply(&answer).await?;
            }
        }
    }
    Ok(())
}

impl Session<'_> {
    fn answer(&mut self, verb: &str, rest: &str) -> String {
        match verb {
            "EHLO" => {
                self.reset();
                let size = self.store.bounds.message_octets;
                return format!(
                    "250-sink.invalid\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n250 SIZE {size}\r\n"
                );
            }
            "HELO" | "RSET" => self.reset(),
            "NOOP" => {}
            "VRFY" => return "252 as you say\r\n".to_owned(),
            "MAIL" => {
                let Some(path) = path(rest, "FROM:") else { return "501 MAIL FROM:<path>\r\n".to_owned() };
                self.reset();
                self.from = Some(path);
            }
            "RCPT" if self.from.is_none() => return "503 MAIL first\r\n".to_owned(),
            "RCPT" if self.to.len() >= RECIPIENTS_MAX => return "452 too many recipients\r\n".to_owned(),
            "RCPT" => {
                let Some(path) = path(rest, "TO:") else { return "501 RCPT TO:<path>\r\n".to_owned() };
                self.to.push(path);
            }
            _ => return "502 not here\r\n".to_owned(),
        }
        "250 ok\r\n".to_owned()
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.from.is_none() || self.to.is_empty() {
            return self.reply("503 MAIL and RCPT first\r\n").await;
        }
        self.reply("354 go on\r\n").await?;
        let mut data = Data::new(self.store.bounds.message_octets);
        let ended = loop {
            let (used, ended) = data.push(&self.buffer);
            self.buffer.drain(..used);
            match ended {
                Some(ended) => break ended,
                None if self.fill().await? == 0 => return Ok(()),
                None => {}
            }
        };
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        let answer = match ended {
            Ended::TooLarge => "552 too large\r\n",
            Ended::Whole(octets) => {
                let caught = Caught { from, to, octets: octets.into(), received_at: Instant::now() };
                match self.store.keep(caught) {
                    Ok(()) => "250 ok\r\n",
                    Err(Full) => "452 no room\r\n",
                }
            }
        };
        self.reply(answer).await
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// The next line without its end; none when the peer closed, or sent a line without end.
    async fn line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(at) = self.buffer.iter().position(|octet| *octet == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=at).collect();
                return Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()));
            }
            if self.buffer.len() > LINE_MAX_OCTETS || self.fill().await? == 0 {
                return Ok(None);
            }
        }
    }

    async fn fill(&mut self) -> io::Result<usize> {
        self.buffer.reserve(16 * 1024);
        timeout(PATIENCE, self.stream.read_buf(&mut self.buffer)).await?
    }

    async fn reply(&mut self, text: &str) -> io::Result<()> {
        timeout(PATIENCE, self.stream.write_all(text.as_bytes())).await?
    }
}

/// The path after `FROM:` or `TO:`, without brackets; quoted parts may hold brackets.
fn path(rest: &str, word: &str) -> Option<String> {
    let rest = rest.trim_start();
    let head = rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))?;
    let text = rest.get(head.len()..)?.trim_start().strip_prefix('<')?;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return text.get(..at).map(str::to_owned),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::{Bounds, Sink};
    use super::*;

    async fn speak(sink: &Sink, text: &str) -> String {
        let mut stream = TcpStream::connect(sink.address()).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answers = String::new();
        timeout(Duration::from_secs(10), stream.read_to_string(&mut answers)).await.unwrap().unwrap();
        answers.lines().map(|line| line.get(..4).unwrap_or(line)).collect::<Vec<_>>().join("|")
    }

    const MESSAGE: &str = "EHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<\">\"@d>\r\nDATA\r\nA: b\r\n\r\n..x\r\n.\r\nQUIT\r\n";

    #[tokio::test]
    async fn a_message_is_kept_octet_for_octet() {
        let sink = Sink::bind("127.0.0.1:0").await.unwrap();
        let mut news = sink.news();
        let answers = speak(&sink, MESSAGE).await;
        assert_eq!(answers, "220 |250-|250-|250-|250-|250 |250 |250 |354 |250 |221 ");
        news.changed().await.unwrap();
        let messages = sink.messages();
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0].from, "a@b");
        assert_eq!(messages[0].to, ["\">\"@d"]);
        assert_eq!(messages[0].octets.as_bytes(), b"A: b\r\n\r\n.x\r\n");
    }

    #[tokio::test]
    async fn a_full_sink_refuses_for_now_and_keeps_what_it_has() {
        let bounds = Bounds { messages: 1, ..Bounds::default() };
        let sink = Sink::bind_with("127.0.0.1:0", bounds).await.unwrap();
        speak(&sink, MESSAGE).await;
        assert!(speak(&sink, MESSAGE).await.ends_with("|354 |452 |221 "));
        assert_eq!(sink.messages().len(), 1);
    }

    #[tokio::test]
    async fn commands_out_of_order_are_refused() {
        let sink = Sink::bind("127.0.0.1:0").await.unwrap();
        let answers = speak(&sink, "DATA\r\nRCPT TO:<a>\r\nMAIL FROM a\r\nXYZ\r\nVRFY a\r\nNOOP\r\nQUIT\r\n").await;
        assert_eq!(answers, "220 |503 |503 |501 |502 |252 |250 |221 ");
    }

    #[tokio::test]
    async fn a_dropped_sink_closes_its_connections() {
        let sink = Sink::bind("127.0.0.1:0").await.unwrap();
        let mut stream = TcpStream::connect(sink.address()).await.unwrap();
        let mut greeting = [0; 24];
        stream.read_exact(&mut greeting).await.unwrap();
        drop(sink);
        let mut rest = Vec::new();
        timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await.unwrap().unwrap();
        assert!(rest.is_empty());
    }
}
