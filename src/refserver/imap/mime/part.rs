//! The tree of MIME entities as ranges of octets.

use std::ops::Range;

use super::content::ContentType;
use super::header::{header_len, lines, value_of, without_end};

/// How deep entities may nest. Deeper ones are shown as one application/octet-stream.
const DEPTH_MAX: usize = 50;

/// One entity: a message or a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The header with its empty line.
    pub header: Range<usize>,
    /// The body, without the line end that belongs to a delimiter (RFC 2046 §5.1.1).
    pub body: Range<usize>,
    /// What is in it.
    pub kind: Kind,
    pub(super) content: ContentType,
}

/// What an entity has in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Octets.
    Leaf,
    /// Parts, at least one.
    Multipart(Vec<Part>),
    /// A message.
    Message(Box<Part>),
}

/// What a line is to a boundary, if anything.
pub(super) type Split = fn(&[u8], &[u8]) -> Option<Delimiter>;

#[derive(Clone, Copy)]
enum Within {
    Digest,
    Other,
}

impl Part {
    /// Reads a whole message.
    pub fn parse(octets: &[u8]) -> Self {
        Self::parse_by(octets, delimiter)
    }

    /// Reads a whole message whose delimiter lines are those that `split` knows.
    pub(super) fn parse_by(octets: &[u8], split: Split) -> Self {
        entity(octets, 0..octets.len(), Within::Other, (0, split))
    }

    /// Octets of a range of the message that the part was read from.
    pub(super) fn slice(octets: &[u8], range: Range<usize>) -> &[u8] {
        octets.get(range).unwrap_or_default()
    }
}

fn entity(octets: &[u8], range: Range<usize>, within: Within, (depth, split): (usize, Split)) -> Part {
    let text = range.start + header_len(Part::slice(octets, range.clone()));
    let (header, body) = (range.start..text, text..range.end);
    let named = value_of(Part::slice(octets, header.clone()), "Content-Type");
    let default = match within {
        Within::Digest if named.is_none() => ContentType::message(),
        Within::Digest | Within::Other => ContentType::text_plain(),
    };
    let content = named.and_then(|value| ContentType::parse(&value)).unwrap_or(default);
    if depth >= DEPTH_MAX {
        return Part { header, body, kind: Kind::Leaf, content: ContentType::octet_stream() };
    }
    let kind = if content.media == b"MULTIPART" {
        Kind::Multipart(parts(octets, body.clone(), &content, (depth, split)))
    } else if content.is("MESSAGE", "RFC822") {
        Kind::Message(Box::new(entity(octets, body.clone(), Within::Other, (depth + 1, split))))
    } else {
        Kind::Leaf
    };
    Part { header, body, kind, content }
}

fn parts(octets: &[u8], body: Range<usize>, content: &ContentType, (depth, split): (usize, Split)) -> Vec<Part> {
    let within = if content.subtype == b"DIGEST" { Within::Digest } else { Within::Other };
    let boundary = content.parameter("BOUNDARY");
    let found = boundary.map(|boundary| ranges(octets, body.clone(), boundary, split)).unwrap_or_default();
    if found.is_empty() {
        // The grammar wants a part, so all that is there is one.
        let header = body.start..body.start;
        return vec![Part { header, body, kind: Kind::Leaf, content: ContentType::text_plain() }];
    }
    found.into_iter().map(|range| entity(octets, range, within, (depth + 1, split))).collect()
}

/// The ranges between delimiter lines. Without a close delimiter the last part ends where the body ends.
fn ranges(octets: &[u8], body: Range<usize>, boundary: &[u8], split: Split) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = None;
    let (mut at, mut previous_end) = (body.start, 0);
    for line in lines(Part::slice(octets, body.clone())) {
        if let Some(delimiter) = split(line, boundary) {
            if let Some(start) = open.take() {
                // A delimiter right after another encloses nothing, and its line end is not there twice.
                found.push(start..(at - previous_end).max(start));
            }
            match delimiter {
                Delimiter::Close => return found,
                Delimiter::Next => open = Some(at + line.len()),
            }
        }
        at += line.len();
        previous_end = line.len() - without_end(line).len();
    }
    if let Some(start) = open {
        found.push(start..body.end);
    }
    found
}

/// What a delimiter line begins.
pub(super) enum Delimiter {
    /// A part.
    Next,
    /// What stands behind the last one.
    Close,
}

/// RFC 2046 §5.1.1: two hyphens, the boundary, two more at the end of all, and blanks.
pub(super) fn delimiter(line: &[u8], boundary: &[u8]) -> Option<Delimiter> {
    kind_of(without_end(line).strip_prefix(b"--")?.strip_prefix(boundary)?.trim_ascii_end())
}

/// The delimiter that ends like this behind its boundary.
pub(super) fn kind_of(rest: &[u8]) -> Option<Delimiter> {
    match rest {
        b"" => Some(Delimiter::Next),
        b"--" => Some(Delimiter::Close),
        _ => None,
    }
}
