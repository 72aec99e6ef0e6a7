//! Watches every POP3 session of one scenario: which command a response answers, where the session stands, what the maildrop
//! holds. It follows every choice of the server, and knows nothing where an RFC leaves something open.

mod announced;
mod login;
mod progress;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::LazyLock;

use self::announced::Announced;
use self::login::Login;
use self::progress::{Answered, Pipelining, Progress};
use super::invariant::{self, Phase, Sheet};
use super::view::{self, View};
use super::{CHALLENGE_FORM, CommandLine, Form, Frame, Keyword, Reply, Status, faults, requirements};
use crate::base::{Breach, RequirementId, SyntaxError};

const ONE_RESPONSE: &str = "rfc1939-3-one-response-per-command";
const NEGATIVE: &str = "rfc1939-3-negative-is-single-line";
const STLS_PERMITTED: &str = "rfc2595-4-pop3-stls-announced-when-permitted";
const STAMP_FORM: &str = "rfc1939-7-apop-timestamp-is-msgid";
const STAMP_DIFFERS: &str = "rfc1939-7-apop-timestamp-differs";

/// All POP3 sessions of one scenario.
#[derive(Debug, Default)]
pub struct Tracker {
    sessions: BTreeMap<usize, Session>,
    watched: BTreeSet<&'static str>,
    /// Unique-ids of whole maildrops as a session saw them last, by the name of the account.
    maildrops: BTreeMap<String, (usize, BTreeSet<Vec<u8>>)>,
    /// Accounts whose maildrop was changed.
    changed: BTreeSet<String>,
    apop: Apop,
    /// Timestamps of greetings, and those that came twice.
    stamps: BTreeSet<Vec<u8>>,
    repeated: usize,
}

/// Whether the server has APOP for certain: `<...>` in a greeting may be anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Apop {
    #[default]
    Possible,
    Proved,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    Clear,
    Tls,
}

/// One connection.
#[derive(Debug)]
struct Session {
    progress: Progress,
    login: Login,
    announced: Announced,
    layer: Layer,
    view: View,
    /// The timestamp of the greeting, if it is one.
    stamp: Option<Vec<u8>>,
    /// What was answered last, and how.
    last: Option<(CommandLine, Status)>,
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

    /// A session of another protocol said something: what is in a maildrop may have changed by it.
    pub fn others_spoke(&mut self) {
        self.maildrops.clear();
    }

