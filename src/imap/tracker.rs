//! Watches all IMAP sessions of a scenario: the grammar of every response, and what responses say about each other.
//! Where it is not certain of a session's state it says nothing. docs/suite-language.md section 10.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::LazyLock;

use super::command::{CommandLine, Progress};
use super::invariant;
use super::parse::read;
use super::view::{self, Contradiction, View, is_word};
use super::{Code, Frame, Response, Revision, Status, Value, requirements};
use crate::base::{Breach, NumberSet, RequirementId, SyntaxError};

const GREETING: &str = "rfc3501-2.2-greeting-first";
const OWN_TAGS: &str = "rfc3501-2.2.2-one-completion-per-command";
const IDLE: &str = "rfc3501-7.4.1-no-expunge-when-idle";
const CONTINUATION: &str = "rfc3501-7.4.1-no-expunge-in-continuation";
const VANISHED: &str = "rfc7162-3.2.10.2-vanished-not-during-fetch";

/// Commands by message number during which nothing is expunged, and the requirement for each.
const BY_NUMBER: &[(&str, &str)] = &[
    ("FETCH", "rfc3501-7.4.1-no-expunge-in-fetch"),
    ("STORE", "rfc3501-7.4.1-no-expunge-in-store"),
    ("SEARCH", "rfc3501-7.4.1-no-expunge-in-search"),
    ("SORT", "rfc5256-base.6.4.sort-no-expunge-during-sort"),
    ("THREAD", "rfc5256-base.6.4.thread-no-expunge-during-thread"),
];

/// All IMAP sessions of one scenario.
#[derive(Debug, Default)]
pub struct Tracker {
    sessions: BTreeMap<usize, Session>,
    watched: BTreeSet<&'static str>,
}

/// One connection.
#[derive(Debug)]
struct Session {
    revision: Revision,
    greeting: Greeting,
    progress: Progress,
    mailbox: Mailbox,
    /// After NOTIFY SET expunges may be told at any time. RFC 5465 §5.3.
    notify: Notify,
}

#[derive(Debug, PartialEq, Eq)]
enum Greeting {
    Awaited,
    Seen,
}

#[derive(Debug, PartialEq, Eq)]
enum Notify {
    NeverSet,
    Set,
}

/// What is known of the selected mailbox.
#[derive(Debug)]
enum Mailbox {
    /// None is selected, for certain.
    Closed,
    /// Nothing is known: data is not judged.
    Unknown,
    /// SELECT or EXAMINE is in progress, alone. Data may still be of the old mailbox, unless there was none.
    Opening(View, OldMailbox),
    /// Selected.
    Open(View),
}

#[derive(Debug, PartialEq, Eq)]
enum OldMailbox {
    Gone,
    Possible,
}

impl Tracker {
    /// Before any session.
    pub fn new() -> Self {
        Self::default()
    }

    /// A connection was opened; nothing was read from it yet.
    pub fn opened(&mut self, session: usize, revision: Revision) {
        let fresh = Session {
            revision,
            greeting: Greeting::Awaited,
            progress: Progress::default(),
            mailbox: Mailbox::Closed,
            notify: Notify::NeverSet,
        };
        self.sessions.insert(session, fresh);
    }

    /// The client sends these octets: parts of commands, several commands, literals and all. To be called before their
    /// answers are read, for everything that is sent.
    pub fn sent(&mut self, session: usize, octets: &[u8]) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.sent(octets);
        }
    }

    /// From here on nobody knows what a session's commands are; only the grammar of its responses is judged.
    pub fn suspend(&mut self, session: usize) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.lose();
        }
    }

    /// The grammar in force: RFC 9051 after `ENABLED IMAP4rev2`. After `ENABLED UTF8=ACCEPT` too, for RFC 6855 permits
    /// UTF-8 in quoted strings.
    pub fn revision(&self, session: usize) -> Option<Revision> {
        self.sessions.get(&session).map(|session| session.revision)
    }

    /// A response came: what it breaks.
    pub fn received(&mut self, session: usize, frame: &Frame) -> Vec<Breach> {
        let Some(session) = self.sessions.get_mut(&session) else { return Vec::new() };
        let (parsed, rules) = read(&frame.raw, session.revision);
        self.watched.extend(rules.requirements(session.revision));
        match parsed {
            Ok(response) => {
                let mut found = Vec::new();
                session.received(&response, &mut found, &mut self.watched);
                found.into_iter().filter_map(breach).collect()
            }
            Err(error) => {
                // What it said about the mailbox is unknown.
                session.greeting = Greeting::Seen;
                session.mailbox = Mailbox::Unknown;
                let id = requirements().iter().find(|id| **id == error.requirement.as_str());
                self.watched.extend(id);
                vec![syntax(&error)]
            }
        }
    }

    /// Requirements behind whose invariant at least one response was seen that could have broken it.
    pub fn watched(&self) -> Vec<RequirementId> {
        self.watched.iter().filter_map(|id| RequirementId::from_str(id).ok()).collect()
    }
}

