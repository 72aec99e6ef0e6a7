//! Whether a delivered message is the one that was sent. docs/suite-language.md section 8.

use thiserror::Error;

/// Where a delivered message differs from the one that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Difference {
    /// A header field that was sent is missing, changed or out of order; counted from 0.
    #[error("header field {0} of the sent message is missing or changed")]
    Field(usize),
    /// A field that neither was sent nor is a trace field or one that a submission server adds.
    #[error("header field {0} was added")]
    Added(String),
    /// The body differs from this octet on.
    #[error("the body differs at octet {0}")]
    Body(usize),
}

/// Fields that delivery adds: RFC 5321 §4.4, RFC 8601 §2, RFC 7208 §9.1, RFC 6376 §3.5, RFC 8617 §4.1; the others
/// are customary. Submission may add the last five: RFC 6409 §8.
const MAY_BE_ADDED: &[&str] = &[
    "return-path",
    "received",
    "delivered-to",
    "envelope-to",
    "delivery-date",
    "original-recipient",
    "authentication-results",
    "received-spf",
    "dkim-signature",
    "message-id",
    "date",
    "sender",
    "from",
    "to",
];

/// Whether `got` is `sent` after delivery: every header field unchanged and in order, nothing new but fields of
/// trace and submission, and the same body, but for a last line end.
pub fn delivers(got: &[u8], sent: &[u8]) -> Result<(), Difference> {
    let (got_fields, got_body) = parts(got);
    let (sent_fields, sent_body) = parts(sent);
    let mut wanted = sent_fields.iter().enumerate().peekable();
    for field in &got_fields {
        if wanted.next_if(|(_, sent)| *sent == field).is_none() && !may_be_added(field) {
            return Err(match wanted.peek() {
                Some((at, sent)) if name(sent) == name(field) => Difference::Field(*at),
                Some(_) | None if sent_fields.iter().any(|sent| name(sent) == name(field)) => {
                    Difference::Field(wanted.peek().map_or(sent_fields.len(), |(at, _)| *at))
                }
                Some(_) | None => Difference::Added(name(field)),
            });
        }
    }
    if let Some((at, _)) = wanted.next() {
        return Err(Difference::Field(at));
    }
    let (left, right) = (without_end(got_body), without_end(sent_body));
    if left == right || got_body == sent_body {
        return Ok(());
    }
    let same = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    Err(Difference::Body(same))
}

/// The Subject of a message, unfolded, without blanks at its ends; the first if there are several.
pub fn subject_of(message: &[u8]) -> Option<Vec<u8>> {
    let (fields, _) = parts(message);
    let field = fields.into_iter().find(|field| name(field) == "subject")?;
    let colon = field.iter().position(|octet| *octet == b':')?;
    let value: Vec<u8> =
        field.get(colon + 1..)?.iter().copied().filter(|octet| *octet != b'\r' && *octet != b'\n').collect();
    Some(value.trim_ascii().to_vec())
}

fn without_end(body: &[u8]) -> &[u8] {
    body.strip_suffix(b"\r\n").unwrap_or(body)
}

fn may_be_added(field: &[u8]) -> bool {
    let name = name(field);
    MAY_BE_ADDED.contains(&name.as_str()) || name.starts_with("x-") || name.starts_with("arc-")
}

fn name(field: &[u8]) -> String {
    let name = field.split(|octet| *octet == b':').next().unwrap_or_default();
    String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase()
}

/// The header fields with their folding and without the last line end, and the body.
fn parts(message: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let mut fields: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    while start < message.len() {
        let rest = message.get(start..).unwrap_or_default();
        let length = rest.windows(2).position(|two| two == b"\r\n").unwrap_or(rest.len());
        let next = (start + length + 2).min(message.len());
        if length == 0 {
            start = next;
            break;
        }
        match fields.last_mut() {
            Some((_, end)) if rest.starts_with(b" ") || rest.starts_with(b"\t") => *end = start + length,
            Some(_) | None => fields.push((start, start + length)),
        }
        start = next;
    }
    let fields = fields.into_iter().filter_map(|(from, to)| message.get(from..to)).collect();
    (fields, message.get(start..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &[u8] = b"Subject: a\r\n b\r\nTo: x\r\n\r\n.body\r\n";

    #[test]
    fn trace_fields_and_a_last_line_end_may_differ() {
        for got in [
            SENT,
            b"Return-Path: <>\r\nReceived: from a\r\n\tby b\r\nSubject: a\r\n b\r\nTo: x\r\n\r\n.body",
            b"Subject: a\r\n b\r\nTo: x\r\nMessage-ID: <1@x.example>\r\n\r\n.body\r\n",
        ] {
            assert_eq!(delivers(got, SENT), Ok(()));
        }
        assert_eq!(subject_of(SENT), Some(b"a b".to_vec()));
    }

    #[test]
    fn changes_are_named() {
        let table: &[(&[u8], Difference)] = &[
            (b"Subject: a b\r\nTo: x\r\n\r\n.body\r\n", Difference::Field(0)),
            (b"Subject: a\r\n b\r\n\r\n.body\r\n", Difference::Field(1)),
            (b"Subject: a\r\n b\r\nTo: x\r\n\r\nbody\r\n", Difference::Body(0)),
            (b"Evil: 1\r\nSubject: a\r\n b\r\nTo: x\r\n\r\n.body\r\n", Difference::Added("evil".to_owned())),
        ];
        for (got, difference) in table {
            assert_eq!(delivers(got, SENT), Err(difference.clone()));
        }
    }
}
