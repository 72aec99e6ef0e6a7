//! Simple exchanges of the ladder and of logins: a line, and its answer read from the raw octets.
//!
//! Nothing is judged here. A server whose answer breaks the grammar is to be accused by the invariants, and its scenarios
//! must run on all the same, so the ladder reads only what it needs and does not ask the strict parser.

use tokio::time::Instant;

use super::announced::text;
use super::session::{Seen, Session};
use super::tls::TlsInfo;
use crate::base::ByteString;
use crate::outcome::{Doubt, Unmet};
use crate::pop3;
use crate::sasl::Suspicion;
use crate::scenario::Protocol;

/// What was said, for the invariants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// By the client: one segment.
    Sent(ByteString),
    /// By the server.
    Seen(Seen),
    /// TLS was established.
    Tls(TlsInfo),
    /// What the server's messages in the SASL exchange that just ended could have broken, and what was odd about them.
    Sasl(Vec<&'static str>, Vec<Suspicion>),
}

/// Why a session did not reach its state. Never a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fall {
    /// The scenario does not apply.
    Unmet(Unmet),
    /// Nothing can be said.
    Doubt(Doubt),
}

impl Fall {
    /// A rung that was refused: its name and the shape of the answer.
    pub(super) fn setup(rung: &str, answer: &str) -> Self {
        Self::Doubt(Doubt::Setup(format!("{rung}: {answer}")))
    }

    fn connection(what: &str) -> Self {
        Self::Doubt(Doubt::Connection(what.to_owned()))
    }
}

/// An answer, as far as the ladder reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// Code or status word: `250`, `+OK`, `OK`, `+`.
    pub(super) word: String,
    /// Lines without code and line end. SMTP: all; POP3: the body; IMAP: untagged responses without `* `, then the text
    /// of the tagged one.
    pub(super) lines: Vec<String>,
    /// The frame that completed it.
    pub(super) frame: Seen,
}

/// A server may say much before the tagged response, but not without end: so many octets as frames of the largest size
/// have.
const LARGEST_MAX: usize = 2;
/// And so many responses.
const FRAMES_MAX: usize = 10_000;

/// One exchange after the other, with a deadline for all of them.
#[derive(Debug)]
pub(super) struct Talk<'a> {
    pub(super) session: &'a mut Session,
    pub(super) said: &'a mut Vec<Said>,
    pub(super) deadline: Instant,
}

