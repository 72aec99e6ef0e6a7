//! One connection: its commands, its mailbox, and what a response says about both.

use std::collections::BTreeMap;

use super::facts::{Facts, Login, Parting, Tls};
use super::lone::{Lone, is_earlier};
use super::opening::{Before, Opening, Uids};
use super::{expunge, hierarchy};
use crate::base::NumberSet;
use crate::imap::command::{GoOn, Literals, Open, Progress};
use crate::imap::memory::{self, Memory, Place, name_of};
use crate::imap::notes::Notes;
use crate::imap::value::{has, item, list, number, set, text};
use crate::imap::view::View;
use crate::imap::{Code, Response, Revision, Status, Value};

const GREETING: &str = "rfc3501-2.2-greeting-first";
const OWN_TAGS: &str = "rfc3501-2.2.2-one-completion-per-command";
const CONTINUATION: &str = "rfc3501-7.5-continuation-format";
const AT_ONCE: &str = "rfc7888-3-no-continuation";
const NO_CLOSE: &str = "rfc3501-3.4-no-close-without-bye";
const NO_CLOSE_REV2: &str = "rfc9051-3.4-close-without-bye";
const MODSEQ: &str = "rfc7162-3.1-monotonic-in-session";
const UPDATE: &str = "rfc7162-3.2.4-uid-in-unsolicited-fetch";
const UPDATE_REV2: &str = "rfc9051-7.5.2-unsolicited-fetch-uid";

/// What this file judges.
pub(super) const BEHIND: &[&str] =
    &[GREETING, OWN_TAGS, CONTINUATION, AT_ONCE, NO_CLOSE, NO_CLOSE_REV2, MODSEQ, UPDATE, UPDATE_REV2];

/// Commands during which FETCH tells of a change, not of what was asked for.
const NOT_FETCHING: &[&str] = &["NOOP", "CHECK", "IDLE", "STORE", "UID STORE"];

/// Messages whose mod-sequence is kept.
const MOST_MODSEQS: usize = 20_000;

/// One connection.
#[derive(Debug)]
pub(super) struct Session {
    key: usize,
    pub(super) revision: Revision,
    greeting: Greeting,
    progress: Progress,
    mailbox: Mailbox,
    lone: Option<Lone>,
    facts: Facts,
    hierarchy: hierarchy::Hierarchy,
}

#[derive(Debug, PartialEq, Eq)]
enum Greeting {
    Awaited,
    Seen,
}

/// What is known of the selected mailbox.
#[derive(Debug)]
enum Mailbox {
    /// None is selected, for certain.
    Closed,
    /// Nothing is known: data is not judged.
    Unknown,
    /// SELECT or EXAMINE is in progress, alone. Data may still be of the old mailbox, unless there was none.
    Opening(Box<Opening>, OldMailbox, Before),
    /// Selected.
    Open(Box<Selected>),
}

#[derive(Debug, PartialEq, Eq)]
enum OldMailbox {
    Gone,
    Possible,
}

/// A selected mailbox.
#[derive(Debug)]
struct Selected {
    name: Vec<u8>,
    view: View,
    place: Place,
    /// It has mod-sequences: it was opened with HIGHESTMODSEQ.
    modseqs: ModSeqs,
    /// By UID: mod-sequences that answers to STORE told.
    stored: BTreeMap<u64, u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ModSeqs {
    Kept,
    Unknown,
}

impl Session {
    /// A connection was opened.
    pub(super) fn new(key: usize, revision: Revision) -> Self {
        Self {
            key,
            revision,
            greeting: Greeting::Awaited,
            progress: Progress::default(),
            mailbox: Mailbox::Closed,
            lone: None,
            facts: Facts::default(),
            hierarchy: hierarchy::Hierarchy::default(),
        }
    }

    /// Nobody knows any more which commands are in progress.
    pub(super) fn lose(&mut self, memory: &mut Memory) {
        self.progress.lose();
        self.lone = None;
        self.set_mailbox(Mailbox::Unknown, memory);
    }

