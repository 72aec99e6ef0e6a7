//! A message and its envelope.

use std::sync::Arc;

use super::notify::{Addressee, Returned};
use crate::refserver::store::InternalDate;

/// What MAIL says of the content (RFC 6152 §2, RFC 3030 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// Lines, whatever octets are in them: what 7BIT, 8BITMIME or nothing promises differs only for the next hop, and there
    /// the octets themselves are looked at.
    Lines,
    /// BINARYMIME: any octets.
    Binary,
}

/// Whether a transaction may hold UTF-8 beyond ASCII in addresses and header (RFC 6531).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Ascii,
    Utf8,
}

/// What MAIL brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope {
    /// The mailbox of the reverse-path; empty for the null one.
    pub(super) reverse: String,
    pub(super) body: Body,
    pub(super) charset: Charset,
    pub(super) returned: Option<Returned>,
    /// ENVID as given.
    pub(super) id: Option<String>,
}

impl Envelope {
    /// The envelope of a message from a mailbox, or from nobody, without parameters.
    pub(super) fn plain(reverse: &str) -> Self {
        let charset = if reverse.is_ascii() { Charset::Ascii } else { Charset::Utf8 };
        Self { reverse: reverse.to_owned(), body: Body::Lines, charset, returned: None, id: None }
    }
}

/// One message on its way.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub(super) envelope: Envelope,
    pub(super) recipients: Vec<Addressee>,
    pub(super) octets: Arc<[u8]>,
    /// When it came here.
    pub(super) arrived: InternalDate,
}

/// The lines of the header, without the empty line behind it.
pub(super) fn header(message: &[u8]) -> &[u8] {
    let mut end = 0;
    for line in message.split_inclusive(|octet| *octet == b'\n') {
        if line == b"\r\n" {
            break;
        }
        end += line.len();
    }
    message.get(..end).unwrap_or_default()
}

/// The names and values of the fields of a header, unfolded only as far as their lines lie in one piece.
pub(super) fn fields(header: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut starts = vec![];
    let mut at = 0;
    for line in header.split_inclusive(|octet| *octet == b'\n') {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([header.len()]);
    let whole = starts.iter().zip(ends).filter_map(|(start, end)| header.get(*start..end));
    whole
        .filter_map(|field| {
            let colon = field.iter().position(|octet| *octet == b':')?;
            let (name, value) = field.split_at_checked(colon)?;
            Some((name.trim_ascii_end(), value.get(1..)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_ends_at_its_empty_line_and_fields_may_be_folded() {
        let message = b"A : b\r\n c: d\r\nE:f\r\n\r\nG: h\r\n";
        assert_eq!(header(message), b"A : b\r\n c: d\r\nE:f\r\n");
        let expected: [(&[u8], &[u8]); 2] = [(b"A", b" b\r\n c: d\r\n"), (b"E", b"f\r\n")];
        assert_eq!(fields(header(message)), expected);
        assert_eq!((header(b"\r\nx"), header(b"A:b")), (b"".as_slice(), b"A:b".as_slice()));
    }
}
