//! A tap: what was said on every connection, in clear also under TLS, for tests that look at what a client does.

use std::sync::{Arc, Mutex, PoisonError};

use super::Role;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The one who connected.
    Client,
    /// The reference server.
    Server,
}

/// One connection, from its first octet inside TLS or before it. Octets that a client sends ahead of a TLS handshake, and the
/// handshake itself, are not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// What is spoken.
    pub role: Role,
    /// Octets in the order in which the server read and wrote them; two in a row are of different speakers.
    pub turns: Vec<(Speaker, Vec<u8>)>,
}

/// Keeps everything that is said; clones are the same. Nothing is ever dropped, so it is for runs that end.
#[derive(Debug, Clone, Default)]
pub struct Tap(Arc<Mutex<Vec<Conversation>>>);

/// One connection's end of a tap.
#[derive(Debug)]
pub(super) struct Ear {
    tap: Tap,
    at: usize,
}

impl Tap {
    /// All connections so far, in the order in which they were opened.
    pub fn conversations(&self) -> Vec<Conversation> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A new connection.
    pub(super) fn ear(&self, role: Role) -> Ear {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Conversation { role, turns: Vec::new() });
        Ear { tap: self.clone(), at: all.len() - 1 }
    }
}

impl Ear {
    pub(super) fn hear(&self, speaker: Speaker, octets: &[u8]) {
        let mut all = self.tap.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(conversation) = all.get_mut(self.at) else { return };
        match conversation.turns.last_mut() {
            Some((last, said)) if *last == speaker => said.extend_from_slice(octets),
            Some(_) | None => conversation.turns.push((speaker, octets.to_vec())),
        }
    }
}
