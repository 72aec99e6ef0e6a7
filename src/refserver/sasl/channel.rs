//! What a connection is bound to.

use crate::refserver::Protection;

/// The protection of a connection, as far as mechanisms look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// Octets in clear: no cleartext passwords (RFC 4954 §4), nothing to bind to.
    Clear,
    /// TLS, with its channel binding data.
    Tls {
        /// `tls-exporter` (RFC 9266), for TLS 1.3 only.
        exporter: Option<Vec<u8>>,
        /// `tls-server-end-point` (RFC 5929 §4): the hash of the server's certificate.
        end_point: Vec<u8>,
    },
}

impl Channel {
    /// Whether TLS runs.
    pub fn protection(&self) -> Protection {
        match self {
            Self::Clear => Protection::Clear,
            Self::Tls { .. } => Protection::Tls,
        }
    }

    /// The data of one type of binding, if this connection has it.
    pub(super) fn data(&self, name: &str) -> Option<&[u8]> {
        match (self, name) {
            (Self::Tls { exporter, .. }, "tls-exporter") => exporter.as_deref(),
            (Self::Tls { end_point, .. }, "tls-server-end-point") => Some(end_point),
            (Self::Clear | Self::Tls { .. }, _) => None,
        }
    }
}
