//! What was sent and what came, in order.

use std::time::Duration;

use crate::base::ByteString;

/// All sessions of one scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    /// In the order it happened.
    pub entries: Vec<Entry>,
}

/// One event on a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Time since the scenario began.
    pub at: Duration,
    /// Name of the session.
    pub session: String,
    /// Who did it.
    pub direction: Direction,
    /// Octets, secrets already replaced by `<secret>`.
    pub octets: ByteString,
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Sent by this program.
    Client,
    /// Sent by the server.
    Server,
    /// Connection events: opened, TLS established, closed.
    Event,
}