    /// TLS protects the session from here on.
    pub fn secured(&mut self, session: usize) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.layer = Layer::Tls;
            session.announced = Announced::default();
            session.login.secured();
        }
    }

    /// The client sends these octets: whole lines. To be called before their responses are read.
    pub fn sent(&mut self, session: usize, octets: &[u8]) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.sent(octets);
        }
    }

    /// From here on nobody knows which command a response answers: octets were sent raw.
    pub fn suspend(&mut self, session: usize) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.lose();
        }
    }

    /// A response came: what it breaks.
    pub fn received(&mut self, session: usize, frame: &Frame) -> Vec<Breach> {
        let key = session;
        let Some(session) = self.sessions.get_mut(&key) else { return Vec::new() };
        self.watched.extend(requirements().iter().copied().filter(|id| *id != CHALLENGE_FORM));
        let reply = match &frame.parsed {
            Ok(reply) => reply,
            Err(error) => {
                let found = session.unreadable(error);
                session.lose();
                let id = found.requirement.as_str();
                self.watched.extend(behind().iter().copied().filter(|own| *own == id));
                return vec![found];
            }
        };
        let form = if reply.body.is_some() { Form::Multi } else { Form::Single };
        let mut breaches: Vec<Breach> = faults(&frame.raw, form).iter().map(breach).collect();
        let mut sheet = Sheet::default();
        if reply.status == Status::Continue {
            sheet.look(CHALLENGE_FORM, None);
        }
        if let Some(command) = session.received(reply, &mut sheet) {
            self.across(key, &command, reply, &mut sheet);
        }
        self.watched.extend(sheet.watched);
        breaches.extend(sheet.found.into_iter().filter_map(|(id, what)| named(id, what)));
        breaches
    }

    /// Requirements for which something was seen that could have broken them.
    pub fn watched(&self) -> Vec<RequirementId> {
        self.watched.iter().copied().map(RequirementId::constant).collect()
    }

    /// What holds from one session to the next.
    fn across(&mut self, key: usize, command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
        let Some(session) = self.sessions.get(&key) else { return };
        match (command.keyword, reply.status) {
            (Keyword::Greeting, _) => {
                if let Some(stamp) = &session.stamp {
                    self.repeated += usize::from(!self.stamps.insert(stamp.clone()));
                }
                self.stamps_differ(sheet);
            }
            (Keyword::Apop, Status::Ok) => {
                self.apop = Apop::Proved;
                sheet.look(STAMP_FORM, session.stamp.is_none().then_some("APOP without a msg-id in the greeting"));
                self.stamps_differ(sheet);
            }
            (Keyword::Dele, Status::Ok) => self.changed.extend(session.login.account().cloned()),
            (Keyword::Uidl, Status::Ok) if reply.body.is_some() => self.persists(key, sheet),
            (_, _) => {}
        }
    }

    /// RFC 1939 §7: the timestamp is another one each time.
    fn stamps_differ(&self, sheet: &mut Sheet) {
        if self.apop == Apop::Proved && self.stamps.len() + self.repeated > 1 {
            sheet.look(STAMP_DIFFERS, (self.repeated > 0).then_some("a timestamp that an earlier greeting had"));
        }
    }

    /// RFC 1939 §7: a unique-id persists across sessions. As many messages as before, and nobody marked one: they are the same.
    fn persists(&mut self, key: usize, sheet: &mut Sheet) {
        let Some(session) = self.sessions.get(&key) else { return };
        let (Some(account), Some(now)) = (session.login.account(), session.view.all_ids()) else { return };
        if self.changed.contains(account) {
            return;
        }
        if let Some((by, before)) = self.maildrops.get(account)
            && *by != key
            && before.len() == now.len()
            && !now.is_empty()
        {
            sheet.look(view::PERSISTENT, (*before != now).then_some("another unique-id than in an earlier session"));
        }
        self.maildrops.insert(account.clone(), (key, now));
    }
}

/// Every requirement that an invariant of this module stands behind, sorted.
pub fn behind() -> &'static [&'static str] {
    static IDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut ids = requirements().to_vec();
        ids.extend([ONE_RESPONSE, NEGATIVE, STLS_PERMITTED, STAMP_FORM, STAMP_DIFFERS]);
        ids.extend(login::BEHIND);
        ids.extend(announced::BEHIND);
        ids.extend(invariant::BEHIND);
        ids.extend(view::BEHIND);
        ids.sort_unstable();
        ids.dedup();
        ids
    });
    &IDS
}

/// Whether the positive answer to a command has several lines, or would have if it named no message. RFC 1939 §3.
fn is_listing(command: &CommandLine) -> bool {
    command.form == Form::Multi || one_line(command).is_some()
}

/// A command whose positive answer has one line because it names a message, with what a second one breaks.
fn one_line(command: &CommandLine) -> Option<(&'static str, &'static str)> {
    if command.form != Form::Single || command.args.is_empty() {
        return None;
    }
    match command.keyword {
        Keyword::List => Some((view::LIST_ONE, "a line after the answer to LIST with a number")),
        Keyword::Uidl => Some((view::UIDL_ONE, "a line after the answer to UIDL with a number")),
        Keyword::Greeting
        | Keyword::Response
        | Keyword::User
        | Keyword::Pass
        | Keyword::Apop
        | Keyword::Quit
        | Keyword::Stat
        | Keyword::Retr
        | Keyword::Dele
        | Keyword::Noop
        | Keyword::Rset
        | Keyword::Top
        | Keyword::Auth
        | Keyword::Capa
        | Keyword::Stls
        | Keyword::Utf8
        | Keyword::Lang
        | Keyword::Other => None,
    }
}

fn breach(error: &SyntaxError) -> Breach {
    let what = format!("expected {} ({})", error.expected, error.rule);
    Breach { requirement: error.requirement.clone(), what, at: Some(error.at..error.at + 1) }
}

fn named(id: &str, what: &str) -> Option<Breach> {
    let requirement = RequirementId::from_str(id).ok()?;
    Some(Breach { requirement, what: what.to_owned(), at: None })
}