    fn set_mailbox(&mut self, mailbox: Mailbox, memory: &mut Memory) -> Mailbox {
        if let Mailbox::Open(selected) = &self.mailbox {
            memory.leave(&selected.place);
        }
        std::mem::replace(&mut self.mailbox, mailbox)
    }

    /// The client sends these octets.
    pub(super) fn sent(&mut self, octets: &[u8], memory: &mut Memory) {
        let before = self.progress.open.len();
        let now = memory.tick();
        let commands = self.progress.sent(octets, now);
        if self.progress.is_lost() {
            return self.lose(memory);
        }
        for (index, command) in commands.iter().enumerate() {
            let alone = before + index == 0 && commands.len() == 1;
            self.lone = alone.then(|| Lone::new(command.clone()));
            self.begun(command, memory);
        }
    }

    /// A command is complete.
    fn begun(&mut self, command: &Open, memory: &mut Memory) {
        self.facts.begun(command);
        match (command.name.as_str(), &self.facts.login, command.words.first()) {
            // RFC 5255 §3.2: texts may be UTF-8 from here on.
            ("LANGUAGE", _, _) => self.revision = Revision::Rev2,
            ("RENAME", _, _) => memory.renamed(),
            ("DELETE", Login::User(user), Some(name)) => memory.deleted(user, &name_of(name)),
            (_, _, _) => {}
        }
        let opens = command.name == "SELECT" || command.name == "EXAMINE";
        let mailbox = match (&self.mailbox, &self.lone) {
            (Mailbox::Closed, Some(_)) if opens => Mailbox::Opening(Box::default(), OldMailbox::Gone, Before::Unclear),
            (old, Some(_)) if opens => {
                let name = command.words.first().map(|name| name_of(name));
                let another = matches!(old, Mailbox::Open(old) if name.is_some_and(|name| name != old.name));
                let before = if another { Before::Another } else { Before::Unclear };
                Mailbox::Opening(Box::default(), OldMailbox::Possible, before)
            }
            // Whose data it is depends on how far the server is.
            (Mailbox::Opening(..), _) => Mailbox::Unknown,
            (_, None) if opens => Mailbox::Unknown,
            (_, _) => return,
        };
        self.set_mailbox(mailbox, memory);
    }

    /// A response that nobody can read.
    pub(super) fn unreadable(&mut self, memory: &mut Memory) {
        self.greeting = Greeting::Seen;
        self.lone = None;
        if self.facts.parting == Parting::None {
            self.facts.parting = Parting::Unclear;
        }
        self.set_mailbox(Mailbox::Unknown, memory);
    }

    /// A response came.
    pub(super) fn received(&mut self, response: &Response, memory: &mut Memory, notes: &mut Notes<'_>) {
        memory.tick();
        if std::mem::replace(&mut self.greeting, Greeting::Seen) == Greeting::Awaited {
            let other = !is_greeting(response);
            notes.judge(GREETING, other.then_some("a first response that is no greeting"));
        }
        if self.facts.tls == Tls::Begins {
            self.facts.tls = Tls::Runs;
        }
        match response {
            Response::Continue { .. } => self.go_on(notes),
            Response::Status { tag: Some(tag), status, code, .. } => {
                self.code(code.as_ref(), memory, notes);
                self.answered(tag, *status, code.as_ref(), memory, notes);
            }
            Response::Status { tag: None, status, code, .. } => {
                match status {
                    Status::Bye => self.facts.parting = Parting::Said,
                    Status::Preauth => self.facts.login = Login::Somebody,
                    Status::Ok | Status::No | Status::Bad => {}
                }
                self.code(code.as_ref(), memory, notes);
            }
            Response::Data { number, name, args, .. } => {
                self.may_expunge(name, args, notes);
                self.told(name, args, memory, notes);
                self.data(*number, name, args, memory, notes);
            }
        }
    }

