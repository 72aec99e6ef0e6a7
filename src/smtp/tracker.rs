//! Watches every SMTP session of one scenario: which command a reply answers, what the server offered, where the session
//! stands. It follows every choice of the server, and knows nothing where an RFC leaves something open.

mod progress;
mod transaction;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::LazyLock;

use self::progress::{Answered, Chunking, Pipelining, Progress};
use self::transaction::State;
use super::invariant::{self, Layer, Sheet};
use super::{Charset, CommandLine, EHLO_REQUIREMENTS, Frame, Keyword, Reply, Verb, faults, keywords, parse_ehlo};
use super::{EMPTY_CHALLENGE, requirements};
use crate::base::{Breach, RequirementId, SyntaxError};

const ONE_REPLY: &str = "rfc5321-4.2-one-reply-per-command";
const ONE_FINAL: &str = "rfc5321-4.1.1.4-one-final-reply";
const CLOSE: &str = "rfc5321-3.8-421-before-unsolicited-close";
const NO_UTF8: &str = "rfc6531-3.7.4.2-no-utf8-in-replies-without-parameter";

/// All SMTP sessions of one scenario.
#[derive(Debug, Default)]
pub struct Tracker {
    sessions: BTreeMap<usize, Session>,
    watched: BTreeSet<&'static str>,
    heard: Heard,
}

/// Whether any reply came: every one is held against the grammar.
#[derive(Debug, Default, PartialEq, Eq)]
enum Heard {
    #[default]
    Nothing,
    Something,
}

/// One connection.
#[derive(Debug)]
struct Session {
    progress: Progress,
    state: State,
    layer: Layer,
    offered: Offered,
    /// The server said something that explains a close.
    excuse: Excuse,
    utf8: Utf8,
    replies: usize,
    /// What was answered last.
    last: Option<Verb>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Excuse {
    None,
    /// A refusal, or the end of what the client asked for.
    Given,
    /// 421, which is the word for it.
    Parting,
}

/// Whether the client asked for SMTPUTF8. RFC 6531 §3.7.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Utf8 {
    NotAsked,
    Asked,
}

/// Keywords of the last reply to EHLO on this layer.
#[derive(Debug)]
enum Offered {
    Unknown,
    Keywords(BTreeSet<String>),
}

impl Tracker {
    /// Before any session.
    pub fn new() -> Self {
        Self::default()
    }

    /// A connection was opened; nothing was read from it yet.
    pub fn opened(&mut self, session: usize) {
        self.sessions.insert(session, Session::new());
    }

    /// TLS protects the session from here on.
    pub fn secured(&mut self, session: usize) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.layer = Layer::Tls;
            session.offered = Offered::Unknown;
            session.state = State::new();
        }
    }

    /// The client sends these octets: command lines, or message content after 354 or BDAT. To be called before their replies
    /// are read.
    pub fn sent(&mut self, session: usize, octets: &[u8]) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.sent(octets);
        }
    }

    /// From here on nobody knows how many replies are owed: octets were sent raw.
    pub fn suspend(&mut self, session: usize) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.lose();
        }
    }

    /// A reply came: what it breaks.
    pub fn received(&mut self, session: usize, frame: &Frame) -> Vec<Breach> {
        let Some(session) = self.sessions.get_mut(&session) else { return Vec::new() };
        if std::mem::replace(&mut self.heard, Heard::Something) == Heard::Nothing {
            let syntax = requirements().iter().copied();
            self.watched.extend(syntax.filter(|id| !EHLO_REQUIREMENTS.contains(id) && *id != EMPTY_CHALLENGE));
        }
        match &frame.parsed {
            Ok(reply) => {
                let mut sheet = Sheet::default();
                let mut breaches = session.received(frame, reply, &mut sheet);
                self.watched.extend(sheet.watched);
                breaches.extend(sheet.found.into_iter().filter_map(|(id, what)| named(id, what)));
                breaches
            }
            Err(error) => {
                session.lose();
                self.watched.extend(requirements().iter().copied().filter(|id| *id == error.requirement.as_str()));
                vec![breach(error)]
            }
        }
    }

    /// The server closed the connection by itself: what that breaks.
    pub fn closed(&mut self, session: usize) -> Vec<Breach> {
        let Some(session) = self.sessions.get_mut(&session) else { return Vec::new() };
        let broken = session.owes_a_reason().then_some("the server closes with a command open and without 421");
        if broken.is_some() || session.excuse == Excuse::Parting {
            self.watched.insert(CLOSE);
        }
        broken.and_then(|what| named(CLOSE, what)).into_iter().collect()
    }

    /// Requirements for which something was seen that could have broken them.
    pub fn watched(&self) -> Vec<RequirementId> {
        self.watched.iter().copied().map(RequirementId::constant).collect()
    }
}

