//! What FETCH asks for (RFC 3501 §6.4.5, RFC 3516 §4.2, RFC 8970 §3).

use super::types::Numbering;
use super::{Partial, SequenceSet};
use crate::refserver::imap::mime::Section;

/// RFC 3501 §6.4.5 with the modifiers of RFC 7162 and RFC 9394.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// What the numbers are.
    pub by: Numbering,
    /// Which messages.
    pub set: SequenceSet,
    /// What of them.
    pub items: Vec<FetchItem>,
    /// Only what has changed.
    pub changed: Option<Changed>,
    /// Only the messages of this window on the set (RFC 9394 §3.3).
    pub partial: Option<Partial>,
}

/// CHANGEDSINCE (RFC 7162 §3.1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// The mod-sequence after which it changed.
    pub since: u64,
    /// Whether messages that are gone are told too.
    pub gone: Gone,
}

/// VANISHED (RFC 7162 §3.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// With VANISHED.
    Told,
    /// Without.
    Untold,
}

/// One item of FETCH; macros are taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words of RFC 3501 §6.4.5")]
pub enum FetchItem {
    Envelope,
    Flags,
    InternalDate,
    Rfc822,
    Rfc822Header,
    Rfc822Size,
    Rfc822Text,
    Body,
    BodyStructure,
    Uid,
    Binary(Binary),
    EmailId,
    Modseq,
    /// With or without LAZY: what is made at once may be sent whatever the hurry (RFC 8970 §4.1).
    Preview,
    SaveDate,
    ThreadId,
    /// `BODY[…]<origin.length>`, which sets `\Seen`.
    Section {
        section: Section,
        partial: Option<(u32, u32)>,
    },
    /// `BODY.PEEK[…]<origin.length>`, which sets nothing.
    Peek {
        section: Section,
        partial: Option<(u32, u32)>,
    },
}

/// An item about a section without its transfer encoding (RFC 3516 §4.2, RFC 8970 §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binary {
    /// Part numbers, counted from 1; empty for the whole message.
    pub path: Vec<u32>,
    /// What of it.
    pub what: BinaryWhat,
}

/// What BINARY tells of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryWhat {
    /// `BINARY[…]<origin.length>`: its octets, which are seen from then on.
    Content(Option<(u32, u32)>),
    /// `BINARY.PEEK[…]<origin.length>`: its octets.
    Peek(Option<(u32, u32)>),
    /// `BINARY.SIZE[…]`: how many they are.
    Size,
}