    /// Whether the server is known to have heard of literals that are sent at once. RFC 7888 §3.
    fn knows_at_once(&self) -> bool {
        ["LITERAL+", "LITERAL-", "IMAP4REV2"].iter().any(|word| self.facts.offers(word))
    }

    /// RFC 3501 §7.5; RFC 7888 §3.
    fn go_on(&mut self, notes: &mut Notes<'_>) {
        match self.progress.go_on() {
            GoOn::Awaited => notes.judge(CONTINUATION, None),
            GoOn::AtOnce if self.knows_at_once() => {
                notes.judge(AT_ONCE, Some("a continuation request for a literal that is sent at once"));
            }
            GoOn::AtOnce => {}
            GoOn::Uncalled => notes.judge(CONTINUATION, Some("a continuation request that nothing waits for")),
        }
    }

    fn answered(&mut self, tag: &str, status: Status, code: Option<&Code>, memory: &mut Memory, notes: &mut Notes<'_>) {
        if self.progress.is_lost() {
            return;
        }
        let answered = self.progress.answered(tag);
        let stray = answered.is_none().then_some("a tagged response to no command in progress");
        notes.judge(OWN_TAGS, stray);
        let Some(command) = answered else { return };
        if self.progress.is_lost() {
            return self.lose(memory);
        }
        if command.literals == Literals::AtOnce && self.knows_at_once() {
            notes.judge(AT_ONCE, None);
        }
        if let Some(lone) = self.lone.take_if(|lone| lone.command.tag == command.tag) {
            let count = if let Mailbox::Open(selected) = &self.mailbox { selected.view.count() } else { None };
            lone.finish((status, code), count, &self.facts, notes);
        }
        if status == Status::Ok {
            if let Some(code) = code {
                self.assigned(&command, code, memory, notes);
            }
            self.facts.done(&command);
        }
        self.after(&command, status, code, memory, notes);
    }

    /// What is selected after a command.
    fn after(
        &mut self,
        command: &Open,
        status: Status,
        code: Option<&Code>,
        memory: &mut Memory,
        notes: &mut Notes<'_>,
    ) {
        match (command.name.as_str(), status) {
            ("SELECT" | "EXAMINE", Status::Ok) => {
                let next = match self.set_mailbox(Mailbox::Unknown, memory) {
                    Mailbox::Opening(mut opening, _, before) => {
                        opening.finish(command, code, &before, &self.facts, notes);
                        Mailbox::Open(Box::new(self.select(command, *opening, memory, notes)))
                    }
                    Mailbox::Closed | Mailbox::Unknown | Mailbox::Open(_) => Mailbox::Unknown,
                };
                self.mailbox = next;
            }
            // After a failure none is selected, except that a command refused as ill-formed may have changed nothing.
            ("SELECT" | "EXAMINE", _) => {
                self.set_mailbox(Mailbox::Unknown, memory);
            }
            ("CLOSE" | "UNSELECT", Status::Ok) => {
                self.set_mailbox(Mailbox::Closed, memory);
            }
            (_, _) => {}
        }
    }

    /// A mailbox that was opened, and what its numbers mean beside those of other sessions.
    fn select(&self, command: &Open, opening: Opening, memory: &mut Memory, notes: &mut Notes<'_>) -> Selected {
        let name = command.words.first().map(|name| name_of(name)).unwrap_or_default();
        let place = match (&self.facts.login, opening.validity, opening.uids) {
            (Login::User(user), Some(validity), Uids::Sticky) => {
                Place::Named { user: user.clone(), mailbox: name.clone(), validity }
            }
            (_, _, _) => Place::Alone { session: self.key, since: command.begun },
        };
        if let Some(next) = opening.next {
            memory.next(&place, next, Some(command.begun), notes);
        }
        if let (Some(highest), true) = (opening.highest, self.facts.offers("QRESYNC")) {
            memory.highest(&place, highest, command.begun, notes);
        }
        let modseqs = if opening.highest.is_some() { ModSeqs::Kept } else { ModSeqs::Unknown };
        Selected { name, view: opening.view, place, modseqs, stored: BTreeMap::new() }
    }