/// Every requirement that an invariant of this module stands behind, sorted.
pub fn behind() -> &'static [&'static str] {
    static IDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut ids = requirements().to_vec();
        ids.extend([ONE_REPLY, ONE_FINAL, CLOSE, NO_UTF8]);
        ids.extend(transaction::BEHIND);
        ids.extend(invariant::behind());
        ids.sort_unstable();
        ids.dedup();
        ids
    });
    &IDS
}

/// Whether SMTPUTF8 stands anywhere in what is sent, in any case. RFC 6531 §3.4.
fn names_utf8(octets: &[u8]) -> bool {
    // Few octets are an 8, and contents are long.
    let ends = octets.iter().enumerate().filter(|(_, octet)| **octet == b'8').map(|(at, _)| at + 1);
    let word = b"SMTPUTF8";
    ends.filter_map(|end| octets.get(end.checked_sub(word.len())?..end)).any(|found| found.eq_ignore_ascii_case(word))
}

fn breach(error: &SyntaxError) -> Breach {
    Breach {
        requirement: error.requirement.clone(),
        what: format!("expected {} ({})", error.expected, error.rule),
        at: Some(error.at..error.at + 1),
    }
}

fn named(id: &str, what: &str) -> Option<Breach> {
    let requirement = RequirementId::from_str(id).ok()?;
    Some(Breach { requirement, what: what.to_owned(), at: None })
}

impl Session {
    fn new() -> Self {
        Self {
            progress: Progress::new(),
            state: State::new(),
            layer: Layer::Clear,
            offered: Offered::Unknown,
            excuse: Excuse::None,
            utf8: Utf8::NotAsked,
            replies: 0,
            last: None,
        }
    }

    fn lose(&mut self) {
        self.progress.lose();
        self.state.lose();
        self.offered = Offered::Unknown;
    }

    fn offers(&self, name: &str) -> bool {
        matches!(&self.offered, Offered::Keywords(names) if names.contains(name))
    }

    fn sent(&mut self, octets: &[u8]) {
        if names_utf8(octets) {
            self.utf8 = Utf8::Asked;
        }
        let pipelining = if self.offers("PIPELINING") { Pipelining::Offered } else { Pipelining::NotOffered };
        let chunking = if self.offers("CHUNKING") { Chunking::Offered } else { Chunking::NotOffered };
        self.progress.sent(octets, pipelining, chunking);
        if self.progress.is_lost() {
            self.lose();
        }
    }

    fn received(&mut self, frame: &Frame, reply: &Reply, sheet: &mut Sheet) -> Vec<Breach> {
        self.replies += 1;
        let answered = self.progress.answered(reply.code);
        let command = match &answered {
            Answered::Command(command) => Some(command),
            Answered::SomeCommand | Answered::Nobody | Answered::Unknown => None,
        };
        let mut breaches = self.text(frame, command, &answered, sheet);
        invariant::bare_code(&frame.raw, sheet);
        invariant::challenge(reply, sheet);
        if reply.code == 334 && reply.lines.iter().all(|text| text.is_empty()) {
            sheet.look(EMPTY_CHALLENGE, None);
        }
        let leaving = command.is_some_and(|command| matches!(command.verb, Verb::Quit | Verb::StartTls));
        if reply.is_parting() {
            self.excuse = Excuse::Parting;
        } else if leaving || reply.code == 221 || reply.code >= 400 {
            self.excuse = Excuse::Given;
        }
        match answered {
            Answered::Command(command) => {
                breaches.extend(self.judged(&command, frame, reply, sheet));
                self.last = Some(command.verb);
            }
            Answered::SomeCommand => {
                sheet.look(ONE_REPLY, None);
                self.state.lose();
                self.last = None;
            }
            Answered::Nobody => self.unasked(reply, sheet),
            Answered::Unknown => {}
        }
        breaches
    }