/// Every requirement that an invariant of this module stands behind, sorted.
pub fn behind() -> &'static [&'static str] {
    static IDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut ids = requirements().to_vec();
        ids.extend([GREETING, OWN_TAGS, IDLE, CONTINUATION, VANISHED]);
        ids.extend(BY_NUMBER.iter().map(|(_, id)| *id));
        ids.extend(view::BEHIND);
        ids.extend(invariant::BEHIND);
        ids.sort_unstable();
        ids.dedup();
        ids
    });
    &IDS
}

fn breach((id, what): Contradiction) -> Option<Breach> {
    let requirement = RequirementId::from_str(id).ok()?;
    Some(Breach { requirement, what: what.to_owned(), at: None })
}

fn syntax(error: &SyntaxError) -> Breach {
    Breach {
        requirement: error.requirement.clone(),
        what: format!("expected {} ({})", error.expected, error.rule),
        at: Some(error.at..error.at + 1),
    }
}

impl Session {
    fn lose(&mut self) {
        self.progress.lose();
        self.mailbox = Mailbox::Unknown;
    }

    fn sent(&mut self, octets: &[u8]) {
        let before = self.progress.open.len();
        let commands = self.progress.sent(octets);
        if self.progress.is_lost() {
            return self.lose();
        }
        for (index, command) in commands.iter().enumerate() {
            let alone = before + index == 0 && commands.len() == 1;
            self.begun(command, alone.then_some(()));
        }
    }

    /// A command is complete; `alone` if no other is in progress.
    fn begun(&mut self, command: &CommandLine, alone: Option<()>) {
        let opens = command.name == "SELECT" || command.name == "EXAMINE";
        if command.name == "NOTIFY" {
            self.notify = Notify::Set;
        }
        if command.name == "LANGUAGE" {
            // RFC 5255 §3.2: texts may be UTF-8 from here on.
            self.revision = Revision::Rev2;
        }
        let mailbox = std::mem::replace(&mut self.mailbox, Mailbox::Unknown);
        self.mailbox = match (mailbox, alone) {
            (Mailbox::Closed, Some(())) if opens => Mailbox::Opening(View::default(), OldMailbox::Gone),
            (_, Some(())) if opens => Mailbox::Opening(View::default(), OldMailbox::Possible),
            // Whose data it is depends on how far the server is.
            (Mailbox::Opening(..), _) => Mailbox::Unknown,
            (_, _) if opens => Mailbox::Unknown,
            (mailbox, _) => mailbox,
        };
    }

    fn received(&mut self, response: &Response, found: &mut Vec<Contradiction>, watched: &mut BTreeSet<&'static str>) {
        if std::mem::replace(&mut self.greeting, Greeting::Seen) == Greeting::Awaited {
            watched.insert(GREETING);
            if !is_greeting(response) {
                found.push((GREETING, "a first response that is no greeting"));
            }
        }
        if let Some(contradictions) = invariant::list_attributes(response) {
            watched.extend(invariant::BEHIND);
            found.extend(contradictions);
        }
        match response {
            Response::Continue { .. } => self.progress.go_on(),
            Response::Status { tag: Some(tag), status, code, .. } => {
                self.code(code.as_ref());
                self.answered(tag, *status, found, watched);
            }
            Response::Status { tag: None, code, .. } => self.code(code.as_ref()),
            Response::Data { number, name, args, .. } => {
                self.may_expunge(name, args, found, watched);
                self.data(*number, name, args, found, watched);
            }
        }
    }

    fn answered(
        &mut self,
        tag: &str,
        status: Status,
        found: &mut Vec<Contradiction>,
        watched: &mut BTreeSet<&'static str>,
    ) {
        if self.progress.is_lost() {
            return;
        }
        watched.insert(OWN_TAGS);
        let Some(command) = self.progress.answered(tag) else {
            found.push((OWN_TAGS, "a tagged response to no command in progress"));
            return;
        };
        if self.progress.is_lost() {
            return self.lose();
        }
        let mailbox = std::mem::replace(&mut self.mailbox, Mailbox::Unknown);
        self.mailbox = match (command.name.as_str(), mailbox) {
            ("SELECT" | "EXAMINE", Mailbox::Opening(view, _)) if status == Status::Ok => Mailbox::Open(view),
            // After a failure none is selected, except that a command refused as ill-formed may have changed nothing.
            ("SELECT" | "EXAMINE", _) => Mailbox::Unknown,
            ("CLOSE" | "UNSELECT", _) if status == Status::Ok => Mailbox::Closed,
            (_, mailbox) => mailbox,
        };
    }