    /// APPENDUID and COPYUID tell the UIDs of new messages. RFC 4315 §3.
    fn assigned(&self, command: &Open, code: &Code, memory: &mut Memory, notes: &mut Notes<'_>) {
        let Login::User(user) = &self.facts.login else { return };
        let target = match command.name.as_str() {
            "APPEND" => command.words.first(),
            "COPY" | "UID COPY" | "MOVE" | "UID MOVE" => command.words.get(1),
            _ => None,
        };
        let (validity, uids) = match (code.name.as_str(), code.args.as_slice()) {
            ("APPENDUID", [validity, uids]) | ("COPYUID", [validity, _, uids]) => (number(validity), set(uids)),
            (_, _) => (None, None),
        };
        if let (Some(target), Some(validity), Some(uids)) = (target, validity, uids) {
            let place = Place::Named { user: user.clone(), mailbox: name_of(target), validity };
            memory.added(&place, &uids, command.begun, notes);
        }
    }

    /// Codes that tell something about the session or its mailbox.
    fn code(&mut self, code: Option<&Code>, memory: &mut Memory, notes: &mut Notes<'_>) {
        let Some(code) = code else { return };
        match (code.name.as_str(), &mut self.mailbox) {
            ("CAPABILITY", _) => self.facts.capabilities(&code.args, notes),
            (_, Mailbox::Opening(opening, old, _)) => {
                opening.code(code);
                if code.name == "CLOSED" {
                    *old = OldMailbox::Gone;
                }
            }
            ("UIDVALIDITY", Mailbox::Open(selected)) => {
                memory.leave(&selected.place);
                selected.place = Place::Alone { session: self.key, since: memory.tick() };
                selected.view.forget_uids();
                selected.stored.clear();
            }
            (_, Mailbox::Open(_) | Mailbox::Closed | Mailbox::Unknown) => {}
        }
    }

    /// When messages may vanish.
    fn may_expunge(&self, name: &str, args: &[Value], notes: &mut Notes<'_>) {
        if self.progress.is_lost() || self.facts.is_notified() {
            return;
        }
        let kept = matches!(&self.mailbox, Mailbox::Open(selected) if selected.modseqs == ModSeqs::Kept);
        match name {
            "EXPUNGE" => {
                expunge::judge_time(expunge::Form::Number, &self.progress, notes);
                if kept && self.facts.is_enabled("QRESYNC") {
                    expunge::judge_form(notes);
                }
            }
            "VANISHED" if is_earlier(args) => expunge::judge_earlier(&self.progress, notes),
            "VANISHED" => expunge::judge_time(expunge::Form::Uids, &self.progress, notes),
            _ => {}
        }
    }

    /// Data that does not depend on the mailbox.
    fn told(&mut self, name: &str, args: &[Value], memory: &mut Memory, notes: &mut Notes<'_>) {
        if let Some(lone) = &mut self.lone {
            lone.data(name, args, &self.facts, notes);
        }
        match name {
            "CAPABILITY" => self.facts.capabilities(args, notes),
            "ENABLED" => {
                if has(args, "IMAP4rev2") || has(args, "UTF8=ACCEPT") {
                    self.revision = Revision::Rev2;
                }
                if !self.progress.is_lost() {
                    self.facts.enabled(args, notes);
                }
            }
            "LIST" | "LSUB" => self.hierarchy.listed(args, notes),
            "STATUS" => {
                let (Login::User(user), Some(mailbox)) = (&self.facts.login, args.first().and_then(text)) else {
                    return;
                };
                if let Some((place, next)) = memory::status_of(user, mailbox, list(args.get(1))) {
                    memory.next(&place, next, self.progress.open.first().map(|open| open.begun), notes);
                }
            }
            _ => {}
        }
    }

