//! The transcript of one scenario while it runs: all sessions write into it, nothing secret gets in.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::contact::Contacts;
use super::redact::Redactor;
use super::tamper::Tamper;
use crate::base::ByteString;
use crate::outcome::{Direction, Entry, Transcript};

/// Octets of one entry; of a longer one only the beginning is kept, and how long it was.
const ENTRY_MAX_OCTETS: usize = 64 * 1024;
/// Octets that a transcript holds at most, each entry counted with what it takes beside its own; what comes later is
/// counted, not kept.
const TRANSCRIPT_MAX_OCTETS: usize = 4 * 1024 * 1024;
/// What an entry takes beside its octets.
const ENTRY_COST: usize = 128;

/// Shared by the sessions of one scenario. A clone writes into the same transcript.
#[derive(Debug, Clone)]
pub struct Log {
    start: Instant,
    shared: Arc<Mutex<Shared>>,
    /// The connections of the scenario.
    pub(super) contacts: Contacts,
    /// What happens to its answers.
    tamper: Tamper,
}

#[derive(Debug)]
struct Shared {
    redactor: Redactor,
    transcript: Transcript,
    /// What the entries take.
    octets: usize,
    /// Entries that were not kept, and their octets.
    left: (usize, usize),
}

impl Shared {
    /// A transcript with a last event that counts what was not kept.
    fn told(&self, mut transcript: Transcript) -> Transcript {
        if let ((entries @ 1.., octets), Some(last)) = (self.left, transcript.entries.last()) {
            let octets = format!("{entries} more entries of {octets} octets, not kept").into();
            let (at, session) = (last.at, last.session.clone());
            transcript.entries.push(Entry { at, session, direction: Direction::Event, octets });
        }
        transcript
    }
}

impl Log {
    /// An empty transcript that begins now.
    pub fn new(redactor: Redactor) -> Self {
        let shared = Shared { redactor, transcript: Transcript::default(), octets: 0, left: (0, 0) };
        Self {
            start: Instant::now(),
            shared: Arc::new(Mutex::new(shared)),
            contacts: Contacts::default(),
            tamper: Tamper::default(),
        }
    }

    /// The same, of sessions whose answers are tampered with.
    pub(super) fn tampered(self, tamper: Tamper) -> Self {
        Self { tamper, ..self }
    }

    /// What happens to the answers of its sessions.
    pub(super) fn tamper(&self) -> &Tamper {
        &self.tamper
    }

    /// Adds octets, redacted.
    pub fn add(&self, session: &str, direction: Direction, octets: &[u8]) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.octets >= TRANSCRIPT_MAX_OCTETS {
            shared.left = (shared.left.0.saturating_add(1), shared.left.1.saturating_add(octets.len()));
            return;
        }
        let mut kept = shared.redactor.redact_head(octets, ENTRY_MAX_OCTETS).into_bytes();
        if octets.len() > ENTRY_MAX_OCTETS {
            kept.extend(format!("\n<{} octets in all>", octets.len()).bytes());
        }
        shared.octets = shared.octets.saturating_add(kept.len()).saturating_add(ENTRY_COST);
        let (at, octets) = (self.start.elapsed(), kept.into());
        shared.transcript.entries.push(Entry { at, session: session.to_owned(), direction, octets });
    }

    /// Adds what the client sends, one entry a segment; segments that cut a secret apart become one entry.
    pub fn add_segments(&self, session: &str, segments: &[ByteString]) {
        if let [segment] = segments {
            return self.add(session, Direction::Client, segment);
        }
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

    /// As [`Log::redact`], for what a finding shows: of what is very long, the beginning.
    pub fn evidence(&self, octets: &[u8]) -> ByteString {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.redactor.redact_head(octets, ENTRY_MAX_OCTETS)
    }

    /// What was said so far; a last event counts what was not kept.
    pub fn transcript(&self) -> Transcript {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.told(shared.transcript.clone())
    }

    /// As [`Log::transcript`], taken out and not copied: nothing more is written.
    pub(super) fn take(&self) -> Transcript {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let transcript = std::mem::take(&mut shared.transcript);
        shared.told(transcript)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_entry_the_beginning_is_kept_and_its_length() {
        let log = Log::new(Redactor::default());
        log.add("one", Direction::Server, &vec![b'x'; ENTRY_MAX_OCTETS + 1]);
        let entries = log.transcript().entries;
        assert_eq!(entries.len(), 1);
        assert!(entries[0].octets.ends_with(b"xx\n<65537 octets in all>"));
        assert_eq!(log.evidence(&vec![b'x'; 9_000_000]).len(), ENTRY_MAX_OCTETS);
    }

    #[test]
    fn a_flood_is_counted_and_not_kept() {
        let log = Log::new(Redactor::default());
        for _ in 0..1_000_000 {
            log.add("one", Direction::Server, b"+\r\n");
        }
        let entries = log.transcript().entries;
        let octets: usize = entries.iter().map(|entry| entry.octets.len() + ENTRY_COST).sum();
        assert!(octets < TRANSCRIPT_MAX_OCTETS + ENTRY_MAX_OCTETS, "{octets}");
        let last = &entries[entries.len() - 1];
        let told = format!("{} more entries of ", 1_000_001 - entries.len());
        assert!(last.direction == Direction::Event && last.octets.starts_with(told.as_bytes()), "{last:?}");
    }
}