    /// Codes that tell something about the mailbox.
    fn code(&mut self, code: Option<&Code>) {
        match (code.map(|code| code.name.as_str()), &mut self.mailbox) {
            // RFC 7162 §3.2.11: what follows is of the new mailbox.
            (Some("CLOSED"), Mailbox::Opening(..)) => {
                self.mailbox = Mailbox::Opening(View::default(), OldMailbox::Gone);
            }
            (Some("UIDVALIDITY"), Mailbox::Open(view)) => view.forget_uids(),
            (_, _) => {}
        }
    }

    /// RFC 3501 §7.4.1, RFC 7162 §3.2.10.2: when messages may vanish.
    fn may_expunge(
        &self,
        name: &str,
        args: &[Value],
        found: &mut Vec<Contradiction>,
        watched: &mut BTreeSet<&'static str>,
    ) {
        let vanished = name == "VANISHED" && !matches!(args.first(), Some(Value::List(_)));
        if !(name == "EXPUNGE" || vanished) || self.progress.is_lost() || self.notify == Notify::Set {
            return;
        }
        let id_of = |id: &'static str| if vanished { VANISHED } else { id };
        watched.extend(BY_NUMBER.iter().map(|(_, id)| *id).chain([IDLE, CONTINUATION]).map(id_of));
        let number_command = |command: &CommandLine| BY_NUMBER.iter().find(|(name, _)| *name == command.name);
        let open = &self.progress.open;
        match (open.first(), self.progress.partial.is_some()) {
            (None, true) => found.push((id_of(CONTINUATION), "a message vanishes while a command is incomplete")),
            (None, false) => found.push((id_of(IDLE), "a message vanishes while no command is in progress")),
            (Some(first), _) if open.iter().all(|command| number_command(command).is_some()) => {
                if let Some((_, id)) = number_command(first) {
                    found.push((id_of(id), "a message vanishes during a command by message numbers"));
                }
            }
            (Some(_), _) => {}
        }
    }

    fn data(
        &mut self,
        number: Option<u64>,
        name: &str,
        args: &[Value],
        found: &mut Vec<Contradiction>,
        watched: &mut BTreeSet<&'static str>,
    ) {
        if name == "ENABLED" && args.iter().any(|word| is_word(word, "IMAP4rev2") || is_word(word, "UTF8=ACCEPT")) {
            self.revision = Revision::Rev2;
        }
        match (&mut self.mailbox, name, number) {
            (Mailbox::Opening(view, _), "EXISTS", Some(count)) => view.begin(count),
            (Mailbox::Opening(view, OldMailbox::Gone), "FETCH", Some(number)) => {
                found.extend(view.fetch(number, list(args)));
            }
            (Mailbox::Opening(..), "EXPUNGE", _) => self.mailbox = Mailbox::Unknown,
            (Mailbox::Opening(..), "VANISHED", _) if vanished_set(args).is_some() => self.mailbox = Mailbox::Unknown,
            (Mailbox::Open(view), "EXISTS", Some(count)) => {
                watched.insert("rfc3501-5.2-exists-never-shrinks");
                found.extend(view.exists(count));
            }
            (Mailbox::Open(view), "EXPUNGE", Some(number)) => {
                watched.insert("rfc3501-7.4.1-expunge-renumbering");
                found.extend(view.expunge(number));
            }
            (Mailbox::Open(view), "FETCH", Some(number)) => {
                watched.extend(view::BEHIND.iter().filter(|id| id.contains("2.3.1") || id.contains("immutable")));
                found.extend(view.fetch(number, list(args)));
            }
            (Mailbox::Open(view), "VANISHED", _) => {
                if let Some(uids) = vanished_set(args) {
                    view.vanished(&uids);
                }
            }
            (_, _, _) => {}
        }
    }
}

fn is_greeting(response: &Response) -> bool {
    matches!(response, Response::Status { tag: None, status: Status::Ok | Status::Preauth | Status::Bye, .. })
}

/// The items of a FETCH response.
fn list(args: &[Value]) -> &[Value] {
    if let [Value::List(items)] = args { items } else { &[] }
}

/// The UIDs of VANISHED without EARLIER.
fn vanished_set(args: &[Value]) -> Option<NumberSet> {
    match args {
        [Value::Number(uid)] => Some(NumberSet::from_ranges([(*uid, *uid)])),
        [Value::Atom(set)] => std::str::from_utf8(set).ok().and_then(NumberSet::parse),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
