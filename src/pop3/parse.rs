//! The strict parser of responses. RFC 1939 §3, RFC 2449 §3 and §8, RFC 5034 §4.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Form, Reply, Status};
use crate::base::{ByteString, RequirementId, SyntaxError};

/// Rules a response can break: ABNF rule, section, catalogue row.
struct Rule(&'static str, &'static str, &'static str);

const CRLF: Rule = Rule("single-line", "RFC 1939 §3", "rfc1939-3-response-crlf");
const CASE: Rule = Rule("status", "RFC 1939 §3", "rfc1939-3-status-upper-case");
const STATUS: Rule = Rule("status", "RFC 1939 §3", "rfc1939-3-status-indicator-only-two");
const LENGTH: Rule = Rule("single-line", "RFC 1939 §3", "rfc1939-3-response-512-octets");
const STUFFING: Rule = Rule("dot-stuffed", "RFC 1939 §3", "rfc1939-3-byte-stuffing");
const END: Rule = Rule("multi-line", "RFC 1939 §3", "rfc1939-3-multiline-terminator");
const CHALLENGE: Rule = Rule("continue-req", "RFC 5034 §4", "rfc5034-4-challenge-form");

/// Octets of a first line with its CRLF. RFC 1939 §3.
const LONGEST_LINE: usize = 512;

/// Every requirement that a syntax error of this module can name.
pub fn requirements() -> &'static [&'static str] {
    &[CRLF.2, CASE.2, STATUS.2, LENGTH.2, STUFFING.2, END.2, CHALLENGE.2]
}

/// The one that only a challenge can break.
pub(super) const CHALLENGE_FORM: &str = CHALLENGE.2;

#[expect(clippy::unwrap_used, reason = "the ids are constants that a test parses")]
fn error(rule: &Rule, at: usize, expected: &str) -> SyntaxError {
    let requirement: RequirementId = rule.2.parse().unwrap();
    SyntaxError { at, rule: rule.0, section: rule.1, expected: expected.to_owned(), requirement }
}

/// Reads one whole response with its line ends. What leaves it readable is told by [`faults`] instead.
pub fn parse(raw: &[u8], form: Form) -> Result<Reply, SyntaxError> {
    let end = raw.iter().position(|octet| *octet == b'\n').map_or(raw.len(), |at| at + 1);
    let (first, rest) = raw.split_at(end);
    let Some(line) = first.strip_suffix(b"\r\n") else {
        return Err(error(&CRLF, first.len().saturating_sub(1), "CRLF at the end of the line"));
    };
    let (status, length) = status(line)?;
    let text: ByteString = line.get(length + 1..).unwrap_or_default().into();
    if status == Status::Continue && (line.len() < 2 || STANDARD.decode(text.as_bytes()).is_err()) {
        return Err(error(&CHALLENGE, length, "a space and a challenge in base64"));
    }
    let body = match form {
        Form::Single => None,
        Form::Multi => Some(body(rest).ok_or_else(|| error(&END, raw.len(), "a line with a single dot"))?),
    };
    Ok(Reply { status, code: if status == Status::Continue { None } else { code(&text) }, text, body })
}

fn status(line: &[u8]) -> Result<(Status, usize), SyntaxError> {
    let word = line.split(|octet| *octet == b' ').next().unwrap_or_default();
    match word {
        b"+OK" => Ok((Status::Ok, 3)),
        b"-ERR" => Ok((Status::Err, 4)),
        b"+" => Ok((Status::Continue, 1)),
        _ if word.eq_ignore_ascii_case(b"+OK") || word.eq_ignore_ascii_case(b"-ERR") => {
            Err(error(&CASE, 0, "a status indicator in upper case"))
        }
        _ => Err(error(&STATUS, 0, "`+OK` or `-ERR`, then a space or the end of the line")),
    }
}

/// The code in brackets, where its grammar holds. Whether a bracket is a code at all depends on RESP-CODES, so
/// anything else is taken as text.
fn code(text: &[u8]) -> Option<String> {
    let inside = text.strip_prefix(b"[")?.split(|octet| *octet == b']').next()?;
    let closed = text.get(inside.len() + 1) == Some(&b']');
    let level = |part: &[u8]| !part.is_empty() && part.iter().all(|octet| (0x21..=0x7f).contains(octet));
    let valid = closed && inside.split(|octet| *octet == b'/').all(level);
    valid.then(|| String::from_utf8_lossy(inside).into_owned())
}

/// The lines up to the one with a single dot, without byte-stuffing.
fn body(rest: &[u8]) -> Option<Vec<ByteString>> {
    let content = if rest == b".\r\n" { &[][..] } else { rest.strip_suffix(b"\r\n.\r\n")? };
    if rest == b".\r\n" {
        return Some(Vec::new());
    }
    Some(split_lines(content).into_iter().map(|line| line.strip_prefix(b".").unwrap_or(line).into()).collect())
}

fn split_lines(content: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, two) in content.windows(2).enumerate() {
        if two == b"\r\n" {
            lines.push(content.get(start..at).unwrap_or_default());
            start = at + 2;
        }
    }
    lines.push(content.get(start..).unwrap_or_default());
    lines
}

/// What is wrong with a response that can be read all the same: a long first line, lines that were not stuffed.
pub fn faults(raw: &[u8], form: Form) -> Vec<SyntaxError> {
    let mut found = Vec::new();
    let end = raw.iter().position(|octet| *octet == b'\n').map_or(raw.len(), |at| at + 1);
    // RFC 5034 §4 lifts the limit for challenges.
    if end > LONGEST_LINE && !raw.starts_with(b"+ ") {
        found.push(error(&LENGTH, LONGEST_LINE, "at most 512 octets with CRLF"));
    }
    let content = raw.get(end..).and_then(|rest| rest.strip_suffix(b"\r\n.\r\n"));
    if let (Form::Multi, Some(content)) = (form, content) {
        let mut at = end;
        for line in split_lines(content) {
            if line.starts_with(b".") && !line.starts_with(b"..") {
                found.push(error(&STUFFING, at, "a second dot at the start of the line"));
                break;
            }
            at += line.len() + 2;
        }
    }
    found
}
