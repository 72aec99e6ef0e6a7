//! Mail bodies: lines that have broken servers before.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::base::ByteString;

/// Longest line without CRLF. RFC 5322 §2.1.1.
pub(super) const LINE_MAX_OCTETS: usize = 998;

/// 7-bit lines parted by CRLF, without NUL, bare CR or bare LF; the final CRLF may be missing.
pub(super) fn mail_body() -> impl Strategy<Value = ByteString> {
    // RFC 5321 §4.5.2 wants all of ASCII to pass, so controls are among them; NUL is forbidden by RFC 5322 §4.1.
    let odd = vec(prop_oneof![9 => 0x20_u8..0x7f, 1 => 1_u8..=0x7f], 0..30)
        .prop_map(|line| line.into_iter().filter(|octet| !matches!(octet, b'\r' | b'\n')).collect::<Vec<_>>());
    let line = prop_oneof![6 => printable_line(), 1 => odd];
    (vec(line, 0..10), prop_oneof![3 => Just(&b"\r\n"[..]), 1 => Just(&b""[..])]).prop_map(|(lines, last)| {
        let mut octets = lines.join(&b"\r\n"[..]);
        if !lines.is_empty() {
            octets.extend_from_slice(last);
        }
        octets.into()
    })
}

/// One line of printable ASCII, blanks and tabs: dots, nothing, blanks at the ends, the longest, what mail stores trip over.
pub(super) fn printable_line() -> impl Strategy<Value = Vec<u8>> {
    let fixed = |line: &'static [u8]| Just(line.to_vec());
    let words = || vec(prop_oneof![8 => b'a'..=b'z', 2 => 0x20_u8..0x7f, 1 => Just(b'\t')], 0..40);
    let dotted = words().prop_map(|mut line| {
        line.insert(0, b'.');
        line
    });
    let trailing = words().prop_map(|mut line| {
        line.extend_from_slice(b" \t ");
        line
    });
    let long = prop_oneof![Just(LINE_MAX_OCTETS), 900..=LINE_MAX_OCTETS, 70..=80_usize];
    prop_oneof![
        6 => words(),
        2 => fixed(b""),
        2 => fixed(b"."),
        1 => fixed(b".."),
        1 => fixed(b". "),
        2 => dotted,
        1 => trailing,
        1 => fixed(b"   "),
        1 => fixed(b"From mailproof Mon Jan  2 10:00:00 2023"),
        1 => fixed(b"QUIT"),
        1 => (long, prop_oneof![Just(b'x'), Just(b'.'), Just(b' ')]).prop_map(|(length, octet)| vec![octet; length]),
    ]
}
