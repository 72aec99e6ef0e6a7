//! The strict parser of replies. RFC 5321 §4.2, RFC 2034 §4.

use std::str::FromStr;

use super::{EnhancedCode, Reply};
use crate::base::{ByteString, RequirementId, SyntaxError};

/// Rules a reply can break: ABNF rule, section, catalogue row.
struct Rule(&'static str, &'static str, &'static str);

const LINE: Rule = Rule("Reply-line", "RFC 5321 §4.2", "rfc5321-4.2-reply-line-syntax");
const CODE: Rule = Rule("Reply-code", "RFC 5321 §4.2", "rfc5321-4.2-reply-code-range");
const SAME: Rule = Rule("Reply-line", "RFC 5321 §4.2.1", "rfc5321-4.2.1-multiline-same-code");
const CRLF: Rule = Rule("CRLF", "RFC 5321 §2.3.8", "rfc5321-2.3.8-replies-end-in-crlf");
const TEXT: Rule = Rule("textstring", "RFC 5321 §4.2", "rfc5321-4.2-reply-text-characters");
const LENGTH: Rule = Rule("Reply-line", "RFC 5321 §4.5.3.1.5", "rfc5321-4.5.3.1.5-reply-line-512");
const EHLO: Rule = Rule("ehlo-ok-rsp", "RFC 5321 §4.1.1.1", "rfc5321-4.1.1.1-ehlo-reply-syntax");
const KEYWORD: Rule = Rule("ehlo-line", "RFC 5321 §4.1.1.1", "rfc5321-4.1.1.1-ehlo-line-syntax");
const EMPTY: Rule = Rule("continue-req", "RFC 4954 §4", "rfc4954-4-empty-challenge-format");

/// Octets of a reply line with its CRLF. RFC 5321 §4.5.3.1.5.
const LONGEST_LINE: usize = 512;

/// Which octets the text of a reply may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// HT, SP and printable ASCII.
    Ascii,
    /// UTF-8 too: SMTPUTF8 was invoked. RFC 6531 §3.7.4.
    Utf8,
    /// The first line is an EHLO greeting, where any ASCII may stand. RFC 5321 §4.1.1.1.
    EhloGreeting,
}

/// An EHLO keyword line. RFC 5321 §4.1.1.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyword {
    /// In upper case.
    pub name: String,
    /// Parameters as they came.
    pub params: Vec<String>,
}

/// Every requirement that a syntax error of this module can name.
pub fn requirements() -> &'static [&'static str] {
    &[LINE.2, CODE.2, SAME.2, CRLF.2, TEXT.2, LENGTH.2, EHLO.2, KEYWORD.2, EMPTY.2]
}

/// Those of them that only a reply to EHLO can break.
pub(super) const EHLO_REQUIREMENTS: &[&str] = &[EHLO.2, KEYWORD.2];
/// The one that only a challenge without data can break.
pub(super) const EMPTY_CHALLENGE: &str = EMPTY.2;

fn error(rule: &Rule, at: usize, expected: &str) -> Option<SyntaxError> {
    // The table is held to the form of ids by a test, so no error is ever lost here.
    let requirement = RequirementId::from_str(rule.2).ok()?;
    Some(SyntaxError { at, rule: rule.0, section: rule.1, expected: expected.to_owned(), requirement })
}

/// The lines of a frame: offset, content, line end.
fn lines(raw: &[u8]) -> Vec<(usize, &[u8], &[u8])> {
    let mut at = 0;
    raw.split_inclusive(|octet| *octet == b'\n')
        .map(|line| {
            let length = if line.ends_with(b"\r\n") { 2 } else { usize::from(line.ends_with(b"\n")) };
            let (content, end) = line.split_at(line.len() - length);
            at += line.len();
            (at - line.len(), content, end)
        })
        .collect()
}

/// Reads one whole reply with its line ends. What leaves the reply readable is told by [`faults`] instead: wrong
/// characters and too long lines.
pub fn parse(raw: &[u8]) -> Result<Reply, SyntaxError> {
    match read(raw) {
        Ok(reply) => Ok(reply),
        Err((rule, at, expected)) => Err(error(rule, at, expected).unwrap_or_else(|| SyntaxError {
            at,
            rule: rule.0,
            section: rule.1,
            expected: expected.to_owned(),
            requirement: fallback(),
        })),
    }
}

#[expect(clippy::unwrap_used, reason = "a constant that the tests parse")]
fn fallback() -> RequirementId {
    LINE.2.parse().unwrap()
}

