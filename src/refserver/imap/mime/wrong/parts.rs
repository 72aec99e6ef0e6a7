//! Parts as a server with faults takes a message apart.

use super::split::split_by;
use super::structure::restructured;
use crate::refserver::Faults;
use crate::refserver::imap::fault::MessageFault;
use crate::refserver::imap::mime::content::ContentType;
use crate::refserver::imap::mime::header::value_of;
use crate::refserver::imap::mime::{Kind, Part};

impl Part {
    /// Whether there are parts in it.
    pub fn has_parts(&self) -> bool {
        self.kind != Kind::Leaf
    }
}

/// The tree as it is understood.
pub fn misparse(octets: &[u8], faults: &Faults) -> Part {
    let mut part = restructured(Part::parse_by(octets, split_by(faults)), octets, faults, 0);
    let header = Part::slice(octets, part.header.clone());
    if part.header.start == 0 && faults.has(MessageFault::UntypedIsOctets) && value_of(header, "Content-Type").is_none()
    {
        part.content = ContentType::octet_stream();
    }
    inner(part, octets, faults, 0)
}

fn inner(part: Part, octets: &[u8], faults: &Faults, depth: usize) -> Part {
    let Part { mut header, body, kind, mut content } = part;
    if faults.has(MessageFault::ParameterEndsAtSemicolon) {
        content.parameters.iter_mut().for_each(|(_, value)| {
            value.truncate(value.iter().position(|&c| c == b';').unwrap_or(value.len()));
        });
    }
    let described = value_of(Part::slice(octets, header.clone()), "Content-Description").is_some();
    if described && faults.has(MessageFault::DescriptionHidden) {
        header = header.start..header.start;
    }
    let kind = match kind {
        Kind::Multipart(_)
            if content.subtype.starts_with(b"X-") && faults.has(MessageFault::UnknownMultipartIsLeaf) =>
        {
            Kind::Leaf
        }
        Kind::Multipart(parts) => Kind::Multipart(misparted(parts, (&body, &content), octets, faults, depth)),
        Kind::Message(_) if faults.has(MessageFault::MessageIsLeaf) => Kind::Leaf,
        Kind::Message(part) => Kind::Message(Box::new(inner(*part, octets, faults, depth + 1))),
        Kind::Leaf => Kind::Leaf,
    };
    Part { header, body, kind, content }
}

fn misparted(
    parts: Vec<Part>,
    (body, content): (&std::ops::Range<usize>, &ContentType),
    octets: &[u8],
    faults: &Faults,
    depth: usize,
) -> Vec<Part> {
    let mut parts: Vec<Part> = parts.into_iter().map(|part| inner(part, octets, faults, depth + 1)).collect();
    if content.subtype == b"DIGEST" && faults.has(MessageFault::DigestPartIsText) {
        for part in
            parts.iter_mut().filter(|part| value_of(Part::slice(octets, part.header.clone()), "Content-Type").is_none())
        {
            part.kind = Kind::Leaf;
            part.content = ContentType::text_plain();
        }
    }
    if parts.len() > 1 && faults.has(MessageFault::EmptyPartLeftOut) {
        parts.retain(|part| !part.body.is_empty());
    }
    if faults.has(MessageFault::BoundaryLineEndInPart) {
        let empty_end = |part: &&mut Part| Part::slice(octets, part.body.clone()).ends_with(b"\r\n\r\n");
        parts.iter_mut().filter(empty_end).for_each(|part| part.body.end = (part.body.end + 2).min(octets.len()));
    }
    let open = parts.last().is_some_and(|part| part.body.end == octets.len());
    if open && parts.len() > 1 && faults.has(MessageFault::OpenPartLost) {
        parts.pop();
    }
    if depth > 0 && faults.has(MessageFault::InnerPartsBackwards) {
        parts.reverse();
    }
    let delimiter = content.parameter("BOUNDARY").map(|boundary| [b"--", boundary].concat());
    let preamble = delimiter.is_some_and(|delimiter| !Part::slice(octets, body.clone()).starts_with(&delimiter));
    if depth == 0 && preamble && faults.has(MessageFault::PreambleCounts) {
        let header = body.start..body.start;
        let first = Part { header, body: body.clone(), kind: Kind::Leaf, content: ContentType::text_plain() };
        parts.insert(0, first);
    }
    parts
}

/// The tree with sizes that are not those of its sections.
pub fn mismeasure(part: Part, octets: &[u8], faults: &Faults) -> Part {
    let mut part = part;
    let encoding = value_of(Part::slice(octets, part.header.clone()), "Content-Transfer-Encoding");
    if encoding.is_some_and(|name| name.eq_ignore_ascii_case(b"base64")) && faults.has(MessageFault::SizeDecoded) {
        part.body.end = part.body.start + part.body.len() * 3 / 4;
    }
    part.kind = match part.kind {
        Kind::Multipart(parts) => {
            Kind::Multipart(parts.into_iter().map(|part| mismeasure(part, octets, faults)).collect())
        }
        Kind::Message(inner) => {
            if faults.has(MessageFault::MessageSizeOfText) {
                part.body = inner.body.clone();
            }
            Kind::Message(Box::new(mismeasure(*inner, octets, faults)))
        }
        Kind::Leaf => Kind::Leaf,
    };
    part
}

/// A part without parts whose type has the file name of its disposition as a parameter.
pub fn misnamed(part: Part, octets: &[u8]) -> Part {
    let mut part = part;
    let disposition = value_of(Part::slice(octets, part.header.clone()), "Content-Disposition").unwrap_or_default();
    let text = String::from_utf8_lossy(&disposition).into_owned();
    if let Some((_, name)) = text.split_once("filename=") {
        let name = name.split(';').next().unwrap_or_default().trim().trim_matches('"');
        part.content.parameters.push((b"NAME".to_vec(), name.as_bytes().to_vec()));
    }
    part
}
