//! BODY and BODYSTRUCTURE (RFC 3501 §7.4.2).

use super::content::{Parameters, disposition, languages, token};
use super::envelope::envelope;
use super::header::value_of;
use super::strings::{write_nstring, write_string};
use super::{Kind, Part};

/// Which of the two forms is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// `BODY`: no extension data.
    Body,
    /// `BODYSTRUCTURE`.
    BodyStructure,
}

/// Writes the structure of an entity that was read from `octets`.
pub fn structure(out: &mut Vec<u8>, octets: &[u8], part: &Part, detail: Detail) {
    let header = Part::slice(octets, part.header.clone());
    out.push(b'(');
    match &part.kind {
        Kind::Multipart(parts) => {
            for child in parts {
                structure(out, octets, child, detail);
            }
            out.push(b' ');
            write_string(out, &part.content.subtype);
            if detail == Detail::BodyStructure {
                out.push(b' ');
                write_parameters(out, &part.content.parameters);
                write_common_extension(out, header);
            }
        }
        Kind::Message(inner) => {
            write_fields(out, header, part);
            out.push(b' ');
            envelope(out, octets, inner);
            out.push(b' ');
            structure(out, octets, inner, detail);
            write_lines(out, octets, part);
            write_single_extension(out, header, detail);
        }
        Kind::Leaf => {
            write_fields(out, header, part);
            if part.content.media == b"TEXT" {
                write_lines(out, octets, part);
            }
            write_single_extension(out, header, detail);
        }
    }
    out.push(b')');
}

fn write_fields(out: &mut Vec<u8>, header: &[u8], part: &Part) {
    write_string(out, &part.content.media);
    out.push(b' ');
    write_string(out, &part.content.subtype);
    out.push(b' ');
    write_parameters(out, &part.content.parameters);
    for name in ["Content-ID", "Content-Description"] {
        out.push(b' ');
        write_nstring(out, value_of(header, name).as_deref());
    }
    let encoding = value_of(header, "Content-Transfer-Encoding").and_then(|value| token(&value));
    out.push(b' ');
    write_string(out, &encoding.map_or_else(|| b"7BIT".to_vec(), |name| name.to_ascii_uppercase()));
    out.extend_from_slice(format!(" {}", part.body.len()).as_bytes());
}

/// Text lines of the body as it is transferred; a last line without an end is one too.
fn write_lines(out: &mut Vec<u8>, octets: &[u8], part: &Part) {
    let body = Part::slice(octets, part.body.clone());
    out.extend_from_slice(format!(" {}", body.split_inclusive(|&c| c == b'\n').count()).as_bytes());
}

fn write_single_extension(out: &mut Vec<u8>, header: &[u8], detail: Detail) {
    if detail == Detail::BodyStructure {
        out.push(b' ');
        write_nstring(out, value_of(header, "Content-MD5").as_deref());
        write_common_extension(out, header);
    }
}

/// Disposition, language and location.
fn write_common_extension(out: &mut Vec<u8>, header: &[u8]) {
    out.push(b' ');
    match value_of(header, "Content-Disposition").and_then(|value| disposition(&value)) {
        Some((kind, parameters)) => {
            out.push(b'(');
            write_string(out, &kind);
            out.push(b' ');
            write_parameters(out, &parameters);
            out.push(b')');
        }
        None => out.extend_from_slice(b"NIL"),
    }
    out.push(b' ');
    let tags = value_of(header, "Content-Language").map(|value| languages(&value)).unwrap_or_default();
    match tags.as_slice() {
        [] => out.extend_from_slice(b"NIL"),
        [one] => write_string(out, one),
        several => write_list(out, several.iter().map(Vec::as_slice)),
    }
    out.push(b' ');
    write_nstring(out, value_of(header, "Content-Location").as_deref());
}

fn write_parameters(out: &mut Vec<u8>, parameters: &Parameters) {
    if parameters.is_empty() {
        out.extend_from_slice(b"NIL");
    } else {
        write_list(out, parameters.iter().flat_map(|(name, value)| [name.as_slice(), value.as_slice()]));
    }
}

fn write_list<'a>(out: &mut Vec<u8>, strings: impl Iterator<Item = &'a [u8]>) {
    for (index, string) in strings.enumerate() {
        out.push(if index == 0 { b'(' } else { b' ' });
        write_string(out, string);
    }
    out.push(b')');
}
