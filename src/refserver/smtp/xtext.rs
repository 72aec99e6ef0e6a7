//! The encodings of parameters: xtext (RFC 3461 §4) and unitext (RFC 6533 §3).

use std::fmt::Write as _;

/// What xtext stands for; None if it is none. Octets beyond ASCII may stand only where the caller has allowed them.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut octets = text.bytes();
    let mut meaning = Vec::with_capacity(text.len());
    while let Some(octet) = octets.next() {
        meaning.push(match octet {
            b'+' => hex(octets.next()?)? * 16 + hex(octets.next()?)?,
            b'=' | 0..=b' ' | 0x7f => return None,
            other => other,
        });
    }
    Some(meaning)
}

/// RFC 3461 §4: hexadecimal digits are in upper case.
fn hex(octet: u8) -> Option<u8> {
    match octet {
        b'0'..=b'9' => Some(octet - b'0'),
        b'A'..=b'F' => Some(octet - b'A' + 10),
        _ => None,
    }
}

/// An address in 7 bits, for the `utf-8` address type: `utf-8-addr-xtext`.
pub(super) fn seven_bit(address: &str) -> String {
    let mut text = String::with_capacity(address.len());
    for c in address.chars() {
        if c.is_ascii_graphic() && !matches!(c, '\\' | '+' | '=') {
            text.push(c);
        } else {
            // Writing to a string cannot fail.
            let _never = write!(text, "\\x{{{:02X}}}", u32::from(c));
        }
    }
    text
}

/// An address as it is, or in 7 bits if it is not ASCII.
pub(super) fn seven_bit_if_wide(address: &str) -> String {
    if address.is_ascii() { address.to_owned() } else { seven_bit(address) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xtext_has_two_upper_case_digits_after_plus() {
        let table: [(&str, Option<&[u8]>); 8] = [
            ("<>", Some(b"<>")),
            ("a+3Db@c", Some(b"a=b@c")),
            ("a+2B+FF", Some(b"a+\xff")),
            ("", Some(b"")),
            ("a+3db", None),
            ("a+3", None),
            ("a=b", None),
            ("a b", None),
        ];
        for (text, meaning) in table {
            assert_eq!(decode(text), meaning.map(<[u8]>::to_vec), "{text}");
        }
    }

    #[test]
    fn unitext_leaves_nothing_that_xtext_would_encode() {
        assert_eq!(seven_bit("a+b=\\\u{5b57} @x"), "a\\x{2B}b\\x{3D}\\x{5C}\\x{5B57}\\x{20}@x");
    }
}
