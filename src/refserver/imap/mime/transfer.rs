//! Transfer encodings (RFC 2045 §6).

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::content::token;
use super::header::{lines, value_of, without_end};

/// Clients leave padding out, or bits in it.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How a body is encoded for its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Not at all: 7bit, 8bit, binary.
    Identity,
    /// RFC 2045 §6.8.
    Base64,
    /// RFC 2045 §6.7.
    QuotedPrintable,
}

impl Encoding {
    /// The encoding that a header names, 7bit without a name (RFC 2045 §6.1); nothing for one that nobody knows.
    pub(super) fn of(header: &[u8]) -> Option<Self> {
        let Some(value) = value_of(header, "Content-Transfer-Encoding") else { return Some(Self::Identity) };
        match token(&value)?.to_ascii_uppercase().as_slice() {
            b"7BIT" | b"8BIT" | b"BINARY" => Some(Self::Identity),
            b"BASE64" => Some(Self::Base64),
            b"QUOTED-PRINTABLE" => Some(Self::QuotedPrintable),
            _ => None,
        }
    }

    /// A body without its encoding.
    pub(super) fn decode(self, body: &[u8]) -> Vec<u8> {
        match self {
            Self::Identity => body.to_vec(),
            Self::Base64 => base64_lines(body),
            Self::QuotedPrintable => quoted_printable(&without_blanks_at_ends(body)),
        }
    }
}

/// RFC 2045 §6.8: characters outside the alphabet are passed over. Up to the first padding.
pub(super) fn base64_lines(body: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = body
        .iter()
        .copied()
        .take_while(|&octet| octet != b'=')
        .filter(|octet| octet.is_ascii_alphanumeric() || b"+/".contains(octet))
        .collect();
    // A digit by itself is no octet.
    digits.truncate(digits.len() - usize::from(digits.len() % 4 == 1));
    LENIENT.decode(digits).unwrap_or_default()
}

/// RFC 2045 §6.7; what is no escape stands for itself.
pub(super) fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let soft = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n"));
        match (first, soft, hex(after)) {
            (b'=', Some(after), _) => rest = after,
            (b'=', None, Some((octet, after))) => {
                out.push(octet);
                rest = after;
            }
            (octet, _, _) => out.push(octet),
        }
    }
    out
}

/// An octet in two hexadecimal digits, and what follows.
fn hex(octets: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, after) = octets.split_at_checked(2)?;
    let octet = u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
    digits.iter().all(u8::is_ascii_hexdigit).then_some((octet, after))
}

/// RFC 2045 §6.7, rule 3: blanks at the end of a line were put there on the way.
fn without_blanks_at_ends(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for line in lines(body) {
        let text = without_end(line);
        let end = line.get(text.len()..).unwrap_or_default();
        let kept = text.iter().rposition(|octet| !b" \t".contains(octet)).map_or(0, |at| at + 1);
        out.extend_from_slice(text.get(..kept).unwrap_or_default());
        out.extend_from_slice(end);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_undone_as_far_as_they_are_well_formed() {
        let table: [(&str, &str, &[u8]); 8] = [
            ("8bit", "a b \r\n", b"a b \r\n"),
            ("BASE64 (really)", "QUJD\r\nREVG\r\n", b"ABCDEF"),
            ("base64", "QUJDRA==", b"ABCD"),
            ("base64", "QUJDR", b"ABC"),
            ("base64", "!Q U-J?D", b"ABC"),
            ("quoted-printable", "a=3D=\r\nb \t\r\nc= \r\nd", b"a=b\r\ncd"),
            ("quoted-printable", "=zz=4", b"=zz=4"),
            ("quoted-printable", "=00=FF", b"\0\xff"),
        ];
        for (name, body, expected) in table {
            let header = format!("Content-Transfer-Encoding: {name}\r\n\r\n");
            let encoding = Encoding::of(header.as_bytes()).unwrap();
            assert_eq!(encoding.decode(body.as_bytes()), expected, "{name} {body}");
        }
        assert_eq!(Encoding::of(b"Subject: x\r\n\r\n"), Some(Encoding::Identity));
        for unknown in ["x-uuencode", "", "7bit8"] {
            assert_eq!(Encoding::of(format!("Content-Transfer-Encoding: {unknown}\r\n\r\n").as_bytes()), None);
        }
    }
}
