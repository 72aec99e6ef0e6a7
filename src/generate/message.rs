//! Messages with a legal header. RFC 5322 §3.6.

use proptest::collection::vec;
use proptest::prelude::*;

use super::body::{LINE_MAX_OCTETS, printable_line};
use crate::base::ByteString;

/// The fields that every message here has. RFC 5322 §3.6 demands From and Date.
pub(super) const ALWAYS: &[&str] = &[
    "From: Mailproof <mailproof@example.test>",
    "Date: Mon, 02 Jan 2023 10:00:00 +0000",
    "Message-ID: <generated@example.test>",
];

/// A message: header fields, an empty line, a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Fields without their last CRLF; a folded one has CRLF and a blank inside.
    pub(super) fields: Vec<String>,
    /// Lines of the body, each with CRLF when sent.
    pub(super) lines: Vec<Vec<u8>>,
}

impl Message {
    /// The octets; they end in CRLF.
    pub fn octets(&self) -> ByteString {
        let mut octets = Vec::new();
        for field in &self.fields {
            octets.extend_from_slice(field.as_bytes());
            octets.extend_from_slice(b"\r\n");
        }
        octets.extend_from_slice(b"\r\n");
        for line in &self.lines {
            octets.extend_from_slice(line);
            octets.extend_from_slice(b"\r\n");
        }
        octets.into()
    }
}

/// A message with odd but legal fields in any order: folded, repeated, long.
pub(super) fn message() -> impl Strategy<Value = Message> {
    let fields = vec(optional_field(), 0..6).prop_flat_map(|mut fields| {
        once_only(&mut fields);
        fields.extend(ALWAYS.iter().map(|field| (*field).to_owned()));
        Just(fields).prop_shuffle()
    });
    (fields, vec(printable_line(), 0..10)).prop_map(|(fields, lines)| Message { fields, lines })
}

fn optional_field() -> impl Strategy<Value = String> {
    let words = || "[a-z]{1,8}( [a-z]{1,8}){0,5}";
    let name = prop_oneof![Just("Comments"), Just("X-Odd"), Just("X-Twice"), Just("x-lower"), Just("X-1")];
    let folded = (words(), words(), prop_oneof![Just(" "), Just("\t"), Just("   ")]);
    let long = prop_oneof![Just(LINE_MAX_OCTETS), 900..=LINE_MAX_OCTETS, 70..=80_usize];
    prop_oneof![
        2 => words().prop_map(|text| format!("Subject: {text}")),
        2 => folded.clone().prop_map(|(a, b, blank)| format!("Subject: {a}\r\n{blank}{b}")),
        1 => Just("To: <a@example.test>,\r\n\t<b@example.test>".to_owned()),
        1 => Just("Cc: \"A, B\" <a@example.test>, group: c@example.test;".to_owned()),
        1 => Just("References: <1@example.test>\r\n <2@example.test>".to_owned()),
        3 => (name.clone(), words()).prop_map(|(name, text)| format!("{name}: {text}")),
        2 => (name, folded).prop_map(|(name, (a, b, blank))| format!("{name}: {a}\r\n{blank}{b}")),
        1 => Just("X-Odd:no blank, \"quotes\", (parentheses) and a \\ backslash".to_owned()),
        1 => long.prop_map(|length| {
            let name = "X-Long: ";
            format!("{name}{}", "y".repeat(length.saturating_sub(name.len())))
        }),
    ]
}

/// Keeps the first of each field that RFC 5322 §3.6 allows once.
fn once_only(fields: &mut Vec<String>) {
    let mut seen = Vec::new();
    fields.retain(|field| {
        let name = field.split(':').next().unwrap_or_default().to_owned();
        let single = matches!(name.as_str(), "Subject" | "To" | "Cc" | "References");
        let keep = !single || !seen.contains(&name);
        seen.push(name);
        keep
    });
}
