//! Where the values of a response stand, and changes of them.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::tamper::change::{Change, Kind, Looks};
use crate::tamper::scan::{another_octet_of_message, one_more};

/// Places of one kind that are changed at most, in one response: so many from the beginning, and from the end.
pub(super) const PLACES_MAX: usize = 3;
/// Strings that a line names and that are changed at most, beside the first and the last.
const NAMED_MAX: usize = 6;

/// Where the values of a response stand, by what they are.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) numbers: Vec<Range<usize>>,
    pub(super) flags: Vec<Range<usize>>,
    pub(super) words: Vec<Range<usize>>,
    /// Contents of quoted strings and literals.
    pub(super) strings: Vec<Range<usize>>,
}

impl Places {
    /// Looks through `within`. Octets of literals are not read, nor the section in `BODY[1.2]`.
    pub(super) fn of(raw: &[u8], within: Range<usize>) -> Self {
        let mut places = Self::default();
        let mut at = within.start;
        while at < within.end {
            let Some(octet) = raw.get(at).copied() else { break };
            match octet {
                b'"' => {
                    let end = quoted_end(raw, at);
                    places.strings.push(at + 1..end);
                    at = end + 1;
                }
                b'{' => {
                    let Some((start, length)) = literal(raw, at) else { break };
                    places.strings.push(start..(start + length).min(raw.len()));
                    at = start + length;
                }
                _ if is_atom(octet) => {
                    let length =
                        raw.get(at..within.end).unwrap_or_default().iter().take_while(|octet| is_atom(**octet)).count();
                    let mut end = at + length;
                    let word = raw.get(at..end).unwrap_or_default();
                    if word.iter().all(|octet| octet.is_ascii_digit()) {
                        places.numbers.push(at..end);
                    } else if word.eq_ignore_ascii_case(b"\\Recent") {
                        // Which session a message is recent for is the server's choice. RFC 3501 §2.3.2.
                    } else if octet == b'\\' {
                        places.flags.push(at..end);
                    } else {
                        places.words.push(at..end);
                    }
                    if raw.get(end) == Some(&b'[') {
                        let rest = raw.get(end..).unwrap_or_default();
                        end += rest.iter().position(|octet| *octet == b']').map_or(rest.len(), |at| at + 1);
                    }
                    at = end;
                }
                _ => at += 1,
            }
        }
        places
    }

    pub(super) fn numbers(&self, raw: &[u8], name: &str) -> Vec<Change> {
        let one = |(number, at): (usize, &Range<usize>)| {
            let more = one_more(raw.get(at.clone()).unwrap_or_default());
            Change::new(Kind::Number, format!("number {number} of {name} is one more"), replaced(raw, at, &more))
        };
        let numbered: Vec<_> = (1_usize..).zip(&self.numbers).collect();
        let mut found: Vec<Change> = ends(&numbered).map(|place| one(*place)).collect();
        // A number that is too large by one may still be larger than another: that it grows is seen on a small one.
        if let Some(at) = self.numbers.last().filter(|_| name == "FETCH") {
            found.push(Change::new(Kind::Number, "the last number is 1", replaced(raw, at, b"1")));
        }
        found
    }

    pub(super) fn flags(&self, raw: &[u8]) -> Vec<Change> {
        let mut found: Vec<Change> = self
            .flags
            .iter()
            .take(PLACES_MAX)
            .map(|at| {
                let what = String::from_utf8_lossy(raw.get(at.clone()).unwrap_or_default()).into_owned();
                let blank = |at: usize| raw.get(at) == Some(&b' ');
                let wide = match (blank(at.start.saturating_sub(1)), blank(at.end)) {
                    (true, _) => at.start - 1..at.end,
                    (false, true) => at.start..at.end + 1,
                    (false, false) => at.clone(),
                };
                Change::new(Kind::Word, format!("{what} dropped"), replaced(raw, &wide, b""))
            })
            .collect();
        if let Some(at) = raw.windows(7).position(|octets| octets.eq_ignore_ascii_case(b"FLAGS (")) {
            let open = at + 7;
            let first = self.flags.iter().any(|flag| flag.start == open);
            let flag: &[u8] = if first { b"\\Draft " } else { b"\\Draft" };
            let has = raw.windows(6).any(|octets| octets.eq_ignore_ascii_case(b"\\Draft"));
            if !has && (first || raw.get(open) == Some(&b')')) {
                found.push(Change::new(Kind::Word, "\\Draft added", replaced(raw, &(open..open), flag)));
            }
        }
        found
    }

    /// The first and the last, and what the lines name.
    pub(super) fn strings(&self, raw: &[u8], looks: &Looks) -> Vec<Change> {
        let text = |at: &Range<usize>| raw.get(at.clone()).unwrap_or_default();
        let one = |(number, at): &(usize, &Range<usize>)| {
            let other = another_octet_of_message(text(at));
            Change::new(Kind::Octet, format!("an octet of string {number}"), replaced(raw, at, &other))
        };
        let numbered: Vec<_> = (1_usize..).zip(&self.strings).collect();
        let mut chosen: Vec<_> = ends(&numbered).collect();
        let mut seen: BTreeSet<&[u8]> = chosen.iter().map(|(_, at)| text(at)).collect();
        let is_named = |at: &Range<usize>| looks.names(&String::from_utf8_lossy(text(at)).to_ascii_uppercase());
        let named = numbered.iter().filter(|(_, at)| is_named(at) && seen.insert(text(at)));
        chosen.extend(named.take(NAMED_MAX));
        chosen.into_iter().map(one).collect()
    }
}

/// The first places and the last.
pub(super) fn ends<T>(places: &[T]) -> impl Iterator<Item = &T> {
    let behind = places.len().saturating_sub(PLACES_MAX);
    places.iter().enumerate().filter(move |(at, _)| *at < PLACES_MAX || *at >= behind).map(|(_, place)| place)
}

fn is_atom(octet: u8) -> bool {
    octet.is_ascii_graphic() && !matches!(octet, b'(' | b')' | b'{' | b'"' | b'[' | b']' | b',' | b':' | b'<' | b'>')
}

/// Where the closing quote is.
fn quoted_end(raw: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(octet) = raw.get(at) {
        match octet {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    raw.len()
}

/// Where the content of the literal that is announced here begins, and its length.
fn literal(raw: &[u8], open: usize) -> Option<(usize, usize)> {
    let rest = raw.get(open + 1..)?;
    let end = rest.iter().position(|octet| *octet == b'}')?;
    let length = std::str::from_utf8(rest.get(..end)?).ok()?.parse().ok()?;
    Some((open + 1 + end + 3, length))
}

pub(super) fn replaced(raw: &[u8], at: &Range<usize>, with: &[u8]) -> Vec<u8> {
    let (before, behind) = (raw.get(..at.start).unwrap_or_default(), raw.get(at.end..).unwrap_or_default());
    [before, with, behind].concat()
}
