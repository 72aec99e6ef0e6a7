//! The transcript of one scenario while it runs: all sessions write into it, nothing secret gets in.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::contact::Contacts;
use super::redact::Redactor;
use crate::base::ByteString;
use crate::outcome::{Direction, Entry, Transcript};

/// Octets that a transcript holds at most; what comes later is counted, not kept.
const TRANSCRIPT_MAX_OCTETS: usize = 32 * 1024 * 1024;

/// Shared by the sessions of one scenario. A clone writes into the same transcript.
#[derive(Debug, Clone)]
pub struct Log {
    start: Instant,
    shared: Arc<Mutex<Shared>>,
    /// The connections of the scenario.
    pub(super) contacts: Contacts,
}

#[derive(Debug)]
struct Shared {
    redactor: Redactor,
    transcript: Transcript,
    octets: usize,
}

impl Log {
    /// An empty transcript that begins now.
    pub fn new(redactor: Redactor) -> Self {
        let shared = Shared { redactor, transcript: Transcript::default(), octets: 0 };
        Self { start: Instant::now(), shared: Arc::new(Mutex::new(shared)), contacts: Contacts::default() }
    }

    /// Adds octets, redacted.
    pub fn add(&self, session: &str, direction: Direction, octets: &[u8]) {
        let at = self.start.elapsed();
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let octets = if shared.octets < TRANSCRIPT_MAX_OCTETS {
            shared.redactor.redact(octets)
        } else {
            format!("<{} octets>", octets.len()).into()
        };
        shared.octets = shared.octets.saturating_add(octets.len());
        shared.transcript.entries.push(Entry { at, session: session.to_owned(), direction, octets });
    }

    /// Adds what the client sends, one entry a segment; segments that cut a secret apart become one entry.
    pub fn add_segments(&self, session: &str, segments: &[ByteString]) {
        let whole = self.redact(&segments.iter().flat_map(|segment| segment.iter().copied()).collect::<Vec<u8>>());
        let apart: Vec<u8> = segments.iter().flat_map(|segment| self.redact(segment).into_bytes()).collect();
        if whole.as_bytes() == apart {
            segments.iter().for_each(|segment| self.add(session, Direction::Client, segment));
        } else {
            self.add(session, Direction::Client, &whole);
        }
    }

    /// Adds an event of a connection.
    pub fn event(&self, session: &str, what: impl AsRef<str>) {
        self.add(session, Direction::Event, what.as_ref().as_bytes());
    }

    /// Hides these octets, and their base64, from now on.
    pub fn hide(&self, octets: &[u8]) {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).redactor.remember(octets);
    }

    /// Redacts octets by what this scenario knows.
    pub fn redact(&self, octets: &[u8]) -> ByteString {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).redactor.redact(octets)
    }

    /// What the client sent last on a session, redacted.
    pub(super) fn last_sent(&self, session: &str) -> ByteString {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let own = |entry: &&Entry| entry.direction == Direction::Client && entry.session == session;
        shared.transcript.entries.iter().rev().find(own).map(|entry| entry.octets.clone()).unwrap_or_default()
    }

    /// What was said so far.
    pub fn transcript(&self) -> Transcript {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).transcript.clone()
    }
}
