//! Names of mailboxes as a client knows them (RFC 6855 §3, RFC 9051 §5.1).

use unicode_normalization::UnicodeNormalization;

use super::mailboxes::cannot;
use super::reply::Reply;
use super::state::Session;
use crate::refserver::imap::mime::{write_string, write_utf8};
use crate::refserver::store::MailboxName;

/// Whether a client has enabled UTF8=ACCEPT, which cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unicode {
    /// It has not: names are in modified UTF-7, quoted strings in 7 bits.
    Legacy,
    /// It has: both are in UTF-8.
    Accepted,
}

impl Unicode {
    /// A name as the client reads it.
    pub(super) fn shown(self, name: &MailboxName) -> String {
        match self {
            Self::Legacy => name.as_str().to_owned(),
            Self::Accepted => name.to_utf8(),
        }
    }

    /// Writes a name as the client reads it.
    pub(super) fn write_name(self, out: &mut Vec<u8>, name: &MailboxName) {
        match self {
            Self::Legacy => write_string(out, name.as_str().as_bytes()),
            Self::Accepted => write_utf8(out, &name.to_utf8()),
        }
    }

    /// The pattern of a LIST that fits names as they are shown.
    pub(super) fn pattern(self, reference: &[u8], pattern: &[u8]) -> Vec<u8> {
        let pattern = [reference, pattern].concat();
        match (self, str::from_utf8(&pattern)) {
            (Self::Accepted, Ok(text)) => text.nfc().collect::<String>().into_bytes(),
            (Self::Legacy | Self::Accepted, _) => pattern,
        }
    }
}

impl Session<'_> {
    /// How names are told and read: in UTF-8 also where RFC 9051 is in force (§5.1).
    pub(super) fn names(&self) -> Unicode {
        if self.is_rev2() { Unicode::Accepted } else { self.unicode }
    }

    /// The name that a command gives.
    pub(super) fn name(&self, octets: &[u8]) -> Result<MailboxName, Reply> {
        let name = match self.names() {
            Unicode::Legacy => MailboxName::parse(octets),
            Unicode::Accepted => MailboxName::parse_utf8(octets),
        };
        name.map_err(cannot)
    }
}

/// Writes a name in UTF-8 as the client gave it.
pub(super) fn write_given(out: &mut Vec<u8>, given: &[u8]) {
    match str::from_utf8(given) {
        Ok(text) => write_utf8(out, text),
        Err(_) => write_string(out, given),
    }
}
