//! Sections of a message: what stands between `BODY[` and `]` (RFC 3501 §6.4.5).

use super::header::fields;
use super::{Kind, Part};

/// A part by its numbers, and what of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Part numbers, counted from 1; empty for the message itself.
    pub path: Vec<u32>,
    /// What of it; nothing means the whole message, or the body of a part.
    pub text: Option<SectionText>,
}

/// The word after the part numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SectionText {
    /// `HEADER`.
    Header,
    /// `HEADER.FIELDS` with names.
    HeaderFields(Vec<Vec<u8>>),
    /// `HEADER.FIELDS.NOT` with names.
    HeaderFieldsNot(Vec<Vec<u8>>),
    /// `TEXT`.
    Text,
    /// `MIME`, of a part only.
    Mime,
}

impl Section {
    /// The octets of the section, or nothing if the message has no such part.
    pub fn octets(&self, octets: &[u8], message: &Part) -> Option<Vec<u8>> {
        let Some(entity) = find(message, &self.path)? else {
            return match &self.text {
                None => Some(octets.to_vec()),
                Some(text) => of_message(text, octets, message),
            };
        };
        match (&self.text, &entity.kind) {
            (None, _) => Some(Part::slice(octets, entity.body.clone()).to_vec()),
            (Some(SectionText::Mime), _) => Some(Part::slice(octets, entity.header.clone()).to_vec()),
            (Some(text), Kind::Message(inner)) => of_message(text, octets, inner),
            (Some(_), Kind::Leaf | Kind::Multipart(_)) => None,
        }
    }
}

/// The entity of a path; `Some(None)` is the message itself.
#[expect(clippy::option_option, reason = "an empty path is the message, which is no part; a wrong path is nothing")]
pub(super) fn find<'a>(message: &'a Part, path: &[u32]) -> Option<Option<&'a Part>> {
    let Some((&first, rest)) = path.split_first() else { return Some(None) };
    let mut entity = part_of_message(message, first)?;
    for &number in rest {
        entity = match &entity.kind {
            Kind::Multipart(parts) => nth(parts, number)?,
            Kind::Message(inner) => part_of_message(inner, number)?,
            Kind::Leaf => return None,
        };
    }
    Some(Some(entity))
}

/// Every message has a part 1, which is its body if it is no multipart.
fn part_of_message(message: &Part, number: u32) -> Option<&Part> {
    match &message.kind {
        Kind::Multipart(parts) => nth(parts, number),
        Kind::Leaf | Kind::Message(_) => (number == 1).then_some(message),
    }
}

fn nth(parts: &[Part], number: u32) -> Option<&Part> {
    parts.get(usize::try_from(number).ok()?.checked_sub(1)?)
}

fn of_message(text: &SectionText, octets: &[u8], message: &Part) -> Option<Vec<u8>> {
    let header = Part::slice(octets, message.header.clone());
    match text {
        SectionText::Header => Some(header.to_vec()),
        SectionText::HeaderFields(names) => Some(subset(header, |name| is_among(names, name))),
        SectionText::HeaderFieldsNot(names) => Some(subset(header, |name| !is_among(names, name))),
        SectionText::Text => Some(Part::slice(octets, message.body.clone()).to_vec()),
        SectionText::Mime => None,
    }
}

fn is_among(names: &[Vec<u8>], name: &[u8]) -> bool {
    names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
}

/// The chosen fields as they stand, and an empty line.
fn subset(header: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut out = Vec::new();
    for field in fields(header).into_iter().filter(|field| wanted(field.name)) {
        out.extend_from_slice(field.raw);
        if !field.raw.ends_with(b"\n") {
            out.extend_from_slice(b"\r\n");
        }
    }
    out.extend_from_slice(b"\r\n");
    out
}
