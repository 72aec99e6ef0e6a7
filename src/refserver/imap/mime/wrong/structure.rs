//! The tree of parts, and bodies of them, that come out wrong.

use crate::refserver::Faults;
use crate::refserver::imap::fault::StructureFault;
use crate::refserver::imap::mime::content::ContentType;
use crate::refserver::imap::mime::header::{lines, value_of};
use crate::refserver::imap::mime::section::find;
use crate::refserver::imap::mime::{Kind, Part, Section, SectionText};

/// A tree that was read right, so far.
pub(super) fn restructured(part: Part, octets: &[u8], faults: &Faults, depth: usize) -> Part {
    let Part { header, body, kind, mut content } = part;
    retype(&mut content, Part::slice(octets, header.clone()), Part::slice(octets, body.clone()), (faults, depth));
    let hidden = content == ContentType::text_plain();
    let kind = match kind {
        Kind::Multipart(_) | Kind::Message(_) if hidden => Kind::Leaf,
        Kind::Multipart(parts) => {
            let mut parts: Vec<Part> =
                parts.into_iter().map(|part| restructured(part, octets, faults, depth + 1)).collect();
            rearrange(&mut parts, octets, body.end, faults);
            let plain = depth == 0 && content.subtype == b"MIXED" && is_all(&parts, octets, body.start);
            match parts.pop_if(|_| plain && faults.has(StructureFault::SinglePartUnwrapped)) {
                Some(only) => return Part { header, ..only },
                None => Kind::Multipart(parts),
            }
        }
        Kind::Message(inner) => Kind::Message(Box::new(restructured(*inner, octets, faults, depth + 1))),
        Kind::Leaf => Kind::Leaf,
    };
    Part { header, body, kind, content }
}

/// The type that a part is taken for.
fn retype(content: &mut ContentType, header: &[u8], body: &[u8], (faults, depth): (&Faults, usize)) {
    let has = |fault: StructureFault| faults.has(fault);
    let field = |name: &str| header.windows(name.len()).any(|window| window == name.as_bytes());
    if value_of(header, "Content-Type").is_some() && !field("Content-Type:") && has(StructureFault::PartFieldsByCase) {
        *content = ContentType::text_plain();
    }
    let holds_message = content.is("MESSAGE", "RFC822");
    if content.media == b"MESSAGE" && !holds_message && has(StructureFault::MessageTypesAreText) {
        content.media = b"TEXT".to_vec();
    }
    let marked_up = content.media == b"TEXT" && content.subtype != b"PLAIN";
    if depth == 0 && marked_up && has(StructureFault::MarkedUpIsApplication) {
        content.media = b"APPLICATION".to_vec();
    }
    let encoded = value_of(header, "Content-Transfer-Encoding").is_some();
    let octets = content.is("APPLICATION", "OCTET-STREAM");
    if octets && !encoded && body.is_ascii() && has(StructureFault::AsciiOctetsAreText) {
        *content = ContentType::text_plain();
    }
}

/// The parts of a multipart, whose body ends at `end`, as they are understood.
fn rearrange(parts: &mut Vec<Part>, octets: &[u8], end: usize, faults: &Faults) {
    if faults.has(StructureFault::MultipartsFirst) {
        parts.sort_by_key(|part| !matches!(part.kind, Kind::Multipart(_)));
    }
    let next: Vec<ContentType> = parts.iter().skip(1).map(|part| part.content.clone()).collect();
    for (part, next) in parts.iter_mut().zip(next) {
        let untyped = Part::slice(octets, part.header.clone()) == b"\r\n";
        if untyped && next.media == b"TEXT" && faults.has(StructureFault::UntypedPartLikeNext) {
            part.content = next;
        }
    }
    if faults.has(StructureFault::InnerSwallowsOuter)
        && let Some(at) = parts.iter().position(is_open)
    {
        parts.truncate(at + 1);
        if let Some(Part { body, kind: Kind::Multipart(inner), .. }) = parts.last_mut() {
            body.end = end;
            inner.last_mut().into_iter().for_each(|last| last.body.end = end);
        }
    }
}

/// Whether a multipart has no end of its own.
fn is_open(part: &Part) -> bool {
    let Kind::Multipart(parts) = &part.kind else { return false };
    parts.last().is_some_and(|last| last.body.end == part.body.end)
}

/// Whether these parts are one without fields, before which a delimiter stands and nothing else.
fn is_all(parts: &[Part], octets: &[u8], start: usize) -> bool {
    let [only] = parts else { return false };
    let before = Part::slice(octets, start..only.header.start);
    Part::slice(octets, only.header.clone()) == b"\r\n" && lines(before).count() == 1
}

/// The octets of a section that are not the right ones, if so.
pub fn misbody(faults: &Faults, section: &Section, octets: &[u8]) -> Option<Vec<u8>> {
    let message = Part::parse(octets);
    match (find(&message, &section.path)?, &section.text) {
        (None, Some(SectionText::Text)) if message.body.is_empty() => {
            faults.has(StructureFault::EmptyTextIsBlank).then(|| b"\r\n".to_vec())
        }
        (Some(Part { kind: Kind::Message(inner), .. }), None) if faults.has(StructureFault::MessageSectionIsText) => {
            Some(Part::slice(octets, inner.body.clone()).to_vec())
        }
        (Some(part @ Part { kind: Kind::Multipart(_), .. }), None)
            if faults.has(StructureFault::MultipartSectionTrimmed) =>
        {
            Some(trimmed(Part::slice(octets, part.body.clone()), part.content.parameter("BOUNDARY")?))
        }
        (_, _) => None,
    }
}

/// The body of a multipart from its first delimiter to its last.
fn trimmed(body: &[u8], boundary: &[u8]) -> Vec<u8> {
    let begun = [b"--", boundary].concat();
    let all: Vec<&[u8]> = lines(body).collect();
    let first = all.iter().position(|line| line.starts_with(&begun)).unwrap_or(0);
    let last = all.iter().rposition(|line| line.starts_with(&begun)).unwrap_or(all.len());
    all.get(first..=last).map(<[_]>::concat).unwrap_or_default()
}