impl Talk<'_> {
    pub(super) async fn send(&mut self, octets: impl Into<ByteString>) -> Result<(), Fall> {
        let octets = octets.into();
        // The transcript of the invariants is never shown, so it may hold what was really sent.
        self.said.push(Said::Sent(octets.clone()));
        let sent = self.session.send(&[octets], self.deadline).await;
        sent.map_err(|error| Fall::connection(error.kind()))
    }

    pub(super) async fn frame(&mut self) -> Result<Seen, Fall> {
        let seen = self.session.next(self.deadline).await;
        self.said.push(Said::Seen(seen.clone()));
        match seen {
            seen @ Seen::Frame(_) => Ok(seen),
            Seen::Closed(_) => Err(Fall::connection("closed by the server")),
            Seen::Reset => Err(Fall::connection("reset by the server")),
            Seen::TimedOut => Err(Fall::connection("no answer")),
            Seen::TooLarge => Err(Fall::connection("an answer without end")),
            Seen::TlsFailure(_) => Err(Fall::connection("TLS failed")),
        }
    }

    /// One SMTP reply or POP3 response, or an IMAP response that is awaited alone: the greeting, or `+`.
    pub(super) async fn answer(&mut self) -> Result<Answer, Fall> {
        let protocol = self.session.protocol();
        Ok(read(protocol, self.frame().await?))
    }

    /// SMTP and POP3: a line and its answer.
    pub(super) async fn command(&mut self, line: &str) -> Result<Answer, Fall> {
        self.session.expect_forms(&[pop3::form_of(line.as_bytes())]);
        self.send(format!("{line}\r\n")).await?;
        self.answer().await
    }

    /// IMAP: a command with its tag, and all responses up to its tagged one, or the first `+`.
    pub(super) async fn tagged(&mut self, command: &str) -> Result<Answer, Fall> {
        let tag = self.session.next_tag();
        self.send(format!("{tag} {command}\r\n")).await?;
        self.until_tagged(&tag).await
    }

    /// IMAP: responses up to the tagged one or `+`.
    pub(super) async fn until_tagged(&mut self, tag: &str) -> Result<Answer, Fall> {
        let mut lines = Vec::new();
        let mut room = self.session.limit().saturating_mul(LARGEST_MAX);
        loop {
            if lines.len() == FRAMES_MAX {
                return Err(Fall::connection("an answer without end"));
            }
            let frame = self.frame().await?;
            let octets = frame.raw().map(|raw| raw.len()).unwrap_or_default();
            room = room.checked_sub(octets).ok_or_else(|| Fall::connection("an answer without end"))?;
            let line = frame.raw().map(text).unwrap_or_default();
            let line = line.trim_end_matches(['\r', '\n']);
            if let Some(rest) = line.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' ')) {
                let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                lines.push(rest.to_owned());
                return Ok(Answer { word: tame(word), lines, frame });
            }
            if let Some(rest) = line.strip_prefix('+') {
                let lines = vec![rest.strip_prefix(' ').unwrap_or(rest).to_owned()];
                return Ok(Answer { word: "+".to_owned(), lines, frame });
            }
            let rest = line.strip_prefix("* ").unwrap_or(line);
            if rest.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("BYE")) {
                return Err(Fall::Doubt(Doubt::Trouble("BYE".to_owned())));
            }
            lines.push(rest.to_owned());
        }
    }
}

/// A code or status word as reports may show it: nothing that a hostile server makes up, nor what differs from run to run.
fn tame(word: &str) -> String {
    const LONGEST: usize = 10;
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'-');
    if !word.is_empty() && word.len() <= LONGEST && word.bytes().all(plain) {
        word.to_ascii_uppercase()
    } else {
        "<malformed>".to_owned()
    }
}

fn read(protocol: Protocol, frame: Seen) -> Answer {
    let whole = frame.raw().map(text).unwrap_or_default();
    let mut lines = whole.lines().map(|line| line.trim_end_matches('\r'));
    match protocol {
        Protocol::Smtp => {
            let word = tame(whole.get(..3).unwrap_or_default());
            let lines = lines.map(|line| line.get(4..).unwrap_or_default().to_owned()).collect();
            Answer { word, lines, frame }
        }
        Protocol::Pop3 => {
            let first = lines.next().unwrap_or_default();
            let (word, rest) = first.split_once(' ').unwrap_or((first, ""));
            let word = tame(word);
            // A challenge and the greeting hold what counts in the first line.
            let body: Vec<String> = lines.take_while(|line| *line != ".").map(str::to_owned).collect();
            let lines = if body.is_empty() { vec![rest.to_owned()] } else { body };
            Answer { word, lines, frame }
        }
        Protocol::Imap => {
            let first = lines.next().unwrap_or_default();
            let (mark, rest) = first.split_once(' ').unwrap_or((first, ""));
            let (word, rest) = if mark == "+" { (mark, rest) } else { rest.split_once(' ').unwrap_or((rest, "")) };
            Answer { word: tame(word), lines: vec![rest.to_owned()], frame }
        }
    }
}

impl Answer {
    /// SMTP: a reply of this class.
    pub(super) fn is_class(&self, class: char) -> bool {
        self.word.starts_with(class)
    }

    /// The words of a CAPABILITY code or response in it. RFC 3501 §7.1 and §7.2.1.
    pub(super) fn capability(&self) -> Option<&str> {
        self.lines.iter().find_map(|line| {
            let at = line.to_ascii_uppercase().find("CAPABILITY ")?;
            if at > 1 || (at == 1 && !line.starts_with('[')) {
                return None;
            }
            let words = line.get(at + "CAPABILITY ".len()..)?;
            Some(words.split(']').next().unwrap_or(words))
        })
    }
}
