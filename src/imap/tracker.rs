//! Watches all IMAP sessions of a scenario: the grammar of every response, and what responses say about each other.
//! Where it is not certain of a session's state it says nothing. docs/suite-language.md section 10.

mod expunge;
mod facts;
mod hierarchy;
mod lone;
mod opening;
mod session;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use self::facts::Facts;
use self::session::Session;
use super::memory::{self, Memory};
use super::notes::Notes;
use super::parse::RuleSet;
use super::{Frame, Revision, invariant, requirements, view};
use crate::base::{Breach, RequirementId, SyntaxError};

/// All IMAP sessions of one scenario.
#[derive(Debug, Default)]
pub struct Tracker {
    sessions: BTreeMap<usize, Session>,
    memory: Memory,
    watched: BTreeSet<&'static str>,
    /// Rules of the grammar that were read, by the revision in force.
    rules: BTreeMap<Revision, RuleSet>,
}

impl Tracker {
    /// Before any session.
    pub fn new() -> Self {
        Self::default()
    }

    /// A connection was opened; nothing was read from it yet.
    pub fn opened(&mut self, session: usize, revision: Revision) {
        self.sessions.insert(session, Session::new(session, revision));
    }

    /// The client sends these octets: parts of commands, several commands, literals and all. To be called before their
    /// answers are read, for everything that is sent.
    pub fn sent(&mut self, session: usize, octets: &[u8]) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.sent(octets, &mut self.memory);
        }
    }

    /// From here on nobody knows what a session's commands are; only the grammar of its responses is judged.
    pub fn suspend(&mut self, session: usize) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.lose(&mut self.memory);
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
        let again;
        let frame = if frame.revision == session.revision {
            frame
        } else {
            again = Frame::read(frame.raw.clone(), session.revision);
            &again
        };
        self.rules.entry(session.revision).or_default().extend(frame.rules);
        match &frame.parsed {
            Ok(response) => {
                let mut notes = Notes::new(&mut self.watched);
                invariant::judge(response, &mut notes);
                session.received(response, &mut self.memory, &mut notes);
                notes.into_breaches()
            }
            Err(error) => {
                // What it said about the mailbox is unknown.
                session.unreadable(&mut self.memory);
                let id = requirements().iter().find(|id| **id == error.requirement.as_str());
                self.watched.extend(id);
                vec![syntax(error)]
            }
        }
    }

    /// The server closed the connection in order, after a whole response: what that breaks. A reset may have cost octets
    /// that came before it, and is not told here.
    pub fn closed(&mut self, session: usize) -> Vec<Breach> {
        let Some(session) = self.sessions.get(&session) else { return Vec::new() };
        let mut notes = Notes::new(&mut self.watched);
        session.closed(&mut notes);
        notes.into_breaches()
    }

    /// Requirements behind whose invariant at least one response was seen that could have broken it.
    pub fn watched(&self) -> Vec<RequirementId> {
        let rules = self.rules.iter().flat_map(|(revision, rules)| rules.requirements(*revision));
        let mut watched: Vec<&str> = self.watched.iter().copied().chain(rules).collect();
        watched.sort_unstable();
        watched.dedup();
        watched.into_iter().map(RequirementId::constant).collect()
    }
}

/// Every requirement that an invariant of this module stands behind, sorted.
pub fn behind() -> &'static [&'static str] {
    static IDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut ids = requirements().to_vec();
        ids.extend(beyond_grammar());
        ids.sort_unstable();
        ids.dedup();
        ids
    });
    &IDS
}

/// Requirements that no grammar of one response shows.
fn beyond_grammar() -> impl Iterator<Item = &'static str> {
    let own = [session::BEHIND, facts::BEHIND, lone::BEHIND, hierarchy::BEHIND];
    let shared = [view::BEHIND, memory::BEHIND, invariant::BEHIND];
    own.into_iter().chain(shared).flatten().copied().chain(opening::behind()).chain(expunge::behind())
}

fn syntax(error: &SyntaxError) -> Breach {
    Breach {
        requirement: error.requirement.clone(),
        what: format!("expected {} ({})", error.expected, error.rule),
        at: Some(error.at..error.at + 1),
    }
}

#[cfg(test)]
mod tests;
