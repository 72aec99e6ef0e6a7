//! Any octets as escaped text, and back, without loss.

use std::fmt;
use std::ops::{Deref, Range};

use thiserror::Error;

/// A string of octets in no particular encoding. `Display` and `Debug` print the escaped form.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteString(Vec<u8>);

/// An escape that [`ByteString::unescape`] does not know. `at` is an octet range of the escaped text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown escape `{escape}`; a backslash is `\\\\`")]
pub struct UnescapeError {
    /// Where in the escaped text, in octets.
    pub at: Range<usize>,
    /// The escape as written.
    pub escape: String,
}

impl ByteString {
    /// The octets themselves.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Takes the octets out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Escaped text: printable ASCII as it is, `\r \n \t \0 \\`, everything else `\xHH`.
    pub fn escaped(&self) -> String {
        escape(&self.0)
    }

    /// Reads escaped text. Characters beyond ASCII stand for their UTF-8 octets.
    pub fn unescape(text: &str) -> Result<Self, UnescapeError> {
        let mut octets = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('\\') {
            let (plain, tail) = rest.split_at(at);
            octets.extend_from_slice(plain.as_bytes());
            let start = text.len() - tail.len();
            let (octet, length) = one_escape(tail).ok_or_else(|| {
                let escape: String = tail.chars().take(2).collect();
                UnescapeError { at: start..start + escape.len(), escape }
            })?;
            octets.push(octet);
            rest = tail.get(length..).unwrap_or_default();
        }
        octets.extend_from_slice(rest.as_bytes());
        Ok(Self(octets))
    }
}

/// One escape at the start of `tail`: its octet and its length in octets of text.
fn one_escape(tail: &str) -> Option<(u8, usize)> {
    match tail.as_bytes().get(1)? {
        b'r' => Some((b'\r', 2)),
        b'n' => Some((b'\n', 2)),
        b't' => Some((b'\t', 2)),
        b'0' => Some((0, 2)),
        b'\\' => Some((b'\\', 2)),
        b'x' => {
            let digits = tail.get(2..4)?;
            let valid = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            valid.then(|| u8::from_str_radix(digits, 16).ok()).flatten().map(|octet| (octet, 4))
        }
        _ => None,
    }
}

fn escape(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    for &octet in octets {
        match octet {
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            0 => text.push_str("\\0"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => text.push(char::from(octet)),
            _ => text.push_str(&format!("\\x{octet:02x}")),
        }
    }
    text
}

impl Deref for ByteString {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for ByteString {
    fn from(octets: Vec<u8>) -> Self {
        Self(octets)
    }
}

impl From<&[u8]> for ByteString {
    fn from(octets: &[u8]) -> Self {
        Self(octets.to_vec())
    }
}

impl From<&str> for ByteString {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<String> for ByteString {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl fmt::Display for ByteString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.escaped())
    }
}

impl fmt::Debug for ByteString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.escaped())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_octet_string_survives_escaping(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
            let original = ByteString::from(octets);
            prop_assert_eq!(ByteString::unescape(&original.escaped()).unwrap(), original);
        }
    }

    #[test]
    fn unknown_escape_names_its_place() {
        let error = ByteString::unescape(r"ab\q").unwrap_err();
        assert_eq!(error.at, 2..4);
        assert_eq!(error.to_string(), r"unknown escape `\q`; a backslash is `\\`");
    }

    #[test]
    fn hex_escape_needs_two_hex_digits() {
        assert!(ByteString::unescape(r"\x+1").is_err());
        assert_eq!(ByteString::unescape(r"\x2e").unwrap().as_bytes(), b".");
    }
}