    /// Whether a close now is a surprise. Without an open command it may be a timeout; after an error, defence: both are
    /// allowed in silence. RFC 5321 §3.8, §4.5.3.2 and §7.8.
    fn owes_a_reason(&self) -> bool {
        let excused = self.excuse != Excuse::None || self.progress.owes(Verb::Quit) || self.replies == 0;
        !excused && !self.progress.is_lost() && self.progress.is_owed()
    }

    /// A reply that no command asked for. 421 may come at any time. RFC 5321 §4.2.3.
    fn unasked(&mut self, reply: &Reply, sheet: &mut Sheet) {
        if reply.code == 421 {
            return;
        }
        let (id, what) = match self.last {
            Some(Verb::EndOfData) => (ONE_FINAL, "a second reply to the end of data"),
            Some(_) | None => (ONE_REPLY, "a reply that no command asked for"),
        };
        sheet.look(id, Some(what));
        self.lose();
    }

    /// Characters and lengths of the lines.
    fn text(
        &self,
        frame: &Frame,
        command: Option<&CommandLine>,
        answered: &Answered,
        sheet: &mut Sheet,
    ) -> Vec<Breach> {
        let asks_names = command.filter(|command| matches!(command.verb, Verb::Vrfy | Verb::Expn));
        let hello = command.is_some_and(|command| command.verb == Verb::Ehlo) && frame.raw.starts_with(b"250");
        let unknown = matches!(answered, Answered::Unknown | Answered::SomeCommand);
        let charset = match (self.utf8, hello || unknown) {
            (Utf8::Asked, _) => Charset::Utf8,
            (Utf8::NotAsked, true) => Charset::EhloGreeting,
            (Utf8::NotAsked, false) => Charset::Ascii,
        };
        if let (Some(command), Utf8::Asked) = (asks_names, self.utf8)
            && !command.has("SMTPUTF8")
        {
            let ascii = frame.raw.is_ascii();
            sheet.look(NO_UTF8, (!ascii).then_some("UTF-8 in the reply to a command without SMTPUTF8"));
        }
        faults(&frame.raw, charset).iter().map(breach).collect()
    }

    /// A reply to a command that is known for certain.
    fn judged(&mut self, command: &CommandLine, frame: &Frame, reply: &Reply, sheet: &mut Sheet) -> Option<Breach> {
        sheet.look(if command.verb == Verb::EndOfData { ONE_FINAL } else { ONE_REPLY }, None);
        invariant::code(command, reply, sheet);
        invariant::first_challenge(command, reply, sheet);
        if self.offers("ENHANCEDSTATUSCODES") {
            invariant::enhanced_codes(command, reply, sheet);
        }
        self.state.answered(command, reply.code, sheet);
        match command.verb {
            Verb::Greeting => invariant::greeting(reply, sheet),
            Verb::Helo => {
                invariant::helo(reply, &keywords(reply), sheet);
            }
            Verb::Ehlo if reply.code == 250 => {
                sheet.watched.extend(EHLO_REQUIREMENTS);
                return match parse_ehlo(&frame.raw) {
                    Ok(keywords) => {
                        invariant::ehlo(reply, &keywords, self.layer, sheet);
                        self.offered = Offered::Keywords(names(&keywords));
                        None
                    }
                    Err(error) => {
                        self.offered = Offered::Unknown;
                        Some(breach(&error))
                    }
                };
            }
            Verb::Ehlo
            | Verb::Mail
            | Verb::Rcpt
            | Verb::Data
            | Verb::EndOfData
            | Verb::Bdat(..)
            | Verb::Rset
            | Verb::Noop
            | Verb::Quit
            | Verb::Vrfy
            | Verb::Expn
            | Verb::Help
            | Verb::Etrn
            | Verb::Auth
            | Verb::Response
            | Verb::StartTls
            | Verb::Other => {}
        }
        None
    }
}

fn names(keywords: &[Keyword]) -> BTreeSet<String> {
    keywords.iter().map(|keyword| keyword.name.clone()).collect()
}

#[cfg(test)]
mod tests;
