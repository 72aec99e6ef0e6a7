//! Names of mailboxes as a client knows them (RFC 6855 §3).

use unicode_normalization::UnicodeNormalization;

use super::mailboxes::cannot;
use super::reply::Reply;
use crate::refserver::imap::command::{Append, Body, Replace};
use crate::refserver::imap::mime::{write_string, write_utf8};
use crate::refserver::store::{MailboxName, SEPARATOR};

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

    /// A command with the names of its mailboxes in modified UTF-7, whatever the client has said; from here on nobody need ask.
    pub(super) fn understood(self, body: Body) -> Result<Body, Reply> {
        if self == Self::Legacy {
            return Ok(body);
        }
        Ok(match body {
            Body::Select { mailbox, mode, parameters } => Body::Select { mailbox: name(&mailbox)?, mode, parameters },
            Body::Create { mailbox, uses } => Body::Create { mailbox: new_name(&mailbox)?, uses },
            Body::Delete { mailbox } => Body::Delete { mailbox: name(&mailbox)? },
            Body::Rename { from, to } => Body::Rename { from: name(&from)?, to: name(&to)? },
            Body::Subscribe { mailbox } => Body::Subscribe { mailbox: name(&mailbox)? },
            Body::Unsubscribe { mailbox } => Body::Unsubscribe { mailbox: name(&mailbox)? },
            Body::Status { mailbox, items } => Body::Status { mailbox: name(&mailbox)?, items },
            Body::Append(append) => Body::Append(Append { mailbox: name(&append.mailbox)?, ..append }),
            Body::Replace(replace) => Body::Replace(Replace { mailbox: name(&replace.mailbox)?, ..replace }),
            Body::Copy { by, set, mailbox } => Body::Copy { by, set, mailbox: name(&mailbox)? },
            Body::Move { by, set, mailbox } => Body::Move { by, set, mailbox: name(&mailbox)? },
            // Patterns fit names as they are shown; the others name no mailbox.
            body @ (Body::List(_)
            | Body::Lsub { .. }
            | Body::Capability
            | Body::Compress
            | Body::Noop
            | Body::Logout
            | Body::StartTls
            | Body::Authenticate { .. }
            | Body::Login { .. }
            | Body::Check
            | Body::Close
            | Body::Unselect
            | Body::Expunge { .. }
            | Body::Search(_)
            | Body::Sort(_)
            | Body::Thread(_)
            | Body::Fetch(_)
            | Body::Store(_)
            | Body::Idle
            | Body::Namespace
            | Body::Enable { .. }
            | Body::Id { .. }) => body,
        })
    }
}

fn name(octets: &[u8]) -> Result<Vec<u8>, Reply> {
    let name = MailboxName::parse_utf8(octets).map_err(cannot)?;
    Ok(name.as_str().as_bytes().to_vec())
}

/// RFC 3501 §6.3.3: a separator may stand at the end, and stays there.
fn new_name(octets: &[u8]) -> Result<Vec<u8>, Reply> {
    let separator = u8::try_from(SEPARATOR).unwrap_or(b'/');
    match octets.strip_suffix(&[separator]) {
        Some(stem) => Ok([name(stem)?, vec![separator]].concat()),
        None => name(octets),
    }
}
