//! Items of FETCH that come from the octets of a message (RFC 3501 §6.4.5, §7.4.2).

use std::sync::Arc;

use super::binary::write_binary;
use crate::refserver::imap::command::FetchItem;
use crate::refserver::imap::mime::{Detail, Part, Section, SectionText, envelope, preview, structure, write_string};

/// A message as IMAP shows it.
#[derive(Debug)]
pub(super) struct Octets {
    /// As they are stored.
    raw: Arc<[u8]>,
    /// As they are shown.
    octets: Arc<[u8]>,
    /// Read when it is needed.
    part: Option<Part>,
}

impl Octets {
    /// RFC 3501 §4.3.1 lets no NUL through, and sizes are not to change: each is shown as another octet that is no character.
    pub(super) fn new(raw: Arc<[u8]>) -> Self {
        let octets = if raw.contains(&0) {
            raw.iter().map(|&octet| if octet == 0 { 0x80 } else { octet }).collect()
        } else {
            Arc::clone(&raw)
        };
        Self { raw, octets, part: None }
    }

    /// The octets as they are stored, and the parts they have.
    pub(super) fn stored(&mut self) -> (&[u8], &Part) {
        let Self { raw, octets, part } = self;
        (raw, part.get_or_insert_with(|| Part::parse(octets)))
    }

    fn parts(&mut self) -> (&[u8], &Part) {
        let Self { octets, part, .. } = self;
        (octets, part.get_or_insert_with(|| Part::parse(octets)))
    }
}

/// Writes name and value of an item; nothing for those that are not in the octets.
pub(super) fn write_item(out: &mut Vec<u8>, item: &FetchItem, message: &mut Octets) {
    if let FetchItem::Binary(binary) = item {
        return write_binary(out, binary, message);
    }
    if *item == FetchItem::Preview {
        let (octets, part) = message.stored();
        out.extend_from_slice(b"PREVIEW ");
        return write_string(out, preview(octets, part).as_bytes());
    }
    let (octets, part) = message.parts();
    match item {
        FetchItem::Envelope => {
            out.extend_from_slice(b"ENVELOPE ");
            envelope(out, octets, part);
        }
        FetchItem::Body => {
            out.extend_from_slice(b"BODY ");
            structure(out, octets, part, Detail::Body);
        }
        FetchItem::BodyStructure => {
            out.extend_from_slice(b"BODYSTRUCTURE ");
            structure(out, octets, part, Detail::BodyStructure);
        }
        FetchItem::Rfc822Size => out.extend_from_slice(format!("RFC822.SIZE {}", octets.len()).as_bytes()),
        FetchItem::Rfc822 => {
            out.extend_from_slice(b"RFC822 ");
            write_literal(out, Some(octets));
        }
        FetchItem::Rfc822Header => write_whole(out, "RFC822.HEADER ", SectionText::Header, octets, part),
        FetchItem::Rfc822Text => write_whole(out, "RFC822.TEXT ", SectionText::Text, octets, part),
        FetchItem::Section { section, partial } | FetchItem::Peek { section, partial } => {
            write_section(out, section, *partial, octets, part);
        }
        FetchItem::Binary(_)
        | FetchItem::Flags
        | FetchItem::InternalDate
        | FetchItem::Uid
        | FetchItem::EmailId
        | FetchItem::Modseq
        | FetchItem::Preview
        | FetchItem::SaveDate
        | FetchItem::ThreadId => {}
    }
}

fn write_whole(out: &mut Vec<u8>, name: &str, text: SectionText, octets: &[u8], part: &Part) {
    let section = Section { path: Vec::new(), text: Some(text) };
    out.extend_from_slice(name.as_bytes());
    write_literal(out, section.octets(octets, part).as_deref());
}

/// The name of a section comes back as it was asked for, the range by its origin alone.
fn write_section(out: &mut Vec<u8>, section: &Section, partial: Option<(u32, u32)>, octets: &[u8], part: &Part) {
    out.extend_from_slice(b"BODY[");
    write_spec(out, section);
    out.push(b']');
    let found = section.octets(octets, part);
    let Some((origin, length)) = partial else {
        out.push(b' ');
        return write_literal(out, found.as_deref());
    };
    out.extend_from_slice(format!("<{origin}> ").as_bytes());
    write_literal(out, found.as_deref().map(|octets| cut(octets, (origin, length))));
}

/// A range of octets. One that goes beyond the end is cut there; one that begins beyond it is empty.
pub(super) fn cut(octets: &[u8], (origin, length): (u32, u32)) -> &[u8] {
    let narrow = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let rest = octets.get(narrow(origin)..).unwrap_or_default();
    rest.get(..narrow(length)).unwrap_or(rest)
}

fn write_spec(out: &mut Vec<u8>, section: &Section) {
    let path: Vec<String> = section.path.iter().map(u32::to_string).collect();
    out.extend_from_slice(path.join(".").as_bytes());
    let Some(text) = &section.text else { return };
    if !path.is_empty() {
        out.push(b'.');
    }
    match text {
        SectionText::Header => out.extend_from_slice(b"HEADER"),
        SectionText::Text => out.extend_from_slice(b"TEXT"),
        SectionText::Mime => out.extend_from_slice(b"MIME"),
        SectionText::HeaderFields(names) => write_names(out, "HEADER.FIELDS", names),
        SectionText::HeaderFieldsNot(names) => write_names(out, "HEADER.FIELDS.NOT", names),
    }
}

fn write_names(out: &mut Vec<u8>, word: &str, names: &[Vec<u8>]) {
    out.extend_from_slice(word.as_bytes());
    for (at, name) in names.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b" (" } else { b" " });
        // Every name of a header field (RFC 2822 §2.2) without the specials of IMAP is an atom.
        if !name.is_empty() && name.iter().all(|&c| c.is_ascii_alphanumeric() || b"-_.".contains(&c)) {
            out.extend_from_slice(name);
        } else {
            write_string(out, name);
        }
    }
    out.push(b')');
}

/// Sections are literals whatever they hold; NIL says that there is no such part.
pub(super) fn write_literal(out: &mut Vec<u8>, octets: Option<&[u8]>) {
    match octets {
        Some(octets) => {
            out.extend_from_slice(format!("{{{}}}\r\n", octets.len()).as_bytes());
            out.extend_from_slice(octets);
        }
        None => out.extend_from_slice(b"NIL"),
    }
}