fn read(raw: &[u8]) -> Result<Reply, (&'static Rule, usize, &'static str)> {
    let all = lines(raw);
    let mut reply: Option<Reply> = None;
    let last = all.len().saturating_sub(1);
    for (index, (at, content, end)) in all.into_iter().enumerate() {
        let Some((digits, rest)) = content.split_at_checked(3) else {
            return Err((&LINE, at, "a code of three digits"));
        };
        let [a, b, _] = *digits else { return Err((&LINE, at, "a code of three digits")) };
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err((&LINE, at, "a code of three digits"));
        }
        if !(b'2'..=b'5').contains(&a) || b > b'5' {
            return Err((&CODE, at, "a first digit 2 to 5 and a second digit 0 to 5"));
        }
        let text = match rest {
            [] if index == last => rest,
            [b' ', text @ ..] if index == last => text,
            [b'-', text @ ..] if index != last => text,
            _ => return Err((&LINE, at + 3, "a space, or a hyphen if more lines follow")),
        };
        if end != b"\r\n" {
            return Err((&CRLF, at + content.len(), "CRLF at the end of the line"));
        }
        let code = digits.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
        if code == 334 && rest.is_empty() {
            return Err((&EMPTY, at + 3, "a space before an empty challenge"));
        }
        match &mut reply {
            None => reply = Some(Reply { code, enhanced: enhanced(text), lines: vec![text.into()] }),
            Some(first) if first.code == code => first.lines.push(text.into()),
            Some(_) => return Err((&SAME, at, "the code of the lines before")),
        }
    }
    reply.ok_or((&LINE, 0, "a reply line"))
}

/// What is wrong with a reply that can be read all the same: characters of the text, length of lines, CR inside.
pub fn faults(raw: &[u8], charset: Charset) -> Vec<SyntaxError> {
    let mut found = Vec::new();
    for (index, (at, content, end)) in lines(raw).into_iter().enumerate() {
        if content.len() + end.len() > LONGEST_LINE {
            found.extend(error(&LENGTH, at + LONGEST_LINE, "at most 512 octets with CRLF"));
        }
        if let Some(cr) = content.iter().position(|octet| *octet == b'\r') {
            found.extend(error(&CRLF, at + cr, "no CR but before LF"));
        }
        let valid = |octet: &u8| match charset {
            Charset::EhloGreeting if index == 0 => octet.is_ascii(),
            Charset::Utf8 => matches!(octet, b'\t' | b'\r' | b' '..=b'~' | 0x80..),
            Charset::Ascii | Charset::EhloGreeting => matches!(octet, b'\t' | b'\r' | b' '..=b'~'),
        };
        if let Some(wrong) = content.iter().position(|octet| !valid(octet)) {
            found.extend(error(&TEXT, at + wrong, "a tab, a space or a printable ASCII character"));
        }
    }
    found
}

/// The enhanced status code at the start of a text: followed by a blank or nothing. RFC 2034 §4, RFC 3463 §2.
fn enhanced(text: &[u8]) -> Option<EnhancedCode> {
    let word = text.split(|octet| *octet == b' ').next()?;
    let parts: Vec<&[u8]> = word.split(|octet| *octet == b'.').collect();
    let [class @ ([b'2'] | [b'4'] | [b'5']), subject, detail] = parts.as_slice() else { return None };
    let number = |part: &[u8]| {
        let valid = (1..=3).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
        valid.then(|| part.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
    };
    Some(EnhancedCode { class: number(class)?, subject: number(subject)?, detail: number(detail)? })
}

/// The keyword lines of a reply, those that keep to the grammar; meant for replies to EHLO.
pub fn keywords(reply: &Reply) -> Vec<Keyword> {
    reply.lines.iter().skip(1).filter_map(|line| keyword(line)).collect()
}

fn keyword(line: &[u8]) -> Option<Keyword> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let name = words.next()?;
    let first = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let rest = name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-');
    let params: Vec<String> = words.map(str::to_owned).collect();
    let graphic = params.iter().all(|word| !word.is_empty() && word.bytes().all(|octet| octet.is_ascii_graphic()));
    (first && rest && graphic).then(|| Keyword { name: name.to_ascii_uppercase(), params })
}

/// Reads the reply to EHLO strictly: a domain or address literal, then keyword lines. RFC 5321 §4.1.1.1.
pub fn parse_ehlo(raw: &[u8]) -> Result<Vec<Keyword>, SyntaxError> {
    let reply = parse(raw)?;
    let broken = |rule: &Rule, at: usize, expected: &str| error(rule, at, expected).map_or(Ok(()), Err);
    if reply.lines.first().is_none_or(|line| matches!(line.first(), None | Some(b' '))) {
        broken(&EHLO, 4, "the server's domain")?;
    }
    let offsets = lines(raw).into_iter().map(|(at, _, _)| at);
    for (at, line) in offsets.zip(&reply.lines).skip(1) {
        if keyword(line).is_none() {
            broken(&KEYWORD, at + 4, "a keyword of letters, digits and hyphens, then parameters after one space each")?;
        }
    }
    Ok(keywords(&reply))
}

/// The text of the first line after an enhanced code.
pub(super) fn text_after_code(reply: &Reply) -> ByteString {
    let line = reply.lines.first().cloned().unwrap_or_default();
    if reply.enhanced.is_none() {
        return line;
    }
    line.iter().position(|octet| *octet == b' ').and_then(|at| line.get(at + 1..)).unwrap_or_default().into()
}
