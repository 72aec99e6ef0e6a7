//! A message as it is compared with others.

use unicode_normalization::UnicodeNormalization;

use super::subject::{Origin, base_subject};
use crate::refserver::imap::mime::Heading;

/// What of a message counts. Strings are collated: they compare octet by octet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its message number.
    pub number: u32,
    /// What the answer calls it: its number or its UID.
    pub name: u32,
    /// Its internal date in seconds since 1970.
    pub arrival: i64,
    /// Its size in octets.
    pub size: u64,
    pub(super) sent: i64,
    pub(super) subject: String,
    pub(super) origin: Origin,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) cc: String,
    pub(super) id: Option<Vec<u8>>,
    pub(super) references: Vec<Vec<u8>>,
}

impl Letter {
    /// A message with a number, the name that the answer has for it, its internal date (seconds since 1970), and its size (octets).
    pub fn new(number: u32, name: u32, (arrival, size): (i64, u64), heading: Heading) -> Self {
        let (subject, origin) = base_subject(&heading.subject);
        Self {
            number,
            name,
            arrival,
            size,
            // RFC 5256 §2.2: what has no date of its own was sent when it came.
            sent: heading.sent.unwrap_or(arrival),
            subject: collated(&subject),
            origin,
            from: collated(&heading.from),
            to: collated(&heading.to),
            cc: collated(&heading.cc),
            id: heading.id,
            references: heading.references,
        }
    }

    /// By sent date; the same moment by number (RFC 5256 §2.2).
    pub(super) fn age(&self) -> (i64, u32) {
        (self.sent, self.number)
    }
}

/// The collation i;unicode-casemap (RFC 5051 §2). Title case is taken as upper case: they differ in four digraphs, which no
/// order of words hangs on.
fn collated(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).nfkd().collect()
}