impl Session {
    fn new() -> Self {
        Self {
            progress: Progress::new(),
            login: Login::new(),
            announced: Announced::default(),
            layer: Layer::Clear,
            view: View::default(),
            stamp: None,
            last: None,
        }
    }

    fn lose(&mut self) {
        self.progress.lose();
        self.login.lose();
        self.view = View::default();
        self.last = None;
    }

    fn sent(&mut self, octets: &[u8]) {
        let announced = self.announced.has("PIPELINING");
        let pipelining = if announced { Pipelining::Announced } else { Pipelining::NotAnnounced };
        self.progress.sent(octets, pipelining);
        if self.progress.is_lost() {
            self.lose();
        }
    }

    /// A frame that is no response. Right behind a whole one, to which nothing more belongs, it is a line too many.
    fn unreadable(&self, error: &SyntaxError) -> Breach {
        let surplus = match &self.last {
            Some((command, Status::Err)) if is_listing(command) => named(NEGATIVE, "a line after a negative response"),
            Some((command, Status::Ok)) => one_line(command).and_then(|(id, what)| named(id, what)),
            Some((_, Status::Err | Status::Continue)) | None => None,
        };
        surplus.filter(|_| !self.progress.is_owed()).unwrap_or_else(|| breach(error))
    }

    /// A response that parsed: to which command, if that is certain.
    fn received(&mut self, reply: &Reply, sheet: &mut Sheet) -> Option<CommandLine> {
        match self.progress.answered(reply.status) {
            Answered::Command(command) => {
                sheet.look(ONE_RESPONSE, None);
                self.judged(&command, reply, sheet);
                self.last = Some((command.clone(), reply.status));
                Some(command)
            }
            Answered::SomeCommand => {
                sheet.look(ONE_RESPONSE, None);
                self.login.lose();
                self.view = View::default();
                self.last = None;
                None
            }
            Answered::Nobody => {
                // A last word before a close is no harm: RFC 1939 §3 only says that the idle timer should need none.
                if reply.status != Status::Err {
                    sheet.look(ONE_RESPONSE, Some("a response that no command asked for"));
                }
                self.lose();
                None
            }
            Answered::Unknown => None,
        }
    }

    fn judged(&mut self, command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
        if is_listing(command) && reply.status == Status::Err {
            sheet.look(NEGATIVE, None);
        }
        self.announced.response(command, reply, sheet);
        invariant::first_challenge(command, reply, sheet);
        let phase = self.login.phase();
        match (command.keyword, reply.status, &reply.body) {
            (Keyword::Greeting, _, _) => self.stamp = timestamp(&reply.text),
            (Keyword::Capa, Status::Ok, Some(body)) => self.announced.capa(body, phase, sheet),
            (Keyword::Stls, status, _) if command.args.is_empty() && phase == Phase::Authorization => {
                if self.layer == Layer::Tls && self.announced.has("STLS") {
                    let refused = (status == Status::Err).then_some("STLS is announced within TLS and refused");
                    sheet.look(STLS_PERMITTED, refused);
                }
            }
            (Keyword::Lang, Status::Ok, _) => invariant::language(command, reply, sheet),
            (_, Status::Ok, _) if phase == Phase::Transaction => self.view.answered(command, reply, sheet),
            (_, Status::Err, _) if phase == Phase::Transaction => self.view.refused(command, sheet),
            (_, _, _) => {}
        }
        self.login.answered(command, reply.status, sheet);
    }
}

/// The last `<...>` of a greeting, if it is a msg-id: printable, one `@`, something on both sides. RFC 1939 §7.
fn timestamp(text: &[u8]) -> Option<Vec<u8>> {
    let start = text.iter().rposition(|octet| *octet == b'<')?;
    let inside = text.get(start + 1..)?.split(|octet| *octet == b'>').next()?;
    let closed = text.get(start + 1 + inside.len()) == Some(&b'>');
    let parts: Vec<&[u8]> = inside.split(|octet| *octet == b'@').collect();
    let valid = closed && parts.len() == 2 && parts.iter().all(|part| !part.is_empty());
    (valid && inside.iter().all(u8::is_ascii_graphic)).then(|| inside.to_vec())
}

#[cfg(test)]
mod tests;