    /// Data of the mailbox.
    fn data(&mut self, number: Option<u64>, name: &str, args: &[Value], memory: &mut Memory, notes: &mut Notes<'_>) {
        match (&mut self.mailbox, name, number) {
            (Mailbox::Opening(opening, OldMailbox::Gone, _), "FETCH", Some(number)) => {
                opening.view.fetch(number, list(args.first()), notes);
            }
            (Mailbox::Opening(..), "EXPUNGE", _) => self.mailbox = Mailbox::Unknown,
            (Mailbox::Opening(..), "VANISHED", _) if !is_earlier(args) => self.mailbox = Mailbox::Unknown,
            (Mailbox::Opening(opening, _, _), _, number) => opening.data(number, name, args),
            (Mailbox::Open(selected), "EXISTS", Some(count)) => selected.view.exists(count, notes),
            (Mailbox::Open(selected), "EXPUNGE", Some(number)) => {
                if let Some(uid) = selected.view.expunge(number, notes) {
                    memory.gone(&selected.place, uid);
                }
            }
            (Mailbox::Open(selected), "VANISHED", _) if !is_earlier(args) => {
                let gone = args.first().and_then(set).unwrap_or_else(|| NumberSet::from_ranges([]));
                selected.view.vanished(&gone, notes);
                memory.vanished(&selected.place, &gone);
            }
            (Mailbox::Open(_), "FETCH", Some(number)) => self.fetched(number, list(args.first()), memory, notes),
            (_, _, _) => {}
        }
    }

    /// `* n FETCH (items)` of the selected mailbox.
    fn fetched(&mut self, number: u64, items: &[Value], memory: &mut Memory, notes: &mut Notes<'_>) {
        let Mailbox::Open(selected) = &mut self.mailbox else { return };
        let open = &self.progress.open;
        let update = !self.progress.is_lost()
            && !self.facts.is_notified()
            && item(items, "FLAGS").is_some()
            && open.iter().all(|open| NOT_FETCHING.contains(&open.name.as_str()));
        let (uid, modseq) = (item(items, "UID"), item(items, "MODSEQ"));
        if update && self.facts.is_enabled("QRESYNC") && selected.modseqs == ModSeqs::Kept {
            let lacks = uid.is_none() || modseq.is_none();
            notes.judge(UPDATE, lacks.then_some("a FETCH response to a change without UID or without MODSEQ"));
        } else if update && self.facts.is_enabled("IMAP4REV2") && !open.iter().any(|open| open.name == "STORE") {
            notes.judge(UPDATE_REV2, uid.is_none().then_some("an unsolicited FETCH response without UID"));
        }
        let Some(uid) = selected.view.fetch(number, items, notes) else { return };
        memory.fetched(&selected.place, uid, items, self.revision, notes);
        let storing = self.lone.as_ref().is_some_and(|lone| lone.command.name.ends_with("STORE"));
        if let (Some(Value::Number(modseq)), true) = (list(modseq).first(), storing) {
            let fallen = selected.stored.get(&uid).is_some_and(|before| modseq < before);
            notes.judge(MODSEQ, fallen.then_some("a mod-sequence below that of an earlier STORE"));
            if selected.stored.len() < MOST_MODSEQS {
                selected.stored.insert(uid, *modseq);
            }
        }
    }

    /// The server closed the connection, and no octet may have been lost. RFC 3501 §3.4; RFC 9051 §3.4.
    pub(super) fn closed(&self, notes: &mut Notes<'_>) {
        let free = self.facts.parting != Parting::None || self.facts.tls == Tls::Begins;
        if self.greeting == Greeting::Awaited || self.progress.is_lost() || free {
            return;
        }
        let id = if self.facts.is_rev1() { NO_CLOSE } else { NO_CLOSE_REV2 };
        notes.judge(id, Some("the server closes without BYE"));
    }
}

fn is_greeting(response: &Response) -> bool {
    matches!(response, Response::Status { tag: None, status: Status::Ok | Status::Preauth | Status::Bye, .. })
}
